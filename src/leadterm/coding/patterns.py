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

from leadterm._kept import KEPT

from .letters import NONE, Way, Ways, folded, stands, ways

_BLANKS = "-" + "".join(c for c in map(chr, range(0x3001)) if c.isspace())  # what may part the words of a name
_FEW = 6  # so many are looked for one by one, more of them in one go
_MANY = 64  # ways, or letters, beyond which telling them apart takes longer than a search
_SHORT = 2  # letters of a word with which too many words begin
Gate = tuple[str, Ways]
_NOTHING: Iterator[re.Match[str]] = iter(())
# What looks through a text, and what it finds where the letters are missing.
_GATED = {"search": None, "finditer": _NOTHING}


class Pattern:
    """A regular expression behind its gate; the methods are those of `re.Pattern`.

    What is asked for is made when it is first asked for: of the thousand patterns of the rules a chart has the letters
    of few, and the others need not be compiled at a start.

    Attributes:
        pattern: As written.
        flags: As given.
        made: What `re.compile` gives.
        gates: Runs of letters of which every match has at least one, each with what stands in the match besides, way
            by way (nothing: it is enough); empty where no letters are known.
        search, match, fullmatch, finditer: As of `re.Pattern`, without a search where the letters are missing.
        sub, split, findall: As of `re.Pattern`.
    """

    __slots__ = (
        "findall", "finditer", "flags", "fullmatch", "gates", "made", "match", "pattern", "search", "split", "sub",
    )  # fmt: skip

    gates: tuple[Gate, ...]
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
            return KEPT.compiled(self.pattern, self.flags)
        if name == "gates":
            pattern, flags = self.pattern, int(self.flags)
            return KEPT.once(("gates", pattern, flags), lambda: _gates(ways(pattern, flags)))
        if name in _GATED and self.gates:
            return _gated(self, name, _GATED[name])
        return getattr(self.made, name)


class Table:
    """Patterns that are asked of the same texts: one look at a text tells which of them can match at all.

    Attributes:
        always: The numbers of the patterns of which no letters are known.
    """

    always: frozenset[int]

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.always = frozenset(n for n, p in enumerate(patterns) if not p.gates)
        wanted: dict[str, list[tuple[int, Ways]]] = {}
        for n, p in enumerate(patterns):
            for letters, besides in p.gates:
                wanted.setdefault(letters, []).append((n, besides))
        self._wanted = tuple(map(tuple, wanted.values()))
        self._letters = AhoCorasick(list(wanted), implementation=Implementation.ContiguousNFA)

    def standing(self, text: str) -> list[int]:
        """The numbers of the patterns that `text`, in small letters, can match, in order."""
        return self.among({run for run, _ in self.runs(text)}, text)

    def among(self, runs: Iterable[int], text: str) -> list[int]:
        """Of the patterns that need one of these runs the numbers of those that `text` can match, in order."""
        found = set(self.always)
        for run in runs:
            for n, besides in self._wanted[run]:
                if n not in found and (not besides or stands(besides, text)):
                    found.add(n)
        return sorted(found)

    def placed(self, text: str) -> Iterator[tuple[int, int]]:
        """The numbers of the patterns whose letters stand in `text`, in small letters, each with a place of theirs."""
        for run, start in self.runs(text):
            for n, _ in self._wanted[run]:
                yield n, start

    def runs(self, text: str) -> Iterator[tuple[int, int]]:
        """The runs of letters in `text`, in small letters, by their numbers, each with its place."""
        for index, start, _ in self._letters.find_matches_as_indexes(text, overlapping=True):
            yield index, start


def _gates(spelled: Ways) -> tuple[Gate, ...]:
    """The rarest run of each way with the others of it; of runs that hold another one that one is asked for."""
    if len(spelled) > _MANY:
        return tuple((run, NONE) for run in sorted({way[0] for way in spelled}))
    runs = sorted({way[0] for way in spelled}, key=len)
    least = {run: next(other for other in runs if other in run) for run in runs}
    besides: dict[str, list[Way]] = {}
    for way in spelled:
        besides.setdefault(least[way[0]], []).append(_besides(way, least[way[0]]))
    return tuple((run, tuple(dict.fromkeys(rest)) if all(rest) else NONE) for run, rest in sorted(besides.items()))


def _besides(way: Way, run: str) -> Way:
    return way[1:] if way[0] == run else way


def _gated(pattern: Pattern, name: str, nothing: Any) -> Any:
    """The method of a pattern that looks through a text, called only where the letters of one way stand in it."""
    gates, ignores_case = pattern.gates, folded(pattern.pattern, pattern.flags)

    def one_by_one(text: str, *place: int) -> Any:
        within = text.casefold() if ignores_case else text
        for run, besides in gates:
            if run in within and (not besides or stands(besides, within)):
                return getattr(pattern.made, name)(text, *place)
        return nothing

    if len(gates) <= _FEW:
        return one_by_one
    find = AhoCorasick([run for run, _ in gates], implementation=Implementation.ContiguousNFA).find_matches_as_indexes
    others = [besides for _, besides in gates]

    def in_one_go(text: str, *place: int) -> Any:
        within = text.casefold() if ignores_case else text
        for index, _, _ in find(within, overlapping=True):
            if not others[index] or stands(others[index], within):
                return getattr(pattern.made, name)(text, *place)
        return nothing

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
    """The pattern behind its gate, made once. For patterns of the rules: what is made of them is kept in a file."""
    return Pattern(pattern, flags)


def stands_before(pattern: Pattern, text: str, found: re.Match[str], reach: int) -> bool:
    """Whether the pattern stands among the `reach` characters before a place."""
    return pattern.search(text[max(0, found.start() - reach) : found.start()]) is not None
