"""Measures in the words of a list: sizes in inches, lengths in yards, contents in ounces and grams, how many pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import compiled

AREAS = (Decimal(16), Decimal(48))  # square inches
WIDTHS = (Decimal(3), Decimal(5))  # inches
CUSHION = Decimal(22)  # inches
_CM = Decimal("2.54")
_PAD = 9  # a pad without a unit of measure is in inches up to here, by custom of trade
_UNIT = r"(?P<{}>\"|''|”|in(?:ch(?:es)?)?\b\.?|cm\b|mm\b|yds?\b|yards?\b|ft\b|feet\b|m\b|meters?\b)?"
_BY = compiled(
    rf"(?<![\d.])(?P<a>\d{{1,3}}(?:\.\d+)?)[ ]?-?{_UNIT.format('ua')}[ ]?(?:x|by"
    rf"|×)[ ]?(?P<b>\d{{1,3}}(?:\.\d+)?)[ ]?-?"
    rf"{_UNIT.format('ub')}",
    re.IGNORECASE,
)
_SQUARE = compiled(
    r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d+)?)[ ]?(?:sq(?:uare)?\.?[ ]?(?:in\w*|\")|in2\b|sqin)", re.IGNORECASE
)
_WIDE = compiled(
    r"(?<![\d.])(?P<n>\d{1,2}(?:\.\d+)?)[ -]?(?:\"|''|in(?:ch(?:es)?)?\b)?[ -]?(?:wide\b|width\b|w\b)"
    r"|\b(?:width|wide)[ :]*(?P<o>\d{1,2}(?:\.\d+)?)",
    re.IGNORECASE,
)
_INCH = compiled(r"(?<![\d.])(?P<n>\d{1,2}(?:\.\d+)?)[ -]?(?:\"|''|in(?:ch(?:es)?)?\b)", re.IGNORECASE)
_YARD = compiled(r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d+)?)[ -]?(?P<u>yds?\b|yards?\b|ft\b|feet\b)", re.IGNORECASE)
_OUNCE = compiled(
    r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d+)?)[ -]?(?P<u>fl\.? ?oz\b|oz\b|ounces?\b|ml\b|cc\b|gm?\b"
    r"|grams?\b)",
    re.IGNORECASE,
)
_DAYS = compiled(r"\b(?P<n>\d{1,3})[ -]?(?P<u>d(?:ays?)?|months?|mos?|mths?|weeks?|wks?)\b", re.IGNORECASE)
_WORD_DAYS = compiled(rf"\b(?P<n>{words_to(3)})[ -](?P<u>months?|weeks?)\b", re.IGNORECASE)
_IN_YARD = {
    "y": Decimal(1),
    "f": Decimal(1) / 3,
    "m": Decimal("1.0936"),
    "i": Decimal(1) / 36,
    "c": Decimal(1) / Decimal("91.44"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many: of what (`ea`, `box`, `roll`, `pair`), and how many pieces each of those holds where it is told."""

    number: int
    unit: str = ""
    holds: int | None = None


def area(said: str) -> Decimal | None:
    """Square inches of a pad; None where its size or what it is measured in is not told."""
    if m := _SQUARE.search(said):
        return Decimal(m["n"])
    for m in _BY.finditer(said):
        a, b, unit = Decimal(m["a"]), Decimal(m["b"]), (m["ub"] or m["ua"] or "").lower()
        if unit[:1] in ("y", "f"):
            continue
        if unit == "cm":
            return a * b / _CM / _CM
        if unit[:1] != "m" and (unit or max(a, b) <= _PAD):
            return a * b
    return None


def width(said: str) -> Decimal | None:
    """Inches across; None where it is not told."""
    if m := _WIDE.search(said):
        return Decimal(m["n"] or m["o"])
    if m := _BY.search(said):
        return _inches(Decimal(m["a"]), (m["ua"] or "in").lower())
    m = _INCH.search(said)
    return Decimal(m["n"]) if m else None


