"""Stretches of a text that tell of another day: copied forward, of a visit before, under the date of another row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from leadterm.coding.patterns import compiled

# A line over what another visit did ("--- copied from 12/2 ---", "Prior infusion 9/4:", "LAST VISIT").
_OVER = compiled(
    r"(?m)^[ \t>*=#\[(_-]*(?:copied|copy|carried|pulled|imported|excerpt|pasted|prior|previous|last|old|historical"
    r"|from (?:the |her |his |my )?(?:last|prior|previous|\d)|earlier|history of)\b[^\n]{0,70}$"
)
_VISIT = compiled(
    r"\b(?:visit|infusion|treatment|tx|note|record|cycle|c\d+ ?d\d+|day|encounter|mar|log|flowsheet|administrations?"
    r"|copied|copy|carried|pulled|pasted|imported|excerpt|injections?|shots?|doses?)\b"
)
_RULE = compiled(r"^[ \t]*(?:[-=_*#~]{3,}|\[end|end of)", re.MULTILINE)
_TODAY = compiled(r"(?m)^[^\n]*\b(?:today|this visit|current (?:visit|encounter|infusion|treatment)|dos)\b[^\n]*$")
_DATE = compiled(r"(?<![\d/.-])\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![\d/])|(?<![\d-])\d{4}-\d\d-\d\d(?!\d)")
# A row that begins with a date: what is set in under it is of that date.
_DATED = compiled(r"^[ \t]{0,3}(?P<day>\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?|\d{4}-\d\d-\d\d)\b", re.MULTILINE)


def stretches(lower: str, days: frozenset[date], read: Callable[[str], date | None]) -> tuple[tuple[int, int], ...]:
    """Where a text in small letters tells of days that are none of `days`; `read` makes a date of a written one."""
    return (*_copied(lower, days, read), *_set_in(lower, days, read))


def _copied(lower: str, days: frozenset[date], read: Callable[[str], date | None]) -> Iterator[tuple[int, int]]:
    for line in _OVER.finditer(lower):
        said = [read(m[0]) for m in _DATE.finditer(line[0])]
        mine = any(day in days for day in said)
        if mine or not (_VISIT.search(line[0]) or any(said)) or _is_told(line[0]):
            continue
        yield line.start(), _end(lower, line)


def _is_told(line: str) -> bool:
    """Whether a line that looks like a header tells all that it has to tell itself."""
    bare = line.strip().rstrip("-=* ")
    return not (bare.endswith(":") or line.lstrip()[:2] in ("--", "==", "**", "##", "__") or len(bare) < 40)


def _end(lower: str, line: re.Match[str]) -> int:
    """The end of a stretch: a ruled one ends with the next rule, another with its paragraph, both with today."""
    ruled = bool(_RULE.match(line[0]))
    close = _RULE.search(lower, line.end() + 1)
    blank = re.compile(r"\n[ \t]*\n").search(lower, line.end() + 1)
    today = _TODAY.search(lower, line.end() + 1)
    ends = [m.start() for m in ((close,) if ruled else (close, blank)) if m is not None]
    if today is not None:
        ends.append(today.start())
    return min(ends, default=len(lower))


def _set_in(lower: str, days: frozenset[date], read: Callable[[str], date | None]) -> Iterator[tuple[int, int]]:
    heads = list(_DATED.finditer(lower))
    if not any(read(head["day"]) in days for head in heads):
        return  # its rows are dated by something else
    for head in heads:
        if (day := read(head["day"])) is None or day in days:
            continue
        end = lower.find("\n", head.end())
        deeper = re.compile(rf"\n(?:[ ]{{{head.start('day') - head.start() + 1},}}|\t)\S")
        while end >= 0 and deeper.match(lower, end):
            end = lower.find("\n", end + 1)
        yield head.start(), end if end >= 0 else len(lower)
