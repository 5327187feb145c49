"""Codes of giving drugs: one initial service for each access, then what came after it, by way and time.

In a facility chemotherapy goes before therapy, therapy before hydration, an infusion before a push; for a physician
the reason of the visit is the initial service. What the record leaves open is asked, and only the lines that stand
whichever way the answer goes are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Offer, Service
from leadterm.domain import ClaimType, Code, CodeSystem, PathwayStep, Setting, Step

from .acts import CHEMO, HYDRATION, THERAPY, Act, acts, questions
from .doses import Doses

INITIAL, TIME, SEQUENCE, INJECTION, ACCESS = (
    f"CPT:infusions/{slug}" for slug in ("initial", "time", "sequence", "injection", "access")
)
APART = 30  # minutes between two pushes of one drug
GAP = 5  # minutes within which one bag follows another
SECOND = "59"
# In a facility: what is initial before what.
_ORDER = ((CHEMO, "infusion"), (CHEMO, "push"), (THERAPY, "infusion"), (THERAPY, "push"), (HYDRATION, "infusion"))
_FIRST = {
    (CHEMO, "infusion"): "96413",
    (CHEMO, "push"): "96409",
    (THERAPY, "infusion"): "96365",
    (THERAPY, "push"): "96374",
    (HYDRATION, "infusion"): "96360",
}
_LATER = {
    (CHEMO, "infusion"): "96417",
    (CHEMO, "push"): "96411",
    (THERAPY, "infusion"): "96367",
    (THERAPY, "push"): "96375",
}
_HOURS = {CHEMO: "96415", THERAPY: "96366", HYDRATION: "96361"}
_CONCURRENT, _AGAIN = "96368", "96376"
_REASON = compiled(
    r"\b(?:here|presents?|presenting|arriv\w+|scheduled|seen|visit|comes in|in clinic) (?:today )?for ([^.\n]{0,80})"
)
# The record of a dialysis: giving drugs in it is part of it.
_DIALYSIS = compiled(r"\b(?:hemo)?dialysis (?:treatment|run|session) (?:record|flowsheet|note|log)|\bvenous chamber\b")
_REPLACED = compiled(
    r"infiltrat\w*|extravasat\w*|re-?start(?:ed)? (?:the |an? )?iv|iv (?:was )?(?:replaced"
    r"|re-?sited|restarted)|dislodged|blown|re-?inserted|new iv"
)


@dataclass(frozen=True, slots=True)
class Given:
    """A code of administration before it is a line: how often, for which acts, and why."""

    code: str
    units: int
    acts: tuple[Act, ...]
    why: str
    rule: str
    second: bool = False


def administration(chart: Chart, found: Doses) -> Offer:
    """The lines of giving drugs, and what to ask of times and ways; none for an agency or a nursing facility."""
    if chart.encounter.uses_section_two or not found.given or _DIALYSIS.search(chart.text):
        return Offer()
    every = acts(found)
    services = [service for day in _days(every) for service in _of_day(chart, day, every)]
    return Offer(tuple(services), (), tuple(questions(every)))


def in_facility(chart: Chart) -> bool:
    """Whether the order of facilities holds: on their own claims, and for all that an emergency department does."""
    encounter = chart.encounter
    return encounter.claim_type is ClaimType.INSTITUTIONAL or encounter.setting is Setting.EMERGENCY


def _days(every: Sequence[Act]) -> tuple[date, ...]:
    return tuple(dict.fromkeys(act.dose.day for act in every))


def _of_day(chart: Chart, day: date, every: Iterable[Act]) -> Iterator[Service]:
    mine = [act for act in every if act.dose.day == day]
    lines = _common([_lines(chart, list(world)) for world in _worlds(mine)])
    for place, given in enumerate(lines):
        yield _service(given, day, place)


def _worlds(mine: Sequence[Act]) -> tuple[Sequence[Act], ...]:
    """The acts with what is open taken one way and the other; once where nothing is open."""
    if not any(act.way in ("untimed", "unknown") for act in mine):
        return (mine,)
    return tuple([known for act in mine for known in _taken(act, way)] for way in ("push", "infusion", "none"))


def _taken(act: Act, way: str) -> tuple[Act, ...]:
    if act.way not in ("untimed", "unknown"):
        return (act,)
    bare = way == "none" and (act.sort == HYDRATION or not act.dose.told.route)
    if bare or (act.sort == HYDRATION and way == "push"):
        return ()
    return (act.assumed("push" if way == "none" else way),)


def _common(worlds: Sequence[list[Given]]) -> list[Given]:
    """The lines that stand in every world, each with the least units."""
    first, *others = worlds
    found = []
    for given in first:
        same = [next((g for g in w if (g.code, g.second) == (given.code, given.second)), None) for w in others]
        if all(same):
            found.append(min((given, *(g for g in same if g)), key=lambda g: g.units))
    return found


# --- one day ---


def _lines(chart: Chart, mine: list[Act]) -> list[Given]:
    into_vein = [act for act in mine if act.way in ("infusion", "push")]
    accesses = _accesses(chart, into_vein)
    found = [given for n, some in enumerate(accesses) for given in _access(chart, some, n > 0)]
    return _summed([*found, *_injections(mine)])


def _accesses(chart: Chart, into_vein: list[Act]) -> list[list[Act]]:
    """The acts by access: one, unless the record names two that nobody says replaced each other."""
    sites = list(dict.fromkeys(act.site for act in into_vein if act.site))
    if len(sites) < 2 or _REPLACED.search(chart.text):
        return [into_vein]
    groups: dict[str, list[Act]] = {site: [] for site in sites}
    for act in into_vein:
        groups[act.site or sites[0]].append(act)
    return sorted(groups.values(), key=lambda some: min(_rank(act) for act in some))


def _access(chart: Chart, some: list[Act], second: bool) -> Iterator[Given]:
    """The codes of one access."""
    drugs = [act for act in some if act.sort != HYDRATION]
    water = _water(some, drugs)
    initial = _initial(chart, drugs, water)
    if initial is not None:
        yield from _of_initial(initial, drugs, second)
    yield from _later(chart, drugs, initial)
    yield from _hydration(water, first=initial is None, second=second)


def _initial(chart: Chart, drugs: list[Act], water: list[tuple[Act, int]]) -> Act | None:
    """The act that is initial; None where that is hydration, or nothing."""
    if not in_facility(chart):
        if reasons := [act for act in drugs if _is_reason(chart, act)]:
            return min(reasons, key=_rank)
        if water and any(_is_reason(chart, act) for act, _ in water):
            return None
    return min(drugs, key=_rank, default=None)


def _rank(act: Act) -> tuple[int, int, int, str]:
    """Its place in a facility's order; of equals the longer, then the earlier."""
    place = _ORDER.index((act.sort, act.way)) if (act.sort, act.way) in _ORDER else len(_ORDER)
    return place, -act.minutes, act.start if act.start is not None else 0, act.drug


