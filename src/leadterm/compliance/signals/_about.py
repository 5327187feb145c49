"""What a signal is judged with: the providers, the rules, the period, and the tables that a user has installed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol

from leadterm.codesets.lists.exclusions import Exclusions
from leadterm.codesets.lists.peer_services import PeerServices
from leadterm.codesets.payment.ncci import PractitionerPtp
from leadterm.domain import DateRange, Signal, SignalPeers, SignalPlace, SignalSubject, Statistic

from ._rules import SignalRule
from ._visits import People, Visit

RiskAdjusted = Callable[[date], frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Tables:
    """What a user has installed; signals that need what is absent are silent.

    Attributes:
        peers: Services of peers by specialty and code.
        pairs: Procedure-to-procedure edits of NCCI.
        excluded: The list of excluded individuals and entities.
        risk_adjusted: Gives the ICD-10-CM codes (without dots) that a model of risk adjustment counts on a day.
    """

    peers: PeerServices | None = None
    pairs: PractitionerPtp | None = None
    excluded: Exclusions | None = None
    risk_adjusted: RiskAdjusted | None = None


@dataclass(frozen=True)
class About:
    """What is known when a period is judged.

    Attributes:
        tested: What each kind of signal judged, by NPI and key (a family of codes, a pair): filled while judging.
    """

    people: People
    rules: Mapping[str, SignalRule]
    period: DateRange
    tables: Tables
    tested: defaultdict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def signal(
        self,
        rule: SignalRule,
        subject: SignalSubject,
        statistic: Statistic,
        threshold: float,
        counted: tuple[float, float],
        reason: str,
        claims: tuple[str, ...],
        count: int,
        peers: SignalPeers | None = None,
        certainty: str = "strong",
        places: tuple[SignalPlace, ...] = (),
    ) -> Signal:
        """A signal of a rule; `counted` are numerator and denominator."""
        return Signal(
            *(rule.kind, rule.id, subject, self.period, statistic, threshold, *counted, peers, rule.citation),
            *(claims, count, reason, rule.innocent, certainty, places),
        )

    @cached_property
    def specialties(self) -> Sequence[str | None]:
        """The specialty of each provider, by place."""
        return self.people.specialties

    def judged(self, kind: str, by: int, key: object = "") -> None:
        """Notes that a provider was judged for a kind of signal; `key` tells apart what was judged of one provider."""
        self.tested[kind].add((self.people.npis[by], str(key)))

    def subject(self, by: int, **more: str | None) -> SignalSubject:
        """A provider as the subject of a signal."""
        people = self.people
        return SignalSubject(people.roles[by], people.npis[by], self.specialties[by], **more)


class Watcher(Protocol):
    """Looks at every claim once, keeps counts, and says at the end what differs."""

    def see(self, visit: Visit) -> None:
        """Counts a claim."""

    def judge(self, about: About) -> Iterator[Signal]:
        """The signals of a period; counts in `about.tested` what it compared."""


class Shown:
    """The newest claims of each key, at most so many, and how many there were."""

    __slots__ = ("_ids", "counts", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        self._ids: dict[int, list[str]] = {}
        self.counts: dict[int, int] = {}

    def add(self, key: int, claim: str) -> None:
        """Remembers a claim of a key."""
        count = self.counts.get(key, 0)
        self.counts[key] = count + 1
        if count == 0:
            self._ids[key] = [claim]
        elif count < self.most:
            self._ids[key].append(claim)
        else:
            self._ids[key][count % self.most] = claim

    def of(self, key: int) -> tuple[str, ...]:
        """The claims of a key, in order."""
        return tuple(sorted(self._ids.get(key, ())))
