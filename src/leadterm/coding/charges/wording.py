"""Descriptions of charges and words of charts in one form: tokens, sides, contrast, views, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from leadterm.codesets.wording import stem
from leadterm.coding._tables import rows
from leadterm.coding.numerals import number_of, words_to

_TOKEN = re.compile(r"b/l|w/o\b|w/|i&d|x[- ]rays?\b|[a-z]+|\d+(?:\.\d+)?", re.IGNORECASE)
_XRAY = re.compile(r"\bx[- ]rays?\b", re.IGNORECASE)
_DYE = r"(?:iv\s+|intravenous\s+)?(?:contrast|contr|cont|dye)\b"
_NEGATED = re.compile(rf"\b(?:without|w/o|wo|no)\s+{_DYE}", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:w/?|with)\s*(?:&|and|/)\s*(?:w/?o|without)\b|\bw/?wo\b|\bwwo\b", re.IGNORECASE)
_WITH = re.compile(
    rf"(?:\b(?:with|w|iv|intravenous|after|enhanced|post)\b|w/)[\s-]*{_DYE}|\bcontrast[- ]enhanced\b", re.IGNORECASE
)
_VIEWS = re.compile(
    rf"\b(?P<low>\d{{1,2}}|{words_to(4)}|single)\s*(?:(?P<more>\+|or more|or greater|plus)\s*|(?:-|to|or)\s*"
    r"(?P<high>\d{1,2}|two|three|four)\s*)?(?:views?|vws?|v)\b(?P<after>\s*(?:\+|or more|minimum|min))?",
    re.IGNORECASE,
)
_PA_LATERAL = re.compile(r"\bpa (?:and|&|/) ?lat(?:eral)?\b|\bap (?:and|&|/) ?lat(?:eral)?\b", re.IGNORECASE)
_PORTABLE = re.compile(r"\bportable\b|\bap only\b", re.IGNORECASE)
_SIZE = re.compile(
    r"(?P<sign><=?|≤|>|over|under|up to)?\s*(?P<low>\d+(?:\.\d+)?)\s*(?:(?:-|to)\s*(?P<high>\d+(?:\.\d+)?)\s*)?cm\b"
    r"(?P<less> or less)?",
    re.IGNORECASE,
)
MOST = 999
IMAGING = frozenset(("xray", "ct", "mri"))
SIDES = frozenset(("right", "left", "bilateral"))
CONTRAST = frozenset(("with", "without", "contrast", "view"))


@dataclass(frozen=True, slots=True)
class Wording:
    """A description taken apart.

    Attributes:
        words: Its words in one form, sides, contrast, views and sizes left out; several for one where any will do.
        side: right, left, bilateral, or empty.
        contrast: with, without, both, or empty.
        views: The fewest and the most views, or None.
        size: The smallest and the largest size in centimetres, or None.
    """

    words: tuple[frozenset[str], ...]
    side: str = ""
    contrast: str = ""
    views: tuple[int, int] | None = None
    size: tuple[float, float] | None = None

    @property
    def flat(self) -> frozenset[str]:
        """All words together."""
        return frozenset().union(*self.words)


@cache
def _means() -> dict[str, tuple[str, ...]]:
    return {row["word"]: tuple(row["means"].split()) for row in rows("charges/words")}


@cache
def _is() -> dict[str, frozenset[str]]:
    return {row["site"]: frozenset(row["is"].split()) for row in rows("charges/sites")}


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> tuple[str, ...]:
    """The words that a word stands for, in one form; none for a word that tells nothing."""
    means = _means()
    plain = word.lower()
    if plain in means:
        return means[plain]
    short = stem(plain)
    return means.get(short, (short,))


def words(text: str) -> Iterator[str]:
    """The words of a text in one form."""
    for found in _TOKEN.finditer(text):
        if not found.group()[0].isdigit():
            yield from forms(found.group())


def implied(found: Iterable[str]) -> frozenset[str]:
    """Words with what their places are."""
    kept = frozenset(found)
    return kept.union(*(_is()[word] for word in kept if word in _is()))


@lru_cache(maxsize=1 << 15)
def wording(text: str) -> Wording:
    """A description, or a stretch of a chart, taken apart."""
    several: list[frozenset[str]] = []
    text = _XRAY.sub("xray", text)
    imaging = not IMAGING.isdisjoint(words(text))
    bare = _SIZE.sub(" ", _VIEWS.sub(" ", _BOTH.sub(" ", text)))
    for part in re.split(r"[\s,;:()]+", bare):
        options = [tuple(words(one)) for one in _alternatives(part)]
        if not imaging and len(options) > 1 and all(len(one) == 1 for one in options):
            several.append(frozenset(one[0] for one in options))
        else:
            several += [frozenset((word,)) for one in options for word in one]
    sides = {word for group in several for word in group} & SIDES
    kept = tuple(dict.fromkeys(g for g in several if not g <= SIDES | CONTRAST and not _is_number(g)))
    side = "bilateral" if {"right", "left"} <= sides else next(iter(sorted(sides)), "")
    return Wording(kept, side, _contrast(text), _views(text), _size(text))


def _alternatives(part: str) -> list[str]:
    return [part] if part.lower() in ("w/o", "w/", "b/l", "i&d") or part.lower().startswith("w/") else part.split("/")


def _is_number(group: frozenset[str]) -> bool:
    return all(word.replace(".", "").isdigit() for word in group)


def _contrast(text: str) -> str:
    if _BOTH.search(text):
        return "both"
    without, given = bool(_NEGATED.search(text)), bool(_WITH.search(_NEGATED.sub(" ", text)))
    return "both" if without and given else "without" if without else "with" if given else ""


def _views(text: str) -> tuple[int, int] | None:
    found = _VIEWS.search(text)
    if found is None:
        return (2, 2) if _PA_LATERAL.search(text) else (1, 1) if _PORTABLE.search(text) else None
    low = number_of(found["low"])
    if found["more"] or found["after"]:
        return low, MOST
    return low, number_of(found["high"]) if found["high"] else low


def _size(text: str) -> tuple[float, float] | None:
    found = _SIZE.search(text)
    if found is None:
        return None
    low, sign = float(found["low"]), (found["sign"] or "").lower()
    if found["high"]:
        return low, float(found["high"])
    if found["less"] or sign in ("<", "<=", "≤", "under", "up to"):
        return 0.0, low
    return (low, float(MOST)) if sign in (">", "over") else (low, low)
