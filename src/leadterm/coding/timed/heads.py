"""What stands for a therapy service at the head of a line or of a cell: "Manual - ", "| NMR |", "; TA 8"."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.sentences import Place, place
from leadterm.domain import Document

_MARK = r"(?:[-*•·>+☒✓]|\[x\]|\(x\)|\d{1,2}[.)](?!\d)|\d{5}[ \t]*[-:|]?)?"
_CLOCK = r"[\d:]{4,5}(?:[ \t]?[ap]m)?"
_CLOCKS = rf"(?:{_CLOCK}[ \t]*[-–][ \t]*{_CLOCK}[.:]?[ \t|]*)?"
_OPENS = r"(?:^|[|\t;]|(?<=\d,)|(?<=min,)|(?<=[')],))"
# A side or a part of the body before it.
_PART = (
    r"(?:(?:r|l|b|rt|lt|right|left|bilat(?:eral)?|ue|le|bue|ble|hand|thumb|finger|wrist|elbow|shoulder|neck"
    r"|cervical|lumbar|hip"
    r"|knee|ankle|foot|scar|core|trunk|dynamic|static|standing|seated)[ \t]+){0,2}"
)
_BEHIND = r"(?=[ \t]*(?:[-–—:|(=/,;]|\.{2,}|\d|x[ \t]?\d|$|[ ]{2}|\t))"


@cache
def _heads() -> re.Pattern[str]:
    """Every head of the table, in a group that bears the number of its row, with only minutes or parts behind it."""
    named = "|".join(f"(?P<k{n}>{row['head']})" for n, row in enumerate(rows("timed/services")) if row["head"])
    head = rf"{_OPENS}[ \t]*{_MARK}[ \t]*{_CLOCKS}{_PART}(?:{named}){_BEHIND}"
    return re.compile(head, re.IGNORECASE | re.MULTILINE)


@cache
def _within() -> re.Pattern[str]:
    """Every head of the table where it opens an item of a sentence and its minutes follow at once."""
    named = "|".join(f"(?P<k{n}>{row['head']})" for n, row in enumerate(rows("timed/services")) if row["head"])
    item = rf"(?:(?<=[.,;] )|(?<=and )){_PART}(?:{named})(?=[ \t]*[:(x-]*[ \t]*\d{{1,2}}[ \t]*min)"
    return re.compile(item, re.IGNORECASE)


def headed(document: Document) -> list[tuple[int, Place]]:
    """The services that stand at the heads of lines and cells, by their numbers in the table, in order of the text."""
    found: dict[tuple[int, int], tuple[int, Place]] = {}
    every = (*_heads().finditer(document.text), *_within().finditer(document.text))
    for m in sorted(every, key=lambda m: m.start()):
        name = m.lastgroup or ""
        found.setdefault(m.span(name), (int(name[1:]), place(document, *m.span(name))))
    return list(found.values())
