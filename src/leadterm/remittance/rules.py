"""The rules that a remittance and its posting are held to, read from `rules.toml`, and the findings that they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any

from leadterm.domain import Finding, StatedRule, stated_rules

# Version 5010 has been the one to use since this day (45 CFR 162.1602).
FIRST_DAY = date(2012, 1, 1)


@cache
def rules() -> Mapping[str, StatedRule]:
    """Every rule by id."""
    return stated_rules((files("leadterm.remittance") / "rules.toml").read_text(encoding="utf-8"))


def finding(rule_id: str, message: str, **location: Any) -> Finding:
    """A finding of that rule; its id is given when it is told (`numbered`)."""
    return rules()[rule_id].finding(message, location)


class Numbers:
    """Gives findings their ids in the order in which they are told: `f1`, `f2`, …"""

    def __init__(self) -> None:
        self._next: Iterator[int] = count(1)

    def __call__(self, found: Finding) -> Finding:
        """The finding with its id."""
        return replace(found, id=f"f{next(self._next)}")
