"""What is coded: an encounter with its documents, people, payers and charges (contract: leadterm.encounter/1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .adjudication import Adjudication
from .codes import Code
from .dates import plain_day
from .errors import InputError
from .identifiers import Identifier
from .money import Money
from .text import Document, DocumentStatus, Evidence


class Setting(StrEnum):
    """Where the care took place; with the claim type it selects the guideline sections (see `uses_section_two`)."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    EMERGENCY = "emergency"
    PROFESSIONAL = "professional"
    SKILLED_NURSING = "skilled-nursing"
    HOME_HEALTH = "home-health"


class ClaimType(StrEnum):
    """Who bills: a person's work or a facility."""

    PROFESSIONAL = "professional"
    INSTITUTIONAL = "institutional"


class Sex(StrEnum):
    """Administrative sex as claims carry it."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


FACILITY_SETTINGS = frozenset({Setting.INPATIENT, Setting.SKILLED_NURSING, Setting.HOME_HEALTH})


def default_claim_type(setting: Setting) -> ClaimType:
    """The claim type that the contract assumes for a setting when none is given."""
    return ClaimType.INSTITUTIONAL if setting in FACILITY_SETTINGS else ClaimType.PROFESSIONAL


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in the United States; `zip` has five or nine digits."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Who was treated.

    Attributes:
        id: The record's id of the patient.
        sex: Administrative sex.
        birth_date: Where known; `age_on` derives the age from it.
        age: Whole years, where the birth date is not known.
        age_days: Days, for a child under one year.
        birth_weight_g: Grams, for a newborn.
        first_name, middle_name, last_name, address, phone: For claims.
    """

    id: str | None = None
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    age: int | None = None
    age_days: int | None = None
    birth_weight_g: int | None = None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    address: Address | None = None
    phone: str | None = None

    def __post_init__(self) -> None:
        if self.age is not None and not 0 <= self.age <= 130:
            raise InputError(f"An age is given in whole years from 0 to 130, not {self.age}.")

    def age_on(self, day: date | None) -> int | None:
        """Whole years on `day`, from the birth date, else the age given, else None."""
        if self.birth_date is not None and day is not None:
            before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
            return max(0, day.year - self.birth_date.year - before_birthday)
        if self.age is None and self.age_days is not None:
            return self.age_days // 365
        return self.age

    def days_on(self, day: date | None) -> int | None:
        """Age in days on `day`, where it can be told."""
        if self.birth_date is not None and day is not None:
            return max(0, (day - self.birth_date).days)
        return self.age_days


class ProviderRole(StrEnum):
    """What a provider did for the encounter (contract: encounter/1)."""

    BILLING = "billing"
    RENDERING = "rendering"
    ATTENDING = "attending"
    OPERATING = "operating"
    REFERRING = "referring"
    ORDERING = "ordering"
    SUPERVISING = "supervising"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Provider:
    """A person or an organisation that gave or bills the care.

    Attributes:
        role: Its part in this encounter.
        npi: Ten digits; the check digit is edits' work, not the constructor's.
        taxonomy: Provider taxonomy code.
        tax_id: Nine digits (billing).
        name: An organisation's name; a person has `last_name` and `first_name`.
    """

    role: ProviderRole
    npi: str | None = None
    taxonomy: str | None = None
    tax_id: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address: Address | None = None
    phone: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who holds the policy; `relationship` is the patient's to them (self, spouse, child, other)."""

    relationship: str = "self"
    first_name: str | None = None
    last_name: str | None = None
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who is asked to pay, in order of responsibility.

    Attributes:
        id: The payer's electronic id.
        type: medicare, medicaid, commercial, bcbs, workers-compensation, tricare, self-pay, other.
        member_id: The member's number with the payer.
        group: Group or policy number.
        prior_authorization: Number given by the payer.
        responsibility: `P` first, `S` second, `T` third, `A` to `H` later ones, `U` unknown; by place where absent.
        filing: Claim filing indicator where the type does not tell it (`MA` Medicare Part A, `12` PPO, …).
        group_name: Name of the group or plan.
        insurance_type: Why Medicare does not pay first, by its code (`12` working aged, `43` disabled, …).
        adjudication: What the payer decided, where it was asked before.
    """

    id: str | None = None
    name: str | None = None
    type: str | None = None
    member_id: str | None = None
    group: str | None = None
    subscriber: Subscriber = Subscriber()
    prior_authorization: str | None = None
    responsibility: str | None = None
    filing: str | None = None
    group_name: str | None = None
    insurance_type: str | None = None
    adjudication: Adjudication | None = None


@dataclass(frozen=True, slots=True)
class DrugCode:
    """A National Drug Code with the quantity given and its unit (UN, ML, GR, F2, ME)."""

    code: str
    quantity: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A service that the record already priced.

    Attributes:
        code: CPT or HCPCS Level II; None on an institutional line that bears a revenue code alone.
        units: Positive quantity.
        date: Day of service where it differs from the encounter's.
        start, end: Clock times of a timed service.
        charge: Price of the whole line.
        revenue_code: Four digits, institutional.
        modifiers: Up to four, in order.
        pointers: Diagnoses by claim position, counted from 1; empty when the engine is to choose.
        provider: Role or id of the one who did it, where it is not the rendering provider.
    """

    code: Code | None
    units: Decimal = Decimal(1)
    date: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    charge: Money | None = None
    revenue_code: str | None = None
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    provider: str | None = None
    ndc: DrugCode | None = None

    def __post_init__(self) -> None:
        if self.code is None and self.revenue_code is None:
            raise InputError("A charge bears a procedure code or a revenue code.")


