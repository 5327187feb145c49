"""Whether a chart says that two things belong together: what the classification links a provider may part (I.A.15)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from leadterm.codesets.wording import words
from leadterm.domain import Fact

from .patterns import compiled

_PARTED = compiled(
    r"\b(?:not (?:due|secondary|related|attributed|felt to be due) to|unrelated to|not (?:from|caused by))\b"
    r"(?P<what>[^.;\n]*)"
)
_LINKED = compiled(
    r"\b(?:(?:due|secondary|attributed|2/2|related) to|caused by|because of|induced by|in the setting of|from)\b"
    r"(?P<what>[^.;,\n]*)"
)
_NON = compiled(r"\b(?:non-?|not (?:a |from |due to )?)(?P<what>diabetic|hypertensive|alcoholic|ischemic)\b")


@dataclass(frozen=True, slots=True)
class Ties:
    """What a fact is called, and what its sentence ties it to or parts it from; all as stems.

    Attributes:
        names: Of its own telling words.
        parted: What it is said not to come from.
        linked: What it is said to come from or to go with.
    """

    names: frozenset[str]
    parted: frozenset[str]
    linked: frozenset[str]


def ties(fact: Fact, sentence: str) -> Ties:
    """The ties of a fact; `sentence` is its sentence in small letters. The same for all facts that say the same."""
    said = " ".join(fact.attributes.get(axis, "") for axis in ("cause", "with"))
    return _ties(fact.mention.text, fact.concept, said, sentence)


@lru_cache(maxsize=4096)
def _ties(mention: str, concept: str, said: str, sentence: str) -> Ties:
    parted = " ".join(m["what"] for m in _PARTED.finditer(sentence))
    negated = (_stem(word["what"]) for word in _NON.finditer(sentence))
    linking = " ".join(m["what"] for m in _LINKED.finditer(sentence))
    return Ties(
        frozenset(map(_stem, _named(mention, concept))),
        frozenset((*map(_stem, words(parted)), *negated)),
        frozenset(map(_stem, words(f"{said} {linking}"))),
    )


def link(one: Ties, other: Ties) -> bool | None:
    """Whether one of two facts is said to be due to, or with, the other; None where neither says so."""
    for effect, cause in ((one, other), (other, one)):
        if cause.names & effect.parted:
            return False
        if cause.names & effect.linked:
            return True
    return None


# What many words begin with and none is told by: "hyperlipidemia" is no "hyperglycemia".
_BEGINNINGS = ("hyper", "hypo", "cardio", "neuro", "thrombo", "encephalo", "gastro", "nephro", "immuno", "post")


def _stem(word: str) -> str:
    """What the forms of a word share: diabetes and diabetic, malignancy and malignant."""
    beginning = next((b for b in _BEGINNINGS if word.startswith(b)), "")
    return word[: len(beginning) + 5]


@cache
def _general() -> frozenset[str]:
    """Words of names that name nothing by themselves."""
    return frozenset(
        "disease disorder syndrome acute chronic unspecified type stage with without due other the of and".split()
    )


def _named(mention: str, concept: str) -> frozenset[str]:
    """The telling words of a fact, as the chart and as the list writes it."""
    return frozenset(words(f"{mention} {concept}")) - _general()
