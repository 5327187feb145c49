"""Doses with what sentences that name no drug tell of them: how much, what was discarded, when it ran and ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Document

from .choosing import amount_of
from .details import Details, details
from .dose import Dose
from .mentions import Mention
from .orphans import ends, is_short_for, running, told_apart

_INTO_VEIN = compiled(r"\b(?:iv|piv|2[0-4] ?g|hand|forearm|ac|port|picc|antecub\w*|rate|ml/hr?)\b")


def filled(chart: Chart, given: Sequence[Dose], every: Sequence[Mention]) -> list[Dose]:
    """The doses, completed where the record leaves no doubt which drug it speaks of; `every`: all drugs it names."""
    doses = [_ended(dose, given) for dose in given]
    for document in chart.encounter.documents:
        if any(d.amount is None and d.product and d.mention.document.id == document.id for d in doses):
            doses = _with_amount(chart, doses, every, document)
        doses = _with_running(doses, document)
    return doses


def _replaced(doses: Iterable[Dose], old: Dose, new: Dose) -> list[Dose]:
    return [new if dose is old else dose for dose in doses]


# --- how much ---


def _with_amount(chart: Chart, doses: list[Dose], every: Sequence[Mention], document: Document) -> list[Dose]:
    """The doses, the only drug without an amount having that of a sentence that names none."""
    lacking = [d for d in doses if d.amount is None and d.product]
    if len({d.product for d in lacking}) != 1:
        return doses
    dose = lacking[0]
    for told, begin in _apart(every, document):
        assert dose.product is not None
        much, how = amount_of(chart, dose.product, told)
        if much is not None and told.doses:
            quote = dose.mention.quote(begin + told.doses[0][1], begin + told.doses[0][2])
            return _replaced(
                doses,
                dose,
                replace(
                    dose, amount=much, by_weight=how, told=_joined(dose.told, told), evidence=(*dose.evidence, quote)
                ),
            )
    return doses


def _apart(every: Sequence[Mention], document: Document) -> Iterator[tuple[Details, int]]:
    lower = document.text.lower()
    if len(lower) != len(document.text):
        return
    for begin, end in told_apart(every, document.id, lower):
        words = lower[begin:end]
        yield details(words, 0, words), begin


def _joined(mine: Details, told: Details) -> Details:
    """What is told of a dose with what a sentence apart tells of its containers; places of its words are its own."""
    return replace(mine, containers=mine.containers or told.containers, single=mine.single or told.single)


# --- when ---


def _ended(dose: Dose, given: Sequence[Dose]) -> Dose:
    """The dose with the stop that a log tells for short ("1035 Mg done")."""
    times = dose.told.times
    if times.moment is None or times.stop is not None or (dose.told.push and "bolus" not in dose.mention.own):
        return dose
    lower = dose.mention.lower
    alone = sum(d.told.times.stop is None and not d.told.push for d in given) == 1
    for at, what, begin, end in ends(lower):
        names = [*dose.mention.names, *(dose.product.title.lower().split() if dose.product else ())]
        generic = is_short_for(what, ())
        if at > times.moment and begin > dose.mention.start and (alone if generic else is_short_for(what, names)):
            told = replace(dose.told, times=replace(times, start=times.moment, stop=at, at=None), infusion=True)
            return replace(dose, told=told, evidence=(*dose.evidence, dose.mention.quote(begin, end)))
    return dose


def _with_running(doses: list[Dose], document: Document) -> list[Dose]:
    """The doses, the only one that runs and has no times having those of the log of its running."""
    open_ones = [d for d in doses if d.mention.document.id == document.id and _runs(d)]
    if len(open_ones) != 1:
        return doses
    dose = open_ones[0]
    found = running(dose.mention.lower)
    if found is None:
        return doses
    times, (begin, end) = found
    words = dose.mention.lower[begin:end]
    route = dose.told.route or ("iv" if _INTO_VEIN.search(words) else "")
    told = replace(dose.told, times=times, infusion=True, route=route)
    line = dose.mention.lower.find("\n", begin)
    quote = dose.mention.quote(begin, line if line >= 0 else end)
    return _replaced(doses, dose, replace(dose, told=told, evidence=(*dose.evidence, quote)))


def _runs(dose: Dose) -> bool:
    told = dose.told
    if told.times.minutes is not None or told.times.moment is not None or told.push or dose.product is None:
        return False
    return "iv" in dose.product.routes and told.route in ("", "iv")
