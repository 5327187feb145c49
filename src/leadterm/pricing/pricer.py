"""Prices bills: each line by the schedule of its day and place, then what lines of one day do to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from leadterm.codesets import CodeBook
from leadterm.domain import Claim, CodedEncounter, DataMissing, InputError, Money

from ._tables import contradiction
from .anesthesia import price_anesthesia
from .bills import Bill, Billed, bill_of, is_facility
from .closing import closed
from .hospital import price_hospital
from .operations import RANKED, rank
from .parts import REDUCED, reduce, sessions_of
from .schedule import Kept, Schedule
from .sides import judge_sides
from .values import STANDARD, Prices, Terms
from .work import ONE, Work, refuse_by_policy, refuse_in_hospital

ANESTHESIA, INJECTION = "J", "T"
# More than a line of any claim has; what lies beyond is a slip, and no amount of money.
MOST_UNITS = 100_000
ACTIVE = frozenset("AR")
NO_DAY = "The service has no date, which decides the schedule."
ADD_ON_ANESTHESIA = frozenset({"01953", "01968", "01969"})
ONE_ANESTHETIC = (
    "Of several anesthetics of one session the highest base units are paid once, with all of the time (MCPM 12.50)."
)
LATE = "Paid with the other services of the day: it is paid only where nothing else of the schedule is (status T)."
NATIONAL_PRICE_IS = "The amounts are national, all indices one."
NATIONAL_PRICE = f"Nothing tells the locality. {NATIONAL_PRICE_IS}"
FOUR_MORE = "The ZIP code {} lies in several localities; its five digits give that of most of it."
MET = "The deductible is taken as met, and every service as one with 20 % coinsurance."


class Pricer:
    """Prices claims, coded encounters and bills on one set of terms; made once, used for many."""

    def __init__(self, book: CodeBook, terms: Terms = STANDARD) -> None:
        self._book, self._terms = book, terms
        self._kept: Kept = {}
        self._schedules: dict[date, Schedule | str] = {}
        self._zips: dict[tuple[str, Schedule], tuple[str | None, str | None]] = {}

    def price(self, subject: Claim | CodedEncounter | Bill) -> Prices:
        """What the schedule allows for each line. Raises InputError for a locality or a ZIP code that nobody knows."""
        bill = bill_of(subject)
        if bill.why:
            return Prices(bill.id, why=bill.why)
        if bill.hospital:
            return price_hospital(bill, self._book, self._terms)
        assumed = dict.fromkeys(() if self._terms.facility is not None else bill.assumed)
        works = [self._open(line, assumed) for line in bill.lines]
        priced = [w for w in works if w.known and not w.anesthetic]
        for work in priced:
            refuse_in_hospital(work)
            if work.line.modifiers:
                refuse_by_policy(work)
        if len(works) > len(priced):
            _anesthetics([w for w in works if w.anesthetic])
        _injections(priced)
        _days(priced)
        lines = tuple(closed(work, self._terms) for work in works)
        amounts = [line.amount for line in lines if line.amount is not None]
        if self._terms.patient_share or self._terms.sequestration:
            assumed[MET] = None
        return Prices(bill.id, lines, Money.total(amounts) if amounts else None, "", tuple(assumed))

    # --- a line by itself ---

    def _open(self, line: Billed, assumed: dict[str, None]) -> Work:
        terms = self._terms
        work = Work(line, terms.facility if terms.facility is not None else is_facility(line.place))
        day = terms.on or line.day
        if not 0 < line.units <= MOST_UNITS:
            work.refuse(f"Nobody is paid for {line.units:f} units.")
        elif not line.service:
            work.refuse(f"{line.code} is no service of the physician fee schedule.")
        elif why := contradiction(line.modifiers) if len(line.modifiers) > 1 else "":
            work.refuse(why)
        elif day is None:
            work.refuse(NO_DAY)
        elif isinstance(schedule := self._schedule(day), str):
            work.refuse(schedule)
        else:
            self._by_schedule(work, schedule, assumed)
        return work

    def _by_schedule(self, work: Work, schedule: Schedule, assumed: dict[str, None]) -> None:
        line = work.line
        if schedule.assumed:
            assumed[schedule.assumed] = None
        if schedule.remark:
            work.remarks.append(schedule.remark)
        work.schedule, work.asked = schedule, True
        work.locality = self._locality(line, schedule, assumed)
        if (row := schedule.row(line.code)) is not None and row.status == ANESTHESIA:
            work.anesthetic = True
            price_anesthesia(work, schedule.base_units(line.code))
            return
        fee = schedule.fee(line.code, work.component, work.facility, work.locality)
        if isinstance(fee, str) and work.component == "53":
            fee = schedule.fee(line.code, "", work.facility, work.locality)
            work.component = ""  # no row of its own: by report
        if isinstance(fee, str):
            work.refuse(fee)
        else:
            work.open(fee)

    def _schedule(self, day: date) -> Schedule | str:
        found = self._schedules.get(day)
        if found is None:
            try:
                found = Schedule(self._book, day, self._terms.apm, self._kept)
            except DataMissing as error:
                if self._terms.apm:
                    raise
                found = str(error)
            self._schedules[day] = found
        return found

    def _locality(self, line: Billed, schedule: Schedule, assumed: dict[str, None]) -> str | None:
        if self._terms.locality:
            return self._terms.locality
        zip_code = self._terms.zip or line.zip
        if not zip_code:
            assumed[NATIONAL_PRICE] = None
            return None
        key = (zip_code, schedule)
        if key not in self._zips:
            self._zips[key] = self._of_zip(zip_code, schedule)
        locality, told = self._zips[key]
        if told:
            assumed[told] = None
        return locality

    def _of_zip(self, zip_code: str, schedule: Schedule) -> tuple[str | None, str | None]:
        """The locality, and what to say of it. Raises for a ZIP code by flag that lies nowhere or cannot be asked."""
        by_flag = self._terms.zip is not None
        try:
            found = schedule.of_zip(zip_code)
        except (InputError, DataMissing) as error:
            if by_flag:
                raise
            found = str(error)
        if not isinstance(found, str):
            return found.locality, FOUR_MORE.format(found.zip) if found.plus_four else None
        if by_flag:
            raise InputError(found)
        return None, f"{found} {NATIONAL_PRICE_IS}"


def _anesthetics(works: Sequence[Work]) -> None:
    """Says of several anesthetics by one person on one day that they are one (MCPM 12.50); add-on codes are none."""
    main = [w for w in works if w.line.code not in ADD_ON_ANESTHESIA]
    who = Counter((w.line.day, w.line.provider, w.line.modifiers) for w in main)
    for work in main:
        if who[work.line.day, work.line.provider, work.line.modifiers] > 1:
            work.remarks.append(ONE_ANESTHETIC)


def _injections(works: Iterable[Work]) -> None:
    """Status T beside another service of the day and provider is not paid by itself."""
    works = list(works)
    if not any(w.fee.row.status == INJECTION for w in works):
        return
    others = {(w.line.day, w.line.provider) for w in works if w.fee.row.status in ACTIVE}
    for work in works:
        if work.fee.row.status == INJECTION and (work.line.day, work.line.provider) in others:
            work.refuse(LATE)


def _days(works: list[Work]) -> None:
    """Counts the units of every line: by itself, or with those of its day that it is reduced with."""
    works = [w for w in works if not w.why]
    judge_sides(works)
    operations: dict[tuple[object, ...], list[Work]] = {}
    tests: dict[date | None, list[Work]] = {}
    for work in works:
        kind = work.fee.row.multiple
        if kind in RANKED and not work.is_complication:
            operations.setdefault((work.line.day, work.line.provider, work.by_assistant), []).append(work)
        elif kind in REDUCED:
            tests.setdefault(work.line.day, []).append(work)
        else:
            _count(work)
    for found in operations.values():
        rank(found)
    for of_day in tests.values():
        for key, together in sessions_of(of_day).items():
            reduce(key[0], together)


def _count(work: Work) -> None:
    work.amount = work.unit if work.count == ONE else Money.rounded(work.unit.amount * work.count)
    if work.count != ONE:
        work.step(f"{work.count:f} units", work.amount, work.count, "units of the line")


def priced(subject: Claim | CodedEncounter | Bill, book: CodeBook, terms: Terms = STANDARD) -> Prices:
    """The prices of one claim or encounter; for many, a `Pricer` keeps what it has read."""
    return Pricer(book, terms).price(subject)
