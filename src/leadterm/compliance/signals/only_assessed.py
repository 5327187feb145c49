"""Risk-adjusting diagnoses that stand on one assessment visit and nowhere else in the period.

By category (three characters): E11.22 at an assessment and E11.9 at a visit support each other. Claims for tests,
supplies and drugs alone support nothing, as in risk adjustment. Kept: a number for each patient and category.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from leadterm.domain import CodeSystem, Signal

from ._about import About, Tables
from ._codes import seen_for
from ._peers import beyond_peers, in_percent, share_case, signal_of
from ._tables import rows
from ._visits import Visit

KIND = "only-assessed"
PLACES = {code: frozenset(row["places"].split()) for row in rows("assessments") for code in row["codes"].split()}
CATEGORY = 3
SUPPORTED = -1
MIDSUMMER = (7, 1)
NONE: frozenset[str] = frozenset()
# Places the patient's number and the category side by side, so that no two pairs share a key but by rare chance.
SPREAD = 1_000_003


class Watcher:
    """Keeps for each patient and category of risk whether more than one assessment bears it."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._most = shown
        self._risk_adjusted = tables.risk_adjusted
        self._counted: dict[int, frozenset[str]] = {}
        self._days: dict[int, frozenset[str]] = {}
        self._categories: dict[str, str] = {}
        self._found: dict[int, int] = {}
        self._visits: list[tuple[int, int, str]] = []
        self._assessed: Counter[int] = Counter()

    def see(self, visit: Visit) -> None:
        """Notes the risk-adjusting diagnoses of a claim."""
        if self._risk_adjusted is None:
            return
        counts = self._days.get(visit.first)
        if counts is None:
            counts = self._of_day(visit.first)
        if not counts:
            return
        categories = {
            d.code.value[:CATEGORY]
            for d in visit.claim.diagnoses
            if d.code.value in counts and d.code.system is CodeSystem.ICD10CM
        }
        if categories and (not visit.professional or any(map(seen_for, visit.codes))):
            self._note(visit, categories)

    def _note(self, visit: Visit, categories: set[str]) -> None:
        assessment = visit.professional and is_assessment(visit)
        if assessment:
            self._visits.append((visit.by, visit.first, visit.id))
            self._assessed[visit.by] += len(categories)
        place = len(self._visits) - 1
        for category in categories:
            key = (visit.patient * SPREAD + int(category, 36)) & 0xFFFFFFFFFFFFFFFF
            before = self._found.get(key)
            if before is None:
                self._found[key] = place if assessment else SUPPORTED
            elif before != SUPPORTED and not (assessment and self._visits[before][1] == visit.first):
                self._found[key] = SUPPORTED

    def judge(self, about: About) -> Iterator[Signal]:
        """A signal for each provider of assessments whose diagnoses stand nowhere else more often than others'."""
        rule = about.rules[KIND]
        alone: Counter[int] = Counter()
        claims: dict[int, set[str]] = {}
        for place in self._found.values():
            if place != SUPPORTED:
                by, _, claim = self._visits[place]
                alone[by] += 1
                claims.setdefault(by, set()).add(claim)
        cases = [share_case(by, KIND, alone[by], n) for by, n in self._assessed.items() if n >= rule["smallest"]]
        for b in beyond_peers(cases, rule, about, shares=True, mixed=True):
            found = sorted(claims[b.case.by])
            reason = f"Risk-adjusting diagnoses that only one assessment visit bears are {in_percent(b)}."
            yield signal_of(b, rule, about, about.subject(b.case.by), reason, tuple(found[: self._most]), len(found))

    def _of_day(self, day: int) -> frozenset[str]:
        """The codes that count in that day's year, with their dots."""
        year = date.fromordinal(day).year
        if year not in self._counted:
            assert self._risk_adjusted is not None
            bare = self._risk_adjusted(date(year, *MIDSUMMER)) or NONE
            self._counted[year] = frozenset(c if len(c) <= CATEGORY else f"{c[:CATEGORY]}.{c[CATEGORY:]}" for c in bare)
        found = self._days[day] = self._counted[year]
        return found


def is_assessment(visit: Visit) -> bool:
    """Whether a claim is of an assessment visit, by one of its codes and the place."""
    for s in visit.services:
        places = PLACES.get(s.code)
        if places is not None and (not places or s.place in places):
            return True
    return False
