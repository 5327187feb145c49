"""One way to write a term: what titles, synonyms and charts are brought to before they are compared.

Spacing, case, the plural s, articles, sides, roman numerals after *type* or *stage* and British spellings do not
change which term it is; `normalise` removes them and remembers where every word stood, so that a match is always
shown in the untouched text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, compress
from typing import cast

from .accents import without_accents

# A sentence mark stays as a word of its own, so that no term reaches over it.
BARRIER = "."
# A side that names a part of an organ, and not which of two organs, belongs to the term.
_PART = re.compile(r"[\s-]+(?:sided\s+)?(?:heart|ventric|atri|bundle|colon|aortic|(?:upper|lower)[\s-]+quadrant)")
_SIDES = frozenset(("left", "right"))
_NUMBERED_NAME = re.compile(r"[a-z]+-?\d|her\s2(?!\d)")
# First what most words are, so that they pass quickly; then every other. An abbreviation's point ends no sentence:
# "E. coli", "St. Louis encephalitis".
_WORD = re.compile(
    r"([a-z]++(?![^\W_]|['/])|b/l(?![^\W_])|\d+(?:\.\d+)?|[^\W\d_]+(?:'s(?![^\W_]))?"
    r"|\.(?<!\bst\.)(?<!\A[^\W\d_]\.)(?<![\s(][^\W\d_]\.)|[;:?!|•☐☒☑*&]|\n\s*\n)"
)
# Words put into a term without changing which term it is. Sides are read apart, as attributes.
_ALWAYS_DROPPED = frozenset("the an his their both sided".split())
_DROPPED = frozenset("the a an his her their left right bilateral unilateral lt rt l r b/l both sided".split())
# After these a single letter is a name ("hepatitis A"), as it is before a digit ("HER2", "L5").
_LETTERED = frozenset("hepatitis vitamin influenza flu factor hemophilia group type".split())
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "iiia": "3a", "iiib": "3b"}
_NUMBERED = frozenset(["type", "stage", "grade", "class", "phase"])
_DIGITS = frozenset("123456789")
_STAGE_LETTERS = frozenset("abc")
_MARKS = frozenset(".;:?!|•☐☒☑*\n")
_BRITISH = (
    ("haem", "hem"),
    ("aem", "em"),
    ("oed", "ed"),
    ("oesoph", "esoph"),
    ("rrhoe", "rrhe"),
    ("paed", "ped"),
    ("foet", "fet"),
    ("gynaec", "gynec"),
    ("tumour", "tumor"),
    ("fibre", "fiber"),
    ("pnoea", "pnea"),
    ("caesar", "cesar"),
    ("coeli", "celi"),
    ("caec", "cec"),
    ("faec", "fec"),
    ("anaesth", "anesth"),
    ("aetiol", "etiol"),
    ("oestr", "estr"),
    ("leuco", "leuko"),
    ("behaviour", "behavior"),
    ("labour", "labor"),
    ("isation", "ization"),
    ("ised", "ized"),
    ("lysed", "lyzed"),
)
_KEEPS_S = ("ss", "us", "is", "os")
# Abbreviations whose last letter is no plural: without it they would be another word ("CRPS", "MCAS", "SIRS").
_WHOLE = frozenset(
    "ards apls crps epds hlhs itbs lems lqts luts lwbs mcas osahs pfps phts pims pnes ppms pres rars rrms sars sirs"
    " spms".split()
)
_TAKES_ES = re.compile(r"(?:ss|x|sh|[nt]ch|[lnrt]us)es$")
_IRREGULAR = {
    "metastases": "metastasis",
    "diagnoses": "diagnosis",
    "stenoses": "stenosis",
    "thromboses": "thrombosis",
    "psychoses": "psychosis",
    "prostheses": "prosthesis",
    "crises": "crisis",
    "sequelae": "sequela",
    "vertebrae": "vertebra",
    "fistulae": "fistula",
    "bursae": "bursa",
    "diverticula": "diverticulum",
    "calculi": "calculus",
    "emboli": "embolus",
    "thrombi": "thrombus",
    "nevi": "nevus",
    "teeth": "tooth",
    "children": "child",
    "feet": "foot",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in normal form, word by word.

    Attributes:
        words: The words; a `BARRIER` where a sentence mark or a blank line stands.
        starts, ends: For each word, where it starts and ends in the source.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]


def stem(word: str) -> str:
    """`word` without the s of the plural, in American spelling; the same for a term and for a chart."""
    if word in _IRREGULAR or word in _WHOLE:
        return _IRREGULAR.get(word, word)
    word = word.removesuffix("'s")
    for british, american in _BRITISH:
        word = word.replace(british, american)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if _TAKES_ES.search(word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEPS_S):
        return word[:-1]
    return word


def normalise(folded: str) -> Wording:
    """The words of a folded text in normal form, each with its place; the caller folds, so offsets are the source's."""
    # Split keeps the words between the gaps; all of it runs in C, since every word of every chart passes here.
    parts = _WORD.split(folded)
    edges = list(accumulate(map(len, parts)))
    raws, starts, ends = parts[1::2], edges[:-1:2], edges[1::2]
    words = list(map(_PLAIN.__getitem__, raws))
    if None in words:
        _settle(folded, words, starts, ends)
    found = cast("list[str]", words)
    if "" in found:
        return Wording(list(compress(found, found)), list(compress(starts, found)), list(compress(ends, found)))
    return Wording(found, starts, ends)


