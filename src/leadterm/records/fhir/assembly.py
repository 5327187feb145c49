"""From what the resources tell to encounters: references are followed, and each contact is put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from leadterm.domain import (
    Charge,
    ClaimType,
    Document,
    Encounter,
    Identifier,
    IdentifierKind,
    Patient,
    ReadingNote,
    RecordedCode,
    Setting,
)
from leadterm.domain.dates import plain_day
from leadterm.domain.encounter import FACILITY_SETTINGS

from .notes import note
from .parties import author, payers, providers
from .quotes import evidence_of
from .record import Record, loose_binaries
from .renditions import read
from .told import Bill, Draft, Given, Loan, Told, Visit

DOCUMENT = "document"
# Who gives the ids of resources.
SERVER = "FHIR"


@dataclass(slots=True)
class _Contact:
    """What belongs together.

    Attributes:
        key: Of its encounter, claim or patient.
        subject: The key of its patient.
        file: The first one that tells of it, where several are read together.
        told: In the order of the record.
    """

    key: str
    subject: str | None
    file: Given | None
    told: list[Told] = field(default_factory=list)


Placed = tuple[Given | None, Encounter]
"""An encounter with the first file that tells of it, where several are read together."""


def encounters(record: Record, stem: str, bundle: str | None) -> list[Placed]:
    """The encounters of a record that tell anything, each with an id of its own.

    Args:
        record: What was taken.
        stem: The id of what has no other.
        bundle: The type of the bundle that it was, if it was one: in a document, what names no encounter belongs to
            the one of its composition.
    """
    contacts = _contacts(record, bundle)
    built = [(c.file, encounter) for c in contacts if _tells(encounter := _built(record, c, stem))]
    return _distinct(_noted(built or [(c.file, _built(record, c, stem)) for c in contacts], record))


def people(record: Record, stem: str) -> list[Placed]:
    """What a record without encounters is: whom it tells of, of several files one by one; at least one that says so."""
    told = [
        Encounter(
            _id(key) or stem if len(record.patients) > 1 else stem,
            patient=patient,
            notes=(note("fhir-nothing"),),
            identifiers=(*record.numbers.get(key, ()), Identifier(IdentifierKind.PATIENT, key, SERVER)),
        )
        for key, patient in record.patients.items()
    ]
    nobody = Encounter(stem, notes=(note("fhir-nothing"),))
    told = told if len(told) == 1 or record.file else []
    return _distinct(_noted([(record.file, each) for each in told or [nobody]], record))


def _noted(built: list[Placed], record: Record) -> list[Placed]:
    """The encounters, the first of them with what is to be told of the record."""
    if built:
        file, first = built[0]
        built[0] = file, replace(first, notes=tuple(dict.fromkeys((*first.notes, *record.notes))))
    return built


def _contacts(record: Record, bundle: str | None) -> list[_Contact]:
    """By encounter; what names none by claim, else by patient."""
    contacts: dict[tuple[str, Given | None], _Contact] = {}
    default = _composed(record) if bundle == DOCUMENT else None
    owners = {told.key: record.canonical(told.subject) for told in record.told.values() if told.visit}
    claims = {told.key for told in record.told.values() if told.bill}
    for told in (*record.told.values(), *loose_binaries(record)):
        answered = record.canonical(told.bill.claim) if told.bill else None
        if answered != told.key and answered in claims:
            continue  # the answer to a claim that stands here itself
        subject = record.canonical(told.subject)
        named = [record.canonical(each) or each for each in told.encounters] or ([default] if default else [])
        for where in named or [told.key if told.bill else subject or ""]:
            file = _apart(record, told, where, subject, bool(named))
            owner = owners.get(where) or subject
            contact = contacts.setdefault((where, file), _Contact(where, owner, told.file))
            contact.subject = contact.subject or subject
            if _differ(contact.subject, subject):
                record.notes[note("fhir-patients")] = None
                contact = contacts.setdefault((f"{where} {subject}", file), _Contact(where, subject, told.file))
            contact.told.append(told)
    return list(contacts.values())


def _apart(record: Record, told: Told, where: str, subject: str | None, named: bool) -> Given | None:
    """The file beyond which nothing is joined; None where the encounter is known.

    What names no encounter is joined with nothing of another file, but in the files of one export, and what differs
    as to who or which encounter it is of, with nothing at all.
    """
    if where in record.unsure or subject in record.unsure:
        return told.file
    return None if named or told.bill or (told.file and told.file.has_lines) else told.file


def _differ(one: str | None, other: str | None) -> bool:
    """Whether two references surely name two patients; a search may name the same one."""
    return bool(one and other) and one != other and "?" not in f"{one}{other}"


def _composed(record: Record) -> str | None:
    """The encounter of the composition that a document begins with."""
    named = (told.encounters for told in record.told.values() if told.key.startswith("Composition") and told.encounters)
    return record.canonical(next(named, (None,))[0])


def _tells(encounter: Encounter) -> bool:
    return bool(encounter.documents or encounter.codes or encounter.charges)


def _built(record: Record, contact: _Contact, stem: str) -> Encounter:
    visit = next((told.visit for told in contact.told if told.visit), None)
    bills = [told.bill for told in contact.told if told.bill]
    notes: dict[ReadingNote, None] = {n: None for told in contact.told for n in told.notes}
    drafts = [(draft, told.file) for told in contact.told for draft in told.drafts]
    stem = contact.file.stem if contact.file else stem
    within: list[RecordedCode] = []
    documents = tuple(filter(None, (_document(record, draft, file, notes, within) for draft, file in drafts)))
    if visit is None and contact.key.startswith(("Encounter/", "urn:")) and not bills:
        notes[note("fhir-unknown-encounter")] = None
    days = _days(visit, bills, documents, notes)
    setting = (visit.setting if visit else None) or _setting(bills)
    patient = record.patient(contact.subject) or Patient(id=_id(contact.subject))
    base = Encounter(
        id=_id(contact.key) or stem,
        setting=setting or Setting.OUTPATIENT,
        claim_type=_claim_type(bills),
        encounter_class=visit.name if visit else None,
        patient=patient,
        providers=tuple(providers(record, visit, bills, setting)),
        payers=tuple(payers(record, contact.subject, bills, plain_day(days[0]))),
        documents=documents,
        charges=tuple(_charges(record, contact, bills)),
        codes=(*_codes(record, contact, visit, {d.id: d for d in documents}), *within),
        notes=tuple(notes),
        identifiers=tuple(_identifiers(record, contact)),
    )
    return replace(base, **_dated(base.setting, *days), **_fields(visit, bills))


def _identifiers(record: Record, contact: _Contact) -> Iterator[Identifier]:
    """The numbers of the encounter and of the patient; what a resource is called on its server is one of them."""
    if contact.key.startswith(("Encounter/", "urn:")):
        yield from record.numbered(contact.key)
        yield Identifier(IdentifierKind.VISIT, contact.key, SERVER)
    if contact.subject:
        yield from record.numbered(contact.subject)
        yield Identifier(IdentifierKind.PATIENT, contact.subject, SERVER)


def _days(
    visit: Visit | None, bills: list[Bill], documents: tuple[Document, ...], notes: dict[ReadingNote, None]
) -> tuple[date | datetime | None, date | datetime | None]:
    """First and last day: of the encounter, of its claims, else of its last document."""
    spans = [(source.start, source.end) for source in ((visit,) if visit else ()) if source.start or source.end]
    spans += [(bill.start, bill.end) for bill in bills if bill.start or bill.end]
    written = [d.service_time.date() for d in documents if d.service_time]
    start, end = spans[0] if spans else (max(written), None) if written else (None, None)
    first, last = plain_day(start), plain_day(end)
    if first and last and last < first:
        notes[note("fhir-dates")] = None
        return start, None
    return start, end


def _dated(setting: Setting, start: date | datetime | None, end: date | datetime | None) -> dict[str, Any]:
    if setting in FACILITY_SETTINGS:
        return {"admission": start, "discharge": end}
    return {"date_of_service": plain_day(start or end)}


def _fields(visit: Visit | None, bills: list[Bill]) -> dict[str, Any]:
    """Official codes: those of the claims, over them those of the encounter."""
    fields: dict[str, Any] = {}
    for bill in bills:
        fields = {**bill.fields, **fields}
    own = (visit.disposition, visit.source, visit.admit_type) if visit else (None, None, None)
    names = ("disposition", "admit_source", "admit_type")
    return {**fields, **{name: value for name, value in zip(names, own, strict=True) if value}}


def _setting(bills: list[Bill]) -> Setting | None:
    for bill in bills:
        if bill.setting or bill.type:
            return bill.setting or (Setting.PROFESSIONAL if bill.type is ClaimType.PROFESSIONAL else Setting.OUTPATIENT)
    return None


def _claim_type(bills: list[Bill]) -> ClaimType | None:
    """The type that all claims of an encounter have."""
    types = {bill.type for bill in bills if bill.type}
    return types.pop() if len(types) == 1 else None


def _codes(
    record: Record, contact: _Contact, visit: Visit | None, documents: dict[str, Document]
) -> Iterator[RecordedCode]:
    """What was diagnosed in the encounter first, as its bill would have it; then what else the resources bear.

    What the encounter or a claim of it names is told there, and not once more for itself.
    """
    named: set[str] = set()
    for loan in visit.diagnoses if visit else ():
        where = record.canonical(loan.lender) or ""
        if where not in named and record.lends(loan.lender) is not None:
            named.add(where)
            yield from _borrowed(record, loan, documents)
    billed = (loan for told in contact.told if told.bill for loan in told.loans if loan.status is None)
    named.update(record.canonical(loan.lender) or "" for loan in billed)
    for told in contact.told:
        if told.key not in named:
            yield from _resting(record, told.key, told.codes, documents)
            for loan in told.loans:
                yield from _borrowed(record, loan, documents)


def _resting(
    record: Record, key: str | None, codes: Iterable[RecordedCode], documents: dict[str, Document]
) -> Iterable[RecordedCode]:
    """The codes of a resource, with the words that it quotes."""
    quoted = record.quotes.get(key or "")
    words = evidence_of(quoted, record.canonical(quoted.document), documents) if quoted else None
    return [replace(code, evidence=words) for code in codes] if words else codes


def _borrowed(record: Record, loan: Loan, documents: dict[str, Document]) -> Iterator[RecordedCode]:
    lender = record.canonical(loan.lender)
    for code in _resting(record, lender, record.lends(loan.lender) or (), documents):
        status = code.status if loan.status is None else loan.status
        source = f"{loan.source}, {code.source}"
        yield replace(code, kind=loan.kind, status=status, day=loan.day or code.day, source=source, role=loan.role)


def _charges(record: Record, contact: _Contact, bills: Iterable[Bill]) -> Iterator[Charge]:
    """The lines of the encounter; a line that names none is of every one that its claim names."""
    for bill in bills:
        for where, charge in bill.charges:
            if where is None or record.canonical(where) == contact.key:
                yield charge


def _document(
    record: Record,
    draft: Draft,
    file: Given | None,
    notes: dict[ReadingNote, None],
    within: list[RecordedCode],
) -> Document | None:
    """The document of a draft; None, with notes, where it cannot be read. Codes in it are added to those `within`."""
    text, origin = draft.text, draft.origin
    if draft.renditions:
        held = read(record, draft, _kind(draft), notes)
        if held is None:
            return None
        text, origin = held.text, held.origin
        within += held.codes
    if not text.strip():
        return None
    name, role = author(record, draft)
    return Document(
        draft.id,
        text,
        type=draft.type,
        author_role=role,
        service_time=draft.service,
        signed_time=draft.signed,
        status=draft.status,
        supersedes=record.canonical(draft.replaces),
        author=name,
        appends=record.canonical(draft.appends),
        same_as=record.canonical(draft.same_as),
        series=draft.series if draft.version is not None else None,
        version=draft.version,
        origin=origin,
        file=file.name if file else None,
    )


def _kind(draft: Draft) -> str:
    """The kind of resource that a document comes of."""
    return draft.id.partition("/")[0] if "/" in draft.id else "resource"


def _id(key: str | None) -> str | None:
    """The id in a key, for a person to know it by."""
    return (key or "").rpartition("/")[2].rpartition(":")[2] or None


def _distinct(built: list[Placed]) -> list[Placed]:
    """The encounters, ids made distinct."""
    seen: dict[str, int] = {}
    for n, (file, encounter) in enumerate(built):
        count = seen[encounter.id] = seen.get(encounter.id, 0) + 1
        if count > 1:
            built[n] = file, replace(encounter, id=f"{encounter.id}-{count}")
    return built
