"""Medically unlikely edits (`MCR_MUE_PractitionerServices_Eff_10-01-2026.csv`, …OutpatientHospital…, …DME…).

Layout: a copyright notice in the first cell; a header; code, value, adjudication indicator (its leading digit tells),
rationale. A derived list is read too, whose indicator column says `date_of_service` or `claim_line` in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from leadterm.domain import InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import calendar
from ._offered import Format, Offered, Recognised, Table, decoded, one_table
from ._sheets import rows_of

LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
# The word of the header's value column, or of the file's name, and the setting.
SETTINGS = (("practitioner", "practitioner"), ("outpatient", "outpatient"), ("dme", "dme"))
COLUMNS = "code TEXT PRIMARY KEY, value INTEGER NOT NULL, mai INTEGER, basis TEXT, rationale TEXT NOT NULL"
# What an adjudication indicator says the value is counted over.
BASES = {1: "line", 2: "date", 3: "date"}
WORDS = {"claim_line": "line", "date_of_service": "date"}
MOST_HEADER_ROWS = 30
_CODE = re.compile(r"[0-9A-Z]{5}")
_VALUE = re.compile(r"[0-9]{1,9}")
_VALUES = re.compile(r"(practitioner|outpatient hospital|dme supplier)\s+services\s+mue\s+values")
COMPONENTS = tuple(f"ncci:mue-{setting}{kind}" for _, setting in SETTINGS for kind in ("", "-medicaid"))


def _recognise(offered: Offered) -> Recognised | None:
    workbook = offered.is_workbook and offered.head.startswith(b"PK")
    names = " ".join(offered.places).lower()
    if workbook:
        if "mue" not in names:
            return None
        said = names
    else:
        # A long copyright notice may stand before the header, hence the name as well.
        found = _VALUES.search(" ".join(decoded(offered.head).lower().split()))
        if found is None:
            return None
        said = found[1]
    setting = next((setting for word, setting in SETTINGS if word in said), None)
    if setting is None:
        return None
    kind = "-medicaid" if "medicaid" in names or "mcd_" in names else ""
    return Recognised(f"ncci:mue-{setting}{kind}", calendar(offered), LICENCE, int(workbook))


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    rows = rows_of(offered)
    at, columns = _header(rows, offered.name)
    found: dict[str, tuple[Any, ...]] = {}
    for line, row in enumerate(rows, at + 1):
        if not any(str(cell).strip() for cell in row):
            continue
        try:
            edit = _edit([_text(row[i], i == columns[0]) if i is not None and i < len(row) else "" for i in columns])
        except ValueError as error:
            raise InputError(f"Row {line} of {offered.name} {error}; fetch the file again.") from None
        if found.setdefault(edit[0], edit) != edit:
            raise InputError(f"Row {line} of {offered.name} gives the code {edit[0]} a second value; fetch it again.")
    if not found:
        raise InputError(f"The file {offered.name} holds no medically unlikely edits; fetch it again.")
    counts = [("codes", len(found))]
    for name, wanted in (("per claim line", "line"), ("per date of service", "date")):
        counts.append((name, sum(edit[3] == wanted for edit in found.values())))
    return one_table(counts, COLUMNS, (found[code] for code in sorted(found)))


def _header(rows: Iterator[list[Any]], name: str) -> tuple[int, tuple[int | None, ...]]:
    """The row of the header, and where code, value, indicator and rationale stand (None: nowhere)."""
    for at, row in enumerate(rows, 1):
        cells = [" ".join(str(cell).lower().split()) for cell in row]
        value = next((i for i, cell in enumerate(cells) if "mue values" in cell), None)
        code = next((i for i, cell in enumerate(cells) if "code" in cell and "hcpcs" in cell), None)
        if value is not None and code is not None and value != code:
            mai = next((i for i, cell in enumerate(cells) if "adjudication" in cell), None)
            return at, (code, value, mai, next((i for i, cell in enumerate(cells) if "rationale" in cell), None))
        if at > MOST_HEADER_ROWS:
            break
    raise InputError(f"The file {name} has no header with a code and its MUE values; fetch it again.")


def _text(cell: object, code: bool) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)).zfill(5 if code else 0)  # a workbook may hold 00100 as a number
    return " ".join(str(cell).split())


def _edit(cells: list[str]) -> tuple[Any, ...]:
    """Code, value, indicator (None where it is not told), what the value is counted over, rationale."""
    code, value, said, rationale = cells
    if not _CODE.fullmatch(code):
        raise ValueError("has no code of five letters or digits")
    if not _VALUE.fullmatch(value):
        raise ValueError("has no whole number as its value")
    if said in WORDS or not said:
        return code, int(value), None, WORDS.get(said), rationale
    if said[0] not in "123":
        raise ValueError("has an adjudication indicator other than 1, 2 and 3")
    return code, int(value), int(said[0]), BASES[int(said[0])], rationale


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for code, value, mai, basis, rationale in store.all("SELECT * FROM entry ORDER BY code"):
        yield code, {"value": str(value), "mai": str(mai or ""), "basis": basis or "", "rationale": rationale}


FORMATS = (Format("NCCI medically unlikely edits", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = dict.fromkeys(COMPONENTS, _entries)
