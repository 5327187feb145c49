"""Segments of HL7 version 2 as they are written: fields by number, components, repetitions, escapes (chapter 2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

Line = str
Part = str | None | tuple[str | None, ...]
"""A component, or one of subcomponents."""
Value = str | None | tuple[Part, ...]
"""A field: its only component, or its components."""
Repeated = list[Value]

FIELD, COMPONENT, REPETITION, ESCAPE, SUBCOMPONENT = "|^~\\&"
ENCODING = COMPONENT + REPETITION + ESCAPE + SUBCOMPONENT
_MARKS = {FIELD: "F", COMPONENT: "S", SUBCOMPONENT: "T", REPETITION: "R", ESCAPE: "E"}
_SPECIAL = re.compile(r"[|^~\\&]|\r\n?|\n|[\x00-\x08\x0b-\x1f\x7f]")
_NOTHING = '""'


def segment(name: str, fields: Mapping[int, Value | Repeated]) -> Line:
    """The segment, without what is empty at its end; MSH-1 and MSH-2 are the separators that are used."""
    first = 3 if name == "MSH" else 1
    start = [name, ENCODING] if name == "MSH" else [name]
    told = [_field(fields.get(number)) for number in range(first, max(fields, default=0) + 1)]
    return FIELD.join([*start, *told]).rstrip(FIELD)


def escaped(text: str | None) -> str:
    """A text as it may stand in a component: separators and line ends as escape sequences, other controls left out.

    A value that is two quotation marks would tell the receiver to delete what it has; it is left out.
    """
    told = _SPECIAL.sub(_sequence, (text or "").strip()).strip()
    return "" if told == _NOTHING else told


def stamp(moment: date | None) -> str | None:
    """A day as `20260514`; a moment by its clock, with the offset of its zone where it has one."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    written = f"{moment:%Y%m%d%H%M%S}"
    return f"{written}{moment:%z}"[: len("20260514120000+0000")] if moment.tzinfo else written


def _sequence(found: re.Match[str]) -> str:
    mark = found[0]
    if letter := _MARKS.get(mark):
        return f"{ESCAPE}{letter}{ESCAPE}"
    return f"{ESCAPE}.br{ESCAPE}" if mark[0] in "\r\n" else ""


def _field(value: Value | Repeated) -> str:
    repetitions = value if isinstance(value, list) else [value]
    return REPETITION.join(filter(None, map(_components, repetitions)))


def _components(value: Value) -> str:
    return _joined(value, COMPONENT) if isinstance(value, tuple) else escaped(value)


def _joined(parts: Sequence[Part], separator: str) -> str:
    told = (_joined(part, SUBCOMPONENT) if isinstance(part, tuple) else escaped(part) for part in parts)
    return separator.join(told).rstrip(separator)
