"""Services already priced: FT1 of DFT messages (chapter 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal

from leadterm.domain import Charge, Code, CodeSystem, DrugCode, InputError, Money, ReadingNote, eleven_digits
from leadterm.domain.money import parse_units
from leadterm.records.naming import system_of
from leadterm.records.times import day

from .messages import Message
from .segments import Composite, Segment
from .tables import meaning

MOST_MODIFIERS = 4
CREDIT = "CD"
# Payments and adjustments are no services.
OTHERS = frozenset(("PY", "AJ", "CO"))
# Table 0456 has the revenue codes.
REVENUE_CODES = frozenset(("HL70456", "NUBC"))
_REVENUE = re.compile(r"\d{3,4}")
SYSTEMS = {"cpt": CodeSystem.CPT, "hcpcs": CodeSystem.HCPCS}
_LOCAL = ReadingNote(
    "LEADTERM:records/hl7-charge", "A charge has no CPT or HCPCS code and no revenue code: it was not taken over."
)
_CREDITED = ReadingNote(
    "LEADTERM:records/hl7-charge", "A credit has no charge that it would take back: it was not taken over."
)


@dataclass(slots=True)
class Ledger:
    """Charges as messages add them and take them back."""

    standing: dict[int, Charge] = field(default_factory=dict)
    notes: list[ReadingNote] = field(default_factory=list)
    _numbers: dict[object, list[int]] = field(default_factory=dict)
    _posted: set[bytes] = field(default_factory=set)
    _count: int = 0

    @property
    def charges(self) -> tuple[Charge, ...]:
        """What stands, in order."""
        return tuple(self.standing.values())

    def take(self, message: Message) -> None:
        """The transactions of a message; those of one that is sent again were posted."""
        if message.digest in self._posted:
            return
        if message.digest:
            self._posted.add(message.digest)
        for ft1 in message.all("FT1"):
            kind = (ft1.get(6) or "").upper()
            if kind not in OTHERS:
                self._take(ft1, kind == CREDIT)

    def _take(self, ft1: Segment, credit: bool) -> None:
        charge, taken_back = _charge(ft1)
        if charge is None:
            self.notes.append(_LOCAL)
        elif credit or taken_back:
            self._credit(charge)
        else:
            self._count += 1
            self.standing[self._count] = charge
            self._numbers.setdefault(_service(charge), []).append(self._count)

    def _credit(self, credit: Charge) -> None:
        """Takes back the latest charge of the same service."""
        if numbers := self._numbers.get(_service(credit)):
            del self.standing[numbers.pop()]
        else:
            self.notes.append(_CREDITED)


def _service(charge: Charge) -> object:
    return charge.code, charge.revenue_code, charge.date, charge.units, charge.modifiers


def _charge(ft1: Segment) -> tuple[Charge | None, bool]:
    """The charge, and whether its quantity is negative, which takes one back; None where it bears no code of a bill."""
    code = next((found for n in (25, 7) for one in ft1.all(n) for found in _codes(one)), None)
    revenue = next((found for one in ft1.all(7) if (found := _revenue(one))), None) or _told_revenue(ft1.get(41))
    units, negative = _units(ft1.get(10))
    if code is None and revenue is None:
        return None, negative
    price, modifiers = _price(ft1, units), _modifiers(ft1)
    charge = Charge(code, units, date=day(ft1.get(4)), charge=price, revenue_code=revenue, modifiers=modifiers)
    return replace(charge, ndc=_drug(ft1), provider=ft1.get(20)), negative


def _drug(ft1: Segment) -> DrugCode | None:
    """The drug of FT1-29 with its quantity (FT1-43: a number, its unit), where that is one of a claim."""
    drug = next((found for one in ft1.all(29) if (found := one.get(1))), None)
    ndc = eleven_digits(drug) if drug else None
    if ndc is None:
        return None
    unit = meaning("ndc-unit", ft1.get(43, 2))
    with suppress(InputError):
        if unit and (quantity := ft1.get(43)):
            return DrugCode(ndc, parse_units(quantity), unit)
    return DrugCode(ndc)


def _told_revenue(code: str | None) -> str | None:
    """FT1-41, which has no other codes than those of the uniform bill."""
    return code.zfill(4) if code and _REVENUE.fullmatch(code) else None


def _codes(one: Composite) -> Iterator[Code]:
    """The codes of a procedure: by the system that is named, else by the shape of what names none."""
    for at in (1, 4):
        written, named = one.get(at), one.get(at + 2)
        system = SYSTEMS.get(system_of(named) or "") if named else None
        if not written or (named and system is None):
            continue
        with suppress(InputError):
            readings = Code.readings(written, system)
            yield from (code for code in readings if code.system in SYSTEMS.values())


def _revenue(one: Composite) -> str | None:
    """The revenue code that a transaction code is, where its system says so."""
    pairs = ((one.get(at), one.get(at + 2)) for at in (1, 4))
    return next((code for code, system in pairs if code and system in REVENUE_CODES), None)


def _units(text: str | None) -> tuple[Decimal, bool]:
    negative = (text or "").startswith("-")
    with suppress(InputError):
        return parse_units((text or "1").lstrip("-+")), negative
    return Decimal(1), negative


def _price(ft1: Segment, units: Decimal) -> Money | None:
    """The price of the line: as it is given, else that of a unit times their number."""
    for place, times in ((11, Decimal(1)), (12, units)):
        text = ft1.get(place)
        with suppress(InputError):
            if text:
                return Money.rounded(abs(Money.parse(text).amount) * times)
    return None


def _modifiers(ft1: Segment) -> tuple[str, ...]:
    given = (one.get(1) for one in ft1.all(26))
    return tuple(m.upper() for m in given if m and len(m) == 2 and m.isalnum())[:MOST_MODIFIERS]
