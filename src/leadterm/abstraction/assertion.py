"""How a chart speaks of something: present, absent, uncertain, historical, family, hypothetical, planned, resolved.

After ConText (Harkema et al. 2009): a cue reaches from its place to the end of the segment, a terminator or its
limit, forward or backward. The cues are a table (`cues.tsv`); the words of ICD-10-CM II.H and IV.H for an uncertain
diagnosis are in it. What an uncertain diagnosis means for the claim is decided where the setting is known, not here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadterm.domain import Assertion

from ._cues import Hit, Rule, find_cues, load, longest, outside

# What a section says of everything in it that no cue speaks of.
_DEFAULTS = {
    "family-history": Assertion.FAMILY,
    "instructions": Assertion.HYPOTHETICAL,
    "immunizations": Assertion.HYPOTHETICAL,
    "past-surgical-history": Assertion.HISTORICAL,
}
# Which word wins where several cues reach a mention. A negated family history says nothing of the family.
_PRECEDENCE = (
    Assertion.HYPOTHETICAL,
    Assertion.ABSENT,
    Assertion.FAMILY,
    Assertion.RESOLVED,
    Assertion.UNCERTAIN,
    Assertion.HISTORICAL,
    Assertion.PLANNED,
)
# A nearer cue of the first keeps farther ones of the others away, unless both stand together ("possible history of").
_SHADOWS = {
    Assertion.UNCERTAIN: frozenset({"absent", "historical"}),
    Assertion.HISTORICAL: frozenset({"absent", "uncertain"}),
    Assertion.PRESENT: frozenset({"historical", "uncertain"}),
}
_TOGETHER = 3  # words between two cues that still stand together
_FARTHEST = 600  # characters that any cue reaches, so that a text without a full stop stays linear
_LONGEST = 30  # characters of a word
_ITEM = re.compile(r"\n *(?:[-*+](?= )|[•▪◦●■‣⁃]|\(?\d{1,2}[.)](?= ))")
_WORD = re.compile(r"[\w'./-]*\w")
_OR = re.compile(r"\b(?:n?or|versus|vs)\b|/")
_CLOSING = ".,;)]"
_SINGULAR = ("is ", "was ", "has ", "is\n", "was\n", "has\n")  # speaks of the last thing named, not of a list
_ASKING = ":-?=("

_Reach = tuple[Assertion, int, int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the chart speaks of one mention, and the words that say so.

    Attributes:
        assertion: One of the eight words.
        cues: Where the deciding words stand, in order; empty when nothing but the section or the default decided.
    """

    assertion: Assertion
    cues: tuple[tuple[int, int], ...]


def cue_hits(folded: str) -> list[Hit]:
    """Every cue of a whole folded text in one pass, to be handed to `judge` for each of its segments."""
    return find_cues(folded)


def judge(
    folded: str,
    segment: tuple[int, int],
    mentions: Sequence[tuple[int, int]],
    section: str,
    cue_hits: Sequence[Hit] | None = None,
) -> list[Judgement]:
    """One judgement for each mention of a segment, in their order; all offsets are into the whole folded text.

    `section` is the kind of section (its default holds where no cue speaks). `cue_hits` are those of the whole text
    or of the segment; without them the segment is searched.
    """
    start, end = segment
    if cue_hits is None:
        hits = [(a + start, b + start, n) for a, b, n in find_cues(folded[start:end])]
    else:
        first, last = bisect_left(cue_hits, (start, 0, 0)), bisect_left(cue_hits, (end, 0, 0))
        hits = [h for h in cue_hits[first:last] if h[1] <= end]
    default = _DEFAULTS.get(section, Assertion.PRESENT)
    if not hits:
        return [Judgement(default, ()) for _ in mentions]
    scene = _Scene(folded, start, end, mentions, hits, default)
    return [scene.judgement(m) for m in mentions]


