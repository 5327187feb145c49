"""Questions to the provider that the edits raise: never leading, never about money, in the record's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from leadterm.domain import Evidence, Query
from leadterm.edits._coding import Coding

from .conflict import SIDE, Difference, differences
from .validity import Doubt, doubts

REASON = "clinical-validation"
QUESTION = "Which clinical findings of this encounter does the documented {} go with, or was it ruled out?"
ALWAYS = ("other (please specify)", "unable to determine")
OPTIONS = ("present, with these findings (please specify)", "ruled out", *ALWAYS)
WHICH_SIDE = "The documents differ: which side of the body does the documented {} concern?"
DIFFER = "The documents differ: {} and {}. Which of them is right?"


def queries(coding: Coding) -> tuple[Query, ...]:
    """The questions about diagnoses that the record does not bear out or says in two ways, ids `q1`, `q2`, …

    What the coded encounter asks about already, as a conflict, is not asked again.
    """
    asked = {code for q in coding.coded.queries if q.reason == "conflict" for code in q.codes}
    differing = (x for x in coding.once(differences) if x.diagnosis.code not in asked)
    made = [*map(_validation, (d for d in coding.once(doubts) if d.evidence)), *map(_conflict, differing)]
    return tuple(replace(query, id=f"q{n}") for n, query in enumerate(made, 1))


def _validation(doubt: Doubt) -> Query:
    shown = _once(doubt.evidence)
    return _query(REASON, QUESTION.format(_quoted(shown[0])), _codes(doubt), OPTIONS, shown)


def _conflict(x: Difference) -> Query:
    """Both kinds in the words of the record, which are the options, too; of a side, the sides."""
    both = (x.one.mention, x.other.mention)
    shown = _once((*both, *x.one.evidence, *x.other.evidence))
    if x.what == SIDE:
        question = WHICH_SIDE.format(_quoted(both[0]))
        options = (x.one.attributes["laterality"], x.other.attributes["laterality"])
    else:
        question = DIFFER.format(*map(_quoted, both))
        options = (_plain(both[0].text), _plain(both[1].text))
    return _query("conflict", question, (x.diagnosis.code,), (*options, *ALWAYS), shown)


def _query(
    reason: str, question: str, codes: tuple[str, ...], options: tuple[str, ...], shown: tuple[Evidence, ...]
) -> Query:
    indicators = tuple(dict.fromkeys(_plain(e.text) for e in shown))
    return Query("q0", reason, question, codes, options, indicators, shown)


def _quoted(evidence: Evidence) -> str:
    return f"“{_plain(evidence.text)}”"


def _codes(doubt: Doubt) -> tuple[str, ...]:
    return tuple(dict.fromkeys(d.code for d in doubt.diagnoses))


def _once(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple({(e.document, e.span): e for e in evidence}.values())


def _plain(text: str) -> str:
    return " ".join(text.split())
