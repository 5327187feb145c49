"""Whether a condition was present on admission, where the record does not tell (Appendix I)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Poa, Query

from ._options import ALWAYS

QUESTION = "Was this condition present at the time of the inpatient admission: {}?"
OPTIONS = ("yes, present on admission", "no, it developed during the stay", "clinically undetermined")


def ask(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    """One question for each diagnosis that bears U."""
    for a in assignments:
        if a.poa is Poa.UNKNOWN:
            question = QUESTION.format(a.description or a.code.value)
            yield Query("q0", "present-on-admission", question, (a.code.value,), (*OPTIONS, *ALWAYS), (), a.evidence)
