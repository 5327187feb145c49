"""How many units of a code were handed over, by what one unit of it holds."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from .catalog import Kind
from .measures import Quantity, days, grams, inches, ounces, width, yards

TAPE = Decimal(18)  # square inches
MONTH, WEEK = 30, 7
FEW = 12  # of what comes in boxes, so few are boxes and not pieces
_BOXED = ("box", "bx", "case", "cs", "carton", "ctn", "pack", "pk", "bag", "bottle", "btl", "vial", "can")
_BY_PIECE = ("packet", "pouch")
Pieces = Quantity | None


def units(kind: Kind, said: str, told: Pieces, document: str) -> int | None:
    """Units of a kind; 1 where no quantity stands, None where it stands and what it comes to does not."""
    if "one" in kind.flags:
        return 1
    number = told.number if told else 1
    if kind.per.isdigit():
        return _by_pieces(int(kind.per), told)
    if kind.per in ("month", "day", "week"):
        return _by_time(kind.per, said, document, told)
    if kind.per == "box":
        return number
    if kind.per:
        return _by_measure(kind.per, said, number, told)
    if told is None:
        return 1
    if told.holds:
        return number * told.holds
    boxed = told.unit.startswith(_BOXED) and not told.unit.startswith(_BY_PIECE)
    return None if boxed else number


def _by_pieces(per: int, told: Pieces) -> int:
    """Units of so many pieces: boxes of a told size, else pieces, else boxes of one unit."""
    if told is None:
        return 1
    if told.holds:
        return _up(Decimal(told.number * told.holds) / per)
    if told.number <= FEW or told.unit.startswith(_BOXED):
        return told.number
    return _up(Decimal(told.number) / per)


def _by_time(per: str, said: str, document: str, told: Pieces) -> int:
    """Units of a time: for as long as the supply is."""
    lasts = days(said) or days(document)
    if per == "day":
        return lasts or (told.number if told else 1)
    if lasts is None:
        return 1
    return max(1, int((Decimal(lasts) / (MONTH if per == "month" else WEEK)).to_integral_value(ROUND_HALF_UP)))


def _by_measure(per: str, said: str, number: int, told: Pieces) -> int | None:
    """Units of a length, an area, a weight: what each piece measures, times the pieces."""
    if told and ((per == "yd" and told.unit.startswith(("yd", "yard"))) or (per == "oz" and told.unit == "oz")):
        return number
    wide, long = width(said), yards(said)
    each: Decimal | None
    if per == "tape":
        each = wide * long * 36 / TAPE if wide is not None and long is not None else None
    elif per == "6in":
        each = Decimal(_up((inches(said) or Decimal(0)) / 6)) or None
    else:
        each = {"yd": long, "oz": ounces(said), "g": grams(said)}.get(per)
    return None if each is None else _up(each * number)


def _up(n: Decimal) -> int:
    """The next whole number; a hair above one counts for nothing."""
    return int((n - Decimal("0.02")).to_integral_value(ROUND_CEILING)) or 1
