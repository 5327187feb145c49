"""leadterm.encounter/1 read into an Encounter, and the people, charges and documents that claims and codings share."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial

from leadterm.domain import (
    Address,
    Charge,
    ClaimType,
    Document,
    DocumentStatus,
    Encounter,
    Identifier,
    IdentifierKind,
    InputError,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    ReadingNote,
    RecordedCode,
    RecordedKind,
    Setting,
    Sex,
    Subscriber,
)

from .decode_adjudication import read_adjudication
from .decode_parts import (
    read_evidence,
    read_mappings,
    read_modifiers,
    read_ndc,
    read_pointers,
    read_service_code,
    read_value_codes,
)
from .origins import read_origin
from .reading import Node, every, must, within, words

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
SEXES = {"f": Sex.FEMALE, "female": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE}
OLDEST = 130
YOUNG = re.compile(r"(?P<count>\d{1,3})[ -]?(?P<unit>days?|d|weeks?|wks?|w|months?|mos?|m|years?|yrs?|y)(?:[ -]old)?")
# Mean days of a unit, by its first letter.
DAYS = {"d": 1, "w": 7, "m": 30.4375, "y": 365.25}


def read_encounter(at: Node, default_id: str) -> Encounter:
    """The encounter at a node; what is absent has the domain's default."""
    at.schema("leadterm.encounter/1", needed=False)
    served = at["date_of_service"].day()
    return Encounter(
        id=at["id"].id() or default_id,
        setting=at["setting"].choice(Setting) or Setting.OUTPATIENT,
        claim_type=at["claim_type"].choice(ClaimType),
        encounter_class=at["class"].word(),
        date_of_service=served,
        admission=at["admission"].day_or_moment(),
        discharge=at["discharge"].day_or_moment(),
        disposition=at["disposition"].word(),
        admit_type=at["admit_type"].word(),
        admit_source=at["admit_source"].word(),
        place_of_service=at["place_of_service"].word(),
        type_of_bill=at["type_of_bill"].word(),
        account=at["account"].word(),
        patient=read_patient(at["patient"]),
        providers=every(at["providers"], read_provider),
        payers=every(at["payers"], read_payer),
        documents=_documents(at),
        charges=every(at["charges"], partial(_charge, served=served)),
        codes=every(at["codes"], read_recorded_code),
        condition_codes=words(at["condition_codes"]),
        occurrences=read_mappings(at["occurrences"]),
        values=read_value_codes(at["values"]),
        accident=at["accident"].mapping(),
        clia=at["clia"].word(),
        referral=at["referral"].word(),
        frequency=at["frequency"].id(),
        payer_control_number=at["payer_control_number"].word(),
        identifiers=every(at["identifiers"], _identifier),
        notes=every(at["notes"], _note),
    )


def _note(at: Node) -> ReadingNote:
    return ReadingNote(must(Node.word, at["rule"]), must(Node.word, at["message"]))


def _identifier_kind(at: Node) -> IdentifierKind | None:
    return at.choice(IdentifierKind)


def _identifier(at: Node) -> Identifier:
    return Identifier(
        kind=must(_identifier_kind, at["kind"]),
        value=must(Node.id, at["value"]),
        assigner=at["assigner"].word(),
    )


def read_patient(at: Node) -> Patient:
    """The patient at a node; of null, one of whom nothing is known."""
    years, days = _age(at["age"])
    return Patient(
        id=at["id"].id(),
        sex=_sex(at["sex"]),
        birth_date=at["birth_date"].day(),
        age=years,
        age_days=at["age_days"].count() if days is None else days,
        birth_weight_g=at["birth_weight_g"].count(),
        first_name=at["first_name"].word(),
        middle_name=at["middle_name"].word(),
        last_name=at["last_name"].word(),
        address=read_address(at["address"]),
        phone=at["phone"].word(),
    )


