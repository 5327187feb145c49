"""Prices and revenue codes of the charge master for lines that were read in the chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from leadterm.codesets.charge_master import ChargeMaster
from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Service
from leadterm.domain import ChargeRow, ClaimType, Money, Step

RULE = "LEADTERM:charges/master-price"


def priced(chart: Chart, services: Sequence[Service]) -> tuple[Service, ...]:
    """The lines with price and revenue code; captured lines, and codes that several prices stand for, as they are."""
    master = chart.book.find(ChargeMaster, chart.on)
    if master is None:
        return tuple(services)
    return tuple(s if s.captured or s.charge is not None else _priced(chart, master, s) for s in services)


def _priced(chart: Chart, master: ChargeMaster, s: Service) -> Service:
    rows = [row for row in master.of_code(s.code.value) if set(row.modifiers) <= set(s.modifiers)]
    most = max((len(row.modifiers) for row in rows), default=0)
    found = {(row.price, row.revenue) for row in rows if len(row.modifiers) == most}
    if len(found) != 1:
        return s
    row = next(row for row in rows if len(row.modifiers) == most)
    return with_price(chart, s, row).stepped(f"{row.name}: {reason(RULE)}", RULE, Step.TABLE)


def with_price(chart: Chart, s: Service, row: ChargeRow) -> Service:
    """The line with the row's price for all its units, and its revenue code where a hospital bills."""
    units = s.units if s.units is not None else Decimal(1)
    charge = Money.rounded(row.price.amount * units) if row.price is not None else None
    hospital = chart.encounter.claim_type is ClaimType.INSTITUTIONAL
    return replace(s, units=units, charge=charge, revenue_code=(row.revenue or None) if hospital else s.revenue_code)
