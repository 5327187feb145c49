"""Tables whose column says whether each drug or vaccine was given: `Given?` with Y or N, a tick or a dash."""

from __future__ import annotations

import re

from leadterm.coding.patterns import compiled

LINES_UP = 25  # a column has its header so many lines above at most
NEAR = 3  # characters between the beginnings of a cell and of the words over its column
_OVER = compiled(
    r"\b(?:given|administered|admin(?:'d)?|accepted|received|done)(?: ?\?|(?: today)?\??(?=\s*(?:\||\t| {2,}|$)))"
)
_NO = compiled(
    r"(?:n|no|0|x0|ø|-+|–|—|\[ ?\]|not given|held|hold|declined|refused|deferred|omitted|none|n/?a|not due|u)\.?\Z"
)
_CELL = re.compile(r"[^|\t ]+(?: [^|\t ]+)*")


def marked_not(lower: str, at: int) -> bool:
    """Whether the row that holds a place has No, or nothing, in a column that says what was given."""
    start = lower.rfind("\n", 0, at) + 1
    head = _header(lower, start)
    if head is None:
        return False
    end = lower.find("\n", at)
    row = lower[start : end if end >= 0 else len(lower)]
    place, number = head
    if "|" in row:
        parts = row.split("|")
        cell = parts[number].strip() if 0 <= number < len(parts) else "?"
        return not cell or _NO.match(cell) is not None
    over = next((m for m in _CELL.finditer(row) if m.start() <= place + NEAR and m.end() > place - NEAR), None)
    return over is not None and over.start() >= place - NEAR and _NO.match(over[0].strip()) is not None


def _header(lower: str, start: int) -> tuple[int, int] | None:
    """The place of such a column in the header above a line, and its number between bars; None where none stands."""
    low = start
    for _ in range(LINES_UP):
        if low <= 0:
            return None
        above = lower.rfind("\n", 0, low - 1) + 1
        line = lower[above : low - 1]
        if not line.strip():
            return None
        if (found := _OVER.search(line)) and len(_CELL.findall(re.sub(r" {2,}", "\t", line))) > 1:
            return found.start(), line.count("|", 0, found.start())
        low = above
    return None
