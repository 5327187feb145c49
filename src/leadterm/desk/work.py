"""The state of a chart at the desk: what is coded so far, what was permitted, which queries were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from leadterm.domain import (
    DIAGNOSIS_ROLES,
    Assignment,
    Charge,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Finding,
    InputError,
    Override,
    Role,
    Severity,
    Status,
)

from .actions import ENTERED, Method, QueryState

# The families of a claim, in its order; a code is moved within its own.
DIAGNOSES, OTHERS, PROCEDURES, CHARGES = range(4)
PROCEDURE_ROLES = frozenset({Role.PRINCIPAL_PROCEDURE, Role.PROCEDURE})
CHARGE_SYSTEMS = frozenset({CodeSystem.CPT, CodeSystem.HCPCS})
EXTERNAL_CAUSE = frozenset("VWXY")
Permission = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class WrittenQuery:
    """A query to the provider as the coder left it."""

    state: QueryState
    text: str


@dataclass(frozen=True, slots=True)
class Work:
    """A chart at the desk after some actions.

    Attributes:
        coded: The codes in claim order, rejected ones behind those that stand; findings are those of the engine.
        permits: What was permitted, by rule and codes.
        queries: What became of the engine's queries, by id.
        ordered: Whether a person chose the order, which a coding anew then keeps.
        marked: Ids of the assignments whose POA or line a person wrote, which a coding anew keeps too.
        finished: When it was finished; None while it is worked on.
        said: What the last action did, in one sentence for the coder.
    """

    coded: CodedEncounter
    permits: tuple[tuple[Permission, Override], ...] = ()
    queries: tuple[tuple[str, WrittenQuery], ...] = ()
    ordered: bool = False
    marked: frozenset[str] = frozenset()
    finished: datetime | None = None
    said: str = ""

    @property
    def encounter(self) -> Encounter:
        """What is coded."""
        return self.coded.encounter

    @property
    def undecided(self) -> tuple[Assignment, ...]:
        """The suggestions that nobody has accepted or rejected."""
        return tuple(a for a in self.coded.assignments if a.status is Status.SUGGESTED)

    def assignment(self, assignment_id: str) -> Assignment:
        """The assignment of that id. Raises InputError where there is none."""
        for assignment in self.coded.assignments:
            if assignment.id == assignment_id:
                return assignment
        raise InputError("That code is no longer on this chart; the page shows what is.")

    def query(self, query_id: str) -> WrittenQuery | None:
        """What became of a query; None where nobody touched it."""
        return dict(self.queries).get(query_id)


def begin(coded: CodedEncounter) -> Work:
    """The work at its beginning: what the engine suggests, and the charges of the record where it coded none."""
    lined = any(a.role is Role.CHARGE for a in coded.assignments)
    charges = () if lined else tuple(_recorded(c, n) for n, c in enumerate(coded.encounter.charges, 1))
    whole = (*coded.assignments, *(c for c in charges if c is not None))
    return arranged(Work(replace(coded, assignments=whole)), whole)


def _recorded(charge: Charge, number: int) -> Assignment | None:
    """A charge of the record as an assignment; None for a line with a revenue code alone, which stays in the record."""
    if charge.code is None:
        return None
    return Assignment(
        id=f"c{number}",
        code=charge.code,
        description=None,
        role=Role.CHARGE,
        sequence=number,
        confidence=1.0,
        status=Status.ADDED,
        decision=None,
        units=charge.units,
        modifiers=charge.modifiers,
        pointers=charge.pointers,
        service_date=charge.date,
        provider=charge.provider,
        revenue_code=charge.revenue_code,
        charge=charge.charge,
        ndc=charge.ndc,
    )


def family(assignment: Assignment) -> int:
    """Which part of the claim an assignment belongs to."""
    if assignment.role in DIAGNOSIS_ROLES:
        return DIAGNOSES
    if assignment.role in PROCEDURE_ROLES:
        return PROCEDURES
    return CHARGES if assignment.role is Role.CHARGE else OTHERS


def role_of(code: Code) -> Role:
    """The role that a code comes with; which diagnosis leads follows from the order."""
    if code.system in CHARGE_SYSTEMS:
        return Role.CHARGE
    if code.system is CodeSystem.ICD10PCS:
        return Role.PROCEDURE
    return Role.EXTERNAL_CAUSE if is_external_cause(code) else Role.SECONDARY


def is_external_cause(code: Code) -> bool:
    """Whether the code tells how something happened (chapter 20), which is never first."""
    return code.system is CodeSystem.ICD10CM and code.value[0] in EXTERNAL_CAUSE


def pointing(work: Work) -> dict[str, tuple[str, ...]]:
    """Which diagnoses each line points to, all by id: pointers themselves are places, which change."""
    at = {a.sequence: a.id for a in work.coded.assignments if family(a) == DIAGNOSES}
    return {a.id: tuple(at[p] for p in a.pointers if p in at) for a in work.coded.assignments if a.pointers}


def arranged(
    work: Work, assignments: Iterable[Assignment], points: Mapping[str, tuple[str, ...]] | None = None
) -> Work:
    """`work` with these assignments, each family in the order given, its roles by place, its pointers following.

    The first diagnosis that stands and may lead is the principal or first-listed one; the first procedure that stands
    is the principal procedure. Rejected codes go behind those that stand. `points` says which diagnoses each line
    points to; else they point where they did.
    """
    ordered = sorted(assignments, key=lambda a: (family(a), a.status is Status.REJECTED))
    leading = Role.PRINCIPAL if work.encounter.uses_section_two else Role.FIRST_LISTED
    placed: list[Assignment] = []
    led: set[int] = set()
    count = dict.fromkeys(range(4), 0)
    for assignment in ordered:
        part = family(assignment)
        count[part] += 1
        leads = part not in led and _may_lead(assignment)
        role = _role(assignment, part, leading if leads else None)
        led.update({part} if leads else ())
        placed.append(_placed(assignment, role, count[part]))
    pointed = _pointed(placed, pointing(work) if points is None else points)
    return replace(work, coded=replace(work.coded, assignments=pointed))


def _placed(assignment: Assignment, role: Role, sequence: int) -> Assignment:
    """The assignment in its place; itself where it stood there, so that the works of a chart share what is the same."""
    if (assignment.role, assignment.sequence) == (role, sequence):
        return assignment
    return replace(assignment, role=role, sequence=sequence)


def _may_lead(assignment: Assignment) -> bool:
    return assignment.status is not Status.REJECTED and not is_external_cause(assignment.code)


def _role(assignment: Assignment, part: int, leading: Role | None) -> Role:
    if part == DIAGNOSES:
        return leading or role_of(assignment.code)
    if part == PROCEDURES:
        return Role.PRINCIPAL_PROCEDURE if leading else Role.PROCEDURE
    return assignment.role


def _pointed(placed: Iterable[Assignment], points: Mapping[str, tuple[str, ...]]) -> tuple[Assignment, ...]:
    """The assignments, each pointing to the places of its diagnoses; one that stands no more is not pointed to."""
    placed = tuple(placed)
    place = {a.id: a.sequence for a in placed if family(a) == DIAGNOSES and a.status is not Status.REJECTED}
    return tuple(_turned(a, tuple(place[i] for i in points.get(a.id, ()) if i in place)) for a in placed)


def _turned(assignment: Assignment, pointers: tuple[int, ...]) -> Assignment:
    return assignment if assignment.pointers == pointers else replace(assignment, pointers=pointers)


def is_entered(assignment: Assignment) -> bool:
    """Whether a person entered the code, rather than the engine or the record."""
    return assignment.decision is not None and assignment.decision.method in ENTERED


def origin(assignment: Assignment) -> Method:
    """How the code came onto the chart, whatever was decided about it since."""
    if assignment.decision is not None and is_entered(assignment):
        return Method(assignment.decision.method)
    return Method.SUGGESTION if assignment.pathway else Method.RECORD


def permitted(work: Work) -> CodedEncounter:
    """The codes, with every permission as a finding that a check of the same rule and codes takes its override from."""
    permits = dict(work.permits)
    found = [replace(f, override=permits.get(_about(f), f.override)) for f in work.coded.findings]
    known = {_about(f) for f in found}
    more = (_permission(*key, override) for key, override in work.permits if key not in known)
    return replace(work.coded, findings=(*found, *more))


def _about(finding: Finding) -> Permission:
    return finding.rule, frozenset(finding.codes)


def _permission(rule: str, codes: frozenset[str], override: Override) -> Finding:
    return Finding("permit", rule, Severity.INFO, "Permitted.", codes=tuple(sorted(codes)), override=override)
