"""Which messages are of one visit: by its number, the account, a document that both tell of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from .messages import Message
from .people import birth_date, identifiers, last_name

Sign = tuple[str, str]
"""What tells a visit: `visit`, `account` or `document`, and the number."""

Person = tuple[date, str]
"""The birth date and the last name of a patient."""


class Register:
    """Visits by what tells them, in the order of the messages; words of two patients never come together."""

    def __init__(self) -> None:
        self._owners: dict[Sign, object] = {}
        self._numbers: dict[object, str] = {}
        self._patients: dict[object, frozenset[str]] = {}
        self._people: dict[object, set[Person]] = {}
        self._merged: dict[str, str] = {}
        self._count = 0

    def visit(self, message: Message) -> object:
        """What stands for the visit of a message: one that is known, else a new one."""
        self._count += 1
        signs, patients, person = list(_signs(message)), _patients(message), _person(message)
        self._merge(message, patients)
        number = next((value for kind, value in signs if kind == "visit"), None)
        found = next((owner for sign in signs if (owner := self._owners.get(sign)) is not None), None)
        if found is None or not self._agrees(found, number, patients, person):
            found = self._new(signs, patients, person)
        if number:
            self._numbers.setdefault(found, number)
        self._patients[found] = frozenset(self._standing(self._patients.get(found, frozenset()) | patients))
        self._people.setdefault(found, set()).update(person)
        self._own(found, signs, number)
        return found

    def know(self, visit: object, documents: Iterable[str]) -> None:
        """A visit has these documents."""
        for document in documents:
            self._owners.setdefault(("document", document), visit)

    def _agrees(self, visit: object, number: str | None, patients: frozenset[str], person: set[Person]) -> bool:
        """Whether a visit may be that of a message: neither another number nor another patient.

        Of one number, a birth date or a name may be corrected; where both are others, the number is wrong.
        """
        there, of = self._numbers.get(visit), self._patients.get(visit)
        known = self._people.get(visit)
        if (
            person
            and known
            and not any(a == b for one in person for other in known for a, b in zip(one, other, strict=True))
        ):
            return False
        return not (there and number and there != number) and (
            not of or not patients or bool(self._standing(of) & self._standing(patients))
        )

    def _merge(self, message: Message, patients: frozenset[str]) -> None:
        """The numbers that a message says are merged into the patient's (MRG-1)."""
        into = min(patients, default=None)
        for mrg in message.all("MRG"):
            for one in mrg.all(1):
                number = one.get(1)
                if number and into and self._last(into) != number:
                    self._merged[number] = into

    def _standing(self, numbers: frozenset[str]) -> set[str]:
        """The numbers, merged ones by what they were merged into."""
        return {self._last(number) for number in numbers} if self._merged else set(numbers)

    def _last(self, number: str) -> str:
        """What it was merged into at last; the way there is made short for the next time."""
        passed = []
        while number in self._merged:
            passed.append(number)
            number = self._merged[number]
        self._merged.update(dict.fromkeys(passed, number))
        return number

    def _new(self, signs: list[Sign], patients: frozenset[str], person: set[Person]) -> object:
        """A new visit; a number that another patient has already is told apart by the patient."""
        if signs and signs[0] in self._owners and signs[0][0] != "document":
            return signs[0], patients, frozenset(person)
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


def _person(message: Message) -> set[Person]:
    """Whom a message tells of; nobody where birth date or name is left out."""
    pid = message.first("PID")
    birth, name = (birth_date(pid), last_name(pid)) if pid else (None, None)
    return {(birth, name.casefold())} if birth and name else set()
