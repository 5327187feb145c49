"""I.C.9.d: what an old stroke left behind (I69), its side by dominance; without a deficit, history (Z86.73)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import longest, rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.guidelines.chapter06_nervous.dominance import side_of
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, Setting

from .weakness import is_weakness, limb

RULE = "ICD10CM:I.C.9.d/sequelae"
REHABILITATION = "ICD10CM:II.K/rehabilitation"
HISTORY = "Z86.73"
# By what the term opens at, or is called where it opens nowhere: the fourth character of I69.
_KINDS = (
    ("0", ("I60",), "subarachnoid"),
    ("1", ("I61",), "intracerebral hem"),
    ("2", ("I62",), "subdural hem"),
    ("3", ("I63",), "cerebral infarction"),
)
# Before the stroke, anywhere in its sentence, and after it.
_OLD_BEFORE = compiled(
    r"\b(?:old|prior|previous|remote|hx|history|h/o|chronic|s/p|status post|post|from|following|since|after)"
    r"(?: (?:of|an?|the|her|his|their|right|left|l|r|multiple|ischemic|embolic|mca|\w+-sided|acute|recent|massive))*$"
)
_OLD_AROUND = compiled(
    r"\b(?:residual|residua|sequelae?|late effects?|left (?:him|her|the patient) with|post-?stroke)\b"
)
_OLD_AFTER = compiled(
    r"^.{0,25}\b(?:(?:years?|yrs?|months?|mos?|weeks?|wks?) ago|(?:in )?(?:19|20)\d\d|last (?:year|month)|as a child)\b"
)
_YEARS_AFTER = compiled(r"\b(?:years?|yrs?|months?|mos?|weeks?|wks?) (?:after|out from|since|post|s/p|following)\b")
_NEW = compiled(
    r"\b(?:acute|new|recurrent|today|onset|this morning|admitted with|presented with|evolving|last known well|lkw)\b"
)
_LEFT = compiled(
    r"\b(?:residual|sequelae?|late effects?|persistent|persisting|chronic|baseline|old|unchanged|lingering|ongoing"
    r"|following|since|from|post-?stroke|after|left (?:him|her|the patient) with|due to|secondary to|with)\b"
)
_REHABILITATION = compiled(
    r"\badmi(?:tted|ssion) (?:to|for) (?:the |our |an |acute |inpatient |comprehensive |intensive )*(?:rehab\w*|irf)\b"
    r"|\binpatient rehab\w* (?:hospital |facility |unit )?(?:discharge|admission|course|summary)\b"
)
# After the first care of a stroke every visit is for what it left (I.C.9.d).
_LATER = frozenset(
    {Setting.SKILLED_NURSING, *(s for s in Setting if s.value in ("home-health", "rehabilitation", "outpatient"))}
)


@dataclass(frozen=True, slots=True)
class _Deficit:
    character: str
    sided: bool
    follows: bool


def sequelae(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Deficits of an old stroke at I69 in place of their own codes, and no old stroke at I60 to I63."""
    strokes = [(f, kind) for f in chart.facts if (kind := _kind(f)) and f.assertion in _HELD]
    old = [(f, kind) for f, kind in strokes if _is_old(chart, f)]
    if not old:
        return candidates
    current = any(not _is_old(chart, f) and f.assertion is Assertion.PRESENT for f, _ in strokes)
    kind = next((k for _, k in old if k != "3"), "3") if len({k for _, k in old}) == 1 else old[0][1]
    left = list(_deficits(chart, [f for f, _ in old], current))
    gone = {c.code for c in candidates if not current and c.code.startswith(("I60", "I61", "I62", "I63"))}
    gone |= {c.code for c in candidates if c.code.startswith("I63") and all(f in [o for o, _ in old] for f in c.facts)}
    fresh = [c for c in candidates if c.code not in gone]
    if not left:
        return _with_history(chart, fresh, old[0][0]) if not current else fresh
    return _with_sequelae(chart, fresh, left, kind)


_HELD = (Assertion.PRESENT, Assertion.HISTORICAL, Assertion.RESOLVED)


def _kind(fact: Fact) -> str | None:
    """The character of I69 for a fact that tells of a stroke; None for any other."""
    if fact.section == "family-history":
        return None
    if fact.targets:
        if fact.targets[0].startswith(HISTORY):
            return "3" if "tia" not in fact.mention.text.lower() else None
        return next((k for k, opens, _ in _KINDS if fact.targets[0].startswith(opens)), None)
    return next((k for k, _, name in _KINDS if name in fact.concept.lower()), None)


