"""The doses that were given, each once: what a record tells in a row and again in its account is one dose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Evidence

from ._cues import cue
from .choosing import amount_of, choose
from .clock import Times, moved, times
from .days import day_of, is_elsewhen
from .details import Details, details
from .dose import Dose, Doses
from .filling import filled, topical
from .formulary import Formulary, Product
from .given import Verdict, may_tell, verdict
from .mentions import Mention, mentions
from .once import once

__all__ = ["Dose", "Doses", "doses"]

_ENDED = compiled(
    r"\s*(?:ivpb |iv |bolus |drip |infusion |bag )*(?:is |was )?"
    r"(?:completed?|finished|stopped|ended|done|infused|off|d/c'?d|dc'd)\b"
)
_DONE = compiled(
    r"\b(?:completed?|finished|infused|stopped|ended|infusion (?:done|off)|bag (?:empty|done|dry)|done|all in"
    r"|taken down)\b"
)
_BLANK = compiled(r"\n[ \t]*\n")
AMOUNT_AND_VEIN = compiled(r"\d ?(?:mg|g|gm|units?)\b[^\n]{0,30}\biv")
_BEGAN_LINE = compiled(
    r"(?m)^[ \t*-]*(?:infusion )?(?:start(?:ed)?|begin|began|on|infusion)\b[ :@|-]*(?:time|at)?[ :@|-]*\d"
)
DAY, EVENING, MORNING = 1440, 1200, 480  # minutes
_DOSED = compiled(r"\d ?(?:mg|mcg|gm?|units?|ml|meq)\b")
_SENTENCE = compiled(r"[^\n]+?(?:(?<=[a-z)])\.(?= |$)|(?=\n)|$)")
_WATCHED = compiled(
    r"\bobserv\w*|\bmonitor\w*|\bwatch\w*|\bvisit\b|\bwait\w*|\bvitals?\b|\bface\b|\bcounsel\w*|\bstayed\b|\bnext\b"
    r"|\bstaff\b|\bhours\b|\bsat\b|\bclinic\b|\bpacu\b|\brecovery\b|\bprocedure\b|\banesthesia\b"
)


@dataclass(slots=True)
class _Sorted:
    given: list[Dose] = field(default_factory=list)
    wastes: list[Dose] = field(default_factory=list)
    unsaid: list[Dose] = field(default_factory=list)
    ends: list[tuple[Mention, date, int]] = field(default_factory=list)


def doses(chart: Chart, drugs: Formulary, release: Hcpcs | None) -> Doses:
    """The doses of a chart."""
    found = _Sorted()
    every = tuple(mentions(chart, drugs))
    for mention, limit in zip(every, limits(every), strict=True):
        _sort(chart, release, mention, found, limit)
    given, unclear = once([_ended(dose, found.ends) for dose in found.given])
    given = filled(chart, given, [m for m in every if not is_elsewhen(chart, m)]) if given else given
    given += topical(chart, release, given, every)
    given = [_as_ordered(dose, found.unsaid) for dose in given]
    known = {d.product.code for d in given if d.product}
    unsaid = [d for d in found.unsaid if d.product is None or d.product.code not in known]
    return Doses(tuple(given), tuple(found.wastes), tuple(unsaid), tuple(unclear), _supplied(every))


def _as_ordered(dose: Dose, unsaid: Sequence[Dose]) -> Dose:
    """The dose with amount and way of the order for now, where the words that say that it was given have neither."""
    order = next((o for o in unsaid if o.product == dose.product and o.amount is not None and o.day == dose.day), None)
    if dose.amount is not None or dose.product is None or order is None:
        return dose
    told = replace(dose.told, route=dose.told.route or order.told.route, push=dose.told.push or order.told.push)
    return replace(dose, amount=order.amount, told=told, evidence=(*dose.evidence, *order.evidence))


def _supplied(every: Iterable[Mention]) -> frozenset[str]:
    """The drugs of which any words say that the patient or a pharmacy supplied them."""
    brought = [m for m in every if cue("supplied").search(m.whole) and not cue("stock").search(m.whole)]
    return frozenset(p.code.value for m in brought for p in m.products)


def limits(every: Sequence[Mention]) -> Iterator[int]:
    """Up to where the words after each drug may still be of it: the next drug, the end of the paragraph."""
    for mention, following in zip_longest(every, every[1:]):
        ends = [mention.passage.end]
        if (blank := _BLANK.search(mention.lower, mention.high)) is not None:
            ends.append(blank.start())
        if following is not None and following.document.id == mention.document.id:
            ends.append(max(following.low, mention.high))
        yield min(ends)


def _sort(chart: Chart, release: Hcpcs | None, mention: Mention, found: _Sorted, limit: int) -> None:
    """Puts a mention where it belongs: among doses given, only wasted, not said to be given, or ends of infusions."""
    if not may_tell(mention, limit) and not (AMOUNT_AND_VEIN.search(mention.own) and _labelled(mention)):
        return
    fluid = any(p.unit.kind == "ml" for p in mention.products)
    told = _timed(mention, details(mention.own, mention.end - mention.low, mention.whole, mention.ahead, fluid), limit)
    if mention.row is not None and mention.row.times is not None:
        told = replace(told, times=moved(mention.row.times, mention.row.start - mention.low))
    day = day_of(chart, mention)
    if day is None:
        return
    if (end := _end(mention, told)) is not None:
        found.ends.append((mention, day, end))
        return
    if (end := _closed(mention, told, day, found)) is not None:
        found.ends.append((mention, day, end))
        return
    said = verdict(mention, told)
    bare = told.waste is not None and not (told.doses or told.per or told.ratios or told.strengths)
    only_waste = bare and (said is Verdict.NO or not told.containers)
    if said is Verdict.NO and not only_waste:
        return
    dose = _dose(chart, release, mention, told, day)
    if dose is None:
        return
    place = found.wastes if only_waste else found.given if said is Verdict.GIVEN else found.unsaid
    place.append(dose)
    if place is found.given:
        place.extend(_repeated(dose))


def _timed(mention: Mention, told: Details, limit: int) -> Details:
    """The details with start and stop from the sentences after, where those of the drug have none."""
    told = _pushed_at(mention, told)
    if told.times.minutes is not None or told.push or told.route not in ("", "iv") or mention.row is not None:
        return told
    if told.route == "iv" and told.doses and (said := _labelled(mention)):
        return replace(told, times=moved(said, mention.high - mention.low), infusion=True)
    for sentence in _SENTENCE.finditer(mention.lower, mention.high, limit):
        said = times(sentence[0])
        if said.minutes is not None and not _WATCHED.search(sentence[0]):
            return replace(told, times=moved(said, sentence.start() - mention.low), infusion=True)
    said = times(mention.lower[mention.high : limit])
    apart = said.minutes is not None and not _WATCHED.search(mention.lower, mention.high, limit)
    return replace(told, times=moved(said, mention.high - mention.low), infusion=True) if apart else told


def _labelled(mention: Mention) -> Times | None:
    """Start and stop that lines of the paragraph tell by their labels, for the drug that it begins with."""
    above = mention.lower[mention.lower.rfind("\n\n", 0, mention.start) + 1 : mention.sentence[0]]
    blank = _BLANK.search(mention.lower, mention.high)
    end = min(blank.start() if blank else mention.passage.end, mention.passage.end)
    began = _BEGAN_LINE.search(mention.lower, mention.high, end)
    if began is None or _DOSED.search(above):
        return None
    said = times(mention.lower[began.start() : end])
    return moved(said, began.start() - mention.high) if said.minutes is not None else None


def _pushed_at(mention: Mention, told: Details) -> Details:
    """The details, a push with the time of its own line where lines after it tell when something else ran."""
    line = mention.lower.find("\n", mention.end)
    if not told.push or told.times.minutes is None or not 0 <= line < mention.low + told.times.end:
        return told
    said = times(mention.lower[mention.end : line])
    if told.waste is not None and mention.low + told.waste.begin > line:
        told = replace(told, waste=None)  # of what ran, not of what was pushed before it
    return replace(told, times=moved(said, mention.end - mention.low)) if said.at is not None else told


def _end(mention: Mention, told: Details) -> int | None:
    """The minute in which a line of a log says that what runs was complete ("1446 Rocephin complete")."""
    if told.doses or told.per or told.waste or told.containers or not _ENDED.match(mention.after):
        return None
    times = told.times
    return times.stop if times.stop is not None else times.at if times.start is None else None


def _closed(mention: Mention, told: Details, day: date, found: _Sorted) -> int | None:
    """The minute of a row that repeats what runs and says that it was complete; None for a row of its own."""
    at = told.times.at if told.times.minutes is None else None
    if at is None or not _DONE.search(mention.after):
        return None
    codes = {p.code for p in mention.products}
    for dose in found.given:
        runs = dose.told.times.moment is not None and dose.told.times.stop is None and dose.told.times.moment < at
        same = not told.doses or any(a == told.doses[0][0] for a, _, _ in dose.told.doses)
        if runs and same and dose.day == day and codes & {p.code for p in dose.mention.products}:
            return None if dose.told.push and "bolus" not in dose.mention.own else at
    return None


def _ended(dose: Dose, ends: Iterable[tuple[Mention, date, int]]) -> Dose:
    """The dose with the stop that a later line of the log tells of its drug, where its own words tell none."""
    times, codes = dose.told.times, {p.code for p in dose.mention.products}
    if times.moment is None or times.stop is not None or (dose.told.push and "bolus" not in dose.mention.own):
        return dose
    later = [
        (_after(at, times.moment), m)
        for m, day, at in ends
        if day == dose.day and _after(at, times.moment) > times.moment and codes & {p.code for p in m.products}
    ]
    if not later:
        return dose
    at, mention = min(later, key=lambda one: one[0])
    told = replace(dose.told, times=replace(times, start=times.moment, stop=at, at=None), infusion=True)
    return replace(dose, told=told, evidence=(*dose.evidence, mention.quote(mention.start, mention.end)))


def _after(at: int, moment: int) -> int:
    """A minute of a log, of the next day where the evening has passed into the night."""
    return at + DAY if moment >= EVENING and at < MORNING else at


def _dose(chart: Chart, release: Hcpcs | None, mention: Mention, told: Details, day: date) -> Dose | None:
    """The dose of a mention; None for what is part of another service (a local anesthetic, a flush)."""
    left = choose(chart, release, mention, told)
    if not left or all(_is_part(p, told, mention) for p in left):
        return None
    product = left[0] if len(left) == 1 else None
    much, computed = amount_of(chart, left[0], told)
    return Dose(mention, product, told, much, day, _evidence(mention, told), computed, () if product else left)


def _repeated(dose: Dose) -> Iterator[Dose]:
    """The doses that the same words tell after the first, each with its own time."""
    for much, at in dose.told.repeats:
        amount = much if much is not None and dose.amount and much.kind == dose.amount.kind else dose.amount
        told = replace(dose.told, times=Times(at=at), repeats=(), waste=None, containers=())
        yield replace(dose, told=told, amount=amount)


def _is_part(product: Product, told: Details, mention: Mention) -> bool:
    if product.kind == "anesthetic":
        return told.route != "iv"
    return product.kind == "none"


def _evidence(mention: Mention, told: Details) -> tuple[Evidence, ...]:
    """The words of the drug with its dose, and those of the times."""
    start, end = mention.start, mention.end
    if told.doses:
        _, begin, stop = told.doses[0]
        start, end = min(start, mention.low + begin), max(end, mention.low + stop)
    quotes = [mention.quote(start, end)]
    if told.times.begin != told.times.end:
        quotes.append(mention.quote(*_trimmed(mention, told.times.begin, told.times.end)))
    if told.waste:
        quotes.append(mention.quote(mention.low + told.waste.begin, mention.low + told.waste.end))
    return tuple(quotes)


def _trimmed(mention: Mention, begin: int, end: int) -> tuple[int, int]:
    """Where the words of the times stand in the document, without the marks before them."""
    place = mention.low + begin, mention.low + end
    text = mention.lower[place[0] : place[1]]
    return place[0] + len(text) - len(text.lstrip(" \n\t|:@-(,[*•·")), place[1]
