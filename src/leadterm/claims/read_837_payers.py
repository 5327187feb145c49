"""Other payers of a claim (2320, 2330) and what they decided, of the claim and of its lines (2430)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from leadterm.domain import Adjudication, LineAdjudication, Money, Patient, Payer, PriorAdjustment, Subscriber
from leadterm.x12 import Segment

from .read_837_parties import SELF, held, named, payer, relationship
from .read_837_values import SERVICES, Notes, amount, code, day, money, needed_money, quantity, whole

# A CAS holds six adjustments of three elements behind its group.
CAS_PLACES = range(2, 20, 3)
AMOUNTS = {"D": "paid", "EAF": "remaining", "A8": "non_covered"}
NOTHING = Money.parse(0)
Decided = list[tuple[str, LineAdjudication]]


def other_payer(notes: Notes, group: Sequence[Segment], patient: Patient, lines: Decided, place: int) -> Payer:
    """The payer of one 2320 with what stands behind it; `lines` are decisions on lines, each with its payer's id."""
    sbr, own, names = group[0], _own(group), named(group)
    notes.loop = "2330A"
    kind = relationship(sbr[2])
    member, subscriber = held(notes, names.get("IL", ()), kind)
    notes.loop = "2320"
    who = names.get("PR", ())
    stated, nm1 = _stated(notes, own, who), who[0] if who else None
    decided = tuple([line for payer_id, line in lines if nm1 is not None and payer_id == nm1[9]])
    told = {"adjudication": _adjudication(stated, decided), "prior_authorization": _reference(who, "G1")}
    return payer(sbr, nm1, member, _himself(subscriber, patient), place, **told)


def _own(group: Sequence[Segment]) -> list[Segment]:
    """What stands in the loop itself, before its first name."""
    end = next((n for n, s in enumerate(group) if s.id == "NM1"), len(group))
    return list(group[1:end])


def _himself(held: Subscriber, patient: Patient) -> Subscriber:
    """A subscriber who is the patient says nothing of himself where he says the same."""
    same = held.relationship == SELF and (held.first_name, held.last_name) == (patient.first_name, patient.last_name)
    return Subscriber() if same else held


def _stated(notes: Notes, own: Sequence[Segment], who: Sequence[Segment]) -> dict[str, Any]:
    """What the loop says of the decision, by the names of an Adjudication's fields."""
    said: dict[str, Any] = {}
    adjusted: list[PriorAdjustment] = []
    for segment in own:
        if segment.id == "CAS":
            adjusted += adjustments(notes, segment)
        elif segment.id == "AMT" and segment[1] in AMOUNTS:
            said[AMOUNTS[segment[1]]] = money(notes, segment, 2)
    if adjusted:
        said["adjustments"] = tuple(adjusted)
    notes.loop = "2330B"
    for segment in who:
        if segment.id == "DTP":
            said["date"] = day(notes, segment)
    if number := _reference(who, "F8"):
        said["control_number"] = number
    return said


def _adjudication(stated: dict[str, Any], lines: tuple[LineAdjudication, ...]) -> Adjudication | None:
    """The decision, None where nothing is told of one; what is not told as paid is the sum of the lines."""
    if not stated and not lines:
        return None
    paid = stated.pop("paid", None)
    return Adjudication(paid if paid is not None else Money.total(line.paid for line in lines), lines=lines, **stated)


def _reference(group: Sequence[Segment], qualifier: str) -> str | None:
    return next((s[2] or None for s in group if s.id == "REF" and s[1] == qualifier), None)


def adjustments(notes: Notes, cas: Segment) -> list[PriorAdjustment]:
    """The adjustments of one CAS; one without a readable amount is told and left out."""
    found = []
    for place in CAS_PLACES:
        if not cas[place] and not cas[place + 1]:
            continue
        taken = amount(cas[place + 1])
        if taken is None:
            notes.wrong(cas, f"{place + 1:02}", "no amount in dollars and cents")
        else:
            found.append(PriorAdjustment(cas[1], cas[place], taken, quantity(cas[place + 2])))
    return found


def line_decision(notes: Notes, group: Sequence[Segment], number: int) -> tuple[str, LineAdjudication] | None:
    """What one SVD and the segments behind it say of line `number`, with the payer's id; None without an amount."""
    svd = group[0]
    notes.loop = "2430"
    paid = needed_money(notes, svd, 2)
    if paid is None:
        return None
    adjusted: list[PriorAdjustment] = []
    decided: date | None = None
    remaining: Money | None = None
    for segment in group[1:]:
        if segment.id == "CAS":
            adjusted += adjustments(notes, segment)
        elif segment.id == "DTP":
            decided = day(notes, segment)
        elif segment.id == "AMT":
            remaining = money(notes, segment, 2)
    procedure = _procedure(notes, svd)
    return svd[1], LineAdjudication(
        line=number,
        paid=paid,
        units=quantity(svd[5]),
        revenue_code=svd[4] or None,
        adjustments=tuple(adjusted),
        date=decided,
        remaining=remaining,
        bundled_into=whole(svd[6]),
        **procedure,
    )


def _procedure(notes: Notes, svd: Segment) -> dict[str, Any]:
    """What was paid for (SVD03)."""
    if not svd[3]:
        return {}
    qualifier, *rest = svd.components(3)
    if qualifier == "HP":
        return {"hipps": rest[0] or None if rest else None}
    modifiers = tuple(m.upper() for m in rest[1:5] if m)
    return {"code": code(notes, svd, (3, 2), rest[0] if rest else "", *SERVICES), "modifiers": modifiers}
