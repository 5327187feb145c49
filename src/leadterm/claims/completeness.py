"""What a claim still lacks before an 837P can carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from leadterm.domain import (
    Address,
    Claim,
    ClaimType,
    CodeSystem,
    InputError,
    Payer,
    Provider,
    ProviderRole,
    ServiceLine,
    eleven_digits,
    parse_date,
)
from leadterm.domain.claim import MOST_MODIFIERS, MOST_POINTERS

from .limits import FREQUENCIES, LONGEST_CLAIM_NUMBER, MOST_DIAGNOSES, MOST_LINES
from .parties import is_self, line_provider, provider, service_facility
from .x12_codes import ACCIDENTS, NDC_UNITS, NEEDS_DATE, NEEDS_STATE, PERSONS_ONLY, RESPONSIBILITY

OWN_NUMBER = re.compile(f"[A-Za-z0-9]{{1,{LONGEST_CLAIM_NUMBER}}}")
NPI_LENGTH = 10
TAX_ID_LENGTH = 9
HOME_COUNTRIES = (None, "", "US", "USA")


def lacks(claim: Claim) -> Iterator[str]:
    """Everything that keeps the claim out of an 837P, each a noun for "it lacks …"; nothing when it is whole.

    Whether codes are valid and payable is `edits`' work; this is what the transaction cannot do without.
    """
    if not OWN_NUMBER.fullmatch(claim.id):
        yield f"a claim number of 1 to {LONGEST_CLAIM_NUMBER} letters and digits"
    if claim.claim_type is not ClaimType.PROFESSIONAL:
        yield "the professional claim type (an institutional claim needs an 837I)"
    yield from _billing(provider(claim, ProviderRole.BILLING))
    yield from _payers(claim)
    yield from _patient(claim)
    yield from _others(claim)
    yield from _header(claim)
    yield from _diagnoses(claim)
    for line in claim.lines:
        yield from (f"{what} on line {line.number}" for what in _line(claim, line))


def _billing(billing: Provider | None) -> Iterator[str]:
    if billing is None:
        yield "a billing provider"
        return
    if not (billing.name or billing.last_name):
        yield "the billing provider's name"
    yield from _npi(billing)
    if len(tax_digits(billing.tax_id)) != TAX_ID_LENGTH:
        yield "the billing provider's tax id of nine digits"
    yield from _address(billing.address, "the billing provider")


def tax_digits(tax_id: str | None) -> str:
    """A tax id without its dash; empty where it holds anything but digits."""
    digits = (tax_id or "").replace("-", "")
    return digits if digits.isascii() and digits.isdigit() else ""


def _npi(of: Provider, required: bool = True) -> Iterator[str]:
    given = of.npi or ""
    if (given or required) and not (len(given) == NPI_LENGTH and given.isascii() and given.isdigit()):
        yield f"the {of.role} provider's NPI of ten digits"


def _address(address: Address | None, whose: str) -> Iterator[str]:
    at = address or Address()
    needed = {"street": at.line1, "city": at.city}
    if (at.country or "").upper() in HOME_COUNTRIES:
        needed |= {"state": at.state, "ZIP code": at.zip}
        if at.zip and len(_digits(at.zip)) not in (5, 9):
            yield f"a ZIP code of five or nine digits for {whose}"
    absent = [name for name, value in needed.items() if not (value or "").strip()]
    if absent:
        yield f"{whose}'s {', '.join(absent)}"


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def _payers(claim: Claim) -> Iterator[str]:
    if not claim.payers:
        yield "a payer"
    if len(claim.payers) > len(RESPONSIBILITY):
        yield f"room for more than {len(RESPONSIBILITY)} payers"
    for place, payer in enumerate(claim.payers):
        which = "the payer" if place == 0 else f"payer {place + 1}"
        for name in _unnamed(payer):
            yield f"{which}'s {name}"
        held = claim.subscriber if place == 0 else payer.subscriber
        if not is_self(held) and not held.last_name:
            yield f"the subscriber's last name with {which}"
        yield from _decided(claim, payer, which, asked=place == 0)


def _decided(claim: Claim, payer: Payer, which: str, *, asked: bool) -> Iterator[str]:
    """What is missing of a decision: the payer who is asked has none, and each line's has its day."""
    decided = payer.adjudication
    if decided is None:
        return
    if asked:
        yield "a payer who has not decided yet"
    if any(told.line > len(claim.lines) for told in decided.lines):
        yield f"the lines that {which} decided on"
    if decided.date is None and any(told.date is None for told in decided.lines):
        yield f"the day on which {which} decided"


