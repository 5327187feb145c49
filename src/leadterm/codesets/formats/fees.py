"""The files of the Medicare physician fee schedule: relative values, indices, localities, anesthesia, ZIP codes.

- `PPRRVU2025_Oct.csv`: title rows, then a header whose words stand one below the other in several rows; the column of
  descriptions is not read. Since 2026 there are two: `…_nonQPP` and `…_QPP` (qualifying participants in an APM).
- `GPCI2025.csv`, `ANES2025.csv`, `25LOCCO.csv`: title rows, a header, one row a locality. Contractors and localities
  lose their leading zeros in some.
- `ZIP5_OCT2025.txt`: 80 characters, year and quarter at the end (`ZIP5lyout.txt`). The file of ZIP codes with four more
  digits has the same beginning and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from leadterm.domain import DateRange, InputError

from ..payment.fees import DECIMALS, FIELDS, FLAGS
from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import MONTHS, calendar, hints, months_later
from ._offered import Format, Offered, Recognised, Table, decoded, one_table

LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
WORKBOOKS = (".xlsx", ".xlsm")
MOST_HEADER_ROWS = 40
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
GPCI_SCHEMA = (
    "locality TEXT PRIMARY KEY, state TEXT NOT NULL, name TEXT NOT NULL, work TEXT NOT NULL, pe TEXT NOT NULL,"
    " mp TEXT NOT NULL"
)
AREA_SCHEMA = (
    "locality TEXT NOT NULL, rank INTEGER NOT NULL, state TEXT NOT NULL, name TEXT NOT NULL, counties TEXT NOT NULL,"
    " PRIMARY KEY (locality, rank)"
)
ANESTHESIA_SCHEMA = "locality TEXT PRIMARY KEY, name TEXT NOT NULL, factor TEXT NOT NULL"
ZIP_SCHEMA = (
    "zip TEXT PRIMARY KEY, state TEXT NOT NULL, locality TEXT NOT NULL, rural TEXT NOT NULL, plus_four INTEGER NOT NULL"
)
_CODE = re.compile(r"[0-9A-Z]{5}")
# A workbook may write a small number with an exponent.
_VALUE = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]{0,24})?|\.[0-9]{1,24})(?:[eE][-+]?[0-9]{1,2})?")
_CARRIER = re.compile(r"\d{4,5}")
_TITLE = re.compile(r"(?i)(?<!\d)(20\d\d) national physician fee schedule relative value file\s+([a-z]+) release")
_QUALIFYING = re.compile(r"(?i)(?<!non)(?<!non-)(?<!non_)qpp?(?![a-z])|(?<!non-)(?<!non)qualifying")
_ZIP = re.compile(r"[A-Z]{2}\d{5}\d{5}\d{2}[RB ].{5}[01].{54}20\d{2}[1-4]\s*")
_ZIP_PLUS = re.compile(r"[A-Z]{2}\d{5}\d{5}\d{2}.{6}1\d{4}")


def _rows(offered: Offered) -> Iterator[list[Any]]:
    return iter(offered.sheet()) if _is_workbook(offered) else offered.table()


def _is_workbook(offered: Offered) -> bool:
    return offered.name.lower().endswith(WORKBOOKS)


def _cell(value: object, width: int = 0) -> str:
    if isinstance(value, float) and value.is_integer() and width:
        return str(int(value)).zfill(width)
    return " ".join(str(value).split())


def _number(text: str) -> str:
    """A decimal, without the zeros that a workbook leaves away. Raises ValueError for what is none."""
    if not _VALUE.fullmatch(text):
        raise ValueError("has a value that is no number")
    return f"{Decimal(text).normalize():f}"


def _refused(offered: Offered, line: int, error: ValueError) -> InputError:
    return InputError(f"Row {line} of {offered.name} {error}; fetch the file again.")


# --- relative values ---


def _recognise_rvu(offered: Offered) -> Recognised | None:
    workbook = _is_workbook(offered) and offered.head.startswith(b"PK")
    title = None if workbook else _TITLE.search(decoded(offered.head))
    if not (title or (workbook and offered.name.lower().startswith("pprrvu"))):
        return None
    if title and not offered.mentions("hcpcs", "glob"):
        return None  # a text beside the file that quotes its title
    named = title and MONTHS.get(title[2].lower())
    start = date(int(title[1]), named, 1) if title and named else calendar(offered).start
    kind = "-apm" if _QUALIFYING.search(offered.name) else ""
    period = DateRange(start, months_later(start, 3) - timedelta(days=1))
    return Recognised(f"pfs:rvu{kind}", period, LICENCE, int(workbook))


def _read_rvu(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    rows = _rows(offered)
    at, places = _rvu_header(rows, offered.name)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for line, row in enumerate(rows, at + 1):
        code = _cell(row[places["code"]], 5) if row else ""
        if not _CODE.fullmatch(code):
            if any(_cell(row[place]) for name, place in places.items() if name != "code" and place < len(row)):
                raise _refused(offered, line, ValueError("has no code of five letters or digits"))
            continue
        try:
            values = tuple(_rvu_field(name, row[places[name]], code) for name in FIELDS)
        except ValueError as error:
            raise _refused(offered, line, error) from None
        except IndexError:
            raise _refused(offered, line, ValueError("is shorter than the header")) from None
        if found.setdefault(values[:2], values) != values:  # type: ignore[arg-type]
            raise _refused(offered, line, ValueError(f"gives {code} {values[1]} a second time"))
    if not found:
        raise InputError(f"The file {offered.name} holds no relative values; fetch it again.")
    factor = FIELDS.index("conversion_factor")
    counts = (
        ("rows", len(found)),
        ("codes", len({code for code, _ in found})),
        ("conversion factors", len({row[factor] for row in found.values()})),
    )
    return one_table(counts, RVU_SCHEMA, (found[key] for key in sorted(found)))


def _rvu_header(rows: Iterator[list[Any]], name: str) -> tuple[int, dict[str, int]]:
    """The row that the header ends with, and where each field stands; words of a column stand below each other."""
    above: list[list[Any]] = []
    for at, row in enumerate(rows, 1):
        above.append(row)
        cells = [_cell(cell).upper() for cell in row]
        if cells[:2] == ["HCPCS", "MOD"]:
            return at, _rvu_places(above, cells, name)
        if at > MOST_HEADER_ROWS:
            break
    raise InputError(f"The file {name} has no header with HCPCS and MOD; fetch it again.")


def _rvu_places(above: list[list[Any]], last: list[str], name: str) -> dict[str, int]:
    words: dict[str, int] = {}
    for place, cell in enumerate(last):
        if cell != DESCRIPTION:
            column = (_cell(row[place]).upper() for row in above if place < len(row))
            words.setdefault(" ".join(word for word in column if word), place)
    missing = [words_of for words_of in RVU_COLUMNS.values() if words_of not in words]
    if missing:
        raise InputError(f"The file {name} has no column {missing[0]}; its layout is not known: update Leadterm.")
    return {field: words[words_of] for field, words_of in RVU_COLUMNS.items()}


def _rvu_field(name: str, value: object, code: str) -> str:
    if name == "code":
        return code
    if name in DECIMALS:
        return _number(_cell(value) or "0")
    if name in FLAGS and _cell(value) not in ("", "NA"):
        raise ValueError("has an NA indicator other than NA and nothing")
    return _cell(value, WIDTHS.get(name, 1))


# --- localities ---


def _yearly(offered: Offered, year: int | None) -> DateRange:
    """From the quarter of the release that the file came with to the end of its year."""
    said = any(True for _ in hints(offered))
    start = calendar(offered).start if said else date(year, 1, 1) if year else calendar(offered).start
    return DateRange(start, date(start.year, 12, 31))


def _heads(line: str, words: tuple[str, ...]) -> bool:
    """Whether a line is a header of at least four columns that has all of the words."""
    return line.count(",") >= 3 and all(word in line for word in words)


def _recogniser(component: str, name: str, *words: str) -> Callable[[Offered], Recognised | None]:
    """Recognises a file by its name (workbook) or by words of its header (text)."""

    def recognise(offered: Offered) -> Recognised | None:
        workbook = _is_workbook(offered) and offered.head.startswith(b"PK")
        if workbook and (name not in offered.name.lower() or "base" in offered.name.lower()):
            return None  # base units of anesthesia are another file
        if not workbook and not any(_heads(line, words) for line in decoded(offered.head).lower().splitlines()):
            return None
        year = re.search(r"\b(20\d\d)\b", decoded(offered.head)) if not workbook else None
        period = _yearly(offered, int(year[1]) if year else None)
        return Recognised(component, period, US_GOVERNMENT, int(workbook))

    return recognise


def _located(offered: Offered, words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Rows of localities: line, contractor and locality number (`0111205`), the fields by name."""
    places: dict[str, int] = {}
    for line, row in enumerate(_rows(offered), 1):
        cells = [_cell(cell) for cell in row]
        if not places:
            places = _places([cell.lower() for cell in cells], words)
            if not places and line > MOST_HEADER_ROWS:
                break
        elif len(cells) > max(places.values()) and _CARRIER.fullmatch(_cell(row[places["contractor"]], 5)):
            number = _cell(row[places["locality"]], 2)
            if not number.isdigit() or len(number) > 2:
                raise _refused(offered, line, ValueError("has no locality number of two digits"))
            contractor = _cell(row[places["contractor"]], 5).zfill(5)
            yield line, contractor + number.zfill(2), {name: cells[place] for name, place in places.items()}
    if not places:
        raise InputError(f"The file {offered.name} has no header with contractor and locality; fetch it again.")


