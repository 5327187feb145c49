"""Measured values: laboratory results, vital signs, scores, weeks of gestation, with units and flags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import _number_shapes as shapes
from ._counted import find_counted
from ._place import Source, Value, specimen
from ._reading import read
from ._squeeze import squeeze
from .measures import CLEAR, Measure, Name, find_names, measures

__all__ = ["Value", "find_values"]

# A number farther from its name belongs to something else.
REACH = 75
_DIGIT = re.compile(r"\d")
# Shapes that need no digit behind the name.
_WITHOUT = frozenset(("word", "out", "before", "fluid"))
_JOINT = re.compile(r"\s{0,3}(?:/|&|\band\b|\+)\s{0,3}(?:the\s)?")
_NEXT = re.compile(r"\s?(?:/|,?\s(?:and|&)\s|,)\s?")
_PANEL_JOINT = re.compile(r"\s?[/><|\\,]\s?|\s{1,3}(?=[\d.])")
_PANEL_GAP = re.compile(r"(?:\s{0,20}(?:[:=|-]|was|of|is|were|showed|today|on\sadmission|with)){0,3}\s{0,20}(?=[\d.])")
# The numbers of a row of vital signs.
_SIGN = re.compile(
    r"[\s,;|/-]{0,6}(?:(?P<over>\d{2,3})\s?/\s?(?P<under>\d{2,3})(?![\d/])"
    r"|(?P<number>\d{2,3}(?:\.\d)?)\s?(?P<unit>%|percent|°?\s?[fc]\b)?(?![\d/]|\.\d|[^\W\d_]))"
)


def find_values(folded: str, text: str | None = None) -> Iterator[Value]:
    """The measured values of a folded text in order, implausible ones left out.

    A goal, a limit of an instruction, a range and a dose are no values. `text` is the text before it was folded: with
    it a lone small letter is no name and no flag. Every value says its unit where the text does, and in `attributes`
    what else the text says of it: `flag` (high, low, normal, abnormal, critical), `qualifier` (<, <=, >, >=),
    `previous` (the number before), `timing` (baseline, previous), and those of its shape (`oxygen`, `class`, `side`).
    """
    page = squeeze(folded)
    capitals = text is not None and not text.islower()
    source = page.also(text) if text is not None and capitals else page.text
    taken: dict[str, int] = {}
    for value in sorted(_found(page.text, source), key=lambda v: v.start):
        if value.start >= taken.get(value.concept, 0):
            taken[value.concept] = value.end
            yield value.at(*page.original(value.start, value.end)) if page.cuts else value


def _found(folded: str, text: str) -> Iterator[Value]:
    names, counted = find_names(folded)
    if names:
        yield from _values(Source(folded, text, "fluid" in counted), names)
    if counted:
        yield from find_counted(folded, counted)


def _values(source: Source, names: Sequence[Name]) -> Iterator[Value]:
    folded = source.folded
    names = _spelled_once(folded, [n for n in names if _promising(source, n)])
    reached, number = 0, 0
    while number < len(names):
        name = names[number]
        number += 1
        if name.start < reached:
            continue
        end = names[number].start if number < len(names) else len(folded)
        values: Sequence[Value] = ()
        if number < len(names) and (chain := _chain(folded, names, number - 1)):
            values = _together(folded, chain)
        if not values:
            values = _of(source, name, end)
        yield from values
        reached = max((v.end for v in values), default=reached)


def _spelled_once(folded: str, names: Sequence[Name]) -> Sequence[Name]:
    """The names, a name and its abbreviation in brackets as one: creatine kinase (CK) 92."""
    once: list[Name] = []
    for name in names:
        last = once[-1] if once else None
        if last and last.measure is name.measure and folded[last.end : name.start].strip() == "(":
            once[-1] = replace(last, end=name.end)
        else:
            once.append(name)
    return once


def _promising(source: Source, name: Name) -> bool:
    """Whether a number or a word that is a result can follow the name, or stand before it."""
    if name.mark == CLEAR and name.end - name.start < 3 and _is_unit(source, name):
        return False
    shape = name.measure.shape
    if "only" in shape and specimen(source, name) in ("", "blood"):
        return False
    return bool(_DIGIT.search(source.folded, name.end, name.end + REACH)) or not shape.isdisjoint(_WITHOUT)


def _is_unit(source: Source, name: Name) -> bool:
    """Whether one or two letters are no name: a unit behind a number, or small letters in a text that has capitals."""
    folded = source.folded
    if source.text is not folded and source.text[name.start : name.end].islower():
        return folded[name.end : name.end + 1] not in (":", "=")
    return name.measure.concept == "magnesium" and folded[max(0, name.start - 2) : name.start].strip().isdigit()


def _of(source: Source, name: Name, end: int) -> Sequence[Value]:
    folded, shape = source.folded, name.measure.shape
    if "panel" in shape:
        return _panel(folded, name)
    if "vitals" in shape:
        return _vitals(folded, name)
    return read(source, name, min(end, name.end + REACH))


def _chain(folded: str, names: Sequence[Name], first: int) -> Sequence[Name]:
    """The names that one stroke or "and" joins to the first: Hgb/Hct, AST and ALT."""
    last = first
    while last + 1 < len(names) and last - first < 7:
        if not _JOINT.fullmatch(folded, names[last].end, names[last + 1].start):
            break
        last += 1
    return names[first : last + 1] if last > first else ()


def _together(folded: str, names: Sequence[Name]) -> Sequence[Value]:
    """One number for each name of a chain, or nothing."""
    pattern = shapes.LINK_CLEAR if names[-1].mark == "!" else shapes.LINK
    gap = pattern.match(folded, names[-1].end, min(len(folded), names[-1].end + REACH))
    if not gap or shapes.WISH.search(folded, max(0, names[0].start - 40), names[0].start):
        return ()
    numbers = _numbers(folded, gap.end(), _NEXT, len(names))
    if len(numbers) != len(names):
        return ()
    return _measured([n.measure for n in names], numbers, names[0].start)


def _numbers(folded: str, at: int, joint: re.Pattern[str], most: int) -> list[tuple[str, int, int]]:
    """At most so many numbers that the joint parts, from a place on."""
    numbers: list[tuple[str, int, int]] = []
    while len(numbers) < most and (number := _NUMBER.match(folded, at)):
        numbers.append((number.group(), number.start(), number.end()))
        if not (between := joint.match(folded, number.end())):
            break
        at = between.end()
    return numbers


_NUMBER = re.compile(rf"{shapes.NUMBER}(?!\d|\.\d)")


def _measured(
    concepts: Sequence[Measure], numbers: Sequence[tuple[str, int, int]], start: int | None = None
) -> Sequence[Value]:
    """The numbers as values of the measures, if all are plausible."""
    values = []
    for measure, (number, first, last) in zip(concepts, numbers, strict=False):
        plain = number.replace(",", "")
        if not measure.plausible(float(plain), ""):
            return ()
        values.append(Value(measure.concept, plain, first if start is None else start, last))
    return values


def _panel(folded: str, name: Name) -> Sequence[Value]:
    """The numbers of a labelled fishbone."""
    parts = [measures()[concept] for concept in name.measure.concept.split("/")]
    gap = _PANEL_GAP.match(folded, name.end, name.end + REACH)
    numbers = _numbers(folded, gap.end(), _PANEL_JOINT, len(parts)) if gap else []
    return _measured(parts, numbers) if len(numbers) >= min(3, len(parts)) else ()


def _vitals(folded: str, name: Name) -> Sequence[Value]:
    """Bare numbers behind "vitals": a temperature, a pressure, the heart, the breath, the oxygen."""
    gap = _PANEL_GAP.match(folded, name.end, name.end + REACH)
    at, rest = gap.end() if gap else len(folded), ["heart rate", "respiratory rate", "oxygen saturation"]
    found: list[Value] = []
    while len(found) < 6 and (sign := _SIGN.match(folded, at)):
        at = sign.end()
        if value := _sign(sign, rest, found):
            found.append(value)
    if len(found) < 3 or all(v.concept != "blood pressure" for v in found):
        return ()
    last = found[-1]
    if last.concept == "oxygen saturation" and (oxygen := shapes.OXYGEN.match(folded, last.end)):
        found[-1] = last.also(oxygen.end(), ("oxygen", shapes.oxygen(oxygen)))
    return found


def _sign(sign: re.Match[str], rest: list[str], found: Sequence[Value]) -> Value | None:
    number, unit = sign["number"], (sign["unit"] or "").strip("° ")
    if number is None:
        return Value("blood pressure", f"{sign['over']}/{sign['under']}", sign.start("over"), sign.end())
    start, size = sign.start("number"), float(number)
    if unit in ("%", "percent"):
        return Value("oxygen saturation", number, start, sign.end(), "%")
    warm = not found and ("." in number or size > 92) and measures()["temperature"].plausible(size, "")
    if unit or warm:
        return Value("temperature", number, start, sign.end(), unit.upper())
    if not rest or not measures()[rest[0]].plausible(size, ""):
        return None
    return Value(rest.pop(0), number, start, sign.end())
