"""A csv taken apart with the place of every cell (RFC 4180, and the separators that are met beside the comma)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from leadterm.domain import InputError

SEPARATORS = ",;\t|"
MOST_CELLS = 1_000
_QUOTED_PART = re.compile(r'"[^"]*(?:""[^"]*)*"')


_Search = Callable[[str, int], "re.Match[str] | None"]


class Cell(NamedTuple):
    """Where a cell stands in the text of the file, its quotation marks left out, and whether it has doubled ones."""

    start: int
    end: int
    doubled: bool

    def of(self, text: str) -> str:
        """What it says."""
        said = text[self.start : self.end]
        return said.replace('""', '"') if self.doubled else said

    def pieces(self, text: str) -> Iterator[tuple[int, int]]:
        """The stretches of what it says, in order: of two quotation marks the second stands for both."""
        at = self.start
        while self.doubled and (mark := text.find('""', at, self.end)) >= 0:
            yield at, mark
            at = mark + 1
            yield at, at + 1
            at += 1
        yield at, self.end


class Row(NamedTuple):
    """A row with its number, the header's being 1, and the line of the file where it begins."""

    number: int
    line: int
    cells: list[Cell]


def separator_of(text: str) -> str:
    """The separator of a table: that of which the header has most, outside quotation marks."""
    first = _QUOTED_PART.sub("", text[: 1 << 16]).lstrip("\r\n").splitlines()[:1]
    header = first[0] if first else ""
    return max(SEPARATORS, key=lambda mark: (header.count(mark), -SEPARATORS.index(mark)))


def rows_of(text: str, separator: str, name: str) -> Iterator[Row]:
    """The rows that are not empty. Raises InputError, with the line, for what is no table."""
    at, line, number = 0, 1, 0
    ends = _ends(separator).search
    while at < len(text):
        began, cells = at, list[Cell]()
        while True:
            cell, at = _cell(text, at, ends, name, line, began)
            cells.append(cell)
            if len(cells) > MOST_CELLS:
                raise InputError(f"{name}, line {line}: a row has more than {MOST_CELLS:,} cells: this is no table.")
            if at >= len(text) or text[at] != separator:
                break
            at += 1
        # A carriage return and a line feed are one line end.
        at += 2 if text.startswith("\r\n", at) else 1
        if len(cells) > 1 or cells[0].end > cells[0].start:
            number += 1
            yield Row(number, line, cells)
        line += text.count("\n", began, at) or 1


def _cell(text: str, at: int, ends: _Search, name: str, line: int, began: int) -> tuple[Cell, int]:
    """The cell that begins at an index, and where it ends: at a separator, a line end, the end of the text."""
    if not text.startswith('"', at):
        found = ends(text, at)
        end = found.start() if found else len(text)
        return Cell(at, end, False), end
    start, doubled = at + 1, False
    close = text.find('"', start)
    while close >= 0 and text.startswith('"', close + 1):
        doubled = True
        close = text.find('"', close + 2)
    if close < 0:
        here = line + text.count("\n", began, at)
        raise InputError(f"{name}, line {here}: a quotation mark is not closed; export the table anew.")
    found = ends(text, close + 1)
    end = found.start() if found else len(text)
    if text[close + 1 : end].strip(" "):
        here = line + text.count("\n", began, close)
        raise InputError(
            f"{name}, line {here}: words follow a closing quotation mark; within a cell, marks are doubled."
        )
    return Cell(start, close, doubled), end


@cache
def _ends(separator: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(separator)}\\r\\n]")
