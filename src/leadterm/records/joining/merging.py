"""What the records of one encounter tell, as one: what one leaves out the other tells, and differences are told."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

from leadterm.domain import (
    Charge,
    Document,
    DocumentStatus,
    Encounter,
    Patient,
    Provider,
    ReadingNote,
    RecordedCode,
    Setting,
    Sex,
    plain_day,
)
from leadterm.domain.encounter import FACILITY_SETTINGS

from . import likeness, versions
from .numbering import is_made, next_made, next_version, renamed, requoted

T = TypeVar("T")
RETRACTED = DocumentStatus.RETRACTED
# A stay takes up the visit that it began with; a reader that was told no setting says outpatient.
SETTINGS = (
    *(Setting.INPATIENT, Setting.SKILLED_NURSING, Setting.HOME_HEALTH),
    *(Setting.EMERGENCY, Setting.PROFESSIONAL, Setting.OUTPATIENT),
)
# Fields that are told once for an encounter: the first record that tells one holds.
SINGLE = tuple(
    "encounter_class disposition admit_type admit_source place_of_service type_of_bill account condition_codes"
    " occurrences values accident clia referral frequency payer_control_number payers".split()
)
UNTOLD: tuple[Any, ...] = (None, "", (), Sex.UNKNOWN)


def _differing(what: str) -> ReadingNote:
    sentence = f"The files of one encounter tell of different {what}; what the first of them tells holds."
    return ReadingNote("LEADTERM:records/joined-differing", sentence)


MORE_CHARGES = ReadingNote(
    "LEADTERM:records/joined-charges",
    "Charges that several files tell alike are taken as told again: each stands as often as the file that has most.",
)


def merged(records: Sequence[Encounter]) -> Encounter:
    """One encounter of several records of it, in their order; its id is the first one's."""
    notes: list[ReadingNote] = [note for record in records for note in record.notes]
    setting = min((record.setting for record in records), key=SETTINGS.index)
    of_setting = [r for r in records if r.setting is setting]
    told = [*of_setting, *(r for r in records if r.setting is not setting)]
    if len({r.setting for r in records} - {Setting.OUTPATIENT}) > 1:
        notes.append(_differing("settings"))
    documents, codes = _documents(records)
    whole = replace(
        told[0],
        id=records[0].id,
        **{name: _first(getattr(r, name) for r in told) for name in SINGLE},
        **_days(told, setting, notes),
        patient=_patient([r.patient for r in records], notes),
        providers=tuple(_providers(records)),
        documents=documents,
        charges=tuple(_charges(records, notes)),
        codes=codes,
        identifiers=tuple(dict.fromkeys(number for r in records for number in r.identifiers)),
        notes=(),
    )
    return settled(replace(whole, notes=tuple(dict.fromkeys(notes))))


def settled(encounter: Encounter) -> Encounter:
    """The encounter with the versions and copies of its documents told apart, so that each is read once."""
    if len(encounter.documents) < 2:
        return encounter
    notes: list[ReadingNote] = []
    ordered = versions.settled(encounter.documents, notes)
    standing = replace(encounter, documents=tuple(ordered)).standing
    documents = likeness.told(ordered, standing, notes)
    if not notes and documents == list(encounter.documents):
        return encounter
    return replace(encounter, documents=tuple(documents), notes=tuple(dict.fromkeys((*encounter.notes, *notes))))


def _first(told: Iterable[T]) -> T:
    """The first that is told, else what stands for untold."""
    listed = list(told)
    return next((value for value in listed if value not in UNTOLD), listed[0])


