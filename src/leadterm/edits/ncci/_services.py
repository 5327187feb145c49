"""What the edits of NCCI compare: services of one patient, one provider and one day, on this claim and on earlier ones.

A line over several days counts on each of them, with its units divided by their number and rounded to the nearest whole
(NCCI Policy Manual, chapter I, V).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from leadterm.domain import ProviderRole, ServiceLine
from leadterm.edits._bill_types import is_by_service
from leadterm.edits._billing import Billing
from leadterm.edits._services import Past

MEDICAID = "medicaid"
# Whose tables are asked.
PRACTITIONER, OUTPATIENT, SUPPLIER = "practitioner", "outpatient", "supplier"
# Taxonomies of suppliers: durable medical equipment, prosthetics and orthotics.
SUPPLIERS = ("332B", "335E")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the edits compare it.

    Attributes:
        line: Its line, counted from 1.
        code, modifiers, units: As billed.
        start, end: First and last day.
        claim: The earlier claim that asks for it; None on this one.
    """

    line: int
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    start: date
    end: date
    claim: str | None = None

    @property
    def a_day(self) -> Decimal:
        """Units a day."""
        days = (self.end - self.start).days + 1
        return self.units if days == 1 else (self.units / days).quantize(ONE, ROUND_HALF_UP)

    @property
    def name(self) -> str:
        """`Line 2`, `line 2 of claim A1, which went before`."""
        return f"line {self.line}" + (f" of claim {self.claim}, which went before" if self.claim else "")

    def shares_day(self, other: Service) -> bool:
        """Whether some day is in both."""
        return self.start <= other.end and other.start <= self.end


def is_judged(b: Billing) -> bool:
    """Whether NCCI speaks of the claim."""
    return not b.takes_back and is_by_service(b.claim)


def tables_of(b: Billing) -> tuple[str, bool]:
    """Whose tables are asked for the claim, and whether Medicaid's."""
    medicaid = b.payer_type == MEDICAID
    if not b.professional:
        return OUTPATIENT, medicaid
    billing = b.by_role.get(ProviderRole.BILLING)
    supplier = billing is not None and (billing.taxonomy or "").startswith(SUPPLIERS)
    return SUPPLIER if supplier else PRACTITIONER, medicaid


def by_provider(b: Billing) -> Sequence[tuple[list[Service], list[Service]]]:
    """For each provider of the claim the services on it, and those of the same days on earlier claims."""
    own: dict[Hashable, list[Service]] = defaultdict(list)
    for line, code in b.billed:
        service = Service(line.number, code, line.modifiers, line.units, line.start, line.end)
        own[b.provider_of(line)].append(service)
    if not b.before:
        return [(services, []) for services in own.values()]
    return [(services, _before(b, provider, services)) for provider, services in own.items()]


def _before(b: Billing, provider: Hashable, services: list[Service]) -> list[Service]:
    around: dict[int, Past] = {}
    for start, end in dict.fromkeys([(s.start, s.end) for s in services]):
        around.update((id(p), p) for p in b.before.during(start, end))
    return [
        Service(p.line, p.code, p.modifiers, p.units, p.start, p.end, p.claim)
        for p in around.values()
        if p.provider == provider and p.professional is b.professional and p.by_service
    ]


def counts_units(line: ServiceLine) -> bool:
    """Whether a line counts services; of anesthesia it counts minutes."""
    return line.unit == "UN"
