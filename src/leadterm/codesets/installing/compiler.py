"""Compiles code sets into the store: one immutable file a component. The caller holds the lock."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from leadterm.domain import DateRange, InputError, Release

from ..formats import Part, Table
from ..formats.icd10cm_tabular import tabular_table
from ..payment.drg_tables import read_diagnoses, read_weights
from ..search.index import build_index
from ..sources import EMBEDDED, Located, Progress, checksum, fiscal_year, locate, period_in_name, required
from ..store import FORMAT, TEMPORARY, Kept, Manifest, SourceFile, Store, digest, index_name, searched, write_store
from ..validity import read_dated_list
from .keeping import sweep_sources

# Share of the whole work, for the progress bar: the Tabular List and the search index take nearly all of it.
SEARCH_SHARE = 0.5
READ_AT_ONCE = 1 << 20

PAIR_SCHEMA = "CREATE TABLE entry (code TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
CODE_SCHEMA = "CREATE TABLE entry (code TEXT PRIMARY KEY) WITHOUT ROWID"
DRG_SCHEMA = (
    "CREATE TABLE entry (drg TEXT PRIMARY KEY, post_acute TEXT, special_pay TEXT, mdc TEXT, type TEXT, title TEXT,"
    " before_cap TEXT, weight TEXT, geometric TEXT, arithmetic TEXT) WITHOUT ROWID"
)
Built = tuple[DateRange, Table]


def _table(counts: Iterable[tuple[str, int]], schema: str, rows: Iterable[tuple[object, ...]], columns: int) -> Table:
    insert = f"INSERT INTO entry VALUES ({', '.join('?' * columns)})"
    return Table(tuple(counts), (Part(schema, insert, rows),))


def _period(found: Located) -> DateRange:
    period = found.source.period or period_in_name(found.path.name)
    if period is None:
        raise InputError(f"The file {found.path.name} does not say from when it holds; update Leadterm.")
    return period


def _tabular(found: Located, source: bytes) -> Built:
    return _period(found), tabular_table(source, fiscal_year(_period(found).start))


def _validity(found: Located, source: bytes) -> Built:
    dated = read_dated_list(source)
    counts = (("codes", len(dated.rows)), ("entries", dated.entries))
    return dated.period, _table(counts, PAIR_SCHEMA, dated.rows, 2)


def _titles(found: Located, source: bytes) -> Built:
    rows = [(code, title) for code, title in csv.reader(io.StringIO(source.decode("utf-8")))]
    if any(len(code) != 7 for code, _ in rows):
        raise InputError("The list of ICD-10-PCS titles holds a code that has not seven characters.")
    return _period(found), _table((("titles", len(rows)),), PAIR_SCHEMA, sorted(rows), 2)


def _weights(found: Located, source: bytes) -> Built:
    period = _period(found)
    rows = read_weights(source, fiscal_year(period.start))
    return period, _table((("groups", len(rows)),), DRG_SCHEMA, rows, 10)


def _diagnoses(found: Located, source: bytes) -> Built:
    rows = read_diagnoses(source)
    return _period(found), _table((("codes", len(rows)),), CODE_SCHEMA, rows, 1)


BUILDERS: dict[str, Callable[[Located, bytes], Built]] = {
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
    sweep_sources(folder, manifest.kept)


def compile_all(folder: Path, manifest: Manifest, progress: Progress) -> Manifest:
    """The manifest after everything that is missing, old or damaged in `manifest` has been compiled and swapped in."""
    from .installer import compile_again  # what a user installed needs the readers of all formats

    kept = {k.key: k for k in manifest.kept if k.opens(folder)}
    missing = _missing(kept.values())
    again = [k for k in manifest.kept if k.files and k.key not in kept]
    steps = len(missing) + len(again)
    for done, found in enumerate(missing):
        progress(f"compiling {found.source.name}", done / steps * (1 - SEARCH_SHARE))
        one = _embedded(folder, found)
        own = kept.get(one.key)
        # What a user installed under the same name and day stands before what a package carries.
        kept[one.key] = replace(own, stamp=one.stamp) if own and own.files else one
    for done, old in enumerate(again, len(missing)):
        progress(f"compiling {old.release.name}", done / steps * (1 - SEARCH_SHARE))
        kept[old.key] = compile_again(folder, old)
    return swap(folder, kept.values(), progress)


def swap(folder: Path, kept: Iterable[Kept], progress: Progress) -> Manifest:
    """The manifest with these releases and a search index that fits them, in one step; what it left unused is gone."""
    in_order = tuple(sorted(kept, key=lambda k: k.key))
    manifest = Manifest(in_order, _search(folder, in_order, progress))
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


def _embedded(folder: Path, found: Located) -> Kept:
    source = found.read()
    period, table = BUILDERS[found.source.name](found, source)
    unsaved = _release(found.source.name, period, found.label, checksum(source), table, found.source.licence)
    return write_component(folder, unsaved, table, stamp=found.stamp)


def _release(name: str, period: DateRange, source: str, digested: str, table: Table, licence: str) -> Release:
    system, component = name.split(":")
    return Release(system, component, period, source, digested, table.counts, licence, "", table.partial)


def write_component(
    folder: Path, release: Release, table: Table, stamp: str = "", files: Sequence[SourceFile] = ()
) -> Kept:
    """The component as the manifest names it, after its table has been written into a store."""
    content = digest(release.checksum, str(FORMAT))
    name = f"{release.system}-{release.component}-{release.period.start}-{content}.sqlite"
    write_store(folder / name, table.parts)
    size, sha256 = measured(folder / name)
    counts = tuple((kind.replace("_", " "), number) for kind, number in release.counts)
    return Kept(replace(release, path=name, counts=counts), stamp, size, sha256, tuple(files))


def measured(path: Path) -> tuple[int, str]:
    """Length and sha256 of a file, read in pieces: a store of NCCI pairs is larger than memory should hold."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(READ_AT_ONCE):
            total.update(piece)
        return file.tell(), total.hexdigest()


def _search(folder: Path, kept: Sequence[Kept], progress: Progress) -> str:
    from .. import lexicon

    index = index_name(kept, lexicon.digest())
    progress("compiling the search index", 1 - SEARCH_SHARE)
    if not (folder / index).is_dir():
        stores = {name: Store(folder / one.release.path) for name, one in searched(kept).items()}
        build_index(folder / index, stores, lexicon.load())
    return index
