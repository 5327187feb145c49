"""Who counts as one provider: physicians of one group and specialty (NCCI Policy Manual, chapter I; MCPM 12.30.6.5)."""

from __future__ import annotations

from collections.abc import Hashable

from .encounter import Provider

# Taxonomies that are one specialty of Medicare whatever stands behind these letters: nurse practitioners, physician
# assistants, clinical nurse specialists, certified registered nurse anesthetists, nurse midwives.
ONE_SPECIALTY = ("363L", "363A", "364S", "3675", "367A")


def specialty(taxonomy: str) -> str:
    """A taxonomy as far as it tells the specialty that Medicare pays by."""
    return next((start for start in ONE_SPECIALTY if taxonomy.startswith(start)), taxonomy)


def counts_as(person: Provider, group: Provider | None = None) -> Hashable:
    """What is the same for two people who count as one provider: their group and specialty, else their own number.

    `group`: who bills for them; None within one claim, where all are of one.
    """
    if person.taxonomy and (group is None or group.tax_id or group.npi):
        return group and (group.tax_id or group.npi), specialty(person.taxonomy)
    return person.npi or person.id or (person.last_name, person.first_name, person.name)
