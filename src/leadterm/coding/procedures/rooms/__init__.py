"""Rooms of code for operations that no row tells: a row whose code is `@room` or `@room:argument` leads here.

A room gets the legal tables, the row, the words around the operation and its argument, and gives the codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from leadterm.coding.procedures.building import Built, build
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from . import (
    abscesses,
    amputation,
    arthroplasty,
    ask,
    bones,
    brain,
    breathing,
    coronary,
    debridement,
    endoscopy,
    ercp,
    grafts,
    layered,
    lines,
    lungs,
    rhythm,
    ribs,
    spine,
    teeth,
    told,
    veins,
    ventilation,
    vessels,
)  # fmt: skip


def part_of_another(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """Nothing: what the row names is a step of the operation beside it (B3.1b)."""
    del legal, term, context, argument
    return iter(())


Room = Callable[[Legal, Term, Context, str], Iterator[Built]]
MARK = "@"
ROOMS: Mapping[str, Room] = {
    "abscess": abscesses.codes,
    "amputation": amputation.codes,
    "arthroplasty": arthroplasty.codes,
    "ask": ask.codes,
    "augmentation": spine.augmentation,
    "bone": bones.codes,
    "braintumor": brain.tumor,
    "breathing": breathing.codes,
    "bronchus": lungs.bronchus,
    "bypass": vessels.bypass,
    "cabg": coronary.bypass,
    "corpectomy": spine.corpectomy,
    "dbs": brain.deep,
    "debridement": debridement.codes,
    "decompression": spine.decompression,
    "device": rhythm.codes,
    "dilation": vessels.dilation,
    "discectomy": spine.discectomy,
    "embolization": vessels.embolization,
    "endarterectomy": vessels.endarterectomy,
    "endoscopy": endoscopy.codes,
    "ercp": ercp.codes,
    "fracture": bones.fracture,
    "fusion": spine.fusion,
    "graft": grafts.codes,
    "layered": layered.codes,
    "line": lines.codes,
    "lobe": lungs.lobe,
    "lung": lungs.lung,
    "none": part_of_another,
    "pci": coronary.dilation,
    "pulmonary": vessels.pulmonary,
    "spinalhardware": spine.hardware,
    "stimulator": brain.stimulator,
    "stroke": vessels.stroke,
    "subdural": brain.subdural,
    "vein": veins.codes,
    "ribs": ribs.codes,
    "teeth": teeth.codes,
    "told": told.codes,
    "ventilation": ventilation.codes,
}


def made(legal: Legal, term: Term, context: Context) -> tuple[Built, ...]:
    """The codes of an operation: by its row, or by the room that the row names."""
    return tuple(built for one in term.each for built in _of(legal, one, context))


def _of(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    if not term.codes[0].startswith(MARK):
        return iter(build(legal, term, context))
    name, _, argument = term.codes[0].removeprefix(MARK).partition(":")
    return ROOMS[name](legal, term, context, argument)
