"""The relative value file of the Medicare physician fee schedule: `PPRRVU2025_Oct.csv`, or a workbook.

Title rows, then a header whose words stand one below the other in several rows; the column of descriptions is not read.
Since 2026 there are two files: `…_nonQPP` and `…_QPP` (qualifying participants in an APM).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from leadterm.domain import DateRange, InputError

from ..payment.fees import DECIMALS, FIELDS, FLAGS
from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import MONTHS, calendar, months_later
from ._offered import Format, Offered, Recognised, Table, decoded, one_table
from ._sheets import MOST_HEADER_ROWS, QUALIFYING, number, refused, rows_of, text_of

LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
DESCRIPTION = "DESCRIPTION"
# Field -> the words of its column, read downwards. The column of AMA and ADA descriptions is in no field.
RVU_COLUMNS = {
    "code": "HCPCS",
    "modifier": "MOD",
    "status": "STATUS CODE",
    "work": "WORK RVU",
    "pe_nonfacility": "NON-FAC PE RVU",
    "nonfacility_na": "NON-FAC NA INDICATOR",
    "pe_facility": "FACILITY PE RVU",
    "facility_na": "FACILITY NA INDICATOR",
    "mp": "MP RVU",
    "pctc": "PCTC IND",
    "global_days": "GLOB DAYS",
    "preoperative": "PRE OP",
    "intraoperative": "INTRA OP",
    "postoperative": "POST OP",
    "multiple": "MULT PROC",
    "bilateral": "BILAT SURG",
    "assistant": "ASST SURG",
    "co_surgeon": "CO- SURG",
    "team": "TEAM SURG",
    "endoscopic_base": "ENDO BASE",
    "conversion_factor": "CONV FACTOR",
    "supervision": "PHYSICIAN SUPERVISION OF DIAGNOSTIC PROCEDURES",
    "imaging_family": "DIAGNOSTIC IMAGING FAMILY INDICATOR",
    "opps_pe_nonfacility": "NON-FACILITY PE USED FOR OPPS PAYMENT AMOUNT",
    "opps_pe_facility": "FACILITY PE USED FOR OPPS PAYMENT AMOUNT",
    "opps_mp": "MP USED FOR OPPS PAYMENT AMOUNT",
}
# In a workbook a cell may hold 090 as a number.
WIDTHS = {"global_days": 3, "supervision": 2, "imaging_family": 2, "endoscopic_base": 5}
RVU_SCHEMA = ", ".join(f"{name} TEXT NOT NULL" for name in FIELDS) + ", PRIMARY KEY (code, modifier)"
_CODE = re.compile(r"[0-9A-Z]{5}")
_TITLE = re.compile(r"(?i)(?<!\d)(20\d\d) national physician fee schedule relative value file\s+([a-z]+) release")


def _recognise_rvu(offered: Offered) -> Recognised | None:
    workbook = offered.is_workbook and offered.head.startswith(b"PK")
    title = None if workbook else _TITLE.search(decoded(offered.head))
    if not (title or (workbook and offered.name.lower().startswith("pprrvu"))):
        return None
    if title and not offered.mentions("hcpcs", "glob"):
        return None  # a text beside the file that quotes its title
    named = title and MONTHS.get(title[2].lower())
    start = date(int(title[1]), named, 1) if title and named else calendar(offered).start
    kind = "-apm" if QUALIFYING.search(offered.name) else ""
    period = DateRange(start, months_later(start, 3) - timedelta(days=1))
    return Recognised(f"pfs:rvu{kind}", period, LICENCE, int(workbook))


def _read_rvu(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    rows = rows_of(offered)
    at, places = _rvu_header(rows, offered.name)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for line, row in enumerate(rows, at + 1):
        try:
            values = _rvu_row(row, places)
            if values and found.setdefault((values[0], values[1]), values) != values:
                raise ValueError(f"gives {values[0]} {values[1]} a second time")
        except ValueError as error:
            raise refused(offered, line, error) from None
    if not found:
        raise InputError(f"The file {offered.name} holds no relative values; fetch it again.")
    factor = FIELDS.index("conversion_factor")
    counts = (
        ("rows", len(found)),
        ("codes", len({code for code, _ in found})),
        ("conversion factors", len({row[factor] for row in found.values()})),
    )
    return one_table(counts, RVU_SCHEMA, (found[key] for key in sorted(found)))


def _rvu_row(row: list[Any], places: Mapping[str, int]) -> tuple[str, ...]:
    """The values of a row by field; none of a row without a code and without values. Raises ValueError for others."""
    code = text_of(row[places["code"]], 5) if row else ""
    if not _CODE.fullmatch(code):
        if any(text_of(row[place]) for name, place in places.items() if name != "code" and place < len(row)):
            raise ValueError("has no code of five letters or digits")
        return ()
    if len(row) <= max(places.values()):
        raise ValueError("is shorter than the header")
    return tuple(_rvu_field(name, row[places[name]], code) for name in FIELDS)


def _rvu_header(rows: Iterator[list[Any]], name: str) -> tuple[int, dict[str, int]]:
    """The row that the header ends with, and where each field stands; words of a column stand below each other."""
    above: list[list[Any]] = []
    for at, row in enumerate(rows, 1):
        above.append(row)
        cells = [text_of(cell).upper() for cell in row]
        if cells[:2] == ["HCPCS", "MOD"]:
            return at, _rvu_places(above, cells, name)
        if at > MOST_HEADER_ROWS:
            break
    raise InputError(f"The file {name} has no header with HCPCS and MOD; fetch it again.")


def _rvu_places(above: list[list[Any]], last: list[str], name: str) -> dict[str, int]:
    words: dict[str, int] = {}
    for place, word in enumerate(last):
        if word != DESCRIPTION:
            column = (text_of(row[place]).upper() for row in above if place < len(row))
            words.setdefault(" ".join(each for each in column if each), place)
    missing = [words_of for words_of in RVU_COLUMNS.values() if words_of not in words]
    if missing:
        raise InputError(f"The file {name} has no column {missing[0]}; its layout is not known: update Leadterm.")
    return {field: words[words_of] for field, words_of in RVU_COLUMNS.items()}


def _rvu_field(name: str, value: object, code: str) -> str:
    if name == "code":
        return code
    if name in DECIMALS:
        return number(text_of(value) or "0")
    if name in FLAGS and text_of(value) not in ("", "NA"):
        raise ValueError("has an NA indicator other than NA and nothing")
    return text_of(value, WIDTHS.get(name, 1))


def _values(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for row in store.all(f"SELECT {', '.join(FIELDS)} FROM entry ORDER BY code, modifier"):
        yield f"{row[0]} {row[1]}".rstrip(), dict(zip(FIELDS[2:], row[2:], strict=True))


FORMATS = (Format("physician fee schedule relative values", _recognise_rvu, _read_rvu),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "pfs:rvu": _values,
    "pfs:rvu-apm": _values,
}
