"""Random steps of a coder over a chart, and what must hold of a chart after each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from leadterm import desk
from leadterm.desk import Action, Entry, Timeline, Work
from leadterm.domain import (
    DIAGNOSIS_ROLES,
    Assignment,
    Code,
    InputError,
    Money,
    Poa,
    Role,
    Span,
    Status,
)

from .notation import OPENED, PACE, TEXT, chart, codings

BEGUN = (
    "outpatient: E11.22 N18.31 I10 99213>1,2 rec:36415 q:x/N18.9 f:R:1/x/I10",
    "inpatient: W01.0XXA S52.501A=Y I10=N 0TJB8ZZ 0T9B70Z q:x/I50.9",
    "outpatient: I10 rec:97110 rec:97110 rec:36415",
    "inpatient:",
)
ANEW = (
    "inpatient: I10=Y E11.22=Y D63.1=N 0TJB8ZZ q:x/N18.9 q:y/D63.1",
    "outpatient: N18.31 W01.0XXA I10 99213>2,1 99213>3 q:x/I50.9",
    "outpatient: Z00.00 rec:97110 rec:97110",
)
CODES = "I10 E11.22 E11.21 N18.31 N18.32 Z79.4 W01.0XXA Y93.01 S52.501A 0TJB8ZZ 0T9B70Z 99213 36415 97110".split()
RULES = ("R:1/x", "R:1/y")
KINDS = (*desk.notation.READERS, *(2 * ["accept", "reject", "add", "replace", "move", "line"]), *(3 * ["undo", "redo"]))
# What takes a code away, or gives back a chart that did not have it.
TAKING = {"reject", "replace", "undo", "redo"}


@dataclass(frozen=True)
class Step:
    """A kind of action and numbers from which its particulars are chosen, whatever the chart then holds."""

    kind: str
    one: int
    two: int


steps = st.lists(st.builds(Step, st.sampled_from(KINDS), st.integers(0, 30), st.integers(0, 30)), max_size=25)
walks = st.tuples(st.sampled_from(BEGUN), steps)


def _of(values: Any, number: int) -> Any:
    return values[number % len(values)]


def _pick(work: Work, number: int) -> str:
    """An id of the chart, sometimes one that is not there."""
    return str(_of([*(a.id for a in work.coded.assignments), "a99"], number))


def _quotes(number: int) -> tuple[desk.Quote, ...]:
    return (desk.Quote("d1", Span(number, number + 9)),) if number % 3 == 0 else ()


def _line(work: Work, one: int, two: int) -> Action:
    points = tuple(_pick(work, one + n) for n in range(two % 4))
    lines = [a.id for a in work.coded.assignments if a.role is Role.CHARGE] or ["a1"]
    price = Money(Decimal(two)) if two % 2 else None
    return desk.EditLine(_of(lines, one), Decimal(two + 1) / 2, ("25", "59")[: two % 3], points, price)


MADE: dict[str, Callable[[Work, int, int], Action]] = {
    "accept": lambda w, one, _: desk.Accept(_pick(w, one)),
    "reject": lambda w, one, two: desk.Reject(
        _pick(w, one), _of(list(desk.RejectReason), two), "so" * (two % 2) or None
    ),
    "reconsider": lambda w, one, _: desk.Reconsider(_pick(w, one)),
    "add": lambda _, one, two: desk.Add(
        Code.parse(_of(CODES, one)), None, _of(list(desk.Method)[1:4], two), _quotes(two)
    ),
    "replace": lambda w, one, two: desk.Replace(_pick(w, one), Code.parse(_of(CODES, two)), "Title"),
    "move": lambda w, one, two: desk.Move(_pick(w, one), two - 3),
    "poa": lambda w, one, two: desk.MarkPoa(_pick(w, one), _of([None, *Poa], two)),
    "line": _line,
    "permit": lambda _, one, two: desk.Permit(_of(RULES, one), tuple(CODES[: two % 3]), "unrelated"),
    "forbid": lambda _, one, two: desk.Forbid(_of(RULES, one), tuple(CODES[: two % 3])),
    "query": lambda w, one, two: desk.WriteQuery(
        _of([*(q.id for q in w.coded.queries), "q9"], one), _of(list(desk.QueryState), two), TEXT[:two]
    ),
    "describe": lambda _, one, __: desk.Describe(one % (len(ANEW) + 2) + 1),
    "late": lambda _, one, two: desk.Late(one % (len(ANEW) + 2) + 1, two % 2 == 0),
    "finish": lambda *_: desk.Finish(),
    "reopen": lambda *_: desk.Reopen(),
}


def entry(step: Step, timeline: Timeline) -> Entry:
    """The line that a step writes. Raises InputError for an action that its own constructor refuses."""
    action = None if step.kind in (desk.UNDO, desk.REDO) else MADE[step.kind](timeline.work, step.one, step.two)
    at = OPENED + PACE * (timeline.number + 1)
    return Entry(timeline.number + 1, step.kind, action, "J. Rivera", at)


def kept(line: Entry) -> Entry:
    """A line as a database gives it back: written, and read again."""
    if line.action is None:
        return line
    read = desk.read(line.kind, json.loads(json.dumps(desk.written(line.action))))
    assert read == line.action
    return Entry(line.number, line.kind, read, line.by, line.at)


def begin(begun: str) -> Timeline:
    """The timeline of a chart of `BEGUN`."""
    return Timeline.begun(chart(begun), OPENED)


def coding(number: int) -> Any:
    """The codings that these charts can be described by."""
    return chart(BEGUN[0]) if number == 1 else codings(*ANEW)(number)


def walked(begun: str, path: list[Step]) -> tuple[list[Timeline], list[Entry]]:
    """Every timeline on the way, the first included, and the lines that were kept; refused steps leave no line."""
    timelines, log = [begin(begun)], []
    for step in path:
        try:
            line = entry(step, timelines[-1])
            timelines.append(timelines[-1].then(line, coding))
        except InputError:
            continue
        log.append(line)
    return timelines, log


def decided(work: Work) -> set[str]:
    """Ids of what a person accepted or entered, and what stands."""
    return {a.id for a in work.coded.assignments if a.decision is not None and a.status is not Status.REJECTED}


def check(work: Work) -> None:
    """What holds of every chart, whatever was done to it."""
    assignments = work.coded.assignments
    assert len({a.id for a in assignments}) == len(assignments)
    for part in range(4):
        _check_family([a for a in assignments if desk.family(a) == part])
    diagnoses = [a for a in assignments if a.role in DIAGNOSIS_ROLES and a.status is not Status.REJECTED]
    assert len({a.code for a in diagnoses}) == len(diagnoses)
    _check_leading(diagnoses, work)
    places = {a.sequence for a in diagnoses}
    for assignment in assignments:
        assert set(assignment.pointers) <= places
        assert not assignment.pointers or assignment.role is Role.CHARGE
        assert (assignment.status is Status.REJECTED) <= (assignment.decision is not None)


def _check_family(assignments: list[Assignment]) -> None:
    """Numbers from 1 without a gap, what was rejected behind what stands."""
    assert [a.sequence for a in assignments] == list(range(1, len(assignments) + 1))
    gone = [a.status is Status.REJECTED for a in assignments]
    assert gone == sorted(gone)


def _check_leading(diagnoses: list[Assignment], work: Work) -> None:
    """The first diagnosis that is no external cause leads, and no other."""
    may = [a for a in diagnoses if a.code.value[0] not in "VWXY"]
    leading = Role.PRINCIPAL if work.encounter.uses_section_two else Role.FIRST_LISTED
    found = [a for a in diagnoses if a.role in (Role.PRINCIPAL, Role.FIRST_LISTED)]
    assert found == may[:1]
    assert {a.role for a in found} <= {leading}
