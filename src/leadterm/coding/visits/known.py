"""New or established: whether the same group and specialty saw the patient in person within three years, as told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadterm.coding.chart import Chart
from leadterm.coding.numerals import number_of
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Evidence

from .notes import Note
from .wording import worded

YEARS = 3
HEAD = 300  # characters in which what the note is stands, not what is planned
_NEW = worded("known.new")
_LAST = worded("known.last")
_KNOWN = worded("known.known")
_FOLLOWS = worded("known.follows")
_ELSEWHERE = worded("known.elsewhere")
_NOT_NOW = compiled(
    r"(?i)(?:\b(?:not|isn't|never)(?: (?:an?|yet|been))* |"
    r"\b(?:schedule|scheduled|next|refer(?:red|ral)? to)\b[^.;\n]{0,30})\Z"
)
_PLANNED = ("plan", "instructions", "disposition", "assessment-plan", "assessment", "impression")


def known(chart: Chart, note: Note) -> tuple[bool | None, str, Evidence | None]:
    """Whether the patient is established, why, and the words; None where the note does not tell, or tells both."""
    return chart.once(f"visits.known.{note.key}", lambda: _known(note))


def _known(note: Note) -> tuple[bool | None, str, Evidence | None]:
    if last := _last_seen(note):
        return last
    new, old = next(_told(note, _NEW), None), next(_told(note, _KNOWN, _FOLLOWS), None)
    if new and not old:
        return False, "a new patient", new
    if old and not new:
        return True, "an established patient", old
    if new and old and re.search(r"(?i)new (?:patient|pt)\b|establish|new to", new.text):
        return None, "told as new and as established", new
    return None, "not told", None


def _told(note: Note, *patterns: Pattern) -> Iterator[Evidence]:
    for pattern in patterns:
        for found in note.find(pattern):
            before = note.text[max(0, found.start() - 60) : found.start()]
            planned = found.start() > HEAD and note.section(found.start()) in _PLANNED and _planned(found[0])
            if _NOT_NOW.search(before) or planned:
                continue
            if pattern is _FOLLOWS and _ELSEWHERE.search(found[0]):
                continue
            yield note.quote(found.start(), found.end())


def _planned(words: str) -> bool:
    """Whether the words may as well be about the next visit."""
    return re.search(r"(?i)return|follow|recheck|visit|initial|first", words) is not None


def _last_seen(note: Note) -> tuple[bool, str, Evidence] | None:
    """What a number of days, months or years since the last visit says: three years part new from established."""
    for found in note.find(_LAST):
        number = found["n"].lower()
        past = found["unit"].lower() == "year" and number_of(number) >= YEARS
        why = f"last seen {number} {found['unit'].lower()}s ago, {'not ' if past else ''}within three years"
        return not past, why, note.quote(found.start(), found.end())
    return None
