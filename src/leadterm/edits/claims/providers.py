"""The providers on a claim: their numbers, names, taxonomy and addresses, and which of them it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from leadterm.codesets.lists.reference import Taxonomy
from leadterm.domain import CodeSystem, Provider, ProviderRole
from leadterm.domain.places import OF_ANOTHER
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import is_among

from .addresses import complete

NPI_PREFIX = "80840"
DOUBLED = {str(n): 2 * n - 9 * (n > 4) for n in range(10)}
_NPI = re.compile(r"[12][0-9]{9}")
_TAX_ID = re.compile(r"[0-9]{9}")
_TAXONOMY = re.compile(r"[0-9]{3}[0-9A-Z]{6}X")
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
BILLING, ATTENDING, OPERATING = ProviderRole.BILLING, ProviderRole.ATTENDING, ProviderRole.OPERATING
ORDERED_BY = (ProviderRole.REFERRING, ProviderRole.ORDERING)
PERSONS = frozenset({ATTENDING, OPERATING, *ORDERED_BY, ProviderRole.SUPERVISING})
# Segments where a provider of the role without an NPI stops no claim, but asks for a look.
NUMBERED_IF_KNOWN = frozenset({ATTENDING, OPERATING, *ORDERED_BY, ProviderRole.SUPERVISING})
AMBULANCE = "054"
SURGICAL_SECTION = "0"
INDEPENDENT_LABORATORY = "81"
LABORATORY = "80047-89398"


@lru_cache(maxsize=65536)
def npi_is_valid(npi: str) -> bool:
    """Whether ten digits, the first 1 or 2, end in the check digit of 45 CFR 162.406 (Luhn with the prefix 80840)."""
    if not _NPI.fullmatch(npi):
        return False
    digits = NPI_PREFIX + npi
    return (sum(map(int, digits[-1::-2])) + sum(DOUBLED[d] for d in digits[-2::-2])) % 10 == 0


def _at(b: Billing, role: ProviderRole, message: str) -> Draft:
    return Draft(message, location=b.at(ENTITIES[role]))


def _billing_npi(b: Billing) -> Iterable[Draft]:
    provider = b.by_role.get(BILLING)
    if provider is not None and provider.npi:
        return ()
    what = "no billing provider" if provider is None else "a billing provider without NPI"
    return (_at(b, BILLING, f"The claim has {what}."),)


def _rendering_npi(b: Billing) -> Iterable[Draft]:
    role = ProviderRole.RENDERING
    lacking = [p for p in b.claim.providers if p.role is role and not p.npi]
    return [_at(b, role, "The rendering provider has no NPI.") for _ in lacking]


def _check_digit(b: Billing) -> Iterable[Draft]:
    wrong = [p.role for p in b.claim.providers if p.npi and not npi_is_valid(p.npi)]
    return [_at(b, r, f"The NPI of the {r} provider is not ten digits with the right check digit.") for r in wrong]


def _number_missing(b: Billing) -> Iterable[Draft]:
    lacking = [p.role for p in b.claim.providers if not p.npi and p.role in NUMBERED_IF_KNOWN]
    return [_at(b, r, f"The {r} provider has no NPI.") for r in lacking]


def _person(b: Billing) -> Iterable[Draft]:
    nameless = [p.role for p in b.claim.providers if p.role in PERSONS and not p.last_name]
    return [_at(b, r, f"The {r} provider is a person, and the last name is missing.") for r in nameless]


def _organisation(b: Billing) -> Iterable[Draft]:
    provider = b.by_role.get(BILLING)
    if provider is None or provider.name or not provider.last_name:
        return ()
    return (_at(b, BILLING, "The billing provider of an institutional claim is named as a person."),)


def _both(b: Billing) -> Iterable[Draft]:
    provider = b.by_role.get(BILLING)
    if provider is None or not (provider.name and provider.last_name):
        return ()
    return (_at(b, BILLING, "The billing provider is named as an organisation and as a person at once."),)


def _attending(b: Billing) -> Iterable[Draft]:
    if ATTENDING in b.by_role or all((line.revenue_code or "").startswith(AMBULANCE) for line in b.claim.lines):
        return ()
    return (_at(b, ATTENDING, "The claim has no attending provider."),)


def _operating(b: Billing) -> Iterable[Draft]:
    surgical = [str(p.code) for p in b.claim.procedures if p.code.value.startswith(SURGICAL_SECTION)]
    if not surgical or OPERATING in b.by_role or b.claim.procedures[0].code.system is not CodeSystem.ICD10PCS:
        return ()
    message = "The claim has procedures of the medical and surgical section, and no operating physician."
    return (Draft(message, (surgical[0],), location=b.at(ENTITIES[OPERATING])),)


def _ordering(b: Billing) -> Iterator[Draft]:
    if not b.medicare or any(role in b.by_role for role in ORDERED_BY):
        return
    for line, code in b.billed:
        place = line.place_of_service or b.claim.place_of_service
        if place == INDEPENDENT_LABORATORY and is_among(code, LABORATORY):
            yield _at(b, ProviderRole.REFERRING, "Nobody is named who ordered the laboratory tests.")
            return


def _facility(b: Billing) -> Iterable[Draft]:
    if b.claim.place_of_service not in OF_ANOTHER or ProviderRole.FACILITY in b.by_role:
        return ()
    message = "The services were given in a facility, and the claim does not name it."
    return (_at(b, ProviderRole.FACILITY, message),)


def _tax_id(b: Billing) -> Iterable[Draft]:
    provider = b.by_role.get(BILLING)
    if provider is None or _TAX_ID.fullmatch((provider.tax_id or "").replace("-", "")):
        return ()
    return (Draft("The billing provider's tax id is missing or has not nine digits.", location=b.at("REF*EI")),)


def _billing_name(b: Billing) -> Iterable[Draft]:
    provider = b.by_role.get(BILLING)
    if provider is None or provider.name or provider.last_name:
        return ()
    return (_at(b, BILLING, "The billing provider has neither an organisation's name nor a last name."),)


def _taxonomy(b: Billing) -> Iterable[Draft]:
    wrong = [p for p in b.claim.providers if p.taxonomy and not _TAXONOMY.fullmatch(p.taxonomy)]
    return [_of_taxonomy(b, p, "is not three digits, six digits or letters, and X") for p in wrong]


def _taxonomy_unknown(b: Billing) -> Iterable[Draft]:
    listed = b.book.find(Taxonomy, b.controlling_day)
    if listed is None:
        return ()
    shaped = [p for p in b.claim.providers if p.taxonomy and _TAXONOMY.fullmatch(p.taxonomy)]
    return [_of_taxonomy(b, p, "is not in the list") for p in shaped if (p.taxonomy or "") not in listed]


def _of_taxonomy(b: Billing, provider: Provider, wrong: str) -> Draft:
    return Draft(f"The taxonomy code of the {provider.role} provider {wrong}.", location=b.at("PRV"))


def _billing_address(b: Billing) -> Iterable[Draft]:
    provider = b.by_role.get(BILLING)
    if provider is None or complete(provider.address):
        return ()
    return (Draft("The billing provider's address lacks street, city, state or ZIP code.", location=b.at("N3")),)


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837/billing-npi": _billing_npi,
    "HIPAA:837/rendering-npi": _rendering_npi,
    "HIPAA:837I/attending": _attending,
    "HIPAA:837I/operating": _operating,
    "HIPAA:837/provider-npi": _number_missing,
    "HIPAA:162.406/npi-check-digit": _check_digit,
    "HIPAA:837/tax-id": _tax_id,
    "HIPAA:837/billing-name": _billing_name,
    "HIPAA:837/billing-name-twice": _both,
    "HIPAA:837I/billing-organisation": _organisation,
    "HIPAA:837/person": _person,
    "CFR:424.507/ordering": _ordering,
    "HIPAA:837P/service-facility": _facility,
    "HIPAA:837/taxonomy": _taxonomy,
    "HIPAA:837/taxonomy-unknown": _taxonomy_unknown,
    "HIPAA:837/billing-address": _billing_address,
}
