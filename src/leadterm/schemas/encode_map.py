"""A translated code as contract JSON: map/1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from leadterm.domain import Finding

from .encode_parts import Json, finding, plain


class StepLike(Protocol):
    """A step from one year's code to another's, and the release that says so."""

    @property
    def before(self) -> str: ...  # noqa: D102
    @property
    def after(self) -> str: ...  # noqa: D102
    @property
    def effective(self) -> date | None: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


class LineLike(Protocol):
    """One line of the answer."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def target(self) -> str | None: ...  # noqa: D102
    @property
    def approximate(self) -> bool | None: ...  # noqa: D102
    @property
    def origin(self) -> str: ...  # noqa: D102
    @property
    def combination(self) -> bool: ...  # noqa: D102
    @property
    def scenario(self) -> int: ...  # noqa: D102
    @property
    def choice(self) -> int: ...  # noqa: D102
    @property
    def no_map(self) -> bool: ...  # noqa: D102
    @property
    def source_title(self) -> str | None: ...  # noqa: D102
    @property
    def target_title(self) -> str | None: ...  # noqa: D102
    @property
    def condition(self) -> str | None: ...  # noqa: D102
    @property
    def advice(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def path(self) -> Sequence[StepLike]: ...  # noqa: D102
    @property
    def valid(self) -> bool | None: ...  # noqa: D102
    @property
    def successors(self) -> Sequence[str]: ...  # noqa: D102


class ChoiceLike(Protocol):
    """A choice list and the codes of which one is chosen."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def targets(self) -> Sequence[str]: ...  # noqa: D102


class ScenarioLike(Protocol):
    """A scenario and its choice lists."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def choices(self) -> Sequence[ChoiceLike]: ...  # noqa: D102


class TranslationLike(Protocol):
    """A translated code."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str | None: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def target(self) -> str: ...  # noqa: D102
    @property
    def on(self) -> date: ...  # noqa: D102
    @property
    def backward(self) -> bool: ...  # noqa: D102
    @property
    def maps(self) -> Sequence[LineLike]: ...  # noqa: D102
    @property
    def scenarios(self) -> Sequence[tuple[str, Sequence[ScenarioLike]]]: ...  # noqa: D102
    @property
    def findings(self) -> Sequence[Finding]: ...  # noqa: D102


def translation(value: TranslationLike) -> Json:
    """The answer of `translate`, as leadterm.map/1."""
    return {
        "schema": "leadterm.map/1",
        "code": value.code,
        "description": value.title,
        "from_system": str(value.source),
        "to_system": str(value.target),
        "on": plain(value.on),
        "backward": value.backward,
        "maps": [_line(m) for m in value.maps],
        "scenarios": [_scenario(source, s) for source, found in value.scenarios for s in found],
        "findings": [finding(f) for f in value.findings],
    }


def _line(value: LineLike) -> Json:
    return {
        "from": value.source,
        "to": value.target,
        "approximate": value.approximate,
        "scenario": value.scenario,
        "choice": value.choice,
        "source": value.origin,
        "combination": value.combination,
        "no_map": value.no_map,
        "from_description": value.source_title,
        "to_description": value.target_title,
        "condition": value.condition,
        "advice": list(value.advice),
        "path": [_step(s) for s in value.path],
        "valid": value.valid,
        "successors": list(value.successors),
    }


def _step(value: StepLike) -> Json:
    return {"from": value.before, "to": value.after, "effective": plain(value.effective), "source": value.source}


def _scenario(source: str, value: ScenarioLike) -> Json:
    choices = [{"choice": c.number, "to": list(c.targets)} for c in value.choices]
    return {"from": source, "scenario": value.number, "choices": choices}
