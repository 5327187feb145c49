"""Categories of risk adjustment (CMS-HCC V28 and V24, ESRD V24, RxHCC V08) with the raw score that they come to.

A diagnosis of a year counts for the payment of the next: dates of service of 2026 for payment year 2027. Medicare
Advantage was paid by two thirds V24 and one third V28 for 2024, the reverse for 2025, by V28 alone since 2026.

The score is that of the member whom a `MemberRecord` tells; what it leaves open is assumed and said. It is raw: neither
normalized nor adjusted for coding intensity. Whether a visit qualifies (face to face, acceptable provider) is not
judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from leadterm.domain import CodedEncounter, CodeSystem, InputError, Patient, dotted, plain_day

from ._hccinfhir import installed_models
from ._members import completed, described
from ._ports import Adjusted, Member, RiskModels
from ._why import WhyNot
from .member import MemberRecord

# The first payment year of each model.
MODELS = {"V28": 2024, "V24": 2020, "ESRD-V24": 2023, "RxHCC": 2023}
# Asked where nobody says which.
USUAL = ("V28", "V24")
# Whose members the model pays for by end-stage renal disease.
RENAL = ("ESRD-V24",)
THOUSANDTH = Decimal("0.001")
NOBODY = MemberRecord()
NOT_INSTALLED = "The models of risk adjustment are not installed: pip install 'leadterm[grouping]'."
ALONE = "This encounter alone; a plan counts the visits of a year, and whether this one qualifies is not judged."
TOGETHER = "These {n} encounters of {year}; whether each qualifies is not judged."
OUTSIDE = "The ESRD model does not count it: all its members have it, or another category of its family counts."
RAW = "Raw score: neither normalized nor adjusted for coding intensity."


@dataclass(frozen=True, slots=True)
class Category:
    """A category that counts.

    Attributes:
        number, title: `37` and its title.
        codes: That opened it, with their dots.
        coefficient: What it adds to the score; None without a score.
    """

    number: str
    title: str
    codes: tuple[str, ...]
    coefficient: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Superseded:
    """A category that codes opened and that does not count, and why."""

    number: str
    title: str
    codes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """A raw score and its parts.

    Attributes:
        raw: The sum of the parts, to three places.
        parts: Variable of the model → coefficient: age and sex (`F70_74`), categories (`HCC 37`), interactions, counts;
            without those that add nothing.
        age: Whole years that it was taken for.
        assumed: A sentence each.
    """

    raw: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    age: int
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hccs:
    """What one model makes of the diagnoses.

    Attributes:
        model: `V28`.
        payment_year: The year whose payment the date of service counts for.
        categories: After hierarchies, by number.
        superseded: Opened, but not counted.
        score: Or why there is none.
        source: What answered.
        remark: That its table is of another payment year; None where it is of this one.
    """

    model: str
    payment_year: int
    categories: tuple[Category, ...]
    superseded: tuple[Superseded, ...]
    score: Score | WhyNot
    source: str
    remark: str | None = None


def hccs_of(
    coded: CodedEncounter,
    models: RiskModels | None = None,
    member: MemberRecord = NOBODY,
    asked: Sequence[str] = USUAL,
) -> tuple[Hccs, ...] | WhyNot:
    """The answer of each model that is asked, or why there is none; `models` are asked instead of the installed ones.

    Raises InputError for a model that nobody knows.
    """
    return hccs_of_year((coded,), models, member, asked)


def hccs_of_year(
    encounters: Sequence[CodedEncounter],
    models: RiskModels | None = None,
    member: MemberRecord = NOBODY,
    asked: Sequence[str] = USUAL,
) -> tuple[Hccs, ...] | WhyNot:
    """The same of all encounters of one member and one year together.

    Raises InputError where they are of several years or, by their ids, of several patients.
    """
    days = [plain_day(one.on or one.encounter.controlling_date) for one in encounters]
    dated = [day for day in days if day]
    if not dated or len(dated) < len(days):
        return WhyNot("The encounter has no date, which decides the payment year.")
    _refuse_several(encounters, dated, asked)
    models = models or installed_models()
    if models is None:
        return WhyNot(NOT_INSTALLED)
    year = payment_year(dated[0])
    known = [model for model in asked if year >= MODELS[model] and (model not in RENAL or member.has_esrd)]
    if not known:
        return _no_model(year, asked)
    codes = frozenset(a.code.bare for one in encounters for a in one.diagnoses if a.code.system is CodeSystem.ICD10CM)
    question = _Question(year, codes, encounters[-1].encounter.patient, member, len(encounters))
    return tuple(_hccs(model, question, models) for model in known)


@dataclass(frozen=True, slots=True)
class _Question:
    """What every model is asked."""

    year: int
    codes: frozenset[str]
    patient: Patient
    record: MemberRecord
    encounters: int


def _refuse_several(encounters: Sequence[CodedEncounter], days: Sequence[date], asked: Sequence[str]) -> None:
    unknown = [model for model in asked if model not in MODELS]
    if unknown:
        raise InputError(f"There is no model {unknown[0][:20]}; there are {', '.join(MODELS)}.")
    if len({day.year for day in days}) > 1:
        raise InputError("Encounters are put together by year: these are of several.")
    if len({one.encounter.patient.id for one in encounters if one.encounter.patient.id}) > 1:
        raise InputError("Encounters are put together for one member: these are of several patients.")


def _no_model(year: int, asked: Sequence[str]) -> WhyNot:
    if any(year >= MODELS[model] for model in asked if model in RENAL):
        return WhyNot("The ESRD model is for members with end-stage renal disease: tell orec, crec or graft months.")
    return WhyNot(f"Payment year {year} is before the models that are known.")


def payment_year(on: date) -> int:
    """The payment year that a date of service counts for: the next."""
    return on.year + 1


def _hccs(model: str, question: _Question, models: RiskModels) -> Hccs:
    year = question.year
    member = completed(question.record, question.patient, year)
    adjusted = models.adjust(model, year, question.codes, member if isinstance(member, Member) else None)
    kept = sorted(adjusted.kept, key=_rank)
    dropped = sorted(set(adjusted.opened) - adjusted.kept, key=_rank)
    return Hccs(
        model,
        year,
        tuple(Category(n, adjusted.titles[n], _codes(adjusted, n), adjusted.coefficients.get(n)) for n in kept),
        tuple(Superseded(n, adjusted.titles[n], _codes(adjusted, n), _why(adjusted, n, model)) for n in dropped),
        _score(model, member, question, adjusted),
        adjusted.source,
        _remark(model, year, adjusted),
    )


def _remark(model: str, year: int, adjusted: Adjusted) -> str | None:
    if adjusted.payment_year == year:
        return None
    return f"There is no {model} mapping for payment year {year}: that of {adjusted.payment_year} answers."


def _score(model: str, member: Member | WhyNot, question: _Question, adjusted: Adjusted) -> Score | WhyNot:
    if isinstance(member, WhyNot):
        return member
    if adjusted.no_score:
        return WhyNot(adjusted.no_score)
    parts = sorted((part for part in adjusted.coefficients.items() if part[1]), key=lambda p: (_rank(p[0]), p[0]))
    named = tuple((_category(name, model) if name.isdigit() else name, value) for name, value in parts)
    return Score(scored(value for _, value in parts), named, member.age, tuple(_taken(member, question)))


def _taken(member: Member, question: _Question) -> Iterator[str]:
    """What the score was taken for, a sentence each."""
    yield from described(member, question.record, question.patient)
    yield ALONE if question.encounters == 1 else TOGETHER.format(n=question.encounters, year=question.year - 1)
    yield RAW


def scored(coefficients: Iterable[Decimal]) -> Decimal:
    """The sum rounded half up to three places, as the model's tables have them: the one rounding of a score."""
    return sum(coefficients, Decimal(0)).quantize(THOUSANDTH, ROUND_HALF_UP)


def _rank(name: str) -> int:
    """Age and sex first, categories by number, then interactions and counts."""
    return int(name) if name.isdigit() else -1 if name[1:2].isdigit() and name[0] in "FM" else 1 << 16


def _codes(adjusted: Adjusted, number: str) -> tuple[str, ...]:
    return tuple(sorted(dotted(code, CodeSystem.ICD10CM) for code in adjusted.opened[number]))


def _category(number: str, model: str) -> str:
    return f"{'RxHCC' if model == 'RxHCC' else 'HCC'} {number}"


def _why(adjusted: Adjusted, number: str, model: str) -> str:
    counted = sorted(adjusted.superiors[number] & adjusted.kept, key=_rank)
    if not counted:
        return OUTSIDE if model in RENAL else "Counts only beside another category of its family."
    named = " and ".join(_category(n, model) for n in counted)
    return f"{named} {'counts' if len(counted) == 1 else 'count'} in its place."
