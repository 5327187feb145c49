"""The table as a workbook (ECMA-376, SpreadsheetML), written row by row: texts are texts, never formulas."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

from .cells import is_formula
from .columns import COLUMNS, Cell, Row

# What a sheet and a cell may hold.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
CUT = "…"
DAY_ZERO = date(1899, 12, 30)
# Before March 1900 the calendar of spreadsheets has a day that never was.
FIRST_DAY = date(1900, 3, 1)
# Styles by their place in `_STYLES`: of dates, of texts that are kept from being taken for formulas when edited.
DATED, QUOTED, HEADED = 1, 2, 3
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# `_x0041_` stands for a character; so does whatever XML cannot hold, and what would be read as such is escaped.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\r|_(?=x[0-9A-Fa-f]{4}_)")
_HALVES = re.compile("[\ud800-\udfff]")
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf quotePrefix="1"/>'
    '<xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_xlsx(rows: Iterable[Row], path: Path) -> None:
    """Writes the rows under a header, over as many sheets as they take."""
    left = iter(rows)
    count = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        first = next(left, None)
        while first is not None or count == 0:
            count += 1
            given = chain((first,), islice(left, MOST_ROWS - 2)) if first is not None else iter(())
            _sheet(book, count, given)
            first = next(left, None)
        for name, content in _parts(count):
            book.writestr(_member(name), f"{_PROLOGUE}{content}")


def _sheet(book: zipfile.ZipFile, number: int, rows: Iterable[Row]) -> None:
    with book.open(_member(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as file:
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        file.write(f'{_PROLOGUE}<worksheet xmlns="{_MAIN}">{view}<sheetData>'.encode())
        header = "".join(_text(name, HEADED) for name in COLUMNS)
        file.write(f"<row>{header}</row>".encode())
        for row in rows:
            file.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
        file.write(b"</sheetData></worksheet>")


def _member(name: str) -> zipfile.ZipInfo:
    """A member that does not tell when it was written: the same table is the same file."""
    found = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _cell(value: Cell) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        return _text(value, QUOTED if is_formula(value) else 0)
    if isinstance(value, date):
        return f'<c s="{DATED}"><v>{(value - DAY_ZERO).days}</v></c>' if value >= FIRST_DAY else _text(str(value), 0)
    return f"<c><v>{value:f}</v></c>" if isinstance(value, Decimal) else f"<c><v>{value}</v></c>"


def _text(value: str, style: int) -> str:
    """A text as it is; cut where a cell holds no more."""
    kept = value if _length(value) <= MOST_CHARACTERS else value[: MOST_CHARACTERS // 2 - 1] + CUT
    written = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", _HALVES.sub("\ufffd", kept))
    escaped = written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    styled = f' s="{style}"' if style else ""
    return f'<c{styled} t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


def _length(text: str) -> int:
    """Characters as spreadsheets count them, in UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parts(sheets: int) -> Iterator[tuple[str, str]]:
    """The members beside the sheets."""
    numbers = range(1, sheets + 1)
    kinds = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_SHEET_TYPE}.{kind}+xml"/>'
        for name, kind in [
            ("workbook", "sheet.main"),
            ("styles", "styles"),
            *((f"worksheets/sheet{n}", "worksheet") for n in numbers),
        ]
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = (
        f'<Default Extension="rels" ContentType="{relations}"/><Default Extension="xml" ContentType="application/xml"/>'
    )
    yield "[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{kinds}</Types>'
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(f'<sheet name="codes{n if n > 1 else ""}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'
