"""Edits: what is wrong with a coded encounter or a claim, as findings with a rule, an authority and a fix.

    check(coded, book)         findings on a coded encounter
    check_claim(claim, book)   findings on a claim and its codes
    check_services(claim, book)  findings on its service lines alone: do they go together, are they covered, …
    queries(coded, book)       what to ask the provider about diagnoses that the record does not bear out
    meat(coded, book)          what the note does about each diagnosis that risk adjustment counts
    criteria()                 the criteria sets by which a diagnosis is borne out
    pair_of(book, code, …)     the NCCI edit by which a code is not paid beside others
    families()                 the families, one room each: codes, conventions, mce, documentation, claims, ncci, fees,
                               outpatient, coverage
    read_site_rules(paths)     rules of a payer or a site, for `Options`
    rules(), rule(id), digest()  every rule; they stand in TOML files beside the modules that check them

Checks ask a subject (`Coding`, `Billing`) that looks each thing up once, and answer with drafts; the rule gives a draft
its weight and authority.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from leadterm.domain import Claim, ClaimType, CodedEncounter, Finding, Query

from . import tables
from ._billing import Billing, Earlier
from ._catalogue import load_rules, rules_digest
from ._charges import of_charges, on_assignments
from ._coding import Coding
from ._families import Family, claim_checks, coding_checks, families, gated
from ._findings import Asked, Draft, Gated, Remark, number, remarks, settle
from ._options import STANDARD, Options
from ._ports import Book, CodeEditor
from ._rules import Rule
from .claims.repeats import Seen
from .documentation import CriteriaSet, Meat, criteria, meat_of
from .documentation import queries as _queries
from .mce import editor as _mce
from .ncci.ptp import pair_of
from .site import SiteRules, read_site_rules
from .tables.unchecked import TOLD_ONCE, UNCHECKED

__all__ = [
    "STANDARD",
    "TOLD_ONCE",
    "UNCHECKED",
    "Book",
    "CodeEditor",
    "CriteriaSet",
    "Draft",
    "Earlier",
    "Family",
    "Meat",
    "Options",
    "Rule",
    "Seen",
    "SiteRules",
    "check",
    "check_claim",
    "check_services",
    "criteria",
    "digest",
    "families",
    "meat",
    "pair_of",
    "queries",
    "read_site_rules",
    "rule",
    "rules",
]


def check(
    coded: CodedEncounter, book: Book, editor: CodeEditor | None = None, *, options: Options = STANDARD
) -> tuple[Finding, ...]:
    """The findings on a coded encounter, heaviest first, in one order for one input.

    Rules hold by the controlling date. Overrides that `coded` bears on findings of the same rule and codes are kept,
    where the rule allows them (`Rule.may_permit`).
    `editor` is asked instead of the Medicare Code Editor that is installed; `options` are what a user chooses.
    """
    coding = Coding(coded, book, options)
    found = _on_codes(coding, _coding_rules(coding.on), editor)
    found += _on_charges(coding)
    found += _of_site(coding, options)
    return number(settle(found), stay=coding.stay, earlier=coded.findings)


def check_claim(
    claim: Claim,
    book: Book,
    editor: CodeEditor | None = None,
    *,
    codes: bool = True,
    received: date | None = None,
    options: Options = STANDARD,
    earlier: Earlier | None = None,
) -> tuple[Finding, ...]:
    """The findings on a claim, heaviest first, each with its place (claim, line, segment).

    `received`: the day on which the payer gets it; without one, nobody asks whether it comes in time.
    `earlier`: the claims before it (`Seen`), which then remember it; without them, nobody asks whether it repeats one.
    `codes`: whether its codes are judged as well; without, only what a claim adds to an encounter that was checked.
    """
    billing = Billing(claim, book, received, earlier)
    day = billing.controlling_day
    found = remarks(billing, _claim_rules(day, claim.claim_type))
    if codes:
        about_codes = _on_codes(billing.coding, _codes_of_claims(day), editor) + _of_site(billing.coding, options)
        found += [(rule, _placed(draft, billing)) for rule, draft in about_codes]
    if options.site:
        found += remarks(billing, gated(options.site.of_claims(billing)))
    if earlier is not None:
        earlier.remember(claim)
    return number(settle(found), stay=billing.coding.stay if codes else False)


def check_services(claim: Claim, book: Book) -> tuple[Finding, ...]:
    """The findings on the service lines of a claim, heaviest first: NCCI, fee schedule, outpatient facility, coverage.

    Nothing is asked of what else a claim has; which tables are not installed is said.
    """
    billing = Billing(claim, book)
    judging = frozenset(family.name for family in families() if family.of_charges) | {tables.FAMILY.name}
    asked = _of_families(billing.controlling_day, claim.claim_type, judging)
    return number(settle(remarks(billing, asked)))


def queries(coded: CodedEncounter, book: Book, *, options: Options = STANDARD) -> tuple[Query, ...]:
    """The questions to the provider about documented diagnoses that the record does not bear out (I.A.19).

    Raises InputError for a criteria set that nobody knows.
    """
    return _queries(Coding(coded, book, options))


def meat(coded: CodedEncounter, book: Book, *, options: Options) -> tuple[Meat, ...]:
    """What the note does about each diagnosis that risk adjustment counts, with the words of each element of MEAT.

    Nothing for a stay, for a coding without facts, and where `options.risk_adjusted` does not tell which codes count.
    """
    return meat_of(Coding(coded, book, options))


def _on_codes(coding: Coding, asked: Iterable[Gated[Coding]], editor: CodeEditor | None) -> list[Remark]:
    found = remarks(coding, asked)
    present = frozenset(r.id for r, _ in found)
    found += _mce.editor_remarks(coding, load_rules(), editor, present)
    return found


def _on_charges(coding: Coding) -> list[Remark]:
    """What the families that judge service lines remark on the charges."""
    made = of_charges(coding)
    if made is None:
        return []
    billing, assignments = made
    asked = _charge_rules(billing.controlling_day, billing.claim.claim_type)
    return [(rule, on_assignments(draft, assignments)) for rule, draft in remarks(billing, asked)]


def _of_site(coding: Coding, options: Options) -> list[Remark]:
    """What the rules of a site remark on codes."""
    site = options.site
    return remarks(coding, gated(site.of_codings(coding))) if site else []


def _placed(draft: Draft, billing: Billing) -> Draft:
    """A remark on codes as one on a claim: its assignments are nobody's, its place is the claim's diagnoses."""
    return replace(draft, assignments=(), location=billing.at("HI"))


@lru_cache(maxsize=4096)
def _coding_rules(on: date | None) -> tuple[Gated[Coding], ...]:
    return gated(_held_of_codings(on))


@lru_cache(maxsize=4096)
def _codes_of_claims(on: date | None) -> tuple[Gated[Coding], ...]:
    judging = {family.name for family in families() if family.of_claims}
    return gated(a for a in _held_of_codings(on) if a[0].family in judging and not a[0].encounter_only)


@lru_cache(maxsize=4096)
def _claim_rules(on: date | None, kind: ClaimType) -> tuple[Gated[Billing], ...]:
    return gated(_held_of_claims(on, kind))


@lru_cache(maxsize=4096)
def _charge_rules(on: date | None, kind: ClaimType) -> tuple[Gated[Billing], ...]:
    return _of_families(on, kind, frozenset(family.name for family in families() if family.of_charges))


def _of_families(on: date | None, kind: ClaimType, names: frozenset[str]) -> tuple[Gated[Billing], ...]:
    return gated(a for a in _held_of_claims(on, kind) if a[0].family in names)


def _held_of_codings(on: date | None) -> Iterator[Asked[Coding]]:
    checks = coding_checks()
    return ((r, checks[r.id]) for r in rules() if r.id in checks and r.holds_on(on))


def _held_of_claims(on: date | None, kind: ClaimType) -> Iterator[Asked[Billing]]:
    checks = claim_checks()
    held = (r for r in rules() if r.on_claims and r.holds_on(on) and r.claim_type in (None, kind))
    return ((r, checks[r.id]) for r in held)


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of families, modules and files, which is the order of findings of one weight."""
    return tuple(load_rules().values())


def rule(rule_id: str) -> Rule | None:
    """The rule with that id, or None."""
    return load_rules().get(rule_id)


def digest() -> str:
    """`sha256:` and the digest of every rule file and table: what a coding can be replayed by."""
    return rules_digest()
