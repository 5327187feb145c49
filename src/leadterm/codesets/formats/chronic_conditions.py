"""Chronic conditions of the CMS Chronic Conditions Warehouse, with the codes that tell them, as The Tuva Project lists.

Layout (CSV): condition_id, condition, condition_column_name, chronic_condition_type, condition_category,
additional_logic, claims_qualification, inclusion_type, code_system, code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from leadterm.domain import InputError

from ..store import Store
from ._csv_rows import numbered
from ._dates import UNDATED
from ._offered import Format, Offered, Part, Recognised, Table, decoded, insert

NAME = "reference:chronic-conditions"
LICENCE = "Apache-2.0 (The Tuva Project)"
HEADER = (
    *("condition_id", "condition", "condition_column_name", "chronic_condition_type", "condition_category"),
    *("additional_logic", "claims_qualification", "inclusion_type", "code_system", "code"),
)
SYSTEMS = frozenset(("ICD-10-CM", "ICD-10-PCS", "HCPCS", "NDC", "MS-DRG", "HCC"))
INCLUSIONS = {"Include": 1, "Exclude": 0}
NO_LOGIC = "None"
_NUMBER = re.compile(r"[0-9]{1,9}")
_CONDITION = (
    "id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, category TEXT NOT NULL, logic TEXT NOT NULL,"
    " qualification TEXT NOT NULL"
)
_CODE = (
    "system TEXT NOT NULL, code TEXT NOT NULL, condition INTEGER NOT NULL, included INTEGER NOT NULL,"
    " PRIMARY KEY (system, code, condition, included)"
)


def recognise(offered: Offered) -> Recognised | None:
    """The list, by its header."""
    header = next(iter(decoded(offered.head).splitlines()), "").lower().replace('"', "").split(",")
    return Recognised(NAME, UNDATED, LICENCE) if tuple(cell.strip() for cell in header) == HEADER else None


def read(files: Sequence[Offered], recognised: Recognised) -> Table:
    """Conditions, and the codes of each. Raises InputError for a row that is cut or of an unknown kind."""
    conditions: dict[int, tuple[int, str, str, str, str, str]] = {}
    codes: set[tuple[str, str, int, int]] = set()
    for where, cells in numbered(files[0], len(HEADER)):
        said = dict(zip(HEADER, cells, strict=True))
        if said["code_system"] not in SYSTEMS or said["inclusion_type"] not in INCLUSIONS or not said["code"]:
            raise InputError(f"{where}: its code system or inclusion type is not known; get the file again.")
        if not _NUMBER.fullmatch(said["condition_id"]):
            raise InputError(f"{where}: the condition has no number; get the file again.")
        condition = _condition(said)
        # The rule of a condition is written out at each of its codes.
        if conditions.setdefault(condition[0], condition) != condition:
            raise InputError(f"{where}: condition {condition[0]} is described in two ways; get the file again.")
        codes.add((said["code_system"], said["code"].upper(), condition[0], INCLUSIONS[said["inclusion_type"]]))
    if not codes:
        raise InputError(f"{files[0].name} holds no code; get the file again.")
    return Table(
        (("conditions", len(conditions)), ("codes", len(codes))),
        (
            Part(
                f"CREATE TABLE condition ({_CONDITION})", insert("condition", _CONDITION), sorted(conditions.values())
            ),
            Part(f"CREATE TABLE entry ({_CODE}) WITHOUT ROWID", insert("entry", _CODE), sorted(codes)),
        ),
    )


def _condition(said: Mapping[str, str]) -> tuple[int, str, str, str, str, str]:
    logic = "" if said["additional_logic"] == NO_LOGIC else said["additional_logic"]
    kind, category = said["chronic_condition_type"], said["condition_category"]
    return int(said["condition_id"]), said["condition"], kind, category, logic, said["claims_qualification"]


def differs(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every code of every condition, included or excluded."""
    for name, system, code, included in store.all(
        "SELECT c.name, e.system, e.code, e.included FROM entry e JOIN condition c ON c.id = e.condition"
        " ORDER BY c.name, e.system, e.code, e.included"
    ):
        yield f"{name}: {system} {code}{'' if included else ' (excluded)'}", {"condition": name}


FORMATS: tuple[Format, ...] = (Format("chronic conditions and their codes", recognise, read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: differs}
