"""Laterality (guideline I.B.13): both sides where one code holds both, and a side that the record names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from leadterm.codesets.axes import find_axes
from leadterm.domain import Assignment, Code, CodeSystem
from leadterm.edits._coding import Coding, Diagnosis, in_force, named
from leadterm.edits._findings import Check, Draft

from ._sides import BOTH, INJURIES, LEFT, RIGHT, UNSPECIFIED, Family, family_of, side_of

LATERALITY = "laterality"
SIDES = frozenset({RIGHT, LEFT, BOTH})


def _sided(coding: Coding) -> tuple[tuple[Family, Mapping[str, Diagnosis]], ...]:
    """Families of codes that differ by side alone, of which an encounter has several: by side, those that it has."""
    several = defaultdict(list)
    for d in coding.diagnoses:
        if d.code[0] not in INJURIES and side_of(d.entry):
            several[d.code[:3]].append(d)
    found: dict[tuple[str, ...], tuple[Family, dict[str, Diagnosis]]] = {}
    for d in (d for ds in several.values() if len(ds) > 1 for d in ds):
        family = family_of(coding.book.tree_for(coding.on), d.entry)
        if family:
            found.setdefault(tuple(family.values()), (family, {}))[1][side_of(d.entry) or ""] = d
    return tuple((family, held) for family, held in found.values() if len(held) > 1)


def _both_sides(coding: Coding) -> Iterator[Draft]:
    for family, held in coding.once(_sided):
        both = family.get(BOTH)
        if both and {RIGHT, LEFT} <= set(held) and BOTH not in held and _holds(coding, both):
            message = f"{named(held[RIGHT])} and {named(held[LEFT])} stand side by side, and {both} is for both sides."
            yield _draft(message, (held[RIGHT], held[LEFT]), f"Use {both} instead of the two.")


def _holds(coding: Coding, code: str) -> bool:
    on: date | None = coding.on
    return on is None or in_force(coding.book, Code(CodeSystem.ICD10CM, code), on)


def _one_beside_both(coding: Coding) -> Iterator[Draft]:
    for _, held in coding.once(_sided):
        for side in (RIGHT, LEFT):
            if BOTH in held and side in held:
                message = f"{named(held[BOTH])} holds both sides, and {named(held[side])} stands beside it."
                yield _draft(message, (held[BOTH], held[side]), f"Leave {held[side].code} out.")


def _side_documented(coding: Coding) -> Iterator[Draft]:
    """A code of no side whose own words in the record name one."""
    for d in coding.diagnoses:
        if not (d.assignment.facts or d.assignment.evidence):
            continue
        title = d.entry.node.title.lower() if d.entry.node else ""
        if UNSPECIFIED not in title:
            continue
        sides = _said(coding, d.assignment)
        if len(sides) == 1 and (better := _better(coding, d, sides.pop())):
            message = f"{named(d)} leaves the side open, and the record names it; {better} is the code of that side."
            yield _draft(message, (d,), f"Use {better}.")


def _better(coding: Coding, d: Diagnosis, side: str) -> str | None:
    """The code of that side, where the code is the one of its family that names none."""
    family = family_of(coding.book.tree_for(coding.on), d.entry)
    found = family.get(side) if family.get(UNSPECIFIED) == d.code else None
    return found if found and _holds(coding, found) else None


def _said(coding: Coding, assignment: Assignment) -> set[str]:
    """The sides that the facts under a code and the words that prove it name."""
    facts = (f for f in coding.coded.facts if f.id in assignment.facts)
    told = {f.attributes[LATERALITY] for f in facts if LATERALITY in f.attributes}
    words = (hit.value for e in assignment.evidence for hit in find_axes(e.text.lower()) if hit.axis == LATERALITY)
    return (told | set(words)) & SIDES


def _draft(message: str, several: Iterable[Diagnosis], fix: str) -> Draft:
    several = tuple(several)
    return Draft(message, tuple(d.code for d in several), tuple(d.assignment.id for d in several), fix)


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:I.B.13/both-sides": _both_sides,
    "ICD10CM:I.B.13/side-beside-both": _one_beside_both,
    "ICD10CM:I.B.13/side-documented": _side_documented,
}
