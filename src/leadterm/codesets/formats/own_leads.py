"""The user's own map of codes that records bear: what a code of any system leads to in ICD-10-CM.

A csv or a file of tabs with the columns `system`, `code`, `icd10cm` in any order, and where the user likes
`approximate` (true, false or empty) and `name`. `system` is what `leadterm code --json` shows in `encounter.codes`:
`snomed`, `icd9cm`, `icd10`, or what the record calls a local one. An empty `icd10cm` says that there is no equivalent;
several rows of one code leave the choice to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from leadterm.domain import Code, CodeSystem, InputError

from ..crosswalks.leading import OwnLeads, key_of
from ..crosswalks.own_map import WORDS
from ..store import Store
from ._dates import UNDATED, calendar
from ._offered import Format, Offered, Recognised, Table, decoded, one_table, quoted

NEEDED = frozenset(("system", "code", "icd10cm"))
KNOWN = NEEDED | {"approximate", "name"}
LICENCE = "the user's own"
COLUMNS = (
    "rank INTEGER PRIMARY KEY, system TEXT NOT NULL, code TEXT NOT NULL, target TEXT, approximate INTEGER,"
    " name TEXT NOT NULL"
)
INDEXES = "CREATE INDEX by_code ON entry (system, code)"
_Row = tuple[str, str, str | None, int | None, str]


def _recognise(offered: Offered) -> Recognised | None:
    first = next(iter(decoded(offered.head).splitlines()), "")
    if not NEEDED <= frozenset(_names(first)) <= KNOWN:
        return None
    try:
        return Recognised(OwnLeads.COMPONENT, calendar(offered, None), LICENCE)
    except InputError:
        return Recognised(OwnLeads.COMPONENT, UNDATED, LICENCE)


def _names(header: str) -> list[str]:
    cells = header.lstrip("\ufeff").replace('"', "").split(_delimiter(header))
    return [cell.strip().lower() for cell in cells]


def _delimiter(header: str) -> str:
    return "\t" if "\t" in header else ","


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    rows = dict.fromkeys(row for file in files for row in _rows(file))
    if not rows:
        raise InputError(f"{files[0].name} maps no code; write a row for each code under its header.")
    counts = (
        ("rows", len(rows)),
        ("codes", len({row[:2] for row in rows})),
        ("without_equivalent", sum(row[2] is None for row in rows)),
    )
    return one_table(counts, COLUMNS, ((n, *row) for n, row in enumerate(rows, 1)), INDEXES, rowid=True)


def _rows(file: Offered) -> Iterator[_Row]:
    header = next(iter(decoded(file.head).splitlines()), "")
    names = _names(header)
    for number, cells in enumerate(file.table(_delimiter(header)), 1):
        if number == 1 or not any(cell.strip() for cell in cells):
            continue
        where = f"{file.name}, row {number}"
        if len(cells) > len(names):
            raise InputError(f"{where}: it has {len(cells)} columns in place of {len(names)}; correct the row.")
        yield _row(dict(zip(names, (" ".join(cell.split()) for cell in cells), strict=False)), where)


def _row(cell: Mapping[str, str], where: str) -> _Row:
    system, code = cell.get("system", ""), cell.get("code", "")
    if not system or not code:
        raise InputError(f"{where}: system and code are needed; correct the row.")
    approximate = cell.get("approximate", "").lower()
    if approximate not in WORDS:
        raise InputError(f"{where}: approximate is true, false or empty; correct the row.")
    differs = WORDS[approximate]
    target = _target(cell.get("icd10cm", ""), where)
    return *key_of(system, code), target, None if differs is None else int(differs), cell.get("name", "")


def _target(text: str, where: str) -> str | None:
    try:
        return Code.parse(text, CodeSystem.ICD10CM).value if text else None
    except InputError:
        raise InputError(f"{where}: {quoted(text)} is no ICD-10-CM code; correct the row.") from None


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for rank, system, code, target in store.all("SELECT rank, system, code, target FROM entry ORDER BY rank"):
        yield f"{system} {code} {rank}", {"target": target or ""}


FORMATS = (Format("the user's own map to ICD-10-CM", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {OwnLeads.COMPONENT: _entries}
