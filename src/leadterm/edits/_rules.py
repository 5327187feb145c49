"""The rules as values, read from `rules.toml` (DESIGN 2.4): metadata, citation, days in force and one case each way."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from leadterm.domain import DateRange, InternalError, Severity

from ._tables import PACKAGE, read_text

RULE_ID = re.compile(r"[A-Z0-9]+:[A-Za-z0-9.-]+(?:/[a-z0-9-]+)?")
FAMILIES = frozenset({"codes", "excludes", "sequencing", "patient", "mce", "claim", "parties", "lines"})
CLAIM_FAMILIES = frozenset({"claim", "parties", "lines"})
REQUIRED = frozenset({"id", "family", "severity", "citation", "effective", "reason", "fix", "fires", "passes"})
OPTIONAL = frozenset(
    {"stay_severity", "supersedes", "professional_only", "needs", "on_principal", "marks", "overridable"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and its authority.

    Attributes:
        id: `AUTHORITY:paragraph/slug`.
        family: The module of this package that checks it.
        severity: How much its findings weigh; `stay_severity` instead on an inpatient facility encounter, where given.
        citation: Guideline section, tabular note, manual or regulation.
        effective: Days on which it holds.
        reason: Why it exists, in one line.
        fix: What to do about a finding.
        fires, passes: A case that it must report and a near miss, in the notation of the tests.
        supersedes: Rules whose findings on the same codes this one takes the place of.
        professional_only: Whether it holds for professional claims only.
        needs: What the encounter must tell for it to be asked (`age`, `disposition`).
        on_principal: Whether it is about the principal diagnosis (Medicare Code Editor).
        overridable: Whether a person may permit, with a reason, what it questions.
        marks: Marks of the official dated lists on the codes that it is about (Medicare Code Editor).
    """

    id: str
    family: str
    severity: Severity
    citation: str
    effective: DateRange
    reason: str
    fix: str
    fires: str
    passes: str
    stay_severity: Severity | None = None
    supersedes: tuple[str, ...] = ()
    professional_only: bool = False
    needs: str | None = None
    on_principal: bool = False
    marks: tuple[str, ...] = ()
    overridable: bool = True

    @property
    def on_claims(self) -> bool:
        """Whether it judges claims; otherwise coded encounters."""
        return self.family in CLAIM_FAMILIES

    @property
    def may_permit(self) -> bool:
        """Whether an override of its findings holds: never on a claim, whose encounter is corrected instead."""
        return self.overridable and not self.on_claims

    def holds_on(self, day: date | None) -> bool:
        """Whether it is in force on that day; without a day, whether it still is."""
        return self.effective.end is None if day is None else day in self.effective


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by id, in the order of the table, which is the order of findings.

    Raises InternalError for a rule with unknown or missing keys, a malformed id, or an id that stands twice.
    """
    found: dict[str, Rule] = {}
    for row in tomllib.loads(read_text("rules.toml"))["rule"]:
        rule = _rule(row)
        if rule.id in found:
            raise InternalError(f"The rule {rule.id} stands twice in the rule table.")
        found[rule.id] = rule
    for rule in found.values():
        if unknown := set(rule.supersedes) - set(found):
            raise InternalError(f"The rule {rule.id} supersedes {min(unknown)}, which is no rule.")
    return found


@cache
def rules_digest() -> str:
    """`sha256:` and the digest of the rule table and every table beside it."""
    folder = files(PACKAGE)
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith((".toml", ".tsv")))
    digest = hashlib.sha256()
    for name in names:
        digest.update(f"{name}\n{read_text(name)}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _rule(row: Mapping[str, Any]) -> Rule:
    rule_id = row.get("id", "without id")
    keys = set(row)
    if REQUIRED - keys or keys - REQUIRED - OPTIONAL:
        wrong = sorted((REQUIRED - keys) | (keys - REQUIRED - OPTIONAL))
        raise InternalError(f"The rule {rule_id} lacks or should not have: {', '.join(wrong)}.")
    if not RULE_ID.fullmatch(rule_id) or row["family"] not in FAMILIES:
        raise InternalError(f"The rule {rule_id} has a malformed id or an unknown family.")
    stay = row.get("stay_severity")
    changed = {
        "severity": Severity(row["severity"]),
        "stay_severity": Severity(stay) if stay else None,
        "effective": DateRange(*row["effective"]),
        "supersedes": tuple(row.get("supersedes", ())),
        "marks": tuple(row.get("marks", ())),
    }
    return Rule(**{**row, **changed})
