"""Edits: what is wrong with a coded encounter or a claim, as findings with a rule, an authority and a fix.

    check(coded, book)         findings on a coded encounter
    check_claim(claim, book)   findings on a claim
    rules(), rule(id), digest()  the rule table (rules.toml)

One module a family: codes, excludes, sequencing, patient, mce (coded encounters); claim, parties, lines (claims).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from leadterm.domain import Claim, CodedEncounter, Finding

from . import claim as _claim
from . import codes, excludes, lines, mce, parties, patient, sequencing
from ._coding import Coding
from ._findings import number, remarks, settle
from ._ports import Book, CodeEditor
from ._rules import Rule, load_rules, rules_digest

__all__ = ["Book", "CodeEditor", "Rule", "check", "check_claim", "digest", "rule", "rules"]

_CODING_CHECKS = {**codes.CHECKS, **excludes.CHECKS, **sequencing.CHECKS, **patient.CHECKS}
_CLAIM_CHECKS = {**_claim.CHECKS, **parties.CHECKS, **lines.CHECKS}


def check(coded: CodedEncounter, book: Book, editor: CodeEditor | None = None) -> tuple[Finding, ...]:
    """The findings on a coded encounter, heaviest first, in one order for one input.

    Rules hold by the controlling date. Overrides that `coded` bears on findings of the same rule and codes are kept,
    where the rule allows them (`Rule.may_permit`).
    `editor` is asked instead of the Medicare Code Editor that is installed.
    """
    coding = Coding(coded, book)
    found = remarks(coding, _CODING_CHECKS, _coding_rules(coding.on))
    present = frozenset(r.id for r, _ in found)
    found += mce.editor_remarks(coding, load_rules(), editor, present)
    return number(settle(found), stay=coding.stay, earlier=coded.findings)


def check_claim(claim: Claim, book: Book) -> tuple[Finding, ...]:
    """The findings on a claim, heaviest first, each with its place (claim, line, segment)."""
    billing = _claim.Billing(claim, book)
    asked = _claim_rules(billing.controlling_day, billing.professional)
    return number(remarks(billing, _CLAIM_CHECKS, asked))


@lru_cache(maxsize=4096)
def _coding_rules(on: date | None) -> tuple[Rule, ...]:
    return tuple(r for r in rules() if r.id in _CODING_CHECKS and r.holds_on(on))


@lru_cache(maxsize=4096)
def _claim_rules(on: date | None, professional: bool) -> tuple[Rule, ...]:
    return tuple(r for r in rules() if r.on_claims and r.holds_on(on) and (professional or not r.professional_only))


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the table."""
    return tuple(load_rules().values())


def rule(rule_id: str) -> Rule | None:
    """The rule with that id, or None."""
    return load_rules().get(rule_id)


def digest() -> str:
    """`sha256:` and the digest of the rule table with all tables beside it: what a coding can be replayed by."""
    return rules_digest()
