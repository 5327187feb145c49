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
    if len(sender) > LONGEST_ID or len(to) > LONGEST_ID:
        raise InputError(
            f"An id in an interchange has at most {LONGEST_ID} characters: give --submitter and --receiver."
        )
    if not billing.phone:
        raise InputError("The receiver needs a phone number to ask questions: add it to the billing provider.")
    name = billing.name or " ".join(n for n in (billing.first_name, billing.last_name) if n)
    usage = "P" if production else "T"
    return Envelope(
        interchange=Interchange(sender, to, control, moment, usage),
        submitter_name=name,
        submitter_id=sender,
        contact_name=name,
        contact_phone=billing.phone,
        receiver_name=payer.name or to,
        receiver_id=to,
        reference=f"{control:09d}",
    )
