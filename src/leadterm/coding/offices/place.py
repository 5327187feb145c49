"""Where the visit was: in an office, whose machines and staff are the practice's own, or in a facility."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.domain import Setting

OFFICES = frozenset("01 03 04 05 06 07 08 09 11 12 13 14 15 16 17 18 20 32 33 49 50 54 57 60 62 65 71 72".split())
CLASSES = frozenset("office clinic home ambulatory amb urgent-care virtual telehealth".split())


def at_office(chart: Chart) -> bool:
    """Whether the place is the practice's own, by its code, else by class, else by setting."""
    encounter = chart.encounter
    if encounter.place_of_service:
        return encounter.place_of_service.zfill(2) in OFFICES
    if encounter.encounter_class:
        return encounter.encounter_class.lower().replace(" ", "-") in CLASSES | {"outpatient"}
    return encounter.setting in (Setting.OUTPATIENT, Setting.PROFESSIONAL)
