"""A claim's providers put together from the places that name them: each once, in the order of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from leadterm.domain import Claim, Provider, ProviderRole, ServiceLine

# Who comes first among the providers that a claim names (as in its JSON).
ROLES = {role: place for place, role in enumerate(ProviderRole)}


def usual(billing: Sequence[Provider], named: Sequence[Provider], lines: Sequence[ServiceLine]) -> list[Provider]:
    """Who rendered the lines that name nobody, where others do and the claim does not say it: the billing provider."""
    told = any(who.role is ProviderRole.RENDERING for who in named)
    mixed = any(one.provider for one in lines) and not all(one.provider for one in lines)
    return [replace(who, role=ProviderRole.RENDERING) for who in billing] if mixed and not told else []


def said_once(claim: Claim) -> Claim:
    """The claim without what a line only repeats: that the claim's own rendering provider gave the service."""
    usual = next((who.npi for who in claim.providers if who.role is ProviderRole.RENDERING), None)
    if usual is None or all(one.provider != usual for one in claim.lines):
        return claim
    lines = (replace(one, provider=None) if one.provider == usual else one for one in claim.lines)
    return replace(claim, lines=tuple(lines))


def together(*groups: Iterable[Provider]) -> tuple[Provider, ...]:
    """Everybody once, in the order of the roles; a second one of a role behind all first ones."""
    seen: dict[tuple[ProviderRole, str | None, str | None, str | None], Provider] = {}
    for group in groups:
        for who in group:
            key = (who.role, who.npi, who.last_name or who.name, who.first_name)
            seen.setdefault(key, who)
    first: dict[ProviderRole, Provider] = {}
    others = []
    for who in sorted(seen.values(), key=lambda p: ROLES[p.role]):
        if who.role in first:
            others.append(who)
        first.setdefault(who.role, who)
    return (*first.values(), *others)
