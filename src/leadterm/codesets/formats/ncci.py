"""NCCI procedure-to-procedure edits (`ccipra-v323r0-f1.TXT`, `ccioph-…`, their workbooks, and the Medicaid files).

Layout: copyright and header lines; then, between tabs, column 1 code, column 2 code, `*` for an edit older than 1996
(not in the Medicaid files), effective and deletion date (YYYYMMDD; `*`: none), modifier indicator, rationale. A
setting comes in several parts, which are one table. Millions of lines share a few thousand endings (dates, indicator,
rationale): each ending is looked at once, and a line costs three look-ups.
"""

from __future__ import annotations

import io
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from leadterm.domain import DateRange, InputError

from ..payment.ncci.packing import MEANING, MEANING_BITS, code_number, number_code, packed, unpacked
from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import calendar, months_later
from ._offered import Format, Offered, Part, Recognised, Table

LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
# Version 32.0 is of the first quarter of 2026.
VERSION_ZERO = 1994
MOST_HEADER_LINES = 60
SETTINGS = {"ccipra": "practitioner", "ccioph": "outpatient"}
# Words of the names of Medicaid files and their archives.
MEDICAID = (("practitioner", "practitioner"), ("hospital", "outpatient"), ("durable", "dme"), ("dme", "dme"))
_NAME = re.compile(r"(?i)(?<![a-z])(ccipra|ccioph)-v(\d\d)(\d)r(\d+)")
_PART = re.compile(r"(?i)-f(\d+)(?=\D*$)")
_CODE = re.compile(rb"[0-9A-Z]{5}")
_LINE = re.compile(rb'"?[0-9A-Z]{5} *"?\t"?[0-9A-Z]{5} *"?\t')
MARK = "exist"  # the header of the column that marks edits older than 1996


def _recognise(offered: Offered) -> Recognised | None:
    workbook = offered.is_workbook and offered.head.startswith(b"PK")
    if not workbook and not (b"\t" in offered.head and offered.mentions("column 1", "column 2", "modifier")):
        return None
    # The header of the edits themselves, not the notes beside them, has the dates.
    if not workbook and not offered.mentions("effective", "deletion"):
        return None
    if found := next((f for place in offered.places if (f := _NAME.search(place))), None):
        return Recognised(f"ncci:ptp-{SETTINGS[found[1].lower()]}", _quarter(found), LICENCE, int(workbook))
    names = " ".join(offered.places).lower()
    setting = next((setting for word, setting in MEDICAID if word in names), None)
    if setting is None or "medicaid" not in names or "ptp" not in names:
        if workbook:
            return None
        raise InputError(
            f"The file {offered.name} holds NCCI edits, but its name does not say of which setting; keep the name it "
            "was published under (ccipra-…, ccioph-…, medicaid-ncci-…-ptp-edits-…)."
        )
    return Recognised(f"ncci:ptp-{setting}-medicaid", calendar(offered), LICENCE, int(workbook))


def _quarter(found: re.Match[str]) -> DateRange:
    year, quarter = VERSION_ZERO + int(found[2]), int(found[3])
    if quarter > 3:
        raise InputError(
            f"A version of NCCI ends in 0 to 3, not {quarter}; keep the name the file was published under."
        )
    start = date(year, 3 * quarter + 1, 1)
    return DateRange(start, months_later(start, 3) - timedelta(days=1))


class _Unfit(ValueError):
    """What a line does not fit; whoever knows the line says where it stands."""


class _Numbers(dict[bytes, int]):
    """Column 2 codes as they are written, with their numbers in place; filled as they are met."""

    def __missing__(self, written: bytes) -> int:
        number = self[written] = _number(written) << MEANING_BITS
        return number


class _Rows(dict[bytes, "array[int]"]):
    """Column 1 codes as they are written, with the entries of their rows."""

    def __init__(self) -> None:
        self.by_number: dict[int, array[int]] = {}

    def __missing__(self, written: bytes) -> array[int]:
        row = self[written] = self.by_number.setdefault(_number(written), array("Q"))
        return row


def _number(written: bytes) -> int:
    code = written.strip(b' "')
    if not _CODE.fullmatch(code):
        raise _Unfit("has no code of five letters or digits")
    return code_number(code.decode("ascii"))


