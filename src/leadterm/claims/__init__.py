"""From a coded encounter to a claim, from claims to the 837P that a payer takes, and from an 837 to its claims."""

from .build import build, claim_number
from .read_837 import ClaimPlace, Part, ReadClaim, read_837
from .read_837_rules import FIRST_DAY, rules
from .services import claim_of_services
from .submission import envelope_for
from .validate_pyx12 import accept_999
from .x12_837p import CONVENTION, Envelope, write_837p

__all__ = [
    "CONVENTION",
    "FIRST_DAY",
    "ClaimPlace",
    "Envelope",
    "Part",
    "ReadClaim",
    "accept_999",
    "build",
    "claim_number",
    "claim_of_services",
    "envelope_for",
    "read_837",
    "rules",
    "write_837p",
]
