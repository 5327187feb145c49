"""What the code sets remark about their own answers, read from `remarks.toml`: every finding `CODESETS:…`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from leadterm.domain import InternalError, Severity

REMARK_ID = re.compile(r"CODESETS:[a-z]+/[a-z-]+")
COLUMNS = frozenset({"severity", "citation", "reason", "fix"})


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: id, weight, where the rule comes from, why it is said, and what to do about it."""

    id: str
    severity: Severity
    citation: str
    reason: str
    fix: str


@cache
def remarks() -> Mapping[str, Remark]:
    """Every remark by id, in the order of the table. Raises InternalError for a row of another form."""
    table = tomllib.loads((files("leadterm.codesets") / "remarks.toml").read_text(encoding="utf-8"))
    return {key: _remark(key, row) for key, row in table["remark"].items()}


def _remark(key: str, row: Mapping[str, Any]) -> Remark:
    if not REMARK_ID.fullmatch(key) or set(row) != COLUMNS:
        raise InternalError(f"The remark {key} has a malformed id, or other columns than {', '.join(sorted(COLUMNS))}.")
    return Remark(key, Severity(row["severity"]), row["citation"], row["reason"], row["fix"])
