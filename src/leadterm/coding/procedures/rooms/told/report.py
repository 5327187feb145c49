"""What an account says of a thing: where it is told as done here and now, and on which side of the body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.passages import Statement, Telling, statements
from leadterm.coding.procedures.sides import BOTH
from leadterm.coding.procedures.words import roots

_BEFORE = compiled(
    r"\b(?:no|not|without|never|nor|neither|declin\w+|consider\w*|planned|possible|if|may|might|would|will|could"
    r"|trial|prior|previous(?:ly)?|old|instead of|rather than|history of|hx|pmhx?|opposite|contralateral)\b"
    r"[^.;:|]{0,40}\Z"
)
_AFTER = compiled(
    r"\A[^.;:|]{0,40}\b(?:was|were|is|are) (?:not|never|left|considered|refused|turned down|trialed|declined|retained"
    r"|well[ -]fixed|intact|normal|healed)\b|\A[^.;:|]{0,25}\b(?:not (?:used|needed|required|opened|done|given)|none"
    r"|trial(?:s|ed)?|years? ago|later)\b"
)
_ELSEWHEN = compiled(
    r"\b(?:(?:in |since )?(?<!/)(?<!-)(?:19|20)[0-2]\d(?!\d|-)|years? ago|y(?:rs?)? out|last (?:year|month)"
    r"|(?:is|are) next|history|hx|pmhx?|that side|other side|(?:is|are) (?:his|hers|theirs|native)"
    r"|not studied|looked at|nothing)\b"
)
_TICKED = compiled(r"\[x\] ?(?:yes|no)\b")
_POSITION = compiled(
    r"\b(?:right|left|r|l) lateral(?: decub\w*)?|\b(?:right|left) side (?:up|down)"
    r"|\b(?:to|toward|towards) the (?:right|left)\b"
)
_FIELD = compiled(
    r"\b(?:laterality|operative (?:side|site|eye|extremity)|side|site)\b\W{0,40}(?:\[x\] ?)?"
    r"(right|left|bilateral|both|rt|lt|r|l)\b"
)
# "Origin left." is no side.
_LEFT = compiled(
    r"\b(?:origin|insertion|base|labrum|cuff|paddle|rim|margin|drain|pack\w*|stump|cup|shell|stem|bone|tendon|periosteum"
    r"|fascia|skin|wound|it|was|were|being|be|is|are) left(?= ?[.,;)]|\Z)"
)
FULL = {"r": "right", "rt": "right", "l": "left", "lt": "left", "both": "bilateral"}
_SIDES = frozenset(("right", "left", "bilateral"))


def mine(context: Context) -> list[Statement]:
    """The statements of the report, without those that tell why."""
    own = context.act.statement.report
    return [s for s in statements(context.chart) if s.report == own and s.telling is not Telling.AIM]


_LABEL = compiled(r"(?:\.{3,}|:|\||_{2,}|-{2,}|=) *\Z")


def lines(context: Context) -> list[str]:
    """What the report tells line by line: the label of a field stands with what it holds."""
    return context.chart.once(f"procedures.lines.{context.act.statement.report}", lambda: _lines(mine(context)))


def _lines(every: Iterable[Statement]) -> list[str]:
    told: list[str] = []
    open_ = False
    for s in every:
        if open_:
            told[-1] = f"{told[-1]} {s.text}"
        else:
            told.append(s.text)
        open_ = _LABEL.search(s.text) is not None
    return told


def done(context: Context, pattern: Pattern) -> Iterator[tuple[Statement, str]]:
    """Each statement of the report where words stand and nothing denies them, with the words."""
    for s in mine(context):
        for found in pattern.finditer(s.text):
            before = _TICKED.sub(lambda m: " " * len(m[0]), s.text[: found.start()])
            if not _BEFORE.search(before) and not _AFTER.search(s.text[found.end() :]) and not _ELSEWHEN.search(s.text):
                yield s, found[0]


def spared(line: str) -> bool:
    """Whether a line tells of another day, another side or another person."""
    return _ELSEWHEN.search(line) is not None


def says(context: Context, pattern: Pattern) -> bool:
    """Whether the report tells these words as done."""
    return next(done(context, pattern), None) is not None


def side(context: Context, *near: Statement) -> str:
    """`right`, `left`, `bilateral` or nothing: the field of the side, the sentence, the aims, what stands before it."""
    every = [s for s in statements(context.chart) if s.report == context.act.statement.report]
    field = _FIELD.search(" . ".join(s.text for s in every))
    if field:
        return FULL.get(field[1], field[1])
    at = context.act.statement.start
    known = [s for s in every if not _ELSEWHEN.search(s.text)]
    before = sorted((s for s in known if s.telling is not Telling.AIM and s.start <= at), key=lambda s: -s.start)
    aims = [s for s in known if s.telling is Telling.AIM or (s.telling is Telling.NAMED and s.start <= at)]
    behind = [s for s in known if s.start > at]
    for some in (near, (context.act.statement,), aims, *((s,) for s in before), *((s,) for s in behind)):
        told = {side for s in some for side in sides(s.text)}
        if len(told) == 1:
            return told.pop()
    return ""


def sides(text: str) -> frozenset[str]:
    """The sides that a text tells of a body part, not of how the patient lies."""
    found = _SIDES & set(roots(_LEFT.sub(" ", _POSITION.sub(" ", text))))
    return found if BOTH.search(text) else found - {"bilateral"}


def each(side: str, right: str, left: str) -> tuple[str, ...]:
    """The characters of a side, both for both; none where no side is told."""
    return {"right": (right,), "left": (left,), "bilateral": (right, left)}.get(side, ())
