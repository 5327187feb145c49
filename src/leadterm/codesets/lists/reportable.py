"""Public-health reporting as its users see it: which diagnoses trigger it, and for which conditions."""

from __future__ import annotations

from typing import ClassVar

from leadterm.domain import Code, CodeSystem, InputError, Release

from ..store import Store


class ReportableTriggers:
    """ICD-10-CM codes that may have to be reported to public health, without saying for which condition."""

    COMPONENT: ClassVar[str] = "reportable:triggers"
    WHAT: ClassVar[str] = "list of trigger codes of case reporting"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def __contains__(self, code: str) -> bool:
        return self.title(code) is not None

    def title(self, code: str) -> str | None:
        """The title that the list gives a code, with or without its dot; None for one that triggers nothing."""
        row = self._store.one("SELECT title FROM entry WHERE code = ?", _dotted(code))
        return row[0] if row else None

    def codes(self) -> tuple[str, ...]:
        """Every code, with its dot."""
        return tuple(code for (code,) in self._store.all("SELECT code FROM entry ORDER BY code"))


class ReportableConditions:
    """Reportable conditions, and the ICD-10-CM codes that tell them where the value sets were installed with them."""

    COMPONENT: ClassVar[str] = "reportable:conditions"
    WHAT: ClassVar[str] = "list of reportable conditions with their value sets"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def of(self, code: str) -> tuple[str, ...]:
        """Names of the conditions that a code may tell, in order."""
        rows = self._store.all(
            "SELECT c.name FROM entry e JOIN condition c ON c.id = e.condition WHERE e.code = ? ORDER BY c.name",
            _dotted(code),
        )
        return tuple(name for (name,) in rows)

    def conditions(self) -> tuple[str, ...]:
        """Every condition, by name."""
        return tuple(name for (name,) in self._store.all("SELECT name FROM condition ORDER BY name"))


def _dotted(code: str) -> str:
    """`code` with its dot; as it was given where it has the shape of no diagnosis."""
    try:
        return Code.parse(code, CodeSystem.ICD10CM).value
    except InputError:
        return code
