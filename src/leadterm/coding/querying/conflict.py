"""Documents that contradict each other: one says a diagnosis, another denies it (II; III.C: the attending decides)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.coding._tables import prefixed
from leadterm.coding.chart import Chart
from leadterm.domain import Assertion, Assignment, Fact, Query

from ._asking import query, quoted

QUESTION = "The documents differ on whether the patient had this condition: {}. Which of them is right?"
OPTIONS = ("present", "ruled out")


def ask(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    """One question for each assigned diagnosis that the conclusions of another document deny."""
    if len(chart.encounter.documents) < 2:
        return
    facts = {f.id: f for f in chart.facts}
    for a in assignments:
        mine = [facts[id] for id in a.facts if id in facts]
        denying = [f for f in chart.facts if _denies(f, mine)]
        if denying:
            question = QUESTION.format(quoted(mine[0].mention))
            evidence = (*a.evidence, *(f.mention for f in denying))
            yield query("conflict", question, (a.code.value,), OPTIONS, evidence)


def _denies(f: Fact, mine: Sequence[Fact]) -> bool:
    """Whether another document's conclusion denies what `mine` say."""
    if f.assertion is not Assertion.ABSENT or prefixed("policy", "use").get(f.section) != "conclusion":
        return False
    return any(
        f.mention.document != m.mention.document and f.targets and m.targets and f.targets[0][:3] == m.targets[0][:3]
        for m in mine
    )
