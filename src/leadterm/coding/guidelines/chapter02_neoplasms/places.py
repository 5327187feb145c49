"""Where a neoplasm is: the sites and regions that the words around a mention name (Neoplasm Table, first column)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from leadterm.codesets import CodeBook
from leadterm.codesets.alphabetic.columns import NeoplasmTable
from leadterm.coding._tables import rows
from leadterm.coding.navigating.neoplasm_table import CARCINOMAS, COLUMNS, SKIN, Named, Site, named, row
from leadterm.coding.patterns import Pattern, compiled

ROOM = "guidelines/chapter02_neoplasms"
_SIDE = {
    **dict.fromkeys(("left", "l", "lt"), "left"),
    **dict.fromkeys(("right", "r", "rt"), "right"),
    **dict.fromkeys(("both", "bilateral", "bilat", "b/l"), "bilateral"),
}
_BEFORE = compiled(r"\b(left|right|lt|rt|both|bilateral|bilat|b/l|l|r)\b\.?[\s-]+(?:\w+[\s-]+)?$")
_AFTER = compiled(r"^[\s,(]*(?:on the |of the )?(left|right|bilateral)\b(?! (?:upper|lower|middle))")
_LOBES = {"rul": "right", "rml": "right", "rll": "right", "lul": "left", "lll": "left", "lingula": "left"}
# What may stand between a mention and its site, and between one site and the next.
_JOINED = compiled(
    r"^[\s,:(\[\-\u2013/&+)]*(?:(?:of|in|at|involving|involves|on|onto|over|within|arising|located|primary|the|a|an|her|his"
    r"|their|both|left|right|l|r|lt|rt|bilateral|upper|lower|mid|middle|distal|proximal|posterior|anterior|medial|lateral"
    r"|dorsal|central|superior|inferior|multiple|and|plus|to|is|as|well|site|known|skin|area|region|part|portion|segment"
    r"|from|origin|invasive|unresectable|resectable|stage \w+|grade \w+|\d+(?:\.\d+)?(?: ?[cm]m)?|also|new|regional"
    r"|clock|o'clock|position|one|other|second|first|third|another)\b['\s,:(\[\-\u2013/&+)]*)*$"
)
_LEADING = compiled(r"^[\s\-/&]*(?:\w[\w'-]*[\s\-/&]+){0,3}$")
_PARTS = compiled(
    r"\b(?:with|for|to|of|in|on|by|from|shows?|showed|found|is|was|has|had|due|via|after|per|no|without|resect\w+|biops\w+"
    r"|ct|mri|pet|and then|who|which|s|p)\b"
)
_INVOLVED = compiled(
    r"^[\s,]*(?:(?:are|were|is|was|all|with|for|by|a|an|of|\d+)\s+)*(?:involved|positive|replaced|show(?:ed|ing|s)?|contain\w*)"
    r"[\s,]*(?:(?:with|for|by|a|an)\s+)*$"
)
_WITH = compiled(r"^\s*(?:with|w/)\s+$")
_SECONDARY = compiled(r"\bmetasta|\bmets?\b|\bsecondary\b|\borigin\b|\bspread")
_ORIGIN = compiled(r"^\s*(?:origin|primary)\b")
FAR = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A site or region in a sentence: its row, where it stands, and the side that is said with it."""

    row: Mapping[str, str]
    start: int
    end: int
    side: str | None

    def node(self, kind: str) -> str:
        """The code of the row for a kind of neoplasm; empty where it has none."""
        return self.row.get(kind, "")


@dataclass(frozen=True, slots=True)
class Zone:
    """The words that may speak of one mention: its sentence between the neoplasms before and after it.

    Attributes:
        text: In lower case, line ends as blanks; `start` and `end` of the mention are offsets into it.
        chart: The whole document in lower case.
        table: The Neoplasm Table; where it is not installed, the book, whose titles name sites too.
    """

    text: str
    start: int
    end: int
    chart: str
    table: NeoplasmTable | CodeBook | None = None


def sites(zone: Zone) -> list[Place]:
    """The sites of organs that the zone names: by the ways to say them that we know, and by the rows of the table."""
    own = [p for p in _found("sites", zone.text) if _needed(p.row["needs"], zone)]
    if zone.table is None:
        return own
    return both([_listed(p, zone.table) for p in own], organs(zone))


def organs(zone: Zone, tissue: str = "") -> list[Place]:
    """The sites that rows of the table name; those of a tissue that has rows of its own, where it is given."""
    found = named(zone.table, zone.text, tissue) if zone.table else ()
    return [p for n in found if (p := _place(n, zone.text, _columns(n.site))) is not None]


def regions(zone: Zone) -> list[Place]:
    """The regions of skin and soft parts that the zone names, those that only the table knows among them."""
    own = list(_found("regions", zone.text))
    table = zone.table
    if table is None:
        return own
    places = (_place(n, zone.text, _skin(table, n.site)) for n in named(table, zone.text, SKIN))
    return both(own, [p for p in places if p is not None])


def _place(n: Named, text: str, codes: Mapping[str, str]) -> Place | None:
    if _is_origin(text, n.end):
        return None
    return Place({"row": n.site.path, **codes}, n.start, n.end, _side(text, n.start, n.end))


def _is_origin(text: str, end: int) -> bool:
    """Whether a place is told as what a secondary neoplasm comes from."""
    return _ORIGIN.match(text[end:]) is not None and _SECONDARY.search(text) is not None


