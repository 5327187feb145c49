"""Injuries, burns, poisonings and their causes: which leads, and whether the episodes agree (I.C.19, I.C.20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.codesets.relations.relations import Relations
from leadterm.edits._coding import Coding, Diagnosis, Entry, is_external_cause, named
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ranges import codes_of

from ._bits import ENTRIES_KEPT

ACTIVE, LATER, SEQUELA = "active treatment", "healing", "sequela"
# The 7th characters of active treatment: A, and of open fractures B and C; S is the sequela, other letters are healing.
EPISODES = {"A": ACTIVE, "B": ACTIVE, "C": ACTIVE, "S": SEQUELA}
# Fourth character of burns (0 to 3) and corrosions (4 to 7): unspecified, first, second and third degree.
DEGREES = 4
PREGNANT = "O"


@lru_cache(maxsize=ENTRIES_KEPT)
def episode_of(entry: Entry) -> str | None:
    """The episode of care that a 7th character tells; None for a code without one, or of another kind."""
    extension = entry.node.extension if entry.node else None
    return EPISODES.get(extension, LATER) if extension and extension.isalpha() else None


def _episodes(coding: Coding) -> tuple[frozenset[str], tuple[Diagnosis, ...]]:
    """The episodes of the injuries of an encounter, and its external causes that tell theirs."""
    told = [(d, episode) for d in coding.diagnoses if (episode := episode_of(d.entry))]
    injuries = frozenset(episode for d, episode in told if not is_external_cause(d.code))
    return injuries, tuple(d for d, _ in told if is_external_cause(d.code))


def _disagreeing(coding: Coding) -> Iterator[Draft]:
    injuries, causes = coding.once(_episodes)
    for d in causes if injuries else ():
        if (episode := episode_of(d.entry)) not in injuries:
            said = " and ".join(sorted(injuries))
            yield _about(d, f"{named(d)} tells of {episode}, the injuries of {said}.")


@cache
def _references(name: str) -> tuple[Reference, ...]:
    return codes_of(name)


@lru_cache(maxsize=ENTRIES_KEPT)
def _is(entry: Entry, codes: str) -> bool:
    return names_one(_references(codes), entry.bare)


ONCE = "Y92, Y93, Y99"
NOT_STATED = "Y92.9, Y93.9, Y99.9"
POISONINGS = "T36-T65 with fifth or sixth character 1-4"
BURNS, EXTENTS = "T20-T25", "T31-T32"


def _told_later(coding: Coding) -> Iterator[Draft]:
    injuries, _ = coding.once(_episodes)
    for d in coding.diagnoses if injuries and ACTIVE not in injuries else ():
        if _is(d.entry, ONCE):
            yield _about(d, f"{named(d)} stands where no injury is under active treatment.")


def _not_stated(coding: Coding) -> Iterator[Draft]:
    for d in coding.diagnoses:
        if d.code[0] == "Y" and _is(d.entry, NOT_STATED):
            yield _about(d, f"{named(d)} says that nothing is known, which is not reported.")


def _sequela_first(coding: Coding) -> Iterator[Draft]:
    first = coding.first
    if not first or is_external_cause(first.code) or episode_of(first.entry) is not SEQUELA:
        return
    relations = coding.relations
    if not any(_manifestation(relations, d.entry) for d in coding.secondary):
        yield _about(first, f"{named(first)} leads, and the condition that the injury has left comes before it.")


@lru_cache(maxsize=ENTRIES_KEPT)
def _manifestation(relations: Relations, entry: Entry) -> bool:
    return relations.is_manifestation(entry.code)


def _poisoning_later(coding: Coding) -> Iterator[Draft]:
    first = coding.first
    if not first or first.code[0] == PREGNANT or _is(first.entry, POISONINGS):
        return
    for d in coding.secondary:
        if d.code[0] == "T" and _is(d.entry, POISONINGS) and episode_of(d.entry) is ACTIVE:
            message = f"{named(first)} leads, and the poisoning {named(d)} comes before what it brought about."
            yield Draft(message, (first.code, d.code), (first.assignment.id, d.assignment.id))


def _lower_degree_first(coding: Coding) -> Iterator[Draft]:
    first = coding.first
    if not first or first.code[0] != "T" or not _is(first.entry, BURNS):
        return
    for d in coding.secondary:
        if d.code[0] == "T" and _is(d.entry, BURNS) and _degree(d) > _degree(first):
            message = f"{named(first)} leads, and the burn of higher degree, {named(d)}, comes first."
            yield Draft(message, (first.code, d.code), (first.assignment.id, d.assignment.id))


def _degree(d: Diagnosis) -> int:
    return int(d.entry.bare[3]) % DEGREES


def _extent_first(coding: Coding) -> Iterator[Draft]:
    first = coding.first
    if not first or first.code[0] != "T" or not _is(first.entry, EXTENTS):
        return
    if burns := [d.code for d in coding.secondary if _is(d.entry, BURNS)]:
        yield _about(first, f"{named(first)} leads, and a burn of a known site, {min(burns)}, comes first.")


def _about(d: Diagnosis, message: str) -> Draft:
    return Draft(message, (d.code,), (d.assignment.id,))


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:I.B.10/sequela-first": _sequela_first,
    "ICD10CM:I.C.19.d/extent-first": _extent_first,
    "ICD10CM:I.C.19.d/lower-degree-first": _lower_degree_first,
    "ICD10CM:I.C.19.e/poisoning-later": _poisoning_later,
    "ICD10CM:I.C.20.a/episodes-disagree": _disagreeing,
    "ICD10CM:I.C.20/told-later": _told_later,
    "ICD10CM:I.C.20/not-stated": _not_stated,
}
