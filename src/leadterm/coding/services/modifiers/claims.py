"""What the encounter tells that decides modifiers: who bills, in what place, whom it asks to pay, who did it."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows, within
from leadterm.coding.services.payers import MEDICARE, payer_of
from leadterm.domain import ClaimType, Encounter, ProviderRole
from leadterm.domain.places import FACILITY_RATE, OFFICE_RATE, place_of

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
        code = place_of(encounter)
        self.place = "facility" if code in FACILITY_RATE else "office" if code in OFFICE_RATE else ""
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
    return frozenset(row["class"] for row in rows("services/modifiers/classes") if within(row, code))
