"""Who, when and where, from the header of a C-CDA document (CDA R2, 4.2; US Realm Header)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from leadterm.domain import (
    Address,
    DocumentStatus,
    Encounter,
    Identifier,
    IdentifierKind,
    Patient,
    Provider,
    ProviderRole,
    Setting,
    Sex,
    plain_day,
)
from leadterm.records.naming import class_of, rows
from leadterm.records.times import day, day_or_moment, moment
from leadterm.records.trees import Element

NPI = "2.16.840.1.113883.4.6"
NPI_DIGITS = 10
VERSION_DIGITS = 10
SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}
# What a document is to its parent (CDA R2, 4.2.3.1), and what that makes of it.
RELATIONS = {"RPLC": "supersedes", "APND": "appends", "XFRM": "same_as"}
FINALITY = {"supersedes": DocumentStatus.CORRECTED, "appends": DocumentStatus.ADDENDUM}
# Parts of the header that name who took part, with the role that billing knows them by.
ROLES = {
    "componentOf/encompassingEncounter/responsibleParty": ProviderRole.ATTENDING,
    "documentationOf/serviceEvent/performer": ProviderRole.RENDERING,
}


@dataclass(frozen=True, slots=True)
class Written:
    """The document itself.

    Attributes:
        id: Its own; None where it has none.
        type: What kind it is.
        setting: Which its kind tells; None for most.
        author: Who wrote it.
        time, signed: When.
        status: An addendum, a replacement, or neither.
        relations: Ids of what it replaces, goes on with, is another form of, as `Document` has them.
        series, version: Of `setId` and `versionNumber`.
    """

    id: str | None
    type: str | None
    setting: Setting | None
    author: str | None
    time: datetime | None
    signed: datetime | None
    status: DocumentStatus
    relations: dict[str, str]
    series: str | None
    version: int | None


class Header:
    """The parts of a document's header, asked by path."""

    def __init__(self, parts: Sequence[Element]) -> None:
        self._root = Element("ClinicalDocument", 0, {}, list(parts))

    def written(self) -> Written:
        """What is said of the document."""
        root = self._root
        kind = kinds().get(root.value("code", attribute="code") or "")
        title = root.words("title") or root.value("code", attribute="displayName")
        relations = dict(_relations(root))
        status = next((FINALITY[name] for name in FINALITY if name in relations), DocumentStatus.FINAL)
        return Written(
            id=_id(root),
            type=kind[0] if kind else title,
            setting=kind[1] if kind else None,
            author=_author(root),
            time=moment(root.value("effectiveTime", attribute="value")),
            signed=moment(root.value("legalAuthenticator", "time", attribute="value")),
            status=status,
            relations=relations,
            series=_number(root.first("setId")),
            version=_whole(root.value("versionNumber", attribute="value")),
        )

    def encounter(self, stem: str) -> Encounter:
        """The encounter that the document is about, without its documents and codes."""
        about = self._root.first("componentOf", "encompassingEncounter") or Element("none", 0, {})
        written = self.written()
        start, end = self._period(about)
        setting, class_ = _setting(about, written.setting, start, end)
        stay = setting is Setting.INPATIENT
        return Encounter(
            id=stem,
            setting=setting,
            encounter_class=class_,
            date_of_service=None if stay else plain_day(start) or plain_day(written.time),
            admission=start if stay else None,
            discharge=end if stay else None,
            disposition=_disposition(about),
            account=_id(about),
            patient=self._patient(),
            providers=tuple(self._providers()),
            identifiers=tuple(self._identifiers(about)),
        )

    def _identifiers(self, about: Element) -> Iterator[Identifier]:
        role = self._root.first("recordTarget", "patientRole")
        for holder, kind in ((about, IdentifierKind.VISIT), (role, IdentifierKind.PATIENT)):
            for one in holder.all("id") if holder else ():
                root, value = one.get("root"), _number(one)
                if value and not one.get("nullFlavor"):
                    yield Identifier(kind, value, root if value != root else None)

    def _period(self, about: Element) -> tuple[date | datetime | None, date | datetime | None]:
        """When the encounter was, else when the services that are documented were."""
        for holder in (about, self._root.first("documentationOf", "serviceEvent")):
            time = holder.first("effectiveTime") if holder else None
            if time:
                low = time.value("low", attribute="value") or time.get("value")
                high = time.value("high", attribute="value")
                if low or high:
                    return _ordered(day_or_moment(low), day_or_moment(high))
        return None, None

    def _patient(self) -> Patient:
        role = self._root.first("recordTarget", "patientRole")
        person = role.first("patient") if role else None
        if role is None or person is None:
            return Patient()
        last, first, middle = _name(person)
        sex = person.value("administrativeGenderCode", attribute="code")
        return Patient(
            id=_id(role),
            sex=SEXES.get(sex or "", Sex.UNKNOWN),
            birth_date=day(person.value("birthTime", attribute="value")),
            first_name=first,
            middle_name=middle,
            last_name=last,
            address=_address(role.first("addr")),
            phone=_phone(role),
        )

    def _providers(self) -> list[Provider]:
        found = []
        for path, role in ROLES.items():
            for party in self._root.all(*path.split("/")):
                if entity := party.first("assignedEntity"):
                    found.append(_provider(entity, role))
        return found


