"""The lists that the rules go by, read once: names, words, places, kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .values import Kind


@cache
def words(name: str) -> frozenset[str]:
    """The lines of `lists/NAME.txt`, in small letters."""
    return frozenset(_lines(f"lists/{name}.txt"))


@cache
def pattern_of(name: str) -> str:
    """The lines of `lists/NAME.txt` as alternatives of one pattern."""
    return f"(?:{'|'.join(_lines(f'lists/{name}.txt'))})"


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
def patterns() -> tuple[tuple[Kind, str, re.Pattern[str]], ...]:
    """Kind, rule and pattern of everything that its own shape or its label tells; group `v` is the identifier."""
    rows = [line.split("\t") for line in _lines("patterns.tsv")[1:]]
    return tuple((Kind(kind), rule, re.compile(pattern)) for kind, rule, pattern in rows)


@cache
def shapes(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Rule and pattern of each row of `NAME.tsv`, the pieces that it names put in their places."""
    pieces: dict[str, str] = {}
    rows: list[tuple[str, re.Pattern[str]]] = []
    for line in _lines(f"{name}.tsv"):
        first, *rest = line.split("\t")
        if first == "let":
            pieces[rest[0]] = _put(rest[1], pieces)
        elif first == "list":
            pieces[rest[0]] = pattern_of(rest[1])
        elif first != "rule":
            rows.append((first, re.compile(_put(rest[0], pieces))))
    return tuple(rows)


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
