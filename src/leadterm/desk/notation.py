"""Actions as they are kept: JSON objects, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from leadterm.domain import Code, CodeSystem, InputError, Money, Poa, Span
from leadterm.schemas.encode_parts import plain
from leadterm.schemas.reading import Node, every, must, words

from . import actions as act
from .actions import Action

Json = dict[str, Any]


def written(action: Action) -> Json:
    """The action as JSON, without its kind."""
    values = {field.name: getattr(action, field.name) for field in fields(action)}
    return {name: WRITTEN.get(name, plain)(value) for name, value in values.items()}


def _code(code: Code) -> Json:
    return {"system": code.system.value, "value": code.value}


def _quotes(quotes: tuple[act.Quote, ...]) -> list[Json]:
    return [{"document": q.document, "start": q.span.start, "end": q.span.end} for q in quotes]


def _money(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)


WRITTEN: Mapping[str, Callable[[Any], Any]] = {"code": _code, "quotes": _quotes, "charge": _money}


def read(kind: str, value: Any) -> Action:
    """The action of that kind that was written as `value`. Raises InputError for what is no action."""
    reader = READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise InputError("That is no action of the desk.")
    return reader(Node(value))


def _read_code(at: Node) -> Code:
    return Code(must(lambda n: n.choice(CodeSystem), at["system"]), must(Node.word, at["value"]))


def _read_quote(at: Node) -> act.Quote:
    span = Span(must(Node.integer, at["start"]), must(Node.integer, at["end"]))
    return act.Quote(must(Node.id, at["document"]), span)


def _id(at: Node) -> str:
    return must(Node.id, at["assignment"])


def _method(at: Node) -> act.Method:
    return must(lambda n: n.choice(act.Method), at["method"])


READERS: Mapping[str, Callable[[Node], Action]] = {
    "accept": lambda at: act.Accept(_id(at)),
    "reject": lambda at: act.Reject(
        _id(at), must(lambda n: n.choice(act.RejectReason), at["reason"]), at["note"].word()
    ),
    "reconsider": lambda at: act.Reconsider(_id(at)),
    "add": lambda at: act.Add(
        _read_code(at["code"]), at["title"].word(), _method(at), every(at["quotes"], _read_quote)
    ),
    "replace": lambda at: act.Replace(_id(at), _read_code(at["code"]), at["title"].word(), _method(at)),
    "move": lambda at: act.Move(_id(at), must(Node.integer, at["place"])),
    "poa": lambda at: act.MarkPoa(_id(at), at["poa"].choice(Poa)),
    "line": lambda at: act.EditLine(
        _id(at), must(Node.units, at["units"]), words(at["modifiers"]), words(at["pointers"]), at["charge"].amount()
    ),
    "permit": lambda at: act.Permit(must(Node.word, at["rule"]), words(at["codes"]), must(Node.word, at["reason"])),
    "forbid": lambda at: act.Forbid(must(Node.word, at["rule"]), words(at["codes"])),
    "query": lambda at: act.WriteQuery(
        must(Node.id, at["query"]), must(lambda n: n.choice(act.QueryState), at["state"]), at["text"].text() or ""
    ),
    "describe": lambda at: act.Describe(must(Node.integer, at["coding"])),
    "late": lambda at: act.Late(must(Node.integer, at["coding"]), must(Node.flag, at["reopens"])),
    "finish": lambda _: act.Finish(),
    "reopen": lambda _: act.Reopen(),
}
