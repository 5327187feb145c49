"""Terms whose words stand in another order than in any book: "kidney disease, stage 3b, chronic", "of the knee pain".

A term of a few words is found wherever just its words stand together, in any order, with nothing between but what
does not change which thing is meant: small words, sides, stages, grades of acuity and severity.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from leadterm.codesets.axes import find_axes

from ._alphabet import UNKNOWN, Alphabet
from ._candidate import Candidate

_LEAST, _MOST = 2, 5  # words of a term that may be permuted
_SPREAD = 8  # words between the first and the last of them
_SMALL = frozenset("of in at on".split())
_TELLING = frozenset("stage grade type class degree 1 2 3 4 5 3a 3b 1a 1b 2a 2b now currently known".split())
# Words that say how two things are joined: their order tells which is which.
_JOINING = frozenset(
    "with without to due and or from by for not no non after during following history status secondary versus than"
    " test screening low high left right as against between into".split()
)
Punctuation = Callable[[int, int], Iterator[int]]


class Permuted:
    """The terms that are known by their words alone."""

    def __init__(self, bags: dict[str, list[tuple[str, int]]], alphabet: Alphabet) -> None:
        """`bags`: see `bags_of`."""
        self._bags = bags
        seconds: dict[str, set[str]] = {}
        for pair in bags:
            seconds.setdefault(pair[0], set()).add(pair[1])
        self._seconds = {first: frozenset(others) for first, others in seconds.items()}
        self._firsts = frozenset(seconds)
        self._modifying = frozenset(alphabet.letter(w) for w in alphabet.words if w in _TELLING or _is_axis(w))
        self._passed = self._modifying | {alphabet.letter(w) for w in _SMALL}
        parting = "".join(alphabet.letter(w) for w in sorted(_JOINING) if w in alphabet.words)
        self._together = re.compile(f"[^.{UNKNOWN}{re.escape(parting)}]{{2,}}")

    def find(self, letters: str, punctuated: Punctuation) -> Iterator[Candidate]:
        """Every place where all words of a term stand together; whether they say more than others is not asked."""
        firsts, seconds, bags, passed = self._firsts, self._seconds, self._bags, self._passed
        for run in self._together.finditer(letters):
            said = run.group()
            present = frozenset(said)
            if passed.isdisjoint(present):
                continue  # what stands without such words in another order is not English
            for first in firsts & present:
                for second in seconds[first] & present:
                    for bag, number in bags[first + second]:
                        if present.issuperset(bag):
                            yield from self._placed(said, run.start(), first, bag, number, punctuated)

    def _placed(
        self, said: str, offset: int, rarest: str, bag: str, number: int, punctuated: Punctuation
    ) -> Iterator[Candidate]:
        at = said.find(rarest)
        while at >= 0:
            place = self._window(said, at, bag)
            if place is not None:
                first, last = offset + place[0], offset + place[1]
                marks = list(punctuated(first, last))
                trailing = all(set(said[mark + 1 - offset : place[1]]) <= self._modifying for mark in marks)
                if trailing and not (marks and self._goes_on(said, place[1], offset, punctuated)):
                    yield Candidate(first, last, number, len(bag))
            at = said.find(rarest, at + 1)

    def _goes_on(self, said: str, last: int, offset: int, punctuated: Punctuation) -> bool:
        """Whether what trails behind a comma belongs to the next thing: "gout, chronic kidney disease"."""
        for at in range(last, len(said)):
            if any(punctuated(offset + at - 1, offset + at + 1)):
                return False
            if said[at] not in self._passed:
                return True
        return False

    def _window(self, said: str, at: int, bag: str) -> tuple[int, int] | None:
        """The words around `at` that have the whole bag and else only words that are passed over, if there are."""
        passed, wanted = self._passed, bag
        first = at
        left = {said[at]}
        while first > 0 and (said[first - 1] in wanted or said[first - 1] in passed) and at - first < _SPREAD:
            first -= 1
            left.add(said[first])
        last = at + 1
        while last < len(said) and (said[last] in wanted or said[last] in passed) and last - at < _SPREAD:
            last += 1
            left.add(said[last - 1])
        if not left.issuperset(bag):
            return None
        while said[first] not in wanted:
            first += 1
        while said[last - 1] not in wanted:
            last -= 1
        return first, last


def bags_of(phrases: Iterable[tuple[str, int]], alphabet: Alphabet) -> dict[str, list[tuple[str, int]]]:
    """The letters and numbers of phrases by the two rarest words of each; of two of the same words neither is known.

    By the rarest, so that a text is asked for few phrases that it does not have.
    """
    bags: dict[frozenset[str], int] = {}
    twice: set[frozenset[str]] = set()
    for phrase, number in phrases:
        bag = _bag(phrase)
        if bag is None:
            continue
        if bag in bags:
            twice.add(bag)
        bags[bag] = number
    held = Counter(word for bag in bags for word in bag)
    found: dict[str, list[tuple[str, int]]] = {}
    for bag, number in bags.items():
        if bag not in twice:
            first, second = map(alphabet.letter, sorted(bag, key=lambda word: (held[word], word))[:2])
            found.setdefault(first + second, []).append((alphabet.read(sorted(bag)), number))
    return found


def _bag(phrase: str) -> frozenset[str] | None:
    words = phrase.split()
    if not _JOINING.isdisjoint(words):
        return None
    bag = frozenset(words) - _SMALL
    if not _LEAST <= len(bag) <= _MOST or any(len(w) < 3 or w.isdigit() for w in bag):
        return None
    return bag


def _is_axis(word: str) -> bool:
    hit = next(find_axes(word), None)
    return hit is not None and (hit.start, hit.end) == (0, len(word))
