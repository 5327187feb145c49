"""Questions to the provider that the edits raise: never leading, never about money, in the record's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leadterm.domain import Evidence, Query
from leadterm.edits._coding import Coding

from .validity import Doubt, doubts

REASON = "clinical-validation"
QUESTION = "Which clinical findings of this encounter does the documented {} go with, or was it ruled out?"
OPTIONS = (
    "present, with these findings (please specify)",
    "ruled out",
    "other (please specify)",
    "unable to determine",
)


def queries(coding: Coding) -> tuple[Query, ...]:
    """The questions about diagnoses that the record does not bear out, ids `q1`, `q2`, …; one a diagnosis."""
    return tuple(_validation(coding))


def _validation(coding: Coding) -> Iterator[Query]:
    for number, doubt in enumerate((d for d in coding.once(doubts) if d.evidence), 1):
        shown = _once(doubt.evidence)
        yield Query(
            f"q{number}",
            REASON,
            QUESTION.format(f"“{_plain(shown[0].text)}”"),
            _codes(doubt),
            OPTIONS,
            tuple(dict.fromkeys(_plain(e.text) for e in shown)),
            shown,
        )


def _codes(doubt: Doubt) -> tuple[str, ...]:
    return tuple(dict.fromkeys(d.code for d in doubt.diagnoses))


def _once(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple({(e.document, e.span): e for e in evidence}.values())


def _plain(text: str) -> str:
    return " ".join(text.split())
