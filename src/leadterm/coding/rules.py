"""The registry of guideline rules: what each is, and the function that applies it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from .chart import Candidate, Chart

Apply = Callable[[Chart, list[Candidate]], list[Candidate]]


@dataclass(frozen=True, slots=True)
class Guideline:
    """A rule of the Official Guidelines as coding applies it.

    Attributes:
        id: `AUTHORITY:paragraph/slug`.
        citation: The paragraphs, by their numbers in the edition named by `guidelines`.
        reason: What it says, in one line of ours.
        guidelines: Edition, `FY2026`.
        effective: First day of that edition.
    """

    id: str
    citation: str
    reason: str
    guidelines: str
    effective: date


@cache
def guideline_rules() -> dict[str, Guideline]:
    """All rules by id."""
    table = tomllib.loads((files("leadterm.coding") / "rules.toml").read_text(encoding="utf-8"))
    edition, since = table["guidelines"], table["effective"]
    return {key: Guideline(key, r["citation"], r["reason"], edition, since) for key, r in table["rule"].items()}


def reason(rule: str) -> str:
    """The one line of a rule, with its paragraph. Raises KeyError for an id that is not in the table."""
    entry = guideline_rules()[rule]
    return f"{entry.citation}: {entry.reason}"


@cache
def digest() -> str:
    """sha256 over every table that decides codes, so that an answer can be replayed."""
    total = hashlib.sha256()
    for folder in (files("leadterm.coding"), files("leadterm.coding") / "guidelines"):
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith((".toml", ".tsv", ".py")):
                total.update(file.read_bytes())
    return total.hexdigest()