def _age(at: Node) -> tuple[int | None, int | None]:
    """Whole years, and days where the record gives a child's age in them, in weeks or in months ("22-month")."""
    written = YOUNG.fullmatch(at.value.strip().lower()) if isinstance(at.value, str) else None
    if written is None:
        return at.count(OLDEST), None
    days = int(int(written["count"]) * DAYS[written["unit"][0]])
    return int(days // DAYS["y"]), days


def read_provider(at: Node) -> Provider:
    """The provider at a node, whose role it must name."""
    return provider_in_role(at, must(lambda node: node.choice(ProviderRole), at["role"]))


def provider_in_role(at: Node, role: ProviderRole) -> Provider:
    """The provider at a node, in a role that is known from elsewhere."""
    return Provider(
        role=role,
        npi=at["npi"].word(),
        taxonomy=at["taxonomy"].word(),
        tax_id=at["tax_id"].word(),
        name=at["name"].word(),
        first_name=at["first_name"].word(),
        last_name=at["last_name"].word(),
        address=read_address(at["address"]),
        phone=at["phone"].word(),
        id=at["id"].id(),
    )


def read_payer(at: Node) -> Payer:
    """The payer at a node, with the subscriber of its policy."""
    return Payer(
        id=at["id"].id(),
        name=at["name"].word(),
        type=at["type"].word(),
        member_id=at["member_id"].word(),
        group=at["group"].word(),
        subscriber=read_subscriber(at["subscriber"]),
        prior_authorization=at["prior_authorization"].word(),
        responsibility=at["responsibility"].word(),
        filing=at["filing"].word(),
        group_name=at["group_name"].word(),
        insurance_type=at["insurance_type"].word(),
        adjudication=read_adjudication(at["adjudication"]),
    )


def read_subscriber(at: Node) -> Subscriber:
    """The subscriber at a node; of null, the patient himself."""
    return Subscriber(
        relationship=at["relationship"].word() or "self",
        first_name=at["first_name"].word(),
        last_name=at["last_name"].word(),
        birth_date=at["birth_date"].day(),
        sex=_sex(at["sex"]),
        address=read_address(at["address"]),
    )


def read_address(at: Node) -> Address | None:
    """The address at a node, or None."""
    if not at.given():
        return None
    return Address(
        line1=at["line1"].word(),
        line2=at["line2"].word(),
        city=at["city"].word(),
        state=at["state"].word(),
        zip=at["zip"].word(),
        country=at["country"].word(),
    )


def _documents(at: Node) -> tuple[Document, ...]:
    listed, text = at["documents"], at["text"].text()
    if text is not None and listed.items():
        raise InputError(f"{at['text'].path} and {listed.path} are both given; give one of them.")
    if text is not None:
        return (Document("d1", text),)
    return tuple(within(node, partial(_document, number=n)) for n, node in enumerate(listed.items(), 1))


def _document(at: Node, number: int) -> Document:
    text = must(Node.text, at["text"])
    return Document(
        id=at["id"].id() or f"d{number}",
        text=text,
        type=at["type"].word(),
        author_role=at["author_role"].word(),
        author=at["author"].word(),
        service_time=at["service_time"].moment(),
        signed_time=at["signed_time"].moment(),
        status=at["status"].choice(DocumentStatus) or DocumentStatus.FINAL,
        supersedes=at["supersedes"].id(),
        appends=at["appends"].id(),
        same_as=at["same_as"].id(),
        series=at["series"].id(),
        version=at["version"].count(),
        file=at["file"].word(),
        sha256=at["sha256"].text() or "",
        origin=read_origin(at["origin"], len(text)),
    )


def _charge(at: Node, served: date | None) -> Charge:
    day = at["date"].day()
    units = at["units"].units()
    return Charge(
        code=read_service_code(at["code"]),
        units=Decimal(1) if units is None else units,
        date=day,
        start=_clock(at["start"], day or served),
        end=_clock(at["end"], day or served),
        charge=at["charge"].amount(),
        revenue_code=at["revenue_code"].word(),
        modifiers=read_modifiers(at["modifiers"]),
        pointers=read_pointers(at["pointers"]),
        provider=at["provider"].word(),
        ndc=read_ndc(at["ndc"]),
    )


def _clock(at: Node, day: date | None) -> datetime | None:
    """A date-time, or a time of `day`."""
    text = at.word()
    if text is None or not CLOCK.fullmatch(text):
        return at.moment()
    if day is None:
        raise InputError(f"{at.path} is a time without a day; give the charge's date.")
    return datetime.combine(day, time.fromisoformat(text))


def read_recorded_code(at: Node) -> RecordedCode:
    """A code that the record bears."""
    return RecordedCode(
        code=must(Node.word, at["code"]),
        system=at["system"].word(),
        status=at["status"].word(),
        text=at["text"].word(),
        kind=at["kind"].choice(RecordedKind),
        day=at["day"].day(),
        evidence=read_evidence(at["evidence"]) if at["evidence"].given() else None,
        source=at["source"].word(),
        role=at["role"].word(),
    )


def _sex(at: Node) -> Sex:
    """F or M where that is said; whatever else stands there is unknown."""
    return SEXES.get(at.value.strip().casefold(), Sex.UNKNOWN) if isinstance(at.value, str) else Sex.UNKNOWN
