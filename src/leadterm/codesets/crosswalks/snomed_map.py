"""SNOMED CT to ICD-10-CM: the map's groups, priorities and rules, evaluated for a patient as far as he is known.

Source: "Complex and Extended Map Reference Sets" (SNOMED CT Release File Specifications) and NLM's technical
specification of the ICD-10-CM map. Within a group the rules are tried in order of priority; the first that holds gives
the group's one target; all groups together express the concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import ClassVar

from leadterm.domain import InputError, Release

from ..store import Store

FEMALE, MALE = "248152002", "248153007"
ONSET, CHRONOLOGICAL = "445518008", "424144002"
SEXES = {FEMALE: "F", MALE: "M"}
# What one unit of a rule is in years and in days; a rule counts in one or the other.
DAYS = {"day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0, "month": 30.4375, "months": 30.4375}
YEARS = frozenset({"year", "years"})
DAYS_OF_YEAR = 365.25
_CLAUSE = re.compile(
    r"IFA (?P<concept>\d{6,18}) *\| *(?P<term>[^|]*?) *\|(?: *(?P<operator><=|>=|<|>|=) *(?P<number>\d+(?:\.\d+)?)"
    r" *(?P<unit>[a-z]+))?"
)
_AND = re.compile(r"\s+AND\s+(?=IFA )")


@dataclass(frozen=True, slots=True)
class Concept:
    """A SNOMED CT concept identifier; it belongs to no system that one bills with, hence to no `Code`.

    Attributes:
        value: 6 to 18 digits; the last is a check digit (Verhoeff), the two before it say that it is a concept.
    """

    value: str

    def __post_init__(self) -> None:
        well_formed = self.value.isascii() and self.value.isdecimal() and 6 <= len(self.value) <= 18
        if not well_formed or self.value[-3:-1] not in ("00", "10") or not verhoeff(self.value):
            raise InputError(f"'{self.value[:18]}' is not the identifier of a SNOMED CT concept; check its digits.")

    @classmethod
    def parse(cls, text: str) -> Concept:
        """The concept that a text names. Raises InputError for what is no identifier."""
        return cls(text.strip())

    def __str__(self) -> str:
        return self.value


def verhoeff(digits: str) -> bool:
    """Whether the last of `digits` is the Verhoeff check digit of those before it."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _product(check, _permuted(int(digit), place % 8))
    return check == 0


def _product(a: int, b: int) -> int:
    """The product in the dihedral group D5."""
    turned = (a - b) % 5 if a >= 5 else (a + b) % 5
    return turned + (5 if (a >= 5) != (b >= 5) else 0)


def _permuted(digit: int, times: int) -> int:
    for _ in range(times):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit


@dataclass(frozen=True, slots=True)
class Patient:
    """What the rules ask about a patient; None for what is not known.

    Attributes:
        age: In completed years, at the onset of the finding.
        age_days: In days, for the first year of life; wins over `age`.
        sex: `F` or `M`.
    """

    age: int | None = None
    age_days: int | None = None
    sex: str | None = None


UNKNOWN = Patient()


@dataclass(frozen=True, slots=True)
class Condition:
    """One clause of a rule.

    Attributes:
        concept: What must be so: a sex, an age (then `operator`, `number`, `unit` bound it), or another finding.
        term: The concept's words, as the rule gives them.
    """

    concept: str
    term: str
    operator: str = ""
    number: float = 0.0
    unit: str = ""

    def holds(self, patient: Patient) -> bool | None:
        """Whether it is so; None when what is known of the patient does not decide it."""
        if sex := SEXES.get(self.concept):
            return None if patient.sex not in SEXES.values() else patient.sex == sex
        if self.concept in (ONSET, CHRONOLOGICAL) and self.operator:
            return self._of_age(patient)
        return None

    def _of_age(self, patient: Patient) -> bool | None:
        years = self.unit in YEARS
        if patient.age_days is not None:
            low = high = patient.age_days / DAYS_OF_YEAR if years else float(patient.age_days)
        elif patient.age is not None:
            scale = 1.0 if years else DAYS_OF_YEAR
            low, high = patient.age * scale, (patient.age + 1) * scale
        else:
            return None
        return _compared(low, high, self.operator, self.number if years else self.number * DAYS[self.unit])


def _compared(low: float, high: float, operator: str, bound: float) -> bool | None:
    """Whether every age from `low` up to and without `high` (alone, when equal) compares so; None for some of them."""
    exact = low == high
    if operator in (">=", "<"):
        reached = True if low >= bound else (False if high <= bound else None)
        return reached if operator == ">=" or reached is None else not reached
    if operator in (">", "<="):
        above = True if low > bound else (False if high <= bound else None)
        return above if operator == ">" or above is None else not above
    if exact:
        return low == bound
    return None if low <= bound < high else False


