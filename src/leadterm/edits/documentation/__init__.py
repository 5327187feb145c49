"""Documentation support: does the record bear the codes out? A claim has no documents and is not asked."""

from collections.abc import Iterable

from leadterm.edits._families import Family

from . import conflict, copying, meat, statements, support, validity
from .criteria_sets import CriteriaSet, chosen, sets
from .meat import Meat, meat_of
from .querying import queries

__all__ = ["FAMILY", "CriteriaSet", "Meat", "criteria", "meat_of", "queries"]

FAMILY = Family(
    "documentation",
    "Does the record bear the codes out?",
    codings=(support, statements, copying, conflict, meat, validity),
)


def criteria(names: Iterable[str] | None = None) -> tuple[CriteriaSet, ...]:
    """Every criteria set; with `names`, those that are asked when these are chosen.

    Raises InputError for a name that no set has, and for two names of one diagnosis.
    """
    return tuple(sets().values()) if names is None else chosen(tuple(names))
