"""leadterm.claim/1 read into a Claim."""

from __future__ import annotations

import re
from functools import partial

from leadterm.domain import (
    Attachment,
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimType,
    ClaimValue,
    Code,
    CodeSystem,
    DateRange,
    InputError,
    Occurrence,
    Poa,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
)

from .decode_encounter import provider_in_role, read_patient, read_payer, read_provider, read_subscriber
from .decode_parts import read_modifiers, read_ndc, read_pointers, read_service_code
from .reading import Node, every, must, within, words

FREQUENCIES = ("1", "7", "8")
# The last character of an institutional claim's type of bill: parts of a stay, adjustments, an agency's own.
BILL_FREQUENCY = re.compile(r"[0-9A-Z]")
DIAGNOSES = (CodeSystem.ICD10CM, CodeSystem.ICD9CM)
PROCEDURES = (CodeSystem.ICD10PCS, CodeSystem.ICD9PROC)


def read_claim(at: Node) -> Claim:
    """The claim at a node; its total, where given, must be the sum of its lines."""
    at.schema("leadterm.claim/1")
    claim_type = must(lambda node: node.choice(ClaimType), at["claim_type"])
    claim = Claim(
        id=must(Node.id, at["id"]),
        claim_type=claim_type,
        patient=read_patient(at["patient"]),
        subscriber=read_subscriber(at["subscriber"]),
        payers=every(at["payers"], read_payer),
        providers=_providers(at),
        diagnoses=every(at["diagnoses"], _diagnosis),
        lines=tuple(within(node, partial(_line, number=n)) for n, node in enumerate(at["lines"].items(), 1)),
        procedures=every(at["procedures"], _procedure),
        frequency=_frequency(at["frequency"], claim_type),
        payer_control_number=at["payer_control_number"].word(),
        place_of_service=at["place_of_service"].word(),
        type_of_bill=at["type_of_bill"].word(),
        admission=at["admission"].day_or_moment(),
        discharge=at["discharge"].day_or_moment(),
        disposition=at["disposition"].word(),
        admit_type=at["admit_type"].word(),
        admit_source=at["admit_source"].word(),
        prior_authorization=at["prior_authorization"].word(),
        referral=at["referral"].word(),
        clia=at["clia"].word(),
        accident=at["accident"].mapping(),
        accept_assignment=_unless_denied(at["accept_assignment"]),
        release=_unless_denied(at["release"]),
        condition_codes=words(at["condition_codes"]),
        occurrences=every(at["occurrences"], _occurrence),
        values=every(at["values"], _value),
        attachments=every(at["attachments"], _attachment),
        statement=_statement(at["statement"]),
        drg=at["drg"].word(),
        patient_paid=at["patient_paid"].amount(),
        delay_reason=at["delay_reason"].word(),
        special_program=at["special_program"].word(),
    )
    stated = at["total"].amount()
    if stated is not None and stated != claim.total:
        raise InputError(f"{at['total'].path} is not the sum of the lines' charges.")
    return claim


def _providers(at: Node) -> tuple[Provider, ...]:
    named = tuple(provider_in_role(at[role], role) for role in ProviderRole if at[role].given())
    return named + every(at["other_providers"], read_provider)


def _unless_denied(at: Node) -> bool:
    said = at.flag()
    return True if said is None else said


def _frequency(at: Node, of: ClaimType) -> str:
    frequency = at.id() or "1"
    if of is ClaimType.INSTITUTIONAL and BILL_FREQUENCY.fullmatch(frequency):
        return frequency
    if frequency not in FREQUENCIES:
        raise at.wrong(f"one of {', '.join(FREQUENCIES)}")
    return frequency


def _diagnosis(at: Node) -> ClaimDiagnosis:
    return ClaimDiagnosis(
        code=_coded(at, DIAGNOSES),
        role=must(lambda node: node.choice(Role), at["role"]),
        poa=at["poa"].choice(Poa),
    )


def _procedure(at: Node) -> ClaimProcedure:
    return ClaimProcedure(_coded(at, PROCEDURES), at["date"].day())


def _coded(at: Node, systems: tuple[CodeSystem, ...]) -> Code:
    """The code at a node, of the first of `systems` unless it names another of them."""
    system = at["system"].choice(CodeSystem) or systems[0]
    if system not in systems:
        raise at["system"].wrong(f"one of {', '.join(systems)}")
    return must(lambda node: node.code(system), at["code"])


def _occurrence(at: Node) -> Occurrence:
    """A code with its day (`date`), or with the first and last day of a span (`from`, `to`)."""
    day = at["date"].day()
    return Occurrence(
        code=must(Node.word, at["code"]),
        start=must(Node.day, at["from"]) if day is None else day,
        end=at["to"].day() if day is None else None,
    )


def _value(at: Node) -> ClaimValue:
    return ClaimValue(must(Node.word, at["code"]), must(Node.amount, at["amount"]))


def _attachment(at: Node) -> Attachment:
    return Attachment(must(Node.word, at["type"]), must(Node.word, at["transmission"]), at["number"].word())


def _statement(at: Node) -> DateRange | None:
    if not at.given():
        return None
    start = must(Node.day, at["from"])
    return DateRange(start, at["to"].day() or start)


def _line(at: Node, number: int) -> ServiceLine:
    stated = at["number"].integer()
    start = must(Node.day, at["from"])
    return ServiceLine(
        number=number if stated is None else stated,
        code=read_service_code(at["code"]),
        units=must(Node.units, at["units"]),
        charge=must(Node.amount, at["charge"]),
        start=start,
        end=at["to"].day() or start,
        modifiers=read_modifiers(at["modifiers"]),
        pointers=read_pointers(at["pointers"]),
        place_of_service=at["place_of_service"].word(),
        revenue_code=at["revenue_code"].word(),
        ndc=read_ndc(at["ndc"]),
        provider=at["provider"].word(),
        unit=at["unit"].word() or "UN",
        hipps=at["hipps"].word(),
        noncovered=at["noncovered"].amount(),
        dated=at["dated"].flag() is not False,
        description=at["description"].word(),
        prior_authorization=at["prior_authorization"].word(),
        control_number=at["control_number"].word(),
        **{name: at[name].flag() is True for name in ("emergency", "epsdt", "family_planning")},
    )
