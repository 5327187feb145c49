"""Units of measure as charts write them, brought to one spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping

# What is counted, and in how much of what: together they make the units of concentrations and rates.
_AMOUNTS: Mapping[str, str] = {
    "mg": "mg|mgs|milligrams?",
    "g": "g|gm|gms|gr|grams?",
    "ug": "ug|mcg|µg|μg|micrograms?",
    "ng": "ng|nanograms?",
    "pg": "pg|picograms?",
    "mmol": "mmol|mmole?s?|millimoles?",
    "umol": "umol|µmol|μmol|mcmol|micromoles?",
    "nmol": "nmol|nanomoles?",
    "pmol": "pmol|picomoles?",
    "mEq": "meq|meqs|milliequivalents?",
    "mIU": "miu|mu|milli-?international units",
    "uIU": "uiu|µiu|μiu|mciu|µu|μu|uu",
    "IU": "iu|international units?",
    "U": "u|units?",
    "mOsm": "mosm|mosmol",
    "mL": "ml|milliliters?|cc",
    "L": "l|liters?|litres?",
    "cells": "cells?",
    "copies": "copies|cps",
    "events": "events?",
    "mm": "mm",
    "K": "k|thousands?|thou|x?\\s?10\\s?(?:\\^|\\*|e|\\*\\*|\\()?\\s?3\\)?|×\\s?10\\^?3",
    "M": "m|millions?|mill|x?\\s?10\\s?(?:\\^|\\*|e|\\*\\*|\\()?\\s?6\\)?|×\\s?10\\^?6",
    "10^9": "x?\\s?10\\s?(?:\\^|\\*|e|\\*\\*|\\()?\\s?9\\)?|×\\s?10\\^?9|giga",
    "10^12": "x?\\s?10\\s?(?:\\^|\\*|e|\\*\\*|\\()?\\s?12\\)?|×\\s?10\\^?12|tera",
    "/": "beats?|breaths?|bpm(?=\\s?/)|counts?",
    "": "",
}
_SHARES: Mapping[str, str] = {
    "dL": "dl|deciliters?|decilitres?|100\\s?ml",
    "L": "l|liters?|litres?",
    "mL": "ml|milliliters?|cc",
    "uL": "ul|mcl|µl|μl|mm\\W?3|cu\\.?\\s?mm|cumm|microliters?|cmm",
    "hpf": "hpf|high power field",
    "kg": "kg|kilograms?",
    "g": "g|gram|grams",
    "mmol": "mmol",
    "mol": "mol",
    "min": "min(?:ute)?s?(?:\\s?/\\s?1\\.73\\s?(?:m\\W?2?|sq\\.?\\s?m|square\\smeters?)?)?",
    "h": "h|hr|hrs|hour",
}
_SINGLE: Mapping[str, str] = {
    "%": "%|percent|per\\scent|pct",
    "kg/m2": "kg\\s?/\\s?m\\W?2|kg/sq\\.?\\s?m|kg\\sper\\s(?:square\\smeter|m2)|kilograms\\sper\\ssquare\\smeter|kg/m",
    "mmHg": "mm\\s?\\(?hg\\)?|millimeters\\sof\\smercury|torr",
    "kPa": "kpa",
    "/min": "bpm|rpm",
    "F": "°\\s?f(?:ahrenheit)?|f(?:ahrenheit)?|deg(?:rees?)?\\.?\\s?f(?:ahrenheit)?|º\\s?f",
    "C": "o\\s?c|°\\s?c(?:elsius)?|c(?:elsius|entigrade)?|deg(?:rees?)?\\.?\\s?c(?:elsius|entigrade)?|º\\s?c",
    "deg": "°|º|degrees?|deg",
    "kg": "kgs?|kilos?|kilograms?",
    "lb": "lbs?|pounds?|#",
    "oz": "oz|ounces?",
    "cm": "cms?|centimeters?",
    "mm": "mms?|millimeters?",
    "m": "m|meters?",
    "m2": "m\\W?2|square\\smeters?",
    "in": "in|inch(?:es)?|\"|''",
    "ft": "ft|feet|foot|'",
    "s": "s|secs?|seconds?",
    "fL": "fl|femtoliters?",
    "mg": "mg|mgs|milligrams?",
    "g": "g|gm|gms|gr|grams?",
    "ug": "ug|mcg|mcgs|µg|μg|micrograms?",
    "pg": "pg|picograms?",
    "mEq": "meq|meqs",
    "mL": "mls?|cc|ccs|milliliters?",
    "L": "l|liters?|litres?",
    "IU": "iu|international units?",
    "U": "u|units?",
    "K/uL": "k|thousands?|thou",
    "M/uL": "mil|millions?",
    "10^9/L": "x\\s?10\\s?\\^?9",
    "y": "y|yo|y/o|years?|yrs?",
    "mo": "months?|mos?",
    "wk": "weeks?|wks?",
    "d": "days?|d",
    "h": "h|hours?|hrs?",
    "min": "minutes?|mins?",
    "dose": "tabs?|tablets?|caps?|capsules?|pills?|puffs?|doses?|gtts?|drops?|sprays?|patch(?:es)?|bottles?|cans?",
    "count": "times|visits?|lead|leads|views?|points?|beats|episodes?|people|am|pm|a\\.m|p\\.m|o'clock|bags?|runs?",
}
# Words or flags as often as units: where the measure does not know them, they are read as none.
LOOSE = frozenset(("in", "m", "C", "F", "L", "h", "s", "d", "K/uL", "deg", "ft"))


def _one_of(table: Mapping[str, str]) -> str:
    return "|".join(filter(None, table.values()))


def _groups(table: Mapping[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [(unit, re.compile(f"(?:{surfaces})")) for unit, surfaces in table.items()]


# A unit ends where its word ends; a mark needs no end.
_END = r"(?<![^\W\d_])|(?![^\W\d_])"
UNIT = rf"(?:(?:{_one_of(_AMOUNTS)})?\s?(?:/|\bper\b)\s?(?:{_one_of(_SHARES)})|{_one_of(_SINGLE)})(?:{_END})"
_CANON_AMOUNTS, _CANON_SHARES, _CANON_SINGLE = _groups(_AMOUNTS), _groups(_SHARES), _groups(_SINGLE)
_PARTED = re.compile(r"\s?(?:/|\bper\b)\s?")
_known: dict[str, str] = {}


def canonical(written: str) -> str:
    """One spelling for a unit that `UNIT` has matched."""
    if written not in _known:
        _known[written] = _canonical(written)
        if len(_known) > 5000:
            _known.clear()
            return _canonical(written)
    return _known[written]


def _canonical(written: str) -> str:
    for unit, pattern in _CANON_SINGLE:
        if pattern.fullmatch(written):
            return unit
    amount, share = [*_PARTED.split(written, maxsplit=1), ""][:2]
    above = next((unit for unit, pattern in _CANON_AMOUNTS if unit and pattern.fullmatch(amount.strip())), "")
    below = next((unit for unit, pattern in _CANON_SHARES if pattern.fullmatch(share)), share)
    return f"{'' if above == '/' else above}/{below}"
