"""Venous catheters by where the tip lies (B4.1c, B6.3), with the port or tunnel in the skin where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.acts import report
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import lowered
from leadterm.coding.procedures.terms import Term

from .drawing import asked, fixed

# Where tips lie, the first that is told counts; a vein of the leg keeps a line whose tip nobody tells.
TIPS: tuple[tuple[Pattern, str], ...] = (
    (compiled(r"\bcavo-?atrial|\batrio-?caval|\bsvc\b|\bsuperior vena cava|\bsvc/ra\b"), "02HV33Z"),
    (compiled(r"\bright atri\w+|\bra junction|\bmid[- ]ra\b|\btip in (?:the )?ra\b"), "02H633Z"),
    (compiled(r"\bivc\b|\binferior vena cava"), "06H033Z"),
)
FEMORAL = compiled(r"\b(?:common )?femoral\b|\bgroin\b")
LEFT = compiled(r"\b(?:left|l|lt)\b")
RIGHT = compiled(r"\b(?:right|r|rt)\b")
OPTIONS = ("superior vena cava or cavoatrial junction", "right atrium", "inferior vena cava", "another vein")
CLOSE = ("clause", "sentence", "beside", "account")


def codes(legal: Legal, term: Term, context: Context, kind: str) -> Iterator[Built]:
    """The codes of a line: `central`, `tunneled` or `port`; the tip is asked where the record does not tell it."""
    del term
    if kind == "port":
        yield from fixed(legal, "0JH80WZ" if _says(context, compiled(r"\babdom")) else "0JH60WZ")
    elif kind == "tunneled":
        yield from fixed(legal, "0JH63XZ")
    tip = _tip(context)
    if tip:
        yield from fixed(legal, tip)
    elif kind != "port":
        yield asked("02H_33Z", OPTIONS, "place of the catheter's tip")


def _tip(context: Context) -> str:
    """The code of the place that the nearest words tell, else the one that the whole report tells."""
    for level in context.of(*CLOSE):
        for pattern, code in TIPS:
            if pattern.search(level.text):
                return code
    if (shown := _SHOWN.search(_behind(context))) is not None:
        return next(code for pattern, code in TIPS if pattern.search(shown[0]))
    for level in context.of(*CLOSE):
        if FEMORAL.search(level.text):
            return "06HN33Z" if LEFT.search(level.text) and not RIGHT.search(level.text) else "06HM33Z"
    whole = report(context.chart, context.act.statement.report)
    told = [code for pattern, code in TIPS if pattern.search(whole)]
    return told[0] if len(told) == 1 else ""


# "KUB: tip projects over the IVC": the film tells it after the line was placed.
_SHOWN = compiled(
    r"\btip\b[^.;]{0,40}?(?:\bcavo-?atrial|\bsvc\b|\bsuperior vena cava|\bright atri\w+|\bivc\b|\binferior vena cava)"
)
_FAR = 200  # characters behind a line in which a film of it is told


def _behind(context: Context) -> str:
    """The words behind the sentence of the line."""
    at = context.act.statement
    return lowered(context.chart.encounter.document(at.document).text[at.end : at.end + _FAR])


def _says(context: Context, pattern: Pattern) -> bool:
    return any(pattern.search(level.text) for level in context.of(*CLOSE))
