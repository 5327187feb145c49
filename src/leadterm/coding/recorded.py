"""Codes that the record bears, as leads (ICD-10-CM guidelines I.A.19: a code rests on what the provider states).

A lead counts where the record asserts it active as a diagnosis of the visit, where it refers to words of a standing
document, where a map leads from it to one code, and where those words say nothing else. Its words then become a fact,
which goes the way of every fact: through the use of its section and the guidelines. A problem list alone never codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from leadterm.codesets import CodeBook
from leadterm.codesets.crosswalks.leading import Way, leads_to
from leadterm.codesets.crosswalks.snomed_map import Patient
from leadterm.domain import (
    Assertion,
    Assignment,
    Encounter,
    Evidence,
    Fact,
    FactKind,
    LeadUse,
    Passage,
    PathwayStep,
    RecordedCode,
    RecordedKind,
    RecordLead,
    Sex,
    Span,
    Status,
    Step,
    kind_of_target,
)

from .chart import Opening
from .patterns import compiled

ACTIVE = "active"
KINDS = (RecordedKind.DIAGNOSIS, RecordedKind.PROBLEM, None)
# Diagnoses of the admission and of the work-up are none of those that the visit ends with.
ROLES = (None, "final")
SAYING = (FactKind.CONDITION, FactKind.FINDING, FactKind.STATUS, FactKind.CIRCUMSTANCE)
UNKNOWN_SECTION = "unknown"
MOST = 1_000
# Words of the sentence that take back, doubt, or put to another time or person what its words name.
_OTHERWISE = compiled(
    r"\b(?:no|not|den(?:y|ies|ied)|without|never|negative|r/o|rule[ds]? out|possibl[ey]|probabl[ey]|suspect(?:ed)?"
    r"|likely|question(?:able)?|versus|vs|resolved|history|h/o|hx|family|mother|father|prior|previous(?:ly)?|remote"
    r"|risk|screen(?:ing)?)\b"
)

WHY = {
    "problem": "A problem list tells no diagnosis of the visit; it is coded where the visit's documentation names it.",
    "unsaid": "The record does not say of what it is, or that it is a diagnosis of the visit.",
    "status": "The record does not assert it as active.",
    "role": "It is a diagnosis of the admission or of the work-up, not one that the visit ended with.",
    "words": "It refers to no words of a standing document, and a code rests on what the provider states.",
    "no-map": "No installed map leads from it to ICD-10-CM: `leadterm codes install` takes the map that you have.",
    "otherwise": "The words that it refers to say something else of it.",
    "known": "Its words are coded by what they say.",
    "section": "What stands where its words stand is not coded by itself.",
    "coded": "The record asserts it as a diagnosis of the visit, and its words name it.",
    "agrees": "The words of the documents support the same code.",
}


@dataclass(frozen=True, slots=True)
class Leads:
    """The leads of a record before coding.

    Attributes:
        facts: The words of those that may count, as facts.
        openings: Where each of these facts opens, by its id.
        seen: Every lead with its way, why it does not count (a key of `WHY`, empty where it may), and its fact.
    """

    facts: tuple[Fact, ...] = ()
    openings: Mapping[str, Opening] | None = None
    seen: tuple[tuple[RecordedCode, Way | None, str, str | None], ...] = ()

    def told(self, assignments: Iterable[Assignment]) -> tuple[RecordLead, ...]:
        """What became of them."""
        standing = [a for a in assignments if a.status is not Status.REJECTED]
        codes, facts = {a.code.value for a in standing}, {id_ for a in standing for id_ in a.facts}
        return tuple(_told(*each, codes, facts) for each in self.seen)


NONE = Leads()


def recorded_leads(
    encounter: Encounter, facts: tuple[Fact, ...], book: CodeBook, on: date, passages: tuple[Passage, ...]
) -> Leads:
    """The leads of an encounter, with the facts that the words of some of them are."""
    wanted = [code for code in encounter.codes if code.kind in KINDS][:MOST]
    if not wanted:
        return NONE
    standing = {d.id: d.text for d in encounter.standing}
    patient = _patient(encounter)
    by_document = _by_document(facts)
    made: dict[str, Fact] = {}
    openings: dict[str, Opening] = {}
    words: dict[tuple[str, Span], str] = {}
    seen = []
    for code in dict.fromkeys(wanted):
        way = leads_to(book, code.system, code.code, on, patient)
        why = _why_not(code, way, standing, by_document)
        id_ = None
        if not why and way and code.evidence:
            place = (code.evidence.document, code.evidence.span)
            fact = _fact(f"r{len(words) + 1}", code.evidence, way.targets[0], passages)
            if _is_doubted(fact, standing[code.evidence.document]):
                why = "otherwise"
            elif place in words:
                id_ = words[place]
            else:
                id_ = words[place] = fact.id
                made[id_], openings[id_] = fact, _opening(code, way)
        seen.append((code, way, why, id_))
    return Leads(tuple(made.values()), openings, tuple(seen))


def _why_not(code: RecordedCode, way: Way | None, standing: Mapping[str, str], facts: Mapping[str, list[Fact]]) -> str:
    """Why a lead does not count, as a key of `WHY` or what the map leaves open; empty where it may."""
    if code.kind is RecordedKind.PROBLEM:
        return "problem"
    if code.kind is None:
        return "unsaid"
    if code.status != ACTIVE:
        return "status"
    if code.role not in ROLES:
        return "role"
    if not code.evidence or code.evidence.span.of(standing.get(code.evidence.document, "")) != code.evidence.text:
        return "words"
    if way is None:
        return "no-map"
    if not way.certain:
        return f"The map leaves it open ({way.open})."
    return _said(code.evidence, facts.get(code.evidence.document, []))


def _said(words: Evidence, facts: Iterable[Fact]) -> str:
    """What the documents say with these words: something else, what is known already, or nothing that is known."""
    within = [f for f in facts if f.kind in SAYING and f.mention.span.overlaps(words.span)]
    if any(f.assertion is not Assertion.PRESENT for f in within):
        return "otherwise"
    return "known" if any(f.targets for f in within) else ""


def _is_doubted(fact: Fact, text: str) -> bool:
    """Whether its sentence says anything that might take it back: what no dictionary knows, no cue is bound to."""
    around = fact.segment or fact.mention.span
    return bool(_OTHERWISE.search(text[around.start : max(around.end, fact.mention.span.end)].lower()))


def _by_document(facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.mention.document, []).append(fact)
    return found


def _fact(id_: str, words: Evidence, target: str, passages: Iterable[Passage]) -> Fact:
    """The words of a lead as a fact of the section that they stand in."""
    around = _passage(words, passages)
    return Fact(
        id_,
        " ".join(words.text.split()).lower(),
        kind_of_target(target),
        Assertion.PRESENT,
        section=around.kind if around else UNKNOWN_SECTION,
        evidence=(words,),
        targets=(target,),
        segment=_segment(words, around),
    )


def _passage(words: Evidence, passages: Iterable[Passage]) -> Passage | None:
    return next((p for p in passages if p.document == words.document and p.start <= words.span.start < p.end), None)


def _segment(words: Evidence, around: Passage | None) -> Span | None:
    spans: Iterator[tuple[int, int]] = iter(around.segments if around else ())
    return next((Span(s, e) for s, e in spans if s <= words.span.start < e), None)


def _opening(code: RecordedCode, way: Way) -> Opening:
    named = f"{code.system or 'a code of the record'} {code.code}"
    step = PathwayStep(Step.MAP, f"the record codes these words {named}: {way.targets[0]} by {way.origin}")
    return Opening(way.targets[0], (step,), settled=True)


def _patient(encounter: Encounter) -> Patient:
    """What the rules of a map may ask: not the age, since they mean the age at onset, which no encounter tells."""
    sex = encounter.patient.sex
    return Patient(sex=None if sex is Sex.UNKNOWN else sex.value)


def _told(
    code: RecordedCode, way: Way | None, why: str, fact: str | None, codes: set[str], facts: set[str]
) -> RecordLead:
    targets, origin = (way.targets, way.origin) if way else ((), None)
    if fact in facts and codes.intersection(targets):
        use, reason = LeadUse.CODED, "coded"
    elif codes.intersection(targets):
        use, reason = LeadUse.AGREES, "agrees"
    else:
        use, reason = LeadUse.OPEN, why or "section"
    return RecordLead(code, targets, origin, use, WHY.get(reason, reason))
