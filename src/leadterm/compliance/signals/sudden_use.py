"""Codes that a provider had not used, or rarely, and now uses: a change in the provider's own past.

For each month as the month of change, uses since then are compared with uses before, given the services of the provider
and how the use of others of the specialty changed in the same months (seasons, new codes). The test is the conditional
one of two Poisson counts (Przyborowski and Wilenski 1940), on counts divided by the overdispersion of honest months;
the best month's chance is multiplied by the number of months that were tried.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from leadterm.domain import Signal, SignalPeers, Statistic

from ._about import About, Shown, Tables
from ._funnel import accepted, incomplete_beta
from ._rules import SignalRule
from ._visits import Visit

KIND = "sudden-use"
# Months told apart: of a longer period nothing is said.
MONTHS = 36
CODE_BITS = 20
CODE_MASK = (1 << CODE_BITS) - 1
# Uses with which a provider counts fully for a season; share of a specialty that counts as steady.
FULL_WEIGHT, STEADY = 10, 0.1
EMPTY = array("I", bytes(4 * MONTHS))


@dataclass(frozen=True, slots=True)
class _Series:
    """Uses of a code by a provider, and all the provider's services, by month."""

    by: int
    code: int
    own: list[int]
    services: list[int]

    def moves(self) -> list[float]:
        """The rate of each month over that of all, times the weight of the provider; the weight stands last."""
        weight = min(1.0, sum(self.own) / FULL_WEIGHT)
        rate = sum(self.own) / sum(self.services)
        return [weight * (n / s / rate if s else 1.0) for n, s in zip(self.own, self.services, strict=True)] + [weight]


@dataclass(frozen=True, slots=True)
class _Change:
    """A change in use: by whom, of which code, since which month (counted from the first), counts and rates."""

    by: int
    code: int
    since: int
    uses: int
    services: int
    uses_before: int
    services_before: int
    ratio: float
    chance: float


