"""ICD-10-PCS: from the operations that a chart tells to whole codes by the tables, and the questions that stay open."""

from __future__ import annotations

from collections.abc import Sequence

from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Offer
from leadterm.domain import Assignment, Finding, Role, Severity

from .acts import Act, acts, handled, mentioned
from .asking import ask
from .building import IMAGING
from .candidates import Procedure, joined, service
from .context import Context
from .guidelines import apply_all
from .guidelines.principal import sequenced
from .legal import Legal, legal_on
from .rooms import made
from .unnamed import unnamed

__all__ = ["concepts", "read", "sequenced"]

BY_TITLES = "ICD10PCS:A9/titles"


def read(chart: Chart) -> Offer:
    """The procedures of a stay, principal first, and what to ask where the record leaves an axis open."""
    found, told = acts(chart), handled(chart)
    if not found and not told:
        return Offer()
    legal = legal_on(chart.book, chart.on)
    named = _made(chart, legal, found, 0)
    built = unnamed(_made(chart, legal, told, len(found)), named)
    whole = joined(p for p in built if p.open or legal.in_force(p.code, chart.on))
    final = apply_all(chart, whole)
    services = tuple(service(chart, legal, p, n) for n, p in enumerate(p for p in final if not p.open))
    return Offer(
        services,
        () if legal.complete else (_by_titles(),),
        # Nobody is asked for the contrast of an image, which hospitals report by their own policy.
        tuple(ask(chart, p.act, p.built) for p in final if p.open and p.code[0] != IMAGING),
    )


def _made(chart: Chart, legal: Legal, found: Sequence[Act], first: int) -> list[Procedure]:
    """What operations lead to, each with its place, which begins with `first`."""
    return [
        Procedure(b.code, (act,), b, place=n)
        for n, act in enumerate(found, first)
        for b in made(legal, act.term, Context(chart, act))
    ]


def concepts(chart: Chart) -> tuple[Assignment, ...]:
    """Every operation that is named as the whole code that it names, most often named first (for evaluation alone)."""
    legal = legal_on(chart.book, chart.on)
    built = [
        Procedure(b.code, (act,), b, place=n)
        for n, act in enumerate(mentioned(chart))
        for b in made(legal, act.term, Context(chart, act))
        if b.open is None and legal.in_force(b.code, chart.on)
    ]
    ranked = sorted(joined(built), key=lambda p: -len(p.acts))
    services = (service(chart, legal, p, n) for n, p in enumerate(ranked))
    return tuple(
        Assignment(
            f"p{n}", s.code, s.description, Role.PROCEDURE, n, s.confidence, s.evidence, s.pathway, s.alternatives
        )
        for n, s in enumerate(services, 1)
    )


def _by_titles() -> Finding:
    """That the codes come from titles alone."""
    return Finding(
        "f0",
        BY_TITLES,
        Severity.INFO,
        "The ICD-10-PCS tables are not installed: procedures are coded by the titles of codes, which know fewer words.",
        "Install them: leadterm codes update, or leadterm codes install PATH.",
        source=reason(BY_TITLES),
    )
