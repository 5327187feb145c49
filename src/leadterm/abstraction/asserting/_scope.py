"""What the cues of a segment reach: the words that speak of each mention.

A cue reaches from its place to the end of the segment, a terminator, the end of its list item or its limit, forward or
backward. A nearer cue may keep a farther one away.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from leadterm.domain import Assertion

from ._cues import BITS, SECTION, Hit, Rule, load

# A nearer cue of the first keeps farther ones of the others away, unless both stand together ("possible history of").
_SHADOWS = {
    Assertion.UNCERTAIN: BITS[Assertion.ABSENT] | BITS[Assertion.HISTORICAL],
    Assertion.HISTORICAL: BITS[Assertion.ABSENT] | BITS[Assertion.UNCERTAIN],
    Assertion.PRESENT: BITS[Assertion.HISTORICAL] | BITS[Assertion.UNCERTAIN],
}
# What somebody who says afterwards that it is there takes back ("history of gout, now on allopurinol").
_OUTDONE_BEFORE = frozenset({Assertion.UNCERTAIN, Assertion.HISTORICAL, Assertion.RESOLVED})
# What takes back a date that follows ("diagnosed with gout in 2010", "due for a mammogram in 2030").
_OUTDONE_AFTER = frozenset({Assertion.PRESENT, Assertion.PLANNED})
_TOGETHER = 3  # words between two cues that still stand together
_FARTHEST = 120  # tokens that any cue reaches, so that a text without a full stop stays linear
_NEAREST = 64  # cues on either side that are looked at
_LATEST = 20  # cues before a mention in which the segment may turn to the patient
_FOLLOWING = 120  # characters after a mention in which an "or" may end its list
_ITEM = re.compile(r"\n *(?:[-*+](?= )|[•▪◦●■‣⁃]|\(?\d{1,2}[.)](?= ))")
_OR = re.compile(r"\b(?:n?or|versus|vs)\b|/")
_UNIT = re.compile(r"(?:m?c?g|gm|units?|iu|meq|ml)\b")
_KEY = re.compile(r"(?:[^\W_]+[/ -]){0,3}[^\W_]+ ?[:?=](?:\s|\Z)")
_CLOSING = frozenset(".,;)]|")
_MARKS = frozenset("☐☒☑✓✔□▢⊠■)]")
_SINGULAR = frozenset({"is", "was", "has"})  # speaks of the last thing named, not of a list
_ASKING = ":-?=("
_TAKING = frozenset({"on", "takes", "taking", "uses", "using"})
_JOINING = frozenset({"and", "&", "/", "or", "nor", "&amp;"})

Reach = tuple[Assertion, int, int]
"""What a cue says, and its first token and the one after its last."""
Tokens = tuple[int, int]
"""A mention as tokens of its segment: the first, and the one after the last."""


class Scope:
    """One segment as tokens, with its cues and mentions: what stands where, and what reaches a mention."""

    __slots__ = (
        "_cues",
        "_end",
        "_folded",
        "_hits",
        "_items",
        "_mentions",
        "_patterns",
        "_pieces",
        "_places",
        "_symbols",
        "_touched",
    )

    def __init__(
        self, folded: str, start: int, end: int, pieces: list[str], symbols: list[int], hits: list[Hit]
    ) -> None:
        self._folded, self._end = folded, end
        self._pieces, self._symbols, self._hits = pieces, symbols, hits
        self._places = list(accumulate(map(len, pieces), initial=start))
        self._cues = load()
        self._patterns = self._cues.patterns
        self._mentions: list[Tokens] = []
        self._touched = False
        self._items: list[int] = []
        if folded.find("\n", start, end) >= 0:
            self._items = [bisect_right(self._places, m.end()) - 1 for m in _ITEM.finditer(folded, start, end)]

    def put(self, mentions: Sequence[tuple[int, int]]) -> list[Tokens]:
        """The mentions of the segment as tokens, in their order; from now on they are known to stand there."""
        places = self._places
        spans = [(bisect_right(places, a) - 1, bisect_left(places, b)) for a, b in mentions]
        self._mentions = sorted(spans)
        self._touched = self._without_inner()
        return spans

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where tokens stand in the text, without the blanks after them."""
        return self._places[first], self._places[last - 1] + len(self._pieces[last - 1].rstrip())

    def turned(self, mention: Tokens) -> bool:
        """Whether the segment has turned from what its section is about to the patient before a mention."""
        at = bisect_left(self._hits, (mention[0],))
        return any(self._patterns[n].ends_forward & SECTION for _, _, n in self._hits[max(0, at - _LATEST) : at])

    def reaching(self, mention: Tokens) -> list[Reach]:
        """Every cue that reaches a mention, the nearest of each assertion on either side."""
        hits = self._around(mention) if self._touched else self._hits
        at = bisect_left(hits, (mention[0],))
        forward = self._from_left(mention, hits, at) if at else []
        if self._touched and (last := self._last_joined(mention)) != mention:
            hits = self._around(last)
            at = bisect_left(hits, (mention[0],))
        backward = self._from_right(mention, hits, at, forward) if at < len(hits) else []
        if not backward:
            return forward
        if any(word is Assertion.PRESENT for word, _, _ in backward):
            forward = [r for r in forward if r[0] not in _OUTDONE_BEFORE]
            backward = [r for r in backward if r[0] is not Assertion.UNCERTAIN]
        if any(word in _OUTDONE_AFTER for word, _, _ in forward):
            backward = [r for r in backward if r[0] is not Assertion.HISTORICAL]
        return forward + backward

    def _without_inner(self) -> bool:
        """Takes away the cues that are part of a mention ("diabetes without complications" negates nothing).

        Gives whether some cue shares words with a mention.
        """
        inner: set[int] = set()
        touched = False
        for first, last in self._mentions:
            at = bisect_left(self._hits, (first,))
            if at and self._hits[at - 1][1] > first:
                touched = True
            while at < len(self._hits) and self._hits[at][0] < last:
                if self._hits[at][1] <= last:
                    inner.add(at)
                touched = True
                at += 1
        if inner:
            self._hits = [hit for at, hit in enumerate(self._hits) if at not in inner]
        return touched

    def _around(self, mention: Tokens) -> list[Hit]:
        """The cues near a mention, found anew where one shares words with it."""
        first, last = mention
        at = bisect_left(self._hits, (first,))
        if not (at and self._hits[at - 1][1] > first) and not (at < len(self._hits) and self._hits[at][0] < last):
            return self._hits
        low, high = max(0, first - _FARTHEST), min(len(self._symbols), last + _FARTHEST)
        symbols = self._symbols[low:high]
        symbols[first - low : last - low] = [self._cues.nothing] * (last - first)
        found = [(a + low, b + low, n) for a, b, n in self._cues.find(symbols)]
        near = bisect_left(self._mentions, (low,))
        inner = [m for m in self._mentions[max(0, near - 1) : bisect_left(self._mentions, (high,))] if m != mention]
        return [h for h in found if not any(a <= h[0] and h[1] <= b for a, b in inner)]

    def _from_left(self, mention: Tokens, hits: list[Hit], at: int) -> list[Reach]:
        """Cues before the mention that reach it, the nearest of each assertion."""
        reached: list[Reach] = []
        ended = 0
        for index in range(at - 1, max(-1, at - 1 - _NEAREST), -1):
            start, end, number = hits[index]
            pattern = self._patterns[number]
            if pattern.forward and mention[0] - end < _FARTHEST and self._same_item(start, mention[0]):
                for rule in pattern.forward:
                    if rule.assertion is Assertion.UNCERTAIN and self._owned(end, mention[0]):
                        continue
                    if not ended & rule.bit and self._reaches_right(rule, start, end, mention):
                        reached.append((rule.assertion, start, end))
                        ended |= rule.bit
                        if rule.assertion in _SHADOWS and not self._together(hits, index):
                            ended |= _SHADOWS[rule.assertion]
            ended |= pattern.ends_forward
        return reached

    def _owned(self, cue_end: int, mention: int) -> bool:
        """Whether somebody has the thing anyway ("likely due to his chronic bronchitis")."""
        owners = self._cues.owners
        return any(self._symbols[at] in owners for at in range(max(cue_end, mention - 2), mention))

    def _together(self, hits: Sequence[Hit], at: int) -> bool:
        """Whether another cue stands right before the one at `at`, with no mention or punctuation between."""
        before = next((h[1] for h in reversed(hits[max(0, at - 8) : at]) if self._patterns[h[2]].forward), None)
        if before is None or hits[at][0] - before > _TOGETHER:
            return False
        between = self._symbols[before : hits[at][0]]
        return self._cues.breaks.isdisjoint(between) and not self._another_between(before, hits[at][0])

    def _from_right(self, mention: Tokens, hits: list[Hit], at: int, forward: Sequence[Reach]) -> list[Reach]:
        """Cues after the mention that reach back to it, the nearest of each assertion."""
        reached: list[Reach] = []
        ended = 0
        for start, end, number in hits[at : at + _NEAREST]:
            pattern = self._patterns[number]
            if pattern.backward and 0 <= start - mention[1] < _FARTHEST and self._same_item(start, mention[0]):
                for rule in pattern.backward:
                    if ended & rule.bit or (rule.doubted and not _doubted(forward)):
                        continue
                    if self._reaches_left(rule, start, end, mention):
                        reached.append((rule.assertion, start, end))
                        ended |= rule.bit
            if start >= mention[1]:
                ended |= pattern.ends_backward
        return reached

    def _same_item(self, cue: int, mention: int) -> bool:
        """Whether a cue stands in the words before a list, or in the same item as the mention."""
        if not self._items or cue < self._items[0]:
            return True
        return bisect_right(self._items, cue) == bisect_right(self._items, mention)

    def _reaches_right(self, rule: Rule, start: int, end: int, mention: Tokens) -> bool:
        if rule.direction == "either" and (self._final(end) or self._glued(start)):
            return False
        if rule.direction == "mark" and self._marks_follow(end):
            return False
        if end < mention[0] and self._answered(start, end):
            return False
        if self._leaves_parenthesis(end, mention[0]):
            return False
        if rule.assertion is Assertion.ABSENT and self._resumed(end, mention):
            return False
        return rule.far or self._within(rule, end, mention[0], mention[1])

    def _resumed(self, left: int, mention: Tokens) -> bool:
        """Whether denials end at what the patient takes ("no angina, on aspirin"; "no pain, aspirin 81 mg")."""
        first, after = mention
        taken = self._pieces[first - 1].rstrip() in _TAKING if first else False
        dosed = (
            after + 1 < len(self._pieces) and self._pieces[after][0].isdigit() and _UNIT.match(self._pieces[after + 1])
        )
        comma = first - 1 - taken
        return (taken or bool(dosed)) and left <= comma and self._pieces[comma][0] == ","

    def _leaves_parenthesis(self, left: int, right: int) -> bool:
        """Whether a parenthesis that a cue stands in is closed before the mention ("ATN (no dialysis), DIC")."""
        between = self._folded[self._places[left] : self._places[right]]
        if ")" not in between:
            return False
        opened = 0
        for mark in between:
            opened += (mark == "(") - (mark == ")")
            if opened < 0:
                return True
        return False

    def _reaches_left(self, rule: Rule, start: int, end: int, mention: Tokens) -> bool:
        direction = rule.direction
        if rule.assertion is Assertion.ABSENT:
            mention = self._last_joined(mention)
        if direction == "answer" and not (self._answers(mention[1], start) and self._final(end, answer=True)):
            return False
        if direction == "mark" and not self._marks_follow(end):
            return False
        if direction == "final" and not self._final(end, answer=rule.words == 0):
            return False
        if direction == "either" and not (self._final(end) or self._glued(start)):
            return False
        # "Hypertension, stroke in 2019": the year is that of the last.
        dated = rule.assertion is Assertion.HISTORICAL
        singular = dated or direction in ("final", "either") or self._pieces[start].rstrip() in _SINGULAR
        if (
            singular
            and self._cues.comma in self._symbols[mention[1] : start]
            and self._another_between(mention[1], start)
        ):
            return False
        return rule.far or self._within(rule, mention[1], start, mention[1])

    def _last_joined(self, mention: Tokens) -> Tokens:
        """The last of the mentions that are joined to this one: what follows it is said of all ("HBV and HCV neg")."""
        at = bisect_left(self._mentions, mention) + 1
        while at < len(self._mentions):
            following = self._mentions[at]
            if following[0] != mention[1] + 1 or self._pieces[mention[1]].rstrip() not in _JOINING:
                break
            mention, at = following, at + 1
        return mention

    def _answers(self, after: int, cue: int) -> bool:
        """Whether the words after a mention ask what the cue answers ("Fever: none")."""
        gap = self._folded[self._places[after - 1] + len(self._pieces[after - 1].rstrip()) : self._places[cue]].rstrip()
        return gap[-1:] in _ASKING and gap != "" and not any(mark in gap[:-1] for mark in ":;?=|")

    def _answered(self, start: int, end: int) -> bool:
        """Whether the cue answers what stands before it ("diabetes: no / gout: yes") and so says no more."""
        if start == 0 or self._pieces[end][0] not in ",/|)":
            return False
        return self._pieces[start - 1][0] in _ASKING and self._final(end, answer=True)

    def _marks_follow(self, end: int) -> bool:
        """Whether the marks of a form stand behind what they mark ("fever [x] cough [ ]")."""
        return self._final(end) or self._pieces[-1][0] in _MARKS

    def _another_between(self, left: int, right: int) -> bool:
        at = bisect_left(self._mentions, (left, 0))
        return at < len(self._mentions) and self._mentions[at][0] < right

    def _within(self, rule: Rule, left: int, right: int, after: int) -> bool:
        """Whether the words from `left` to `right` are few and plain enough for the rule."""
        between = self._symbols[left:right]
        if rule.phrase and not self._cues.breaks.isdisjoint(between):
            return False
        if right - left > rule.words and sum(p[0].isalnum() for p in self._pieces[left:right]) > rule.words:
            return False
        if rule.listed and self._cues.comma in between:
            gap = self._folded[self._places[left] : self._places[right]]
            return _OR.search(gap, gap.rfind(",")) is not None or self._or_follows(self._places[after])
        return True

    def _or_follows(self, after: int) -> bool:
        end = min(self._end, after + _FOLLOWING)
        stop = self._folded.find(";", after, end)
        return _OR.search(self._folded, after, end if stop < 0 else stop) is not None

    def _final(self, end: int, answer: bool = False) -> bool:
        """Whether a cue that ends before token `end` ends its clause, or the next question of a form follows."""
        if end >= len(self._pieces) or self._pieces[end][0] in _CLOSING or end in self._items:
            return True
        if self._pieces[end] == "/ " or (answer and self._pieces[end][0] == "("):
            return True
        return answer and _KEY.match(self._folded, self._places[end], self._end) is not None

    def _glued(self, start: int) -> bool:
        """Whether a mark stands at the end of a word ("pneumonia?")."""
        return self._pieces[start][0] == "?" and start > 0 and self._pieces[start - 1][-1].isalnum()


def _doubted(reached: Sequence[Reach]) -> bool:
    return any(word is Assertion.UNCERTAIN for word, _, _ in reached)
