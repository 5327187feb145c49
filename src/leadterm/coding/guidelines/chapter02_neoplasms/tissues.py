"""Neoplasms of skin and of soft parts: the regions of the body take the place of organs (I.C.2, Neoplasm Table)."""

from __future__ import annotations

import re

from leadterm.codesets import CodeBook
from leadterm.codesets.alphabetic.columns import NeoplasmTable
from leadterm.coding.navigating.neoplasm_table import SOFT
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact

from .kinds import VAGUE, Kind
from .places import Place, Zone, attached, both, nearest, organs, regions

# Organs whose sarcoma is a neoplasm of the organ and not of soft tissue.
_ORGANS_OF_SARCOMA = (
    "retroperitoneum",
    "peritoneum, peritoneal",
    "uterus, uteri, uterine",
    "myometrium",
    "endometrium",
)
_SPECIMEN = compiled(
    r"(?:^|(?<=\. ))\W*(?:specimens?|source|site|part [a-z]|[a-z][.)])\W.*?(?:$|(?<=[a-z])\. )", re.MULTILINE
)
SKIN_SAID = compiled(
    r"\bskin|melanocyt|cutaneous|keratinocyt|derm|mohs|shave|actinic|\bak\b|punch|squamous|\bscc|bowen"
)


def of_soft_parts(zone: Zone, kind: Kind, near: list[Place]) -> list[Place]:
    """The sites of a tumor of soft parts; what the list of connective tissue does not have is its organ's."""
    if kind.column != "sarcoma" or zone.table is None:
        return [p for p in near if p.row["row"] in _ORGANS_OF_SARCOMA]
    return attached(both(organs(zone, SOFT), near), zone)


def in_skin(fact: Fact, zone: Zone, kind: Kind, target: str) -> list[tuple[str, Place]]:
    """The region of the skin; none where the chart gives squamous cells no skin to be of."""
    places = regions(zone)
    near = attached(places, zone) or nearest(places, zone) or specimen(zone, regions) or _by_site(fact, zone.table)
    if kind.column == "squamous" and not (SKIN_SAID.search(zone.chart) and near):
        return []
    if target and not target.startswith(VAGUE):
        return []
    return [(p.node(kind.column), p) for p in near[:1]]


def _by_site(fact: Fact, table: NeoplasmTable | CodeBook | None) -> list[Place]:
    said = fact.attributes.get("site", "")
    return regions(Zone(said, 0, 0, said, table))


def specimen(zone: Zone, finder: object) -> list[Place]:
    """The place that the line of the specimen names, for a diagnosis that names none."""
    line = _SPECIMEN.search(zone.chart)
    if line is None or not callable(finder):
        return []
    text = line.group()
    found: list[Place] = finder(Zone(text, len(text), len(text), zone.chart, zone.table))
    return found[:1]
