"""The codes that the words of a tabular note refer to: `(N18.1-N18.6)`, `(E08-E13 with .36)`, `S06.1- to S06.6-`.

Codes are compared in the order of the Tabular List, which is not quite that of their characters: C7A stands before
C76, and Y93.A before Y93.8. What stands in brackets is what a note refers to; words such as "any type in A15" count
only where no bracket holds a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from .conditions import condition_at, pattern_of

# Categories with a letter in third place that do not stand after the nine of their decade, and where they stand.
PLACED = {"C4A": "C43~", "C7A": "C75~", "C7B": "C75~~", "D3A": "D36~"}
# The same within a category, where a range of the list ends beside such a code.
PLACED_WITHIN = {"C96": {"A": "8~", "Z": "8~~"}, "S06": {"8A": "88~"}, "Y93": {"8": "Y", "9": "Z"}}
# First and last category of each chapter, for "(Chapter 20)".
CHAPTERS = {
    **{"1": ("A00", "B99"), "2": ("C00", "D49"), "3": ("D50", "D89"), "4": ("E00", "E89"), "5": ("F01", "F99")},
    **{"6": ("G00", "G99"), "7": ("H00", "H59"), "8": ("H60", "H95"), "9": ("I00", "I99"), "10": ("J00", "J99")},
    **{"11": ("K00", "K95"), "12": ("L00", "L99"), "13": ("M00", "M99"), "14": ("N00", "N99"), "15": ("O00", "O9A")},
    **{"16": ("P00", "P96"), "17": ("Q00", "QA0"), "18": ("R00", "R99"), "19": ("S00", "T88"), "20": ("V00", "Y99")},
    **{"21": ("Z00", "Z99"), "22": ("U00", "U85")},
}

_CODE = r"(?P<code>(?:[A-Z][0-9]|QA)[0-9A-Z](?:\.[0-9A-Z]{1,4})?)"
# Four lines of five end with one code in brackets, and hold no other.
_ONE = re.compile(rf"[^(){{}}]*\((?P<words>{_CODE}(?:\.?-)?)\)")
_AMONG = rf"(?<![0-9A-Za-z.])(?<!vitamin ){_CODE}(?P<dash>\.?-+)?(?![0-9A-Za-z]|\.[0-9A-Z])"
_TOKEN = re.compile(rf"{_AMONG}|\b[Cc]hapters? (?P<chapter>[0-9]{{1,2}})\b")
# A bracket that the file forgot to close, or closed with a brace, ends there or with the note.
_BRACKETS = re.compile(r"\(([^(){}]*)(?:[)}]|$)")
_JOIN = re.compile(r"\s*(?:\.?-+|–|to|through)\s*")
_BY_NAME = r"(?:(?:see|see also|codes?|categor(?:y|ies)|subcategor(?:y|ies))\s+)?"
_LISTED = re.compile(rf"[\s,;./]*(?:\b(?:and/or|and|or)\b)?\s*{_BY_NAME}", re.IGNORECASE)
_EXCEPT = re.compile(rf"[\s,;]*\b(?:except(?: for)?|excluding|other than|but not)\s+{_BY_NAME}$", re.IGNORECASE)
_SCOPE = re.compile(r"\bfor (?:codes?|categor(?:y|ies)|subcategor(?:y|ies))\s+$", re.IGNORECASE)
_BLANK = re.compile(r"[\s,;.-]*")
_WITH = re.compile(r"[\s,.-]*with\b")


@dataclass(frozen=True, slots=True)
class Reference:
    """Codes that a note names: one with all below it, or a range.

    Attributes:
        first, last: Ends of the range, as written; equal for one code.
        words: The exact words in the brackets, or of the note where no bracket holds a code.
        condition: The words that narrow the range, `with fifth or sixth character 5`; else empty.
        chapter: Number of the chapter that is named as a whole; else empty.
        exceptions: Codes within that are not meant.
        low, high: The ends as places in the order of the list.
        pattern: What a code without its dot must match by the condition, or None.
    """

    first: str
    last: str
    words: str = ""
    condition: str = ""
    chapter: str = ""
    exceptions: tuple[Reference, ...] = ()
    low: tuple[str, str] = field(init=False, repr=False, compare=False)
    high: tuple[str, str] = field(init=False, repr=False, compare=False)
    pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        low = place(bare(self.first))
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", low if self.last == self.first else place(bare(self.last)))
        object.__setattr__(self, "pattern", pattern_of(self.condition) if self.condition else None)

    def names(self, code: str) -> bool:
        """Whether the code, without its dot, is among them."""
        category, rest = here = place(code)
        if here < self.low or (category, rest[: len(self.high[1])]) > self.high:
            return False
        if self.pattern is not None and self.pattern.match(code) is None:
            return False
        return not (self.exceptions and names_one(self.exceptions, code))

    def touches(self, code: str) -> bool:
        """Whether it names the code, without its dot, or one below it."""
        return self.names(code) or any(bare(end).startswith(code) for end in (self.first, self.last))

    @property
    def letters(self) -> str:
        """The first letters that its codes have."""
        return "".join(chr(n) for n in range(ord(self.first[0]), ord(self.last[0]) + 1))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one note.

    Attributes:
        references: The codes that it names.
        scope: The codes that alone it speaks to ("for codes G31.0-G31.83, to identify:"); empty for all below its node.
        unread: Words beside codes that could not be read; a condition among them names nothing.
    """

    references: tuple[Reference, ...] = ()
    scope: tuple[Reference, ...] = ()
    unread: tuple[str, ...] = ()


