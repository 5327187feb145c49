"""Signals, case files and the clock of overpayments as plain lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from leadterm.compliance import Clock, Deadline, State
from leadterm.compliance.casefile import said
from leadterm.compliance.signals import signal_rules

from .money import counted, shown
from .plain import styled

if TYPE_CHECKING:
    from leadterm.app.compliance import Case
    from leadterm.app.scanning import Scan
    from leadterm.domain import Signal, SignalPlace

STATES = {State.OVERDUE: "red", State.LATE: "red", State.SUSPENDED: "yellow"}
SHOWN_CLAIMS, SHOWN_PAIRS = 8, 8


def print_scan(found: Scan) -> None:
    """Every signal, and over what they were looked for."""
    for one in found.signals:
        print_signal(one)
        print()
    seen = f"{counted(found.claims, 'claim')}, {counted(found.encounters, 'encounter')}"
    period = f" of {found.period.start} to {found.period.end or 'now'}" if found.period else ""
    print(f"{counted(len(found.signals), 'signal')} in {seen}{period}.")
    if silent := [kind for kind in signal_rules() if not found.tested.get(kind)]:
        print(f"Nobody could be judged, for want of data, tables or peers: {', '.join(silent)}.")


def print_signal(one: Signal) -> None:
    """One signal: what, about whom, how much, against what, and what would explain it."""
    print(f"{styled(one.id, 'bold')}  {one.kind}  {shown(about(one))}")
    print(f"  {shown(one.reason)}")
    print(f"  {one.statistic.name} {one.statistic.value:g}, threshold {one.threshold:g}")
    print(f"  {parts(one)}")
    if one.peers is not None:
        spread = "" if one.peers.spread is None else f", spread {one.peers.spread:.3g}"
        against = f"{one.peers.count:,} {shown(one.peers.what)}"
        print(f"  {one.peers.observed:.3g} against {one.peers.value:.3g}{spread}: {against}")
    print(f"  What would explain it: {shown(one.innocent)}")
    print(f"  {styled(one.source, 'dim')}")
    told = one.claims[:SHOWN_CLAIMS]
    more = f" and {one.claim_count - len(told):,} more" if one.claim_count > len(told) else ""
    what = "encounter" if one.places else "claim"
    print(f"  {counted(one.claim_count, what)}: {' '.join(map(shown, told))}{more}")
    for first, other in alike(one)[:SHOWN_PAIRS]:
        print(f"  alike  {_where(first)}  and  {_where(other)}")


def alike(one: Signal) -> list[tuple[SignalPlace, SignalPlace]]:
    """The pairs of places that are nearly the same."""
    return list(zip(one.places[::2], one.places[1::2], strict=False))


def _where(place: SignalPlace) -> str:
    return f"{shown(place.encounter)} {shown(place.document)}"


def about(one: Signal) -> str:
    """Whom and what a signal is about, in a few words, and whether it is weak."""
    subject = one.subject
    what = " with ".join(filter(None, (subject.code, subject.other))) or (
        f"MS-DRG {subject.drg}" if subject.drg else ""
    )
    weak = f"({one.certainty} signal)" if one.certainty != "strong" else ""
    return " ".join(filter(None, (subject.role, subject.npi, subject.name, what, weak)))


def parts(one: Signal) -> str:
    """Numerator and denominator, and what they are."""
    rule = signal_rules().get(one.kind)
    return f"{one.numerator:,.10g} of {one.denominator:,.10g}{f': {rule.counted}' if rule else ''}"


def print_cases(cases: Iterable[Case], on: date) -> None:
    """One line a case."""
    cases = list(cases)
    for case in cases:
        file, one = case.file, case.signal
        due = case.clock(on).give_back
        words = f"  {_until(due)}" if due and due.done is None else ""
        who = shown(file.assigned, "nobody")
        print(f"{styled(case.id, 'bold')}  {file.status:<13} {who:<16} {one.kind}  {shown(about(one))}{words}")
    print(f"{counted(len(cases), 'case')}.")


def print_case(case: Case, on: date) -> None:
    """Everything of a case."""
    file = case.file
    print(f"{styled(case.id, 'bold')}  {file.status}, {shown(file.assigned, 'assigned to nobody')}")
    print_signal(case.signal)
    if file.concerned:
        print(f"  About {', '.join(map(shown, file.concerned))} too: they cannot work it.")
    if file.closed:
        amount = f" {file.closed.amount}" if file.closed.amount else ""
        print(f"  Closed: {file.closed.disposition}{amount}. {shown(file.closed.reason)}")
    for item in file.evidence:
        print(f"  evidence  {item.kind} {shown(item.id)}{f'  sha256 {item.digest}' if item.digest else ''}")
    if file.dates:
        print()
        print_clock(case.clock(on))
    print()
    for entry in file.entries:
        undone = "" if entry.stands else "  (undone)"
        words = f"{entry.kind:<9} {shown(said(entry.action))}{undone}"
        print(f"  {entry.number:>3}  {entry.at:%Y-%m-%d %H:%M}  {shown(entry.by):<16}  {words}".rstrip())


def print_clock(clock: Clock) -> None:
    """Until when, and every step with what it rests on."""
    if clock.standard is None:
        print(f"On {clock.on} nothing is identified, so no clock runs.")
    else:
        print(f"On {clock.on}, by {clock.standard.words}")
    for name, deadline in (("report", clock.report), ("return", clock.give_back)):
        if deadline is not None:
            print(f"  {name:<7} {_until(deadline)}  {styled(deadline.cite, 'dim')}")
    for day in clock.outside:
        print(f"  Received {day}: outside the lookback.")
    for line in clock.lines:
        print(
            f"  {line.day.isoformat() if line.day else 'no day':<10}  {line.words}  {styled(line.cite, 'dim')}".rstrip()
        )


def days(number: int) -> str:
    """`1 day`, `2 days`."""
    return f"{number:,} day{'' if number == 1 else 's'}"


def _until(deadline: Deadline) -> str:
    """`by 2026-04-30, 12 days left`, `suspended, 30 days left when it goes on`, `done 2026-04-20`."""
    if deadline.done is not None:
        words = f"done {deadline.done}" + (
            f", late: it was due by {deadline.day}" if deadline.state is State.LATE else ""
        )
    elif deadline.state is State.OVERDUE:
        words = f"overdue since {deadline.day}, {days(-(deadline.days_left or 0))}"
    elif deadline.state is State.SUSPENDED:
        latest = f", by {deadline.day} at the latest" if deadline.day else ""
        words = f"suspended, {days(deadline.left_when_resumed or 0)} left when it goes on{latest}"
    else:
        words = f"by {deadline.day}, {days(deadline.days_left or 0)} left"
    return styled(words, STATES[deadline.state]) if deadline.state in STATES else words
