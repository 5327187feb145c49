"""Reads a sheet of a workbook, after a look at how large it would become.

The library that reads workbooks takes memory for every cell up to the farthest one and ends the process when there is
none: five kilobytes with one cell in the last corner would do. So the archive is bounded like any other, and the sheets
are searched for the farthest cell first.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO, Any

from leadterm.domain import InputError

from ..archives import BROKEN, unsafe

MOST_CELLS = 1 << 24  # a part of NCCI has seven million
COLUMNS, ROWS = 16_384, 1_048_576  # of the format itself (ECMA-376)
WORKBOOK = "xl/workbook.xml"
BEGIN = b"sheetData"
PIECE = 1 << 20
LONGEST = 1 << 18  # a cell holds 32,767 characters
# A place with a value; a cell that is only formatted (the last group) takes no memory.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)([0-9]+)["'](\s*(?:\w+="\w*"\s*)*/>)?""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ROW_PLACE = re.compile(rb"""\sr\s*=\s*["'][0-9]+["']""")


def sheet_rows(data: bytes, name: str, sheet: str | None) -> list[list[Any]]:
    """The rows of a sheet (None: the first). Raises InputError for what is no workbook or would not fit into memory."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        page = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        rows: list[list[Any]] = page.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OverflowError):
        raise _unreadable(name) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library; it is no Exception
            raise
        raise _unreadable(name) from None
    return rows


def _unreadable(name: str) -> InputError:
    return InputError(f"The workbook {name} cannot be read: it is damaged, or no workbook; fetch it again.")


def _check(data: bytes, name: str) -> None:
    """Nothing. Raises InputError for an archive that is no workbook, or one with a sheet beyond every measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if reason := unsafe(members, len(data)):
                raise InputError(f"The workbook {name} is refused: {reason}")
            if WORKBOOK not in {m.filename for m in members}:
                raise InputError(f"The file {name} is no workbook; fetch it again.")
            for member in members:
                with archive.open(member) as file:
                    width, height = _measured(file)
                if width * height > MOST_CELLS or width > COLUMNS or height > ROWS:
                    raise InputError(
                        f"A sheet of the workbook {name} reaches over {width:,} columns and {height:,} rows, more than "
                        "any release has; it is not read."
                    )
    except BROKEN:
        raise _unreadable(name) from None


def _measured(file: IO[bytes]) -> tuple[int, int]:
    """Columns and rows up to the farthest cell of a sheet, or more where places are not written; none for no sheet."""
    width = height = widest = unplaced = 0
    begun = False
    carried = b""
    while piece := file.read(PIECE):
        # What is cut at the end of a piece is looked at again with the next one.
        text = carried + piece
        end = max(0, text.rfind(b"<"))
        begun = begun or BEGIN in text
        if not begun:
            carried = text[-len(BEGIN) :]
            continue
        text, carried = text[:end], text[end:]
        if len(carried) > LONGEST:
            raise ValueError("a tag or a text without end")
        found = _PLACE.findall(text)
        width = max(width, max(map(_number, {letters for letters, _, empty in found if not empty}), default=0))
        height = max(height, max(map(int, {digits[:9] for _, digits, empty in found if not empty}), default=0))
        if len(_CELL.findall(text)) > len(found):
            # A row may be cut once, hence twice the most that is seen of one.
            widest = max(widest, 2 * max(len(_CELL.findall(row)) for row in _ROW.split(text)))
        unplaced += max(0, len(_ROW.findall(text)) - len(_ROW_PLACE.findall(text)))
    return max(width, widest), height + (unplaced if width or widest else 0)


def _number(letters: bytes) -> int:
    """The column that letters name: 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper()[:5]:
        number = number * 26 + letter - 64
    return number
