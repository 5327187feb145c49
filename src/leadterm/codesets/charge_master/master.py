"""The charge master as coding asks it: the rows of a code, and every row."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from leadterm.domain import ChargeRow, Money, Release

from ..store import Store

COLUMNS = ("line", "local", "description", "code", "revenue", "price", "modifiers")


class ChargeMaster:
    """The rows of one charge master."""

    COMPONENT: ClassVar[str] = "charges:master"
    WHAT: ClassVar[str] = "charge description master (your own: `leadterm charges import FILE`)"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.source = release.source
        self.period = release.period

    @cached_property
    def rows(self) -> tuple[ChargeRow, ...]:
        """Every row, in the order of the file."""
        return tuple(map(_row, self._store.all(f"SELECT {', '.join(COLUMNS)} FROM entry ORDER BY line")))

    def of_code(self, code: str) -> tuple[ChargeRow, ...]:
        """The rows that bill a CPT or HCPCS code."""
        found = self._store.all(
            f"SELECT {', '.join(COLUMNS)} FROM entry WHERE code = ? ORDER BY line", code.strip().upper()
        )
        return tuple(map(_row, found))

    def of_local(self, local: str) -> tuple[ChargeRow, ...]:
        """The rows of a code of the user's own, in any case."""
        wanted = local.strip().casefold()
        return tuple(row for row in self.rows if row.local.casefold() == wanted)


def _row(values: tuple[object, ...]) -> ChargeRow:
    line, local, description, code, revenue, price, modifiers = map(str, values)
    money = Money.parse(price) if price else None
    return ChargeRow(int(line), local, description, code, revenue, money, tuple(modifiers.split()))
