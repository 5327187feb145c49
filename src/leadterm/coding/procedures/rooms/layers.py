"""How deep an operation on skin and what lies under it went (B3.5): the layers that its words tell as operated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.passages import Statement, Telling, statements

DEEPEST = ("bone", "muscle", "tendon", "subcutaneous", "skin")
WHAT = {
    "bone": "bone",
    "muscle": "muscle",
    "tendon": "tendon",
    "subcutaneous": "subcutaneous tissue and fascia",
    "skin": "skin",
}
# A layer that was only reached, seen or kept is none that was operated on.
_REACHED = compiled(
    r"\b(?:down to(?! (?:and|&) includ)|to (?:healthy|viable|bleeding|normal|clean)|back to|until|not includ\w+"
    r"|superficial to|overlying|above|over|exposed|exposing|expose|visible|no|not|nor|without|spar\w+"
    r"|preserv\w+|healthy|viable"
    r"|intact|normal|off|probe\w* to|reach\w*|as far as|onto|clean|granulating|rule out|r/o|stage)\b[^.;:,]{0,28}\Z"
)
_SPARED = compiled(
    r"\A(?: (?!down|to\b|until|but|back)\w+){0,3}? (?:(?:was|were|is|are|appear\w*|looked)? ?(?:all )?(?:not"
    r"|healthy|viable|intact|normal"
    r"|spared|exposed|shiny"
    r"|preserved|clean|pink|uninvolved|seen)|flaps?|did contract|contracted|grafts?|biops)\b"
)


def operated(text: str) -> tuple[str, ...]:
    """The layers that a text in small letters tells as operated on, deepest first."""
    return tuple(layer for layer in DEEPEST if any(_operated(text, *place) for place in _places(layer, text)))


def _places(layer: str, text: str) -> Iterator[tuple[int, int]]:
    return ((found.start(), found.end()) for found in _words()[layer].finditer(text))


def _operated(text: str, start: int, end: int) -> bool:
    return not _REACHED.search(text[:start]) and not _SPARED.search(text[end:])


@cache
def _words() -> dict[str, Pattern]:
    found: dict[str, str] = {}
    for row in rows("procedures/rooms/layers"):
        found[row["layer"]] = f"{found[row['layer']]}|{row['words']}" if row["layer"] in found else row["words"]
    return {layer: compiled(words) for layer, words in found.items()}


_AGAIN = compiled(r"\bdebridement\b|\bi ?& ?d\b|\bincision and drainage\b")


def around(context: Context) -> tuple[str, ...]:
    """The sentences that tell how an operation was done: its own, then the account, or what follows in its passage."""
    mine = context.act.statement
    every = [s for s in statements(context.chart) if s.report == mine.report and s.start != mine.start]
    if mine.telling is Telling.COURSE:
        return (
            mine.text,
            *_behind(mine.text, [s for s in every if s.passage == mine.passage and s.start > mine.start]),
        )
    return (mine.text, *(s.text for s in every if s.telling in (Telling.ACCOUNT, Telling.NAMED)))


def _behind(text: str, others: Sequence[Statement]) -> Iterator[str]:
    """The sentences behind one, up to the next that names such an operation again."""
    for one in others:
        if _AGAIN.search(one.text) and _AGAIN.search(text):
            return
        yield one.text


def _one_of_several(context: Context) -> bool:
    """Whether the list of operations has another one of this kind."""
    mine = context.act.statement
    return mine.telling is Telling.NAMED and any(
        s.telling is Telling.NAMED and s.report == mine.report and s.start != mine.start and _AGAIN.search(s.text)
        for s in statements(context.chart)
    )


def deepest(context: Context, acting: Pattern) -> str:
    """The deepest layer that the operation's own words, or sentences with a word of `acting`, tell; or empty.

    Where the list has several such operations, the account tells of all of them: each goes by its own words.
    """
    own = operated(context.act.words) or operated(context.act.statement.text)
    if own and _one_of_several(context):
        return own[0]
    told = {layer for text in around(context)[1:] if acting.search(text) for layer in operated(text)}
    told.update(own)
    return next((layer for layer in DEEPEST if layer in told), "")
