"""Drugs that were given and how: HCPCS Level II lines with units and waste, vaccines, administration by time and way.

For every claim but that of a hospital for a stay, whose drugs are in the price of the stay, and that of a professional
in a facility, which bills what it gives.
"""

from __future__ import annotations

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Offer, joined
from leadterm.domain import ClaimType, Encounter, Setting
from leadterm.domain.places import SUPPLYING

from .billing import billed, lines
from .captured import compared
from .doses import doses
from .formulary import formulary
from .hierarchy import administration
from .vaccines import vaccines

__all__ = ["read"]

AMBULANCE = frozenset(("41", "42"))  # places of service: on land, by air or water
FACILITY_CLASSES = frozenset(("inpatient", "observation", "emergency", "ambulatory surgery"))


def read(chart: Chart) -> Offer:
    """What the chart says was given, as lines of a claim; nothing for a stay."""
    encounter = chart.encounter
    if encounter.setting is Setting.INPATIENT or _facility_bills(encounter) or _on_the_way(encounter):
        return Offer()
    release = chart.book.find(Hcpcs, chart.on)
    drugs = formulary(release)
    found = doses(chart, drugs, release)
    told = Offer(findings=compared(chart, drugs, found, billed(found)))
    return joined((lines(found, drugs.official), administration(chart, found), vaccines(chart, release), told))


def _on_the_way(encounter: Encounter) -> bool:
    """Whether the record is of a transport, whose base rate holds what was given on the way (42 CFR 414.605)."""
    return (encounter.place_of_service or "") in AMBULANCE or (encounter.encounter_class or "").lower() == "ambulance"


def _facility_bills(encounter: Encounter) -> bool:
    """Whether a professional claim is for a place that bills drugs and their giving itself: a hospital, say."""
    if encounter.claim_type is not ClaimType.PROFESSIONAL:
        return False
    place, kind = encounter.place_of_service, (encounter.encounter_class or "").lower()
    return place in SUPPLYING if place else encounter.setting is Setting.EMERGENCY or kind in FACILITY_CLASSES
