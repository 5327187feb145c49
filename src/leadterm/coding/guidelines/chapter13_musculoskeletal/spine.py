"""Diseases of the spine by region, and discs and spondylosis by what they do to nerve roots and cord (M43 to M54)."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.guidelines.chapter19_injury.phrases import side_of
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Fact, FactKind, PathwayStep, Step

from .around import words_of

RULE = "ICD10CM:I.C.13.a/spine"
_LEVEL = compiled(r"\b([CTLS])\s?(\d{1,2})(?:\s?(?:[-/–]|to)\s?([CTLS])?\s?(\d{1,2}))?\b", re.IGNORECASE)
_REGIONS = (
    ("7", compiled(r"\blumbo-?sacral\b", re.IGNORECASE)),
    ("5", compiled(r"\bthoraco-?lumbar\b", re.IGNORECASE)),
    ("3", compiled(r"\bcervico-?thoracic\b", re.IGNORECASE)),
    ("6", compiled(r"\b(?:lumbar|low(?:er)? back|l-?spine)\b", re.IGNORECASE)),
    ("2", compiled(r"\b(?:cervical|neck|c-?spine)\b", re.IGNORECASE)),
    ("4", compiled(r"\b(?:thoracic|mid-?back|upper back|t-?spine)\b", re.IGNORECASE)),
    ("8", compiled(r"\b(?:sacral|sacrococcygeal|coccyx)\b", re.IGNORECASE)),
)
_ROOT = compiled(r"\b(?:radiculopath\w*|radicular|radiculitis|sciatica|lumbago with sciatica)\b", re.IGNORECASE)
_CORD = compiled(r"\b(?:myelopath\w*|cord compression)\b", re.IGNORECASE)
_DENIED = compiled(r"\b(?:no|without|denies|negative for|w/o|not)\b[^.;]{0,40}$", re.IGNORECASE)
_BACK = compiled(
    r"\b(?:discogenic(?: low)? back pain|(?:low |axial )?back pain|lumbago|discogenic pain|axial pain)\b", re.IGNORECASE
)
_LEG = compiled(r"\b(?:leg|lower extremity|extremity|thigh|buttock|referred sclerotomal) pain\b", re.IGNORECASE)
_OF_SPINE = ("M43", "M46", "M47", "M48", "M50", "M51", "M53", "M54", "G95", "G99", "G54", "M41")


@cache
def _families() -> tuple[tuple[Pattern, dict[str, str]], ...]:
    table = rows("guidelines/chapter13_musculoskeletal/spine")
    return tuple((compiled(row["pattern"], re.IGNORECASE), row) for row in table)


def spine(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a disease of the spine by its region and what goes with it; None for what is none."""
    if fact.kind not in (FactKind.CONDITION, FactKind.FINDING):
        return None
    if fact.targets and not fact.targets[0].startswith(_OF_SPINE):
        return None
    if "scoliosis" in fact.mention.text.lower():
        return _scoliosis(chart, fact)
    if "sciatica" in fact.mention.text.lower():
        return _sciatica(chart, fact)
    family = next((row for pattern, row in _families() if pattern.search(fact.mention.text)), None)
    if family is None:
        return None
    text = words_of(chart, fact)
    code = _code(chart, fact, family, region(text, fact) or region(chart.sentence(fact), fact), text)
    node = chart.book.node(code) if code else None
    if code is None or node is None:
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{text}\u201d: {code} {node.title}", RULE)
    return Opening(code, (step,), settled=True)


_SCOLIOSIS = (
    ("M41.12", compiled(r"\badolescent\b", re.IGNORECASE)),
    ("M41.2", compiled(r"\bidiopathic\b", re.IGNORECASE)),
    ("M41.8", compiled(r"\b(?:degenerative|adult|levo\w*|dextro\w*)\b", re.IGNORECASE)),
)


