"""The Table of Drugs and Chemicals and the Neoplasm Table as their users see them: rows with six columns by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Generic, TypeVar

from leadterm.domain import Release

from ..store import Store
from .entries import Followed, IndexCode, IndexEntry, TermStore
from .index import DEFAULT_LIMIT, MOST_PATHS
from .walk import Walk
from .words import words

NOTE = "Note:"
# What the signs beside a site mean (introduction of the Neoplasm Table).
ASTERISK = (
    "Skin of this site: a squamous cell or epidermoid carcinoma is coded as malignant neoplasm of skin, a papilloma as "
    "benign neoplasm of skin."
)
DIAMOND = (
    "Bone: a carcinoma or adenocarcinoma here, unless intraosseous or odontogenic, is secondary from an unspecified "
    "primary (C79.5-, C80.1)."
)
SIGNS = {"*": ASTERISK, **dict.fromkeys("◊◇♦◆⬦⬥", DIAMOND)}
# Words of the columns and of the one main term: they choose a column, not a row.
BEHAVIOURS = frozenset(
    "malignant primary secondary metastatic metastasis benign uncertain unspecified behavior behaviour cancer neoplasm"
    " neoplastic tumor".split()
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its place in the tree, and its codes by column (None: the table offers none).

    Attributes:
        entry: Title, modifiers, references.
        path: The titles from the main term down, as text.
        codes: Six, in the order of the columns; all None for a heading.
        notes: Notes that stand with it, and what the signs beside its title mean.
        left: Words asked for that the row does not answer to; only from `find`.
    """

    entry: IndexEntry
    path: str
    codes: tuple[IndexCode | None, ...]
    notes: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def heading(self) -> bool:
        """Whether it has no code of its own."""
        return not any(self.codes)


@dataclass(frozen=True, slots=True)
class DrugRow(TableRow):
    """A substance: poisoning by intent, adverse effect, underdosing (I.C.19.e)."""

    @property
    def accidental(self) -> IndexCode | None:
        """Poisoning, accidental (unintentional): also when no intent is documented."""
        return self.codes[0]

    @property
    def self_harm(self) -> IndexCode | None:
        """Poisoning, intentional self-harm."""
        return self.codes[1]

    @property
    def assault(self) -> IndexCode | None:
        """Poisoning, assault."""
        return self.codes[2]

    @property
    def undetermined(self) -> IndexCode | None:
        """Poisoning, intent documented as impossible to determine."""
        return self.codes[3]

    @property
    def adverse_effect(self) -> IndexCode | None:
        """Of a drug correctly prescribed and properly administered."""
        return self.codes[4]

    @property
    def underdosing(self) -> IndexCode | None:
        """Less of a drug taken than prescribed or instructed."""
        return self.codes[5]


