"""The words of search: as they are typed, and as they are compared (endings gone, words of one meaning made one)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from ..accents import without_accents

# Words that a title may lack, and that nobody looks for.
OPTIONAL = frozenset(
    "a,an,and,as,at,by,due,for,from,in,into,is,nec,nos,of,on,or,the,to,unspecified,with,without".split(",")
)
# What people add when they tell it in a sentence.
CHATTER = frozenset("am,are,been,got,had,has,have,i,my,taking,takes,very,was".split(","))
# They say which code of several is meant where nothing else does.
RESIDUAL = frozenset(("nos", "unspecified"))
# Letters of the beginning of a word that are looked up as such; longer beginnings are completed to words.
SHORT = 3
_POSSESSIVE = re.compile(r"['’]s\b")
# "can't" is one word, however it is typed.
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_KEEPS_S = ("ss", "us", "is", "as", "os")
_WORD = re.compile(r"[^\W_]+")
# Words in parentheses are nonessential modifiers: they may stand in the chart or not (guideline I.A.7).
_NONESSENTIAL = re.compile(r"\([^()]*\)")
# Endings of one word as noun, adjective, Latin and Greek: diabetes, diabetic; stenosis, stenotic; infection, infected.
_ENDINGS = sorted(
    (
        "a al ally ance ancy ant ar ary ate ated ating ation atious ative atous e ed ence ency ent eous er es ia ial"
        " iated iation ic ics ience iency ient ing ion ions ious is isation ised ism ist ity ium ive ization ized"
        " ly ment ness oid osis otic ous um us y"
    ).split(),
    key=len,
    reverse=True,
)
_STEM = 4  # letters that an ending must leave
_CACHED = 65_536


def search_words(text: str) -> list[str]:
    """The words of a phrase or a query as the index holds them: lower case, without accents, plural s and 's.

    Unlike `wording.words`, nothing is dropped: whoever types "right" means it.
    """
    plain = without_accents(text.lower())
    return [_singular(word) for word in _WORD.findall(_APOSTROPHE.sub("", _POSSESSIVE.sub("", plain)))]


@lru_cache(_CACHED)
def _singular(word: str) -> str:
    """`word` without the s of the plural; British spellings are within a typo of the American ones."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEPS_S) else word


def essential_words(text: str) -> list[str]:
    """The words of a phrase without its nonessential modifiers."""
    return search_words(_NONESSENTIAL.sub(" ", text)) or search_words(text)


def essential(text: str) -> str:
    """`text` without its nonessential modifiers."""
    return _NONESSENTIAL.sub("", text)


@lru_cache(_CACHED)
def stem(word: str) -> str:
    """What a word is compared by: without its ending, British spelling made American, words of one meaning made one."""
    bare = _bare(word)
    return _equivalents().get(bare, bare)


def _bare(word: str) -> str:
    if len(word) <= _STEM or word.isdigit():
        return word
    word = word.replace("ae", "e").replace("oe", "e")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


@cache
def _equivalents() -> dict[str, str]:
    """The stem that stands for a group of words of one meaning, by the stem of each (equivalents.tsv)."""
    text = (files("leadterm.codesets.search") / "equivalents.tsv").read_text(encoding="utf-8")
    groups = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {_bare(_singular(word)): _bare(_singular(group[0])) for group in groups for word in group}


def asked_words(words: Iterable[str]) -> list[str]:
    """The words that are looked for, each once: those that say something, else all."""
    own = list(dict.fromkeys(words))
    said = [w for w in own if w not in OPTIONAL and w not in CHATTER]
    return [*said, *(w for w in own if w in RESIDUAL)] if said else own


def stems(words: Iterable[str]) -> list[str]:
    """The stems of the words that say something, each once; NOS and "unspecified" are one of them."""
    return list(dict.fromkeys(stem(w) for w in words if w not in OPTIONAL or w in RESIDUAL))


def bag(words: Iterable[str]) -> str:
    """What two phrases share that say the same in another order; NOS and "unspecified" add nothing."""
    return " ".join(sorted({stem(w) for w in words if w not in OPTIONAL}))
