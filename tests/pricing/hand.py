"""Reads the tables of prices that were reckoned by hand, and replays their arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from leadterm.pricing import Bill, Prices, Terms, bill_of_codes

_CASE = re.compile(r"\d+ · .+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Hand:
    """A case: its title, what is billed, the lines of arithmetic, what is allowed."""

    title: str
    bill: str
    arithmetic: tuple[str, ...]
    allowed: str

    @property
    def options(self) -> dict[str, str]:
        """`place 11`, `locality 0111205`, … behind the codes."""
        return {word.partition(" ")[0]: word.partition(" ")[2] for word in self.bill.split(" · ")[1:]}

    @property
    def terms(self) -> Terms:
        told = self.options
        return Terms(
            told.get("locality"), told.get("zip"), apm="apm" in told, participating="nonparticipating" not in told
        )

    def billed(self, day: date) -> Bill:
        """The bill; `+1:` stands before what was done on the next day."""
        words = self.bill.split(" · ")[0].split()
        made = bill_of_codes([w.removeprefix("+1:") for w in words], day, self.options["place"])
        later = {str(n) for n, w in enumerate(words, 1) if w.startswith("+1:")}
        lines = (replace(b, day=day + timedelta(b.id in later)) for b in made.lines)
        return replace(made, lines=tuple(replace(b, taxonomy=self.options.get("taxonomy", "")) for b in lines))


def cases(path: Path) -> Iterator[Hand]:
    """The cases of a table."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if not line.lstrip().startswith("#")]
        if not lines or not _CASE.fullmatch(lines[0]):
            continue
        title, bill, *arithmetic, allowed = lines
        yield Hand(title, bill.removeprefix("bill "), tuple(arithmetic), allowed.removeprefix("allowed "))


def formulas(case: Hand) -> Iterator[tuple[str, str, str]]:
    """Label, formula and result of each line of arithmetic."""
    for line in case.arithmetic:
        label, _, rest = line.rpartition(": ")
        formula, _, result = rest.rpartition(" = ")
        yield label, formula, result


def replayed(formula: str) -> Decimal:
    """What a pocket calculator shows, rounded half up to the cent."""
    python = _NUMBER.sub(lambda m: f"Decimal('{m[0]}')", formula.replace("×", "*").replace("−", "-"))
    value = eval(python, {"Decimal": Decimal, "__builtins__": {}})
    assert isinstance(value, Decimal)
    return value.quantize(CENT, ROUND_HALF_UP)


def told(found: Prices, allowed: str) -> str:
    """What the engine says, in the words of the table."""
    if allowed.startswith("total "):
        return f"total {found.total}"
    return " ".join("-" if line.amount is None else str(line.amount) for line in found.lines)
