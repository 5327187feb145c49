"""Notes that take themselves back: what says at its head that it was entered in error, or retracted, is not coded."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from leadterm.domain import DocumentStatus, Encounter, ReadingNote

LONGEST_HEAD = 3000
LONGEST_STATEMENT = 100
MOST_STATEMENTS = 12  # lines at the head in which a note may take itself back
WITHDRAWN = ReadingNote(
    "LEADTERM:records/withdrawn", "A note says at its head that it was entered in error or retracted: it was not coded."
)
_NOTE = r"(?:(?:this|the) (?:entire )?)?(?:note|document|documentation|report|entry|record|dictation|chart)"
_ERROR = r"(?:entered|charted|documented|filed|created|written|dictated|signed) (?:in|by) error"
_BACK = r"(?:retracted|voided|nullified|withdrawn|rescinded)"
_STATUS = r"(?:(?:document |note |report |signature )?status ?: ?)"
_WHY = r"\W*(?:$|(?:wrong|incorrect|other|duplicate|due to|on|by|per|please|disregard|do not|see|refer|not for|\d).*)"
_TAKEN_BACK = re.compile(
    rf"(?:{_STATUS}|{_NOTE} (?:(?:was|is|has been) )?|{_NOTE} ?: ?)?(?:{_ERROR}|{_BACK}){_WHY}"
    rf"|{_STATUS}void\b{_WHY}|(?:retracted|voided) {_NOTE}{_WHY}|(?:please )?disregard {_NOTE}{_WHY}"
    rf"|error\W+wrong (?:patient|chart|encounter|visit){_WHY}",
    re.IGNORECASE,
)


def without_withdrawn(encounter: Encounter) -> Encounter:
    """The encounter, its first document as retracted where its head says so, with a word of it."""
    first, *others = encounter.documents
    if not _is_taken_back(first.text):
        return encounter
    documents = (replace(first, status=DocumentStatus.RETRACTED), *others)
    return replace(encounter, documents=documents, notes=(*encounter.notes, WITHDRAWN))


def _is_taken_back(text: str) -> bool:
    """Whether a note says at its head that it was entered in error, or retracted."""
    head = filter(str.strip, text[:LONGEST_HEAD].splitlines())
    lines = (line.strip(" \t*#=_-<>[]()!.~") for line in islice(head, MOST_STATEMENTS))
    return any(len(line) <= LONGEST_STATEMENT and _TAKEN_BACK.fullmatch(line) for line in lines)
