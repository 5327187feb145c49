"""What the tests of edits share: a code book with the edit tables of `tables/` beside the embedded releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadterm.codesets import CodeBook, open_book

from .shelf import tables_home


# Not named `book`: what the whole session shares would be made over it.
@pytest.fixture(scope="session")
def tables(home: Path, book: CodeBook) -> CodeBook:
    """The code book over the embedded releases and the edit tables."""
    return open_book(tables_home(home, book))
