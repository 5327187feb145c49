"""The addenda of the outpatient prospective payment system: B (by code) and A (by payment classification, APC).

Layout of both, csv or workbook: title lines, then a header. B: `HCPCS Code`, `Short Descriptor` (of the AMA, never
read), `CI`, `SI`, `APC`, `Relative Weight`, `Payment Rate`, `National Unadjusted Copayment`, `Minimum Unadjusted
Copayment`. A: `APC`, `Group Title` (a government text) and the same behind it. Columns for drugs whose coinsurance is
adjusted, for the end of a pass-through and for notes come and go, and `CI` with them: each is found by its words.
Money is written `$3,307.24`, a value that there is not as nothing or a full stop, a coinsurance as `16.4%`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from leadterm.domain import InputError

from ..payment.opps import GROUP_FIELDS, ROW_FIELDS
from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import calendar
from ._offered import Format, Offered, Recognised, Table, decoded, one_table
from ._sheets import MOST_HEADER_ROWS, rows_of

LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
LONGEST_HEADER = 600  # characters up to its copayments
# Field -> how the words of its column begin, blanks and case aside; the first that fits is taken.
CODE = ("hcpcs code", "hcpcs")
COLUMNS = {
    "indicator": ("si", "status indicator"),
    "apc": ("apc",),
    "weight": ("relative weight",),
    "rate": ("payment rate",),
    "copayment": ("national unadjusted copayment",),
    "minimum": ("minimum unadjusted copayment",),
    "coinsurance": ("ira coinsurance", "adjusted coinsurance"),
    "adjusted": ("adjusted beneficiary copayment",),
    "expires": ("drug and device pass-through expiration",),
}
WIDTHS = {"code": 5}  # a workbook may hold 00100 as a number
NEEDED = ("indicator", "apc", "weight", "rate", "minimum")
ROW_SCHEMA = ", ".join(f"{n} TEXT{' PRIMARY KEY' if n == 'code' else ' NOT NULL'}" for n in ROW_FIELDS)
GROUP_SCHEMA = ", ".join(f"{n} TEXT{' PRIMARY KEY' if n == 'apc' else ' NOT NULL'}" for n in GROUP_FIELDS)
_CODE = re.compile(r"[0-9A-Z]{5}")
_APC = re.compile(r"[0-9]{1,4}")
_INDICATOR = re.compile(r"[A-Z][0-9]?")
_MONEY = re.compile(r"\$?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})(%?)")
_NAMED = re.compile(r"(?i)addendum[\s_.-]*([ab])(?![a-z])")
_TITLED = re.compile(r"(?i)addendum[\s_.-]*([a-p])(?![a-z])")
# A code is followed by bytes that are no character in some releases.
_EDGES = re.compile(r"^[^0-9A-Za-z]+|[^0-9A-Za-z]+$")
HUNDRED = Decimal(100)


def _recogniser(letter: str, *words: str) -> Callable[[Offered], Recognised | None]:
    """Recognises an addendum by the words of its header (csv) or by its name (workbook)."""

    def recognise(offered: Offered) -> Recognised | None:
        workbook = offered.is_workbook
        if workbook:
            named = _NAMED.search(offered.name)
            mine = named is not None and named[1].lower() == letter and offered.head.startswith(b"PK")
        else:
            mine = _heads(offered, words) and _letter(offered) in (letter, "")
        return Recognised(f"opps:addendum-{letter}", calendar(offered), LICENCE, int(workbook)) if mine else None

    return recognise


def _heads(offered: Offered, words: tuple[str, ...]) -> bool:
    """Whether somewhere the first of the words is followed by all others; a cell of a header may have line ends."""
    text = " ".join(decoded(offered.head).lower().split())
    at = text.find(words[0])
    while at >= 0:
        header = text[at : at + LONGEST_HEADER]
        if header.count(",") >= 4 and all(word in header for word in words):
            return True
        at = text.find(words[0], at + 1)
    return False


def _letter(offered: Offered) -> str:
    """Which addendum the title calls itself; empty where there is no title (addendum C has the columns of B)."""
    titles = decoded(offered.head)[:2_000]
    found = _TITLED.search(titles)
    return found[1].lower() if found else ""


# --- reading ---


def _read_rows(files: Sequence[Offered], recognised: Recognised) -> Table:
    found = _entries(files[0], "code", _code_row)
    rated = sum(bool(row[ROW_FIELDS.index("rate")]) for row in found.values())
    apcs = {row[ROW_FIELDS.index("apc")] for row in found.values()} - {""}
    counts = (
        ("codes", len(found)),
        ("with a payment rate", rated),
        ("APCs", len(apcs)),
        ("status indicators", len({row[ROW_FIELDS.index("indicator")] for row in found.values()})),
    )
    return one_table(counts, ROW_SCHEMA, (found[key] for key in sorted(found)))


def _read_groups(files: Sequence[Offered], recognised: Recognised) -> Table:
    found = _entries(files[0], "apc", _group_row)
    counts = (("APCs", len(found)), ("with a payment rate", sum(bool(row[4]) for row in found.values())))
    return one_table(counts, GROUP_SCHEMA, (found[key] for key in sorted(found)))


Row = tuple[str, ...]


def _entries(offered: Offered, key: str, row_of: Callable[[Mapping[str, str]], Row | None]) -> dict[str, Row]:
    """The rows below the header by code or APC. Raises InputError, with the row, for what does not fit."""
    found: dict[str, Row] = {}
    for line, cells in _cells(offered, key):
        try:
            row = row_of(cells)
        except ValueError as error:
            raise _refused(offered, line, str(error)) from None
        if row and found.setdefault(row[0], row) != row:
            raise _refused(offered, line, f"gives {row[0]} a second time")
    if not found:
        raise InputError(f"The file {offered.name} holds a header and no rows below it; fetch it again.")
    return found


def _refused(offered: Offered, line: int, why: str) -> InputError:
    return InputError(f"Row {line} of {offered.name} {why}; fetch the file again.")


def _cells(offered: Offered, key: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The cells of each row by field; a field whose column there is not is empty."""
    rows: Iterator[list[Any]] = rows_of(offered)
    places: dict[str, int] = {}
    widest = 0
    for line, row in enumerate(rows, 1):
        if not places:
            places = _places(row, key)
            widest = max((places[name] for name in (key, *NEEDED) if name in places), default=0)
            if not places and line > MOST_HEADER_ROWS:
                break
        elif any(_text(cell) for cell in row):
            if len(row) <= widest and not _is_note(row):
                raise _refused(offered, line, "is shorter than the header")
            yield (
                line,
                {name: _text(row[at], WIDTHS.get(name, 0)) if at < len(row) else "" for name, at in places.items()},
            )
    if not places:
        what = "HCPCS codes" if key == "code" else "APC and group title"
        raise InputError(f"The file {offered.name} has no header with {what} and payment rate; fetch it again.")


