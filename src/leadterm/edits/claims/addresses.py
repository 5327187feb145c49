"""The addresses on a claim: whole, in a state that there is, with a ZIP code of the right length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from leadterm.domain import Address, ProviderRole
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._tables import read_table

_ZIP = re.compile(r"[0-9]{5}(?:-?[0-9]{4})?")
_POST_OFFICE_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*box|post office box|lock\s?box)\b", re.IGNORECASE)
UNITED_STATES = frozenset({"", "US", "USA"})
SHORT_ZIP = 5
# Roles whose address carries all nine digits.
NINE_DIGITS = (ProviderRole.BILLING, ProviderRole.FACILITY)


def complete(address: Address | None) -> bool:
    """Whether an address has street and city and, in the United States, state and ZIP code."""
    if address is None or not (address.line1 and address.city):
        return False
    return not at_home(address) or bool(address.state and address.zip)


def at_home(address: Address) -> bool:
    """Whether it is in the United States."""
    return not address.country or address.country.upper() in UNITED_STATES


def _billing_street(b: Billing) -> Iterable[Draft]:
    provider = b.by_role.get(ProviderRole.BILLING)
    street = provider.address.line1 if provider and provider.address else None
    if not street or not _POST_OFFICE_BOX.search(street):
        return ()
    return (Draft("The billing provider's address is a post office box.", location=b.at("N3")),)


def _zip_nine(b: Billing) -> Iterator[Draft]:
    for p in b.claim.providers:
        zip_code = p.address.zip if p.address and p.role in NINE_DIGITS else None
        if zip_code and len(zip_code) == SHORT_ZIP and zip_code.isdecimal():
            yield Draft(f"The ZIP code of the {p.role} provider has five digits, not nine.", location=b.at("N4"))


def _state(b: Billing) -> Iterator[Draft]:
    for whose, address in _addresses(b):
        if address.state and address.state.upper() not in states():
            yield Draft(f"The state of the {_named(whose)} is none of the United States.", location=b.at("N4"))


def _zip(b: Billing) -> Iterator[Draft]:
    for whose, address in _addresses(b):
        if address.zip and not _ZIP.fullmatch(address.zip):
            yield Draft(f"The ZIP code of the {_named(whose)} has neither five nor nine digits.", location=b.at("N4"))


def _addresses(b: Billing) -> list[tuple[str, Address]]:
    """Every address in the United States, and whose it is."""
    everyone: list[tuple[str, Address | None]] = [(p.role, p.address) for p in b.claim.providers]
    everyone += [("patient", b.claim.patient.address), ("subscriber", b.claim.subscriber.address)]
    return [(whose, address) for whose, address in everyone if address is not None and at_home(address)]


def _named(whose: str) -> str:
    return f"{whose} provider" if isinstance(whose, ProviderRole) else whose


@cache
def states() -> frozenset[str]:
    """The postal abbreviations of the states, districts and territories."""
    return frozenset(code for (code,) in read_table("claims/states.tsv", ("code",)))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837/billing-street": _billing_street,
    "HIPAA:837/zip-nine": _zip_nine,
    "HIPAA:837/state": _state,
    "HIPAA:837/zip": _zip,
}
