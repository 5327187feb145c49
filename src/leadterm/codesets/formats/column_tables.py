"""The ICD-10-CM Table of Drugs and Chemicals and the Neoplasm Table (XML, icd-10-cm-drug-neoplasm-2025.xsd)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from leadterm.domain import InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._cross_references import CrossReferences
from ._dates import fiscal
from ._offered import Format, Offered, Part, Recognised, Table, insert
from ._term_parts import CODE, compared, term_parts
from ._terms_xml import Terms, opening, read_terms, year

COLUMNS = 6
FIRST = 2  # the first column is the title
NONE = re.compile(r"[-–—]+")
CODED = "entry INTEGER PRIMARY KEY, c1 TEXT, c2 TEXT, c3 TEXT, c4 TEXT, c5 TEXT, c6 TEXT"
NOTE = "Note:"


@dataclass(frozen=True, slots=True)
class Layout:
    """One table.

    Attributes:
        component, what: Its name in answers, and in words.
        first: How its first column is headed.
        columns: Name of a column, and words of its head.
    """

    component: str
    what: str
    first: str
    columns: tuple[tuple[str, tuple[str, ...]], ...]

    def places(self, heads: Mapping[int, str], name: str) -> dict[int, str]:
        """Names of the columns by number. Raises InputError when a head is missing, twice or not known."""
        found: dict[int, str] = {}
        for column, head in heads.items():
            if head.casefold() == self.first.casefold():
                continue
            fitting = [n for n, words in self.columns if all(w in head.casefold() for w in words)]
            if len(fitting) != 1 or fitting[0] in found.values():
                raise InputError(f"The {self.what} in {name} has a column {column} that is not known; update Leadterm.")
            found[column] = fitting[0]
        if len(found) != COLUMNS:
            raise InputError(f"The {self.what} in {name} has {len(found)} of its {COLUMNS} columns; get the file anew.")
        return found


DRUGS = Layout(
    "icd10cm:drug",
    "ICD-10-CM Table of Drugs and Chemicals",
    "Substance",
    (
        ("accidental", ("accidental",)),
        ("self_harm", ("self-harm",)),
        ("assault", ("assault",)),
        ("undetermined", ("undetermined",)),
        ("adverse_effect", ("adverse",)),
        ("underdosing", ("underdosing",)),
    ),
)
NEOPLASMS = Layout(
    "icd10cm:neoplasm",
    "ICD-10-CM Neoplasm Table",
    "Neoplasm",
    (
        ("primary", ("malignant", "primary")),
        ("secondary", ("malignant", "secondary")),
        ("in_situ", ("situ",)),
        ("benign", ("benign",)),
        ("uncertain", ("uncertain",)),
        ("unspecified", ("unspecified",)),
    ),
)
LAYOUTS = (DRUGS, NEOPLASMS)
COUNTED = (
    ("main_terms", "main_terms"),
    ("subterms", "subterms"),
    ("cells", "cell"),
    ("codes", "codes"),
    ("rows", "rows"),
    ("notes", "notes"),
    ("see", "see"),
    ("see_also", "seeAlso"),
    ("nonessential_modifiers", "nonessential_modifiers"),
    ("see_resolved", "see_resolved"),
    ("see_elsewhere", "see_elsewhere"),
    ("see_unresolved", "see_unresolved"),
    ("codes_unread", "codes_unread"),
)


def _recognise(layout: Layout) -> Callable[[Offered], Recognised | None]:
    head = re.compile(rf"<head\s+col=[\"']1[\"']\s*>\s*{layout.first}\s*</head>")

    def recognise(offered: Offered) -> Recognised | None:
        text = opening(offered)
        if text is None or not head.search(text):
            return None
        return Recognised(layout.component, fiscal(offered, year(text, offered.name)), US_GOVERNMENT)

    return recognise


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    layout = next(one for one in LAYOUTS if one.component == recognised.name)
    read = read_terms(files[0], layout.what)
    places = layout.places(read.heads, files[0].name)
    _check(read, places, layout, files[0].name)
    _arrange(read, places, [name for name, _ in layout.columns])
    root = read.mains[0].title.essential if len(read.mains) == 1 else ""
    counts, parts = term_parts(read, CrossReferences(read.mains, root))
    rows = list(_rows(read))
    counts += read.counts
    counts["rows"] = len(rows)
    counts["notes"] += sum(t.title.printed.startswith(NOTE) for t in read.terms)
    cells = Part(f"CREATE TABLE cells ({CODED})", insert("cells", CODED), rows)
    return Table(tuple((shown, counts[kind]) for shown, kind in COUNTED), (*parts, cells))


def _check(read: Terms, places: Mapping[int, str], layout: Layout, name: str) -> None:
    """Raises InputError for a cell in a column without a head, for two in one place, and for what is no code."""
    for term in read.terms:
        columns = [column for kind, column, _ in term.beside if kind == "cell"]
        if len(set(columns)) != len(columns) or not set(columns) <= set(places):
            raise InputError(
                f"The {layout.what} in {name} has cells in columns {columns} on line {term.line}; get the file anew."
            )
        texts = (text for kind, _, text in term.beside if kind == "cell")
        if not all(CODE.fullmatch(text) or NONE.fullmatch(text) for text in texts):
            raise InputError(f"The {layout.what} in {name} has a cell on line {term.line} that is no ICD-10-CM code.")


def _arrange(read: Terms, places: Mapping[int, str], names: list[str]) -> None:
    """Gives every cell the number of its column in the layout, whatever its number in the file."""
    number = {column: FIRST + names.index(name) for column, name in places.items()}
    for term in read.terms:
        term.beside = sorted(((kind, number.get(c, c), text) for kind, c, text in term.beside), key=lambda one: one[1])


def _rows(read: Terms) -> Iterator[tuple[int | str | None, ...]]:
    """The cells of every term that has some; None where the table has no code."""
    for term in read.terms:
        cells = {column: text for kind, column, text in term.beside if kind == "cell"}
        if cells:
            texts = [cells.get(column, "") for column in range(FIRST, FIRST + COLUMNS)]
            yield term.id, *(None if NONE.fullmatch(text or "-") else text for text in texts)


def _compared(layout: Layout) -> Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]:
    names = {number: name for number, (name, _) in enumerate(layout.columns, FIRST)}
    return lambda store: compared(store, names)


FORMATS = tuple(Format(layout.what, _recognise(layout), _read) for layout in LAYOUTS)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    layout.component: _compared(layout) for layout in LAYOUTS
}
