"""Mentions of one injury together: what each adds, and which injury a bare head means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.chart import Chart
from leadterm.coding.navigating.leaves import KINDS, Found
from leadterm.coding.navigating.said import Said
from leadterm.domain import Assertion

from .injury import NUMBERS, WOUNDS, Injury
from .matching import anywhere, below


def together(chart: Chart, read: list[Injury]) -> Iterator[Injury]:
    """The injuries, each with what other mentions of the same one add; a bare head is the injury of its kind."""
    placed = [i for i in read if i.code]
    strong = [i for i in placed if not i.weak]
    for one in read:
        if one.weak and (alike := [o for o in _nearest(one, strong) if _alike(one, o)]):
            yield replace(one, code=alike[0].code, score=alike[0].score)
        elif one.code:
            yield max((_joined(chart, one, o) for o in placed), key=lambda i: i.score)
        elif found := next((o for o in _nearest(one, placed) if _alike(one, o)), None):
            yield replace(one, code=found.code, score=found.score)


def _alike(one: Injury, other: Injury) -> bool:
    """Whether two injuries are of one kind."""
    return bool(one.phrase.said.own & other.phrase.said.own & KINDS)


def _nearest(one: Injury, placed: list[Injury]) -> list[Injury]:
    """Injuries that a bare head may mean: those that the chart affirms, what stands before it first."""
    present = [o for o in placed if o.fact.assertion is Assertion.PRESENT and _sides_agree(one, o)]
    at = one.fact.mention.span.start
    return sorted(present, key=lambda o: (o.fact.mention.span.start > at, abs(at - o.fact.mention.span.start)))


def _joined(chart: Chart, one: Injury, other: Injury) -> Injury:
    """One injury with what another mention of it adds; itself where the two are not the same."""
    if other is one or not _same(one, other):
        return one
    words = one.phrase.said | other.phrase.said
    side = one.phrase.side or other.phrase.side
    nondisplaced = any(i.fact.attributes.get("displacement") == "nondisplaced" for i in (one, other))
    found = [
        f
        for f in (
            anywhere(chart.book, words, side, nondisplaced),
            *_targeted(chart, (one, other), words, side, nondisplaced),
        )
        if f is not None and f.leaf.code[:3] in (one.code[:3], other.code[:3])
    ]
    best_one = max(found, key=lambda f: f.score, default=None)
    if best_one is None or best_one.score <= max(one.score, other.score):
        better = one if one.score >= other.score else other
        return replace(one, code=better.code, score=better.score)
    return replace(one, code=best_one.leaf.code, score=best_one.score)


def _targeted(
    chart: Chart, pair: tuple[Injury, Injury], words: Said, side: str | None, nondisplaced: bool
) -> Iterator[Found | None]:
    for injury in pair:
        for target in injury.fact.targets[:1]:
            if target.startswith("S"):
                yield below(chart.book, target, words, side, nondisplaced)


def _same(one: Injury, other: Injury) -> bool:
    """Whether two mentions may be of one injury: kind, side, place and number agree, and one is not denied."""
    if other.fact.assertion not in (Assertion.PRESENT, Assertion.UNCERTAIN) or not _sides_agree(one, other):
        return False
    a, b = one.phrase.said, other.phrase.said
    if one.code[:3] != other.code[:3]:
        return False
    kinds = [said.own & KINDS for said in (a, b)]
    kinds = [WOUNDS if "wound" in kind else kind for kind in kinds]
    numbers = [said.own & NUMBERS for said in (a, b)]
    return (
        bool(kinds[0] & kinds[1])
        and (not all(numbers) or numbers[0] == numbers[1])
        and (a.nouns <= b.all or b.nouns <= a.all)
        and (one.told <= b.all or other.told <= a.all)
    )


def _sides_agree(one: Injury, other: Injury) -> bool:
    return None in (one.phrase.side, other.phrase.side) or one.phrase.side == other.phrase.side
