"""A claim as the resource Claim, with the people and coverages that it refers to."""

from __future__ import annotations

from leadterm.domain import Claim, ClaimType, Poa, ProviderRole, Role, ServiceLine
from leadterm.domain.claim import OF_EARLIER_CLAIM

from .parties import add_coverage, add_patient, add_provider, first_in
from .sheet import HL7, Json, Sheet, coded, day, period, present, service, usd

C4BB = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType"
NUBC = "https://www.nubc.org/CodeSystem"
NDC = "http://hl7.org/fhir/sid/ndc"
PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
# What a diagnosis is to the claim (ex-diagnosistype); one without a type is listed after the first.
TYPES = {Role.PRINCIPAL: "principal", Role.ADMITTING: "admitting", Role.REASON_FOR_VISIT: "patientreasonforvisit"}
POA = {Poa.YES: "y", Poa.NO: "n", Poa.UNKNOWN: "u", Poa.UNDETERMINED: "w"}
TEAM = (
    ProviderRole.RENDERING,
    ProviderRole.ATTENDING,
    ProviderRole.OPERATING,
    ProviderRole.REFERRING,
    ProviderRole.ORDERING,
    ProviderRole.SUPERVISING,
)


def add_claim(sheet: Sheet, claim: Claim) -> Json:
    """A reference to a claim, which is added with all that it refers to."""
    patient = add_patient(sheet, claim.patient)
    billing = first_in(ProviderRole.BILLING, claim.providers)
    facility = first_in(ProviderRole.FACILITY, claim.providers)
    total = claim.total
    days = [moment for line in claim.lines for moment in (line.start, line.end)]
    span = (claim.statement.start, claim.statement.end) if claim.statement else (min(days), max(days)) if days else None
    body = {
        "identifier": [{"value": claim.id}],
        "status": "active",
        "type": coded(f"{HL7}/claim-type", claim.claim_type.value),
        "use": "claim",
        "patient": patient,
        "billablePeriod": period(*span) if span else None,
        "created": sheet.recorded[: len("2026-05-14")],
        "provider": add_provider(sheet, billing) if billing else {"display": "not told"},
        "priority": coded(f"{HL7}/processpriority", "normal"),
        "related": _related(claim),
        "facility": add_provider(sheet, facility) if facility else None,
        "careTeam": _team(sheet, claim),
        "supportingInfo": _supporting(claim),
        "diagnosis": _diagnoses(claim),
        "procedure": _procedures(claim),
        "insurance": _insurance(sheet, claim, patient),
        "item": [_item(claim, line) for line in claim.lines],
        "total": usd(total),
    }
    return sheet.add("Claim", claim.id, body)


def _related(claim: Claim) -> list[Json] | None:
    """The claim whose place this one takes."""
    if claim.frequency not in OF_EARLIER_CLAIM or not claim.payer_control_number:
        return None
    kind = coded(f"{HL7}/ex-relatedclaimrelationship", "prior")
    return [{"claim": {"identifier": {"value": claim.payer_control_number}}, "relationship": kind}]


def _team(sheet: Sheet, claim: Claim) -> list[Json]:
    found = [provider for role in TEAM if (provider := first_in(role, claim.providers))]
    system = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimCareTeamRole"
    return [
        {"sequence": n, "provider": add_provider(sheet, provider), "role": coded(system, provider.role.value)}
        for n, provider in enumerate(found, 1)
    ]


def _supporting(claim: Claim) -> list[Json]:
    """What an institutional claim says beside its lines, by CARIN's names for it."""
    told = (
        ("typeofbill", f"{NUBC}/TypeOfBill", claim.type_of_bill),
        ("discharge-status", f"{NUBC}/PatDischargeStatus", claim.disposition),
        ("admtype", f"{NUBC}/PriorityTypeOfAdmitOrVisit", claim.admit_type),
        ("pointoforigin", f"{NUBC}/PointOfOrigin", claim.admit_source),
    )
    rows = [{"category": coded(C4BB, name), "code": coded(system, code)} for name, system, code in told if code]
    if stay := period(claim.admission, claim.discharge):
        rows.append({"category": coded(C4BB, "admissionperiod"), "timingPeriod": stay})
    return [{"sequence": n, **row} for n, row in enumerate(rows, 1)]


def _diagnoses(claim: Claim) -> list[Json]:
    return [
        present(
            {
                "sequence": n,
                "diagnosisCodeableConcept": service(each.code),
                "type": [kind] if (kind := coded(f"{HL7}/ex-diagnosistype", TYPES.get(each.role))) else None,
                "onAdmission": coded(f"{HL7}/ex-diagnosis-on-admission", POA.get(each.poa) if each.poa else None),
            }
        )
        for n, each in enumerate(claim.diagnoses, 1)
    ]


def _procedures(claim: Claim) -> list[Json]:
    """ICD-10-PCS codes: the first is the principal one."""
    system = f"{HL7}/ex-procedure-type"
    return [
        present(
            {
                "sequence": n,
                "type": [coded(system, "primary" if n == 1 else "secondary")],
                "date": day(each.date),
                "procedureCodeableConcept": service(each.code),
            }
        )
        for n, each in enumerate(claim.procedures, 1)
    ]


def _insurance(sheet: Sheet, claim: Claim, patient: Json) -> list[Json]:
    rows = []
    for order, payer in enumerate(claim.payers, 1):
        holder = claim.subscriber if order == 1 else payer.subscriber
        number = payer.prior_authorization or (claim.prior_authorization if order == 1 else None)
        cover = add_coverage(sheet, payer, holder, patient, order)
        rows.append(
            {"sequence": order, "focal": order == 1, "coverage": cover, "preAuthRef": [number] if number else None}
        )
    return [present(row) for row in rows] or [{"sequence": 1, "focal": True, "coverage": {"display": "self-pay"}}]


def _item(claim: Claim, line: ServiceLine) -> Json:
    place = line.place_of_service or claim.place_of_service
    absent = coded(f"{HL7}/data-absent-reason", "not-applicable")
    drug = _drug(line)
    body = {
        "sequence": line.number,
        "diagnosisSequence": list(line.pointers),
        "revenue": coded(f"{NUBC}/RevenueCodes", line.revenue_code),
        "productOrService": service(line.code) if line.code else absent,
        "modifier": [coded(f"{HL7}/modifiers", modifier) for modifier in line.modifiers],
        "servicedDate": day(line.start) if line.start == line.end else None,
        "servicedPeriod": period(line.start, line.end) if line.start != line.end else None,
        "locationCodeableConcept": coded(PLACES, place) if claim.claim_type is ClaimType.PROFESSIONAL else None,
        "quantity": {"value": line.units},
        "net": usd(line.charge),
        "detail": [drug] if drug else None,
    }
    return present(body)


def _drug(line: ServiceLine) -> Json | None:
    """The drug of a line, as its detail."""
    if line.ndc is None:
        return None
    quantity = present({"value": line.ndc.quantity, "unit": line.ndc.unit})
    drug = coded(NDC, line.ndc.code)
    return present({"sequence": 1, "productOrService": drug, "quantity": quantity}) if drug else None
