"""Rules of a payer or a site, written by their users in TOML, checked when they are read, judged like every other.

read_site_rules(paths) -> SiteRules     raises InputError with file, rule and what is wrong
FIELDS, QUESTIONS                       what rules may ask, for the documentation
"""

from .conditions import QUESTIONS
from .fields import FIELDS, Field, Kind, Subject
from .reading import read_site_rules
from .rules import SiteRules

__all__ = ["FIELDS", "QUESTIONS", "Field", "Kind", "SiteRules", "Subject", "read_site_rules"]
