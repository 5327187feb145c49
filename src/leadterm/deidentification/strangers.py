"""Capitalised words that no list knows: within a sentence they are names, of people or places or whoever.

Words of official texts, of medicine and of our own tables are known, and so are their forms ("Dopplers", "Immunized").
What begins a sentence is capitalised anyway: it counts only beside another name, or where its letters are not English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import tables
from .naming import RULES, folded, is_ambiguous, is_eponym_at, is_heading, is_listed
from .scanning import Scan
from .values import Found, Kind

_BEGINS = re.compile(r"(?:^|[.!?:;•*>|\n\t\"“#]|\d\)|[-–]\s|/)[ \t(\[]*\Z")
_BEFORE = re.compile(r"(?P<word>[\w/]+)[ \t](?:the[ \t])?\Z")
_NEXT = re.compile(r"[ \t](?:[A-Z]\.[ \t])?(?P<word>[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]{2,30})*)")
_PLACED = frozenset("in from near to outside of through around".split())
_HELD = frozenset("at by via".split())
# "AirSense" is a thing, "McAllister" and "DeShawn" are names.
_CAMEL = re.compile(r"[a-z][A-Z]")
_PREFIX = re.compile(r"(?:Mac|Mc|De|Di|Da|Du|La|Le|Fitz|Van|Von|O['’])[A-Z][a-z]")
_STEMS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""), ("ing", ""), ("ing", "e"), ("ly", ""),
    ("er", ""), ("er", "e"), ("r", ""), ("al", ""), ("ally", ""), ("ness", ""), ("less", ""), ("ity", ""), ("y", ""),
    ("able", ""), ("ation", "e"), ("ic", ""), ("like", ""), ("ful", ""), ("est", ""),
)  # fmt: skip
_COMMON = frozenset({"s", "es", "ed", "ing"})
_HEADS = ("non", "un", "re", "pre", "post", "anti", "sub", "over", "micro", "neuro", "hyper", "hypo", "inter", "intra")
# Endings of names of drugs (stems of the World Health Organization) and of medicine.
_DRUG = re.compile(
    r"(?:mab|nib|gliflozin|gliptin|glutide|statin|sartan|pril|olol|azole|cillin|mycin|micin|floxacin|cycline|vir|tide"
    r"|parin|xaban|grel|setron|triptan|gepant|dipine|zosin|azepam|lukast|sone|solone|onide|caine|fentanil|codone"
    r"|morphone|stim|poetin|oxetine|pramine|triptyline|peridone|apine|piprazole|profen|coxib|fenac|dronate|thiazide"
    r"|semide|adine|rizine|prazole|stat|afil|vaptan|ciclib|parib|platin|rubicin|taxel|tecan|limus|cept|kinra|mide"
    r"|itis|osis|emia|oma|opathy|ectomy|ostomy|otomy|plasty|scopy|graphy|ology|uria|algia|genic|philia|plegia|trophy"
    r"|gram|meter|cyte|lysis|pexy|rrhea|iasis|ine|ide|ate|ium|ase)\Z"
)


def find(scan: Scan) -> Iterator[Found]:
    """Every capitalised word that is on no list, with the capitalised words behind it."""
    text, last = scan.text, 0
    for match in RULES["stranger"].find(scan):
        if match.start() < last or not _is_stranger(match[0]) or is_eponym_at(text, match.end()):
            continue
        if not _begins(text, match.start()) or _is_foreign(match[0]) or _beside_name(text, match.end()):
            last = _end(text, match.end())
            kind = _kind(text, match.start())
            yield Found(match.start(), last, kind, "name/stranger", certain=False)


def _is_stranger(word: str) -> bool:
    """Whether no part of a word is known."""
    if is_heading(word) or (_CAMEL.search(word) and not _PREFIX.match(word)):
        return False
    return not any(_is_known(part) for part in folded(word).split("-"))


def _is_known(low: str) -> bool:
    if len(low) < 4 or is_listed(low) or _in_lists(low) or _DRUG.search(low):
        return True
    return any(_in_lists(stem) for stem in _stems(low))


def _in_lists(low: str) -> bool:
    names = ("known", "headings", "generic", "cities", "countries")
    return is_ambiguous(low) or any(low in tables.words(name) for name in names)


def _stems(low: str) -> Iterator[str]:
    """What a word may be a form of."""
    for ending, instead in _STEMS:
        if low.endswith(ending) and len(low) - len(ending) > (2 if ending in _COMMON else 3):
            stem = low.removesuffix(ending)
            yield stem + instead
            if len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]
    for head in _HEADS:
        if low.startswith(head) and len(low) - len(head) > 3:
            yield low.removeprefix(head)


def _begins(text: str, at: int) -> bool:
    """Whether a sentence, a line or a field begins there."""
    return _BEGINS.search(text, max(0, at - 12), at) is not None if at else True


def _is_foreign(word: str) -> bool:
    return not word.isascii() and "’" not in word


def _beside_name(text: str, end: int) -> bool:
    """Whether a name of the lists or another stranger stands behind it."""
    match = _NEXT.match(text, end)
    if match is None or match["word"].isupper() or is_heading(match["word"]):
        return False
    word = match["word"]
    return (is_listed(word) and not is_ambiguous(word)) or _is_stranger(word)


def _end(text: str, end: int) -> int:
    """The end of the capitalised words that go on what a stranger begins."""
    at = end
    while match := _NEXT.match(text, at):
        if is_heading(match["word"]) or (match["word"].isupper() and len(match["word"]) > 1):
            break
        at = match.end()
    return at


def _kind(text: str, at: int) -> Kind:
    before = _BEFORE.search(text, max(0, at - 24), at)
    word = before["word"].lower() if before else ""
    return Kind.PLACE if word in _PLACED else Kind.ORGANIZATION if word in _HELD else Kind.NAME
