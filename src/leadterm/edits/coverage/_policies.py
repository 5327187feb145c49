"""Which policies decide on a service: national ones first, then those of the contractor of the place, then a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from leadterm.codesets.payment.coverage import ArticleCoverage, Coverage, NationalCoverage, Policy
from leadterm.domain import ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._procedures import is_among
from leadterm.edits._tables import read_table

from ._lines import state_of

ANSWERS_KEPT = 1 << 14


@dataclass(frozen=True, slots=True)
class Lists:
    """What the policies that decide on a service say of diagnoses.

    Attributes:
        policies: Those with lists, of one document one.
        own: Whether they are of the place (or national, or nobody tells whose); else they are other contractors'.
        state: The place.
    """

    policies: tuple[Policy, ...]
    own: bool
    state: str


def installed(b: Billing) -> tuple[Coverage, ...]:
    """The tables of policies in the order in which they are asked; the first that names a code decides."""
    on = b.controlling_day
    articles, listed = b.book.find(ArticleCoverage, on), b.book.find(Coverage, on)
    if articles is None and listed is None:
        b.table(ArticleCoverage)  # which is then told as missing
    return tuple([t for t in (b.book.find(NationalCoverage, on), articles, listed) if t is not None])


def lists_of(b: Billing, line: ServiceLine, code: str, tables: tuple[Coverage, ...]) -> Lists | None:
    """The lists that decide on a line; None where no policy says anything of diagnoses."""
    return _lists(tables, code, line.start, state_of(b, code))


@lru_cache(ANSWERS_KEPT)
def _lists(tables: tuple[Coverage, ...], code: str, on: date, state: str) -> Lists | None:
    if code not in procedures(tables):
        return None
    found = (table.policies(code, on) for table in tables)
    policies = next((named for named in found if named), ())
    return _placed(policies, state) if policies else None


@lru_cache(16)
def procedures(tables: tuple[Coverage, ...]) -> frozenset[str]:
    """The procedures that are judged: those that some policy names, but for companions of others."""
    companions = " ".join(codes for codes, _ in read_table("coverage/companions.tsv", ("codes", "what")))
    return frozenset(code for table in tables for code in table.procedures if not is_among(code, companions))


def _placed(policies: Sequence[Policy], state: str) -> Lists | None:
    """Those of the place; where there are none, those of others."""
    own = [p for p in policies if not state or not p.states or state in p.states]
    chosen = own or policies
    # Determinations have no lists: their articles do. An article without any covers for other reasons than diagnoses.
    if any(p.document.startswith("A") and not p.covered and not p.not_covered for p in chosen):
        return None
    listing = [p for p in chosen if p.covered or p.not_covered]
    return Lists(_by_document(listing), bool(own), state) if listing else None


def _by_document(policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """One policy a document: a national one may have several rows of dates in force on a day."""
    found: dict[str, Policy] = {}
    for p in policies:
        before = found.get(p.document)
        found[p.document] = p if before is None else _joined(before, p)
    return tuple(found.values())


def _joined(one: Policy, other: Policy) -> Policy:
    covered, refused = one.covered | other.covered, one.not_covered | other.not_covered
    return Policy(one.document, one.title, one.starts, one.ends, one.related, covered, refused)


def supports(policy: Policy, diagnosis: str) -> bool:
    """Whether a policy with lists supports a service for a diagnosis."""
    if policy.covered:
        return diagnosis in policy.covered
    return diagnosis not in policy.not_covered
