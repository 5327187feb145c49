"""Segments as text, every element checked against `elements`.

A segment's checks are put together once per set of separators; after that an element costs one pattern match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from .elements import Element, elements_of
from .errors import X12Error
from .segment import USUAL, Separators
from .text import BASIC, EXTENDED, basic

Scalar = str | int | Decimal | date | None
Value = Scalar | tuple[Scalar, ...]
# Makes an element's text of its value, or raises X12Error with the element's name (`NM103`).
Render = Callable[[Value], str]


class SegmentWriter:
    """Writes segments with one set of separators; a call returns one segment's text with its terminator."""

    def __init__(self, separators: Separators = USUAL) -> None:
        self.separators = separators
        self._renders: dict[str, tuple[Render, ...]] = {}

    def __call__(self, segment_id: str, *values: Value) -> str:
        """The segment's text; empty values at its end are trimmed. A tuple is a composite.

        Raises X12Error naming the element, never its data, when a value does not fit.
        """
        renders = self._renders.get(segment_id)
        if renders is None:
            renders = self._renders[segment_id] = _renders(segment_id, self.separators)
        if len(values) > len(renders):
            raise X12Error(f"{segment_id} has at most {len(renders)} elements.")
        parts = [segment_id]
        for render, value in zip(renders, values, strict=False):
            parts.append("" if value is None or value == "" else render(value))
        while not parts[-1]:
            parts.pop()
        if len(parts) == 1:
            raise X12Error(f"{segment_id} would have no element; leave the segment out.")
        return self.separators.element.join(parts) + self.separators.terminator


@cache
def _renders(segment_id: str, separators: Separators) -> tuple[Render, ...]:
    renders = []
    for number, spec in enumerate(elements_of(segment_id), start=1):
        name = f"{segment_id}{number:02}"
        if isinstance(spec, Element):
            renders.append(_KINDS[spec.kind](spec, name, separators))
        else:
            parts = (_KINDS[s.kind](s, f"{name}-{place}", separators) for place, s in enumerate(spec, start=1))
            renders.append(_composite(tuple(parts), name, separators.component))
    return tuple(renders)


def _composite(renders: tuple[Render, ...], name: str, mark: str) -> Render:
    def render(value: Value) -> str:
        components = value if isinstance(value, tuple) else (value,)
        if len(components) > len(renders):
            raise X12Error(f"{name} has at most {len(renders)} components.")
        written = ["" if c is None or c == "" else r(c) for r, c in zip(renders, components, strict=False)]
        return mark.join(written).rstrip(mark)

    return render


def _text(spec: Element, name: str, separators: Separators) -> Render:
    fits = _pattern(BASIC - set(separators.all), spec)
    # A separator inside text becomes a blank, and the runs of blanks that it may leave become one.
    apart = str.maketrans(dict.fromkeys(separators.all, " "))

    def render(value: Value) -> str:
        if not isinstance(value, str):
            raise X12Error(f"{name} takes text, not {type(value).__name__}.")
        if fits(value) and "  " not in value:
            return value
        folded = basic(value)
        if not folded:
            raise X12Error(f"{name} has letters that X12 cannot carry; give its Latin spelling.")
        return _fitting(basic(folded.translate(apart)) or "", spec, name)

    return render


def _identifier(spec: Element, name: str, separators: Separators) -> Render:
    carried = EXTENDED - set(separators.all)
    fits = _pattern(carried, spec)

    def render(value: Value) -> str:
        text = str(value).strip() if isinstance(value, (str, int)) else ""
        if fits(text):
            return text
        if not carried.issuperset(text):
            raise X12Error(f"{name} has a character that X12 cannot carry in an identifier; correct it.")
        return _fitting(text, spec, name)

    return render


def _code(spec: Element, name: str, separators: Separators) -> Render:
    fits = _pattern(frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), spec)

    def render(value: Value) -> str:
        if isinstance(value, str) and fits(value):
            return value
        raise X12Error(f"{name} takes a code of {_lengths(spec)} capital letters and digits.")

    return render


def _whole(spec: Element, name: str, separators: Separators) -> Render:
    def render(value: Value) -> str:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise X12Error(f"{name} takes a whole number.")
        return _fitting(str(value), spec, name)

    return render


def _decimal(spec: Element, name: str, separators: Separators) -> Render:
    def render(value: Value) -> str:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not Decimal(value).is_finite():
            raise X12Error(f"{name} takes an exact number: a Decimal or an integer.")
        text = decimal_text(Decimal(value))
        # Sign and point do not count.
        _fitting(text.replace("-", "").replace(".", ""), spec, name)
        return text

    return render


def _amount(spec: Element, name: str, separators: Separators) -> Render:
    number = _decimal(spec, name, separators)

    def render(value: Value) -> str:
        text = number(value)
        if isinstance(value, (int, Decimal)) and abs(value) >= 10 ** (spec.most - 2):
            raise X12Error(f"{name} has more dollars than X12 takes, {spec.most - 2} digits; split it.")
        return text

    return render


def _date(spec: Element, name: str, separators: Separators) -> Render:
    def render(value: Value) -> str:
        if not isinstance(value, date):
            raise X12Error(f"{name} takes a date.")
        return _day(value)

    return render


def _time(spec: Element, name: str, separators: Separators) -> Render:
    def render(value: Value) -> str:
        if not isinstance(value, datetime):
            raise X12Error(f"{name} takes a moment.")
        return f"{value.hour:02}{value.minute:02}"

    return render


_KINDS: dict[str, Callable[[Element, str, Separators], Render]] = {
    "T": _text,
    "X": _identifier,
    "I": _code,
    "N": _whole,
    "R": _decimal,
    "A": _amount,
    "D": _date,
    "M": _time,
}


def _pattern(allowed: Iterable[str], spec: Element) -> Callable[[str], object]:
    """Whether a text has allowed characters only, in number too, and no blank at an end."""
    inside = "".join(map(re.escape, sorted(allowed)))
    return re.compile(rf"(?! )[{inside}]{{{spec.least},{spec.most}}}(?<! )").fullmatch


def _fitting(text: str, spec: Element, name: str) -> str:
    if not spec.least <= len(text) <= spec.most:
        raise X12Error(f"{name} has {len(text)} characters where X12 takes {_lengths(spec)}; change it.")
    return text


def _lengths(spec: Element) -> str:
    return str(spec.most) if spec.least == spec.most else f"{spec.least} to {spec.most}"


def decimal_text(value: Decimal) -> str:
    """The exact number as X12 writes it: no exponent, no zero that says nothing (`12.5`, `100`, `.5`, `0`)."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    digits = digits.lstrip("0")
    return sign + digits if digits else "0"


def period(start: date, end: date | None = None) -> tuple[str, str]:
    """Qualifier and value of a date-time period: `D8` for one day, `RD8` for several."""
    return ("D8", _day(start)) if end is None or end == start else ("RD8", f"{_day(start)}-{_day(end)}")


def _day(day: date) -> str:
    # Not strftime: it writes a year before 1000 with fewer than four digits.
    return f"{day.year:04}{day.month:02}{day.day:02}"
