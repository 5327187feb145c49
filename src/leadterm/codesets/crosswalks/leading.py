"""What a code that a record bears leads to in ICD-10-CM: by the user's own map, else by the official ones.

ICD-10-CM leads to itself, ICD-10 to the same code but not for certain, SNOMED CT by its map (rules evaluated for the
patient), ICD-9-CM by the GEM. A way is certain where the map leaves nothing to choose: one target, in force and
billable on the day, not merely approximate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from leadterm.domain import Code, CodeSystem, InputError, Release

from ..store import Store
from .gems import Gem9To10
from .snomed_map import UNKNOWN, Concept, Patient, SnomedMap, candidates

if TYPE_CHECKING:
    from ..book import CodeBook

SNOMED, OWN = "snomed", "your own map"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a code leads.

    Attributes:
        targets: ICD-10-CM codes with their dots, in the order of the map; `?` where the map leaves a character open.
        certain: Whether nothing is left to choose.
        origin: Release or file that says so.
        open: What keeps the way from being certain, in a few words; empty where it is.
    """

    targets: tuple[str, ...]
    certain: bool
    origin: str
    open: str = ""


@dataclass(frozen=True, slots=True)
class OwnLead:
    """A row of the user's own map; no target says that there is no equivalent."""

    target: str | None
    approximate: bool | None


class OwnLeads:
    """The user's own map. Threads may share it."""

    COMPONENT: ClassVar[str] = "maps:own"
    WHAT: ClassVar[str] = "map of your own to ICD-10-CM"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release

    def rows(self, system: str, code: str) -> tuple[OwnLead, ...]:
        """The rows of a code, in the order of the file; empty where the map does not have it."""
        sql = "SELECT target, approximate FROM entry WHERE system = ? AND code = ? ORDER BY rank"
        found = self._store.all(sql, *key_of(system, code))
        return tuple(OwnLead(target, None if differs is None else bool(differs)) for target, differs in found)

    def to(self, target: str, system: str) -> tuple[tuple[str, bool | None], ...]:
        """The codes of a system that lead to a target, with whether they differ, in the order of the file."""
        sql = "SELECT code, approximate FROM entry WHERE target = ? AND system = ? ORDER BY rank"
        found = self._store.all(sql, target, key_of(system, "")[0])
        return tuple((code, None if differs is None else bool(differs)) for code, differs in found)


def key_of(system: str, code: str) -> tuple[str, str]:
    """System and code as the map keeps them: without case, dots, and `urn:oid:`."""
    return system.strip().casefold().removeprefix("urn:oid:"), code.strip().upper().replace(".", "")


def leads_to(book: CodeBook, system: str | None, code: str, on: date, patient: Patient = UNKNOWN) -> Way | None:
    """Where a code leads on a day; None where no installed map has it, or the code is none of its system."""
    own = book.find(OwnLeads, on)
    if own and system and (rows := own.rows(system, code)):
        return _way(book, on, [r.target for r in rows], OWN, "approximate" if any(r.approximate for r in rows) else "")
    try:
        if system == CodeSystem.ICD10CM:
            return _way(book, on, [Code.parse(code, CodeSystem.ICD10CM).value], "the record itself", "")
        if system == CodeSystem.ICD10:
            # The same code of the international edition; senders also call the clinical modification so (I10).
            return _way(book, on, [Code.parse(code, CodeSystem.ICD10CM).value], "the record itself", "approximate")
        if system == CodeSystem.ICD9CM:
            return _by_gem(book, on, Code.parse(code, CodeSystem.ICD9CM))
        return _by_snomed(book, on, Concept.parse(code), patient) if system == SNOMED else None
    except InputError:
        return None


def _by_gem(book: CodeBook, on: date, code: Code) -> Way | None:
    gem = book.find(Gem9To10, on)
    rows = gem.rows(code.value) if gem else ()
    if gem is None or not rows:
        return None
    open_ = "a combination" if any(r.combination for r in rows) else ""
    differs = "approximate" if any(r.approximate for r in rows) else ""
    return _way(book, on, [r.target for r in rows], _named(gem.release), open_ or differs)


def _by_snomed(book: CodeBook, on: date, concept: Concept, patient: Patient) -> Way | None:
    face = book.find(SnomedMap, on)
    found = candidates(face.rows(concept), patient) if face else ()
    if face is None or not found:
        return None
    undecided = "" if all(c.certain for c in found) else "by what is not known of the patient"
    together = "several codes together" if len({c.row.group for c in found if c.row.target}) > 1 else ""
    return _way(book, on, [c.row.target for c in found], _named(face.release), undecided or together)


def _way(book: CodeBook, on: date, targets: list[str | None], origin: str, doubt: str) -> Way:
    """The way to these targets; `doubt` is what the map itself leaves open."""
    found = tuple(dict.fromkeys(target for target in targets if target))
    open_ = _open(book, on, found, doubt)
    return Way(found, not open_, origin, open_)


def _open(book: CodeBook, on: date, targets: tuple[str, ...], doubt: str) -> str:
    if not targets:
        return "no equivalent"
    if doubt:
        return doubt
    if len(targets) > 1:
        return "several codes to choose from"
    if "?" in targets[0]:
        return "a character to add"
    return "" if book.valid_on(Code(CodeSystem.ICD10CM, targets[0]), on) else f"not a complete code in force on {on}"


def _named(release: Release) -> str:
    return f"{release.name} of {release.period.start}"