class _Meanings(dict[bytes, int]):
    """Endings of lines as they are written, with the number of what they say."""

    def __init__(self, marked: bool, known: dict[tuple[Any, ...], int]) -> None:
        self.marked = marked
        self.known = known

    def __missing__(self, written: bytes) -> int:
        meaning = _meaning(written, self.marked)
        number = self[written] = self.known.setdefault(meaning, len(self.known))
        return number


def _meaning(written: bytes, marked: bool) -> tuple[Any, ...]:
    """Indicator, effective and deletion (ordinals; 0 for none), whether older than 1996, rationale."""
    cells = [c.strip(' "') for c in _decoded(written).rstrip("\r\n").split("\t")]
    before = cells.pop(0) if marked else ""
    if len(cells) < 3 or any(cells[4:]):
        raise _Unfit(f"has not {7 if marked else 6} columns")
    effective, deletion, indicator = cells[:3]
    if before not in ("", "*"):
        raise _Unfit("has in its third column neither `*` nor nothing")
    if indicator not in ("0", "1", "9"):
        raise _Unfit("has a modifier indicator other than 0, 1 and 9")
    last = 0 if deletion in ("*", "") else _ordinal(deletion)
    return int(indicator), _ordinal(effective), last, int(before == "*"), "".join(cells[3:4])


def _decoded(written: bytes) -> str:
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp1252", "replace")


def _ordinal(text: str) -> int:
    try:
        if len(text) != 8 or not text.isdigit():
            raise ValueError
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
    except ValueError:
        raise _Unfit("has a date that is not YYYYMMDD") from None


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    rows, parts = _Rows(), _parts(files)
    meanings: dict[tuple[Any, ...], int] = {}
    for part in parts:
        _take(part, rows, meanings)
    column1 = {code: array("Q", sorted(set(row))) for code, row in rows.by_number.items()}
    lines, edits = sum(map(len, rows.by_number.values())), sum(map(len, column1.values()))
    column2 = _turned(column1)
    counts = (
        ("edits", edits),
        ("pairs", sum(map(len, column2.values()))),
        ("column 1 codes", len(column1)),
        ("column 2 codes", len(column2)),
        ("repeated lines", lines - edits),
        ("parts", len(parts)),
    )
    return Table(
        counts,
        (
            Part(_SCHEMA["meaning"], "INSERT INTO meaning VALUES (?, ?, ?, ?, ?, ?)", _meaning_rows(meanings)),
            Part(_SCHEMA["column1"], "INSERT INTO column1 VALUES (?, ?)", _blobs("Q", column1)),
            Part(_SCHEMA["column2"], "INSERT INTO column2 VALUES (?, ?)", _blobs("I", column2)),
        ),
    )


_SCHEMA = {
    "meaning": "CREATE TABLE meaning (id INTEGER PRIMARY KEY, indicator INTEGER NOT NULL, effective INTEGER NOT NULL,"
    " deletion INTEGER NOT NULL, before_1996 INTEGER NOT NULL, rationale TEXT NOT NULL)",
    "column1": "CREATE TABLE column1 (code INTEGER PRIMARY KEY, edits BLOB NOT NULL)",
    "column2": "CREATE TABLE column2 (code INTEGER PRIMARY KEY, codes BLOB NOT NULL)",
}


def _meaning_rows(meanings: Mapping[tuple[Any, ...], int]) -> Iterator[tuple[Any, ...]]:
    return ((number, *meaning) for meaning, number in meanings.items())


def _blobs(kind: str, table: Mapping[int, array[int]]) -> Iterator[tuple[int, bytes]]:
    return ((code, packed(kind, table[code])) for code in sorted(table))


def _turned(column1: Mapping[int, array[int]]) -> dict[int, array[int]]:
    """For each column 2 code the column 1 codes that it stands beside, once each, in order."""
    found: dict[int, array[int]] = defaultdict(lambda: array("I"))
    for code in sorted(column1):
        before = -1
        for entry in column1[code]:
            other = entry >> MEANING_BITS
            if other != before:
                found[other].append(code)
                before = other
    return found


