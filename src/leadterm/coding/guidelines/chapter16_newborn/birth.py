"""Z38 on the record of the birth, size and maturity (I.C.16.a.2, I.C.16.d, I.C.16.e), and stillbirth (I.C.16.g)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

from .infant import Infant, Stage, infant

BIRTH = "ICD10CM:I.C.16.a.2/birth"
SIZE = "ICD10CM:I.C.16.d/size"
STILL = "ICD10CM:I.C.16.g/stillbirth"
# By the number born: vaginally, by cesarean, outside the hospital, not told.
_LIVEBORN = {
    1: ("Z38.00", "Z38.01", "Z38.1", "Z38.2"),
    2: ("Z38.30", "Z38.31", "Z38.4", "Z38.5"),
    3: ("Z38.61", "Z38.62", "Z38.7", "Z38.8"),
    4: ("Z38.63", "Z38.64", "Z38.7", "Z38.8"),
    5: ("Z38.65", "Z38.66", "Z38.7", "Z38.8"),
}
_STILLBORN = compiled(r"\bstill ?-?born\b|\bstillbirth\b")
_IMMATURE = compiled(
    r"\b(?:late |very |extremely |moderate(?:ly)? )?pre-?(?:term|mature|maturity|mie)\b"
    r"|\bprematur\w+|\bpremie|\bpreemie|\b\d\d(?: ?\d/7)?[ -]?(?:week|wk)(?:er|s? preemie)\b"
    r"|\bex-?\d\d\b"
)
_LIGHT = compiled(r"\b(?:very |extremely )?low birth ?-?weight\b|\bv?lbw\b|\belbw\b")
_STILL_MATTERS = compiled(r"\bprematurity (?:still )?(?:affect|continues)|\bwhose prematurity|\bstill affect")
_OLDER = ("P27", "P91.2", "H35.1", "P61.2", "P28.4", "P07")


def stillborn(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """On the separate record of a stillborn, that and nothing else."""
    child = infant(chart)
    if chart.age != 0 or not chart.stay or chart.tells(_STILLBORN) is None or child.siblings > 1:
        return candidates
    told = next((c for c in candidates if c.code == "P95"), None)
    facts = told.facts if told else tuple(chart.facts[:1])
    return [stated("P95", facts, reason(STILL), STILL)] if facts else candidates


def liveborn(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the kind of birth on the record of the stay in which the child was born, once."""
    child = infant(chart)
    rest = [c for c in candidates if not c.code.startswith("Z38")]
    if child.stage is not Stage.BIRTH or child.told is None or any(c.code == "P95" for c in rest):
        return rest
    return [*rest, stated(_code(child), (child.told,), reason(BIRTH), BIRTH)]


def _code(child: Infant) -> str:
    vaginal, cesarean, outside, untold = _LIVEBORN[child.siblings]
    if child.outside:
        return outside
    return untold if child.cesarean is None else cesarean if child.cesarean else vaginal


def size(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Weight and weeks of the small, the early, the large and the late, by what was recorded at birth."""
    child = infant(chart)
    rest = [c for c in candidates if not c.code.startswith(("P05", "P07", "P08"))]
    if child.stage is Stage.OTHER or child.told is None or any(c.code == "P95" for c in rest):
        return candidates if child.stage is Stage.OTHER else rest
    if child.stage is not Stage.BIRTH and not _matters(chart, rest, candidates, child):
        return rest
    named = [c for c in candidates if c.code.startswith(("P05", "P07", "P08"))]
    return [*rest, *(_stated(chart, code, named, child) for code in _sizes(chart, child, named, rest))]


def _matters(chart: Chart, rest: list[Candidate], candidates: list[Candidate], child: Infant) -> bool:
    """Whether what was at birth still affects the child (I.C.16.e)."""
    concluded = any(c.code.startswith(("P05", "P07", "P08")) and c.rank[0] == 0 for c in candidates)
    lasting = any(c.code.startswith(_OLDER) for c in rest)
    return (
        concluded
        or ((lasting or child.young) and bool(_IMMATURE.search(chart.text)))
        or bool(_STILL_MATTERS.search(chart.text))
    )


def _stated(chart: Chart, code: str, named: list[Candidate], child: Infant) -> Candidate:
    same = next((c for c in named if c.code[:3] == code[:3]), None)
    if same is not None:
        return same.stepped(f"{code}: {reason(SIZE)}", SIZE, code=code)
    value = chart.last("birth weight") or chart.last("gestational age at birth") or child.told
    assert value is not None
    return stated(code, (value,), f"{code}: {reason(SIZE)}", SIZE)


def _sizes(chart: Chart, child: Infant, named: list[Candidate], rest: list[Candidate]) -> list[str]:
    small = next((c.code for c in named if c.code.startswith("P05")), None)
    large = any(c.code.startswith(("P08.0", "P08.1")) for c in named)
    early = chart.tells(_IMMATURE) is not None and (child.weeks is None or child.weeks < 37)
    found = []
    if small is not None:
        found.append(_slow(small, child.weight))
    elif child.weight is not None and child.weight < 2_500 and (early or chart.tells(_LIGHT)):
        found.append(_low(child.weight))
    elif chart.tells(_LIGHT) and child.weight is None:
        found.append("P07.00" if "extremely low" in chart.text or "elbw" in chart.text else "P07.10")
    if early:
        found.append(_immature(child.weeks))
    syndrome = any(c.code.startswith(("P70.0", "P70.1")) for c in rest)
    if child.weight is not None and child.weight >= 4_500 and not syndrome:
        found.append("P08.0")
    elif large and not syndrome:
        found.append("P08.1")
    elif any(c.code.startswith("P08.2") for c in named):
        found.append("P08.22" if child.weeks is not None and child.weeks >= 42 else "P08.21")
    return found


def _low(grams: int) -> str:
    """P07.0 or P07.1 by the bands of the Tabular List."""
    bands = (
        (500, "P07.01"),
        (750, "P07.02"),
        (1_000, "P07.03"),
        (1_250, "P07.14"),
        (1_500, "P07.15"),
        (1_750, "P07.16"),
        (2_000, "P07.17"),
    )
    return next((code for top, code in bands if grams < top), "P07.18")


def _slow(code: str, grams: int | None) -> str:
    """P05.0 or P05.1 by weight; growth restriction alone stays as it is."""
    if not code.startswith(("P05.0", "P05.1")):
        return "P05.9"
    if grams is None:
        return f"{code[:5]}0"
    tops = (500, 750, 1_000, 1_250, 1_500, 1_750, 2_000, 2_500)
    return f"{code[:5]}{next((n for n, top in enumerate(tops, 1) if grams < top), 9)}"


def _immature(weeks: int | None) -> str:
    if weeks is None:
        return "P07.30"
    if weeks < 23:
        return "P07.21"
    return f"P07.2{weeks - 21}" if weeks < 28 else f"P07.3{weeks - 27}"
