"""The code book of these tests: the embedded releases with a small fee schedule and small weights beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadterm.codesets import CodeBook

from .shelf import shelf


@pytest.fixture(scope="session")
def priced(book: CodeBook, home: Path, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """A code book that has fee schedules of January to March 2026 and weights of fiscal year 2027."""
    return shelf(home, tmp_path_factory.mktemp("shelf") / "home")
