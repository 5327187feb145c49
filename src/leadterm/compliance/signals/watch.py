"""A period watched: claims go by once, and at the end stand the signals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from leadterm.domain import Claim, CodedEncounter, DateRange, InputError, Signal

from . import drg_pairs, em_levels, exclusions, modifiers, only_assessed, sudden_use, time_of_day, unbundling
from ._about import About, Tables, Watcher
from ._rules import SignalRule, signal_rules
from ._visits import People, unnumbered, visit_of
from .cloned_notes import Reader

SHOWN = 20
WATCHERS = tuple(
    module.Watcher for module in (em_levels, modifiers, unbundling, time_of_day, sudden_use, drg_pairs, only_assessed)
)


class Watch:
    """Sees every claim and every coded encounter of a period once, and keeps counts by provider, code, day and patient.

    The order of claims does not matter, but for which of many are shown. Replacements and voids (frequency 7 and 8) are
    passed over: a service counts once, as it was first billed.
    """

    def __init__(
        self,
        tables: Tables | None = None,
        rules: Mapping[str, SignalRule] | None = None,
        period: DateRange | None = None,
        shown: int = SHOWN,
    ) -> None:
        """A watch over `period` (None: all days that come); `shown` claims stand at most in a signal."""
        if shown < 1:
            raise InputError("A signal shows at least one claim.")
        self._tables = tables or Tables()
        self._rules = rules if rules is not None else signal_rules()
        self._period = period
        self._bounds = (period.start.toordinal(), (period.end or date.max).toordinal()) if period else None
        self._people = People()
        self._days: tuple[int, int] | None = None
        self._excluded = exclusions.Watcher(shown, self._tables)
        self._watchers: tuple[Watcher, ...] = (*(make(shown, self._tables) for make in WATCHERS), self._excluded)
        self._reader = Reader(shown)
        self.claims = 0
        self.judged: Mapping[str, frozenset[tuple[str, str]]] = {}

    def see(self, claim: Claim) -> None:
        """Counts a claim; one whose services begin outside the period is passed over."""
        visit = visit_of(claim, self._people)
        if visit is None:
            self._see_names(claim)
            return
        if not self._within(visit.first, visit.last):
            return
        self.claims += 1
        for watcher in self._watchers:
            watcher.see(visit)

    def _see_names(self, claim: Claim) -> None:
        """Looks up the names of a claim without a provider number, of which nothing else can be counted."""
        visit = unnumbered(claim)
        if visit is not None and self._within(visit.first, visit.last):
            self._excluded.see(visit)

    def see_all(self, claims: Iterable[Claim]) -> Watch:
        """Counts every claim of a stream."""
        for claim in claims:
            self.see(claim)
        return self

    def read(self, coded: CodedEncounter) -> None:
        """Reads the notes of a coded encounter, whose author is the rendering, attending or operating provider."""
        day = coded.encounter.controlling_date
        if day is None or self._within(day.toordinal(), day.toordinal()):
            self._reader.read(coded)

    def signals(self) -> tuple[Signal, ...]:
        """The signals of what was seen, by kind in the order of the rules; `judged` then names who was."""
        if self._days is None:
            return ()
        about = About(self._people, self._rules, self._judged(self._days), self._tables)
        judges = [watcher.judge for watcher in self._watchers]
        found = [signal for judge in (*judges, self._reader.judge) for signal in judge(about)]
        self.judged = {kind: frozenset(judged) for kind, judged in about.tested.items()}
        order = {kind: at for at, kind in enumerate(self._rules)}
        return tuple(sorted(found, key=lambda s: order[s.kind]))

    @property
    def tested(self) -> Mapping[str, int]:
        """How many comparisons each kind of signal made, once `signals` was asked; a kind without one was silent."""
        return {kind: len(judged) for kind, judged in self.judged.items()}

    @property
    def seen(self) -> DateRange | None:
        """The period that is judged: the one given, else the days of what was seen; None where nothing was."""
        return self._judged(self._days) if self._days else self._period

    def _judged(self, days: tuple[int, int]) -> DateRange:
        if self._period is not None and self._period.end is not None:
            return self._period
        start = self._period.start if self._period else date.fromordinal(days[0])
        return DateRange(start, date.fromordinal(days[1]))

    def _within(self, first: int, last: int) -> bool:
        if self._bounds is not None and not self._bounds[0] <= first <= self._bounds[1]:
            return False
        days = self._days
        self._days = (first, last) if days is None else (min(first, days[0]), max(last, days[1]))
        return True
