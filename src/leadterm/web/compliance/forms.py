"""What a form of a case file says, as an action: `do` is the verb, other fields are its particulars."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import QueryParams, UploadFile
from starlette.requests import Request

from leadterm.compliance import Event, Happened
from leadterm.compliance.casefile import (
    Action,
    Assign,
    Attach,
    Close,
    Concern,
    Date,
    Disposition,
    Evidence,
    EvidenceKind,
    Move,
    Note,
    Reopen,
    Status,
    Undo,
)
from leadterm.domain import InputError, Money, parse_date

MOST_BYTES = 64_000_000
MOST_NUMBER = 1_000_000
SEPARATOR = ":"
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Given:
    """What a form sent: its fields, and its file with its name; empty where none was chosen."""

    fields: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    content: bytes = b""

    def __getitem__(self, name: str) -> str:
        """A field without the blanks around it; empty where it was not sent."""
        return self.fields.get(name, "").strip()


async def given(request: Request) -> Given:
    """What was sent: at most one file."""
    async with request.form(max_files=1, max_part_size=MOST_BYTES) as form:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        content = await files[0].read() if files else b""
        return Given(fields, (files[0].filename or "") if files else "", content)


def action(form: Given) -> Action:
    """The action of a form. Raises InputError in a sentence for what cannot be read."""
    verb, _, number = form["do"].partition(SEPARATOR)
    if verb == "undo":
        return Undo(_number(number))
    reader = VERBS.get(verb)
    if reader is None:
        raise InputError("The page asked for something that is not done here; load it again.")
    return reader(form)


def version(form: Given) -> int | None:
    """The number of the last event that the page knew; None where it does not say."""
    return _number(form["version"]) if form["version"] else None


def dates(query: QueryParams) -> list[Happened]:
    """The dates of the clock that an address asks for, each under the name of its event; `received` takes several."""
    return [Happened(parse_date(text, event.value), event) for event in Event for text in written(query, event)]


def written(query: QueryParams, event: Event) -> list[str]:
    """What an address says of an event: given again, or with commas between."""
    return [text for given in query.getlist(event.value) for text in given.replace(",", " ").split()]


def _number(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or int(text[:9]) > MOST_NUMBER:
        raise InputError("That is no number of an event.")
    return int(text)


def _choice(form: Given, name: str, kind: type[E]) -> E:
    try:
        return kind(form[name])
    except ValueError:
        raise InputError(f"Choose the {name}: {', '.join(kind)}.") from None


def _day(form: Given) -> date:
    return parse_date(form["day"], "day")


def _evidence(form: Given) -> Attach:
    kind = _choice(form, "evidence", EvidenceKind)
    digest = form["digest"].lower() or (hashlib.sha256(form.content).hexdigest() if form.name else None)
    name = form["id"] or form.name
    return Attach(Evidence(kind, name, None if kind is EvidenceKind.CLAIM else digest))


def _close(form: Given) -> Close:
    return Close(_choice(form, "disposition", Disposition), form["reason"], Money.typed(form["amount"]))


VERBS: Mapping[str, Callable[[Given], Action]] = {
    "assign": lambda form: Assign(form["person"]),
    "unassign": lambda _: Assign(None),
    "status": lambda form: Move(_choice(form, "status", Status)),
    "note": lambda form: Note(form["text"]),
    "evidence": _evidence,
    "date": lambda form: Date(_choice(form, "event", Event), _day(form)),
    "concern": lambda form: Concern(form["person"]),
    "close": _close,
    "reopen": lambda form: Reopen(form["reason"]),
}
