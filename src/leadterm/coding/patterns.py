"""Patterns that are asked only where their letters stand: thousands of them can then be asked of every sentence.

`compiled` gives what `re.compile` gives, behind a gate: the letters that no match can do without. Looking for a few
letters takes a fraction of a search that must try every place. `needed` reads them off the pattern as Python's own
parser takes it apart: of things in a row the one that is rarest, of alternatives what each of them needs. What the
parser does not tell is never guessed: such a pattern has no gate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

# The parser that `re` compiles with; under this name since Python 3.11.
_PARSER: Any = import_module("re._parser")
_MOST = 4_000  # alternatives that are worth looking for
_BLANKS = "-" + "".join(c for c in map(chr, range(0x3001)) if c.isspace())  # what may part the words of a name
_FEW = 6  # so many are looked for one by one, more of them in one go
_LEAST = 2  # letters that tell something
_SIGNS = frozenset("&")  # what is so rare that one tells something
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
        letters: Runs of letters of which every match has at least one; empty where none are known.
        search, match, fullmatch, finditer: As of `re.Pattern`, without a search where the letters are missing.
        sub, split, findall: As of `re.Pattern`.
    """

    __slots__ = (
        "findall", "finditer", "flags", "fullmatch", "letters", "made", "match", "pattern", "search", "split", "sub",
    )  # fmt: skip

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
        if name == "letters":
            return tuple(sorted(needed(self.pattern, self.flags)))
        if name in _GATED and self.letters:
            return _gated(self, name, _GATED[name])
        return getattr(self.made, name)


class Table:
    """Patterns that are asked of the same texts: one look at a text tells which of them can match at all.

    Attributes:
        always: The numbers of the patterns of which no letters are known.
    """

    always: frozenset[int]

    def __init__(self, patterns: Sequence[Pattern]) -> None:
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
        return sorted(self.always.union(*(self._wanted[index] for index in seen)))

    def placed(self, text: str) -> Iterator[tuple[int, int]]:
        """The numbers of the patterns whose letters stand in `text`, in small letters, each with a place of theirs."""
        for numbers, start in self.runs(text):
            for n in numbers:
                yield n, start

    def runs(self, text: str) -> Iterator[tuple[tuple[int, ...], int]]:
        """The places of letters in `text`, in small letters, each with the numbers of the patterns that need them."""
        for index, start, _ in self._letters.find_matches_as_indexes(text, overlapping=True):
            yield self._wanted[index], start


def _gated(pattern: Pattern, name: str, nothing: Any) -> Any:
    """The method of a pattern that looks through a text, called only where one of its letters stands in it."""
    letters, folded = pattern.letters, _parsed(pattern.pattern, pattern.flags)[1]

    def one_by_one(text: str, *place: int) -> Any:
        within = text.casefold() if folded else text
        for one in letters:
            if one in within:
                return getattr(pattern.made, name)(text, *place)
        return nothing

    if len(letters) <= _FEW:
        return one_by_one
    find = AhoCorasick(letters, implementation=Implementation.ContiguousNFA).find_matches_as_indexes

    def in_one_go(text: str, *place: int) -> Any:
        return getattr(pattern.made, name)(text, *place) if find(text.casefold() if folded else text) else nothing

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
    if not more or len(word) > _LEAST:
        return (word,)
    return tuple(f"{word}{blank}" for blank in _BLANKS)


@cache
def compiled(pattern: str, flags: int = 0) -> Pattern:
    """The pattern behind its gate, made once."""
    return Pattern(pattern, flags)


def stands_before(pattern: Pattern, text: str, found: re.Match[str], reach: int) -> bool:
    """Whether the pattern stands among the `reach` characters before a place."""
    return pattern.search(text[max(0, found.start() - reach) : found.start()]) is not None


def needed(pattern: str, flags: int = 0) -> frozenset[str]:
    """Runs of letters of which every match has at least one; empty where none are known.

    Of a pattern that ignores case they are small letters, for a text in small letters.
    """
    return _parsed(pattern, flags)[0]


@cache
def _parsed(pattern: str, flags: int) -> tuple[frozenset[str], bool]:
    """What a pattern needs, and whether it ignores case."""
    parsed = _PARSER.parse(pattern, flags)
    folded = bool(parsed.state.flags & re.IGNORECASE)
    return _of_row(parsed, folded) or frozenset(), folded


def _of_row(row: Iterable[tuple[Any, Any]], folded: bool, run: str = "") -> frozenset[str] | None:
    """What things in a row need, behind a run of letters: the need that is hardest to meet."""
    return min((need for need in _needs(row, folded, run) if need), key=_ease, default=None)


def _needs(row: Iterable[tuple[Any, Any]], folded: bool, run: str) -> Iterator[frozenset[str] | None]:
    for op, value in row:
        name = str(op)
        if name == "LITERAL":
            run += chr(value).casefold() if folded else chr(value)
            continue
        if name == "AT":
            continue  # the edge of a word lies between letters
        if _tells(run):
            yield frozenset((run,))
        yield _of_one(name, value, folded, run)
        run = ""
    if _tells(run):
        yield frozenset((run,))


def _tells(run: str) -> bool:
    return len(run) >= _LEAST or run in _SIGNS


def _of_one(name: str, value: Any, folded: bool, run: str) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        _, added, dropped, row = value
        return None if added or dropped else _of_row(row, folded, run)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _of_row(value[2], folded) if value[0] else None
    if name == "BRANCH":
        return _of_branches(value[1], folded, run)  # the parser takes out what all begin with: "t(?:urp|ear)"
    return None


def _of_branches(branches: Iterable[Any], folded: bool, run: str) -> frozenset[str] | None:
    """What alternatives need together; None where one of them needs nothing that is known."""
    found: set[str] = set()
    for branch in branches:
        need = _of_row(branch, folded, run)
        if need is None:
            return None
        found |= need
    return _shortest(found) if len(found) <= _MOST else None


def _shortest(runs: set[str]) -> frozenset[str]:
    """The runs without those that hold another: where they stand, it does."""
    return frozenset(run for run in runs if not any(other in run for other in runs if other != run))


def _ease(need: frozenset[str]) -> tuple[int, int]:
    """How easily a text meets a need: by its shortest letters, then by how many there are."""
    return -min(map(len, need)), len(need)
