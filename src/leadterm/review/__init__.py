"""Review of coding: attempts at cases graded (`grade`), what was done held against the key of a case (`differences`),
two codings of a corpus compared (`compare`), what late documents change of one (`recoding`), queries to the provider
drafted (`draft`) and held to what makes a query compliant (`lint`).
"""

from ._query_rules import QueryRule, query_rules
from ._reasons import Reason, ReasonKind
from .comparing import Change, Coding, compare, totals
from .grading import AttemptCode, Grade, Leading, LeadingMark, Mark, Missed, Outcome, grade
from .linting import lint
from .queries import Indicator, QueryDraft, draft
from .recoding import CodeTurn, Recoding, Turn, recoding
from .services import Difference, differences

__all__ = [
    "AttemptCode",
    "Change",
    "CodeTurn",
    "Coding",
    "Difference",
    "Grade",
    "Indicator",
    "Leading",
    "LeadingMark",
    "Mark",
    "Missed",
    "Outcome",
    "QueryDraft",
    "QueryRule",
    "Reason",
    "ReasonKind",
    "Recoding",
    "Turn",
    "compare",
    "differences",
    "draft",
    "grade",
    "lint",
    "query_rules",
    "recoding",
    "totals",
]
