"""Where a neoplasm opens: morphology gives behavior and tissue, the words around it the site (I.C.2, Neoplasm Table).

A mention that names its organ ("lung cancer") is taken to the part that the same words name ("left upper lobe"); one
that names none ("carcinoma", "mets") takes its site from what it is joined to. Where a chart names no site it opens
nowhere: the neoplasm it speaks of has opened elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.navigating.neoplasm_table import BONE
from leadterm.coding.navigating.tables import RULE, quoted
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, FactKind, PathwayStep, Step

from .kinds import VAGUE, Kind, kind_of, kind_of_target
from .places import Place, Zone, attached, both, ends, nearest, organs, side_behind, sites
from .sides import on_sides, side_of_another, sided, unsided
from .tissues import SKIN_SAID, in_skin, of_soft_parts, specimen

NOWHERE = Opening("", ())
_NEOPLASM = compiled(
    r"\b(?:cancers?|carcinomas?|adenocarcinomas?|adenoca\w*|ca|cas|malignan\w+|tumou?rs?|neoplasms?|metasta\w+|mets?|sarcomas?"
    r"|\w*sarcomas?|melanomas?|adenomas?|papillomas?|nevus|nevi|moles?|lipomas?|bcc|scc|nsclc|sclc|carcinomatosis|serrated"
    r"|osteomas?|chondromas?|enchondromas?|osteochondromas?|chordomas?|cystadenocarcinomas?"
    r"|merkel|sccis|in situ|bowen\w*|lentigo maligna|node positive|nodes? positive|nodal (?:disease|involvement))\b"
)
_VAGUE_END = compiled(r"\.9\d*$")
_OTHERS = compiled(r"\b(?:separate|synchronous|two|distinct|multicentric|second primary|both|three|bilateral)\b")
_NOT_A_TUMOR = compiled(
    r"(?:suspicious|concerning|worrisome|negative|atypia) |tumor (?:board|markers?|lysis|necrosis|burden)"
    r"|cancer (?:center|clinic|screening|risk|survivor)"
)
# Regions that a named organ says more than.
_ILL_DEFINED = ("C76", "D36.7", "D48.7", "D49.89")
# Kinds that have codes of their own, by the Index and not by a column of the table.
_OF_THE_INDEX = ("melanoma", "melanoma_in_situ", "merkel", "nevus", "lipoma")
_OF_SKIN = compiled(r"\bskin\b(?! (?:graft|test|check|intact|clear|warm))|\bcutaneous\b")


def open_neoplasm(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a neoplasm by its site; None for what is no neoplasm or is known as well as can be."""
    if not is_neoplasm(fact):
        return None
    zone = zone_of(chart, fact)
    if _NOT_A_TUMOR.match(zone.text, zone.start):
        return NOWHERE
    target = fact.targets[0] if fact.targets else ""
    kind = kind_of(zone) or kind_of_target(target)
    if kind is None or kind.column == "benign":
        # Adenomas of the colon are read with their polyps, in chapter 11.
        return _benign(chart, fact, zone, kind, target) if kind else None if target else NOWHERE
    found = _nodes(chart, fact, zone, kind, target)
    spread = _spread(chart, zone) if kind.column != "secondary" else ()
    if not found and not target:
        return NOWHERE
    if not found:
        return _as_target(chart, fact, zone, kind, target, spread)
    return _opening(chart, fact, zone, kind, found, spread)


def _benign(chart: Chart, fact: Fact, zone: Zone, kind: Kind, target: str) -> Opening | None:
    found = [pair for pair in _nodes(chart, fact, zone, kind, target) if not pair[0].startswith("D12")]
    return _opening(chart, fact, zone, kind, found, ()) if found else None


_TO = compiled(r"^[\s,(]*(?:metastatic |metastasi[sz]ed |which (?:has )?spread |spread(?:ing)? )?to\b")


# "… of the left tonsil with spread to neck nodes".
_SPREAD = compiled(r"^(?:(?!\b(?:no|not|without)\b)[^.;]){0,60}\bspread(?:ing)? to\b")


