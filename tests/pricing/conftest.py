"""The code book of these tests: the embedded releases with the invented schedule of 2026 beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadterm.codesets import CodeBook

from .shelf import shelf


@pytest.fixture(scope="session")
def schedule(book: CodeBook, home: Path, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """A code book that has both fee schedules of January to March 2026, indices, anesthesia, ZIP codes."""
    return shelf(home, tmp_path_factory.mktemp("pricing") / "home")
