"""One way to write a term: what titles, synonyms and charts are brought to before they are compared.

Spacing, case, the plural s, articles, sides, roman numerals after *type* or *stage* and British spellings do not
change which term it is; `normalise` removes them and remembers where every word stood, so that a match is always
shown in the untouched text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# A sentence mark stays as a word of its own, so that no term reaches over it.
BARRIER = "."
# A side that names a part of an organ, and not which of two organs, belongs to the term.
_PART = re.compile(r"[\s-]+(?:sided\s+)?(?:heart|ventric|atri|bundle|colon|aortic|(?:upper|lower)[\s-]+quadrant)")
_SIDES = frozenset(("left", "right"))
_NUMBERED_NAME = re.compile(r"[a-z]+-?\d|her\s2(?!\d)")
_WORD = re.compile(r"b/l(?![^\W_])|\d+(?:\.\d+)?|[^\W\d_]+(?:'s(?![^\W_]))?|[.;:?!|•☐☒☑*]|\n\s*\n")
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
    """A text in normal form.

    Attributes:
        text: The words, one space apart.
        places: For each word, where it starts in `text`.
        starts, ends: For each word, where it starts and ends in the source.
    """

    text: str
    places: list[int]
    starts: list[int]
    ends: list[int]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that `text[start:end]` (whole words) came from."""
        return self.starts[bisect_right(self.places, start) - 1], self.ends[bisect_right(self.places, end - 1) - 1]


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
    pieces: list[str] = []
    places: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    previous, last_end, place = "", -1, 0
    for match in _WORD.finditer(folded):
        a, b = match.span()
        raw = folded[a:b]
        word = _plain(raw)
        if word is None:
            if previous in _DIGITS and a == last_end and raw in _STAGE_LETTERS:
                pieces[-1] += raw  # "3b" is one word
                ends[-1] = last_end = b
                previous, place = previous + raw, place + 1
                continue
            if raw in _ALWAYS_DROPPED or (raw in _DROPPED and not _kept(raw, previous, folded, last_end, a, b)):
                continue
            if raw[0] in _MARKS:
                if a == last_end and (previous == "st" or (len(previous) == 1 and previous.isalpha())):
                    continue  # "E. coli", "St. Louis encephalitis": an abbreviation's point ends no sentence
                word = BARRIER
            else:
                word = _ROMAN.get(raw, raw) if previous in _NUMBERED else stem(raw)
        pieces.append(word)
        places.append(place)
        starts.append(a)
        ends.append(b)
        previous, last_end, place = word, b, place + len(word) + 1
    return Wording(" ".join(pieces), places, starts, ends)


@lru_cache(maxsize=100_000)
def _plain(raw: str) -> str | None:
    """The normal form of a word that is the same wherever it stands; None for one that depends on its neighbours."""
    if raw in _DROPPED or raw in _ROMAN or raw in _STAGE_LETTERS or raw[0] in _MARKS:
        return None
    return stem(raw)


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
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return [w for w in normalise(text.lower()).text.split(" ") if w and w != BARRIER]


def phrase(text: str) -> str:
    """`text` in normal form, as one string without barriers."""
    return " ".join(words(text))
