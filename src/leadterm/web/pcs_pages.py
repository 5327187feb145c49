"""The ICD-10-PCS builder: seven axes, at each only the values that lead to a legal code. The address is the state."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from leadterm.codesets.pcs.tables import AxisChoice, PcsDefinitions, PcsTables, PcsTerm
from leadterm.domain import InputError

from . import asking
from .components import opened
from .site import Site

AXES = 7
# Stands in the address for a character that is still open: `0FT_4`.
OPEN = "_"
DEFINED = (3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Box:
    """One of the seven places: its position, the name of its axis, its character and label, the code without it."""

    position: int
    name: str
    character: str
    label: str
    without: str


def builder(site: Site, request: Request) -> Response:
    """The builder at the code of the address, or at the part of it that is legal."""
    query = request.query_params
    on, written = asking.day(query), asking.text(query, "code").upper().rstrip(OPEN)
    tables, missing = opened(site.book, PcsTables, on)
    if tables is None:
        return site.page(request, "pcs.html", on, NOTHING | {"missing": missing})
    said = ""
    try:
        choices = tables.options("", _given(written))
    except InputError as error:
        said, written = _fault(tables, written, str(error))
        choices = tables.options(written)
    code = "".join(choice.chosen or OPEN for choice in choices).ljust(AXES, OPEN)
    done = tables.describe(code) if OPEN not in code else None
    table = tables.table(code[:3]) if OPEN not in code[:3] else None
    values = {
        "boxes": _boxes(choices, code),
        "open": tuple(c for c in choices if c.chosen is None),
        "code": code,
        "done": done,
        "operation": table.definition if table else None,
        "terms": _terms(site, request, choices, code),
        "said": said,
        "with_": _with,
        "missing": "",
    }
    return site.page(request, "pcs.html", on, values, about=(PcsTables.COMPONENT,))


NOTHING: dict[str, object] = {
    "boxes": (),
    "open": (),
    "code": "",
    "done": None,
    "operation": None,
    "terms": (),
    "said": "",
    "with_": None,
}


def _given(written: str) -> dict[int, str]:
    if len(written) > AXES:
        raise InputError("An ICD-10-PCS code has seven characters.")
    return {position: character for position, character in enumerate(written, 1) if character != OPEN}


def _with(code: str, position: int, character: str) -> str:
    """The code with another character at one position; the axes of another table are open again."""
    kept = code if position > 3 or code[position - 1] in (OPEN, character) else code[:3].ljust(AXES, OPEN)
    return (kept[: position - 1] + character + kept[position:]).rstrip(OPEN)


def _boxes(choices: tuple[AxisChoice, ...], code: str) -> list[Box]:
    found = []
    for position in range(1, AXES + 1):
        choice = choices[position - 1] if position <= len(choices) else None
        character = (choice.chosen if choice else None) or ""
        label = next((o.label for o in choice.options if o.code == character), "") if choice else ""
        found.append(Box(position, choice.name if choice else "", character, label, _with(code, position, OPEN)))
    return found


def _fault(tables: PcsTables, written: str, sentence: str) -> tuple[str, str]:
    """What to say of a code that no table makes, and the part of it that stands."""
    if OPEN in written or not written.isalnum():
        return sentence, ""
    fault = tables.fault(written[:AXES])
    if fault is None:
        return sentence, written[:AXES]
    said = f"No code begins {written[: fault.position]}: {fault.character} is no {fault.name} there. Choose another."
    return said, written[: fault.position - 1]


def _terms(site: Site, request: Request, choices: tuple[AxisChoice, ...], code: str) -> list[tuple[str, PcsTerm]]:
    """What the definitions say of the chosen values: label and term."""
    definitions = site.book.find(PcsDefinitions, asking.day(request.query_params))
    if definitions is None or code[0] == OPEN:
        return []
    found = []
    for choice in choices:
        if choice.chosen is None or choice.position not in DEFINED:
            continue
        label = next((o.labels[0] for o in choice.options if o.code == choice.chosen), "")
        found += [(label, term) for term in definitions.meaning(label, code[0], choice.position)]
    return found
