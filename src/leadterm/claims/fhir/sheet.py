"""A FHIR R4 Bundle as it is written: resources by name, references between them, and the values that they share."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from leadterm.domain import Code, CodeSystem, InputError, Money

Json = dict[str, Any]
HL7 = "http://terminology.hl7.org/CodeSystem"
_OTHER_BLANKS = re.compile(r"[^\S \r\n\t]")
EXTENSION = "urn:leadterm:fhir"
SYSTEMS = {
    CodeSystem.ICD10CM: "http://hl7.org/fhir/sid/icd-10-cm",
    CodeSystem.ICD10PCS: "http://www.cms.gov/Medicare/Coding/ICD10",
    CodeSystem.HCPCS: "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    CodeSystem.CPT: "http://www.ama-assn.org/go/cpt",
    CodeSystem.ICD9CM: "http://hl7.org/fhir/sid/icd-9-cm",
    CodeSystem.ICD9PROC: "urn:oid:2.16.840.1.113883.6.104",
    CodeSystem.ICD10: "http://hl7.org/fhir/sid/icd-10",
    CodeSystem.ICD11: "http://id.who.int/icd/release/11/mms",
}


class Sheet:
    """A collection that grows; a resource's id comes of what it is, so that writing twice writes the same.

    Attributes:
        recorded: When it is written, an instant of UTC.
    """

    def __init__(self, name: str, recorded: datetime) -> None:
        if recorded.tzinfo is None:
            raise InputError("The time of writing is an instant: give it with its zone.")
        self.recorded = recorded.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._name = name
        self._entries: dict[str, Json] = {}

    def add(self, kind: str, name: str, body: Mapping[str, Any]) -> Json:
        """A reference to a resource of a kind, added under its name where it is not there yet."""
        own = str(uuid5(NAMESPACE_URL, "\0".join(("leadterm", self._name, kind, name))))
        url = f"urn:uuid:{own}"
        self._entries.setdefault(url, {"resourceType": kind, "id": own, **present(body)})
        return {"reference": url}

    def extend(self, reference: Json, **members: Any) -> None:
        """Adds members to a resource that was added before what they refer to."""
        self._entries[reference["reference"]].update(members)

    def bundle(self) -> Json:
        """The Bundle."""
        entries = [{"fullUrl": url, "resource": _whole(resource)} for url, resource in self._entries.items()]
        return present({"resourceType": "Bundle", "type": "collection", "timestamp": self.recorded, "entry": entries})


def present(body: Mapping[str, Any]) -> Json:
    """The members that have a value: FHIR has neither nulls nor blank strings, empty lists and objects."""
    return {key: value for key, value in body.items() if value not in (None, [], {}) and not _blank(value)}


def _whole(value: Any) -> Any:
    """A value as FHIR takes it: what is empty within is left out, and blanks beyond its own four are common ones."""
    if isinstance(value, str):
        return _OTHER_BLANKS.sub(" ", value)
    if isinstance(value, Mapping):
        return present({key: _whole(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return [item for item in map(_whole, value) if item not in (None, [], {}) and not _blank(item)]
    return value


def _blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def coded(system: str, code: str | None, text: str | None = None) -> Json | None:
    """A CodeableConcept; None where there is nothing to say. A code has single blanks within and none around it."""
    whole = " ".join((code or "").split())
    coding = {"system": system, "code": whole} if whole else None
    return present({"coding": [coding] if coding else None, "text": text}) or None


def service(code: Code, title: str | None = None) -> Json:
    """A CodeableConcept of a code of ours, with its official title where there is one."""
    coding = present({"system": SYSTEMS[code.system], "code": code.value, "display": title})
    return {"coding": [coding]}


def extension(name: str, **value: Any) -> Json:
    """An extension of the project: `extension("rank", valueInteger=1)`, or one of extensions."""
    return {"url": f"{EXTENSION}:{name}", **value}


def within(name: str, **value: Any) -> Json:
    """A part of an extension."""
    return {"url": name, **value}


def usd(amount: Money | None) -> Json | None:
    """Dollars."""
    return None if amount is None else {"value": amount.amount, "currency": "USD"}


def day(moment: date | None) -> str | None:
    """A day; of a moment, its day."""
    return None if moment is None else moment.isoformat()[: len("2026-05-14")]


def period(start: date | None, end: date | None) -> Json | None:
    """A period of days."""
    return present({"start": day(start), "end": day(end)}) or None


def dumps(value: Any) -> str:
    """JSON, compact, with decimals as they are: none passes through a float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{dumps(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dumps, value)) + "]"
    return json.dumps(value)
