"""Patterns that are asked only where their letters stand: thousands of them can then be asked of every sentence.

`compiled` gives what `re.compile` gives, behind a gate: the letters that no match can do without (`letters.py`). To
look for a few letters takes a fraction of a search that must try every place, and of compiling a pattern at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

from .letters import Ways, folded, stands, ways

_BLANKS = "-" + "".join(c for c in map(chr, range(0x3001)) if c.isspace())  # what may part the words of a name
_FEW = 6  # so many are looked for one by one, more of them in one go
_MANY = 64  # ways, or letters, beyond which telling them apart takes longer than a search
_SHORT = 2  # letters of a word with which too many words begin
_NONE: Iterator[re.Match[str]] = iter(())
# What looks through a text, and what it finds where the letters are missing.
_GATED = {"search": None, "finditer": _NONE}


class Pattern:
    """A regular expression behind its gate; the methods are those of `re.Pattern`.

    What is asked for is made when it is first asked for: of the thousand patterns of the rules a chart has the letters
    of few, and the others need not be compiled at a start.

    Attributes:
        pattern: As written.
        flags: As given.
        made: What `re.compile` gives.
        ways: The ways in which a match is spelled; empty where they are not known.
        letters: Runs of letters of which every match has at least one; empty where none are known.
        search, match, fullmatch, finditer: As of `re.Pattern`, without a search where the letters are missing.
        sub, split, findall: As of `re.Pattern`.
    """

    __slots__ = (
        "findall", "finditer", "flags", "fullmatch", "letters", "made", "match", "pattern", "search", "split", "sub",
        "ways",
    )  # fmt: skip

    ways: Ways
    letters: tuple[str, ...]
    made: re.Pattern[str]
    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]
    sub: Callable[..., str]
    split: Callable[..., list[str]]
    findall: Callable[..., list[Any]]

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """What a slot that is still empty is to hold; from now on it does."""
        if name not in self.__slots__:
            raise AttributeError(name)
        value = self._made(name)
        setattr(self, name, value)
        return value

    def _made(self, name: str) -> Any:
        if name == "made":
            return re.compile(self.pattern, self.flags)
        if name == "ways":
            return ways(self.pattern, self.flags)
        if name == "letters":
            return _rarest(self.ways)
        if name in _GATED and self.letters:
            return _gated(self, name, _GATED[name])
        return getattr(self.made, name)

    def may_match(self, text: str) -> bool:
        """Whether all letters of one of its ways stand in `text`, in small letters where the pattern ignores case."""
        return not self.ways or stands(self.ways, text)


class Table:
    """Patterns that are asked of the same texts: one look at a text tells which of them can match at all.

    Attributes:
        always: The numbers of the patterns of which no letters are known.
    """

    always: frozenset[int]

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self.always = frozenset(n for n, p in enumerate(patterns) if not p.letters)
        wanted: dict[str, list[int]] = {}
        for n, p in enumerate(patterns):
            for letters in p.letters:
                wanted.setdefault(letters, []).append(n)
        self._wanted = tuple(map(tuple, wanted.values()))
        self._letters = AhoCorasick(list(wanted), implementation=Implementation.ContiguousNFA)

    def standing(self, text: str) -> list[int]:
        """The numbers of the patterns that `text`, in small letters, can match, in order."""
        seen = {index for index, _, _ in self._letters.find_matches_as_indexes(text, overlapping=True)}
        found = self.always.union(*(self._wanted[index] for index in seen))
        return [n for n in sorted(found) if self._patterns[n].may_match(text)]

    def placed(self, text: str) -> Iterator[tuple[int, int]]:
        """The numbers of the patterns whose letters stand in `text`, in small letters, each with a place of theirs."""
        for numbers, start in self.runs(text):
            for n in numbers:
                yield n, start

    def runs(self, text: str) -> Iterator[tuple[tuple[int, ...], int]]:
        """The places of letters in `text`, in small letters, each with the numbers of the patterns that need them."""
        for index, start, _ in self._letters.find_matches_as_indexes(text, overlapping=True):
            yield self._wanted[index], start


def _rarest(spelled: Ways) -> tuple[str, ...]:
    """Of each way the run that is rarest, without those that hold another: where they stand, it does."""
    runs = {way[0] for way in spelled}
    if len(runs) <= _MANY:
        runs = {run for run in runs if not any(other in run for other in runs if other != run)}
    return tuple(sorted(runs))


def _gated(pattern: Pattern, name: str, nothing: Any) -> Any:
    """The method of a pattern that looks through a text, called only where the letters of one way stand in it."""
    letters, ignores_case = pattern.letters, folded(pattern.pattern, pattern.flags)
    # Where the rarest run of a way stands the others are looked for, if there are others.
    several = len(pattern.ways) <= _MANY and any(len(way) > 1 for way in pattern.ways)
    spelled = pattern.ways if several else ()

    def one_by_one(text: str, *place: int) -> Any:
        within = text.casefold() if ignores_case else text
        for one in letters:
            if one in within:
                break
        else:
            return nothing
        return nothing if spelled and not stands(spelled, within) else getattr(pattern.made, name)(text, *place)

    if len(letters) <= _FEW:
        return one_by_one
    find = AhoCorasick(letters, implementation=Implementation.ContiguousNFA).find_matches_as_indexes

    def in_one_go(text: str, *place: int) -> Any:
        within = text.casefold() if ignores_case else text
        if not find(within) or (spelled and not stands(spelled, within)):
            return nothing
        return getattr(pattern.made, name)(text, *place)

    return in_one_go


class Names:
    """Names that are looked for as whole words, of those that begin at one place the longest.

    Only where the first letters of one stand is the rest looked at: thousands of names cost little more than one.
    """

    def __init__(self, names: Iterable[str], edge: str = r"\w-", blank: str = r"\ ") -> None:
        """`edge`: what may not stand before a name; `blank`: what stands for the blanks within one."""
        ordered = sorted(names, key=len, reverse=True)
        written = "|".join(re.escape(name).replace(r"\ ", blank) for name in ordered)
        self._whole = re.compile(rf"(?<![{edge}])(?:{written})(?!\w)")
        first = {letters for name in ordered for letters in _first_letters(name)}
        self._first = AhoCorasick(sorted(first), implementation=Implementation.ContiguousNFA)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """The names in a text in small letters, one after another."""
        free = 0
        for start in sorted({start for _, start, _ in self._first.find_matches_as_indexes(text, overlapping=True)}):
            inside = start and text[start - 1].isalnum()
            if start >= free and not inside and (found := self._whole.match(text, start)):
                free = found.end()
                yield found


def _first_letters(name: str) -> tuple[str, ...]:
    """What every mention of a name begins with: its first word, a short one with what may follow it."""
    word, *more = name.split(" ")
    if not more or len(word) > _SHORT:
        return (word,)
    return tuple(f"{word}{blank}" for blank in _BLANKS)


@cache
def compiled(pattern: str, flags: int = 0) -> Pattern:
    """The pattern behind its gate, made once."""
    return Pattern(pattern, flags)


def stands_before(pattern: Pattern, text: str, found: re.Match[str], reach: int) -> bool:
    """Whether the pattern stands among the `reach` characters before a place."""
    return pattern.search(text[max(0, found.start() - reach) : found.start()]) is not None
