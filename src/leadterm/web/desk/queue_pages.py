"""The queue: charts are opened from files, from pasted text, from samples and coding cases; picked, and removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from leadterm.app.desk import ChartMissing
from leadterm.app.samples import sample, sample_names
from leadterm.cases import find_case, load_cases
from leadterm.domain import (
    ClaimType,
    DataMissing,
    Document,
    Encounter,
    InputError,
    LeadtermError,
    Setting,
    Sex,
)
from leadterm.records import BadRow, Overrides, read_uploads
from leadterm.storage import now
from leadterm.web.uploads import Sent

from . import fields
from .chart_pages import refused
from .rooms import NO_CHART, Room, chart_path, to

Form = Mapping[str, str]
# So many charts are taken from one file; a corpus belongs to `leadterm code`.
MOST_CHARTS = 200
PAGE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What the queue says of a file that was just given: how many charts came of it, and what could not be read."""

    opened: int
    troubles: tuple[str, ...]


def queue(room: Room, request: Request, told: Told | None = None, status: int = 200) -> Response:
    """The charts, the one changed last first, and the ways to open another."""
    charts = room.desk.queue()
    wanted = request.query_params.get("show", "open")
    practice = [c for c in charts if c.practice]
    own = [c for c in charts if not c.practice]
    shown = {
        "open": [c for c in own if c.finished is None],
        "finished": [c for c in own if c.finished is not None],
        "practice": practice,
    }
    kind = wanted if wanted in shown else "open"
    values = {
        "charts": shown[kind][:PAGE],
        "more": max(len(shown[kind]) - PAGE, 0),
        "show": kind,
        "counts": {name: len(found) for name, found in shown.items()},
        "told": told,
        "samples": samples(),
        "settings": list(Setting),
        "claim_types": list(ClaimType),
        "sexes": list(Sex),
    }
    return room.page(request, "desk/queue.html", values, status)


def open_charts(room: Room, request: Request, sent: Sent) -> Response:
    """Opens what was given; one chart is shown at once, of several the queue tells."""
    try:
        found = list(_given(sent, _overrides(sent.fields)))
    except LeadtermError as error:
        return queue(room, request, Told(0, (str(error),)), 400)
    charts = [item for item in found if isinstance(item, Encounter)]
    troubles = [f"{item.id}: {item.error}" for item in found if isinstance(item, BadRow)]
    if len(charts) > MOST_CHARTS:
        sentence = (
            f"That is {len(charts)} charts; the desk opens {MOST_CHARTS} at a time. Use `leadterm code` for a corpus."
        )
        return queue(room, request, Told(0, (sentence,)), 400)
    opened = [_opened(room, chart) for chart in charts]
    if len(opened) == 1 and not troubles:
        return to(chart_path(opened[0]))
    if not opened and not troubles:
        troubles = ["Nothing was given: choose a file, or paste a text."]
    return queue(room, request, Told(len(opened), tuple(troubles)), 200 if opened else 400)


PASTED = "paste-"


def _opened(room: Room, chart: Encounter) -> str:
    if chart.id.startswith(PASTED):
        return room.desk.open(chart, "paste", f"Pasted text of {now():%Y-%m-%d, %H:%M:%S}")
    return room.desk.open(chart, "file")


def _given(sent: Sent, overrides: Overrides) -> Iterator[Encounter | BadRow]:
    """The charts of what was given; files of one encounter are one chart where their numbers say so."""
    yield from (chart.content for chart in read_uploads(sent.files, overrides, sent.encoding))
    text = sent.fields.get("text", "")
    if text.strip():
        chart = Encounter(f"{PASTED}{now():%Y%m%d-%H%M%S}", documents=(Document("d1", text),))
        yield overrides.applied(chart)


def _overrides(form: Form) -> Overrides:
    """What the form says of the chart beside its words; empty fields leave what the file says."""
    return Overrides(
        fields.choice(form, "setting", Setting),
        fields.choice(form, "claim_type", ClaimType),
        fields.age(form),
        fields.choice(form, "sex", Sex),
        day=fields.day(form, "date"),
    )


# --- samples and cases ---


@cache
def samples() -> Mapping[str, str]:
    """The sample charts that come along: name and title; none where they did not."""
    try:
        return {name: _title(name.partition("-")[2]) for name in sample_names()}
    except DataMissing:
        return {}


def _title(folder: str) -> str:
    return folder.replace("-", " ").capitalize().replace(" ckd ", ", CKD, ")


def open_sample(room: Room, request: Request, form: Form) -> Response:
    """Opens a sample chart."""
    name = form.get("sample", "")
    if name not in samples():
        raise HTTPException(404, "There is no such sample.")
    return to(chart_path(room.desk.open(sample(name), "sample", samples()[name])))


def practice(room: Room, request: Request) -> Response:
    """The coding cases."""
    asked = request.query_params.get("specialty", "")
    whole = [c for c in load_cases().values() if c.id != c.number]  # the numbered ones are whole charts
    cases = [c for c in whole if asked in ("", c.specialty)]
    specialties = sorted({c.specialty for c in whole})
    return room.page(request, "desk/practice.html", {"cases": cases, "specialties": specialties, "asked": asked})


def open_practice(room: Room, request: Request, form: Form) -> Response:
    """Opens a coding case, without suggestions."""
    try:
        case = find_case(form.get("case", ""))
    except InputError as error:
        return refused(str(error))
    return to(chart_path(room.desk.open_practice(case)))


def remove(room: Room, request: Request, form: Form) -> Response:
    """Removes a chart; the form says that the coder means it."""
    if form.get("sure") != "yes":
        raise HTTPException(400, "Say that the chart is to be removed: tick the box.")
    try:
        room.desk.remove(request.path_params["chart"])
    except ChartMissing:
        raise HTTPException(404, NO_CHART) from None
    return to("/desk")
