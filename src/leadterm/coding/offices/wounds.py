"""Wounds closed with thread, staples or glue: lengths of one group of sites and one depth of closing are summed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents

from . import near

CLOSED, GLUED = "NCCI:3/closed", "MCPM:12/glue"
_WOUND = compiled(r"(?i)\b(?:lac(?:eration)?s?|wounds?|cut)\b(?! care| check| vac)")
_LENGTH = compiled(
    r"(?i)(?<![\d.x])(\d{1,2}(?:\.\d{1,2})?) ?(cm|mm|centimet\w+)\b(?! ?(?:x|deep|from|above|below|proximal|distal))"
)
_CLOSED = compiled(
    r"(?i)\b(?:sutur\w+|stitch\w*|staples?|dermabond|(?:tissue |skin )?(?:adhesive|glue[d]?)|nylon|prolene"
    r"|ethilon|vicryl|monocryl"
    r"|chromic|gut|\d-0|approximated with|primary closure|closed with|(?:layered|two[- ]layer) closure)\b"
)
_GLUE = compiled(r"(?i)\b(?:dermabond|adhesive|glue[d]?)\b")
_THREAD = compiled(
    r"(?i)(?<!no )(?<!without )(?<!not )\b(?:sutur\w+|stitch\w*|staples?|nylon|prolene|ethilon|vicryl"
    r"|monocryl|chromic|\d-0)\b"
)
_LAYERED = compiled(
    r"(?i)\b(?:layered|two[- ]layer\w*|2[- ]layer\w*|in layers|deep (?:dermal|layer|sutures?)|buried"
    r"|subcutaneous (?:layer|sutures?)"
    r"|dermal sutures?|intermediate|heavily contaminated)\b"
)
_NOT_LAYERED = compiled(r"(?i)\b(?:no (?:deep|layer\w*|buried)|single[- ]layer|one layer|simple)\b")
_COMPLEX = compiled(r"(?i)\b(?:complex (?:repair|closure)|retention sutures|extensive undermin\w+)\b")
_SITES = (
    ("face", compiled(r"(?i)\b(?:face|facial|cheek|chin|forehead|fore head|eyebrow|brow|eyelid|lid|nose"
                        r"|nasal|lip|ear|pinna|temple"
                        r"|jaw\w*|oral|mucos\w+|glabella\w*|periorbital)\b")),
    ("hands", compiled(r"(?i)\b(?:neck|hands?|palm|fingers?|thumb|foot|feet|toes?|sole|genital\w*|scrot\w+"
                         r"|index|knuckle)\b")),
    ("trunk", compiled(r"(?i)\b(?:scalp|parietal|occipital|occiput|vertex|axilla\w*|trunk|chest|back"
                         r"|abdom\w+|arm|forearm|elbow|shoulder"
                         r"|leg|shin|calf|thigh|knee|ankle|wrist|buttock|extremity|pretibial)\b")),
)  # fmt: skip


def read(chart: Chart) -> Iterator[Service]:
    """A line for each group of sites and depth of closing."""
    if "lac" not in chart.text and "wound" not in chart.text and "cut" not in chart.text:
        return
    found: dict[tuple[str, str, Decimal, str], tuple[Place, bool]] = {}
    open_ones: dict[tuple[str, str, Decimal, str] | None, Place] = {}
    for document in documents(chart):
        for name in _WOUND.finditer(document.text):
            where = place(document, name.start(), name.end())
            said = near.zone(where)
            if not near.happened(chart, where) or _COMPLEX.search(said):
                continue
            if not _CLOSED.search(said):
                open_ones.setdefault(_one(where, where.line), where)
                continue
            if (one := _one(where, said)) is not None:
                glued = bool(_GLUE.search(said)) and not _THREAD.search(said)
                found.setdefault(one, (where, glued))
    sized = {one: where for one, where in open_ones.items() if one is not None}
    if not found and len(sized) == 1:
        found = dict(_closed_below(sized))
    yield from _summed(chart, found)


# A closing told in a paragraph of its own: thread, and what was done before it.
_BELOW = compiled(
    r"(?i)\b(?:lido\w*|block|anesthe\w+|irrigat\w+|let)\b[^~]{0,160}\b(?:closed|sutur\w+"
    r"|approximated|staples?|closure|vicryl|nylon|prolene|chromic|fast gut|monocryl)\b"
)


def _closed_below(
    sized: dict[tuple[str, str, Decimal, str], Place],
) -> Iterator[tuple[tuple[str, str, Decimal, str], tuple[Place, bool]]]:
    """The only wound that is measured, where the note tells further down that a wound was closed."""
    for (_, group, size, site), where in sized.items():
        if found := _BELOW.search(where.document.text, where.span.end):
            said = where.document.text[found.start() : found.end() + 120].lower()
            layered = _LAYERED.search(said) is not None and not _NOT_LAYERED.search(said)
            if layered and group == "body":
                group = (_group(site) or ("trunk", ""))[0]
            yield ("layered" if layered else "simple", group, size, site), (where, False)


def _one(where: Place, said: str) -> tuple[str, str, Decimal, str] | None:
    """Closing, group, length in centimetres and site of a wound; None where length or site is not told."""
    length = _LENGTH.search(said)
    own = f"{where.line} {where.said}"
    group = _group(own) or _group(said)
    if length is None or group is None:
        return None
    size = Decimal(length[1]) / (10 if length[2].lower() == "mm" else 1)
    layered = _LAYERED.search(said) is not None and not _NOT_LAYERED.search(said)
    if layered:
        return "layered", group[0], size, group[1]
    return "simple", "face" if group[0] == "face" else "body", size, group[1]


def _group(said: str) -> tuple[str, str] | None:
    """The group of sites that is named first, and the site."""
    hits = [(m.start(), name, m[0].lower()) for name, pattern in _SITES if (m := pattern.search(said))]
    return min(hits)[1:] if hits else None


def _summed(chart: Chart, found: dict[tuple[str, str, Decimal, str], tuple[Place, bool]]) -> Iterator[Service]:
    groups: dict[tuple[str, str], list[tuple[Decimal, Place, bool]]] = {}
    for (closing, group, size, _), (where, glued) in found.items():
        groups.setdefault((closing, group), []).append((size, where, glued))
    for (closing, group), wounds in groups.items():
        total, where = sum((size for size, _, _ in wounds), Decimal(0)), wounds[0][1]
        glued = is_medicare(chart) and closing == "simple" and all(g for _, _, g in wounds)
        code, rule = ("G0168", GLUED) if glued else (_code(closing, group, total), CLOSED)
        if known(chart, code):
            told = [w.evidence for _, w, _ in wounds]
            service = coded(chart, code, "procedure", f"wound closed, {total} cm", told, day_of(chart, where.document))
            yield service.stepped(reason(rule), rule)


def _code(closing: str, group: str, total: Decimal) -> str:
    fitting = [r for r in rows("offices/wounds") if r["closing"] == closing and r["group"] == group]
    return next(r["code"] for r in fitting if not r["upto"] or total <= Decimal(r["upto"]))