def _spread(chart: Chart, zone: Zone) -> tuple[str, ...]:
    """The secondary sites of "metastatic breast cancer to bone and brain"."""
    behind = zone.text[zone.end :]
    to = _TO.match(behind) or _SPREAD.match(behind)
    if to is None or not re.search(r"\bmetasta|\bspread", zone.text[max(0, zone.start - 25) : zone.end + to.end()]):
        return ()
    further = replace(zone, start=zone.end, end=zone.end + to.end())
    found = [(p.node("secondary"), p) for p in attached(sites(further), further) if p.start >= further.end]
    stations = _stations([(c, p) for c, p in found if c], further)
    return tuple(node for code, p in stations for node in on_sides(chart, code, p.side))


def _as_target(
    chart: Chart, fact: Fact, zone: Zone, kind: Kind, target: str, spread: tuple[str, ...]
) -> Opening | None:
    """The opening of the dictionary with what the cancer has spread to; a side said of another neoplasm left out."""
    node = unsided(chart, target) if side_of_another(fact, zone, []) else target
    side = next((p.side for p in attached(sites(zone), zone) if p.side and p.node(kind.column) == target), None)
    if side in ("left", "right") and fact.attributes.get("laterality") != side:
        node = sided(chart, target, side)
    if node == target and not spread:
        return None
    step = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {target}")
    return Opening(node, (step,), spread, settled=node != target)


def is_neoplasm(fact: Fact) -> bool:
    """Whether a fact is one whose site the words around it may name."""
    if fact.kind not in (FactKind.CONDITION, FactKind.FINDING):
        return False
    if fact.targets and not fact.targets[0].startswith(("C", "D0", "D1", "D2", "D3", "D4")):
        return False
    return bool(_NEOPLASM.search(fact.mention.text.lower()) or (fact.targets and fact.targets[0].startswith("C")))


def zone_of(chart: Chart, fact: Fact) -> Zone:
    """The words that may speak of a neoplasm: its sentence, between the neoplasms before and after it."""
    text = chart.encounter.document(fact.mention.document).text.lower()
    span, whole = fact.mention.span, fact.segment or fact.mention.span
    others = [
        (f.mention.span.start, f.mention.span.end)
        for f in chart.near(fact.mention.document, whole.start, whole.end)
        if f.id != fact.id and is_neoplasm(f)
    ]
    low, high = ends(others, span.start, span.end, whole.start, whole.end)
    flat = re.sub(r"\s", " ", text[low:high])
    return Zone(flat, span.start - low, span.end - low, text, chart.neoplasm_table or chart.book)


def _nodes(chart: Chart, fact: Fact, zone: Zone, kind: Kind, target: str) -> list[tuple[str, Place]]:
    """The nodes that the words lead to, each with its place; the first is what the mention opens at."""
    places = sites(zone)
    near = attached(places, zone)
    if kind.tissue == "bone":
        bones = both(places, organs(zone, BONE))
        near = [p for p in attached(bones, zone) or nearest(bones, zone) if p.row["row"].startswith("bone")]
    if kind.tissue == "soft":
        near = of_soft_parts(zone, kind, near)
    if kind.tissue == "skin" or (kind.tissue == "soft" and not near):
        return in_skin(fact, zone, kind, target)
    if not near and not target and kind.column != "unspecified":
        near = nearest(places, zone) or specimen(zone, sites)
    column = "primary" if kind.column == "sarcoma" else kind.column
    rows_near = [(p.node(column), p) for p in near if p.node(column)]
    if kind.column == "primary" and (
        target.startswith("C44.9") or (not rows_near and not target and _OF_SKIN.search(zone.text))
    ):
        squamous_too = re.search(r"\bsquamous|\bscc", zone.text)
        return in_skin(fact, zone, Kind("squamous" if squamous_too else "skin", "skin"), target)
    squamous = kind.column == "primary" and "squamous" in zone.text[max(0, zone.start - 30) : zone.end]
    if (squamous or "scc" in zone.text[zone.start : zone.end]) and not rows_near:
        return in_skin(fact, zone, Kind("squamous", "skin"), target)
    if (
        not rows_near
        and not target
        and kind.column in ("uncertain", "in_situ", "unspecified")
        and SKIN_SAID.search(zone.text)
    ):
        return in_skin(fact, zone, Kind(kind.column, "skin"), target)
    if kind.column == "secondary":
        return _stations(rows_near, zone) if not target or target.startswith(("C77", "C78", "C79")) else []
    return _one_organ(chart, rows_near, target, zone)