def _days(told: Sequence[Encounter], setting: Setting, notes: list[ReadingNote]) -> dict[str, Any]:
    """Admission and discharge of a stay, the day of service of all else; the time of a day where any record has it.

    The notes of a stay are of many days, and no two of them differ by that.
    """
    stay = setting in FACILITY_SETTINGS or any(record.admission for record in told)
    names = ("admission", "discharge") if stay else ("date_of_service",)
    found: dict[str, Any] = {}
    for name in ("admission", "discharge", "date_of_service"):
        days = [day for record in told if (day := getattr(record, name))]
        if name in names and len({plain_day(day) for day in days}) > 1:
            notes.append(_differing("days"))
        found[name] = _precise(days)
    first, last = plain_day(found["admission"]), plain_day(found["discharge"])
    if first and last and last < first:
        found["discharge"] = None
    return found


def _precise(days: Sequence[date | datetime]) -> date | datetime | None:
    return next((d for d in days if isinstance(d, datetime) and plain_day(d) == plain_day(days[0])), None) or next(
        iter(days), None
    )


def _patient(told: Sequence[Patient], notes: list[ReadingNote]) -> Patient:
    names = [field.name for field in fields(Patient)]
    if len({p.sex for p in told} - {Sex.UNKNOWN}) > 1:
        notes.append(_differing("sexes"))
    if len({p.birth_date for p in told} - {None}) > 1:
        notes.append(_differing("birth dates"))
    return Patient(**{name: _first(getattr(p, name) for p in told) for name in names})


def _providers(records: Iterable[Encounter]) -> Iterator[Provider]:
    """Each person in each role once, by NPI, else by name; what a later record tells more of one is added."""
    found: dict[Hashable, Provider] = {}
    for provider in (p for record in records for p in record.providers):
        name = (provider.name, provider.last_name, provider.first_name)
        key = provider.role, provider.npi or (name if any(name) else provider.id)
        known = found.get(key)
        names = [field.name for field in fields(Provider)]
        told = {n: _first((getattr(known, n), getattr(provider, n))) for n in names} if known else {}
        found[key] = replace(provider, **told)
    yield from found.values()


def _charges(records: Iterable[Encounter], notes: list[ReadingNote]) -> Iterator[Charge]:
    """The charges, each as often as the record that has it most often: a bill that is told again is no second one."""
    standing: Counter[Charge] = Counter()
    for record in records:
        own: Counter[Charge] = Counter()
        for charge in record.charges:
            own[charge] += 1
            if own[charge] > standing[charge]:
                standing[charge] += 1
                yield charge
            elif MORE_CHARGES not in notes:
                notes.append(MORE_CHARGES)


def _documents(records: Iterable[Encounter]) -> tuple[tuple[Document, ...], tuple[RecordedCode, ...]]:
    """The documents, no two of one id, and the codes with their evidence in them, each once.

    A second one of an id that the record gave is another version of it, or a copy.
    """
    documents: dict[str, Document] = {}
    codes: dict[RecordedCode, None] = {}
    for record in records:
        names = {d.id: _id(d.id, documents, {x.id for x in record.documents}) for d in record.documents}
        names = {old: new for old, new in names.items() if old != new}
        for document in record.documents:
            taken = renamed(document, names)
            if document.id in names and not is_made(document.id):
                taken = _again(documents, document, taken.id)
            documents[taken.id] = taken
        codes |= dict.fromkeys(requoted(code, names) for code in record.codes)
    return tuple(documents.values()), tuple(codes)


def _id(given: str, taken: dict[str, Document], beside: set[str]) -> str:
    if given not in taken:
        return given
    both = ChainMap[str, Any](taken, dict.fromkeys(beside))
    return next_made(both, len(taken) + 1) if is_made(given) else next_version(given, both)


def _again(documents: dict[str, Document], document: Document, new: str) -> Document:
    """A document that is told a second time, by its new id; a series of its own tells its versions apart."""
    before = documents[document.id]
    series = before.series or document.series or document.id
    if RETRACTED in (before.status, document.status) and not versions.issued_again(before, document):
        before, document = replace(before, status=RETRACTED), replace(document, status=RETRACTED)
    documents[document.id] = replace(before, series=series)
    return replace(document, id=new, series=series)
