"""A claim as its checks see it, and its codes as a coded encounter, so that one rule judges both."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol, TypeVar

from leadterm.codesets.faces import Face
from leadterm.domain import (
    Adjudication,
    Claim,
    ClaimType,
    CodeSystem,
    DateRange,
    Provider,
    ProviderRole,
    ServiceLine,
    Setting,
    plain_day,
)
from leadterm.domain.claim import VOID

from ._bill_types import bill_type_of, is_of_surgical_center, setting_of
from ._claim_codes import coded
from ._coding import EXTERNAL_CAUSES, Coding, Entry, entry
from ._days import ByDay
from ._history import NOTHING
from ._ports import Book
from ._services import Past, SameProvider

F = TypeVar("F", bound=Face)
T = TypeVar("T")
# SBR01 by place among the payers.
ORDER = "PSTABCDEFGH"
FIRST = "P"
BILLED = frozenset({CodeSystem.CPT, CodeSystem.HCPCS})
MEDICARE = "medicare"


class Earlier(Protocol):
    """The claims that went before this one."""

    def same_claim(self, claim: Claim) -> str | None:
        """The id of an earlier claim that asks for the same; None where there was none."""

    def same_lines(self, claim: Claim) -> Mapping[int, str]:
        """Lines that an earlier claim asks for too, each with that claim's id."""

    def services(self, claim: Claim) -> ByDay[Past]:
        """What earlier claims ask for the same patient; what the claim itself replaces or voids left out."""

    def remember(self, claim: Claim) -> None:
        """Keeps what later claims are compared with."""


