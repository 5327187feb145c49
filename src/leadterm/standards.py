"""By what the edits judge: criteria sets, rules of a site, and the models of risk adjustment that are installed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from leadterm import edits


def edits_options(criteria: Iterable[str] = (), site: edits.SiteRules | None = None) -> edits.Options:
    """How the edits judge: by these criteria sets and rules, and the models of risk adjustment that are installed.

    Raises InputError for a criteria set that nobody knows, and for two of one diagnosis.
    """
    names = tuple(criteria)
    edits.criteria(names)
    return edits.Options(names, _risk_adjusted, site)


def _risk_adjusted(on: date) -> frozenset[str] | None:
    from leadterm import grouping

    return grouping.risk_adjusted(on)
