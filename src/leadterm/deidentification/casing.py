"""Notes in small letters, and in capitals alone, in the letters that names have elsewhere.

What is written is as long as the text and differs from it in letters only, so that every place in it is the same place.
Rules of capitalised words are asked over it. Only what is a name, a place or a site by its lists or by the word before
it gets a capital: the rest stays small, and so no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from . import tables
from .naming import folded, is_ambiguous, is_listed, is_medical, is_plain

_LINE = re.compile(r"[^\n]+")
_CAPITALIZED = re.compile(r"(?<![\w'’.])[A-Z][a-z]{2,}")
_SMALL = re.compile(r"(?<![\w'’])[a-z]{2,}")
_WORD = re.compile(r"(?<![\w'’@./-])[^\W\d_]+(?:['’-][^\W\d_]+)*(?![@\w])")
_BETWEEN = re.compile(r"[.:]?[ \t]{1,3}|,[ \t]|-{1,2}[ \t]?")
_TITLES = frozenset("dr drs mr mrs ms miss mx prof nurse officer sgt pastor rabbi rev doctor judge aunt uncle".split())
# Behind these even an ordinary word is a name.
_OWN_TITLES = frozenset("dr drs mr mrs ms miss mx prof".split())
_INITIAL = re.compile(r"\b[a-z]\.\s?\Z")
_CUES = frozenset(
    """by with pt patient client attending pcp cc resident wife husband son daughter mother father sister brother
    partner spouse roommate friend named surgeon attn signed from rn provider aide boyfriend girlfriend
    fiance""".split()
)
_CARRIED = re.compile(r"\b(?:lives|lived|living|born|raised|moved|resides|grew up|visiting|transferred|home|resident)"
                      r"(?: \w+){0,2} (?:in|to|from|near|of|at) $|\bfrom $")  # fmt: skip
_MONTHS = frozenset("january february april june july august september october november december".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_VERBS = frozenset("may march mar dec jan".split())
_ON = re.compile(r"\s\d{1,2}(?!\d|[%/]|\.\d|\s?(?:mg|ml|mcg|units?|x)\b)")
# "smith, john 54 yo" begins a line.
_REVERSED = re.compile(r", [a-z]{2,20}(?: [a-z]\.?)?,?[ \t]+(?:\d{1,3} ?(?:yo?|y/o|year|m\b|f\b)|mrn|dob)")
_HEAD = re.compile(r"(?<![\w'’])[a-z]")
_STREETS = re.compile(
    r"(?:\b\d{1,6} (?:[nsew]\.? )?|\b(?:on|at|near) )(?P<name>(?:[a-z][a-z'’]+ ){1,2}(?:street|avenue|ave|road|rd|lane"
    r"|ln|blvd|boulevard|parkway|pkwy|highway|hwy|terrace"
    r"|(?:st|dr|drive|court|ct|circle|trail|way)(?=[,.\n]|\s(?:apt|unit))))\b"
)
_SITES = re.compile(
    r"(?<![\w'’-])(?P<name>(?:[a-z][a-z'’.&-]*[ \t]){1,4}?)(?P<site>(?:hospital|clinic|hospice|pharmacy|manor"
    r"|medical (?:center|group|associates|clinic)|nursing (?:home|center)|rehab(?:ilitation)?(?: center| hospital)?"
    r"|health (?:center|system|clinic)|assisted living|urgent care|surgery center|dialysis(?: center)?|associates"
    r"|elementary(?: school)?|middle school|high school|academy|university|college|church|general|memorial|regional"
    r"|railway|railroad|counseling|school district|fire department|police department)"
    r"(?:[ \t](?:nursing home|hospital|medical center|clinic|school))?)(?![\w'’-])"
)


def cased(text: str) -> str:
    """The text with a capital for each name in its lines of small letters."""
    capitals = {at for line in _LINE.finditer(text) if _is_small(line[0]) for at in _capitals(text, line)}
    if not capitals:
        return text
    letters = list(text)
    for at in capitals:
        letters[at] = letters[at].upper() if len(letters[at].upper()) == 1 else letters[at]
    return "".join(letters)


def lowered(text: str) -> str | None:
    """The text in small letters, names cased, where nearly all of it is in capitals; None where it is not."""
    small = text.lower()
    if len(small) != len(text) or sum(map(str.isupper, text)) < 3 * sum(map(str.islower, text)) + 12:
        return None
    return cased(small)


def _is_small(line: str) -> bool:
    """Whether a line has words in small letters and, but for its first, none with a capital."""
    first = _CAPITALIZED.search(line)
    if first is not None and (line[: first.start()].strip() or _CAPITALIZED.search(line, first.end())):
        return False
    return _SMALL.search(line) is not None


def _capitals(text: str, line: re.Match[str]) -> Iterator[int]:
    """Where a capital is written in a line."""
    words = list(_WORD.finditer(text, *line.span()))
    named = [False] * len(words)
    for n in range(len(words)):
        named[n] = _is_name(text, words, n, named)
    for n in range(len(words) - 1):  # what stands unknown before a listed name is a part of it
        named[n] = named[n] or (named[n + 1] and _is_unknown(words[n][0]) and _near(text, words, n + 1))
    for n, word in enumerate(words):
        if named[n]:
            yield from _heads(word)
        elif n and named[n - 1] and tables.is_degree(word[0].upper()):
            yield from range(*word.span())
    yield from _of_sites(text, line)
    for match in chain(_STREETS.finditer(text, *line.span()), _states().finditer(text, *line.span())):
        yield from (w.start() for w in _HEAD.finditer(text, *match.span("name")))


@cache
def _states() -> re.Pattern[str]:
    """The names of states in small letters."""
    return re.compile(
        rf"(?<![\w'’-])(?P<name>{'|'.join(sorted(tables.state_names(), key=len, reverse=True)).lower()})\b"
    )


@cache
def _before_state() -> re.Pattern[str]:
    """A comma and the name of a state, or its letters with a ZIP code."""
    names = "|".join(sorted(tables.state_names(), key=len, reverse=True)).lower()
    return re.compile(rf", ?(?:(?:{names})\b|(?:{'|'.join(tables.states()).lower()}) \d{{5}})")


def _heads(word: re.Match[str]) -> Iterator[int]:
    """The first letter of a word and of each part of it."""
    return (word.start() + n for n, _ in enumerate(word[0]) if n == 0 or word[0][n - 1] in "-'’")


def _is_name(text: str, words: list[re.Match[str]], n: int, named: list[bool]) -> bool:
    low = folded(words[n][0])
    before = folded(words[n - 1][0]) if n and _near(text, words, n) else ""
    if low in _MONTHS or low in _DAYS:
        return True
    if low in _VERBS:
        return _ON.match(text, words[n].end()) is not None
    if before in _TITLES:
        return _is_unknown(low) or (is_listed(low) and (before in _OWN_TITLES or not is_plain(low)))
    if low in _TITLES:
        return n + 1 < len(words) and _near(text, words, n + 1) and _may_be_name(words[n + 1][0])
    if len(low) == 1:
        return _is_initial(text, words, n)
    if len(low) < 3 or low in tables.words("headings"):
        return False
    return _listed(text, words[n], low, before, follows=n > 0 and named[n - 1])


def _listed(text: str, word: re.Match[str], low: str, before: str, *, follows: bool) -> bool:
    """Whether a word is a name by the lists and the word before it."""
    if is_listed(low) and not is_ambiguous(low):
        return True
    if (
        is_listed(low)
        and (before in _CUES or follows)
        and (not is_plain(low) or _INITIAL.search(text, max(0, word.start() - 5), word.start()))
    ):
        return True
    if _is_unknown(low) and (follows or _CARRIED.search(text, max(0, word.start() - 48), word.start())):
        return True
    if not is_plain(low) and _before_state().match(text, word.end()):
        return True
    return _is_city(text, word.start()) or (is_listed(low) and _REVERSED.match(text, word.end()) is not None)


def _is_initial(text: str, words: list[re.Match[str]], n: int) -> bool:
    """Whether a letter with its stop stands before a surname."""
    if text[words[n].end() : words[n].end() + 1] != "." or n + 1 == len(words) or not _near(text, words, n + 1):
        return False
    low = folded(words[n + 1][0])
    cued = n > 0 and folded(words[n - 1][0]) in _CUES | _TITLES
    return is_listed(low) and (not is_medical(low) or cued) and (not is_plain(low) or cued)


def _may_be_name(word: str) -> bool:
    return is_listed(word) or _is_unknown(word)


def _near(text: str, words: list[re.Match[str]], n: int) -> bool:
    """Whether nothing but a blank, a stop or a comma parts a word from the one before it."""
    return _BETWEEN.fullmatch(text, words[n - 1].end(), words[n].start()) is not None


def _is_unknown(word: str) -> bool:
    """Whether a word is on no list, neither of names nor of words."""
    low = folded(word)
    listed = (tables.words(name) for name in ("headings", "generic", "cities"))
    return len(low) > 2 and not (is_ambiguous(low) or is_listed(low) or any(low in words for words in listed))


def _is_city(text: str, at: int) -> bool:
    """Whether a city of the list begins there, or its second word stands there."""
    words = text[at : at + 40].split()[:3]
    phrases = (" ".join(words[:n]).strip(".,;:") for n in range(len(words), 0, -1))
    return any(phrase.lower() in tables.words("cities") for phrase in phrases)


def _of_sites(text: str, line: re.Match[str]) -> Iterator[int]:
    """The letters of sites: what they are called, and the words before it from the one that names."""
    for match in _SITES.finditer(text, *line.span()):
        words = list(re.finditer(r"\S+", match["name"]))
        first = next((w for w in words if _names_site(w[0])), None)
        if first is not None:
            start = match.start() + first.start()
            yield from (w.start() for w in _HEAD.finditer(text, start, match.end()))


def _names_site(word: str) -> bool:
    low = folded(word)
    return (
        low in ("st", "mt", "mercy", "sacred", "good") or (is_listed(low) and not is_ambiguous(low)) or _is_unknown(low)
    )
