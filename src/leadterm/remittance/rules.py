"""The rules that a remittance and its posting are held to, read from `rules.toml`, and the findings that they make."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any

from leadterm.domain import Finding, Severity

# Version 5010 has been the one to use since this day (45 CFR 162.1602).
FIRST_DAY = date(2012, 1, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: id, weight, authority, why it exists and what to do about a finding."""

    id: str
    severity: Severity
    citation: str
    reason: str
    fix: str


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by id. Raises TypeError or KeyError for a table with other columns."""
    table = tomllib.loads((files("leadterm.remittance") / "rules.toml").read_text(encoding="utf-8"))
    return {key: Rule(key, Severity(row.pop("severity")), **row) for key, row in table["rule"].items()}


def finding(rule_id: str, message: str, **location: Any) -> Finding:
    """A finding of that rule; its id is given when it is told (`numbered`)."""
    rule = rules()[rule_id]
    place = {key: value for key, value in location.items() if value is not None}
    return Finding("f0", rule_id, rule.severity, message, rule.fix, source=rule.citation, location=place or None)


class Numbers:
    """Gives findings their ids in the order in which they are told: `f1`, `f2`, …"""

    def __init__(self) -> None:
        self._next: Iterator[int] = count(1)

    def __call__(self, found: Finding) -> Finding:
        """The finding with its id."""
        return replace(found, id=f"f{next(self._next)}")
