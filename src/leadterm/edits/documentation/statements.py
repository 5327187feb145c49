"""How the record speaks of what is coded, and who: denied, of the family, planned, uncertain, past; nurse, radiologist.

A code is asked about when no fact that it rests on would carry it; one plain statement of a provider settles it.
Statuses, histories and external causes are not asked: there, what is denied or past is often the point. Nor is how the
record speaks asked of a code that the engine made from facts: it has weighed that by the guidelines already. And the
cue must stand beside what it denies or doubts: one in a hundred codes of the keys of our cases has one elsewhere in its
sentence, which speaks of something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.domain import Assertion, Assignment, CodeSystem, Fact, Setting
from leadterm.edits._coding import Coding
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ranges import codes_of
from leadterm.edits._tables import read_table

from ._record import Record, is_disease, record_of

NEAR = 2  # characters between a cue and what it speaks of
SAID_BY_SECTION = {"family-history": (Assertion.FAMILY,)}
# What is over at the end may have been there at the beginning of these.
TREATED_THERE = frozenset({Setting.INPATIENT, Setting.EMERGENCY})
Doubtful = tuple[Assignment, tuple[Fact, ...], Assertion]


def doubtful(coding: Coding) -> tuple[Doubtful, ...]:
    """The codes of which no fact carries them as they are, with those facts and how the first speaks of it."""
    record = coding.once(record_of)
    found: list[Doubtful] = []
    for a in _asked(record) if coding.coded.facts else ():
        facts = () if a.facts else tuple(f for f in record.standing(a) if _of_code(f, a))
        if facts and all(_plainly(f) and not _carries(f, a, coding) for f in facts):
            found.append((a, facts, facts[0].assertion))
    return tuple(found)


def _of_code(fact: Fact, a: Assignment) -> bool:
    """Whether a fact names what the code is about: something of its category, or its history."""
    past = _past(a.code.value)
    return any(t[:3] == a.code.value[:3] or (past is not None and t.startswith(past[0])) for t in fact.targets)


def _plainly(fact: Fact) -> bool:
    """Whether it is beyond doubt that the record speaks so of this: by its section, or by a cue right beside it."""
    if fact.assertion is Assertion.HISTORICAL or fact.assertion in SAID_BY_SECTION.get(fact.section, ()):
        return True
    span, behind = fact.mention.span, fact.assertion is Assertion.RESOLVED
    return any(
        0 <= span.start - c.span.end <= NEAR or (behind and 0 <= c.span.start - span.end <= NEAR)
        for c in fact.cues
        if c.document == fact.mention.document
    )


def _asked(record: Record) -> Iterator[Assignment]:
    return (a for a in record.told if a.code.system is CodeSystem.ICD10CM and is_disease(a.code.value))


def _carries(fact: Fact, a: Assignment, coding: Coding) -> bool:
    match fact.assertion:
        case Assertion.PRESENT:
            return True
        case Assertion.UNCERTAIN:
            return coding.encounter.codes_uncertain
        case Assertion.RESOLVED:
            return coding.encounter.setting in TREATED_THERE
        case Assertion.HISTORICAL:
            return _past(a.code.value) is None
        case _:
            return False


@lru_cache(maxsize=20_000)
def _past(code: str) -> tuple[str, str] | None:
    """The code of its history and the paragraph, of a condition that is over when it is history."""
    bare = code.replace(".", "")
    rows = ((codes_of(codes), row) for codes, *row in read_table("documentation/past.tsv", _PAST))
    return next(((row[0], row[1]) for codes, row in rows if names_one(codes, bare)), None)


_PAST = ("codes", "instead", "paragraph")


def _spoken(coding: Coding, *assertions: Assertion) -> Iterator[tuple[Assignment, tuple[Fact, ...]]]:
    return ((a, facts) for a, facts, how in coding.once(doubtful) if how in assertions)


# What the record says instead of what the code says, by the one assertion that its facts have.
SAID = {
    "LEADTERM:documentation/denied": (Assertion.ABSENT, "The record denies what {} says."),
    "LEADTERM:documentation/of-family": (
        Assertion.FAMILY,
        "The record says of a relative what {} says of the patient.",
    ),
    "LEADTERM:documentation/not-yet": (Assertion.HYPOTHETICAL, "What {} says, the record only supposes."),
    "ICD10CM:IV.H/coded-uncertain": (Assertion.UNCERTAIN, "The record is not sure of what {} says."),
    "ICD10CM:IV.J/resolved": (Assertion.RESOLVED, "The record says that what {} is of is over."),
}


def _said(assertion: Assertion, sentence: str) -> Check[Coding]:
    def check(coding: Coding) -> Iterator[Draft]:
        for a, facts in _spoken(coding, assertion):
            yield _about(a, facts, sentence.format(a.code.value))

    return check


def _historical(coding: Coding) -> Iterator[Draft]:
    for a, facts in _spoken(coding, Assertion.HISTORICAL):
        if past := _past(a.code.value):
            message = f"The record tells what {a.code.value} says as history, which {past[0]} is for."
            yield _about(a, facts, message, f"Official Guidelines {past[1]}")


def _about(a: Assignment, facts: tuple[Fact, ...], message: str, source: str | None = None) -> Draft:
    evidence = tuple(dict.fromkeys(e for f in facts for e in (f.mention, *f.cues)))
    return Draft(message, (a.code.value,), (a.id,), source=source, evidence=evidence)


# --- who says it ---


@cache
def _authors() -> Mapping[str, str]:
    rows = read_table("documentation/authors.tsv", ("who", "may"))
    return {row[0]: row[1] for row in rows}


@cache
def _of_clinicians() -> tuple[Reference, ...]:
    rows = read_table("documentation/clinicians.tsv", ("codes", "about"))
    return tuple(r for codes, _ in rows for r in codes_of(codes))


def may(fact: Fact, record: Record) -> str:
    """What the one who says a fact may document: `provider`, `clinician` or `interpreter`.

    A document that bears neither author nor type is taken for a provider's: a title in its text is no signature.
    """
    document = record.documents[fact.mention.document]
    if document.author_role is None and document.type is None:
        return "provider"
    role = fact.speaker or (document.author_role or "").strip().lower()
    return _authors().get(role, "provider")


def _all_of(coding: Coding, kind: str) -> Iterator[tuple[Assignment, tuple[Fact, ...]]]:
    """The codes whose facts are all said by those who may document that much; what any clinician may say left out."""
    record = coding.once(record_of)
    for a in _asked(record) if coding.coded.facts else ():
        facts = record.standing(a)
        known = facts and all(f.mention.document in record.documents and may(f, record) == kind for f in facts)
        if known and not names_one(_of_clinicians(), a.code.bare):
            yield a, facts


def _clinician(coding: Coding) -> Iterator[Draft]:
    for a, facts in _all_of(coding, "clinician"):
        who = ", ".join(sorted({f.speaker for f in facts if f.speaker})) or "a clinician"
        yield _about(a, facts, f"{a.code.value} rests on what others than the provider wrote ({who}).")


def _interpreter(coding: Coding) -> Iterator[Draft]:
    if not coding.stay:
        return
    for a, facts in _all_of(coding, "interpreter"):
        yield _about(a, facts, f"{a.code.value} rests on the report of an image or a specimen alone.")


CHECKS: Mapping[str, Check[Coding]] = {
    **{rule: _said(*said) for rule, said in SAID.items()},
    "LEADTERM:documentation/historical": _historical,
    "ICD10CM:I.B.14/other-clinician": _clinician,
    "ICD10CM:III.B/report-alone": _interpreter,
}
