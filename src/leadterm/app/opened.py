"""A chart as it stands: its kept row, the work on it, and what the edits say; how the queue tells of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from leadterm import desk
from leadterm.desk import Action, Entry, Obstacle, Timeline, Work
from leadterm.domain import CodedEncounter, Encounter, Finding, InputError, Status
from leadterm.review import Recoding
from leadterm.storage.charts import KeptAction, KeptChart

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Opened:
    """A chart as it stands.

    Attributes:
        chart: What is kept of it.
        timeline: The work and what can be undone.
        findings: What the edits say of the codes as they stand, permissions included.
        obstacles: Why the coding cannot be finished yet.
        permittable: The rules of its findings whose questions a person may permit.
    """

    chart: KeptChart
    timeline: Timeline
    findings: tuple[Finding, ...]
    obstacles: tuple[Obstacle, ...]
    permittable: frozenset[str] = frozenset()

    @property
    def work(self) -> Work:
        """The present work."""
        return self.timeline.work

    @property
    def number(self) -> int:
        """How many lines the chart's log has: what tells whether a page is of today."""
        return self.timeline.number

    @property
    def coded(self) -> CodedEncounter:
        """The codes with the findings as they stand: what is given out."""
        return replace(self.work.coded, findings=self.findings)


@dataclass(frozen=True, slots=True)
class Came:
    """Late documents that came to a chart.

    Attributes:
        before, after: The chart as it stood before them and after them.
        changed: What they changed of its codes.
        line: Number of their line in the log; None where they told nothing new, so that nothing was kept.
    """

    before: Opened
    after: Opened
    changed: Recoding
    line: int | None


class ChartMissing(InputError):
    """There is no chart of that id."""


def summary(opened: Opened) -> dict[str, Any]:
    """What the queue shows of a chart."""
    work = opened.work
    standing = [a for a in work.coded.assignments if a.status is not Status.REJECTED]
    return described(work.encounter) | {
        "codes": [a.code.value for a in standing[:4]],
        "count": len(standing),
        "open": len(work.undecided),
        "errors": sum(f.stands for f in opened.findings),
        "obstacles": len(opened.obstacles),
        "tally": desk.write_tally(desk.tally(opened.timeline)),
    }


def described(encounter: Encounter) -> dict[str, Any]:
    """What the queue shows of an encounter, coded or not."""
    day = encounter.controlling_date
    return {
        "setting": encounter.setting.value,
        "date": day.isoformat() if day else None,
        "age": encounter.patient.age_on(day),
        "sex": encounter.patient.sex.value,
    }


def shown(name: str) -> str:
    """A name that every database can keep: not too long, without what is no character or only steers a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name[:LONGEST_NAME])


def entry_of(line: KeptAction) -> Entry:
    """A line of the log as the desk reads it; without its action where this version cannot read it."""
    action: Action | None = None
    if line.kind not in (desk.UNDO, desk.REDO):
        with suppress(InputError):
            action = desk.read(line.kind, line.payload)
    return Entry(line.number, line.kind, action, line.by, line.at)
