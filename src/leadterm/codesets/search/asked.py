"""What is asked: every word of a query with what it may stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from .opening import Words
from .words import OPTIONAL, RESIDUAL, SHORT, asked_words, search_words

# Words of a query that are compared with a whole title, and that are looked for.
LONGEST, MOST_WORDS = 80, 12
# Letters beyond which nothing is a word; looking for one that is near costs more with every letter.
LONGEST_WORD = 40
COINED = 99.0  # what a word weighs that nobody knows
# Letters from which on one typo, and two, are forgiven.
ONE_TYPO, TWO_TYPOS = 4, 8
# Words that are taken for a mistyped one, and for one that is not finished.
MOST_MEANT, MOST_COMPLETED = 4, 12
# Forgiving two typos is what costs; beyond so many strange words the others are taken as they are.
MOST_STRANGE = 6
# What a word counts that is begun, with one typo, with two, in two parts.
BEGUN, TYPO, TYPOS, PARTS = 0.7, 0.8, 0.6, 0.8
# What one counts that is begun by a word that is known itself.
BEGUN_KNOWN = 0.25
# What one letter or two count as a word where they may be the beginning of one.
LETTER = 0.4

# What a word may stand for, with what that counts.
Ways: TypeAlias = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query.

    Attributes:
        typed: As typed.
        ways: What it may stand for, with what that counts; itself is among them where it is known.
    """

    typed: str
    ways: Ways


@dataclass(frozen=True, slots=True)
class Asked:
    """A query.

    Attributes:
        text: As typed.
        typed: All its words.
        read: All its words, typing errors taken as what they most likely mean.
        words: Those that are looked for.
        unspecified: Whether it says NOS or "unspecified".
        other: Whether it says "other".
    """

    text: str
    typed: tuple[str, ...]
    read: tuple[str, ...]
    words: tuple[Word, ...]
    unspecified: bool
    other: bool

    @property
    def hopeless(self) -> bool:
        """Whether most of its words are nowhere."""
        return 2 * sum(1 for word in self.words if word.ways) < len(self.words)

    @property
    def short(self) -> bool:
        """Whether it is the beginning of a word alone, too short to be completed."""
        return len(self.typed) == 1 and len(self.typed[0]) <= SHORT


def asked(text: str, words: Words, rarity: Callable[[str], float]) -> Asked:
    """The query, its words read by what is known of words; the last one may be unfinished.

    `rarity` says what a word weighs; 0 for one that is not known.
    """
    typed = list(_typed(text))
    reader = _Reader(words, rarity)
    last = typed[-1] if typed else ""
    wanted = reader.telling(asked_words(typed))
    if last in RESIDUAL or (last in OPTIONAL and len(wanted) > 1):
        last = ""
    found = tuple(Word(word, reader.ways(word, word == last)) for word in wanted)
    said = frozenset(typed)
    meant = {word.typed: word.ways[0][0] for word in found if word.ways}
    read = tuple(meant.get(word, word) for word in typed)
    return Asked(text, tuple(typed), read, reader.joined(typed, found), bool(said & RESIDUAL), "other" in said)


@lru_cache(64)  # the indexes are asked one after another
def _typed(text: str) -> tuple[str, ...]:
    return tuple(search_words(text)[:LONGEST])


class _Reader:
    def __init__(self, words: Words, rarity: Callable[[str], float]) -> None:
        self._words = words
        self._rarity = rarity
        self._strange = 0

    def _known(self, word: str) -> bool:
        return self._rarity(word) > 0

    def telling(self, words: list[str]) -> list[str]:
        """The words that say most, where there are many: unknown ones, rare ones, and the last, in their order."""
        if len(words) <= MOST_WORDS:
            return words
        weights = {word: self._rarity(word) or COINED for word in words[:-1]}
        chosen = {*sorted(weights, key=lambda w: -weights[w])[: MOST_WORDS - 1], words[-1]}
        return [word for word in words if word in chosen]

    def ways(self, word: str, unfinished: bool) -> Ways:
        if len(word) > LONGEST_WORD:
            return ()
        own: Ways = ((word, 1.0),) if self._known(word) else ()
        begun: Ways = ()
        if unfinished:
            begun = self._begun(word, bool(own))
            if own and begun and len(word) < SHORT:
                own = ((word, LETTER),)
        if own or begun or len(word) < ONE_TYPO:
            return own + begun
        return self._mistyped(word, unfinished) or self._parts(word)

    def _begun(self, word: str, known: bool) -> Ways:
        """Longer words."""
        weight = BEGUN_KNOWN if known and len(word) >= SHORT else BEGUN
        return self._evened(self._words.completed(word, MOST_COMPLETED), weight)

    def _evened(self, found: Iterable[str], weight: float) -> Ways:
        """Words that are known here, none weighing more than the first, which is the most frequent: who mistypes a
        word, or has begun it, does not say the rare one.
        """
        known = [w for w in found if self._known(w)]
        least = self._rarity(known[0]) if known else 0.0
        return tuple((w, weight * least / max(least, self._rarity(w))) for w in known)

    def _mistyped(self, word: str, unfinished: bool) -> Ways:
        self._strange += 1
        for typos, weight, letters in ((1, TYPO, ONE_TYPO), (2, TYPOS, TWO_TYPOS)):
            if len(word) < letters or (typos > 1 and self._strange > MOST_STRANGE):
                break
            for begun in (False, True) if unfinished else (False,):
                if found := self._evened(self._words.meant(word, typos, begun, MOST_MEANT), weight):
                    return found
        return ()

    def _parts(self, word: str) -> Ways:
        """Two words written as one."""
        for at in range(SHORT, len(word) - SHORT + 1):
            if self._known(word[:at]) and self._known(word[at:]):
                return ((word[:at], PARTS), (word[at:], PARTS))
        return ()

    def joined(self, typed: list[str], found: tuple[Word, ...]) -> tuple[Word, ...]:
        """`found`, words that are also written as one word being taken as that too ("post traumatic")."""
        together = {a: a + b for a, b in pairwise(typed) if self._known(a + b)}
        if not together:
            return found
        return tuple(Word(w.typed, (*w.ways, (together[w.typed], 1.0))) if w.typed in together else w for w in found)