class Watcher:
    """Counts services by provider, code and month."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._uses: dict[int, array[int]] = {}
        self._services: dict[int, array[int]] = {}
        self._codes: dict[str, int] = {}
        self._months: dict[int, int] = {}
        self._span: tuple[int, int] | None = None
        self._shown = Shown(min(shown, 8))

    def see(self, visit: Visit) -> None:
        """Counts the services of a professional claim."""
        if not visit.professional or not visit.services:
            return
        day = visit.first
        month = self._months.get(day)
        if month is None:
            month = self._month(day)
        at = month % MONTHS
        by = visit.by
        services = self._services.get(by)
        if services is None:
            services = self._services[by] = EMPTY[:]
        for code in visit.codes:
            number = self._codes.get(code)
            if number is None:
                number = self._codes[code] = len(self._codes)
            key = by << CODE_BITS | number
            uses = self._uses.get(key)
            if uses is None:
                uses = self._uses[key] = EMPTY[:]
            uses[at] += 1
            services[at] += 1
            self._shown.add(key, visit.id)

    def _month(self, day: int) -> int:
        on = date.fromordinal(day)
        month = self._months[day] = on.year * 12 + on.month - 1
        first, last = self._span or (month, month)
        self._span = min(first, month), max(last, month)
        return month

    def judge(self, about: About) -> Iterator[Signal]:
        """A signal for each provider and code whose use has begun or risen far above its past."""
        if self._span is None or not 1 <= self._span[1] - self._span[0] < MONTHS:
            return
        rule = about.rules[KIND]
        changes = list(self._changes(rule, about))
        limit = accepted([change.chance for change in changes], rule["false-discoveries"])
        names = {number: code for code, number in self._codes.items()}
        for c in sorted(changes, key=lambda c: (c.chance, about.people.npis[c.by], names[c.code])):
            share = c.uses / c.services
            if c.chance <= limit and c.ratio >= rule["ratio"] and share >= rule["share"] and c.uses >= rule["smallest"]:
                yield self._signal(c, names[c.code], rule, about)

    def _signal(self, c: _Change, code: str, rule: SignalRule, about: About) -> Signal:
        assert self._span is not None
        month = self._span[0] + c.since
        since = f"{month // 12}-{month % 12 + 1:02}"
        before = c.uses_before / c.services_before
        reason = (
            f"{code} is {c.uses} of {c.services} services since {since}, which differs from the {c.uses_before} of"
            f" {c.services_before} before."
        )
        key = c.by << CODE_BITS | c.code
        peers = SignalPeers(f"own months before {since}", c.since, before, c.uses / c.services)
        statistic = Statistic("times the past rate", round(c.ratio, 1))
        subject, counted = about.subject(c.by, code=code), (c.uses, c.services)
        return about.signal(
            rule,
            subject,
            statistic,
            rule["ratio"],
            counted,
            reason,
            self._shown.of(key),
            self._shown.counts[key],
            peers,
        )

    def _changes(self, rule: SignalRule, about: About) -> Iterator[_Change]:
        assert self._span is not None
        months = [(self._span[0] + n) % MONTHS for n in range(self._span[1] - self._span[0] + 1)]
        series = [
            _Series(key >> CODE_BITS, key & CODE_MASK, [uses[m] for m in months], self._of(key, months))
            for key, uses in self._uses.items()
        ]
        seasons = _Seasons(series, about.specialties)
        enough = [x for x in series if sum(x.own) >= rule["smallest"] and sum(x.services) >= rule["services"]]
        exposures = [[s * w for s, w in zip(x.services, seasons.of(x), strict=True)] for x in enough]
        dispersion = max(rule["overdispersion"], _dispersion(enough, exposures))
        for x, exposure in zip(enough, exposures, strict=True):
            change = _best(x, exposure, rule, dispersion)
            if change is not None:
                about.judged(KIND, x.by)
                yield change

    def _of(self, key: int, months: Sequence[int]) -> list[int]:
        services = self._services[key >> CODE_BITS]
        return [services[m] for m in months]


class _Seasons:
    """How the use of a code moves with the months among the providers of a specialty, each of whom counts the same.

    A provider with few uses counts for less, and a tenth of the specialty as steady, whatever it does: what fewer do is
    no season.
    """

    def __init__(self, series: Iterable[_Series], specialties: Sequence[str | None]) -> None:
        self._specialties = specialties
        self._sums: dict[tuple[str | None, int], list[float]] = {}
        self._providers: Counter[str | None] = Counter(specialties)
        for one in series:
            sums = self._sums.setdefault((specialties[one.by], one.code), [0.0] * (len(one.own) + 1))
            for n, value in enumerate(one.moves()):
                sums[n] += value

    def of(self, one: _Series) -> list[float]:
        """The use by others in each month over their use in all, 1 for a steady one."""
        specialty = self._specialties[one.by]
        sums = [a - b for a, b in zip(self._sums[specialty, one.code], one.moves(), strict=True)]
        steady = STEADY * self._providers[specialty]
        return [(s + steady) / (sums[-1] + steady) for s in sums[:-1]]


def _dispersion(series: Sequence[_Series], exposures: Sequence[Sequence[float]]) -> float:
    """How much more months vary than Poisson counts: Pearson's statistic by degree of freedom, the middle 80 %."""
    found = []
    for one, exposure in zip(series, exposures, strict=True):
        rate = sum(one.own) / sum(exposure)
        some = [(n, rate * e) for n, e in zip(one.own, exposure, strict=True) if e > 0]
        if len(some) > 1:
            found.append(sum((n - m) ** 2 / m for n, m in some) / (len(some) - 1))
    found.sort()
    cut = len(found) // 10
    middle = found[cut : len(found) - cut]
    return sum(middle) / len(middle) if middle else 1.0


def _best(x: _Series, exposure: Sequence[float], rule: SignalRule, dispersion: float) -> _Change | None:
    """The month of change that is least likely by chance; None where no month has past enough."""
    found: _Change | None = None
    tried = 0
    for since in range(int(rule["before"]), len(x.own)):
        past, now = sum(x.services[:since]), sum(x.services[since:])
        if past < rule["services"] or not now:
            continue
        tried += 1
        chance, ratio = _compared(x.own, exposure, since, dispersion)
        if found is None or chance < found.chance:
            found = _Change(x.by, x.code, since, sum(x.own[since:]), now, sum(x.own[:since]), past, ratio, chance)
    return replace(found, chance=min(1.0, found.chance * tried)) if found else None


def _compared(own: Sequence[int], exposure: Sequence[float], since: int, dispersion: float) -> tuple[float, float]:
    """The chance of as many uses since a month, given all uses; and how many times the past rate they are."""
    before, after = sum(own[:since]), sum(own[since:])
    e0, e1 = sum(exposure[:since]), sum(exposure[since:])
    ratio = (after / e1) / ((before + 0.5) / e0)
    if ratio <= 1 or not after:
        return 1.0, ratio
    return incomplete_beta(after / dispersion, before / dispersion + 1, e1 / (e0 + e1)), ratio
