"""Records of the common data: nothing that their headers tell is left in what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadterm.deidentification import Kind, Options, deidentify
from leadterm.deidentification.known import of_encounter
from leadterm.deidentification.naming import is_ambiguous
from leadterm.domain import Encounter
from leadterm.records import Overrides, read_upload

pytestmark = pytest.mark.shared


def encounters(path: Path) -> list[Encounter]:
    charts = read_upload(path.name, path.read_bytes(), Overrides())
    return [c.content for c in charts if isinstance(c.content, Encounter)]


@pytest.mark.parametrize(("folder", "pattern", "step"), [("ccda", "*.xml", 12), ("hl7v2", "*.hl7", 16)])
def test_no_name_or_number_of_a_header_is_left(shared: Path, folder: str, pattern: str, step: int) -> None:
    left = []
    for path in sorted((shared / "samples" / folder).rglob(pattern))[::step]:
        for encounter in encounters(path):
            text = "\n".join(d.text for d in deidentify(encounter, Options(year=2026)).encounter.documents)
            told = of_encounter(encounter)
            numbers = [s for s, kind in told.strings if kind not in (Kind.ZIP, Kind.PLACE, Kind.ORGANIZATION)]
            names = [n for n in told.names if not is_ambiguous(n)]
            standing = (re.compile(rf"(?<!\w){re.escape(s)}(?!\w)", re.IGNORECASE) for s in (*numbers, *names))
            left += [path.name for pattern in standing if pattern.search(text)]
    assert left == []
