"""Procedure-to-procedure edits (PTP): pairs of codes of which column 2 is not paid beside column 1.

A release holds every edit since 1996 with its dates, so the newest answers for earlier days too.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import ClassVar

from leadterm.domain import Release

from ...store import Store
from .packing import MEANING, MEANING_BITS, NO_PAIRS, code_number, number_code, unpacked

NOT_APPLICABLE = 9
PARTS = 4
CODES_KEPT = 1 << 14  # rows of codes: every code that is billed, at most 70 MB when all of them are asked for
MEANINGS_KEPT = 1 << 16


@dataclass(frozen=True, slots=True)
class PtpEdit:
    """An edit of a pair of procedures: the column 2 code is not paid beside the column 1 code.

    Attributes:
        column1, column2: The code that is paid and the code that is not.
        modifier_indicator: 0: no modifier permits both; 1: an NCCI-associated modifier may; 9: the edit does not apply
            (it was deleted as if it had never been).
        effective: First day.
        deletion: Last day; None while it is in force. An edit deleted on its first day was never in force.
        before_1996: Whether it was in existence before 1996.
        rationale: Of the owner, in words.
    """

    column1: str
    column2: str
    modifier_indicator: int
    effective: date
    deletion: date | None
    before_1996: bool
    rationale: str

    @property
    def modifier_allowed(self) -> bool:
        """Whether a modifier may permit both codes, when the record supports it."""
        return self.modifier_indicator == 1

    def in_force(self, on: date) -> bool:
        """Whether the edit holds on a day."""
        if self.modifier_indicator == NOT_APPLICABLE or self.deletion == self.effective:
            return False
        return self.effective <= on and (self.deletion is None or on <= self.deletion)


_Meaning = tuple[int, date, "date | None", bool, str]


class PractitionerPtp:
    """The procedure-to-procedure edits of one setting: this one for practitioners and ambulatory surgical centres."""

    COMPONENT: ClassVar[str] = "ncci:ptp-practitioner"
    WHAT: ClassVar[str] = "NCCI procedure-to-procedure edits for practitioners"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._counts = dict(release.counts)
        self._row = lru_cache(CODES_KEPT)(self._read_row)
        self._meaning = lru_cache(MEANINGS_KEPT)(self._read_meaning)

    @property
    def whole(self) -> bool:
        """Whether all parts were installed; else a pair that is not found may stand in a part that was not given."""
        return self._counts.get("parts", PARTS) >= PARTS

    def pair(self, column1: str, column2: str, on: date) -> PtpEdit | None:
        """The edit of two codes, in this order, that is in force on a day; of several the youngest.

        Raises InputError for what has not the shape of a code.
        """
        return next((e for e in reversed(self.periods(column1, column2)) if e.in_force(on)), None)

    def either(self, one: str, other: str, on: date) -> PtpEdit | None:
        """The edit of two codes in whichever order it stands."""
        return self.pair(one, other, on) or self.pair(other, one, on)

    def periods(self, column1: str, column2: str) -> tuple[PtpEdit, ...]:
        """Every edit that the pair ever had, by its first day; also those that were never in force."""
        row, wanted = self._row(code_number(column1)), code_number(column2) << MEANING_BITS
        at = bisect_left(row, wanted)
        if at == len(row) or row[at] > wanted | MEANING:
            return ()
        found = []
        while at < len(row) and row[at] <= wanted | MEANING:
            found.append(PtpEdit(column1.upper(), column2.upper(), *self._meaning(row[at] & MEANING)))
            at += 1
        return tuple(sorted(found, key=lambda e: e.effective)) if len(found) > 1 else tuple(found)

    def column2(self, column1: str, among: Set[str]) -> Set[str]:
        """Those of some codes that ever stood in column 2 beside a code."""
        row = self._row(code_number(column1))
        return {number_code(entry >> MEANING_BITS) for entry in row} & among

    def with_code(self, code: str, on: date | None = None, limit: int = 100, offset: int = 0) -> tuple[PtpEdit, ...]:
        """The edits of a code, first those where it stands in column 1, then column 2, each in order of the other code.

        `on`: those in force on that day; None: all that ever were. `offset` edits are passed over before `limit` are
        given.
        """
        return tuple(
            islice((e for e in self._of(code.upper()) if on is None or e.in_force(on)), offset, offset + limit)
        )

    def _of(self, code: str) -> Iterator[PtpEdit]:
        number = code_number(code)
        for entry in self._row(number):
            yield PtpEdit(code, number_code(entry >> MEANING_BITS), *self._meaning(entry & MEANING))
        found = self._store.one("SELECT codes FROM column2 WHERE code = ?", number)
        for column1 in unpacked("I", found[0]) if found else ():
            yield from self.periods(number_code(column1), code)

    def _read_row(self, code: int) -> array[int]:
        found = self._store.one("SELECT edits FROM column1 WHERE code = ?", code)
        return unpacked("Q", found[0]) if found else NO_PAIRS

    def _read_meaning(self, number: int) -> _Meaning:
        found = self._store.one(
            "SELECT indicator, effective, deletion, before_1996, rationale FROM meaning WHERE id = ?", number
        )
        assert found is not None, "an entry names a meaning that the store does not hold"
        indicator, effective, deletion, before, rationale = found
        last = date.fromordinal(deletion) if deletion else None
        return indicator, date.fromordinal(effective), last, bool(before), rationale


class OutpatientPtp(PractitionerPtp):
    """The edits for hospitals (outpatient services), which the Outpatient Code Editor applies."""

    COMPONENT: ClassVar[str] = "ncci:ptp-outpatient"
    WHAT: ClassVar[str] = "NCCI procedure-to-procedure edits for outpatient hospital services"


class MedicaidPractitionerPtp(PractitionerPtp):
    """The Medicaid edits for practitioners; they come in one part."""

    COMPONENT: ClassVar[str] = "ncci:ptp-practitioner-medicaid"
    WHAT: ClassVar[str] = "Medicaid NCCI procedure-to-procedure edits for practitioners"

    @property
    def whole(self) -> bool:
        """True: the Medicaid edits of a setting are one file."""
        return True


class MedicaidOutpatientPtp(MedicaidPractitionerPtp):
    """The Medicaid edits for hospitals."""

    COMPONENT: ClassVar[str] = "ncci:ptp-outpatient-medicaid"
    WHAT: ClassVar[str] = "Medicaid NCCI procedure-to-procedure edits for outpatient hospital services"


class MedicaidDmePtp(MedicaidPractitionerPtp):
    """The Medicaid edits for suppliers of durable medical equipment."""

    COMPONENT: ClassVar[str] = "ncci:ptp-dme-medicaid"
    WHAT: ClassVar[str] = "Medicaid NCCI procedure-to-procedure edits for durable medical equipment"
