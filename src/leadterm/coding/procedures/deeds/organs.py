"""Organs and parts as an account names them, and how much of each its words mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, Table, compiled


@dataclass(frozen=True, slots=True)
class Organ:
    """One row of `organs.tsv`.

    Attributes:
        system, part: Second and fourth character; the part is `_` where the side decides.
        label: Words of the values among which the side decides.
        bare: What "was removed" means of it: `whole`, `part`, or nothing.
        report: Words that the report must have; None for any.
    """

    system: str
    part: str
    label: str
    bare: str
    report: Pattern | None


@dataclass(frozen=True, slots=True)
class Mention:
    """An organ where a text names it, with how much of it is meant: `whole`, `part`, or empty."""

    organ: Organ
    start: int
    end: int
    extent: str


# What stands behind an organ's name and makes it the name of something else: its bed, its artery, a tube in it.
_OTHER = (
    r"(?!'?s? ?-?(?:bed|fossa|arter|vein|vessel|pedicle|hil[ua]|stone|retractor|forceps|drain|catheter|stump|mesent"
    r"|gutter|node|probe|cuff|scan|tributar|branch|attachment|ligament|sutur|flap|blade|neck|wall hernia|serosa|tear"
    r"|edge|surface|bleed|function|transplant|recipient|fail|cancer|output|bag|pressure|contents|cyst(?:o|ic)|stent"
    r"|dressing|feed|feeds|tip\b|size|holder|exchanger|ostomy|tacked|mass\b|tumou?r\b|nodule\b|lesion\b))"
)
_PART = compiled(
    r"\b(?:cm|centimet\w+|inch(?:es)?|feet|foot|segments?|pieces?|portions?|parts?|wedges?|slivers?|bits?|strips?"
    r"|half|halves|thirds?|quarters?|samples?|specimens?|bites?|biops\w+|cores?|nubbins?|dis[ck]|ellipse|length"
    r"|stretch|mass|lesions?|nodules?|polyps?|tumou?rs?|cysts?|plaques?|implants?|granules|edge|margin|most|some"
    r"|tip|end|rim|apex|dome|corner)(?: or so)? (?:of|from|in|on|off) (?:[\w-]+ ){0,5}\Z"
    r"|\b(?:partial|subtotal|distal|proximal|terminal|a loop of|dusky|dead|ischemic|necrotic|involved|diseased"
    r"|perforated|strictured|narrowed|gangrenous) (?:segment of )?\Z"
)
_WHOLE = compiled(
    r"\b(?:whole|entire|all(?: of)?|complete|total|rest of|remainder of|entirety of|native) (?:[\w-]+ ){0,2}\Z"
)
_REACH = 45  # characters before a name that tell how much is meant


def mentions(text: str) -> Iterator[Mention]:
    """The organs that a text in small letters names, in its order; of names that overlap the first."""
    patterns, table = _patterns()
    found = sorted((m.start(), n, m.end()) for n in table.standing(text) for m in patterns[n].made.finditer(text))
    last = 0
    for start, number, end in found:
        if start >= last:
            last = end
            yield Mention(_organs()[number], start, end, _extent(text[max(0, start - _REACH) : start]))


def _extent(before: str) -> str:
    if _WHOLE.search(before):
        return "whole"
    return "part" if _PART.search(before) else ""


@cache
def _organs() -> tuple[Organ, ...]:
    return tuple(
        Organ(
            row["system"],
            row["part"],
            row["label"],
            row["bare"],
            compiled(row["report"]) if row["report"] else None,
        )
        for row in rows("procedures/deeds/organs")
    )


@cache
def _patterns() -> tuple[tuple[Pattern, ...], Table]:
    every = tuple(compiled(rf"\b(?:{row['words']})\b{_OTHER}") for row in rows("procedures/deeds/organs"))
    return every, Table(every)
