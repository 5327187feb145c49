"""CC exclusions (table 6K): which principal diagnoses make of a complication or comorbidity none."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from leadterm.domain import Code, CodeSystem, Release

from ..store import Store

CODES_KEPT = 1 << 14


class CcExclusions:
    """The CC and MCC codes with the collections of principal diagnoses that exclude them."""

    COMPONENT: ClassVar[str] = "msdrg:cc-exclusions"
    WHAT: ClassVar[str] = "CC exclusion list (table 6K)"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._entry = lru_cache(CODES_KEPT)(self._read_entry)

    def excluded(self, cc: Code | str, principal: Code | str) -> bool:
        """Whether `cc` counts as no CC or MCC beside that principal diagnosis; False for a code that is none anyway.

        Raises InputError for what has not the shape of an ICD-10-CM code.
        """
        entry = self._entry(_written(cc))
        return entry is not None and self._holds(entry[1], _written(principal))

    def excluded_in(self, cc: Code | str, drg: str) -> bool:
        """Whether `cc` counts as no CC or MCC in an MS-DRG (three digits), whatever the principal diagnosis."""
        sql = "SELECT 1 FROM in_drg WHERE code = ? AND first <= ? AND last >= ?"
        return self._store.one(sql, _written(cc), drg.zfill(3), drg.zfill(3)) is not None

    def level(self, code: Code | str, principal: Code | str | None = None, alive: bool = True) -> str | None:
        """`CC` or `MCC` as a secondary diagnosis beside `principal`; None where it is neither or is excluded.

        `alive`: whether the patient was discharged alive; some codes count only then. What a single MS-DRG excludes
        (`excluded_in`) is for the grouper, which knows the group.
        """
        entry = self._entry(_written(code))
        if entry is None or (entry[2] and not alive):
            return None
        return None if principal is not None and self.excluded(code, principal) else entry[0]

    def only_when_alive(self, code: Code | str) -> bool:
        """Whether the code is a CC or MCC only for a patient who was discharged alive."""
        entry = self._entry(_written(code))
        return entry is not None and entry[2]

    def principals(self, cc: Code | str) -> tuple[str, ...]:
        """The principal diagnoses that exclude `cc`, in order; empty where none does."""
        entry = self._entry(_written(cc))
        if entry is None:
            return ()
        rows = self._store.all("SELECT code FROM principal WHERE collection = ? ORDER BY code", entry[1])
        return tuple(code for (code,) in rows)

    def _holds(self, collection: str, principal: str) -> bool:
        return (
            self._store.one("SELECT 1 FROM principal WHERE collection = ? AND code = ?", collection, principal)
            is not None
        )

    def _read_entry(self, code: str) -> tuple[str, str, bool] | None:
        row = self._store.one("SELECT level, collection, alive FROM entry WHERE code = ?", code)
        return (row[0], row[1], bool(row[2])) if row else None


def _written(code: Code | str) -> str:
    return code.value if isinstance(code, Code) else Code.parse(code, CodeSystem.ICD10CM).value
