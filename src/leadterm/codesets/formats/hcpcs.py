"""HCPCS Level II: the quarterly file of CMS as text or workbook, and the descriptions alone as CSV.

Codes and modifiers become one table. Dental codes (D0000 to D9999) belong to the American Dental Association and are
not in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from leadterm.domain import DateRange, InputError

from ..formats import hcpcs_fixed, hcpcs_notes, hcpcs_sheet
from ..sources import US_GOVERNMENT
from ..store import Store
from ._csv_rows import numbered
from ._dates import calendar, hints
from ._offered import Format, Offered, Recognised, Table, one_table
from .hcpcs_record import COLUMNS, Record, rows

NAME = "hcpcs:codes"
LICENCE = f"{US_GOVERNMENT} (CMS); no dental codes"
# Of the two shapes of one release the text is read: in 2019 the workbook left 115 dates out.
TEXT, WORKBOOK, DESCRIPTIONS = 0, 1, 2
DERIVED_HEADER = ["code", "kind", "long_description", "short_description"]
DERIVED_KINDS = {"code": "3", "modifier": "7"}
_NAMED = re.compile(r"anweb|hcpcs?(?![a-z])", re.IGNORECASE)
# Other workbooks that lie in the archives of CMS.
_ANOTHER = re.compile(r"trans|correct|chang|noc|index|drug|note|layout|addend|cross|discont", re.IGNORECASE)
_SCHEMA = f"code TEXT PRIMARY KEY, kind TEXT NOT NULL, {', '.join(f'{c} TEXT NOT NULL' for c in COLUMNS)}"


def _recognised(offered: Offered, rank: int) -> Recognised:
    return Recognised(NAME, _period(offered), LICENCE, rank)


def _period(offered: Offered) -> DateRange:
    """The quarter that the names tell; the whole year where they tell a year alone, as CMS did when it was annual."""
    said = list(hints(offered))
    quarterly = any(h.month for h in said if h.year == said[0].year)
    return calendar(offered, 3 if quarterly else 12)


def recognise_text(offered: Offered) -> Recognised | None:
    """The text, by a record at the beginning of a line of its head."""
    lines = offered.head.decode("latin-1").splitlines()
    return _recognised(offered, TEXT) if any(hcpcs_fixed.BEGINS.match(line) for line in lines) else None


def recognise_workbook(offered: Offered) -> Recognised | None:
    """The workbook, by the names of its columns where its head shows them, else by its own name."""
    if not offered.head.startswith(hcpcs_sheet.LOCAL_HEADER) or not offered.is_workbook:
        return None
    ours = hcpcs_sheet.shows_names(offered.head) or (_NAMED.search(offered.name) and not _ANOTHER.search(offered.name))
    return _recognised(offered, WORKBOOK) if ours else None


def recognise_descriptions(offered: Offered) -> Recognised | None:
    """Codes, kinds and descriptions as CSV, by its header."""
    header = next(iter(offered.head.decode("utf-8-sig", errors="replace").splitlines()), "")
    return _recognised(offered, DESCRIPTIONS) if header.strip().lower().split(",") == DERIVED_HEADER else None


def _descriptions(offered: Offered) -> Iterator[Record]:
    for number, (where, cells) in enumerate(numbered(offered, len(DERIVED_HEADER)), 2):
        code, kind, long, short = cells
        if kind not in DERIVED_KINDS:
            raise InputError(f"{where}: the kind is neither code nor modifier; make the file again.")
        fields = {"LONG DESCRIPTION": long, "SHORT DESCRIPTION": short}
        yield Record(number, DERIVED_KINDS[kind], code.upper(), fields)


def _reader(records: Callable[[Offered], Iterable[Record]]) -> Callable[[Sequence[Offered], Recognised], Table]:
    def read(files: Sequence[Offered], recognised: Recognised) -> Table:
        """The table of codes and modifiers; partial when the alphabet of codes is not whole."""
        offered = files[0]
        found, counts = rows(records(offered), offered.name)
        codes = [row[0] for row in found if row[1] == "code"]
        # Cut at the end of a line a text is well-formed; that it reaches from A to V tells that it is whole.
        whole = bool(codes) and codes[0][0] == "A" and codes[-1][0] == "V" and counts["modifiers"] > 0
        return one_table(counts.items(), _SCHEMA, found, partial=not whole)

    return read


# What a release did to a code (`A`, `N`) is no property of the code: it goes back to "no change" a quarter later.
_COMPARED = ("kind", *(column for column in COLUMNS if column != "action"))
_DESCRIBED = ("kind", "short", "long")


def differs(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every code and modifier in order, with all fields but the action; of descriptions alone, with those."""
    dated = store.one("SELECT 1 FROM entry WHERE added != '' LIMIT 1")
    names = _COMPARED if dated else _DESCRIBED
    for code, *values in store.all(f"SELECT code, {', '.join(names)} FROM entry ORDER BY code"):
        yield code, dict(zip(names, values, strict=True))


WHAT = "HCPCS Level II file of CMS"
FORMATS: tuple[Format, ...] = (
    Format(f"{WHAT} (text)", recognise_text, _reader(hcpcs_fixed.records)),
    Format(f"{WHAT} (workbook)", recognise_workbook, _reader(hcpcs_sheet.records)),
    Format("HCPCS Level II descriptions (CSV)", recognise_descriptions, _reader(_descriptions)),
    *hcpcs_notes.FORMATS,
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    NAME: differs,
    hcpcs_notes.NAME: hcpcs_notes.differs,
}
