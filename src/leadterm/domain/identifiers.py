"""Numbers by which a record knows a patient and a contact: what alone may join what several files tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_OID = re.compile(r"[0-2](\.\d+)+")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:")


class IdentifierKind(StrEnum):
    """What a number tells apart: contacts with care, accounts, patients."""

    VISIT = "visit"
    ACCOUNT = "account"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number and who gave it.

    Attributes:
        kind: What it tells apart.
        value: As it is written.
        assigner: OID, URI or name of whoever gave it; None where the record does not say.
    """

    kind: IdentifierKind
    value: str
    assigner: str | None = None

    def agrees(self, other: Identifier) -> bool:
        """Whether both may be one number: the same value, and no two assigners that surely differ."""
        same = self.kind is other.kind and self.value.casefold() == other.value.casefold()
        return same and not self._of_another(other)

    def differs(self, other: Identifier) -> bool:
        """Whether one assigner gave two numbers: then they tell two things."""
        one, two = _assigner(self.assigner), _assigner(other.assigner)
        return self.kind is other.kind and one == two and self.value.casefold() != other.value.casefold()

    def _of_another(self, other: Identifier) -> bool:
        """Whether two assigners are named in one notation, and otherwise; in two notations it cannot be told."""
        one, two = _assigner(self.assigner), _assigner(other.assigner)
        return bool(one and two) and one != two and _notation(one) == _notation(two)


def _assigner(written: str | None) -> str:
    return (written or "").strip().casefold().removeprefix("urn:oid:")


def _notation(assigner: str) -> str:
    if _OID.fullmatch(assigner):
        return "oid"
    return "uri" if _URI.match(assigner) else "name"
