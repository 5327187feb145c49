"""The codes that differ by side alone: right, left, both and unspecified of one condition, by their titles.

Two codes of a category differ by side alone where their titles have the same words without those of sides and without
the paired organ itself, which the list leaves out where it says "bilateral".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from leadterm.edits._coding import Entry
from leadterm.edits._ports import Node, Tree

RIGHT, LEFT, BOTH, UNSPECIFIED = "right", "left", "bilateral", "unspecified"
CATEGORIES_KEPT = 2_000
# Categories of injuries are big, and their codes differ by side within one subcategory; none is for both sides.
INJURIES = frozenset("ST")
_WORD = re.compile(r"[a-z0-9]+")
_SIDE = re.compile(r"\b(right|left|bilateral)\b")
_IGNORED = frozenset({RIGHT, LEFT, BOTH, "unilateral", "of", "the", "and", "eye", "ear", "side", "eyelid"})

Family = Mapping[str, str]


def side_of(entry: Entry) -> str | None:
    """The side that a code's title names; None for none or for several."""
    return _side(entry.node.title) if entry.node else None


@lru_cache(maxsize=20_000)
def _side(title: str) -> str | None:
    found = set(_SIDE.findall(title.lower()))
    return found.pop() if len(found) == 1 else None


def family_of(tree: Tree, entry: Entry) -> Family:
    """The complete codes that differ from this one by side alone, by side, itself included; empty for none."""
    if entry.node is None or not entry.node.billable:
        return {}
    return _families(tree, _top(entry)).get(entry.code, {})


def _top(entry: Entry) -> str:
    """The node below which the codes of its family stand."""
    if entry.code[0] not in INJURIES:
        return entry.bare[:3]
    above = [node.code for node in entry.lineage if node.kind == "subcategory"]
    return above[0] if above else entry.bare[:3]


@lru_cache(maxsize=CATEGORIES_KEPT)
def _families(tree: Tree, top: str) -> Mapping[str, Family]:
    """The families below a node, by each of their codes."""
    nodes = list(_complete(tree, top))
    sided: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for node in nodes:
        if side := _side(node.title):
            sided.setdefault(_words(node.title), {}).setdefault(side, []).append(node.code)
    for node in nodes:
        if not _SIDE.search(node.title.lower()) and (less := _without_unspecified(_words(node.title))) in sided:
            sided[less].setdefault(UNSPECIFIED, []).append(node.code)
    families = [{side: codes[0] for side, codes in sides.items() if len(codes) == 1} for sides in sided.values()]
    return {code: family for family in families if len(family) > 1 for code in family.values()}


def _complete(tree: Tree, code: str) -> Iterator[Node]:
    node = tree.node(code)
    if node is None:
        return
    if node.billable:
        yield node
    for child in node.children:
        yield from _complete(tree, child)


@lru_cache(maxsize=20_000)
def _words(title: str) -> tuple[str, ...]:
    words = (word for word in _WORD.findall(title.lower()) if word not in _IGNORED)
    return tuple(sorted(_singular(word) for word in words))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_unspecified(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without one "unspecified"; none where the title does not say it."""
    if UNSPECIFIED not in words:
        return ()
    place = words.index(UNSPECIFIED)
    return (*words[:place], *words[place + 1 :])
