"""Each dose once: what a record tells in a row and again in its account is one dose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from leadterm.coding.patterns import compiled

from ._cues import cue
from .amounts import Amount
from .clock import Times
from .dose import Dose
from .given import is_recorded

_PART = compiled(
    r"\b(?P<side>right|left|rt|lt|r|l)\.? (?:\w+ )?(?P<part>knee|shoulder|hip|elbow|wrist|ankle|thumb|finger|trochanter"
    r"|si joint|foot|heel|subacromial|eye|buttock|glut\w*|deltoid|thigh|arm|ventroglut\w*|dorsoglut\w*)"
)
NEAR = 5  # minutes: two records of one dose may differ by so much


def once(found: Iterable[Dose]) -> tuple[list[Dose], list[tuple[Dose, Dose]]]:
    """The doses, each once, and the pairs of which the record does not say whether they are one dose or two."""
    kept: list[Dose] = []
    unclear: list[tuple[Dose, Dose]] = []
    for dose in sorted(found, key=lambda d: (d.told.times.moment is None, not is_recorded(d.mention))):
        twin = next((k for k in kept if _same(k, dose)), None)
        if twin is None:
            if other := next((k for k in kept if _contradicts(k, dose)), None):
                unclear.append((other, dose))
                continue
            if not _is_total(dose, kept):
                kept.append(dose)
            continue
        if _perhaps_two(twin, dose):
            unclear.append((twin, dose))
        kept[kept.index(twin)] = _merged(twin, dose)
    return sorted(kept, key=_place), unclear


def _place(dose: Dose) -> tuple[str, int]:
    return dose.mention.document.id, dose.mention.start


def _alike(one: Dose, other: Dose) -> bool:
    same = one.product == other.product and one.choices == other.choices
    return same and one.day == other.day


def _same(one: Dose, other: Dose) -> bool:
    """Whether two tell of one dose: as much, at the same time, or one of them without a time and not "another"."""
    if not _alike(one, other) or (other.amount is not None and one.amount is not None and one.amount != other.amount):
        return False
    if one.amount is not None and one.amount.kind == "dose" and _activity(one) != _activity(other):
        return False
    here, there = spot(one), spot(other)
    if here and there and here != there:
        return False
    a, b = one.told.times.moment, other.told.times.moment
    if a is not None and b is not None:
        return abs(a - b) <= NEAR
    earlier = a is not None and b is None and _place(other) < _place(one) and other.told.times == Times()
    if earlier and not is_recorded(one.mention) and cue("again").search(one.mention.own):
        return False  # "received 4 mg … then a second dose of 4 mg at 2015"
    return not cue("again").search(other.mention.own)


def spot(dose: Dose) -> str:
    """The side and the part of the body that a dose was put into; empty where that is a vein or not told."""
    mention = dose.mention
    if dose.told.route == "iv":
        return ""
    begin = max(mention.lower.rfind("\n\n", 0, mention.start), mention.passage.start, 0)
    inner = _PART.search(mention.own)
    before = list(_PART.finditer(mention.lower, begin, mention.start))
    found = inner or (before[-1] if before else None)
    return f"{found['side'][0]} {found['part'][:4]}" if found else ""


def _activity(dose: Dose) -> Amount | None:
    """Of a product that is counted by doses, the amount that the record tells of this one."""
    return dose.told.doses[0][0] if dose.told.doses else None


def _contradicts(one: Dose, other: Dose) -> bool:
    """Whether an account without a time tells another amount than the record, and does not say that it is one more."""
    if not _alike(one, other) or one.amount is None or other.amount is None or one.amount == other.amount:
        return False
    apart = one.mention.passage != other.mention.passage
    untimed = other.told.times.moment is None
    return apart and untimed and not cue("again").search(other.mention.own)


def _is_total(dose: Dose, kept: list[Dose]) -> bool:
    """Whether an account only adds up what the record tells dose by dose."""
    mine = [k for k in kept if _alike(k, dose)]
    total = sum((k.amount.value for k in mine if k.amount), Decimal(0))
    return len(mine) > 1 and dose.told.times.moment is None and dose.amount is not None and dose.amount.value == total


def _perhaps_two(one: Dose, other: Dose) -> bool:
    """Whether two rows of one record tell the same without times: they may be two doses."""
    neither = one.told.times.moment is None and other.told.times.moment is None
    same = one.mention.passage == other.mention.passage and one.mention.sentence != other.mention.sentence
    return neither and same and is_recorded(one.mention) and None is not one.amount == other.amount


def _merged(one: Dose, other: Dose) -> Dose:
    """One dose with what either tells of it."""
    a, b = one.told, other.told
    told = replace(
        a,
        route=a.route or b.route,
        push=a.push or (b.push and not a.infusion),
        infusion=a.infusion or (b.infusion and not a.push),
        times=a.times if a.times.minutes is not None or b.times.minutes is None else b.times,
        site=a.site or b.site,
        waste=a.waste or b.waste,
        containers=a.containers or b.containers,
        single=a.single if a.single is not None else b.single,
        ndc=a.ndc or b.ndc,
    )
    return replace(one, told=told, amount=one.amount or other.amount, evidence=(*one.evidence, *other.evidence))
