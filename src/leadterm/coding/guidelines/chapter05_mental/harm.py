"""Thoughts of suicide, attempts and self-harm: now (R45.851, T14.91), or in the past (Z91.5)."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.21.c.4/self-harm"
_IDEATION, _ATTEMPT = "suicidal ideation", "suicide attempt"
_SELF_HARM = ("nonsuicidal self-harm", "cutting behavior")
_PAST = compiled(
    r"\b(?:hx|h/o|history|prior|previous|past|former|remote|earlier|lifetime|years? ago|yrs? ago|months? ago"
    r"|as a (?:teen\w*"
    r"|child)|at age \d+|age \d+|(?:19|20)\d\d|x ?\d+|attempts|none since|last year)\b"
)
_GONE = (Assertion.HISTORICAL, Assertion.RESOLVED)


def open_harm(chart: Chart, fact: Fact) -> Opening | None:
    """Where thoughts of suicide, an attempt or self-harm opens; None for any other fact."""
    code = _code(chart, fact)
    if code is None:
        return None
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {code}. {reason(RULE)}", RULE)
    return Opening(code, (step,), settled=True)


def _code(chart: Chart, fact: Fact) -> str | None:
    if fact.concept == _IDEATION:
        return "R45.851"
    if fact.concept != _ATTEMPT and fact.concept not in _SELF_HARM:
        return None
    past = fact.assertion in _GONE or bool(_PAST.search(chart.sentence(fact)))
    code = "Z91.51" if fact.concept == _ATTEMPT else "Z91.52"
    return code if past else None
