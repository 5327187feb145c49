"""Random patients with diagnoses of every kind, and what the independent packages make of them. Seeded, invented.

Where `elixhauser-ahrq` 2026.1.3 does otherwise than the program of AHRQ that it rewrites (CMR_Mapping_Program_v2026-1):
beside metastatic cancer it drops leukemia and lymphoma, and keeps a tumor in situ; and it counts the sequela of a
stroke beside a stroke that came about in the stay.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from leadterm.grouping._tables import rows

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


def by_pycomorb(some: Sequence[Sick]) -> dict[str, dict[int, dict[str, int]]]:
    """`charlson_1987`, `quan_2011` and `elixhauser` of each patient: category or score → value."""
    import polars
    from pycomorb.CharlsonComorbidityIndex import CharlsonComorbidityIndex
    from pycomorb.ElixhauserComorbidityIndex import ElixhauserComorbidityIndex

    told = [(p.id, code, p.age) for p in some for code in p.codes]
    frame = polars.DataFrame(told, schema=["id", "code", "age"], orient="row")
    found = {
        name: CharlsonComorbidityIndex(frame, weights=weights, return_categories=True)
        for name, weights in (("charlson_1987", "charlson"), ("quan_2011", "quan"))
    }
    found["elixhauser"] = ElixhauserComorbidityIndex(frame, weights="van_walraven", return_categories=True)
    return {name: {row.pop("id"): row for row in table.to_dicts()} for name, table in found.items()}


def by_elixhauser_ahrq(some: Sequence[Sick]) -> dict[int, tuple[set[str], int, int]]:
    """Measures, mortality and readmission of each patient."""
    from elixhauser_ahrq.mapper import ElixhauserMapper
    from elixhauser_ahrq.scorer import ElixhauserScorer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # which engine pandas will choose for workbooks one day
        mapper = ElixhauserMapper()
    scorers = [ElixhauserScorer(kind) for kind in ("mortality", "readmission")]

    def answer(patient: Sick) -> tuple[set[str], int, int]:
        flags: dict[str, Any] = mapper.map_patient_diagnoses(list(patient.codes), [poa for _, poa in patient.diagnoses])
        mortality, readmission = (scorer.calculate_score(flags) for scorer in scorers)
        return {key for key, present in flags.items() if present}, mortality, readmission

    return {patient.id: answer(patient) for patient in some}
