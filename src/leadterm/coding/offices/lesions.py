"""Skin: lesions frozen or burnt off, tags taken off, samples taken. What counts is what was done, and how many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents

from . import near
from .counts import number

SAMPLED = "NCCI:3/sampled"
_LETTERS = ("kerato", "ak", "wart", "verruc", "mollusc", "tag", "acrochord", "biops", "bx")
_NAMED = compiled(
    r"(?i)\b(?:(?P<ak>a\.?k\.?'?s?|actinic keratos[ie]s|solar keratos[ie]s)"
    r"|(?P<wart>(?:plantar |common |flat |genital |filiform )?warts?|verrucae?(?: \w+is)?|verruca"
    r"|molluscum(?: contagiosum)?"
    r"|(?:inflamed|irritated) (?:sks?|seborrheic keratos[ie]s)|isks?)"
    r"|(?P<tag>skin ?tags?|acrochord\w+))(?![\w-])"
)
_PLURAL = compiled(r"(?i)(?:oses|[^si]s|ae|um|aks)\Z")
_KILLED = compiled(
    r"(?i)\b(?:ln-?2|liquid (?:nitrogen|n2)|cryo\w*|frozen|froze|freez\w+|electrodesicc\w+|ed ?& ?c"
    r"|destroy\w*|destruction"
    r"|cantharidin|cauter\w+|hyfrecat\w+|curett\w+|laser\w*)\b"
)
_CUT = compiled(r"(?i)\b(?:snip\w*|scissor\w*|excis\w+|remov\w+|gradle|iris|ligat\w+|cauter\w+|cryo\w*|ln-?2)\b")
_BIOPSY = compiled(
    r"(?i)\b(?P<kind>shave|tangential|saucerization|scoop|punch|incisional|\d(?:\.\d)? ?mm punch)"
    r"(?: (?:skin|bx|biops\w+|technique|method|sample)){1,3}\b"
    r"|\b(?:\d(?:\.\d)? ?mm )(?P<bare>punch)(?= (?:to|of|through|down|tool|taken|done|x ?\d)\b|[,.;])"
    r"|\bbiops\w+ (?:by |via |with (?:a )?"
    r"|\()(?P<way>shave|tangential|punch|incisional)"
)
_BODY = compiled(
    r"(?i)\b(?:(?P<side>left|right|lt|rt|l|r)\.? )?(?:\w+ )?(?P<part>cheek|nose|nasal|ear|helix|forehead"
    r"|scalp|neck|chest|back|arm"
    r"|forearm|hand|finger|leg|thigh|calf|shin|shoulder|abdomen|flank|foot|toe|temple|lip|eyelid|chin|jaw"
    r"|buttock|wrist|elbow"
    r"|knee|ankle|breast|vulva|groin|axilla|eyebrow)\b"
)
# Skin samples by how they were taken: the code of the first and of each further one, deepest first.
WAYS = (("incisional", "11106", "11107"), ("punch", "11104", "11105"), ("shave", "11102", "11103"))


def read(chart: Chart) -> Iterator[Service]:
    """The lines of what was done to the skin."""
    if not any(letters in chart.text for letters in _LETTERS):
        return
    yield from _treated(chart)
    yield from _biopsies(chart)


def _treated(chart: Chart) -> Iterator[Service]:
    """Lesions destroyed and tags taken off: of each kind the telling that has the greatest number."""
    found: dict[str, tuple[int, Place]] = {}
    for document in documents(chart):
        for name in _NAMED.finditer(document.text):
            kind = name.lastgroup or ""
            where = place(document, name.start(), name.end())
            said = near.zone(where)
            if not (_CUT if kind == "tag" else _KILLED).search(said) or not near.happened(chart, where):
                continue
            count = number(said) or (0 if _PLURAL.search(name[0]) else 1)
            if kind not in found or count > found[kind][0]:
                found[kind] = count, where
    for kind, (count, where) in found.items():
        yield from _lines(chart, kind, count, where)


def _lines(chart: Chart, kind: str, count: int, where: Place) -> Iterator[Service]:
    """The lines of so many lesions; none where their number is not told (0): none is guessed."""
    for row in _rows(kind, count):
        if known(chart, row["code"]):
            day, units = day_of(chart, where.document), Decimal(_units(row, count))
            service = coded(chart, row["code"], "procedure", row["name"], [where.evidence], day, units)
            yield service.stepped(reason(row["rule"]), row["rule"])


def _rows(kind: str, count: int) -> Iterator[dict[str, str]]:
    """The rows of the table that so many lesions of a kind reach."""
    for row in rows("offices/lesions"):
        if row["kind"] == kind and int(row["least"]) <= count <= int(row["most"] or count):
            yield row


def _units(row: dict[str, str], count: int) -> int:
    """The units of a row: one, or one for each begun number of lesions from its least on."""
    return ceil((count - int(row["least"]) + 1) / int(row["each"])) if row["each"] else 1


def _biopsies(chart: Chart) -> Iterator[Service]:
    """Samples of skin: the first code is that of the deepest way, every other one a further sample of its way."""
    sites: dict[str, set[str]] = {}
    told: dict[str, int] = {}
    shown: dict[str, Place] = {}
    for document in documents(chart):
        for found in _BIOPSY.finditer(document.text):
            way = _way(found)
            where = place(document, found.start(), found.end())
            if not near.happened(chart, where) or not near.acted(where):
                continue
            shown.setdefault(way, where)
            sites.setdefault(way, set()).update(_sites(where.line) or _sites(where.said))
            told[way] = max(told.get(way, 0), _number(document.text, found) or 0)
    first = True
    for way, code, more in WAYS:
        if way not in shown:
            continue
        count = told[way] or max(1, min(len(sites[way]), 4))
        for value, units in ((code, 1), (more, count - 1)) if first else ((more, count),):
            if units and known(chart, value):
                day = day_of(chart, shown[way].document)
                service = coded(
                    chart, value, "procedure", f"skin sampled, {way}", [shown[way].evidence], day, Decimal(units)
                )
                yield service.stepped(reason(SAMPLED), SAMPLED)
        first = False


def _number(text: str, found: re.Match[str]) -> int | None:
    """How many samples the words around a name tell, thread and other things after a comma left out."""
    return number(
        text[max(0, found.start() - 12) : found.start()].rpartition("\n")[2]
        + re.split(r"[,;.\n]", text[found.start() :], maxsplit=1)[0]
    )


def _sites(said: str) -> set[str]:
    """The places of the body that words name, with their sides."""
    return {f"{(m['side'] or '')[:1]}{m['part']}".lower() for m in _BODY.finditer(said)}


def _way(found: re.Match[str]) -> str:
    said = (found["kind"] or found["bare"] or found["way"]).lower()
    return "punch" if "punch" in said else "incisional" if said == "incisional" else "shave"
