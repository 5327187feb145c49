"""Names that no colon ends: alone on a line, before a dash, in a column of their own, or set off by their letters."""

from __future__ import annotations

import re

from ._names import LONGEST, Name, named, table

_TRAILING = ' *_#=-~\r\t>]}»|".'
_GAPS = ("\t", "   ", " | ", "\u00a0")
_GAP = re.compile(r"\t|[ \u00a0]{3,}| \| ")
# The second cell of a row that names columns.
_COLUMN = re.compile(
    r"[ |]*(?:icd|code|status|date|dose|result|value|comment|freq|onset|reaction|severity|unit|range|route|provider)"
)
_TABLE_RULE = re.compile(r"\n *\|?[ :|-]*-{2,}[ :|-]*(?=\n|\Z)")
_CAPITALS = re.compile(r"[A-Z][A-Z/&'()-]*(?:[ /](?:[A-Z][A-Z/&'()-]*|&))*(?=[ .])")
_WORD = re.compile(r"\S+")
_JOINING = frozenset({"of ", "and"})
_MANY_COLUMNS = 3
CELL = " | "
_MOST_BLANKS = 9


def name_between(text: str, folded: str, begin: int, end: int) -> Name | None:
    """What is known of the words between, without tags and marks behind them; None where no words are."""
    tag = folded.find("<", begin, end)
    raw = text[begin : tag if tag >= 0 else end].rstrip(_TRAILING)
    if not raw or raw.count(" ") > _MOST_BLANKS:
        return None
    return named(raw, folded[begin : begin + len(raw)])


def columns(folded: str, begin: int, stop: int, end: int) -> bool:
    """Whether a row of a table is one of data or names its columns, and not a name and a text."""
    cells = sum(1 for cell in folded[begin:stop].split("|") if cell.strip())
    return cells >= _MANY_COLUMNS or _TABLE_RULE.match(folded, end) is not None


def names_columns(text: str, folded: str, begin: int, stop: int, end: int) -> bool:
    """Whether a row names the columns of the row below, and not a section: that row begins with no name of another."""
    if folded.find(CELL, begin, stop) < 0:
        return False
    below = end + 1
    line = folded.find("\n", below)
    gap = folded.find(CELL, below, line if line >= 0 else len(folded))
    if gap < 0:
        return False
    name = name_between(text, folded, below, gap)
    return name is None or not name.whole


def before_gap(text: str, folded: str, begin: int, stop: int) -> tuple[Name, int] | None:
    """The name at the beginning of a line, and where it ends: the whole line, before a dash, a gap or other letters.

    A short line is a name even if nothing is known of it.
    """
    near = min(stop, begin + LONGEST)
    short = None
    if stop == near and folded[stop - 1] not in ",;!?" and folded.find(":", begin, stop - 1) < 0:
        short = name_between(text, folded, begin, stop)
        if short is not None and folded[stop - 1] == "." and not short.capitals:
            short = None
        if short is not None and short.whole:
            return short, stop
    dash = folded.find("- ", begin, near)
    if dash > 0:
        name = name_between(text, folded, begin, dash)
        if name is not None and name.whole:
            return name, dash + 2
    gap = None
    if any(text.find(sign, begin, near) >= 0 for sign in _GAPS):
        gap = _GAP.search(text, begin, near)
        if gap is not None and not _COLUMN.match(folded, gap.end()) and text.count("\t", begin, stop) < _MANY_COLUMNS:
            name = name_between(text, folded, begin, gap.start())
            if name is not None and name.whole:
                return name, gap.end()
    leading = _leading_words(text, folded, begin, stop)
    return leading or ((short, stop) if short is not None and gap is None else None)


def _leading_words(text: str, folded: str, begin: int, stop: int) -> tuple[Name, int] | None:
    """A name that only its letters set off from the text behind it: `FAMILY HISTORY Negative`."""
    if text[begin : begin + 2].isupper():
        capitals = _CAPITALS.match(text, begin, min(stop, begin + LONGEST))
        return _leading_capitals(text, folded, capitals, stop) if capitals is not None else None
    first = folded.find(" ", begin, stop)
    if first < 0 or folded[begin:first] not in table().first_words:
        return None
    if text[first + 1 : first + 2].islower() and folded[first + 1 : first + 4] not in _JOINING:
        return None
    ends = [match.end() for match in _WORD.finditer(folded, begin, min(stop, begin + LONGEST))][:5]
    for after in reversed(ends[1:-1]):
        if text[after + 1].isupper() or text[after + 1].isdigit():
            name = name_between(text, folded, begin, after)
            if name is not None and name.titled and name.folded in table().whole and _firm(name):
                return name, after
    return None


def _leading_capitals(text: str, folded: str, capitals: re.Match[str], stop: int) -> tuple[Name, int] | None:
    begin, after = capitals.span()
    while after > begin:
        name = name_between(text, folded, begin, after)
        if name is not None and name.whole and _firm(name):
            article = after + 2 == capitals.end() and folded[after + 1] in "ai"
            if name.words > 1 or after == capitals.end() or article:
                return name, min(stop, after + (folded[after : after + 2] == ". "))
            return None
        after = text.rfind(" ", begin, after)
    return None


def _firm(name: Name) -> bool:
    """Whether a name is one without a colon too."""
    return name.entries[0].strength in ("strong", "weak")
