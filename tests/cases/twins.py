"""Twins of the shipped cases: one thing about a chart is changed, and what must follow is known without a new key.

negated     the words for a diagnosis are denied: its code goes
family      they are said of the mother: its code goes
mirrored    left and right change places in the text: they change places in the codes
subsequent  an injury is seen again while it heals: initial encounters become subsequent ones
outpatient  a stay becomes an office visit: what rested on uncertain words alone goes
earlier     the chart is dated before a code existed: it is not given
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from leadterm.cases import Case
from leadterm.codesets import CodeBook
from leadterm.domain import (
    DIAGNOSIS_ROLES,
    Assertion,
    Assignment,
    Code,
    CodedEncounter,
    Document,
    Encounter,
    Setting,
)

SIDES = re.compile(r"(?i)\b(left|right)\b|\b([LR])\b(?=[ -][a-z])")
OTHER = {"left": "right", "right": "left", "l": "r", "r": "l"}
AGAIN = "\nSeen again for this injury, which is healing routinely; active treatment is complete. Follow-up visit.\n"


@dataclass(frozen=True)
class Twin:
    """A changed chart and what must hold of its codes.

    Attributes:
        kind: How it was changed.
        code: The code that it is about.
        encounter: What is to be coded.
        gone: Codes that must not be given.
        wanted: Codes that must be given.
    """

    kind: str
    code: str
    encounter: Encounter
    gone: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()


def twins(case: Case, coded: CodedEncounter, book: CodeBook) -> Iterator[Twin]:
    """The twins of a case that the engine codes as its key has it."""
    given = {a.code.value: a for a in coded.assignments if a.role in DIAGNOSIS_ROLES}
    for key in case.require:
        assignment = given[key.code.value]
        if line := _own_line(case, assignment, coded):
            yield from _said_otherwise(case, assignment, line)
        yield from _earlier(case, key.code, book)
    yield from _mirrored(case, given, book)
    yield from _subsequent(case, given, book)
    yield from _outpatient(case, given, coded)


def _changed(case: Case, text: str) -> Encounter:
    return replace(case.encounter, documents=(Document(case.document.id, text),))


def _own_line(case: Case, a: Assignment, coded: CodedEncounter) -> tuple[int, int] | None:
    """The only line that speaks for a diagnosis, where it speaks for nothing else that the key has."""
    if a.code.value[0] in "VWXYZ":
        return None
    text = case.document.text
    facts = {f.id: f for f in coded.facts}
    starts = {text.rfind("\n", 0, facts[id].mention.span.start) + 1 for id in a.facts}
    if len(starts) != 1:
        return None
    start = starts.pop()
    end = text.find("\n", start)
    others = [
        b for b in coded.assignments if b is not a for id in b.facts if start <= facts[id].mention.span.start < end
    ]
    alone = len(a.facts) == 1 and facts[a.facts[0]].assertion is Assertion.PRESENT
    return (start, end) if end > 0 and alone and not others else None


def _said_otherwise(case: Case, a: Assignment, line: tuple[int, int]) -> Iterator[Twin]:
    text, (start, end) = case.document.text, line
    mark = re.match(r"[\s\-*\u2022]*(?:\d+[.)]?)?\s*(?:(?:A/P|Impression|Assessment|Dx|IMP|A):)?\s*", text[start:end])
    at = start + (mark.end() if mark else 0)
    told = a.evidence[0].text.rstrip(".")
    for kind, words in (("negated", f"No evidence of {told}."), ("family", f"Mother has {told}.")):
        yield Twin(kind, a.code.value, _changed(case, text[:at] + words + text[end:]), gone=frozenset({a.code.value}))


def _earlier(case: Case, code: Code, book: CodeBook) -> Iterator[Twin]:
    period = book.effective(code)
    first = book.effective(Code(code.system, "I10"))
    if period is None or first is None or period.start <= first.start:
        return
    day = period.start - timedelta(days=1)
    dates = {"discharge": day} if case.encounter.discharge else {"date_of_service": day}
    yield Twin("earlier", code.value, replace(case.encounter, **dates), gone=frozenset({code.value}))


def _mirrored(case: Case, given: dict[str, Assignment], book: CodeBook) -> Iterator[Twin]:
    sided = {c: other for c in given if (other := mirror(book, c)) is not None}
    if not sided or re.search(
        r"(?i)\b(?:lt|rt|od|os|lue|rue|lle|rle|llq|rlq|luq|ruq|lul|lll|rul|rml|rll|hand(?:ed)?)\b", case.document.text
    ):
        return
    text = SIDES.sub(lambda m: _swapped(m.group()), case.document.text)
    wanted = frozenset(sided.values())
    yield Twin("mirrored", " ".join(sorted(sided)), _changed(case, text), frozenset(sided) - wanted, wanted)


def _swapped(word: str) -> str:
    other = OTHER[word.lower()]
    return other.upper() if word.isupper() else other.title() if word[0].isupper() else other


@cache
def mirror(book: CodeBook, code: str) -> str | None:
    """The code of the same category whose title says the other side; None where there is none."""
    node = book.node(code)
    if node is None or not re.search(r"\b(?:left|right)\b", node.title):
        return None
    title = re.sub(r"\b(left|right)\b", lambda m: OTHER[m.group()], node.title)
    return next((n.code for n in _below(book, code[:3]) if n.title == title and n.billable), None)


@cache
def _below(book: CodeBook, category: str) -> tuple[object, ...]:
    found, todo = [], [category]
    while todo:
        node = book.node(todo.pop())
        if node is not None:
            found.append(node)
            todo.extend(node.children)
    return tuple(found)


def _subsequent(case: Case, given: dict[str, Assignment], book: CodeBook) -> Iterator[Twin]:
    injuries = [c for c in given if c[0] == "S" and len(c) == 8 and c[-1] == "A"]
    text = case.document.text
    if (
        not injuries
        or case.setting not in (Setting.OUTPATIENT, Setting.PROFESSIONAL)
        or len(injuries) != len([c for c in given if c[0] in "ST"])
    ):
        return
    wanted = frozenset(f"{c[:-1]}D" for c in injuries if book.is_billable(f"{c[:-1]}D"))
    yield Twin("subsequent", " ".join(injuries), _changed(case, text.rstrip() + AGAIN), frozenset(injuries), wanted)


def _outpatient(case: Case, given: dict[str, Assignment], coded: CodedEncounter) -> Iterator[Twin]:
    if not case.encounter.codes_uncertain:
        return
    facts = {f.id: f for f in coded.facts}
    unsure = [
        c for c, a in given.items() if a.facts and all(facts[i].assertion is Assertion.UNCERTAIN for i in a.facts)
    ]
    office = replace(
        case.encounter, setting=Setting.OUTPATIENT, claim_type=None, discharge=None, date_of_service=case.date
    )
    for code in unsure:
        yield Twin("outpatient", code, office, gone=frozenset({code}))
