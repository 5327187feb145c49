"""A record as it is taken, resource by resource: what each tells, and the people and payers that others refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from leadterm.domain import Identifier, IdentifierKind, Patient, ReadingNote, RecordedCode
from leadterm.records.limits import MOST_DEPTH

from . import tables
from .bills import tell_bill
from .coverage import Cover, read_coverage
from .documents import binary, tell_attachments, tell_binary, tell_composition, tell_words
from .leads import tell_codes
from .meeting import meet
from .nodes import Faults, Node
from .notes import note
from .parsing import BUNDLE, Found, entry_of
from .people import Person, identifiers, numbers, read_patient, read_person
from .quotes import Quoted, quoted_by
from .references import id_of, key, reference
from .told import Given, Rendition, Told
from .visits import tell_visit

if TYPE_CHECKING:
    from .beyond import Beyond

T = TypeVar("T")
# Of one patient, each of which is asked whether it holds on the day of each encounter: nobody has so many.
MOST_COVERS = 200
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


class Seen(NamedTuple):
    """A resource that was taken: its kind, where it stood, and which version of it this is, as it says."""

    kind: str
    place: str
    file: Given | None
    version: str | None
    updated: str | None


@dataclass(slots=True)
class Record:
    """What was taken.

    Attributes:
        file: It stands in, where several are read together.
        told: What each resource tells, in order, by key.
        patients, people, covers, binaries: By key.
        lent: By key, the codes that are lent.
        quotes: By key, the words that its codes rest on.
        numbers: By key, the identifiers of patients and encounters.
        aliases: Of a `fullUrl` and of a search for an identifier, the key.
        unclear: The aliases that several resources have.
        unsure: Keys of resources that differ with nothing to tell which of them holds.
        seen: By key, what was taken.
        notes: Of no encounter.
        beyond: What the other files have, where several are read together.
    """

    file: Given | None = None
    told: dict[str, Told] = field(default_factory=dict)
    patients: dict[str, Patient] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    covers: dict[str, Cover] = field(default_factory=dict)
    binaries: dict[str, Rendition] = field(default_factory=dict)
    lent: dict[str, list[RecordedCode]] = field(default_factory=dict)
    numbers: dict[str, list[Identifier]] = field(default_factory=dict)
    quotes: dict[str, Quoted] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    seen: dict[str, Seen] = field(default_factory=dict)
    notes: dict[ReadingNote, None] = field(default_factory=dict)
    beyond: Beyond | None = None
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
        where = f"{kind}/{name}" if name else found.url or self._made(kind)
        place = f"{found.place}({where})" if found.place else where
        resource = Node(found.value, place, faults)
        if where in self.seen:
            again = Record(self.file)
            again._take(kind, resource, where, found.url)
            meet(self, again, where)
        else:
            self._take(kind, resource, where, found.url)

    def canonical(self, reference: str | None) -> str | None:
        """The key that a reference leads to, by whatever name it goes; itself where that is not told."""
        if reference is None:
            return None
        own = self.aliases.get(reference)
        if own is None:
            ours = self.beyond is None or reference in self.seen
            return reference if ours or self.beyond is None else self.beyond.named(reference, self)
        if reference in self.unclear:
            self.notes[note("fhir-ambiguous")] = None
            return reference
        return own

    def find(self, of: Callable[[Record], dict[str, T]], reference: str | None) -> tuple[T, Record] | None:
        """What a reference leads to, with the record that holds it: this one, else another file's."""
        where = self.canonical(reference)
        if where is None:
            return None
        own = of(self).get(where)
        if own is not None:
            return own, self
        return self.beyond.find(of, where, self) if self.beyond and where not in self.seen else None

    def patient(self, reference: str | None) -> Patient | None:
        """The patient that a reference names."""
        found = self.find(lambda record: record.patients, reference)
        return found[0] if found else None

    def person(self, reference: str | None) -> tuple[Person, Record] | None:
        """The provider that a reference names, with the record that its own references are of."""
        return self.find(lambda record: record.people, reference)

    def numbered(self, reference: str) -> list[Identifier]:
        """The identifiers of the patient or the encounter that a reference names."""
        found = self.find(lambda record: record.numbers, reference)
        return found[0] if found else []

    def lends(self, reference: str | None) -> list[RecordedCode] | None:
        """The codes that are lent by what a reference names; None where it lends none."""
        found = self.find(lambda record: record.lent, reference)
        return found[0] if found else None

    def covers_of(self, subject: str | None) -> list[tuple[Cover, Record]]:
        """The coverages of a patient, each with the record that its own references are of. Asked once all is taken."""
        if subject is None:
            return []
        if self._covered is None:
            self._covered = {}
            for cover in self.covers.values():
                theirs = self._covered.setdefault(self.canonical(cover.beneficiary), [])
                if len(theirs) < MOST_COVERS:
                    theirs.append(cover)
        own = [(cover, self) for cover in self._covered.get(subject, ())]
        return own + (list(self.beyond.covers(subject, self)) if self.beyond else [])

    def _made(self, kind: str) -> str:
        """A key of what has no id, which no resource of another file has."""
        made = f"{kind}-{len(self.seen) + 1}"
        return f"{made}.{self.file.number + 1}" if self.file and self.file.number else made

    def _take(self, kind: str, resource: Node, where: str, url: str | None) -> None:
        meta = resource.first("meta")
        known = isinstance(meta.value, dict)
        version, updated = (meta.first(name).word() if known else None for name in ("versionId", "lastUpdated"))
        self.seen[where] = Seen(kind, resource.place, self.file, version, updated)
        if url:
            self.alias(key(url), where)
        self._contained(resource, where)
        self._read(kind, resource, where)

    def alias(self, name: str, where: str) -> None:
        """Remembers another name of a resource; one that several have names none."""
        if self.aliases.setdefault(name, where) != where:
            self.unclear.add(name)

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
            if quoted := quoted_by(resource, where):
                self.quotes[where] = quoted
        if kind == "Encounter":
            self._name(kind, resource, where)
        if kind != "Medication":
            told.file = self.file
            self.told[where] = told

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
                self.alias(search, where)

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


def referred(record: Record) -> Iterator[str]:
    """Keys of what the forms of its documents refer to."""
    for told in record.told.values():
        for draft in told.drafts:
            yield from filter(None, (record.canonical(form.url) for form in draft.renditions))


def loose_binaries(record: Record) -> Iterator[Told]:
    """What tells of the binaries that no document refers to."""
    used = set(referred(record)) | (record.beyond.referred(record) if record.beyond else set())
    for where, form in record.binaries.items():
        if where not in used and "#" not in where:
            told = Told(where, None, (), file=record.seen[where].file)
            tell_binary(told, form)
            yield told
