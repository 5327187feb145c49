"""Who is on a claim: providers with their numbers, the patient and subscriber, the payer, and every address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from leadterm.domain import Address, Provider, ProviderRole, Sex
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._tables import read_table

SELF = "self"
NPI_PREFIX = "80840"
_NPI = re.compile(r"[12][0-9]{9}")
_TAX_ID = re.compile(r"[0-9]{9}")
_TAXONOMY = re.compile(r"[0-9]{3}[0-9A-Z]{6}X")
_ZIP = re.compile(r"[0-9]{5}(?:-?[0-9]{4})?")
_POST_OFFICE_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*box|post office box|lock\s?box)\b", re.IGNORECASE)
UNITED_STATES = frozenset({"", "US", "USA"})
# The segment that names each provider (NM101).
ENTITIES = {
    ProviderRole.BILLING: "NM1*85",
    ProviderRole.RENDERING: "NM1*82",
    ProviderRole.ATTENDING: "NM1*71",
    ProviderRole.OPERATING: "NM1*72",
    ProviderRole.REFERRING: "NM1*DN",
    ProviderRole.ORDERING: "NM1*DK",
    ProviderRole.SUPERVISING: "NM1*DQ",
    ProviderRole.FACILITY: "NM1*77",
}
PATIENT, SUBSCRIBER, PAYER = "NM1*QC", "NM1*IL", "NM1*PR"


def npi_is_valid(npi: str) -> bool:
    """Whether ten digits, the first 1 or 2, end in the check digit of 45 CFR 162.406 (Luhn with the prefix 80840)."""
    if not _NPI.fullmatch(npi):
        return False
    digits = [int(c) for c in reversed(NPI_PREFIX + npi)]
    doubled = (d * 2 - 9 * (d > 4) for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _billing(b: Billing) -> Provider | None:
    return next((p for p in b.claim.providers if p.role is ProviderRole.BILLING), None)


def _billing_npi(b: Billing) -> Iterator[Draft]:
    provider = _billing(b)
    if provider is None or not provider.npi:
        what = "no billing provider" if provider is None else "a billing provider without NPI"
        yield Draft(f"The claim has {what}.", location=b.at(ENTITIES[ProviderRole.BILLING]))


def _rendering_npi(b: Billing) -> Iterator[Draft]:
    for p in b.claim.providers:
        if p.role is ProviderRole.RENDERING and not p.npi:
            yield Draft("The rendering provider has no NPI.", location=b.at(ENTITIES[p.role]))


def _check_digit(b: Billing) -> Iterator[Draft]:
    for p in b.claim.providers:
        if p.npi and not npi_is_valid(p.npi):
            message = f"The NPI of the {p.role} provider is not ten digits with the right check digit."
            yield Draft(message, location=b.at(ENTITIES[p.role]))


def _tax_id(b: Billing) -> Iterator[Draft]:
    provider = _billing(b)
    if provider and not _TAX_ID.fullmatch((provider.tax_id or "").replace("-", "")):
        yield Draft("The billing provider's tax id is missing or has not nine digits.", location=b.at("REF*EI"))


def _billing_name(b: Billing) -> Iterator[Draft]:
    provider = _billing(b)
    if provider and not (provider.name or provider.last_name):
        message = "The billing provider has neither an organisation's name nor a last name."
        yield Draft(message, location=b.at(ENTITIES[ProviderRole.BILLING]))


def _taxonomy(b: Billing) -> Iterator[Draft]:
    for p in b.claim.providers:
        if p.taxonomy and not _TAXONOMY.fullmatch(p.taxonomy):
            message = f"The taxonomy code of the {p.role} provider does not have its ten characters."
            yield Draft(message, location=b.at("PRV"))


def _billing_address(b: Billing) -> Iterator[Draft]:
    provider = _billing(b)
    if provider and not _complete(provider.address):
        yield Draft("The billing provider's address lacks street, city, state or ZIP code.", location=b.at("N3"))


def _billing_street(b: Billing) -> Iterator[Draft]:
    provider = _billing(b)
    if provider and provider.address and _POST_OFFICE_BOX.search(provider.address.line1 or ""):
        yield Draft("The billing provider's address is a post office box.", location=b.at("N3"))


def _billing_zip(b: Billing) -> Iterator[Draft]:
    for role in (ProviderRole.BILLING, ProviderRole.FACILITY):
        for p in b.claim.providers:
            digits = ((p.address.zip if p.address else "") or "").replace("-", "")
            if p.role is role and digits.isdecimal() and len(digits) == 5:
                yield Draft(f"The ZIP code of the {role} provider has five digits, not nine.", location=b.at("N4"))


def _patient_name(b: Billing) -> Iterator[Draft]:
    if not b.claim.patient.last_name:
        yield Draft("The patient's last name is missing.", location=b.at(_patient(b)))


def _patient_birth(b: Billing) -> Iterator[Draft]:
    if b.claim.patient.birth_date is None:
        yield Draft("The patient's date of birth is missing.", location=b.at("DMG"))


def _patient_sex(b: Billing) -> Iterator[Draft]:
    if b.claim.patient.sex is Sex.UNKNOWN:
        yield Draft("The patient's sex is unknown.", location=b.at("DMG"))


def _patient_address(b: Billing) -> Iterator[Draft]:
    if not _complete(b.claim.patient.address):
        yield Draft("The patient's address lacks street, city, state or ZIP code.", location=b.at("N3"))


def _subscriber_name(b: Billing) -> Iterator[Draft]:
    subscriber = b.claim.subscriber
    if subscriber.relationship != SELF and not subscriber.last_name:
        message = "The subscriber is not the patient, and the subscriber's name is missing."
        yield Draft(message, location=b.at(SUBSCRIBER))


def _payer(b: Billing) -> Iterator[Draft]:
    if not b.claim.payers:
        yield Draft("The claim has no payer.", location=b.at(PAYER))
    elif not (b.claim.payers[0].name and b.claim.payers[0].id):
        yield Draft("The name or electronic id of the payer is missing.", location=b.at(PAYER))


def _member_id(b: Billing) -> Iterator[Draft]:
    if b.claim.payers and not (b.claim.payers[0].member_id or "").strip():
        yield Draft("The member's number with the payer is missing.", location=b.at(SUBSCRIBER))


def _state(b: Billing) -> Iterator[Draft]:
    for whose, address in _addresses(b):
        if address.state and address.state.upper() not in _states():
            yield Draft(f"The state of the {whose} is none of the United States.", location=b.at("N4"))


def _zip(b: Billing) -> Iterator[Draft]:
    for whose, address in _addresses(b):
        if address.zip and not _ZIP.fullmatch(address.zip):
            yield Draft(f"The ZIP code of the {whose} has neither five nor nine digits.", location=b.at("N4"))


def _addresses(b: Billing) -> Iterator[tuple[str, Address]]:
    """Every address in the United States, and whose it is."""
    everyone = [(f"{p.role} provider", p.address) for p in b.claim.providers]
    everyone += [("patient", b.claim.patient.address), ("subscriber", b.claim.subscriber.address)]
    for whose, address in everyone:
        if address and _at_home(address):
            yield whose, address


def _complete(address: Address | None) -> bool:
    if address is None or not (address.line1 and address.city):
        return False
    return not _at_home(address) or bool(address.state and address.zip)


def _at_home(address: Address) -> bool:
    return (address.country or "").upper() in UNITED_STATES


def _patient(b: Billing) -> str:
    return SUBSCRIBER if b.claim.subscriber.relationship == SELF else PATIENT


@cache
def _states() -> frozenset[str]:
    return frozenset(code for (code,) in read_table("claims/states.tsv", ("code",)))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837P/billing-npi": _billing_npi,
    "HIPAA:837P/rendering-npi": _rendering_npi,
    "HIPAA:162.406/npi-check-digit": _check_digit,
    "HIPAA:837P/tax-id": _tax_id,
    "HIPAA:837P/billing-name": _billing_name,
    "HIPAA:837P/taxonomy": _taxonomy,
    "HIPAA:837P/billing-address": _billing_address,
    "HIPAA:837P/billing-street": _billing_street,
    "HIPAA:837P/zip-nine": _billing_zip,
    "HIPAA:837P/patient-name": _patient_name,
    "HIPAA:837P/patient-birth-date": _patient_birth,
    "HIPAA:837P/patient-sex": _patient_sex,
    "HIPAA:837P/patient-address": _patient_address,
    "HIPAA:837P/subscriber-name": _subscriber_name,
    "HIPAA:837P/payer": _payer,
    "HIPAA:837P/member-id": _member_id,
    "HIPAA:837P/state": _state,
    "HIPAA:837P/zip": _zip,
}
