"""Comorbidity: the indices of Charlson and Elixhauser by the codes of Quan, and the measures of AHRQ.

Charlson and Elixhauser take every diagnosis of the record, the principal one and those that came later included:
whether that is right hangs on what is studied. AHRQ's measures have rules of their own (`ahrq`). The tables stand
beside the code with their sources; nothing is guessed for a code that they do not list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leadterm.domain import CodedEncounter, CodeSystem, plain_day

from ._conditions import Index, opened_by, settled, summed
from ._why import WhyNot
from .ahrq import ahrq_of

CHARLSON, ELIXHAUSER = "charlson.tsv", "elixhauser.tsv"
CHARLSON_WEIGHTS = {"charlson_1987": "weight_1987", "quan_2011": "weight_2011"}
ELIXHAUSER_WEIGHTS = {"van_walraven": "van_walraven"}
# A point for each decade from the fiftieth year on, four at most (Charlson 1994).
FIRST_DECADE, MOST_AGE_POINTS = 50, 4
SEVERAL = WhyNot("The measures of AHRQ are of one discharge.")


@dataclass(frozen=True, slots=True)
class Comorbidity:
    """What the indices make of the diagnoses; AHRQ's measures, or why there are none."""

    charlson: Index
    elixhauser: Index
    ahrq: Index | WhyNot


def comorbidity_of(coded: CodedEncounter) -> Comorbidity | WhyNot:
    """The comorbidity of one encounter; why there is none where no diagnosis is coded."""
    return comorbidity_of_year((coded,))


def comorbidity_of_year(encounters: Sequence[CodedEncounter]) -> Comorbidity | WhyNot:
    """The same of several encounters of one patient together; age is that of the last one."""
    codes = {a.code.bare for one in encounters for a in one.diagnoses if a.code.system is CodeSystem.ICD10CM}
    if not codes:
        return WhyNot("No diagnosis is coded.")
    last = encounters[-1]
    age = last.encounter.patient.age_on(plain_day(last.on or last.encounter.controlling_date))
    return Comorbidity(charlson(codes, age), elixhauser(codes), ahrq_of(last) if len(encounters) == 1 else SEVERAL)


def charlson(codes: Iterable[str], age: int | None = None) -> Index:
    """The index of Charlson of ICD-10-CM codes without dots, by both sets of weights; with age where it is known."""
    kept, gone = settled(CHARLSON, CHARLSON_WEIGHTS, opened_by(CHARLSON, codes))
    scores = tuple((name, summed(kept, name)) for name in CHARLSON_WEIGHTS)
    if age is not None:
        points = age_points(age)
        scores += (("age_points", points), ("age_adjusted", scores[0][1] + points))
    return Index("Charlson by the codes of Quan 2005; weights of 1987 and 2011", kept, gone, scores)


def elixhauser(codes: Iterable[str]) -> Index:
    """The comorbidities of Elixhauser of ICD-10-CM codes without dots: how many, and the score of van Walraven."""
    kept, gone = settled(ELIXHAUSER, ELIXHAUSER_WEIGHTS, opened_by(ELIXHAUSER, codes))
    scores = (("count", len(kept)), ("van_walraven", summed(kept, "van_walraven")))
    return Index("Elixhauser by the codes of Quan 2005; weights of van Walraven 2009", kept, gone, scores)


def age_points(age: int) -> int:
    """What age adds to the index: 1 from 50 on, 2 from 60, 3 from 70, 4 from 80."""
    return min(MOST_AGE_POINTS, max(0, (age - FIRST_DECADE) // 10 + 1))