def _columns(site: Site) -> dict[str, str]:
    return {column: site.node(column) for column in COLUMNS}


def _skin(table: NeoplasmTable | CodeBook, site: Site) -> dict[str, str]:
    """The codes of a site of the skin by our kinds of neoplasms: those of the region that it is in, then its own."""
    skin = site.node("primary")
    region = next((r for r in rows(f"{ROOM}/regions") if r["skin"] == skin), {})
    kinds = {kind: row(table, f"{site.path}, {title}") for kind, title in CARCINOMAS.items()}
    of_kind = {kind: below.node("primary") for kind, below in kinds.items() if below is not None}
    return {**region, **_columns(site), "skin": skin, "sarcoma": "", **of_kind}


def _listed(p: Place, table: NeoplasmTable | CodeBook) -> Place:
    """A place of ours with the codes that its row has in the table."""
    site = row(table, p.row["row"])
    codes = {column: code for column, code in _columns(site).items() if p.row[column]} if site else {}
    return Place({**p.row, **codes}, p.start, p.end, p.side)


def both(own: list[Place], listed: list[Place]) -> list[Place]:
    """Our places with those of the table that name another site, or say more of the same, in order of the text."""
    more = [t for t in listed if not any(o.start <= t.start and t.end <= o.end for o in own)]
    kept = [o for o in own if not any(t.start < o.end and o.start < t.end for t in more)]
    return sorted([*kept, *more], key=lambda p: (p.start, p.end))


def attached(places: list[Place], zone: Zone) -> list[Place]:
    """Those of the places that the mention is joined to: in it, right behind it, right before it."""
    inside = [p for p in places if p.start < zone.end and zone.start < p.end]
    behind = list(_chain(zone.text, zone.end, [p for p in places if p.start >= zone.end]))
    before = list(_backward(zone.text, zone.start, [p for p in places if p.end <= zone.start]))
    return [*inside, *behind, *before]


def nearest(places: list[Place], zone: Zone) -> list[Place]:
    """The place of the zone that stands nearest to the mention, and those joined to it."""
    near = [(max(zone.start - p.end, p.start - zone.end), p) for p in places]
    near = [(d, p) for d, p in near if d <= FAR]
    if not near:
        return []
    best = min(near, key=lambda pair: pair[0])[1]
    return [best, *_chain(zone.text, best.end, [p for p in places if p.start >= best.end])]


def _chain(text: str, at: int, places: list[Place]) -> Iterator[Place]:
    for p in places:
        if not _JOINED.match(text[at : p.start]):
            return
        yield p
        at = p.end


def _backward(text: str, at: int, places: list[Place]) -> Iterator[Place]:
    for n, p in enumerate(reversed(places)):
        gap = text[p.end : at]
        if not (_leads(p, gap) if n == 0 else _JOINED.match(gap)):
            return
        yield p
        at = p.start


def _leads(p: Place, gap: str) -> bool:
    """Whether a place right before a mention is that of the mention ("lung cancer", "nodes positive for carcinoma")."""
    if _LEADING.match(gap) and not _PARTS.search(gap):
        return True
    return bool(_INVOLVED.match(gap) or (p.node("secondary").startswith("C77") and _WITH.match(gap)))


@cache
def _named(table: str) -> dict[str, dict[str, str]]:
    """The rows of a table by each of their ways to say it."""
    return {word: row for row in rows(f"{ROOM}/{table}") for word in row["words"].split("|") if word}


@cache
def _pattern(table: str) -> Pattern:
    ways = sorted(_named(table), key=len, reverse=True)
    body = "|".join(re.escape(way).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]?") for way in ways)
    return compiled(rf"(?<![\w-])(?:{body})(?![\w])")


def _found(table: str, text: str) -> Iterator[Place]:
    named = _named(table)
    for m in _pattern(table).finditer(text):
        said = " ".join(m.group().split())
        row = named.get(said) or named.get(said.replace("-", " ")) or named.get(said.replace(" ", "-"))
        if row is not None and not _is_origin(text, m.end()):
            yield Place(row, m.start(), m.end(), _side(text, m.start(), m.end()))


def _side(text: str, start: int, end: int) -> str | None:
    said = text[start:end]
    if said in _LOBES:
        return _LOBES[said]
    if told := re.match(r"(left|right)\b", said):
        return told[1]
    before, after = _BEFORE.search(text[max(0, start - 24) : start]), _AFTER.match(text[end : end + 20])
    found = before or after
    return _SIDE[found[1]] if found else None


def side_behind(zone: Zone) -> str | None:
    """The side right behind a mention: "pulmonary metastases, bilateral"."""
    told = _AFTER.match(zone.text[zone.end : zone.end + 20])
    return _SIDE[told[1]] if told else None


def _needed(needs: str, zone: Zone) -> bool:
    if needs.startswith("!"):
        return not _any(needs[1:], zone.text)
    return not needs or _any(needs, zone.chart)


def _any(words: str, text: str) -> bool:
    return any(word in text for word in words.split("|"))


def ends(spans: Iterable[tuple[int, int]], start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """The stretch around `start` and `end` that none of the other spans reaches into."""
    for a, b in spans:
        if b <= start:
            low = max(low, b)
        elif a >= end:
            high = min(high, a)
    return low, high
