"""Lungs and airways by lobe and bronchus, as charts name them: "RUL", "right upper lobe", "left mainstem" (B4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built, build
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, cue, drawn

LOBES = tuple((name, cue(f"lungs.{name}")) for name in ("rul", "rml", "rll", "lul", "lingula", "lll"))
_OF_LUNG = dict(zip(("rul", "rml", "rll", "lul", "lingula", "lll"), "CDFGHJ", strict=True))
_OF_BRONCHUS = dict(zip(("rul", "rml", "rll", "lul", "lingula", "lll"), "45689B", strict=True))
_LUNGS = (
    ("M", compiled(r"\bbilateral lung|\bboth lungs|\blungs, bilateral")),
    ("K", compiled(r"\bright lung|\bright (?:[\w-]+ ){0,3}(?:lung|pulmonary|decorticat|pneumonectomy|thorac)")),
    ("L", compiled(r"\bleft lung|\bleft (?:[\w-]+ ){0,3}(?:lung|pulmonary|decorticat|pneumonectomy|thorac)")),
)
_NEAR = ("clause", "sentence", "beside", "names", "account", "aims")
_OPTIONS = (
    "right upper lobe",
    "right middle lobe",
    "right lower lobe",
    "left upper lobe",
    "lingula",
    "left lower lobe",
)


def lobe(legal: Legal, term: Term, context: Context, rest: str) -> Iterator[Built]:
    """The codes of an operation on lobes: of all that its own words tell. `rest` is "B_ZX": operation and end."""
    yield from _several(legal, term, context, rest, _OF_LUNG, "lung")


def _several(
    legal: Legal, term: Term, context: Context, rest: str, values: Mapping[str, str], part: str
) -> Iterator[Built]:
    """One code for each lobe of the words of the operation, else the one that the report tells."""
    own = next((level.text for level in context.of("clause")), "")
    found = _spread([name for name, pattern in LOBES if pattern.search(own)], own)
    if len(found) > 1:
        for name in found:
            yield from drawn(legal, term, context, f"0B{rest[0]}{values[name]}{rest[1:]}")
    else:
        parts = term.parts if any(term.parts) else ((part,),)
        yield from build(legal, replace(term, codes=(f"0B{rest[0]}_{rest[1:]}",), parts=parts), context)


_BOTH_OF_ONE = compiled(r"\b(right|left) (upper|middle|lower)(?: lobe)?,? (?:and|/|&|,) ?(upper|middle|lower) lobes?\b")
_NAMES = {"right": {"upper": "rul", "middle": "rml", "lower": "rll"}, "left": {"upper": "lul", "lower": "lll"}}


def _spread(found: list[str], text: str) -> list[str]:
    """The lobes found and those of one side that share it: "right upper and lower lobes"."""
    told = _BOTH_OF_ONE.search(text)
    more = [_NAMES[told[1]].get(told[n], "") for n in (2, 3)] if told else []
    return list(dict.fromkeys((*found, *filter(None, more))))


def lung(legal: Legal, term: Term, context: Context, rest: str) -> Iterator[Built]:
    """The code of an operation on a whole lung, by its side."""
    for level in context.of(*_NEAR):
        found = next((c for c, pattern in _LUNGS if pattern.search(level.text)), "")
        if found:
            yield from drawn(legal, term, context, f"0B{rest[0]}{found}{rest[1:]}")
            return
    yield asked(f"0B{rest[0]}_{rest[1:]}", _OPTIONS, "lobe of the lung")


def bronchus(legal: Legal, term: Term, context: Context, rest: str) -> Iterator[Built]:
    """The codes of an operation on bronchi, each of those that its own words tell."""
    yield from _several(legal, term, context, rest, _OF_BRONCHUS, "bronchus")
