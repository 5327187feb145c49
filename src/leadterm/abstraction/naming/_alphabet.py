"""Words as letters: one character for every word of the dictionary, so that an automaton reads words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

from leadterm.codesets.wording import BARRIER

UNKNOWN = "\0"
CONJUNCTIONS = ("and", "or", "nor")  # have a letter even where no phrase has them
_FIRST = 0x100
_HALVES = range(0xD800, 0xE000)  # no characters, and no automaton takes them
_SPACE = _HALVES.stop - _HALVES.start


class Alphabet:
    """The letters of the words of some phrases; a sentence mark is itself, a word of no phrase is UNKNOWN.

    Attributes:
        words: Every word that has a letter, in order of its letter.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Letters for words, in their order (see `words_of`)."""
        self.words = tuple(words)
        self._letters = {word: _letter(number) for number, word in enumerate(self.words)}
        self._letters[BARRIER] = BARRIER

    def letter(self, word: str) -> str:
        """The letter of a word."""
        return self._letters.get(word, UNKNOWN)

    def read(self, words: Iterable[str]) -> str:
        """Words as letters, one each."""
        return "".join(map(self._letters.get, words, repeat(UNKNOWN)))


def words_of(phrases: Iterable[str]) -> tuple[str, ...]:
    """Every word of some phrases, and those that always have a letter, in the order in which they first stand there."""
    seen = dict.fromkeys(CONJUNCTIONS)
    for phrase in phrases:
        seen.update(dict.fromkeys(phrase.split()))
    return tuple(seen)


def _letter(number: int) -> str:
    point = _FIRST + number
    return chr(point if point < _HALVES.start else point + _SPACE)
