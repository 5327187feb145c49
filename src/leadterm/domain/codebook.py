"""What a code means on a date: the answers of the code sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .codes import Code
from .dates import DateRange
from .findings import Finding


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one component of a code system (DESIGN 4).

    Attributes:
        system, component: `icd10cm` `tabular`, `icd10pcs` `titles`, …
        period: Days that the release covers.
        source: File or package that it was compiled from.
        checksum: sha256 of that source.
        counts: What was read, by kind.
        licence: Terms of the source.
        partial: Whether it covers only part of its system; such a release is never a fallback.
        path: File name of the compiled store, content-named.
    """

    system: str
    component: str
    period: DateRange
    source: str
    checksum: str
    counts: tuple[tuple[str, int], ...]
    licence: str
    path: str
    partial: bool = False

    @property
    def name(self) -> str:
        """`icd10cm:tabular`: how releases are named in answers."""
        return f"{self.system}:{self.component}"


@dataclass(frozen=True, slots=True)
class Note:
    """One instructional note and the node of the tree that it stands at."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeNotes:
    """All notes that hold for a code: its own and those up the tree, nearest first."""

    includes: tuple[Note, ...] = ()
    inclusion_terms: tuple[Note, ...] = ()
    excludes1: tuple[Note, ...] = ()
    excludes2: tuple[Note, ...] = ()
    code_first: tuple[Note, ...] = ()
    use_additional: tuple[Note, ...] = ()
    code_also: tuple[Note, ...] = ()
    seventh: tuple[Note, ...] = ()
    general: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """What another component says of a code.

    Attributes:
        kind: `crosswalk`, `group`, `edit` or `detail` (indicators, prices, other titles).
        component: Which one says it: `gems:icd10cm-icd9cm`.
        label: What it is, in the field's words: "CCSR", "Medically unlikely edit".
        text: What it says.
        code, system: The code that it leads to, where it leads to one.
    """

    kind: str
    component: str
    label: str
    text: str
    code: str | None = None
    system: str | None = None


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """What a code is on a date.

    Attributes:
        code: The code asked for.
        description: Its official title; a seventh-character code carries its extension's meaning too.
        billable: Whether it may stand on a claim (a leaf of the tree).
        valid: Whether it is in force on the date asked for.
        effective: Days in force, where the dated lists tell.
        chapter: Number and title of the chapter, or None.
        parents: From the nearest up, codes with dots; blocks as `E08-E13`.
        children: One level down.
        notes: All that hold.
        findings: What to know about this answer (release missing, licence missing, …).
        related: Crosswalks, groups, edits and details, by the components that are installed.
    """

    code: Code
    description: str | None
    billable: bool
    valid: bool
    effective: DateRange | None = None
    chapter: str | None = None
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    notes: CodeNotes = CodeNotes()
    findings: tuple[Finding, ...] = ()
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A code found by words: what matched (title, inclusion term, synonym) and how well."""

    code: Code
    description: str
    billable: bool
    matched: str
    score: float


@dataclass(frozen=True, slots=True)
class InForce:
    """Which releases answer for a date, and what is missing."""

    on: date
    releases: tuple[Release, ...]
    findings: tuple[Finding, ...] = ()