class _Scene:
    """One segment with its cues sorted out: what stands where, and what reaches a mention."""

    def __init__(
        self,
        folded: str,
        start: int,
        end: int,
        mentions: Sequence[tuple[int, int]],
        hits: list[Hit],
        default: Assertion,
    ) -> None:
        self.folded, self.start, self.end, self.default = folded, start, end, default
        self.patterns = load().patterns
        self.mentions = sorted(mentions)
        self.raw = outside(hits, self.mentions)
        self.resolved = longest(self.raw)
        self.ends = [h[1] for h in self.resolved]
        wrapped = folded.find("\n", start, end) >= 0
        self.items = [m.start() for m in _ITEM.finditer(folded, start, end)] if wrapped else []

    def judgement(self, mention: tuple[int, int]) -> Judgement:
        reached = list(self._reaches(mention))
        for assertion in _PRECEDENCE:
            cues = sorted({(a, b) for word, a, b in reached if word is assertion})
            if cues or (assertion is self.default and self._section_holds(mention, reached)):
                return Judgement(assertion, tuple(cues))
        return Judgement(
            Assertion.PRESENT, tuple(sorted({(a, b) for word, a, b in reached if word is Assertion.PRESENT}))
        )

    def _section_holds(self, mention: tuple[int, int], reached: list[_Reach]) -> bool:
        """Whether the section's own word holds: unless the segment turns to the patient, or another cue speaks."""
        if self.default is Assertion.HYPOTHETICAL:
            return all(word is Assertion.UNCERTAIN for word, _, _ in reached)
        if self.default is not Assertion.FAMILY:
            return not reached
        before = self.resolved[: bisect_right(self.ends, mention[0])]
        return not any("section" in self.patterns[n].ends_forward for _, _, n in before[-20:])

    def _reaches(self, mention: tuple[int, int]) -> Iterator[_Reach]:
        hits, ends = self.resolved, self.ends
        low = bisect_left(self.raw, (mention[0] - 80, 0, 0))
        high = bisect_left(self.raw, (mention[1], 0, 0))
        if any(b > mention[0] for _, b, _ in self.raw[low:high]):
            hits = self._without(mention)
            ends = [h[1] for h in hits]
        at = bisect_right(ends, mention[0])
        forward = list(self._from_left(mention, hits[:at] if at < 64 else hits[at - 64 : at]))
        backward = list(self._from_right(mention, hits[at : at + 64]))
        if any(word is Assertion.PRESENT for word, _, _ in backward):
            forward = [r for r in forward if r[0] is not Assertion.UNCERTAIN]
            backward = [r for r in backward if r[0] is not Assertion.UNCERTAIN]
        if any(word is Assertion.PRESENT for word, _, _ in forward):
            backward = [r for r in backward if r[0] is not Assertion.HISTORICAL]
        yield from forward
        yield from backward

    def _without(self, mention: tuple[int, int]) -> list[Hit]:
        """The cues near a mention, sorted out anew without those that share letters with it."""
        low = bisect_left(self.raw, (mention[0] - _FARTHEST, 0, 0))
        high = bisect_left(self.raw, (mention[1] + _FARTHEST, 0, 0))
        return longest([h for h in self.raw[low:high] if h[1] <= mention[0] or h[0] >= mention[1]])

    def _from_left(self, mention: tuple[int, int], hits: Sequence[Hit]) -> Iterator[_Reach]:
        """Cues before the mention that reach it, the nearest of each assertion."""
        ended: set[str] = set()
        for at in range(len(hits) - 1, -1, -1):
            start, end, number = hits[at]
            if mention[0] - end > _FARTHEST:
                return
            pattern = self.patterns[number]
            if pattern.forward and self._same_item(start, mention[0]):
                for rule in pattern.forward:
                    if rule.assertion.value not in ended and self._reaches_right(rule, start, end, mention):
                        yield rule.assertion, start, end
                        ended.add(rule.assertion.value)
                        if rule.assertion in _SHADOWS and not self._together(hits, at):
                            ended |= _SHADOWS[rule.assertion]
            ended |= pattern.ends_forward

    def _together(self, hits: Sequence[Hit], at: int) -> bool:
        """Whether another cue stands right before the one at `at`, with no mention or punctuation between."""
        before = next((h[1] for h in reversed(hits[max(0, at - 8) : at]) if self.patterns[h[2]].forward), None)
        if before is None:
            return False
        gap = self.folded[before : hits[at][0]]
        if any(mark in gap for mark in ",;:.()") or len(gap.split()) > _TOGETHER:
            return False
        return not self._another_between(before, hits[at][0])

    def _from_right(self, mention: tuple[int, int], hits: Sequence[Hit]) -> Iterator[_Reach]:
        """Cues after the mention that reach back to it, the nearest of each assertion."""
        ended: set[str] = set()
        for start, end, number in hits:
            if start < mention[1]:
                continue
            if start - mention[1] > _FARTHEST or not self._same_item(start, mention[0]):
                return
            pattern = self.patterns[number]
            for rule in pattern.backward:
                if rule.assertion.value not in ended and self._reaches_left(rule, start, end, mention):
                    yield rule.assertion, start, end
                    ended.add(rule.assertion.value)
            ended |= pattern.ends_backward

    def _same_item(self, cue: int, mention: int) -> bool:
        """Whether a cue stands in the words before a list, or in the same item as the mention."""
        if not self.items or cue < self.items[0]:
            return True
        return bisect_right(self.items, cue) == bisect_right(self.items, mention)

    def _reaches_right(self, rule: Rule, start: int, end: int, mention: tuple[int, int]) -> bool:
        if rule.direction == "either" and (self._final(end) or self._glued(start)):
            return False
        return self._within(rule, end, mention[0], mention[1])

    def _reaches_left(self, rule: Rule, start: int, end: int, mention: tuple[int, int]) -> bool:
        if rule.direction in ("final", "answer") and not self._final(end):
            return False
        if rule.direction == "either" and not (self._final(end) or self._glued(start)):
            return False
        gap = self.folded[mention[1] : start].rstrip()
        answered = bool(gap) and gap[-1] in _ASKING and not any(mark in gap[:-1] for mark in ":;?")
        if rule.direction == "answer" and not answered:
            return False
        singular = rule.direction in ("final", "either") or self.folded.startswith(_SINGULAR, start)
        if singular and "," in gap and self._another_between(mention[1], start):
            return False
        return self._within(rule, mention[1], start, mention[1])

    def _another_between(self, left: int, right: int) -> bool:
        at = bisect_left(self.mentions, (left, 0))
        return at < len(self.mentions) and self.mentions[at][0] < right

    def _within(self, rule: Rule, left: int, right: int, after: int) -> bool:
        """Whether the words from `left` to `right` are few and plain enough for the rule."""
        if rule.words == 1000 and not rule.phrase and not rule.listed:
            return True
        gap = self.folded[left:right]
        if rule.phrase and (" - " in gap or any(mark in gap for mark in ",;:()")):
            return False
        if rule.words < 1000 and (len(gap) > _LONGEST * (rule.words + 1) or len(_WORD.findall(gap)) > rule.words):
            return False
        if rule.listed and "," in gap:
            return _OR.search(gap, gap.rfind(",")) is not None or self._or_follows(after)
        return True

    def _or_follows(self, after: int) -> bool:
        stop = self.folded.find(";", after, self.end)
        return _OR.search(self.folded, after, min(self.end if stop < 0 else stop, after + 120)) is not None

    def _final(self, end: int) -> bool:
        """Whether a cue that ends at `end` ends its clause."""
        while end < self.end and self.folded[end] in " \n":
            if end in self.items:
                return True
            end += 1
        return end >= self.end or self.folded[end] in _CLOSING

    def _glued(self, start: int) -> bool:
        """Whether a mark stands at the end of a word ("pneumonia?")."""
        mark = self.folded[start]
        return mark == "?" and start > self.start and self.folded[start - 1].isalnum()
