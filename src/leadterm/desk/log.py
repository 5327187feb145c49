"""A chart's log replayed: every action in order, with undo and redo as lines of their own, and nothing is erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from leadterm.domain import CodedEncounter, InputError

from .apply import Codings, Entry, applied
from .work import Work, begin

UNDO, REDO = "undo", "redo"
# A longer time between two lines is a pause, not work on the chart.
LONGEST_THOUGHT = 300.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The work after each action that stands, and the actions that were undone.

    Attributes:
        works: The work at the beginning and after each action that stands; the last is the present one.
        done: The lines of those actions.
        undone: Lines that redo would do again, the next one last, each with the work that it leads to.
        number: The number of the log's last line; 0 for an empty log.
        seconds: How long the chart was worked on: the time between lines, pauses left out.
        last: When the last line was written.
        told: What the last line did, where it was an undo or a redo.
    """

    works: tuple[Work, ...]
    done: tuple[Entry, ...] = ()
    undone: tuple[tuple[Entry, Work], ...] = ()
    number: int = 0
    seconds: float = 0.0
    last: datetime | None = None
    told: str = ""

    @classmethod
    def begun(cls, coded: CodedEncounter, opened: datetime) -> Self:
        """The timeline of a chart that nobody has touched since it was opened."""
        return cls((begin(coded),), last=opened)

    @property
    def work(self) -> Work:
        """The present work."""
        return replace(self.works[-1], said=self.told) if self.told else self.works[-1]

    def then(self, entry: Entry, codings: Codings) -> Timeline:
        """The timeline after one more line. Raises InputError for one that cannot be done."""
        if entry.kind == UNDO:
            return self._undo(entry)
        if entry.kind == REDO:
            return self._redo(entry)
        work = applied(self.work, entry, codings)
        return self._after(entry, (*self.works, work), (*self.done, entry), ())

    def _after(
        self, entry: Entry, works: tuple[Work, ...], done: tuple[Entry, ...], undone: tuple[tuple[Entry, Work], ...]
    ) -> Timeline:
        gap = (entry.at - self.last).total_seconds() if self.last else 0.0
        seconds = self.seconds + (gap if 0 <= gap <= LONGEST_THOUGHT else 0.0)
        return Timeline(works, done, undone, entry.number, seconds, entry.at)

    def replayed(self, entries: Iterable[Entry], codings: Codings) -> Timeline:
        """The timeline after all these lines; one that this version refuses changes nothing, the rest holds.

        An action that is refused here was done where it was written: it stands without effect, so that an undo behind
        it takes back that one and no other.
        """
        timeline = self
        for entry in entries:
            try:
                timeline = timeline.then(entry, codings)
            except InputError:
                timeline = timeline._passed_over(entry)
        return timeline

    def _passed_over(self, entry: Entry) -> Timeline:
        if entry.kind in (UNDO, REDO):
            return replace(self, number=entry.number)
        return self._after(entry, (*self.works, self.work), (*self.done, entry), ())

    def _undo(self, entry: Entry) -> Timeline:
        if not self.done:
            raise InputError("There is nothing to undo.")
        *works, last = self.works
        after = self._after(entry, tuple(works), self.done[:-1], (*self.undone, (self.done[-1], last)))
        return replace(after, told=f"Undone: {last.said}")

    def _redo(self, entry: Entry) -> Timeline:
        if not self.undone:
            raise InputError("There is nothing to do again.")
        *undone, (again, work) = self.undone
        after = self._after(entry, (*self.works, work), (*self.done, again), tuple(undone))
        return replace(after, told=f"Done again: {work.said}")
