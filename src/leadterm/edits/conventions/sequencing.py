"""What may come first, and what must (guidelines I.A.13, I.B.14, I.C.20.a.6, I.C.21.c.16; unacceptable codes)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.codesets.relations.relations import CodeFirst, Relations
from leadterm.edits._coding import Coding, Diagnosis, Entry, is_external_cause, named, shortened
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ranges import code_table, codes_of
from leadterm.edits._tables import read_table

from ._agents import done_by_drug

# Marks of the official dated lists.
MANIFESTATION, UNACCEPTABLE, REQUIRES_SECONDARY = "manifestation", "unacceptable", "reqsdx"


def _notes(coding: Coding, diagnosis: Diagnosis) -> tuple[CodeFirst, ...]:
    """The Code first notes that hold for a code, nearest first."""
    return _notes_of(coding.relations, diagnosis.code)


@lru_cache(maxsize=20_000)
def _notes_of(relations: Relations, code: str) -> tuple[CodeFirst, ...]:
    return relations.code_first_notes(code)


@lru_cache(maxsize=20_000)
def _titled_manifestation(relations: Relations, code: str) -> bool:
    return relations.is_manifestation(code)


def _external_cause_first(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and is_external_cause(first.code):
        yield _about(first, f"{named(first)} tells how it happened and is never first.")


def _is_manifestation(coding: Coding, diagnosis: Diagnosis) -> bool:
    """By the dated list's mark; by the title where no list tells of the code."""
    if coding.on is None or not coding.listed(diagnosis):
        return _titled_manifestation(coding.relations, diagnosis.code)
    return MANIFESTATION in coding.marks(diagnosis)


def _manifestation_first(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and _is_manifestation(coding, first):
        yield _about(first, f"{named(first)} is the manifestation of another disease, which comes first.")


@lru_cache(maxsize=20_000)
def _secondary_source(entry: Entry) -> str | None:
    rows = code_table("conventions/secondary_only.tsv", ("codes", "except", "source"))
    return next((row.value for row in rows if row.covers(entry.bare)), None)


def _secondary_only(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and (source := _secondary_source(first.entry)):
        yield _about(first, f"{named(first)} is an additional code and is never first.", source)


def _unacceptable(coding: Coding) -> Iterator[Draft]:
    if not coding.stay or not (first := coding.first):
        return
    marks = coding.marks(first)
    if UNACCEPTABLE in marks and not (REQUIRES_SECONDARY in marks and coding.secondary):
        yield _about(first, f"{named(first)} is on the list of codes that are unacceptable as principal diagnosis.")


def _code_first(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and UNACCEPTABLE not in coding.marks(first):
        yield from _required_first(coding, first)


def _code_first_listed(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and UNACCEPTABLE in coding.marks(first):
        yield from _required_first(coding, first)


def _required_first(coding: Coding, first: Diagnosis) -> Iterator[Draft]:
    note = next((n for n in _notes(coding, first) if n.required), None)
    if note and not done_by_drug(note, coding.secondary):
        yield _about(first, f"{named(first)} comes after another code: {_quoted(note)}.", _source(note))


def _code_first_named(coding: Coding) -> Iterator[Draft]:
    if not (first := coding.first):
        return
    for note in _notes(coding, first):
        for d in coding.secondary:
            if d.code != first.code and names_one(note.references, d.entry.bare):
                message = f"{named(first)} leads, and {named(d)} comes before it: {_quoted(note)}."
                codes, ids = (first.code, d.code), (first.assignment.id, d.assignment.id)
                yield Draft(message, codes, ids, source=_source(note))


@cache
def _first_only_rows() -> tuple[tuple[tuple[Reference, ...], tuple[Reference, ...], tuple[Reference, ...]], ...]:
    rows = read_table("conventions/first_only.tsv", ("codes", "except", "beside"))
    return tuple((codes_of(a), codes_of(b), codes_of(c)) for a, b, c in rows)


@lru_cache(maxsize=20_000)
def _beside(entry: Entry) -> tuple[Reference, ...] | None:
    """What a code that may only be first may yet follow; None for a code that may stand anywhere."""
    rows = _first_only_rows()
    return next((c for a, b, c in rows if names_one(a, entry.bare) and not names_one(b, entry.bare)), None)


def _first_only(coding: Coding) -> Iterator[Draft]:
    for d in coding.secondary:
        beside = _beside(d.entry)
        if beside is not None and not (coding.first and names_one(beside, coding.first.entry.bare)):
            yield _about(d, f"{named(d)} may only be first, and stands after another code.")


def _about(diagnosis: Diagnosis, message: str, source: str | None = None) -> Draft:
    return Draft(message, (diagnosis.code,), (diagnosis.assignment.id,), source=source)


def _quoted(note: CodeFirst) -> str:
    return f"Code first at {note.at}, “{shortened(note.text)}”"


def _source(note: CodeFirst) -> str:
    return f"ICD-10-CM Tabular List, Code first note at {note.at}; Official Guidelines I.A.13"


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:I.C.20.a.6/external-cause-first": _external_cause_first,
    "ICD10CM:I.A.13/manifestation-first": _manifestation_first,
    "ICD10CM:I.B.14/secondary-only": _secondary_only,
    "MCE:unacceptable-pdx": _unacceptable,
    "ICD10CM:I.A.13/code-first-listed": _code_first_listed,
    "ICD10CM:I.A.13/code-first": _code_first,
    "ICD10CM:I.A.13/code-first-named": _code_first_named,
    "ICD10CM:I.C.21.c.16/first-only": _first_only,
}
