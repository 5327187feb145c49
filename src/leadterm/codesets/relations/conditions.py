"""Conditions on the codes of a range, as tabular notes word them: `with .51-.52`, `with fifth or sixth character 5`."""

from __future__ import annotations

import re
from functools import lru_cache

# Conditions that the list words in its own way, and the form that says the same.
WORDED = {
    "with ketoacidosis": "with .1",
    "with fifth or sixth character to indicate intent": "with fifth or sixth character 1-4",
    "with open fracture 7th character": "with 7th character B, C, E, F, H, J, M, N, Q or R",
}

_ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_ORDINALS |= {"3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "six": 6}
_NTH = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_ONE = r"[0-9A-Z](?:-[0-9A-Z])?"
_CHARACTERS = (
    rf"with (?:the )?(?:{_NTH})(?: (?:or|to) (?:{_NTH}))?[- ]characters? \.?"
    rf"[0-9A-Z]{{1,4}}(?:-[0-9A-Z])?(?:(?:, or |, | or | and ){_ONE})*(?![0-9A-Za-z])"
)
_DECIMAL = r"\.[0-9A-Z]+-?(?:\.[0-9A-Z]+-?)?"
_DECIMALS = rf"with (?:final characters? )?{_DECIMAL}(?:(?:[,.]|,? or|,? and)\s*{_DECIMAL})*"
_ENDING = r"with final characters? -?[0-9A-Z]{1,4}(?![0-9A-Za-z])"
_ANY = re.compile(rf"[\s,.-]*({'|'.join(map(re.escape, WORDED))}|{_CHARACTERS}|{_DECIMALS}|{_ENDING})")
_PARTS = re.compile(rf"with (?:the )?({_NTH})(?: (or|to) ({_NTH}))?[- ]characters? \.?(.+)")
_VALUES = re.compile(r"\.([0-9A-Z]+)(-\.([0-9A-Z]+))?")


def condition_at(text: str) -> re.Match[str] | None:
    """The condition that `text` begins with, as group 1; None when it begins with none of a known form."""
    return _ANY.match(text)


@lru_cache(maxsize=1024)
def pattern_of(condition: str) -> re.Pattern[str]:
    """What a code without its dot matches when it meets a condition that `condition_at` found."""
    condition = WORDED.get(condition, condition)
    if parts := _PARTS.fullmatch(condition):
        return re.compile(_characters(*parts.groups()))
    if values := list(_VALUES.finditer(condition)):
        return re.compile(rf".{{3}}(?:{'|'.join(v for found in values for v in _decimals(found))})")
    ending = condition.rsplit(" ", 1)[1].lstrip("-")
    # The last characters before the 7th, and before the placeholders that fill up to it; they follow a subcategory, so
    # that I69.20 does not end in -20.
    return re.compile(rf"(?=.{{3,6}}$).{{4,}}{ending}X*$|(?=.{{7}}$).{{4,}}{ending}X*.$")


def _decimals(found: re.Match[str]) -> list[str]:
    """The characters after the dot: of one value, or of each in a range of numbers."""
    first, dash, last = found.groups()
    return [str(n) for n in range(int(first), int(last) + 1)] if dash else [first]


def _characters(first: str, link: str | None, second: str | None, values: str) -> str:
    """A character at one place, at the later of two that the code fills, or ("to") several from the first place on."""
    before = _ORDINALS[first] - 1
    if link == "to":
        return rf".{{{before}}}{values}"
    one = f"[{re.sub('or|and|[ ,.]', '', values)}]"
    if second is None:
        return rf".{{{before}}}{one}"
    # T39.315A has its intent in sixth place, T36.95XA, which fills that with a placeholder, in fifth.
    return rf".{{{_ORDINALS[second] - 1}}}{one}|.{{{before}}}{one}(?:X|$)"
