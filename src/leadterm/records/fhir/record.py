"""A record as it is taken, resource by resource: what each tells, and the people and payers that others refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from leadterm.domain import Identifier, IdentifierKind, Patient, ReadingNote, RecordedCode
from leadterm.records.limits import MOST_DEPTH

from . import tables
from .bills import tell_bill
from .coverage import Cover, read_coverage
from .documents import binary, tell_attachments, tell_binary, tell_composition, tell_words
from .leads import tell_codes
from .nodes import Faults, Node
from .notes import note
from .parsing import BUNDLE, Found, entry_of
from .people import Person, identifiers, numbers, read_patient, read_person
from .references import id_of, key, reference
from .told import Rendition, Told
from .visits import tell_visit

PEOPLE = frozenset(("Practitioner", "PractitionerRole", "Organization", "Location"))
BILLS = frozenset(("Claim", "ExplanationOfBenefit"))
# Resources of these kinds lend their codes to those that refer to them.
LENDERS = frozenset(("Condition", "Procedure", "Medication"))
OTHERS = frozenset(("Patient", "Coverage", "Binary"))
NUMBERED = {"Patient": IdentifierKind.PATIENT, "Encounter": IdentifierKind.VISIT}

Tell = Callable[[str, Node, Told], None]
TELLERS: dict[str, tuple[Tell, ...]] = {
    "Encounter": (tell_visit,),
    "DocumentReference": (tell_attachments,),
    "DiagnosticReport": (tell_attachments,),
    "Composition": (tell_composition,),
}


@dataclass(slots=True)
class Record:
    """What was taken.

    Attributes:
        told: What each resource tells, in order.
        patients, people, covers, binaries: By key.
        lent: By key, the codes that are lent.
        numbers: By key, the identifiers of patients and encounters.
        aliases: Of a `fullUrl` and of a search for an identifier, the key.
        notes: Of no encounter.
    """

    told: list[Told] = field(default_factory=list)
    patients: dict[str, Patient] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    covers: dict[str, Cover] = field(default_factory=dict)
    binaries: dict[str, Rendition] = field(default_factory=dict)
    lent: dict[str, list[RecordedCode]] = field(default_factory=dict)
    numbers: dict[str, list[Identifier]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    notes: dict[ReadingNote, None] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _covered: dict[str | None, list[Cover]] | None = None

    def take(self, found: Found, depth: int = 0) -> None:
        """Takes a resource, or those of a bundle within a bundle."""
        kind = found.value.get("resourceType")
        if not isinstance(kind, str):
            return
        if kind == BUNDLE:
            self._bundle(found, depth)
            return
        if not _known(kind):
            return
        faults = Faults()
        name = id_of(Node(found.value, "", faults))
        where = f"{kind}/{name}" if name else found.url or f"{kind}-{len(self._seen) + 1}"
        if where in self._seen:
            self.notes[note("fhir-twice", kind)] = None
            return
        self._seen.add(where)
        if found.url:
            self.aliases[key(found.url)] = where
        place = f"{found.place}({where})" if found.place else where
        resource = Node(found.value, place, faults)
        self._contained(resource, where)
        self._read(kind, resource, where)

    def canonical(self, reference: str | None) -> str | None:
        """The key that a reference leads to, by whatever name it goes."""
        return None if reference is None else self.aliases.get(reference, reference)

    def covers_of(self, subject: str | None) -> list[Cover]:
        """The coverages of a patient. Asked once all is taken."""
        if self._covered is None:
            self._covered = {}
            for cover in self.covers.values():
                self._covered.setdefault(self.canonical(cover.beneficiary), []).append(cover)
        return self._covered.get(subject, []) if subject else []

    def _read(self, kind: str, resource: Node, where: str) -> None:
        if kind == "Patient":
            self.patients[where] = read_patient(resource)
            self._name(kind, resource, where)
        elif kind in PEOPLE:
            self.people[where] = read_person(kind, resource, where)
            self._name(kind, resource, where)
        elif kind == "Coverage":
            if tables.status(kind, resource) != tables.OUT:
                self.covers[where] = read_coverage(resource, where)
        elif kind == "Binary":
            self.binaries[where] = binary(resource)
        else:
            self._tell(kind, resource, where)
            return
        if resource.faults.found:
            self.notes[note("fhir-shape", kind)] = None

    def _tell(self, kind: str, resource: Node, where: str) -> None:
        told = _tell(kind, resource, where)
        if told is None:
            self.notes[note("fhir-error", kind)] = None
            return
        if kind in LENDERS:
            self.lent[where] = told.codes
        if kind == "Encounter":
            self._name(kind, resource, where)
        if kind != "Medication":
            self.told.append(told)

    def _contained(self, resource: Node, owner: str) -> None:
        """Takes what is contained in a resource: it stands for nothing by itself, but may be referred to."""
        for at in resource.each("contained"):
            kind = at.first("resourceType").word()
            name = id_of(at) if isinstance(at.value, dict) else None
            if kind is None or name is None or not _known(kind):
                continue
            where = f"{owner}#{name}"
            if kind in LENDERS:
                told = _tell(kind, at, where)
                self.lent[where] = told.codes if told else []
            elif kind in PEOPLE or kind in OTHERS:
                self._read(kind, at, where)

    def _name(self, kind: str, resource: Node, where: str) -> None:
        """Remembers how a search finds it, and how a reference by identifier alone does."""
        if kind in NUMBERED:
            self.numbers[where] = list(numbers(resource, NUMBERED[kind]))
        for identifier in identifiers(resource):
            for search in (f"?identifier={identifier}", f"{kind}?identifier={identifier}"):
                self.aliases.setdefault(search, where)

    def _bundle(self, found: Found, depth: int) -> None:
        entries = found.value.get("entry")
        if depth >= MOST_DEPTH:
            self.notes[note("fhir-contact")] = None
            return
        for n, entry in enumerate(entries if isinstance(entries, list) else ()):
            for inner in entry_of(entry, f"{found.place}.entry[{n}]"):
                self.take(inner, depth + 1)


def _tell(kind: str, resource: Node, where: str) -> Told | None:
    """What a resource tells; None for one that was entered in error."""
    status = tables.status(kind, resource)
    if status == tables.OUT:
        return None
    at = tables.wheres()[kind]
    subject = next(filter(None, (reference(resource.first(path), where) for path in at.subject)), None)
    told = Told(where, subject, tuple(_encounters(kind, resource, where)))
    if kind in BILLS:
        tell_bill(kind, resource, told, status)
    else:
        tell_codes(kind, resource, told, status)
    for tell in TELLERS.get(kind, ()):
        tell(kind, resource, told)
    if kind in tables.narratives():
        tell_words(kind, resource, told)
    if resource.faults.found:
        told.notes.append(note("fhir-shape", kind))
    return told


def _encounters(kind: str, resource: Node, where: str) -> Iterator[str]:
    """The encounters that a resource belongs to, each once; those of the first path that has one."""
    if kind == "Encounter":
        yield where
        return
    for path in tables.wheres()[kind].encounter:
        keys = (reference(node, where) for node in resource.each(path))
        if found := dict.fromkeys(key for key in keys if key and _of_encounter(key)):
            yield from found
            return


def _of_encounter(key: str) -> bool:
    """Whether a key may lead to an Encounter: a context may also be an episode of care or an appointment."""
    return "/" not in key or key.startswith(("Encounter/", "Encounter?", "?", "urn:"))


def _known(kind: str) -> bool:
    return kind in tables.wheres() or kind in PEOPLE or kind in OTHERS


def loose_binaries(record: Record) -> Iterator[Told]:
    """What tells of the binaries that no document refers to."""
    used = {record.canonical(form.url) for told in record.told for draft in told.drafts for form in draft.renditions}
    for where, form in record.binaries.items():
        if where not in used and "#" not in where:
            told = Told(where, None, ())
            tell_binary(told, form)
            yield told
