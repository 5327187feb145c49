"""What every room of operations needs: a code drawn from a template, and the words around an operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.acts import report
from leadterm.coding.procedures.building import EXACT, Built, Choice, build
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import FIRST, Legal, fitting, values
from leadterm.coding.procedures.terms import OPEN, Term

OWN = ("clause", "sentence")
ALL = ("clause", "sentence", "beside", "names", "aims", "account")
NAMES = ("body part", "approach", "device", "qualifier")


@cache
def cue(name: str) -> Pattern:
    """The pattern of `cues.tsv` of this name; alternatives are its rows. Raises ValueError for a name it has not."""
    found = [row["words"] for row in rows("procedures/rooms/cues") if row["name"] == name]
    if not found:
        raise ValueError(f"The table of cues has no cue {name}.")
    return compiled("|".join(found))


def drawn(
    legal: Legal,
    term: Term,
    context: Context,
    template: str,
    part: str = "",
    approach: str = "",
    device: str = "",
    qualifier: str = "",
) -> Iterator[Built]:
    """The codes of a template as a row of the lexicon with it would have them; of legal values only."""
    row = replace(
        term,
        codes=(template,),
        parts=(tuple(f"{EXACT}{part.lower()}".split()) if part else (),),
        approach=approach or term.approach,
        device=device or term.device,
        qualifier=qualifier or term.qualifier,
    )
    return iter(build(legal, row, context))


def fixed(legal: Legal, code: str, by: str = "account") -> Iterator[Built]:
    """A code that a room knows whole; nothing where no table has it."""
    chosen = {n: c for n, c in enumerate(code, 1) if n >= FIRST}
    fit = fitting(legal.rows(code[:3]), chosen)
    if fit:
        yield Built(code, tuple(Choice(n, c, values(fit, n).get(c, ""), by) for n, c in chosen.items()))


def asked(code: str, options: Iterable[str], what: str) -> Built:
    """A code with an axis that the chart leaves open; `what` names it in the question."""
    at = code.index(OPEN) + 1
    return Built(code, (Choice(at, "", "", "", tuple(options), what),))


def whole(context: Context) -> str:
    """All that the document tells of the operations, in small letters."""
    return report(context.chart, context.act.statement.report)


def first(context: Context, pattern: Pattern, *levels: str) -> str:
    """The text of the nearest level where a pattern stands; empty where none has it."""
    return next((level.text for level in context.of(*(levels or ALL)) if pattern.search(level.text)), "")
