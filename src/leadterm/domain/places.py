"""Places of service: what is known of a place by its code, and the code that an encounter itself tells.

The codes are those of the CMS place of service code set; which of them are paid the facility rate is told by the
Medicare Claims Processing Manual, chapter 12, 20.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .encounter import Encounter, Setting

# Each code once, with all that its place is: `facility` or `office`, the rate of the physician fee schedule that is
# paid there; `own`, the staff and the machines are the practice's; `stay`, patients are admitted to it, on a day that
# belongs on the claim; `supplying`, its own claim has the drugs it gives; `another`, it is somebody else's than the
# practice that bills, and the claim names it.
_TABLE: Final = (
    ("21", "facility stay supplying another"),
    ("51 61", "facility stay another"),
    ("19 22 23 24", "facility supplying another"),
    ("31", "facility another"),
    ("02 26 34 41 42 52 53 56", "facility"),
    ("32", "office own another"),
    ("01 03 04 05 06 07 08 09 11 12 13 14 15 16 17 18 20 33 49 50 54 57 60 62 65 71 72", "office own"),
    ("10 25 27 55 58 66 81 99", "office"),
)


def _of(kind: str) -> frozenset[str]:
    return frozenset(code for codes, kinds in _TABLE if kind in kinds.split() for code in codes.split())


FACILITY_RATE: Final = _of("facility")
OFFICE_RATE: Final = _of("office")
OWN: Final = _of("own")
STAYS: Final = _of("stay")
SUPPLYING: Final = _of("supplying")
OF_ANOTHER: Final = _of("another")
KNOWN: Final = FACILITY_RATE | OFFICE_RATE
# On or off its campus, of its inpatients and outpatients: what staff and machines do there is paid to the hospital.
HOSPITAL: Final = frozenset({"19", "21", "22", "23"})
# Where the encounter itself says where it took place, the code of that place follows; nothing else is guessed.
OF_CLASS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "office": "11",
        "home": "12",
        "inpatient": "21",
        "observation": "22",
        "emergency": "23",
        "ambulatory surgery": "24",
        "skilled nursing": "31",
    }
)
OF_SETTING: Final[Mapping[Setting, str]] = MappingProxyType(
    {Setting.EMERGENCY: "23", Setting.INPATIENT: "21", Setting.SKILLED_NURSING: "31"}
)


def place_of(encounter: Encounter) -> str | None:
    """The place of service that the record gives, else its class, else its setting; None where nothing tells it."""
    by_class = OF_CLASS.get((encounter.encounter_class or "").lower())
    return encounter.place_of_service or by_class or OF_SETTING.get(encounter.setting)
