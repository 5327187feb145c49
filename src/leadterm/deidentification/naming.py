"""Whether a word is a name, an ordinary word, a medical one; and where a name that begins somewhere ends."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, normalize

from . import tables

RULES = {rule.name: rule for rule in tables.shapes("names")}
SHAPES = {name: rule.pattern for name, rule in RULES.items()}
_LONGEST = 5
_MONTHS = frozenset("april may june august".split())
_CLOSED = re.compile(r"(?![:/]|\s?\d)")
_TWO_ON = re.compile(r"\s?\d")


def is_listed(word: str) -> bool:
    """Whether a word is on a list of names."""
    low = folded(word)
    return is_surname(low) or low in tables.words("given")


def is_surname(low: str) -> bool:
    """Whether a folded word is a surname, or made of listed names: "garcia-lopez", "o'brien"."""
    if low in tables.words("surnames"):
        return True
    if "-" in low:
        return all(part in tables.words("surnames") or part in tables.words("given") for part in low.split("-"))
    return "'" in low and low.replace("'", "") in tables.words("surnames")


def is_ambiguous(word: str) -> bool:
    """Whether a word, or a part of it, is ordinary or medical too."""
    return is_plain(word) or any(is_medical(part) for part in folded(word).split("-"))


def is_plain(word: str) -> bool:
    """Whether a word is an ordinary one too."""
    low = folded(word)
    if "-" in low and all(part in tables.words("words") for part in low.split("-")):
        return True
    return low in tables.words("words") or low in tables.words("plain") or low.title() in tables.state_names()


def is_medical(low: str) -> bool:
    """Whether a folded word is a medical one or an eponym too."""
    return low in tables.words("medical") or low in tables.words("eponyms")


def is_heading(word: str) -> bool:
    """Whether a word is no name in any place: a heading, a title, a degree."""
    return folded(word) in tables.words("headings") or SHAPES["degree-alone"].fullmatch(word) is not None


def is_eponym_at(text: str, end: int) -> bool:
    """Whether what ends there stands before a noun that eponyms stand before ("… disease")."""
    return any(_is_noun(SHAPES[shape].match(text, end)) for shape in ("eponym", "eponym-pair"))


def _is_noun(match: re.Match[str] | None) -> bool:
    if match is None or match["noun"].lower() not in tables.words("eponym_nouns"):
        return False
    return match["noun"].islower() or not is_listed(match["noun"])  # "Foley Catheter", but "Mary Walker"


def is_last_name(word: str) -> bool:
    """Whether a capitalised word may end a name that a degree or an age stands behind."""
    if is_heading(word) or len(word) < 2:
        return False
    return is_listed(word) or not (is_ambiguous(word) or (word.isupper() and len(word) < 4))


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """A word in small letters, without accents and the ending of the possessive."""
    if not word.isascii():
        word = "".join(c for c in normalize("NFKD", word) if not combining(c))
    return word.lower().replace("’", "'").strip("'.").removesuffix("'s")


def person(text: str, at: int, *, free: bool, comma: bool = False, label: bool = False) -> int:
    """Where the name ends that begins at `at`; 0 where there is none.

    Args:
        text: The whole text.
        at: Where the name would begin.
        free: Whether the first word is a name whatever it is, but for a heading.
        comma: Whether "Surname, Given" may stand there.
        label: Whether a label stands before it: then a medical word that is a name is one here.
    """
    end, count, bare = 0, 0, 0
    while count < _LONGEST and (token := SHAPES["token"].match(text, at)):
        if not (_begins(token, free=free, label=label) if count == 0 else _goes_on(token)):
            break
        count += 1
        at = token.end()
        if token.lastgroup != "particle":
            end = at
            bare += token.lastgroup == "cap"
        gap = SHAPES["gap"].match(text, at) or (_reversed(text, at) if comma and bare == 1 else None)
        if gap is None:
            break
        at = gap.end()
    return end if bare or (free and not label) else 0


def person_start(words: str) -> int | None:
    """Where the name begins that ends a run of capitalised words; None where its last word is no name."""
    tokens = list(SHAPES["token"].finditer(words))
    caps = [t for t in tokens if t.lastgroup == "cap"]
    if not caps or not is_last_name(caps[-1][0]):
        return None
    start = caps[-1].start()
    for token in reversed(tokens[: tokens.index(caps[-1])]):
        word = token[0]
        if token.lastgroup == "cap" and (is_heading(word) or (is_ambiguous(word) and not is_listed(word))):
            break
        start = token.start()
    return start


def _reversed(text: str, at: int) -> re.Match[str] | None:
    """The comma of "Surname, Given", where a given name may follow."""
    gap = SHAPES["comma"].match(text, at)
    token = SHAPES["token"].match(text, gap.end()) if gap else None
    if token is None or token.lastgroup != "cap" or is_heading(token[0]):
        return None
    return gap if is_listed(token[0]) or not is_ambiguous(token[0]) else None


def _begins(token: re.Match[str], *, free: bool, label: bool) -> bool:
    """Whether a name may begin with a token."""
    if token.lastgroup != "cap":
        return free or token.lastgroup == "particle"
    word, end = token[0], token.end()
    if free and folded(word) in _MONTHS and folded(word) in tables.words("given"):
        return _TWO_ON.match(token.string, end) is None
    listed = is_listed(word)
    if is_heading(word):  # "Mr. Day" is a name, "Dr. Plan:" none
        return free and not label and is_surname(folded(word)) and _CLOSED.match(token.string, end) is not None
    if free:
        return listed or not is_plain(word)
    known = (listed and label and not is_plain(word)) or not is_ambiguous(word)
    return known and (listed or (len(word) > 2 and not word.isupper())) and not is_eponym_at(token.string, end)


def _goes_on(token: re.Match[str]) -> bool:
    """Whether a token may stand in a name that has begun."""
    if token.lastgroup != "cap":
        return True
    word, text = token[0], token.string
    if is_heading(word) or text[token.end() : token.end() + 1] == ":":
        return False
    shouted = word.isupper() and len(word) > 1
    if shouted and is_plain(word):
        return False
    before = text[: token.start()].rstrip(" \t,")[-1:] if token.start() < 64 else _before(text, token.start())
    return is_listed(word) or not (is_ambiguous(word) or (shouted and not before.isupper()))


def _before(text: str, at: int) -> str:
    """The last character before a place that is neither blank nor comma."""
    return text[at - 8 : at].rstrip(" \t,")[-1:]
