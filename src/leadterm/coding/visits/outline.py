"""A document taken apart as a reader of visits needs it: the notes that it holds, and the sections of each.

One file may hold notes of several days, each under a title with its date. Where the reading of sections knew no
heading, labels at the head of lines are taken (`headings.tsv`); where nothing concludes a note, what stands after the
paragraph of the examination does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import compiled
from leadterm.domain import Document, Passage

from .wording import worded

SHORT = 60  # characters of a line that does not run on into the next
VAGUE = frozenset({"unknown", "other"})
# "- BP 156/92" under a problem of the assessment is said of that problem, and begins no section.
CONCLUSIONS, LOOKED = frozenset({"assessment", "plan", "assessment-plan"}), frozenset({"vitals", "results", "exam"})
AFTER_EXAM = "assessment-plan"
_DATE = compiled(
    r"(?<![\d/-])(?:(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>(?:20)?\d\d)|(?P<iso>20\d\d-\d\d-\d\d)"
    r"|(?P<d2>\d{1,2})[ -]?(?P<mon2>[A-Z][a-zA-Z]{2,8})\.?[ ,-]{1,2}(?P<y2>20\d\d)"
    r"|(?P<mon>[A-Z][a-zA-Z]{2,8})\.? (?P<d3>\d{1,2}),? (?P<y3>20\d\d))(?![\d/-])"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BULLET = compiled(r"[ \t]*[-*\u2022>]+[ \t]|[ \t]{2,}")
_TITLE = worded("outline.title")
_SECOND_HAND = worded("outline.second_hand")
_EXAMINED = worded("outline.examined")
WIDE = 130  # characters of a line that may be a title


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document that is one note, and its day where its title says one."""

    start: int
    end: int
    day: date | None = None


def parts(document: Document) -> tuple[Part, ...]:
    """The notes that a document holds, in order: one, unless at least two lines with dates are titles of notes."""
    titles = list(_titles(document.text))
    if len(titles) < 2:
        return (Part(0, len(document.text), titles[0][1] if titles else None),)
    ends = [start for start, _ in titles[1:]] + [len(document.text)]
    return tuple(Part(start, end, day) for (start, day), end in zip(titles, ends, strict=True))


def _titles(text: str) -> Iterator[tuple[int, date]]:
    place = 0
    for line in text.splitlines(keepends=True):
        start, place = place, place + len(line)
        if len(line) > WIDE or not _TITLE.match(line) or _SECOND_HAND.search(without_aside(line)):
            continue
        if (day := dated(line)) is not None:
            yield start, day


# What a title says in brackets behind its date is about the stay, and no part of the title.
_ASIDE = compiled(r"(?<=\S)\s+\([^()\n]{20,}\)")


def without_aside(line: str) -> str:
    """A line that may be a title, without what stands in long brackets at its end."""
    return _ASIDE.sub("", line)


def dated(words: str) -> date | None:
    """The first date with a year that words name; None where they name none."""
    found = _DATE.search(words)
    if found is None:
        return None
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["m"]:
            return date(_year(found["y"]), int(found["m"]), int(found["d"]))
        month = (found["mon"] or found["mon2"])[:3].lower()
        day, year = (found["d3"], found["y3"]) if found["mon"] else (found["d2"], found["y2"])
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None


def _year(words: str) -> int:
    return int(words) + (2000 if len(words) == 2 else 0)


# --- sections ---


@cache
def _labels() -> tuple[re.Pattern[str], tuple[str, ...]]:
    table = rows("visits/headings")
    written = "|".join(f"(?P<k{n}>{row['pattern']})" for n, row in enumerate(table))
    return re.compile(rf"(?im)^[ \t#*>|_\[\]=-]*(?:{written})"), tuple(row["kind"] for row in table)


def outlined(document: Document, part: Part, passages: Sequence[Passage], concluding: frozenset[str]) -> list[Passage]:
    """The sections of a part in order: as they were read, with labels that the reading did not know."""
    own = [p for p in passages if p.start < part.end and p.end > part.start]
    starts = {p.start for p in own if p.kind not in VAGUE}
    marks = [(max(p.start, part.start), p.kind) for p in own]
    named = dict(m for m in _labelled(document.text, part) if m[0] not in starts)
    marks = [m for m in marks if m[0] not in named] + list(named.items())
    if not any(kind in concluding for _, kind in marks) and (at := _after_exam(document.text, part)) is not None:
        marks = [m for m in marks if m[0] < at] + [(at, AFTER_EXAM)]
    kept = sorted(dict(sorted(marks)).items())
    ends = [at for at, _ in kept[1:]] + [part.end]
    return [Passage(document.id, kind, at, at, end, ()) for (at, kind), end in zip(kept, ends, strict=True)]


def _labelled(text: str, part: Part) -> Iterator[tuple[int, str]]:
    pattern, kinds = _labels()
    over = ""
    for found in pattern.finditer(text, part.start, part.end):
        kind = kinds[int((found.lastgroup or "k0")[1:])]
        if not _stands_alone(text, found) or (over in CONCLUSIONS and kind in LOOKED and _BULLET.match(found[0])):
            continue
        over = kind
        yield found.start(), kind


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """Whether a label begins something: it has its mark, or a line that did not run on stands before it."""
    if text[found.end() : found.end() + 2].strip()[:1] in (":", "/", "-", "=", ")"):
        return True
    before = text.rfind("\n", 0, max(found.start() - 1, 0)) + 1
    return found.start() - 1 - before < SHORT or found[0].lstrip(" \t#*>|_[]=-")[:1].isupper()


_PARAGRAPH = compiled(r"\n[ \t]*\n")


def _after_exam(text: str, part: Part) -> int | None:
    """Where the paragraph after that of the examination begins; None where there is none."""
    exam: int | None = None
    for found in _EXAMINED.finditer(text, part.start, part.end):
        exam = found.start()
    if exam is None:
        return None
    end = _PARAGRAPH.search(text, exam, part.end)
    return end.end() if end else None
