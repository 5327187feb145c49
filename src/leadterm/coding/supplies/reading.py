"""All lines of this room: what each of its files reads, and what to know where no release is installed."""

from __future__ import annotations

from dataclasses import replace

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Offer, joined
from leadterm.domain import ClaimType, CodeSystem, Finding, Setting, Severity

from . import ambulance, blood, items, pelvic, screening

READERS = (items.read, ambulance.read, screening.read, blood.read)
STARTER = "HCPCS:release/starter-table"


def read(chart: Chart) -> Offer:
    """What was read of supplies and the like; a facility's stay bears no such lines."""
    encounter = chart.encounter
    if encounter.setting is Setting.INPATIENT and encounter.claim_type is ClaimType.INSTITUTIONAL:
        return Offer()
    offer = joined(read_one(chart) for read_one in READERS)
    if all(s.code.value != pelvic.CODE for s in offer.services):
        offer = replace(offer, services=(*offer.services, *pelvic.read(chart)))
    mine = tuple(s.code.value for s in offer.services if s.code.system is CodeSystem.HCPCS)
    if not mine or chart.book.find(Hcpcs, chart.on) is not None:
        return offer
    message = "No release of HCPCS Level II is installed: these codes stand in a starter table and were not checked."
    fix = "Run `leadterm codes update hcpcs`, or install the official file of the quarter."
    found = Finding("f0", STARTER, Severity.INFO, message, fix, mine, (), reason(STARTER))
    return replace(offer, findings=(*offer.findings, found))