def _is_note(row: Sequence[Any]) -> bool:
    """Whether a row is a line of words below the table; a code that stands alone is a row that was cut."""
    cells = [text for cell in row if (text := _text(cell))]
    return len(cells) == 1 and " " in cells[0]


def _places(row: Sequence[Any], key: str) -> dict[str, int]:
    """Where each field stands in a header; empty for a row that is none."""
    words = [" ".join(_text(cell).lower().split()) for cell in row]
    wanted = dict(COLUMNS)
    wanted |= {"code": CODE, "comment": ("ci", "comment indicator")} if key == "code" else {"title": ("group title",)}
    found = {}
    for name, beginnings in wanted.items():
        at = next(
            (i for b in beginnings for i, w in enumerate(words) if w == b or (len(b) > 5 and w.startswith(b))), None
        )
        if at is not None:
            found[name] = at
    must = (*NEEDED, "code" if key == "code" else "title")
    return found if all(name in found for name in must) else {}


def _code_row(cells: Mapping[str, str]) -> Row | None:
    code, indicator = _EDGES.sub("", cells["code"]).upper(), cells["indicator"].upper()
    if not _CODE.fullmatch(code):
        if indicator:
            raise ValueError("has no code of five letters or digits")
        return None  # a footnote
    if not indicator:
        return None  # listed, and nothing said of it
    if not _INDICATOR.fullmatch(indicator):
        raise ValueError("has no status indicator of one or two characters")
    return (code, cells.get("comment", ""), indicator, *_values(cells))


