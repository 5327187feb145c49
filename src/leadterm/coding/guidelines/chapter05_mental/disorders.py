"""A substance use disorder as its code says it: which substance, use, abuse or dependence, what it brought about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leadterm.codesets import CodeBook
from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled

USE, ABUSE, DEPENDENCE = "9", "1", "2"
# Of use, abuse and dependence the gravest is coded (I.C.5.b.2).
GRAVITY = (USE, ABUSE, DEPENDENCE)
PLAIN, REMITTED, UNSPECIFIED = "0", "1", "9"
NICOTINE = "F17"
# Ends of codes for a disorder that the substance induced: of mood, psychotic, amnestic, dementia, other.
_INDUCED = "45678"
SUBSTANCES = tuple(f"F1{n}" for n in range(10))


@dataclass(frozen=True, slots=True)
class Disorder:
    """One code of F10 to F19.

    Attributes:
        category: F10 to F19; of nicotine with its product: F17.21.
        level: 9 use, 1 abuse, 2 dependence.
        brought: What follows the level: 0 nothing, 1 remission, 29 an intoxication, 231 …
    """

    category: str
    level: str
    brought: str = PLAIN

    def code(self, book: CodeBook) -> str | None:
        """The billable code, or the nearest that says no more; None where the list has neither."""
        stem = self.category if self.category.startswith(NICOTINE) else f"{self.category}.{self.level}"
        nearest = [self.brought, f"{self.brought}9", self.brought[:1], f"{self.brought[:1]}9"]
        # "Other induced disorder" stands for an induced disorder that the substance has no code of its own for.
        nearest += ["88", "8"] if self.brought[0] in _INDUCED else []
        return next((f"{stem}{end}" for end in nearest if book.is_billable(f"{stem}{end}")), None)


def read(code: str) -> Disorder | None:
    """The disorder that a code or node of F10 to F19 says; None for another code."""
    if not code.startswith(SUBSTANCES):
        return None
    if code.startswith(NICOTINE):
        return Disorder(code[:6] if len(code) > 5 else "F17.20", DEPENDENCE, code[6:7] or PLAIN)
    level = code[4:5] or USE
    return Disorder(code[:3], level, code[5:] or PLAIN)


@cache
def names() -> dict[str, Pattern]:
    """The words of each category of substances (`substances.tsv`)."""
    return {row["category"]: compiled(rf"(?<![\w-])(?:{row['names']})", re.IGNORECASE) for row in rows(_TABLE)}


@cache
def _complications() -> tuple[tuple[str, Pattern], ...]:
    return tuple((row["brought"], compiled(row["words"])) for row in rows(_BROUGHT))


def absorbed(brought: str) -> tuple[str, ...]:
    """Prefixes of the codes that the end of a code says already: of a delirium beside a withdrawal delirium."""
    return tuple(p for row in rows(_BROUGHT) if row["brought"] == brought for p in row["absorbs"].split())


_TABLE = "guidelines/chapter05_mental/substances"
_BROUGHT = "guidelines/chapter05_mental/brought"


def brought_about(words: str, category: str) -> tuple[str, ...]:
    """What the words say that the substance brought about, as the ends of codes; without doubles."""
    found = []
    for brought, pattern in _complications():
        if any(_of(words, m.start(), m.end()) in ("", category) for m in pattern.finditer(words)):
            found.append(brought)
    return tuple(b for b in found if not any(says_more(o, b) for o in found))


def says_more(other: str, brought: str) -> bool:
    """Whether another end says the same in more detail: withdrawal delirium (31) than withdrawal (39)."""
    if other == brought or other[:1] != brought[:1] or brought[:1] == "8":
        return False
    return brought[1:] == UNSPECIFIED or (brought[1:] == PLAIN and other[1:] != UNSPECIFIED)


def _of(words: str, start: int, end: int) -> str:
    """The category that a complication belongs to: named in its own words, else before it, else behind it."""
    places = sorted((m.start(), category) for category, pattern in names().items() for m in pattern.finditer(words))
    inside = [c for at, c in places if start <= at < end]
    before = [c for at, c in places if at < start]
    return inside[0] if inside else before[-1] if before else places[0][1] if places else ""