@dataclass(frozen=True, slots=True)
class NeoplasmRow(TableRow):
    """A site: malignant, in situ, benign, uncertain and unspecified behavior (I.C.2)."""

    @property
    def primary(self) -> IndexCode | None:
        """Malignant, primary."""
        return self.codes[0]

    @property
    def secondary(self) -> IndexCode | None:
        """Malignant, secondary."""
        return self.codes[1]

    @property
    def in_situ(self) -> IndexCode | None:
        """Carcinoma in situ."""
        return self.codes[2]

    @property
    def benign(self) -> IndexCode | None:
        """Benign."""
        return self.codes[3]

    @property
    def uncertain(self) -> IndexCode | None:
        """Uncertain behavior: told so by pathology."""
        return self.codes[4]

    @property
    def unspecified(self) -> IndexCode | None:
        """Unspecified behavior: nothing is told."""
        return self.codes[5]


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row as words lead to it.

    Attributes:
        number: Its number; `row` of the table has the rest.
        titles: From the first level down, without modifiers.
        modifiers: Words that may stand beside them and change nothing.
        ways: For each title the sets of words of which each is the whole title.
        codes: In the order of the columns.
    """

    number: int
    titles: tuple[str, ...]
    modifiers: frozenset[str]
    ways: tuple[tuple[frozenset[str], ...], ...]
    codes: tuple[IndexCode | None, ...]


R = TypeVar("R", bound=TableRow)


class _ColumnTable(Generic[R]):
    """What both tables answer; a row takes nothing over from the row above it."""

    ROW: type[R]
    COLUMNS: ClassVar[tuple[str, ...]]
    OPTIONAL: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, store: Store, release: Release) -> None:
        self.release = release
        self._terms = TermStore(store)

    @cached_property
    def _walk(self) -> Walk:
        # A table of one main term ("Neoplasm") is asked for what stands below it.
        mains = [e.id for e in self._terms.main_terms("", 2)]
        return Walk(self._terms, mains[0] if len(mains) == 1 else None, self.OPTIONAL)

    def row(self, number: int) -> R | None:
        """The row of a number; None where there is none."""
        entry = self._terms.entry(number)
        return self._row(entry) if entry else None

    def main_terms(self, prefix: str = "", limit: int = DEFAULT_LIMIT) -> tuple[R, ...]:
        """Rows of the first level that begin with `prefix`, in alphabetic order."""
        return self._rows(self._terms.main_terms(prefix, limit))

    def children(self, number: int) -> tuple[R, ...]:
        """The rows one level below; notes that stand among them are none."""
        return self._rows(e for e in self._terms.children(number) if not e.title.startswith(NOTE))

    def ancestors(self, number: int) -> tuple[IndexEntry, ...]:
        """From the main term down to the row's own entry."""
        return self._terms.ancestors(number)

    def path(self, number: int) -> str:
        """The titles from the main term down."""
        return self._terms.path(number)

    def follow(self, row: TableRow) -> tuple[Followed, ...]:
        """Where each "see" and "see also" of a row leads."""
        return self._terms.follow(row.entry)

    def lines(self) -> Iterator[TableLine]:
        """The rows below the first level that have codes, in the order of the book, in one pass over the store."""
        cells = {n: c for n, *c in self._terms.store.all("SELECT entry, c1, c2, c3, c4, c5, c6 FROM cells")}
        spoken = self._terms.readings()
        line: list[tuple[str, str, tuple[frozenset[str], ...]]] = []
        for number, level, essential, modifiers in self._terms.outline():
            line[level:] = [(essential, modifiers, spoken.get(number, ()))]
            if level and number in cells:
                titles, optional, ways = zip(*line[1:], strict=True)
                codes = tuple(_code(text) if text else None for text in cells[number])
                yield TableLine(number, titles, frozenset(words(" ".join(optional))), ways, codes)

    def rows_with(self, code: str, limit: int = MOST_PATHS) -> tuple[R, ...]:
        """Every row that leads to a code in any column, by itself or by an incomplete code above it."""
        return self._rows(self._terms.entries(self._terms.coded(code, limit)))

    def find(self, words: str, limit: int = DEFAULT_LIMIT) -> tuple[R, ...]:
        """Rows that the words lead to, best first; then rows of the first level that begin with them."""
        found = {h.entry.id: self._row(h.entry, h.left) for h in self._walk.find(words, limit)}
        for entry in self._terms.main_terms(words, limit) if words.strip() and len(found) < limit else ():
            found.setdefault(entry.id, self._row(entry))
        return tuple(found.values())[: max(0, limit)]

    def columns_of(self, row: R, code: str) -> tuple[str, ...]:
        """Names of the columns in which a row has a code, or an incomplete code above it."""
        bare = code.strip().upper().replace(".", "").rstrip("-")
        pairs = zip(self.COLUMNS, row.codes, strict=True)
        return tuple(name for name, own in pairs if own and _leads(own, bare))

    def _rows(self, entries: Iterable[IndexEntry]) -> tuple[R, ...]:
        return tuple(self._row(entry) for entry in entries)

    def _row(self, entry: IndexEntry, left: tuple[str, ...] = ()) -> R:
        sql = "SELECT c1, c2, c3, c4, c5, c6 FROM cells WHERE entry = ?"
        texts = self._terms.store.one(sql, entry.id) or (None,) * len(self.COLUMNS)
        codes = tuple(_code(text) if text else None for text in texts)
        return self.ROW(entry, self._terms.path(entry.id), codes, self._notes(entry), left)

    def _notes(self, entry: IndexEntry) -> tuple[str, ...]:
        sql = "SELECT title FROM entry WHERE parent = ? AND title LIKE ? ORDER BY id"
        below = [row[0] for row in self._terms.store.all(sql, entry.id, f"{NOTE}%")]
        return (*entry.notes, *(note for sign, note in SIGNS.items() if sign in entry.title), *below)


def _code(text: str) -> IndexCode:
    return IndexCode(text, text.rstrip("-").rstrip("."), text.endswith("-"))


def _leads(own: IndexCode, bare: str) -> bool:
    stem = own.code.replace(".", "")
    return stem == bare or (own.incomplete and bare.startswith(stem))


class DrugTable(_ColumnTable[DrugRow]):
    """Substances, with the codes for poisoning by intent, adverse effect and underdosing."""

    COMPONENT: ClassVar[str] = "icd10cm:drug"
    WHAT: ClassVar[str] = "ICD-10-CM Table of Drugs and Chemicals"
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "accidental",
        "self_harm",
        "assault",
        "undetermined",
        "adverse_effect",
        "underdosing",
    )
    ROW = DrugRow


class NeoplasmTable(_ColumnTable[NeoplasmRow]):
    """Sites, with the codes by behavior of the neoplasm."""

    COMPONENT: ClassVar[str] = "icd10cm:neoplasm"
    WHAT: ClassVar[str] = "ICD-10-CM Neoplasm Table"
    COLUMNS: ClassVar[tuple[str, ...]] = ("primary", "secondary", "in_situ", "benign", "uncertain", "unspecified")
    ROW = NeoplasmRow
    OPTIONAL: ClassVar[frozenset[str]] = BEHAVIOURS
