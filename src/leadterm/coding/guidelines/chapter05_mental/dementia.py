"""I.C.5.d: dementia by cause, the highest severity that the chart reaches, and what goes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.5.d/dementia"
SEVERITY = "ICD10CM:I.C.5.d/severity"
DEMENTIA = ("F01", "F02", "F03")
# Diseases that dementia belongs to: with Alzheimer's, Lewy bodies and frontotemporal degeneration in any case, with
# the others where it is documented.
ALWAYS = ("G30", "G31.83", "G31.0")
WHERE_DOCUMENTED = (
    "G10",
    "G20",
    "G21",
    "G31.2",
    "G35",
    "A81.0",
    "B20",
    "E83.01",
    "G31.1",
    "G31.85",
    "G23.1",
    "G40",
    "G91.2",
)
_DEMENTIA = compiled(r"\bdementia|\bmajor neurocognitive")
_OWN = (*DEMENTIA, "F05", "F06", "F22", "F29", "F32.A", "F41.9", "G30", "G31", "G20", "G47", "R")
_LETTERS = ("mild", "A"), ("moderate", "B"), ("severe", "C")
_SEVERITY = compiled(
    r"\b(?:(?P<severe>severe|advanced|end[- ]stage|moderate[- ]to[- ]severe|late[- ]stage)"
    r"|(?P<moderate>moderate(?:ly)?(?: advanced)?|mild[- ]to[- ]moderate|middle[- ]stage)|(?P<mild>mild"
    r"|early[- ]stage))\b"
    r"(?! (?:\w+ )?(?:depress|anxiety|agitat|apathy|aortic|mitral))"
)
# Words that come first in the Tabular List; an end without letter and a severity without either say the least.
_UNSAID = {"F01": "5", "F02": "8", "F03": "9"}


def open_dementia(chart: Chart, fact: Fact) -> Opening | None:
    """Where a dementia opens by what its own sentence says; None for any other fact."""
    if not fact.targets or not fact.targets[0].startswith(DEMENTIA):
        return None
    words, known = [clause(chart, fact, _OWN)], fact.targets[0]
    letter = _letter(words, [known]) or _UNSAID[known[:3]]
    code = f"{known[:3]}.{letter}{_ends(words, [known])[0]}"
    if not chart.book.is_billable(code):
        return None
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {code}. {reason(SEVERITY)}", SEVERITY)
    return Opening(code, (step,), settled=True)


def dementia(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Dementia of one kind and severity, with its disturbances, after the disease that it belongs to."""
    mine = [c for c in candidates if c.code.startswith(DEMENTIA)]
    disease = _disease(chart, candidates, bool(mine))
    if not mine and (disease is None or _is_mild(chart, candidates, disease)):
        return candidates
    category = _category(mine, disease)
    facts = tuple({f.id: f for c in mine for f in c.facts}.values()) or (disease.facts if disease else ())
    telling = [f for f in (*facts, *(disease.facts if disease else ())) if _DEMENTIA.search(chart.sentence(f))]
    words = [clause(chart, f, _OWN) for f in telling] or [clause(chart, f, _OWN) for f in facts]
    ends = _ends(words, [c.code for c in mine])
    categories = [category] + ["F01"] * (category == "F02" and any(c.code.startswith("F01") for c in mine))
    letter = _letter(words, [c.code for c in mine])
    codes = [f"{kind}.{letter or _UNSAID[kind]}{end}" for kind in categories for end in ends]
    known = [code for code in codes if chart.book.is_billable(code)]
    if not known:
        return candidates
    whole = mine[0].joined(*mine[1:]) if mine else disease.joined() if disease else None
    assert whole is not None
    if disease is not None and category == "F02":
        whole = replace(whole, rank=(*disease.rank, 1))
    rule = RULE if disease is not None and category == "F02" else SEVERITY
    new = [_stepped(replace(whole, rank=(*whole.rank, n)), code, rule) for n, code in enumerate(known)]
    swallowed = list(_swallowed(chart, candidates, facts, ends))
    return _with(candidates, mine, swallowed, disease, new)


def _stepped(c: Candidate, code: str, rule: str) -> Candidate:
    return c.stepped(f"{code}. {reason(rule)}", rule, code=code)


def _with(
    candidates: list[Candidate],
    mine: list[Candidate],
    swallowed: list[Candidate],
    disease: Candidate | None,
    new: list[Candidate],
) -> list[Candidate]:
    """The candidates with the new ones behind the disease, else where the first of the old ones stood."""
    gone = [*mine, *swallowed]
    anchor = disease if disease is not None else mine[0]
    result: list[Candidate] = []
    for c in candidates:
        result += [] if c in gone else [c]
        result += new if c is anchor else []
    return result


def _disease(chart: Chart, candidates: list[Candidate], documented: bool) -> Candidate | None:
    """The disease that the dementia belongs to."""
    causes = (*ALWAYS, *(WHERE_DOCUMENTED if documented else ()))
    found = [c for c in candidates if c.code.startswith(causes)]
    said = [c for c in found if any(_DEMENTIA.search(chart.sentence(f)) for f in c.facts)]
    first = next((c for c in found if c.code.startswith(ALWAYS)), None)
    return next(iter(said), first) if said or first else None


def _is_mild(chart: Chart, candidates: list[Candidate], disease: Candidate) -> bool:
    """Whether the disease has brought no dementia yet, only a mild disorder of cognition."""
    said = any(_DEMENTIA.search(chart.sentence(f)) for f in disease.facts)
    return not said and any(c.code.startswith("F06.7") for c in candidates)


def _category(mine: list[Candidate], disease: Candidate | None) -> str:
    vascular = any(c.code.startswith("F01") for c in mine)
    return "F01" if vascular and disease is None else "F02" if disease is not None else "F03" if mine else "F02"


def _letter(words: list[str], known: list[str]) -> str:
    """The letter of the highest severity that is said of it (I.C.5.d); none where none is."""
    degrees = {m.lastgroup for text in words for m in _SEVERITY.finditer(text)}
    letters = {letter for degree, letter in _LETTERS if degree in degrees}
    letters |= {code[4] for code in known if code[4:5] in ("A", "B", "C")}
    return max(letters, default="")


def _ends(words: list[str], known: list[str]) -> list[str]:
    """The ends of the codes for what goes with it; 0 where nothing does."""
    found = [row["end"] for row in rows(_TABLE) if any(re.search(row["words"], text) for text in words)]
    said = [code[5:] for code in known]
    ends = [row["end"] for row in rows(_TABLE) if row["end"] in (*found, *said)]
    named = [end for end in ends if end != "18" or "18" in said or len(ends) == 1 or "11" not in ends]
    return named or ["0"]


_TABLE = "guidelines/chapter05_mental/disturbances"


def _swallowed(
    chart: Chart, candidates: list[Candidate], facts: tuple[Fact, ...], ends: list[str]
) -> Iterator[Candidate]:
    """Candidates that say, in sentences about the dementia, no more than its codes do."""
    sentences = {chart.sentence(f) for f in facts}
    prefixes = tuple(p for row in rows(_TABLE) if row["end"] in ends for p in row["absorbs"].split())
    for c in candidates:
        if prefixes and c.code.startswith(prefixes) and any(chart.sentence(f) in sentences for f in c.facts):
            yield c