def _stations(found: list[tuple[str, Place]], zone: Zone) -> list[tuple[str, Place]]:
    """Secondary sites, each once; nodes of a region that the sentence names are that region's."""
    nodal = any(code.startswith("C77") for code, _ in found)
    if nodal and any(code == "C77.9" for code, _ in found):
        named = [(p.node("secondary"), p) for p in sites(zone)]
        region = next((_STATIONS[p.row["row"]] for _, p in named if p.row["row"] in _STATIONS), None)
        found = [(region if code == "C77.9" and region else code, p) for code, p in found]
    kept: dict[tuple[str, str | None], tuple[str, Place]] = {}
    for code, p in found:
        if not (nodal and p.row["row"] in _STATIONS):
            kept.setdefault((code, p.side), (code, p))
    return list(kept.values())


_STATIONS = {
    "axilla, axillary": "C77.3",
    "mediastinum, mediastinal": "C77.1",
    "retroperitoneum": "C77.2",
    "groin NEC": "C77.4",
    "pelvis, pelvic": "C77.5",
}


def _one_organ(chart: Chart, found: list[tuple[str, Place]], target: str, zone: Zone) -> list[tuple[str, Place]]:
    """The most detailed of the codes of one organ: that of the target, else of the first site."""
    if target and not target.startswith(VAGUE):
        found = [(code, p) for code, p in found if code[:3] == target[:3] and _says_more(code, target)]
    elif found:
        found = [pair for pair in found if not pair[0].startswith(_ILL_DEFINED)] or found
        found = [(code, p) for code, p in found if code[:3] == found[0][0][:3]]
    clear = [(code, p) for code, p in found if not _VAGUE_END.search(code)] or found[:1]
    parts = dict(clear)
    if len(parts) < 2:
        return clear[:1]
    side = next((p.side for _, p in found if p.side), None)
    whole = f"{clear[0][0][:3]}.8"
    if _OTHERS.search(zone.text) or not _overlapping(chart, whole):
        return list(parts.items())
    first = clear[0][1]
    return [(whole, Place({**first.row, "row": "overlapping"}, first.start, first.end, side))]


def _overlapping(chart: Chart, code: str) -> bool:
    """Whether a code is that of contiguous sites (note at C00 to D49); elsewhere .8 is what is specified otherwise."""
    node = chart.book.node(code)
    return node is not None and "overlapping" in node.title.lower()


def _says_more(code: str, target: str) -> bool:
    return code != target and (code.startswith(target) or bool(_VAGUE_END.search(target)))


def _opening(
    chart: Chart, fact: Fact, zone: Zone, kind: Kind, found: list[tuple[str, Place]], spread: tuple[str, ...]
) -> Opening:
    sides = [p.side or (side_behind(zone) if p.start < zone.end else None) for _, p in found]
    nodes = [*(n for (code, _), side in zip(found, sides, strict=True) for n in on_sides(chart, code, side)), *spread]
    settled = sides[0] is None and side_of_another(fact, zone, [p for _, p in found])
    if settled:
        nodes[0] = unsided(chart, nodes[0])
    place = found[0][1]
    where = place.row.get("row") or place.row.get("region") or ""
    step = _step(chart, fact, kind, found[0][0], where, zone.text[place.start : place.end])
    return Opening(nodes[0], (step,), tuple(dict.fromkeys(n for n in nodes[1:] if n != nodes[0])), settled)


def _step(chart: Chart, fact: Fact, kind: Kind, node: str, where: str, site: str) -> PathwayStep:
    """Row and column as the installed table prints them, else as ours does; the Index alone has what has no column."""
    told = f"\u201c{fact.mention.text}\u201d: "
    ours = f"Neoplasm, {where}, {kind.column.replace('_', ' ')} {node}"
    if kind.column in _OF_THE_INDEX:
        return PathwayStep(Step.INDEX, f"{told}{ours}")
    quote = quoted(chart, node, where, fact.mention.text, site) or ours
    return PathwayStep(Step.TABLE, f"{told}{quote}. {reason(RULE)}", RULE)
