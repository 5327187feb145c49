"""What was captured against what the record tells: units in either direction, waste, drugs on one side only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.domain import Charge, CodeSystem, Evidence, Finding, Severity

from .billing import Billed
from .doses import Doses
from .formulary import Formulary
from .waste import State

DIFFERS, UNCAPTURED, UNDOCUMENTED = (
    f"CMS:claims-processing.17/{slug}" for slug in ("captured", "uncaptured", "undocumented")
)


def compared(chart: Chart, drugs: Formulary, found: Doses, bills: Sequence[Billed]) -> tuple[Finding, ...]:
    """Where captured drug charges and documented doses differ; empty where no drug was captured."""
    charges = [c for c in chart.encounter.charges if _is_drug(c, drugs)]
    return tuple(_differences(charges, found, bills)) if charges else ()


def _is_drug(charge: Charge, drugs: Formulary) -> bool:
    code = charge.code
    if code is None or code.system is not CodeSystem.HCPCS:
        return False
    return code.value.startswith("J") or drugs.of(code.value) is not None


def _differences(charges: Sequence[Charge], found: Doses, bills: Sequence[Billed]) -> Iterator[Finding]:
    """Where captured charges and what the chart tells differ: units, waste, what only one of both has."""
    units, wasted = _units(charges, waste=False), _units(charges, waste=True)
    documented = {code: [b for b in bills if b.product.code.value == code] for code in _codes(bills)}
    open_codes = {p.code.value for d in found.given for p in (*((d.product,) if d.product else ()), *d.choices)}
    for code, number in units.items():
        mine = documented.get(code)
        if mine:
            yield from _of_units(code, number, mine)
        elif code not in open_codes:
            message = f"{code} was captured with {_plain(number)} units, and no document says that it was given."
            yield _finding(UNDOCUMENTED, message, "Find the administration record, or take the charge off.", code)
    for code, number in wasted.items():
        yield from _of_waste(code, number, documented.get(code, []))
    for code, mine in documented.items():
        if code not in units:
            message = f"{code} was given and is not among the captured charges."
            yield _finding(UNCAPTURED, message, "Capture the drug, or say why it is not charged.", code, _words(mine))


def _of_units(code: str, number: Decimal, mine: list[Billed]) -> Iterator[Finding]:
    told = sum((b.units for b in mine), Decimal(0))
    if told != number:
        message = f"{_plain(number)} units of {code} were captured; the documented dose is {_plain(told)}."
        yield _finding(DIFFERS, message, "Correct the units, or document the dose that was given.", code, _words(mine))


def _of_waste(code: str, number: Decimal, mine: list[Billed]) -> Iterator[Finding]:
    told = sum((b.discarded.units for b in mine if b.discarded.state is State.SOME), Decimal(0))
    if told == number:
        return
    if told:
        message = f"{_plain(number)} discarded units of {code} were captured; the record tells {_plain(told)}."
        yield _finding(DIFFERS, message, "Correct the units of the JW line.", code, _words(mine))
    else:
        message = f"{_plain(number)} discarded units of {code} were captured, and the record bears out none."
        yield _finding(
            UNDOCUMENTED, message, "Document the discarded amount, or take the JW line off.", code, _words(mine)
        )


def _units(charges: Sequence[Charge], waste: bool) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for charge in charges:
        if charge.code is not None and ("JW" in charge.modifiers) is waste:
            found[charge.code.value] = found.get(charge.code.value, Decimal(0)) + charge.units
    return found


def _codes(bills: Sequence[Billed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b.product.code.value for b in bills))


def _words(mine: Sequence[Billed]) -> tuple[Evidence, ...]:
    return tuple(e for b in mine for d in b.doses for e in d.evidence)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _finding(rule: str, message: str, fix: str, code: str, evidence: tuple[Evidence, ...] = ()) -> Finding:
    return Finding("d0", rule, Severity.WARNING, message, fix, (code,), source=reason(rule), evidence=evidence)
