"""What an Encounter says of itself: its class and days, who took part, what was diagnosed."""

from __future__ import annotations

from dataclasses import replace

from leadterm.domain import ProviderRole, RecordedKind, Setting
from leadterm.records.naming import class_of

from . import tables
from .leads import codes_of
from .nodes import Node
from .quotes import setting_of
from .references import reference
from .told import Loan, Part, Told, Visit

# The diagnoses that a bill would have first; of the others, the order of the record holds.
USES = ("billing", "DD", "CC", "AD", "CM", "pre-op", "post-op")
NUBC = "nubc.org"
LAST = 1_000_000


def tell_visit(kind: str, resource: Node, told: Told) -> None:
    """Adds what an Encounter says of itself."""
    stay = resource.first("hospitalization", "admission")
    known = _class(resource)
    for at in resource.each("diagnosis"):
        role = tables.use("encounter", [code for node in at.each("use") for code in node.codes()])
        for concept in at.each("condition.concept"):
            codes = codes_of(concept, RecordedKind.DIAGNOSIS, None, None)
            told.codes.extend(replace(code, role=role) for code in codes)
    told.visit = Visit(
        setting_of(resource) or (known[0] if known else None),
        known[1] if known else None,
        resource.first("actualPeriod.start", "period.start").moment(),
        resource.first("actualPeriod.end", "period.end").moment(),
        _official(stay, "dischargeDisposition"),
        _official(stay, "admitSource"),
        _official(resource, "priority"),
        tuple(_parts(resource, told.key)),
        tuple(_diagnoses(resource, told.key)),
    )


def named(codes: list[str]) -> str:
    """Codes as a place names them; one that is no short word is left out."""
    return "".join(f", {code}" for code in codes if len(code) <= 20 and code.replace("-", "").isalnum())


def _class(resource: Node) -> tuple[Setting, str] | None:
    for node in resource.each("class"):
        for code in node.codes():
            if found := class_of("act", code):
                return found
    return None


def _official(holder: Node, path: str) -> str | None:
    """The code of NUBC for a disposition, a source or a type of admission: no other is a claim's."""
    for coding in holder.each(f"{path}.coding") if isinstance(holder.value, dict) else ():
        if NUBC in (coding.first("system").word() or ""):
            return coding.first("code").word()
    return None


def _parts(resource: Node, owner: str) -> list[Part]:
    roles = tables.roles("encounter")
    parts = []
    for at in resource.each("participant"):
        who = at.first("individual", "actor")
        codes = [code for node in at.each("type") for code in node.codes()]
        role = next((roles[code] for code in codes if code in roles), None)
        if role or not codes:
            parts.append(part(role, who, owner))
    if (where := resource.first("serviceProvider")).value is not None:
        parts.append(part(ProviderRole.FACILITY, where, owner))
    return parts


def part(role: ProviderRole | None, who: Node, owner: str) -> Part:
    """The part of whom a reference names."""
    display = who.first("display").word() if isinstance(who.value, dict) else None
    return Part(role, reference(who, owner), display)


def _diagnoses(resource: Node, owner: str) -> list[Loan]:
    found = []
    for at in resource.each("diagnosis"):
        use = [code for node in at.each("use") for code in node.codes()]
        rank = at.first("rank").integer()
        order = (min((USES.index(code) for code in use if code in USES), default=len(USES)), rank or LAST)
        said = named([*use, *([f"rank-{rank}"] if rank else [])])
        for condition in at.each("condition"):
            if where := reference(condition, owner):
                role = tables.use("encounter", use)
                found.append((order, Loan(where, RecordedKind.DIAGNOSIS, f"{condition.place}{said}", role=role)))
    return [loan for _, loan in sorted(found, key=lambda pair: pair[0])]
