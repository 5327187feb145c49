"""leadterm.claim/1 read into a Claim."""

from __future__ import annotations

from functools import partial

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimType,
    CodeSystem,
    InputError,
    Poa,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
)

from .decode_encounter import (
    provider_in_role,
    read_mappings,
    read_modifiers,
    read_ndc,
    read_patient,
    read_payer,
    read_pointers,
    read_provider,
    read_service_code,
    read_subscriber,
    read_value_codes,
)
from .reading import Node, every, must, within, words

FREQUENCIES = ("1", "7", "8")


def read_claim(at: Node) -> Claim:
    """The claim at a node; its total, where given, must be the sum of its lines."""
    at.schema("leadterm.claim/1")
    _refuse_unheld(at)
    claim = Claim(
        id=must(Node.id, at["id"]),
        claim_type=must(lambda node: node.choice(ClaimType), at["claim_type"]),
        patient=read_patient(at["patient"]),
        subscriber=read_subscriber(at["subscriber"]),
        payers=every(at["payers"], read_payer),
        providers=_providers(at),
        diagnoses=every(at["diagnoses"], _diagnosis),
        lines=tuple(within(node, partial(_line, number=n)) for n, node in enumerate(at["lines"].items(), 1)),
        procedures=every(at["procedures"], _procedure),
        frequency=_frequency(at["frequency"]),
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
        occurrences=read_mappings(at["occurrences"]),
        values=read_value_codes(at["values"]),
    )
    stated = at["total"].amount()
    if stated is not None and stated != claim.total:
        raise InputError(f"{at['total'].path} is not the sum of the lines' charges.")
    return claim


def _refuse_unheld(at: Node) -> None:
    """Raises InputError for what a Claim has no place for: to drop it in silence would change the claim."""
    for payer in at["payers"].items():
        if payer["adjudication"].given():
            raise InputError(f"{payer.path}.adjudication is not read; give the claim without it.")
    if at["attachments"].items():
        raise InputError("attachments are not read; give the claim without them.")


def _providers(at: Node) -> tuple[Provider, ...]:
    named = tuple(provider_in_role(at[role], role) for role in ProviderRole if at[role].given())
    return named + every(at["other_providers"], read_provider)


def _unless_denied(at: Node) -> bool:
    said = at.flag()
    return True if said is None else said


def _frequency(at: Node) -> str:
    frequency = at.id() or "1"
    if frequency not in FREQUENCIES:
        raise at.wrong(f"one of {', '.join(FREQUENCIES)}")
    return frequency


def _diagnosis(at: Node) -> ClaimDiagnosis:
    return ClaimDiagnosis(
        code=must(lambda node: node.code(CodeSystem.ICD10CM), at["code"]),
        role=must(lambda node: node.choice(Role), at["role"]),
        poa=at["poa"].choice(Poa),
    )


def _procedure(at: Node) -> ClaimProcedure:
    return ClaimProcedure(must(lambda node: node.code(CodeSystem.ICD10PCS), at["code"]), at["date"].day())


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
    )
