"""A service on its way to a code, and what a room offers that reads services out of a chart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from leadterm.domain import (
    Alternative,
    Code,
    DrugCode,
    Evidence,
    Finding,
    Money,
    PathwayStep,
    Query,
    Step,
)


@dataclass(frozen=True, slots=True)
class Service:
    """One thing that was done, with its code.

    Attributes:
        code: ICD-10-PCS, HCPCS Level II or CPT.
        kind: What it is, by which modifiers, pointers and order are judged: `procedure`, `visit`, `drug`, `vaccine`,
            `administration`, `supply`, `anesthesia`, `therapy`, `test`, `captured` (nothing but the record's price).
        evidence: The words of the chart; empty only for what the record priced and no document tells.
        pathway: The steps so far.
        alternatives: Codes that were considered and left.
        confidence: From 0 to 1.
        rank: Its place; lower comes first.
        facts: Ids of the facts that it stands on.
        description: Its official title, where one may be shown.
        units, modifiers, pointers, day, start, end, provider, revenue_code, charge, ndc: As a line bears them.
        captured: Whether the record itself priced it: such a line is never changed, only spoken about.
    """

    code: Code
    kind: str
    evidence: tuple[Evidence, ...] = ()
    pathway: tuple[PathwayStep, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    confidence: float = 0.7
    rank: tuple[int, ...] = (9,)
    facts: tuple[str, ...] = ()
    description: str | None = None
    units: Decimal | None = None
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    day: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    provider: str | None = None
    revenue_code: str | None = None
    charge: Money | None = None
    ndc: DrugCode | None = None
    captured: bool = False

    def stepped(self, text: str, rule: str | None = None, step: Step = Step.GUIDELINE) -> Service:
        """This service one step further."""
        return replace(self, pathway=(*self.pathway, PathwayStep(step, text, rule)))

    def modified(self, modifier: str, text: str, rule: str) -> Service:
        """This service with a modifier more and the reason for it; as it is where it bears that modifier."""
        if modifier in self.modifiers:
            return self
        return replace(self, modifiers=(*self.modifiers, modifier)).stepped(f"{modifier}: {text}", rule)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a room read: services, what to know about them, what to ask (ids are given later)."""

    services: tuple[Service, ...] = ()
    findings: tuple[Finding, ...] = ()
    queries: tuple[Query, ...] = ()


def joined(offers: Iterable[Offer]) -> Offer:
    """Several offers as one, in their order."""
    kept = tuple(offers)
    return Offer(
        tuple(s for o in kept for s in o.services),
        tuple(f for o in kept for f in o.findings),
        tuple(q for o in kept for q in o.queries),
    )
