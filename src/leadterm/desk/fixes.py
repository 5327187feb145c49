"""What a finding offers to do about it: actions that are done at once, and codes to choose another one for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from leadterm.domain import Assignment, Finding, Status

from . import actions as act
from .work import Work, family


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to settle a finding.

    Attributes:
        label: What the button says.
        action: What is done; None where the coder chooses a code or describes the encounter first.
        replace: The assignment for which another code is chosen.
        query: What the search for it begins with.
        encounter: Whether the encounter is to be described otherwise.
    """

    label: str
    action: act.Action | None = None
    replace: str | None = None
    query: str = ""
    encounter: bool = False


def offers(finding: Finding, work: Work) -> tuple[Offer, ...]:
    """What can be done about a finding; nothing where only the record can settle it."""
    about = [a for a in work.coded.assignments if a.id in finding.assignments and a.status is not Status.REJECTED]
    makers = FIXES.get(finding.rule, ())
    return tuple(offer for maker in makers for offer in maker(about, work))


Maker = Callable[[list[Assignment], Work], Iterator[Offer]]


def _another(about: list[Assignment], _: Work) -> Iterator[Offer]:
    for assignment in about:
        yield Offer(f"Choose another code for {assignment.code}", replace=assignment.id, query=assignment.code.value)


def _without_later(about: list[Assignment], _: Work) -> Iterator[Offer]:
    for assignment in about[1:]:
        reject = act.Reject(assignment.id, act.RejectReason.DUPLICATE)
        yield Offer(f"Take the second {assignment.code} away", reject)


def _without_one(about: list[Assignment], _: Work) -> Iterator[Offer]:
    for assignment in about:
        yield Offer(f"Reject {assignment.code}", act.Reject(assignment.id, act.RejectReason.UNSUPPORTED))


def _down(about: list[Assignment], work: Work) -> Iterator[Offer]:
    for assignment in about:
        standing = _standing(assignment, work)
        if assignment.sequence < len(standing):
            yield Offer(f"Move {assignment.code} down", act.Move(assignment.id, assignment.sequence + 1))


def _before(about: list[Assignment], work: Work) -> Iterator[Offer]:
    """The later ones of the codes to the place of the earliest."""
    if len(about) < 2:
        yield from _down(about, work)
        return
    first = min(a.sequence for a in about)
    for assignment in about:
        if assignment.sequence != first:
            yield Offer(f"Put {assignment.code} first of them", act.Move(assignment.id, first))


def _encounter(_about: list[Assignment], _work: Work) -> Iterator[Offer]:
    yield Offer("Look at the encounter", encounter=True)


def _standing(assignment: Assignment, work: Work) -> list[Assignment]:
    part = family(assignment)
    return [a for a in work.coded.assignments if family(a) == part and a.status is not Status.REJECTED]


FIXES: Mapping[str, tuple[Maker, ...]] = {
    "LEADTERM:documentation/denied": (_without_one,),
    "LEADTERM:documentation/of-family": (_without_one,),
    "LEADTERM:documentation/withdrawn": (_without_one,),
    "LEADTERM:documentation/historical": (_another,),
    "ICD10CM:tabular/unknown-code": (_another,),
    "ICD10CM:I.B.2/not-billable": (_another,),
    "ICD10CM:I.A.5/seventh-character": (_another,),
    "ICD10CM:I.B.13/both-sides": (_another, _without_one),
    "ICD10CM:I.B.13/side-beside-both": (_without_one,),
    "ICD10CM:I.B.13/side-documented": (_another,),
    "ICD10CM:I.B.2/less-specific": (_without_one,),
    "ICD10CM:release/not-in-force": (_another, _encounter),
    "ICD10PCS:release/not-in-force": (_another, _encounter),
    "HIPAA:162.1002/diagnosis-code-set": (_another,),
    "ICD10CM:I.B.12/duplicate": (_without_later,),
    "ICD10CM:tabular/excludes1": (_without_one,),
    "ICD10CM:I.A.12.a/excludes1-unrelated": (_without_one,),
    "ICD10CM:I.C.9.a/combined": (_without_one,),
    "ICD10CM:tabular/with-and-without": (_without_one,),
    "ICD10CM:I.A.9.b/unspecified-beside": (_without_one,),
    "ICD10CM:I.B.10/sequela-first": (_down,),
    "ICD10CM:I.C.19.d/extent-first": (_down,),
    "ICD10CM:I.C.19.d/lower-degree-first": (_before,),
    "ICD10CM:I.C.19.e/poisoning-later": (_before,),
    "ICD10CM:I.C.15.a/chapter-later": (_down,),
    "ICD10CM:I.C.20.a.6/external-cause-first": (_down,),
    "ICD10CM:I.A.13/manifestation-first": (_down,),
    "ICD10CM:I.B.14/secondary-only": (_down, _another),
    "MCE:unacceptable-pdx": (_down, _another),
    "ICD10CM:I.A.13/code-first-listed": (_before,),
    "ICD10CM:I.A.13/code-first": (_before,),
    "ICD10CM:I.A.13/code-first-named": (_before,),
    "ICD10CM:I.C.21.c.16/first-only": (_before, _another),
    "LEADTERM:patient/age-conflict": (_encounter, _another),
    "LEADTERM:patient/sex-conflict": (_encounter, _another),
    "MCE:invalid-code": (_another,),
    "MCE:duplicate-of-pdx": (_without_later,),
    "MCE:e-code-as-pdx": (_down,),
    "MCE:manifestation-as-pdx": (_down,),
    "MCE:requires-sdx": (_another,),
    "MCE:age-conflict": (_encounter, _another),
    "MCE:sex-conflict": (_encounter, _another),
    "MCE:unspecified": (_another,),
    "MCE:invalid-age": (_encounter,),
    "MCE:invalid-discharge-status": (_encounter,),
}
