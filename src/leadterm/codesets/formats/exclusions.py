"""The OIG's List of Excluded Individuals/Entities (`UPDATED.csv`); its monthly supplements are no list, and refused.

Layout (CSV): LASTNAME, FIRSTNAME, MIDNAME, BUSNAME, GENERAL, SPECIALTY, UPIN, NPI, DOB, ADDRESS, CITY, STATE, ZIP,
EXCLTYPE, EXCLDATE, REINDATE, WAIVERDATE, WVRSTATE. Days are YYYYMMDD, 00000000 for none; the NPI 0000000000 means none.
Address, city and UPIN are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from leadterm.domain import InputError

from ..lists.alike import plain
from ..sources import US_GOVERNMENT
from ..store import Store
from ._csv_rows import numbered
from ._dates import UNDATED, calendar
from ._offered import Format, Offered, Recognised, Table, decoded, one_table

NAME = "exclusions:leie"
HEADER = (
    *("LASTNAME", "FIRSTNAME", "MIDNAME", "BUSNAME", "GENERAL", "SPECIALTY", "UPIN", "NPI", "DOB", "ADDRESS", "CITY"),
    *("STATE", "ZIP", "EXCLTYPE", "EXCLDATE", "REINDATE", "WAIVERDATE", "WVRSTATE"),
)
COLUMNS = (
    "row INTEGER PRIMARY KEY, last_key TEXT NOT NULL, first_key TEXT NOT NULL, business_key TEXT NOT NULL,"
    " last_name TEXT NOT NULL, first_name TEXT NOT NULL, middle_name TEXT NOT NULL, business TEXT NOT NULL,"
    " general TEXT NOT NULL, specialty TEXT NOT NULL, npi TEXT, birth_date TEXT, state TEXT NOT NULL,"
    " type TEXT NOT NULL, since TEXT NOT NULL, until TEXT, waived TEXT, waiver_state TEXT NOT NULL"
)
INDEXES = "CREATE INDEX by_npi ON entry (npi); CREATE INDEX by_name ON entry (last_key, business_key, first_key)"
NO_NPI, NO_DAY = "0000000000", "00000000"
_NPI = re.compile(r"[0-9]{10}")
# `2610EXCL.csv` and `2610REIN.csv` have the columns of the list, and a month's rows: in its place, the others are lost.
_SUPPLEMENT = re.compile(r"(?i)\d{4}[ _-]?(?:excl|rein)")
_DAY = re.compile(r"[0-9]{8}")


def _recognise(offered: Offered) -> Recognised | None:
    header = next(iter(decoded(offered.head).splitlines()), "").upper().replace('"', "").split(",")
    if tuple(cell.strip() for cell in header) != HEADER:
        return None
    try:
        return Recognised(NAME, calendar(offered, None), US_GOVERNMENT)
    except InputError:
        return Recognised(NAME, UNDATED, US_GOVERNMENT)  # `UPDATED.csv` says nothing of its month


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    if _SUPPLEMENT.search(files[0].name):
        raise InputError(f"{files[0].name} is what changed in a month; get the whole list, UPDATED.csv.")
    rows = [_row(at, where, dict(zip(HEADER, cells, strict=True))) for at, (where, cells) in _numbered(files[0])]
    if not rows:
        raise InputError(f"{files[0].name} holds no exclusion; get the file again.")
    counts = [("exclusions", len(rows)), ("with an NPI", sum(row[10] is not None for row in rows))]
    return one_table(counts, COLUMNS, rows, INDEXES, rowid=True)


def _numbered(offered: Offered) -> Iterator[tuple[int, tuple[str, list[str]]]]:
    return enumerate(numbered(offered, len(HEADER)), 1)


def _row(at: int, where: str, said: Mapping[str, str]) -> tuple[int | str | None, ...]:
    last, first, business = plain(said["LASTNAME"]), plain(said["FIRSTNAME"]), plain(said["BUSNAME"])
    if not last and not business:
        raise InputError(f"{where}: it names neither a person nor a business; get the file again.")
    if not _NPI.fullmatch(npi := said["NPI"]):
        raise InputError(f"{where}: the NPI has not ten digits; get the file again.")
    since = _day(said["EXCLDATE"], where, "EXCLDATE")
    if since is None:
        raise InputError(f"{where}: there is no day of exclusion; get the file again.")
    return (
        *(at, "" if business and not last else last, first, business if not last else ""),
        *(said["LASTNAME"], said["FIRSTNAME"], said["MIDNAME"], said["BUSNAME"], said["GENERAL"], said["SPECIALTY"]),
        *(None if npi == NO_NPI else npi, _day(said["DOB"], where, "DOB"), said["STATE"], said["EXCLTYPE"], since),
        *(_day(said["REINDATE"], where, "REINDATE"), _day(said["WAIVERDATE"], where, "WAIVERDATE"), said["WVRSTATE"]),
    )


def _day(text: str, where: str, column: str) -> str | None:
    if text in ("", NO_DAY):
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        raise InputError(f"{where}: {column} is no day written as YYYYMMDD; get the file again.") from None


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    rows = store.all("SELECT row, coalesce(npi, ''), type, since, coalesce(until, '') FROM entry ORDER BY row")
    for row, npi, kind, since, until in rows:
        yield npi or f"row {row}", {"type": kind, "since": since, "until": until}


FORMATS = (Format("list of excluded individuals and entities", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: _entries}
