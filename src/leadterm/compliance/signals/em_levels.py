"""Levels of evaluation and management: a provider's mean level beside peers of the same specialty.

The mean level, not each level by itself: it moves with every shift upward, and one test a family is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from leadterm.domain import Signal, SignalPeers

from ._about import About, Shown, Tables
from ._funnel import Funnel
from ._peers import Beyond, Case, beyond_peers, passing, signal_of
from ._rules import SignalRule
from ._tables import rows
from ._visits import Visit

KIND = "em-levels"
FAMILIES = tuple((row["family"], tuple(row["codes"].split())) for row in rows("em_levels"))
# Family and level (from 0) of each code.
LEVELS = {code: (at, level) for at, (_, codes) in enumerate(FAMILIES) for level, code in enumerate(codes)}
MOST_LEVELS = 5
# Claims of the two highest levels of a family are shown.
SHOWN_LEVELS = 2
HIGH = {code for _, codes in FAMILIES for code in codes[-SHOWN_LEVELS:]}
# The least variance of a level within a provider: who bills one level always is not thereby certain.
LEAST_VARIANCE = 0.1


class Watcher:
    """Counts levels by provider and family."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._counts: dict[int, list[int]] = {}
        self._shown = Shown(shown)

    def see(self, visit: Visit) -> None:
        """Counts the levels of a claim."""
        for service in visit.services:
            found = LEVELS.get(service.code)
            if found is None:
                continue
            key = service.by * len(FAMILIES) + found[0]
            counts = self._counts.get(key)
            if counts is None:
                counts = self._counts[key] = [0] * MOST_LEVELS
            counts[found[1]] += 1
            if service.code in HIGH:
                self._shown.add(key, visit.id)

    def judge(self, about: About) -> Iterator[Signal]:
        """A signal for each provider and family whose mean level lies above the peers'."""
        rule = about.rules[KIND]
        cases = self._cases(rule["smallest"])
        loaded = [found for case in cases if (found := _loaded(case, rule, about)) is not None]
        known = {id(b.case) for b, _ in loaded}
        for b, _ in loaded:
            about.judged(KIND, b.case.by, b.case.key)
        others = [case for case in cases if id(case) not in known]
        for b in [*passing(loaded, rule, about), *beyond_peers(others, rule, about, shares=False)]:
            yield self._signal(b, rule, about)

    def _cases(self, smallest: float) -> list[Case]:
        enough = {key: counts for key, counts in self._counts.items() if sum(counts) >= smallest}
        within = _within(enough)
        found = []
        for key, counts in enough.items():
            by, family = divmod(key, len(FAMILIES))
            n, mean = sum(counts), _mean(counts)
            high = sum(counts[len(FAMILIES[family][1]) - SHOWN_LEVELS :])
            found.append(Case(by, family, mean, within[family] / n, mean, high, n))
        return found

    def _signal(self, b: Beyond, rule: SignalRule, about: About) -> Signal:
        family = int(str(b.case.key))
        name, codes = FAMILIES[family]
        key = b.case.by * len(FAMILIES) + family
        reason = (
            f"The mean level of {name} is {b.case.shown:.2f} of {len(codes)} over {b.case.count:.0f} services, which"
            f" differs from the {b.peers.value:.2f} that {b.peers.count:,} {b.peers.what} show."
        )
        shown, count = self._shown.of(key), self._shown.counts.get(key, 0)
        return signal_of(b, rule, about, about.subject(b.case.by, code=name), reason, shown, count)


def _mean(counts: Sequence[float]) -> float:
    """The mean level, 1 for the lowest code."""
    return sum(level * n for level, n in enumerate(counts, 1)) / sum(counts)


def _within(counts: Mapping[int, Sequence[float]]) -> Mapping[int, float]:
    """The variance of levels within providers, pooled, by family."""
    squares: dict[int, float] = defaultdict(float)
    services: dict[int, float] = defaultdict(float)
    for key, some in counts.items():
        mean, family = _mean(some), key % len(FAMILIES)
        squares[family] += sum(n * (level - mean) ** 2 for level, n in enumerate(some, 1))
        services[family] += sum(some)
    return {family: max(LEAST_VARIANCE, squares[family] / services[family]) for family in services}


def _loaded(case: Case, rule: SignalRule, about: About) -> tuple[Beyond, float] | None:
    """The case beside the peers' services that the user has loaded; None where they do not tell of it."""
    specialty, peers = about.specialties[case.by], about.tables.peers
    if peers is None or specialty is None:
        return None
    services = peers.services(specialty)
    counts = [services.get(code, 0) for code in FAMILIES[int(str(case.key))][1]]
    n = sum(counts)
    if n < rule["smallest"]:
        return None
    one = Funnel(_mean(counts), rule["spread"], 0)
    distance = one.distance(case.value, case.variance + case.variance * case.count / n)
    what = f"services of {specialty} in the peers' distribution"
    return Beyond(case, distance, SignalPeers(what, int(n), one.centre, case.shown, one.spread)), one.chance(distance)
