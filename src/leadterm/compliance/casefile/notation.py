"""Actions on a case file as they are kept: JSON objects, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from leadterm.compliance.events import Event
from leadterm.domain import InputError
from leadterm.schemas.encode_parts import plain
from leadterm.schemas.reading import Node, must

from . import actions as act
from .actions import Action

Json = dict[str, Any]


def written(action: Action) -> Json:
    """The action as JSON, without its kind."""
    values = {field.name: getattr(action, field.name) for field in fields(action)}
    amount = {"amount": str(values["amount"]) if values["amount"] else None} if "amount" in values else {}
    return {name: plain(value) for name, value in (values | amount).items()}


def read(kind: str, value: Any) -> Action:
    """The action of that kind that was written as `value`. Raises InputError for what is no action."""
    reader = READERS.get(kind)
    if reader is None:
        raise InputError("That is no action on a case file.")
    return reader(Node(value))


def _evidence(at: Node) -> act.Evidence:
    kind = must(lambda n: n.choice(act.EvidenceKind), at["kind"])
    return act.Evidence(kind, must(Node.id, at["id"]), at["digest"].word())


READERS: Mapping[str, Callable[[Node], Action]] = {
    "open": lambda _: act.Open(),
    "assign": lambda at: act.Assign(at["to"].word()),
    "status": lambda at: act.Move(must(lambda n: n.choice(act.Status), at["status"])),
    "note": lambda at: act.Note(must(Node.text, at["text"])),
    "evidence": lambda at: act.Attach(_evidence(at["evidence"])),
    "date": lambda at: act.Date(must(lambda n: n.choice(Event), at["event"]), must(Node.day, at["day"])),
    "concern": lambda at: act.Concern(must(Node.word, at["person"])),
    "close": lambda at: act.Close(
        must(lambda n: n.choice(act.Disposition), at["disposition"]),
        must(Node.text, at["reason"]),
        at["amount"].amount(),
    ),
    "reopen": lambda at: act.Reopen(must(Node.text, at["reason"])),
    "undo": lambda at: act.Undo(must(Node.integer, at["number"])),
}
