"""The doses that were given, each once: what a record tells in a row and again in its account is one dose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Evidence

from ._cues import cue
from .amounts import NUMBER, Amount
from .clock import Times, moved, times
from .details import Details, details
from .elsewhen import stretches
from .formulary import Formulary, Product, in_force
from .given import Verdict, is_recorded, may_tell, verdict
from .mentions import Mention, mentions

NEAR = 5  # minutes: two records of one dose may differ by so much
_WEIGHT = compiled(
    rf"\b(?:weight|wt|weighs|weighed)\b\.?[^\d\n]{{0,20}}(?P<number>{NUMBER})\s*(?P<unit>kgs?"
    rf"|kilograms?|lbs?|pounds?)\b"
)
_SURFACE = compiled(rf"\b(?:bsa|body surface area)\b[^\d\n]{{0,15}}(?P<number>{NUMBER})")
_DIALYSIS = compiled(
    r"\besrd\b|\bend[- ]stage (?:renal|kidney)|(?<!not )(?<!not yet )(?<!never )\bon (?:hemo)?dialysis\b"
    r"|\bhemodialysis\b"
)
_ENDED = compiled(
    r"\s*(?:ivpb |iv |bolus |drip |infusion |bag )*(?:is |was )?"
    r"(?:completed?|finished|stopped|ended|done|infused|off|d/c'?d|dc'd)\b"
)
POUND = Decimal("0.45359237")
_DATE = compiled(
    r"(?<![\d/.-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?(?![\d/])"
    r"|(?<![\d-])(?P<iso>\d{4}-\d\d-\d\d)(?!\d)"
)
_DAY_BEFORE = compiled(
    r"\b(?:(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?[.,]?|given|gave|received"
    r"|since|visit|prior|from|dated?|on(?: the)?|last(?: dose)?|c\d+ ?d\d+) ?[(:]?\s*$"
)
_BLANK = re.compile(r"\n[ \t]*\n")
_SENTENCE = re.compile(r"[^\n]+?(?:(?<=[a-z)])\.(?= |$)|(?=\n)|$)")
_WATCHED = compiled(
    r"\bobserv\w*|\bmonitor\w*|\bwatch\w*|\bvisit\b|\bwait\w*|\bvitals?\b|\bface\b|\bcounsel\w*|\bstayed\b|\bnext\b"
    r"|\bstaff\b|\bhours\b|\bsat\b|\bclinic\b|\bpacu\b|\brecovery\b|\bprocedure\b|\banesthesia\b"
)
_OTHER_DATES = compiled(r"\b(?:exp\w*|lot|dob|born|due|next|since|expires)\b[^\d\n]{0,15}$")


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose.

    Attributes:
        mention: Where it is told first.
        product: The drug; None where the name leaves several open (`choices`).
        told: Its details.
        amount: How much was given; None where the record does not say.
        day: The day of service.
        evidence: The words of drug, dose and times.
        by_weight: How the amount was computed where the record gives it for each kilogram or square metre.
        choices: The products among which the record does not decide.
    """

    mention: Mention
    product: Product | None
    told: Details
    amount: Amount | None
    day: date
    evidence: tuple[Evidence, ...]
    by_weight: str = ""
    choices: tuple[Product, ...] = ()

    @property
    def name(self) -> str:
        """How the record calls the drug."""
        return self.mention.document.text[self.mention.start : self.mention.end]


@dataclass(frozen=True, slots=True)
class Doses:
    """What was given, and what is left to ask.

    Attributes:
        given: The doses, in order of the text.
        wastes: Mentions that tell only what was discarded.
        unsaid: Doses of which nobody says that they were given.
        unclear: Pairs of which the record does not say whether they are one dose or two.
        supplied: The codes of drugs that the patient or a pharmacy supplied.
    """

    given: tuple[Dose, ...] = ()
    wastes: tuple[Dose, ...] = ()
    unsaid: tuple[Dose, ...] = ()
    unclear: tuple[tuple[Dose, Dose], ...] = ()
    supplied: frozenset[str] = frozenset()


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
    for mention, limit in zip(every, _limits(every), strict=True):
        _sort(chart, release, mention, found, limit)
    given, unclear = _once([_ended(dose, found.ends) for dose in found.given])
    known = {d.product.code for d in given if d.product}
    unsaid = [d for d in found.unsaid if d.product is None or d.product.code not in known]
    return Doses(tuple(given), tuple(found.wastes), tuple(unsaid), tuple(unclear), _supplied(every))


