"""Messages of a file joined to encounters: one for each visit, documents in order (chapters 3 and 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from leadterm.domain import (
    Charge,
    Document,
    DocumentStatus,
    Encounter,
    Evidence,
    InputError,
    Origin,
    Patient,
    Payer,
    ProviderRole,
    ReadingNote,
    RecordedCode,
    Setting,
    Span,
)

from .charges import Ledger
from .coded import Leads
from .embedded import within
from .matching import Register
from .messages import Message
from .observations import Lines
from .payers import payers
from .reports import Draft, drafts, events
from .visits import Visit

STAYS = frozenset((Setting.INPATIENT, Setting.SKILLED_NURSING, Setting.HOME_HEALTH))
RETRACTED = DocumentStatus.RETRACTED
_CANCELLED = ReadingNote(
    "LEADTERM:records/hl7-cancelled",
    "The record takes the visit back (a cancellation): code it only if care was given.",
)
_WITHOUT_TEXT = ReadingNote(
    "LEADTERM:records/elsewhere", "A document is announced without its text, which is in another message."
)
_BACKWARD = ReadingNote(
    "LEADTERM:records/hl7-dates", "The discharge (PV1-45) is before the admission (PV1-44) and was not taken over."
)


@dataclass(slots=True)
class Version:
    """A document as it is kept: a draft, its id in the encounter, what it takes the place of."""

    draft: Draft
    id: str
    status: DocumentStatus
    supersedes: str | None


@dataclass(slots=True)
class Contact:
    """What the messages of one visit tell, in the order of the file."""

    visit: Visit = field(default_factory=Visit)
    leads: Leads = field(default_factory=Leads)
    ledger: Ledger = field(default_factory=Ledger)
    payers: tuple[Payer, ...] = ()
    versions: list[Version] = field(default_factory=list)
    by_number: dict[str, list[Version]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    notes: list[ReadingNote] = field(default_factory=list)
    cancelled: bool = False

    def take(self, message: Message) -> list[str]:
        """A message tells of the visit; the ids of the documents that it tells of."""
        self.visit.take(message)
        self.leads.take(message)
        self.ledger.take(message)
        self.payers = payers(message) or self.payers
        self.notes += message.notes
        told = drafts(message)
        for draft in told:
            self._keep(draft)
        self._follow(events().get(message.event, {}).get("visit") or "")
        return [draft.id for draft in told if draft.id]

    def _follow(self, effect: str) -> None:
        if effect in ("cancelled", "resumed"):
            self.cancelled = effect == "cancelled"
        elif effect == "discharge":
            self.visit.ended = self.visit.disposition = None

    def _keep(self, draft: Draft) -> None:
        """A draft: a new document, a later version of one, or news of one that is kept."""
        before = self.by_number.get(draft.id or "", [])
        self.notes += draft.lines.notes
        has_words = bool(draft.lines.scribe.text().strip() or draft.lines.attachments)
        if draft.status is RETRACTED:
            for version in before:
                version.status = RETRACTED
        alone = draft.status is RETRACTED and draft.announced and draft.id and not before
        if (has_words and not (before and draft.status is RETRACTED)) or alone:
            self._add(draft, before)
        elif before and draft.lines.withdrawn and before[-1].draft.lines.told <= draft.lines.withdrawn:
            before[-1].status = RETRACTED  # nothing of it is left
        elif before and draft.status not in (None, RETRACTED, DocumentStatus.ADDENDUM):
            before[-1].status = draft.status or before[-1].status
        elif draft.announced and not has_words and not before:
            self.notes.append(_WITHOUT_TEXT)

    def _add(self, draft: Draft, before: list[Version]) -> None:
        parents = self.by_number.get(draft.replaces or "", [])
        replaced = (before or parents)[-1:] if draft.status is not DocumentStatus.ADDENDUM else []
        supersedes = replaced[0].id if replaced else draft.replaces
        status = draft.status or (DocumentStatus.CORRECTED if replaced else DocumentStatus.FINAL)
        version = Version(draft, self._id(draft.id, len(before)), status, supersedes)
        self.versions.append(version)
        self.ids.add(version.id)
        if draft.id:
            self.by_number.setdefault(draft.id, []).append(version)

    def _id(self, given: str | None, before: int) -> str:
        """The record's id; behind it the number of the version, or the number of the document where it has none."""
        made = given or f"d{len(self.versions) + 1}"
        number = max(before, 1)
        while made in self.ids:
            number += 1
            made = f"{given or 'd'}.{number}"
        return made

    def encounter(self, id_: str) -> Encounter:
        """What was told, as one encounter."""
        documents, codes, notes = _written(self.versions)
        visit = self.visit
        setting = visit.setting or Setting.OUTPATIENT
        stays = setting in STAYS
        ended, backward = _after(visit.began, visit.ended)
        notes = [*self.notes, *visit.notes, *backward, *self.ledger.notes, *notes]
        if self.cancelled:
            notes.append(_CANCELLED)
        return Encounter(
            id=id_,
            setting=setting,
            encounter_class=visit.encounter_class,
            date_of_service=None if stays else visit.began or self._first_day(documents),
            admission=visit.began if stays else None,
            discharge=ended if stays else None,
            disposition=visit.disposition,
            admit_type=visit.admit_type,
            admit_source=visit.admit_source,
            account=visit.account or visit.number,
            patient=visit.patient or Patient(),
            providers=tuple(visit.providers.values()),
            payers=self.payers,
            documents=tuple(documents),
            charges=tuple(self._charges()),
            codes=(*self.leads.all(), *codes),
            notes=tuple(dict.fromkeys(notes)),
            identifiers=tuple(visit.identifiers),
        )

    def _charges(self) -> Iterator[Charge]:
        """The charges; a provider is named by those that another one than the visit's first has rendered."""
        people = self.visit.providers.values()
        usual = next((one.id for one in people if one.role is ProviderRole.RENDERING), None)
        for charge in self.ledger.charges:
            yield replace(charge, provider=None) if charge.provider == usual else charge

    def _first_day(self, documents: Iterable[Document]) -> date | None:
        """The day of the first charge, else of the first document."""
        days = [charge.date for charge in self.ledger.charges if charge.date]
        days = days or [d.service_time.date() for d in documents if d.service_time]
        return min(days, default=None)


