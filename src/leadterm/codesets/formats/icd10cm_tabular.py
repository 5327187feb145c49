"""The ICD-10-CM Tabular List (`icd10cm_tabular_YYYY.xml`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from leadterm.domain import InputError

from ..nodes import Node
from ..relations.relations import relation_part
from ..sources import US_GOVERNMENT, fiscal_year
from ..store import Store
from ..tabular import NOTE_TAGS, read_tabular
from ._dates import fiscal
from ._offered import Format, Offered, Part, Recognised, Table, insert

NAME = "icd10cm:tabular"
CHAPTERS = 22  # a file with fewer is a part of the list, and never answers for the whole
COLUMNS = (
    "rank INTEGER PRIMARY KEY, code TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, parent TEXT,"
    " children TEXT NOT NULL, billable INTEGER NOT NULL, extension TEXT, notes TEXT NOT NULL,"
    " seventh TEXT NOT NULL, inclusions TEXT NOT NULL"
)
SCHEMA = f"CREATE TABLE entry ({COLUMNS}); CREATE UNIQUE INDEX by_code ON entry (code)"
NOTE_KINDS = tuple(dict.fromkeys(NOTE_TAGS.values()))
_VERSION = re.compile(rb"<version>\s*((?:19|20)\d{2})\s*</version>")


def _recognise(offered: Offered) -> Recognised | None:
    if b"<ICD10CM.tabular>" not in offered.head:
        return None
    version = _VERSION.search(offered.head)
    if version is None:
        raise InputError(f"The Tabular List {offered.name} does not say of which year it is (<version>).")
    return Recognised(NAME, fiscal(offered, int(version[1])), US_GOVERNMENT)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    return tabular_table(files[0].load(), fiscal_year(recognised.period.start))


def tabular_table(source: bytes, year: int) -> Table:
    """The list of a fiscal year as a table, with the relations that its notes state.

    Raises InputError when the file says that it is of another year.
    """
    tabular = read_tabular(source)
    if tabular.version != str(year):
        said = tabular.version[:8] or "no year"
        raise InputError(f"The Tabular List is that of {said}, which its file name does not say.")
    rows = (_row(rank, node) for rank, node in enumerate(tabular.nodes))
    parts = (Part(SCHEMA, insert("entry", COLUMNS), rows), relation_part(tabular.nodes))
    partial = sum(node.kind == "chapter" for node in tabular.nodes) < CHAPTERS
    return Table(tabular.counts, parts, partial)


def _row(rank: int, node: Node) -> tuple[Any, ...]:
    def packed(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""

    inclusions = "\n".join(node.notes.get("inclusion_terms", ()))
    fixed = (rank, node.code, node.kind, node.title, node.parent, " ".join(node.children), int(node.billable))
    return (*fixed, node.extension, packed(dict(node.notes)), packed(node.seventh), inclusions)


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    chapter = ""
    for code, kind, title, billable, notes, seventh in store.all(
        "SELECT code, kind, title, billable, notes, seventh FROM entry ORDER BY rank"
    ):
        chapter = code if kind == "chapter" else chapter
        stated = json.loads(notes) if notes else {}
        own = {name: "\n".join(stated.get(name, ())) for name in NOTE_KINDS}
        yield (
            code,
            {
                "title": title,
                "billable": "yes" if billable else "no",
                **own,
                "seventh_characters": seventh or "",
                "_": chapter,
            },
        )


FORMATS = (Format("ICD-10-CM Tabular List", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: _entries}
