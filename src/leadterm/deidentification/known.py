"""What the record itself tells of its people, numbers and addresses, found again wherever a text repeats it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from leadterm.domain import Address, Encounter, Patient, Provider, Subscriber

from . import tables
from .naming import SHAPES, is_ambiguous, is_eponym_at, is_listed, is_plain
from .values import Found, Kind

_ACTS = re.compile(rf"(?:['’]s?(?= (?!disease|syndrome))|,? ({tables.pattern_of('person_verbs')}))\b")
_BEFORE = re.compile(r"\b(?:by|with|d/w|per|told|asked|called|and|met|see|saw|w/|that|from|patient|pt|for|to) $")
_PARTS = SHAPES["word"]
_SHORTEST = 3
_SHORTEST_SMALL = 4
_WORDS = re.compile(r"(?<![\w])[^\W\d_](?:[^\W\d_]|['’-](?![sS]\b)(?=[^\W\d_])){1,40}")
_GAP = r"[\s-]*"
_DIGITS = re.compile(r"\d{3}")


@dataclass(frozen=True, slots=True)
class Known:
    """Strings that identify, with their kinds; the words of names stand by themselves.

    Attributes:
        names: Words of names, in small letters.
        people: Given name and surname of each: both together are a name, whatever words they are.
        strings: Everything else by its kind, as it is written.
    """

    names: frozenset[str] = frozenset()
    strings: tuple[tuple[str, Kind], ...] = ()
    people: tuple[tuple[str, str], ...] = ()


def of_encounter(encounter: Encounter) -> Known:
    """What the header of a record tells."""
    people = [*_people(encounter)]
    strings = [*_numbers(encounter), *_addresses(encounter)]
    names = frozenset(
        word.lower()
        for name in people
        for word in _PARTS.findall(name.title() if name.isupper() or name.islower() else name)
    )
    return Known(
        frozenset(n for n in names if len(n) >= _SHORTEST and n not in tables.words("headings")),
        tuple((string.strip(), kind) for string, kind in strings if string and len(string.strip()) > _SHORTEST),
        tuple(_pairs(encounter)),
    )


def with_names(known: Known, text: str, found: Sequence[Found]) -> Known:
    """What is known, with the words of the names that were surely found in a text."""
    sure = (f for f in found if f.kind is Kind.NAME and (f.certain or f.rule in _GOOD))
    pairs = ((f, word) for f in sure for word in _PARTS.findall(text[f.start : f.end]))
    words = (word.lower() for f, word in pairs if f.certain or is_listed(word) or f.rule in _WELL)
    more = (w for w in words if len(w) >= _SHORTEST and w not in tables.words("headings"))
    initials = ((text[f.start : f.end], Kind.NAME) for f in found if f.rule == "name/kin-initials")
    return Known(known.names | frozenset(more), (*known.strings, *initials), known.people)


# Rules of which an unlisted word is taken for a name elsewhere too.
_WELL = frozenset({"name/aged", "name/surname-first", "name/label"})
_GOOD = frozenset(
    {
        "name/listed",
        "name/aged",
        "name/label",
        "name/spoken",
        "name/further",
        "name/surname-first",
        "name/line",
        "name/initial",
    }
)


def find(text: str, known: Known) -> Iterator[Found]:
    """Every place where a text repeats what is known."""
    for string, kind in known.strings:
        words = _GAP.join(map(re.escape, string.split()))
        for match in re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE):
            yield Found(*match.span(), kind, "known/record", written=tables.zip3(string) if kind is Kind.ZIP else None)
    for given, surname in known.people:
        for match in _together(given, surname).finditer(text):
            yield Found(*match.span(), Kind.NAME, "known/record")
    if known.names:
        yield from _names(text, known.names)


@lru_cache(maxsize=1 << 12)
def _together(given: str, surname: str) -> re.Pattern[str]:
    """Given name and surname in either order, a middle name or an initial between them."""
    first, last = (r"\s+".join(map(re.escape, name.split())) for name in (given, surname))
    middle = r"(?:\s+[^\W\d_]{1,20}\.?)?"
    either = rf"(?:{first}{middle}\s+{last}|{last}\s*,\s*{first}|{last}\s+{first})"
    if is_plain(given) and is_plain(surname):  # "Amber Rose", not "amber rose"
        return re.compile(rf"(?<!\w)(?=[^\W_a-z])(?i:{either})(?!\w)")
    return re.compile(rf"(?<!\w){either}(?!\w)", re.IGNORECASE)


def _names(text: str, names: frozenset[str]) -> Iterator[Found]:
    for match in _WORDS.finditer(text):
        low = match[0].lower()
        if match[0] == low and (is_ambiguous(low) or len(low) < _SHORTEST_SMALL):
            continue
        parts = low.split("-")
        if (low in names or (len(parts) > 1 and any(p in names for p in parts))) and _is_meant(text, match):
            yield Found(*match.span(), Kind.NAME, "known/name", certain=not is_ambiguous(match[0]))


def _is_meant(text: str, match: re.Match[str]) -> bool:
    """Whether a word of a name is the name here: ordinary and medical ones only within a sentence, before no noun."""
    if is_eponym_at(text, match.end()):
        return False
    if not is_ambiguous(match[0]):
        return True
    if _ACTS.match(text, match.end()):
        return True
    shouted = match[0].isupper() and len(match[0]) > 1
    return not shouted and _BEFORE.search(text, max(0, match.start() - 30), match.start()) is not None


def _named(encounter: Encounter) -> tuple[Patient | Provider | Subscriber, ...]:
    return encounter.patient, *encounter.providers, *(y.subscriber for y in encounter.payers)


def _pairs(encounter: Encounter) -> Iterator[tuple[str, str]]:
    """Given name and surname of everybody that the header names."""
    for person in _named(encounter):
        if person.first_name and person.last_name:
            yield person.first_name.strip(), person.last_name.strip()
    for words in (document.author.split() for document in encounter.documents if document.author):
        if len(words) == 2 and all(word.isalpha() for word in words):
            yield words[0], words[1]


def _people(encounter: Encounter) -> Iterator[str]:
    for person in _named(encounter):
        for name in (person.first_name, getattr(person, "middle_name", None), person.last_name):
            if name and not _DIGITS.search(name):
                yield name
    for document in encounter.documents:
        if document.author and not _DIGITS.search(document.author):
            yield from (w for w in _PARTS.findall(document.author) if len(w) > 2)


def _numbers(encounter: Encounter) -> Iterator[tuple[str, Kind]]:
    pairs: list[tuple[str | None, Kind]] = [
        (encounter.patient.id, Kind.MRN),
        (encounter.patient.phone, Kind.PHONE),
        (encounter.account, Kind.ACCOUNT),
        (encounter.id, Kind.ACCOUNT),
        (encounter.payer_control_number, Kind.ACCOUNT),
        (encounter.referral, Kind.PLAN),
        (encounter.clia, Kind.LICENCE),
    ]
    pairs += [(one.value, Kind.MRN) for one in encounter.identifiers]
    for provider in encounter.providers:
        pairs += [
            (provider.npi, Kind.LICENCE),
            (provider.tax_id, Kind.OTHER),
            (provider.phone, Kind.PHONE),
            (provider.id, Kind.OTHER),
        ]
    for payer in encounter.payers:
        pairs += [(payer.member_id, Kind.PLAN), (payer.group, Kind.PLAN), (payer.prior_authorization, Kind.PLAN)]
    yield from ((text, kind) for text, kind in pairs if text and _DIGITS.search(text))


def _addresses(encounter: Encounter) -> Iterator[tuple[str, Kind]]:
    for address in (o.address for o in _named(encounter) if o.address):
        yield from _lines(address)
    yield from ((p.name, Kind.ORGANIZATION) for p in encounter.providers if p.name and len(p.name.split()) > 1)
    yield from ((p.group_name, Kind.ORGANIZATION) for p in encounter.payers if p.group_name)


def _lines(address: Address) -> Iterator[tuple[str, Kind]]:
    for line in (address.line1, address.line2):
        if line and re.search(r"\d", line):
            yield line, Kind.PLACE
    if address.city and not is_ambiguous(address.city):
        yield address.city, Kind.PLACE
    if address.zip and len(address.zip) >= 5:
        yield address.zip, Kind.ZIP
