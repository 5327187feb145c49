"""I.C.21 and what accompanies other chapters: body mass index, drugs, routine examinations, weeks of gestation."""

from __future__ import annotations

from decimal import Decimal

from leadterm.coding._tables import longest, prefixed
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.long_term import ANTIBIOTIC
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, FactKind, PathwayStep, Step

BMI_RULE = "ICD10CM:I.B.14/bmi"
# Diagnoses to which a body mass index belongs (I.B.14; notes at E66, E40 to E46, R63).
WEIGHT = ("E40", "E41", "E42", "E43", "E44", "E45", "E46", "E66", "R63.4", "R63.5", "R63.6", "R64", "F50.0")
ADULT = 20
DIABETES = ("E08", "E09", "E10", "E11", "E13", "O24")
ANTIDIABETIC = ("Z79.4", "Z79.84", "Z79.85")
ROUTINE = {"Z00.129": "Z00.121", "Z00.00": "Z00.01"}


def body_mass_index(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the code for the body mass index where a weight diagnosis stands: of a child by percentile."""
    weight = next((c for c in candidates if c.code.startswith(WEIGHT)), None)
    age = chart.encounter.patient.age_on(chart.on)
    if weight is None or age is None:
        return candidates
    value = _last(chart, "body mass index" if age >= ADULT else "BMI percentile")
    if value is None:
        return candidates
    said = Decimal(value.attributes["value"])
    code = bmi_code(said) if age >= ADULT else percentile_code(said, chart.line(value))
    steps = (PathwayStep(Step.TABULAR, f"{value.mention.text}: {code}"), _because(BMI_RULE))
    return [*candidates, Candidate(code, (value,), steps, rank=(*weight.rank, 1), confidence=weight.confidence)]


_OF_THE_95TH = compiled(r"(?P<part>\d{2,3})(?:\.\d+)? ?(?:%|percent) of (?:the )?95")


def percentile_code(value: Decimal, line: str) -> str:
    """Category Z68 for a patient under twenty: the percentile, above the 95th its part of it."""
    if part := _OF_THE_95TH.search(line):
        number = int(part["part"])
        return "Z68.56" if number >= 140 else "Z68.55" if number >= 120 else "Z68.54"
    bands = ((5, "Z68.51"), (85, "Z68.52"), (95, "Z68.53"))
    return next((code for top, code in bands if value < top), "Z68.54")


def bmi_code(value: Decimal) -> str:
    """Category Z68 for an adult: kg/m² in the bands of the tabular list."""
    if value < 20:
        return "Z68.1"
    if value < 40:
        return f"Z68.{int(value)}"
    bands = ((45, "Z68.41"), (50, "Z68.42"), (60, "Z68.43"), (70, "Z68.44"))
    return next((code for top, code in bands if value < top), "Z68.45")


def long_term_drugs(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Drug statuses; those of diabetes only beside it, and none for the insulin that type 1 cannot do without."""
    rule = "ICD10CM:I.C.21.c.3/long-term-drug"
    diabetic = any(c.code.startswith(DIABETES) for c in candidates)
    only_type1 = diabetic and all(c.code.startswith("E10") for c in candidates if c.code.startswith(DIABETES))
    kept = []
    for c in candidates:
        if c.code.startswith("Z79"):
            if c.code in ANTIDIABETIC and (not diabetic or (only_type1 and c.code == "Z79.4")):
                continue
            c = c.stepped(reason(rule), rule)
        kept.append(c)
    return kept


# An antibiotic that is taken on and on to keep infections away, and what is given for a day or a course.
_KEPT_UP = compiled(
    r"\b(?:long[- ]?term|chronic|daily|nightly|bedtime|weekly|m-?w-?f|since|maintenance|every other day|qod|qhs"
    r"|(?:three|3) times (?:a|per) week|lifelong|indefinite\w*)\b"
)
_AGAINST = compiled(r"\b(?:prophyla\w+|suppress\w+|prevent\w*|long[- ]?term|maintenance)\b")
_FOR_ONCE = compiled(
    r"\b(?:pre-?op\w*|peri-?op\w*|surg\w+|dental|procedure|incision|labor|delivery|x ?\d+ ?(?:d|days)"
    r"|for \d+ days|given)\b"
)


def long_antibiotic(chart: Chart, fact: Fact) -> Opening | None:
    """Where an antibiotic opens that the chart says is taken for good to prevent infections; None for all others."""
    if fact.kind is not FactKind.DRUG or fact.attributes.get("class") != "antibiotic" or fact.targets:
        return None
    said = chart.sentence(fact)
    if not (_AGAINST.search(said) and _KEPT_UP.search(said)) or _FOR_ONCE.search(said):
        return None
    return Opening(
        ANTIBIOTIC, (PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d, kept up: {ANTIBIOTIC}"),), settled=True
    )


def routine_examination(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """A routine examination at its code with abnormal findings, where something new is concluded at it."""
    rule = "ICD10CM:I.C.21.c.13/routine"
    new = [c for c in candidates if not c.code.startswith(("Z", *"VWXY")) and not _chronic(c)]
    result = []
    for c in candidates:
        if c.code in ROUTINE and new:
            code = ROUTINE[c.code]
            c = c.stepped(f"{new[0].code} is found at the examination: {code}. {reason(rule)}", rule, code=code)
        result.append(c)
    return result


def _chronic(c: Candidate) -> bool:
    return longest(prefixed("chronic", "name"), c.code) is not None


def _last(chart: Chart, concept: str) -> Fact | None:
    return next((f for f in reversed(chart.present) if f.concept == concept), None)


def _because(rule: str) -> PathwayStep:
    return PathwayStep(Step.GUIDELINE, reason(rule), rule)
