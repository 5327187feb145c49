"""What a neoplasm is by its words: behavior and tissue (`morphology.tsv`), as the Index sends them on to the table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled

from .places import ROOM, Zone

# Terms that say nothing of the site; whatever the words around them name says more.
VAGUE = tuple("C76 C79.9 C80.1 C49 C41.9 C44.9 C43 C4A C77.9 D09.9 D12.6 D17 D22 D23 D04 D36.9 D48.9 D49.9 C62".split())


@dataclass(frozen=True, slots=True)
class Kind:
    """What the words say a neoplasm is: a column of `sites.tsv` or `regions.tsv`, and the tissue."""

    column: str
    tissue: str


@cache
def _morphology() -> tuple[tuple[Pattern, Kind], ...]:
    return tuple((_any_of(row["words"]), Kind(row["kind"], row["tissue"])) for row in rows(f"{ROOM}/morphology"))


def _any_of(words: str) -> Pattern:
    ways = (re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else "") for w in words.split("|"))
    return compiled(rf"\b(?:{'|'.join(ways)})\b")


def kind_of(zone: Zone) -> Kind | None:
    """The kind that the mention, with the words just around it, is; None where it tells nothing of behavior."""
    mention = zone.text[zone.start : zone.end]
    around = zone.text[max(0, zone.start - 30) : zone.end]
    tail = zone.text[zone.end : zone.end + 45]
    for pattern, kind in _morphology():
        if kind.column in ("uncertain", "in_situ") and pattern.search(around + tail):
            return kind
        if pattern.search(mention) or (kind.column in ("basal", "melanoma") and pattern.search(around)):
            if kind.column == "unspecified" and re.search(r"\b(?:malignant|cancerous)\b", around):
                return Kind("primary", "organ")
            return kind
    return None


_COLUMNS = (("C77", "secondary"), ("C78", "secondary"), ("C79", "secondary"), ("C", "primary"), ("D0", "in_situ"))


def kind_of_target(target: str) -> Kind | None:
    """What the term of the dictionary is, where its words do not say."""
    column = next((column for prefix, column in _COLUMNS if target.startswith(prefix)), None)
    return Kind(column, "organ") if column else None
