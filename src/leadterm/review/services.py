"""Where a coding of what was done differs from the key of a case: codes, units, modifiers, pointers, questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.cases import ServiceCase, ServiceKey
from leadterm.domain import Assignment, CodedEncounter

# Reasons of questions that are about services.
REASONS = frozenset({"procedure", "time", "dose", "service"})


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One way in which a coding is not its key.

    Attributes:
        kind: `missing`, `extra`, `forbidden`; `units`, `modifiers`, `pointers`, `day` of a line that is there; `ask`
            for a question that is not asked, `clean` for one that should not be, `find` for a finding that is not made.
        what: The code or the words that it is about.
    """

    kind: str
    what: str


def differences(case: ServiceCase, coded: CodedEncounter) -> Iterator[Difference]:
    """Every difference; codes of systems that the key does not speak of are left alone."""
    wanted = list(case.require)
    for a in coded.assignments:
        if a.code.system not in case.systems:
            continue
        key = _key(wanted, a)
        if key is not None:
            wanted.remove(key)
            yield from _line(key, a)
        elif a.code not in case.optional:
            yield Difference("forbidden" if a.code in case.forbid else "extra", a.code.value)
    yield from (Difference("missing", key.code.value) for key in wanted)
    yield from _questions(case, coded)
    found = {f.rule for f in coded.findings}
    yield from (Difference("find", rule) for rule in case.find if rule not in found)
    yield from (Difference("quiet", rule) for rule in case.quiet if rule in found)


def _key(wanted: list[ServiceKey], a: Assignment) -> ServiceKey | None:
    """The key of an assignment: of several with its code the one that its line meets."""
    same = [key for key in wanted if key.code == a.code]
    return next((key for key in same if not list(_line(key, a))), next(iter(same), None))


def _line(key: ServiceKey, a: Assignment) -> Iterator[Difference]:
    """Where a line says other than its key."""
    if key.units is not None and str(a.units) != key.units:
        yield Difference("units", f"{a.code}: {a.units}")
    if key.modifiers is not None and a.modifiers != key.modifiers:
        yield Difference("modifiers", f"{a.code}: {' '.join(a.modifiers)}")
    if key.pointers is not None and a.pointers != key.pointers:
        yield Difference("pointers", f"{a.code}: {a.pointers}")
    if key.day is not None and a.service_date != key.day:
        yield Difference("day", f"{a.code}: {a.service_date}")


def _questions(case: ServiceCase, coded: CodedEncounter) -> Iterator[Difference]:
    asked = [(q.reason, f"{q.question} {' '.join(q.options)}".lower()) for q in coded.queries]
    for reason, words in case.ask:
        if not any(r == reason and words.lower() in text for r, text in asked):
            yield Difference("ask", f"{reason}: {words}")
    if case.clean:
        allowed = {reason for reason, _ in case.ask}
        yield from (Difference("clean", r) for r, _ in asked if r in REASONS and r not in allowed)
