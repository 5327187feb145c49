"""A rule as its table states it, for those who find things in files: what it weighs, on whose authority, what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class StatedRule:
    """One rule: id, weight, authority, why it exists and what to do about a finding."""

    id: str
    severity: Severity
    citation: str
    reason: str
    fix: str

    def finding(self, message: str, location: Mapping[str, Any]) -> Finding:
        """A finding of it, its id to be given when it is told; what is None of its location is left out."""
        place = {key: value for key, value in location.items() if value is not None}
        return Finding("f0", self.id, self.severity, message, self.fix, source=self.citation, location=place or None)


def stated_rules(text: str) -> Mapping[str, StatedRule]:
    """Every rule of a TOML table `[rule."ID"]`, by id. Raises TypeError or KeyError for a table with other columns."""
    table = tomllib.loads(text)["rule"]
    return {key: StatedRule(key, Severity(row.pop("severity")), **row) for key, row in table.items()}
