"""Pregnancy and delivery: trimester against weeks, chapter 15 first, and the outcome on every record of a delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from leadterm.edits._coding import Coding, Diagnosis, Entry, named
from leadterm.edits._findings import Check, Draft

from ._bits import ENTRIES_KEPT

CHAPTER = "O"
WEEKS, OUTCOME = "Z3A.", "Z37."
# The week of Z3A in which a trimester begins (note at chapter 15); Z3A.01 is less than 8 weeks, Z3A.49 more than 42.
TRIMESTERS = ((28, "third"), (14, "second"), (1, "first"))
UNSPECIFIED = "unspecified"
_TRIMESTER = re.compile(r"\b(first|second|third|unspecified) trimester\b")
_DELIVERED = re.compile(r"\b(?:complicating|in) childbirth\b|^term delivery\b|\bwith (?:preterm )?delivery\b")
# Encounters for a delivery, and preterm labor whose title tells the trimesters of labor and of delivery.
ENCOUNTERS = ("O80", "O82")
TWO_TRIMESTERS = ("O60.1", "O60.2")
# Follows the condition that is left (I.C.15.p).
SEQUELA = "O94"
# ICD-10-PCS: extraction (10D0) and delivery (10E0) of products of conception; 10D1 is of what was retained.
DELIVERIES = ("10D0", "10E0")
BESIDE_CHAPTERS = frozenset("VWXYZ")


@lru_cache(maxsize=ENTRIES_KEPT)
def _trimester(entry: Entry) -> str | None:
    """The trimester that the title of a code of chapter 15 names."""
    if entry.node is None or entry.code[0] != CHAPTER or entry.code.startswith(TWO_TRIMESTERS):
        return None
    found = _TRIMESTER.search(entry.node.title.lower())
    return found.group(1) if found else None


@lru_cache(maxsize=ENTRIES_KEPT)
def _delivers(entry: Entry) -> bool:
    if entry.code[0] != CHAPTER or entry.node is None:
        return False
    return entry.code in ENCOUNTERS or bool(_DELIVERED.search(entry.node.title.lower()))


def _of_pregnancy(coding: Coding) -> tuple[Diagnosis, ...]:
    return tuple(d for d in coding.diagnoses if d.code[0] == CHAPTER)


def _weeks(coding: Coding) -> Diagnosis | None:
    """The code that tells the weeks of gestation, where it is one and tells them."""
    told = [d for d in coding.diagnoses if d.code.startswith(WEEKS)]
    return told[0] if len(told) == 1 and told[0].code != f"{WEEKS}00" else None


def _trimester_of(weeks: Diagnosis) -> str:
    week = int(weeks.code.removeprefix(WEEKS))
    return next(name for begins, name in TRIMESTERS if week >= begins)


def _against_weeks(coding: Coding) -> Iterator[Draft]:
    for d, weeks, trimester in _timed(coding):
        if _trimester(d.entry) != UNSPECIFIED and not _later_in_stay(coding, d, trimester):
            message = f"{named(d)} disagrees with {named(weeks)}, which is the {trimester} trimester."
            yield _pair(d, weeks, message)


def _later_in_stay(coding: Coding, d: Diagnosis, trimester: str) -> bool:
    """Whether a complication may have begun in a later trimester of a stay, whose weeks are those of its first day."""
    order = [name for _, name in TRIMESTERS]
    return coding.stay and order.index(str(_trimester(d.entry))) < order.index(trimester)


def _trimester_known(coding: Coding) -> Iterator[Draft]:
    for d, weeks, trimester in _timed(coding):
        if _trimester(d.entry) == UNSPECIFIED:
            message = f"{named(d)} leaves the trimester open, and {weeks.code} tells it: the {trimester}."
            yield _pair(d, weeks, message)


def _timed(coding: Coding) -> Iterator[tuple[Diagnosis, Diagnosis, str]]:
    """The codes whose trimester is not that of the weeks, with the weeks and their trimester."""
    if (pregnancy := coding.once(_of_pregnancy)) and (weeks := _weeks(coding)):
        trimester = _trimester_of(weeks)
        for d in pregnancy:
            if _trimester(d.entry) not in (None, trimester):
                yield d, weeks, trimester


def _chapter_later(coding: Coding) -> Iterator[Draft]:
    first, pregnancy = coding.first, [d for d in coding.once(_of_pregnancy) if d.code != SEQUELA]
    if first and pregnancy and first.code[0] != CHAPTER and first.code[0] not in BESIDE_CHAPTERS:
        code = min(d.code for d in pregnancy)
        message = f"{named(first)} leads, and a code of chapter 15, {code}, is on the encounter."
        yield Draft(message, (first.code,), (first.assignment.id,))


def _outcome_missing(coding: Coding) -> Iterator[Draft]:
    pregnancy = coding.once(_of_pregnancy)
    if not pregnancy or any(d.code.startswith(OUTCOME) for d in coding.diagnoses):
        return
    if delivered := [d for d in pregnancy if _delivers(d.entry)]:
        d = min(delivered, key=lambda d: d.code)
        yield Draft(f"{named(d)} tells of a delivery without its outcome.", (d.code,), (d.assignment.id,))
    elif procedures := sorted((str(a.code), a.id) for a in coding.procedures if str(a.code).startswith(DELIVERIES)):
        code, identifier = procedures[0]
        yield Draft(f"The procedure {code} delivers, and the outcome is missing.", (code,), (identifier,))


def _weeks_missing(coding: Coding) -> Iterator[Draft]:
    if coding.once(_of_pregnancy) and not any(d.code.startswith(WEEKS) for d in coding.diagnoses):
        for d in coding.diagnoses:
            if d.code.startswith(OUTCOME):
                yield Draft(f"{named(d)} stands without weeks of gestation.", (d.code,), (d.assignment.id,))


def _pair(one: Diagnosis, other: Diagnosis, message: str) -> Draft:
    return Draft(message, (one.code, other.code), (one.assignment.id, other.assignment.id))


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:I.C.15.a/trimester-against-weeks": _against_weeks,
    "ICD10CM:I.C.15.a/trimester-known": _trimester_known,
    "ICD10CM:I.C.15.a/chapter-later": _chapter_later,
    "ICD10CM:I.C.15.b/outcome-missing": _outcome_missing,
    "ICD10CM:I.C.21.c.11/weeks-missing": _weeks_missing,
}