def _is_reason(chart: Chart, act: Act) -> bool:
    """Whether the visit is said to be for this drug."""
    names = (*act.dose.mention.names, *(("hydration", "iv fluids", "fluids") if act.sort == HYDRATION else ()))
    return any(name in said[1] for said in _REASON.finditer(chart.text) for name in names)


def _of_initial(initial: Act, drugs: list[Act], second: bool) -> Iterator[Given]:
    same = [act for act in drugs if act.drug == initial.drug and act.way == "infusion" == initial.way] or [initial]
    minutes = sum(act.minutes for act in same)
    what = f"{initial.way} of {minutes} minutes" if minutes else initial.way
    yield Given(_FIRST[initial.sort, initial.way], 1, tuple(same), f"the initial service, {what}", INITIAL, second)
    if initial.way == "infusion" and (hours := further_hours(minutes)):
        yield Given(_HOURS[initial.sort], hours, tuple(same), f"{hours} further of {minutes} minutes", TIME)


def _later(chart: Chart, drugs: list[Act], initial: Act | None) -> Iterator[Given]:
    """What came beside and after the initial service."""
    infused = [act for act in drugs if act.way == "infusion"]
    given = [initial.drug] if initial else []
    for drug in dict.fromkeys(act.drug for act in infused if act.drug not in given):
        yield from _infused(drug, infused)
    given.extend(act.drug for act in infused)
    pushes = sorted(
        (act for act in drugs if act.way == "push"), key=lambda act: (act.start is None, act.start or 0, act.drug)
    )
    for drug in dict.fromkeys(act.drug for act in pushes):
        mine = [act for act in pushes if act.drug == drug]
        yield from _pushed(mine, new=drug not in given, facility=in_facility(chart))


def _infused(drug: str, infused: list[Act]) -> Iterator[Given]:
    mine = [act for act in infused if act.drug == drug]
    others = [act for act in infused if act.drug != drug]
    sort, minutes = mine[0].sort, sum(act.minutes for act in mine)
    if sort == THERAPY and any(act.overlaps(other) for act in mine for other in others if _before(other, act)):
        yield Given(_CONCURRENT, 1, tuple(mine), "infused while another drug was, once a day", SEQUENCE)
        return
    yield Given(_LATER[sort, "infusion"], 1, tuple(mine), f"another drug, infused for {minutes} minutes", SEQUENCE)
    if hours := further_hours(minutes):
        yield Given(_HOURS[sort], hours, tuple(mine), f"{hours} further of {minutes} minutes", TIME)