@dataclass(frozen=True, slots=True)
class Rule:
    """A map rule as predicates.

    Attributes:
        text: As the map writes it.
        conditions: All must hold; none for `TRUE` and `OTHERWISE TRUE`.
        readable: Whether every clause was understood; one that was not is never taken to hold.
    """

    text: str
    conditions: tuple[Condition, ...] = ()
    readable: bool = True

    def holds(self, patient: Patient) -> bool | None:
        """Whether it holds; None when what is known of the patient does not decide it."""
        found = [c.holds(patient) for c in self.conditions]
        if False in found:
            return False
        return None if None in found or not self.readable else True


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """The predicates of a rule; what is not understood makes it unreadable, and its text is kept."""
    folded = " ".join(text.split())
    if folded.upper() in ("TRUE", "OTHERWISE TRUE"):
        return Rule(folded)
    clauses = [_CLAUSE.fullmatch(clause) for clause in _AND.split(folded)]
    conditions = tuple(_condition(c) for c in clauses if c)
    known = all(not c.operator or c.unit in DAYS or c.unit in YEARS for c in conditions)
    readable = known and all(clauses)
    return Rule(folded, conditions if known else (), readable)


def _condition(found: re.Match[str]) -> Condition:
    operator = found["operator"] or ""
    number = float(found["number"]) if found["number"] else 0.0
    return Condition(found["concept"], found["term"], operator, number, found["unit"] or "")


@dataclass(frozen=True, slots=True)
class MapRow:
    """One active row of the map.

    Attributes:
        concept: Identifier of the source concept; `name` where the file gives it.
        group, priority: Place of the row.
        rule: When it counts.
        advice: The map's advice, in its own words, piece by piece.
        target: The code with its dot, `?` where a 7th character is to be added; None when it cannot be classified.
        category: Identifier of the map category.
    """

    concept: str
    name: str | None
    group: int
    priority: int
    rule: Rule
    advice: tuple[str, ...]
    target: str | None
    target_name: str | None
    category: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may count for the patient; `certain` when it does, whatever else is learnt of him."""

    row: MapRow
    certain: bool


def candidates(rows: Iterable[MapRow], patient: Patient = UNKNOWN) -> tuple[Candidate, ...]:
    """For each group the rows that may count, in order of priority; one, certain, where the patient decides it."""
    found: list[Candidate] = []
    for _, group in groupby(sorted(rows, key=lambda r: (r.group, r.priority)), key=lambda r: r.group):
        open_question = False
        for row in group:
            holds = row.rule.holds(patient)
            if holds is False:
                continue
            found.append(Candidate(row, bool(holds) and not open_question))
            if holds:
                break
            open_question = True
    return tuple(found)


class SnomedMap:
    """The map of one edition. Threads may share it."""

    COMPONENT: ClassVar[str] = "snomed:icd10cm-map"
    WHAT: ClassVar[str] = "SNOMED CT map to ICD-10-CM"
    _SELECT: ClassVar[str] = (
        "SELECT concept, name, grouped, priority, rule, advice, target, target_name, category FROM entry"
    )

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release

    def rows(self, concept: Concept) -> tuple[MapRow, ...]:
        """All rows of a concept, in order of group and priority; empty when the map does not have it."""
        return self._rows("concept = ?", concept.value)

    def to(self, target: str) -> tuple[MapRow, ...]:
        """The rows that lead to a code (with its dot), those included that want a 7th character for it."""
        bare = target.replace(".", "")
        wanting = f"{target[:-1]}?" if len(bare) == 7 else target
        return self._rows("target IN (?, ?)", target, wanting)

    def _rows(self, where: str, *values: str) -> tuple[MapRow, ...]:
        found = self._store.all(f"{self._SELECT} WHERE {where} ORDER BY rank", *values)
        return tuple(_map_row(row) for row in found)


class SnomedWhoMap(SnomedMap):
    """The international edition's map to WHO's ICD-10."""

    COMPONENT: ClassVar[str] = "snomed:icd10-map"
    WHAT: ClassVar[str] = "SNOMED CT map to WHO ICD-10"


def _map_row(row: tuple[str, str | None, int, int, str, str, str | None, str | None, str]) -> MapRow:
    concept, name, group, priority, rule, advice, target, target_name, category = row
    pieces = tuple(piece.strip() for piece in advice.split("|") if piece.strip())
    return MapRow(concept, name, group, priority, parse_rule(rule), pieces, target, target_name, category)
