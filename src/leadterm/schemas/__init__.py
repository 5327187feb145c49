"""JSON Schemas of the contract (draft 2020-12), and the way between domain values and contract JSON.

`encode` writes domain values as contract JSON, `decode` reads them back. A schema names others by its URN
(`urn:leadterm:findings:1#/$defs/evidence`), so a validator wants all of `NAMES` in its registry.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from leadterm.domain import InputError

NAMES: tuple[str, ...] = (
    "account-1",
    "case-1",
    "charge-import-1",
    "charges-1",
    "claim-1",
    "claims-1",
    "coded-1",
    "codes-1",
    "comparison-1",
    "compliance-1",
    "deidentified-1",
    "demo-1",
    "diff-1",
    "denials-1",
    "doctor-1",
    "encounter-1",
    "facts-1",
    "findings-1",
    "grade-1",
    "groups-1",
    "hits-1",
    "index-1",
    "installation-1",
    "kpi-1",
    "map-1",
    "member-1",
    "offers-1",
    "overpayment-1",
    "pages-1",
    "pcs-1",
    "posting-1",
    "practice-1",
    "prices-1",
    "rates-1",
    "recoding-1",
    "releases-1",
    "remittance-1",
    "signals-1",
    "submission-1",
    "surveillance-1",
    "tree-1",
    "visit-1",
    "watched-1",
)

__all__ = ["NAMES", "load"]


def load(name: str) -> dict[str, Any]:
    """The schema of that name (`coded-1` for leadterm.coded/1), a fresh copy. Raises InputError for an unknown name."""
    if name not in NAMES:
        raise InputError(f"There is no schema of that name; there are {', '.join(NAMES)}.")
    schema: dict[str, Any] = json.loads(_text(name))
    return schema


@cache
def _text(name: str) -> str:
    return (files(__name__) / f"{name}.json").read_text(encoding="utf-8")
