"""Which charges are what a chart tells: precision before recall.

A charge fits where each of its words stands with the service or in its sentence, where each word that names the service
stands in it, and where side, contrast, views and size do not differ. Of those that fit the one that says most is it;
where several say as much, or one would be it if the chart told more, a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .wording import Wording, implied, wording

R = TypeVar("R")
MOST_OPTIONS = 6
# How much was done: a charge that says it is asked about where the chart does not.
GRADES = frozenset("simple complex complicated intermediate single multiple limited complete unilateral".split())


@dataclass(frozen=True, slots=True)
class Said:
    """A documented service in words.

    Attributes:
        heads: Ways to name it, each as its words: what was written, and the plain name.
        around: All words of its sentence and of its attributes, with what its places are.
        detail: Side, contrast, views and size as they are told.
    """

    heads: tuple[frozenset[str], ...]
    around: frozenset[str]
    detail: Wording


@dataclass(frozen=True, slots=True)
class Matched(Generic[R]):
    """The charge that a service is, or those that it may be."""

    row: R | None
    options: tuple[R, ...] = ()


class Index(Generic[R]):
    """Charges by their words."""

    def __init__(self, described: Iterable[tuple[R, str]]) -> None:
        self._rows: list[tuple[R, Wording]] = [(row, wording(text)) for row, text in described]
        self._by_word: dict[str, list[int]] = {}
        for n, (_, said) in enumerate(self._rows):
            for word in said.flat:
                self._by_word.setdefault(word, []).append(n)

    def __len__(self) -> int:
        return len(self._rows)

    def match(self, said: Said) -> Matched[R]:
        """The charge of a service; none, one, or options."""
        fitting = [n for n in self._candidates(said) if self._fits(n, said)]
        if not fitting:
            return Matched(None)
        most = max(self._weight(n) for n in fitting)
        best = [n for n in fitting if self._weight(n) == most]
        sure = [n for n in best if self._sure(n, said)]
        if len(sure) == 1 and len(best) == 1:
            return Matched(self._rows[sure[0]][0])
        if len(sure) == 1 and all(self._vaguer(n, sure[0]) for n in best if n != sure[0]):
            return Matched(self._rows[sure[0]][0])
        # One charge alone is no question: it would lead the answer.
        return Matched(None, tuple(self._rows[n][0] for n in best[:MOST_OPTIONS]) if len(best) > 1 else ())

    def _candidates(self, said: Said) -> Sequence[int]:
        """The charges that have all words of one way to name the service, those of the rarest word looked at."""
        found: set[int] = set()
        for head in said.heads:
            rarest = min(head, key=lambda word: len(self._by_word.get(word, ())), default="")
            found.update(self._by_word.get(rarest, ()))
        return sorted(found)

    def _fits(self, n: int, said: Said) -> bool:
        own = self._rows[n][1]
        if not any(head <= own.flat for head in said.heads):
            return False
        if not all(group & said.around or group <= GRADES for group in own.words):
            return False
        return _agree(own, said.detail)

    def _weight(self, n: int) -> int:
        return sum(1 for group in self._rows[n][1].words if not group <= GRADES)

    def _sure(self, n: int, said: Said) -> bool:
        """Whether the chart tells all that the charge asks."""
        own, told = self._rows[n][1], said.detail
        asked = ((own.side, told.side), (own.contrast, told.contrast), (own.views, told.views), (own.size, told.size))
        graded = all(group & said.around for group in own.words)
        return graded and all(not wanted or given for wanted, given in asked)

    def _vaguer(self, n: int, than: int) -> bool:
        """Whether a charge says less than another: no grade, or nothing of side, contrast, views or size."""
        less, more = self._rows[n][1], self._rows[than][1]
        pairs = (
            (less.side, more.side),
            (less.contrast, more.contrast),
            (less.views, more.views),
            (less.size, more.size),
        )
        return all(not own or own == other for own, other in pairs) and less != more


def _agree(row: Wording, told: Wording) -> bool:
    """Whether side, contrast, views and size of both can be the same; what either leaves open is open."""
    if row.side and told.side and row.side != told.side:
        return False
    if row.contrast and told.contrast and row.contrast != told.contrast:
        return False
    return _within(told.views, row.views) and _within(told.size, row.size)


def _within(told: tuple[float, float] | None, row: tuple[float, float] | None) -> bool:
    return told is None or row is None or (row[0] <= told[0] and told[1] <= row[1])


def said(names: Iterable[str], around: str, side: str = "") -> Said:
    """A service by ways to name it and the words around it."""
    detail = wording(around)
    heads = tuple(dict.fromkeys(found for name in names if (found := wording(name).flat)))
    every = implied(frozenset().union(detail.flat, *heads))
    whole = Wording((), side or detail.side, detail.contrast, detail.views, detail.size)
    return Said(heads, every, whole)
