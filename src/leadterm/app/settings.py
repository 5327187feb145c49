"""Settings of `leadterm.toml`, in the current folder, else in the data home; flags and variables go before them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadterm.domain import InputError

if TYPE_CHECKING:
    from leadterm.coding import Policy
    from leadterm.compliance.signals import SignalRule
    from leadterm.edits import Options

FILE = "leadterm.toml"
KNOWN = {
    "payers": frozenset({"appeal_days"}),
    "coding": frozenset({"omit"}),
    "edits": frozenset({"rules", "criteria"}),
    "signals": frozenset(),
    "compliance": frozenset({"people"}),
}


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


def policy() -> Policy:
    """What the facility leaves out: `[coding] omit = ["activity", …]`. Raises InputError for another setting there."""
    from leadterm.coding import policy_of

    settings = _table("coding")
    if set(settings) - KNOWN["coding"]:
        raise InputError(f"{FILE}: [coding] takes omit, a list of groups.")
    return policy_of(settings.get("omit", []), f"{FILE} [coding]")


def edit_options(rules: Sequence[Path] | None = None, criteria: Sequence[str] | None = None) -> Options:
    """How the edits judge: by the rules and criteria sets that are given, else by those of `[edits]`.

    Raises InputError for a file of rules or a criteria set that is not right.
    """
    from leadterm.edits import read_site_rules
    from leadterm.standards import edits_options

    set_rules, set_criteria, folder = _edits()
    paths = [*rules] if rules else [folder / name for name in set_rules]
    return edits_options(criteria or set_criteria, read_site_rules(paths) if paths else None)


def signal_rules() -> Mapping[str, SignalRule]:
    """The rules of compliance signals, with the thresholds of `[signals.KIND]` in place of the shipped ones.

    Raises InputError for a kind or a setting that nobody knows, and for a value out of its bounds.
    """
    from leadterm.compliance.signals import with_settings

    changed = _table("signals")
    if any(not isinstance(values, dict) for values in changed.values()):
        raise InputError(f"{FILE}: thresholds of signals stand under their kind, as in [signals.em-levels].")
    return with_settings(changed)


def people() -> Mapping[str, Sequence[str]]:
    """What each person is also known by: `[compliance.people] "J. Rivera" = ["1234567893"]`; by name.

    Raises InputError for what is no list of numbers or names.
    """
    settings = _table("compliance")
    found: dict[str, list[str]] = settings.get("people", {})
    known = isinstance(found, dict) and all(
        isinstance(names, list) and all(isinstance(n, str) for n in names) for names in found.values()
    )
    if set(settings) - KNOWN["compliance"] or not known:
        raise InputError(f'{FILE}: [compliance.people] takes lines such as "J. Rivera" = ["1234567893"].')
    return found


def _edits() -> tuple[list[str], list[str], Path]:
    """The files of rules and the criteria sets that are set, and the folder that paths are taken from."""
    settings = _table("edits")
    found = [settings.get(key, []) for key in ("rules", "criteria")]
    texts = all(isinstance(names, list) and all(isinstance(n, str) for n in names) for names in found)
    if set(settings) - KNOWN["edits"] or not texts:
        raise InputError(f"{FILE}: [edits] takes rules, a list of files, and criteria, a list of names.")
    file = _file()
    return found[0], found[1], file.parent if file else Path()


def _file() -> Path | None:
    from leadterm.codesets.store import data_home

    return next((f for f in (Path(FILE), data_home() / FILE) if f.is_file()), None)


def _table(name: str) -> dict[str, Any]:
    file = _file()
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
