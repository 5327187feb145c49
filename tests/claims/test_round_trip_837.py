"""Claims written and read again are the claims that they were, as far as an 837P carries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from leadterm.claims import ReadClaim, read_837, write_837p
from leadterm.claims.parties import line_provider, provider, rendering, service_facility
from leadterm.claims.x12_codes import FILING_INDICATORS, UNKNOWN_FILING
from leadterm.domain import (
    Address,
    Attachment,
    Claim,
    Money,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    ServiceLine,
    Sex,
    Subscriber,
    eleven_digits,
)
from leadterm.x12.text import basic

from .correct import correct_claims
from .generate import claims, envelope


def read(batch: Sequence[Claim]) -> dict[str, Claim]:
    """The claims of the file that is written of a batch, by their numbers; nothing is wrong with the file."""
    parts = list(read_837(write_837p(batch, envelope())))
    found = [p for p in parts if isinstance(p, ReadClaim) and p.claim is not None and not p.findings]
    assert len(found) == len(parts) == len(batch)
    return {p.number: p.claim for p in found if p.claim}


@pytest.mark.parametrize("seed", range(5))
def test_a_claim_comes_back_as_it_was(seed: int) -> None:
    batch = list(claims(60, seed))
    back = read(batch)
    for claim in batch:
        assert unordered(back[claim.id]) == unordered(carried(claim))


def test_correct_claims_come_back_with_what_earlier_payers_decided() -> None:
    batch = list(correct_claims(1, 250, 0))
    back = read(batch)
    assert sum(any(p.adjudication for p in c.payers) for c in batch) > 20
    for claim in batch:
        assert unordered(back[claim.id]) == unordered(carried(claim))


def test_everything_that_a_claim_may_say_comes_back() -> None:
    (plain,) = correct_claims(1, 1, 0)
    said = replace(
        plain,
        attachments=(Attachment("OZ", "BM", "X77"), Attachment("B4", "AA")),
        patient_paid=Money.parse("20"),
        delay_reason="7",
        special_program="03",
        condition_codes=("AH",),
        accident={"type": "auto", "also": ["employment"], "state": "IA", "date": "2026-04-01"},
        lines=(
            replace(plain.lines[0], description="A LETTER", emergency=True, epsdt=True, family_planning=True),
            replace(plain.lines[1], control_number="L-7", prior_authorization="P2", unit="MJ"),
            *plain.lines[2:],
        ),
    )
    assert unordered(read([said])[said.id]) == unordered(carried(said))


def unordered(claim: Claim) -> tuple[Claim, frozenset[Provider]]:
    """The claim, and its providers without their order."""
    return replace(claim, providers=()), frozenset(claim.providers)


def test_what_was_read_comes_back_the_same_ever_after() -> None:
    # Twice, because an ordering provider who is also the rendering one is not written.
    once = list(read(list(read(list(claims(100, 9))).values())).values())
    assert list(read(once).values()) == once


# What an 837P carries of a claim, said without the reader.


def carried(claim: Claim) -> Claim:
    """The claim with its names in X12's letters, without what the transaction has no place for."""
    payers = tuple(_payer(p, claim.patient, first=n == 0) for n, p in enumerate(claim.payers))
    return replace(
        claim,
        patient=_patient(claim.patient),
        subscriber=payers[0].subscriber,
        payers=payers,
        providers=_providers(claim),
        lines=tuple(_line(claim, line) for line in claim.lines),
        admission=claim.admission if claim.place_of_service in ("21", "51", "61") else None,
        discharge=claim.discharge if claim.place_of_service in ("21", "51", "61") else None,
    )


def _text(text: str | None) -> str | None:
    return basic(text) if text else None


def _address(at: Address | None) -> Address | None:
    if at is None:
        return None
    digits = "".join(c for c in at.zip or "" if c.isdigit())
    return Address(_text(at.line1), _text(at.line2), _text(at.city), at.state, digits)


def _patient(patient: Patient) -> Patient:
    names = {name: _text(getattr(patient, name)) for name in ("first_name", "middle_name", "last_name")}
    return replace(patient, id=None, address=_address(patient.address), **names)


def _payer(payer: Payer, patient: Patient, *, first: bool) -> Payer:
    kind = payer.type if FILING_INDICATORS.get(payer.type or "") not in (None, UNKNOWN_FILING) else None
    held = payer.subscriber
    if held.relationship != "self":
        held = Subscriber(held.relationship, _text(held.first_name), _text(held.last_name), None, Sex.UNKNOWN)
    return replace(payer, name=_text(payer.name), type=kind, subscriber=held)


def _providers(claim: Claim) -> tuple[Provider, ...]:
    """Billing, and whoever is not the billing provider again; ordering is told on the lines."""
    billing, usual, ordering = (
        provider(claim, role) for role in (ProviderRole.BILLING, RENDERING, ProviderRole.ORDERING)
    )
    told = [billing, rendering(claim), provider(claim, ProviderRole.REFERRING), service_facility(claim)]
    told += [provider(claim, ProviderRole.SUPERVISING)]
    if ordering and (rendering(claim) is None or usual is None or ordering.npi != usual.npi):
        told.append(ordering)
    elsewhere = [_elsewhere(claim, line) for line in claim.lines]
    told += [replace(who, role=RENDERING) for who in elsewhere if who]
    if billing and rendering(claim) is None and any(elsewhere) and not all(elsewhere):
        told.append(replace(billing, role=RENDERING))
    return tuple(dict.fromkeys(_provider(p) for p in told if p))


RENDERING = ProviderRole.RENDERING


def _provider(who: Provider) -> Provider:
    return replace(
        who,
        id=None,
        phone=None,
        name=_text(who.name),
        first_name=_text(who.first_name),
        last_name=_text(who.last_name),
        address=_address(who.address),
        taxonomy=who.taxonomy if who.role in (ProviderRole.BILLING, RENDERING) else None,
    )


def _elsewhere(claim: Claim, line: ServiceLine) -> Provider | None:
    """Who else rendered the line, where that is another than the claim says."""
    by, usual = line_provider(claim, line), rendering(claim) or provider(claim, ProviderRole.BILLING)
    return by if by is not None and usual is not None and by.npi != usual.npi else None


def _line(claim: Claim, line: ServiceLine) -> ServiceLine:
    ndc = line.ndc and replace(line.ndc, code=eleven_digits(line.ndc.code) or "")
    by = _elsewhere(claim, line)
    if by and rendering(claim) is None and all(_elsewhere(claim, other) for other in claim.lines):
        # Where every line names somebody, whoever stands first is the claim's.
        first = _elsewhere(claim, claim.lines[0])
        by = None if first and first.npi == by.npi else by
    place = line.place_of_service if line.place_of_service != claim.place_of_service else None
    return replace(line, ndc=ndc, place_of_service=place, provider=by.npi if by else None)
