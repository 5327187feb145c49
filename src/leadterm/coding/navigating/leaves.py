"""The last codes of the Tabular List before the 7th character, found by the words of a chart.

A code fits when the chart says every word that its title wants: the kind of injury, the bone and its part, the
pattern. Of those that fit, the one whose title says the most is taken; "other" never is, for the chart must name what
the list does not. What guidelines presume (displaced, without foreign body) need not be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from leadterm._kept import KEPT
from leadterm.codesets import CodeBook, Node
from leadterm.coding.patterns import compiled

from .said import Said, said

# What a title does not want said: parts that it leaves open, the limb that only bears the side, what is presumed.
_OPEN = compiled(
    r"\bunspecified (?:phalanx|ligament|nerve|blood vessel|muscles?, fascia and tendons?|interphalangeal joint"
    r"|carpal bone|part|site|degree|quadrant|body region|focal|injury|fracture|type|site of)\b(?: of)?"
    r"|, level unspecified|\bat metacarpophalangeal and interphalangeal joint\b|\bsite unspecified\b"
    r"|,? unspecified (?:upper )?quadrant|\[(?!scaphoid)[^\]]*\]|\((?!osteo)[^)]*\)|, initial encounter.*"
    r"|\bwithout penetration into [a-z]+ cavity\b"
)
# The limb at the end of a title that only bears the side, where the title names a place before it.
_LIMB = compiled(r"(?:,|(?<=level) of) (?:right|left|unspecified) (?:arm|leg|hand|foot|eye|side|limb|thigh)$")
_VAGUE = compiled(r"unspecified (?:part|fracture|site|injury|phalanx|ligament|degree|displaced|nondisplaced)")
# "Other extraarticular": other than those that have codes of their own, not a residual class.
_RESIDUAL = compiled(r"\bother (extraarticular|intraarticular)")
_SIDES = ("right", "left", "bilateral")
KINDS = frozenset(
    "fracture laceration puncture bite wound insectbite superficialbite abrasion contusion blister constriction"
    " superficialforeignbody dislocation subluxation sprain strain crush amputation tear rupture avulsion injury"
    " concussion hemorrhage burn corrosion spondylolisthesis frostbite".split()
)
_LOC = "loss of consciousness"
_BLOCK = "-"  # "S00-S09": what the codes of a category do not have
_CATEGORY = 3  # characters


@dataclass(frozen=True, slots=True)
class Leaf:
    """A code with what its title wants said.

    Attributes:
        code: The code, without 7th character.
        needs: Tokens that the chart must say.
        side: right, left, bilateral; unspecified where siblings have sides; None where the title knows none.
        displaced: What the title says of displacement, if anything.
        other: Whether it is a residual code.
        vague: Whether the title leaves a part or a pattern open.
    """

    code: str
    needs: frozenset[str]
    side: str | None
    displaced: bool | None
    other: bool
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A leaf and how much of it the chart says."""

    leaf: Leaf
    score: int


def leaf_of(node: Node, siblings: frozenset[str]) -> Leaf:
    """What a node's title wants; `siblings`: the titles beside it, in lower case."""
    title = node.title.lower()
    side = next((s for s in _SIDES if re.search(rf"\b{s}\b(?! (?:upper|lower) quadrant)", title)), None)
    if side is None and _sided(title, siblings):
        side = "unspecified"
    shown = re.search(r"\b(non)?displaced\b", title)
    displaced = None if shown is None else not shown[1]
    wanted = _wanted(title)
    other = "other" in wanted
    vague = _VAGUE.search(title) is not None
    presumed = {"other", "displaced", "nondisplaced"} | ({"superficial"} if "frostbite" in wanted else set())
    return Leaf(node.code, wanted - presumed, side, displaced, other, vague)


def _wanted(title: str) -> frozenset[str]:
    title = _RESIDUAL.sub(r"\1", title)
    whole = said(_OPEN.sub(_kept, title))
    if not _LIMB.search(title):
        return whole.own
    short = said(_OPEN.sub(_kept, _LIMB.sub("", title)))
    return short.own if short.nouns else whole.own


def _kept(match: re.Match[str]) -> str:
    text = match.group()
    kept = ("injury", "fracture")
    return next((f" {noun} " for noun in kept if text.startswith(f"unspecified {noun}")), " ")


def _sided(title: str, siblings: frozenset[str]) -> bool:
    """Whether one of the title's "unspecified" stands where a sibling says a side."""
    return any(
        f"{title[: m.start()]}{side}{title[m.end() :]}" in siblings
        for m in re.finditer("unspecified", title)
        for side in ("right", "left")
    )


