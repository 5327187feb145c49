"""The code book: what every code means on a date. Opened once, read from many threads, cheap to open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from leadterm.domain import (
    Code,
    CodeEntry,
    CodeSystem,
    DataMissing,
    DateRange,
    Difference,
    Finding,
    Hit,
    InForce,
    Release,
)

from . import releases as dates
from .entries import describe, newest_day
from .faces import Face, missing
from .installing.compiled import ensure
from .nodes import Node, TitleRow
from .payment.drg_tables import DrgRow, DrgWeights
from .sources import Progress
from .store import Manifest, Store, store_folder
from .tree import Tree, tree_of
from .validity import Validity, decode

if TYPE_CHECKING:
    from .search.engine import Search

F = TypeVar("F", bound=Face)
ENTRIES_KEPT = 8_192
FULL_KEPT = 1_024
LINES_KEPT = 65_536
LISTED = {CodeSystem.ICD10CM: "icd10cm:validity", CodeSystem.ICD10PCS: "icd10pcs:validity"}
NEVER = Validity((), ())


def open_book(home: Path | None = None, progress: Progress | None = None) -> CodeBook:
    """The code book of a data home; compiles what is not compiled yet, telling `progress` what and how far (0 to 1).

    Raises DataMissing when a source is not installed or the home cannot be written.
    """
    folder = store_folder(home)
    return CodeBook(folder, ensure(folder, progress))


class CodeBook:
    """Answers about codes. Every value that it gives is frozen; threads may share it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder = folder
        self._releases = tuple(k.release for k in manifest.kept)
        self._named = dates.by_name(self._releases)
        self._store = lru_cache(maxsize=None)(self._open_store)
        self._tree = lru_cache(maxsize=None)(self._open_tree)
        self._lookup = lru_cache(ENTRIES_KEPT)(self._read_entry)
        self._full = lru_cache(FULL_KEPT)(self._read_full)
        self._line = lru_cache(LINES_KEPT)(self._read_line)
        self._validity = lru_cache(ENTRIES_KEPT)(self._read_validity)
        self._in_force = lru_cache(1024)(self._read_in_force)
        self._choose = lru_cache(4096)(self._read_choice)
        self._newest = self.tree_for(None)
        self._search = lru_cache(1)(self._open_search)
        self._face = lru_cache(maxsize=None)(self._open_face)
        # A chart asks for a component some ten times: by its day, which takes less to compare than a release.
        self._answering = lru_cache(4096)(self._choose_face)

    def __reduce__(self) -> tuple[object, ...]:
        # Connections and caches stay with their process; a worker opens the same home.
        return (open_book, (self._folder.parent,))

    @property
    def folder(self) -> Path:
        """Where the compiled stores lie."""
        return self._folder

    # --- codes ---

    def lookup(self, code: Code | str, system: CodeSystem | None = None, on: date | None = None) -> CodeEntry | None:
        """What a code is on a day (None: in the newest release); None when nobody knows it.

        A text is read by `Code.readings`, and the first reading that exists wins. Raises InputError for a text that
        has the shape of no code. A CPT code without a licensed file has no description.
        """
        return self._lookup(code, system, on)

    def full_entry(
        self, code: Code | str, system: CodeSystem | None = None, on: date | None = None
    ) -> CodeEntry | None:
        """What `lookup` answers, with what other components say of the code: crosswalks, groups, edits, details."""
        return self._full(code, system, on)

    def _read_full(self, code: Code | str, system: CodeSystem | None, on: date | None) -> CodeEntry | None:
        entry = self.lookup(code, system, on)
        if entry is None:
            return None
        from .related import related

        return replace(entry, related=related(self, entry.code, on or newest_day(self)))

    def _read_entry(self, code: Code | str, system: CodeSystem | None, on: date | None) -> CodeEntry | None:
        entries = (describe(self, reading, on) for reading in _readings(code, system))
        return next((entry for entry in entries if entry), None)

    def is_billable(self, code: str) -> bool:
        """Whether a written code may stand on a claim as it is (in the newest release); False for the unknown."""
        node = self.node(code)
        return node.billable if node else self.title_of(code) is not None

    def valid_on(self, code: Code, on: date) -> bool:
        """Whether a code is billable and in force on a day.

        By the dated list where it covers the day, else by the Tabular List that answers for it.
        """
        listed = self._list(code.system, on)
        if listed and on in listed.period:
            return self.validity(code).during(on) is not None
        if code.system is CodeSystem.ICD10CM:
            node = self.tree_for(on).node(code.value)
            return node is not None and node.billable
        if code.system is CodeSystem.ICD10PCS:
            return self.title_of(code.value, on) is not None
        entry = describe(self, code, on)
        return entry is not None and entry.valid

    def effective(self, code: Code) -> DateRange | None:
        """The latest period in which a code was or is in force; None where no dated list knows it."""
        periods = self.validity(code).periods
        return periods[-1] if periods else None

    def attributes(self, code: Code, on: date) -> frozenset[str]:
        """The dated list's marks on that day; empty where it has none.

        They are the Medicare Code Editor's: unacceptable (as principal), manifestation, newborn, pediatric, maternity,
        adult, female, male, unspecified, …
        """
        marks = self.validity(code).marks
        return next((words for period, words in marks if on in period), frozenset())

    def validity(self, code: Code) -> Validity:
        """All that the dated lists say of a code."""
        return self._validity(code)

    def _read_validity(self, code: Code) -> Validity:
        listed = self._list(code.system, None)
        line = self._read_line(listed.path, code.bare) if listed else None
        return decode(line, listed.period.end) if listed and listed.period.end and line else NEVER

    def title_of(self, code: str, on: date | None = None) -> str | None:
        """The title of an ICD-10-PCS code; None when the installed titles do not have it.

        By the order file where one is installed, else by the list that a package carries.
        """
        if self._choose("icd10pcs:order", on):
            from .lists.order import ProcedureOrder

            entry = self.component(ProcedureOrder, on).entry(code)
            if entry:
                return entry.long if entry.billable else None
        release = self._choose("icd10pcs:titles", None)
        return self._line(release.path, code) if release else None

    def procedure_titles(self, start: str) -> list[tuple[str, str]]:
        """The ICD-10-PCS codes that begin so, in order, each with its title, by the list that a package carries."""
        release = self._choose("icd10pcs:titles", None)
        if release is None:
            return []
        rows = self._store(release.path).all(
            "SELECT code, value FROM entry WHERE code >= ? AND code < ?", start, f"{start}~"
        )
        return [(code, title) for code, title in rows]

    # --- the Tabular List ---

    def node(self, code: str) -> Node | None:
        """The node of the newest Tabular List: a code, a block (`E08-E13`), a chapter (`4`)."""
        return self._newest.node(code)

    def ancestors(self, code: str) -> tuple[Node, ...]:
        """The nodes above, nearest first, up to the chapter; empty for the unknown."""
        return self._newest.ancestors(code)

    def tree(self, code: str | None = None) -> tuple[Node, ...]:
        """The nodes one level below `code`; the chapters for None."""
        if code is None:
            return self._newest.top()
        node = self.node(code)
        return tuple(child for c in node.children if (child := self.node(c))) if node else ()

    def titles(self) -> Iterator[TitleRow]:
        """Every category, subcategory and code of the newest Tabular List, in order, without 7th-character codes."""
        return self._newest.titles()

    def tree_for(self, on: date | None) -> Tree:
        """The Tabular List that answers for a day (None: the newest)."""
        release = self._choose("icd10cm:tabular", on)
        if release is None:
            raise DataMissing("No ICD-10-CM Tabular List is installed: pip install simple-icd-10-cm.")
        return self._tree(release.path)

    # --- releases ---

    def releases(self) -> tuple[Release, ...]:
        """Every release in the store, by name and first day."""
        return self._releases

    def in_force(self, on: date | None, given_by_flag: bool = False) -> InForce:
        """The releases that answer for a day, with findings where none covers it.

        None: the newest. Raises DataMissing before the earliest release when the day was given by flag.
        """
        return self._in_force(on, given_by_flag)

    def release_for(self, name: str, on: date | None) -> Release | None:
        """The release of a component (`icd10cm:tabular`) that answers for a day."""
        return self._choose(name, on)

    def store_of(self, release: Release) -> Store:
        """The compiled store of a release."""
        return self._store(release.path)

    def replacements(self, code: Code, on: date) -> tuple[str, ...]:
        """Codes that stand in the place of one that may not be billed on a day, where an installed release tells."""
        from .crosswalks.years import successors

        paths = successors(self, code, on)
        return tuple(dict.fromkeys(path[-1].after for path in paths if path))

    def compare(self, before: Release, after: Release) -> Difference:
        """What changed from one release of a component to another.

        Raises InputError when they are of two components, or of one that is not compared entry by entry.
        """
        from .diff import compare

        return compare(self, before, after)

    def changes(self, before: date, after: date, names: tuple[str, ...] = ()) -> tuple[Difference, ...]:
        """What changed from one day to another in each component (or in those named), valid codes included."""
        from .diff import between

        return between(self, before, after, names)

    def verify(self) -> tuple[Finding, ...]:
        """An error finding for every store whose bytes are no longer those that were compiled."""
        from .verify import damaged

        return damaged(self._folder)

    # --- components ---

    def find(self, face: type[F], on: date | None = None) -> F | None:
        """A component as its class shows it, of the release that answers for a day; None when none is installed."""
        found = self._answering(face, on)
        return found if isinstance(found, face) else None

    def component(self, face: type[F], on: date | None = None) -> F:
        """The same. Raises DataMissing, naming the commands that bring it, when none is installed."""
        found = self.find(face, on)
        if found is None:
            raise missing(face)
        return found

    # --- MS-DRG tables ---

    def msdrg(self, drg: str, on: date | None = None) -> DrgRow | None:
        """The row of an MS-DRG in the table 5 that answers for a day; None when there is no such group."""
        weights = self.find(DrgWeights, on)
        return weights.row(drg) if weights else None

    def severity(self, code: Code | str) -> str | None:
        """`MCC` or `CC` as a secondary diagnosis (tables 6I and 6J), else None.

        Exclusions by principal diagnosis are the grouper's.
        """
        written = code.value if isinstance(code, Code) else Code.parse(code, CodeSystem.ICD10CM).value
        for level in ("mcc", "cc"):
            release = self._choose(f"msdrg:{level}", None)
            if release and self._store(release.path).one("SELECT 1 FROM entry WHERE code = ?", written):
                return level.upper()
        return None

    # --- search ---

    def search(
        self, words: str, system: CodeSystem | None = None, on: date | None = None, limit: int = 20
    ) -> list[Hit]:
        """Codes found by words in titles, inclusion terms and synonyms, or by the beginning of a code; best first.

        Tolerates typos; the last word may be unfinished. With a day, codes that are not in force on it are left out.
        """
        return self._search().find(words, system, on, limit)

    def count(self, words: str, system: CodeSystem | None = None) -> int:
        """How many codes have every word of a search, or begin like it; 10,000 stands for that many or more."""
        return self._search().count(words, system)

    def procedures_starting(self, prefix: str, limit: int) -> list[tuple[str, str]]:
        """ICD-10-PCS codes that begin with `prefix`, with their titles, in order."""
        release = self._choose("icd10pcs:titles", None)
        if release is None:
            return []
        rows = self._store(release.path).all(
            "SELECT code, value FROM entry WHERE code >= ? AND code < ? ORDER BY code LIMIT ?",
            prefix,
            prefix + "\x7f",
            limit,
        )
        return [(code, title) for code, title in rows]

    # --- within ---

    def _open_store(self, path: str) -> Store:
        return Store(self._folder / path)

    def _open_search(self) -> Search:
        # Only searching needs the index, so only searching pays for it and for reading the lexicon.
        from .lexicon import digest
        from .search.engine import Search

        return Search(self, self._folder / ensure(self._folder, lexicon_digest=digest()).search)

    def _choose_face(self, face: type[Face], on: date | None) -> Face | None:
        release = self._choose(face.COMPONENT, on)
        return self._face(face, release) if release else None

    def _open_face(self, face: type[Face], release: Release) -> Face:
        return face(self._store(release.path), release)

    def _open_tree(self, path: str) -> Tree:
        return tree_of(self._store(path))

    def _read_line(self, path: str, code: str) -> str | None:
        row = self._store(path).one("SELECT value FROM entry WHERE code = ?", code)
        return row[0] if row else None

    def _read_in_force(self, on: date | None, given_by_flag: bool) -> InForce:
        return dates.in_force(self._releases, on, given_by_flag)

    def _list(self, system: CodeSystem, on: date | None) -> Release | None:
        return self._choose(LISTED[system], on) if system in LISTED else None

    def _read_choice(self, name: str, on: date | None) -> Release | None:
        return dates.choose(self._named.get(name, ()), on)


def _readings(code: Code | str, system: CodeSystem | None) -> list[Code]:
    """The readings of a code, likeliest first; whoever writes a dot means a system that has dots."""
    if isinstance(code, Code):
        return [code]
    readings = Code.readings(code, system)
    return [r for r in readings if "." in r.value] or readings if "." in code else readings
