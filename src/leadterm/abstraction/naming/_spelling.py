"""Misspelt words of the dictionary: one letter wrong, missing, too many or out of place, in a long word.

Only words that are no word of the dictionary are mended, and only where one word alone can be meant. Real words of
everyday English that look like a slip of a medical one are listed (`not_typos.txt`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from zlib import crc32

_LEAST = 7  # letters of a word that is mended; shorter ones are too near to each other
_LONGEST = 40
_KEPT = 50_000
# Where a word of the trade begins or ends with another of these, it is another word: hemithorax and hemothorax.
_BEGINNINGS = (
    ("hemi", "hemo", "hema"),
    ("inter", "intra", "infra"),
    ("hyper", "hypo"),
    ("ante", "anti"),
    ("ab", "ad"),
    ("peri", "para", "pre", "pro"),
    ("macro", "micro"),
    ("in", "un", "en"),
)
_ENDINGS = (("otomy", "ostomy", "ectomy", "oscopy"), ("oma", "ona"), ("tropia", "topia"), ("ing", "ed", "er"))


class Speller:
    """Knows the long words of a dictionary by everything that is left of them without one letter."""

    def __init__(self, words: Iterable[str], without: Mapping[int, Sequence[str]]) -> None:
        """`without`: see `shortened_words`."""
        self._words = frozenset(_long(words))
        self._without = without
        self.correct = lru_cache(_KEPT)(self._correct)

    def _correct(self, word: str) -> str | None:
        """The word that is meant by a misspelt one; None where none or several can be meant."""
        if not _LEAST <= len(word) <= _LONGEST or not word.isalpha() or not word.isascii() or word in _real():
            return None
        # The plural's s may have been the word's own: "diverticulits".
        for said in (word, f"{word}s"):
            found = {w for form in (said, *_shortened(said)) for w in self._near(form) if _one_slip(said, w)}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _near(self, form: str) -> Iterator[str]:
        if form in self._words:
            yield form
        yield from self._without.get(_key(form), ())


def shortened_words(words: Iterable[str]) -> dict[int, list[str]]:
    """The long words of a dictionary by what is left of each without one letter."""
    found: dict[int, list[str]] = {}
    for word in _long(words):
        for rest in _shortened(word):
            found.setdefault(_key(rest), []).append(word)
    return found


def _long(words: Iterable[str]) -> Iterator[str]:
    return (w for w in words if len(w) >= _LEAST and w.isalpha() and w.isascii())


def _key(rest: str) -> int:
    """A number for a word, the same in every process, as Python's own hash is not."""
    return crc32(rest.encode())


def _shortened(word: str) -> Iterator[str]:
    """The word without one letter, for each letter but the first, which people seldom miss."""
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _one_slip(said: str, meant: str) -> bool:
    """Whether one insertion, omission, substitution or transposition, not in an ending, makes `said` of `meant`."""
    if said[0] != meant[0] or abs(len(said) - len(meant)) > 1 or _inflected(said, meant) or _another(said, meant):
        return False
    at = next((i for i, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), min(len(said), len(meant)))
    if len(said) < len(meant):
        return said[at:] == meant[at + 1 :]
    if len(said) > len(meant):
        return said[at + 1 :] == meant[at:]
    swapped = said[at : at + 2] == meant[at : at + 2][::-1] and said[at + 2 :] == meant[at + 2 :]
    return swapped or said[at + 1 :] == meant[at + 1 :]


def _inflected(said: str, meant: str) -> bool:
    """Whether the two differ in their last two letters only: another form of the word, or another word."""
    shared = min(len(said), len(meant)) - 2
    return said[:shared] == meant[:shared] and said[-2:] != meant[-2:] and said[-1] != meant[-1]


def _another(said: str, meant: str) -> bool:
    """Whether both are words built of different parts."""
    pairs = ((_affix(said, row, str.startswith), _affix(meant, row, str.startswith)) for row in _BEGINNINGS)
    tails = ((_affix(said, row, str.endswith), _affix(meant, row, str.endswith)) for row in _ENDINGS)
    return any(a and b and a != b for a, b in (*pairs, *tails))


def _affix(word: str, row: tuple[str, ...], has: Callable[[str, str], bool]) -> str:
    return next((part for part in row if has(word, part)), "")


@cache
def _real() -> frozenset[str]:
    text = (files(__package__) / "not_typos.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
