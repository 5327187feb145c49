"""I.C.9.a: hypertension with heart disease, kidney disease or both; presumed related unless the chart parts them."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.9.a/hypertension"
# I50, and the heart disease of I51.4 to I51.7, I51.89 and I51.9 (I.C.9.a).
FAILURE = ("I50",)
HEART = ("I51.4", "I51.5", "I51.7", "I51.81", "I51.89", "I51.9")
KIDNEY = ("N18",)
LATE_KIDNEY = ("N18.5", "N18.6")
HYPERTENSION = ("I10", "I11", "I12", "I13")
_PARTED = compiled(
    r"\b(?:not |un)(?:felt to be |thought to be |believed to be )?"
    r"(?:due|secondary|related|attributed|attributable|caused|from)(?: to| by)? "
    r"(?:the |his |her |their |any )?(?:\w+ )?(?:hypertension|htn|high blood pressure)"
    r"|\bnon-?hypertensive|\bnot hypertensive|independent of (?:the |his |her )?(?:hypertension|htn)"
)


def hypertension(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The hypertension code that heart failure and kidney disease call for, in place of I10, I11, I12 or I13."""
    high = [c for c in candidates if c.code.startswith(HYPERTENSION)]
    failure = _related(chart, candidates, FAILURE)
    heart = failure or _related(chart, candidates, HEART)
    kidney = _related(chart, candidates, KIDNEY)
    if not high or not (heart or kidney):
        return candidates
    late = any(c.code.startswith(LATE_KIDNEY) for c in kidney)
    code = _code(bool(failure), bool(heart), bool(kidney), late)
    if [c.code for c in high] == [code] and any(s.rule == RULE for s in high[0].pathway):
        return candidates
    one = high[0]
    for other in (*high[1:], *heart[:1], *kidney[:1]):
        one = one.joined(other)
    because = " and ".join(c.code for c in (*heart[:1], *kidney[:1]))
    result = one.stepped(f"{high[0].code} with {because}: {code}. {reason(RULE)}", RULE, code=code)
    gone = {c.code for c in high} | {c.code for c in heart if not failure}
    at = candidates.index(high[0])
    before = [c for c in candidates[:at] if c.code not in gone]
    after = [c for c in candidates[at:] if c.code not in gone]
    return [*before, result, *after]


def _code(failure: bool, heart: bool, kidney: bool, late: bool) -> str:
    """I11 to I13 by what is involved; `late`: stage 5 or end-stage kidney disease."""
    if heart and kidney:
        if failure:
            return "I13.2" if late else "I13.0"
        return "I13.11" if late else "I13.10"
    if kidney:
        return "I12.0" if late else "I12.9"
    return "I11.0" if failure else "I11.9"


def _related(chart: Chart, candidates: list[Candidate], prefixes: tuple[str, ...]) -> list[Candidate]:
    found = [c for c in candidates if c.code.startswith(prefixes)]
    return [c for c in found if not any(_PARTED.search(chart.sentence(f)) for f in c.facts)]
