"""Settings of `leadterm.toml`, in the current folder, else in the data home; flags and variables go before them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadterm.domain import InputError

FILE = "leadterm.toml"
KNOWN = {"payers": frozenset({"appeal_days"}), "coding": frozenset({"omit"}), "edits": frozenset({"criteria"})}


def contract_days() -> Mapping[str, int]:
    """How many days from the remittance each payer's contract gives, by payer id: `[payers.ID] appeal_days = 180`.

    Raises InputError for a file that cannot be read or has a setting that nobody knows.
    """
    found = {}
    for payer, settings in _table("payers").items():
        days = settings.get("appeal_days") if isinstance(settings, dict) else None
        if set(settings) - KNOWN["payers"] or type(days) is not int or days < 1:
            raise InputError(f"{FILE}: [payers.{payer}] takes appeal_days, a whole number of days.")
        found[payer] = days
    return found


def omitted() -> Any:
    """What the facility leaves out: `[coding] omit = ["activity", …]`. Raises InputError for another setting there."""
    settings = _table("coding")
    if set(settings) - KNOWN["coding"]:
        raise InputError(f"{FILE}: [coding] takes omit, a list of groups.")
    return settings.get("omit", [])


def criteria() -> tuple[str, ...]:
    """The criteria sets of clinical validity: `[edits] criteria = ["sepsis-3", …]`.

    Raises InputError for another setting there.
    """
    settings = _table("edits")
    names = settings.get("criteria", [])
    if set(settings) - KNOWN["edits"] or not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise InputError(f'{FILE}: [edits] takes criteria, a list of names, such as ["sepsis-3", "glim"].')
    return tuple(names)


def _table(name: str) -> dict[str, Any]:
    from leadterm.codesets.store import data_home

    file = next((f for f in (Path(FILE), data_home() / FILE) if f.is_file()), None)
    if file is None:
        return {}
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{file} cannot be read as TOML: {error}.") from None
    if unknown := set(settings) - set(KNOWN):
        raise InputError(f"{file} has settings that nobody knows: {', '.join(sorted(unknown))}.")
    table = settings.get(name, {})
    if not isinstance(table, dict):
        raise InputError(f"{file}: {name} is a table.")
    return table
