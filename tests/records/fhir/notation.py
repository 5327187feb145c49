"""Resources of FHIR in few words."""

from __future__ import annotations

import base64
import json
from typing import Any

from leadterm.domain import Encounter
from leadterm.records.fhir import read

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
NPI = "http://hl7.org/fhir/sid/us-npi"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"


def resource(written: str, **members: Any) -> dict[str, Any]:
    """`Type/id` with its members."""
    kind, _, name = written.partition("/")
    return {"resourceType": kind, **({"id": name} if name else {}), **members}


def bundle(*resources: dict[str, Any], type: str = "collection", **members: Any) -> dict[str, Any]:
    entries = [each if "resource" in each else {"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": type, "entry": entries, **members}


def entry(url: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": url, "resource": resource}


def ref(written: str, **members: Any) -> dict[str, Any]:
    return {"reference": written, **members}


def concept(code: str, system: str = ICD, text: str | None = None, **members: Any) -> dict[str, Any]:
    coding = {"system": system, "code": code, **members}
    return {"coding": [coding], **({"text": text} if text else {})}


def coded(code: str) -> dict[str, Any]:
    """A CodeableConcept of a code alone, as statuses and categories are."""
    return {"coding": [{"code": code}]}


def base64_of(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def document(name: str, text: str | bytes, media: str = "text/plain", **members: Any) -> dict[str, Any]:
    attachment = {"contentType": media, "data": base64_of(text)}
    return resource(f"DocumentReference/{name}", status="current", content=[{"attachment": attachment}], **members)


def written(value: object) -> bytes:
    return json.dumps(value).encode()


def reading(value: object) -> tuple[Encounter, ...]:
    return read(value if isinstance(value, bytes) else written(value), "chart.json", "chart")


def one(value: object) -> Encounter:
    (encounter,) = reading(value)
    return encounter


def rules(encounter: Encounter) -> list[str]:
    return [note.rule.removeprefix("LEADTERM:records/") for note in encounter.notes]
