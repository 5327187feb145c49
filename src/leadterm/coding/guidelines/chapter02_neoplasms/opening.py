"""Where a neoplasm opens: morphology gives behavior and tissue, the words around it the site (I.C.2, Neoplasm Table).

A mention that names its organ ("lung cancer") is taken to the part that the same words name ("left upper lobe"); one
that names none ("carcinoma", "mets") takes its site from what it is joined to. Where a chart names no site it opens
nowhere: the neoplasm it speaks of has opened elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from leadterm.codesets.alphabetic.columns import NeoplasmTable
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.navigating.neoplasm_table import BONE, SOFT
from leadterm.coding.navigating.tables import RULE, quoted
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, FactKind, PathwayStep, Step

from .places import ROOM, Place, Zone, attached, both, ends, nearest, organs, regions, sites
from .sides import side_of_another, sided, unsided

NOWHERE = Opening("", ())
_NEOPLASM = compiled(
    r"\b(?:cancers?|carcinomas?|adenocarcinomas?|adenoca\w*|ca|cas|malignan\w+|tumou?rs?|neoplasms?|metasta\w+|mets?|sarcomas?"
    r"|\w*sarcomas?|melanomas?|adenomas?|papillomas?|nevus|nevi|moles?|lipomas?|bcc|scc|nsclc|sclc|carcinomatosis|serrated"
    r"|osteomas?|chondromas?|enchondromas?|osteochondromas?|chordomas?|cystadenocarcinomas?"
    r"|merkel|sccis|in situ|bowen\w*|lentigo maligna|node positive|nodes? positive|nodal (?:disease|involvement))\b"
)
# Terms that say nothing of the site; whatever the words around them name says more.
_VAGUE = tuple(
    "C76 C79.9 C80.1 C49 C41.9 C44.9 C43 C4A C77.9 D09.9 D12.6 D17 D22 D23 D04 D36.9 D48.9 D49.9 C62".split()
)
_VAGUE_END = compiled(r"\.9\d*$")
_OTHERS = compiled(r"\b(?:separate|synchronous|two|distinct|multicentric|second primary|both|three|bilateral)\b")
_NOT_A_TUMOR = compiled(
    r"(?:suspicious|concerning|worrisome|negative|atypia) |tumor (?:board|markers?|lysis|necrosis|burden)"
    r"|cancer (?:center|clinic|screening|risk|survivor)"
)
# Organs whose sarcoma is a neoplasm of the organ and not of soft tissue.
_ORGANS_OF_SARCOMA = (
    "retroperitoneum",
    "peritoneum, peritoneal",
    "uterus, uteri, uterine",
    "myometrium",
    "endometrium",
)
# Kinds that have codes of their own, by the Index and not by a column of the table.
_OF_THE_INDEX = ("melanoma", "melanoma_in_situ", "merkel", "nevus", "lipoma")
_SPECIMEN = compiled(
    r"(?:^|(?<=\. ))\W*(?:specimens?|source|site|part [a-z]|[a-z][.)])\W.*?(?:$|(?<=[a-z])\. )", re.MULTILINE
)
_OF_SKIN = compiled(r"\bskin\b(?! (?:graft|test|check|intact|clear|warm))|\bcutaneous\b")
_SKIN = compiled(r"\bskin|melanocyt|cutaneous|keratinocyt|derm|mohs|shave|actinic|\bak\b|punch|squamous|\bscc|bowen")


@dataclass(frozen=True, slots=True)
class Kind:
    """What the words say a neoplasm is: a column of `sites.tsv` or `regions.tsv`, and the tissue."""

    column: str
    tissue: str


def open_neoplasm(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a neoplasm by its site; None for what is no neoplasm or is known as well as can be."""
    if not is_neoplasm(fact):
        return None
    zone = zone_of(chart, fact)
    if _NOT_A_TUMOR.match(zone.text, zone.start):
        return NOWHERE
    target = fact.targets[0] if fact.targets else ""
    kind = kind_of(zone) or _kind_of_target(target)
    if kind is None or kind.column == "benign":
        # Adenomas of the colon are read with their polyps, in chapter 11.
        return _benign(chart, fact, zone, kind, target) if kind else None if target else NOWHERE
    found = _nodes(chart, fact, zone, kind, target)
    spread = _spread(chart, zone) if kind.column != "secondary" else ()
    if not found and not target:
        return NOWHERE
    if not found:
        return _as_target(chart, fact, zone, target, spread)
    return _opening(chart, fact, zone, kind, found, spread)


