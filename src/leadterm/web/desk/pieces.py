"""The parts of a chart's page that an action changed: each replaces the one that the page has, by its id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadterm.app.desk import Opened

from .marks import block_html, changed, marked, touched
from .rooms import Room, chart_path, readable
from .view import FAMILIES, Row, View


def pieces(room: Room, before: Opened, after: Opened, old: View, new: View) -> str:
    """What differs between two states of a chart, as elements for an out-of-band swap."""
    templates = room.site.templates.get_template("desk/_pieces.html").module
    head = _head(room, templates, after, old, new)
    parts = (*head, *_parts(templates, after, old, new), *_rows(templates, after, old, new), *_text(before, after))
    return readable("".join(parts))


def is_told_anew(before: Opened, after: Opened) -> bool:
    """Whether the chart was described otherwise between the two: then more of the page differs than its pieces say."""
    return before.work.encounter != after.work.encounter or before.work.coded.facts != after.work.coded.facts


def _head(room: Room, templates: Any, after: Opened, old: View, new: View) -> Iterator[str]:
    if old.finished != new.finished:
        chart = after.chart
        yield str(templates.codes_head(new, chart_path(chart.id), chart.practice, room.keys["add"], True))


def _parts(templates: Any, after: Opened, old: View, new: View) -> Iterator[str]:
    home = chart_path(after.chart.id)
    yield str(templates.version(new, True))
    yield str(templates.said(new, True))
    if _bar(old) != _bar(new):
        yield str(templates.bar(new, home, True))
    if old.remarks != new.remarks:
        yield str(templates.findings(new, True))
    if old.obstacles != new.obstacles or old.finished != new.finished:
        yield str(templates.obstacles(new, True))
    if old.queries != new.queries:
        yield str(templates.queries(new, home, True))
    if old.recorded != new.recorded:
        yield str(templates.leads(new, True))
    if _worth(old) != _worth(new):
        yield str(templates.worth(home, True))
    if _out(old) != _out(new):
        yield str(templates.out(new, home, True))


def _bar(view: View) -> tuple[Any, ...]:
    return view.undo, view.redo, view.finished, view.open, len(view.obstacles)


def _worth(view: View) -> tuple[Any, ...]:
    """What the groupers look at."""
    return tuple((r.code, r.place, r.status, r.poa, r.units, r.modifiers) for part in view.rows for r in part)


def _out(view: View) -> tuple[Any, ...]:
    """What the claim looks at: the codes with all their particulars, and which errors are permitted."""
    permits = tuple((r.rule, r.about, r.permitted) for r in view.remarks)
    return view.rows, permits, view.finished, bool(view.obstacles)


def _rows(templates: Any, after: Opened, old: View, new: View) -> Iterator[str]:
    """The rows that changed; the whole list where their order did."""
    home = chart_path(after.chart.id)
    for part, (earlier, now) in enumerate(zip(old.rows, new.rows, strict=True)):
        if earlier == now:
            continue
        if [r.id for r in earlier] != [r.id for r in now]:
            yield str(templates.rows(part, FAMILIES[part], now, home, True))
            continue
        yield from (str(templates.row(row, home, True)) for row in _changed(earlier, now))


def _changed(earlier: tuple[Row, ...], now: tuple[Row, ...]) -> Iterator[Row]:
    return (row for was, row in zip(earlier, now, strict=True) if was != row)


def _text(before: Opened, after: Opened) -> Iterator[str]:
    """The blocks of text in which a mark came, went or looks otherwise."""
    if not (other := changed(before.work, after.work)):
        return
    within = marked(after.work)
    # A page that has other documents is loaded anew; until then, what it has not cannot be put into it.
    there = before.work.encounter.documents
    for number, document in enumerate(after.work.encounter.documents):
        if there[number : number + 1] != (document,):
            continue
        for block in touched(document, number, other):
            yield block_html(block, document.text, within(block), swap=True)
