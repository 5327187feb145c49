"""The envelope of a claim sent on its own: the billing provider submits, the first payer receives."""

from __future__ import annotations

from datetime import datetime

from leadterm.domain import Claim, InputError, ProviderRole
from leadterm.x12 import Interchange

from .x12_837p import Envelope

LONGEST_ID = 15


def envelope_for(
    claim: Claim, control: int, moment: datetime, submitter: str = "", receiver: str = "", *, production: bool = False
) -> Envelope:
    """The envelope with a control number and a moment of the caller; ids default to the billing NPI and the payer's id.

    Raises InputError where the claim names neither.
    """
    billing = next((p for p in claim.providers if p.role is ProviderRole.BILLING), None)
    payer = claim.payers[0] if claim.payers else None
    sender = submitter or (billing.npi if billing else None)
    to = receiver or (payer.id if payer else None)
    if billing is None or payer is None or not sender or not to:
        raise InputError("An interchange names its submitter and its receiver: give --submitter and --receiver.")
    name = billing.name or billing.last_name or "SUBMITTER"
    usage = "P" if production else "T"
    return Envelope(
        interchange=Interchange(sender[:LONGEST_ID], to[:LONGEST_ID], control, moment, usage),
        submitter_name=name,
        submitter_id=sender,
        contact_name=name,
        contact_phone=billing.phone or "0000000000",
        receiver_name=payer.name or to,
        receiver_id=to,
        reference=f"{control:09d}",
    )
