"""Segments of an 835 as values: header, claim with its lines, provider summaries and adjustments.

Money that cannot be read, or is not there, ends the reading (X12Error): a payment with a hole is not a payment. A date
that is no day is left out and told as a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NoReturn

from leadterm.domain import (
    Adjustment,
    Money,
    Party,
    PaymentHeader,
    ProviderAdjustment,
    ProviderSummary,
    RemittedClaim,
    RemittedLine,
    Source,
)
from leadterm.x12 import AMOUNT, Segment, X12Error, amount, day, decimal

ONE = Decimal(1)
ZERO = Money(Decimal(0))
# A CAS holds six adjustments of three elements behind its group, a PLB six pairs from its third element on.
CAS_WIDTH = 18
PLB_PLACES = range(3, 15, 2)
# Where MIA and MOA bear remark codes.
REMARK_PLACES = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}
REVENUE = "NU"
REMARKS = "HE"
LINE_NUMBER = "6R"

# Told of a date that is no day: the segment and the element.
Fault = Callable[[Segment, int], None]


def source(segment: Segment, part: int = 1) -> Source:
    """Where the segment stands."""
    return Source(segment.id, segment.position, segment.offset, part)


def money(segment: Segment, number: int) -> Money | None:
    """The amount in an element; None where it is empty. Raises X12Error when it is no amount."""
    text = segment[number]
    return (_money(text) or _refused(segment, number)) if text else None


def needed_money(segment: Segment, number: int) -> Money:
    """The amount in an element. Raises X12Error when it is empty or no amount."""
    text = segment[number]
    if not text:
        raise missing(segment, number)
    return _money(text) or _refused(segment, number)


@lru_cache(maxsize=1 << 16)  # charges come from a schedule and repeat; a payer's file holds fewer amounts than this
def _money(text: str) -> Money | None:
    """The amount that a text of X12 names, None where it names none."""
    return Money(Decimal(text)) if AMOUNT.fullmatch(text) else None


def _refused(segment: Segment, number: int) -> NoReturn:
    amount(segment, number)
    raise AssertionError("what `_money` does not read, `amount` refuses")


def missing(segment: Segment, number: int) -> X12Error:
    """The error that an element without which nothing can be counted is empty."""
    return X12Error(
        f"{segment.id}{number:02} of segment {segment.position} at byte {segment.offset} is empty; "
        "a remittance without it cannot be read. Ask the sender for a correct file.",
        segment.position,
        segment.offset,
    )


def dated(segment: Segment, number: int, fault: Fault) -> date | None:
    """The day in an element, None where there is none; one that is no day is told to `fault`."""
    try:
        return day(segment, number)
    except X12Error:
        fault(segment, number)
        return None


def header(segments: Iterable[Segment], convention: str, fault: Fault) -> PaymentHeader:
    """The head of a payment from its ST, BPR, TRN … to the payee. Raises X12Error where it names no amount."""
    first: dict[str, Segment] = {}
    parties: list[list[Segment]] = []
    references: list[tuple[str, str]] = []
    produced = None
    for segment in segments:
        if segment.id == "N1":
            parties.append([segment])
        elif parties:
            parties[-1].append(segment)
        elif segment.id == "REF":
            references.append((segment[1], segment[2]))
        elif segment.id == "DTM":
            produced = dated(segment, 2, fault)
        else:
            first.setdefault(segment.id, segment)
    start = first["ST"]
    bpr, trn = first.get("BPR"), first.get("TRN")
    if bpr is None:
        raise X12Error(
            f"The transaction at segment {start.position} names no payment (BPR is missing); ask for a correct file.",
            start.position,
            start.offset,
        )
    paid = needed_money(bpr, 2)
    named = {group[0][1]: _party(group) for group in reversed(parties)}
    return PaymentHeader(
        control_number=start[2],
        convention=convention,
        handling=bpr[1],
        amount=-paid if bpr[3] == "D" else paid,
        method=bpr[4],
        payment_date=dated(bpr, 16, fault),
        trace=trn[2] if trn else "",
        originator=(trn[3] or None) if trn else None,
        produced=produced,
        payer=named.get("PR", Party("PR")),
        payee=named.get("PE", Party("PE")),
        source=source(bpr),
        currency=(first["CUR"][2] or None) if "CUR" in first else None,
        elements=bpr.elements,
        references=tuple(references),
    )


def _party(group: list[Segment]) -> Party:
    """The party of an N1 and the segments behind it."""
    name = group[0]
    return Party(
        entity=name[1],
        name=name[2] or None,
        qualifier=name[3] or None,
        id=name[4] or None,
        address=tuple(e for s in group if s.id in ("N3", "N4") for e in s.elements if e),
        contacts=tuple(s.elements for s in group if s.id == "PER"),
        references=tuple((s[1], s[2]) for s in group if s.id in ("REF", "RDM")),
    )


def summary(ts3: Segment, ts2: Segment | None, fault: Fault) -> ProviderSummary:
    """What a payer says of the claims of one provider."""
    inpatient = ts2.elements if ts2 else ()
    count, charge = decimal(ts3, 4), money(ts3, 5)
    period = dated(ts3, 3, fault)
    return ProviderSummary(ts3[1], ts3[2], period, count, charge, ts3.elements, inpatient, source(ts3))


def provider_adjustments(plb: Segment, fault: Fault) -> Iterator[ProviderAdjustment]:
    """The pairs of one PLB. Raises X12Error for a reason without its amount."""
    period = dated(plb, 2, fault)
    for part, place in enumerate(PLB_PLACES, start=1):
        if not plb[place] and not plb[place + 1]:
            continue
        reason, *reference = plb.components(place)
        told = reference[0] if reference else ""
        yield ProviderAdjustment(plb[1], period, reason, told or None, needed_money(plb, place + 1), source(plb, part))


def adjustments(cas: Segment) -> list[Adjustment]:
    """The adjustments of one CAS. Raises X12Error for a reason without its amount."""
    group, *elements = cas.elements or ("",)
    found = []
    for part, at in enumerate(range(0, min(len(elements), CAS_WIDTH), 3), start=1):
        reason, place = elements[at], at + 2
        if reason or cas[place + 1]:
            quantity = decimal(cas, place + 2) if cas[place + 2] else None
            found.append(Adjustment(group, reason, needed_money(cas, place + 1), quantity, source(cas, part)))
    return found


@dataclass(slots=True)
class _Rest:
    """What a claim or a line holds beside its own segment, as it comes."""

    adjustments: list[Adjustment] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rejects: list[str] = field(default_factory=list)
    dates: dict[str, date] = field(default_factory=dict)
    amounts: dict[str, Money] = field(default_factory=dict)
    quantities: dict[str, Decimal] = field(default_factory=dict)
    references: list[tuple[str, str]] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    contacts: list[tuple[str, ...]] = field(default_factory=list)
    elements: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _cas(rest: _Rest, segment: Segment, fault: Fault) -> None:
    rest.adjustments += adjustments(segment)


def _dtm(rest: _Rest, segment: Segment, fault: Fault) -> None:
    when = dated(segment, 2, fault)
    if when is not None:
        rest.dates[segment[1]] = when


def _amt(rest: _Rest, segment: Segment, fault: Fault) -> None:
    rest.amounts[segment[1]] = needed_money(segment, 2)


def _qty(rest: _Rest, segment: Segment, fault: Fault) -> None:
    value = decimal(segment, 2)
    if value is not None:
        rest.quantities[segment[1]] = value


def _ref(rest: _Rest, segment: Segment, fault: Fault) -> None:
    rest.references.append((segment[1], segment[2]))


def _lq(rest: _Rest, segment: Segment, fault: Fault) -> None:
    (rest.remarks if segment[1] == REMARKS else rest.rejects).append(segment[2])


def _per(rest: _Rest, segment: Segment, fault: Fault) -> None:
    rest.contacts.append(segment.elements)


def _nm1(rest: _Rest, segment: Segment, fault: Fault) -> None:
    e, last, first, middle, suffix = segment[1], segment[3], segment[4], segment[5], segment[7]
    number = (segment[8] or None, segment[9] or None)
    rest.parties.append(Party(e, last or None, first or None, middle or None, suffix or None, *number))


def _remarked(rest: _Rest, segment: Segment, fault: Fault) -> None:
    rest.elements[segment.id] = segment.elements
    rest.remarks += [segment[n] for n in REMARK_PLACES[segment.id] if segment[n]]


HANDLERS: dict[str, Callable[[_Rest, Segment, Fault], None]] = {
    "CAS": _cas,
    "DTM": _dtm,
    "AMT": _amt,
    "QTY": _qty,
    "REF": _ref,
    "LQ": _lq,
    "NM1": _nm1,
    "PER": _per,
    "MIA": _remarked,
    "MOA": _remarked,
}


def claim(segments: list[Segment], provider: str | None, fault: Fault) -> RemittedClaim:
    """A claim and its lines from the segments CLP … to the next one. Raises X12Error where money is missing."""
    clp = segments[0]
    if not clp[1]:
        raise missing(clp, 1)
    starts = [at for at, segment in enumerate(segments) if segment.id == "SVC"]
    bounds = [*starts, len(segments)]
    rest = _gathered(segments[1 : bounds[0]], fault)
    lines = (line(segments[a:b], number, fault) for number, (a, b) in enumerate(pairwise(bounds), start=1))
    return RemittedClaim(
        id=clp[1],
        status=clp[2],
        charge=needed_money(clp, 3),
        paid=needed_money(clp, 4),
        patient=money(clp, 5) or ZERO,
        filing=clp[6] or None,
        payer_control_number=clp[7] or None,
        source=source(clp),
        facility=clp[8] or None,
        frequency=clp[9] or None,
        drg=clp[11] or None,
        provider=provider,
        start=rest.dates.get("232"),
        end=rest.dates.get("233"),
        adjustments=tuple(rest.adjustments),
        lines=tuple(lines),
        remarks=tuple(rest.remarks),
        inpatient=rest.elements.get("MIA", ()),
        outpatient=rest.elements.get("MOA", ()),
        parties=tuple(rest.parties),
        contacts=tuple(rest.contacts),
        dates=rest.dates,
        amounts=rest.amounts,
        quantities=rest.quantities,
        references=tuple(rest.references),
    )


def line(segments: list[Segment], number: int, fault: Fault) -> RemittedLine:
    """One service line from its SVC and what follows. Raises X12Error where money is missing."""
    svc = segments[0]
    rest = _gathered(segments[1:], fault)
    qualifier, code, modifiers = _procedure(svc, 1)
    _, submitted, submitted_modifiers = _procedure(svc, 6)
    units = decimal(svc, 5)
    days = rest.dates
    return RemittedLine(
        number=number,
        qualifier=qualifier,
        code=code,
        modifiers=modifiers,
        charge=needed_money(svc, 2),
        paid=money(svc, 3) or ZERO,
        revenue_code=svc[4] or (code if qualifier == REVENUE else None),
        units=ONE if units is None else units,
        source=source(svc),
        submitted_code=submitted or None,
        submitted_modifiers=submitted_modifiers,
        submitted_units=decimal(svc, 7),
        start=days.get("472") or days.get("150"),
        end=days.get("472") or days.get("151"),
        control_number=_control_number(rest.references),
        adjustments=tuple(rest.adjustments),
        remarks=tuple(rest.remarks),
        rejects=tuple(rest.rejects),
        dates=days,
        amounts=rest.amounts,
        quantities=rest.quantities,
        references=tuple(rest.references),
    )


def _control_number(references: list[tuple[str, str]]) -> str | None:
    for qualifier, value in references:
        if qualifier == LINE_NUMBER:
            return value
    return None


def _gathered(segments: list[Segment], fault: Fault) -> _Rest:
    rest = _Rest()
    for segment in segments:
        handler = HANDLERS.get(segment.id)
        if handler is not None:
            handler(rest, segment, fault)
    return rest


def _procedure(svc: Segment, number: int) -> tuple[str, str, tuple[str, ...]]:
    """Qualifier, code and modifiers of a composite of SVC."""
    if not svc[number]:
        return "", "", ()
    qualifier, *rest = svc.components(number)
    return qualifier, rest[0] if rest else "", tuple(m for m in rest[1:5] if m)
