"""Whether a condition was present on admission, where the record does not tell (Appendix I)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Evidence, Poa, Query

from ._asking import is_means, named, query, quoted

QUESTION = "Was {} present at the time of the inpatient admission?"
OF_MEANS = (
    "Was what the record says of {}, its effect or the lack of it, present at the time of the inpatient admission?"
)
OPTIONS = ("yes, present on admission", "no, it developed during the stay")


def ask(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    """One question for each thing that the record names and of which a code bears U: two codes may be of one."""
    things: dict[Evidence, list[Assignment]] = {}
    for a in assignments:
        if a.poa is Poa.UNKNOWN:
            things.setdefault(named(chart, a), []).append(a)
    for words, some in things.items():
        evidence = (words, *(e for a in some for e in a.evidence))
        question = OF_MEANS if is_means(chart, words) else QUESTION
        codes = [a.code.value for a in some]
        yield query("present-on-admission", question.format(quoted(words)), codes, OPTIONS, evidence)
