"""What payers answer: read and balance an 835, make ledger entries of it, match its lines, work its denials, count."""

from .balance import claim_findings
from .entries import claim_entries, provider_entry
from .kpi import Measure, measures
from .match import Match, SentLine, match_lines
from .read import InterchangeEnd, Part, PaymentEnd, read, remittances
from .rules import FIRST_DAY, Numbers, finding, rules

__all__ = [
    "FIRST_DAY",
    "InterchangeEnd",
    "Match",
    "Measure",
    "Numbers",
    "Part",
    "PaymentEnd",
    "SentLine",
    "claim_entries",
    "claim_findings",
    "finding",
    "match_lines",
    "measures",
    "provider_entry",
    "read",
    "remittances",
    "rules",
]