def _scoliosis(chart: Chart, fact: Fact) -> Opening | None:
    """Scoliosis by its kind and region (M41); None where the chart says neither."""
    text = words_of(chart, fact)
    where = region(text, fact)
    stem = next((node for node, kind in _SCOLIOSIS if kind.search(text)), None)
    code = f"{stem}{where}" if stem and where else None
    if code is None or chart.book.node(code) is None:
        return None
    return Opening(code, (PathwayStep(Step.INDEX, f"\u201c{text}\u201d: {code}", RULE),), settled=True)


def _sciatica(chart: Chart, fact: Fact) -> Opening | None:
    """Sciatica, or lumbago with it where the chart tells of both (M54.3, M54.4)."""
    text = words_of(chart, fact)
    side = {"right": "1", "left": "2"}.get(side_of(text) or fact.attributes.get("laterality", ""), "0")
    both = any(_LOW_BACK.search(f.mention.text) for f in chart.present if f.section == fact.section)
    node = f"M54.{'4' if both or _LOW_BACK.search(text) else '3'}{side}"
    return Opening(node, (PathwayStep(Step.INDEX, f"\u201c{text}\u201d: {node}", RULE),), settled=True)


_LOW_BACK = compiled(r"\b(?:low(?:er)? back pain|lumbago|lbp|lumbar pain)\b", re.IGNORECASE)


def region(text: str, fact: Fact) -> str | None:
    """The digit of the region that a text names, by levels first, then by words."""
    hits = list(_LEVEL.finditer(text)) or list(_LEVEL.finditer(fact.attributes.get("site", "")))
    if hits:
        return _of_levels(hits[0])
    return next((digit for digit, pattern in _REGIONS if pattern.search(text)), None)


def _of_levels(hit: re.Match[str]) -> str:
    first, second = hit[1].upper(), (hit[3] or hit[1]).upper() if hit[4] else hit[1].upper()
    low = int(hit[4]) if hit[4] else int(hit[2])
    if first == "L" and not hit[3] and hit[4] and low < int(hit[2]):
        second = "S"  # "L5-1"
    pair = {"CT": "3", "TL": "5", "LS": "7", "CC": "2", "TT": "4", "LL": "6", "SS": "7" if low == 1 else "8"}
    return pair.get(first + second, "6" if "L" in first + second else "2")


def _code(chart: Chart, fact: Fact, family: dict[str, str], where: str | None, text: str) -> str | None:
    with_ = next(
        (kind for kind, pattern in (("myelopathy", _CORD), ("radiculopathy", _ROOT)) if _goes(chart, fact, pattern)),
        "plain",
    )
    pattern = family[with_] or family["plain"]
    if where is None:
        return None
    if pattern.startswith("M51") and where in "23":
        return _neck(pattern, text, where)
    if pattern.startswith("M51.3") and where in "67":
        return f"{pattern.format(r=where)}{_pain(chart, fact)}"
    code = pattern.format(r=where)
    return code if chart.book.node(code) else None


def _goes(chart: Chart, fact: Fact, pattern: Pattern) -> bool:
    """Whether the sentence says that it goes with the disease."""
    sentence = chart.sentence(fact)
    return any(not _DENIED.search(sentence[: m.start()]) for m in pattern.finditer(sentence))


def _neck(pattern: str, text: str, where: str) -> str:
    """A disc of the neck at its level (M50)."""
    kind = pattern[4]
    if where == "3":
        return f"M50.{kind}3"
    hit = _LEVEL.search(text)
    if hit is None:
        return f"M50.{kind}0"
    top = int(hit[2]) if hit[4] else 0
    return f"M50.{kind}1" if top in (2, 3) else f"M50.{kind}2{ {4: 1, 5: 2, 6: 3}.get(top, 0) }"


def _pain(chart: Chart, fact: Fact) -> str:
    """The 6th character of disc degeneration: pain of back, leg, both, or none told (M51.36, M51.37)."""
    sentence = chart.sentence(fact)
    back = any(not _DENIED.search(sentence[: m.start()]) for m in _BACK.finditer(sentence))
    leg = any(not _DENIED.search(sentence[: m.start()]) for m in _LEG.finditer(sentence))
    return {(True, False): "0", (False, True): "1", (True, True): "2", (False, False): "9"}[back, leg]
