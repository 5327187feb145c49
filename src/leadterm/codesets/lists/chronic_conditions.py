"""Chronic conditions as their users see them: which of them a code tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store


@dataclass(frozen=True, slots=True)
class ChronicCondition:
    """A condition of the CMS Chronic Conditions Warehouse.

    Attributes:
        name: `Acute Myocardial Infarction`.
        kind: `Common`, or the list of other chronic or potentially disabling conditions.
        category: Group of conditions.
        logic: A rule beyond the codes, in the words of the source; empty for none.
        qualification: Which claims make it count, in the words of the source.
    """

    name: str
    kind: str
    category: str
    logic: str
    qualification: str


class ChronicConditions:
    """Which chronic conditions a code tells."""

    COMPONENT: ClassVar[str] = "reference:chronic-conditions"
    WHAT: ClassVar[str] = "list of chronic conditions"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def of(self, code: str, system: str = "ICD-10-CM") -> tuple[ChronicCondition, ...]:
        """The conditions that a code tells, with or without its dot; those that it rules out are not among them.

        `system`: as the list names them: ICD-10-CM, ICD-10-PCS, HCPCS, NDC, MS-DRG.
        """
        return self._of(code, system, included=True)

    def excluded(self, code: str, system: str = "ICD-10-CM") -> tuple[ChronicCondition, ...]:
        """The conditions that a code rules out."""
        return self._of(code, system, included=False)

    def conditions(self) -> tuple[ChronicCondition, ...]:
        """Every condition, by name."""
        rows = self._store.all("SELECT name, kind, category, logic, qualification FROM condition ORDER BY name")
        return tuple(ChronicCondition(*row) for row in rows)

    def _of(self, code: str, system: str, included: bool) -> tuple[ChronicCondition, ...]:
        rows = self._store.all(
            "SELECT c.name, c.kind, c.category, c.logic, c.qualification FROM entry e JOIN condition c"
            " ON c.id = e.condition WHERE e.system = ? AND e.code = ? AND e.included = ? ORDER BY c.name",
            system,
            code.strip().upper().replace(".", ""),
            int(included),
        )
        return tuple(ChronicCondition(*row) for row in rows)
