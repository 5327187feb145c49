"""From a note to its worksheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from leadterm.coding.chart import Chart
from leadterm.domain import Evidence

from . import levels
from .data import data
from .families import PARTED, Family, family
from .known import known
from .notes import Note, day_of, notes
from .problems import problems
from .risk import risks
from .sheet import Axis, Decision, Element, Level, Spent, Worksheet
from .times import total

LATER_DAYS = ("hospital-subsequent", "nursing-subsequent")
UNKNOWN = Decision(Level.NONE, Level.NONE, Level.NONE)


def worksheets(chart: Chart) -> tuple[Worksheet, ...]:
    """The worksheet of each visit of a chart whose level is by decision making or time, in order of the record."""
    return chart.once("visits.worksheets", lambda: tuple(s for _, _, s in sheets(chart)))


def sheets(chart: Chart) -> tuple[tuple[Note, Family, Worksheet], ...]:
    """The same, each with its note and family, those of one day and family together."""
    return chart.once("visits.sheets", lambda: tuple(_sheets(chart)))


def visits(chart: Chart) -> tuple[tuple[Note, Family], ...]:
    """The notes of visits with their families; a note of a family that cannot be told is left out."""
    return chart.once(
        "visits.families", lambda: tuple((n, f) for n in notes(chart) if (f := family(chart, n)) is not None)
    )


def _sheets(chart: Chart) -> Iterator[tuple[Note, Family, Worksheet]]:
    found: dict[tuple[date | None, str], tuple[Note, Family, Worksheet]] = {}
    for note, kind in visits(chart):
        sheet = worksheet(chart, note, kind)
        if sheet is None:
            continue
        sheet = _carried(chart, sheet, [s for _, _, s in found.values()])
        key = (sheet.day, sheet.family)
        found[key] = (*found[key][:2], _together(chart, found[key][2], sheet)) if key in found else (note, kind, sheet)
    yield from found.values()


def _carried(chart: Chart, sheet: Worksheet, earlier: Sequence[Worksheet]) -> Worksheet:
    """A later day of a stay that names no problem goes on with those of the day before."""
    if sheet.family not in LATER_DAYS or sheet.on(Axis.PROBLEMS):
        return sheet
    site = sheet.family.partition("-")[0]
    before = next((s for s in reversed(earlier) if s.family.startswith(site) and s.on(Axis.PROBLEMS)), None)
    return judged(chart, replace(sheet, elements=(*before.on(Axis.PROBLEMS), *sheet.elements))) if before else sheet


def worksheet(chart: Chart, note: Note, kind: Family) -> Worksheet | None:
    """The worksheet of a note; None where its family knows no level by decision making on that day."""
    name, other, told = _named(chart, note, kind)
    day = day_of(chart, note)
    if not levels.codes(name, day or chart.on) or name.endswith("discharge"):
        return None
    elements = (*problems(note), *data(chart, note), *risks(note, name))
    sheet = Worksheet((note.document.id,), day, name, told, elements, UNKNOWN, total(note), open=other)
    return judged(chart, sheet)


def _named(chart: Chart, note: Note, kind: Family) -> tuple[str, str | None, tuple[tuple[str, Evidence | None], ...]]:
    """The family with new or established where that matters, and the other one where the note leaves it open."""
    if kind.name not in PARTED:
        return kind.name, None, kind.told
    base = "office" if kind.name == "preventive" else kind.name
    is_known, why, words = known(chart, note)
    told = (*kind.told, (why, words))
    if is_known is None and (captured := _captured(chart, base)):
        return captured, None, (*kind.told, ("the captured charge says which", None))
    if is_known is None:
        return f"{base}-new", f"{base}-established", told
    return f"{base}-{'established' if is_known else 'new'}", None, told


def _captured(chart: Chart, base: str) -> str | None:
    """The family that a captured charge of the place names."""
    codes = (c.code.value for c in chart.encounter.charges if c.code)
    found = (levels.family_of(code) for code in codes)
    return next((f for f in found if f and f.startswith(f"{base}-")), None)


def judged(chart: Chart, sheet: Worksheet) -> Worksheet:
    """The worksheet with its levels and codes."""
    decision, on = levels.decided(sheet.elements), sheet.day or chart.on
    by_decision = levels.by_decision(sheet.family, decision.level, on) if decision.problems else None
    by_time = levels.by_time(sheet.family, sheet.time.minutes, on) if sheet.time else None
    return replace(sheet, decision=decision, by_decision=by_decision, by_time=by_time)


def _together(chart: Chart, one: Worksheet, other: Worksheet) -> Worksheet:
    """Two notes of one day and family as one visit."""
    elements: dict[tuple[str, str, str], Element] = {}
    for element in (*one.elements, *other.elements):
        elements.setdefault((element.axis, element.kind, element.name), element)
    times: list[Spent] = [s.time for s in (one, other) if s.time]
    joined = replace(
        one,
        documents=(*one.documents, *other.documents),
        elements=tuple(elements.values()),
        time=max(times, key=lambda t: t.minutes, default=None),
    )
    return judged(chart, joined)
