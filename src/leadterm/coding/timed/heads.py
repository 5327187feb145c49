"""What stands for a therapy service at the head of a line or of a cell: "Manual - ", "| NMR |", "; TA 8"."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.statements import Place, place
from leadterm.domain import Document

_MARK = r"(?:[-*•·>+☒✓]|\[x\]|\(x\)|\d{1,2}[.)](?!\d)|\d{5}[ \t]*[-:|]?)?"
_CLOCK = r"[\d:]{4,5}(?:[ \t]?[ap]m)?"
_CLOCKS = rf"(?:{_CLOCK}[ \t]*[-–][ \t]*{_CLOCK}[.:]?[ \t|]*)?"
_OPENS = r"(?:^|[|\t;]|(?<=\d,)|(?<=min,)|(?<=[')],))"
_BEHIND = r"(?=[ \t]*(?:[-–—:|(=/,;]|\.{2,}|\d|x[ \t]?\d|$|[ ]{2}|\t))"


@cache
def _heads() -> re.Pattern[str]:
    """Every head of the table, in a group that bears the number of its row, with only minutes or parts behind it."""
    named = "|".join(f"(?P<k{n}>{row['head']})" for n, row in enumerate(rows("timed/services")) if row["head"])
    head = rf"{_OPENS}[ \t]*{_MARK}[ \t]*{_CLOCKS}(?:{named}){_BEHIND}"
    return re.compile(head, re.IGNORECASE | re.MULTILINE)


def headed(document: Document) -> list[tuple[int, Place]]:
    """The services that stand at the heads of lines and cells, by their numbers in the table, in order of the text."""
    found: list[tuple[int, Place]] = []
    for m in _heads().finditer(document.text):
        name = m.lastgroup or ""
        found.append((int(name[1:]), place(document, *m.span(name))))
    return found
