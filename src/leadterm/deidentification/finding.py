"""All identifiers of a text, each piece of it belonging to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import ages, casing, dating, known, people, placing, strangers, tables
from .scanning import Scan
from .values import Found, Kind

# What a former run wrote is no identifier.
_NOTHING = known.Known()
_PLACEHOLDER = re.compile(r"\[[A-Z]{2,14}(?: \d{1,4})?\]")
_SOFT = frozenset({Kind.ORGANIZATION, Kind.PLACE, Kind.NAME})
# Shapes that other things have too.
_BY_SHAPE = frozenset(
    "accession letters-digits long-number shape-dashed shape-mixed shape-case handle phone-seven photo-file".split()
)


def find(text: str, calendar: dating.Calendar, told: known.Known = _NOTHING) -> tuple[Found, ...]:
    """The identifiers of a text in order, none overlapping another."""
    first = by_rules(text, calendar)
    alone = settled(text, first)
    return with_known(text, first, alone, known.with_names(told, text, alone))


def with_known(text: str, first: tuple[Found, ...], alone: tuple[Found, ...], told: known.Known) -> tuple[Found, ...]:
    """What the rules found and what is known beside it; `alone` is what the rules found, settled."""
    more = tuple(known.find(text, told))
    return settled(text, (*first, *more)) if more else alone


def by_rules(text: str, calendar: dating.Calendar) -> tuple[Found, ...]:
    """What the rules find by the text alone, overlapping as it may; capitals alone are read in small letters too."""
    found = _by_rules(casing.cased(text), calendar)
    small = casing.lowered(text)
    return found if small is None else (*found, *_by_rules(small, calendar))


def _by_rules(text: str, calendar: dating.Calendar) -> tuple[Found, ...]:
    scan = tables.scan(text)
    found = (
        _shaped(scan),
        dating.find(scan, calendar),
        ages.find(scan),
        placing.find(scan),
        people.find(scan),
        strangers.find(scan),
    )
    return tuple(one for of_kind in found for one in of_kind)


def _shaped(scan: Scan) -> Iterator[Found]:
    for kind, rule in tables.patterns():
        for match in rule.find(scan):
            written = tables.zip3(match["v"]) if kind is Kind.ZIP else None
            yield Found(*match.span("v"), kind, f"{kind}/{rule.name}", rule.name not in _BY_SHAPE, written)


def settled(text: str, found: Iterable[Found]) -> tuple[Found, ...]:
    """`found` without overlaps: numbers and dates before names and places, labels before shapes, the longer first."""
    taken: list[Found] = []
    holes = [m.span() for m in _PLACEHOLDER.finditer(text)]
    covered = bytearray(len(text))
    for start, end in holes:
        covered[start:end] = b"\1" * (end - start)
    for one in sorted(found, key=_rank):
        if not any(covered[one.start : one.end]) and one.end > one.start:
            covered[one.start : one.end] = b"\1" * (one.end - one.start)
            taken.append(one)
        elif one.kind in (Kind.NAME, Kind.PLACE, Kind.ORGANIZATION):
            for piece in _pieces(one, covered, text):
                covered[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
                taken.append(piece)
    return tuple(_joined(text, sorted(taken, key=lambda f: f.start)))


def _rank(one: Found) -> tuple[int, bool, int, int]:
    soft = {Kind.ORGANIZATION: 2, Kind.PLACE: 2, Kind.NAME: 2 if one.certain else 3, Kind.OTHER: 1}
    return soft.get(one.kind, 0), one.kind in _SOFT and not one.certain, one.start - one.end, one.start


def _pieces(one: Found, covered: bytearray, text: str) -> Iterator[Found]:
    """What of an identifier is not covered yet, word by word."""
    for word in re.compile(r"[^\W_][\w'’.-]*").finditer(text, one.start, one.end):
        if not any(covered[word.start() : word.end()]):
            yield Found(*word.span(), one.kind, one.rule, one.certain)


def _joined(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Neighbours of one kind that only a space or a comma parts become one name or place."""
    last: Found | None = None
    for one in found:
        if (
            last
            and last.kind is one.kind
            and one.kind is Kind.NAME
            and text[last.end : one.start] in (" ", "  ", ", ", ",")
        ):
            last = Found(last.start, one.end, last.kind, last.rule, last.certain and one.certain)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last
