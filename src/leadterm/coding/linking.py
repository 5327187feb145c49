"""Whether a chart says that two things belong together: what the classification links a provider may part (I.A.15)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

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


def link(f: Fact, g: Fact, sentence_of: Callable[[Fact], str]) -> bool | None:
    """Whether one of two facts is said to be due to, or with, the other; None where neither says so.

    `sentence_of` gives the sentence of a fact in small letters.
    """
    for effect, cause in ((f, g), (g, f)):
        named = _named(cause)
        stem = set(map(_stem, named))
        sentence = sentence_of(effect)
        if any(stem & set(map(_stem, words(m["what"]))) for m in _PARTED.finditer(sentence)):
            return False
        if any(_stem(word["what"]) in stem for word in _NON.finditer(sentence)):
            return False
        linking = " ".join(m["what"] for m in _LINKED.finditer(sentence))
        said = " ".join(effect.attributes.get(axis, "") for axis in ("cause", "with"))
        if stem & set(map(_stem, words(f"{said} {linking}"))):
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


def _named(fact: Fact) -> frozenset[str]:
    """The telling words of a fact, as the chart and as the list writes it."""
    return frozenset(words(f"{fact.mention.text} {fact.concept}")) - _general()
