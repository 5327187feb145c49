"""What of a record's own fields may stand: codes, ages, states, shifted days; no name, number or address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from leadterm.domain import (
    Address,
    Charge,
    Document,
    Encounter,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    RecordedCode,
    Subscriber,
)

from . import tables
from .dating import Calendar, D
from .values import Dates, Text

OLD = 90
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Fields:
    """Writes the fields of one record anew, its days by one calendar, its words by the rules of texts."""

    def __init__(self, calendar: Calendar, words: Callable[[str], str]) -> None:
        self._calendar = calendar
        self._words = words

    def encounter(self, old: Encounter, texts: Mapping[str, Text], ids: Mapping[str, str], name: str) -> Encounter:
        """The encounter with its new texts; a field that is not named here stays out."""
        return Encounter(
            name,
            old.setting,
            old.claim_type,
            old.encounter_class,
            self.day(old.date_of_service),
            self.day(old.admission),
            self.day(old.discharge),
            old.disposition,
            old.admit_type,
            old.admit_source,
            old.place_of_service,
            old.type_of_bill,
            patient=self.patient(old.patient, old.controlling_date),
            providers=tuple(_provider(p) for p in old.providers),
            payers=tuple(_payer(p) for p in old.payers),
            documents=tuple(self.document(d, texts[d.id].text, ids) for d in old.documents),
            charges=tuple(self.charge(c) for c in old.charges),
            codes=tuple(self.code(c) for c in old.codes),
            condition_codes=old.condition_codes,
            occurrences=tuple(self.mapping(o) for o in old.occurrences),
            values=tuple(self.mapping(v) for v in old.values),
            frequency=old.frequency,
            notes=old.notes,
        )

    def day(self, day: D | None) -> D | None:
        """The shifted day; None where dates are years alone: a field takes none."""
        if day is None or self._calendar.mode is Dates.YEAR:
            return None
        moved = self._calendar.shifted(day)
        return None if self._calendar.tells_age(moved.year) else moved

    def patient(self, old: Patient, on: date | None) -> Patient:
        """Sex, age (90 for all that are older), weight at birth, state and the first digits of the ZIP code."""
        age = old.age_on(on)
        old_one = age is not None and age >= OLD
        born = None if old_one else self.day(old.birth_date)
        days = old.days_on(on)
        return Patient(
            sex=old.sex,
            birth_date=born,
            age=(OLD if old_one else age) if born is None else None,
            age_days=days if born is None and age == 0 else None,
            birth_weight_g=old.birth_weight_g,
            address=_address(old.address),
        )

    def document(self, old: Document, text: str, ids: Mapping[str, str]) -> Document:
        """The document with its new text and id, its type by the rules of texts."""
        return Document(
            ids[old.id],
            text,
            self._words(old.type) if old.type else None,
            self._words(old.author_role) if old.author_role else None,
            self.day(old.service_time),
            self.day(old.signed_time),
            old.status,
            ids.get(old.supersedes or ""),
        )

    def charge(self, old: Charge) -> Charge:
        """The charge with its days moved; who did it only by their role."""
        role = old.provider if old.provider in set(ProviderRole) else None
        return replace(old, date=self.day(old.date), start=self.day(old.start), end=self.day(old.end), provider=role)

    def code(self, old: RecordedCode) -> RecordedCode:
        """The code with its words by the rules of texts; where it stood in the old record is left out."""
        text = self._words(old.text) if old.text else None
        return replace(old, text=text, day=self.day(old.day), evidence=None, source=None)

    def mapping(self, old: Mapping[str, Any]) -> Mapping[str, Any]:
        """Codes and amounts of a mapping; its days moved or left out, its words left out."""
        return {key: self._plain(value) for key, value in old.items() if _stands(value)}

    def _plain(self, value: Any) -> Any:
        if isinstance(value, str) and _DAY.match(value):
            moved = self.day(date.fromisoformat(value[:10]))
            return moved.isoformat() if moved else None
        return value


def _stands(value: Any) -> bool:
    """Whether a value of a mapping is a code, a number or a day."""
    if isinstance(value, str):
        return bool(_DAY.match(value)) or re.fullmatch(r"[\w.-]{1,12}", value) is not None
    return not isinstance(value, (Mapping, list, tuple))


def _provider(old: Provider) -> Provider:
    return Provider(old.role, taxonomy=old.taxonomy)


def _payer(old: Payer) -> Payer:
    relationship = Subscriber(old.subscriber.relationship, sex=old.subscriber.sex)
    return Payer(
        type=old.type,
        subscriber=relationship,
        responsibility=old.responsibility,
        filing=old.filing,
        insurance_type=old.insurance_type,
    )


def _address(old: Address | None) -> Address | None:
    if old is None:
        return None
    digits = tables.zip3(old.zip) if old.zip else None
    return Address(state=old.state if old.state in tables.states() else None, zip=digits, country=_country(old.country))


def _country(word: str | None) -> str | None:
    """The code of a country; words may be anything."""
    return word if word and len(word) <= 3 and word.isalpha() else None
