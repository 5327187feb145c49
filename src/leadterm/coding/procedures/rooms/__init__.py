"""Rooms of code for operations that no row tells: a row whose code is `@room` or `@room:argument` leads here.

A room gets the legal tables, the row, the words around the operation and its argument, and gives the codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from leadterm.coding.procedures.building import Built, build
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from . import amputation, arthroplasty, bones

Room = Callable[[Legal, Term, Context, str], Iterator[Built]]
MARK = "@"
ROOMS: Mapping[str, Room] = {
    "amputation": amputation.codes,
    "arthroplasty": arthroplasty.codes,
    "bone": bones.codes,
    "fracture": bones.fracture,
}


def made(legal: Legal, term: Term, context: Context) -> tuple[Built, ...]:
    """The codes of an operation: by its row, or by the room that the row names."""
    if not any(code.startswith(MARK) for code in term.codes):
        return build(legal, term, context)
    return tuple(built for code in term.codes for built in _of(legal, term, context, code))


def _of(legal: Legal, term: Term, context: Context, code: str) -> Iterator[Built]:
    if not code.startswith(MARK):
        from .drawing import drawn

        yield from drawn(legal, term, context, code)
        return
    name, _, argument = code.removeprefix(MARK).partition(":")
    yield from ROOMS[name](legal, term, context, argument)
