"""I.C.19.f: abuse and neglect lead the injuries that they caused; of what is confirmed, who did it is told."""

from __future__ import annotations

import re
from dataclasses import replace

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.19.f/abuse"
CONFIRMED, SUSPECTED, PERPETRATOR = "T74", "T76", "Y07"
# The words between the deed and the one who did it.
_BY = (
    r"\b(?:by|(?:perpetrator|assailant|abuser)(?: is| was|:)?|that) (?:her|his|the|their|an?)?"
    r" ?(?:\w+ ){0,2}"
)


def abuse(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With abuse in front of what it did, and with its perpetrator where it is confirmed and the chart names one."""
    told = next((c for c in candidates if c.code.startswith((CONFIRMED, SUSPECTED))), None)
    if told is None:
        return candidates
    kept = [_leading(c) for c in candidates]
    if told.code.startswith(SUSPECTED) or any(c.code.startswith(PERPETRATOR) for c in candidates):
        return kept
    code = _perpetrator(chart)
    if code is None:
        return kept
    return [*kept, replace(told, alternatives=()).stepped(f"who did it: {code}. {reason(RULE)}", RULE, code=code)]


def _leading(c: Candidate) -> Candidate:
    """Abuse before the injuries (I.C.19.f)."""
    return replace(c, rank=(-1, *c.rank)) if c.code.startswith((CONFIRMED, SUSPECTED)) and c.rank[0] >= 0 else c


def _perpetrator(chart: Chart) -> str | None:
    text = " ".join(d.text.lower() for d in chart.encounter.documents)
    for row in rows("guidelines/chapter19_injury/perpetrators"):
        if re.search(rf"{_BY}(?:{row['who']})\b", text) and chart.book.is_billable(row["code"]):
            return row["code"]
    return None
