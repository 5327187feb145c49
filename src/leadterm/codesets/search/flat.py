"""Finds procedures and supplies: lists of titles without a tree, written to a scheme, so that every word counts."""

from __future__ import annotations

from typing import Any

from .asked import Asked, Word
from .entry import candidate
from .kin import Ranked
from .opening import Index
from .sources import KINDS, TITLE
from .words import SHORT, stem

AS_WRITTEN, BY_STEM = 0.5, 1.0
IS_TITLE, IS_PHRASE = 3.0, 0.4
# Diagnoses come first where both are found equally well; a title that lacks words stands behind all that have them.
FOUND, LACKING = 0.9, 0.4
# Candidates taken beyond what is wanted, because a code may have two phrases.
SPARE = 20
_TITLE = KINDS.index(TITLE)


class Flat:
    """Search over the index of procedures or of supplies."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def find(self, asked: Asked, most: int, whole: bool) -> list[Ranked]:
        """The best codes, best first; with `whole` only those that have every word."""
        if asked.hopeless or not asked.words or self._index.empty:
            return []
        parts = [self._word(word) for word in asked.words]
        found: dict[int, Ranked] = {}
        exact = {n for _, n in self._index.hits(self._index.term("whole", " ".join(asked.typed)), most)}
        if all(parts):
            self._add(found, self._index.all_of(self._index.any_of(p) for p in parts), exact, asked, most, FOUND)
        if not whole and len(found) < most and any(parts):
            self._add(found, self._index.any_of(q for p in parts for q in p), exact, asked, most, LACKING)
        return sorted(found.values(), key=lambda r: (-r.score, r.own.title))

    def may_have(self, asked: Asked) -> bool:
        """Whether every word of a query, read by what diagnoses say, is known here: quickly told, and rarely wrong."""
        index = self._index
        return not index.empty and all(
            index.rarity("words", word.typed) or any(index.rarity("words", way) for way, _ in word.ways)
            for word in asked.words
        )

    def count(self, asked: Asked) -> int:
        """How many phrases have every word."""
        parts = [self._word(word) for word in asked.words]
        if not parts or self._index.empty or not all(parts):
            return 0
        title = self._index.term("mark", TITLE)
        return self._index.count(self._index.all_of([title, *(self._index.any_of(p) for p in parts)]))

    def _word(self, word: Word) -> list[Any]:
        """The ways in which a word may be there; empty when it is nowhere."""
        index = self._index
        ways = []
        for way, weight in word.ways:
            if index.found_in("words", way):
                ways.append(index.term("words", way, AS_WRITTEN * weight))
            if index.found_in("stems", stem(way)):
                ways.append(index.term("stems", stem(way), BY_STEM * weight))
        if len(word.typed) <= SHORT and index.found_in("begins", word.typed):
            ways.append(index.term("begins", word.typed))
        return ways

    def _add(
        self, found: dict[int, Ranked], query: Any, exact: set[int], asked: Asked, most: int, weight: float
    ) -> None:
        ideal = sum(max((self._weight(way) * w for way, w in word.ways), default=0.0) for word in asked.words) or 1.0
        scores = {number: weight * score / ideal for score, number in self._index.hits(query, most + SPARE)}
        for number in exact:
            scores.setdefault(number, weight)
        numbers = list(scores)
        for number, packed in zip(numbers, self._index.places(numbers), strict=True):
            own, points = candidate(packed), scores[number]
            if number in exact:
                points += IS_TITLE if own.kind == _TITLE else IS_PHRASE
            if own.title not in found or found[own.title].score < points:
                found[own.title] = Ranked(number, own, points)

    def _weight(self, way: str) -> float:
        return AS_WRITTEN * self._index.rarity("words", way) + BY_STEM * self._index.rarity("stems", stem(way))
