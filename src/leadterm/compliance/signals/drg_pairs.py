"""Stays by their MS-DRGs: the share of the higher group of a pair, and of stays of a day, beside other hospitals.

Where too few hospitals are there to compare, a hospital's second half of the period is compared with its first.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping
from statistics import NormalDist

from leadterm.domain import Claim, Signal, SignalPeers, Statistic, plain_day

from ._about import About, Shown, Tables
from ._funnel import Funnel, accepted, share
from ._peers import Beyond, Case, beyond_peers, in_percent, passing, share_case, signal_of
from ._rules import SignalRule
from ._tables import rows
from ._visits import Visit

KIND = "drg-pairs"
SHORT = "short stays"
# Left, transferred, or died on the way: a short stay that says nothing.
NOT_SHORT = frozenset({"02", "05", "07", "20", "43", "62", "63", "65", "66", "82", "85", "90", "91", "93", "94"})
INPATIENT = "11"


def _groups(text: str) -> Iterator[str]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield from (f"{n:03}" for n in range(int(first), int(last or first) + 1))


TARGETS = tuple((row["name"], row["higher"], row["all"]) for row in rows("drg_pairs"))
NAMES = (*(name for name, _, _ in TARGETS), SHORT)
# Of each group: the targets that it counts in, and whether as a higher one.
OF_DRG: Mapping[str, tuple[tuple[int, bool], ...]] = {
    drg: tuple(
        (at, drg in set(_groups(higher)))
        for at, (_, higher, every) in enumerate(TARGETS)
        if drg in set(_groups(every)) | set(_groups(higher))
    )
    for drg in {d for _, higher, every in TARGETS for d in (*_groups(higher), *_groups(every))}
}
GROUPS = {name: (higher, every) for name, higher, every in TARGETS}


class Watcher:
    """Counts stays by hospital and target."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._counts: dict[int, tuple[array[int], array[int]]] = {}
        self._shown = Shown(shown)

    def see(self, visit: Visit) -> None:
        """Counts an inpatient claim that bears a group."""
        claim = visit.claim
        if visit.professional or claim.drg is None or not _inpatient(claim):
            return
        for target, higher in OF_DRG.get(claim.drg, ()):
            self._add(visit, target, higher)
        if claim.disposition is not None and claim.disposition not in NOT_SHORT and claim.admission is not None:
            self._add(visit, len(TARGETS), visit.last - plain_day(claim.admission).toordinal() <= 1)

    def _add(self, visit: Visit, target: int, higher: bool) -> None:
        key = visit.by * len(NAMES) + target
        days = self._counts.get(key)
        if days is None:
            days = self._counts[key] = array("I"), array("I")
        days[0 if higher else 1].append(visit.last)
        if higher:
            self._shown.add(key, visit.id)

    def judge(self, about: About) -> Iterator[Signal]:
        """A signal for each hospital and target whose share lies above the others' (or above its own past)."""
        rule = about.rules[KIND]
        cases = []
        for key, (higher, lower) in self._counts.items():
            by, target = divmod(key, len(NAMES))
            n = len(higher) + len(lower)
            if n >= rule["smallest"]:
                cases.append(share_case(by, NAMES[target], len(higher), n))
        told = [found for case in cases if (found := _loaded(case, rule, about)) is not None]
        known = {id(b.case) for b, _ in told}
        rest = [case for case in cases if id(case) not in known]
        few = {name for name in NAMES if sum(case.key == name for case in rest) < rule["peers"]}
        for b, _ in told:
            about.judged(KIND, b.case.by, b.case.key)
        beyond = beyond_peers([c for c in rest if c.key not in few], rule, about, shares=True, mixed=True)
        for b in [*passing(told, rule, about), *beyond]:
            yield self._signal(b, rule, about)
        yield from self._own_past([c for c in rest if c.key in few], rule, about)

    def _signal(self, b: Beyond, rule: SignalRule, about: About) -> Signal:
        name = str(b.case.key)
        key = b.case.by * len(NAMES) + NAMES.index(name)
        groups = _groups_of(name)
        reason = f"{_stays(name)}{f' ({groups})' if groups else ''} are {in_percent(b)}."
        subject = about.subject(b.case.by, drg=groups, code=name)
        return signal_of(b, rule, about, subject, reason, self._shown.of(key), self._shown.counts.get(key, 0))

    def _own_past(self, cases: list[Case], rule: SignalRule, about: About) -> Iterator[Signal]:
        middle = (about.period.start.toordinal() + (about.period.end or about.period.start).toordinal() + 1) // 2
        judged = []
        for case in cases:
            higher, lower = self._counts[case.by * len(NAMES) + NAMES.index(str(case.key))]
            halves = [(sum(d < middle for d in x), sum(d >= middle for d in x)) for x in (higher, lower)]
            (a, b), (c, d) = halves
            if min(a + c, b + d) >= rule["smallest"]:
                variance = 1 / (4 * (a + c) + 2) + 1 / (4 * (b + d) + 2) + rule["spread"] ** 2
                distance = (share(b, b + d) - share(a, a + c)) / math.sqrt(variance)
                peers = SignalPeers("stays in the own first half of the period", a + c, a / (a + c), b / (b + d))
                judged.append((case, distance, peers, (b, b + d)))
                about.judged(KIND, case.by, case.key)
        limit = accepted([1 - NormalDist().cdf(j[1]) for j in judged], rule["false-discoveries"])
        for case, distance, peers, counted in judged:
            chance = 1 - NormalDist().cdf(distance)
            enough = peers.observed - peers.value >= rule["difference"]
            if distance >= rule["z"] and chance <= limit and enough:
                yield self._changed(case, distance, peers, counted, rule, about)

    def _changed(
        self, case: Case, distance: float, peers: SignalPeers, counted: tuple[int, int], rule: SignalRule, about: About
    ) -> Signal:
        name = str(case.key)
        key = case.by * len(NAMES) + NAMES.index(name)
        reason = (
            f"{_stays(name)} are {counted[0]} of {counted[1]} in the second half of the period,"
            f" which differs from the {100 * peers.value:.0f} % of the first."
        )
        subject = about.subject(case.by, drg=_groups_of(name), code=name)
        statistic = Statistic("standard deviations above the own past", round(distance, 2))
        shown, count = self._shown.of(key), self._shown.counts.get(key, 0)
        return about.signal(rule, subject, statistic, rule["z"], counted, reason, shown, count, peers)


