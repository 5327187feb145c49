"""Professional claims as an 837P interchange, convention 005010X222A1: all of them, or a sentence and none.

What every claim is checked for before a byte is written is in `completeness`; the loops of a claim are in
`x12_loops`; the order of segments is that of `x12`'s map, and a test walks every file by it. CLM02 is the sum of the
lines because a Claim has no other total. Other payers are named (2320) with what they decided, where they were asked
before; that it adds up is not judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from leadterm.domain import Claim, InputError, Provider, ProviderRole
from leadterm.x12 import Interchange, SegmentWriter, Transaction, write

from .completeness import lacks
from .parties import is_self, provider
from .x12_draft import Draft
from .x12_loops import billing_loop, claim_loop, patient_loop, subscriber_loop

CONVENTION = "005010X222A1"
FUNCTIONAL_GROUP = "HC"
# The guide's bounds: claims in one transaction, claims below one subscriber or patient.
MOST_CLAIMS = 5000
MOST_CLAIMS_OF_ONE = 100
# A sentence that lists hundreds of claims is not read; the first ones show what is wrong.
MOST_NAMED = 20

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who submits to whom: ISA, GS, ST, BHT and the loops 1000A and 1000B. Nothing in it is invented or counted up.

    Attributes:
        interchange: ISA and GS: partners, control numbers, moment, test or production.
        submitter_name, submitter_id: 1000A; the id is the one that the receiver gave (ETIN).
        contact_name, contact_phone, contact_email: Whom to ask; a phone or an e-mail address at least.
        receiver_name, receiver_id: 1000B.
        reference: BHT03, the sender's own number of this batch, at most 30 characters.
        transaction_control_number: ST02, unique in the group.
    """

    interchange: Interchange
    submitter_name: str
    submitter_id: str
    contact_name: str
    receiver_name: str
    receiver_id: str
    reference: str
    contact_phone: str | None = None
    contact_email: str | None = None
    transaction_control_number: str = "0001"

    def __post_init__(self) -> None:
        if not (self.contact_phone or self.contact_email):
            raise InputError("The submitter's contact has a phone number or an e-mail address.")
        if len(self.reference) > 30:
            raise InputError("The reference of a batch of claims (BHT03) has at most 30 characters.")


def write_837p(claims: Iterable[Claim], envelope: Envelope) -> bytes:
    """The claims as one interchange of one transaction, in ASCII, without line breaks.

    Claims are grouped by billing provider, then subscriber, then patient, each in the order of first appearance.
    Amounts are exact. Raises InputError naming every claim and what it lacks; nothing is written then.
    """
    batch = tuple(claims)
    faults = _batch_faults(batch)
    for claim in batch:
        faults += [f"claim {claim.id} lacks {what}" for what in lacks(claim)]
    if faults:
        raise _refused(faults)
    draft = Draft(SegmentWriter(envelope.interchange.separators))
    _header(draft, envelope)
    _detail(draft, batch)
    if draft.faults:
        raise _refused(draft.faults)
    transaction = Transaction("837", envelope.transaction_control_number, draft.segments)
    return "".join(write(envelope.interchange, FUNCTIONAL_GROUP, CONVENTION, [transaction])).encode("ascii")


def _batch_faults(batch: tuple[Claim, ...]) -> list[str]:
    faults = []
    if not batch:
        faults.append("there is no claim to write")
    if len(batch) > MOST_CLAIMS:
        faults.append(f"one transaction holds at most {MOST_CLAIMS} claims and {len(batch)} were given")
    if len({claim.id for claim in batch}) != len(batch):
        faults.append("two claims have the same number")
    return faults


def _refused(faults: list[str]) -> InputError:
    named = "; ".join(faults[:MOST_NAMED])
    more = f"; and {len(faults) - MOST_NAMED} more" if len(faults) > MOST_NAMED else ""
    return InputError(f"No 837P was written: {named}{more}.")


def _header(draft: Draft, envelope: Envelope) -> None:
    moment = envelope.interchange.moment
    draft.loop = "1000A"
    draft.add("BHT", "0019", "00", envelope.reference, moment, moment, "CH")
    draft.organisation("41", envelope.submitter_name, "46", envelope.submitter_id)
    reached = [("TE", _phone(envelope.contact_phone)), ("EM", envelope.contact_email)]
    ways = [part for way in reached if way[1] for part in way]
    draft.add("PER", "IC", envelope.contact_name, *ways)
    draft.loop = "1000B"
    draft.organisation("40", envelope.receiver_name, "46", envelope.receiver_id)


def _phone(number: str | None) -> str:
    return "".join(c for c in number or "" if c.isascii() and c.isdigit())


def _detail(draft: Draft, batch: tuple[Claim, ...]) -> None:
    """2000A, 2000B and 2000C: each HL numbered in turn, each naming its parent and whether it has children."""
    numbers = count(1)
    for billing, theirs in _grouped(batch, _billing):
        draft.claim = theirs[0].id
        biller = next(numbers)
        draft.add("HL", biller, None, "20", "1")
        billing_loop(draft, billing)
        for _, held in _grouped(theirs, _policy):
            own = is_self(held[0].subscriber)
            for part in _parts(held) if own else [held]:
                draft.claim = part[0].id
                subscriber = next(numbers)
                draft.add("HL", subscriber, biller, "22", "0" if own else "1")
                subscriber_loop(draft, part[0])
                if own:
                    _claims(draft, part)
                else:
                    _patients(draft, part, subscriber, numbers)


def _patients(draft: Draft, held: list[Claim], subscriber: int, numbers: Iterator[int]) -> None:
    for _, theirs in _grouped(held, lambda claim: (claim.patient, claim.subscriber.relationship)):
        for part in _parts(theirs):
            draft.claim = part[0].id
            draft.add("HL", next(numbers), subscriber, "23", "0")
            patient_loop(draft, part[0])
            _claims(draft, part)


def _claims(draft: Draft, claims: list[Claim]) -> None:
    for claim in claims:
        draft.claim = claim.id
        claim_loop(draft, claim)


def _billing(claim: Claim) -> Provider:
    billing = provider(claim, ProviderRole.BILLING)
    assert billing is not None, "completeness asks for it"
    return billing


def _policy(claim: Claim) -> Hashable:
    """What makes a subscriber loop one: the payer, the policy, its holder, and the patient where that is the same."""
    payer, held = claim.payers[0], claim.subscriber
    who: Hashable = claim.patient if is_self(held) else (held.first_name, held.last_name, held.birth_date)
    kind = (payer.type, payer.filing, payer.group, payer.group_name, payer.insurance_type, payer.responsibility)
    return (payer.id, payer.name, payer.member_id, kind, who)


def _grouped(things: Iterable[T], key: Callable[[T], K]) -> list[tuple[K, list[T]]]:
    """Groups in order of first appearance, members in order."""
    groups: dict[K, list[T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return list(groups.items())


def _parts(claims: list[Claim]) -> Iterator[list[Claim]]:
    for start in range(0, len(claims), MOST_CLAIMS_OF_ONE):
        yield claims[start : start + MOST_CLAIMS_OF_ONE]
