"""Notes of one author about different patients or days that are nearly the same.

A note is taken as its runs of five words (shingles; Broder 1997), without headings, numbers and demographics. Of each
note a quarter of the runs is kept, the same quarter in every note (those whose digest ends in two zero bits), so that
likeness can be told from what is kept; runs that many authors share belong to templates and are left out.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leadterm.domain import (
    CodedEncounter,
    Document,
    Encounter,
    Patient,
    ProviderRole,
    Signal,
    SignalPlace,
    SignalSubject,
    Statistic,
)

from ._about import About
from ._rules import SignalRule

KIND = "cloned-notes"
RUN = 5
KEPT, ONE_OF = 0x3, 4
MOST_KEPT = 400
AUTHORS = (ProviderRole.RENDERING, ProviderRole.ATTENDING, ProviderRole.OPERATING, ProviderRole.BILLING)
# Notes that a note is compared with at most: those that share most of its rarest runs.
MOST_COMPARED, RAREST = 20, 24
# Of a run that more notes of an author share than this, it is only counted that it is shared.
MOST_LISTED = 64
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_HEADING = re.compile(r"(?m)^[^\n:]{1,48}:[ \t]*$|^[A-Z][A-Z /&-]{2,47}:?[ \t]*$|^[A-Z][A-Za-z /&-]{2,30}:(?=[ \t])")


@dataclass(frozen=True, slots=True)
class _Note:
    """A note: where it is, of whom and when, and the kept digests of its runs, in order."""

    encounter: str
    document: str
    length: int
    patient: str
    day: date | None
    runs: array[int]


class Reader:
    """Keeps the digests of every note, by author."""

    def __init__(self, shown: int) -> None:
        self._most = shown
        self._notes: defaultdict[str, list[_Note]] = defaultdict(list)
        self._subjects: dict[str, SignalSubject] = {}

    def read(self, coded: CodedEncounter) -> None:
        """Keeps the notes of an encounter that names an author."""
        encounter = coded.encounter
        author = next((p for role in AUTHORS if (p := encounter.provider(role)) and p.npi), None)
        if author is None or author.npi is None:
            return
        self._subjects.setdefault(author.npi, SignalSubject("author", author.npi, author.taxonomy))
        for document in encounter.standing:
            self._notes[author.npi].append(_note(encounter, document))

    def judge(self, about: About) -> Iterator[Signal]:
        """A signal for each author of whose notes too many are nearly the same."""
        rule = about.rules[KIND]
        shared = self._shared(int(rule["authors"]))
        for npi, notes in sorted(self._notes.items()):
            own = [(note, frozenset(note.runs) - shared) for note in notes]
            long = [(note, runs) for note, runs in own if len(runs) * ONE_OF >= rule["words"]]
            if len(long) >= rule["smallest"]:
                about.tested[KIND].add((npi, ""))
                alike = _alike(long, rule["similarity"])
                if len(alike) >= rule["notes"] and len(alike) >= rule["share"] * len(long):
                    yield self._signal(npi, long, alike, rule, about)

    def _shared(self, least: int) -> frozenset[int]:
        """Runs of words that so many authors use."""
        authors: Counter[int] = Counter()
        for notes in self._notes.values():
            authors.update({run for note in notes for run in note.runs})
        return frozenset(run for run, count in authors.items() if count >= least)

    def _signal(
        self,
        npi: str,
        notes: Sequence[tuple[_Note, frozenset[int]]],
        alike: Mapping[int, tuple[int, float]],
        rule: SignalRule,
        about: About,
    ) -> Signal:
        pairs = sorted(((at, *with_) for at, with_ in alike.items()), key=lambda p: (-p[2], p[0]))
        places = tuple(_place(notes[at][0]) for pair in _once(pairs)[: self._most] for at in pair)
        most = pairs[0][2]
        reason = (
            f"Of {len(notes)} notes, {len(alike)} share {100 * rule['similarity']:.0f} % or more of their runs of words"
            f" with a note about another patient or day (the closest pair {100 * most:.0f} %), which is worth a look."
        )
        shown = sorted({notes[at][0].encounter for at in alike})
        counted = len(alike), len(notes)
        return about.signal(
            *(rule, self._subjects[npi], Statistic("notes nearly the same as another", len(alike)), rule["notes"]),
            *(counted, reason, tuple(shown[: self._most]), len(shown)),
            places=places,
        )


def _once(pairs: Iterable[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The pairs in order, each once: two that are most like each other are one."""
    found: dict[frozenset[int], tuple[int, int]] = {}
    for one, other, _ in pairs:
        found.setdefault(frozenset((one, other)), (one, other))
    return list(found.values())


def _place(note: _Note) -> SignalPlace:
    return SignalPlace(note.encounter, note.document, 0, note.length)


def _note(encounter: Encounter, document: Document) -> _Note:
    written = document.service_time
    day = date(written.year, written.month, written.day) if written else encounter.controlling_date
    patient = encounter.patient
    who = patient.id or f"{patient.last_name} {patient.first_name} {patient.birth_date}"
    runs = runs_of(document.text, names_of(patient))
    return _Note(encounter.id, document.id, len(document.text), who, day, array("I", sorted(runs)[:MOST_KEPT]))


def names_of(patient: Patient) -> frozenset[str]:
    """The words of a patient's name and address, in lower case: no run contains them."""
    address = patient.address
    said = [patient.first_name, patient.middle_name, patient.last_name]
    said += [address.line1, address.line2, address.city] if address else []
    return frozenset(word for text in said if text for word in _WORD.findall(text.lower()))


def runs_of(text: str, without: frozenset[str]) -> set[int]:
    """The digests of the runs of five words of a text, a quarter of them, the same quarter of every text."""
    words = [w.encode() for w in _WORD.findall(_HEADING.sub(" ", text).lower()) if w not in without]
    joined = (b" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1))
    return {digest for digest in map(zlib.crc32, joined) if not digest & KEPT}


def _alike(notes: Sequence[tuple[_Note, frozenset[int]]], least: float) -> dict[int, tuple[int, float]]:
    """The notes that are as like another as `least`, each with the one it is most like and how much."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for at, (_, runs) in enumerate(notes):
        for run in runs:
            holders[run].append(at)
    found: dict[int, tuple[int, float]] = {}
    for at, (note, runs) in enumerate(notes):
        for other in _candidates(at, runs, holders):
            if _same_visit(note, notes[other][0]):
                continue
            theirs = notes[other][1]
            likeness = len(runs & theirs) / len(runs | theirs)
            if likeness >= least and likeness > found.get(at, (0, 0.0))[1]:
                found[at] = other, likeness
    return found


def _candidates(at: int, runs: frozenset[int], holders: Mapping[int, list[int]]) -> Iterator[int]:
    """Other notes that share most of a note's rarest runs, of those spread over all of it that few others have."""
    rarest = sorted((run for run in runs if len(holders[run]) > 1), key=lambda run: (len(holders[run]), run))[:RAREST]
    shared: Counter[int] = Counter()
    for run in rarest:
        listed = holders[run]
        shared.update(listed if len(listed) <= MOST_LISTED else listed[:MOST_LISTED])
    del shared[at]
    yield from (other for other, _ in sorted(shared.items(), key=lambda kv: (-kv[1], kv[0]))[:MOST_COMPARED])


def _same_visit(one: _Note, other: _Note) -> bool:
    return one.patient == other.patient and one.day == other.day and (one.day is not None or one is other)
