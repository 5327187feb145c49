"""The base units of anesthesia codes, as CMS publishes them each year: a table of codes and units, csv or workbook.

Title rows, then a header with a column of codes and one of base units (`CPT Code`, `Base Unit`); other columns are not
read. Which CPT codes there are is the AMA's; no words of theirs are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from leadterm.domain import DateRange, InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import calendar, hints
from ._offered import Format, Offered, Recognised, Table, decoded, one_table
from ._sheets import MOST_HEADER_ROWS

COMPONENT = "pfs:anesthesia-base"
LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
SCHEMA = "code TEXT PRIMARY KEY, units TEXT NOT NULL"
_NAME = re.compile(r"anes.*base|base.*anes")
_YEAR = re.compile(r"\b(20\d\d)\b")
_CODE = re.compile(r"0(?:0[1-9]|1\d)\d\d")
_UNITS = re.compile(r"\d{1,2}(?:\.0)?")


def _recognise(offered: Offered) -> Recognised | None:
    workbook = offered.is_workbook and offered.head.startswith(b"PK")
    if workbook and not _NAME.search(offered.name.lower()):
        return None
    lines = () if workbook else decoded(offered.head).splitlines()[:MOST_HEADER_ROWS]
    if not workbook and not any(_columns(line.split(",")) for line in lines):
        return None
    year = None if any(True for _ in hints(offered)) else _YEAR.search("\n".join(lines))
    start = date(int(year[1]), 1, 1) if year else calendar(offered).start
    return Recognised(COMPONENT, DateRange(start, date(start.year, 12, 31)), LICENCE, int(workbook))


def _columns(cells: Sequence[Any]) -> tuple[int, int] | None:
    """Where codes and base units stand in a header; None for another row."""
    words = [" ".join(str(cell).replace('"', "").lower().split()) for cell in cells]
    code = next((n for n, word in enumerate(words) if word in ("code", "cpt code", "hcpcs code", "hcpcs", "cpt")), None)
    units = next((n for n, word in enumerate(words) if word in ("base unit", "base units", "base unit value")), None)
    return (code, units) if code is not None and units is not None else None


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered, places = files[0], None
    found: dict[str, str] = {}
    rows = offered.sheet() if recognised.rank else offered.table()
    for line, row in enumerate(rows, 1):
        if places is None:
            places = _columns(row)
            continue
        cells = [" ".join(str(cell if cell is not None else "").split()) for cell in row]
        if not any(cells) or len(cells) <= max(places):
            continue
        code, units = cells[places[0]].removesuffix(".0").zfill(5), cells[places[1]]
        if not (cells[places[0]] or units):
            continue
        if not _CODE.fullmatch(code) or not _UNITS.fullmatch(units):
            raise InputError(
                f"Row {line} of {offered.name} has no anesthesia code with its base units; fetch it again."
            )
        if found.setdefault(code, units.removesuffix(".0")) != units.removesuffix(".0"):
            raise InputError(f"Row {line} of {offered.name} gives {code} a second time; fetch the file again.")
    if not found:
        raise InputError(f"The file {offered.name} holds no base units; fetch it again.")
    return one_table((("codes", len(found)),), SCHEMA, sorted(found.items()))


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for code, units in store.all("SELECT code, units FROM entry ORDER BY code"):
        yield code, {"units": units}


FORMATS = (Format("anesthesia base units", _recognise, _read),)
DIFFERS = {COMPONENT: _entries}
