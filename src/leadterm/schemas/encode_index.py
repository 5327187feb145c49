"""The answer of the Alphabetic Index and its tables as contract JSON: index/1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leadterm.domain import Finding, Release

from .encode_parts import Json, finding, plain


@dataclass(frozen=True, slots=True)
class AnsweredCode:
    """A code of an entry.

    Attributes:
        code, text: Without and with the dash that marks it incomplete.
        incomplete, manifestation: As in the index.
        column: The column of a table; None in the index.
        description: Its title in the Tabular List that answers; None when that list has none.
        billable: Whether it may stand on a claim as it is.
    """

    code: str
    text: str
    incomplete: bool
    manifestation: bool
    column: str | None
    description: str | None
    billable: bool


@dataclass(frozen=True, slots=True)
class AnsweredReference:
    """A cross reference: its kind, its text, where it leads (sort, paths of entries) and what it says beyond."""

    kind: str
    text: str
    sort: str
    entries: tuple[str, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class AnsweredEntry:
    """An entry that answers.

    Attributes:
        id: Its number within its release.
        part: `index`, `external`, `drug` or `neoplasm`.
        path: From the main term down, as text.
        titles: The titles of the way as printed, main term first.
        codes: Etiology before manifestations; in tables by column.
        references, notes: What stands with it.
        used, absorbed, unsaid, left: The asker's words that titles asked for; that titles absorbed; words of the main
            term that were not said; the asker's words that nothing answers to.
        via: Paths of the entries whose cross reference was followed.
        presumed: Whether the way goes through "with" or "in" (guideline I.A.15).
        below: Titles one level below.
    """

    id: int
    part: str
    path: str
    titles: tuple[str, ...]
    codes: tuple[AnsweredCode, ...]
    references: tuple[AnsweredReference, ...] = ()
    notes: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    absorbed: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    presumed: bool = False
    below: tuple[str, ...] = ()


def index(releases: Iterable[Release], entries: Iterable[AnsweredEntry], findings: Iterable[Finding] = ()) -> Json:
    """The entries, best first, with the releases that answered, as leadterm.index/1."""
    return {
        "schema": "leadterm.index/1",
        "releases": {r.name: r.period.start.isoformat() for r in releases},
        "entries": [plain(entry) for entry in entries],
        "findings": [finding(f) for f in findings],
    }
