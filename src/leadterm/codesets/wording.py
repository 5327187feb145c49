"""One way to write a term: what titles, synonyms and charts are brought to before they are compared.

Spacing, case, the plural s, articles, sides, roman numerals after *type* or *stage* and British spellings do not
change which term it is; `normalise` removes them and remembers where every word stood, so that a match is always
shown in the untouched text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# A sentence mark stays as a word of its own, so that no term reaches over it.
BARRIER = "."
# A side that names a part of an organ, and not which of two organs, belongs to the term.
_PART = r"(?P<part>(?:left|right)(?=[ -]+(?:sided[ ]+)?(?:heart|ventric|atri|bundle|colon|aortic|(?:upper|lower)[ ]+quadrant)))"
_WORD = re.compile(_PART + r"|b/l|\d+(?:\.\d+)?|[^\W\d_]+(?:'s(?![^\W_]))?|[.;:?!|•☐☒☑*]|\n\s*\n")
# Words put into a term without changing which term it is. Sides are read apart, as attributes.
_DROPPED = frozenset("the a an his her their left right bilateral lt rt l r b/l both sided".split())
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
)
_KEEPS_S = ("ss", "us", "is", "as", "os")
_IRREGULAR = {"metastases": "metastasis", "diagnoses": "diagnosis", "stenoses": "stenosis", "feet": "foot"}


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


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """`word` without the s of the plural, in American spelling; the same for a term and for a chart."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = word.removesuffix("'s")
    for british, american in _BRITISH:
        word = word.replace(british, american)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
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
        raw = match.group()
        a, b = match.span()
        if previous in _DIGITS and a == last_end and raw in _STAGE_LETTERS:
            pieces[-1] += raw  # "3b" is one word
            ends[-1] = last_end = b
            previous, place = previous + raw, place + 1
            continue
        if raw in _DROPPED and match["part"] is None and previous not in _LETTERED and not folded[b : b + 1].isdigit():
            continue
        if raw[0] in _MARKS:
            if len(previous) == 1 and previous.isalpha() and a == last_end:
                continue  # "E. coli", "S. aureus": an abbreviation's point ends no sentence
            word = BARRIER
        else:
            word = _ROMAN.get(raw, raw) if previous in _NUMBERED else stem(raw)
        pieces.append(word)
        places.append(place)
        starts.append(a)
        ends.append(b)
        previous, last_end, place = word, b, place + len(word) + 1
    return Wording(" ".join(pieces), places, starts, ends)


def words(text: str) -> list[str]:
    """The words of `text` in normal form, barriers left out."""
    return [w for w in normalise(text.lower()).text.split(" ") if w and w != BARRIER]


def phrase(text: str) -> str:
    """`text` in normal form, as one string without barriers."""
    return " ".join(words(text))
