"""Codes that need another one beside them (guidelines I.A.13 and I.C; notes that always hold and name their codes).

`companions.tsv` holds them: a code of the first column without any of the second, unless one of the third is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from leadterm.edits._coding import Coding, named
from leadterm.edits._findings import Check, Draft, Gate

from ._bits import BitTable, each_row

TABLE = BitTable("conventions/companions.tsv", ("codes", "needs", "unless"), ("rule", "source", "why"))
CODES = 0


def _rows(coding: Coding) -> int:
    """The rows that an encounter breaks."""
    codes, needs, unless = TABLE.columns(coding)
    return codes & ~needs & ~unless


def _check_of(rule: str) -> Check[Coding]:
    rows = TABLE.rows_of(rule)

    def check(coding: Coding) -> Iterable[Draft]:
        broken = coding.once(_rows) & rows
        return _drafts(coding, broken) if broken else ()

    return check


def _drafts(coding: Coding, rows: int) -> Iterator[Draft]:
    for row in each_row(rows):
        _, source, why = TABLE.rows[row]
        for d in TABLE.holding(row, CODES, coding.diagnoses):
            yield Draft(f"{named(d)} stands alone: {why}.", (d.code,), (d.assignment.id,), source=source)


CHECKS: Mapping[str, Check[Coding]] = {rule: _check_of(rule) for rule in TABLE.rules}
GATE: Gate[Coding] = _rows
