"""The peer of search: tf-idf with cosine over titles, by words and by the letters of words, in plain Python."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import ClassVar

GRAM = 3


class Peer:
    """Ranks titles by the cosine of their tf-idf vectors with that of the query."""

    NAME: ClassVar[str]

    def __init__(self, titles: Sequence[tuple[str, str]]) -> None:
        self._codes = [code for code, _ in titles]
        counts = [Counter(self.terms(title)) for _, title in titles]
        seen = Counter(term for count in counts for term in count)
        self._idf = {term: math.log(len(titles) / n) + 1 for term, n in seen.items()}
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for number, count in enumerate(counts):
            for term, weight in self._vector(count).items():
                self._postings.setdefault(term, []).append((number, weight))

    def terms(self, text: str) -> Iterable[str]:
        """What is counted."""
        raise NotImplementedError

    def _vector(self, count: Counter[str]) -> dict[str, float]:
        weights = {term: (1 + math.log(n)) * self._idf[term] for term, n in count.items() if term in self._idf}
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        return {term: w / length for term, w in weights.items()}

    def find(self, text: str, most: int) -> list[str]:
        """The codes of the best titles."""
        scores: dict[int, float] = {}
        for term, weight in self._vector(Counter(self.terms(text))).items():
            for number, own in self._postings[term]:
                scores[number] = scores.get(number, 0.0) + weight * own
        return [self._codes[number] for number in nlargest(most, scores, key=lambda n: scores[n])]


class Words(Peer):
    """By words."""

    NAME = "tf-idf of words"

    def terms(self, text: str) -> Iterable[str]:
        """Words in lower case."""
        return re.findall(r"\w+", text.lower())


class Characters(Peer):
    """By the letters of words."""

    NAME = "tf-idf of trigrams"

    def terms(self, text: str) -> Iterable[str]:
        """Three letters each, within words with their edges."""
        words = (f" {word} " for word in re.findall(r"\w+", text.lower()))
        return [word[n : n + GRAM] for word in words for n in range(len(word) - GRAM + 1)]
