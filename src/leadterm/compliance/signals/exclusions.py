"""Providers on the OIG's list of exclusions, on the days on which their exclusion is in force.

By NPI where the list has one. Most of its rows have none: these are compared by name, and claims give no birth date
that would tell two of a name apart. So a match by name is a weak signal, and says that it may be somebody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from leadterm.codesets.lists.alike import plain
from leadterm.codesets.lists.exclusions import Exclusion
from leadterm.domain import Provider, ProviderRole, Signal, SignalSubject, Statistic

from ._about import About, Shown, Tables
from ._rules import SignalRule
from ._visits import Visit

KIND = "excluded-provider"
BY_NPI, BY_NAME = "strong", "weak"
# Of two roles of a provider in claims, the earlier of these is told, whichever claim came first.
ROLES = (ProviderRole.RENDERING.value, *(role.value for role in ProviderRole))
# Rows of the list that are told of one provider.
MOST_ROWS = 3
BY_PERSON = "verify it by birth date and Social Security number, which claims do not give"
BY_BUSINESS = "verify it by address and tax number"


class Watcher:
    """Counts claims of each provider who is on the list; all others are looked up once and passed over."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._list = tables.excluded
        self._known: dict[tuple[str | None, ...], int] = {}
        self._places: dict[tuple[str | None, ...], int] = {}
        self._rows: list[tuple[tuple[Exclusion, ...], str, SignalSubject]] = []
        self._held: list[set[Exclusion]] = []
        self._claims: Counter[int] = Counter()
        self._shown = Shown(shown)
        self._npis: set[str] = set()

    def see(self, visit: Visit) -> None:
        """Looks up the providers of a claim."""
        if self._list is None:
            return
        seen = set()
        for provider in visit.claim.providers:
            key = (provider.npi, provider.last_name, provider.first_name, provider.name)
            at = self._known.get(key)
            if at is None:
                at = self._known[key] = self._place(provider)
            if at < 0:
                continue
            self._seen_as(at, provider)
            if at not in seen:
                seen.add(at)
                self._count(at, visit)

    def _seen_as(self, at: int, provider: Provider) -> None:
        """Keeps, of all roles and specialties of a provider, the first: whatever the order of claims."""
        rows, certainty, subject = self._rows[at]
        role = min(subject.role, provider.role.value, key=ROLES.index)
        specialty = min(filter(None, (subject.specialty, provider.taxonomy)), default=None)
        if (role, specialty) != (subject.role, subject.specialty):
            self._rows[at] = rows, certainty, replace(subject, role=role, specialty=specialty)

    def _count(self, at: int, visit: Visit) -> None:
        self._claims[at] += 1
        # A stay that began before an exclusion may go on for a while (42 CFR 1001.1901(c)): its admission counts.
        days = {visit.first, visit.last} if visit.professional else {visit.first}
        held = [row for row in self._rows[at][0] if any(row.in_force(date.fromordinal(day)) for day in days)]
        if held:
            self._held[at].update(held)
            self._shown.add(at, visit.id)

    def _place(self, provider: Provider) -> int:
        """The place of a provider among those on the list; -1 for one who is not."""
        if provider.npi:
            self._npis.add(provider.npi)
        rows, certainty = self._looked_up(provider)
        if not rows:
            return -1
        name = plain(provider.name or " ".join(filter(None, (provider.first_name, provider.last_name)))) or None
        named = name if certainty == BY_NAME else None
        subject = SignalSubject(provider.role.value, provider.npi, provider.taxonomy, named)
        # One who is on the list by NPI is one, however the claims spell the name and in whatever role.
        key = (subject.npi,) if certainty == BY_NPI else (subject.npi, named)
        at = self._places.setdefault(key, len(self._rows))
        if at == len(self._rows):
            self._rows.append((rows, certainty, subject))
            self._held.append(set())
        return at

    def _looked_up(self, provider: Provider) -> tuple[tuple[Exclusion, ...], str]:
        assert self._list is not None
        rows = self._list.by_npi(provider.npi) if provider.npi else ()
        if rows:
            return rows, BY_NPI
        if provider.last_name and provider.first_name:
            rows = self._list.by_person(provider.last_name, provider.first_name)
        elif provider.name:
            rows = self._list.by_business(provider.name)
        # A row with another NPI is of somebody else.
        return tuple(row for row in rows if row.npi is None or provider.npi is None), BY_NAME

    def judge(self, about: About) -> Iterator[Signal]:
        """A signal for each provider with claims on days of an exclusion."""
        about.tested[KIND] |= {(npi, "") for npi in self._npis}
        for at in sorted(self._shown.counts, key=lambda at: self._rows[at][2].key):
            yield self._signal(at, about.rules[KIND], about)

    def _signal(self, at: int, rule: SignalRule, about: About) -> Signal:
        _, certainty, subject = self._rows[at]
        count, every = self._shown.counts[at], self._claims[at]
        held = sorted(self._held[at], key=lambda row: (row.since, row.name, str(row.birth_date)))
        claims = f"{count} of {every} claims"
        reason = _by_npi(held, claims) if certainty == BY_NPI else _by_name(subject.name or "", held, claims)
        whose = "" if certainty == BY_NPI else " of such a name"
        statistic = Statistic(f"claims on days of an exclusion{whose}", count)
        shown = self._shown.of(at)
        return about.signal(rule, subject, statistic, 1, (count, every), reason, shown, count, None, certainty)


def _by_npi(held: Iterable[Exclusion], claims: str) -> str:
    return f"By NPI, the provider is on the list as {_told(held)}, which is worth a look for {claims}."


def _by_name(name: str, held: list[Exclusion], claims: str) -> str:
    """What the list says of such a name, and that it may be of somebody else."""
    verify = BY_PERSON if held[0].last_name else BY_BUSINESS
    return (
        f"By name alone, {name} may be on the list, or be another of such a name: the list has {_told(held)}; {verify},"
        f" before {claims} are worth a look."
    )


def _told(held: Iterable[Exclusion]) -> str:
    """The rows of the list that are in force, oldest first, as far as they are told."""
    rows = [_row(row) for row in held]
    more = f" and {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
    return " and ".join(rows[:MOST_ROWS]) + more


def _row(row: Exclusion) -> str:
    born = f", born {row.birth_date}" if row.birth_date else ""
    state = f", {row.state}" if row.state else ""
    waived = f", a waiver for {row.waiver_state or 'a state'} noted" if row.waived else ""
    return f"{row.name} ({row.type} since {row.since}{born}{state}{waived})"
