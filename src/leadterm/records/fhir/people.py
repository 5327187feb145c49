"""Patients, practitioners, organisations and places, as the domain knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from leadterm.domain import Address, Identifier, IdentifierKind, Patient, Provider, ProviderRole, Sex

from .nodes import Node
from .references import NPI, id_of, reference

TAXONOMY = ("http://nucc.org/provider-taxonomy", "urn:oid:2.16.840.1.113883.6.101")
TAX_IDS = ("urn:oid:2.16.840.1.113883.4.4", "http://hl7.org/fhir/sid/us-ein", "http://hl7.org/fhir/sid/us-ssn")
SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}
NPI_OID = "urn:oid:2.16.840.1.113883.4.6"
# A name that is no longer in use, and one that was never a name for claims.
_OTHER_NAMES = frozenset(("old", "nickname", "anonymous", "maiden"))


@dataclass(slots=True)
class Person:
    """Who is referred to as a provider: a practitioner, an organisation, a role that joins both, a place.

    Attributes:
        provider: With a role that its reference will say.
        practitioner, organization: Whom a role refers to.
        title: What they are (specialty, qualification).
    """

    provider: Provider
    practitioner: str | None = None
    organization: str | None = None
    title: str | None = None


def read_patient(resource: Node) -> Patient:
    """The patient."""
    name = _name(resource)
    given = [part.word() for part in name.each("given")] if name.value else []
    return Patient(
        id=id_of(resource),
        sex=SEXES.get(resource.first("gender").word() or "", Sex.UNKNOWN),
        birth_date=resource.first("birthDate").day(),
        first_name=given[0] if given else None,
        middle_name=given[1] if given[1:] else None,
        last_name=name.first("family").word() if name.value else None,
        address=_address(resource),
        phone=_phone(resource),
    )


def read_person(kind: str, resource: Node, owner: str) -> Person:
    """A Practitioner, PractitionerRole, Organization or Location."""
    specialty, codes = _specialty(resource)
    held = Provider(
        ProviderRole.RENDERING,
        npi=_identified(resource, (NPI, NPI_OID)),
        taxonomy=specialty,
        tax_id=_tax_id(resource) if kind == "Organization" else None,
        address=_address(resource),
        phone=_phone(resource),
        id=id_of(resource),
    )
    if kind == "Practitioner":
        name = _name(resource)
        first, last = (name.first(part).word() for part in ("given", "family")) if name.value else (None, None)
        held = replace(held, first_name=first, last_name=last)
    elif kind != "PractitionerRole":
        held = replace(held, name=resource.first("name").word())
    return Person(
        held,
        reference(resource.first("practitioner"), owner),
        reference(resource.first("organization", "managingOrganization"), owner),
        codes,
    )


def merged(role: Provider, person: Provider) -> Provider:
    """A role's person: the person's own, and what the role says more."""
    return replace(
        person,
        npi=person.npi or role.npi,
        taxonomy=role.taxonomy or person.taxonomy,
        tax_id=person.tax_id or role.tax_id,
        address=role.address or person.address,
        phone=role.phone or person.phone,
    )


def identifiers(resource: Node) -> list[str]:
    """`system|value` of each identifier, as a search names it."""
    found = []
    for at in resource.each("identifier"):
        system, value = at.first("system").word(), at.first("value").word()
        if value:
            found.append(f"{system}|{value}")
    return found


def numbers(resource: Node, kind: IdentifierKind) -> Iterator[Identifier]:
    """Its identifiers, as the domain knows them; what is given up (`use` old) is none."""
    for at in resource.each("identifier"):
        value = at.first("value").word()
        if value and at.first("use").word() != "old":
            yield Identifier(kind, value, at.first("system").word())


def _name(resource: Node) -> Node:
    """The name for claims: the official one, else the usual, else the first that is in use."""
    names = [name for name in resource.each("name") if isinstance(name.value, dict)]
    uses = {name.first("use").word(): name for name in reversed(names)}
    current = (name for name in names if name.first("use").word() not in _OTHER_NAMES)
    return uses.get("official") or uses.get("usual") or next(current, resource.first())


def _identified(resource: Node, systems: tuple[str, ...]) -> str | None:
    for at in resource.each("identifier"):
        if at.first("system").word() in systems:
            return at.first("value").word()
    return None


def _tax_id(resource: Node) -> str | None:
    for at in resource.each("identifier"):
        if "TAX" in list(at.first("type").codes()) or at.first("system").word() in TAX_IDS:
            digits = (at.first("value").word() or "").replace("-", "")
            return digits if len(digits) == 9 and digits.isascii() and digits.isdigit() else None
    return None


def _specialty(resource: Node) -> tuple[str | None, str | None]:
    """The taxonomy code, and what it or the qualification is called."""
    taxonomy = title = None
    for path in ("specialty", "code", "qualification.code"):
        for concept in resource.each(path):
            title = (
                title or concept.first("text", "coding.display").word() if isinstance(concept.value, dict) else title
            )
            for coding in concept.each("coding") if isinstance(concept.value, dict) else ():
                if coding.first("system").word() in TAXONOMY:
                    taxonomy = taxonomy or coding.first("code").word()
    return taxonomy, title


def _address(resource: Node) -> Address | None:
    at = resource.first("address")
    if not isinstance(at.value, dict):
        return None
    lines = [line.word() for line in at.each("line")]
    return Address(
        lines[0] if lines else None,
        lines[1] if lines[1:] else None,
        at.first("city").word(),
        at.first("state").word(),
        at.first("postalCode").word(),
        at.first("country").word(),
    )


def _phone(resource: Node) -> str | None:
    for at in resource.each("telecom"):
        if isinstance(at.value, dict) and at.first("system").word() == "phone":
            return at.first("value").word()
    return None
