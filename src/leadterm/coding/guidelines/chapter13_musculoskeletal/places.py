"""The part of the body that a disease of bones or joints has, as the titles below its node name it (I.C.13.a)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from leadterm.codesets import CodeBook
from leadterm.codesets.wording import words
from leadterm.coding._tables import rows
from leadterm.coding.navigating.leaves import Leaf, under
from leadterm.coding.patterns import compiled

CHAPTER = "13"
SEVERAL = "several"
_LEVEL = compiled(r"\b[CTLS]\s?\d{1,2}\b")
_VERTEBRA = ("vertebra", "other specified site", "other site")


@cache
def _table() -> dict[tuple[str, ...], tuple[str, tuple[str, ...]]]:
    return {
        tuple(words(row["said"])): (row["site"], tuple(row["titles"].split("|")))
        for row in rows("guidelines/chapter13_musculoskeletal/sites")
    }


def sites(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sites that a text names, in its order, each with the words of titles for it."""
    said, at = words(text), 0
    found: dict[str, tuple[str, ...]] = {"vertebra": _VERTEBRA} if _LEVEL.search(text) else {}
    while at < len(said):
        for size in (2, 1):
            hit = _table().get(tuple(said[at : at + size]))
            if hit is not None:
                found.setdefault(hit[0], hit[1])
                at += size - 1
                break
        at += 1
    return tuple(found.items())


def placed(book: CodeBook, node: str, named: Iterable[tuple[str, tuple[str, ...]]], side: str | None) -> str | None:
    """The code below a node for the sites that the chart names, at its side; None where the list has none."""
    named = tuple(named)
    if not named:
        return None
    if len(named) > 1 or named[0][0] == SEVERAL:
        several = _titled(book, node, r"multiple sites|polyarthritis")
        if several:
            return several[0].code if len(several) == 1 else None
    for words_of_title in named[0][1]:
        fitting = _titled(book, node, rf"\b{re.escape(words_of_title)}(?:s|e|\(s\)|\(e\))?(?!\w)")
        chosen = [leaf for leaf in fitting if _side_fits(leaf, side)]
        if chosen:
            exact = [leaf for leaf in chosen if leaf.side == side and side] or chosen
            return exact[0].code if len({leaf.code for leaf in exact}) == 1 else None
    return None


def _side_fits(leaf: Leaf, side: str | None) -> bool:
    if leaf.side in (None, "unspecified"):
        return leaf.side is None or side in (None, "bilateral")
    return leaf.side == side


@lru_cache(maxsize=8192)
def _titled(book: CodeBook, node: str, pattern: str) -> tuple[Leaf, ...]:
    """The leaves below a node whose title says what the pattern wants; none where all say it."""
    leaves = under(book, CHAPTER, node)
    said = [leaf for leaf in leaves if re.search(pattern, _title(book, leaf.code))]
    return tuple(said) if len(said) < len(leaves) else ()


def _title(book: CodeBook, code: str) -> str:
    node = book.node(code)
    return node.title.lower() if node else ""