def _places(cells: list[str], words: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Where each field stands: the first column that has one of its words; empty when one stands nowhere."""
    found: dict[str, int] = {}
    for name, wanted in words.items():
        place = next((i for word in wanted for i, cell in enumerate(cells) if word in cell), None)
        if place is None:
            return {}
        found[name] = place
    return found


def _read_gpci(files: Sequence[Offered], recognised: Recognised) -> Table:
    words = {
        "contractor": ("contractor",),
        "locality": ("locality number",),
        "state": ("state",),
        "name": ("locality name",),
        # Where the file has the index with and without the floor of 1.0, the one with it is paid.
        "work": ("pw gpci (with 1.0", "pw gpci", "work gpci"),
        "pe": ("pe gpci",),
        "mp": ("mp gpci",),
    }
    found: dict[str, tuple[Any, ...]] = {}
    for line, locality, row in _located(files[0], words):
        try:
            indices = [_number(row[name]) for name in ("work", "pe", "mp")]
        except ValueError as error:
            raise _refused(files[0], line, error) from None
        _once(found, locality, (locality, row["state"], row["name"].rstrip("*"), *indices), files[0], line)
    return _localities(files[0], found, GPCI_SCHEMA)


def _read_anesthesia(files: Sequence[Offered], recognised: Recognised) -> Table:
    words = {
        "contractor": ("contractor",),
        "locality": ("locality",),
        "name": ("locality name",),
        "factor": ("anes cf",),
    }
    found: dict[str, tuple[Any, ...]] = {}
    for line, locality, row in _located(files[0], words):
        try:
            values = (locality, row["name"].rstrip("*"), _number(row["factor"]))
        except ValueError as error:
            raise _refused(files[0], line, error) from None
        _once(found, locality, values, files[0], line)
    return _localities(files[0], found, ANESTHESIA_SCHEMA)


def _once(found: dict[str, tuple[Any, ...]], key: str, values: tuple[Any, ...], offered: Offered, line: int) -> None:
    if found.setdefault(key, values) != values:
        raise _refused(offered, line, ValueError(f"gives {key} a second time"))


def _localities(offered: Offered, found: Mapping[str, tuple[Any, ...]], schema: str) -> Table:
    if not found:
        raise InputError(f"The file {offered.name} holds no localities; fetch it again.")
    return one_table((("localities", len(found)),), schema, (found[key] for key in sorted(found)))


def _read_areas(files: Sequence[Offered], recognised: Recognised) -> Table:
    words = {
        "contractor": ("contractor",),
        "locality": ("locality number",),
        "state": ("state",),
        "name": ("fee schedule area",),
        "counties": ("counties",),
    }
    rows: list[tuple[str, int, str, str, str]] = []
    state = ""
    for rank, (_, locality, row) in enumerate(_located(files[0], words)):
        state = row["state"] or state  # written once, at the first area of a state
        rows.append((locality, rank, state, row["name"].rstrip("* "), row["counties"]))
    if not rows:
        raise InputError(f"The file {files[0].name} holds no localities; fetch it again.")
    counts = (("areas", len(rows)), ("localities", len({row[0] for row in rows})))
    return one_table(counts, AREA_SCHEMA, sorted(rows))


# --- ZIP codes ---


def _recognise_zip(offered: Offered) -> Recognised | None:
    lines = decoded(offered.head).splitlines()[:-1][:20] or decoded(offered.head).splitlines()[:1]
    if lines and all(_ZIP_PLUS.match(line) for line in lines):
        raise InputError(
            f"The file {offered.name} has ZIP codes with four further digits, which is not read; install ZIP5."
        )
    if not lines or not all(_ZIP.fullmatch(line) for line in lines):
        return None
    start = date(int(lines[0][75:79]), 3 * int(lines[0][79]) - 2, 1)
    return Recognised("pfs:zip", DateRange(start, months_later(start, 3) - timedelta(days=1)), US_GOVERNMENT)


def _read_zip(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    found: dict[str, tuple[Any, ...]] = {}
    for line, text in enumerate(offered.lines(), 1):
        if not text.strip():
            continue
        if not _ZIP.fullmatch(text):
            raise _refused(offered, line, ValueError("is not in the layout of ZIP5lyout.txt"))
        values = (text[2:7], text[:2], text[7:14], text[14].strip(), int(text[20]))
        _once(found, values[0], values, offered, line)
    counts = (
        ("ZIP codes", len(found)),
        ("localities", len({row[2] for row in found.values()})),
        ("need four more digits", sum(row[4] for row in found.values())),
    )
    return one_table(counts, ZIP_SCHEMA, (found[key] for key in sorted(found)))


def _values(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for row in store.all(f"SELECT {', '.join(FIELDS)} FROM entry ORDER BY code, modifier"):
        yield f"{row[0]} {row[1]}".rstrip(), dict(zip(FIELDS[2:], row[2:], strict=True))


def _indices(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for locality, work, pe, mp in store.all("SELECT locality, work, pe, mp FROM entry ORDER BY locality"):
        yield locality, {"work": work, "pe": pe, "mp": mp}


FORMATS = (
    Format("physician fee schedule relative values", _recognise_rvu, _read_rvu),
    Format("geographic practice cost indices", _recogniser("pfs:gpci", "gpci", "pe gpci", "locality"), _read_gpci),
    Format(
        "fee schedule localities",
        _recogniser("pfs:localities", "locco", "fee schedule area", "counties", "locality number"),
        _read_areas,
    ),
    Format(
        "anesthesia conversion factors",
        _recogniser("pfs:anesthesia", "anes", "anes cf", "contractor"),
        _read_anesthesia,
    ),
    Format("ZIP code to Medicare locality file", _recognise_zip, _read_zip),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "pfs:rvu": _values,
    "pfs:rvu-apm": _values,
    "pfs:gpci": _indices,
}
