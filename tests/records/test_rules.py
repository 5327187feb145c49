"""The rules of readers: each note that a reader can give has one."""

from __future__ import annotations

import re
from pathlib import Path

import leadterm.records
from leadterm.domain import ReadingNote
from leadterm.records import findings, rules

ROOM = Path(leadterm.records.__file__).parent
RULE = re.compile(
    r'"LEADTERM:records/([a-z0-9-]+)"|note\(\s*"([a-z0-9-]+)"|^    "((?:fhir|hl7)-[a-z0-9-]+)":', re.MULTILINE
)


def test_each_note_has_its_rule_and_each_rule_its_note() -> None:
    told = {next(filter(None, found)) for path in ROOM.rglob("*.py") for found in RULE.findall(path.read_text("utf-8"))}
    assert {f"LEADTERM:records/{slug}" for slug in told} == set(rules())


def test_a_note_is_told_once() -> None:
    note = ReadingNote("LEADTERM:records/scan", "1 page is a picture.")
    (found,) = findings((note, note))
    assert (found.rule, found.message, found.severity) == (note.rule, note.message, "warning")