def _parts(files: Sequence[Offered]) -> list[Offered]:
    """One file a part: what was published last, and of that the text before the workbook.

    Raises InputError when a part below the highest is missing.
    """
    found: dict[object, Offered] = {}
    for one in sorted(files, key=lambda f: (-_revision(f), f.is_workbook, f.path)):
        found.setdefault(_piece(one), one)
    numbers = [n for n in found if isinstance(n, int)]
    if missing := sorted(set(range(1, max(numbers, default=0))) - set(numbers)):
        raise InputError(
            f"Part {missing[0]} of the NCCI edits {files[0].name} is missing; install all parts of a setting together."
        )
    return [found[key] for key in sorted(found, key=str)]


def _revision(one: Offered) -> int:
    """How often the quarter's file was published again: 1 of `ccipra-v323r1-f2`."""
    found = next((f for place in one.places if (f := _NAME.search(place))), None)
    return int(found[4]) if found else 0


def _piece(one: Offered) -> object:
    """The number of a part, or the name of a file without one."""
    stem = one.name.rpartition(".")[0]
    part = _PART.search(stem)
    return int(part[1]) if part else stem.lower()


def _take(part: Offered, rows: _Rows, known: dict[tuple[Any, ...], int]) -> None:
    """Nothing; the edits of one part are put into `rows`. Raises InputError, with the line, for what is no edit."""
    source = _sheet_lines(part) if part.is_workbook else io.BytesIO(part.load())
    lines = enumerate(source, 1)
    first, marked = _first_edit(lines, part.name)
    numbers, meanings = _Numbers(), _Meanings(marked, known)
    for at, line in chain((first,), lines):
        try:
            column1, column2, ending = line.split(b"\t", 2)
            rows[column1].append(numbers[column2] | meanings[ending])
        except ValueError as error:
            if line.strip():
                why = str(error) if isinstance(error, _Unfit) else "has not the columns of an edit"
                raise InputError(f"Line {at} of {part.name} {why}; fetch the file again.") from None


def _first_edit(lines: Iterator[tuple[int, bytes]], name: str) -> tuple[tuple[int, bytes], bool]:
    """The first edit with its line, and whether the header names a column for edits older than 1996."""
    marked = None
    for at, line in lines:
        if _LINE.match(line) and marked is not None:
            return (at, line), marked
        cells = [c.strip(' "').lower().replace(" ", "") for c in _decoded(line).split("\t")]
        if cells[:2] == ["column1", "column2"]:
            marked = len(cells) > 2 and MARK in cells[2]
        if at > MOST_HEADER_LINES:
            break
    raise InputError(f"The file {name} holds no NCCI edits below a header with Column 1 and Column 2; fetch it again.")


def _sheet_lines(part: Offered) -> Iterator[bytes]:
    """The rows of a workbook as the text has them."""
    for row in part.sheet():
        cells = [_cell(value, 5 if at < 2 else 0) for at, value in enumerate(row)]
        yield "\t".join(cells).encode()


def _cell(value: object, width: int) -> str:
    if isinstance(value, datetime | date):
        return f"{value:%Y%m%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)).zfill(width)
    return " ".join(str(value).split())


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    meanings = {row[0]: row[1:] for row in store.all("SELECT * FROM meaning")}
    for (code,) in store.all("SELECT code FROM column1 ORDER BY code"):
        found = store.one("SELECT edits FROM column1 WHERE code = ?", code)
        before = ""
        for entry in unpacked("Q", found[0]) if found else ():
            indicator, effective, deletion, _, rationale = meanings[entry & MEANING]
            key = f"{number_code(code)} {number_code(entry >> MEANING_BITS)} {date.fromordinal(effective)}"
            ends = date.fromordinal(deletion).isoformat() if deletion else ""
            # Of two edits of a pair that begin together, one was deleted at once; the second is told apart.
            again, before = key == before, key
            yield (
                f"{key} again" if again else key,
                {"indicator": str(indicator), "deletion": ends, "rationale": rationale},
            )


COMPONENTS = (
    "ncci:ptp-practitioner",
    "ncci:ptp-outpatient",
    "ncci:ptp-practitioner-medicaid",
    "ncci:ptp-outpatient-medicaid",
    "ncci:ptp-dme-medicaid",
)
FORMATS = (Format("NCCI procedure-to-procedure edits", _recognise, _read, joins=True, piece=_piece),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = dict.fromkeys(COMPONENTS, _entries)
