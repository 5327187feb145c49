"""What the room offers: the services that visits come to, and what must be asked or told about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from leadterm.codesets.payment.fees import RelativeValues
from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Offer, Service
from leadterm.domain import (
    Alternative,
    ClaimType,
    Code,
    CodeSystem,
    Evidence,
    Finding,
    PathwayStep,
    Severity,
    Step,
)

from . import levels, newborn, preventive, times, transition
from .asking import new_or_established, which_hospital_care
from .billed import compared
from .facility import facility
from .families import Family
from .modifiers import allows_complexity, minor_procedure, modified, separate
from .notes import Note, day_of, notes
from .problems import LEVELS
from .reading import judged, sheets, visits
from .sheet import Axis, Element, Level, Worksheet
from .wording import worded

CONFIDENCE = 0.6
SHOWN = 3  # elements of an axis among the evidence
_SUPERVISED = worded("offering.supervised")
_ONGOING = worded("offering.ongoing")


def read(chart: Chart) -> Offer:
    """The visits of a chart as services; nothing for the claim of a facility but what CMS lets it say."""
    if chart.encounter.claim_type is ClaimType.INSTITUTIONAL:
        return facility(chart)
    if not notes(chart) and not newborn.days(chart):
        return Offer()
    services = tuple(_valid(chart, _services(chart)))
    asked = (*new_or_established(chart), *which_hospital_care(chart))
    return Offer(services, (*compared(chart), *_included(chart)), asked)


def _valid(chart: Chart, services: Iterator[Service]) -> Iterator[Service]:
    """The services whose codes the installed releases know on the day; a CPT number stands by its shape without one."""
    values = chart.book.find(RelativeValues, chart.on)
    for service in services:
        if service.code.system is CodeSystem.HCPCS:
            if chart.book.lookup(service.code) is not None and chart.book.valid_on(
                service.code, service.day or chart.on
            ):
                yield service
        elif values is None or values.value(service.code.value) is not None:
            yield service


def _services(chart: Chart) -> Iterator[Service]:
    if days := newborn.days(chart):
        yield from (_newborn(chart, d) for d in days)
        return
    for note, kind in visits(chart):
        if kind.name in ("critical", "nurse") or kind.name.endswith("discharge"):
            yield from _by_kind(chart, note, kind)
    for note, kind, sheet in sheets(chart):
        if critical := tuple(_critical(chart, note, kind)):
            yield from critical
        elif kind.name == "preventive":
            yield from _preventive(chart, note, kind, sheet)
        elif sheet.open is None and sheet.code is not None:
            yield from _visit(chart, note, kind, sheet)


def _newborn(chart: Chart, day: newborn.Day) -> Service:
    step = PathwayStep(Step.GUIDELINE, day.why, newborn.RULE)
    code = Code(CodeSystem.CPT, day.code)
    return Service(
        code, "visit", (day.words,), (step,), confidence=CONFIDENCE, rank=(0,), units=Decimal(1), day=day.day
    )


def _started(
    chart: Chart, note: Note, kind: Family, code: str, evidence: tuple[Evidence, ...], units: int = 1
) -> Service:
    """A service of a note, with the step that names its family."""
    told = "; ".join(why for why, _ in kind.told if why)
    words = tuple(w for _, w in kind.told if w)
    shown = tuple(dict.fromkeys((*evidence, *words))) or (_head(note),)
    system = CodeSystem.CPT if code.isdigit() else CodeSystem.HCPCS
    title = chart.book.lookup(Code(system, code)) if system is CodeSystem.HCPCS else None
    return Service(
        Code(system, code),
        "visit",
        shown,
        (PathwayStep(Step.GUIDELINE, f"{kind.name}: {told}", "CPT:EM/family"),),
        confidence=CONFIDENCE,
        rank=(0,),
        units=Decimal(units),
        day=day_of(chart, note),
        description=title.description if title else None,
    )


def _head(note: Note) -> Evidence:
    return note.title or note.quote(*note.sentences[0])


def _by_kind(chart: Chart, note: Note, kind: Family) -> Iterator[Service]:
    if kind.name == "nurse":
        yield from _nurse(chart, note, kind)
    elif kind.name == "critical":
        yield from _critical(chart, note, kind)
    else:
        yield from _discharge(chart, note, kind)


def _nurse(chart: Chart, note: Note, kind: Family) -> Iterator[Service]:
    """The lowest code, where a provider's supervision is told."""
    words = next((w for _, w in note.said(_SUPERVISED)), None)
    if words is None:
        return
    code = "99281" if kind.told[0][0].endswith(("emergency", "23")) else "99211"
    yield _started(chart, note, kind, code, (words,)).stepped(
        "a nurse's visit under a provider's supervision", "MCPM:12.30.6.4/nurse-visit"
    )


