"""NCCI add-on code edits (`AOC_V2026Q4-MCR.xlsx` or tab-separated text with a header; `AOC_V2026Q4-F-MCR.txt`).

Columns by name: edit type (1, 2, 3), add-on code, its deletion date, primary code (`CCCCC`: the contractor says
which), its deletion date, effective and deletion date of the edit, special instructions. Days are YYYYDDD (day of the
year) or YYYYMMDD. The flat text has no header: type 1, add-on code 5, deletion 7, primary code 5, deletion 7, effective
7, deletion 7, note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from leadterm.domain import InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import calendar
from ._offered import Format, Offered, Part, Recognised, Table, decoded

NAME = "ncci:add-on"
LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
ANY_PRIMARY = "CCCCC"
COLUMNS = (
    "add_on TEXT NOT NULL, primary_code TEXT NOT NULL, effective TEXT NOT NULL, deletion TEXT, type INTEGER NOT NULL,"
    " note TEXT NOT NULL, PRIMARY KEY (add_on, primary_code, effective, type)"
)
SCHEMA = f"CREATE TABLE entry ({COLUMNS}) WITHOUT ROWID; CREATE INDEX by_primary ON entry (primary_code)"
# Names of the header without blanks, dashes and underscores; the first that fits.
FIELDS = {
    "type": ("aocedittype", "edittype", "addontype", "type"),
    "add_on": ("addoncode",),
    "add_on_deleted": ("aocdeldt", "addoncodedeletiondate"),
    "primary": ("primarycode", "primarycodes"),
    "primary_deleted": ("primarycodedeldt", "primarycodedeletiondate"),
    "effective": ("aoceditefdt", "aocediteffdt", "effectivedate", "effective"),
    "deleted": ("aoceditdeldt", "deletiondate", "deletion"),
    "note": ("specialinstructionnotes", "specialinstruction", "notes"),
}
CODES = ("add_on", "primary")
NEEDED = ("type", "add_on", "primary", "effective")
MOST_HEADER_ROWS = 30
FLAT = (1, 5, 7, 5, 7, 7, 7)
_FLAT_LINE = re.compile(r"[123][0-9A-Z]{5}(\d{7}|\s{7})[0-9A-Z]{5}(\d{7}|\s{7})\d{7}(\d{7}|\s{7}|\s*$)")
_FILE = re.compile(r"(?i)^aoc[_-]v\d{4}|add-?on-?code.*edit|add-code-edits")
_CODE = re.compile(r"[0-9A-Z]{5}")
_TYPE = re.compile(r"(?i)(?:type\s*)?([123]|i{1,3})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3}


def _recognise(offered: Offered) -> Recognised | None:
    if offered.head.startswith(b"PK"):
        named = offered.is_workbook and any(_FILE.search(place) for place in offered.places)
        return Recognised(NAME, calendar(offered), LICENCE, 1) if named else None
    if _flat(decoded(offered.head)):
        return Recognised(NAME, calendar(offered), LICENCE, 2)
    head = re.sub(r"[\s_-]", "", decoded(offered.head)[:4_000].lower())
    if "addoncode" in head and "primarycode" in head and "edit" in head:
        return Recognised(NAME, calendar(offered), LICENCE)
    return None


def _flat(text: str) -> bool:
    lines = [line for line in text.splitlines()[:-1] if line.strip()] or text.splitlines()
    return bool(lines) and all(_FLAT_LINE.match(line) for line in lines)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    found: dict[tuple[str, str, str, int], tuple[Any, ...]] = {}
    for line, cells in _rows(offered):
        try:
            for edit in _edits(cells):
                found[(edit[0], edit[1], edit[2], edit[4])] = edit
        except ValueError as error:
            raise InputError(f"Row {line} of {offered.name} {error}; fetch the file again.") from None
    if not found:
        raise InputError(f"The file {offered.name} holds no add-on code edits; fetch it again.")
    types = Counter(edit[4] for edit in found.values())
    counts = (
        ("edits", len(found)),
        ("add-on codes", len({edit[0] for edit in found.values()})),
        *((f"type {kind}", types[kind]) for kind in (1, 2, 3)),
    )
    return Table(
        counts, (Part(SCHEMA, "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", (found[key] for key in sorted(found))),)
    )


def _rows(offered: Offered) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header, by field."""
    text = "" if offered.head.startswith(b"PK") else offered.text()
    if text and _flat(decoded(offered.head)):
        yield from _flat_rows(text)
        return
    delimiter = "\t" if "\t" in text[:4_000] else ","
    rows: Iterator[list[Any]] = iter(offered.sheet()) if offered.head.startswith(b"PK") else offered.table(delimiter)
    places: dict[str, int] = {}
    for line, row in enumerate(rows, 1):
        if not places:
            places = _header(row)
            if not places and line > MOST_HEADER_ROWS:
                break
        elif any(_text(cell) for cell in row):
            yield line, {name: _text(row[at], name in CODES) if at < len(row) else "" for name, at in places.items()}
    if not places:
        raise InputError(f"The file {offered.name} has no header with add-on and primary code; fetch it again.")


def _header(row: Sequence[Any]) -> dict[str, int]:
    cells = [re.sub(r"[\s_-]", "", str(cell)).lower() for cell in row]
    found = {
        name: next(cells.index(word) for word in words if word in cells)
        for name, words in FIELDS.items()
        if any(word in cells for word in words)
    }
    return found if all(name in found for name in NEEDED) else {}


def _flat_rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    names = list(FIELDS)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells, at = [], 0
        for width in FLAT:
            cells.append(line[at : at + width].strip())
            at += width
        yield number, dict(zip(names, [*cells, line[at:].strip()], strict=True))


def _text(cell: object, code: bool = False) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y%m%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)).zfill(5 if code else 0)  # a workbook may hold 00100 as a number
    return " ".join(str(cell).split())


def _edits(cells: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One edit for each primary code of a row; the first of its three deletion dates ends it."""
    kind = _TYPE.fullmatch(cells["type"])
    if kind is None:
        raise ValueError("has a type other than 1, 2 and 3")
    written = kind[1].lower()
    number = _ROMAN.get(written) or int(written)
    ends = [_day(cells[name]) for name in ("add_on_deleted", "primary_deleted", "deleted") if cells.get(name)]
    effective = _day(cells["effective"])
    if not effective:
        raise ValueError("has no effective date")
    for primary in re.split(r"[,;\s]+", cells["primary"]):
        yield _code(cells["add_on"]), _code(primary), effective, min(ends, default=None), number, cells.get("note", "")


def _code(text: str) -> str:
    code = text.upper()
    if not _CODE.fullmatch(code):
        raise ValueError("has no code of five letters or digits")
    return code


def _day(text: str) -> str:
    """An ISO day of YYYYDDD or YYYYMMDD."""
    try:
        if not text.isdigit():
            raise ValueError
        if len(text) == 7 and 1 <= int(text[4:]) <= 366:
            return (date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)).isoformat()
        if len(text) == 8:
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
        raise ValueError
    except ValueError:
        raise ValueError("has a date that is neither YYYYDDD nor YYYYMMDD") from None


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for add_on, primary, effective, deletion, kind, note in store.all("SELECT * FROM entry ORDER BY 1, 2, 3, 5"):
        yield f"{add_on} {primary} {effective} {kind}", {"deletion": deletion or "", "note": note}


FORMATS = (Format("NCCI add-on code edits", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: _entries}
