"""What the edits of coverage look at: lines with the diagnoses that they point to, and where the service was given."""

from __future__ import annotations

from leadterm.codesets.payment.coverage import Policy
from leadterm.domain import Address, CodeSystem, ProviderRole, ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._claim_codes import BESIDE_THE_ORDER

# A notice of non-coverage was given (GA, voluntarily GX), was not given (GZ); the service is excluded by law (GY).
GIVEN, VOLUNTARY, NOT_GIVEN, EXCLUDED = "GA", "GX", "GZ", "GY"
NOTICES = frozenset({GIVEN, VOLUNTARY, NOT_GIVEN, EXCLUDED})
# Equipment and supplies are decided where the patient lives (42 CFR 421.210); all else where it was given.
BY_RESIDENCE = frozenset("EKL")
MOST_NAMED = 6


def is_judged(b: Billing) -> bool:
    """Whether Medicare's policies speak of the claim: practitioners and outpatients."""
    return b.medicare and not b.takes_back and (b.professional or b.outpatient)


def told(line: ServiceLine) -> bool:
    """Whether the line says itself that it may not be covered."""
    return not NOTICES.isdisjoint(line.modifiers)


def pointed(b: Billing, line: ServiceLine) -> tuple[str, ...]:
    """The diagnoses that a line points to, in order; of a facility's claim, whose lines point nowhere, all."""
    diagnoses = b.claim.diagnoses
    if not b.professional:
        return reported(b)
    found = [diagnoses[n - 1] for n in line.pointers if 0 < n <= len(diagnoses)]
    return tuple([d.code.value for d in found if d.code.system is CodeSystem.ICD10CM])


def reported(b: Billing) -> tuple[str, ...]:
    """Every diagnosis in the order of the claim, those beside the order left out."""
    return b.once(_reported)


def _reported(b: Billing) -> tuple[str, ...]:
    listed = [d.code for d in b.claim.diagnoses if d.role not in BESIDE_THE_ORDER]
    return tuple([code.value for code in listed if code.system is CodeSystem.ICD10CM])


def state_of(b: Billing, code: str) -> str:
    """The state whose contractor decides on a service, as its abbreviation; empty where the claim does not tell it."""
    return b.once(_residence if code[0] in BY_RESIDENCE else _place)


def _residence(b: Billing) -> str:
    return _state(b.claim.patient.address)


def _place(b: Billing) -> str:
    given = (b.by_role.get(role) for role in (ProviderRole.FACILITY, ProviderRole.BILLING))
    return next((state for p in given if p is not None and (state := _state(p.address))), "")


def _state(address: Address | None) -> str:
    return (address.state or "").strip().upper() if address is not None else ""


def documents(policies: tuple[Policy, ...]) -> str:
    """The documents by number, as a sentence names them."""
    names = sorted({name for policy in policies for name in policy.name.split(" ") if name and name != "NCD"})
    national = any(policy.document.startswith("NCD") for policy in policies)
    named = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return f"NCD {named}" if national else named or "the installed list"
