"""All sample records: none fails, and what is found in them is what a person has looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from .samples import TABLE, table


@pytest.mark.shared
def test_all_samples_are_read_as_the_table_says(shared: Path) -> None:
    assert table(shared / "samples" / "fhir") == TABLE.read_text(encoding="utf-8")