Source = tuple[str, str, Iterable[Message]]
"""A file: its name, the id of what it tells of, its messages."""


def joined(files: Iterable[Source]) -> tuple[tuple[str, Encounter], ...]:
    """One encounter for each visit, in the order in which they are first told of, each with the id of its first file.

    Raises InputError for a file that tells of none.
    """
    contacts: dict[object, Contact] = {}
    homes: dict[object, str] = {}
    register = Register()
    for name, stem, messages in files:
        told = False
        for message in messages:
            if not (message.first("PID") or message.first("PV1")):
                continue  # an acknowledgement, a query, a master file: of no visit
            told, key = True, register.visit(message)
            homes.setdefault(key, stem)
            register.know(key, contacts.setdefault(key, Contact()).take(message))
        if not told:
            raise InputError(
                f"{name} holds no message of a patient: give messages with PID or PV1 (ADT, MDM, ORU, DFT, …)."
            )
    return tuple((homes[key], contacts[key].encounter(id_)) for key, id_ in _named(homes))


def _named(homes: Mapping[object, str]) -> Iterator[tuple[object, str]]:
    """Each visit with its id: that of its file, numbered where the file tells of several."""
    several, numbers = Counter(homes.values()), Counter[str]()
    for key, stem in homes.items():
        numbers[stem] += 1
        yield key, f"{stem}-{numbers[stem]}" if several[stem] > 1 else stem


def _after(began: date | None, ended: date | None) -> tuple[date | None, list[ReadingNote]]:
    return (None, [_BACKWARD]) if began and ended and ended < began else (ended, [])


def _written(versions: Iterable[Version]) -> tuple[list[Document], list[RecordedCode], list[ReadingNote]]:
    documents: list[Document] = []
    codes: list[RecordedCode] = []
    notes: list[ReadingNote] = []
    for version in versions:
        lines, before = version.draft.lines, len(documents)
        text = lines.scribe.text()
        if text.strip() or (version.status is RETRACTED and not lines.attachments):
            # What is taken back without its words may stand in another file.
            documents.append(_document(version, 1, text, lines.scribe.origin()))
            codes += _codes(documents[-1], lines)
        lines.found.clear()
        for attachment in lines.attachments:
            words, origin, within_it, told = within(attachment.attachment())
            notes += told
            codes += within_it
            if words.strip():
                documents.append(_document(version, len(documents) - before + 1, words, origin))
    return documents, codes, notes


def _document(version: Version, number: int, text: str, origin: Origin | None) -> Document:
    """The document of a version; what it carries within stands behind it, as `id/2`, `id/3`."""
    draft, part = version.draft, f"/{number}" if number > 1 else ""
    return Document(
        version.id + part,
        text,
        type=draft.type,
        author_role=draft.author_role,
        service_time=draft.service_time,
        signed_time=draft.signed_time,
        status=version.status,
        supersedes=version.supersedes + part if version.supersedes else None,
        author=draft.author,
        appends=draft.appends,
        file=draft.file,
        origin=origin,
    )


def _codes(document: Document, lines: Lines) -> Iterator[RecordedCode]:
    for found in lines.found:
        if found.start < found.end:
            start = found.start + (document.text[found.start] == "\n")
            evidence = Evidence.quote(document, Span(start, found.end)) if start < found.end else None
            yield replace(found.lead, evidence=evidence)
