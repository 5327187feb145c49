"""The cells of a charge master as values; what spreadsheets do to codes is undone where it can be."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from leadterm.domain import InputError, Money

CODE = re.compile(r"[0-9]{4}[0-9AFMTU]|[A-Z][0-9]{4}")
MODIFIER = re.compile(r"[0-9A-Z]{2}")
_FORMULA = re.compile(r'="?([^"]*)"?')
_WHOLE = re.compile(r"([0-9]+)\.0+")
_SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+")
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:US\s*)?[$€£¥]|\bUSD\b|\bEUR\b", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")
_EUROPEAN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{1,2}|[0-9]+,[0-9]{1,2}")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
MOST_MODIFIERS = 4
LONGEST = 500


def text(cell: object) -> str:
    """A cell as plain text: numbers of a workbook without their `.0`, `="0123"` and `'0123` as meant, blanks single."""
    if cell is None:
        return ""
    written = " ".join(str(cell).replace("\u00a0", " ").replace("\ufeff", "").split())
    formula = _FORMULA.fullmatch(written)
    written = formula[1].strip() if formula else written.removeprefix("'")
    whole = _WHOLE.fullmatch(written)
    return whole[1] if whole and isinstance(cell, float) else written


def code(cell: str) -> tuple[str, tuple[str, ...]]:
    """The code of a cell and the modifiers behind it (`20610-50`); both empty for a blank. Raises InputError."""
    written = cell.upper()
    if written in ("", "N/A", "NA", "NONE", "-", "0", "00000"):
        return "", ()
    if _ERROR.fullmatch(written):
        raise InputError("the cell holds an error of the spreadsheet; write the code into it")
    if _SCIENTIFIC.fullmatch(written) and not CODE.fullmatch(written):
        raise InputError("the spreadsheet made a number of the code; format the column as text and write the code anew")
    first, *rest = re.split(r"[\s,/-]+", written)
    if first.isdigit() and 3 <= len(first) < 5:
        first = first.zfill(5)  # the spreadsheet dropped the zeros that an anesthesia code begins with
    if not CODE.fullmatch(first):
        raise InputError("this has not the shape of a CPT or HCPCS code; correct it, or leave the cell empty")
    return first, modifiers(" ".join(rest))


def modifiers(cell: str) -> tuple[str, ...]:
    """The modifiers of a cell, each once. Raises InputError for what is none, and for more than four."""
    found = [one.zfill(2) for one in re.split(r"[\s,;/|-]+", cell.upper()) if one]
    if any(not MODIFIER.fullmatch(one) for one in found):
        raise InputError("a modifier has two letters or digits; correct it")
    kept = tuple(dict.fromkeys(found))
    if len(kept) > MOST_MODIFIERS:
        raise InputError(f"a line bears {MOST_MODIFIERS} modifiers at most; take some off")
    return kept


def revenue(cell: str) -> str:
    """A revenue code as four digits; empty for a blank. Raises InputError."""
    if not cell:
        return ""
    if not (cell.isascii() and cell.isdigit() and 2 <= len(cell) <= 4):
        raise InputError("a revenue code has three or four digits; correct it")
    return cell.zfill(4)


def price(cell: str) -> Money | None:
    """A price; None for a blank. Currency signs and thousands are taken off. Raises InputError, also below zero."""
    plain = _CURRENCY.sub("", cell).strip()
    if not plain or plain.upper() in ("N/A", "NA", "-", "TBD"):
        return None
    if plain.startswith(("(", "-")):
        raise InputError("a price is not below zero; correct it")
    bare = plain.replace(" ", "")
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _EUROPEAN.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    if not _PLAIN.fullmatch(bare):
        raise InputError("this is no price; write it as 125.00")
    try:
        return Money.rounded(Decimal(bare))
    except (InvalidOperation, InputError):
        raise InputError("this price is too large; correct it") from None