def _supplied(every: Iterable[Mention]) -> frozenset[str]:
    """The drugs of which any words say that the patient or a pharmacy supplied them."""
    brought = [m for m in every if cue("supplied").search(m.whole) and not cue("stock").search(m.whole)]
    return frozenset(p.code.value for m in brought for p in m.products)


def _limits(every: Sequence[Mention]) -> Iterator[int]:
    """Up to where the words after each drug may still be of it: the next drug, the end of the paragraph."""
    for mention, following in zip_longest(every, every[1:]):
        ends = [mention.passage.end]
        if (blank := _BLANK.search(mention.lower, mention.high)) is not None:
            ends.append(blank.start())
        if following is not None and following.document.id == mention.document.id:
            ends.append(max(following.low, mention.high))
        yield min(ends)


def _sort(chart: Chart, release: Hcpcs | None, mention: Mention, found: _Sorted, limit: int) -> None:
    if not may_tell(mention, limit):
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
    if told.times.minutes is not None or told.push or told.route not in ("", "iv") or mention.row is not None:
        return told
    for sentence in _SENTENCE.finditer(mention.lower, mention.high, limit):
        said = times(sentence[0])
        if said.minutes is not None and not _WATCHED.search(sentence[0]):
            return replace(told, times=moved(said, sentence.start() - mention.low), infusion=True)
    said = times(mention.lower[mention.high : limit])
    apart = said.minutes is not None and not _WATCHED.search(mention.lower, mention.high, limit)
    return replace(told, times=moved(said, mention.high - mention.low), infusion=True) if apart else told


def _end(mention: Mention, told: Details) -> int | None:
    """The minute in which a line of a log says that what runs was complete ("1446 Rocephin complete")."""
    if told.doses or told.per or told.waste or told.containers or not _ENDED.match(mention.after):
        return None
    times = told.times
    return times.stop if times.stop is not None else times.at if times.start is None else None


def _ended(dose: Dose, ends: Iterable[tuple[Mention, date, int]]) -> Dose:
    """The dose with the stop that a later line of the log tells of its drug, where its own words tell none."""
    times, codes = dose.told.times, {p.code for p in dose.mention.products}
    if times.moment is None or times.stop is not None or (dose.told.push and "bolus" not in dose.mention.own):
        return dose
    later = [
        (at, m) for m, day, at in ends if day == dose.day and at > times.moment and codes & {p.code for p in m.products}
    ]
    if not later:
        return dose
    at, mention = min(later, key=lambda one: one[0])
    told = replace(dose.told, times=replace(times, start=times.moment, stop=at, at=None), infusion=True)
    return replace(dose, told=told, evidence=(*dose.evidence, mention.quote(mention.start, mention.end)))


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


# --- which drug ---


def choose(chart: Chart, release: Hcpcs | None, mention: Mention, told: Details) -> tuple[Product, ...]:
    """The products that a mention can mean, one where the record decides: by form, maker, dialysis, way, strength."""
    found = tuple(p for p in mention.products if in_force(release, p.code.value, chart.on))
    around = f"{mention.whole} {' '.join(mention.names)}"
    found = _by_words(found, around)
    dialysis = chart.once("drugs.dialysis", lambda: bool(_DIALYSIS.search(chart.text)))
    found = _some(found, [p for p in found if p.esrd is None or p.esrd is dialysis])
    if told.route:
        found = _some(found, [p for p in found if told.route in p.routes] or [p for p in found if not p.routes])
    kinds = {a.kind for a, _, _ in told.doses}
    found = _some(found, [p for p in found if p.unit.kind in kinds])
    found = _some(found, [p for p in found if p.starter])
    return _by_strength(found, chart, told)


def _some(every: tuple[Product, ...], kept: list[Product]) -> tuple[Product, ...]:
    """What is kept, unless nothing would be."""
    return tuple(kept) or every


def _by_words(found: tuple[Product, ...], around: str) -> tuple[Product, ...]:
    """The products whose form and maker the record names; else those that ask for none."""
    fits = [p for p in found if all(any(word in around for word in words) for words in p.needs)]
    most = max((len(p.needs) for p in fits), default=0)
    return _some(found, [p for p in fits if len(p.needs) == most])


