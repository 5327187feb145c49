"""Who took part in an encounter and who pays for it, with references followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from leadterm.domain import Payer, Provider, ProviderRole, Setting
from leadterm.domain.encounter import FACILITY_SETTINGS

from .coverage import Cover
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
    found = record.person(reference)
    if found is None:
        return display, draft.role
    held, person = _held(*found), found[0]
    whole = " ".join(filter(None, (held.first_name, held.last_name))) or held.name
    return display or whole or held.id, draft.role or person.title


def payers(record: Record, subject: str | None, bills: list[Bill], day: date | None) -> Iterator[Payer]:
    """The payers that the claims name, in their order; else the coverages of the patient that hold on the day."""
    named = [cover for bill in bills for cover in bill.coverages]
    if named:
        found = (_named(record, reference, display) for reference, display in named)
        yield from dict.fromkeys(payer for payer in found if payer)
        return
    covers = record.covers_of(subject)
    holding = [found for found in covers if found[0].holds(day)]
    payers = (_payer(*found) for found in sorted(holding, key=lambda found: found[0].order or len(covers) + 1))
    yield from dict.fromkeys(payers)


def _named(record: Record, reference: str | None, display: str | None) -> Payer | None:
    found = record.find(lambda other: other.covers, reference)
    if found:
        return _payer(*found)
    return Payer(name=display) if display else None


def _payer(cover: Cover, record: Record) -> Payer:
    found = record.person(cover.insurer.reference)
    return replace(cover.payer, name=found[0].provider.name or cover.payer.name) if found else cover.payer


def _provider(record: Record, part: Part, role: ProviderRole) -> Provider | None:
    found = record.person(part.reference)
    if found:
        return replace(_held(*found), role=role)
    npi = _npi(part.reference)
    return Provider(role, npi=npi, name=part.display) if npi or part.display else None


def _held(person: Person, record: Record) -> Provider:
    """Who a person is; of a role, the practitioner in it, else the organisation."""
    for reference in (person.practitioner, person.organization if not person.provider.name else None):
        found = record.person(reference)
        if found and found[0] is not person:
            return merged(person.provider, found[0].provider)
    return person.provider


def _npi(reference: str | None) -> str | None:
    """The NPI that a search or a reference by identifier alone names."""
    system, _, value = (searched(reference or "") or "").rpartition("|")
    return value if system.endswith("us-npi") else None