@dataclass(frozen=True)
class Billing:
    """A claim and the code book it is checked with.

    Attributes:
        received: The day on which the payer gets it, where that is known: what hangs on it is asked then only.
        earlier: The claims before it, where they are known: whether it repeats one of them is asked then only.
    """

    claim: Claim
    book: Book
    received: date | None = None
    earlier: Earlier | None = None

    @cached_property
    def professional(self) -> bool:
        """Whether it is an 837P."""
        return self.claim.claim_type is ClaimType.PROFESSIONAL

    @cached_property
    def bill_type(self) -> str:
        """Facility and classification of the type of bill, two digits, whatever is written before and behind them."""
        return bill_type_of(self.claim)

    @cached_property
    def setting(self) -> Setting:
        """Where the care took place, by claim type and type of bill; without one, a claim with a stay is inpatient."""
        return setting_of(self.claim)

    @cached_property
    def medicare(self) -> bool:
        """Whether Medicare is the payer that is asked."""
        return self.payer_type == MEDICARE

    @cached_property
    def responsibilities(self) -> tuple[str, ...]:
        """Each payer's place among those responsible: `P`, `S`, `T`, …; where it is not told, the next one free."""
        told = [p.responsibility for p in self.claim.payers]
        free = (place for place in ORDER if place not in told)
        return tuple(place or next(free, "") for place in told)

    @cached_property
    def decisions(self) -> tuple[tuple[str, Adjudication], ...]:
        """What each other payer has decided, with that payer's place."""
        others = zip(self.responsibilities[1:], self.claim.payers[1:], strict=True)
        return tuple([(place, p.adjudication) for place, p in others if p.adjudication is not None])

    @cached_property
    def by_role(self) -> Mapping[ProviderRole, Provider]:
        """The first provider of each role."""
        return {p.role: p for p in reversed(self.claim.providers)}

    @cached_property
    def takes_back(self) -> bool:
        """Whether it takes an earlier claim back as that was sent: it asks for nothing."""
        return self.claim.frequency == VOID

    @cached_property
    def is_surgical_center(self) -> bool:
        """Whether an ambulatory surgical center bills."""
        return is_of_surgical_center(self.claim)

    @cached_property
    def service(self) -> str:
        """The segment of a service line."""
        return "SV1" if self.professional else "SV2"

    @cached_property
    def modified(self) -> tuple[ServiceLine, ...]:
        """The lines with modifiers."""
        return tuple(line for line in self.claim.lines if line.modifiers)

    @cached_property
    def modifiers(self) -> frozenset[str]:
        """Every modifier that some line bears."""
        return frozenset([m for line in self.modified for m in line.modifiers])

    @cached_property
    def billed(self) -> tuple[tuple[ServiceLine, str], ...]:
        """The lines with a CPT or HCPCS code, each with its code."""
        return tuple([(x, x.code.value) for x in self.claim.lines if x.code is not None and x.code.system in BILLED])

    @cached_property
    def _read(self) -> dict[object, Any]:
        return {}

    def once(self, read: Callable[[Billing], T]) -> T:
        """What `read` makes of this claim, made once: several checks ask for the same."""
        kept = self._read
        if read not in kept:
            kept[read] = read(self)
        found: T = kept[read]
        return found

    @cached_property
    def missing(self) -> list[type[Face]]:
        """The tables that a check asked for and that no release brings: what was not looked at."""
        return []

    @cached_property
    def asked(self) -> set[type[Face]]:
        """The tables that a check asked for and that some release brings."""
        return set()

    def table(self, face: type[F], on: date | None = None) -> F | None:
        """A table of the release that answers for a day, the controlling one where none is told.

        What was asked, and what is missing, is kept.
        """
        found = self.book.find(face, on or self.controlling_day)
        if found is not None:
            self.asked.add(face)
        elif face not in self.missing:
            self.missing.append(face)
        return found

    @cached_property
    def outpatient(self) -> bool:
        """Whether it is a facility's claim for outpatients, whose services are claimed by their codes."""
        return not self.professional and self.setting is Setting.OUTPATIENT

    @cached_property
    def payer_type(self) -> str | None:
        """What kind of payer is asked (medicare, medicaid, commercial, …)."""
        return self.claim.payers[0].type if self.claim.payers else None

    @cached_property
    def before(self) -> ByDay[Past]:
        """What earlier claims ask for the same patient, by day; nothing where they are not known."""
        return self.earlier.services(self.claim) if self.earlier is not None else NOTHING

    @cached_property
    def _providers(self) -> SameProvider:
        return SameProvider(self.claim)

    def provider_of(self, line: ServiceLine) -> Hashable:
        """Who gave a service: one and the same for physicians of one group and specialty, who count as one.

        (NCCI Policy Manual, chapter I.) Of a claim of a facility, the facility.
        """
        return self._providers.of(line)

    @cached_property
    def causes(self) -> Mapping[int, str]:
        """The external causes among its diagnoses, by their places."""
        codes = enumerate([d.code for d in self.claim.diagnoses], start=1)
        # A V code of the ninth revision is a factor of health, whatever its letter.
        return {n: c.value for n, c in codes if c.value[0] in EXTERNAL_CAUSES and c.system is CodeSystem.ICD10CM}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The ICD-10-CM codes among its diagnoses as the Tabular List has them, in claim order."""
        tree = self.book.tree_for(self.controlling_day)
        codes = [d.code for d in self.claim.diagnoses]
        return tuple([entry(tree, c.value) for c in codes if c.system is CodeSystem.ICD10CM])

    @cached_property
    def conditions(self) -> frozenset[str]:
        """Its condition codes."""
        return frozenset(self.claim.condition_codes)

    @cached_property
    def period(self) -> DateRange | None:
        """First and last day of what an institutional claim covers: its statement period, else its days of service."""
        if self.claim.statement is not None or not self.claim.lines:
            return self.claim.statement
        lines = self.claim.lines
        return DateRange(min(line.start for line in lines), max(line.end for line in lines))

    @cached_property
    def first_day(self) -> date | None:
        """The first day of service."""
        return min([line.start for line in self.claim.lines], default=plain_day(self.claim.admission))

    @cached_property
    def controlling_day(self) -> date | None:
        """The day that decides which codes and rules hold: discharge, else the end of the period or of service."""
        if not self.professional:
            statement = self.claim.statement
            last = plain_day(self.claim.discharge) or (statement.end if statement else None)
            if last is not None:
                return last
        return max([line.end for line in self.claim.lines], default=None)

    def at(self, segment: str, line: int | None = None) -> dict[str, Any]:
        """A location in the claim."""
        place = {"claim": self.claim.id, "segment": segment}
        return {"claim": self.claim.id, "line": line, "segment": segment} if line else place

    @cached_property
    def coding(self) -> Coding:
        """Its codes as a coded encounter: roles by place, the controlling date its own, no documents, no charges."""
        coding = Coding(coded(self), self.book)
        coding.modifiers = self.modifiers
        return coding
