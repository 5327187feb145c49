"""The list of ICD-10-CM codes that are exempt from reporting present on admission (POAexemptCodesFYNN, txt, csv, xlsx).

A header row (`Order25`, `POAexemptCode`, `Description`), which some years leave out, then order number, code with its
dot, title; tab-separated, quoted where a title has commas. The lists of changes that come in the same archive
(`POAexemptAddCodes…`, `…DeleteCodes…`, `…ReviseCodes…`) have the same layout and are not this list.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from leadterm.domain import CodeSystem, DateRange, InputError, dotted

from ..sources import US_GOVERNMENT, next_update
from ..store import Store
from ._dates import MONTHS, fiscal
from ._offered import Format, Offered, Recognised, Table, one_table, separated
from ._order_lines import SHAPES, head_lines, refused

WHAT = "list of codes exempt from POA reporting"
NAMED = re.compile(r"poa[\s_-]*exempt|exempt.*\bpoa|present[\s_-]*on[\s_-]*admission.*exempt", re.IGNORECASE)
CHANGES = re.compile(r"(?:add|delet|revis|addend)", re.IGNORECASE)
HEADER = re.compile(r"order\s*(?P<year>\d{2,4})?", re.IGNORECASE)
# April lists are named by month and two digits of the year (`POAexemptCodesApr23`).
MONTHLY = re.compile(r"(?P<month>jan|apr|oct)[a-z]*(?P<year>\d\d)(?!\d)", re.IGNORECASE)
WORKBOOK = b"PK\x03\x04"
COLUMNS = "code TEXT PRIMARY KEY, number INTEGER NOT NULL, title TEXT NOT NULL"
FIRST_ROWS = 15  # titles and notes before the header in some years


def recognise(offered: Offered) -> Recognised | None:
    """The list, by its name and its first rows; a workbook by its name alone."""
    name = offered.name
    if not NAMED.search(name) or CHANGES.search(NAMED.sub("", name)):
        return None
    if offered.head.startswith(WORKBOOK):
        return Recognised("icd10cm:poa-exempt", _period(offered, None), US_GOVERNMENT, rank=1)
    rows = list(csv.reader(head_lines(offered), delimiter=_delimiter(offered)))
    if not any(_code(row) for row in rows):
        return None
    return Recognised("icd10cm:poa-exempt", _period(offered, _year(rows)), US_GOVERNMENT)


def _delimiter(offered: Offered) -> str:
    return "\t" if b"\t" in offered.head else ","


def _year(rows: Sequence[Sequence[str]]) -> int | None:
    """The fiscal year that the header tells (`Order25`)."""
    for row in rows:
        if row and (found := HEADER.fullmatch(str(row[0]).strip())) and found["year"]:
            return int(found["year"]) % 100 + 2000
    return None


def _period(offered: Offered, year: int | None) -> DateRange:
    if found := MONTHLY.search(offered.name):
        start = date(2000 + int(found["year"]), MONTHS[found["month"].lower()], 1)
        return DateRange(start, next_update(start) - timedelta(days=1))
    return fiscal(offered, year)


def _code(row: Sequence[Any]) -> str | None:
    """The code of a row; None where it is no row of the list."""
    cells = [str(cell).strip() for cell in row]
    if len(cells) < 3 or not re.fullmatch(r"\d{1,6}(?:\.0)?", cells[0]):
        return None
    bare = cells[1].replace(".", "").upper()
    return dotted(bare, CodeSystem.ICD10CM) if SHAPES[CodeSystem.ICD10CM].fullmatch(bare) else None


def _rows(offered: Offered) -> Iterator[tuple[int, Sequence[Any]]]:
    if offered.head.startswith(WORKBOOK):
        yield from enumerate(offered.sheet(), 1)
    else:
        yield from enumerate(separated(offered.lines(), offered.name, _delimiter(offered)), 1)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    rows: dict[str, tuple[str, int, str]] = {}
    for line, row in _rows(offered):
        if not any(str(cell).strip() for cell in row):
            continue
        code = _code(row)
        if code is None:
            if rows or line > FIRST_ROWS:
                raise refused(offered, line, "it has not an order number, a code and a title")
            continue
        title = str(row[2]).strip()
        if not title or code in rows:
            raise refused(offered, line, f"the code {code} stands twice, or has no title")
        rows[code] = (code, int(float(str(row[0]))), title)
    if not rows:
        raise InputError(f"The file {offered.name} has no exempt codes; get it anew from its owner.")
    return one_table((("codes", len(rows)),), COLUMNS, rows.values())


def entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every exempt code with its title."""
    for code, title in store.all("SELECT code, title FROM entry ORDER BY code"):
        yield code, {"title": title}


FORMATS = (Format(f"ICD-10-CM {WHAT}", recognise, _read),)
DIFFERS = {"icd10cm:poa-exempt": entries}
