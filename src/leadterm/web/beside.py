"""What stands beside a code on its page: groups, edits, crosswalks, each with the release that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from leadterm.codesets import UNDATED, CodeBook
from leadterm.codesets.alphabetic.index import AlphabeticIndex, ExternalCauseIndex
from leadterm.codesets.relations.relations import Relations
from leadterm.domain import CodeEntry, CodeSystem, Related, Release

MOST_ENTRIES = 12
MOST_NOTES = 40
KINDS = {
    "excludes1": "Excludes1",
    "excludes2": "Excludes2",
    "code_first": "Code first",
    "use_additional": "Use additional code",
    "code_also": "Code also",
}
COMMAND = "Not installed: leadterm codes update {0}, or leadterm codes install with the file that you have."


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a box: its label, what it says, and where it leads (system and code), if anywhere."""

    label: str
    text: str
    to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """What one or several components say of a code.

    Attributes:
        title, rows: What they say.
        missing: The command that brings what is not installed.
        source: The releases that answer, which need not cover the day.
    """

    title: str
    rows: tuple[Row, ...] = ()
    missing: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A box before it is filled: its title, the components that fill it, and of which codes it is shown."""

    title: str
    components: tuple[str, ...]
    systems: tuple[CodeSystem, ...]
    only_billable: bool = True


DIAGNOSIS, PROCEDURE = (CodeSystem.ICD10CM,), (CodeSystem.ICD10PCS,)
BILLED = (CodeSystem.HCPCS, CodeSystem.CPT)
SHELVES = (
    _Shelf("Inpatient (MS-DRG)", ("msdrg:cc", "msdrg:mcc", "icd10cm:validity", "icd10cm:poa-exempt"), DIAGNOSIS),
    _Shelf("Medicare Code Editor", ("icd10pcs:validity",), PROCEDURE),
    _Shelf("CCSR", ("ccsr:dx",), DIAGNOSIS),
    _Shelf("CCSR", ("ccsr:pr",), PROCEDURE),
    _Shelf("Chronic conditions", ("reference:chronic-conditions",), DIAGNOSIS),
    _Shelf("ICD-9-CM (GEM)", ("gems:icd10cm-icd9cm",), DIAGNOSIS),
    _Shelf("ICD-9-CM (GEM)", ("gems:icd10pcs-icd9proc",), PROCEDURE),
    _Shelf("ICD-10-CM (GEM)", ("gems:icd9cm-icd10cm",), (CodeSystem.ICD9CM,)),
    _Shelf("ICD-10-PCS (GEM)", ("gems:icd9proc-icd10pcs",), (CodeSystem.ICD9PROC,)),
    _Shelf("Medicare", ("hcpcs:codes",), (CodeSystem.HCPCS,)),
    _Shelf("Medically unlikely edits", ("ncci:mue-practitioner", "ncci:mue-outpatient", "ncci:mue-dme"), BILLED),
    _Shelf("Add-on code", ("ncci:add-on",), BILLED),
    _Shelf("Local coverage", ("coverage:articles", "coverage:ncd", "coverage:lcd"), BILLED),
    _Shelf("Fee schedule", ("pfs:rvu",), BILLED),
)


def beside(book: CodeBook, entry: CodeEntry, on: date | None) -> tuple[Box, ...]:
    """The boxes of a code, in the order in which a coder asks; `entry` with what is related to it."""
    system = entry.code.system
    shelves = (s for s in SHELVES if system in s.systems and (entry.billable or not s.only_billable))
    boxes = [_filled(book, shelf, entry.related, on) for shelf in shelves]
    return (*boxes, *_index(book, entry, on))


def _filled(book: CodeBook, shelf: _Shelf, related: tuple[Related, ...], on: date | None) -> Box:
    rows = _told_once(_row(one) for one in related if one.component in shelf.components)
    installed = [r for name in shelf.components if (r := book.release_for(name, on))]
    if not installed:
        return Box(shelf.title, missing=COMMAND.format(shelf.components[0]))
    return Box(shelf.title, rows, source=", ".join(_named(r) for r in installed))


def _named(release: Release) -> str:
    """A release as a page names it."""
    return release.name if release.period == UNDATED else f"{release.name} of {release.period.start}"


def _told_once(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, a label that the row before has too being left out."""
    found: list[Row] = []
    before = None
    for row in rows:
        found.append(replace(row, label="") if row.label == before else row)
        before = row.label
    return tuple(found)


def _row(one: Related) -> Row:
    to = (one.system, one.code) if one.system and one.code and one.system in list(CodeSystem) else None
    text = f"{one.code} {one.text}" if one.code else one.text
    return Row(one.label, text, to)


def _index(book: CodeBook, entry: CodeEntry, on: date | None) -> tuple[Box, ...]:
    """The terms under which the index leads to a diagnosis."""
    if entry.code.system is not CodeSystem.ICD10CM:
        return ()
    face = ExternalCauseIndex if entry.code.value[0] in "VWXY" else AlphabeticIndex
    index = book.find(face, on)
    if index is None:
        return (Box("In the Index", missing=COMMAND.format(face.COMPONENT)),)
    found = index.paths_to(entry.code.value, MOST_ENTRIES + 1)
    paths = (index.path(one.id).partition(", ") for one in found[:MOST_ENTRIES])
    rows = [Row(main, below or "the main term itself") for main, _, below in paths]
    if len(found) > MOST_ENTRIES:
        rows.append(Row("and more", f"leadterm index {entry.code.value}"))
    return (Box("In the Index", _told_once(rows), source=_named(index.release)),)


@dataclass(frozen=True, slots=True)
class NamedBy:
    """A note elsewhere that names a code: its kind in words, the node where it stands, its text."""

    kind: str
    at: str
    text: str


def named_by(book: CodeBook, code: str, on: date | None) -> tuple[NamedBy, ...]:
    """The notes anywhere in the Tabular List that name a code, by kind."""
    relations = book.find(Relations, on)
    found = relations.named_by(code) if relations else ()
    by_kind = sorted(found, key=lambda r: list(KINDS).index(r.kind))
    return tuple(NamedBy(KINDS[r.kind], r.at, r.text) for r in by_kind[:MOST_NOTES])
