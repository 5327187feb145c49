"""Reads the code references that tabular notes hold: `(N18.1-N18.6)`, `(E08-E13 with .36)`, `S06.1- to S06.6-`.

Codes are compared in the order of the Tabular List, which is not quite that of their characters: C7A stands before
C76, and Y93.A before Y93.8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Categories with a letter in third place that do not stand after the nine of their decade, and where they stand.
PLACED = {"C4A": "C43~", "C7A": "C75~", "C7B": "C75~~", "D3A": "D36~"}
# The same within a category, where a range of the list ends beside such a code.
PLACED_WITHIN = {"C96": {"A": "8~", "Z": "8~~"}, "S06": {"8A": "88~"}, "Y93": {"8": "Y", "9": "Z"}}
# Conditions that the list words in its own way, and the form that `_condition` reads.
WORDED = {
    "with ketoacidosis": "with .1",
    "with fifth or sixth character to indicate intent": "with fifth or sixth character 1-4",
    "with open fracture 7th character": "with 7th character B, C, E, F, H, J, M, N, Q or R",
}

_CODE = re.compile(
    r"(?<![0-9A-Za-z.])((?:[A-Z][0-9]|QA)[0-9A-Z](?:\.[0-9A-Z]{1,4})?)(\.?-+)?(?![0-9A-Za-z]|\.[0-9A-Z])"
)
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_ORDINALS |= {"3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7}
_NTH = "|".join(_ORDINALS)
_CHARACTERS = re.compile(
    rf"with (?:the )?({_NTH})(?: (or|to) ({_NTH}))?[- ]characters? \.?"
    r"([0-9A-Z]{1,4}(?:-[0-9A-Z])?(?:(?:, or |, | or )[0-9A-Z](?:-[0-9A-Z])?)*)(?![0-9A-Za-z])"
)
_DECIMALS = re.compile(r"with \.([0-9A-Z]+)(?:-\.([0-9A-Z]+))?")
_ENDING = re.compile(r"with final characters -([0-9A-Z]+)")
_JOINS = frozenset({"-", "--", "to", "through"})


@dataclass(frozen=True, slots=True)
class Reference:
    """Codes that a note names: one with all below it, or a range.

    Attributes:
        first, last: Ends of the range, as written; equal for one code.
        low, high: The same as places in the order of the list.
        condition: What the bare code must match beyond lying in the range, or None.
    """

    first: str
    last: str
    low: tuple[str, str]
    high: tuple[str, str]
    condition: re.Pattern[str] | None = None

    def names(self, bare: str) -> bool:
        """Whether the code without its dot is among them."""
        category, rest = place = _place(bare)
        if place < self.low or (category, rest[: len(self.high[1])]) > self.high:
            return False
        return self.condition is None or self.condition.match(bare) is not None

    @property
    def letters(self) -> str:
        """The first letters that its codes have."""
        return "".join(chr(n) for n in range(ord(self.first[0]), ord(self.last[0]) + 1))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one note: its references, and whether a condition in it could not be read."""

    references: tuple[Reference, ...]
    unreadable: bool = False


@lru_cache(maxsize=16384)
def read_references(text: str) -> Reading:
    """The code references of a note; those in parentheses, or where they hold none, those of the whole text."""
    for words, form in WORDED.items():
        text = text.replace(words, form)
    found: list[Reference] = []
    readable = True
    spans = [m.span(1) for m in _PARENTHESES.finditer(text) if _CODE.search(m.group(1))] or [(0, len(text))]
    for start, end in spans:
        references, ok = _read_segment(text[start:end], text[end:])
        found += references
        readable &= ok
    return Reading(tuple(found), not readable)


def _place(bare: str) -> tuple[str, str]:
    category, rest = bare[:3], bare[3:]
    for begins, stands in PLACED_WITHIN.get(category, {}).items():
        if rest.startswith(begins):
            rest = stands + rest[len(begins) :]
            break
    return PLACED.get(category, category), rest


def _read_segment(segment: str, after: str) -> tuple[list[Reference], bool]:
    """The references of one stretch of text, and whether its condition could be read."""
    tokens = list(_CODE.finditer(segment))
    if not tokens:
        return [], True
    rest = segment[tokens[-1].end() :].lstrip(" ,.-")
    outside = after[1:].lstrip() if after.startswith(")") else ""
    words = rest if rest.startswith("with ") else outside if _condition(outside) else ""
    condition = _condition(words)
    if words and condition is None:
        return [], False
    return [_reference(a, b, condition) for a, b in _pairs(segment, tokens)], True


def _pairs(segment: str, tokens: list[re.Match[str]]) -> list[tuple[str, str]]:
    """First and last code of each reference: two codes with a dash or "to" between them are a range."""
    pairs: list[tuple[str, str]] = []
    joined = False
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if joined:
            pairs[-1] = (pairs[-1][0], token.group(1))
        else:
            pairs.append((token.group(1), token.group(1)))
        between = segment[token.end() : following.start()].strip() if following else ","
        joined = not joined and (between in _JOINS or (not between and bool(token.group(2))))
    return pairs


def _reference(first: str, last: str, condition: re.Pattern[str] | None) -> Reference:
    low, high = first.replace(".", ""), last.replace(".", "")
    return Reference(first, last, _place(low), _place(high), condition)


def _condition(words: str) -> re.Pattern[str] | None:
    """What a bare code must match, from the words that follow the codes; None when they are of no known form."""
    if found := _CHARACTERS.match(words):
        return _characters(*found.groups())
    if found := _DECIMALS.match(words):
        values = [found.group(1)]
        if found.group(2):
            values = [str(n) for n in range(int(found.group(1)), int(found.group(2)) + 1)]
        return re.compile(rf".{{3}}(?:{'|'.join(values)})")
    if found := _ENDING.match(words):
        return re.compile(rf".*{found.group(1)}$")
    return None


def _characters(first: str, link: str | None, second: str | None, values: str) -> re.Pattern[str]:
    """A character at one place, at the later of two that the code fills, or ("to") several from the first place on."""
    before = _ORDINALS[first] - 1
    if link == "to":
        return re.compile(rf".{{{before}}}{values}")
    one = f"[{re.sub('or|[ ,]', '', values)}]"
    if second is None:
        return re.compile(rf".{{{before}}}{one}")
    # T39.315A has its intent in sixth place, T36.95XA, which fills that with a placeholder, in fifth.
    return re.compile(rf".{{{_ORDINALS[second] - 1}}}{one}|.{{{before}}}{one}(?:X|$)")