def _benign(chart: Chart, fact: Fact, zone: Zone, kind: Kind, target: str) -> Opening | None:
    found = [pair for pair in _nodes(chart, fact, zone, kind, target) if not pair[0].startswith("D12")]
    return _opening(chart, fact, zone, kind, found, ()) if found else None


_TO = compiled(r"^[\s,(]*(?:metastatic |metastasi[sz]ed |which (?:has )?spread |spread(?:ing)? )?to\b")


def _spread(chart: Chart, zone: Zone) -> tuple[str, ...]:
    """The secondary sites of "metastatic breast cancer to bone and brain"."""
    to = _TO.match(zone.text[zone.end :])
    if to is None or not re.search(r"\bmetasta|\bspread", zone.text[max(0, zone.start - 25) : zone.end + to.end()]):
        return ()
    behind = replace(zone, start=zone.end, end=zone.end + to.end())
    found = [(p.node("secondary"), p) for p in attached(sites(behind), behind) if p.start >= zone.end]
    return tuple(sided(chart, code, p.side) for code, p in _stations([(c, p) for c, p in found if c], behind))


def _as_target(chart: Chart, fact: Fact, zone: Zone, target: str, spread: tuple[str, ...]) -> Opening | None:
    """The opening of the dictionary with what the cancer has spread to; a side said of another neoplasm left out."""
    node = unsided(chart, target) if side_of_another(fact, zone, []) else target
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
        for f in chart.facts
        if f.id != fact.id and f.mention.document == fact.mention.document and is_neoplasm(f)
    ]
    low, high = ends(others, span.start, span.end, whole.start, whole.end)
    flat = re.sub(r"\s", " ", text[low:high])
    return Zone(flat, span.start - low, span.end - low, text, chart.neoplasm_table)


@cache
def _morphology() -> tuple[tuple[Pattern, Kind], ...]:
    return tuple((_any_of(row["words"]), Kind(row["kind"], row["tissue"])) for row in rows(f"{ROOM}/morphology"))


def _any_of(words: str) -> Pattern:
    ways = (re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else "") for w in words.split("|"))
    return compiled(rf"\b(?:{'|'.join(ways)})\b")


def kind_of(zone: Zone) -> Kind | None:
    """The kind that the mention, with the words just around it, is; None where it tells nothing of behavior."""
    mention = zone.text[zone.start : zone.end]
    around = zone.text[max(0, zone.start - 30) : zone.end]
    tail = zone.text[zone.end : zone.end + 45]
    for pattern, kind in _morphology():
        if kind.column in ("uncertain", "in_situ") and pattern.search(around + tail):
            return kind
        if pattern.search(mention) or (kind.column in ("basal", "melanoma") and pattern.search(around)):
            if kind.column == "unspecified" and re.search(r"\b(?:malignant|cancerous)\b", around):
                return Kind("primary", "organ")
            return kind
    return None


_COLUMNS = (("C77", "secondary"), ("C78", "secondary"), ("C79", "secondary"), ("C", "primary"), ("D0", "in_situ"))


def _kind_of_target(target: str) -> Kind | None:
    """What the term of the dictionary is, where its words do not say."""
    column = next((column for prefix, column in _COLUMNS if target.startswith(prefix)), None)
    return Kind(column, "organ") if column else None


