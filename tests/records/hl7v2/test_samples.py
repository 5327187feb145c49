"""Every message of the common data: read without failing, every line of narrative with its place."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from tests.records import samples
from tests.records.hl7v2.notation import reached

from leadterm.domain import Encounter
from leadterm.records import hl7v2

TEXTS = ("TX", "FT", "ST")


@pytest.fixture
def files(shared: Path) -> list[Path]:
    """The files."""
    found = sorted((shared / "samples/hl7v2").rglob("*.hl7"))
    assert len(found) == 143
    return found


def test_all_are_read(files: list[Path]) -> None:
    by_type: dict[str, list[Encounter]] = defaultdict(list)
    for path in files:
        raw = path.read_bytes()
        by_type["^".join(_header(raw)[8].split("^")[:2])] += hl7v2.read(raw, path.name, path.stem)
    assert samples.agrees("hl7v2/samples.tsv", (samples.row(kind, found) for kind, found in sorted(by_type.items())))


def test_every_line_of_narrative_is_reached(files: list[Path]) -> None:
    lines = 0
    for path in files:
        raw = path.read_bytes()
        (encounter,) = hl7v2.read(raw, path.name, path.stem)
        there = "\n".join(reached(raw, document) for document in encounter.documents)
        for line in _narrative(raw.decode("utf-8-sig")):
            lines += 1
            assert line.replace("\\T\\", "&") in there, path.name
    assert lines > 250


def _header(raw: bytes) -> list[str]:
    return raw.decode("utf-8-sig").splitlines()[0].split("|")


def _narrative(text: str) -> list[str]:
    """Comments and texts of observations, by the usual separators."""
    found = []
    for segment in text.splitlines():
        fields = segment.split("|")
        if fields[0] == "NTE" and len(fields) > 3:
            found += fields[3].split("~")
        elif fields[0] == "OBX" and len(fields) > 5 and fields[2] in TEXTS:
            found += fields[5].split("~")
    return [line for line in found if line.strip()]
