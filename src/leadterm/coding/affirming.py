"""What a sentence affirms, and what its words imply."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ._tables import rows


@cache
def _implications() -> dict[str, frozenset[str]]:
    """What a part of the body is part of, as official titles name it (`sites.tsv`)."""
    return {row["word"]: frozenset(row["implies"].split()) for row in rows("sites")}


def implied(said: Iterable[str]) -> frozenset[str]:
    """The words and what they imply: who says leg has said lower limb."""
    found = set(said)
    for word in tuple(found):
        found |= _implications().get(word, frozenset())
    return frozenset(found)


_DENIALS = ("no ", "not ", "without ", "denies ", "negative for ", "w/o ", "absent ", "never ")


def affirmed(sentence: str) -> str:
    """The sentence in lower case without the clauses that deny something."""
    clauses = sentence.lower().replace(";", ",").replace("(", ",").replace(" but ", ",").split(",")
    return ",".join(_before_denial(c) for c in clauses)


def _before_denial(clause: str) -> str:
    padded = f" {clause}"
    cut = min((padded.find(f" {d}") for d in _DENIALS if f" {d}" in padded), default=len(padded))
    return padded[:cut]
