"""Providers on the OIG's list of exclusions, on the days on which their exclusion is in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from leadterm.codesets.lists.exclusions import Exclusion
from leadterm.domain import Provider, Signal, SignalSubject, Statistic

from ._about import About, Shown, Tables
from ._rules import SignalRule
from ._visits import Visit

KIND = "excluded-provider"
BY_NPI, BY_NAME = "strong", "weak"


class Watcher:
    """Counts claims of each provider who is on the list; all others are looked up once and passed over."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._list = tables.excluded
        self._known: dict[tuple[str | None, ...], int] = {}
        self._places: dict[tuple[str | None, ...], int] = {}
        self._rows: list[tuple[tuple[Exclusion, ...], str, SignalSubject]] = []
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
            if at < 0 or at in seen:
                continue
            seen.add(at)
            self._claims[at] += 1
            on = date.fromordinal(visit.first)
            if any(row.in_force(on) for row in self._rows[at][0]):
                self._shown.add(at, visit.id)

    def _place(self, provider: Provider) -> int:
        """The place of a provider among those on the list; -1 for one who is not."""
        if provider.npi:
            self._npis.add(provider.npi)
        rows, certainty = self._looked_up(provider)
        if not rows:
            return -1
        name = provider.name or " ".join(filter(None, (provider.first_name, provider.last_name))) or None
        named = name if certainty == BY_NAME else None
        subject = SignalSubject(provider.role.value, provider.npi, provider.taxonomy, named)
        # One who is on the list by NPI is one, however the claims spell the name and in whatever role.
        key = (subject.npi,) if certainty == BY_NPI else (subject.npi, named)
        at = self._places.setdefault(key, len(self._rows))
        if at == len(self._rows):
            self._rows.append((rows, certainty, subject))
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
        rows, certainty, subject = self._rows[at]
        count, every = self._shown.counts[at], self._claims[at]
        row = max(rows, key=lambda r: r.since)
        how = "NPI" if certainty == BY_NPI else "name alone"
        waived = f"; a waiver for {row.waiver_state} is noted" if row.waived else ""
        reason = (
            f"By {how}, the provider is on the list since {row.since} ({row.type}), which is worth a look for"
            f" {count} of {every} claims{waived}."
        )
        statistic = Statistic("claims on days of an exclusion", count)
        shown = self._shown.of(at)
        return about.signal(rule, subject, statistic, 1, (count, every), reason, shown, count, None, certainty)
