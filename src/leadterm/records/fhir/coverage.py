"""Coverages as payers, in order of responsibility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leadterm.domain import Payer, Subscriber

from . import tables
from .nodes import Node
from .references import reference
from .told import Part
from .visits import part

SOPT = ("sopt", "2.16.840.1.113883.3.221.5")
# HL7's subscriber-relationship, in the words of the contract.
RELATIONSHIPS = {"self": "self", "spouse": "spouse", "common": "spouse", "child": "child"}


@dataclass(slots=True)
class Cover:
    """A coverage.

    Attributes:
        payer: What it says itself; the name of who pays comes of `insurer`.
        beneficiary: The reference of the patient.
        order: Of responsibility, where it is said.
        start, end: The days that it holds for.
        active: Whether it is in force.
    """

    payer: Payer
    insurer: Part
    beneficiary: str | None
    order: int | None
    start: date | None
    end: date | None
    active: bool

    def holds(self, day: date | None) -> bool:
        """Whether it covers a day; of an unknown one, whether it is in force."""
        if day is None or not (self.start or self.end):
            return self.active
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def read_coverage(resource: Node, owner: str) -> Cover:
    """The coverage."""
    insurer = part(None, resource.first("payor", "insurer"), owner)
    return Cover(
        Payer(
            name=insurer.display,
            type=_type(resource),
            member_id=_member(resource),
            group=_class(resource, "group", "value"),
            group_name=_class(resource, "group", "name") or _class(resource, "plan", "name"),
            subscriber=Subscriber(_relationship(resource)),
        ),
        insurer,
        reference(resource.first("beneficiary"), owner),
        resource.first("order").integer(),
        resource.first("period.start").day(),
        resource.first("period.end").day(),
        resource.first("status").word() in (None, "active"),
    )


def _type(resource: Node) -> str | None:
    for coding in resource.each("type.coding"):
        system, code = (coding.first("system").word() or "").lower(), coding.first("code").word() or ""
        if system.endswith(SOPT):
            known = tables.payer_types("sopt")
            beginnings = (code[:length] for length in range(len(code), 0, -1))
            if found := next((known[b] for b in beginnings if b in known), None):
                return found
        elif found := tables.payer_types("act").get(code):
            return found
    return None


def _member(resource: Node) -> str | None:
    for at in resource.each("identifier"):
        if isinstance(at.value, dict) and "MB" in list(at.first("type").codes()):
            return at.first("value").word()
    written = resource.first("subscriberId")
    return written.first("value").word() if isinstance(written.value, dict) else written.word()


def _class(resource: Node, name: str, field: str) -> str | None:
    for at in resource.each("class"):
        if isinstance(at.value, dict) and name in list(at.first("type").codes()):
            value = at.first(field)
            # R5 has an identifier where R4 has a string.
            return value.first("value").word() if isinstance(value.value, dict) else value.word()
    return None


def _relationship(resource: Node) -> str:
    codes = list(resource.first("relationship").codes())
    return next((RELATIONSHIPS[c] for c in codes if c in RELATIONSHIPS), "other" if codes else "self")
