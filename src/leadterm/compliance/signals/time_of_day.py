"""Days that are too long: minutes of what a provider billed for a day, by what the codes themselves require.

Anesthesia counts the minutes of its lines (unit `MJ`); of cases directed at once, up to four, a quarter each (QK). What
groups, residents or assistants do, and reduced services, count nothing: these minutes are not one person's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from leadterm.domain import Signal, SignalPeers, Statistic

from ._about import About, Shown, Tables
from ._funnel import binomial_above
from ._peers import Beyond, Case, beyond_peers, in_percent, passing, share_case
from ._rules import SignalRule
from ._tables import rows
from ._visits import Service, Visit

IMPOSSIBLE, LONG = "impossible-day", "long-days"
MINUTES = {
    code: (row["kind"] == "level", int(row["first"]), int(row["each"]))
    for row in rows("minutes")
    for code in row["codes"].split()
}
# Reduced, discontinued; with a resident; by an assistant; in a group; supervision of more than four anesthesia cases.
NOT_ONES_OWN = frozenset({"52", "53", "GC", "GE", "CO", "CQ", "HQ", "AD"})
DIRECTING, DIRECTED_AT_ONCE = "QK", 4
ANESTHESIA_MINUTES = "MJ"
# A day as a number: minutes of defined services, then of levels, then claims (32 bits each).
LEVELS, CLAIMS = 32, 64
FIELD = (1 << LEVELS) - 1
# What one line may say at most: minutes, and days over which they are spread; a line that says more is a mistake.
MOST_MINUTES, MOST_DAYS = 100_000, 62
# Claims of a day are remembered from this many minutes on: most days have fewer.
SHOWN_FROM = 480
DAY_BITS = 22
MINUTES_OF_HOUR = 60
LEAST_SHARE = 0.5


class Watcher:
    """Adds up minutes by provider and day."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._days: dict[int, int] = {}
        self._shown = Shown(shown)

    def see(self, visit: Visit) -> None:
        """Adds the minutes of a claim."""
        if not visit.professional:
            return
        first = True
        for s in visit.services:
            known = MINUTES.get(s.code)
            if known is not None:
                minutes = known[1] + known[2] * max(0, int(s.units) - 1)
            elif s.unit == ANESTHESIA_MINUTES:
                known, minutes = (False, 0, 0), int(s.units)
            else:
                continue
            if (
                0 < minutes <= MOST_MINUTES
                and s.end - s.day < MOST_DAYS
                and (not s.modifiers or NOT_ONES_OWN.isdisjoint(s.modifiers))
            ):
                self._add(s, minutes, known[0], visit.id, first)
                first = False

    def _add(self, s: Service, minutes: int, level: bool, claim: str, first: bool) -> None:
        if DIRECTING in s.modifiers:
            minutes //= DIRECTED_AT_ONCE
        days = s.end - s.day + 1
        if days > 1:
            minutes //= days
        for day in range(s.day, s.end + 1):
            key = s.by << DAY_BITS | day
            total = self._days.get(key, 0) + (minutes << LEVELS if level else minutes) + (first << CLAIMS)
            self._days[key] = total
            if first and (total & FIELD) + (total >> LEVELS & FIELD) > SHOWN_FROM:
                self._shown.add(key, claim)

    def judge(self, about: About) -> Iterator[Signal]:
        """Signals for days that cannot be, then for days that are long again and again."""
        days: defaultdict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for key, minutes in self._days.items():
            days[key >> DAY_BITS][key & ((1 << DAY_BITS) - 1)] = minutes & FIELD, minutes >> LEVELS & FIELD
        yield from self._impossible(days, about)
        yield from self._long(days, about)

    def _impossible(self, days: dict[int, dict[int, tuple[int, int]]], about: About) -> Iterator[Signal]:
        rule = about.rules[IMPOSSIBLE]
        limit = rule["hours"] * MINUTES_OF_HOUR
        for by, own in sorted(days.items()):
            about.judged(IMPOSSIBLE, by)
            over = sorted(day for day, (defined, _) in own.items() if defined > limit)
            if len(over) < rule["days"]:
                continue
            longest = max(over, key=lambda day: own[day][0])
            minutes = own[longest][0]
            reason = (
                f"Services that are defined by their time take {minutes / MINUTES_OF_HOUR:.1f} hours on"
                f" {date.fromordinal(longest)}, which is worth a look ({len(over)} such days)."
            )
            shown, count = self._claims(by, over)
            statistic = Statistic("hours of timed services on the longest day", round(minutes / MINUTES_OF_HOUR, 2))
            counted = minutes, 24 * MINUTES_OF_HOUR
            yield about.signal(rule, about.subject(by), statistic, rule["hours"], counted, reason, shown, count)

    def _long(self, days: dict[int, dict[int, tuple[int, int]]], about: About) -> Iterator[Signal]:
        rule = about.rules[LONG]
        limit = rule["hours"] * MINUTES_OF_HOUR
        long = {by: sorted(d for d, both in own.items() if sum(both) > limit) for by, own in days.items()}
        cases = [
            share_case(by, LONG, len(long[by]), len(own)) for by, own in days.items() if len(own) >= rule["smallest"]
        ]
        among = Counter(about.specialties[case.by] for case in cases)
        many = {specialty for specialty, n in among.items() if specialty is not None and n >= rule["peers"]}
        with_peers = [case for case in cases if about.specialties[case.by] in many]
        rest = [case for case in cases if about.specialties[case.by] not in many]
        for b in [*beyond_peers(with_peers, rule, about, shares=True), *_beside_all(rest, cases, rule, about)]:
            if b.case.top >= rule["days"]:
                yield self._signal(b, long[b.case.by], rule, about)

    def _signal(self, b: Beyond, over: list[int], rule: SignalRule, about: About) -> Signal:
        hours = f"{rule['hours']:g} hours"
        reason = f"Days whose services take more than {hours} are {in_percent(b)}."
        shown, count = self._claims(b.case.by, over)
        statistic, counted = Statistic(f"days of more than {hours}", len(over)), (b.case.top, b.case.count)
        subject = about.subject(b.case.by)
        return about.signal(rule, subject, statistic, rule["days"], counted, reason, shown, count, b.peers)

    def _claims(self, by: int, over: Iterable[int]) -> tuple[tuple[str, ...], int]:
        """Claims of those days, as many as are shown, and how many there are."""
        keys = [by << DAY_BITS | day for day in over]
        found = sorted({claim for key in keys for claim in self._shown.of(key)})
        return tuple(found[: self._shown.most]), sum(self._days[key] >> CLAIMS for key in keys)


def _beside_all(cases: Iterable[Case], every: Sequence[Case], rule: SignalRule, about: About) -> list[Beyond]:
    """Those whose specialty is too small to compare, beside all others, by the binomial chance of as many long days."""
    long, days = sum(c.top for c in every), sum(c.count for c in every)
    found = []
    for case in cases:
        about.judged(LONG, case.by)
        share = (long - case.top + LEAST_SHARE) / (days - case.count + 1)
        chance = binomial_above(int(case.top), int(case.count), share)
        peers = SignalPeers("other providers in the data", len(every) - 1, share, case.shown)
        found.append((Beyond(case, rule["z"], peers), chance))
    return passing(found, rule, about)
