"""Compiles the embedded code sets into the store: one immutable file a component. The caller holds the lock."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadterm.domain import DateRange, InputError, Release

from .drg_tables import read_diagnoses, read_weights
from .nodes import Node
from .search_index import build_index
from .sources import EMBEDDED, Located, Progress, checksum, fiscal_year, locate, period_in_name, required
from .store import FORMAT, TEMPORARY, Kept, Manifest, Store, digest, index_name, searched, write_store
from .tabular import read_tabular
from .validity import read_dated_list

# Share of the whole work, for the progress bar: the Tabular List and the search index take nearly all of it.
SEARCH_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Table:
    """What one source becomes: the days it covers, what was counted, and the rows of its one table."""

    period: DateRange
    counts: tuple[tuple[str, int], ...]
    schema: str
    rows: Iterable[tuple[Any, ...]]
    columns: int

    @property
    def insert(self) -> str:
        """The statement that takes a row."""
        return f"INSERT INTO entry VALUES ({', '.join('?' * self.columns)})"


NODE_SCHEMA = (
    "CREATE TABLE entry (rank INTEGER PRIMARY KEY, code TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,"
    " parent TEXT, children TEXT NOT NULL, billable INTEGER NOT NULL, extension TEXT, notes TEXT NOT NULL,"
    " seventh TEXT NOT NULL, inclusions TEXT NOT NULL);"
    " CREATE UNIQUE INDEX by_code ON entry (code)"
)
PAIR_SCHEMA = "CREATE TABLE entry (code TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
CODE_SCHEMA = "CREATE TABLE entry (code TEXT PRIMARY KEY) WITHOUT ROWID"
DRG_SCHEMA = (
    "CREATE TABLE entry (drg TEXT PRIMARY KEY, post_acute TEXT, special_pay TEXT, mdc TEXT, type TEXT, title TEXT,"
    " before_cap TEXT, weight TEXT, geometric TEXT, arithmetic TEXT) WITHOUT ROWID"
)


def _period(found: Located) -> DateRange:
    period = found.source.period or period_in_name(found.path.name)
    if period is None:
        raise InputError(f"The file {found.path.name} does not say from when it holds; update Leadterm.")
    return period


def _tabular(found: Located, source: bytes) -> Table:
    tabular, period = read_tabular(source), _period(found)
    if tabular.version != str(fiscal_year(period.start)):
        raise InputError(f"The Tabular List is that of {tabular.version}, which its file name does not say.")
    rows = (_node_row(rank, node) for rank, node in enumerate(tabular.nodes))
    return Table(period, tabular.counts, NODE_SCHEMA, rows, 11)


def _node_row(rank: int, node: Node) -> tuple[Any, ...]:
    def packed(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""

    inclusions = "\n".join(node.notes.get("inclusion_terms", ()))
    fixed = (rank, node.code, node.kind, node.title, node.parent, " ".join(node.children), int(node.billable))
    return (*fixed, node.extension, packed(dict(node.notes)), packed(node.seventh), inclusions)


def _validity(found: Located, source: bytes) -> Table:
    dated = read_dated_list(source)
    counts = (("codes", len(dated.rows)), ("entries", dated.entries))
    return Table(dated.period, counts, PAIR_SCHEMA, dated.rows, 2)


def _titles(found: Located, source: bytes) -> Table:
    rows = [(code, title) for code, title in csv.reader(io.StringIO(source.decode("utf-8")))]
    if any(len(code) != 7 for code, _ in rows):
        raise InputError("The list of ICD-10-PCS titles holds a code that has not seven characters.")
    return Table(_period(found), (("titles", len(rows)),), PAIR_SCHEMA, sorted(rows), 2)


def _weights(found: Located, source: bytes) -> Table:
    period = _period(found)
    rows = read_weights(source, fiscal_year(period.start))
    return Table(period, (("groups", len(rows)),), DRG_SCHEMA, rows, 10)


def _diagnoses(found: Located, source: bytes) -> Table:
    rows = read_diagnoses(source)
    return Table(_period(found), (("codes", len(rows)),), CODE_SCHEMA, rows, 1)


BUILDERS: dict[str, Callable[[Located, bytes], Table]] = {
    "icd10cm:tabular": _tabular,
    "icd10cm:validity": _validity,
    "icd10pcs:titles": _titles,
    "icd10pcs:validity": _validity,
    "msdrg:weights": _weights,
    "msdrg:cc": _diagnoses,
    "msdrg:mcc": _diagnoses,
}


def sweep(folder: Path, manifest: Manifest) -> None:
    """Removes what a killed compilation left and what `manifest` no longer names; the caller holds the lock.

    Who has such a file open keeps reading it.
    """
    used = {manifest.search, *(k.release.path for k in manifest.kept)}
    for pattern in (f"{TEMPORARY}*", "search-*", "*.sqlite"):
        for left in folder.glob(pattern):
            if left.is_dir() and left.name not in used:
                shutil.rmtree(left, ignore_errors=True)
            elif left.name not in used:
                left.unlink(missing_ok=True)


def compile_all(folder: Path, manifest: Manifest, progress: Progress) -> Manifest:
    """The manifest after everything that is missing, old or damaged in `manifest` has been compiled and swapped in."""
    kept = {(k.release.name, k.release.period.start): k for k in manifest.kept if k.opens(folder)}
    for done, found in enumerate(_missing(kept.values())):
        progress(f"compiling {found.source.name}", done / len(EMBEDDED) * (1 - SEARCH_SHARE))
        one = _component(folder, found)
        kept[(one.release.name, one.release.period.start)] = one
    in_order = tuple(kept[key] for key in sorted(kept))
    search = _search(folder, in_order, progress)
    manifest = Manifest(in_order, search)
    manifest.save(folder)
    sweep(folder, manifest)
    progress("code sets compiled", 1.0)
    return manifest


def _missing(kept: Collection[Kept]) -> list[Located]:
    """The sources to compile. Raises DataMissing for one that is neither compiled nor installed, before any work."""
    stamps = {k.stamp for k in kept}
    names = {k.release.name for k in kept}
    # When a package has gone, what was compiled from it stays good.
    wanted = [locate(s) or required(s) for s in EMBEDDED if locate(s) or s.name not in names]
    return [found for found in wanted if found.stamp not in stamps]


def _component(folder: Path, found: Located) -> Kept:
    source = found.read()
    source_digest = checksum(source)
    table = BUILDERS[found.source.name](found, source)
    content = digest(source_digest, str(FORMAT))
    name = f"{found.source.system}-{found.source.component}-{table.period.start}-{content}.sqlite"
    write_store(folder / name, table.schema, table.insert, table.rows)
    data = (folder / name).read_bytes()
    release = Release(
        found.source.system,
        found.source.component,
        table.period,
        found.label,
        source_digest,
        table.counts,
        found.source.licence,
        name,
    )
    return Kept(release, found.stamp, len(data), checksum(data))


def _search(folder: Path, kept: Sequence[Kept], progress: Progress) -> str:
    from . import lexicon

    index = index_name(kept, lexicon.digest())
    progress("compiling the search index", 1 - SEARCH_SHARE)
    if not (folder / index).is_dir():
        stores = {name: Store(folder / one.release.path) for name, one in searched(kept).items()}
        build_index(folder / index, stores["icd10cm:tabular"], stores["icd10pcs:titles"], lexicon.load())
    return index
