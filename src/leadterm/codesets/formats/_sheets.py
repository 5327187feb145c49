"""Tables that are published as csv in one year and as a workbook in the next: rows, cells, what to refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from leadterm.domain import InputError

from ._offered import Offered

MOST_HEADER_ROWS = 40
# What is said of qualifying participants in an APM, in the names of files and columns since 2026.
QUALIFYING = re.compile(r"(?i)(?<!non)(?<!non-)(?<!non_)qpp?(?![a-z])|(?<!non-)(?<!non)qualifying")
# A workbook may write a small number with an exponent.
_VALUE = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]{0,24})?|\.[0-9]{1,24})(?:[eE][-+]?[0-9]{1,2})?")


def rows_of(offered: Offered) -> Iterator[list[Any]]:
    """The rows of a workbook's first sheet, or of a csv."""
    return iter(offered.sheet()) if offered.is_workbook else offered.table()


def text_of(value: object, width: int = 0) -> str:
    """What a cell says, on one line; a whole number with its leading zeros up to a width."""
    if isinstance(value, float) and value.is_integer() and width:
        return str(int(value)).zfill(width)
    return " ".join(str(value).split())


def number(text: str) -> str:
    """A decimal, without the zeros that a workbook leaves away. Raises ValueError for what is none."""
    if not _VALUE.fullmatch(text):
        raise ValueError("has a value that is no number")
    return f"{Decimal(text).normalize():f}"


def refused(offered: Offered, line: int, error: ValueError) -> InputError:
    """What to raise for a row that cannot be read."""
    return InputError(f"Row {line} of {offered.name} {error}; fetch the file again.")
