"""Names of people in a text: after titles and labels, before degrees, beside relatives, and by lists of names.

A word that is ordinary or medical counts as a name only where something else says that a person is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from . import tables
from .naming import (
    RULES,
    SHAPES,
    folded,
    is_ambiguous,
    is_eponym_at,
    is_heading,
    is_last_name,
    is_listed,
    is_medical,
    is_plain,
    is_surname,
    person,
    person_start,
)
from .scanning import Scan
from .values import Found, Kind

_FREE_TITLES = frozenset("dr drs mr mrs ms miss mx prof dear".split())
# After these a colon says that a name follows, whatever word it is.
_FREE_LABELS = frozenset(
    """patient pt name attending pcp provider surgeon signed cc dictated author mother father spouse wife husband
    guarantor subscriber insured nok guardian dear client member resident""".split()
)
# Degrees that are words or states too: a comma stands before them, or no name.
_BARE_DEGREES = frozenset("PT OT MA PA RD BC RT OD DO CNS NP".split())
_STATE_HEAD = re.compile(r"\b(\w+)\s\Z")
_ON = re.compile(r"\s?[:/]")
_SMALL = re.compile(r"\b[a-z]{3,}\b")


def find(scan: Scan) -> Iterator[Found]:
    """Every name of a person in a text."""
    return chain(
        _after_titles(scan),
        _before_degrees(scan),
        _after_labels(scan),
        _after_words(scan),
        _told_by_age(scan),
        _by_lists(scan),
        _by_shape(scan),
    )


def _after_titles(scan: Scan) -> Iterator[Found]:
    text = scan.text
    for match in RULES["title"].find(scan):
        free = match[0].strip(" .\t\n").lower() in _FREE_TITLES
        end = person(text, match.end(), free=free)
        if free and not end and match[0].rstrip().endswith("."):
            small = SHAPES["small"].match(text, match.end())
            end = small.end() if small and is_listed(small[0]) and not is_plain(small[0]) else 0
        if end:
            yield Found(match.end(), end, Kind.NAME, "name/title")


def _before_degrees(scan: Scan) -> Iterator[Found]:
    for match in RULES["degree"].find(scan):
        start = None if match["degree"] in _BARE_DEGREES and not match["comma"] else person_start(match["v"])
        if start is not None:
            yield Found(match.start() + start, match.end("v"), Kind.NAME, "name/degree")


def _after_labels(scan: Scan) -> Iterator[Found]:
    text = scan.text
    for match in RULES["label"].find(scan):
        label = match["label"].split()[0].lower().removesuffix("'s")
        free = label in _FREE_LABELS and match["mark"].strip()[-1:] in (":", "=")
        if end := person(text, match.end(), free=free, comma=True, label=True):
            yield Found(match.end(), end, Kind.NAME, "name/label", certain=free)
            yield from _further(text, end)


def _after_words(scan: Scan) -> Iterator[Found]:
    text = scan.text
    for match in RULES["relative"].find(scan):
        given = SHAPES["word"].match(text, match.end())
        free = given is not None and not given[0].isupper() and folded(given[0]) in tables.words("given")
        if end := person(text, match.end(), free=free):
            yield Found(match.end(), end, Kind.NAME, "name/relative")
            yield from _further(text, end)
    for match in RULES["spoken"].find(scan):
        given = SHAPES["word"].match(text, match.end())
        free = given is not None and folded(given[0]) in tables.words("given") and not is_plain(given[0])
        if end := person(text, match.end(), free=free):
            yield Found(match.end(), end, Kind.NAME, "name/spoken", certain=False)
    for match in RULES["weak"].find(scan):
        word = SHAPES["word"].match(text, match.end())
        if word and is_listed(word[0]) and (end := person(text, match.end(), free=False)):
            yield Found(match.end(), end, Kind.NAME, "name/spoken", certain=False)


def _further(text: str, at: int) -> Iterator[Found]:
    """More names in a row: "Ann, Bo and Carl"."""
    while match := SHAPES["further"].match(text, at):
        at = person(text, match.end(), free=False, comma=";" in match[0], label=True)
        if not at:
            return
        yield Found(match.end(), at, Kind.NAME, "name/further", certain=False)


def _told_by_age(scan: Scan) -> Iterator[Found]:
    for match in RULES["aged"].find(scan):
        start = person_start(match["v"])
        if start is not None:
            yield Found(match.start() + start, match.end("v"), Kind.NAME, "name/aged", certain=False)


def _by_shape(scan: Scan) -> Iterator[Found]:
    """Initials, initials with a surname, lines of a name alone, "Surname, Given" that begins a line, quoted names."""
    text = scan.text
    for name in ("initials-of", "initials-comma", "initials-degree", "initials-line"):
        for match in RULES[name].find(scan):
            yield Found(*match.span("v"), Kind.NAME, "name/initials", certain=False)
    for match in RULES["initial"].find(scan):
        if is_last_name(match["v"]) and not is_ambiguous(match["v"]) and not is_eponym_at(text, match.end()):
            yield Found(*match.span(), Kind.NAME, "name/initial", certain=False)
    for match in RULES["line"].find(scan):
        words = SHAPES["word"].findall(match["v"])
        if any(map(is_listed, words)) and not any(is_heading(w) or _is_word_alone(w) for w in words):
            yield Found(*match.span("v"), Kind.NAME, "name/line", certain=False)
    for match in RULES["surname-first"].find(scan):
        if is_listed(match["a"]) and not is_plain(match["a"]) and is_last_name(match["b"]):
            yield Found(match.start("a"), match.end("b"), Kind.NAME, "name/surname-first", certain=False)
    for match in RULES["acts"].find(scan):
        if is_last_name(match["v"]) and not is_ambiguous(match["v"]) and not match["v"].isupper():
            yield Found(*match.span("v"), Kind.NAME, "name/acts", certain=False)
    for match in RULES["small-pair"].find(scan):
        if folded(match["a"]) in tables.words("given") and is_surname(match["b"]) and not _is_any_word(match):
            yield Found(*match.span(), Kind.NAME, "name/small", certain=False)
    for match in RULES["called"].find(scan):
        if match["v"] or is_listed(match["w"]) or not (is_heading(match["w"]) or is_ambiguous(match["w"])):
            yield Found(*match.span(match.lastgroup or 0), Kind.NAME, "name/called")
    for match in RULES["beside"].find(scan):
        start = person_start(match["v"])
        if start is not None and (match["kin"] is None or is_listed(match["v"].split()[-1])):
            yield Found(match.start() + start, match.end("v"), Kind.NAME, "name/beside")
    for match in RULES["header"].find(scan):
        if end := person(text, match.end(), free=False, comma=True, label=True):
            yield Found(match.end(), end, Kind.NAME, "name/label", certain=False)
    for name in ("kin-initials", "typist", "typist-label", "signed-initials"):
        for match in RULES[name].find(scan):
            yield Found(*match.span("v"), Kind.NAME, f"name/{name}")


def _is_any_word(match: re.Match[str]) -> bool:
    return is_ambiguous(match["a"]) or is_ambiguous(match["b"])


def _is_word_alone(word: str) -> bool:
    return is_ambiguous(word) and not is_listed(word)


def _by_lists(scan: Scan) -> Iterator[Found]:
    """Given names with what follows them, surnames before a given name, and rare words that are names alone."""
    text = scan.text
    small = frozenset(_SMALL.findall(text))
    last = 0
    for match in RULES["word"].find(scan):
        if match.start() >= last and len(match[0]) > 1 and (end := _named_here(text, match, small)):
            last = end
            yield Found(match.start(), end, Kind.NAME, "name/listed", certain=False)


def _named_here(text: str, match: re.Match[str], small: frozenset[str]) -> int:
    """The end of the name that begins with a word of the lists, 0 where it is none."""
    word, low = match[0], folded(match[0])
    given = low.split("-")[0] in tables.words("given")
    surname = is_surname(low)
    if not (given or surname) or is_heading(word) or is_eponym_at(text, match.end()):
        return 0
    if (word.isupper() and len(word) < 3) or _of_state(text, match):
        return 0
    if end := _pair(text, match, given, surname):
        return end
    if not _stands_alone(text, match, given, small):
        return 0
    return (given and person(text, match.start(), free=True)) or match.end()


def _of_state(text: str, match: re.Match[str]) -> bool:
    """Whether a word is the last one of a state: "Dakota" of "North Dakota"."""
    before = _STATE_HEAD.search(text, max(0, match.start() - 6), match.start())
    return before is not None and f"{before[1]} {match[0]}".title() in tables.state_names()


def _stands_alone(text: str, match: re.Match[str], given: bool, small: frozenset[str]) -> bool:
    """Whether a word of the lists is a name by itself: no ordinary or medical word, in small letters nowhere."""
    word, low = match[0], folded(match[0])
    if is_ambiguous(word) or low in small or len(low) < 4 - given:
        return False
    if word.isupper() and (len(word) < 4 or not given):
        return False
    return _ON.match(text, match.end()) is None or text[match.start() - 1 : match.start()] == " "


def _pair(text: str, match: re.Match[str], given: bool, surname: bool) -> int:
    """The end of "Given [M.] Surname" or "Surname, Given [M.]" that begins here, 0 where there is none."""
    word = match[0]
    following = SHAPES["given-surname"].match(text, match.end()) if given else None
    if following and _is_surname_of(word, following["v"]) and not is_eponym_at(text, following.end()):
        return person(text, match.start(), free=True)
    reverse = SHAPES["surname-given"].match(text, match.end()) if surname else None
    if reverse is None or folded(reverse["v"]) not in tables.words("given") or is_heading(reverse["v"]):
        return 0
    both_plain = is_plain(word) and is_ambiguous(reverse["v"])
    return 0 if both_plain or reverse["v"] in tables.state_names() else reverse.end()


def _is_surname_of(given: str, word: str) -> bool:
    """Whether a word behind a given name is its surname; behind an ordinary word it must be on the list alone."""
    if is_heading(word) or len(word) < 2 or (is_medical(folded(given)) and is_medical(folded(word))):
        return False
    if is_plain(given):
        return is_listed(word) and not is_ambiguous(word)
    return is_listed(word) or not (is_ambiguous(word) or (word.isupper() and len(word) < 5))
