"""The spine by what was laid and led into it: cages and bone between its vertebrae, balloons and cement within them."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.rooms.drawing import cue, fixed, whole
from leadterm.coding.procedures.rooms.spine import (
    VERTEBRAE,
    discs,
    fusion_device,
    joint_values,
    joints,
    of,
    vertebrae,
)
from leadterm.coding.procedures.terms import Term

from .report import done, lines, says, spared

_CAGE, _BED, _LAID = cue("told.disc_device"), cue("told.bed"), cue("told.laid")
_FRONT, _BEHIND, _WORK = cue("told.from_front"), cue("told.from_behind"), cue("told.spine_work")
_ALONE = cue("spine.alone")
_SCREWS = compiled(r"\bscrews?\b")
_RAISED, _FILLED, _AT = cue("told.raised"), cue("told.filled"), cue("told.vertebra_work")
_CORE, _TAKEN = cue("told.bone_core"), cue("told.taken")
_DISC = compiled(r"\bdis[ck]\b|\bscrews?\b")
_IMAGE = compiled(r"\bmri?\b|\bct\b|\bx-?rays?\b")


def fusion(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The codes of joints fused: a cage tells the front column, bone laid on the bared back the rear one (B3.10)."""
    del term
    found = _levels(context)
    if not found:
        return
    front = _FRONT.search(whole(context)) and not _BEHIND.search(whole(context))
    columns = ["0" if front else "J"] if says(context, _CAGE) else []
    if not front and _bridged(context):
        columns.append("1")
    for column in columns:
        what = fusion_device(context, column)
        for table, value in joint_values(found) if what else ():
            yield from fixed(legal, f"{table}{value}0{what}{column}")
    if columns and columns[0] != "1":
        yield from discs(legal, context, found)


def _bridged(context: Context) -> bool:
    """Whether bone was laid on what was bared for it."""
    beds = [s.text for s, _ in done(context, _BED)]
    return bool(beds) and any(_LAID.search(text) for text in beds)


def _levels(context: Context) -> list[int]:
    """The joints at which there was work; where none is named, those between vertebrae with screws."""
    told = [line for line in lines(context) if _WORK.search(line) and not spared(line)]
    work = [line for line in told if not _ALONE.search(line) and not _IMAGE.search(line)]
    found = sorted({one for line in work for one in joints(line)})
    if found:
        return found
    held = sorted({one for line in work if _SCREWS.search(line) for one in vertebrae(line)})
    return list(range(held[0], held[-1])) if held else []


def vertebra(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The codes of vertebrae raised by a balloon and filled with cement, and of a core taken from one (B3.2)."""
    del term
    if not says(context, _FILLED):
        return
    raised = says(context, _RAISED)
    for table, value in of(_bodies(context, _AT), VERTEBRAE):
        if raised:
            yield from fixed(legal, f"{table}S{value}3ZZ")
        yield from fixed(legal, f"{table}U{value}3JZ")
    if any(_TAKEN.search(s.text) for s, _ in done(context, _CORE)):
        for table, value in of(_bodies(context, _CORE) or _bodies(context, _AT), VERTEBRAE):
            yield from fixed(legal, f"{table}B{value}3ZX")


def _bodies(context: Context, pattern: Pattern) -> list[int]:
    """The vertebrae that were entered: of the sentences that tell of the work, not of a disc or a picture."""
    told = [line for line in lines(context) if pattern.search(line) and not spared(line)]
    work = [line for line in told if not _ALONE.search(line) and not _DISC.search(line) and not _IMAGE.search(line)]
    return sorted({one for line in work for one in vertebrae(line)})
