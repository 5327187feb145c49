"""Who is who on a claim: the provider of a role, of a line, the place of service, the subscriber."""

from __future__ import annotations

from leadterm.domain import Claim, Provider, ProviderRole, ServiceLine, Subscriber


def provider(claim: Claim, role: ProviderRole) -> Provider | None:
    """The first provider of the claim in that role."""
    return next((p for p in claim.providers if p.role is role), None)


def is_self(held: Subscriber) -> bool:
    """Whether the patient holds the policy."""
    return held.relationship.strip().lower() == "self"


def subscriber_is_person(held: Subscriber) -> bool:
    """Whether the policy is held by a person; an employer (workers' compensation) has one name only."""
    return not (held.relationship.strip().lower() == "employee" and not held.first_name)


def rendering(claim: Claim) -> Provider | None:
    """Who rendered the services, where that is another than the billing provider; else the claim does not say it."""
    billing, found = provider(claim, ProviderRole.BILLING), provider(claim, ProviderRole.RENDERING)
    return None if found is None or billing is None or found.npi == billing.npi else found


def service_facility(claim: Claim) -> Provider | None:
    """Where the services took place, when that is not the billing provider's own address; else it is not repeated."""
    billing, found = provider(claim, ProviderRole.BILLING), provider(claim, ProviderRole.FACILITY)
    if found is None or billing is None:
        return found
    same_who = found.npi in (None, billing.npi) and found.name in (None, billing.name)
    same_where = found.address in (None, billing.address)
    return None if same_who and same_where else found


def line_provider(claim: Claim, line: ServiceLine) -> Provider | None:
    """The provider that a line names by role, id or NPI; None when it names none that the claim has."""
    named = line.provider
    return next((p for p in claim.providers if named and named in (p.id, p.npi, p.role.value)), None)
