"""What the code book says against a code on a date: unknown, ended, subdivided, excluded beside another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from leadterm.codesets import CodeBook
from leadterm.domain import Code, CodeEntry

MOST_CHILDREN = 8
# Codes in a note: `E11.-`, `N18.1`, `P04-P96`. A range counts by its categories, and only within one letter.
_NAMED = re.compile(r"\b([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?)(?:\.?-(?:([A-Z][0-9][0-9A-Z])(?![.0-9A-Z]))?)?")
CATEGORY = 3


class ReasonKind(StrEnum):
    """On whose word a code is not right; `near` and `optional` explain, they do not accuse."""

    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"
    NOT_BILLABLE = "not-billable"
    NOT_VALID = "not-valid"
    EXCLUDES1 = "excludes1"
    NEAR = "near"
    OPTIONAL = "optional"
    NOT_IN_KEY = "not-in-key"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in a sentence or two, with the paragraphs of the guidelines where it has some."""

    kind: ReasonKind
    text: str
    paragraphs: tuple[str, ...] = ()


def book_reasons(
    code: Code, entry: CodeEntry | None, key: Sequence[Code], on: date, book: CodeBook
) -> tuple[Reason, ...]:
    """What speaks against `code` by the code book alone, beside the codes of the key; empty where nothing does."""
    if entry is None:
        return (Reason(ReasonKind.UNKNOWN, "No installed release knows this code."),)
    if not entry.billable:
        below = ", ".join(entry.children[:MOST_CHILDREN]) + (", …" if len(entry.children) > MOST_CHILDREN else "")
        text = f"It is subdivided and never stands on a claim; below it: {below}."
        return (Reason(ReasonKind.NOT_BILLABLE, text, ("I.B.2",)),)
    if not entry.valid:
        return (Reason(ReasonKind.NOT_VALID, f"It is not in force on {on}.{_days(entry)}"),)
    return _excluded(entry, key, on, book)


def _days(entry: CodeEntry) -> str:
    if entry.effective is None:
        return ""
    return f" It is in force from {entry.effective.start} to {entry.effective.end or 'now'}."


def _excluded(entry: CodeEntry, key: Sequence[Code], on: date, book: CodeBook) -> tuple[Reason, ...]:
    """The first Excludes1 note between the code and one of the key, asked in both directions."""
    for wanted in key:
        other = book.lookup(wanted, on=on)
        if other is None:
            continue
        for holder, named in ((entry, other), (other, entry)):
            if at := _excludes1(holder, named.code):
                text = f"An Excludes1 note at {at} forbids it beside {wanted}, which the chart supports."
                return (Reason(ReasonKind.EXCLUDES1, text, ("I.A.12.a",)),)
    return ()


def _excludes1(holder: CodeEntry, named: Code) -> str | None:
    """The node whose Excludes1 note names a code; a note is not about what stands below its own node."""
    for note in holder.notes.excludes1:
        if named.value.startswith(note.at) or " with " in note.text:
            continue
        if any(_names(m[1], m[2], named.value) for m in _NAMED.finditer(note.text)):
            return note.at
    return None


def _names(first: str, last: str | None, code: str) -> bool:
    if last is None:
        return code.startswith(first)
    return first[0] == last[0] == code[0] and first[:CATEGORY] <= code[:CATEGORY] <= last