def _inches(n: Decimal, unit: str) -> Decimal:
    return n / _CM if unit.startswith("c") else n


def yards(said: str) -> Decimal | None:
    """How long a roll is, in yards."""
    if (m := _BY.search(said)) and m["ub"] and m["ub"][0].lower() in _IN_YARD:
        return Decimal(m["b"]) * _IN_YARD[m["ub"][0].lower()]
    found = _YARD.search(said)
    return Decimal(found["n"]) * _IN_YARD[found["u"][0].lower()] if found else None


def inches(said: str) -> Decimal | None:
    """How long a rope is, in inches."""
    if m := _BY.search(said):
        return _inches(max(Decimal(m["a"]), Decimal(m["b"])), (m["ub"] or m["ua"] or "in").lower())
    m = _INCH.search(said)
    return Decimal(m["n"]) if m else None


def ounces(said: str) -> Decimal | None:
    """What a tube or bottle holds, in ounces."""
    m = _OUNCE.search(said)
    if m is None:
        return None
    unit, n = m["u"].lower(), Decimal(m["n"])
    return n if "o" in unit else n / 30 if unit in ("ml", "cc") else n / Decimal("28.35")


def grams(said: str) -> Decimal | None:
    """What a packet holds, in grams."""
    m = re.search(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)[ -]?(?:gm?|grams?)\b", said, re.IGNORECASE)
    return Decimal(m[1]) if m else None


def days(said: str) -> int | None:
    """For how many days a supply is, where words tell."""
    for m in (*_DAYS.finditer(said), *_WORD_DAYS.finditer(said)):
        n = number_of(m["n"])
        after = said[m.end() : m.end() + 12].lower()
        if "left" in after or "ago" in after or "remain" in after:
            continue
        return n * {"d": 1, "m": 30, "w": 7}[m["u"][0].lower()]
    return None


# --- how many ---

