"""The localities of the Medicare physician fee schedule: indices, areas, anesthesia factors, and those of ZIP codes.

- `GPCI2025.csv`, `ANES2025.csv`, `25LOCCO.csv`: title rows, a header, one row a locality. Contractors and localities
  lose their leading zeros in some.
- `ZIP5_OCT2025.txt`: 80 characters, year and quarter at the end (`ZIP5lyout.txt`). The file of ZIP codes with four more
  digits has the same beginning and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from leadterm.domain import DateRange, InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import calendar, hints, months_later
from ._offered import Format, Offered, Recognised, Table, decoded, one_table
from ._sheets import MOST_HEADER_ROWS, QUALIFYING, number, refused, rows_of, text_of

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
# Of those who do not qualify, in the header of a file that has both factors.
OTHERS = ("non-qualifying", "nonqualifying", "non-qpp", "nonqpp")
_CARRIER = re.compile(r"\d{4,5}")
_ZIP = re.compile(r"[A-Z]{2}\d{5}\d{5}\d{2}[RB ].{5}[01].{54}20\d{2}[1-4]\s*")
_ZIP_PLUS = re.compile(r"[A-Z]{2}\d{5}\d{5}\d{2}.{6}1\d{4}")


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
        workbook = offered.is_workbook and offered.head.startswith(b"PK")
        if workbook and (name not in offered.name.lower() or "base" in offered.name.lower()):
            return None  # base units of anesthesia are another file
        if not workbook and not any(_heads(line, words) for line in decoded(offered.head).lower().splitlines()):
            return None
        year = re.search(r"\b(20\d\d)\b", decoded(offered.head)) if not workbook else None
        period = _yearly(offered, int(year[1]) if year else None)
        return Recognised(component, period, US_GOVERNMENT, int(workbook))

    return recognise


def _recognise_anesthesia(offered: Offered) -> Recognised | None:
    """As the others; since 2026 there are two factors, of which the one of qualifying participants is not read."""
    found = _recogniser("pfs:anesthesia", "anes", "anes cf", "contractor")(offered)
    heads = " ".join(line for line in decoded(offered.head).lower().splitlines() if _heads(line, ("contractor",)))
    theirs = QUALIFYING.search(offered.name) or QUALIFYING.search(heads)
    if found and theirs and not any(word in heads for word in OTHERS):
        raise InputError(
            f"The file {offered.name} has the anesthesia factors of qualifying APM participants, which are not read; "
            "install the file of those who do not qualify."
        )
    return found


def _located(offered: Offered, words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Rows of localities: line, contractor and locality number (`0111205`), the fields by name."""
    places: dict[str, int] = {}
    for line, row in enumerate(rows_of(offered), 1):
        cells = [text_of(cell) for cell in row]
        if not places:
            places = _places([cell.lower() for cell in cells], words)
            if not places and line > MOST_HEADER_ROWS:
                break
        elif len(cells) > max(places.values()) and _CARRIER.fullmatch(text_of(row[places["contractor"]], 5)):
            number = text_of(row[places["locality"]], 2)
            if not number.isdigit() or len(number) > 2:
                raise refused(offered, line, ValueError("has no locality number of two digits"))
            contractor = text_of(row[places["contractor"]], 5).zfill(5)
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
            indices = [number(row[name]) for name in ("work", "pe", "mp")]
        except ValueError as error:
            raise refused(files[0], line, error) from None
        _once(found, locality, (locality, row["state"], row["name"].rstrip("*"), *indices), files[0], line)
    return _localities(files[0], found, GPCI_SCHEMA)


def _read_anesthesia(files: Sequence[Offered], recognised: Recognised) -> Table:
    words = {
        "contractor": ("contractor",),
        "locality": ("locality",),
        "name": ("locality name",),
        "factor": (*OTHERS, "anes cf"),
    }
    found: dict[str, tuple[Any, ...]] = {}
    for line, locality, row in _located(files[0], words):
        try:
            values = (locality, row["name"].rstrip("*"), number(row["factor"]))
        except ValueError as error:
            raise refused(files[0], line, error) from None
        _once(found, locality, values, files[0], line)
    return _localities(files[0], found, ANESTHESIA_SCHEMA)


def _once(found: dict[str, tuple[Any, ...]], key: str, values: tuple[Any, ...], offered: Offered, line: int) -> None:
    if found.setdefault(key, values) != values:
        raise refused(offered, line, ValueError(f"gives {key} a second time"))


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
            raise refused(offered, line, ValueError("is not in the layout of ZIP5lyout.txt"))
        values = (text[2:7], text[:2], text[7:14], text[14].strip(), int(text[20]))
        _once(found, values[0], values, offered, line)
    counts = (
        ("ZIP codes", len(found)),
        ("localities", len({row[2] for row in found.values()})),
        ("need four more digits", sum(row[4] for row in found.values())),
    )
    return one_table(counts, ZIP_SCHEMA, (found[key] for key in sorted(found)))


def _indices(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for locality, work, pe, mp in store.all("SELECT locality, work, pe, mp FROM entry ORDER BY locality"):
        yield locality, {"work": work, "pe": pe, "mp": mp}


FORMATS = (
    Format("geographic practice cost indices", _recogniser("pfs:gpci", "gpci", "pe gpci", "locality"), _read_gpci),
    Format(
        "fee schedule localities",
        _recogniser("pfs:localities", "locco", "fee schedule area", "counties", "locality number"),
        _read_areas,
    ),
    Format("anesthesia conversion factors", _recognise_anesthesia, _read_anesthesia),
    Format("ZIP code to Medicare locality file", _recognise_zip, _read_zip),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "pfs:gpci": _indices,
}
