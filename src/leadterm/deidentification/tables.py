"""The lists that the rules go by, read once: names, words, places, kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .scanning import Rule, Scan
from .values import Kind

_ANY_CASE = re.compile(r"\(\?im?\)")
# What is no letter of its own, though a capital: classes of both cases, names of groups, escapes.
_NO_LETTER = re.compile(r"A-Za-z|\(\?P<\w+>|\\[A-Z]")
_OWN_CASE = re.compile(r"[A-Z]|\(\?-i")
# Of their matches only the places are used: the words there are read from the text.
_BY_PLACE = frozenset({"patterns", "names"})


@cache
def words(name: str) -> frozenset[str]:
    """The lines of `lists/NAME.txt`, in small letters."""
    return frozenset(_lines(f"lists/{name}.txt"))


@cache
def pattern_of(name: str) -> str:
    """The lines of `lists/NAME.txt` as alternatives of one pattern."""
    return f"(?:{'|'.join(_lines(f'lists/{name}.txt'))})"


def is_degree(word: str) -> bool:
    """Whether a word is a degree, a licence or a certificate behind a name."""
    return _degree().fullmatch(word) is not None


@cache
def _degree() -> re.Pattern[str]:
    return re.compile(pattern_of("degrees"))


@cache
def states() -> Mapping[str, str]:
    """The names of the states by their two letters."""
    return dict(line.split("\t") for line in _lines("lists/states.tsv"))


@cache
def state_names() -> frozenset[str]:
    """The names of the states."""
    return frozenset(states().values()) | {"Washington"}


@cache
def placeholders() -> Mapping[Kind, str]:
    """What is written in the place of each kind, without its brackets."""
    rows = [line.split("\t") for line in _lines("kinds.tsv")[1:]]
    return {Kind(row[0]): row[2] for row in rows}


@cache
def titles() -> Mapping[Kind, tuple[str, str]]:
    """The letter of each kind in 45 CFR 164.514(b)(2)(i), and what it is called."""
    rows = [line.split("\t") for line in _lines("kinds.tsv")[1:]]
    return {Kind(row[0]): (row[1], row[3]) for row in rows}


@cache
def patterns() -> tuple[tuple[Kind, Rule], ...]:
    """Kind and rule of everything that its own shape or its label tells; group `v` is the identifier."""
    rows = [line.split("\t") for line in _lines("patterns.tsv")[1:]]
    return tuple((Kind(kind), _rule("patterns", name, pattern)) for kind, name, pattern in rows)


@cache
def shapes(name: str) -> tuple[Rule, ...]:
    """The rule of each row of `NAME.tsv`, the pieces that it names put in their places."""
    pieces: dict[str, str] = {}
    rows: list[Rule] = []
    for line in _lines(f"{name}.tsv"):
        first, *rest = line.split("\t")
        if first == "let":
            pieces[rest[0]] = _put(rest[1], pieces)
        elif first == "list":
            pieces[rest[0]] = pattern_of(rest[1])
        elif first != "rule":
            rows.append(_rule(name, first, *(_put(one, pieces) for one in rest)))
    return tuple(rows)


def _rule(table: str, name: str, pattern: str, before: str = "") -> Rule:
    number, cues = _cues().get((table, name), (-1, frozenset()))
    behind = re.compile(f"(?:{before})\\Z") if before else None
    # A pattern of any letters, with no letter of its own in capitals, is asked over the text in small letters.
    flags = _ANY_CASE.match(pattern)
    small = (
        flags is not None and bool(cues) and table in _BY_PLACE and not _OWN_CASE.search(_NO_LETTER.sub("", pattern))
    )
    if flags and small:
        pattern = pattern.replace(flags[0], "(?m)" if "m" in flags[0] else "", 1)
    return Rule(number, name, re.compile(pattern), cues, behind, small)


@cache
def _cues() -> Mapping[tuple[str, str], tuple[int, frozenset[str]]]:
    """A number of each rule and what its matches begin with, by table and rule."""
    rows = [line.split("\t") for line in _lines("cues.tsv")[1:]]
    return {(table, name): (n, frozenset(cues.split())) for n, (table, name, cues) in enumerate(rows)}


def cued() -> frozenset[tuple[str, str]]:
    """Table and name of each rule that has cues."""
    return frozenset(_cues())


@cache
def index() -> Mapping[str, tuple[int, ...]]:
    """The numbers of rules by what their matches begin with."""
    found: dict[str, list[int]] = {}
    for number, cues in _cues().values():
        for cue in cues:
            found.setdefault(cue, []).append(number)
    return {cue: tuple(numbers) for cue, numbers in found.items()}


def scan(text: str) -> Scan:
    """The text with the places where each rule is tried."""
    return Scan(text, index())


def _put(pattern: str, pieces: Mapping[str, str]) -> str:
    return re.sub(r"<([A-Z0-9]{1,8})>", lambda found: pieces[found[1]], pattern)


@cache
def _large() -> frozenset[int]:
    pairs = (line.split("-") for line in _lines("lists/zip3.txt"))
    return frozenset(n for first, last in pairs for n in range(int(first), int(last) + 1))


def zip3(code: str) -> str:
    """The first three digits of a ZIP code where enough people live there, else `000`."""
    return code[:3] if code[:3].isdecimal() and int(code[:3]) in _large() else "000"


def _lines(path: str) -> list[str]:
    text = (files(__package__) / path).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
