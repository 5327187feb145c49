"""Distributions of services by specialty that a user brings, to compare providers with.

Layout (CSV): specialty (taxonomy code), code (CPT, HCPCS, or three digits of an MS-DRG), services (a number). Rows of
one specialty and code are added up: tables by state or year may be put into one file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from leadterm.domain import InputError

from ..store import Store
from ._csv_rows import numbered
from ._dates import UNDATED, calendar
from ._offered import Format, Offered, Recognised, Table, decoded, one_table, quoted

NAME = "peers:services"
LICENCE = "the user's own"
HEADER = ("specialty", "code", "services")
COLUMNS = "specialty TEXT NOT NULL, code TEXT NOT NULL, services REAL NOT NULL, PRIMARY KEY (specialty, code)"
_CODE = re.compile(r"[0-9A-Z]{5}|[0-9]{3}")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_SPECIALTY = re.compile(r"[0-9A-Z]{10}")


def _recognise(offered: Offered) -> Recognised | None:
    header = next(iter(decoded(offered.head).splitlines()), "").lower().replace('"', "").split(",")
    if tuple(cell.strip() for cell in header) != HEADER:
        return None
    try:
        return Recognised(NAME, calendar(offered, None), LICENCE)
    except InputError:
        return Recognised(NAME, UNDATED, LICENCE)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    found: Counter[tuple[str, str]] = Counter()
    for where, (specialty, code, services) in numbered(files[0], len(HEADER)):
        specialty, code = specialty.upper(), code.upper()
        if not _SPECIALTY.fullmatch(specialty):
            raise InputError(
                f"{where}: the specialty is no taxonomy code of ten characters (207Q00000X); correct the row."
            )
        if not _CODE.fullmatch(code):
            raise InputError(f"{where}: {quoted(code)} is neither a CPT or HCPCS code nor an MS-DRG; correct the row.")
        if not _NUMBER.fullmatch(services):
            raise InputError(f"{where}: the services are no number; correct the row.")
        found[specialty, code] += float(services)  # type: ignore[assignment]
    if not found:
        raise InputError(f"{files[0].name} holds no services; get the file again.")
    counts = [("specialties", len({s for s, _ in found})), ("codes", len(found))]
    return one_table(counts, COLUMNS, ((s, c, n) for (s, c), n in sorted(found.items())))


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for specialty, code, services in store.all("SELECT specialty, code, services FROM entry ORDER BY specialty, code"):
        yield f"{specialty} {code}", {"services": f"{services:g}"}


FORMATS = (Format("distribution of services by specialty", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: _entries}