@cache
def kinds() -> dict[str, tuple[str, Setting | None]]:
    """By LOINC code: what a document is called, and the setting that it tells."""
    return {
        row["code"]: (row["type"], Setting(row["setting"]) if row["setting"] else None)
        for row in rows("ccda/documents.tsv")
    }


def _relations(root: Element) -> Iterator[tuple[str, str]]:
    """How the document stands to its parents: of several of a kind the first."""
    for related in reversed(list(root.all("relatedDocument"))):
        parent, name = related.first("parentDocument"), RELATIONS.get(related.get("typeCode") or "")
        if parent and name and (of := _id(parent)):
            yield name, of


def _setting(about: Element, told: Setting | None, start: date | None, end: date | None) -> tuple[Setting, str | None]:
    """The setting by the class of the encounter, else by the kind of the document, else by the days it lasted."""
    code = about.first("code")
    candidates = [code, *code.children] if code else []
    for one in candidates:
        if found := class_of("act", one.get("code")):
            return found
    if told is None and _disposition(about) and start and end and plain_day(start) < plain_day(end):
        told = Setting.INPATIENT  # a visit has no discharge disposition; one that lasts over midnight is a stay
    return told or Setting.OUTPATIENT, None


def _disposition(about: Element) -> str | None:
    names = ("dischargeDispositionCode", "sdtc:dischargeDispositionCode")
    found = next(filter(None, (about.value(name, attribute="code") for name in names)), None)
    return found.zfill(2) if found and found.isdigit() else None


def _ordered(
    low: date | datetime | None, high: date | datetime | None
) -> tuple[date | datetime | None, date | datetime | None]:
    """The period; an end before its beginning is left out, since one of them is wrong."""
    first, last = plain_day(low), plain_day(high)
    return (low, None) if first and last and last < first else (low, high)


def _author(root: Element) -> str | None:
    for person in root.all("author", "assignedAuthor"):
        last, first, _ = _name(person.first("assignedPerson") or person)
        name = " ".join(filter(None, (first, last)))
        if name:
            return name
    return None


def _provider(entity: Element, role: ProviderRole) -> Provider:
    last, first, _ = _name(entity.first("assignedPerson") or entity)
    named = (i.get("extension") or "" for i in entity.all("id") if i.get("root") == NPI)
    npi = next((i for i in named if len(i) == NPI_DIGITS and i.isdigit()), None)
    return Provider(
        role=role,
        npi=npi,
        name=entity.words("representedOrganization", "name") if last is None else None,
        first_name=first,
        last_name=last,
        address=_address(entity.first("addr")),
        phone=_phone(entity),
    )


def _name(person: Element) -> tuple[str | None, str | None, str | None]:
    """Last, first and middle name; of several names the first."""
    name = person.first("name")
    if name is None:
        return None, None, None
    given = [part.text for part in name.all("given") if part.text]
    family = name.words("family") or (name.text or None)
    return family, given[0] if given else None, given[1] if len(given) > 1 else None


def _address(addr: Element | None) -> Address | None:
    if addr is None or not addr.children:
        return None
    lines = [line.text for line in addr.all("streetAddressLine") if line.text]
    return Address(
        line1=lines[0] if lines else None,
        line2=lines[1] if len(lines) > 1 else None,
        city=addr.words("city"),
        state=addr.words("state"),
        zip=addr.words("postalCode"),
        country=addr.words("country"),
    )


def _phone(holder: Element) -> str | None:
    told = (t.get("value") or "" for t in holder.all("telecom"))
    return next((t.removeprefix("tel:").strip() for t in told if t.startswith("tel:") and t[4:].strip()), None)


def _id(holder: Element) -> str | None:
    """The first id that is one."""
    return next(filter(None, map(_number, holder.all("id"))), None)


def _number(found: Element | None) -> str | None:
    """An id as it is known: its extension, else its root."""
    return (found.get("extension") or found.get("root")) if found else None


def _whole(written: str | None) -> int | None:
    return (
        int(written) if written and written.isascii() and written.isdigit() and len(written) < VERSION_DIGITS else None
    )
