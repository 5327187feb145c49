"""Service lines of an 837: 2400 with its drug (2410), its providers (2420) and what payers decided of it (2430)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from leadterm.domain import DateRange, DrugCode, Provider, ProviderRole, ServiceLine
from leadterm.x12 import Segment

from .read_837_parties import provider, role_of
from .read_837_payers import Decided, line_decision
from .read_837_values import SERVICES, Notes, code, money, needed_money, period, quantity, whole

PROCEDURE, RATE_CODE = "HC", "HP"
SERVICE_DATE, LINE_NUMBER, AUTHORIZATION = "472", "6R", "G1"
MOST_POINTERS = 4
# The loops that open inside a line, by the segment that opens them.
OPENERS = frozenset({"NM1", "SVD", "LIN"})
UNITS = frozenset({"UN", "MJ", "DA", "F2"})


@dataclass(slots=True)
class Line:
    """What a line comes to.

    Attributes:
        line: The line, None where it could not be read.
        providers: Those that the line names itself.
        decided: What earlier payers decided of it.
    """

    line: ServiceLine | None
    providers: list[Provider] = field(default_factory=list)
    decided: Decided = field(default_factory=list)


def line(notes: Notes, group: Sequence[Segment], number: int, statement: DateRange | None) -> Line:
    """The line of an LX and what stands behind it; `statement` stands in for a day that it does not state."""
    notes.line, notes.loop = number, "2400"
    found = Line(None)
    fields: dict[str, Any] = {}
    days: DateRange | None = None
    _numbered(notes, group[0], number)
    at, last = 1, len(group)
    while at < last:
        segment = group[at]
        at += 1
        if segment.id in OPENERS:
            start = at - 1
            while at < last and group[at].id not in OPENERS:
                at += 1
            _inner(notes, group[start:at], number, fields, found)
            notes.loop = "2400"
        elif segment.id == "DTP":
            if segment[1] == SERVICE_DATE:
                days = period(notes, segment)
        elif segment.id == "REF":
            _reference(segment, number, fields)
        elif segment.id in SERVICE:
            SERVICE[segment.id](notes, segment, fields)
    found.line = _line(notes, group[0], number, fields, days or statement, dated=days is not None)
    return found


def _numbered(notes: Notes, lx: Segment, number: int) -> None:
    if whole(lx[1]) != number:
        notes.wrong(lx, "01", f"not {number}, the place of the line in its claim")


def _line(
    notes: Notes, lx: Segment, number: int, fields: dict[str, Any], days: DateRange | None, *, dated: bool
) -> ServiceLine | None:
    """The line, None where it lacks what no line can be without."""
    fields.setdefault("code", None)
    if "charge" not in fields:
        notes.lost(lx, "01", "followed by no service (SV1 or SV2) that can be read")
    if days is None:
        notes.lost(lx, "01", "followed by no day of service (DTP*472)")
    if days is None or fields.get("charge") is None or fields.get("units") is None:
        notes.whole = False
        return None
    if fields["code"] is None and not fields.get("revenue_code"):
        notes.whole = False
        return None
    return ServiceLine(number=number, start=days.start, end=days.end or days.start, dated=dated, **fields)


def _professional(notes: Notes, sv1: Segment, fields: dict[str, Any]) -> None:
    elements = sv1.elements
    _procedure(notes, sv1, 1, fields)
    fields["charge"] = needed_money(notes, sv1, 2)
    _units(notes, sv1, 3, fields)
    if len(elements) > 4 and elements[4]:
        fields["place_of_service"] = elements[4]
    fields["pointers"] = _pointers(notes, sv1)
    if len(elements) > 8:
        for name, place in (("emergency", 9), ("epsdt", 11), ("family_planning", 12)):
            if sv1[place] == "Y":
                fields[name] = True


def _institutional(notes: Notes, sv2: Segment, fields: dict[str, Any]) -> None:
    fields["revenue_code"] = sv2[1] or None
    if not sv2[1]:
        notes.wrong(sv2, "01", "missing")
    if sv2[2]:
        _procedure(notes, sv2, 2, fields)
    fields["charge"] = needed_money(notes, sv2, 3)
    _units(notes, sv2, 4, fields)
    if sv2[7]:
        fields["noncovered"] = money(notes, sv2, 7)


SERVICE: dict[str, Callable[[Notes, Segment, dict[str, Any]], None]] = {"SV1": _professional, "SV2": _institutional}


def _procedure(notes: Notes, segment: Segment, number: int, fields: dict[str, Any]) -> None:
    """Code, modifiers and description of the composite in an element."""
    qualifier, *rest = segment.components(number)
    written = rest[0] if rest else ""
    if qualifier == RATE_CODE:
        fields["hipps"] = written or None
    elif qualifier == PROCEDURE and rest:
        fields["code"] = code(notes, segment, (number, 2), written, *SERVICES)
    else:
        called = "no HC or HP before a code; another separator than the one in ISA16 may have been used"
        notes.wrong(segment, f"{number:02}", called)
    if len(rest) > 1:
        fields["modifiers"] = tuple([m.upper() for m in rest[1:5] if m])
        if len(rest) > 5 and rest[5]:
            fields["description"] = rest[5]


def _units(notes: Notes, segment: Segment, number: int, fields: dict[str, Any]) -> None:
    """What is counted and how many, in two elements from `number` on."""
    fields["unit"] = segment[number] or "UN"
    if segment[number] not in UNITS:
        notes.wrong(segment, f"{number:02}", "none of UN, MJ and DA")
    counted: Decimal | None = quantity(segment[number + 1])
    if counted is None:
        notes.lost(segment, f"{number + 1:02}", "no number")
    fields["units"] = counted


def _pointers(notes: Notes, sv1: Segment) -> tuple[int, ...]:
    """Places in the claim's diagnoses; one that is no number is told and left out."""
    if not sv1[7]:
        return ()
    written = sv1.components(7)
    found = tuple([p for p in map(whole, written) if p is not None])
    if len(found) != len(written):
        notes.wrong(sv1, "07", "not made of places of diagnoses")
    return found


def _reference(ref: Segment, number: int, fields: dict[str, Any]) -> None:
    if ref[1] == LINE_NUMBER and ref[2] != str(number):
        fields["control_number"] = ref[2] or None
    elif ref[1] == AUTHORIZATION:
        fields.setdefault("prior_authorization", ref[2] or None)


def _inner(notes: Notes, group: Sequence[Segment], number: int, fields: dict[str, Any], found: Line) -> None:
    """A loop inside the line: a drug, a provider or an earlier payer's decision."""
    first = group[0]
    if first.id == "LIN":
        notes.loop = "2410"
        if first[3]:
            fields["ndc"] = _drug(group)
    elif first.id == "SVD":
        decision = line_decision(notes, group, number)
        if decision is not None:
            found.decided.append(decision)
    else:
        role = role_of(first)
        if role is not None:
            found.providers.append(provider(role, group))
            if role in (ProviderRole.RENDERING, ProviderRole.OPERATING) and "provider" not in fields:
                fields["provider"] = found.providers[-1].npi


def _drug(group: Sequence[Segment]) -> DrugCode:
    ctp = next((s for s in group if s.id == "CTP"), None)
    if ctp is None:
        return DrugCode(group[0][3])
    return DrugCode(group[0][3], quantity(ctp[4]), ctp.components(5)[0] or None)
