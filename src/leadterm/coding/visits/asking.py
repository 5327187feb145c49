"""What is asked about visits: new or established, the first or a later day, where the note leaves it open."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.chart import Chart
from leadterm.coding.querying._asking import query
from leadterm.coding.services.payers import is_medicare
from leadterm.domain import Query, Setting

from . import levels, preventive
from .families import family
from .notes import Note, notes
from .reading import sheets

REASON = "service"


def new_or_established(chart: Chart) -> Iterator[Query]:
    """The question for each visit whose family parts the two and whose note does not tell; its level is told apart."""
    for note, kind, sheet in sheets(chart):
        if kind.name == "preventive":
            yield from _preventive(chart, note, sheet.open is not None)
        elif sheet.open is not None and sheet.code is not None:
            other = levels.beside(sheet.code, sheet.open, sheet.day or chart.on)
            yield _question(note, tuple(c for c in (sheet.code, other) if c))


def _question(note: Note, codes: tuple[str, ...]) -> Query:
    return query(
        REASON,
        "The note of this visit does not settle whether a provider of the same group and specialty saw the patient in "
        "person within the three years before. Which was it?",
        codes,
        ("a new patient", "an established patient"),
        (note.title or note.quote(*note.sentences[0]),),
    )


def _preventive(chart: Chart, note: Note, is_open: bool) -> Iterator[Query]:
    if preventive.chosen(chart, note, True) is None:
        if is_medicare(chart):
            yield query(
                REASON,
                "The note tells of an annual wellness visit. Was it the patient's first one, or a later one?",
                ("G0438", "G0439"),
                ("the first annual wellness visit", "a later annual wellness visit"),
                (note.title or note.quote(*note.sentences[0]),),
            )
        return
    new, old = (preventive.chosen(chart, note, known) for known in (False, True))
    if is_open and new and old and new[0] != old[0]:
        yield _question(note, (new[0], old[0]))


def which_hospital_care(chart: Chart) -> Iterator[Query]:
    """The question for a note from a hospital that tells neither the first day nor a later one."""
    if chart.encounter.setting is not Setting.INPATIENT:
        return
    for note in notes(chart):
        if note.kind == "" and family(chart, note) is None:
            yield query(
                REASON,
                "The note does not say which day of hospital care it tells of. Which was it?",
                (),
                ("the initial visit of this stay", "a later visit of this stay", "the day of discharge"),
                (note.quote(*note.sentences[0]),),
            )