def _by_strength(found: tuple[Product, ...], chart: Chart, told: Details) -> tuple[Product, ...]:
    """Of one drug in several strengths the one of the dose: a container of it, else whole units, else the next."""
    if len(found) < 2 or len({p.unit.kind for p in found}) > 1:
        return found
    much, _ = amount_of(chart, found[0], told)
    if much is None or len({(p.kind, p.routes) for p in found}) > 1:
        return found
    exact = [p for p in found if much in p.sizes]
    whole = [p for p in found if p.unit.value and not much.value % p.unit.value]
    above = [p for p in found if p.unit >= much]
    best = (
        exact[:1]
        or sorted(whole, key=lambda p: -p.unit.value)[:1]
        or sorted(above, key=lambda p: p.unit.value)[:1]
        or sorted(found, key=lambda p: -p.unit.value)[:1]
    )
    return tuple(best)


# --- how much ---


def amount_of(chart: Chart, product: Product, told: Details) -> tuple[Amount | None, str]:
    """How much was given in the kind of the product's unit, and how it was computed where the record did not."""
    kind = product.unit.kind
    if kind == "dose":
        return Amount(Decimal(told.fold), "dose"), ""
    said = next((a for a, _, _ in told.doses if a.kind == kind), None)
    if said is not None:
        return said.times(told.fold), ""
    if told.waste and told.waste.amount and (held := _contents(told, kind)):
        return held, ""
    if told.per and told.per[0].kind == kind and (size := _body(chart, told.per[1])):
        number, words = size
        return told.per[0].times(number), words
    volume = next((a for a, _, _ in told.doses if a.kind == "ml"), None)
    strength = next((s for s in told.strengths if s.kind == kind), None)
    if volume and strength:
        return strength.times(volume.value * told.fold), f"{volume} of {strength} in each ml"
    if ratio := next((a for a in told.ratios if a.kind == kind), None):
        return ratio.times(told.fold), ""
    return _contents(told, kind), ""


def _contents(told: Details, kind: str) -> Amount | None:
    """The contents of the containers, where a record tells only these, less what was discarded."""
    held = sum((size.value * count for count, size in told.containers if size.kind == kind), Decimal(0))
    if not held or (told.waste and told.waste.amount is None):
        return None
    lost = (
        told.waste.amount.value if told.waste and told.waste.amount and told.waste.amount.kind == kind else Decimal(0)
    )
    return Amount(held - lost, kind) if held > lost else None


def _body(chart: Chart, per: str) -> tuple[Decimal, str] | None:
    """The documented weight in kilograms or surface in square metres, and the words for the pathway."""
    if per == "m2":
        surface = _SURFACE.search(chart.text)
        return (Decimal(surface["number"]), f"surface {surface['number']} m2") if surface else None
    weight = _WEIGHT.search(chart.text)
    if weight is None:
        return None
    number = Decimal(weight["number"].replace(",", ""))
    if weight["unit"].startswith(("lb", "pound")):
        number *= POUND
    return number, f"weight {weight['number']} {weight['unit']}"


# --- when ---


def day_of(chart: Chart, mention: Mention) -> date | None:
    """The day of service of a mention; None for a day that is not of this encounter."""
    days = chart.once("drugs.days", lambda: _days(chart))
    if _is_elsewhen(chart, mention, days):
        return None
    sentence = mention.lower[mention.sentence[0] : max(mention.sentence[1], mention.high)]
    for found in _DATE.finditer(sentence):
        said = _said(found, chart.on)
        if said is not None and not _OTHER_DATES.search(sentence[: found.start()]):
            return said if said in days or not days else None
    return _of_header(mention, days, chart) or chart.on


def _is_elsewhen(chart: Chart, mention: Mention, days: frozenset[date]) -> bool:
    """Whether the mention stands in a stretch that tells of another day."""
    if not days:
        return False
    name = f"drugs.elsewhen.{mention.document.id}"
    found = chart.once(name, lambda: stretches(mention.lower, days, lambda w: _written(w, chart.on)))
    return any(start <= mention.start < end for start, end in found)


def _written(words: str, on: date) -> date | None:
    found = _DATE.match(words)
    return _said(found, on) if found else None


def _of_header(mention: Mention, days: frozenset[date], chart: Chart) -> date | None:
    """The day that a line above the row gives, where the encounter has several."""
    if len(days) < 2:
        return None
    above = mention.lower[mention.passage.start : mention.sentence[0]]
    said = [day for found in _DATE.finditer(above) if (day := _said(found, chart.on)) in days]
    return said[-1] if said else None


