"""Medically unlikely edits (MUE): the most units of a code that one provider reports for one patient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from leadterm.domain import Release

from ...store import Store

CODES_KEPT = 1 << 14


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
