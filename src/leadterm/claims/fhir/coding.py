"""A coded encounter as resources: the encounter, what was diagnosed and done, and where each code comes from."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from decimal import Decimal

from leadterm.domain import (
    Assertion,
    Assignment,
    CodedEncounter,
    CodeSystem,
    Document,
    DocumentStatus,
    Encounter,
    Evidence,
    ProviderRole,
    Role,
    Setting,
    Status,
)

from .parties import add_coverage, add_patient, add_provider
from .sheet import HL7, Json, Sheet, coded, day, extension, period, present, service, within

ACT = f"{HL7}/v3-ActCode"
# The class of an encounter by the contract's word for it, else by its setting (HL7 ActCode).
CLASSES = {
    "observation": "OBSENC",
    "virtual": "VR",
    "short stay": "SS",
    "field": "FLD",
    "pre-admission": "PRENC",
}
SETTINGS = {
    Setting.INPATIENT: "IMP",
    Setting.OUTPATIENT: "AMB",
    Setting.EMERGENCY: "EMER",
    Setting.PROFESSIONAL: "AMB",
    Setting.SKILLED_NURSING: "NONAC",
    Setting.HOME_HEALTH: "HH",
}
# Participants of an encounter (v3-ParticipationType); who bills it takes no part in it.
PARTS = {
    ProviderRole.ATTENDING: "ATND",
    ProviderRole.RENDERING: "PPRF",
    ProviderRole.OPERATING: "SPRF",
    ProviderRole.REFERRING: "REF",
}
# What a code is to the encounter (diagnosis-role); all others are what its bill bears.
USES = {Role.ADMITTING: "AD", Role.REASON_FOR_VISIT: "CC"}
PROCEDURES = frozenset((Role.PROCEDURE, Role.PRINCIPAL_PROCEDURE))
# A code that nobody has decided on is provisional, as is what the chart itself doubts (II.H codes it as if it were so).
PROVISIONAL, CONFIRMED = "provisional", "confirmed"
# How a document stands to another one (document-relationship-type), by the field of it.
RELATIONS = {"supersedes": "replaces", "appends": "appends", "same_as": "transforms"}
DOCUMENTS = {
    DocumentStatus.PRELIMINARY: "preliminary",
    DocumentStatus.FINAL: "final",
    DocumentStatus.ADDENDUM: "amended",
    DocumentStatus.CORRECTED: "amended",
    DocumentStatus.RETRACTED: "entered-in-error",
}


def add_coded(sheet: Sheet, answer: CodedEncounter) -> Json:
    """A reference to the patient of a coded encounter, which is added with all that was coded of it."""
    encounter = answer.encounter
    patient = add_patient(sheet, encounter.patient)
    visit = sheet.add("Encounter", "encounter", _visit(sheet, encounter, patient))
    documents = {d.id: sheet.add("DocumentReference", d.id, _document(d, patient, visit)) for d in encounter.documents}
    for document in encounter.documents:
        if relations := list(_relations(document, documents)):
            sheet.extend(documents[document.id], relatesTo=relations)
    for order, payer in enumerate(encounter.payers, 1):
        add_coverage(sheet, payer, payer.subscriber, patient, order)
    engine = sheet.add("Device", "engine", _engine(answer))
    diagnoses: list[Json] = []
    for each in answer.assignments:
        if each.status is Status.REJECTED or each.role is Role.CHARGE:
            continue
        kind = "Procedure" if each.role in PROCEDURES or each.code.system is CodeSystem.ICD10PCS else "Condition"
        said = _said(each, answer)
        stands = kind == "Procedure"
        body = _procedure(each, encounter, documents) if stands else _condition(sheet, each, said, documents)
        about = {"subject": patient, "encounter": visit, "code": service(each.code, each.description)}
        target = sheet.add(kind, each.id, {**body, **about})
        if kind == "Condition":
            diagnoses.append(_diagnosis(each, target))
        sheet.add("Provenance", each.id, _provenance(sheet, each, target, engine, documents))
    if diagnoses:
        sheet.extend(visit, diagnosis=_ranked(diagnoses))
    return patient


def _visit(sheet: Sheet, encounter: Encounter, patient: Json) -> Json:
    parts = [
        {"type": [coded(f"{HL7}/v3-ParticipationType", PARTS[p.role])], "individual": add_provider(sheet, p)}
        for p in encounter.providers
        if p.role in PARTS
    ]
    facility = encounter.provider(ProviderRole.FACILITY)
    disposition = coded("https://www.nubc.org/CodeSystem/PatDischargeStatus", encounter.disposition)
    start = encounter.admission or encounter.date_of_service
    code = CLASSES.get(encounter.encounter_class or "", SETTINGS[encounter.setting])
    return {
        "extension": [extension("setting", valueCode=encounter.setting)],
        "identifier": [{"value": encounter.id}],
        "status": "finished",
        "class": {"system": ACT, "code": code},
        "subject": patient,
        "participant": parts,
        "period": period(start, encounter.discharge or encounter.date_of_service),
        "hospitalization": {"dischargeDisposition": disposition} if disposition else None,
        "serviceProvider": add_provider(sheet, facility) if facility else None,
    }


def _document(document: Document, patient: Json, visit: Json) -> Json:
    """A document with its text: the places that evidence names count its code points."""
    data = base64.b64encode(document.text.encode("utf-8", "surrogatepass")).decode()
    moment = document.service_time
    # An addendum is known by what it goes on with; FHIR R4 has no status for it.
    goes_on = document.status is DocumentStatus.ADDENDUM and document.appends
    author = "#author" if document.author_role else None
    return {
        "contained": [_author(document.author_role, document.author)] if document.author_role else None,
        "identifier": [{"value": document.id}],
        "status": "entered-in-error" if document.status is DocumentStatus.RETRACTED else "current",
        "docStatus": "final" if goes_on else DOCUMENTS[document.status],
        "author": [present({"reference": author, "display": document.author})],
        "type": {"text": document.type} if document.type else None,
        "subject": patient,
        "content": [{"attachment": present({"contentType": "text/plain; charset=utf-8", "data": data})}],
        "context": present({"encounter": [visit], "period": period(moment, moment)}),
    }


def _author(role: str, name: str | None) -> Json:
    """Who wrote a document, by the role: the name alone says nothing of it."""
    return present(
        {
            "resourceType": "PractitionerRole",
            "id": "author",
            "practitioner": {"display": name} if (name or "").strip() else None,
            "code": [{"text": role}],
        }
    )


def _relations(document: Document, documents: dict[str, Json]) -> Iterator[Json]:
    for field, code in RELATIONS.items():
        other = getattr(document, field)
        if other in documents and other != document.id:
            yield {"code": code, "target": documents[other]}


def _said(each: Assignment, answer: CodedEncounter) -> frozenset[Assertion]:
    """How the chart asserts what a code rests on."""
    return frozenset(fact.assertion for fact in answer.facts if fact.id in each.facts)


def _engine(answer: CodedEncounter) -> Json:
    versions = [("engine", answer.engine_version), ("rules", answer.rules_digest), *(answer.releases or {}).items()]
    return {
        "deviceName": [{"name": "Leadterm", "type": "model-name"}],
        "version": [{"type": {"text": name}, "value": value} for name, value in versions if value.strip()],
    }


def _condition(sheet: Sheet, each: Assignment, said: frozenset[Assertion], documents: dict[str, Json]) -> Json:
    doubted = each.status is Status.SUGGESTED or said == {Assertion.UNCERTAIN}
    gone = said == {Assertion.RESOLVED}
    found = [*dict.fromkeys(e.document for e in each.evidence if e.document in documents)]
    return {
        "extension": list(_spans(each.evidence, documents)),
        "clinicalStatus": coded(f"{HL7}/condition-clinical", "resolved" if gone else "active"),
        "verificationStatus": coded(f"{HL7}/condition-ver-status", PROVISIONAL if doubted else CONFIRMED),
        "category": [coded(f"{HL7}/condition-category", "encounter-diagnosis")],
        "recordedDate": sheet.recorded,
        "evidence": [{"detail": [documents[name] for name in found]}] if found else None,
    }


def _procedure(each: Assignment, encounter: Encounter, documents: dict[str, Json]) -> Json:
    return {
        "extension": list(_spans(each.evidence, documents)),
        "status": "completed",
        "performedDateTime": day(each.service_date or encounter.date_of_service or encounter.admission),
    }


def _diagnosis(each: Assignment, condition: Json) -> Json:
    use = coded(f"{HL7}/diagnosis-role", USES.get(each.role, "billing"))
    admitted = [extension("present-on-admission", valueCode=each.poa)] if each.poa else None
    return present({"extension": admitted, "condition": condition, "use": use})


def _ranked(diagnoses: Iterable[Json]) -> list[Json]:
    """The diagnoses with their rank among those of one use, in the order of the claim."""
    counts: dict[str, int] = {}
    ranked = []
    for diagnosis in diagnoses:
        use = diagnosis["use"]["coding"][0]["code"]
        counts[use] = counts.get(use, 0) + 1
        ranked.append({**diagnosis, "rank": counts[use]})
    return ranked


def _provenance(sheet: Sheet, each: Assignment, target: Json, engine: Json, documents: dict[str, Json]) -> Json:
    """Where a code comes from: the engine or the person who assigned it, the documents it rests on, the way there."""
    agents = [{"type": coded(f"{HL7}/provenance-participant-type", "assembler"), "who": engine}]
    if each.decision and each.decision.by.strip():
        person = {"identifier": {"value": each.decision.by}}
        agents.append({"type": coded(f"{HL7}/provenance-participant-type", "verifier"), "who": person})
    steps = [extension("step", valueString=f"{step.step}: {step.text}") for step in each.pathway]
    confidence = extension("confidence", valueDecimal=Decimal(str(each.confidence)))
    entities = [
        {
            "extension": list(_spans((e for e in each.evidence if e.document == name), documents)),
            "role": "source",
            "what": documents[name],
        }
        for name in dict.fromkeys(e.document for e in each.evidence if e.document in documents)
    ]
    return {
        "extension": [confidence, *steps],
        "target": [target],
        "recorded": sheet.recorded,
        "agent": agents,
        "entity": entities,
    }


def _spans(evidence: Iterable[Evidence], documents: dict[str, Json]) -> Iterator[Json]:
    """Each quotation: the document, its code points from `start` to `end`, the words, their place in the source."""
    for each in evidence:
        if each.document in documents:
            said = (("text", each.text), ("source", each.source))
            parts = [
                within("document", valueReference=documents[each.document]),
                within("start", valueUnsignedInt=each.span.start),
                within("end", valueUnsignedInt=each.span.end),
                *(within(name, valueString=words) for name, words in said if (words or "").strip()),
            ]
            yield extension("evidence", extension=parts)
