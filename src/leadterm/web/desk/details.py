"""Why this code: its words, the way that led to it, its notes and what they mean on this chart, what was considered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from leadterm.app.desk import Opened
from leadterm.desk import RejectReason
from leadterm.desk.work import CHARGES
from leadterm.domain import Assignment, CodeSystem, Document, Evidence, InputError, PathwayStep, Status, Step
from leadterm.pipeline import authority
from leadterm.records import in_words
from leadterm.web.printed import NoteGroup, Printed, all_notes

from .chart_pages import seen
from .rooms import Room, chart_path, is_fragment, to
from .view import Row

STEPS = {
    Step.INDEX: "Alphabetic Index",
    Step.TITLE: "Title",
    Step.INCLUSION: "Inclusion term",
    Step.LEXICON: "Lexicon",
    Step.MAP: "Map",
    Step.TABULAR: "Tabular List",
    Step.TABLE: "Table",
    Step.GUIDELINE: "Guideline",
}
# What a note wants of the other codes: the sentence where one of its codes is on the chart, and where none is.
CONSEQUENCE = {
    "excludes1": ("stands on this chart too: the two are not coded together, unless unrelated (I.A.12.a).", ""),
    "excludes2": ("stands on this chart too, which this note allows (I.A.12.b).", ""),
    "code_first": ("is on this chart; it stands before this code (I.A.13).", "None of these is on this chart."),
    "use_additional": ("is on this chart.", "None of these is on this chart: add it where the record supports it."),
    "code_also": ("is on this chart.", "None of these is on this chart."),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of the way: where it was taken, what it says, and the authority of the rule that took it."""

    where: str
    text: str
    rule: str
    authority: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the notes of one kind mean on this chart."""

    group: NoteGroup
    meets: tuple[str, ...]
    sentence: str


def details(room: Room, request: Request) -> Response:
    """Everything behind one code: a fragment for scripts, a page without them."""
    opened = room.chart(request)
    name = request.path_params["assignment"]
    if opened is None:
        return to(chart_path(request.path_params["chart"]))
    try:
        assignment = opened.work.assignment(name)
    except InputError:
        raise HTTPException(404, "That code is no longer on this chart.") from None
    row = next(r for part in seen(opened).rows for r in part if r.id == name)
    # In the page of a chart the panel stands below the heading of its family.
    template, level = ("desk/_details.html", 4) if is_fragment(request) else ("desk/details.html", 2)
    return room.page(request, template, _values(room, opened, assignment, row) | {"level": level})


def _values(room: Room, opened: Opened, assignment: Assignment, row: Row) -> dict[str, object]:
    documents = {d.id: (n, d) for n, d in enumerate(opened.work.encounter.documents)}
    return {
        "a": assignment,
        "row": row,
        "home": chart_path(opened.chart.id),
        "chart": opened.chart,
        "version": opened.number,
        "evidence": [
            (e, documents[e.document][0], documents[e.document][1].type, place_of(e, documents[e.document][1]))
            for e in assignment.evidence
        ],
        "way": [_taken(step) for step in assignment.pathway],
        "meanings": list(_meanings(room, opened, assignment)),
        "reasons": list(RejectReason),
        "charge_line": row.family == CHARGES,
        "findings": [f for f in opened.findings if assignment.id in f.assignments],
    }


def place_of(evidence: Evidence, document: Document) -> str:
    """Where the words stand in the original, in words; empty where the document is the original."""
    return in_words(evidence.source, document) if evidence.source else ""


def _taken(step: PathwayStep) -> Taken:
    return Taken(STEPS[step.step], step.text, step.rule or "", authority(step.rule) if step.rule else "")


def _meanings(room: Room, opened: Opened, assignment: Assignment) -> Iterator[Meaning]:
    if assignment.code.system is not CodeSystem.ICD10CM:
        return
    on = opened.work.coded.on
    entry = room.book.lookup(assignment.code, on=on)
    if entry is None:
        return
    others = [
        a.code.value for a in opened.work.coded.diagnoses if a.id != assignment.id and a.status is not Status.REJECTED
    ]
    for group in all_notes(entry.notes, assignment.code.value, room.book.tree_for(on)):
        meets = tuple(dict.fromkeys(_meets(group, others)))
        there, absent = CONSEQUENCE.get(group.kind, ("", ""))
        sentence = f"{', '.join(meets)} {there}" if meets and there else absent
        yield Meaning(group, meets, sentence)


def _meets(group: NoteGroup, others: Iterable[str]) -> Iterator[str]:
    """The codes of the chart that a note of the group names, by itself or by what stands above it."""
    # What a chapter excludes from its neighbours (Excludes2) holds for nearly every chart and tells nothing.
    telling = (s for s in group.standing if group.kind != "excludes2" or s.at is None or s.at.kind != "chapter")
    notes = [note for standing in telling for note in standing.notes]
    for code in others:
        if any(_names(note, code) for note in notes):
            yield code


def _names(note: Printed, code: str) -> bool:
    text = "".join(piece.text for piece in note.pieces)
    nodes = [piece.to.code for piece in note.pieces if piece.to]
    if any(code == node or code.startswith(node) for node in nodes):
        return True
    ranges = pairwise(nodes)
    return any(
        f"{low}-{high}" in text and low <= code[: len(low)] and code[: len(high)] <= high for low, high in ranges
    )
