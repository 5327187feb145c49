"""What must hold whatever a coder does: thousands of random walks over charts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from leadterm import desk
from leadterm.domain import InputError

from .notation import without_words
from .steps import TAKING, Step, begin, check, coding, decided, entry, kept, walked, walks

# The same properties twice: some hundreds of walks on every run, ten thousand on the slow one.
LONG = settings(max_examples=10_000)
SHORT = settings(max_examples=300)
Walk = tuple[str, list[Step]]


def every_chart_is_in_order(walk: Walk) -> None:
    for timeline in walked(*walk)[0]:
        check(timeline.work)


def what_a_person_decided_stays(walk: Walk) -> None:
    """Accepted and entered codes go by rejecting or replacing them, or by taking back what made them; never else."""
    timelines, log = walked(*walk)
    for before, after, line in zip(timelines, timelines[1:], log, strict=False):
        if line.kind not in TAKING:
            standing = {a.id for a in after.work.coded.assignments if a.status != "rejected"}
            assert decided(before.work) <= standing, line


def undo_gives_back_what_was(walk: Walk) -> None:
    timelines, log = walked(*walk)
    for before, after, line in zip(timelines, timelines[1:], log, strict=False):
        if line.kind == desk.UNDO:
            continue
        undone = after.then(entry(Step("undo", 0, 0), after), coding)
        assert without_words(undone.work) == without_words(before.work)
        again = undone.then(entry(Step("redo", 0, 0), undone), coding)
        assert without_words(again.work) == without_words(after.work)


def the_log_replayed_is_the_work(walk: Walk) -> None:
    """At every number, and from every number on; each line is written and read on the way."""
    timelines, log = walked(*walk)
    lines = [kept(line) for line in log]
    for number, timeline in enumerate(timelines):
        assert begin(walk[0]).replayed(lines[:number], coding) == timeline
    half = len(log) // 2
    assert timelines[half].replayed(lines[half:], coding) == timelines[-1]


def everything_can_be_counted_and_hindered(walk: Walk) -> None:
    for timeline in walked(*walk)[0]:
        tally = desk.tally(timeline)
        assert tally.suggested == tally.accepted + tally.rejected + tally.open
        assert desk.read_tally(desk.write_tally(tally)) == tally
        desk.obstacles(timeline.work, desk.permitted(timeline.work).findings)
        for share in (tally.precision, tally.recall):
            assert share is None or 0 <= share <= 1


PROPERTIES = (
    every_chart_is_in_order,
    what_a_person_decided_stays,
    undo_gives_back_what_was,
    the_log_replayed_is_the_work,
    everything_can_be_counted_and_hindered,
)


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda p: p.__name__)
@SHORT
@given(walks)
def test_holds(holds: Any, walk: Walk):
    holds(walk)


@pytest.mark.slow
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda p: p.__name__)
@LONG
@given(walks)
def test_holds_ten_thousand_times(holds: Any, walk: Walk):
    holds(walk)


def test_the_walks_do_what_coders_do():
    """Else the properties say little: of the steps of a long walk, most are done and every kind is among them."""
    path = [
        Step(kind, n % 29, n % 17) for n in range(60) for kind in ("accept", "undo", "redo", *desk.notation.READERS)
    ]
    timelines, log = walked("outpatient: E11.22 N18.31 I10 99213>1,2 rec:36415 q:x/N18.9 f:R:1/x/I10", path)
    assert {line.kind for line in log} == {*desk.notation.READERS, "undo", "redo"}
    assert len(log) > len(path) / 4
    assert timelines[-1].number == len(log)


def test_a_step_that_is_refused_leaves_the_timeline_as_it_was():
    before = begin("inpatient:")
    with pytest.raises(InputError):
        before.then(entry(Step("accept", 0, 0), before), coding)
    assert before == begin("inpatient:")
