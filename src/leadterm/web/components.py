"""The components that pages are made of, and what a page says where one is not installed."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from leadterm.codesets import CodeBook
from leadterm.codesets.faces import Face
from leadterm.domain import DataMissing

F = TypeVar("F", bound=Face)


def opened(book: CodeBook, face: type[F], on: date | None) -> tuple[F | None, str]:
    """A component, or None and the sentence that names the commands which bring it."""
    try:
        return book.component(face, on), ""
    except DataMissing as error:
        return None, str(error)