def _group_row(cells: Mapping[str, str]) -> Row | None:
    if not cells["apc"] or not _APC.fullmatch(cells["apc"]):
        if cells["indicator"] and cells["title"]:
            raise ValueError("has no APC of up to four digits")
        return None
    indicator = cells["indicator"].upper()
    if not _INDICATOR.fullmatch(indicator):
        raise ValueError("has no status indicator of one or two characters")
    apc, *values = _values(cells)
    return (apc, cells["title"], indicator, *values)


def _values(cells: Mapping[str, str]) -> Row:
    """APC, weight, rate, the copayments, the coinsurance and the end of a pass-through, as the store has them."""
    apc = "" if _is_nothing(cells["apc"]) else cells["apc"]
    if apc and not _APC.fullmatch(apc):
        raise ValueError("has an APC that is no number of four digits")
    money = (_money(cells.get(name, "")) for name in ("weight", "rate", "copayment", "minimum"))
    return (
        apc.zfill(4) if apc else "",
        *money,
        _share(cells.get("coinsurance", "")),
        _money(cells.get("adjusted", "")),
        cells.get("expires", ""),
    )


def _is_nothing(text: str) -> bool:
    """Whether a cell says that there is no value: blank, a full stop, a dash, N/A."""
    return not text.strip(".-$*") or text.upper() in ("NA", "N/A")


def _money(text: str) -> str:
    """A decimal; empty for none. Raises ValueError for what is neither."""
    plain = text.replace(" ", "").rstrip("*")
    if _is_nothing(plain):
        return ""
    found = _MONEY.fullmatch(plain)
    if found is None:
        raise ValueError("has a value that is no amount")
    return f"{Decimal(found[1].replace(',', '')).normalize():f}"


def _share(text: str) -> str:
    """A share of one: 0.164 for `16.4%`, and for 0.164 as a workbook has it."""
    plain = text.replace(" ", "").rstrip("*")
    if _is_nothing(plain):
        return ""
    found = _SHARE.fullmatch(plain)
    if found is None:
        raise ValueError("has a coinsurance that is no percentage")
    value = Decimal(found[1])
    value = value / HUNDRED if found[2] or value > 1 else value
    if value > 1:
        raise ValueError("has a coinsurance of more than a hundred percent")
    return f"{value.normalize():f}"


def _text(cell: object, width: int = 0) -> str:
    if isinstance(cell, float):
        # A formula of a workbook leaves 8.4699999999999989 where 8.47 is meant; no column has more than four decimals.
        return str(int(cell)).zfill(width) if cell.is_integer() else f"{Decimal(repr(round(cell, 6))):f}"
    return " ".join(str(cell).split())


def _by_code(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    return _compared(store, ROW_FIELDS)


def _by_group(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    return _compared(store, GROUP_FIELDS)


def _compared(store: Store, fields: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for row in store.all(f"SELECT {', '.join(fields)} FROM entry ORDER BY 1"):
        yield row[0], dict(zip(fields[1:], row[1:], strict=True))


FORMATS = (
    Format(
        "OPPS Addendum B", _recogniser("b", "hcpcs code", "apc", "payment rate", "unadjusted copayment"), _read_rows
    ),
    Format("OPPS Addendum A", _recogniser("a", "group title", "payment rate", "unadjusted copayment"), _read_groups),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "opps:addendum-b": _by_code,
    "opps:addendum-a": _by_group,
}
