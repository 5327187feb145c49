"""leadterm.recoding/1: what late documents change of a coding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from leadterm.domain import Assignment, CodedEncounter, Evidence

from .encode import coded
from .encode_parts import Json, evidence, plain


class Turned(Protocol):
    """What became of a code, as review tells it."""

    @property
    def turn(self) -> Any: ...  # noqa: D102
    @property
    def before(self) -> Assignment | None: ...  # noqa: D102
    @property
    def after(self) -> Assignment | None: ...  # noqa: D102
    @property
    def aspects(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def evidence(self) -> tuple[Evidence, ...]: ...  # noqa: D102
    @property
    def by_late(self) -> bool: ...  # noqa: D102
    @property
    def assignment(self) -> Assignment: ...  # noqa: D102


class Changed(Protocol):
    """How two codings of an encounter differ, as review tells it."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def reopened(self) -> bool: ...  # noqa: D102
    @property
    def late(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def fallen(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def leading(self) -> tuple[str | None, str | None] | None: ...  # noqa: D102
    @property
    def turns(self) -> Iterable[Turned]: ...  # noqa: D102


def recoding(value: Changed, now: CodedEncounter | None = None) -> Json:
    """`value` as leadterm.recoding/1, with the coding as it is now where that is given."""
    turns = {name: [_turn(t) for t in value.turns if t.turn == name] for name in ("added", "removed", "changed")}
    before, after = value.leading or (None, None)
    return {
        "schema": "leadterm.recoding/1",
        "id": value.id,
        "reopened": value.reopened,
        "late": list(value.late),
        "fallen": list(value.fallen),
        "leading": {"before": before, "after": after} if value.leading else None,
        **turns,
        **({} if now is None else {"coded": coded(now)}),
    }


def _turn(value: Turned) -> Json:
    a = value.assignment
    return {
        "code": a.code.value,
        "system": a.code.system.value,
        "description": a.description,
        "role": a.role.value,
        "aspects": [
            {"name": n, "before": plain(getattr(value.before, n)), "after": plain(getattr(value.after, n))}
            for n in value.aspects
        ],
        "by_late": value.by_late,
        "evidence": [evidence(e) for e in value.evidence],
    }
