"""What the words of an account open in the Index to External Causes (`cause_terms.tsv`, `cause_words.tsv`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows


@dataclass(frozen=True, slots=True)
class Term:
    """What a word of an account opens.

    Attributes:
        mains: Main terms, each by one of its words.
        adds: Words of subterms that it has said.
        joined: Whether what follows must stand behind a word that connects.
        agent: Whether what did it stands before it, or behind "by" or "with" ("hit the ball" is no ball that hit).
        alone: Whether the main term itself is the cause.
        behind, before: Words right behind and right before it that make it something else.
    """

    mains: frozenset[str]
    adds: frozenset[str]
    joined: bool
    agent: bool
    alone: bool
    behind: frozenset[str]
    before: frozenset[str]


@cache
def terms() -> dict[str, Term]:
    """What each word of an account opens."""
    return {word: _term(row) for row in rows("navigating/cause_terms") for word in row["said"].split("|")}


def _term(row: Mapping[str, str]) -> Term:
    beside = row["beside"].split()
    return Term(
        frozenset(row["mains"].split()),
        frozenset(row["adds"].split()),
        row["joined"] == "x",
        row["joined"] == "by",
        row["joined"] == "alone",
        frozenset(w for w in beside if not w.startswith("-")),
        frozenset(w[1:] for w in beside if w.startswith("-")),
    )


@cache
def mains() -> frozenset[str]:
    """The words of all main terms that accounts open."""
    return frozenset().union(*(term.mains for term in terms().values()))


@cache
def _further() -> dict[str, frozenset[str]]:
    return {row["said"]: frozenset(row["means"].split()) for row in rows("navigating/cause_words")}


def heard(some: Iterable[str]) -> frozenset[str]:
    """The words of an account, and what they say further."""
    said = frozenset(some)
    return said.union(*(_further()[w] for w in said if w in _further()))
