"""Terms that share words with a neighbour: "type 1 and 2 diabetes", "hip and knee pain", "pain in the hip and knee"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from ._alphabet import CONJUNCTIONS, UNKNOWN, Alphabet
from ._candidate import Candidate

# A class of characters leads, so that the search runs over what is none of them at full speed.
_SLASH = re.compile(r"[/&](?:(?<=[a-z\d].)|(?<=[a-z\d] .)) ?(?=[a-z\d])")
_OWN = 2  # words that a shared word completes
_SHARED = 3
_TAIL = 2
_ITEMS = 8  # of a list before the conjunction


class Ellipsis:
    """Finds terms of which one part stands with a neighbour of the same list."""

    def __init__(self, numbers: Mapping[str, int], alphabet: Alphabet) -> None:
        """`numbers` by the letters of each phrase."""
        self._numbers = numbers
        longer = [letters for letters in numbers if 1 < len(letters) <= _OWN + _SHARED]
        # What phrases begin and end with: most places of a text are done with one look.
        self._heads = frozenset().union(*({w[:n] for w in longer if len(w) > n} for n in range(1, _SHARED + 1)))
        self._tails = frozenset().union(*({w[-n:] for w in longer if len(w) > n} for n in range(1, _TAIL + 1)))
        self._inner = frozenset("".join(w[1:] for w in longer))
        self._join = re.compile(f"[{alphabet.read(CONJUNCTIONS)}]")

    def find(self, letters: str, folded: str, starts: Sequence[int], ends: Sequence[int]) -> Iterator[Candidate]:
        """Every place where words of a list make a term with the words that their neighbour has."""
        for left, right in self._seams(letters, folded, starts):
            if left < 0 or right >= len(letters) or letters[right] == UNKNOWN:
                continue
            if letters[left] in self._heads or (left and letters[left - 1 : left + 1] in self._heads):
                yield from self._completed_behind(letters, left, right, folded, starts, ends)
            if letters[left] != UNKNOWN and letters[right] in self._inner:
                yield from self._completed_before(letters, left, right)

    def _seams(self, letters: str, folded: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The words on either side of each conjunction and stroke."""
        for match in self._join.finditer(letters):
            yield match.start() - 1, match.start() + 1
        if "/" in folded or "&" in folded:
            for match in _SLASH.finditer(folded):
                right = bisect_left(starts, match.end())
                if right < len(starts) and starts[right] == match.end():
                    yield right - 1, right

    def _completed_behind(
        self, letters: str, left: int, right: int, folded: str, starts: Sequence[int], ends: Sequence[int]
    ) -> Iterator[Candidate]:
        """ "hip and knee pain": the words before the seam with the last words behind it."""
        for shared in range(right + 1, right + _OWN + 2):
            for size in range(1, _TAIL + 1):
                # What stands behind the seam must itself be said with the shared words, or they are not shared.
                behind = letters[right : shared + size]
                if len(behind) < shared + size - right:
                    return
                if letters[shared : shared + size] in self._tails and (
                    behind in self._numbers or letters[max(0, left - 1) : left] + behind in self._numbers
                ):
                    yield from self._before(letters, left, shared, size, folded, starts, ends)

    def _before(
        self, letters: str, left: int, shared: int, size: int, folded: str, starts: Sequence[int], ends: Sequence[int]
    ) -> Iterator[Candidate]:
        """The items of a list before a seam, from the last to the first, each completed by the shared words."""
        tail = letters[shared : shared + size]
        last = left + 1
        for _ in range(_ITEMS):
            number, first = next(
                (
                    (n, last - own)
                    for own in range(_OWN, 0, -1)
                    if last >= own
                    and letters[last - own : last] not in self._numbers
                    and (n := self._numbers.get(letters[last - own : last] + tail)) is not None
                ),
                (None, 0),
            )
            if number is None:
                return
            yield Candidate(first, last, number, last - first + size, ((shared, shared + size),))
            if first == 0 or "," not in folded[ends[first - 1] : starts[first]]:
                return
            last = first

    def _completed_before(self, letters: str, left: int, right: int) -> Iterator[Candidate]:
        """ "pain in the hip and knee", "type 1 and 2 diabetes": the words behind the seam with those before it."""
        for own in range(1, _OWN + 1):
            for size in range(1, _SHARED + 1):
                first = left + 1 - own - size
                head = letters[max(first, 0) : first + size]
                if first < 0 or head not in self._heads:
                    continue
                # What stands before the seam must itself be said with the shared words, or they are not shared.
                whole = self._numbers.get(letters[first : left + 1])
                for more in range(_SHARED, 0, -1):
                    tail = letters[right : right + more]
                    number = self._numbers.get(head + tail)
                    if number is None or len(tail) < more or tail in self._numbers:
                        continue  # what is something by itself need not share
                    if whole is not None or (more > 1 and letters[first : left + 1] + tail[-1:] in self._numbers):
                        yield Candidate(right, right + more, number, size + more, ((first, first + size),))
                        break
