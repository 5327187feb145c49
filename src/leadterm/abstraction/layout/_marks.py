"""The marks before a name that may be a header's: signs of headings, bullets, numbers, tags; how high they set it."""

from __future__ import annotations

import re
from typing import NamedTuple

# What stands before a name: signs and tags, then its number, then signs again: "## ", "**", "1. ", "IV) ", "<h2>".
_SIGNS = r"(?:<[^<>\n]{1,80}>|[^\w\n<]|_|<)"
_MARK = re.compile(
    rf"({_SIGNS}{{0,40}})(?:((?:\d{{1,2}}|[ivx]{{1,4}}|[a-h])[.)]|\(\d{{1,2}}\)|\d{{1,2}} ?-)(?= ) *({_SIGNS}{{0,8}}))?"
)
_ITEM = re.compile(r"(?:[a-h]|[ivx]{1,4})[.)] ")
_HEADING = re.compile(r"<h([1-6])\b|<(title)\b")
_EMPHASIS = re.compile(r"\*\*|__|<(?:b|strong|u|th|caption)\b")
_BULLETS = frozenset("-+*>\u2022\u00b7\u25aa\u25e6\u25cf\u25a0\u2023\u2043\u25cb\u25ba\u25b6\u27a2\u27a4\u2713")
SIMPLE_BULLETS = _BULLETS - {"*", ">"}
_COUNTING = frozenset("abcdefghivx")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")

# How high a heading stands: a mark above the letters.
_TOP, MARKED, BOLD = 20, 12, 8


class Mark(NamedTuple):
    """How a name is marked.

    Attributes:
        style: plain, marked (heading, in brackets, bold), number or bullet.
        level: The height that the mark alone gives it; 0 where its letters give it.
        number: The number before it; 0 without one.
        end: Where the name itself begins.
        signs: The signs before it.
    """

    style: str
    level: int
    number: int
    end: int
    signs: str = ""


def mark_at(folded: str, begin: int, stop: int) -> Mark:
    """The mark with which a line begins; plain without one."""
    first = folded[begin]
    if first.isalpha():
        if first not in _COUNTING or not _ITEM.match(folded, begin, stop):
            return Mark("plain", 0, 0, begin)
    elif first in SIMPLE_BULLETS and folded[begin + 1 : begin + 2] == " " and folded[begin + 2 : begin + 3].isalpha():
        return Mark("bullet", 0, 0, begin + 2)
    match = _MARK.match(folded, begin, stop)
    return Mark("plain", 0, 0, begin) if match is None else _read(match, folded, stop)


def _read(match: re.Match[str], folded: str, stop: int) -> Mark:
    signs, end = match[1] + (match[3] or ""), match.end()
    heading = _HEADING.search(signs)
    if heading is not None:
        return Mark("marked", _TOP - int(heading[1] or 1), 0, end)
    if "#" in signs:
        return Mark("marked", _TOP - signs.count("#"), 0, end)
    if match[2]:
        return Mark("number", 0, _value(match[2].strip("(). -")), end, signs)
    style, level = _signed(signs, folded, end, stop)
    return Mark(style, level, 0, end, signs)


def _signed(signs: str, folded: str, end: int, stop: int) -> tuple[str, int]:
    """Style and level that signs without a number give: a closing sign makes them a heading's."""
    emphasis = _EMPHASIS.search(signs) is not None
    bare = signs.replace("**", "").replace("__", "").strip()
    if bare[:1] == "*" and folded.find("*", end, stop) >= 0 and not signs.endswith(" "):
        emphasis, bare = True, bare[1:]
    if bare and (bare[0] in "[{=~«_" or bare[:2] in (">>", "--", "<<", "**")):
        closed = folded[stop - 1] in "]}=*~-_»<>:" or folded.find("]", end, stop) >= 0
        return ("marked", MARKED) if closed else ("plain", 0)
    if bare and bare[0] in _BULLETS:
        return "bullet", 0
    return ("marked", BOLD) if emphasis else ("plain", 0)


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    return _ROMAN.index(number) + 1 if number in _ROMAN else ord(number[0]) - ord("a") + 1
