"""What belongs together and is billed apart: parts of a panel, and pairs of services that others bill on one claim.

Each line of a professional claim that is no visit is kept as one number of 8 bytes: patient, day, claim and code.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, groupby
from statistics import median
from typing import cast
from zlib import crc32

from leadterm.domain import Signal

from ._about import About, Shown, Tables
from ._codes import Kind, kind_of
from ._peers import beyond_peers, in_percent, share_case, signal_of
from ._rules import SignalRule
from ._tables import rows
from ._visits import Visit

PANEL_RULE, APART_RULE = "panel-parts", "billed-apart"
PANELS = tuple((row["panel"], frozenset(row["parts"].split())) for row in rows("panels"))
IN_PANELS = frozenset(code for panel, parts in PANELS for code in (panel, *parts))
WHOLE = frozenset(panel for panel, _ in PANELS)
SMALLEST_PANEL = min(len(parts) for _, parts in PANELS)
# A line as a number: patient (24 bits), day (16), claim (8), code (16).
CODE, CLAIM, DAY = 16, 24, 40
FIRST_DAY = date(1970, 1, 1).toordinal()
# Claims of a provider and code that are remembered.
MOST_SHOWN = 8
# What others must show before a pair counts as one that belongs together.
LEAST_OTHERS, LEAST_EACH, LEAST_PAIRS = 5, 3, 30
Pair = tuple[int, int]


@dataclass(slots=True)
class _Counted:
    """A pair: times together and times apart, over all and by provider."""

    together: int = 0
    apart: int = 0
    by: dict[int, tuple[int, int]] = field(default_factory=dict)


class Watcher:
    """Keeps the lines of each provider, packed."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._lines: dict[int, array[int]] = {}
        self._codes: dict[str, int] = {}
        self._names: list[str] = []
        self._claims: list[int] = []
        self._parts = Shown(shown)
        self._shown = Shown(min(shown, MOST_SHOWN))

    def see(self, visit: Visit) -> None:
        """Keeps the lines of a professional claim."""
        if not visit.professional:
            return
        parts = visit.codes & IN_PANELS
        if len(parts) >= SMALLEST_PANEL and parts.isdisjoint(WHOLE):
            self._parts.add(visit.by, visit.id)
        claim = crc32(visit.id.encode()) & 0xFF
        for s in visit.services:
            kind = kind_of(s.code)
            if kind == Kind.OTHER or kind == Kind.VISIT or (kind == Kind.LABORATORY and s.code not in IN_PANELS):
                continue
            code = self._codes.get(s.code)
            if code is None:
                code = self._codes[s.code] = len(self._names) & 0xFFFF
                self._names.append(s.code)
                self._claims.append(0)
            self._claims[code] += 1
            lines = self._lines.get(s.by)
            if lines is None:
                lines = self._lines[s.by] = array("Q")
            number = (visit.patient & 0xFFFFFF) << DAY | ((s.day - FIRST_DAY) & 0xFFFF) << CLAIM
            lines.append(number | claim << CODE | code)
            if kind != Kind.LABORATORY:
                self._shown.add(s.by << CODE | code, visit.id)

    def judge(self, about: About) -> Iterator[Signal]:
        """Signals for panels, then for pairs."""
        yield from self._panels(about)
        yield from self._pairs(about)

    def _panels(self, about: About) -> Iterator[Signal]:
        rule = about.rules[PANEL_RULE]
        cases = []
        for by, lines in self._lines.items():
            parts, days = self._panel_days(lines)
            if days >= rule["smallest"]:
                cases.append(share_case(by, PANEL_RULE, parts, days))
        for b in beyond_peers(cases, rule, about, shares=True, mixed=True):
            reason = f"Days on which the parts of a laboratory panel stand one by one are {in_percent(b)}."
            by = b.case.by
            shown, count = self._parts.of(by), self._parts.counts.get(by, 0)
            yield signal_of(b, rule, about, about.subject(by), reason, shown, count)

    def _panel_days(self, lines: Iterable[int]) -> tuple[int, int]:
        """Days of patients with the parts of a panel and no panel, and all days with a panel or its parts."""
        wanted = {self._codes[code] for code in IN_PANELS if code in self._codes}
        some = sorted(line for line in lines if line & 0xFFFF in wanted)
        parts = whole = 0
        for _, of_day in groupby(some, key=lambda line: line >> CLAIM):
            codes = {self._names[line & 0xFFFF] for line in of_day}
            if any(panel in codes for panel, _ in PANELS):
                whole += 1
            elif len(codes) >= SMALLEST_PANEL and any(needed <= codes for _, needed in PANELS):
                parts += 1
        return parts, parts + whole

    def _pairs(self, about: About) -> Iterator[Signal]:
        rule = about.rules[APART_RULE]
        counted: defaultdict[Pair, _Counted] = defaultdict(_Counted)
        for by, lines in self._lines.items():
            for pair, (together, apart) in self._of_provider(lines, int(rule["days"])).items():
                one = counted[pair]
                one.together += together
                one.apart += apart
                one.by[by] = (together, apart)
        yield from self._apart(counted, rule, about)

    def _of_provider(self, lines: Iterable[int], window: int) -> Mapping[Pair, tuple[int, int]]:
        found: dict[Pair, tuple[int, int]] = {}
        laboratory = {n for n, code in enumerate(self._names) if kind_of(code) == Kind.LABORATORY}
        some = sorted(line for line in lines if line & 0xFFFF not in laboratory)
        for _, of_patient in groupby(some, key=lambda line: line >> DAY):
            claims: defaultdict[int, set[int]] = defaultdict(set)
            for line in of_patient:
                claims[line & 0xFFFF].add(line >> CODE & 0xFFFFFF)
            for one, other in combinations(sorted(claims), 2):
                together, apart = _counted(claims[one], claims[other], window)
                if together or apart:
                    before = found.get((one, other), (0, 0))
                    found[one, other] = before[0] + together, before[1] + apart
        return found

    def _apart(self, counted: Mapping[Pair, _Counted], rule: SignalRule, about: About) -> Iterator[Signal]:
        cases = []
        for pair, one in counted.items():
            if self._bundled(pair, about) or self._belongs(pair, one, rule):
                for by, (together, apart) in one.by.items():
                    if together + apart >= rule["smallest"]:
                        cases.append(share_case(by, pair, apart, together + apart))
        names = {pair: sorted(self._names[n] for n in pair) for pair in counted}
        for b in beyond_peers(cases, rule, about, shares=True, mixed=True):
            pair = cast(Pair, b.case.key)
            one_code, other_code = names[pair]
            reason = f"Pairs of {one_code} and {other_code} that stand apart are {in_percent(b)}."
            subject = about.subject(b.case.by, code=one_code, other=other_code)
            shown = {claim for code in pair for claim in self._shown.of(b.case.by << CODE | code)}
            count = sum(self._shown.counts[b.case.by << CODE | code] for code in pair)
            yield signal_of(b, rule, about, subject, reason, tuple(sorted(shown)), count)

    def _belongs(self, pair: Pair, one: _Counted, rule: SignalRule) -> bool:
        """Whether most providers bill the pair on one claim, and the rarer service seldom without the other."""
        shares = [
            together / (together + apart) for together, apart in one.by.values() if together + apart >= LEAST_EACH
        ]
        if len(shares) <= LEAST_OTHERS or median(shares) < rule["together"]:
            return False
        return one.together >= rule["bound"] * min(self._claims[pair[0]], self._claims[pair[1]])

    def _bundled(self, pair: Pair, about: About) -> bool:
        edits = about.tables.pairs
        on = about.period.end or about.period.start
        return edits is not None and edits.either(self._names[pair[0]], self._names[pair[1]], on) is not None


def _counted(one: set[int], other: set[int], window: int) -> tuple[int, int]:
    """Claims of a patient with both, and pairs of claims with one each within so many days."""
    both = one & other
    if len(both) == len(one) or len(both) == len(other):
        return len(both), 0
    left, right = sorted(one - both), sorted(other - both)
    apart = at = 0
    for claim in left:
        day = claim >> 8
        while at < len(right) and (right[at] >> 8) < day - window:
            at += 1
        if at < len(right) and (right[at] >> 8) <= day + window:
            apart += 1
            at += 1
    return len(both), apart
