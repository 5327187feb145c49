"""The measures counted again, in plain Python over sets of persons and straight from their definitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from leadterm.analytics import By, Measure, Question
from leadterm.analytics.rows import age_band
from leadterm.domain import CodedEncounter, CodeSystem, Sex

Group = tuple[str | None, ...]


@dataclass(frozen=True)
class Visit:
    """One dated encounter."""

    id: str
    person: tuple[str, str]
    on: date
    sex: Sex
    age: int | None
    codes: frozenset[str]


def recount(coded: Iterable[CodedEncounter], question: Question) -> dict[Group, tuple[int, int]]:
    """Cases and persons of every group, totals left out."""
    visits = [v for c in coded if (v := _visit(c)) and (question.last is None or v.on <= question.last)]
    if not visits:
        return {}
    first = question.first or min(v.on for v in visits)
    seen = [v for v in visits if v.on >= first]
    conditions = {k for v in seen for code in v.codes if (k := _condition(code, question)) is not None}
    if not {By.CODE, By.CATEGORY, By.GROUPING} & set(question.by):
        conditions = {()}
    counted: dict[Group, tuple[int, int]] = {}
    for month in {_month(v, question) for v in seen}:
        period = [v for v in seen if _month(v, question) == month]
        begins = max(first, date.fromisoformat(f"{month}-01")) if month else first
        strata: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for person in {v.person for v in period}:
            strata.setdefault(_stratum([v for v in period if v.person == person], question), set()).add(person)
        for condition, (stratum, persons) in product(conditions, strata.items()):
            at_risk = persons
            if question.measure is Measure.INCIDENCE:
                since = begins - timedelta(question.clean_days) if question.clean_days else date.min
                at_risk = persons - _bearers([v for v in visits if since <= v.on < begins], condition, question)
            cases = at_risk & _bearers(period, condition, question)
            counted[_group(question, condition, month, stratum)] = (len(cases), len(at_risk))
    return counted


def _visit(c: CodedEncounter) -> Visit | None:
    e = c.encounter
    if e.date_of_service is None:
        return None
    codes = frozenset(a.code.value for a in c.diagnoses if a.code.system is CodeSystem.ICD10CM)
    person = ("patient", e.patient.id) if e.patient.id else ("encounter", e.id)
    return Visit(e.id, person, e.date_of_service, e.patient.sex, e.patient.age, codes)


def _condition(code: str, question: Question) -> tuple[str, ...] | None:
    if (question.codes or question.categories) and code not in question.codes and code[:3] not in question.categories:
        return None
    values = {By.CODE: code, By.CATEGORY: code[:3], By.GROUPING: f"{code[:1]}-block"}
    return tuple(values[dimension] for dimension in question.by if dimension in values)


def _bearers(visits: list[Visit], condition: tuple[str, ...], question: Question) -> set[tuple[str, str]]:
    return {v.person for v in visits for code in v.codes if _condition(code, question) == condition}


def _month(visit: Visit, question: Question) -> str:
    return visit.on.isoformat()[:7] if By.MONTH in question.by else ""


def _stratum(visits: list[Visit], question: Question) -> tuple[str, ...]:
    """Age band and sex of one person in one period: of the first encounter that tells them."""
    in_order = sorted(visits, key=lambda v: (v.on, v.id))
    band = next((age_band(v.age) for v in in_order if v.age is not None), None)
    sex = next((v.sex.value for v in in_order if v.sex is not Sex.UNKNOWN), "U")
    values = {By.AGE_BAND: band or "unknown", By.SEX: sex}
    return tuple(values[dimension] for dimension in question.by if dimension in values)


def _group(question: Question, condition: tuple[str, ...], month: str, stratum: tuple[str, ...]) -> Group:
    left, right = iter(condition), iter(stratum)
    kinds = {By.MONTH: iter([month]), By.AGE_BAND: right, By.SEX: right}
    return tuple(next(kinds.get(dimension, left)) for dimension in question.by)
