"""The 60-day clock: written as cases (dates in, the two deadlines out), and what must hold for all dates."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.compliance import Clock, Event, Happened, State, clock
from leadterm.compliance.standards import standards
from leadterm.domain import InputError


def dates(written: str) -> list[Happened]:
    """`identified 2026-03-01; investigation 2026-03-05` as dated events."""
    parts = (part.split() for part in written.split(";") if part.strip())
    return [Happened(date.fromisoformat(day), Event(event)) for event, day in parts]


def at(written: str, on: str) -> Clock:
    return clock(dates(written), date.fromisoformat(on))


def told(written: str, on: str) -> str:
    """`report by DAY state left · return by DAY state left`."""
    found = at(written, on)
    assert found.report
    assert found.give_back
    return " · ".join(
        f"{what} {d.day} {d.state} {d.days_left if d.left_when_resumed is None else f'[{d.left_when_resumed}]'}"
        for what, d in (("report", found.report), ("return", found.give_back))
    )


# --- cases ---

CASES = [
    # 60 days after identification, whatever the month has; a leap day counts.
    ("identified 2026-03-01", "2026-03-01", "report 2026-04-30 running 60 · return 2026-04-30 running 60"),
    ("identified 2026-03-01", "2026-04-30", "report 2026-04-30 running 0 · return 2026-04-30 running 0"),
    ("identified 2026-03-01", "2026-05-01", "report 2026-04-30 overdue -1 · return 2026-04-30 overdue -1"),
    ("identified 2028-01-01", "2028-01-01", "report 2028-03-01 running 60 · return 2028-03-01 running 60"),
    ("identified 2027-01-01", "2027-01-01", "report 2027-03-02 running 60 · return 2027-03-02 running 60"),
    ("identified 2028-02-29", "2028-02-29", "report 2028-04-29 running 60 · return 2028-04-29 running 60"),
    # The later of the two dates.
    (
        "identified 2026-03-01; cost-report 2026-05-31",
        "2026-03-01",
        "report 2026-05-31 running 91 · return 2026-05-31 running 91",
    ),
    (
        "identified 2026-03-01; cost-report 2026-04-29",
        "2026-03-01",
        "report 2026-04-30 running 60 · return 2026-04-30 running 60",
    ),
    # An investigation from the first day: 180 days and the 60.
    (
        "identified 2026-03-01; investigation 2026-03-01",
        "2026-06-01",
        "report 2026-10-27 suspended [60] · return 2026-10-27 suspended [60]",
    ),
    (
        "identified 2026-03-01; investigation 2026-03-01",
        "2026-08-28",
        "report 2026-10-27 running 60 · return 2026-10-27 running 60",
    ),
    # Ten days ran before it; concluded after 40 days, the amount five days later.
    (
        "identified 2026-03-01; investigation 2026-03-11; concluded 2026-04-20; calculated 2026-04-25",
        "2026-04-26",
        "report 2026-06-14 running 49 · return 2026-06-14 running 49",
    ),
    # Concluded without an amount: it lasts on, up to its cap.
    (
        "identified 2026-03-01; investigation 2026-03-11; concluded 2026-04-20",
        "2026-04-26",
        "report 2026-10-17 suspended [50] · return 2026-10-17 suspended [50]",
    ),
    # One that begins on the last day holds the deadline up; a day later nothing does.
    (
        "identified 2026-03-01; investigation 2026-04-30",
        "2026-05-02",
        "report 2026-08-28 suspended [0] · return 2026-08-28 suspended [0]",
    ),
    (
        "identified 2026-03-01; investigation 2026-05-01",
        "2026-05-02",
        "report 2026-04-30 overdue -2 · return 2026-04-30 overdue -2",
    ),
    # A disclosure reports, and suspends returning without an end that is known.
    (
        "identified 2026-03-01; oig-disclosure 2026-03-31",
        "2026-09-01",
        "report 2026-04-30 met None · return None suspended [30]",
    ),
    (
        "identified 2026-03-01; srdp-disclosure 2026-03-31; srdp-ended 2026-10-01; reported 2026-03-31",
        "2026-10-02",
        "report 2026-04-30 met None · return 2026-10-31 running 29",
    ),
    (
        "identified 2026-03-01; repayment-request 2026-04-01",
        "2026-05-10",
        "report 2026-04-30 overdue -10 · return None suspended [29]",
    ),
    # Two at once are counted once.
    (
        "identified 2026-03-01; investigation 2026-03-01; concluded 2026-05-01; calculated 2026-05-01; "
        "repayment-request 2026-04-01; repayment-ended 2026-06-01",
        "2026-06-01",
        "report 2026-06-30 running 29 · return 2026-07-31 running 60",
    ),
    # Done.
    (
        "identified 2026-03-01; reported 2026-04-01; returned 2026-04-30",
        "2026-06-01",
        "report 2026-04-30 met None · return 2026-04-30 met None",
    ),
    (
        "identified 2026-03-01; reported 2026-04-01; returned 2026-05-01",
        "2026-06-01",
        "report 2026-04-30 met None · return 2026-04-30 late None",
    ),
    # The standard of the day of identification: before 2025 an investigation suspends nothing.
    (
        "identified 2024-12-31; investigation 2024-12-31",
        "2025-01-15",
        "report 2025-03-01 running 45 · return 2025-03-01 running 45",
    ),
    (
        "identified 2025-01-01; investigation 2025-01-01",
        "2025-01-15",
        "report 2025-08-29 suspended [60] · return 2025-08-29 suspended [60]",
    ),
    (
        "identified 2024-06-01; oig-disclosure 2024-06-11",
        "2024-07-01",
        "report 2024-07-31 met None · return None suspended [50]",
    ),
    # The statute alone knows no suspension.
    (
        "identified 2015-01-01; oig-disclosure 2015-01-11",
        "2015-02-01",
        "report 2015-03-02 running 29 · return 2015-03-02 running 29",
    ),
]


@pytest.mark.parametrize(("written", "on", "wanted"), CASES)
def test_the_deadlines_of_a_day(written: str, on: str, wanted: str) -> None:
    assert told(written, on) == wanted


def test_nothing_runs_before_something_is_identified() -> None:
    found = at("information 2026-02-01; received 2025-01-01; identified 2026-03-01", "2026-02-28")
    assert (found.identified, found.report, found.give_back, found.standard) == (None, None, None, None)
    assert [line.day for line in found.lines] == [date(2025, 1, 1), date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("identified", "reach"),
    [
        ("2026-03-02", "2020-03-02"),
        ("2026-03-01", "2020-02-29"),  # six years from 29 February end on 1 March
        ("2026-02-28", "2020-02-28"),
        ("2028-02-29", "2022-03-01"),
        ("2028-03-01", "2022-03-01"),
    ],
)
def test_the_lookback_reaches_six_years_back(identified: str, reach: str) -> None:
    first = date.fromisoformat(reach)
    before = first - timedelta(days=1)
    found = at(f"identified {identified}; received {first}; received {before}", identified)
    assert (found.reaches_back_to, found.outside) == (first, (before,))


def test_every_step_says_what_it_rests_on() -> None:
    for standard in standards():
        on = max(standard.start, date(2010, 3, 23))
        events = [Happened(on, e) for e in Event]
        lines = clock(events, on + timedelta(days=400)).lines
        assert {line.day for line in lines} > {on}
        assert [line.words for line in lines if not line.cite and "Credible" not in line.words] in ([], [
            "A payment that may be too high was received."
        ]), lines  # fmt: skip


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("identified 2026-03-01; identified 2026-03-02", "two dates for “identified”"),
        ("identified 2026-03-01; oig-ended 2026-04-01", "“oig-ended” needs an earlier date for “oig-disclosure”"),
        ("investigation 2026-03-02; concluded 2026-03-01", "“concluded” needs an earlier date"),
        ("identified 2010-03-22", "Before 2010-03-23 there was no clock"),
    ],
)
def test_dates_that_contradict_are_refused(written: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        at(written, "2026-12-31")


# --- what always holds ---

FIRST = date(2025, 1, 1)
few = settings(max_examples=40)
ENDED = {Event.OIG_ENDED: Event.OIG, Event.SRDP_ENDED: Event.SRDP, Event.REPAYMENT_ENDED: Event.REPAYMENT,
         Event.CONCLUDED: Event.INVESTIGATION}  # fmt: skip
DAYS = st.integers(0, 700).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def histories(draw: st.DrawFn) -> list[Happened]:
    """An overpayment that was identified, with any other dates that do not contradict each other."""
    days = {event: draw(DAYS) for event in draw(st.sets(st.sampled_from(list(Event)))) | {Event.IDENTIFIED}}
    for end, start in ENDED.items():
        if end in days:
            days[start], days[end] = sorted((days.get(start) or draw(DAYS), days[end]))
    return [Happened(day, event) for event, day in days.items()]


def late(day: date | None) -> date:
    return day or date.max


def asked(history: list[Happened], on: date) -> Clock:
    return clock(history, max(on, next(h.day for h in history if h.event is Event.IDENTIFIED)))


@few
@given(histories(), DAYS, st.randoms())
def test_the_order_of_dates_does_not_matter(history: list[Happened], on: date, chance: random.Random) -> None:
    other = history * 2
    chance.shuffle(other)
    assert clock(other, on) == clock(history, on)


@few
@given(histories(), DAYS)
def test_a_deadline_is_never_earlier_than_the_days_and_the_cost_report(history: list[Happened], on: date) -> None:
    found = asked(history, on)
    assert found.report
    assert found.give_back
    assert found.identified
    least = [found.identified + timedelta(days=60), *(h.day for h in history if h.event is Event.COST_REPORT)]
    assert late(found.report.day) >= max(least)
    assert late(found.give_back.day) >= late(found.report.day)


@few
@given(histories(), DAYS)
def test_an_investigation_gives_at_most_its_180_days(history: list[Happened], on: date) -> None:
    found = asked(history, on)
    assert found.report
    assert found.report.day
    assert found.identified
    most = [found.identified + timedelta(days=240), *(h.day for h in history if h.event is Event.COST_REPORT)]
    assert found.report.day <= max(most)


@few
@given(histories(), DAYS, st.sampled_from([Event.INVESTIGATION, *ENDED.values()]), DAYS)
def test_a_suspension_more_never_brings_a_deadline_forward(
    history: list[Happened], on: date, kind: Event, day: date
) -> None:
    without = [h for h in history if h.event is not kind and ENDED.get(h.event) is not kind]
    before, after = asked(without, on), asked([*without, Happened(day, kind)], on)
    assert before.give_back
    assert after.give_back
    assert late(after.give_back.day) >= late(before.give_back.day)


@few
@given(histories(), DAYS)
def test_what_happens_later_changes_nothing(history: list[Happened], on: date) -> None:
    known = [h for h in history if h.day <= on or h.event is Event.COST_REPORT]
    assert clock(known, on) == clock(history, on)


@few
@given(histories(), DAYS)
def test_state_and_days_left_agree(history: list[Happened], on: date) -> None:
    found = asked(history, on)
    for deadline in (found.report, found.give_back):
        assert deadline
        if deadline.state in (State.MET, State.LATE):
            assert deadline.done
            assert deadline.days_left is None
        elif deadline.days_left is not None:
            assert (deadline.days_left < 0) == (deadline.state is State.OVERDUE)
        else:
            assert (deadline.day, deadline.state) == (None, State.SUSPENDED)
