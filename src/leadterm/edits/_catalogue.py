"""Every rule, read from the TOML files beside the modules that check them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import Any

from leadterm.domain import ClaimType, DateRange, InternalError, Severity

from ._families import Family, families
from ._rules import Rule
from ._tables import PACKAGE, read_text

RULE_ID = re.compile(r"[A-Z0-9]+:[A-Za-z0-9.-]+(?:/[a-z0-9-]+)?")
REQUIRED = frozenset({"id", "severity", "citation", "effective", "reason", "fix", "fires", "passes"})
OPTIONAL = frozenset(
    {"stay_severity", "supersedes", "claim_type", "encounter_only", "needs", "on_principal", "marks", "overridable"}
)


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by id, by family, module and place in its file, which is the order of findings.

    Raises InternalError for a rule with unknown or missing keys, a malformed id, or an id that stands twice, and for a
    rule without a check or a check without a rule.
    """
    found: dict[str, Rule] = {}
    for family in families():
        for module in family.modules:
            rules = [_rule(row, family, module) for row in tomllib.loads(beside(module))["rule"]]
            _refuse_unpaired(rules, family, module)
            for rule in rules:
                if rule.id in found:
                    raise InternalError(f"The rule {rule.id} stands twice in the rule tables.")
                found[rule.id] = rule
    for rule in found.values():
        if unknown := set(rule.supersedes) - set(found):
            raise InternalError(f"The rule {rule.id} supersedes {min(unknown)}, which is no rule.")
    return found


def _refuse_unpaired(rules: Sequence[Rule], family: Family, module: ModuleType) -> None:
    if module in family.answered:
        return
    if odd := {r.id for r in rules} ^ set(module.CHECKS):
        raise InternalError(f"{module.__name__} has a rule without a check or a check without a rule: {min(odd)}.")


def beside(module: ModuleType) -> str:
    """The text of the rule file beside a module."""
    package, _, name = module.__name__.rpartition(".")
    return (files(package) / f"{name}.toml").read_text(encoding="utf-8")


@cache
def rules_digest() -> str:
    """`sha256:` and the digest of every rule file and every table of this package, and of families that joined."""
    texts = [(name, read_text(name)) for name in sorted(_tables(files(PACKAGE)))]
    texts += [(m.__name__, beside(m)) for f in families() for m in f.modules if not m.__name__.startswith(PACKAGE)]
    digest = hashlib.sha256()
    for name, text in texts:
        digest.update(f"{name}\n{text}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _tables(folder: Traversable, at: str = "") -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _tables(entry, f"{at}{entry.name}/")
        elif entry.name.endswith((".toml", ".tsv")):
            yield f"{at}{entry.name}"


def _rule(row: Mapping[str, Any], family: Family, module: ModuleType) -> Rule:
    rule_id = row.get("id", "without id")
    keys = set(row)
    if REQUIRED - keys or keys - REQUIRED - OPTIONAL:
        wrong = sorted((REQUIRED - keys) | (keys - REQUIRED - OPTIONAL))
        raise InternalError(f"The rule {rule_id} lacks or should not have: {', '.join(wrong)}.")
    if not RULE_ID.fullmatch(rule_id):
        raise InternalError(f"The rule {rule_id} has a malformed id.")
    stay, kind = row.get("stay_severity"), row.get("claim_type")
    changed = {
        "family": family.name,
        "module": module.__name__.rpartition(".")[2],
        "on_claims": module in family.claims,
        "severity": Severity(row["severity"]),
        "stay_severity": Severity(stay) if stay else None,
        "claim_type": ClaimType(kind) if kind else None,
        "effective": DateRange(*row["effective"]),
        "supersedes": tuple(row.get("supersedes", ())),
        "marks": tuple(row.get("marks", ())),
    }
    return Rule(**{**row, **changed})
