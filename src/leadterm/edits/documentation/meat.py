"""MEAT: whether the note monitors, evaluates, assesses or treats a diagnosis that risk adjustment counts.

A diagnosis that stands in a list of problems or of the past, and of which the note does nothing, is not one of this
visit (IV.J). One element is enough. Asked of visits alone, and only where the caller says which codes count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from leadterm.domain import Assertion, Evidence, Fact, FactKind, Setting, Span
from leadterm.edits._coding import Coding, Diagnosis
from leadterm.edits._findings import Check, Draft
from leadterm.edits._tables import read_table

from ._record import Record, record_of

ELEMENTS = ("monitor", "evaluate", "assess", "treat")
# Where a diagnosis is only listed; a problem list with what is done about it says so in its line.
LISTS = frozenset("problem-list past-medical-history past-surgical-history".split())
# Where a provider concludes: to stand there is to be assessed.
ASSESSED = frozenset(
    "assessment plan assessment-plan impression discharge-diagnosis postoperative-diagnosis hospital-course".split()
)
BY_KIND = {FactKind.VALUE: "monitor", FactKind.DRUG: "treat", FactKind.PROCEDURE: "evaluate", FactKind.DEVICE: "treat"}
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Meat:
    """What a note does about a diagnosis.

    Attributes:
        code, assignment: The diagnosis.
        named: Where the note names it.
        elements: `monitor`, `evaluate`, `assess`, `treat` → the words that show it; without those it does not show.
        listed: Whether it is named in lists of problems or of the past alone.
    """

    code: str
    assignment: str
    named: tuple[Evidence, ...]
    elements: Mapping[str, tuple[Evidence, ...]]
    listed: bool


def meat_of(coding: Coding) -> tuple[Meat, ...]:
    """The elements of each diagnosis that risk adjustment counts; none where nobody says which those are."""
    asks = coding.options.risk_adjusted
    counted = asks(coding.on) if asks and coding.on else None
    if not counted or not coding.coded.facts or coding.encounter.setting is Setting.INPATIENT:
        return ()
    record = coding.once(record_of)
    asked = (d for d in coding.diagnoses if d.entry.bare in counted)
    return tuple(found for d in asked if (found := _meat(record, d)) is not None)


def _meat(record: Record, d: Diagnosis) -> Meat | None:
    standing = [f for f in record.standing(d.assignment) if f.mention.document in record.documents]
    if not standing:
        return None
    others = (f for f in record.now if f.targets and f.targets[0][:3] == d.code[:3])
    named = list({f.id: f for f in (*standing, *others)}.values())
    found: dict[str, dict[Evidence, None]] = {element: {} for element in ELEMENTS}
    for element, evidence in _all(record, d, named):
        found[element].setdefault(evidence)
    elements = {element: tuple(some)[:MOST_SHOWN] for element, some in found.items() if some}
    listed = all(f.section in LISTS for f in named)
    return Meat(d.code, d.assignment.id, tuple(f.mention for f in named), elements, listed)


def _all(record: Record, d: Diagnosis, named: list[Fact]) -> Iterator[tuple[str, Evidence]]:
    for f in named:
        if f.section in ASSESSED and f.assertion is Assertion.PRESENT:
            yield "assess", f.mention
        yield from _beside(record, f)
    yield from _elsewhere(record, d)


def _beside(record: Record, fact: Fact) -> Iterator[tuple[str, Evidence]]:
    """What the line of a diagnosis says of it: what is measured, given and done there, and words that tell."""
    line = record.line(fact.mention)
    document = record.documents[fact.mention.document]
    for other in record.within(document.id, line):
        element = BY_KIND.get(other.kind)
        if element and not other.mention.span.overlaps(fact.mention.span):
            yield element, other.mention
    text = document.text[line.start : line.end]
    for m in _words().finditer(text):
        span = Span(line.start + m.start(), line.start + m.end())
        if m.lastgroup and not span.overlaps(fact.mention.span):
            yield m.lastgroup, Evidence.quote(document, span)


@cache
def _words() -> re.Pattern[str]:
    rows = read_table("documentation/meat_words.tsv", ("element", "words"))
    parts = (rf"(?P<{element}>\b(?:{'|'.join(words.split())})\w*)" for element, words in rows)
    return re.compile("|".join(parts), re.IGNORECASE)


def _elsewhere(record: Record, d: Diagnosis) -> Iterator[tuple[str, Evidence]]:
    """What the rest of the record has for it, by `meat.tsv`."""
    for element, by, names in _rows(d.code):
        for f in record.now:
            if _is(f, by, names):
                yield element, f.mention


def _is(fact: Fact, by: str, names: tuple[str, ...]) -> bool:
    if by == "value":
        return fact.concept in names or fact.mention.text.lower() in names
    if by == "code":
        return bool(fact.targets) and fact.targets[0].startswith(names)
    return (fact.attributes.get("class") if by == "class" else fact.concept.lower()) in names


@lru_cache(maxsize=4096)
def _rows(code: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    rows = read_table("documentation/meat.tsv", ("codes", "element", "by", "names"))
    return tuple(
        (element, by, tuple(name.strip() for name in names.split(";")))
        for codes, element, by, names in rows
        if code.startswith(tuple(codes.split()))
    )


def _nothing_done(coding: Coding) -> Iterator[Draft]:
    for meat in coding.once(meat_of):
        if meat.listed and not meat.elements:
            message = (
                f"{meat.code} is named in a list alone; nothing in the note monitors, evaluates, assesses or treats it."
            )
            yield Draft(message, (meat.code,), (meat.assignment,), evidence=meat.named[:MOST_SHOWN])


CHECKS: Mapping[str, Check[Coding]] = {"ICD10CM:IV.J/nothing-done": _nothing_done}
