"""Values that are no single number behind a name: pressures, feet and inches, scores, sides, numbers before names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from . import _number_shapes as shapes
from ._place import Place, Value
from .measures import Name

_HIGHEST_PRESSURE, _LOWEST_PRESSURE = 320, 15
_PAIR_ROW = re.compile(
    r"(?:\s?(?:mm\s?hg\s?)?[,;]\s?(?:and\s|then\s)?|\s(?:and|then|to|&)\s|\s?->\s?)"
    r"(?:(?:standing|sitting|supine|repeat|now|manual)\s)?(?=\d)"
)
_PAIR_FROM = re.compile(r"(?:from\s+)?(\d{2,3}/\d{2,3})\s+to\s+(?=\d)")
_SIDED = re.compile(
    r"[\s,;:=]{0,4}(?:and\s|was\s|is\s|of\s|on\sthe\s|in\sthe\s|at\s){0,3}"
    rf"(?:(?P<a>{shapes.SIDE})\b[\s:=]{{0,3}}(?:eye\s|side\s|leg\s)?(?:(?:ankle-brachial\sindex|abi"
    rf"|iop)\s)?(?:was\s|is\s|of\s)?)?"
    rf"(?P<number>{shapes.NUMBER})(?![\d/%]|\.\d|-\d)(?:\s?mm\s?hg)?"
    rf"(?:\s{{1,2}}(?:on|in)?\s?(?:the\s)?(?P<b>{shapes.SIDE})\b(?:\s(?:eye|side|leg))?)?"
)
_OWN_SIDE = re.compile(rf"\b({shapes.SIDE})\s(?:eye\s)?$")
_SCORE_END = r"(?![\d+]|[.,]\d|\s?[/\\]\s?\d|:\d|st\b|nd\b|rd\b|th\b|-\w|\s?-\s?\d|\s?%)"


def special(place: Place) -> Value | None:
    """The value of a measure that has a shape of its own, if it is written so."""
    for shape in _SPECIAL.keys() & place.measure.shape:
        if value := _SPECIAL[shape](place):
            return value
    return None


def _apgar(place: Place) -> Value | None:
    found = shapes.APGAR.match(place.folded, place.gap.end())
    if not found:
        return None
    return Value(place.concept, "/".join(filter(None, found.groups())), place.name.start, found.end())


def _feet(place: Place) -> Value | None:
    found = shapes.HEIGHT.match(place.folded, place.gap.end())
    if not found or shapes.FALLEN.search(place.before):
        return None
    inches = int(found[1]) * 12 + float(found[2] or 0)
    return Value(place.concept, f"{inches:g}", place.name.start, found.end(), "in")


def _pounds(place: Place) -> Value | None:
    found = shapes.POUNDS.match(place.folded, place.gap.end())
    if not found or shapes.CHANGE.match(place.folded, found.end()):
        return None
    pounds = round(int(found[1]) + float(found[2]) / 16, 2)
    return Value(place.concept, f"{pounds:g}", place.name.start, found.end(), "lb")


def _percentile(place: Place) -> Value | None:
    at = place.gap.end()
    sign = shapes.QUALIFIER.match(place.folded, at)
    found = shapes.PERCENTILE.match(place.folded, sign.end() if sign else at)
    if not found:
        return None
    said = shapes.qualified(sign) if sign else ()
    return Value("BMI percentile", found[1], place.name.start, found.end(), "", said)


def _span(place: Place) -> Value | None:
    """A result that may be a range, by its lower end: EF 55-60%."""
    found = shapes.SPAN.match(place.folded, place.gap.end())
    if not found:
        return None
    low, high = float(found[1]), float(found[2])
    if not (low < high and place.measure.plausible(low, "") and place.measure.plausible(high, "")):
        return None
    unit, end = place.unit(found.end())
    return Value(place.concept, found[1], place.name.start, end, unit or "", (("upper", found[2]),))


@cache
def _score_pattern(out_of: int) -> re.Pattern[str]:
    return re.compile(
        rf"(\d{{1,2}})t?(?:(?:\s?(?:-|to)\s?(\d{{1,2}}))?\s?(?:/|out\sof|of)\s?{out_of}(?!\d)|(?=\s?\(?e\d)"
        rf"|{_SCORE_END})"
    )


def _score(place: Place) -> Value | None:
    found = _score_pattern(place.measure.out_of).match(place.folded, place.gap.end())
    if not found or not place.measure.plausible(int(found[1]), "") or "\n" in place.between:
        return None
    unit, _ = place.unit(found.end())
    if unit is None:
        return None
    said = (("upper", found[2]),) if found[2] else ()
    return Value(place.concept, found[1], place.name.start, found.end(), "", said)


_SPECIAL = {
    "apgar": _apgar,
    "height": _feet,
    "weight": _pounds,
    "index": _percentile,
    "span": _span,
    "out": _score,
}


def pairs(place: Place) -> Iterator[Value]:
    """The pressures behind the name, each a value; of a change the last, with the one before."""
    folded, at, start = place.folded, place.gap.end(), place.name.start
    said: tuple[tuple[str, str], ...] = ()
    if (changed := _PAIR_FROM.match(folded, at)) and "from" in folded[max(0, at - 5) : at + 5]:
        said, at = (("previous", changed[1]),), changed.end()
    while found := shapes.PAIR.match(folded, at):
        over, under = int(found[1]), int(found[2])
        if not _LOWEST_PRESSURE <= under < over <= _HIGHEST_PRESSURE:
            return
        unit, end = place.unit(found.end())
        yield Value(place.concept, f"{over}/{under}", start, end, unit or "", said)
        joint = _PAIR_ROW.match(folded, end)
        if not joint:
            return
        at, start, said = joint.end(), joint.end(), ()


def sided(place: Place) -> Iterator[Value]:
    """A number for each side."""
    folded, at, start = place.folded, place.name.end, place.name.start
    own = _OWN_SIDE.search(place.before)
    if not _SIDED.match(folded, at):
        at = place.gap.end()
    while found := _SIDED.match(folded, at):
        side = found["a"] or found["b"] or (own[1] if own and start == place.name.start else "")
        number = found["number"].replace(",", "")
        if not place.measure.plausible(float(number), "") or (not side and start != place.name.start):
            return
        said = (("side", shapes.SIDES[side]),) if side else ()
        yield Value(place.concept, number, start, found.end(), "", said)
        at = start = found.end()


@cache
def _tail(out_of: int) -> re.Pattern[str]:
    if out_of:
        joint = rf"(?:/|out\sof|of)\s?{out_of}\s+(?:on|in|for)\s+(?:the\s|his\s|her\s|an?\s)?"
    else:
        joint = r"[\s-]{0,3}(?:°|degrees?|%)?[\s-]{0,3}"
    return re.compile(rf"(?<![\d.,/-])({shapes.NUMBER})\s?{joint}$")


def backwards(folded: str, name: Name) -> Iterator[Value]:
    """The number before the name: "24/30 on the MMSE", "30 pack-years"."""
    measure, begin = name.measure, max(0, name.start - 30)
    found = _tail(measure.out_of).search(folded[begin : name.start])
    if not found or not measure.plausible(float(found[1].replace(",", "")), ""):
        return
    unit = next((u for u in ("deg", "%") if u in measure.ranges), "")
    if unit != "%" or "%" in found.group():
        yield Value(measure.concept, found[1].replace(",", ""), begin + found.start(), name.end, unit)