def _settle(folded: str, words: list[str | None], starts: list[int], ends: list[int]) -> None:
    """Decides, in place and from left to right, the words whose normal form depends on their neighbours."""
    at = -1
    for _ in range(words.count(None)):
        at = words.index(None, at + 1)
        a, b = starts[at], ends[at]
        before = at - 1
        while before >= 0 and not words[before]:
            before -= 1
        previous, last_end = (words[before] or "", ends[before]) if before >= 0 else ("", -1)
        raw = folded[a:b]
        if previous in _DIGITS and a == last_end and raw in _STAGE_LETTERS:
            words[before], words[at] = previous + raw, ""  # "3b" is one word
            ends[before] = b
        elif raw in _DROPPED and not _kept(raw, previous, folded, last_end, a, b):
            words[at] = ""
        else:
            words[at] = _ROMAN.get(raw, raw) if previous in _NUMBERED else stem(raw)


_REMEMBERED = 200_000  # words


class _Plain(dict[str, str | None]):
    """The normal form of words that is the same wherever they stand; None for one that depends on its neighbours.

    Filled as words are met; words beyond the first ones are worked out each time, so that it cannot grow for ever.
    """

    def __missing__(self, raw: str) -> str | None:
        if raw in _ALWAYS_DROPPED:
            word: str | None = ""
        elif raw == "&":
            word = "and"  # "depression & anxiety" are two, as they are with the word
        elif raw[0] in _MARKS:
            word = BARRIER
        elif raw in _DROPPED or raw in _ROMAN or raw in _STAGE_LETTERS:
            word = None
        else:
            word = stem(raw)
        if len(self) < _REMEMBERED:
            self[raw] = word
        return word


_PLAIN = _Plain()


def _kept(raw: str, previous: str, folded: str, last_end: int, start: int, end: int) -> bool:
    """Whether a word that is mostly dropped belongs to its term here: "hepatitis A", "HER2", "right heart failure"."""
    if previous in _LETTERED and not folded[last_end:start].strip(" \n-"):
        return True
    return _NUMBERED_NAME.match(folded, start) is not None or is_part(raw, folded, end)


def is_part(side: str, folded: str, end: int) -> bool:
    """Whether a side that ends at `end` names a part of an organ ("left ventricle"), and not which of two organs."""
    return side in _SIDES and _PART.match(folded, end) is not None


def words(text: str) -> list[str]:
    """The words of `text` in normal form, without accents, barriers left out."""
    return [w for w in normalise(without_accents(text, "NFD").lower()).words if w != BARRIER]


def phrase(text: str) -> str:
    """`text` in normal form, as one string without barriers."""
    return " ".join(words(text))
