"""Pairs that do not go together: one code holds both, one denies the other, or they are of two records.

`pairs.tsv` holds them: a code of the first column beside one of the second, unless one of the third is there, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from leadterm.edits._coding import Coding, Diagnosis, named
from leadterm.edits._findings import Check, Draft, Gate

from ._bits import BitTable, each_row

TABLE = BitTable("conventions/pairs.tsv", ("codes", "beside", "unless"), ("rule", "source", "why"))
CODES, BESIDE = 0, 1


def _rows(coding: Coding) -> int:
    """The rows that an encounter may break."""
    codes, beside, unless = TABLE.columns(coding)
    return codes & beside & ~unless


def _check_of(rule: str) -> Check[Coding]:
    rows = TABLE.rows_of(rule)

    def check(coding: Coding) -> Iterable[Draft]:
        broken = coding.once(_rows) & rows
        return _drafts(coding, broken) if broken else ()

    return check


def _drafts(coding: Coding, rows: int) -> Iterator[Draft]:
    for row in each_row(rows):
        others = TABLE.holding(row, BESIDE, coding.diagnoses)
        for d in TABLE.holding(row, CODES, coding.diagnoses):
            if beside := [other for other in others if other.code != d.code]:
                yield _draft(row, d, beside)


def _draft(row: int, diagnosis: Diagnosis, beside: list[Diagnosis]) -> Draft:
    _, source, why = TABLE.rows[row]
    first, *more = beside
    others = ", ".join([named(first), *(d.code for d in more)])
    several = (diagnosis, *beside)
    return Draft(
        f"{named(diagnosis)} stands beside {others}: {why}.",
        tuple(d.code for d in several),
        tuple(d.assignment.id for d in several),
        source=source,
    )


CHECKS: Mapping[str, Check[Coding]] = {rule: _check_of(rule) for rule in TABLE.rules}
GATE: Gate[Coding] = _rows
