"""Words of a chart and of labels in one form, so that "Arteries", "artery" and "ARTERY" meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# "R ovary", "L ureter": a letter that stands alone before a word, never the litres behind a number.
_LETTERS = {"r": "right", "l": "left"}
_SIDED = re.compile(r"[rl] (?!of\b|in\b|by\b|at\b|to\b|and\b|or\b)(?:[a-z]{2,}|\d{1,2} ?(?:fr|french|st|nd|rd|th)\b)")
_COUNTED = re.compile(r"(?<!\d/)(?<!\d/\d)[\d.,/-] ?\Z")  # behind a day ("5/25 L chest tube") a letter is a side again
# Abbreviations of more than one word.
_SPELT = {
    f"{side}{lobe}l": (name, place, "lobe")
    for side, name in (("r", "right"), ("l", "left"))
    for lobe, place in (("u", "upper"), ("m", "middle"), ("l", "lower"))
}
_WORD = re.compile(r"[a-z0-9]+(?:'s\b)?")
# Ways to write one word that no rule of endings joins.
_SAME = {
    "rt": "right", "lt": "left", "bilaterally": "bilateral", "bilat": "bilateral", "both": "bilateral",
    "vertebrae": "vertebra", "ribs": "rib", "testes": "testis", "testicle": "testis", "testicular": "testis",
    "ovarian": "ovary", "renal": "kidney", "hepatic": "liver", "gastric": "stomach", "uterine": "uterus",
    "pulmonary": "lung", "femoral": "femur", "tibial": "tibia", "humeral": "humerus", "radial": "radius",
    "colonic": "colon", "splenic": "spleen", "bronchi": "bronchus", "diaphragmatic": "diaphragm",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
}  # fmt: skip


# "Site: [x] R", "Side: L".
_ASKED = re.compile(r"(?:\[x\]|\b(?:site|side|laterality) ?:) ?\Z")
# "The wound was left open": no side.
_BEHIND = re.compile(
    r"left (?:open|in place|in situ|in the|alone|intact|behind|undisturbed|untouched|attached|unrepaired"
    r"|to (?:heal|drain|gravity|granulate))\b"
)
# "A nephrostomy was left at the end": no side either.
_WAS_LEFT = re.compile(r"\b(?:was|were|is|are|be|been) \Z")
_THING_LEFT = re.compile(r"\b(?:clip|marker|packing|wick|sheath)s? \Z")  # "clip left"
_LEFT_SO = re.compile(r"left (?:at the|in|on|over|with|for|as|until|after|during|overnight|out)\b")
_REACH = 12  # characters before a letter that tell what it is


def _is_side(text: str, at: int) -> bool:
    """Whether a letter that stands alone is a side."""
    before = text[max(0, at - _REACH) : at]
    if _ASKED.search(before):
        return True
    return _SIDED.match(text, at) is not None and (text[at] == "r" or not _COUNTED.search(before))


def _is_left_behind(text: str, at: int) -> bool:
    """Whether "left" tells what was done with a thing and no side."""
    if _BEHIND.match(text, at):
        return True
    before = text[max(0, at - _REACH) : at]
    return bool(_THING_LEFT.search(before) or (_LEFT_SO.match(text, at) and _WAS_LEFT.search(before)))


def spoken(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text in small letters in their one form, with their places."""
    for found in _WORD.finditer(text):
        word = found[0]
        if word in _LETTERS and _is_side(text, found.start()):
            word = _LETTERS[word]
        elif word == "left" and _is_left_behind(text, found.start()):
            continue
        yield root(word), found.start(), found.end()


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """The one form of a word."""
    word = word.removesuffix("'s")
    word = _SAME.get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return _SAME.get(word[:-1], word[:-1])
    return word


@lru_cache(maxsize=65_536)
def roots(text: str) -> tuple[str, ...]:
    """The words of a short text in their one form, in order."""
    words = [word for one, _, _ in spoken(text.lower()) for word in _SPELT.get(one, (one,))]
    if not _EYES.isdisjoint(words) and not _OF_EYES.isdisjoint(words):
        words = [_EYE_SIDES.get(word, word) for word in words]
    if "back" in words:
        words = [_way(words, n) if word == "back" else word for n, word in enumerate(words)]
    return tuple(words)


# "OD", "OS" and "OU" tell sides where eyes are spoken of; elsewhere they are mouths, cervices and overdoses.
_EYE_SIDES = {"od": "right", "os": "left", "ou": "bilateral"}
_EYES = frozenset(_EYE_SIDES)
_OF_EYES = frozenset(
    "eye cataract lens iol phaco phacoemulsification intraocular vitrectomy vitreous vitreou retina retinal cornea "
    "corneal glaucoma trabeculectomy blepharoplasty ptosis eyelid lid keratoplasty enucleation pterygium".split()
)


def _way(words: list[str], n: int) -> str:
    """ "Back" where it tells a way and no body part: "excised back to bleeding tissue", "brought back"."""
    return "backward" if words[n + 1 : n + 2] in _TO or words[max(n - 1, 0) : n] in _WENT else words[n]


_TO = [["to"], ["into"], ["in"], ["together"]]
_WENT = [
    [word]
    for word in "brought taken came come cut trimmed excised sewn put seated laid held pulled peeled folded".split()
]
