"""The ICD-10-PCS tables (icd10pcs_tables_YYYY.xml): a table for every three characters, its rows, axes and labels.

Each row is a product: every value of its four axes goes with every other. The file says how many values an axis and
how many codes a row has, and no code stands twice; all of it is checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from ..store import Store
from ._offered import Format, Offered, Part, Recognised, Table, insert
from ._pcs_xml import TEXT, Element, Source, recogniser

ROOT = "ICD10PCS.tabular"
WHAT = "ICD-10-PCS tables"
GRAMMAR = {
    ROOT: frozenset({"version", "title", "pcsTable"}),
    "version": frozenset({TEXT}),
    "title": frozenset({TEXT}),
    "pcsTable": frozenset({"axis", "pcsRow"}),
    "pcsRow": frozenset({"axis", "@codes"}),
    "axis": frozenset({"title", "label", "definition", "@pos", "@values"}),
    "label": frozenset({TEXT, "@code"}),
    "definition": frozenset({TEXT}),
}
CHARACTER = re.compile(r"[0-9A-HJ-NP-Z]")
MOST_CODES = 100_000  # of one row; all tables together have fewer
NUMBER = re.compile(r"[0-9]{1,9}")
TABLE_COLUMNS = "prefix TEXT PRIMARY KEY, head TEXT NOT NULL, definition TEXT, rows TEXT NOT NULL"
VALUE_COLUMNS = (
    "label TEXT COLLATE NOCASE, position INTEGER, value TEXT, prefixes TEXT NOT NULL,"
    " PRIMARY KEY (label, position, value)"
)
# An axis as it is kept: its name and its values, each a character and a label.
Axis = tuple[str, list[tuple[str, str]]]


class _Reader:
    """Reads tables one by one and counts."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.tables: list[tuple[str, str, str | None, str]] = []
        self.places: dict[tuple[str, int, str], set[str]] = {}
        self.codes: set[str] = set()
        self.rows = 0
        self._prefixes: set[str] = set()

    def read(self, table: Element) -> None:
        """Takes one table in."""
        heads = [self._axis(axis, position) for position, axis in enumerate(table.all("axis"), 1)]
        if len(heads) != 3 or any(len(values) != 1 for _, values in heads):
            raise self._source.refused(table.at, "a table has not one value for each of its first three characters")
        prefix = "".join(values[0][0] for _, values in heads)
        if prefix in self._prefixes:
            raise self._source.refused(table.at, f"the table {prefix} stands twice")
        self._prefixes.add(prefix)
        rows = [self._row(row, prefix) for row in table.all("pcsRow")]
        if not rows:
            raise self._source.refused(table.at, f"the table {prefix} has no rows")
        self._remember(prefix, [heads, *rows])
        self.rows += len(rows)
        definition = next((d for axis in table.all("axis") for d in axis.texts("definition")), None)
        self.tables.append((prefix, _json(heads), definition, _json(rows)))

    def _row(self, row: Element, prefix: str) -> list[Axis]:
        axes = [self._axis(axis, position) for position, axis in enumerate(row.all("axis"), 4)]
        if len(axes) != 4:
            raise self._source.refused(row.at, f"a row has {len(axes)} axes, not 4")
        count = prod(len(values) for _, values in axes)
        if count > MOST_CODES:
            raise self._source.refused(row.at, f"a row of {prefix} has more than {MOST_CODES:,} codes")
        codes = {prefix + "".join(c) for c in product(*([code for code, _ in values] for _, values in axes))}
        if self._number(row, "codes") != len(codes):
            raise self._source.refused(row.at, f"a row of {prefix} has not as many codes as it says")
        if twice := self.codes & codes:
            raise self._source.refused(row.at, f"the code {min(twice)} stands twice")
        self.codes |= codes
        return axes

    def _axis(self, axis: Element, position: int) -> Axis:
        labels = axis.all("label")
        if self._number(axis, "pos") != position:
            raise self._source.refused(axis.at, f"an axis is not in its place ({position})")
        if not labels or self._number(axis, "values") != len(labels):
            raise self._source.refused(axis.at, f"axis {position} has not as many values as it says")
        values = [(label.attributes.get("code", ""), label.text) for label in labels]
        for label, (code, text) in zip(labels, values, strict=True):
            if not CHARACTER.fullmatch(code) or not text:
                raise self._source.refused(label.at, f"a value of axis {position} has no character or no label")
        if len(dict(values)) != len(values):
            raise self._source.refused(axis.at, f"a value of axis {position} stands twice")
        return self._source.one(axis, "title").text, values

    def _number(self, element: Element, attribute: str) -> int:
        text = element.attributes.get(attribute, "")
        if not NUMBER.fullmatch(text):
            raise self._source.refused(element.at, f"{element.name} has no number {attribute}")
        return int(text)

    def _remember(self, prefix: str, groups: Sequence[Sequence[Axis]]) -> None:
        """Where each label stands, for the way from a word to a value."""
        for first, axes in zip((1, *(4,) * (len(groups) - 1)), groups, strict=True):
            for position, (_, values) in enumerate(axes, first):
                for code, label in values:
                    self.places.setdefault((label, position, code), set()).add(prefix)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    source = Source(files[0], WHAT, GRAMMAR)
    root = source.tree(ROOT)
    reader = _Reader(source)
    for table in root.all("pcsTable"):
        reader.read(table)
    if not reader.tables:
        raise source.refused(root.at, "it has no tables")
    places = [(*key, " ".join(sorted(prefixes))) for key, prefixes in _folded(reader.places).items()]
    return Table(
        (("tables", len(reader.tables)), ("rows", reader.rows), ("codes", len(reader.codes))),
        (
            Part(
                f"CREATE TABLE entry ({TABLE_COLUMNS}) WITHOUT ROWID",
                insert("entry", TABLE_COLUMNS),
                sorted(reader.tables),
            ),
            Part(f"CREATE TABLE value ({VALUE_COLUMNS}) WITHOUT ROWID", insert("value", VALUE_COLUMNS), places),
        ),
    )


def _folded(places: Mapping[tuple[str, int, str], set[str]]) -> dict[tuple[str, int, str], set[str]]:
    """The same, labels that differ only in case joined: they are one key in the store."""
    spelled: dict[str, str] = {}
    joined: dict[tuple[str, int, str], set[str]] = {}
    for (label, position, code), prefixes in places.items():
        written = spelled.setdefault(label.lower(), label)
        joined.setdefault((written, position, code), set()).update(prefixes)
    return joined


def entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every legal code with the labels of its axes."""
    for prefix, head, rows in store.all("SELECT prefix, head, rows FROM entry ORDER BY prefix"):
        first = json.loads(head)
        for row in json.loads(rows):
            # Axes are told by their place too: four of Mental Health bear one name.
            names = [f"{position} {name}" for position, (name, _) in enumerate([*first, *row], 1)]
            fixed = [values[0][1] for _, values in first]
            for values in product(*(values for _, values in row)):
                labels = [*fixed, *(label for _, label in values)]
                yield prefix + "".join(code for code, _ in values), dict(zip(names, labels, strict=True))


FORMATS = (Format(WHAT, recogniser(ROOT, "icd10pcs:tables"), _read),)
DIFFERS = {"icd10pcs:tables": entries}
