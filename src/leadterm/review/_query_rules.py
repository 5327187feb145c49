"""The rules of provider queries and their words, read from `queries.toml` (DESIGN 2.4)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from leadterm.domain import InternalError, Severity

RULE_ID = re.compile(r"LEADTERM:query/[a-z-]+")
REQUIRED = frozenset({"id", "severity", "citation", "reason", "fix", "fires", "passes"})
OPTIONAL = frozenset({"patterns"})


@dataclass(frozen=True, slots=True)
class QueryRule:
    """One rule that a query keeps to.

    Attributes:
        id: `LEADTERM:query/slug`.
        severity: An error keeps the query from being sent.
        citation: Who says so.
        reason, fix: Why, and what to do about a finding.
        fires, passes: A case that it reports and a near miss, as edits of a good draft.
        patterns: What it looks for, where words decide.
    """

    id: str
    severity: Severity
    citation: str
    reason: str
    fix: str
    fires: str
    passes: str
    patterns: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that drafts are made of, and those that bring nothing in.

    Attributes:
        subject, subjects: The subject line, and those of reasons that have their own.
        neutral: Words that subject and question may use whatever the record says.
        yes_no: Reasons for which a yes/no question is allowed.
    """

    subject: str
    subjects: Mapping[str, str]
    neutral: frozenset[str]
    yes_no: frozenset[str]


@cache
def query_rules() -> Mapping[str, QueryRule]:
    """Every rule by id, in the order of the table, which is the order of findings.

    Raises InternalError for a rule with unknown or missing keys, a malformed id, or an id that stands twice.
    """
    found = [_rule(row) for row in _table()["rule"]]
    if len({rule.id for rule in found}) != len(found):
        raise InternalError("The table of query rules has an id twice.")
    return {rule.id: rule for rule in found}


@cache
def wording() -> Wording:
    """The words of the table."""
    table = _table()
    return Wording(table["subject"], table["subjects"], frozenset(table["neutral"]), frozenset(table["yes_no"]))


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((files("leadterm.review") / "queries.toml").read_text(encoding="utf-8"))


def _rule(row: Mapping[str, Any]) -> QueryRule:
    rule_id, keys = str(row.get("id", "without id")), set(row)
    if REQUIRED - keys or keys - REQUIRED - OPTIONAL:
        wrong = sorted((REQUIRED - keys) | (keys - REQUIRED - OPTIONAL))
        raise InternalError(f"The query rule {rule_id} lacks or should not have: {', '.join(wrong)}.")
    if not RULE_ID.fullmatch(rule_id):
        raise InternalError(f"The query rule {rule_id} has a malformed id.")
    patterns = tuple(re.compile(p, re.IGNORECASE) for p in row.get("patterns", ()))
    return QueryRule(**{**row, "severity": Severity(row["severity"]), "patterns": patterns})