class RecordedKind(StrEnum):
    """What a code that the record bears is said of."""

    DIAGNOSIS = "diagnosis"
    PROBLEM = "problem"
    PROCEDURE = "procedure"
    DRUG = "drug"
    IMMUNIZATION = "immunization"
    RESULT = "result"
    ALLERGY = "allergy"
    ENCOUNTER = "encounter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RecordedCode:
    """A code that the record already bears: a lead, never a conclusion.

    Attributes:
        code: As it is written.
        system: `icd10cm`, `snomed`, … where the record's name of it is known; as it is written else.
        status: `active`, `resolved`, `inactive`, `refuted`, `uncertain`, `family`, `planned`; None where the record
            does not say: nothing is asserted then.
        text: What the record calls it.
        kind: What it is said of: a problem of a list is no diagnosis of the visit.
        day: Of the onset, the procedure, the administration.
        evidence: The words of a document that the record refers to.
        source: Where the code stands in the record.
        role: `admitting`, `working` or `final`, as the record types a diagnosis of the visit.
    """

    code: str
    system: str | None = None
    status: str | None = None
    text: str | None = None
    kind: RecordedKind | None = None
    day: date | None = None
    evidence: Evidence | None = None
    source: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """What a reader has to tell of a record: a fragment, a scan, text that is elsewhere.

    Attributes:
        rule: The rule that the finding of it cites (`LEADTERM:records/…`).
        message: A sentence without names or words of the chart.
    """

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Encounter:
    """One contact with care, as it is coded.

    Attributes:
        id: The caller's id, given back in every answer.
        setting, claim_type: Select the guideline sections.
        encounter_class: inpatient, observation, emergency, ambulatory surgery, office, home, … (JSON: `class`).
        date_of_service: For everything but a stay.
        admission, discharge: For a stay.
        disposition, admit_type, admit_source, type_of_bill, place_of_service: Their official codes.
        documents: In the order of the record.
        charges: Services already priced.
        codes: Codes that the record bears.
        condition_codes, occurrences, values, accident: As the contract has them, kept as given.
        notes: What its reader has to tell.
        identifiers: Numbers of the contact and of the patient, by which files are known to tell of one encounter.
    """

    id: str
    setting: Setting = Setting.OUTPATIENT
    claim_type: ClaimType | None = None
    encounter_class: str | None = None
    date_of_service: date | None = None
    admission: date | None = None
    discharge: date | None = None
    disposition: str | None = None
    admit_type: str | None = None
    admit_source: str | None = None
    place_of_service: str | None = None
    type_of_bill: str | None = None
    account: str | None = None
    patient: Patient = Patient()
    providers: tuple[Provider, ...] = ()
    payers: tuple[Payer, ...] = ()
    documents: tuple[Document, ...] = ()
    charges: tuple[Charge, ...] = ()
    codes: tuple[RecordedCode, ...] = ()
    condition_codes: tuple[str, ...] = ()
    occurrences: tuple[Mapping[str, Any], ...] = ()
    values: tuple[Mapping[str, Any], ...] = ()
    accident: Mapping[str, Any] | None = None
    clia: str | None = None
    referral: str | None = None
    frequency: str | None = None
    payer_control_number: str | None = None
    notes: tuple[ReadingNote, ...] = ()
    identifiers: tuple[Identifier, ...] = ()

    def __post_init__(self) -> None:
        if self.claim_type is None:
            object.__setattr__(self, "claim_type", default_claim_type(self.setting))
        if self.admission and self.discharge and plain_day(self.discharge) < plain_day(self.admission):
            raise InputError(f"Encounter {self.id} is discharged before it is admitted.")
        ids = [d.id for d in self.documents]
        if len(set(ids)) != len(ids):
            raise InputError(f"Encounter {self.id} has two documents with one id.")

    @property
    def controlling_date(self) -> date | None:
        """The day that decides which release holds: discharge for a stay, the service date else (DESIGN 2.3)."""
        stay = plain_day(self.discharge or self.admission)
        service = self.date_of_service
        return (stay or service) if self.setting is Setting.INPATIENT else (service or stay)

    @property
    def uses_section_two(self) -> bool:
        """Whether guideline sections II and III hold; otherwise IV (every professional claim, every outpatient)."""
        return self.setting in FACILITY_SETTINGS and self.claim_type is ClaimType.INSTITUTIONAL

    @property
    def codes_uncertain(self) -> bool:
        """Whether an uncertain diagnosis is coded as if it existed (II.H, III.C).

        That holds for admissions to short-term, acute, long-term care and psychiatric hospitals only.
        """
        return self.setting is Setting.INPATIENT and self.claim_type is ClaimType.INSTITUTIONAL

    @property
    def standing(self) -> tuple[Document, ...]:
        """The documents that speak for the record.

        None that was taken back, none that a standing one replaces, and of copies of one document the first alone.
        """
        left = tuple(d for d in self.documents if d.status is not DocumentStatus.RETRACTED)
        replaced = {d.supersedes for d in left if d.supersedes != d.id}
        standing = tuple(d for d in left if d.id not in replaced)
        ids = {d.id for d in standing}
        return tuple(d for d in standing if d.same_as == d.id or d.same_as not in ids)

    def document(self, document_id: str) -> Document:
        """The document with that id. Raises InputError when there is none."""
        for document in self.documents:
            if document.id == document_id:
                return document
        raise InputError(f"Encounter {self.id} has no document {document_id}.")

    def provider(self, role: ProviderRole) -> Provider | None:
        """The first provider in that role."""
        return next((p for p in self.providers if p.role is role), None)
