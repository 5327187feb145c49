"""From a coded encounter to a claim, and from claims to the 837P that a payer takes."""

from .build import build, claim_number
from .submission import envelope_for
from .validate_pyx12 import accept_999
from .x12_837p import CONVENTION, Envelope, write_837p

__all__ = ["CONVENTION", "Envelope", "accept_999", "build", "claim_number", "envelope_for", "write_837p"]
