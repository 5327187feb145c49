"""From facts to assignments: admit, navigate, apply the guidelines, verify, sequence, explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from leadterm.codesets import CodeBook
from leadterm.domain import (
    Assertion,
    Assignment,
    Code,
    CodeSystem,
    Encounter,
    Evidence,
    Fact,
    Finding,
    Passage,
    PathwayStep,
    Query,
    Role,
    Severity,
    Step,
)

from . import procedures, visits
from ._tables import prefixed
from .admission import admit, telling
from .chart import Candidate, Chart, Opening
from .concepts import concepts
from .confidence import confidence
from .guidelines import apply_all, merged
from .guidelines import open_fact as open_by_guideline
from .leads import Lead
from .navigating import looked_up, navigate, open_fact
from .patterns import compiled
from .poa import carried, present_on_admission
from .policy import Policy
from .querying import queries
from .recorded import NONE, Leads
from .rules import reason
from .sequence import roles, sequenced
from .services import lines

EVERYTHING = Policy()
PLACES = {"conclusion": 0, "reason": 2, "background": 3, "story": 4}
# The provider's list of diagnoses goes before the account of how they were treated.
ACCOUNTS = ("hospital-course", "plan")
UNTITLED = ("unknown", "other")
MOST_EVIDENCE = 6
BOTH = "ICD10CM:I.B.13/both"
_SIDE = compiled(r"\b(?:right|left)\b")


def assign(
    encounter: Encounter,
    facts: tuple[Fact, ...],
    book: CodeBook,
    on: date,
    sections: frozenset[str] = frozenset(),
    policy: Policy = EVERYTHING,
    passages: tuple[Passage, ...] = (),
    recorded: Leads = NONE,
) -> tuple[tuple[Assignment, ...], tuple[Finding, ...], tuple[Query, ...]]:
    """The diagnosis codes of an encounter, its procedures and lines, what to know about them, and what to ask.

    `recorded`: what the words of codes that the record bears stand for, beside the facts.

    Every diagnosis code is billable and in force on `on`, has evidence and a pathway.
    """
    facts = (*facts, *recorded.facts)
    chart = Chart(encounter, facts, book, on, sections | {f.section for f in facts}, passages)
    leads = admit(chart, _openings(chart, recorded.openings or {}))
    found = merged([c for lead in leads for c in _candidates(chart, lead)])
    final = [c for c in apply_all(chart, found) if _verified(chart, c)]
    ordered = sequenced(chart, policy.kept(final))
    placed = enumerate(zip(ordered, roles(chart, ordered), strict=True), 1)
    diagnoses = carried([_assignment(chart, c, role, n) for n, (c, role) in placed])
    done, told, asked = lines.assign(chart, diagnoses)
    numbered = enumerate((*queries(chart, diagnoses), *asked), 1)
    return (
        (*diagnoses, *done),
        (*_uncertain(chart), *policy.told(final), *told),
        tuple(replace(query, id=f"q{n}") for n, query in numbered),
    )


def assign_concepts(
    encounter: Encounter, facts: tuple[Fact, ...], book: CodeBook, on: date, passages: tuple[Passage, ...] = ()
) -> tuple[Assignment, ...]:
    """Every mention as the code that it names, for evaluation only (see `concepts`)."""
    chart = Chart(encounter, facts, book, on, passages=passages)
    return (*concepts(chart), *procedures.concepts(chart))


def worksheets(
    encounter: Encounter,
    facts: tuple[Fact, ...],
    book: CodeBook,
    on: date,
    sections: frozenset[str] = frozenset(),
    passages: tuple[Passage, ...] = (),
) -> tuple[visits.Worksheet, ...]:
    """The worksheet of each visit of an encounter whose level goes by decision making or time."""
    return visits.worksheets(Chart(encounter, facts, book, on, sections | {f.section for f in facts}, passages))


def _openings(chart: Chart, given: Mapping[str, Opening]) -> dict[str, Opening]:
    """Where each fact opens, by its id: a chapter's own way first, then dictionary and Index; some open nowhere.

    `given`: those that the record itself opens.
    """
    opened = ((f, given.get(f.id) or open_by_guideline(chart, f) or open_fact(chart, f)) for f in telling(chart))
    return {f.id: looked_up(chart, f, opening) for f, opening in opened if opening is not None and opening.node}


def _candidates(chart: Chart, lead: Lead) -> Iterator[Candidate]:
    """The code of a lead, and after it the manifestations that the Index prints in brackets with it (I.A.13)."""
    found = _both_sides(chart, lead) or [c for c in (_candidate(chart, lead),) if c is not None]
    yield from found
    if not found:
        return
    for node in lead.opening.manifestations if lead.opening else ():
        if arrival := navigate(chart, lead.fact, node):
            steps = (*lead.steps, *arrival.steps)
            yield Candidate(arrival.code, (lead.fact,), steps, (), (*found[0].rank, 1), found[0].confidence)


def _both_sides(chart: Chart, lead: Lead) -> list[Candidate]:
    """A code for each side of what is bilateral where the category has none for both (I.B.13); empty where it has."""
    if lead.fact.attributes.get("laterality") != "bilateral" or (lead.opening is not None and lead.opening.settled):
        return []
    whole = _candidate(chart, lead)
    if whole is not None and not _unsided(chart, whole.code):
        return []
    sides = [
        replace(lead, fact=replace(lead.fact, attributes={**lead.fact.attributes, "laterality": side}))
        for side in ("right", "left")
    ]
    found = [c for side in sides if (c := _candidate(chart, side)) is not None and _sided(chart, c.code)]
    if len({c.code for c in found}) < 2:
        return []
    return [replace(c, facts=(lead.fact,)).stepped(reason(BOTH), BOTH) for c in found]


def _unsided(chart: Chart, code: str) -> bool:
    """Whether a title leaves the side open where its category tells sides apart."""
    node = chart.book.node(code)
    title = node.title.lower() if node else ""
    return "unspecified" in title and "bilateral" not in title


def _sided(chart: Chart, code: str) -> bool:
    node = chart.book.node(code)
    return node is not None and bool(_SIDE.search(node.title.lower()))


def _candidate(chart: Chart, lead: Lead) -> Candidate | None:
    settled = lead.opening is not None and lead.opening.settled
    arrival = navigate(chart, lead.fact, lead.node, settled=settled)
    if arrival is None:
        return None
    source = lead.steps[0].step
    place = PLACES.get(lead.use, 9) + _in_account(chart, lead.fact)
    rank = (place, _document(chart, lead.fact), lead.fact.mention.span.start)
    return Candidate(
        arrival.code,
        (lead.fact,),
        (*lead.steps, *arrival.steps),
        arrival.alternatives,
        rank,
        confidence(lead, arrival, source),
    )


def _in_account(chart: Chart, fact: Fact) -> bool:
    """Whether a fact stands in an account and the chart has, or may have, a list that goes before it."""
    untitled = fact.section in UNTITLED and chart.stay and "discharge-diagnosis" in chart.sections
    return fact.section in ACCOUNTS or untitled


def _document(chart: Chart, fact: Fact) -> int:
    ids = [d.id for d in chart.encounter.documents]
    return ids.index(fact.mention.document)


def _verified(chart: Chart, c: Candidate) -> bool:
    """Whether the code may stand on a claim of that day: billable and in force."""
    return chart.book.is_billable(c.code) and chart.book.valid_on(Code(CodeSystem.ICD10CM, c.code), chart.on)


def _assignment(chart: Chart, c: Candidate, role: Role, sequence: int) -> Assignment:
    node = chart.book.node(c.code)
    title = node.title if node else None
    facts = sorted(c.facts, key=lambda f: (PLACES.get(_use(f), 9), f.mention.span))
    return Assignment(
        f"a{sequence}",
        Code(CodeSystem.ICD10CM, c.code),
        title,
        role,
        sequence,
        c.confidence,
        _evidence(facts),
        (*c.pathway, PathwayStep(Step.TABULAR, f"{c.code} {title}: billable and in force on {chart.on.isoformat()}")),
        tuple(a for a in c.alternatives if a.code != c.code),
        present_on_admission(chart, c, role),
        facts=tuple(f.id for f in facts),
    )


def _use(fact: Fact) -> str:
    return prefixed("policy", "use").get(fact.section, "background")


def _evidence(facts: Sequence[Fact]) -> tuple[Evidence, ...]:
    spans = {(e.document, e.span): e for f in facts if not _is_told_before(f, facts) for e in f.evidence}
    return tuple(spans.values())[:MOST_EVIDENCE]


def _is_told_before(fact: Fact, facts: Iterable[Fact]) -> bool:
    """Whether a fact is copied from a document whose own words are among the facts: a copy is no second support."""
    origin = fact.copied_from
    if origin is None or origin.document == fact.mention.document:
        return False
    first, last = origin.span.start, origin.span.end
    places = (f.mention for f in facts if f.mention.document == origin.document)
    return any(first <= place.span.start and place.span.end <= last for place in places)


def _uncertain(chart: Chart) -> tuple[Finding, ...]:
    """What was left uncoded because the provider is not sure, outside an inpatient hospital stay (IV.H)."""
    if chart.encounter.codes_uncertain:
        return ()
    left = [f for f in chart.facts if f.assertion is Assertion.UNCERTAIN and f.targets and _use(f) == "conclusion"]
    rule = "ICD10CM:IV.H/uncertain"
    unique = {f.targets[0]: f for f in left}
    return tuple(
        Finding(
            f"u{n}",
            rule,
            Severity.INFO,
            f"A diagnosis documented as uncertain is not coded ({target}).",
            "Code the sign, symptom or reason for the visit; code the diagnosis once it is established.",
            (target,),
            source=reason(rule),
            evidence=(f.mention, *f.cues),
        )
        for n, (target, f) in enumerate(unique.items(), 1)
    )