def _unnamed(payer: Payer) -> list[str]:
    needed = {"id": payer.id, "name": payer.name, "member id": payer.member_id}
    return [name for name, value in needed.items() if not (value or "").strip()]


def _patient(claim: Claim) -> Iterator[str]:
    if not claim.patient.last_name:
        yield "the patient's last name"
    if claim.patient.birth_date is None:
        yield "the patient's birth date"
    yield from _address(claim.patient.address, "the patient")


def _others(claim: Claim) -> Iterator[str]:
    for role in (ProviderRole.RENDERING, *PERSONS_ONLY):
        other = provider(claim, role)
        if other is None:
            continue
        if not (other.last_name or (other.name and role is ProviderRole.RENDERING)):
            yield f"the {role} provider's last name"
        yield from _npi(other, required=role is ProviderRole.RENDERING)
    facility = service_facility(claim)
    if facility is not None:
        if not facility.name:
            yield "the facility's name"
        yield from _npi(facility, required=False)
        yield from _address(facility.address, "the facility")


def _header(claim: Claim) -> Iterator[str]:
    if not claim.place_of_service:
        yield "a place of service"
    if claim.frequency not in FREQUENCIES:
        yield "a frequency of 1, 7 or 8"
    elif claim.frequency != "1" and not claim.payer_control_number:
        yield f"the payer's control number that frequency {claim.frequency} refers to"
    accident = claim.accident or {}
    kind = str(accident.get("type"))
    if claim.accident and kind not in ACCIDENTS:
        yield f"an accident type of {', '.join(ACCIDENTS)}"
    also = accident.get("also") or ()
    if not isinstance(also, (list, tuple)) or any(str(word) not in ACCIDENTS for word in also):
        yield f"further causes of the accident of {', '.join(ACCIDENTS)}"
    if kind in NEEDS_DATE and not accident.get("date"):
        yield "the day of the accident"
    if kind in NEEDS_STATE and not accident.get("state"):
        yield "the state of the auto accident"
    if accident.get("date") and not _is_date(accident["date"]):
        yield "an ISO date of the accident"


def _is_date(given: object) -> bool:
    try:
        return isinstance(given, date) or bool(parse_date(str(given)))
    except InputError:
        return False


def _diagnoses(claim: Claim) -> Iterator[str]:
    if not claim.diagnoses:
        yield "a diagnosis"
    if len(claim.diagnoses) > MOST_DIAGNOSES:
        yield f"room for more than {MOST_DIAGNOSES} diagnoses"
    if any(d.code.system is not CodeSystem.ICD10CM for d in claim.diagnoses):
        yield "ICD-10-CM codes for all diagnoses"
    if len({d.code for d in claim.diagnoses}) != len(claim.diagnoses):
        yield "diagnoses that stand once each"
    if not 1 <= len(claim.lines) <= MOST_LINES:
        yield f"1 to {MOST_LINES} lines"


def _line(claim: Claim, line: ServiceLine) -> Iterator[str]:
    if line.code is None or line.code.system not in (CodeSystem.CPT, CodeSystem.HCPCS):
        yield "a CPT or HCPCS code"
    if line.charge.amount < 0:
        yield "a charge of zero or more"
    if not line.units.is_finite() or line.units <= 0:
        yield "a positive quantity"
    if len(line.modifiers) > MOST_MODIFIERS:
        yield f"room for more than {MOST_MODIFIERS} modifiers"
    if not 1 <= len(line.pointers) <= MOST_POINTERS:
        yield f"1 to {MOST_POINTERS} diagnosis pointers"
    if any(not 1 <= p <= len(claim.diagnoses) for p in line.pointers):
        yield "pointers to diagnoses that are on the claim"
    if len(set(line.pointers)) != len(line.pointers):
        yield "pointers that name each diagnosis once"
    if line.ndc is not None:
        if eleven_digits(line.ndc.code) is None:
            yield "an NDC of eleven digits, or of ten with its dashes"
        if line.ndc.quantity is None or line.ndc.unit not in NDC_UNITS:
            yield f"the drug's quantity in one of {', '.join(sorted(NDC_UNITS))}"
    by = line_provider(claim, line)
    if line.provider and by is None:
        yield "a provider of the claim that bears the id named"
    if by is not None and not (by.last_name or by.name):
        yield "a name of the provider"
    if by is not None:
        yield from _npi(by)