def _before(one: Act, other: Act) -> bool:
    """Of two infusions at the same time the one that the other is concurrent with."""
    return (_rank(one), one.drug) < (_rank(other), other.drug)


def _pushed(mine: list[Act], new: bool, facility: bool) -> Iterator[Given]:
    first, *more = mine
    if new:
        yield Given(_LATER[first.sort, "push"], 1, (first,), "a push of another drug", SEQUENCE)
    else:
        more = mine[1:] if first.start is None or len(mine) > 1 else []
    if facility and first.sort == THERAPY:
        last = first
        for act in more:
            if act.start is not None and last.start is not None and act.start - last.start > APART:
                yield Given(
                    _AGAIN, 1, (act,), f"the same drug pushed again {act.start - last.start} minutes later", SEQUENCE
                )
                last = act


# --- hydration ---


def _water(some: list[Act], drugs: list[Act]) -> list[tuple[Act, int]]:
    """The hydrations with the minutes in which nothing else ran; bags that follow one another are one."""
    bags = sorted((a for a in some if a.sort == HYDRATION and a.minutes), key=lambda a: (a.start or 0, a.stop or 0))
    runs: list[tuple[Act, int, int]] = []
    for bag in bags:
        begin, end = bag.start or 0, bag.stop or 0
        if runs and begin <= runs[-1][2] + GAP:
            runs[-1] = (runs[-1][0], runs[-1][1], max(end, runs[-1][2]))
        else:
            runs.append((bag, begin, end))
    others = [(a.start, a.stop) for a in drugs if a.way == "infusion" and a.start is not None and a.stop is not None]
    return [(bag, alone) for bag, begin, end in runs if (alone := _alone(begin, end, others)) > APART]


def _alone(begin: int, end: int, others: Iterable[tuple[int, int]]) -> int:
    """The minutes of a stretch that no other stretch covers."""
    busy = {minute for start, stop in others for minute in range(max(begin, start), min(end, stop))}
    return end - begin - len(busy)


def _hydration(water: list[tuple[Act, int]], first: bool, second: bool) -> Iterator[Given]:
    if not water:
        return
    bags, minutes = tuple(bag for bag, _ in water), sum(alone for _, alone in water)
    hours = further_hours(minutes)
    if first:
        yield Given("96360", 1, bags, f"the initial service, hydration of {minutes} minutes", INITIAL, second)
    if later := hours if first else hours + 1:
        yield Given("96361", later, bags, f"hydration of {minutes} minutes with nothing beside it", TIME)


def further_hours(minutes: int) -> int:
    """Hours beyond the first: each counts from its 31st minute."""
    return max(0, (minutes - 31) // 60)


# --- injections ---


def _injections(mine: Iterable[Act]) -> Iterator[Given]:
    for act in mine:
        if act.way == "injection":
            yield Given(_injection(act), act.dose.told.fold, (act,), "an injection", INJECTION)
        elif act.way == "pump":
            yield Given("96416", 1, (act,), "a pump started that runs for many hours", TIME)
        elif act.way == "under skin":
            minutes = act.minutes
            yield Given("96369", 1, (act,), f"an infusion under the skin of {minutes} minutes", TIME)
            if hours := further_hours(minutes):
                yield Given("96370", hours, (act,), f"{hours} further of {minutes} minutes", TIME)


def _injection(act: Act) -> str:
    kind = act.dose.product.kind if act.dose.product else ""
    return {"hormonal": "96402", "chemo": "96401"}.get(kind, "96372")


def _summed(found: Iterable[Given]) -> list[Given]:
    """One line for each code and access; a concurrent infusion counts once a day."""
    lines: dict[tuple[str, bool], Given] = {}
    for given in found:
        key = (given.code, given.second)
        old = lines.get(key)
        units = given.units if old is None else old.units + (0 if given.code == _CONCURRENT else given.units)
        whole = (*(old.acts if old else ()), *given.acts)
        lines[key] = Given(given.code, units, whole, old.why if old else given.why, given.rule, given.second)
    return list(lines.values())


def _service(given: Given, day: date, place: int) -> Service:
    """The line of an administration, with its reason."""
    evidence = tuple(dict.fromkeys(e for act in given.acts for e in act.dose.evidence))
    names = ", ".join(dict.fromkeys(" ".join(act.dose.name.split()) for act in given.acts))
    step = PathwayStep(Step.GUIDELINE, f"{names}: {given.why}. {reason(given.rule)}", given.rule)
    service = Service(
        Code(CodeSystem.CPT, given.code),
        "administration",
        evidence,
        (step,),
        (),
        0.75,
        (7, place),
        units=Decimal(given.units),
        day=day,
    )
    if not given.second:
        return service
    return service.modified(SECOND, f"a second access. {reason(ACCESS)}", ACCESS)