def _is_old(chart: Chart, fact: Fact) -> bool:
    said = chart.sentence(fact)
    if for_rehabilitation(chart):
        return True
    if fact.assertion is Assertion.HISTORICAL or (fact.targets and fact.targets[0].startswith(HISTORY)):
        return True
    before, after = _parts(said, fact)
    if (
        _OLD_BEFORE.search(before)
        or _YEARS_AFTER.search(before)
        or _OLD_AFTER.search(after)
        or _OLD_AROUND.search(said)
    ):
        return not _NEW.search(before[-30:])
    later = chart.encounter.setting in _LATER and not chart.encounter.uses_section_two
    return (later or chart.encounter.setting is Setting.SKILLED_NURSING) and not _NEW.search(said)


def for_rehabilitation(chart: Chart) -> bool:
    """Whether the stay is one of rehabilitation: the acute care of a stroke is over (II.K)."""
    return chart.once("stay for rehabilitation", lambda: chart.tells(_REHABILITATION) is not None)


def _parts(said: str, fact: Fact) -> tuple[str, str]:
    """The words of the sentence before and after the mention."""
    before, _, after = said.partition(" ".join(fact.mention.text.lower().split()))
    return before.rstrip(), after


def _deficits(chart: Chart, old: list[Fact], current: bool) -> Iterator[tuple[Fact, _Deficit]]:
    """The deficits that the chart lays to the old stroke, each with its row."""
    seen = {(f.mention.document, f.segment) for f in old}
    for fact in chart.facts:
        row = _row(fact) if fact.assertion in _HELD else None
        if row is None or fact.section in ("exam", "review-of-systems", "family-history", "instructions"):
            continue
        near = (fact.mention.document, fact.segment) in seen
        cued = bool(_LEFT.search(chart.sentence(fact)))
        if (near and (cued or not current)) or (not current and fact.section not in ("imaging", "results")):
            yield fact, row


def _row(fact: Fact) -> _Deficit | None:
    """The row of a deficit; weakness of one side or limb counts as its paralysis where a stroke is its cause."""
    if not fact.targets:
        return None
    if is_weakness(fact):
        return _Deficit({"arm": "3", "hand": "3", "leg": "4"}.get(limb(fact), "5"), True, False)
    return longest(_table(), fact.targets[0])


@cache
def _table() -> dict[str, _Deficit]:
    return {
        r["opens"]: _Deficit(r["character"], r["sided"] == "yes", r["follows"] == "yes")
        for r in rows("guidelines/chapter09_circulatory/deficits")
    }


def _with_sequelae(
    chart: Chart, candidates: list[Candidate], left: list[tuple[Fact, _Deficit]], kind: str
) -> list[Candidate]:
    added: dict[str, Candidate] = {}
    gone: set[str] = {HISTORY}
    for fact, deficit in left:
        own = next((c for c in candidates if fact in c.facts), None)
        code = f"I69.{kind}{deficit.character}{side_of(chart, fact) or 9 if deficit.sided else ''}"
        if own is not None and not deficit.follows:
            gone.add(own.code)
        if own is None and fact.section not in _SPOKEN:
            continue
        rule = REHABILITATION if for_rehabilitation(chart) else RULE
        new = stated(code, [fact], f"left by a stroke: {code}. {reason(rule)}", rule)
        new = replace(new, rank=own.rank) if own else new
        added[code] = added[code].joined(new) if code in added else new
        arrival = navigate(chart, fact, fact.targets[0]) if own is None and deficit.follows else None
        if arrival is not None and arrival.code not in added:
            added[arrival.code] = Candidate(arrival.code, (fact,), arrival.steps, (), (*new.rank, 1), new.confidence)
    kept = [c for code, c in added.items() if not (code.endswith("9") and _sided(code, added))]
    return [*(c for c in candidates if c.code not in gone), *kept]


def _sided(code: str, codes: Iterable[str]) -> bool:
    """Whether the same deficit is told with its side."""
    return len(code) == 7 and any(c != code and c[:6] == code[:6] for c in codes)


_SPOKEN = tuple(
    "assessment plan assessment-plan impression discharge-diagnosis hospital-course hpi unknown other"
    " past-medical-history problem-list".split()
)


def _with_history(chart: Chart, candidates: list[Candidate], fact: Fact) -> list[Candidate]:
    if any(c.code == HISTORY for c in candidates):
        return candidates
    return [*candidates, stated(HISTORY, [fact], f"nothing is left of it: {HISTORY}. {reason(RULE)}", RULE)]
