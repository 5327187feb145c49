"""The words that decide an axis: those of the operation, then of its sentence, the list, the aims, the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from leadterm.coding.chart import Chart

from .acts import Act
from .passages import Statement, Telling, statements
from .words import roots


@dataclass(frozen=True)
class Level:
    """Some words that may decide.

    Attributes:
        name: `clause`, `sentence`, `beside`, `names`, `aims`, `account`.
        text: In small letters.
    """

    name: str
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in their one form."""
        return roots(self.text)


@dataclass(frozen=True)
class Context:
    """An operation and what is said about it, nearest words first."""

    chart: Chart
    act: Act

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """Every level that says anything."""
        return tuple(level for level in self._levels() if level.text.strip())

    def of(self, *names: str) -> Iterator[Level]:
        """The levels of these names, nearest first."""
        return (level for level in self.levels if level.name in names)

    def _levels(self) -> Iterator[Level]:
        act, statement = self.act, self.act.statement
        yield Level("clause", act.words)
        yield Level("sentence", statement.text)
        mine = [s for s in statements(self.chart) if s.document == statement.document]
        if statement.telling is not Telling.NAMED:
            yield Level("beside", _joined(_beside(mine, statement)))
        for name, telling in (("names", Telling.NAMED), ("aims", Telling.AIM), ("account", Telling.ACCOUNT)):
            yield Level(name, _joined([s for s in mine if s.telling is telling]))


def _beside(mine: list[Statement], statement: Statement) -> list[Statement]:
    """The sentences before and behind, of the same passage."""
    at = mine.index(statement)
    return [s for s in mine[max(0, at - 1) : at + 3] if s is not statement and s.passage == statement.passage]


def _joined(several: list[Statement]) -> str:
    return " . ".join(s.text for s in several)
