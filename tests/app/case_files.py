"""Case files over a database: signals that are invented, an officer, a clock that ticks a minute a step.

`python -m app.case_files HOME URL ORGANISATION` adds notes to a case for ever and says each number when it is kept.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from compliance.notation import action
from leadterm.app.compliance import Case, Compliance
from leadterm.compliance.casefile import Note
from leadterm.domain import DateRange, Signal, SignalPeers, SignalPlace, SignalSubject, Statistic
from leadterm.storage import Database, open_database

OFFICER, PROVIDER = "J. Rivera", "1234567893"
NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)


def signal(npi: str | None = PROVIDER, code: str = "99211-99215", name: str | None = None, year: int = 2026) -> Signal:
    """A signal on levels of visits in the first quarter of a year."""
    return Signal(
        kind="em-levels",
        rule="LEADTERM:signals/em-levels",
        subject=SignalSubject("rendering", npi, "207Q00000X", name, code),
        period=DateRange(date(year, 1, 1), date(year, 3, 31)),
        statistic=Statistic("standard deviations above peers", 4.25),
        threshold=3.0,
        numerator=412.0,
        denominator=120.0,
        peers=SignalPeers("others of 207Q00000X in the data", 31, 3.1, 3.43, 0.08),
        source="Medicare Claims Processing Manual, chapter 12, section 30.6.1",
        claims=("C1", "C2"),
        claim_count=120,
        reason="Levels of established visits lie above those of peers.",
        innocent="Sicker patients would explain it.",
        places=(SignalPlace("V1", "d1", 0, 40), SignalPlace("V2", "d7", 0, 44)),
    )


def ticking() -> Callable[[], datetime]:
    """A minute later each time that it is asked."""
    minutes = count()
    return lambda: NOON + timedelta(minutes=next(minutes))


def at_work(database: Database, **people: list[str]) -> Compliance:
    """Case files over a database; `people`: what persons are also known by."""
    return Compliance(database, {name.replace("_", " "): known for name, known in people.items()}, ticking())


def worked(compliance: Compliance, case: str, actions: str, by: str = OFFICER) -> Case:
    """The case after these actions, in the notation of tests/compliance."""
    found = compliance.case(case)
    for part in filter(str.strip, actions.split(";")):
        found = compliance.act(case, action(part), by)
    return found


def main(home: str, url: str, organisation: str) -> None:
    with open_database(Path(home), url, organisation) as database:
        compliance = Compliance(database)
        case, _ = compliance.open(signal(), OFFICER)
        for number in count():
            file = compliance.act(case.id, Note(f"note {number}"), OFFICER).file
            print(file.number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
