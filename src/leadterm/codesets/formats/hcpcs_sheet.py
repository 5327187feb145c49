"""Reads the HCPCS Level II workbook of CMS: one row a code, under a header that some quarters put below words."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from leadterm.domain import InputError

from ._offered import Offered
from .hcpcs_fixed import LAYOUT
from .hcpcs_record import Record

NAMES = ("HCPC", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION")
REQUIRED = frozenset((*NAMES, "PRICE1", "MULT_PI", "COV", "BETOS", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD"))
# The header stands within these rows; words about coverage and trade names may stand above it.
SEARCHED_ROWS = 60
# A number in a cell lost the zeros before it: fields of digits alone, with the width that the layout gives them.
DIGITS = {
    field: last - first + 1
    for field, (first, last) in LAYOUT.items()
    if field.startswith(("PRICE", "LABCERT", "PROCNOTE"))
}
LOCAL_HEADER = b"PK\x03\x04"
HEADER_BYTES = 30
STRINGS = b"xl/sharedStrings.xml"
MOST_TEXT = 65_536  # a head inflates to no more than this, whatever is packed into it
NAMES_SEEN = 5  # so many column names of HCPCS in the first strings are no accident


def records(offered: Offered) -> Iterator[Record]:
    """The records of the first sheet, in its order.

    Raises InputError where no header with the names of CMS is found, and for a cell that holds something else.
    """
    rows = offered.sheet()
    at = next((n for n, row in enumerate(rows[:SEARCHED_ROWS]) if set(NAMES) <= set(_header(row))), None)
    if at is None:
        raise InputError(
            f"The workbook {offered.name} has no row with the names {', '.join(NAMES)}: it is not the HCPCS Level II "
            "file (ANWEB) of CMS; get that one."
        )
    names = _header(rows[at])
    if missing := sorted(REQUIRED - set(names)):
        raise InputError(f"The workbook {offered.name} lacks the column {missing[0]}; get the original one from CMS.")
    columns = [(name, index) for index, name in enumerate(names) if name in LAYOUT]
    for number, row in enumerate(rows[at + 1 :], at + 2):
        fields = {name: _text(row[index], name, number, offered.name) for name, index in columns}
        if any(fields.values()):
            yield Record(number, fields["RECID"], fields["HCPC"], fields)


def _header(row: list[Any]) -> list[str]:
    return [" ".join(cell.upper().split()) if isinstance(cell, str) else "" for cell in row]


def _text(cell: Any, field: str, number: int, name: str) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, (datetime, date)):
        return cell.strftime("%Y%m%d")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell).zfill(DIGITS.get(field, 1))
    raise InputError(f"{name}, row {number}: the cell in {field} holds {cell!r}; get the original workbook from CMS.")


def shows_names(head: bytes) -> bool:
    """Whether the beginning of a workbook's file shows columns of HCPCS, whatever the file is called."""
    strings = _strings(head)
    return sum(f">{name}<" in strings for name in LAYOUT) >= NAMES_SEEN


def _strings(head: bytes) -> str:
    """The strings of a workbook as far as the first bytes of its file reach; empty where they do not.

    They stand in a member of their own, whose beginning can be read without the rest of the archive (local headers of
    the ZIP format, APPNOTE 4.3.7).
    """
    at = 0
    while at >= 0 and head.startswith(LOCAL_HEADER, at) and len(head) >= at + HEADER_BYTES:
        name_length, extra_length = (int.from_bytes(head[at + n : at + n + 2], "little") for n in (26, 28))
        name = head[at + HEADER_BYTES : at + HEADER_BYTES + name_length]
        member = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            text = member.decompress(head[at + HEADER_BYTES + name_length + extra_length :], MOST_TEXT)
        except zlib.error:
            return ""
        if name == STRINGS:
            return text.decode("utf-8", errors="replace")
        if not member.eof:
            return ""
        at = head.find(LOCAL_HEADER, len(head) - len(member.unused_data))
    return ""
