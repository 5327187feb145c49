"""What speaks from a code to its kin: from children to their header, from a header to the child that is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .asked import Asked
from .entry import HEADER, NONE, Candidate, candidate
from .opening import Index
from .sources import KINDS, TITLE
from .words import search_words, stem, stems

# Two children speak for their header, less where "unspecified" is asked for.
CHILDREN, CHILDREN_UNSPECIFIED = 0.1, 0.1
MOST_HEADERS = 10
# How much better the code for "nothing more is said" is than its header's synonym, and a child that says the rest.
DEFAULT, THE_REST = 0.01, 0.02
# Headers at the top whose children are looked at, and how many of them.
LOOKED_INTO, MOST_CHILDREN = 2, 16
_TITLE = KINDS.index(TITLE)


@dataclass(slots=True)
class Ranked:
    """A code with its best phrase and score.

    Attributes:
        phrase: Number of the document with the phrase.
        own: What is known of it; `own.title` stands for the code.
        score: What speaks for it.
        further: How many more phrases of the code have counted.
        same: Whether the phrase says just what was asked.
        borrowed: Whether the phrase is that of a header of which the code is the default.
    """

    phrase: int
    own: Candidate
    score: float
    further: int = 0
    same: bool = False
    borrowed: bool = False


class Kin:
    """Adds to the codes that were found those that they speak for."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, found: dict[int, Ranked], asked: Asked) -> None:
        """Nothing; `found` has headers, defaults and children too, and what was there may have a better score."""
        self._add_headers(found, asked)
        self._add_children(found, asked)
        self.add_defaults(found)

    def _add_headers(self, found: dict[int, Ranked], asked: Asked) -> None:
        """A header of which two children are there is no worse than the second of them, less a little."""
        children: dict[int, list[float]] = {}
        for parent, ranked in zip(self._index.places(found, "parent"), found.values(), strict=True):
            if parent != NONE:
                children.setdefault(parent, []).append(ranked.score)
        less = CHILDREN + CHILDREN_UNSPECIFIED * asked.unspecified
        seconds = sorted(((sorted(s)[-2] - less, n) for n, s in children.items() if len(s) > 1), reverse=True)
        for score, number in seconds[:MOST_HEADERS]:
            _raise(found, number, score, lambda n=number: Ranked(n, self._candidate(n), 0.0))  # type: ignore[misc]

    def _add_children(self, found: dict[int, Ranked], asked: Asked) -> None:
        """Who says "carpal tunnel left" means the child that is left, where the header has the synonym."""
        wanted = {stem(word.ways[0][0]) for word in asked.words if word.ways}
        best = sorted(found.values(), key=lambda r: -r.score)[:LOOKED_INTO]
        for header in best:
            if not header.own.flags & HEADER:
                continue
            entry = self._index.entry(header.phrase)
            said = set(stems(search_words(f"{entry.surface} {entry.description}")))
            if lacking := wanted - said:
                self._add_child(found, header, entry.code, lacking)

    def _add_child(self, found: dict[int, Ranked], header: Ranked, code: str, lacking: set[str]) -> None:
        index = self._index
        below = index.starting("code", code.replace(".", ""), MOST_CHILDREN + 1)[1:]
        titles = index.hits(index.any_of(index.term("code", one) for one in below), MOST_CHILDREN)
        says = {n: len(lacking.intersection(stems(search_words(index.entry(n).surface)))) for _, n in titles}
        most = max(says.values(), default=0)
        chosen = [number for number, count in says.items() if count == most] if most else []
        # Where several say it, it is not the way to tell them apart.
        if len(chosen) == 1:
            own = self._candidate(chosen[0])
            _raise(found, own.title, header.score + THE_REST, lambda: Ranked(header.phrase, own, 0.0, borrowed=True))

    def add_defaults(self, found: dict[int, Ranked]) -> None:
        """Whoever names a header by a synonym means the code that says no more; by its title, the header first."""
        headers = [r for r in found.values() if r.same and r.own.flags & HEADER and r.own.default != NONE]
        for header in headers:
            titled = header.own.kind == _TITLE
            own = self._candidate(header.own.default)
            phrase = own.title if titled else header.phrase
            score = header.score + (-DEFAULT if titled else DEFAULT)
            known = found.get(own.title)
            if known is None or known.score < score:
                found[own.title] = Ranked(phrase, own, score, borrowed=not titled)

    def _candidate(self, number: int) -> Candidate:
        return candidate(self._index.places([number])[0])


def _raise(found: dict[int, Ranked], number: int, score: float, made: Callable[[], Ranked]) -> None:
    """Nothing; the code is among `found` with at least this score."""
    ranked = found.get(number)
    if ranked is None:
        ranked = found[number] = made()
        ranked.score = score
    ranked.score = max(ranked.score, score)