_CONTAINER = (
    r"(?:box(?:es)?|bxs?|cases?|cs|cartons?|ctn|pack(?:age)?s?|pk|pkgs?|bags?|bottles?|btls?|vials?|tubes?|rolls?"
    r"|cans?)"
)
_PIECE = (
    r"(?:ea(?:ch)?|pcs?|pieces?|units?|pairs?|prs?|sets?|packets?|pkts?|strips?|ct|count|kits?|yds?|yards?|pouches"
    r"|pads?)"
)
_MASKS = (
    _BY,
    _SQUARE,
    compiled(
        r"(?<![\d.])\d{1,4}(?:[./]\d+)?[ -]?(?:fr(?:ench)?\b|g\b|ga\b|gauge|lpm|l/m(?:in)?\b|l\b|lit(?:er"
        r"|re)s?\b|mm ?hg|mmhg|ml\b|cc\b|oz\b|fl ?oz|lbs?\b|mm\b"
        r"|cm\b|in\b|inch(?:es)?\b|\"|gm?\b|mg\b|yds?\b|yards?\b|ft\b|feet\b|%|wheels?\b|wheeled|way\b|pc\b"
        r"|piece\b|leads?\b|ply\b"
        r"|prong|point|-?ct\b(?=/)|d\b|days?\b|months?\b|mos?\b|wks?\b|weeks?\b|am\b|pm\b|wounds?\b|layers?\b|x/)",
        re.IGNORECASE,
    ),
    compiled(r"(?:size|sz|style|model|ref|item|sku|lot|serial|s/n|#\s?(?=\d{4}))[ :#]*[\w-]+", re.IGNORECASE),
    compiled(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b(?:19|20)\d\d\b|\$ ?\d[\d,.]*|\b(?=[A-Z]*\d)[A-Z][A-Z\d]{4,}\b"),
    compiled(
        rf"\b(?:{words_to(4)})[ -](?:pieces?|pc|way|wheel\w*|leads?|ply|layers?|prong|month|week|day)s?\b",
        re.IGNORECASE,
    ),
    compiled(r"\b\d{1,2}[- ]\d{1,2}\b"),
    compiled(
        r"\b(?:month|mo|mth|group|grp|stage|grade|type|level|part|step|room|rm|bed|route|hwy)\.? ?#?\d{1,3}\b",
        re.IGNORECASE,
    ),
)
_HOLDS = compiled(
    rf"\b(?:{_CONTAINER}) ?(?:of|/) ?(?P<a>\d{{1,4}})\b|\b(?P<b>\d{{1,4}}) ?(?:ct|count|ea|each|pcs?)? ?(?:/"
    rf"|per) ?(?:{_CONTAINER})\b"
    rf"|\((?P<c>\d{{1,4}}) ?(?:ct|count|ea|each|per \w+|strips|pcs)\)",
    re.IGNORECASE,
)
_N = rf"(?P<n>\d{{1,4}}|{words_to(6)})"
_SHAPES = tuple(
    compiled(shape, re.IGNORECASE)
    for shape in (
        rf"\b(?:qty|quantity|quan|count|disp(?:ensed)?|deliv(?:ered)?|shipped|issued|given"
        rf"|no\.)[ \t]*[:.=#]?[ \t]*{_N}\b(?: ?(?P<u>{_CONTAINER}|{_PIECE}))?",
        rf"\.{{3,}}[ \t]*{_N}\b(?: ?(?P<u>{_CONTAINER}|{_PIECE}))?",
        rf"(?<![\w./#-]){_N} ?(?P<u>{_CONTAINER}|{_PIECE})\b",
        rf"(?<![\w.])x ?{_N}\b(?![ \t]*(?:in|cm|mm|\"|day|week|month|wk))(?: ?(?P<u>{_CONTAINER}|{_PIECE}))?",
        rf"(?:[ ]{{2,}}|\t|\|)[ \t]*{_N}[ \t]*(?=[ ]{{2}}|\t|\||\Z)",
        rf"#[ ]?{_N}\b",
        rf"\A[ \t]*(?:[-*•·>+][ \t]*)?(?:\[\w?\][ \t]*)?{_N}[ \t]+(?!\))(?=[a-z(-])",
        rf"[(]{_N}[)]",
        rf"[-–—,:=][ \t]*{_N}[ \t]*[.,;]?[ \t]*\Z",
        r"(?P<n>a)[ ]?(?P<u>pairs?|prs?)\b",
        rf"[a-z)_-][ \t]+{_N}[ \t]*[,;.]?[ \t]*\Z",
    )
)
_PAIR = compiled(r"\b(?:pairs?|pr)\b", re.IGNORECASE)


def quantity(said: str, cell: str | None = None) -> Quantity | None:
    """How many the words of an entry tell; `cell`: what stands in its column of quantities, where the list has one."""
    holds = _HOLDS.search(said)
    inside = int(holds["a"] or holds["b"] or holds["c"]) if holds else None
    if cell is not None and (m := re.match(rf"[ \t]*{_N}(?![\d./]|\w)[ ]?(?P<u>[a-z]+)?", cell, re.IGNORECASE)):
        return Quantity(number_of(m["n"]), (m["u"] or _unit(said)).lower(), inside)
    text = masked(_HOLDS.sub(lambda m: (m[0].split()[0] if m["a"] else "").ljust(len(m[0])), said))
    for shape in _SHAPES:
        if found := shape.search(text):
            unit = (found.groupdict().get("u") or _unit(said)).lower()
            return Quantity(number_of(found["n"]), unit, inside)
    return Quantity(1, "box", inside) if inside else None


def masked(said: str) -> str:
    """The words with every measure, size and date blotted out, so that what numbers stay count pieces."""
    for mask in _MASKS:
        said = mask.sub(lambda m: "_" * len(m[0]), said)
    return said


def _unit(said: str) -> str:
    return "pair" if _PAIR.search(said) else ""
