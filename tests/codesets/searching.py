"""A small Tabular List and its neighbours as stores, for tests of what search is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from leadterm.codesets.formats import Part
from leadterm.codesets.search.index import build_index
from leadterm.codesets.search.sources import Phrase, SynonymLike
from leadterm.codesets.store import Store, write_store

# code, kind, title, parent, billable, inclusion terms
NODES = (
    ("1", "chapter", "Invented diseases", None, 0, ()),
    ("A10-A11", "block", "Diseases of the glabella", "1", 0, ()),
    ("A10", "category", "Glabellitis", "A10-A11", 0, ()),
    ("A10.0", "code", "Acute glabellitis", "A10", 1, ("Quorn disease", "Refractory glabellitis")),
    ("A10.1", "code", "Chronic glabellitis", "A10", 1, ()),
    ("A10.9", "code", "Glabellitis, unspecified", "A10", 1, ("Glabellitis NOS",)),
    ("A11", "category", "Fracture of glabella", "A10-A11", 0, ()),
    ("A11.0", "code", "Torus fracture of glabella", "A11", 0, ()),
    ("A11.0XXA", "seventh", "Torus fracture of glabella, initial encounter", "A11.0", 1, ()),
    ("A11.0XXS", "seventh", "Torus fracture of glabella, sequela", "A11.0", 1, ()),
)
PROCEDURES = (("0QG00ZZ", "Fusion of Glabella, Open Approach"), ("0QB00ZZ", "Excision of Glabella, Open Approach"))
TABULAR = "rank INTEGER, code TEXT, kind TEXT, title TEXT, parent TEXT, billable INTEGER, notes TEXT"
# number, parent, title; code or see
INDEX = (
    (1, None, "Glabellitis (purple)", "A10.9", ""),
    (2, 1, "acute", "A10.0", ""),
    (3, None, "Purple brow", "", "1"),
    (4, None, "Gone", "Z99.9", ""),
)


def made_store(path: Path, *parts: tuple[str, str, Iterable[tuple[object, ...]]]) -> Store:
    """A store with these tables: name, columns, rows."""
    tables = []
    for table, columns, rows in parts:
        marks = ", ".join("?" * len(columns.split(",")))
        tables.append(Part(f"CREATE TABLE {table} ({columns})", f"INSERT INTO {table} VALUES ({marks})", rows))
    write_store(path, tables)
    return Store(path)


def made_stores(folder: Path) -> dict[str, Store]:
    """The two stores that search cannot do without."""
    nodes = (
        (rank, code, kind, title, parent, billable, json.dumps({"inclusion_terms": terms}) if terms else "")
        for rank, (code, kind, title, parent, billable, terms) in enumerate(NODES)
    )
    return {
        "icd10cm:tabular": made_store(folder / "tabular.sqlite", ("entry", TABULAR, nodes)),
        "icd10pcs:titles": made_store(folder / "pcs.sqlite", ("entry", "code TEXT, value TEXT", PROCEDURES)),
    }


def all_stores(folder: Path) -> dict[str, Store]:
    """These and one of every kind that may be installed."""
    beside = [(n, 0, "code", code, "", "") for n, _, _, code, _ in INDEX if code]
    beside += [(n, 0, "see", "", "entry", see) for n, _, _, _, see in INDEX if see]
    index = (
        ("entry", "id, parent, title", [row[:3] for row in INDEX]),
        ("beside", "entry, position, kind, code, sort, targets", beside),
    )
    table = (
        ("entry", "id, parent, title", [(1, None, "Neoplasm, neoplastic"), (2, 1, "brow *")]),
        ("cells", "entry, c1, c2, c3, c4, c5, c6", [(2, "A10.0", "A10.1", None, "", "A10.9-", None)]),
    )
    drug = (
        ("entry", "id, parent, title", [(1, None, "Glabellin (sodium)"), (2, 1, "retard")]),
        ("cells", "entry, c1, c2, c3, c4, c5, c6", [(2, "A10.0", "", "", "", "A10.1", "")]),
    )
    return made_stores(folder) | {
        "icd10cm:index": made_store(folder / "index.sqlite", *index),
        "icd10cm:neoplasm": made_store(folder / "neoplasm.sqlite", *table),
        "icd10cm:drug": made_store(folder / "drug.sqlite", *drug),
        "doid:icd10cm": made_store(
            folder / "doid.sqlite", ("synonym", "text, code", [("browitis", "A10.1"), ("x", "Q1")])
        ),
        "hcpcs:codes": made_store(
            folder / "hcpcs.sqlite",
            (
                "entry",
                "code, kind, long, short",
                [("A0001", "code", "Brow plaster, each", "Brow plaster"), ("RT", "modifier", "Right", "Right")],
            ),
        ),
    }


def built(
    folder: Path, stores: Mapping[str, Store], lexicon: Iterable[SynonymLike] = (), without: Iterable[Phrase] = ()
) -> Path:
    """The index over them."""
    left_out = frozenset(without)
    build_index(folder / "search", stores, lexicon, lambda phrase: phrase not in left_out)
    return folder / "search"
