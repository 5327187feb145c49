"""Providers beside those of their specialty: who lies beyond the funnel, by more than it takes to matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from leadterm.domain import Signal, SignalPeers, SignalSubject, Statistic

from ._about import About
from ._funnel import Funnel, accepted, funnel, share, share_variance, unshared
from ._rules import SignalRule


@dataclass(frozen=True, slots=True)
class Case:
    """A provider's value with its sampling variance.

    Attributes:
        by: Place of the provider.
        key: What distinguishes cases of one provider (a family of codes).
        value, variance: On the scale on which it is compared.
        shown: The value as people read it (a share, a level).
        count: Denominator.
        top: Numerator.
    """

    by: int
    key: Hashable
    value: float
    variance: float
    shown: float
    top: float
    count: float


@dataclass(frozen=True, slots=True)
class Beyond:
    """A case beyond the funnel: how far, and what it was compared with."""

    case: Case
    distance: float
    peers: SignalPeers


def share_case(by: int, key: Hashable, top: float, count: float) -> Case:
    """A share as a case."""
    return Case(by, key, share(top, count), share_variance(count), top / count, top, count)


DISTANCE = "standard deviations above peers"


def signal_of(
    b: Beyond, rule: SignalRule, about: About, subject: SignalSubject, reason: str, claims: tuple[str, ...], count: int
) -> Signal:
    """The signal of a case beyond its peers."""
    statistic = Statistic(DISTANCE, round(b.distance, 2))
    counted = (b.case.top, b.case.count)
    return about.signal(rule, subject, statistic, rule["z"], counted, reason, claims, count, b.peers)


def in_percent(b: Beyond) -> str:
    """Own share and that of peers, for a sentence."""
    return (
        f"{b.case.top:.0f} of {b.case.count:.0f} ({100 * b.peers.observed:.0f} %), which differs from the"
        f" {100 * b.peers.value:.0f} % that {b.peers.count:,} {b.peers.what} show"
    )


def beyond_peers(
    cases: Iterable[Case], rule: SignalRule, about: About, shares: bool, mixed: bool = False
) -> list[Beyond]:
    """The cases that lie above those of the same specialty and key, farthest first.

    A group with fewer than `peers` members is silent. `shares`: whether values are on the scale of shares; `mixed`:
    whether providers of all specialties are compared with each other.
    """
    groups: dict[tuple[Hashable, ...], list[Case]] = defaultdict(list)
    for case in cases:
        specialty = about.specialties[case.by]
        if mixed or specialty is not None:
            groups[None if mixed else specialty, case.key].append(case)
    found = list(_judged(groups.values(), int(rule["peers"])))
    for case, *_ in found:
        about.judged(rule.kind, case.by, case.key)
    told = (
        (Beyond(case, distance, _told(case, one, shares, about, mixed)), chance)
        for case, one, distance, chance in found
    )
    return passing(told, rule, about)


def passing(judged: Iterable[tuple[Beyond, float]], rule: SignalRule, about: About) -> list[Beyond]:
    """Of all that were compared, each with its chance, those that pass every gate, farthest first.

    The gates: distance (`z`; 3.5 is what Iglewicz and Hoaglin 1993 recommend for distances from robust centres), share
    of false discoveries among all that were compared (`false-discoveries`), and a difference that matters
    (`difference`), so that many services alone make no signal.
    """
    found = list(judged)
    limit = accepted([chance for _, chance in found], rule["false-discoveries"])
    passed = [b for b, chance in found if b.distance >= rule["z"] and chance <= limit]
    enough = [b for b in passed if b.peers.observed - b.peers.value >= rule["difference"]]
    return sorted(enough, key=lambda b: (-b.distance, about.people.npis[b.case.by], str(b.case.key)))


def _judged(groups: Iterable[list[Case]], least: int) -> Iterator[tuple[Case, Funnel, float, float]]:
    for cases in groups:
        if len(cases) >= max(least, 3):
            one = funnel([c.value for c in cases], [c.variance for c in cases])
            for case in cases:
                distance = one.distance(case.value, case.variance)
                yield case, one, distance, one.chance(distance)


def _told(case: Case, one: Funnel, shares: bool, about: About, mixed: bool) -> SignalPeers:
    specialty = about.specialties[case.by]
    who = "others in the data" if mixed else f"others of {specialty} in the data"
    if not shares:
        return SignalPeers(who, one.peers - 1, one.centre, case.shown, one.spread)
    centre, above = unshared(one.centre), unshared(one.centre + one.spread)
    return SignalPeers(who, one.peers - 1, centre, case.shown, above - centre)
