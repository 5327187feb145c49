"""What the readings of a phrase make of every fact that bears them, whatever its sentence says."""

from __future__ import annotations

from typing import NamedTuple

from leadterm.codesets.terms import Term
from leadterm.domain import Assertion, FactKind, kind_of_target

from .._vocabulary import Entry

# Codes whose terms name the use of a substance: what the chart says of the pattern belongs to their fact.
_OF_SUBSTANCES = ("F1", "Z72.0", "Z87.891", "Z87.898", "Z77.22", "Z71.4", "Z71.5", "Z71.6", "O99.3")
# Codes that are a history: what opens at them is of the family, or past, whatever else the sentence leaves open.
_CODE_SAYS = {
    **dict.fromkeys(("Z80", "Z81", "Z82", "Z83", "Z84"), Assertion.FAMILY),
    **dict.fromkeys(("Z85", "Z86", "Z87"), Assertion.HISTORICAL),
}
_THINGS = (FactKind.DRUG, FactKind.PROCEDURE, FactKind.DEVICE)


class Sense(NamedTuple):
    """What is always true of a mention with these readings.

    Attributes:
        concept: The thing in plain words.
        kind: What sort of thing it is.
        class_: Its row of `classes.tsv`; None where the vocabulary does not know it.
        targets: The codes at which its readings open, best first.
        source: Where the best reading stands; None where that opens at no code.
        says: What its code says of it where the sentence leaves it open.
        thing: Whether it is a drug, a procedure or a device, which no disease lends an attribute.
        of_substances: Whether what is said of the use of a substance may belong to it.
    """

    concept: str
    kind: FactKind
    class_: str | None
    targets: tuple[str, ...]
    source: str | None
    says: Assertion
    thing: bool
    of_substances: bool


def sense_of(terms: tuple[Term, ...], entry: Entry | None) -> Sense:
    """The sense of readings, best first; `entry` is what the vocabulary says of them, None where it does not know."""
    best = terms[0]
    code = best.code
    return Sense(
        entry.concept if entry else best.concept,
        entry.kind if entry else kind_of_target(code),
        entry.class_ if entry else None,
        tuple(dict.fromkeys(term.code for term in terms if term.code)),
        best.source.value if code else None,
        _CODE_SAYS.get(code[:3], Assertion.PRESENT),
        not code and entry is not None and entry.kind in _THINGS,
        not code or code.startswith(_OF_SUBSTANCES),
    )
