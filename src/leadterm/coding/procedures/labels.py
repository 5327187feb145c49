"""Values of an axis by the words of a chart: their labels, the keys of the definitions, and ways of charts to say them.

A label has a side or none ("Kidney, Right"); values that differ in nothing but the side are one thing (`Thing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from leadterm.coding._tables import rows

from .legal import Legal
from .words import roots

SIDES = ("right", "left", "bilateral")
# Words of labels that a chart leaves out where the table has nothing else by the rest of the name.
_WEAK = frozenset(
    "joint bone gland artery vein nerve muscle tendon duct structure surface and of the bursa ligament region cavity "
    "subcutaneous tissue fascia skin device substitute no qualifier disc vertebral extremity lymphatic valve matter "
    "body external product".split()
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One value of an axis, or its values for each side.

    Attributes:
        label: Without the side.
        sides: Characters by side; under the empty side what has none.
        names: Words of the label; all of them stand for it in any order.
        phrases: Other names, each a row of words.
    """

    label: str
    sides: tuple[tuple[str, str], ...]
    names: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]

    @property
    def strong(self) -> frozenset[str]:
        """The words of the label that no chart leaves out."""
        return strong(self.names)

    def of_side(self, side: str) -> str | None:
        """The character for a side; of what has none, its own."""
        return dict(self.sides).get(side) or dict(self.sides).get("")


def strong(names: frozenset[str]) -> frozenset[str]:
    """The words of a name that no chart leaves out; all of them where each is weak, or where they name a deed too."""
    return names if names == _DRAIN else names - _WEAK or names


_DRAIN = frozenset(("drainage", "device"))  # "incision and drainage" leaves no drain


def parted(label: str) -> tuple[str, str]:
    """A label as (what, side): "Kidney, Right" → ("Kidney", "right"); the side may stand anywhere in it."""
    words = label.replace("Ureters", "Ureter").replace("Kidneys", "Kidney").split(" ")
    for n, word in enumerate(words):
        plain = word.strip(",").lower()
        if plain in SIDES:
            rest = " ".join([*words[:n], *words[n + 1 :]]).strip(", ").replace(" ,", ",")
            return rest, plain
    return label, ""


def things(legal: Legal, position: int, offered: Mapping[str, str], section: str) -> tuple[Thing, ...]:
    """What an axis offers, values of several sides as one."""
    return _things(legal, position, tuple(sorted(offered.items())), section)


@lru_cache(maxsize=8192)
def _things(legal: Legal, position: int, offered: tuple[tuple[str, str], ...], section: str) -> tuple[Thing, ...]:
    """The things that labels name, those of one thing that differ by their side together."""
    groups: dict[str, dict[str, str]] = {}
    labels: dict[str, list[str]] = {}
    for character, label in offered:
        what, side = parted(label)
        base = " ".join(roots(what))
        groups.setdefault(base, {})[side] = character
        labels.setdefault(base, []).append(label)
    return tuple(
        Thing(
            labels[base][0],
            tuple(sides.items()),
            frozenset(base.split()),
            _phrases(legal, position, labels[base], section),
        )
        for base, sides in groups.items()
    )


def _phrases(legal: Legal, position: int, labels: Iterable[str], section: str) -> tuple[tuple[str, ...], ...]:
    """Other names of labels: the keys of the definitions, then those of `synonyms.tsv`."""
    own = _synonyms()
    found = [
        *(p for label in labels for p in _keys(legal, section, position).get(label, ())),
        *(p for label in labels for p in own.get((position, parted(label)[0].lower()), ())),
    ]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=64)
def _keys(legal: Legal, section: str, position: int) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The keys of the definitions by the label that they stand for."""
    if legal.definitions is None:
        return {}
    found: dict[str, list[tuple[str, ...]]] = {}
    for term in legal.definitions.axis(section, position):
        for title in term.titles:
            # "Synthetic Substitute in Lower Joints" is the value of that name there.
            plain = title.partition(" in ")[0].partition(" for ")[0] if position > 5 else title
            found.setdefault(plain, []).extend(roots(words) for words in term.includes)
    return {label: tuple(phrases) for label, phrases in found.items()}


@cache
def _synonyms() -> Mapping[tuple[int, str], tuple[tuple[str, ...], ...]]:
    """Own names by position and label without side."""
    found: dict[tuple[int, str], list[tuple[str, ...]]] = {}
    for row in rows("procedures/synonyms"):
        found.setdefault((int(row["position"]), row["label"].lower()), []).extend(
            roots(words) for words in row["words"].split(";")
        )
    return {key: tuple(phrases) for key, phrases in found.items()}


def named(things: Iterable[Thing], words: tuple[str, ...]) -> Iterator[tuple[float, int, Thing]]:
    """The things that words name, each with how much of them it takes and where: (words taken, place, thing)."""
    known = frozenset(words)
    for thing in things:
        best = _phrase(thing, words)
        if thing.strong <= known and thing.strong:
            # A word of the label that is not said speaks against it, a little: "kidney" is no renal artery.
            taken = len(thing.names & known) + len(thing.strong) / 10 - len(thing.names - known) / 20
            place = min(words.index(w) for w in thing.strong)
            best = max(best, (taken, -place))
        if best[0] > 0:
            yield best[0], -best[1], thing


def _phrase(thing: Thing, words: tuple[str, ...]) -> tuple[float, int]:
    """The longest other name that stands in words, as (length, minus its place); (0, 0) where none does."""
    best = (0.0, 0)
    for phrase in thing.phrases:
        size = len(phrase)
        if not size or phrase[0] not in words:
            continue
        for at in range(len(words) - size + 1):
            if words[at : at + size] == phrase:
                best = max(best, (size + 0.5, -at))
                break
    return best
