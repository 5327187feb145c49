"""The families of edits: which room judges what, in the order of their findings; others join by entry point.

A family is a package: each of its modules has `CHECKS` (rule id → check), and the rules stand beside it in a TOML file
of the same name. A module may have a `GATE`: what all its checks read first, so that none is asked where it comes out
empty. A package of somebody else adds a family under the entry point group `leadterm.edits`, as a `Family`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from itertools import groupby
from types import ModuleType
from typing import Any

from leadterm.domain import InternalError

from ._billing import Billing
from ._coding import Coding
from ._findings import Asked, Check, Gate, Gated, Subject

GROUP = "leadterm.edits"


@dataclass(frozen=True, slots=True)
class Family:
    """A family of edits.

    Attributes:
        name: As rules and the catalogue name it (`codes`).
        title: What it asks, for the catalogue.
        codings: Modules whose checks judge a coded encounter.
        claims: Modules whose checks judge a claim.
        of_claims: Whether the checks of coded encounters judge the codes of a claim, too.
        of_charges: Whether the checks of claims judge the charges of a coded encounter, too, as a claim made of them.
        answered: Modules whose rules are answered elsewhere (the Medicare Code Editor).
    """

    name: str
    title: str
    codings: tuple[ModuleType, ...] = ()
    claims: tuple[ModuleType, ...] = ()
    of_claims: bool = False
    of_charges: bool = False
    answered: tuple[ModuleType, ...] = ()

    @property
    def modules(self) -> tuple[ModuleType, ...]:
        """All of them."""
        return (*self.codings, *self.claims, *self.answered)


@cache
def families() -> tuple[Family, ...]:
    """Every family, those of this package first. Raises InternalError for two of one name."""
    from . import claims, codes, conventions, coverage, documentation, fees, mce, ncci, outpatient, tables

    joined = tuple(entry.load() for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name))
    own = (codes, conventions, mce, documentation, claims, ncci, fees, outpatient, coverage)
    # What was not looked at is known when all have looked.
    found = (*(room.FAMILY for room in own), *joined, tables.FAMILY)
    names = [family.name for family in found]
    if len(set(names)) < len(names):
        raise InternalError(f"Two families of edits have one name among {', '.join(names)}.")
    return found


@cache
def coding_checks() -> Mapping[str, Check[Coding]]:
    """The check of each rule on coded encounters."""
    return {rule: check for family in families() for m in family.codings for rule, check in m.CHECKS.items()}


@cache
def claim_checks() -> Mapping[str, Check[Billing]]:
    """The check of each rule on claims."""
    return {rule: check for family in families() for m in family.claims for rule, check in m.CHECKS.items()}


@cache
def gates() -> Mapping[tuple[str, str], Gate[Any]]:
    """The gates (`GATE`) of the modules that have one, by family and module."""
    return {
        (family.name, m.__name__.rpartition(".")[2]): m.GATE
        for family in families()
        for m in family.modules
        if hasattr(m, "GATE")
    }


def gated(asked: Iterable[Asked[Subject]]) -> tuple[Gated[Subject], ...]:
    """Rules with their checks, module by module, each behind the gate of its module."""
    by_module = groupby(asked, key=lambda a: (a[0].family, a[0].module))
    return tuple((gates().get(module), tuple(rules)) for module, rules in by_module)
