"""Documented services that the charge master, or the licensed CPT file, has a charge or a code for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from leadterm.codesets.charge_master import ChargeMaster
from leadterm.codesets.lists.cpt import Cpt, CptEntry
from leadterm.coding.chart import Chart
from leadterm.coding.querying._asking import query, quoted
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Offer, Service
from leadterm.domain import ChargeRow, Code, CodeSystem, PathwayStep, Query, Step

from .descriptors import billable, plain
from .documented import Documented, documented
from .matching import Index, Matched, said
from .pricing import with_price

R = TypeVar("R")

ROW = "LEADTERM:charges/master-row"
SEVERAL = "LEADTERM:charges/several-rows"
DESCRIPTOR = "LEADTERM:charges/licensed-descriptor"
OF_MASTER, OF_DESCRIPTOR = 0.75, 0.6
RANK = 5


def read(chart: Chart) -> Offer:
    """The lines of documented services by charge master, else by licensed descriptors; a question where several fit."""
    master, cpt = chart.book.find(ChargeMaster, chart.on), chart.book.find(Cpt, chart.on)
    if master is None and cpt is None:
        return Offer()
    services: dict[str, Service] = {}
    queries: dict[tuple[str, ...], Query] = {}
    for what in documented(chart):
        rows: Matched[ChargeRow] = _asked(index_of(master), what) if master else Matched(None)
        if rows.row is not None:
            _keep(services, _of_row(chart, what, rows.row))
        elif rows.options:
            _ask(queries, what, [(r.code or r.revenue, r.name) for r in rows.options])
        elif cpt is not None:
            entries = _asked(descriptors_of(cpt), what)
            if entries.row is not None:
                _keep(services, _of_entry(chart, what, entries.row))
            elif entries.options:
                _ask(queries, what, [(e.code, f"{e.code} {e.description}") for e in entries.options])
    answered = {s.code.value for s in services.values()}
    asked = tuple(q for codes, q in queries.items() if answered.isdisjoint(codes))
    return Offer(tuple(services.values()), (), asked)


@lru_cache(maxsize=4)
def index_of(master: ChargeMaster) -> Index[ChargeRow]:
    """The words of a charge master; made once for all charts. Rows without a code wait for a hospital's own pages."""
    return Index((row, row.description) for row in master.rows if row.code)


@lru_cache(maxsize=2)
def descriptors_of(cpt: Cpt) -> Index[CptEntry]:
    """The words of the licensed descriptors; visits and drugs are not found by words."""
    return Index((entry, plain(entry.medium or entry.description)) for entry in cpt.titles() if billable(entry.code))


def _asked(index: Index[R], what: Documented) -> Matched[R]:
    """What an index has for a documented service."""
    fact = what.fact
    details = " ".join(fact.attributes.get(name, "") for name in ("site", "laterality"))
    return index.match(said((fact.mention.text, fact.concept), f"{what.sentence} {details}"))


def _of_row(chart: Chart, what: Documented, row: ChargeRow) -> Service:
    assert row.billed is not None  # rows without a code are not in the index
    step = PathwayStep(Step.TABLE, f"{row.name} ({row.billed}): {reason(ROW)}", ROW)
    made = _made(what, row.billed, step, OF_MASTER)
    for modifier in row.modifiers:
        made = made.modified(modifier, f"the charge {row.local or row.line} always bears it", ROW)
    return with_price(chart, made, row)


def _of_entry(chart: Chart, what: Documented, entry: CptEntry) -> Service:
    step = PathwayStep(Step.TITLE, f"{entry.code}: {reason(DESCRIPTOR)}", DESCRIPTOR)
    return _made(what, Code(CodeSystem.CPT, entry.code), step, OF_DESCRIPTOR)


def _made(what: Documented, code: Code, step: PathwayStep, confidence: float) -> Service:
    return Service(
        code,
        what.kind,
        what.evidence,
        (step,),
        confidence=confidence,
        rank=(RANK, what.fact.mention.span.start),
        facts=(what.fact.id,),
        units=Decimal(1),
    )


def _keep(services: dict[str, Service], made: Service) -> None:
    """One line for a service, however often it is told: a second one is a person's to add."""
    services.setdefault(made.code.value, made)


def _ask(queries: dict[tuple[str, ...], Query], what: Documented, options: Sequence[tuple[str, str]]) -> None:
    codes = tuple(dict.fromkeys(code for code, _ in options))
    words = what.evidence[0]
    asks = f"The record says {quoted(words)}, for which several charges stand. Which service was done?"
    queries.setdefault(
        codes, query("service", asks, codes, tuple(dict.fromkeys(name for _, name in options)), (words,))
    )
