"""Modifier 25 on visits beside procedures, and modifiers 59 and X{EPSU} on what NCCI bundles, beside peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from leadterm.domain import Signal

from ._about import About, Shown, Tables
from ._codes import Kind, kind_of
from ._peers import beyond_peers, in_percent, share_case, signal_of
from ._visits import Service, Visit

VISIT_RULE, PAIR_RULE = "modifier-25", "modifier-59"
SEPARATE = "25"
DISTINCT = frozenset({"59", "XE", "XP", "XS", "XU"})
WITH_VISIT, WITH_DISTINCT = "with a visit with modifier 25 beside a procedure", "with modifier 59 or X{EPSU}"
OPENED = "on which modifier 59 or X{EPSU} opens a pair that NCCI bundles"


class Watcher:
    """Counts claims with procedures, and those of them that bear the modifiers, by provider."""

    def __init__(self, shown: int, tables: Tables) -> None:
        self._pairs = tables.pairs
        self._with_procedure: dict[int, int] = {}
        self._with_service: dict[int, int] = {}
        self._separate = Shown(shown)
        self._distinct = Shown(shown)

    def see(self, visit: Visit) -> None:
        """Counts a professional claim."""
        if not visit.professional:
            return
        by = visit.by
        kinds = [kind_of(s.code) for s in visit.services]
        if Kind.PROCEDURE in kinds:
            self._with_procedure[by] = self._with_procedure.get(by, 0) + 1
            if any(k == Kind.VISIT and SEPARATE in s.modifiers for k, s in zip(kinds, visit.services, strict=True)):
                self._separate.add(by, visit.id)
        elif Kind.SERVICE not in kinds and Kind.LABORATORY not in kinds:
            return
        self._with_service[by] = self._with_service.get(by, 0) + 1
        opened = [s for s in visit.services if s.modifiers and not DISTINCT.isdisjoint(s.modifiers)]
        if opened and self._opens(opened, visit.services):
            self._distinct.add(by, visit.id)

    def _opens(self, opened: list[Service], services: tuple[Service, ...]) -> bool:
        """Whether a modifier opens an edit; without the pairs installed, whether there is one at all."""
        if self._pairs is None:
            return True
        on = date.fromordinal(opened[0].day)
        for one in opened:
            for other in services:
                edit = self._pairs.either(one.code, other.code, on) if one.code != other.code else None
                if edit is not None and edit.modifier_allowed:
                    return True
        return False

    def judge(self, about: About) -> Iterator[Signal]:
        """A signal for each provider whose shares lie above the peers'."""
        yield from _signals(VISIT_RULE, self._with_procedure, self._separate, SEPARATE, WITH_VISIT, about)
        said = WITH_DISTINCT if self._pairs is None else OPENED
        yield from _signals(PAIR_RULE, self._with_service, self._distinct, "59", said, about)


def _signals(
    kind: str, counts: Mapping[int, int], shown: Shown, modifier: str, said: str, about: About
) -> Iterator[Signal]:
    rule = about.rules[kind]
    tops = shown.counts
    cases = [share_case(by, modifier, tops.get(by, 0), n) for by, n in counts.items() if n >= rule["smallest"]]
    for b in beyond_peers(cases, rule, about, shares=True):
        by = b.case.by
        reason = f"Claims {said} are {in_percent(b)}."
        yield signal_of(b, rule, about, about.subject(by, code=modifier), reason, shown.of(by), tops.get(by, 0))