def _discharge(chart: Chart, note: Note, kind: Family) -> Iterator[Service]:
    """The day of discharge by its time; none before the rules that are known."""
    spent, on = times.leaving(note), day_of(chart, note) or chart.on
    known = levels.codes(kind.name, on)
    if not known:
        return
    code = levels.by_time(kind.name, spent.minutes if spent else 0, on) or known[0].code
    told = f"{spent.minutes} minutes are documented" if spent else "no time is documented: 30 minutes or less"
    service = _started(chart, note, kind, code, (spent.evidence,) if spent else ()).stepped(told, "CPT:EM/discharge")
    yield modified(chart, note, kind, service)


def _critical(chart: Chart, note: Note, kind: Family) -> Iterator[Service]:
    """Critical care by its time, where the place is one and the time is told."""
    if kind.name not in ("critical", "emergency") and not kind.name.startswith("hospital"):
        return
    spent = times.critical(note)
    if spent is None or (chart.age is not None and chart.age < levels.CRITICAL_AGE and kind.name != "emergency"):
        return
    medicare = is_medicare(chart)
    for code, units in levels.critical(spent.minutes, medicare):
        service = _started(chart, note, kind, code, (spent.evidence,), units)
        service = service.stepped(f"{spent.minutes} minutes of critical care", "CPT:EM/critical-care")
        if code == "99292" or (medicare and spent.minutes >= levels.CRITICAL_MORE):
            service = _half_hours(service, medicare)
        yield modified(chart, note, kind, service)


def _half_hours(service: Service, medicare: bool) -> Service:
    if medicare:
        text = "Medicare: the first further half hour is whole at 104 minutes"
        return service.stepped(text, "MCPM:12.30.6.12/critical-care")
    return service.stepped("a further half hour counts from 75 minutes; Medicare asks for 104", "CPT:EM/critical-care")


def _visit(chart: Chart, note: Note, kind: Family, sheet: Worksheet) -> Iterator[Service]:
    """The visit with its level, what time adds to it, and Medicare's code for ongoing care."""
    code = sheet.code
    if code is None or (code == sheet.by_decision and _unmanaged(sheet)):
        return
    if after := transition.transition(chart, note, sheet):
        yield _started(chart, note, kind, after[0], (after[2], *_evidence(sheet))).stepped(after[1], transition.RULE)
        return
    service = _levelled(_started(chart, note, kind, code, _evidence(sheet)), kind, sheet)
    service = modified(chart, note, kind, service, sheet)
    if (minor := minor_procedure(chart, note)) and "57" not in service.modifiers:
        beside = separate(note, sheet)
        if beside is None:
            return
        why, words = beside
        shown = f": “{' '.join(words.text.split())}”" if words else ""
        service = service.modified("25", f"beside {minor[0]}; {why}{shown}", "MCPM:12.30.6.6/25")
    yield service
    yield from _longer(chart, note, kind, sheet)
    yield from _ongoing(chart, note, kind, sheet, service)


def _unmanaged(sheet: Worksheet) -> bool:
    """Whether a grave problem stands alone: what was done about it is told in words that were not read."""
    return sheet.decision.problems >= Level.MODERATE and not sheet.on(Axis.DATA) and not sheet.on(Axis.RISK)


def _levelled(service: Service, kind: Family, sheet: Worksheet) -> Service:
    """The service with the steps of its level."""
    if sheet.family.endswith(("-new", "-established")):
        service = service.stepped(sheet.told[-1][0], "CPT:EM/new-established")
    if kind.name.startswith("consult") or any("consultation" in why for why, _ in kind.told):
        service = service.stepped(kind.told[-1][0], "CPT:EM/consultation")
    if kind.name == "hospital-same-day":
        service = service.stepped("admitted and discharged on one day", "CPT:EM/same-day")
    for axis in Axis:
        names = "; ".join(f"{e.name} ({e.why})" for e in sheet.on(axis)) or "nothing documented"
        service = service.stepped(f"{axis}: {sheet.decision.of(axis).word}: {names}", f"CPT:EM/{axis}")
    told = sheet.decision
    service = service.stepped(
        f"two of three: {told.level.word}, {sheet.by_decision or 'no code'}", "CPT:EM/two-of-three"
    )
    if sheet.time:
        service = service.stepped(
            f"total time {sheet.time.minutes} minutes: {sheet.by_time or 'no code'}", "CPT:EM/time"
        )
    return replace(service, alternatives=tuple(_other_way(sheet)))


