"""The registry of guideline rules: what each is, and where it stands."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

RULES = "rules.toml"
_EDITION = re.compile(r"FY20\d\d")
DECIDES = (".toml", ".tsv", ".py")


@dataclass(frozen=True, slots=True)
class Guideline:
    """A rule of coding, of the Official Guidelines or of another source that its table names.

    Attributes:
        id: `AUTHORITY:paragraph/slug`.
        citation: The paragraphs, by their numbers in the edition named by `guidelines`.
        reason: What it says, in one line of ours.
        guidelines: Edition, `FY2026`, or another source by its name.
        effective: First day of that edition.
        room: The folder of `coding` that it stands in.
    """

    id: str
    citation: str
    reason: str
    guidelines: str
    effective: date
    room: str = ""

    @property
    def authority(self) -> str:
        """On whose authority it stands: an edition of the Official Guidelines, or the source that its table names."""
        edition = f"Official Guidelines {self.guidelines}" if _EDITION.fullmatch(self.guidelines) else self.guidelines
        return f"{edition}, {self.citation}"


@cache
def guideline_rules() -> dict[str, Guideline]:
    """All rules by id, in the order of the rooms. Raises ValueError where two rooms claim one id."""
    found: dict[str, Guideline] = {}
    for room in _rooms(files("leadterm.coding")):
        table = tomllib.loads((room / RULES).read_text(encoding="utf-8"))
        for id, rule in table.get("rule", {}).items():
            if id in found:
                raise ValueError(f"The rule {id} stands in {found[id].room} and in {room.name}.")
            edition, since = table["guidelines"], table["effective"]
            found[id] = Guideline(id, rule["citation"], rule["reason"], edition, since, room.name)
    return found


def _rooms(folder: Traversable) -> Iterator[Traversable]:
    """The folders that have rules, chapters of the guidelines first."""
    inner = [entry for entry in _sorted(folder) if entry.is_dir()]
    for room in sorted(inner, key=lambda entry: entry.name != "guidelines"):
        if (room / RULES).is_file():
            yield room
        yield from _rooms(room)


def reason(rule: str) -> str:
    """The one line of a rule, with its paragraph. Raises KeyError for an id that is not in the tables."""
    entry = guideline_rules()[rule]
    return f"{entry.citation}: {entry.reason}"


@cache
def digest() -> str:
    """sha256 over every table and module that decides codes, so that an answer can be replayed."""
    total = hashlib.sha256()
    for file in _deciding(files("leadterm.coding")):
        total.update(file.read_bytes())
    return total.hexdigest()


def _deciding(folder: Traversable) -> Iterator[Traversable]:
    for entry in _sorted(folder):
        if entry.is_dir():
            yield from _deciding(entry)
        elif entry.name.endswith(DECIDES):
            yield entry


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda entry: entry.name)
