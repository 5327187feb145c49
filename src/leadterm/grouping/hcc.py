"""CMS-HCC categories (V24, V28) of the diagnoses of one encounter, with the raw score that they come to.

A diagnosis of a year counts for the payment of the next: dates of service of 2026 for payment year 2027. Medicare
Advantage was paid by two thirds V24 and one third V28 for 2024, the reverse for 2025, by V28 alone since 2026.

The score is that of a member who lives in the community, is not dually eligible, was enrolled all of the year before,
and is entitled by age from 65 on and by disability before; of this encounter alone, where a plan counts the visits of
a year. It is raw: neither normalized nor adjusted for coding intensity. Whether the visit qualifies (face to face,
acceptable provider) is not judged. RxHCC is not offered: `hccinfhir` 0.4.0 does not apply its hierarchies, and has two
coefficients under one name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from leadterm.domain import CodedEncounter, CodeSystem, Patient, Sex, dotted

from ._hccinfhir import installed_models
from ._ports import Adjusted, Member, RiskModels
from ._stays import day_of
from ._why import WhyNot

# The first payment year of each model.
MODELS = {"V28": 2024, "V24": 2020}
AGED = 65
THOUSANDTH = Decimal("0.001")
NOT_INSTALLED = "The models of risk adjustment are not installed: pip install 'leadterm[grouping]'."
ASSUMED = (
    "Lives in the community, not dually eligible, enrolled all of the year before.",
    "This encounter alone; a plan counts the visits of a year, and whether this one qualifies is not judged.",
    "Raw score: neither normalized nor adjusted for coding intensity.",
)


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


def hccs_of(coded: CodedEncounter, models: RiskModels | None = None) -> tuple[Hccs, ...] | WhyNot:
    """The answer of each model, or why there is none; `models` are asked instead of those that are installed."""
    on = day_of(coded.on or coded.encounter.controlling_date)
    if on is None:
        return WhyNot("The encounter has no date, which decides the payment year.")
    models = models or installed_models()
    if models is None:
        return WhyNot(NOT_INSTALLED)
    year = payment_year(on)
    asked = [model for model, first in MODELS.items() if year >= first]
    if not asked:
        return WhyNot(f"Payment year {year} is before the models that are known.")
    codes = frozenset(a.code.bare for a in coded.diagnoses if a.code.system is CodeSystem.ICD10CM)
    return tuple(_hccs(model, year, codes, coded.encounter.patient, models) for model in asked)


def payment_year(on: date) -> int:
    """The payment year that a date of service counts for: the next."""
    return on.year + 1


def _hccs(model: str, year: int, codes: frozenset[str], patient: Patient, models: RiskModels) -> Hccs:
    member = _member(patient, year)
    adjusted = models.adjust(model, year, codes, member if isinstance(member, Member) else None)
    kept = sorted(adjusted.kept, key=_rank)
    dropped = sorted(set(adjusted.opened) - adjusted.kept, key=_rank)
    return Hccs(
        model,
        year,
        tuple(Category(n, adjusted.titles[n], _codes(adjusted, n), adjusted.coefficients.get(n)) for n in kept),
        tuple(Superseded(n, adjusted.titles[n], _codes(adjusted, n), _why(adjusted, n)) for n in dropped),
        _score(member, patient, adjusted) if isinstance(member, Member) else member,
        adjusted.source,
        _remark(model, year, adjusted),
    )


def _remark(model: str, year: int, adjusted: Adjusted) -> str | None:
    if adjusted.payment_year == year:
        return None
    return f"There is no {model} mapping for payment year {year}: that of {adjusted.payment_year} answers."


def _member(patient: Patient, year: int) -> Member | WhyNot:
    age = patient.age_on(date(year, 2, 1))
    if age is None or patient.sex is Sex.UNKNOWN:
        lacking = [word for word, lacks in (("age", age is None), ("sex", patient.sex is Sex.UNKNOWN)) if lacks]
        return WhyNot(f"No score without the patient's {' and '.join(lacking)}.")
    return Member(age, patient.sex)


def _score(member: Member, patient: Patient, adjusted: Adjusted) -> Score:
    parts = sorted((part for part in adjusted.coefficients.items() if part[1]), key=lambda p: (_rank(p[0]), p[0]))
    entitled = "age" if member.age >= AGED else "disability"
    age = "on 1 February of the payment year" if patient.birth_date else "as the record gives it"
    told = f"Entitled by {entitled}, {member.age} years old ({age})."
    named = tuple((f"HCC {name}" if name.isdigit() else name, value) for name, value in parts)
    return Score(scored(value for _, value in parts), named, member.age, (told, *ASSUMED))


def scored(coefficients: Iterable[Decimal]) -> Decimal:
    """The sum rounded half up to three places, as the model's tables have them: the one rounding of a score."""
    return sum(coefficients, Decimal(0)).quantize(THOUSANDTH, ROUND_HALF_UP)


def _rank(name: str) -> int:
    """Age and sex first, categories by number, then interactions and counts."""
    return int(name) if name.isdigit() else -1 if name[1:2].isdigit() and name[0] in "FM" else 1 << 16


def _codes(adjusted: Adjusted, number: str) -> tuple[str, ...]:
    return tuple(sorted(dotted(code, CodeSystem.ICD10CM) for code in adjusted.opened[number]))


def _why(adjusted: Adjusted, number: str) -> str:
    counted = sorted(adjusted.superiors[number] & adjusted.kept, key=_rank)
    if not counted:
        return "Counts only beside another category of its family."
    return f"{' and '.join(f'HCC {n}' for n in counted)} {'counts' if len(counted) == 1 else 'count'} in its place."
