"""Drugs that were given and how: HCPCS Level II lines with units and waste, vaccines, administration by time and way.

For every claim but that of a hospital for a stay, whose drugs are in the price of the stay.
"""

from __future__ import annotations

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Offer, joined
from leadterm.domain import Setting

from .billing import billed, lines
from .captured import compared
from .doses import doses
from .formulary import formulary
from .hierarchy import administration
from .vaccines import vaccines

__all__ = ["read"]


def read(chart: Chart) -> Offer:
    """What the chart says was given, as lines of a claim; nothing for a stay."""
    encounter = chart.encounter
    if encounter.setting is Setting.INPATIENT:
        return Offer()
    release = chart.book.find(Hcpcs, chart.on)
    drugs = formulary(release)
    found = doses(chart, drugs, release)
    told = Offer(findings=compared(chart, drugs, found, billed(found)))
    return joined((lines(found, drugs.official), administration(chart, found), vaccines(chart, release), told))
