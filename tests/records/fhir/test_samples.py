"""All sample records: none fails, and what is found in them is what a person has looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadterm.records.fhir import read

from .samples import TABLE, has_record_within, table


@pytest.mark.shared
def test_all_samples_are_read_as_the_table_says(shared: Path) -> None:
    assert table(shared / "samples" / "fhir") == TABLE.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.shared
def test_records_within_records_are_read(shared: Path) -> None:
    pytest.importorskip("pypdfium2", reason="reads attachments in PDF")
    files = [f for f in (shared / "samples" / "fhir" / "us-core").glob("*.json") if has_record_within(f.read_bytes())]
    read_in = {f.name for f in files for e in read(f.read_bytes(), f.name, f.stem) if e.documents}
    assert len(files) == 8
    # Three name only the address of a PDF.
    assert len(read_in) == 5