def _stays(name: str) -> str:
    return "Stays of one day or less" if name == SHORT else f"Stays in the higher groups of {name}"


def _groups_of(name: str) -> str | None:
    """`871 of 871 872`; None for short stays, which may be of any group."""
    return " of ".join(GROUPS[name]) if name in GROUPS else None


def _inpatient(claim: Claim) -> bool:
    bill = (claim.type_of_bill or "").removeprefix("0")
    return bill.startswith(INPATIENT) if bill else claim.admission is not None


def _loaded(case: Case, rule: SignalRule, about: About) -> tuple[Beyond, float] | None:
    """The case beside the stays of peers that the user has loaded; None where they do not tell of it."""
    specialty, peers = about.specialties[case.by], about.tables.peers
    if peers is None or specialty is None or case.key == SHORT:
        return None
    services = peers.services(specialty)
    higher, every = (set(_groups(text)) for text in GROUPS[str(case.key)])
    n = sum(services.get(drg, 0) for drg in every | higher)
    if n < rule["smallest"]:
        return None
    top = sum(services.get(drg, 0) for drg in higher)
    one = Funnel(share(top, n), rule["spread"], 0)
    distance = one.distance(case.value, case.variance + 1 / (4 * n + 2))
    what = f"stays of {specialty} in the peers' distribution"
    told = SignalPeers(what, int(n), top / n, case.shown, None)
    return Beyond(case, distance, told), one.chance(distance)
