"""One reading: from the name of a measure to its number, its unit, and what the text says beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import _number_shapes as shapes
from ._place import BEFORE, Place, Source, Value, specimen, with_specimen
from ._special import backwards, pairs, sided, special
from ._units import UNIT, canonical
from .measures import CLEAR, JOINED, Measure, Name

_LIST_END = re.compile(rf"\s{{0,3}}(?:{UNIT})?[ ]*(?:$|\n|[|,;(]|[hl]\b|\.$|\.\s(?!\w))")
_ROW = re.compile(r"(?:,\s(?:and\s|then\s)?|\s(?:and|then|&)\s|;\s)(?=[\d.])")
# Cells are counted in thousands: 11.100 of them are written so in Europe.
_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")
_MINUS = re.compile(r"(?:minus|negative)\s")


def read(source: Source, name: Name, end: int) -> Sequence[Value]:
    """The values behind (for some measures before) a name, whose number begins before `end`."""
    measure, folded = name.measure, source.folded
    fluid = specimen(source, name) if "fluid" in measure.shape or "word" in measure.shape else ""
    worded = "word" in measure.shape or fluid == "urine"
    if worded and (found := shapes.WORD.match(folded, name.end)):
        word = shapes.WORDS.get(found["word"], found["word"])
        return (Value(with_specimen(measure, fluid), word, name.start, found.end()),)
    gap = _gap(folded, name, min(len(folded), end + 1))
    values: list[Value] = []
    if gap:
        cued = shapes.BEFORE.search(folded, max(0, name.start - BEFORE), name.start) is not None
        values = list(_read(Place(source, name, gap, fluid, cued)))
    if not values and not measure.shape.isdisjoint(("out", "before")):
        values = list(backwards(folded, name))
    return values


def _gap(folded: str, name: Name, end: int) -> re.Match[str] | None:
    """From the name to where its number begins."""
    if name.mark == CLEAR:
        pattern = shapes.LINK_CLEAR
    elif name.mark == JOINED:
        pattern = shapes.LINK_JOINED
    else:
        pattern = shapes.LINK_SIGNED if "signed" in name.measure.shape else shapes.LINK
    gap = pattern.match(folded, name.end, end)
    if gap and gap.end() == name.end and folded[name.end - 1].isdigit():
        return None
    return gap


def _read(place: Place) -> Iterator[Value]:
    if place.cued and shapes.WISH.search(place.before):
        return
    if "pair" in place.measure.shape:
        for number, value in enumerate(pairs(place)):
            yield value if number else _surrounded(place, value)
    elif "side" in place.measure.shape:
        yield from sided(place)
    elif found := special(place):
        yield found.also(found.end, *_beside(place, found))
    elif found := _number(place):
        yield found
        if "each" in place.measure.shape:
            yield from _more(place, found)


def _number(place: Place) -> Value | None:
    """The number behind the gap, if it is a plausible result."""
    measure, folded, at = place.measure, place.folded, place.gap.end()
    said: tuple[tuple[str, str], ...] = ()
    if sign := shapes.QUALIFIER.match(folded, at):
        if "limit" not in measure.shape or shapes.LIMIT.search(place.before):
            return None
        at, said = sign.end(), shapes.qualified(sign)
    previous, number, end = _trend(measure, folded, at)
    if not number or _strays(place, end):
        return None
    if place.gap.end() == place.name.end and (place.name.mark == CLEAR or len(number) < 2):
        return None  # WT1, TC99
    after = end
    unit, end = place.unit(end)
    if unit is None or (not unit and folded[after : after + 1].isalpha()) or not _plausible(place, number, unit):
        return None
    if "weight" in measure.shape and (shapes.CHANGE.match(folded, end) or shapes.WEIGHED.search(place.before)):
        return None
    value = Value(place.concept, number, place.name.start, end, unit or place.gap_unit, said)
    return _surrounded(place, value, previous)


def _plausible(place: Place, number: str, unit: str) -> bool:
    if place.concept != place.measure.concept:
        return float(number) >= 0  # in urine and other fluids almost any number is possible
    if "index" in place.measure.shape and len(number.partition(".")[2]) > 2:
        return False
    return place.measure.plausible(float(number), unit or place.gap_unit)


def _trend(measure: Measure, folded: str, at: int) -> tuple[str, str, int]:
    """The last of a row of numbers, the one before it, and where the last ends: 1.1 -> 1.6, from 1.1 to 1.6."""
    previous = ""
    if changed := shapes.FROM.match(folded, at):
        previous, at = changed["from"].replace(",", ""), changed.end()
    number, end = _result(measure, folded, at)
    while number and (trend := shapes.TREND.match(folded, end)):
        previous, number, end = number, trend[1].replace(",", ""), trend.end()
    return previous, number, end


def _result(measure: Measure, folded: str, at: int) -> tuple[str, int]:
    """The number at a place and where it ends; empty where none is a result."""
    result = (shapes.SIGNED if "signed" in measure.shape else shapes.RESULT).match(folded, at)
    if not result:
        return "", at
    number = _MINUS.sub("-", result.group()).replace(",", "").lstrip("+")
    if "/uL" in measure.ranges and _THOUSANDS.fullmatch(number):
        number = number.replace(".", "")
    return number, result.end()


def _strays(place: Place, end: int) -> bool:
    """Whether the number stands on another line, where it may number a list."""
    between = place.between
    if "\n" not in between:
        return False
    return between.count("\n") > 1 or not _LIST_END.match(place.folded, end)


def _surrounded(place: Place, value: Value, previous: str = "") -> Value:
    """The value with its flag, what was before, and the attributes of its shape."""
    folded = place.folded
    flag, end, unit = _flag(place, value.end)
    if unit and not value.unit:
        value = replace(value, unit=unit)
    if not previous and (earlier := shapes.EARLIER.match(folded, end)):
        number = earlier[1].replace(",", "")
        if place.measure.plausible(float(number), ""):
            previous, end = number, earlier.end()
    if previous and not any(key == "previous" for key, _ in value.attributes):
        value = value.also(end, ("previous", previous))
    if flag:
        value = value.also(end, ("flag", flag))
    return _shaped(place, value.also(end, *_beside(place, value)))


def _flag(place: Place, at: int) -> tuple[str, int, str]:
    """The flag behind a number, over a reference range, and where it ends; a unit that stands behind the range."""
    folded, unit = place.folded, ""
    flag, end = _one_flag(place, at)
    reference = shapes.REFERENCE.match(folded, end)
    if reference:
        unit, end = canonical(reference["unit"] or ""), reference.end()
        if unit and unit not in place.measure.ranges:
            unit, end = "", reference.start("unit")
        if not flag:
            flag, end = _one_flag(place, end)
    return flag, (end if flag or unit else at), unit


def _one_flag(place: Place, at: int) -> tuple[str, int]:
    found = shapes.FLAG.match(place.folded, at)
    if not found:
        return "", at
    group = "a" if found["a"] else "b"
    word = found[group].split()[-1]
    text = place.source.text
    if group == "b" and len(word) == 1 and text is not place.folded and text[found.start(group)].islower():
        return "", at
    return shapes.FLAGS[word], found.end()


def _beside(place: Place, value: Value) -> Iterator[tuple[str, str]]:
    """What the words before the name and between it and the number say."""
    if all(key != "flag" for key, _ in value.attributes):
        found = shapes.GAP_FLAG.search(place.between)
        found = found or (shapes.BEFORE_FLAG.search(place.before) if place.cued else None)
        if found:
            yield ("flag", shapes.FLAGS.get(found[found.lastindex or 0], "high"))
    if place.cued and (when := shapes.BEFORE_TIME.search(place.before)):
        yield ("timing", "baseline" if when[1] == "baseline" else "previous")


def _shaped(place: Place, value: Value) -> Value:
    """The value with what its shape asks for: the oxygen breathed, the share of the predicted, the class of weight."""
    shape, folded = place.measure.shape, place.folded
    if "oxygen" in shape:
        return _oxygenated(place, value)
    if "predicted" in shape and value.unit != "%" and (found := shapes.PREDICTED.match(folded, value.end)):
        return value.also(found.end(), ("predicted", found[1]))
    if "index" in shape:
        behind = re.split(r"[.;\n]", folded[value.end : value.end + 35])[0]
        before = re.split(r"[.;\n]", place.before[-30:])[-1]
        if kind := shapes.weight_class(behind) or shapes.weight_class(before):
            return value.also(value.end, ("class", kind))
    return value


def _oxygenated(place: Place, value: Value) -> Value:
    if found := shapes.OXYGEN.match(place.folded, value.end):
        return value.also(found.end(), ("oxygen", shapes.oxygen(found)))
    if shapes.GAP_AIR.search(place.between):
        return value.also(value.end, ("oxygen", "room air"))
    before = shapes.OXYGEN_BEFORE.search(place.before)
    return value.also(value.end, ("oxygen", shapes.oxygen(before))) if before else value


def _more(place: Place, value: Value) -> Iterator[Value]:
    """The readings that follow a value in a row, each a value."""
    folded, end = place.folded, value.end
    while joint := _ROW.match(folded, end):
        number, end = _result(place.measure, folded, joint.end())
        if not number or ("." in number) != ("." in value.value) or not place.measure.plausible(float(number), ""):
            return
        unit, end = place.unit(end)
        if unit is None:
            return
        yield Value(value.concept, number, joint.end(), end, unit)
