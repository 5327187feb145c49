"""Lungs and airways by lobe and bronchus, as charts name them: "RUL", "right upper lobe", "left mainstem" (B4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, cue, drawn

LOBES = tuple((name, cue(f"lungs.{name}")) for name in ("rul", "rml", "rll", "lul", "lingula", "lll"))
_OF_LUNG = dict(zip(("rul", "rml", "rll", "lul", "lingula", "lll"), "CDFGHJ", strict=True))
_OF_BRONCHUS = dict(zip(("rul", "rml", "rll", "lul", "lingula", "lll"), "45689B", strict=True))
_MAINS = (
    ("1", cue("lungs.trachea")),
    ("2", cue("lungs.carina")),
    ("3", cue("lungs.right_main")),
    ("7", cue("lungs.left_main")),
)
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
    """The codes of an operation on lobes; on a whole lung where none is told. `rest` is "B_ZX": operation and end."""
    for level in context.of(*_NEAR):
        found = [name for name, pattern in LOBES if pattern.search(level.text)]
        if found:
            kept = found if level.name in ("clause", "sentence") else found[:1]
            for name in kept:
                yield from drawn(legal, term, context, f"0B{rest[0]}{_OF_LUNG[name]}{rest[1:]}")
            return
    yield from lung(legal, term, context, rest)


def lung(legal: Legal, term: Term, context: Context, rest: str) -> Iterator[Built]:
    """The code of an operation on a whole lung, by its side."""
    for level in context.of(*_NEAR):
        found = next((c for c, pattern in _LUNGS if pattern.search(level.text)), "")
        if found:
            yield from drawn(legal, term, context, f"0B{rest[0]}{found}{rest[1:]}")
            return
    yield asked(f"0B{rest[0]}_{rest[1:]}", _OPTIONS, "lobe of the lung")


def bronchus(legal: Legal, term: Term, context: Context, rest: str) -> Iterator[Built]:
    """The codes of an operation on bronchi, each of those that the nearest words tell."""
    for level in context.of(*_NEAR):
        mains = [c for c, pattern in _MAINS if pattern.search(level.text)]
        found = mains or [_OF_BRONCHUS[name] for name, pattern in LOBES if pattern.search(level.text)]
        if found:
            kept = found if level.name in ("clause", "sentence") else found[:1]
            for character in kept:
                yield from drawn(legal, term, context, f"0B{rest[0]}{character}{rest[1:]}")
            return
    yield asked(f"0B{rest[0]}_{rest[1:]}", ("main bronchus", *_OPTIONS), "bronchus")
