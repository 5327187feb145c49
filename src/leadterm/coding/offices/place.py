"""Where the visit was: in an office, whose machines and staff are the practice's own, or in a facility."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.domain import Setting
from leadterm.domain.places import OWN

CLASSES = frozenset("office clinic home ambulatory amb urgent-care virtual telehealth".split())


def at_office(chart: Chart) -> bool:
    """Whether the place is the practice's own, by its code, else by class, else by setting."""
    encounter = chart.encounter
    if encounter.place_of_service:
        return encounter.place_of_service.zfill(2) in OWN
    if encounter.encounter_class:
        return encounter.encounter_class.lower().replace(" ", "-") in CLASSES | {"outpatient"}
    return encounter.setting in (Setting.OUTPATIENT, Setting.PROFESSIONAL)
