"""Doses with what sentences that name no drug tell of them: how much, what was discarded, when it ran and ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Document

from ._cues import cue
from .choosing import amount_of, choose
from .days import day_of
from .details import Details, details
from .dose import Dose
from .mentions import Mention
from .orphans import ends, is_short_for, running, told_apart

HEAD = 400  # characters in which a note says what it is about
TITLES = 3  # lines in which a note says what it is about
_LABELLED = compiled(r"\b(?:product|drug|agent|medication|toxin|procedure|treatment|injection)[ \w]{0,20}:[ \t]*$")
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


# --- what the note is about ---


def topical(chart: Chart, release: Hcpcs | None, given: Sequence[Dose], every: Sequence[Mention]) -> tuple[Dose, ...]:
    """The dose of the drug in a note's title that sentences without a name tell; empty where it was told by name."""
    titles = [m for m in every if _is_title(m) and not _is_silent(m)]
    codes = {p.code for d in given for p in ((d.product,) if d.product else d.choices)}
    if len({m.names[0] for m in titles}) != 1 or codes & {p.code for p in titles[0].products}:
        return ()
    found = (_told_here(chart, release, titles[0], span) for span in _spans(every, titles[0]))
    return tuple(dose for dose in found if dose is not None)[:1]


def _spans(every: Sequence[Mention], mention: Mention) -> Iterator[tuple[int, int]]:
    yield from told_apart(every, mention.document.id, mention.lower)


def _told_here(chart: Chart, release: Hcpcs | None, mention: Mention, span: tuple[int, int]) -> Dose | None:
    """The dose of a drug that words tell which do not name it; None where they tell none of it."""
    begin, end = span
    words = mention.lower[begin:end]
    told = details(words, 0, words)
    products, day = choose(chart, release, mention, told), day_of(chart, mention)
    if not cue("given").search(words) or not told.doses or len(products) != 1 or day is None:
        return None
    much, how = amount_of(chart, products[0], told)
    _, start, stop = told.doses[0]
    if much is None or much.kind not in {a.kind for a, _, _ in told.doses}:
        return None
    place = replace(mention, low=begin, high=end, sentence=(begin, end))
    quotes = (mention.quote(mention.start, mention.end), mention.quote(begin + start, begin + stop))
    return Dose(place, products[0], told, much, day, quotes, how)


def _is_title(mention: Mention) -> bool:
    """Whether a drug (no fluid) stands in the first lines of a note, or behind the label of what was given."""
    if any(p.kind in ("hydration", "none", "anesthetic") for p in mention.products):
        return False
    begin = mention.lower.rfind("\n", 0, mention.start) + 1
    if _LABELLED.search(mention.lower, begin, mention.start):
        return True
    if mention.start > HEAD:
        return False
    return sum(bool(line.strip()) for line in mention.lower[: mention.start].split("\n")) <= TITLES


def _is_silent(mention: Mention) -> bool:
    own = mention.own
    return any(cue(name).search(own) for name in ("refused", "elsewhere", "planned"))


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
