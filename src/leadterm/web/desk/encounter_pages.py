"""The encounter of a chart: setting, dates, disposition, patient, authors. Changed, the chart is coded anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from leadterm.app.desk import Opened
from leadterm.domain import ClaimType, Encounter, LeadtermError, Patient, Setting, Sex

from . import fields
from .rooms import Room, chart_path, to

Form = Mapping[str, str]
LONGEST = 60


def encounter(room: Room, request: Request, error: str = "", status: int = 200) -> Response:
    """The form of the encounter."""
    opened = room.chart(request)
    if opened is None:
        return to(chart_path(request.path_params["chart"]))
    values = {
        "chart": opened.chart,
        "encounter": opened.work.encounter,
        "finished": opened.work.finished,
        "home": chart_path(opened.chart.id),
        "settings": list(Setting),
        "claim_types": list(ClaimType),
        "sexes": list(Sex),
        "error": error,
    }
    return room.page(request, "desk/encounter.html", values, status)


def describe(room: Room, request: Request, form: Form) -> Response:
    """Takes the form: the chart is coded anew for the encounter as it is now described."""
    opened = room.chart(request)
    if opened is None:
        return to(chart_path(request.path_params["chart"]))
    try:
        changed = described(opened, form)
        if changed != opened.work.encounter:
            room.desk.describe(opened.chart.id, changed, room.coder)
    except LeadtermError as error:
        return encounter(room, request, str(error), 400)
    return to(chart_path(opened.chart.id))


def described(opened: Opened, form: Form) -> Encounter:
    """The encounter as the form has it. Raises InputError in a sentence."""
    now = opened.work.encounter
    setting = fields.choice(form, "setting", Setting) or now.setting
    claim_type = fields.choice(form, "claim_type", ClaimType)
    return replace(
        now,
        setting=setting,
        claim_type=claim_type,
        date_of_service=fields.day(form, "date_of_service"),
        admission=_kept(now.admission, fields.day(form, "admission")),
        discharge=_kept(now.discharge, fields.day(form, "discharge")),
        patient=_patient(now.patient, form),
        documents=tuple(
            replace(d, author_role=_word(form, f"author-{n}") or None, type=_word(form, f"type-{n}") or None)
            for n, d in enumerate(now.documents)
        ),
        disposition=_word(form, "disposition") or None,
        place_of_service=_word(form, "place_of_service") or None,
        account=_word(form, "account") or None,
    )


def _patient(now: Patient, form: Form) -> Patient:
    years = fields.age(form)
    return replace(
        now,
        sex=fields.choice(form, "sex", Sex) or now.sex,
        birth_date=fields.day(form, "birth_date"),
        age=years,
        age_days=now.age_days if years == now.age else None,
    )


def _kept(before: date | None, day: date | None) -> date | None:
    """The moment that was known, where the form names its day and no other."""
    return before if before is not None and day is not None and before.isoformat()[:10] == day.isoformat() else day


def _word(form: Form, name: str) -> str:
    return form.get(name, "").strip()[:LONGEST]
