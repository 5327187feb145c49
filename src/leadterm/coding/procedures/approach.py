"""How an operation reached its site: the approach that the nearest words of the chart tell (B5)."""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled

from .context import Context, Level
from .terms import DEED

READS = ("clause", "sentence", "names", "beside", "account")  # the words that may tell it, nearest first
# What a hand did was done the way that the report goes: "off the vagina" of a sentence names a place.
WHOLE = ("names", "account")
# A scopy in the list of operations is one of its own: "diagnostic laparoscopy" tells nothing of what followed.
_SCOPY = compiled(r"\b\w+scopy\b")
_LATER = compiled(r"\b(?:follow[- ]?up|repeat|in \d+ (?:weeks|months)|as an outpatient|scheduled)\b")


@cache
def _table() -> tuple[tuple[dict[str, str], Pattern], ...]:
    return tuple((row, compiled(rf"\b(?:{row['words']})")) for row in rows("procedures/approaches"))


def approach_of(prefix: str, offered: Container[str], context: Context) -> tuple[str, str] | None:
    """The character of the approach and which words tell it, of several at one level the weightiest; None for none."""
    for level in context.of(*(WHOLE if context.act.term.told == DEED else READS)):
        found = [
            (int(row["weight"]), row["approach"])
            for row, pattern in _table()
            if row["approach"] in offered
            and prefix[:2] in (row["only"].split() or (prefix[:2],))
            and pattern.search(_telling(level))
        ]
        if found:
            return max(found)[1], level.name
    return None


def _telling(level: Level) -> str:
    """The words of a level that may tell an approach."""
    if level.name == "names":
        return _SCOPY.sub(" ", level.text)
    if level.name == "account":
        return " . ".join(one for one in level.text.split(" . ") if not _LATER.search(one))
    return level.text
