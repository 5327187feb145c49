"""The rules that records are read by, from `rules.toml`, and the findings that readers' notes become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from leadterm.domain import Finding, ReadingNote, Severity, StatedRule, stated_rules

LATE = "LEADTERM:records/late"
CHANGED = "The encounter is re-opened: look at what changed."
UNCHANGED = "They change no code."


@cache
def rules() -> Mapping[str, StatedRule]:
    """Every rule by id."""
    return stated_rules((files("leadterm.records") / "rules.toml").read_text(encoding="utf-8"))


def findings(notes: Iterable[ReadingNote]) -> tuple[Finding, ...]:
    """The findings of a reader's notes, in their order, each said once; ids are given when they are told.

    A note of a rule that this version does not know tells nothing.
    """
    known = rules()
    return tuple(known[note.rule].finding(note.message, {}) for note in dict.fromkeys(notes) if note.rule in known)


def late(came: int, fell: int, reopened: bool) -> tuple[Finding, ...]:
    """The finding on an encounter that was coded before: how many documents came, how many no longer stand.

    None where there are neither and nothing changed.
    """
    if not (came or fell or reopened):
        return ()
    told = f"Since it was coded before, {came} documents came and {fell} no longer stand."
    found = rules()[LATE].finding(f"{told} {CHANGED if reopened else UNCHANGED}", {})
    return (found if reopened else replace(found, severity=Severity.INFO),)
