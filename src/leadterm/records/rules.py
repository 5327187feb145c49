"""The rules that records are read by, from `rules.toml`, and the findings that readers' notes become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from leadterm.domain import Finding, ReadingNote, StatedRule, stated_rules


@cache
def rules() -> Mapping[str, StatedRule]:
    """Every rule by id."""
    return stated_rules((files("leadterm.records") / "rules.toml").read_text(encoding="utf-8"))


def findings(notes: Iterable[ReadingNote]) -> tuple[Finding, ...]:
    """The findings of a reader's notes, in their order, each said once; ids are given when they are told."""
    return tuple(rules()[note.rule].finding(note.message, {}) for note in dict.fromkeys(notes))
