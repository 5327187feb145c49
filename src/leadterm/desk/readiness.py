"""Why a coding cannot be finished yet: every reason, each with what it is about, so that the coder can go there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leadterm.domain import CodedEncounter, CodeSystem, Finding, Status

from .work import DIAGNOSES, Work, family

# Chapters 20 and 21 are exempt but for a few codes; without the official list nobody can tell which (Appendix I).
MOSTLY_EXEMPT = frozenset("VWXYZ")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason, in a sentence, and the assignments or the finding that it is about."""

    sentence: str
    assignments: tuple[str, ...] = ()
    finding: str | None = None


def obstacles(work: Work, findings: Iterable[Finding]) -> tuple[Obstacle, ...]:
    """What stands between this coding and its end; nothing when it may be finished."""
    return (*_undecided(work), *_empty(work), *_without_poa(work.coded), *_standing(findings))


def _undecided(work: Work) -> Iterator[Obstacle]:
    open_ids = tuple(a.id for a in work.undecided)
    if len(open_ids) == 1:
        yield Obstacle("1 suggestion is neither accepted nor rejected.", open_ids)
    elif open_ids:
        yield Obstacle(f"{len(open_ids)} suggestions are neither accepted nor rejected.", open_ids)


def _empty(work: Work) -> Iterator[Obstacle]:
    standing = [a for a in work.coded.assignments if a.status is not Status.REJECTED and family(a) == DIAGNOSES]
    if not standing:
        yield Obstacle("No diagnosis stands on this chart.")


def _without_poa(coded: CodedEncounter) -> Iterator[Obstacle]:
    if not coded.encounter.codes_uncertain:  # the indicator belongs to stays in hospitals (Appendix I)
        return
    diagnoses = (a for a in coded.diagnoses if a.code.system is CodeSystem.ICD10CM)
    for assignment in diagnoses:
        if assignment.poa is None and assignment.code.value[0] not in MOSTLY_EXEMPT:
            yield Obstacle(f"{assignment.code} lacks its present-on-admission indicator.", (assignment.id,))


def _standing(findings: Iterable[Finding]) -> Iterator[Obstacle]:
    for finding in findings:
        if finding.stands:
            yield Obstacle(finding.message, finding.assignments, finding.id)
