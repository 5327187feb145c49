"""I.C.19.g: complications of devices, grafts and operations, where trouble and thing stand in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.guidelines._phrases import Found, phrases_of
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.19.g/complication"
# Trouble with a device or a transplant is as a rule what brought the patient.
LEADING = ("T82", "T83", "T84", "T85", "T86")
_SIDE = compiled(r"\b(?:right|left|rt|lt|r|l)\b")
# What the chart concludes about a complication goes before what it does to the patient.
_BEFORE = (
    "assessment",
    "assessment-plan",
    "impression",
    "discharge-diagnosis",
    "postoperative-diagnosis",
    "other",
    "unknown",
)


def complications(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the complications that sentences tell, in the place of what they say better."""
    told = {c.code: (c, drops) for c, drops in _told(chart)}
    gone = tuple(prefix for _, drops in told.values() for prefix in drops)
    kept = [c for c in candidates if c.code in told or not (gone and c.code.startswith(gone))]
    known = {c.code for c in kept}
    return [*kept, *(c for code, (c, _) in told.items() if code not in known)]


def _told(chart: Chart) -> Iterator[tuple[Candidate, tuple[str, ...]]]:
    for found in phrases_of(chart, "chapter19_injury/complications"):
        node = _sided(chart, found)
        arrival = navigate(chart, found.fact, node)
        if arrival is not None:
            step = f"\u201c{found.words}\u201d: {arrival.code}. {reason(RULE)}"
            c = stated(arrival.code, (found.fact,), step, RULE)
            place = 0 if found.fact.section in _BEFORE else 1
            lead = -1 if arrival.code.startswith(LEADING) else 0
            yield (
                replace(c, rank=(place, lead, found.fact.mention.span.start)),
                tuple(found.phrase.gives("drops").split()),
            )


def _sided(chart: Chart, found: Found) -> str:
    """The node of the row for the side that the sentence names, else the chart's one side; the last where none is."""
    right, *others = found.phrase.gives("code").split("|")
    if not others:
        return right
    words = _SIDE.findall(found.sentence) or _SIDE.findall(
        chart.encounter.document(found.fact.mention.document).text.lower()
    )
    sides = {word[0] for word in words}
    return right if sides == {"r"} else others[0] if sides == {"l"} else others[-1]
