"""Entries of the Alphabetic Index and its tables as frozen values, and how they are read from a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..store import Store
from .words import RESIDUAL, key, words

KINDS = {"see": "see", "seeAlso": "see also", "seecat": "see category", "subcat": "see subcategory"}
FULL_LENGTH = 7
LARGEST = 2**62
ENTRIES_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class IndexCode:
    """A code beside an entry.

    Attributes:
        text: As printed with its dash: `E11.2-`.
        code: Without the dash: `E11.2`.
        incomplete: Whether a dash says that characters are missing; the Tabular List has them (I.A.4, I.B.2).
        manifestation: Whether it stands in brackets: coded second, after the etiology (I.A.7, I.A.13).
    """

    text: str
    code: str
    incomplete: bool = False
    manifestation: bool = False


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A "see", "see also", "see category" or "see subcategory" with its text as printed (I.A.16)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A main term or subterm.

    Attributes:
        id: Its number within the release.
        parent: Number of the entry above; None for a main term.
        level: 0 for a main term.
        title: As printed, nonessential modifiers in their parentheses.
        essential: The title without them.
        modifiers: The nonessential modifiers: there or not there, the code is the same (I.A.7).
        codes: Etiology first, manifestations after it.
        references: Where it sends the coder.
        notes: Other texts that stand with it (warnings, notes).
        connective: Whether it only connects: "with", "in", "due to".
        has_children: Whether subterms stand below it.
    """

    id: int
    parent: int | None
    level: int
    title: str
    essential: str
    modifiers: tuple[str, ...]
    codes: tuple[IndexCode, ...]
    references: tuple[CrossReference, ...]
    notes: tuple[str, ...]
    connective: bool
    has_children: bool

    @property
    def default_code(self) -> IndexCode | None:
        """The code beside a main term: the condition most often meant, or its unspecified form (I.A.18)."""
        return next(iter(self.codes), None) if self.level == 0 else None

    @property
    def presumes(self) -> bool:
        """Whether what stands below is presumed to be linked with what stands above: "with" and "in" (I.A.15)."""
        return self.connective and bool({"with", "in"} & set(words(self.essential)))

    @property
    def residual(self) -> str | None:
        """`NEC` or `NOS` when its title says so (I.A.6)."""
        return next((w.upper() for w in words(self.essential) if w in RESIDUAL), None)


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a cross reference leads.

    Attributes:
        reference: The reference.
        sort: `entry` (see `entries`); `condition` (look under the name of the condition), `advice` (by what is coded),
            `drugs`, `neoplasm`, `external`, `index` (another part of the index), `category` (the Tabular List),
            `unresolved` (no such entry).
        entries: The entries; for `unresolved`, the nearest that the reference reaches.
        rest: What the reference says beyond them: "by site", the words to look up in the other part, or what was not
            found.
    """

    reference: CrossReference
    sort: str
    entries: tuple[IndexEntry, ...] = ()
    rest: str = ""


class TermStore:
    """Reads entries of one store; every question costs a few look-ups by key."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.entry = lru_cache(ENTRIES_KEPT)(self._entry)

    def _entry(self, number: int) -> IndexEntry | None:
        """The entry of a number; None where there is none."""
        row = self.store.one("SELECT * FROM entry WHERE id = ?", _fits(number))
        return self._made(row) if row else None

    def entries(self, numbers: Iterable[int]) -> tuple[IndexEntry, ...]:
        """The entries of these numbers that there are, in order."""
        return tuple(e for number in numbers if (e := self.entry(number)))

    def children(self, number: int) -> tuple[IndexEntry, ...]:
        """The subterms one level below, in order."""
        return self.entries(row[0] for row in self.store.all("SELECT id FROM entry WHERE parent = ?", _fits(number)))

    def ancestors(self, number: int) -> tuple[IndexEntry, ...]:
        """From the main term down to the entry; empty for a number that there is not."""
        found: list[IndexEntry] = []
        entry = self.entry(number)
        while entry:
            found.append(entry)
            entry = self.entry(entry.parent) if entry.parent else None
        return tuple(reversed(found))

    def path(self, number: int) -> str:
        """`Diabetes, type 2, with, chronic kidney disease`; inflections of the main term are left out."""
        return ", ".join(lead(e.essential) if e.level == 0 else e.essential for e in self.ancestors(number))

    def main_terms(self, prefix: str, limit: int) -> tuple[IndexEntry, ...]:
        """Main terms that begin with `prefix`, in alphabetic order, whatever its case, accents and hyphens."""
        start = key(prefix)
        sql = "SELECT entry FROM lead WHERE key >= ? AND key < ? ORDER BY key, entry LIMIT ?"
        return self.entries(row[0] for row in self.store.all(sql, start, start + "\x7f", max(0, limit)))

    def coded(self, code: str, limit: int) -> list[int]:
        """Numbers of the entries that lead to `code`: it itself, an incomplete code above it, or codes below a dash."""
        bare = code.strip().upper().replace(".", "").rstrip("-")
        if not bare.isalnum():
            return []
        found = self._leading(bare)
        if "-" in code:
            sql = "SELECT entry FROM coded WHERE stem >= ? AND stem < ? ORDER BY entry LIMIT ?"
            found += [row[0] for row in self.store.all(sql, bare, bare + "\x7f", limit)]
        return sorted(set(found))[:limit]

    def _leading(self, bare: str) -> list[int]:
        # The seventh character is not the index's: a code without it, and without the X before it, leads there.
        base = bare[: FULL_LENGTH - 1].rstrip("X") if len(bare) == FULL_LENGTH else bare
        above = [bare[:length] for length in range(3, len(bare))]
        sql = (
            "SELECT c.entry FROM coded c JOIN beside b ON b.entry = c.entry AND b.position = c.position"
            f" WHERE c.stem IN (?, ?) OR (c.stem IN ({_marks(above)})"
            " AND (b.incomplete OR b.sort = 'category' OR b.kind IN ('seecat', 'subcat')))"
        )
        return [row[0] for row in self.store.all(sql, bare, base, *above)]

    def outline(self) -> list[tuple[int, int, str, str]]:
        """Number, level, title without modifiers, and modifiers of every entry, in the order of the book."""
        return list(self.store.all("SELECT id, level, essential, modifiers FROM entry ORDER BY id"))

    def readings(self) -> dict[int, tuple[frozenset[str], ...]]:
        """Of every entry the sets of words of which each is its whole title."""
        found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for table in ("lead_word", "word"):
            for word, number, reading in self.store.all(f"SELECT word, entry, reading FROM {table}"):
                found[number][reading].add(word)
        return {number: tuple(frozenset(w) for w in ways.values()) for number, ways in found.items()}

    def first_codes(self) -> dict[int, str]:
        """The first code beside each entry that has one."""
        codes: dict[int, str] = {}
        for number, code in self.store.all("SELECT entry, code FROM beside WHERE kind = 'code' ORDER BY position"):
            codes.setdefault(number, code)
        return codes

    def coded_paths(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every entry with a code: the words from its main term down to it, and the first code beside it."""
        codes = self.first_codes()
        above: list[str] = []
        for number, level, essential in self.store.all("SELECT id, level, essential FROM entry ORDER BY id"):
            above[level:] = [lead(essential) if level == 0 else essential]
            if codes.get(number):
                yield tuple(above), codes[number]

    def follow(self, entry: IndexEntry) -> tuple[Followed, ...]:
        """Where every reference of `entry` leads, in order."""
        sql = "SELECT kind, text, sort, targets, rest FROM beside WHERE entry = ? ORDER BY position"
        found = []
        for kind, text, sort, targets, rest in self.store.all(sql, entry.id):
            if kind in KINDS:
                entries = self.entries(int(number) for number in targets.split())
                found.append(Followed(CrossReference(KINDS[kind], text), sort or "category", entries, rest))
        return tuple(found)

    def _made(self, row: tuple[Any, ...]) -> IndexEntry:
        number, parent, last, level, title, essential, modifiers, connective = row
        sql = "SELECT kind, text, code, incomplete FROM beside WHERE entry = ? ORDER BY position"
        beside = self.store.all(sql, number)
        return IndexEntry(
            number,
            parent,
            level,
            title,
            essential,
            tuple(modifiers.split("\n")) if modifiers else (),
            _codes(beside),
            tuple(CrossReference(KINDS[kind], text) for kind, text, *_ in beside if kind in KINDS),
            tuple(text for kind, text, *_ in beside if kind in ("warning", "note")),
            bool(connective),
            last > number,
        )


def _codes(beside: Sequence[tuple[Any, ...]]) -> tuple[IndexCode, ...]:
    found = [
        IndexCode(f"{code}{_dash(code, text) if incomplete else ''}", code, bool(incomplete), kind == "manif")
        for kind, text, code, incomplete in beside
        if kind in ("code", "manif") and code
    ]
    return tuple(sorted(found, key=lambda one: one.manifestation))


def _dash(code: str, text: str) -> str:
    """The dash as printed: `M14.-` has its dot, `M14` needs none."""
    return ".-" if f"{code}.-" in text else "-"


def lead(essential: str) -> str:
    """The name by which a main term is quoted: "Diabetes" for "Diabetes, diabetic"."""
    first, *others = (part.strip() for part in essential.split(","))
    stem = key(first)[:3]
    return first if all(" " not in o and key(o)[:3] == stem for o in others) else essential


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values)) or "NULL"


def _fits(number: int) -> int:
    """`number`, or one that no entry has where it is beyond what the store can hold."""
    return number if -LARGEST < number < LARGEST else -1
