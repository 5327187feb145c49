"""What a form of the desk says, as an action: `do` is a verb with its target, the other fields are its particulars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from leadterm import desk
from leadterm.app.desk import Opened
from leadterm.desk import Action, Method, QueryState, Quote, RejectReason
from leadterm.domain import Code, CodeSystem, InputError, Money, Poa, Span, Status

Form = Mapping[str, str]
SEPARATOR = ":"


def action(form: Form, opened: Opened) -> Action:
    """The action of a form. Raises InputError in a sentence for what cannot be read."""
    verb, _, target = form.get("do", "").partition(SEPARATOR)
    reader = VERBS.get(verb)
    if reader is None:
        raise InputError("The page asked for something that the desk does not do; load it again.")
    return reader(target, form, opened)


def _reject(target: str, form: Form, _: Opened) -> Action:
    name, _sep, reason = target.partition(SEPARATOR)
    given = reason or form.get("reason", "")
    try:
        return desk.Reject(name, RejectReason(given), form.get("note", "").strip() or None)
    except ValueError:
        raise InputError(f"Say why: {', '.join(RejectReason)}.") from None


def _code(written: str, system: str) -> Code:
    if not written.strip():
        raise InputError("Choose a code.")
    try:
        return Code.parse(written, CodeSystem(system) if system else None)
    except ValueError:
        raise InputError("There is no code system of that name.") from None


def _method(form: Form) -> Method:
    try:
        return Method(form.get("method") or Method.SEARCH)
    except ValueError:
        raise InputError("There is no such method.") from None


def _add(_target: str, form: Form, _: Opened) -> Action:
    code = _code(form.get("code", ""), form.get("system", ""))
    quotes: tuple[Quote, ...] = ()
    if form.get("start") and form.get("end"):
        quotes = (Quote(form.get("document", ""), Span(_whole(form["start"]), _whole(form["end"]))),)
    return desk.Add(code, method=Method.TEXT if quotes else _method(form), quotes=quotes)


def _replace(target: str, form: Form, _: Opened) -> Action:
    return desk.Replace(target, _code(form.get("code", ""), form.get("system", "")), method=_method(form))


def _move(target: str, form: Form, _: Opened) -> Action:
    name, _sep, place = target.partition(SEPARATOR)
    return desk.Move(name, _whole(place or form.get("place", "")))


def _step(by: int) -> Callable[[str, Form, Opened], Action]:
    def step(target: str, _: Form, opened: Opened) -> Action:
        place = opened.work.assignment(target).sequence + by
        family = desk.family(opened.work.assignment(target))
        beside = [a for a in opened.work.coded.assignments if desk.family(a) == family]
        standing = sum(a.status is not Status.REJECTED for a in beside)
        if not 1 <= place <= standing:
            raise InputError("It is the first already." if by < 0 else "It is the last already.")
        return desk.Move(target, place)

    return step


def _poa(target: str, form: Form, _: Opened) -> Action:
    given = form.get("poa", form.get(f"poa-{target}", ""))
    try:
        return desk.MarkPoa(target, Poa(given) if given else None)
    except ValueError:
        raise InputError(f"Present on admission is one of: {', '.join(Poa)}.") from None


def _line(target: str, form: Form, opened: Opened) -> Action:
    places = {a.sequence: a.id for a in opened.work.coded.diagnoses}
    wanted = form.get("pointers", "").replace(",", " ").split()
    unknown = [p for p in wanted if not p.isdecimal() or int(p) not in places]
    if unknown:
        raise InputError(f"There is no diagnosis {unknown[0][:8]} to point to; give numbers of the list above.")
    modifiers = form.get("modifiers", "").replace(",", " ").upper().split()
    return desk.EditLine(
        target,
        _quantity(form.get("units", "1")),
        tuple(modifiers),
        tuple(places[int(p)] for p in wanted),
        Money.typed(form.get("charge", "")),
    )


def _permit(target: str, form: Form, opened: Opened) -> Action:
    found = next((f for f in opened.findings if f.id == target), None)
    if found is None:
        raise InputError("That finding is gone.")
    return desk.Permit(found.rule, found.codes, form.get("reason", ""))


def _forbid(target: str, _: Form, opened: Opened) -> Action:
    found = next((f for f in opened.findings if f.id == target), None)
    if found is None:
        raise InputError("That finding is gone.")
    return desk.Forbid(found.rule, found.codes)


def _query(target: str, form: Form, _: Opened) -> Action:
    name, _sep, state = target.partition(SEPARATOR)
    try:
        return desk.WriteQuery(name, QueryState(state or form.get("state", "draft")), form.get("text", ""))
    except ValueError:
        raise InputError("A query is kept as a draft, noted as sent, or dismissed.") from None


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 9:
        raise InputError("That is not a whole number.")
    return int(text)


def _quantity(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise InputError("Units are a number, such as 1 or 0.5.") from None


VERBS: Mapping[str, Callable[[str, Form, Opened], Action]] = {
    "accept": lambda target, _form, _opened: desk.Accept(target),
    "reject": _reject,
    "reconsider": lambda target, _form, _opened: desk.Reconsider(target),
    "add": _add,
    "replace": _replace,
    "move": _move,
    "up": _step(-1),
    "down": _step(1),
    "poa": _poa,
    "line": _line,
    "permit": _permit,
    "forbid": _forbid,
    "query": _query,
    "finish": lambda _target, _form, _opened: desk.Finish(),
    "reopen": lambda _target, _form, _opened: desk.Reopen(),
}


def written(value: Action) -> str | None:
    """The `do` of a button that does this action by itself; None for one that needs more fields."""
    if isinstance(value, desk.Reject):
        return f"reject:{value.assignment}:{value.reason.value}"
    if isinstance(value, desk.Move):
        return f"move:{value.assignment}:{value.place}"
    return None
