"""The rule of each signal and the settings of a user, read from the TOML file beside the module that looks for it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from leadterm.domain import InputError, InternalError

# One module a kind or two; the order of signals.
MODULES = (
    "em_levels",
    "modifiers",
    "unbundling",
    "time_of_day",
    "cloned_notes",
    "sudden_use",
    "drg_pairs",
    "only_assessed",
    "exclusions",
)
PREFIX = "LEADTERM:signals/"


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that a user may change: its value, the bounds within which it makes sense, and what it means."""

    value: float
    least: float
    most: float
    meaning: str


@dataclass(frozen=True, slots=True)
class SignalRule:
    """The rule of one kind of signals.

    Attributes:
        id: `LEADTERM:signals/em-levels`; its last part is the kind.
        title: What it asks, in a few words.
        citation: Manual, regulation or report that makes it worth asking.
        effective: First day.
        statistic: What is computed, over what, and what it is compared with.
        counted: What numerator and denominator are: `claims with …, of claims with …`.
        innocent: What explains it without anything being wrong.
        settings: Thresholds, smallest denominators and the like, by name.
    """

    id: str
    title: str
    citation: str
    effective: date
    statistic: str
    counted: str
    innocent: str
    settings: Mapping[str, Setting]

    @property
    def kind(self) -> str:
        """`em-levels`."""
        return self.id.removeprefix(PREFIX)

    def __getitem__(self, name: str) -> float:
        """The value of a setting."""
        return self.settings[name].value


@cache
def signal_rules() -> Mapping[str, SignalRule]:
    """Every rule by kind, in the order of signals. Raises InternalError for a table with unknown keys."""
    found = {}
    for module in MODULES:
        text = (files(__package__) / f"{module}.toml").read_text(encoding="utf-8")
        for row in tomllib.loads(text)["signal"]:
            rule = _rule(row)
            found[rule.kind] = rule
    return found


def _rule(row: dict[str, Any]) -> SignalRule:
    try:
        settings = {name: Setting(**said) for name, said in row.pop("settings", {}).items()}
        return SignalRule(**row, settings=settings)
    except TypeError as error:
        raise InternalError(f"A signal's table lacks or should not have a key: {error}.") from None


def with_settings(changed: Mapping[str, Mapping[str, float]]) -> Mapping[str, SignalRule]:
    """The rules with these settings, by kind and name, in place of the shipped ones.

    Raises InputError for a kind or a setting that nobody knows, and for a value out of its bounds.
    """
    found = dict(signal_rules())
    for kind, values in changed.items():
        if kind not in found:
            raise InputError(f"There is no signal {kind!r}; the signals are {', '.join(found)}.")
        found[kind] = _changed(found[kind], values)
    return found


def _changed(rule: SignalRule, values: Mapping[str, float]) -> SignalRule:
    settings = dict(rule.settings)
    for name, value in values.items():
        if name not in settings:
            known = ", ".join(settings) or "none"
            raise InputError(f"The signal {rule.kind} has no setting {name!r}; its settings are {known}.")
        one = settings[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not one.least <= value <= one.most:
            raise InputError(f"{rule.kind}.{name} is a number from {one.least:g} to {one.most:g}.")
        settings[name] = replace(one, value=value)
    return replace(rule, settings=settings)
