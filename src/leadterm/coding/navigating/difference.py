"""What a title of the Tabular List says beyond its parent's: the axes, the words, what it denies, for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from leadterm.codesets.axes import AxisHit, axes_of, find_axes
from leadterm.codesets.wording import words
from leadterm.coding.patterns import compiled
from leadterm.domain import Sex

_STOP = frozenset(
    "of with without and or the due to in by for from as at on not elsewhere classified nos nec type site part "
    "disorder disease mellitus other specified unspecified region stated side encounter trimester".split()
)
_UNSPECIFIED = compiled(r"\b(unspecified|nos)\b")
_OTHER = compiled(r"\bother\b(?! and unspecified| than)")
# What a title denies ("without obstruction", "uncomplicated") holds unless the chart says the thing.
_DENIED = compiled(r",?\s*\b(?:without(?: mention of)?|not) (?P<what>[\w \-/]+?)(?=,|$| of | in | to | with )")
_SEXED = {"female": Sex.FEMALE, "male": Sex.MALE}


@dataclass(frozen=True, slots=True)
class Difference:
    """What a child's title says beyond its parent's; `own`: all its words but those of axes and denials."""

    axes: tuple[tuple[str, str], ...]
    words: frozenset[str]
    own: frozenset[str]
    denied: frozenset[str]
    unspecified: bool
    other: bool
    sex: Sex | None


@lru_cache(maxsize=20_000)
def difference(parent: str, child: str) -> Difference:
    """What the title `child` says beyond the title `parent` of the node above it."""
    above, below = parent.lower(), child.lower()
    denied_words: set[str] = set()
    for match in _DENIED.finditer(below):
        if match.group() not in above:
            denied_words |= set(words(match["what"]))
    said = re.sub(r"\[[^\]]*\]|\([^)]*\)", " ", _DENIED.sub(" ", below))
    hits = list(find_axes(said))
    axes_below: dict[str, str] = {}
    for hit in hits:
        axes_below.setdefault(hit.axis, hit.value)
    axes_above = axes_of(above)
    axes = tuple((a, v) for a, v in axes_below.items() if axes_above.get(a) != v)
    told = frozenset(words(_without(said, hits)))
    new = set(told) - _opened_words(above) - _STOP
    sex = next((s for word, s in _SEXED.items() if word in new), None)
    new -= set(_SEXED)
    unspecified = bool(_UNSPECIFIED.search(below)) and len(_UNSPECIFIED.findall(below)) > len(
        _UNSPECIFIED.findall(above)
    )
    # "Other hyperlipidemia" is residual even below "… and other lipidemias"; below "Other fracture of …" nothing is.
    other = bool(_OTHER.search(below)) and (not _OTHER.search(above) or _starts_other(below) > _starts_other(above))
    own = told - _STOP - set(_SEXED)
    return Difference(axes, frozenset(new), own, frozenset(denied_words - _STOP), unspecified, other, sex)


def _starts_other(title: str) -> bool:
    return title.startswith("other ")


@lru_cache(maxsize=10_000)
def _opened_words(title: str) -> frozenset[str]:
    """The words of a title, those in brackets too."""
    return frozenset(words(re.sub(r"[()\[\]]", " ", title)))


def _without(text: str, hits: list[AxisHit]) -> str:
    """The text without the words of axes."""
    kept, at = [], 0
    for hit in hits:
        kept.append(text[at : hit.start])
        at = hit.end
    return " ".join([*kept, text[at:]])


def is_vague(title: str) -> bool:
    """Whether a title is that of an unspecified form."""
    return bool(_UNSPECIFIED.search(title.lower()))
