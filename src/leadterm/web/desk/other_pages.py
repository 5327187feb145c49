"""Typeahead for codes, the choices of the coder (name, keys), and drafts of queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from leadterm.domain import Code, CodeEntry, CodeSystem, InputError, Money
from leadterm.web import asking

from . import keys
from .rooms import BASE_RATE, NAME, Room, to

Form = Mapping[str, str]
SUGGESTED = 12
LONGEST_NAME = 80
# Code sets that may be absent: their codes are known by their shape.
UNSHIPPED = (CodeSystem.CPT, CodeSystem.HCPCS)


def typeahead(room: Room, request: Request) -> Response:
    """The codes for what is typed so far, as options; a code that is written whole stands first."""
    opened = room.chart(request)
    words = " ".join(request.query_params.get("q", "").split())[: asking.LONGEST_TEXT]
    on = opened.work.coded.on if opened else None
    hits = room.book.search(words, None, on, SUGGESTED) if words else []
    exact = None if any(hit.code.value == words.upper() for hit in hits) else _written(room, words, on)
    return room.page(request, "desk/_options.html", {"hits": hits, "exact": exact, "q": words})


def _written(room: Room, words: str, on: date | None) -> CodeEntry | Code | None:
    """What is typed as a code that search does not find; without words, where its code set is not installed."""
    try:
        code, entry = Code.parse(words), room.book.lookup(words, None, on)
    except InputError:
        return None
    return entry or (code if code.system in UNSHIPPED else None)


def settings(room: Room, request: Request, error: str = "", given: Mapping[str, str] | None = None) -> Response:
    """The coder's choices."""
    shown = given if given is not None else keys.chosen(room.desk.preference(keys.PREFERENCE))
    values = {
        "name": room.coder,
        "base_rate": room.desk.preference(BASE_RATE) or "",
        "shown": shown,
        "error": error,
        "said": request.query_params.get("said", ""),
    }
    return room.page(request, "desk/settings.html", values, 400 if error else 200)


def choose(room: Room, request: Request, form: Form) -> Response:
    """Keeps the coder's choices."""
    given = {name: form.get(f"key-{name}", key.keys) for name, key in keys.NAMES.items()}
    if form.get("do") == "first-keys":
        given = {name: key.keys for name, key in keys.NAMES.items()}
    try:
        own = keys.checked(given)
        rate = Money.typed(form.get("base_rate", ""))
    except InputError as error:
        return settings(room, request, str(error), given)
    room.desk.prefer(keys.PREFERENCE, own)
    room.desk.prefer(BASE_RATE, str(rate) if rate else None)
    if name := form.get("name", "").strip()[:LONGEST_NAME]:
        room.desk.prefer(NAME, name)
    return to("/desk/settings?said=kept")
