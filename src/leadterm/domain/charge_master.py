"""A charge description master: its rows, and what was read of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .codes import Code, CodeSystem
from .money import Money


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One row of a charge master.

    Attributes:
        line: Where it stands in the user's file, from 1.
        local: The user's own code.
        description: The user's own words; never looked at but on this machine.
        code: CPT or HCPCS Level II, empty where the row is billed by its revenue code alone.
        revenue: Revenue code of four digits, or empty.
        price: Of one unit; None where the row has none.
        modifiers: That the row always bears.
    """

    line: int
    local: str
    description: str
    code: str = ""
    revenue: str = ""
    price: Money | None = None
    modifiers: tuple[str, ...] = ()

    @property
    def billed(self) -> Code | None:
        """The code with its system; None for a row without one."""
        if not self.code:
            return None
        return Code(CodeSystem.HCPCS if self.code[0].isalpha() else CodeSystem.CPT, self.code)

    @property
    def name(self) -> str:
        """The row as messages name it."""
        return f"{self.local or 'line ' + str(self.line)} {self.description}".strip()


@dataclass(frozen=True, slots=True)
class ChargeProblem:
    """A row that cannot be used as it is.

    Attributes:
        line: Line of the file or row of the sheet, from 1.
        column: The field concerned; empty for the row as a whole.
        reason: What is wrong and what to do, in a sentence without its full stop.
        kept: Whether the row was taken without that cell.
    """

    line: int
    column: str
    reason: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class ChargesRead:
    """What a file holds.

    Attributes:
        rows: In the order of the file.
        problems: By line.
        columns: The header of each field.
        inactive: How many rows the file itself calls inactive.
    """

    rows: tuple[ChargeRow, ...]
    problems: tuple[ChargeProblem, ...]
    columns: Mapping[str, str]
    inactive: int = 0
