"""Codes that need another one beside them (guidelines I.A.13 and I.C; notes that always hold and name their codes).

`companions.tsv` holds them: a code of the first column without any of the second, unless one of the third is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from leadterm.edits._coding import Coding, named
from leadterm.edits._findings import Check, Draft

from ._bits import BitTable, each_row

TABLE = BitTable("conventions/companions.tsv", ("codes", "needs", "unless"), ("rule", "source", "why"))
CODES = 0


def _rows(coding: Coding) -> int:
    """The rows that an encounter breaks."""
    codes, needs, unless = TABLE.all_parts(coding.diagnoses)
    return codes & ~needs & ~unless


def _missing(coding: Coding, rule: str) -> Iterator[Draft]:
    if bits := coding.once(_rows):
        for row in each_row(bits & TABLE.rows_of(rule)):
            _, source, why = TABLE.rows[row]
            for d in TABLE.holding(row, CODES, coding.diagnoses):
                yield Draft(f"{named(d)} stands alone: {why}.", (d.code,), (d.assignment.id,), source=source)


RULES = tuple(dict.fromkeys(row[0] for row in TABLE.rows))
CHECKS: Mapping[str, Check[Coding]] = {rule: partial(_missing, rule=rule) for rule in RULES}
