"""Rows to encounters: what each tells of the encounter, and the document that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leadterm.domain import (
    ClaimType,
    Document,
    DocumentStatus,
    Encounter,
    Identifier,
    IdentifierKind,
    Patient,
    ReadingNote,
    RecordedCode,
    RecordedKind,
    Setting,
    Sex,
    plain_day,
)

from .cells import Cell
from .source import Source
from .values import day_or_moment, meaning, moment

Cells = Mapping[str, list[Cell]]
STAYS = frozenset((Setting.INPATIENT, Setting.SKILLED_NURSING, Setting.HOME_HEALTH))
OLDEST = 130
# What a row may say of its encounter, as it is written.
SAID = (
    *("setting", "claim type", "patient", "sex", "birth date", "age", "account", "service date", "admission"),
    *("discharge", "disposition", "admit type", "admit source", "place"),
)
LONGEST_CODE = 20
LEAST_NUMBER = 4  # characters of what numbers a visit, and not the rows of a table
MOST_CODES = 1_000  # of an encounter: no column of diagnoses has more
_BETWEEN = re.compile(r"[\s,;|]+")
_BACKWARD = ReadingNote("LEADTERM:records/csv-value", "A discharge is before its admission and was not taken over.")


def _unread(column: str) -> ReadingNote:
    return ReadingNote("LEADTERM:records/csv-value", f"A value of the column of {column} was not understood.")


def _differs(column: str) -> ReadingNote:
    message = f"Rows of one encounter differ in the column of {column}; the first holds."
    return ReadingNote("LEADTERM:records/csv-differs", message)


@dataclass(slots=True)
class Draft:
    """An encounter as rows tell of it.

    Attributes:
        number: By which the table knows it; None where it has none.
        said: What the rows said of it, as written.
    """

    number: str | None
    said: dict[str, str] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    codes: dict[str, RecordedCode] = field(default_factory=dict)
    notes: list[ReadingNote] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def take(self, source: Source, cells: Cells, row: int) -> int:
        """How many texts a row tells of the encounter. Raises nothing: what is not understood becomes a note."""
        told = {name: _said(source, found) for name, found in cells.items() if name != "text"}
        for name in SAID:
            if (value := told.get(name)) and self.said.setdefault(name, value) != value:
                self.notes.append(_differs(name))
        for code in _BETWEEN.split(told.get("diagnoses", "")):
            if 0 < len(code) <= LONGEST_CODE and code not in self.codes and len(self.codes) < MOST_CODES:
                self.codes[code] = _lead(code, row)
        before = len(self.documents)
        for number, cell in enumerate(cells["text"], 1):
            if source.text[cell.start : cell.end].strip():
                self._add(source, cell, told, row, number)
        return len(self.documents) - before

    def _add(self, source: Source, cell: Cell, told: Mapping[str, str], row: int, number: int) -> None:
        scribe = source.copied(cell, f"row {row}" + (f", text {number}" if number > 1 else ""))
        status = meaning("status", told.get("status", ""))
        if told.get("status") and status is None:
            self.notes.append(_unread("status"))
        self.documents.append(
            Document(
                self._id(told.get("document", "")),
                scribe.text(),
                type=told.get("type") or None,
                author_role=told.get("author role") or None,
                service_time=self._moment(told, "time"),
                signed_time=self._moment(told, "signed"),
                status=DocumentStatus(status.word) if status else DocumentStatus.FINAL,
                supersedes=told.get("supersedes") or None,
                author=told.get("author") or None,
                origin=scribe.origin(),
            )
        )

    def _id(self, given: str) -> str:
        """The table's id, else the number of the document; behind it a number where it is taken."""
        wanted = given or f"d{len(self.documents) + 1}"
        found, number = wanted, 1
        while found in self.ids:
            number += 1
            found = f"{wanted}.{number}"
        self.ids.add(found)
        return found

    def _moment(self, told: Mapping[str, str], column: str) -> Any:
        text = told.get(column, "")
        found = moment(text) if text else None
        if text and found is None:
            self.notes.append(_unread("the time of a document"))
        return found

    def encounter(self, default_id: str, notes: tuple[ReadingNote, ...]) -> Encounter:
        """What was told, as an encounter."""
        setting = self._meaning("setting")
        kind = Setting(setting.word) if setting else self._by_days()
        claim_type = self._meaning("claim type")
        days = {name: self._day(name) for name in ("service date", "admission", "discharge")}
        stays = kind in STAYS
        admission = days["admission"] or (days["service date"] if stays else None)
        discharge = days["discharge"]
        if admission and discharge and (plain_day(discharge) or date.max) < (plain_day(admission) or date.min):
            discharge = None
            self.notes.append(_BACKWARD)
        return Encounter(
            self.number or default_id,
            setting=kind,
            claim_type=ClaimType(claim_type.word) if claim_type else None,
            encounter_class=setting.encounter_class if setting else None,
            date_of_service=None if stays else plain_day(days["service date"]),
            admission=admission,
            discharge=discharge,
            disposition=self.said.get("disposition"),
            admit_type=self.said.get("admit type"),
            admit_source=self.said.get("admit source"),
            place_of_service=self._place(),
            account=self.said.get("account"),
            identifiers=tuple(self._numbers()),
            patient=self._patient(),
            documents=tuple(self.documents),
            codes=tuple(self.codes.values()),
            notes=tuple(dict.fromkeys((*notes, *self.notes))),
        )

    def _numbers(self) -> Iterator[Identifier]:
        """The number of the visit, by which files beside the table may be of it: of a patient, and no mere count."""
        number = self.number or ""
        if self.said.get("patient") and len(number) >= LEAST_NUMBER and any(map(str.isdigit, number)):
            yield Identifier(IdentifierKind.VISIT, number)
            yield Identifier(IdentifierKind.PATIENT, self.said["patient"])
            if account := self.said.get("account"):
                yield Identifier(IdentifierKind.ACCOUNT, account)

    def _by_days(self) -> Setting:
        """A contact with an admission is a stay; else nothing is said."""
        return Setting.INPATIENT if self.said.get("admission") else Setting.OUTPATIENT

    def _meaning(self, name: str) -> Any:
        text = self.said.get(name, "")
        found = meaning(name, text) if text else None
        if text and found is None:
            self.notes.append(_unread(name))
        return found

    def _day(self, name: str) -> date | None:
        text = self.said.get(name, "")
        found = day_or_moment(text) if text else None
        if text and found is None:
            self.notes.append(_unread(name))
        return found

    def _place(self) -> str | None:
        text = self.said.get("place", "")
        return text.zfill(2) if text.isascii() and text.isdigit() and len(text) <= 2 else None

    def _patient(self) -> Patient:
        sex = self._meaning("sex")
        return Patient(
            self.said.get("patient"),
            Sex(sex.word) if sex else Sex.UNKNOWN,
            plain_day(self._day("birth date")),
            self._age(),
        )

    def _age(self) -> int | None:
        text = self.said.get("age", "").removesuffix(".0")
        if text and not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= OLDEST):
            self.notes.append(_unread("age"))
            return None
        return int(text) if text else None


def _said(source: Source, cells: list[Cell]) -> str:
    return next(filter(None, (" ".join(cell.of(source.text).split()) for cell in cells)), "")


def _lead(code: str, row: int) -> RecordedCode:
    """A code of a column of diagnoses: which system, and whether it holds, the table does not say."""
    return RecordedCode(code, kind=RecordedKind.DIAGNOSIS, source=f"row {row}")
