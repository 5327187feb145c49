"""A charge master as `leadterm charges import` keeps it: tab-separated under a line that names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from leadterm.domain import DateRange, InputError

from ..store import Store
from ._offered import Format, Offered, Recognised, Table, decoded, one_table

NAME = "charges:master"
LICENCE = "the user's own charges; they stay on this machine"
FIRST_LINE = "# leadterm charge master 1"
COLUMNS = ("line", "local", "description", "code", "revenue", "price", "modifiers")
SCHEMA = (
    "line INTEGER PRIMARY KEY, local TEXT NOT NULL, description TEXT NOT NULL, code TEXT NOT NULL, "
    "revenue TEXT NOT NULL, price TEXT NOT NULL, modifiers TEXT NOT NULL"
)

_LINE = re.compile("[0-9]{1,9}")


def recognise(offered: Offered) -> Recognised | None:
    """The file by its first line."""
    first, _, _ = decoded(offered.head).partition("\n")
    name, _, rest = first.rstrip("\r").partition("\t")
    if name != FIRST_LINE:
        return None
    try:
        since = date.fromisoformat(rest.removeprefix("from="))
    except ValueError:
        raise InputError(f"{offered.name} names no first day; import the charge master again.") from None
    return Recognised(NAME, DateRange(since), LICENCE)


def read(files: Sequence[Offered], recognised: Recognised) -> Table:
    """One row a charge. Raises InputError for a line of another form."""
    lines = files[0].text().split("\n")
    if len(lines) < 2 or lines[1].split("\t") != list(COLUMNS):
        raise InputError(f"{files[0].name} has other columns than a charge master; import it again.")
    rows = [tuple(line.split("\t")) for line in lines[2:] if line]
    if any(len(row) != len(COLUMNS) or not _LINE.fullmatch(row[0]) for row in rows):
        raise InputError(f"{files[0].name} is damaged; import the charge master again.")
    if len({int(row[0]) for row in rows}) < len(rows):
        raise InputError(f"{files[0].name} has a line twice; import the charge master again.")
    coded = sum(1 for row in rows if row[3])
    counts = (("charges", len(rows)), ("with a code", coded), ("with a price", sum(1 for row in rows if row[5])))
    return one_table(counts, SCHEMA, ((int(row[0]), *row[1:]) for row in rows),
                     "CREATE INDEX entry_code ON entry (code)", rowid=True)  # fmt: skip


def differs(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every charge, by the user's own code and words."""
    for line, *values in store.all("SELECT line, local, description, code, revenue, price, modifiers FROM entry"):
        fields = dict(zip(COLUMNS[1:], values, strict=True))
        yield f"{fields['local'] or line} {fields['description']}", fields


FORMATS: tuple[Format, ...] = (Format("charge master", recognise, read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: differs}
