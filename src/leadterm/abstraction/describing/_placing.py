"""Gives every attribute of a segment to the mention that it belongs to, or to those that share it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from leadterm.codesets.wording import is_part

from ..naming.mentions import Mention
from ._axis_words import LINK, POISONING, Hit
from ._links import AXIS_OF, EFFECTS, resolved
from ._reach import REACH_AFTER, REACH_ALL, TIMES, distance, gap, has_another_noun, is_last_word

# A side governs a whole sentence when it names one only; other axes belong to their own noun.
SENTENCE_WIDE = frozenset({"laterality", "displacement", "wound", "trimester", "quadrant"})
# Chapters and categories whose codes ask for a side; elsewhere a side in the sentence belongs to something else.
SIDED = tuple("S T M H L Q C34 C4 C5 C6 C7 D05 G5 G8 I6 I7 I8 N6 Z89 Z90 Z96".split())
INJURY = tuple("S T M80 M84 Z47 Z48".split())
# Axes that only some chapters have; in these they govern the sentence.
_ONLY = {
    "episode": INJURY,
    "intent": tuple("T3 T4 T5 T6 T71 X Y L27 L23 L25 R K N F".split()),
    "weeks": tuple("O P Z3".split()),
    "trimester": tuple("O Z3".split()),
}
_WIDE = {
    **dict.fromkeys(SENTENCE_WIDE, SIDED),
    "episode": INJURY,
    "healing": INJURY,
    "intent": tuple("T3 T4 T5 T6 T71".split()),
    "weeks": tuple("O P Z3".split()),
}
_MOST_OVERLAPPING = 8
_BRAIN = ("I6", "G45", "G46", "S06")
_CAUSES = ("link:cause", "link:effect")
_DIABETIC = tuple("E08 E09 E10 E11 E13 E14 O24 R73 E16 P70".split())
_SUGAR = ("hyperglyc", "hypoglyc")
_POISONED = ("overdose", "overdoses", "poisoning", "toxicity", "intoxication", "ingestion")
_AGENT = re.compile(r"(?<![^\W_])(?P<what>[a-z][\w-]{2,}(?:/[a-z]\w+)?)\s+\Z")
_NO_AGENT = frozenset(
    "the drug an acute multiple possible suspected accidental intentional and had with for any".split()
)
# Over "A, B and C" these are shared by all; a cause by two that "and" joins.
_SHARED = {"duration": re.compile(r"[\s,/&]*(?:(?:and|or)\s+)?"), "cause": re.compile(r"\s*(?:and|or|/|&)\s*")}
_SHARED["onset"] = _SHARED["duration"]

_Best = dict[str, tuple[int, Hit]]
_Beside = tuple[int, Sequence[int]]


class Sentence:
    """A segment under way: its hits, its mentions in order of the text, and for each the best hit of each axis."""

    __slots__ = (
        "best", "by_end", "causes", "ends", "folded", "hits", "mentions", "order", "reach", "segment", "sides",
        "starts",
    )  # fmt: skip

    def __init__(self, folded: str, segment: tuple[int, int], hits: Sequence[Hit], mentions: Sequence[Mention]) -> None:
        """Takes the hits of the segment in order, and its mentions in any order."""
        self.folded, self.segment = folded, segment
        self.order: Sequence[int] = range(len(mentions))
        self.by_end: Sequence[int] = self.order
        self.mentions = mentions
        self.starts = [m.start for m in mentions]
        # How far the mentions up to each one reach; they may overlap.
        self.ends = self.reach = [m.end for m in mentions]
        if self.starts != sorted(self.starts) or self.ends != sorted(self.ends):
            self._sort()
        self.causes: list[int] = []
        for hit in hits:
            if hit.axis == LINK:
                hits = list(resolved(folded, segment, hits, self.mentions))
                self.causes = [h.start for h in hits if h.axis in _CAUSES]
                break
        self.hits = hits
        self.best: list[_Best] = [{} for _ in mentions]
        self.sides: dict[int, list[Hit]] = {}

    def _sort(self) -> None:
        given = self.mentions
        self.order = sorted(self.order, key=lambda i: (given[i].start, given[i].end))
        self.mentions = [given[i] for i in self.order]
        self.by_end = sorted(self.by_end, key=lambda i: self.mentions[i].end)
        self.starts = [m.start for m in self.mentions]
        self.ends = [self.mentions[i].end for i in self.by_end]
        self.reach = list(accumulate((m.end for m in self.mentions), max))

    def attributes(self) -> list[list[Hit]]:
        """For each mention, in the order given, its attributes in order of the text."""
        wide = poisoned = False
        for index, hit in enumerate(self.hits):
            if hit.axis == POISONING:
                poisoned = True
                continue
            self._place(index, hit)
            wide = wide or hit.axis in _WIDE
        if poisoned:
            self._agents()
        if len(self.mentions) > 1:
            self._share()
        if wide:
            self._widen()
        found: list[list[Hit]] = [[]] * len(self.mentions)
        for number, best in enumerate(self.best):
            if best:
                found[self.order[number]] = self._own(number, best)
        return found

    def _own(self, number: int, best: _Best) -> list[Hit]:
        if len(self.sides.get(number, ())) > 1:
            self._both_sides(number, best)
        own = [hit if hit.axis == axis else hit._replace(axis=axis) for axis, (_, hit) in best.items()]
        if "control" in best:
            mention = self.mentions[number]
            own = [h if h.axis != "control" else h._replace(value=self._control(mention, h)) for h in own]
            own = [h for h in own if h.value]
        return sorted(own, key=lambda h: h.start) if len(own) > 1 else own

    def _control(self, mention: Mention, hit: Hit) -> str:
        """Poor control is hyperglycemia in diabetes only; high or low sugar is no control of anything else."""
        if hit.value not in ("hyperglycemia", "hypoglycemia") or _opens(mention, _DIABETIC):
            return hit.value
        return "" if self.folded.startswith(_SUGAR, hit.start) else "poorly controlled"

    def _both_sides(self, number: int, best: _Best) -> None:
        """Makes "mild left, moderate right hearing loss" bilateral, and leaves "left knee and right hip pain"."""
        sides = [h for h in self.sides[number] if h.value in ("left", "right")]
        if len({h.value for h in sides}) < 2 or best["laterality"][1].value == "bilateral":
            return
        start, end = sides[0].start, sides[-1].end
        first = bisect_left(self.hits, start, key=lambda h: h.start)
        last = bisect_left(self.hits, end, key=lambda h: h.start)
        between = self.hits[first:last] if end - start <= REACH_ALL else ()
        if not between or start < self.mentions[number].start < end or any(h.axis == "site" for h in between):
            return
        best["laterality"] = (0, Hit("laterality", "bilateral", start, end))

    # Which mention

    def _place(self, index: int, hit: Hit) -> None:
        """Gives the hit to the mention that it stands in, else to the nearer of those beside it."""
        axis = hit.axis
        if axis.startswith(LINK):
            if hit.value:
                self._link(index, hit, axis.partition(":")[2])
            return
        following = bisect_left(self.starts, hit.end)
        if following and self.reach[following - 1] > hit.start:
            for number in self._inside(hit, following):
                if axis != "site":
                    self._put(number, hit, 0)
            if axis != "organism" or self._is_listed(hit, following):
                return
        after = self._after(index, hit, following)
        before = self._before(index, hit) if axis != "cause" else None
        chosen = after if before is None or (after is not None and self._is_nearer(after, before, hit)) else before
        if chosen is not None:
            for number in chosen[1]:
                self._put(number, hit, chosen[0])
        elif len(self.ends) == 1 and is_last_word(self.folded, hit, self.ends[0], self.segment[1]):
            self._put(0, hit, REACH_AFTER)

    def _is_listed(self, hit: Hit, following: int) -> bool:
        """Whether an organism that is a mention is one of a list: "chlamydia, syphilis", not "MRSA pneumonia"."""
        start = self.mentions[following - 1].start
        before = self.folded[max(self.segment[0], start - 5) : start].rstrip()
        after = self.folded[hit.end : hit.end + 5].lstrip()
        return before.endswith((",", " and", " or")) or after.startswith((",", "and ", "or "))

    def _is_nearer(self, after: _Beside, before: _Beside, hit: Hit) -> bool:
        """Whether the hit is nearer to what comes after it; between two commas it belongs to what came before."""
        if after[0] == before[0]:
            return "," not in self.folded[hit.end : self.starts[after[1][0]]]
        return after[0] < before[0]

    def _opens_a_link(self, index: int, hit: Hit) -> bool:
        """Whether the hit's words are a link too: what they name is another's, as in "sequela of stroke"."""
        return index > 0 and self.hits[index - 1].start == hit.start and self.hits[index - 1].axis.startswith(LINK)

    def _put(self, number: int, hit: Hit, away: int, axis: str = "") -> None:
        axis = axis or hit.axis
        only = _ONLY.get(axis)
        if only is not None and hit.value != "sequela" and not _opens(self.mentions[number], only):
            return
        best = self.best[number]
        if axis not in best or away < best[axis][0]:
            best[axis] = (away, hit)
        if axis == "laterality":
            self.sides.setdefault(number, []).append(hit)

    def _inside(self, hit: Hit, following: int) -> list[int]:
        """The mentions that the hit stands in, or reaches into: "acute on" before "chronic pancreatitis"."""
        found = []
        for number in range(following - 1, max(-1, following - 1 - _MOST_OVERLAPPING), -1):
            if self.mentions[number].end > hit.start:
                found.append(number)
            if self.reach[number] <= hit.start:
                break
        return found

    def _after(self, index: int, hit: Hit, following: int) -> _Beside | None:
        """The mentions that begin next after the hit, and how far away; None when other words are between."""
        if following == len(self.starts) or self.starts[following] - hit.end > REACH_ALL:
            return None
        if self._opens_a_link(index, hit):
            return None
        start = self.starts[following]
        away = distance(hit, gap(self.folded, self.hits, index, hit.end, start, before=True), before=True)
        if away is None or (hit.axis in TIMES and "," in self.folded[hit.end : start] and not self._is_first(hit)):
            return None
        return away, range(following, bisect_right(self.starts, start))

    def _is_first(self, hit: Hit) -> bool:
        """Whether the segment begins with the hit, "In 2015, she had"; elsewhere a comma after a time ends a clause."""
        return not self.folded[self.segment[0] : hit.start][:REACH_ALL].strip()

    def _before(self, index: int, hit: Hit) -> _Beside | None:
        """The mentions that ended last before the hit, and how far away; None when other words are between."""
        number = bisect_right(self.ends, hit.start) - 1
        if number < 0 or hit.start - self.ends[number] > REACH_ALL:
            return None
        end = self.ends[number]
        if has_another_noun(self.folded, self.hits, index, end, self.segment[1]):
            return None
        away = distance(hit, gap(self.folded, self.hits, index, end, hit.start, before=False), before=False)
        if away is None:
            return None
        return away, [self.by_end[i] for i in range(bisect_left(self.ends, end), number + 1)]

    # Causes and companions

    def _link(self, index: int, hit: Hit, kind: str) -> None:
        following = bisect_left(self.starts, hit.start + 1)
        inside = self._inside(hit, following) if kind == "agent" and following else ()
        if inside:
            for number in inside:
                self._put(number, hit, 0, "agent")
            return
        before = self._before(index, hit)
        if before is None:
            return
        if kind in AXIS_OF:
            for number in before[1]:
                self._put(number, hit, before[0], AXIS_OF[kind])
        if kind in EFFECTS:
            self._effect(self.mentions[before[1][-1]], hit)

    def _effect(self, cause: Mention, hit: Hit) -> None:
        """Gives the mention that a link like "causing" names its cause, the mention before the link."""
        value = " ".join(self.folded[cause.start : cause.end].split())
        for number in range(bisect_left(self.starts, hit.start), len(self.starts)):
            if self.mentions[number].end != hit.end:
                break
            self._put(number, Hit("cause", value, cause.start, self.starts[number]), 0)

    def _agents(self) -> None:
        """Finds the substance before "overdose" or "toxicity"."""
        for number, mention in enumerate(self.mentions):
            if "agent" in self.best[number] or not self.folded.endswith(_POISONED, mention.start, mention.end):
                continue
            match = _AGENT.search(self.folded, max(self.segment[0], mention.start - 40), mention.start)
            if match is None or match["what"] in _NO_AGENT:
                continue
            known = bisect_left(self.hits, match.start(), key=lambda h: h.start)
            if known == len(self.hits) or self.hits[known].start != match.start():
                self._put(number, Hit("agent", match["what"], match.start(), match.end("what")), 0)

    def _share(self) -> None:
        """Gives a duration, an onset, a cause to the mentions that a list joins to the one that has it."""
        for axis, joint in _SHARED.items():
            numbers = [n for n, best in enumerate(self.best) if axis in best]
            for number in reversed(numbers):
                if self.best[number][axis][1].start >= self.mentions[number].end:
                    self._hand_on(axis, joint, number, -1)
            for number in numbers:
                if axis != "cause" and self.best[number][axis][1].end <= self.mentions[number].start:
                    self._hand_on(axis, joint, number, 1)

    def _hand_on(self, axis: str, joint: re.Pattern[str], number: int, step: int) -> None:
        given = self.best[number][axis]
        other = number + step
        while 0 <= other < len(self.mentions) and axis not in self.best[other]:
            first, second = (other, number) if step < 0 else (number, other)
            if not joint.fullmatch(self.folded, self.mentions[first].end, self.starts[second]):
                return
            self.best[other][axis] = given
            number, other = other, other + step

    # Whole sentences

    def _widen(self) -> None:
        """Gives the mentions that take sides the only side of the sentence, and injuries its only episode of care."""
        for axis, hit in self._agreed().items():
            for number, mention in enumerate(self.mentions):
                if axis not in self.best[number] and _opens(mention, _WIDE[axis]) and not self._elsewhere(hit, mention):
                    self.best[number][axis] = (REACH_AFTER, hit)

    def _elsewhere(self, hit: Hit, mention: Mention) -> bool:
        """Whether the side is that of what a disease of the brain has done: left hemiparesis due to a stroke."""
        if hit.axis != "laterality" or not self.causes or not _opens(mention, _BRAIN):
            return False
        return bisect_left(self.causes, hit.end) < bisect_left(self.causes, mention.start)

    def _agreed(self) -> dict[str, Hit]:
        """Of the sentence-wide axes those on which the whole sentence has one value."""
        values: dict[str, set[str]] = {}
        first: dict[str, Hit] = {}
        for hit in self.hits:
            if hit.axis in _WIDE and not self._of_an_organ(hit):
                values.setdefault(hit.axis, set()).add(hit.value)
                first.setdefault(hit.axis, hit)
        return {axis: hit for axis, hit in first.items() if len(values[axis]) == 1}

    def _of_an_organ(self, hit: Hit) -> bool:
        """Whether it is the side of a heart, a bundle, a colon, which says nothing of the rest of the sentence."""
        return self.folded.startswith(hit.value, hit.start) and is_part(
            hit.value, self.folded, hit.start + len(hit.value)
        )


def _opens(mention: Mention, prefixes: tuple[str, ...]) -> bool:
    return any(t.code.startswith(prefixes) for t in mention.terms)
