"""From facts to codes: index or lexicon, tabular list, guidelines, sequence; each code with its words and its way."""

from .assign import assign, assign_concepts, worksheets
from .policy import Policy, policy_of, read_policy
from .recorded import Leads, recorded_leads
from .rules import Guideline, digest, guideline_rules
from .visits import Worksheet

__all__ = [
    "Guideline",
    "Leads",
    "Policy",
    "Worksheet",
    "assign",
    "assign_concepts",
    "digest",
    "guideline_rules",
    "policy_of",
    "read_policy",
    "recorded_leads",
    "worksheets",
]
