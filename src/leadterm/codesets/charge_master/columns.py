"""Which column of a charge master is what, by its header or by what the user says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from leadterm.domain import InputError

from .cells import text

FIELDS = ("local", "description", "code", "revenue", "price", "modifiers")
HEADER_WITHIN = 30  # rows of titles and remarks above the header
_MARKS = re.compile(r"[^a-z0-9]+")


def plain(header: object) -> str:
    """A header in small letters, marks as blanks."""
    return " ".join(_MARKS.sub(" ", text(header).lower()).split())


@cache
def _names() -> tuple[tuple[str, tuple[str, ...]], ...]:
    table = (files(__package__) / "columns.tsv").read_text(encoding="utf-8")
    lines = [line for line in table.splitlines() if line and not line.startswith("#")][1:]
    return tuple((field, tuple(names.split("|"))) for field, names in (line.split("\t") for line in lines))


def mapping(told: str) -> dict[str, str]:
    """`code=HCPCS,price=Amount` as fields with their headers. Raises InputError for a field that nobody knows."""
    found: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in told.split(","))):
        field, equals, header = part.partition("=")
        if not equals or field.strip().lower() not in FIELDS or not header.strip():
            raise InputError(f"--columns takes FIELD=HEADER, parted by commas; the fields are {', '.join(FIELDS)}.")
        found[field.strip().lower()] = header.strip()
    return found


def placed(headers: Sequence[object], told: Mapping[str, str]) -> dict[str, int]:
    """The column of each field that a row of headers has. Raises InputError for a header that was told and is not."""
    written = [plain(h) for h in headers]
    places: dict[str, int] = {}
    for field, header in told.items():
        if plain(header) not in written:
            raise InputError(f"No column is headed “{header[:40]}”; the file has: {_shown(headers)}.")
        places[field] = written.index(plain(header))
    for field, names in _names():
        found = next(
            (written.index(n) for n in names if n in written and written.index(n) not in places.values()), None
        )
        if field not in places and found is not None:
            places[field] = found
    return places


def header(rows: Sequence[Sequence[object]], told: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """Where the header stands, and the column of each field.

    Raises InputError where no row has a description with a code, a price or a revenue code.
    """
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        if told and not any(plain(h) in {plain(c) for c in row} for h in told.values()):
            continue
        places = placed(row, told)
        if "description" in places and {"code", "price", "revenue"} & set(places):
            return at, places
    first = next((row for row in rows if any(text(c) for c in row)), ())
    raise InputError(
        "No header of a charge master was found: it needs a description and a code, a price or a revenue code. "
        f"Name them with --columns 'description=HEADER,code=HEADER,price=HEADER'. The first row has: {_shown(first)}."
    )


def _shown(headers: Sequence[object]) -> str:
    return ", ".join(f"“{text(h)[:30]}”" for h in headers[:12] if text(h)) or "nothing"
