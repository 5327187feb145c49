"""Random patients with diagnoses of every kind, and what the independent packages make of them. Seeded, invented.

Where `elixhauser-ahrq` 2026.1.3 does otherwise than the program of AHRQ that it rewrites (CMR_Mapping_Program_v2026-1):
beside metastatic cancer it drops leukemia and lymphoma, and keeps a tumor in situ; and it counts the sequela of a
stroke beside a stroke that came about in the stay.
"""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from leadterm.codesets import CodeBook
from leadterm.domain import CodeSystem, dotted
from leadterm.grouping import Index
from leadterm.grouping._tables import rows
from leadterm.grouping.ahrq import STROKE_LATER, ahrq_of
from leadterm.grouping.comorbidity import charlson, elixhauser

from .notation import coded

SEED = 20261122


@dataclass(frozen=True, slots=True)
class Sick:
    """A patient: age, and diagnoses without dots with their POA (`1` for exempt), the principal one first."""

    id: int
    age: int
    diagnoses: tuple[tuple[str, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.diagnoses)


def patients(number: int, every: Sequence[str], seed: int = SEED) -> Iterator[Sick]:
    """So many patients: half of their codes of AHRQ's list, the rest of `every`, without dots."""
    draw = random.Random(seed)
    listed = [row["code"] for row in rows("ahrq_codes.tsv")]
    for id in range(number):
        codes = [draw.choice(draw.choice((listed, every))) for _ in range(draw.randint(1, 15))]
        told = tuple((code, draw.choice("YYYYYNUW11")) for code in dict.fromkeys(codes))
        yield Sick(id, draw.randint(0, 100), told)


def every_code(book: CodeBook) -> list[str]:
    """The billable diagnoses of the newest Tabular List, without dots."""
    return [row.code.replace(".", "") for row in book.titles() if row.billable]


# --- pycomorb ---

# Our keys → its names.
CHARLSON = {
    "myocardial-infarction": "Myocardial infarction",
    "heart-failure": "Congestive heart failure",
    "peripheral-vascular": "Peripheral vascular disease",
    "cerebrovascular": "Cerebrovascular disease",
    "dementia": "Dementia",
    "pulmonary": "Chronic pulmonary disease",
    "rheumatic": "Rheumatic disease",
    "peptic-ulcer": "Peptic ulcer disease",
    "liver-mild": "Mild liver disease",
    "diabetes": "Diabetes without chronic complication",
    "diabetes-complicated": "Diabetes with chronic complication",
    "plegia": "Hemiplegia or paraplegia",
    "renal": "Renal disease",
    "malignancy": "Any malignancy, including lymphoma and leukemia, except malignant neoplasm of skin",
    "liver-severe": "Moderate or severe liver disease",
    "metastatic": "Metastatic solid tumor",
    "aids": "AIDS/HIV",
}
Flags = set[str]


def unlike_pycomorb(some: Sequence[Sick]) -> list[int]:
    """The patients of whom Charlson or Elixhauser differs: conditions, both sets of weights, age, van Walraven."""
    told = _by_pycomorb(some)
    return [p.id for p in some if _ours(p) != told[p.id]]


def _ours(patient: Sick) -> tuple[Flags, int, int, int, Flags, int]:
    first, second = charlson(patient.codes, patient.age), elixhauser(patient.codes)
    scores = dict(first.scores)
    return (
        {condition.key for condition in first.conditions},
        scores["charlson_1987"],
        scores["age_adjusted"],
        scores["quan_2011"],
        {condition.key for condition in second.conditions},
        dict(second.scores)["van_walraven"],
    )


def _by_pycomorb(some: Sequence[Sick]) -> dict[int, tuple[Flags, int, int, int, Flags, int]]:
    import polars
    from pycomorb.CharlsonComorbidityIndex import CharlsonComorbidityIndex as Charlson
    from pycomorb.ElixhauserComorbidityIndex import ElixhauserComorbidityIndex as Elixhauser

    rows_of = [(p.id, code, p.age) for p in some for code in p.codes]
    frame = polars.DataFrame(rows_of, schema=["id", "code", "age"], orient="row")
    first, second, third = (
        {row.pop("id"): row for row in table.to_dicts()}
        for table in (
            Charlson(frame, weights="charlson", return_categories=True),
            Charlson(frame, weights="quan", return_categories=True),
            Elixhauser(frame, weights="van_walraven", return_categories=True),
        )
    )
    index, score = "Charlson Comorbidity Index", "Elixhauser Comorbidity Index"
    # Both tables have the conditions of Elixhauser in the order of the paper.
    keys = [row["key"] for row in rows("elixhauser.tsv")]
    return {
        id: (
            {key for key, name in CHARLSON.items() if row[name]},
            row[index],
            row["Charlson Age-Comorbidity Score"],
            second[id][index],
            {key for key, name in zip(keys, (n for n in third[id] if n != score), strict=True) if third[id][name]},
            third[id][score],
        )
        for id, row in first.items()
    }


# --- elixhauser-ahrq ---


def unlike_elixhauser_ahrq(some: Sequence[Sick]) -> tuple[list[int], Counter[str]]:
    """The patients of whom AHRQ's measures or indices differ otherwise than is known; how often each known one does."""
    told, unlike, known = _by_elixhauser_ahrq(some), [], Counter[str]()
    for patient in some:
        found = _ahrq(patient)
        mine = {condition.key for condition in found.conditions}
        theirs = _as_the_package_has_it(found, mine)
        known.update(mine ^ theirs)
        sums = tuple(sum(int(row[name]) for row in rows("ahrq.tsv") if row["key"] in theirs) for name in INDICES)
        ours = tuple(dict(found.scores)[name] for name in INDICES)
        if (theirs, *sums) != told[patient.id] or (mine == theirs and ours != sums):
            unlike.append(patient.id)
    return unlike, known


INDICES = ("mortality", "readmission")


def _ahrq(patient: Sick) -> Index:
    words = (f"{dotted(c, CodeSystem.ICD10CM)}/{'exempt' if poa == '1' else poa}" for c, poa in patient.diagnoses)
    found = ahrq_of(coded(f"inpatient F76 2026-05-14: {' '.join(words)}"))
    assert isinstance(found, Index)
    return found


def _as_the_package_has_it(found: Index, mine: Flags) -> Flags:
    theirs = set(mine)
    if "CANCER_METS" in mine:
        theirs -= {"CANCER_LEUK", "CANCER_LYMPH"}
        theirs |= {"CANCER_NSITU"} & {g.key for g in found.gave_way}
    if any(n.why == STROKE_LATER for n in found.not_counted):
        theirs |= {"CBVD"}
    return theirs


def _by_elixhauser_ahrq(some: Sequence[Sick]) -> dict[int, tuple[Flags, int, int]]:
    from elixhauser_ahrq.mapper import ElixhauserMapper
    from elixhauser_ahrq.scorer import ElixhauserScorer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # which engine pandas will choose for workbooks one day
        mapper = ElixhauserMapper()
    scorers = [ElixhauserScorer(kind) for kind in INDICES]

    def answer(patient: Sick) -> tuple[Flags, int, int]:
        flags: dict[str, Any] = mapper.map_patient_diagnoses(list(patient.codes), [poa for _, poa in patient.diagnoses])
        mortality, readmission = (scorer.calculate_score(flags) for scorer in scorers)
        return {key for key, present in flags.items() if present}, mortality, readmission

    return {patient.id: answer(patient) for patient in some}
