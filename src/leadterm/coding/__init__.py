"""From facts to codes: index or lexicon, tabular list, guidelines, sequence; each code with its words and its way."""

from .assign import assign, renumbered
from .rules import Guideline, digest, guideline_rules

__all__ = ["Guideline", "assign", "digest", "guideline_rules", "renumbered"]
