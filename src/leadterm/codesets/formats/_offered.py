"""A file that is handed over to be installed, and what a reader makes of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from leadterm.domain import DateRange, InputError

# What a reader sees before it says whether a file is its own.
HEAD_BYTES = 8_192
WORKBOOKS = (".xlsx", ".xlsm")
ENCODINGS = ("utf-8-sig", "cp1252")
CONSTRAINTS = frozenset(("PRIMARY", "UNIQUE", "CHECK"))


@dataclass(frozen=True, slots=True)
class Offered:
    """One file, or one member of an archive.

    Attributes:
        path: Name as shown to the user, with `/`: `hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/HCPC2019.txt`.
            An `.xz` or `.gz` wrapper is taken off the name, and off the data.
        around: Names of the folders above what was handed over, nearest first; they may tell the date.
        head: The first `HEAD_BYTES` bytes.
        load: Gives all bytes; called once by whoever reads the file.
    """

    path: str
    head: bytes
    load: Callable[[], bytes]
    around: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.path).name

    @property
    def is_workbook(self) -> bool:
        """Whether its name is a workbook's."""
        return self.name.lower().endswith(WORKBOOKS)

    @property
    def places(self) -> tuple[str, ...]:
        """The file's own name, then its folders and archives, nearest first: where a date may be written."""
        return (*reversed(PurePosixPath(self.path).parts), *self.around)

    def starts(self, *beginnings: str) -> bool:
        """Whether the text begins with one of `beginnings`, whatever the case and whatever blanks stand before."""
        return decoded(self.head).lstrip('\ufeff \t\r\n"').lower().startswith(tuple(b.lower() for b in beginnings))

    def mentions(self, *words: str) -> bool:
        """Whether each of `words` stands in the first `HEAD_BYTES`, whatever the case."""
        head = decoded(self.head).lower()
        return all(word.lower() in head for word in words)

    def text(self) -> str:
        """The whole file as text: UTF-8 where it is, else Windows-1252, which CMS still writes."""
        return decoded(self.load())

    def lines(self) -> list[str]:
        """The lines of the file, without their ends."""
        return self.text().splitlines()

    def table(self, delimiter: str = ",") -> Iterator[list[str]]:
        """The rows of a CSV file. Raises InputError, with the line, for one that cannot be read."""
        return separated(io.StringIO(self.text(), newline=""), self.name, delimiter)

    def json(self) -> Any:
        """What a JSON file holds. Raises InputError for one that is cut, nested beyond reason, or no text."""
        text = self.text()
        try:
            value = json.loads(text)
            if _HALVES.search(text):  # half a character in an escape: no store can hold it
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            why = "cannot be read as JSON (no whole JSON file)"
            raise InputError(f"The file {self.name} {why}; fetch it again.") from None
        return value

    def sheet(self, name: str | None = None) -> list[list[Any]]:
        """The rows of one sheet of a workbook (None: the first). Raises InputError for what is no workbook."""
        from ._workbooks import sheet_rows

        return sheet_rows(self.load(), self.name, name)


_CODE_LIKE = re.compile(r"[A-Z]?[0-9]{1,5}[0-9A-Z.]{0,3}")
# Escapes of characters beyond the first plane come in halves.
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")


def separated(
    lines: Iterable[str], name: str, delimiter: str = ",", quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> Iterator[list[str]]:
    """The cells of each line. Raises InputError, with the line, for what is no table."""
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
    try:
        yield from reader
    except csv.Error:
        where = f"{name} line {reader.line_num}"
        raise InputError(f"{where} is no CSV (a quote stays open?); fetch the file anew.") from None


def quoted(cell: str) -> str:
    """A cell for a message: as it stands where it could be a code. Words in the wrong column may belong to somebody."""
    return f"'{cell}'" if _CODE_LIKE.fullmatch(cell) else "what stands in place of the code"


def decoded(data: bytes) -> str:
    """`data` as text: UTF-8 (a cut last character forgiven), else Windows-1252."""
    try:
        return data.decode(ENCODINGS[0])
    except UnicodeDecodeError as error:
        if len(data) <= HEAD_BYTES and error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return data[: error.start].decode(ENCODINGS[0])
        return data.decode(ENCODINGS[1], errors="replace")


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a store.

    Attributes:
        schema: Statements that create it and its indexes.
        insert: The statement that takes a row.
        rows: What is put in.
    """

    schema: str
    insert: str
    rows: Iterable[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """What one or several files of a release become.

    Attributes:
        counts: What was read, by kind: shown to the user and kept in the manifest.
        parts: The tables of the store, filled in order.
        partial: Whether the files cover only part of the component (one chapter): never a fallback then.
    """

    counts: tuple[tuple[str, int], ...]
    parts: tuple[Part, ...]
    partial: bool = False


def one_table(
    counts: Iterable[tuple[str, int]],
    columns: str,
    rows: Iterable[tuple[Any, ...]],
    indexes: str = "",
    rowid: bool = False,
    partial: bool = False,
) -> Table:
    """A table `entry` with these columns (SQL), filled with `rows`; `rowid` where a column is INTEGER PRIMARY KEY."""
    schema = f"CREATE TABLE entry ({columns}){'' if rowid else ' WITHOUT ROWID'}; {indexes}"
    return Table(tuple(counts), (Part(schema, insert("entry", columns), rows),), partial)


def insert(table: str, columns: str) -> str:
    """The statement that takes a row of a table with these columns; table constraints are not counted."""
    own = [c for c in _top_level(columns) if re.split(r"[\s(]", c, maxsplit=1)[0].upper() not in CONSTRAINTS]
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(own))})"


def _top_level(columns: str) -> list[str]:
    """The definitions between the commas that stand outside parentheses."""
    found, depth = [""], 0
    for character in columns:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return [c.strip() for c in found]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is: the component that it belongs to and the days that it covers.

    Attributes:
        name: `icd10cm:index`.
        period: Days covered; open where the owner publishes no next one.
        licence: Terms of the content.
        rank: Of two files that say the same (a text and a workbook in one archive), the lower is read.
    """

    name: str
    period: DateRange
    licence: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """One official format.

    Attributes:
        what: In words, for messages: "ICD-10-CM Alphabetic Index".
        recognise: What a file is, judged by its head and its names; None when it is of another format. Raises
            InputError for a file that claims to be of this format and cannot be (a date that contradicts itself).
        read: The table that the files of one release become. Raises InputError, with the line, for what does not fit.
        joins: Whether the files of one release are read together (parts of NCCI); else one is read and others of the
            same release are told as superfluous.
        piece: Which piece of a release that joins a file is: one that is installed later takes the place of the same
            piece and joins the others.
    """

    what: str
    recognise: Callable[[Offered], Recognised | None]
    read: Callable[[Sequence[Offered], Recognised], Table]
    joins: bool = False
    piece: Callable[[Offered], object] = lambda offered: offered.name.lower()
