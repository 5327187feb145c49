"""Where a sentence names what is used, and the words around each name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import _substance_words as words

_SMOKING = frozenset(("smokes", "smoking", "smoked", "smoke", "vapes", "vaping", "vaped", "vape"))
_ALSO_SMOKED = frozenset(("cannabis", "cocaine", "stimulants", "opioids"))
_TO_ITS_OBJECT = re.compile(r"\s(?:(?!and|or)\w+\s){0,2}")
# How far before a name the words are looked at that make something else of it.
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Anchor:
    """A name of a substance at a place of a folded text."""

    substance: str
    product: str
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence `folded[first:last]` and the names of substances in it."""

    folded: str
    first: int
    last: int
    anchors: Sequence[Anchor]
    trying: bool

    def surroundings(self) -> Iterator[Surrounded]:
        """Each name with the words from the name before it to the next."""
        for number, anchor in enumerate(self.anchors):
            begin = self.anchors[number - 1].end if number else self.first
            stop = self.anchors[number + 1].start if number + 1 < len(self.anchors) else self.last
            folded = self.folded
            yield Surrounded(self, anchor, number, folded[begin : anchor.start], folded[anchor.end : stop])


@dataclass(frozen=True, slots=True)
class Surrounded:
    """A name of a substance, its number in the sentence, the words before it and behind it up to the other names."""

    sentence: Sentence
    anchor: Anchor
    number: int
    before: str
    behind: str

    @property
    def lead(self) -> str:
        """The sentence up to the name."""
        return self.sentence.folded[self.sentence.first : self.anchor.start]

    @property
    def listed(self) -> bool:
        """Whether nothing but a joint of a list parts the name from the one before it."""
        return self.number > 0 and bool(words.LIST.fullmatch(self.before))


def sentence(folded: str, first: int, last: int) -> Sentence:
    """The sentence with its names."""
    anchors = _without_verbs(folded, list(_anchors(folded, first, last)))
    trying = bool(anchors and words.TRYING.search(folded, first, last))
    return Sentence(folded, first, last, anchors, trying)


def _anchors(folded: str, first: int, last: int) -> Iterator[Anchor]:
    """The names of substances that are names of what is used, not of something else."""
    for match in words.ANCHOR.finditer(folded, first, last):
        start = match.start()
        if words.NOT_BEHIND.match(folded, start):
            continue
        if not _is_other_thing(match.group(), folded[max(first, start - _BEFORE) : start]):
            substance, product = words.KINDS[(match.lastindex or 1) - 1]
            yield Anchor(substance, product, match.group(), start, match.end())


def _is_other_thing(word: str, before: str) -> bool:
    """Whether the words before make of the name that of something else: soft drinks, an oral drug."""
    if words.NOT_BEFORE.search(before):
        return True
    return any(word.startswith(stems) and pattern.search(before) for stems, pattern in words.NOT_BEFORE_WORD)


def _without_verbs(folded: str, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Without the "smokes" of "smokes marijuana", which says how another substance is used, and its like."""
    kept: list[Anchor] = []
    for number, anchor in enumerate(anchors):
        after = anchors[number + 1] if number + 1 < len(anchors) else None
        is_verb = after and anchor.word in _SMOKING and after.substance in _ALSO_SMOKED
        if is_verb and after and _TO_ITS_OBJECT.fullmatch(folded, anchor.end, after.start):
            continue
        if not (kept and _belongs_to(kept[-1], anchor)):
            kept.append(anchor)
    return kept


def _belongs_to(last: Anchor, anchor: Anchor) -> bool:
    """Whether a name right behind another only completes it: vapes nicotine, a marijuana smoker."""
    if anchor.start - last.end > 2:
        return False
    vaped = anchor.word == "nicotine" and last.product == "vaping"
    return vaped or (anchor.word == "smoker" and last.substance == "cannabis")
