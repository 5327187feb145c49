"""What the encounter tells that decides modifiers: who bills, in what place, whom it asks to pay, who did it."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.services.payers import MEDICARE, payer_of
from leadterm.domain import ClaimType, Encounter, ProviderRole, Setting

FACILITY = frozenset("02 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61".split())
OFFICE = frozenset("01 03 04 05 06 07 08 11 12 13 14 15 17 20 32 33 49 50 54 55 57 60 62 65 71 72 81".split())
OF_CLASS = {
    "office": "11",
    "home": "12",
    "inpatient": "21",
    "observation": "22",
    "emergency": "23",
    "ambulatory surgery": "24",
    "skilled nursing": "31",
}
OF_SETTING = {Setting.EMERGENCY: "23", Setting.INPATIENT: "21", Setting.SKILLED_NURSING: "31"}
# Physician assistants, nurse practitioners, clinical nurse specialists, by their taxonomy.
MIDLEVEL = ("363", "364")


class About:
    """An encounter as the tables ask of it.

    Attributes:
        claim: `professional` or `institutional`.
        place: `facility`, `office`, or empty where nothing tells.
        payer: `medicare`, `other`, or empty where nothing tells.
        who: `midlevel`, or empty.
    """

    def __init__(self, encounter: Encounter) -> None:
        self.claim = (encounter.claim_type or ClaimType.PROFESSIONAL).value
        by_class = OF_CLASS.get((encounter.encounter_class or "").lower())
        code = encounter.place_of_service or by_class or OF_SETTING.get(encounter.setting) or ""
        self.place = "facility" if code in FACILITY else "office" if code in OFFICE else ""
        first = payer_of(encounter)
        self.payer = first if first in ("", MEDICARE) else "other"
        rendering = encounter.provider(ProviderRole.RENDERING)
        self.who = "midlevel" if rendering and (rendering.taxonomy or "").startswith(MIDLEVEL) else ""

    def fits(self, row: dict[str, str]) -> bool:
        """Whether a row of a table asks for such an encounter."""
        return all(row[name] in ("", getattr(self, name)) for name in ("claim", "place", "payer", "who"))


@cache
def classes(code: str) -> frozenset[str]:
    """The sorts of services that a code is of (`classes.tsv`)."""
    return frozenset(row["class"] for row in rows("services/modifiers/classes") if _within(row, code))


def _within(row: dict[str, str], code: str) -> bool:
    return row["first"] <= code <= row["last"] and row["first"][-1].isdigit() == code[-1].isdigit()
