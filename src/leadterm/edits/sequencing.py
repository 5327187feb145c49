"""What may come first, and what must (guidelines I.A.13, I.B.14, I.C.20.a.6, I.C.21.c.16; unacceptable codes)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ._coding import Coding, Diagnosis, Entry, named, shortened
from ._findings import Check, Draft
from ._ranges import code_table, codes_of, holds
from ._references import Reference, read_references
from ._tables import read_table

EXTERNAL_CAUSE = frozenset("VWXY")
_MANIFESTATION = re.compile(r"\bin (?:[\w ,/()-]+ )?classified elsewhere")
_IF = re.compile(r"\bif (?:applicable|known|present)\b|^any\b|\bany associated\b")
_LEAD = re.compile(r"^(?:code first)?[\s,:]*")
OBSTETRIC = "O"
# Marks of the official dated lists.
MANIFESTATION, UNACCEPTABLE, REQUIRES_SECONDARY = "manifestation", "unacceptable", "reqsdx"


@dataclass(frozen=True, slots=True)
class CodeFirst:
    """One Code first note: the node it stands at, its words, whether it always holds, the codes that it names."""

    at: str
    text: str
    required: bool
    references: tuple[Reference, ...]

    @property
    def obstetric(self) -> bool:
        """Whether it names obstetric codes alone: without one of them, nobody can be meant."""
        return bool(self.references) and all(r.letters == OBSTETRIC for r in self.references)


@lru_cache(maxsize=20_000)
def code_first_notes(entry: Entry) -> tuple[CodeFirst, ...]:
    """The Code first notes that hold for a code, nearest first."""
    found = []
    for node in entry.lineage:
        if lines := node.notes.get("code_first"):
            first, *items = (_LEAD.sub("", line) for line in lines)
            references = tuple(r for line in lines for r in read_references(line).references)
            text = f"{first} {'; '.join(items)}" if first.endswith(":") else "; ".join([first, *items])
            found.append(CodeFirst(node.code, text, _required(first.lower()), references))
    return tuple(found)


@cache
def _beginnings() -> tuple[tuple[str, bool], ...]:
    rows = read_table("code_first.tsv", ("begins", "asks"))
    return tuple((begins, asks == "required") for begins, asks in sorted(rows, key=lambda r: -len(r[0])))


def _required(text: str) -> bool:
    return not _IF.search(text) and next(
        (required for begins, required in _beginnings() if text.startswith(begins)), False
    )


@lru_cache(maxsize=20_000)
def titled_manifestation(entry: Entry) -> bool:
    """Whether the code or its category says "in diseases classified elsewhere"."""
    return any(_MANIFESTATION.search(node.title.lower()) for node in entry.category_line)


def is_external_cause(code: str) -> bool:
    """Whether the code is of chapter 20."""
    return code[0] in EXTERNAL_CAUSE


def _external_cause_first(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and is_external_cause(first.code):
        yield _about(first, f"{named(first)} tells how it happened and is never first.")


def _is_manifestation(coding: Coding, diagnosis: Diagnosis) -> bool:
    """By the dated list's mark; by the title where no list tells of the code."""
    if coding.on is None or coding.book.effective(diagnosis.assignment.code) is None:
        return titled_manifestation(diagnosis.entry)
    return MANIFESTATION in coding.marks(diagnosis)


def _manifestation_first(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and _is_manifestation(coding, first):
        yield _about(first, f"{named(first)} is the manifestation of another disease, which comes first.")


@lru_cache(maxsize=20_000)
def _secondary_source(entry: Entry) -> str | None:
    rows = code_table("secondary_only.tsv", ("codes", "except", "source"))
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
        yield from _required_first(first)


def _code_first_listed(coding: Coding) -> Iterator[Draft]:
    if (first := coding.first) and UNACCEPTABLE in coding.marks(first):
        yield from _required_first(first)


def _required_first(first: Diagnosis) -> Iterator[Draft]:
    if note := next((n for n in code_first_notes(first.entry) if n.required), None):
        yield _about(first, f"{named(first)} comes after another code: {_quoted(note)}.", _source(note))


def _code_first_named(coding: Coding) -> Iterator[Draft]:
    if not (first := coding.first):
        return
    for note in code_first_notes(first.entry):
        for d in coding.secondary:
            if d.code != first.code and holds(note.references, d.entry.bare):
                message = f"{named(first)} leads, and {named(d)} comes before it: {_quoted(note)}."
                codes, ids = (first.code, d.code), (first.assignment.id, d.assignment.id)
                yield Draft(message, codes, ids, source=_source(note))


def _code_first_if(coding: Coding) -> Iterator[Draft]:
    if first := coding.first:
        notes = code_first_notes(first.entry)
        note = next((n for n in notes if not n.required and not n.obstetric), None)
        if note and not _is_drug(first):
            yield _about(first, f"{named(first)} leads only where this does not apply: {_quoted(note)}.", _source(note))


def _is_drug(first: Diagnosis) -> bool:
    """Whether it is a drug code: its note is about adverse effects alone, and those are told apart as secondary."""
    return holds(_drugs(), first.entry.bare)


@cache
def _drugs() -> tuple[Reference, ...]:
    return codes_of("T36-T50")


@cache
def _first_only_rows() -> tuple[tuple[tuple[Reference, ...], tuple[Reference, ...], tuple[Reference, ...]], ...]:
    rows = read_table("first_only.tsv", ("codes", "except", "beside"))
    return tuple((codes_of(a), codes_of(b), codes_of(c)) for a, b, c in rows)


@lru_cache(maxsize=20_000)
def _beside(entry: Entry) -> tuple[Reference, ...] | None:
    """What a code that may only be first may yet follow; None for a code that may stand anywhere."""
    rows = _first_only_rows()
    return next((c for a, b, c in rows if holds(a, entry.bare) and not holds(b, entry.bare)), None)


def _first_only(coding: Coding) -> Iterator[Draft]:
    for d in coding.secondary:
        beside = _beside(d.entry)
        if beside is not None and not (coding.first and holds(beside, coding.first.entry.bare)):
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
    "ICD10CM:I.A.13/code-first-if-applicable": _code_first_if,
    "ICD10CM:I.C.21.c.16/first-only": _first_only,
}