def _nodes(chart: Chart, fact: Fact, zone: Zone, kind: Kind, target: str) -> list[tuple[str, Place]]:
    """The nodes that the words lead to, each with its place; the first is what the mention opens at."""
    places = sites(zone)
    near = attached(places, zone)
    if kind.tissue == "bone":
        bones = both(places, organs(zone, BONE))
        near = [p for p in attached(bones, zone) or nearest(bones, zone) if p.row["row"].startswith("bone")]
    if kind.tissue == "soft":
        near = _of_soft_parts(zone, kind, near)
    if kind.tissue == "skin" or (kind.tissue == "soft" and not near):
        return _in_skin(fact, zone, kind, target)
    if not near and not target and kind.column != "unspecified":
        near = nearest(places, zone) or _specimen(zone, sites)
    column = "primary" if kind.column == "sarcoma" else kind.column
    rows_near = [(p.node(column), p) for p in near if p.node(column)]
    if kind.column == "primary" and (
        target.startswith("C44.9") or (not rows_near and not target and _OF_SKIN.search(zone.text))
    ):
        squamous_too = re.search(r"\bsquamous|\bscc", zone.text)
        return _in_skin(fact, zone, Kind("squamous" if squamous_too else "skin", "skin"), target)
    squamous = kind.column == "primary" and "squamous" in zone.text[max(0, zone.start - 30) : zone.end]
    if (squamous or "scc" in zone.text[zone.start : zone.end]) and not rows_near:
        return _in_skin(fact, zone, Kind("squamous", "skin"), target)
    if (
        not rows_near
        and not target
        and kind.column in ("uncertain", "in_situ", "unspecified")
        and _SKIN.search(zone.text)
    ):
        return _in_skin(fact, zone, Kind(kind.column, "skin"), target)
    if kind.column == "secondary":
        return _stations(rows_near, zone) if not target or target.startswith(("C77", "C78", "C79")) else []
    return _one_organ(rows_near, target, zone)


def _of_soft_parts(zone: Zone, kind: Kind, near: list[Place]) -> list[Place]:
    """The sites of a tumor of soft parts; what the list of connective tissue does not have is its organ's."""
    if kind.column != "sarcoma" or zone.table is None:
        return [p for p in near if p.row["row"] in _ORGANS_OF_SARCOMA]
    return attached(both(organs(zone, SOFT), near), zone)


def _in_skin(fact: Fact, zone: Zone, kind: Kind, target: str) -> list[tuple[str, Place]]:
    """The region of the skin; none where the chart gives squamous cells no skin to be of."""
    places = regions(zone)
    near = attached(places, zone) or nearest(places, zone) or _specimen(zone, regions) or _by_site(fact, zone.table)
    if kind.column == "squamous" and not (_SKIN.search(zone.chart) and near):
        return []
    if target and not target.startswith(_VAGUE):
        return []
    return [(p.node(kind.column), p) for p in near[:1]]


def _by_site(fact: Fact, table: NeoplasmTable | None) -> list[Place]:
    said = fact.attributes.get("site", "")
    return regions(Zone(said, 0, 0, said, table))


def _specimen(zone: Zone, finder: object) -> list[Place]:
    """The place that the line of the specimen names, for a diagnosis that names none."""
    line = _SPECIMEN.search(zone.chart)
    if line is None or not callable(finder):
        return []
    text = line.group()
    found: list[Place] = finder(Zone(text, len(text), len(text), zone.chart, zone.table))
    return found[:1]


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


def _one_organ(found: list[tuple[str, Place]], target: str, zone: Zone) -> list[tuple[str, Place]]:
    """The most detailed of the codes of one organ: that of the target, else of the first site."""
    if target and not target.startswith(_VAGUE):
        found = [(code, p) for code, p in found if code[:3] == target[:3] and _says_more(code, target)]
    elif found:
        found = [(code, p) for code, p in found if code[:3] == found[0][0][:3]]
    clear = [(code, p) for code, p in found if not _VAGUE_END.search(code)] or found[:1]
    parts = dict(clear)
    if len(parts) < 2:
        return clear[:1]
    side = next((p.side for _, p in found if p.side), None)
    if _OTHERS.search(zone.text):
        return list(parts.items())
    first = clear[0][1]
    return [(f"{clear[0][0][:3]}.8", Place({**first.row, "row": "overlapping"}, first.start, first.end, side))]


def _says_more(code: str, target: str) -> bool:
    return code != target and (code.startswith(target) or bool(_VAGUE_END.search(target)))


def _opening(
    chart: Chart, fact: Fact, zone: Zone, kind: Kind, found: list[tuple[str, Place]], spread: tuple[str, ...]
) -> Opening:
    nodes = [*(sided(chart, code, p.side) for code, p in found), *spread]
    settled = found[0][1].side is None and side_of_another(fact, zone, [p for _, p in found])
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