def _other_way(sheet: Worksheet) -> Iterator[Alternative]:
    """The code of the way that supports less."""
    if sheet.by_decision and sheet.by_decision != sheet.code:
        yield Alternative(sheet.by_decision, "by medical decision making; the documented time supports another")
    if sheet.by_time and sheet.by_time != sheet.code:
        yield Alternative(sheet.by_time, "by total time; medical decision making supports another")


def _evidence(sheet: Worksheet) -> tuple[Evidence, ...]:
    """The sentences behind the elements that decide, the gravest first, and the time."""
    found = [e.evidence[0] for axis in Axis for e in _gravest(sheet, axis) if e.evidence]
    return tuple(dict.fromkeys((*found, *((sheet.time.evidence,) if sheet.time else ()))))


def _gravest(sheet: Worksheet, axis: Axis) -> list[Element]:
    kept = sheet.on(axis)
    return sorted(kept, key=lambda e: -max(e.level, LEVELS[e.kind][0] if axis is Axis.PROBLEMS else 0))[:SHOWN]


def _longer(chart: Chart, note: Note, kind: Family, sheet: Worksheet) -> Iterator[Service]:
    """Prolonged service, where time chose the highest level."""
    if sheet.time is None or sheet.by_time is None or sheet.by_time != sheet.code:
        return
    medicare = is_medicare(chart)
    found = levels.prolonged(sheet.by_time, sheet.time.minutes, medicare, sheet.day or chart.on)
    if found is None:
        return
    code, units, start = found
    text = f"{sheet.time.minutes} minutes; whole units of 15 minutes, the first complete at {start}"
    yield _started(chart, note, kind, code, (sheet.time.evidence,), units).stepped(
        text, "PFS:2024/prolonged" if medicare else "CPT:EM/prolonged"
    )


def _ongoing(chart: Chart, note: Note, kind: Family, sheet: Worksheet, visit: Service) -> Iterator[Service]:
    """Medicare's code for care that goes on, where the note tells of the relationship."""
    on = sheet.day or chart.on
    if kind.name not in ("office", "preventive") or not is_medicare(chart) or on.year < 2024:
        return
    if "25" in visit.modifiers and (on.year < 2025 or not allows_complexity(chart, ())):
        return
    words = next((w for _, w in note.said(_ONGOING)), None)
    if words is not None:
        yield _started(chart, note, kind, "G2211", (words,)).stepped(
            "the provider is the focus of ongoing care", "PFS:2024/complexity"
        )


def _preventive(chart: Chart, note: Note, kind: Family, sheet: Worksheet) -> Iterator[Service]:
    """The preventive visit by age or Medicare's own, and the problem visit of the day beside it."""
    chosen = preventive.chosen(chart, note, None if sheet.open else sheet.family.endswith("-established"))
    if chosen is None:
        return
    code, why, words, rule = chosen
    service = _started(chart, note, kind, code, (words,) if words else ()).stepped(why, rule)
    yield modified(chart, note, kind, service)
    sheet = judged(chart, replace(sheet, elements=preventive.of_problems(sheet, note)))
    if sheet.open is None and sheet.by_decision and preventive.significant(sheet, note):
        visit = _levelled(
            _started(chart, note, kind, sheet.by_decision, _evidence(replace(sheet, time=None))),
            kind,
            replace(sheet, time=None),
        )
        visit = visit.modified("25", "significant work on a problem beside a preventive visit", "CPT:EM/preventive")
        yield modified(chart, note, kind, visit)
        yield from _ongoing(chart, note, kind, sheet, visit)


def _included(chart: Chart) -> Iterator[Finding]:
    """What is told of a visit that is part of the minor procedure done at it."""
    for note, kind, sheet in sheets(chart):
        if kind.name == "preventive" or sheet.code is None or sheet.open:
            continue
        minor = minor_procedure(chart, note)
        if minor and separate(note, sheet) is None:
            rule = "MCPM:12.30.6.6/25"
            yield Finding(
                "s0",
                rule,
                Severity.INFO,
                f"The only problem of the visit is the one that {minor[0]} treats: to decide for a minor procedure is "
                "part of it.",
                None,
                source=reason(rule),
                evidence=(minor[1],) if minor[1] else (),
            )
