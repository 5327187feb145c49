"""Skull, brain and their fluids: which lobe, drained or cleared, by which way, with what left behind (B3.1, B6.1)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import cue, fixed, whole

_MENINGES = compiled(r"\bmeningi?om|\bextra-?axial|\bdural[ -]based|\bfalx|\bfalcine|\bconvexity (?:tumor|mass|lesion)")
_BRAIN = compiled(r"\bgliom|\bglioblastom|\bastrocytom|\bmetasta|\bintra-?axial|\bschwannom|\bpituitar")
_CEREBELLUM = compiled(r"\bcerebell|\bposterior fossa|\bvermis")
_STEM = compiled(r"\bbrain ?stem|\bpontine|\bmedulla")
_THALAMUS = compiled(r"\bthalam")
_DRAIN_LEFT = cue("brain.drain_left")
_TWIST = compiled(r"\btwist[ -]drill|\bseps\b|\bevacuating port|\bbedside")


def tumor(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The code of a tumour cut out of the brain: hemisphere unless another part is told."""
    del argument
    text = " . ".join(level.text for level in context.of("clause", "sentence", "names", "aims"))
    if _MENINGES.search(text) and not _BRAIN.search(text):
        yield from fixed(legal, "00B10ZZ")
        return
    part = "C" if _CEREBELLUM.search(text) else "X" if _STEM.search(text) else "9" if _THALAMUS.search(text) else "7"
    yield from fixed(legal, f"00B{part}0ZZ")


def subdural(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The code of blood let out of the subdural space through a hole: Drainage, with the drain where one stays."""
    del argument
    text = whole(context)
    drain = "0" if _DRAIN_LEFT.search(text) else "Z"
    way = "3" if _TWIST.search(text) else "0"
    yield from fixed(legal, f"0094{way}{drain}Z")


def deep(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of leads into the brain, and of their generator where it went in too."""
    del argument
    text = " . ".join(level.text for level in context.of("clause", "sentence", "names", "account"))
    yield from fixed(legal, "00H03MZ" if compiled(r"\bburr|\bstereotactic|\bpercutaneous").search(text) else "00H00MZ")
    if compiled(r"\bgenerator|\bipg\b|\bpulse\b|\bbattery").search(text):
        kind = "E" if "rechargeable" in text else "D"
        yield from fixed(legal, f"0JH60{kind}Z")


def stimulator(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of a stimulator of the cord: its leads, and the generator where it is no trial."""
    del argument
    text = " . ".join(level.text for level in context.of("clause", "sentence", "names", "account"))
    way = "0" if compiled(r"\bpaddle|\blaminotomy|\blaminectomy").search(text) else "3"
    if not compiled(r"\b(?:generator|battery|ipg) (?:replacement|change|exchange)").search(context.act.statement.text):
        yield from fixed(legal, f"00HU{way}MZ")
    else:
        yield from fixed(legal, "0JPT0MZ")
    if (
        compiled(r"\bgenerator|\bipg\b|\bbattery|\bpermanent").search(text)
        and "trial" not in context.act.statement.text
    ):
        kind = "E" if "rechargeable" in text and "non-rechargeable" not in text else "D"
        place = "7" if compiled(r"\bbuttock|\bflank|\bback\b").search(text) else "8"
        yield from fixed(legal, f"0JH{place}0{kind}Z")