def _said(found: re.Match[str], on: date) -> date | None:
    before = found.string[: found.start()]
    if not found["iso"] and not found["y"] and before.strip(" \n\t-*|(") and not _DAY_BEFORE.search(before):
        return None  # "pain 6/10" is no date: a day without its year heads its row, or is said to be one
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        year = on.year if not found["y"] else int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        return date(year, int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _days(chart: Chart) -> frozenset[date]:
    """Every day of the encounter; empty where the record gives none."""
    encounter = chart.encounter
    first = encounter.date_of_service or _plain(encounter.admission)
    last = _plain(encounter.discharge) or first
    if first is None or last is None:
        return frozenset()
    begin = min(first, _plain(encounter.admission) or first)
    return frozenset(date.fromordinal(n) for n in range(begin.toordinal(), max(begin, last).toordinal() + 1))


def _plain(moment: date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


# --- each once ---


def _once(found: Iterable[Dose]) -> tuple[list[Dose], list[tuple[Dose, Dose]]]:
    kept: list[Dose] = []
    unclear: list[tuple[Dose, Dose]] = []
    for dose in sorted(found, key=lambda d: (d.told.times.moment is None, not is_recorded(d.mention))):
        twin = next((k for k in kept if _same(k, dose)), None)
        if twin is None:
            if other := next((k for k in kept if _contradicts(k, dose)), None):
                unclear.append((other, dose))
                continue
            if not _is_total(dose, kept):
                kept.append(dose)
            continue
        if _perhaps_two(twin, dose):
            unclear.append((twin, dose))
        kept[kept.index(twin)] = _merged(twin, dose)
    return sorted(kept, key=_place), unclear


def _place(dose: Dose) -> tuple[str, int]:
    return dose.mention.document.id, dose.mention.start


def _alike(one: Dose, other: Dose) -> bool:
    same = one.product == other.product and one.choices == other.choices
    return same and one.day == other.day


def _same(one: Dose, other: Dose) -> bool:
    """Whether two tell of one dose: as much, at the same time, or one of them without a time and not "another"."""
    if not _alike(one, other) or (other.amount is not None and one.amount is not None and one.amount != other.amount):
        return False
    if one.amount is not None and one.amount.kind == "dose" and _activity(one) != _activity(other):
        return False
    a, b = one.told.times.moment, other.told.times.moment
    if a is not None and b is not None:
        return abs(a - b) <= NEAR
    earlier = a is not None and b is None and _place(other) < _place(one) and other.told.times == Times()
    if earlier and not is_recorded(one.mention) and cue("again").search(one.mention.own):
        return False  # "received 4 mg … then a second dose of 4 mg at 2015"
    return not cue("again").search(other.mention.own)


def _activity(dose: Dose) -> Amount | None:
    """Of a product that is counted by doses, the amount that the record tells of this one."""
    return dose.told.doses[0][0] if dose.told.doses else None


def _contradicts(one: Dose, other: Dose) -> bool:
    """Whether an account without a time tells another amount than the record, and does not say that it is one more."""
    if not _alike(one, other) or one.amount is None or other.amount is None or one.amount == other.amount:
        return False
    apart = one.mention.passage != other.mention.passage
    untimed = other.told.times.moment is None
    return apart and untimed and not cue("again").search(other.mention.own)


def _is_total(dose: Dose, kept: list[Dose]) -> bool:
    """Whether an account only adds up what the record tells dose by dose."""
    mine = [k for k in kept if _alike(k, dose)]
    total = sum((k.amount.value for k in mine if k.amount), Decimal(0))
    return len(mine) > 1 and dose.told.times.moment is None and dose.amount is not None and dose.amount.value == total


def _perhaps_two(one: Dose, other: Dose) -> bool:
    """Whether two rows of one record tell the same without times: they may be two doses."""
    neither = one.told.times.moment is None and other.told.times.moment is None
    same = one.mention.passage == other.mention.passage and one.mention.sentence != other.mention.sentence
    return neither and same and is_recorded(one.mention) and None is not one.amount == other.amount


def _merged(one: Dose, other: Dose) -> Dose:
    """One dose with what either tells of it."""
    a, b = one.told, other.told
    told = replace(
        a,
        route=a.route or b.route,
        push=a.push or (b.push and not a.infusion),
        infusion=a.infusion or (b.infusion and not a.push),
        times=a.times if a.times.minutes is not None or b.times.minutes is None else b.times,
        site=a.site or b.site,
        waste=a.waste or b.waste,
        containers=a.containers or b.containers,
        single=a.single if a.single is not None else b.single,
        ndc=a.ndc or b.ndc,
    )
    return replace(one, told=told, amount=one.amount or other.amount, evidence=(*one.evidence, *other.evidence))


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