def bare(code: str) -> str:
    """The code without its dot."""
    return code.replace(".", "")


def names_one(references: Iterable[Reference], code: str) -> bool:
    """Whether one of the references names the code, without its dot."""
    return any(r.names(code) for r in references)


def place(code: str) -> tuple[str, str]:
    """Where a code, without its dot, stands in the order of the list: category and rest, to be compared."""
    category, rest = code[:3], code[3:]
    if (within := PLACED_WITHIN.get(category)) is not None:
        for begins, stands in within.items():
            if rest.startswith(begins):
                rest = stands + rest[len(begins) :]
                break
    return PLACED.get(category, category), rest


@lru_cache(maxsize=4096)
def read_references(text: str) -> Reading:
    """The code references of a note: those in brackets, or where no bracket holds any, those of the whole text."""
    if one := _ONE.fullmatch(text):
        return Reading((Reference(one["code"], one["code"], one["words"]),))
    brackets = [found for found in _BRACKETS.finditer(text) if _TOKEN.search(found.group(1))]
    if not brackets:
        return _Stretch(text, bracketed=False).reading()
    readings = [_Stretch(b.group(1), outside=text[b.end() :]).reading() for b in brackets]
    return Reading(
        tuple(r for one in readings for r in one.references), (), tuple(w for one in readings for w in one.unread)
    )


@dataclass(slots=True)
class _Clause:
    """Codes up to a condition that holds for all of them."""

    codes: list[tuple[str, str, str]] = field(default_factory=list)
    exceptions: list[tuple[str, str, str]] = field(default_factory=list)
    condition: str = ""
    void: bool = False


class _Stretch:
    """One stretch of text (what is in brackets, or a whole note), read from code to code."""

    def __init__(self, text: str, outside: str = "", bracketed: bool = True) -> None:
        self._text = text
        self._outside = outside
        self._bracketed = bracketed
        self._clauses = [_Clause()]
        self._into = self._clauses[0].codes
        self._unread: list[str] = []
        self._scope = False

    def reading(self) -> Reading:
        """What the stretch refers to."""
        end, joined, dashed = 0, False, False
        for token in _TOKEN.finditer(self._text):
            between = self._text[end : token.start()]
            ends = _ends(token)
            range_ends = _JOIN.fullmatch(between) or (dashed and not between.strip())
            if end and range_ends and not joined and not ends[2]:
                self._into[-1] = (self._into[-1][0], ends[1], "")
                joined = True
            else:
                self._next(between) if end else self._lead(between)
                self._into.append(ends)
                joined = False
            end, dashed = token.end(), bool(token["dash"])
        if end:
            self._close(self._text[end:])
        return self._result()

    def _lead(self, words: str) -> None:
        """Reads what stands before the first code: nothing in brackets, most often; "other than" names no codes."""
        self._scope = not self._bracketed and _SCOPE.search(words) is not None
        negated = _EXCEPT.search(words) is not None
        self._clauses[-1].void = negated
        if negated or (self._bracketed and not _LISTED.fullmatch(words)):
            self._unread.append(words.strip())

    def _next(self, between: str) -> None:
        """Sets where the code after `between` goes: the same list, its exceptions, or after a condition a new list."""
        if found := condition_at(between):
            self._clauses[-1].condition = found.group(1)
            self._clauses.append(_Clause())
            self._into = self._clauses[-1].codes
            between = between[found.end() :]
        if self._clauses[-1].codes and _EXCEPT.match(between):
            self._into = self._clauses[-1].exceptions
            return
        if ";" in between:
            self._into = self._clauses[-1].codes
        if self._bracketed and not _LISTED.fullmatch(between):
            self._unread.append(between.strip())
            self._clauses[-1].void = _WITH.match(between) is not None

    def _close(self, rest: str) -> None:
        """Reads what follows the last code."""
        if found := condition_at(rest) or (condition_at(self._outside) if not _BLANK.sub("", rest) else None):
            self._clauses[-1].condition = found.group(1)
            rest = rest[found.end() :] if found.string is rest else ""
        elif _WITH.match(rest):
            self._clauses[-1].void = True
            self._unread.append(rest.strip(" ,.-"))
            return
        if self._bracketed and not _BLANK.fullmatch(rest):
            self._unread.append(rest.strip())

    def _result(self) -> Reading:
        found = tuple(
            Reference(first, last, self._text, clause.condition, chapter, _plain(clause.exceptions, self._text))
            for clause in self._clauses
            if not clause.void
            for first, last, chapter in clause.codes
        )
        return Reading((), found, tuple(self._unread)) if self._scope else Reading(found, (), tuple(self._unread))


def _plain(ends: Iterable[tuple[str, str, str]], words: str) -> tuple[Reference, ...]:
    return tuple(Reference(first, last, words, "", chapter) for first, last, chapter in ends)


def _ends(token: re.Match[str]) -> tuple[str, str, str]:
    """First and last code, and the number of a chapter."""
    if (number := token["chapter"]) is not None:
        return (*CHAPTERS.get(number, ("U99", "U99")), number)
    return token["code"], token["code"], ""
