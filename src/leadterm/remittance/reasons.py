"""What adjustment reasons and remarks mean, who the payers are and what their limits are: the tables, read strictly.

Every sentence in the tables is Leadterm's own; only the numbers are those of the code lists (X12 source 139, CMS 411).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from leadterm.domain import AdjustmentGroup, Disposition, InternalError

PACKAGE = "leadterm.remittance"
ENDED_UNKNOWN = "unknown"
UNKNOWN_PAYER = "unknown"


class Move(StrEnum):
    """What can be done about a denial; the words that categories, guard rails and deadlines share."""

    NEW_CLAIM = "new-claim"
    CORRECTED_CLAIM = "corrected-claim"
    VOID = "void"
    REOPENING = "reopening"
    APPEAL = "appeal"
    RECONSIDERATION = "reconsideration"
    NEGOTIATION = "negotiation"
    EXCEPTION = "exception"
    OTHER_PAYER = "bill-other-payer"
    BILL_PATIENT = "bill-patient"
    WRITE_OFF = "write-off"
    CHECK_STATUS = "check-status"
    CHECK_COVERAGE = "check-coverage"
    ASK_PAYER = "ask-payer"
    WAIT = "wait"
    CLOSE = "close"
    # An argument or a tool that a guard rail may rule out, not a step of its own.
    MEDICAL_ARGUMENT = "medical-argument"
    MODIFIER = "modifier"


@dataclass(frozen=True, slots=True)
class Reason:
    """What a claim adjustment reason code means to the one who has to be paid.

    Attributes:
        code: CARC, or `GROUP CODE` where a row holds for one group alone.
        disposition: What it does to what is still owed.
        words, cause, action: What it says, why it likely happened, what to do, in our words.
        ended: First day on which it may no longer be sent; None while in use or where the day is not known to us.
        retired: Whether it has ended.
    """

    code: str
    category: str
    disposition: Disposition
    words: str
    cause: str
    action: str
    ended: date | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What a remark code adds; `category` is empty where it does not refine the reason."""

    code: str
    category: str
    words: str
    action: str
    ended: date | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of denial: the moves in order of preference, and what the kind means."""

    name: str
    moves: tuple[Move, ...]
    words: str


@dataclass(frozen=True, slots=True)
class PayerKind:
    """What a claim filing indicator says about the payer; `family` selects the rows of deadlines."""

    filing: str
    kind: str
    family: str


def read_table(name: str, columns: tuple[str, ...], keys: int = 1) -> Iterator[dict[str, str]]:
    """The rows of a table of this package as mappings.

    `keys` is how many leading cells name a row. Raises InternalError for other columns, a row of another length, or a
    row that stands twice.
    """
    text = (files(PACKAGE) / name).read_text(encoding="utf-8")
    yield from parse_table(text, name, columns, keys)


def parse_table(text: str, name: str, columns: tuple[str, ...], keys: int = 1) -> Iterator[dict[str, str]]:
    """As `read_table`, of a text: tab-separated, `#` lines, then a header row."""
    rows = [tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#")]
    if not rows or rows[0] != columns:
        raise InternalError(f"The table {name} does not have the columns {', '.join(columns)}.")
    seen: set[tuple[str, ...]] = set()
    for row in rows[1:]:
        if len(row) != len(columns):
            raise InternalError(f"The table {name} has a row of {len(row)} cells: '{row[0]}'.")
        if row[:keys] in seen:
            raise InternalError(f"The table {name} has two rows for {' '.join(row[:keys])}.")
        seen.add(row[:keys])
        yield dict(zip(columns, row, strict=True))


@cache
def categories() -> Mapping[str, Category]:
    """Every category by name, in the order of the table."""
    rows = read_table("categories.tsv", ("category", "moves", "words"))
    return {r["category"]: Category(r["category"], tuple(map(Move, r["moves"].split())), r["words"]) for r in rows}


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason by CARC, retired ones included."""
    columns = ("code", "category", "disposition", "words", "cause", "action", "ended")
    return {r["code"]: make_reason(r) for r in read_table("carc.tsv", columns)}


@cache
def group_reasons() -> Mapping[tuple[str, str], Reason]:
    """The reasons that mean something else under one group, by (CAS01, CARC)."""
    columns = ("group", "code", "category", "disposition", "words", "action")
    found = {}
    for row in read_table("carc_group.tsv", columns, keys=2):
        base = reasons().get(row["code"])
        if base is None:
            raise InternalError(f"The table carc_group.tsv names {row['code']}, which carc.tsv does not have.")
        code = f"{row['group']} {row['code']}"
        found[row["group"], row["code"]] = make_reason({**row, "code": code, "cause": base.cause, "ended": ""})
    return found


@cache
def remarks() -> Mapping[str, Remark]:
    """Every remark by RARC."""
    found = {}
    for row in read_table("rarc.tsv", ("code", "category", "words", "action", "ended")):
        _known_category(row["category"] or "coding", row["code"])
        day, retired = _ended(row["ended"])
        found[row["code"]] = Remark(row["code"], row["category"], row["words"], row["action"], day, retired)
    return found


@cache
def payer_kinds() -> Mapping[str, PayerKind]:
    """What each claim filing indicator stands for."""
    return {r["filing"]: PayerKind(**r) for r in read_table("payers.tsv", ("filing", "kind", "family"))}


def payer_kind(filing: str | None) -> PayerKind:
    """The kind of payer that CLP06 names; `unknown` for none or one that is not in the table."""
    return payer_kinds().get(filing or "ZZ") or PayerKind(filing or "", UNKNOWN_PAYER, "other")


def reason_of(group: str, code: str) -> Reason | None:
    """What that reason means under that group; None for a code that the tables do not have."""
    return group_reasons().get((group, code)) or reasons().get(code)


@cache
def _dispositions() -> dict[tuple[str, str], Disposition]:
    groups = [group.value for group in AdjustmentGroup]
    table = {(group, code): reason.disposition for code, reason in reasons().items() for group in groups}
    return table | {key: reason.disposition for key, reason in group_reasons().items()}


def disposition(group: str, reason: str) -> Disposition:
    """What that adjustment does to what is still owed; an unknown group or reason is a denial, never a write-off."""
    return _dispositions().get((group, reason), Disposition.DENIED)


def is_known(reason: str) -> bool:
    """Whether the tables have that reason (retired ones included)."""
    return reason in reasons()


def make_reason(row: Mapping[str, str]) -> Reason:
    """The reason of one row. Raises InternalError for an unknown category or disposition, or an empty cell."""
    _known_category(row["category"], row["code"])
    if not (row["words"] and row["cause"] and row["action"]):
        raise InternalError(f"The reason {row['code']} lacks words, a cause or an action.")
    try:
        disposition = Disposition(row["disposition"])
    except ValueError:
        raise InternalError(f"The reason {row['code']} has no known disposition.") from None
    day, retired = _ended(row["ended"])
    return Reason(row["code"], row["category"], disposition, row["words"], row["cause"], row["action"], day, retired)


def _known_category(name: str, code: str) -> None:
    if name not in categories():
        raise InternalError(f"The code {code} has the category '{name}', which is none.")


def _ended(text: str) -> tuple[date | None, bool]:
    if text in ("", ENDED_UNKNOWN):
        return None, bool(text)
    return date.fromisoformat(text), True
