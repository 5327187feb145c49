"""The words that decide an axis: those of the operation, then of its sentence, the list, the aims, the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled

from .acts import Act
from .passages import Statement, Telling, lowered, statements
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
        return roots(_BLOCK.sub(" ", self.text))

    @cached_property
    def affirmed(self) -> tuple[str, ...]:
        """The words of its sentences that deny nothing: "trace right effusion, not tapped" tells of no right side."""
        return roots(" . ".join(one for one in self.text.split(" . ") if not _DENIES.search(one)))


# "Under ankle block", "from a femoral approach": where the needle went in is not where the surgeon was.
_BLOCK = compiled(
    r"\b(?:ankle|wrist|digital|finger|toe|femoral|popliteal|sciatic|axillary|interscalene|adductor canal|paravertebral)"
    r" (?:nerve )?blocks?\b"
    r"|\b(?:from|via|through) (?:an? |the )?(?:right |left )?(?:common )?(?:trans)?(?:femoral|radial|brachial|jugular)"
    r" (?:approach|access|puncture|route)\b"
)
_DENIES = compiled(
    r"\b(?:no|not|without|normal|unremarkable|negative|intact|uninvolved|spared"
    r"|in (?:19|20)\d\d|history of|previous(?:ly)?|prior)\b"
)


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
        if statement.telling is not Telling.NAMED:
            yield Level("beside", " . ".join(s.text for s in self._beside()))
        yield from _of_report(self.chart, statement.report)

    def _beside(self) -> Iterator[Statement]:
        """The sentence before and the two behind, of the same passage."""
        statement = self.act.statement
        document = self.chart.encounter.document(statement.document).text
        segments = self.chart.passages[statement.passage].segments
        place = (statement.start, statement.end)
        at = segments.index(place) if place in segments else -1  # a header stands before all of them
        for n in (at - 1, at + 1, at + 2):
            if 0 <= n < len(segments):
                start, end = segments[n]
                yield replace(statement, start=start, end=end, text=lowered(document[start:end]))


def _of_report(chart: Chart, own: tuple[str, int]) -> tuple[Level, ...]:
    """What the report says as a whole: its list of operations, its aims, its account."""

    def read() -> tuple[Level, ...]:
        mine = [s for s in statements(chart) if s.report == own]
        return tuple(
            Level(name, " . ".join(s.text for s in mine if s.telling is telling))
            for name, telling in (("names", Telling.NAMED), ("aims", Telling.AIM), ("account", Telling.ACCOUNT))
        )

    return chart.once(f"procedures.context.{own}", read)
