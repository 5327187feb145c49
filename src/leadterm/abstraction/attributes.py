"""Which side, stage, severity, acuity belongs to which mention: the nearest words of the same sentence decide."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadterm.codesets.axes import AxisHit, find_axes, find_letters
from leadterm.codesets.wording import is_part

from .mentions import Mention

# An attribute stands with its noun: within this many characters, with nothing but small words between.
REACH_BEFORE = 30
REACH_AFTER = 45
# No entry of the table of axes is longer.
LONGEST = 40
_GAP = re.compile(
    r"[\s,()\-/:]*(?:(?:of|in|on|the|her|his|their|at|is|with|to|a|an|and|known|now|currently|due)\b[\s,()\-/]*)*"
)
# In "pain on the left, numbness on the right" a comma parts more than the words before it.
COMMA = 10
FAR = 1000
# Of these a value belongs to one mention, the nearest: in "stage 3 CKD and diabetes" the diabetes has no stage.
OWNED = frozenset({"laterality", "stage", "severity", "acuity"})
# Sides govern a whole sentence when it names one only; other axes belong to their own noun.
SENTENCE_WIDE = frozenset({"laterality", "displacement", "wound", "trimester", "quadrant"})
# Chapters and categories whose codes ask for a side; elsewhere a side in the sentence belongs to something else.
SIDED = tuple("S T M H L Q C34 C4 C5 C6 C7 D05 G5 G8 I6 I7 I8 N6 Z89 Z90 Z96".split())


@dataclass(frozen=True, slots=True)
class Attribute:
    """A value of an axis that belongs to a mention, and where it stands."""

    axis: str
    value: str
    start: int
    end: int


def attach(
    text: str, folded: str, segment: tuple[int, int], mentions: Sequence[Mention]
) -> list[tuple[Attribute, ...]]:
    """For each mention of the segment, its attributes: one an axis, those inside the mention first."""
    hits = sorted([*find_axes(folded, *segment), *find_letters(text, *segment)], key=lambda h: h.start)
    if not hits:
        return [()] * len(mentions)
    wide = _agreed([h for h in hits if not _of_an_organ(folded, h)])
    starts = [h.start for h in hits]
    return [_of(folded, mentions, number, hits, starts, wide) for number in range(len(mentions))]


def _agreed(hits: Sequence[AxisHit]) -> Mapping[str, AxisHit]:
    """Of the sentence-wide axes those on which the whole sentence has one value."""
    values: dict[str, set[str]] = {}
    for hit in hits:
        values.setdefault(hit.axis, set()).add(hit.value)
    return {h.axis: h for h in reversed(hits) if h.axis in SENTENCE_WIDE and len(values[h.axis]) == 1}


def _of_an_organ(folded: str, hit: AxisHit) -> bool:
    """Whether the hit is the side of a heart, a bundle, a colon, which says nothing of the rest of the sentence."""
    return folded.startswith(hit.value, hit.start) and is_part(hit.value, folded, hit.start + len(hit.value))


def _of(
    folded: str,
    mentions: Sequence[Mention],
    number: int,
    hits: Sequence[AxisHit],
    starts: Sequence[int],
    wide: Mapping[str, AxisHit],
) -> tuple[Attribute, ...]:
    mention = mentions[number]
    first = bisect_left(starts, mention.start - REACH_BEFORE - LONGEST)
    last = bisect_left(starts, mention.end + REACH_AFTER + 1)
    best: dict[str, tuple[int, AxisHit]] = {}
    for hit in hits[first:last]:
        distance = _distance(folded, mentions, number, hit)
        if distance and hit.axis in OWNED and _nearer(folded, mentions, number, hit) < distance:
            continue
        if distance is not None and (hit.axis not in best or distance < best[hit.axis][0]):
            best[hit.axis] = (distance, hit)
    if any(t.code.startswith(SIDED) for t in mention.terms):
        for axis, hit in wide.items():
            best.setdefault(axis, (REACH_AFTER, hit))
    return tuple(Attribute(h.axis, h.value, h.start, h.end) for _, h in best.values())


def _nearer(folded: str, mentions: Sequence[Mention], number: int, hit: AxisHit) -> int:
    """How far the mention on the other side of the words is from them."""
    other = number + 1 if mentions[number].end <= hit.start else number - 1
    distance = _distance(folded, mentions, other, hit) if 0 <= other < len(mentions) else None
    return FAR if distance is None else distance


def _distance(folded: str, mentions: Sequence[Mention], number: int, hit: AxisHit) -> int | None:
    """Characters of other words between the two, a comma as many; None when they belong elsewhere."""
    mention = mentions[number]
    if hit.start < mention.end and mention.start < hit.end:
        return 0  # inside it, or reaching into it: "acute on" before "chronic pancreatitis"
    if hit.end <= mention.start and mention.start - hit.end <= REACH_BEFORE:
        gap = (hit.end, mention.start)
        parted = number > 0 and mentions[number - 1].end > hit.end
    elif mention.end <= hit.start and hit.start - mention.end <= REACH_AFTER:
        gap = (mention.end, hit.start)
        parted = number + 1 < len(mentions) and mentions[number + 1].start < hit.start
    else:
        return None
    if parted:
        return None
    between = _without_axes(folded, gap)
    return len(between) + COMMA * between.count(",") if _GAP.fullmatch(between) else None


def _without_axes(folded: str, gap: tuple[int, int]) -> str:
    """The gap without other axis words: in "acute mild left knee pain" none of them parts the first from its noun."""
    kept, at = [], gap[0]
    for hit in find_axes(folded, *gap):
        kept.append(folded[at : hit.start])
        at = hit.end
    return "".join([*kept, folded[at : gap[1]]])
