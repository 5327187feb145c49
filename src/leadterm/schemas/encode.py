"""Domain values as contract JSON: dictionaries, lists, strings, numbers, booleans and None, nothing else.

The keys come in the order of the contract; what we add to it stands last. Every key of an answer is always there;
only the encounter, which is also an input, leaves out what is absent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from leadterm.domain import (
    Assignment,
    CodedEncounter,
    Document,
    Encounter,
    Fact,
    Finding,
    PathwayStep,
    Query,
    RecordedCode,
    RecordLead,
)

from .encode_claim import claim
from .encode_codes import TreeNode, UnknownCode, codes, hits, release, releases, tree
from .encode_parts import Json, evidence, finding, plain, slim
from .origins import written

__all__ = [
    "TreeNode",
    "UnknownCode",
    "claim",
    "coded",
    "codes",
    "encounter",
    "facts",
    "finding",
    "findings",
    "hits",
    "release",
    "releases",
    "tree",
]


# What is told of a document where several files were joined; left out where nothing is.
JOINED = ("appends", "same_as", "series", "version", "file")


def encounter(value: Encounter, *, origins: bool = False) -> Json:
    """`value` as leadterm.encounter/1, without the keys that are absent.

    With `origins` each document says where its text stood in its record, which may be as long as the text.
    """
    stated: Json = {
        "schema": "leadterm.encounter/1",
        "id": value.id,
        "setting": plain(value.setting),
        "claim_type": plain(value.claim_type),
        "class": value.encounter_class,
        "date_of_service": plain(value.date_of_service),
        "admission": plain(value.admission),
        "discharge": plain(value.discharge),
        "disposition": value.disposition,
        "admit_type": value.admit_type,
        "admit_source": value.admit_source,
        "place_of_service": value.place_of_service,
        "type_of_bill": value.type_of_bill,
        "account": value.account,
        "identifiers": slim(plain(value.identifiers)),
        "patient": slim(plain(value.patient)),
        "providers": slim(plain(value.providers)),
        "payers": slim(plain(value.payers)),
        "documents": slim([_document(d, origins=origins) for d in value.documents]),
        "charges": slim(plain(value.charges)),
        "codes": [_recorded(code) for code in value.codes],
        "condition_codes": list(value.condition_codes),
        # These three are kept as given: what is empty in them was given empty.
        "occurrences": plain(value.occurrences),
        "values": plain(value.values),
        "accident": plain(value.accident),
        "clia": value.clia,
        "referral": value.referral,
        "frequency": value.frequency,
        "payer_control_number": value.payer_control_number,
        "notes": plain(value.notes),
    }
    return {key: item for key, item in stated.items() if item is not None and item != []}


def coded(value: CodedEncounter, *, origins: bool = False) -> Json:
    """`value` as leadterm.coded/1; `date_of_service` is the controlling date that was used; `origins` as above."""
    return {
        "schema": "leadterm.coded/1",
        "id": value.encounter.id,
        "encounter": encounter(value.encounter, origins=origins),
        "setting": value.encounter.setting.value,
        "date_of_service": plain(value.on),
        "engine": {"version": value.engine_version, "rules": value.rules_digest},
        "releases": dict(value.releases or {}),
        "calibration": value.calibration,
        "assignments": [_assignment(a) for a in value.assignments],
        "findings": [finding(f) for f in value.findings],
        "queries": [_query(q) for q in value.queries],
        "facts": [_fact(f) for f in value.facts],
        "leads": [_lead(lead) for lead in value.leads],
    }


def facts(encounter_id: str, documents: Iterable[Document], facts: Iterable[Fact]) -> Json:
    """What the documents of an encounter say, as leadterm.facts/1."""
    return {
        "schema": "leadterm.facts/1",
        "id": encounter_id,
        "documents": [_document(d) for d in documents],
        "facts": [_fact(f) for f in facts],
    }


def findings(subject: str, findings: Iterable[Finding]) -> Json:
    """What was found in `subject` (an id), as leadterm.findings/1."""
    return {"schema": "leadterm.findings/1", "subject": subject, "findings": [finding(f) for f in findings]}


def _assignment(value: Assignment) -> Json:
    return {
        "id": value.id,
        "code": value.code.value,
        "system": value.code.system.value,
        "description": value.description,
        "role": value.role.value,
        "sequence": value.sequence,
        "poa": plain(value.poa),
        "units": plain(value.units),
        "modifiers": list(value.modifiers),
        "pointers": list(value.pointers),
        "service_date": plain(value.service_date),
        "provider": value.provider,
        "revenue_code": value.revenue_code,
        "charge": plain(value.charge),
        "ndc": plain(value.ndc),
        "confidence": float(value.confidence),
        "status": value.status.value,
        "decision": plain(value.decision),
        "alternatives": [{"code": a.code, "why_not": a.why_not} for a in value.alternatives],
        "evidence": [evidence(e) for e in value.evidence],
        "pathway": [_step(s) for s in value.pathway],
        "facts": list(value.facts),
    }


def _lead(value: RecordLead) -> Json:
    became = {"targets": list(value.targets), "origin": value.origin, "use": value.use.value, "why": value.why}
    return {**_recorded(value.recorded), **became}


def _step(value: PathwayStep) -> Json:
    ruled = {} if value.rule is None else {"rule": value.rule}
    return {"step": value.step.value, **ruled, "text": value.text}


def _query(value: Query) -> Json:
    return {
        "id": value.id,
        "reason": value.reason,
        "codes": list(value.codes),
        "question": value.question,
        "options": list(value.options),
        "indicators": list(value.indicators),
        "evidence": [evidence(e) for e in value.evidence],
    }


def _fact(value: Fact) -> Json:
    return {
        "id": value.id,
        "concept": value.concept,
        "kind": value.kind.value,
        "assertion": value.assertion.value,
        "attributes": dict(value.attributes),
        "section": value.section,
        "evidence": [evidence(e) for e in value.evidence],
        "cues": [evidence(e) for e in value.cues],
        "targets": list(value.targets),
        **({} if value.speaker is None else {"speaker": value.speaker}),
        **({} if value.copied_from is None else {"copied_from": evidence(value.copied_from)}),
    }


def _recorded(value: RecordedCode) -> Json:
    said = slim(plain(replace(value, evidence=None)))
    # Words of a document have all their keys wherever they stand.
    return {**said, "evidence": evidence(value.evidence)} if value.evidence else said


def _document(value: Document, *, origins: bool = False) -> Json:
    stood = {"origin": written(value.origin)} if origins and value.origin else {}
    return {
        "id": value.id,
        "type": value.type,
        "author_role": value.author_role,
        "author": value.author,
        "service_time": plain(value.service_time),
        "signed_time": plain(value.signed_time),
        "status": value.status.value,
        "supersedes": value.supersedes,
        **{name: told for name in JOINED if (told := getattr(value, name)) is not None},
        "text": value.text,
        "sha256": value.sha256,
        **stood,
    }