@lru_cache(maxsize=4)
def leaves(book: CodeBook, chapter: str) -> tuple[Leaf, ...]:
    """The leaves of a chapter, in the order of the list; intracranial injury ends above loss of consciousness."""
    return _read(book, chapter)


def _read(book: CodeBook, chapter: str, category: str = "") -> tuple[Leaf, ...]:
    """The leaves of a chapter, or of one of its categories: what their titles want is read once for all processes."""
    tabular = book.release_for("icd10cm:tabular", None)
    name = ("leaves", tabular.checksum if tabular else "", chapter, category)
    plain = KEPT.once(
        name, lambda: tuple(_plain(leaf) for leaf in _below(book, chapter, category) if leaf.code.startswith(category))
    )
    return tuple(Leaf(code, frozenset(needs), *rest) for code, needs, *rest in plain)


def _plain(leaf: Leaf) -> tuple[object, ...]:
    return leaf.code, tuple(leaf.needs), leaf.side, leaf.displaced, leaf.other, leaf.vague


def _below(book: CodeBook, code: str, category: str = "") -> Iterator[Leaf]:
    """The leaves below a node; where a category is given, those of it alone."""
    node = book.node(code)
    if node is None:
        return
    children = [c for c in (book.node(child) for child in node.children) if c is not None]
    titles = frozenset(c.title.lower() for c in children)
    for child in children:
        if not (child.code.startswith(category) or _BLOCK in child.code):
            continue
        under = book.node(child.children[0]) if child.children else None
        if under is None or under.extension is not None or _LOC in under.title:
            yield leaf_of(child, titles)
        else:
            yield from _below(book, child.code, category)


@lru_cache(maxsize=512)
def _of_category(book: CodeBook, chapter: str, category: str) -> tuple[Leaf, ...]:
    """The leaves of one category: whoever asks below a node does not wait for the chapter."""
    return _read(book, chapter, category)


@lru_cache(maxsize=4096)
def under(book: CodeBook, chapter: str, prefix: str) -> tuple[Leaf, ...]:
    """The leaves of a chapter whose code begins with a prefix."""
    among = _of_category(book, chapter, prefix[:_CATEGORY]) if len(prefix) >= _CATEGORY else leaves(book, chapter)
    return tuple(leaf for leaf in among if leaf.code.startswith(prefix))


def placed(book: CodeBook, chapter: str, words: Said) -> list[Leaf]:
    """The leaves of a chapter that want a kind of injury and a place that these words name, in the list's order."""
    wanting, said = _wanting(book, chapter), words.all - KINDS
    pairs = ((kind, word) for kind in words.own & KINDS for word in said)
    found = {n for pair in pairs for n in wanting.get(pair, ())}
    every = leaves(book, chapter)
    return [every[n] for n in sorted(found)]


@lru_cache(maxsize=4)
def _wanting(book: CodeBook, chapter: str) -> dict[tuple[str, str], list[int]]:
    """The leaves of a chapter, by their places in it, for each kind of injury and each other word that they want."""
    found: dict[tuple[str, str], list[int]] = {}
    for n, leaf in enumerate(leaves(book, chapter)):
        for pair in product(leaf.needs & KINDS, leaf.needs - KINDS):
            found.setdefault(pair, []).append(n)
    return found


def best(
    among: Iterable[Leaf], chart: Said, side: str | None, *, nondisplaced: bool = False, other: bool = False
) -> Found | None:
    """The leaf that the chart supports best; None where it supports none.

    `side`: right, left, bilateral or None. `other`: whether residual codes may be taken, because a residual node was
    opened.
    """
    everything = chart.all
    said = (leaf for leaf in among if leaf.needs <= everything)
    found = [f for f in (_fit(leaf, chart, side, nondisplaced, other) for leaf in said) if f is not None]
    return max(found, key=lambda f: f.score, default=None)


def _fit(leaf: Leaf, chart: Said, side: str | None, nondisplaced: bool, other: bool) -> Found | None:
    """How well a leaf fits whose words the chart says; None where side, displacement or residue speak against it."""
    if leaf.other and not other:
        return None
    if leaf.displaced is not None and leaf.displaced is nondisplaced:
        return None
    if leaf.side in _SIDES and leaf.side != side:
        return None
    exact = leaf.side == side and side is not None
    score = (
        30 * len(leaf.needs & chart.own) + 10 * len(leaf.needs - chart.own) + 5 * exact - leaf.other - 2 * leaf.vague
    )
    if leaf.side == "unspecified" and side in ("right", "left"):
        score -= 3
    return Found(leaf, score)
