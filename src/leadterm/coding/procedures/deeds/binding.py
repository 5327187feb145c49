"""Which organ a hand's deed is done to: the subject before its words, the object behind them, or what was spoken of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, Table, compiled

from .organs import Mention

_BREAK = compiled(r";|:(?= )|\bbut\b|\bwhile\b|\bwhereas\b|\bso that\b|\bafter\b|\bbefore\b|\buntil\b|\bunder which\b")
# What stands before the name of a place, not of the thing that the deed is done to.
_PLACE = compiled(
    r"\b(?:of|from|off|to|at|in|into|on|onto|with|between|along|below|above|over|across|through|under|behind|beneath"
    r"|around|near|beside|against|towards?|by|within|for|outside|inside|past|beyond|via|underneath|than|like)"
    r" (?:(?!and\b|the\b)[\w-]+ |the ){0,2}\Z"
)
_ALL_OF = compiled(
    r"\b(?:all|whole|entirety|rest|remainder|both|each|cm|\w*ments?|pieces?|wedges?|portions?|parts?) of "
)
_AND = compiled(
    r"\A,?\s*(?:and|with|plus|,|together with|along with|/|\+|&|as well as)"
    r"(?: (?:its|his|her|the|both|a|attached|adherent|right|left|rest|entire|whole|of|fallopian))*\s*\Z"
)
_OBJECT = compiled(
    r"\A(?: (?:the|his|her|its|both|each|an?|whole|entire|all|of|remaining|right|left|native|diseased|dead|about"
    r"|approximately|\d+(?:\.\d+)?|cm|complete|total|rest|small|large|loops?|segments?"
    r"|pieces?|this|that|involved))*\s*\Z"
)
# A subject that only points back.
_POINTS = compiled(
    r"\A\W*(?:then |next |and |thus |now )*(?:it|this|that|these|they"
    r"|the (?:whole |entire )?(?:specimen|organ|gland|mass"
    r"|lesion|nodule|tumou?r|cyst|piece|segment|wedge|lump|whole|plaque|implant)s?|(?:an?|one|two|three|four|five|six"
    r"|several|multiple|some|\d+)(?: (?:was|were|came)"
    r"|(?: (?:of (?:these|them|it)|small|large|such|good|pieces?|wedges?"
    r"|samples?|bites?|biops\w+|segments?|fragments?|slivers?|strips?|cores?|further|more|others?))+)|both|all|each)\b"
)
# "… and it was bagged"; "we removed it".
_IT = compiled(
    r"(?:,|\band\b|\bthen\b|\A)\W*(?:then )?(?:it|this|the (?:whole |entire )?(?:specimen|organ|gland))\b[^;:]*\Z"
)
_IT_ALONE = compiled(
    r"\A\W*(?:then |next |and |thus |now )*(?:it|this|that|they"
    r"|the (?:whole |entire )?(?:specimen|organ|gland|whole))\b"
)
_HIM = compiled(r" (?:it|them|this|these)\b")
_BESIDES = compiled(r"\A,?\s*(?:together |along )?(?:with|including)\b")
_ALONG = compiled(
    r"\A,?\s*(?:en bloc |together |along |in one (?:piece|block) |as one )*"
    r"(?:with|including)(?: (?:the|its|both|his|her|whole|entire|right|left|attached))*\s*\Z"
)
_NOT = compiled(
    r"\b(?:not|never|nor|cannot|unable|will be|would be|to be|could be|can be|may be"
    r"|might be|should be|attempt\w*|tried|previously|already)\b"
)
# "The bladder was emptied and the catheter was removed": the verb has a subject of its own.
_ANOTHER = compiled(r"\b(?:was|were)\b[^;]*(?:,|\band|\bthen) (?:the|an?|its|his|her|all|both|two) [^,;]*\Z")
_REACH = 60  # characters from the words of a deed to its object


@dataclass(frozen=True, slots=True)
class Done:
    """A deed: its class, its words' place, what it was done to, and how words that point back told that.

    Attributes:
        pointed: `it` of a thing, `some` of pieces of it, `unsaid` where nothing stands for it, empty where it is named.
    """

    deed: str
    start: int
    end: int
    to: tuple[Mention, ...]
    pointed: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """Words of a deed: its class, whether its object may stand behind it, its place."""

    deed: str
    active: bool
    start: int
    end: int


@cache
def _verbs() -> tuple[tuple[tuple[str, bool], ...], tuple[Pattern, ...], Table]:
    table = rows("procedures/deeds/verbs")
    patterns = tuple(compiled(rf"\b(?:{row['words']})") for row in table)
    return tuple((row["deed"], row["active"] == "yes") for row in table), patterns, Table(patterns)


def verbs(text: str) -> list[Verb]:
    """The words of deeds in a text in small letters, in its order; of those that overlap the first, then by row."""
    kinds, patterns, table = _verbs()
    found = sorted((m.start(), n, m.end()) for n in table.standing(text) for m in patterns[n].made.finditer(text))
    kept: list[Verb] = []
    for start, n, end in found:
        if not kept or start >= kept[-1].end:
            kept.append(Verb(*kinds[n], start, end))
    return kept


def done(
    text: str, told: Sequence[Verb], named: Sequence[Mention], spoken: Callable[[], Sequence[Mention]]
) -> Iterator[Done]:
    """The deeds of a statement with some verbs and organs; `spoken` gives those that were spoken of just before."""
    for verb in told:
        start = max((m.end() for m in _BREAK.finditer(text, 0, verb.start)), default=0)
        one = _of_verb(text, start, verb, named, spoken)
        if one[0] and not _NOT.search(text[max(start, _first(one[0], verb.start)) : verb.start]):
            yield Done(verb.deed, verb.start, verb.end, *one)


def _first(mentions: Sequence[Mention], least: int) -> int:
    return min(least, *(m.end for m in mentions))


def _of_verb(
    text: str, start: int, verb: Verb, named: Sequence[Mention], spoken: Callable[[], Sequence[Mention]]
) -> tuple[tuple[Mention, ...], str]:
    """What a verb is done to, and how words that point back told it (`it`, `some`; empty where none did)."""
    ahead = text[start : verb.start]
    if _IT.search(ahead):
        return _back(text, verb, named, spoken), "it"
    subject = tuple(_subjects(text, start, verb.start, named))
    if subject:
        return (*subject, *_along(text, verb.end, named)), ""
    if _POINTS.search(ahead):
        return _back(text, verb, named, spoken), "it" if _IT_ALONE.search(ahead) else "some"
    objects = tuple(_objects(text, verb.end, named)) if verb.active else ()
    if not objects and not ahead.strip(" -*.,)"):
        return _back(text, verb, named, spoken), "unsaid"
    if not objects and verb.active and _HIM.match(text, verb.end):
        return _back(text, verb, named, spoken), "it"
    return objects, ""


def _back(
    text: str, verb: Verb, named: Sequence[Mention], spoken: Callable[[], Sequence[Mention]]
) -> tuple[Mention, ...]:
    """What words that point back mean: what the statement spoke of, or one before it."""
    return topic(text, [m for m in named if m.end <= verb.start]) or tuple(spoken())


def topic(text: str, named: Sequence[Mention]) -> tuple[Mention, ...]:
    """What a statement speaks of: the first organ that is no place, else the last that it names."""
    first = [m for m in named if not _PLACE.search(text[: m.start])]
    return tuple(first[:1] or named[-1:])


def _subjects(text: str, start: int, end: int, named: Sequence[Mention]) -> Iterator[Mention]:
    """The last organ before a deed that is no place, with those that are named in one breath with it."""
    chain: list[Mention] = []
    last, at_place = start, False
    for m in (m for m in named if start <= m.start < end):
        together = _AND.match(text[last : m.start]) if last > start else None
        besides = chain and m.extent == "part" and _BESIDES.match(text[last : m.start])
        before = text[start : m.start]
        place = _PLACE.search(before) and not _ALL_OF.search(before[-_REACH:]) and not m.extent
        if together:
            chain += [] if at_place else [m]
        elif besides or place:
            at_place = bool(place)
        else:
            chain, at_place = [m], False
        last = m.end
    if chain and not _ANOTHER.search(text[chain[-1].end : end]):
        yield from chain


def _along(text: str, end: int, named: Sequence[Mention]) -> Iterator[Mention]:
    """What went along: "was removed together with the spleen"."""
    for m in named:
        if m.start >= end and m.extent != "part" and _ALONG.match(text[end : m.start]):
            yield m
            return


def _objects(text: str, end: int, named: Sequence[Mention]) -> Iterator[Mention]:
    """The organs right behind a deed."""
    last: Mention | None = None
    for m in named:
        if end <= m.start < end + _REACH or last is not None:
            between = text[last.end if last else end : m.start]
            if (_AND if last else _OBJECT).match(between):
                last = m
                yield m
            elif last is not None:
                return
