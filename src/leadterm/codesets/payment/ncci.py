"""The National Correct Coding Initiative: procedure pairs (PTP), medically unlikely edits (MUE), add-on codes.

A release of pairs holds every edit since 1996 with its dates, so the newest answers for earlier days too. Pairs lie in
the store as one row for each code: numbers that say the other code and, of the few thousand combinations of dates,
indicator and rationale, which. So four million pairs take 60 MB and are answered without a look at the disk.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import ClassVar

from leadterm.domain import InputError, Release

from ..store import Store

CODE_LENGTH = 5
BASE = 36
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# An entry of a code's row: the other code's number above, the number of the meaning below.
MEANING_BITS = 32
MEANING = (1 << MEANING_BITS) - 1
NOT_APPLICABLE = 9
PARTS = 4
CODES_KEPT = 1 << 14  # rows of codes: every code that is billed, at most 70 MB when all of them are asked for
MEANINGS_KEPT = 1 << 16


@lru_cache(1 << 16)
def code_number(code: str) -> int:
    """A CPT or HCPCS code as a number below 2**26, in the order of the codes. Raises InputError for another shape."""
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isalnum()):
        raise InputError("A CPT or HCPCS code has five letters or digits.")
    return int(code, BASE)


@lru_cache(1 << 16)
def number_code(number: int) -> str:
    """The code of a `code_number`."""
    found = ""
    for _ in range(CODE_LENGTH):
        number, digit = divmod(number, BASE)
        found = DIGITS[digit] + found
    return found


def packed(kind: str, numbers: Iterable[int]) -> bytes:
    """Numbers as a row keeps them: `Q` (8 bytes) or `I` (4), little end first."""
    found = array(kind, numbers)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def unpacked(kind: str, data: bytes) -> array[int]:
    """What `packed` wrote."""
    found = array(kind, data)
    if sys.byteorder == "big":
        found.byteswap()
    return found


NO_PAIRS: array[int] = array("Q")


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


@dataclass(frozen=True, slots=True)
class Mue:
    """The most units of a code that one provider reports for one patient.

    Attributes:
        code: CPT or HCPCS.
        value: Units; 0 where the service is never paid in this setting.
        mai: Adjudication indicator: 1 claim line, 2 date of service by policy (absolute), 3 date of service by
            clinical judgement (may be appealed); None where the source does not tell.
        basis: `line` or `date`: what the value is counted over; None where the source does not tell.
        rationale: Of the owner, in words; may be empty.
    """

    code: str
    value: int
    mai: int | None
    basis: str | None
    rationale: str


class MuePractitioner:
    """The medically unlikely edits of one setting: this one for practitioners."""

    COMPONENT: ClassVar[str] = "ncci:mue-practitioner"
    WHAT: ClassVar[str] = "NCCI medically unlikely edits for practitioners"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._edit = lru_cache(CODES_KEPT)(self._read_edit)

    def edit(self, code: str) -> Mue | None:
        """The edit of a code; None when it has none that is published."""
        return self._edit(code.upper())

    def _read_edit(self, code: str) -> Mue | None:
        found = self._store.one("SELECT code, value, mai, basis, rationale FROM entry WHERE code = ?", code)
        return Mue(*found) if found else None


class MueOutpatient(MuePractitioner):
    """The medically unlikely edits for hospitals (outpatient services)."""

    COMPONENT: ClassVar[str] = "ncci:mue-outpatient"
    WHAT: ClassVar[str] = "NCCI medically unlikely edits for outpatient hospital services"


class MueDme(MuePractitioner):
    """The medically unlikely edits for suppliers of durable medical equipment."""

    COMPONENT: ClassVar[str] = "ncci:mue-dme"
    WHAT: ClassVar[str] = "NCCI medically unlikely edits for durable medical equipment"


class MedicaidMuePractitioner(MuePractitioner):
    """The Medicaid edits for practitioners; each counts the units of a line."""

    COMPONENT: ClassVar[str] = "ncci:mue-practitioner-medicaid"
    WHAT: ClassVar[str] = "Medicaid NCCI medically unlikely edits for practitioners"


class MedicaidMueOutpatient(MuePractitioner):
    """The Medicaid edits for hospitals (outpatient services)."""

    COMPONENT: ClassVar[str] = "ncci:mue-outpatient-medicaid"
    WHAT: ClassVar[str] = "Medicaid NCCI medically unlikely edits for outpatient hospital services"


class MedicaidMueDme(MuePractitioner):
    """The Medicaid edits for suppliers of durable medical equipment."""

    COMPONENT: ClassVar[str] = "ncci:mue-dme-medicaid"
    WHAT: ClassVar[str] = "Medicaid NCCI medically unlikely edits for durable medical equipment"


@dataclass(frozen=True, slots=True)
class AddOnEdit:
    """A code that is paid only beside a primary procedure.

    Attributes:
        add_on: The add-on code.
        type: 1: the primary codes are all listed; 2: the contractor lists them; 3: some are listed, the contractor may
            add others.
        primary: A primary code; `CCCCC` where the contractor says which.
        effective, deletion: First and last day; no last day while it is in force.
        note: Special instruction of the owner; may be empty.
    """

    add_on: str
    type: int
    primary: str
    effective: date
    deletion: date | None
    note: str

    def in_force(self, on: date) -> bool:
        """Whether the edit holds on a day."""
        return self.effective <= on and (self.deletion is None or (on <= self.deletion != self.effective))


class AddOn:
    """The add-on code edits."""

    COMPONENT: ClassVar[str] = "ncci:add-on"
    WHAT: ClassVar[str] = "NCCI add-on code edits"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._edits = lru_cache(CODES_KEPT)(self._read_edits)

    def edits(self, add_on: str, on: date | None = None) -> tuple[AddOnEdit, ...]:
        """The edits of an add-on code, by primary code; empty when it is none.

        `on`: those in force on that day; None: all that ever were.
        """
        return _on(self._edits("add_on", add_on.upper()), on)

    def add_ons(self, primary: str, on: date | None = None) -> tuple[AddOnEdit, ...]:
        """The edits that list `primary` as a primary code."""
        return _on(self._edits("primary_code", primary.upper()), on)

    def _read_edits(self, column: str, code: str) -> tuple[AddOnEdit, ...]:
        rows = self._store.all(
            "SELECT add_on, type, primary_code, effective, deletion, note FROM entry"
            f" WHERE {column} = ? ORDER BY add_on, primary_code, effective, type",
            code,
        )
        return tuple(
            AddOnEdit(found, kind, primary, date.fromisoformat(effective), _day(deletion), note)
            for found, kind, primary, effective, deletion, note in rows
        )


def _on(edits: tuple[AddOnEdit, ...], on: date | None) -> tuple[AddOnEdit, ...]:
    return edits if on is None or not edits else tuple(e for e in edits if e.in_force(on))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
