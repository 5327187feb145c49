"""Places smaller than a state, and the facilities, employers and schools that tell one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from . import tables
from .naming import is_ambiguous, is_eponym_at, is_heading, is_listed, is_medical
from .scanning import Scan, first_letters
from .values import Found, Kind

_STATES = "<STATES>"
_KNOWN = frozenset({"employer-known", "employer-saint", "employer-unit"})
_SITE_OF = re.compile(
    r"\b(?:University|College|Hospital|Church|Bank|School|Institute)[ \t]of[ \t](?:the[ \t])?"
    r"(?!Medicine|Health)[A-Z][\w'’-]*(?:[ \t](?!ICU|ED|ER)[A-Z][\w'’-]*){0,2}"
)
_CAPITALIZED = re.compile(
    r"(?<![\w'-])(?=([A-Z][a-zA-Z]*(?:-[A-Z][a-z]+|\.(?= [A-Z]))?(?: [a-zA-Z]+){0,2})(?![\w-]))[A-Z]"
)
_CALLED = re.compile(r"\b(?:at|from|by|of)\s(?:the\s)?\Z")
_NUMERAL = re.compile(r"\sI")
# The end of a sentence, where no abbreviation stands.
_STOP = re.compile(r"(?<=[a-z]{3})\.[ \t]")
# Two letters that are a state and a degree.
_DEGREES = frozenset("MD PA MA DO OD PT OT MS ND DC VA OR IN CO HI ME OK ID PR MI CT NV AL AR SC DE LA".split())
_CARRIES = frozenset("in from of near to at outside".split())


def find(scan: Scan) -> Iterator[Found]:
    """Every place and organisation of a text."""
    for rule in tables.shapes("places"):
        for match in rule.find(scan):
            yield from _of_shape(rule.name, match)
    yield from _sites(scan)
    yield from _of_states(scan.text) if scan.has(_state_words()) else ()
    yield from _listed_cities(scan.text)


def _of_shape(rule: str, match: re.Match[str]) -> Iterator[Found]:
    if rule.startswith("employer"):
        known = rule in _KNOWN
        if known or (not _generic(match["v"]) and not all(_plain(word) for word in match["v"].split())):
            named = _named(match, "v", Kind.ORGANIZATION, rule)
            yield replace(named, certain=not known)
    elif rule == "from" and not _is_rare(match["v"].split()[0]):
        return
    elif "v" in match.re.groupindex:
        if end := _place_end(match["v"]):
            yield Found(match.start("v"), match.start("v") + end, Kind.PLACE, f"place/{rule}", certain=False)
    elif rule != "county" or not _generic(match[0].rsplit(None, 1)[0]):
        yield _named(match, 0, Kind.PLACE, rule)


def _sites(scan: Scan) -> Iterator[Found]:
    text, generic = scan.text, tables.words("generic") | {"&", "of"}
    for match in tables.shapes("sites")[0].find(scan):
        start, words = match.start(), match[0].split()
        while len(words) > 1 and words[0].strip(",").lower() in generic:
            start = text.index(words[1], start + len(words[0]))
            words = words[1:]
        called = _CALLED.search(text, max(0, start - 10), start) is not None
        if len(words) > 1 and not all(_plain(word, called=called) for word in words[:-1]):
            yield Found(start, match.end(), Kind.ORGANIZATION, "place/site", certain=False)
    for begin, pattern in _chains().items():
        for match in filter(None, (pattern.match(text, at) for at in scan.starts(begin))):
            yield Found(*match.span(), Kind.ORGANIZATION, "place/chain", certain=False)
    for match in _SITE_OF.finditer(text):
        yield Found(*match.span(), Kind.ORGANIZATION, "place/site-of", certain=False)


def _of_states(text: str) -> Iterator[Found]:
    """Cities before a state."""
    for match in _by_state(
        rf",?[ \t]{{1,2}}(?P<state>{_STATES}),?\s{{1,3}}(?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\w-])"
    ).finditer(text):
        if not _generic(match["v"]):
            yield Found(*match.span("zip"), Kind.ZIP, "place/zip", written=tables.zip3(match["zip"]))
        if not _generic(match["v"]):
            yield Found(*match.span("v"), Kind.PLACE, "place/city-zip")
    for match in _by_state(rf",[ \t]?(?P<state>{_STATES})(?![\w-])").finditer(text):
        state, name = match["state"], match["v"]
        before = text[max(0, match.start() - 12) : match.start()].split()
        told = name.lower() in tables.words("cities") or (
            bool(before) and before[-1].lower() in _CARRIES and not name.isupper()
        )
        if (told or (state not in _DEGREES and not name.isupper())) and not _generic(name) and not _is_state(name):
            yield _named(match, "v", Kind.PLACE, "city-state")


def _listed_cities(text: str) -> Iterator[Found]:
    """Capitalised words that are a city of the list, the longest first."""
    last = 0
    for match in _CAPITALIZED.finditer(text):
        city = next((c for c in _phrases(match[1]) if c.lower() in tables.words("cities")), "")
        end = match.start() + len(city)
        if city and match.start() >= last and not is_eponym_at(text, end) and not _NUMERAL.match(text, end):
            last = end
            yield Found(match.start(), end, Kind.PLACE, "place/city", certain=False)


def _phrases(words: str) -> Iterator[str]:
    """The words from the first on, all of them first, then one less and one less."""
    while words:
        yield words.rstrip(".")
        words = words.rpartition(" ")[0]


@cache
def _state_words() -> tuple[str, ...]:
    return (*tables.states(), *(name.split()[0] for name in tables.states().values()))


@cache
def _by_state(rest: str) -> re.Pattern[str]:
    """A capitalised phrase before what tells a state."""
    states = "|".join(sorted((*tables.states(), *tables.states().values()), key=len, reverse=True))
    name = r"(?<![\w'’.-])(?P<v>[A-Z][\w'’.-]{0,40}(?:[ \t][A-Z][\w'’.-]{0,40}){0,2})"
    return re.compile(name + rest.replace(_STATES, states))


def _place_end(name: str) -> int:
    """How much of a capitalised phrase is a place: 0 where it is a state, a country or no name at all."""
    words = name.split()
    if (
        _is_state(words[0].strip(".,"))
        or _is_state(name.strip(".,"))
        or _is_state(" ".join(words[:2]))
        or words[0].lower() in tables.words("headings")
    ):
        return 0
    kept: list[str] = []
    for word in words:
        if word.lower().strip(".,") in tables.words("headings") or (kept and _plain(word)):
            break
        kept.append(word)
        if _STOP.search(word + " "):
            break
    if not kept or _is_state(kept[0]) or (len(kept) == 1 and (_plain(kept[0]) or kept[0][:2].isupper())):
        return 0
    return len(" ".join(kept).rstrip(".,"))


def _named(match: re.Match[str], group: int | str, kind: Kind, rule: str) -> Found:
    start, end = match.span(group)
    stop = _STOP.search(match.string, start, end)
    end = stop.start() if stop else end
    return Found(start, start + len(match.string[start:end].rstrip(".,")), kind, f"place/{rule}")


def _is_state(word: str) -> bool:
    return word in tables.states() or word.title() in tables.state_names()


@cache
def _chains() -> Mapping[str, re.Pattern[str]]:
    """The employers and shops of the list, with the number of the shop, by their first letters."""
    names: dict[str, list[str]] = {}
    for name in sorted(tables.words("chains"), key=len, reverse=True):
        names.setdefault(first_letters(name), []).append(re.escape(name))
    return {
        begin: re.compile(rf"(?<![\w'-])(?i:{'|'.join(some)})(?![\w-])(?:[ \t]?\#\d{{1,6}})?")
        for begin, some in names.items()
    }


def _is_rare(word: str) -> bool:
    """Whether a word is neither ordinary, medical nor a name: behind "from" it is a place."""
    return not (is_ambiguous(word) or is_listed(word) or is_heading(word))


def _generic(name: str) -> bool:
    return all(word.lower().strip(".,") in tables.words("generic") for word in name.split())


def _plain(word: str, *, called: bool = False) -> bool:
    """Whether a word of a name is an ordinary one, so that it alone names nothing.

    `called`: behind "at" a site is called by ordinary words too ("at Cascade Counseling"), but by no medical ones.
    """
    low = word.lower().strip(".,'’")
    if called and not is_medical(low) and low not in tables.words("generic") | tables.words("headings"):
        return word.isupper() or len(low) < 3
    if low in tables.words("generic") or low in tables.words("headings"):
        return True
    if word.isupper() and all(part in tables.words("words") for part in low.split("-")):
        return True
    return low in tables.words("words") and low not in tables.words("surnames")
