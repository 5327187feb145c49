"""Which messages are of one visit: by its number, the account, a document that both tell of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .messages import Message
from .people import identifiers

Sign = tuple[str, str]
"""What tells a visit: `visit`, `account` or `document`, and the number."""


class Register:
    """Visits by what tells them, in the order of the messages; words of two patients never come together."""

    def __init__(self) -> None:
        self._owners: dict[Sign, object] = {}
        self._numbers: dict[object, str] = {}
        self._patients: dict[object, frozenset[str]] = {}
        self._count = 0

    def visit(self, message: Message) -> object:
        """What stands for the visit of a message: one that is known, else a new one."""
        self._count += 1
        signs, patients = list(_signs(message)), _patients(message)
        number = next((value for kind, value in signs if kind == "visit"), None)
        found = next((owner for sign in signs if (owner := self._owners.get(sign)) is not None), None)
        if found is None or not self._agrees(found, number, patients):
            found = self._new(signs, patients)
        if number:
            self._numbers.setdefault(found, number)
        self._patients[found] = self._patients.get(found, frozenset()) | patients
        self._own(found, signs, number)
        return found

    def know(self, visit: object, documents: Iterable[str]) -> None:
        """A visit has these documents."""
        for document in documents:
            self._owners.setdefault(("document", document), visit)

    def _agrees(self, visit: object, number: str | None, patients: frozenset[str]) -> bool:
        """Whether a visit may be that of a message: neither another number nor another patient."""
        there, of = self._numbers.get(visit), self._patients.get(visit)
        return not (there and number and there != number) and (not of or not patients or bool(of & patients))

    def _new(self, signs: list[Sign], patients: frozenset[str]) -> object:
        """A new visit; a number that another patient has already is told apart by the patient."""
        if signs and signs[0] in self._owners and signs[0][0] != "document":
            return signs[0], patients
        return signs[0] if signs and signs[0][0] != "document" else self._count

    def _own(self, visit: object, signs: list[Sign], number: str | None) -> None:
        for sign in signs:
            owner = self._owners.setdefault(sign, visit)
            if sign[0] == "account" and owner != visit and number:
                # An account of several visits tells none of them.
                self._owners[sign] = sign


def _signs(message: Message) -> Iterator[Sign]:
    pv1, pid, txa = (message.first(name) for name in ("PV1", "PID", "TXA"))
    if pv1 and (number := pv1.get(19)):
        yield "visit", number
    if pid and (account := pid.get(18)):
        yield "account", account
    for document in (txa.get(12), txa.get(13)) if txa else ():
        if document:
            yield "document", document


def _patients(message: Message) -> frozenset[str]:
    pid = message.first("PID")
    return identifiers(pid) if pid else frozenset()
