"""The words of the Alphabetic Index and its tables: titles taken apart, and words made comparable.

Official Guidelines FY2026 I.A.7 (parentheses hold nonessential modifiers; brackets hold synonyms and manifestation
codes) and I.A.6 (NEC, NOS).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from ..accents import without_accents

# Words that only connect: a node made of nothing else is passed through without being asked for.
CONNECTING = frozenset("and as associated at by caused due for from in into of off on onto or out the to with".split())
RESIDUAL = frozenset(("nec", "nos"))
ARTICLES = frozenset(("a", "an", "the"))
# Written together, with a hyphen or apart: all are read as one word.
PREFIXES = frozenset("anti extra intra macro micro multi non poly post pre pseudo semi".split())
PLURALS = frozenset(("s", "es", "ies"))
IRREGULAR = {"feet": "foot", "teeth": "tooth", "men": "man", "women": "woman", "children": "child", "torn": "tear"}
NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
# Only after one of these is a lone i or v a number.
NUMBERED = frozenset("class degree factor grade group phase stage type".split())
# (ending of a plural, what stands in its place); the first that fits counts.
ENDINGS = (
    *(("ies", "y"), ("itides", "itis"), ("oses", "osis"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")),
    *(("ae", "a"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", "")),
)
SHORTEST = 4
FAMILY = 3  # letters that inflections of one word share: "Fall, falling", "Eye, eyeball"
MOST_READINGS = 12

_WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?")
_LINKING = re.compile(r"(?<=[a-z])\(([a-z]{1,2})\)(?=[a-z])")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart.

    Attributes:
        printed: As it stands in the book, modifiers within.
        essential: Without the parentheses.
        modifiers: What the parentheses hold, in order; they change no code. The "(s)" of a plural is none.
    """

    printed: str
    essential: str
    modifiers: tuple[str, ...]


def take_apart(text: str) -> Title:
    """The title of `text`; parentheses within a word (the name of a chemical) belong to the word."""
    printed = re.sub(r"\s+([,;)])", r"\1", re.sub(r"\(\s+", "(", " ".join(text.split())))
    outside, inside = "", []
    for group in _groups(printed):
        if not group.startswith("("):
            outside += group
        elif (content := group.strip("() ") if group.count("(") == 1 else group[1:-1]) not in PLURALS:
            inside.append(content)
    essential = re.sub(r"\s+([,;])", r"\1", " ".join(outside.split()))
    return Title(printed, essential or printed, tuple(m for m in inside if m))


def _groups(text: str) -> Iterator[str]:
    """The stretches outside parentheses and the outermost parentheses; one left open reaches to the end."""
    start, depth = 0, 0
    for at, character in enumerate(text):
        if character == "(":
            if not depth and not _within_word(text, at):
                yield text[start:at]
                start = at
            depth += not (not depth and _within_word(text, at))
        elif character == ")" and depth:
            depth -= 1
            if not depth:
                yield text[start : at + 1]
                start = at + 1
    rest = text[start:]
    yield rest + ")" if depth else rest


LONGEST_WITHIN = 200  # characters


def _within_word(text: str, at: int) -> bool:
    """Whether the parenthesis that opens at `at` stands within a word: `bis(chloroethyl)amine`."""
    end = text.find(")", at, at + LONGEST_WITHIN)
    return at > 0 and text[at - 1].isalnum() and 0 < end < len(text) - 1 and text[end + 1].isalnum()


def fold(text: str) -> str:
    """`text` in small letters without accents and without the possessive; "cancer(o)phobia" is one word."""
    plain = _LINKING.sub(r"\1", without_accents(text.casefold()))
    return re.sub(r"['’]", "", re.sub(r"['’]s\b", "", plain))


def words(text: str) -> list[str]:
    """The words of `text`, comparable: folded, singular, hyphens gone, numbers in figures."""
    found: list[str] = []
    before, joined = "", ""
    for raw in _WORD.findall(fold(text)):
        if raw in PREFIXES:
            joined += raw
            continue
        # A prefix before a word that only connects stands alone ("post and pre").
        word = joined + raw if raw not in CONNECTING else raw
        if joined and raw in CONNECTING:
            found.append(joined)
        joined = ""
        numeral = NUMERALS.get(raw) if before in NUMBERED or len(raw) > 1 else None
        found.append(numeral or _singular(word))
        before = found[-1]
    return [*found, joined] if joined else found


def _singular(word: str) -> str:
    if word in IRREGULAR or len(word) < SHORTEST:
        return IRREGULAR.get(word, word)
    for ending, instead in ENDINGS:
        if word.endswith(ending):
            return word[: len(word) - len(ending)] + instead
    return word


@lru_cache(maxsize=65_536)
def content(text: str) -> tuple[str, ...]:
    """The words of `text` that say something: without those that only connect, NEC and NOS; each once."""
    return tuple(dict.fromkeys(w for w in words(text) if w not in CONNECTING and w not in RESIDUAL))


def is_connective(essential: str) -> bool:
    """Whether a subterm only connects: "with", "in", "due to", "from, off, out of"."""
    return not content(essential) and bool(set(words(essential)) & CONNECTING)


@lru_cache(maxsize=65_536)
def readings(essential: str) -> tuple[tuple[str, ...], ...]:
    """The sets of words of which each is the whole title.

    "Diabetes, diabetic" is "diabetes" or "diabetic" (inflections of one word); "Action, heart" is both words together
    (a qualifier); "moderate or severe" is either.
    """
    bare = _BRACKETS.sub(" ", essential)
    parts = [part for part in (p.strip() for p in bare.split(",")) if content(part)]
    if not parts:
        return ()
    lead = parts[0]
    family = [lead, *(p for p in parts[1:] if _inflects(p, lead))]
    others = [p for p in parts[1:] if not _inflects(p, lead)]
    choices = [[c for part in family for c in _either(part)], *(_either(part) for part in others)]
    sets = (tuple(dict.fromkeys(w for piece in one for w in piece)) for one in product(*choices))
    found = dict.fromkeys(tuple(sorted(s)) for s in sets if s)
    return tuple(found)[:MOST_READINGS]


def _inflects(part: str, lead: str) -> bool:
    """Whether both begin with forms of one word."""
    ours, theirs = content(part)[0], content(lead)[0]
    return len(content(part)) <= len(content(lead)) and ours[:FAMILY] == theirs[:FAMILY]


def _either(part: str) -> list[tuple[str, ...]]:
    """The pieces between "or"; one word after it takes the place of the word before it ("Pick disease or syndrome")."""
    pieces = [content(piece) for piece in re.split(r"\bor\b", part)]
    first = pieces[0]
    if len(pieces) == 1 or not first:
        return [content(part)]
    return [first, *((*first[:-1], *p) if len(p) == 1 else p for p in pieces[1:] if p)]


@lru_cache(maxsize=4_096)
def absorbed(title: str, modifiers: tuple[str, ...]) -> frozenset[str]:
    """Words that a title takes in without asking for them: modifiers, synonyms in brackets, its other readings."""
    return frozenset(w for text in (title, *modifiers) for w in words(text))


def key(title: str) -> str:
    """`title` as its place in an alphabetic list tells: folded, blanks single."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(title)))
