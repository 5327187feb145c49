"""Who took part in an encounter and who pays for it, with references followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from leadterm.domain import Payer, Provider, ProviderRole, Setting
from leadterm.domain.encounter import FACILITY_SETTINGS

from .people import Person, merged
from .record import Record
from .references import searched
from .told import Bill, Draft, Part, Visit


def providers(record: Record, visit: Visit | None, bills: Iterable[Bill], setting: Setting | None) -> list[Provider]:
    """The providers of an encounter and its claims, each once in a role.

    Who takes part without a role attends a stay and renders any other service.
    """
    default = ProviderRole.ATTENDING if setting in FACILITY_SETTINGS else ProviderRole.RENDERING
    parts = [*(visit.parts if visit else ()), *(part for bill in bills for part in bill.parts)]
    found = (_provider(record, part, part.role or default) for part in parts)
    return list(dict.fromkeys(provider for provider in found if provider))


def author(record: Record, draft: Draft) -> tuple[str | None, str | None]:
    """Name and role of who wrote a document."""
    reference, display = draft.author
    person = _person(record, reference)
    if person is None:
        return display, None
    held = _held(record, person)
    whole = " ".join(filter(None, (held.first_name, held.last_name))) or held.name
    return display or whole or held.id, person.title


def payers(record: Record, subject: str | None, bills: list[Bill], day: date | None) -> Iterator[Payer]:
    """The payers that the claims name, in their order; else the coverages of the patient that hold on the day."""
    named = [cover for bill in bills for cover in bill.coverages]
    if named:
        found = (_named(record, reference, display) for reference, display in named)
        yield from dict.fromkeys(payer for payer in found if payer)
        return
    covers = record.covers_of(subject)
    for cover in sorted((c for c in covers if c.holds(day)), key=lambda c: c.order or len(covers) + 1):
        yield _payer(record, cover.payer, cover.insurer)


def _named(record: Record, reference: str | None, display: str | None) -> Payer | None:
    cover = record.covers.get(record.canonical(reference) or "")
    if cover:
        return _payer(record, cover.payer, cover.insurer)
    return Payer(name=display) if display else None


def _payer(record: Record, payer: Payer, insurer: Part) -> Payer:
    person = _person(record, insurer.reference)
    return replace(payer, name=person.provider.name or payer.name) if person else payer


def _provider(record: Record, part: Part, role: ProviderRole) -> Provider | None:
    person = _person(record, part.reference)
    if person:
        return replace(_held(record, person), role=role)
    npi = _npi(part.reference)
    return Provider(role, npi=npi, name=part.display) if npi or part.display else None


def _held(record: Record, person: Person) -> Provider:
    """Who a person is; of a role, the practitioner in it, else the organisation."""
    for reference in (person.practitioner, person.organization if not person.provider.name else None):
        found = _person(record, reference)
        if found and found is not person:
            return merged(person.provider, found.provider)
    return person.provider


def _person(record: Record, reference: str | None) -> Person | None:
    return record.people.get(record.canonical(reference) or "")


def _npi(reference: str | None) -> str | None:
    """The NPI that a search or a reference by identifier alone names."""
    system, _, value = (searched(reference or "") or "").rpartition("|")
    return value if system.endswith("us-npi") else None
