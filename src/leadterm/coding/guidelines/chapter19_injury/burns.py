"""Burns and corrosions (I.C.19.d): site and degree, the highest of a site, the extent, what corroded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadterm.codesets.wording import words
from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, FactKind, PathwayStep, Step

from .phrases import phrase

SITE = "ICD10CM:I.C.19.d.1/degree"
HIGHEST = "ICD10CM:I.C.19.d.2/highest"
EXTENT = "ICD10CM:I.C.19.d.6/extent"
AGENT = "ICD10CM:I.C.19.d/agent"
_BURN = compiled(r"\b(?:burn(?:s|ed|t)?|scald(?:s|ed)?|corrosions?)\b", re.IGNORECASE)
_NO_BURN = compiled(r"\b(?:heart ?burn|sun ?burn\w*|burning|burn(?:ed|t)? out)\b", re.IGNORECASE)
_CORROSION = compiled(r"\b(?:chemical|corrosi\w+|caustic|acid burn|alkali|lye|bleach)\b", re.IGNORECASE)
_DEGREES = (
    (
        "3",
        compiled(
            r"\b(?:third|3rd|full)[- ](?:degree|thickness)|\bfourth[- ]degree\b|\bfull-thickness\b", re.IGNORECASE
        ),
    ),
    (
        "2",
        compiled(r"\b(?:second|2nd)[- ]degree|\b(?:superficial |deep )?partial[- ]thickness|\bblister", re.IGNORECASE),
    ),
    ("1", compiled(r"\b(?:first|1st)[- ]degree|\bsuperficial\b", re.IGNORECASE)),
)
_WORDED = {"first": "1", "second": "2", "third": "3", "fourth": "3"}
_SIDE = compiled(r"\b(?:(?P<right>right|rt|R)|(?P<left>left|lt|L)|(?P<bilateral>both|bilateral|b/l))\b")
BURNS = tuple(f"T{n}" for n in range(20, 26))
_CORRODED = (
    *(f"T26.{n}" for n in range(5, 10)),
    *(f"T27.{n}" for n in range(4, 8)),
    "T28.5",
    "T28.6",
    "T28.7",
    "T28.8",
    "T28.9",
)
_TOTAL = compiled(
    r"(?:\btbsa\b|\bbsa\b|body surface(?: area)?)[ :=of]{0,6}(?:approximately |about |~"
    r"|est\w* )?(?P<a>\d+(?:\.\d+)?) ?(?:%|percent)"
    r"|(?P<b>\d+(?:\.\d+)?) ?(?:%|percent)(?: of)?(?: the| total| his| her)* ?(?:\btbsa\b|\bbsa\b|body surface|body)",
    re.IGNORECASE,
)
_THIRD = compiled(
    r"(?P<a>\d+(?:\.\d+)?) ?% ?(?:\w+ )?(?:third[- ]degree|3rd[- ]degree|full[- ]thickness)"
    r"|(?:third[- ]degree|3rd[- ]degree|full[- ]thickness)[^.;,%\d]{0,15}?(?P<b>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)


@cache
def _sites() -> tuple[tuple[tuple[str, ...], str], ...]:
    table = [(tuple(words(row["said"])), row["node"]) for row in rows("guidelines/chapter19_injury/burn_sites")]
    return tuple(sorted(table, key=lambda one: -len(one[0])))


def burn(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a burn by site and degree, with the other sites that the same words name; None for no burn."""
    if not _BURN.search(fact.mention.text) or _NO_BURN.search(fact.mention.text) or fact.kind not in _KINDS:
        return None
    text = phrase(chart, fact).text
    nodes = tuple(dict.fromkeys(_nodes(chart, fact, text)))
    if not nodes:
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{' '.join(text.split())}\u201d: {', '.join(nodes)}", SITE)
    return Opening(nodes[0], (step,), nodes[1:], settled=True)


_KINDS = (FactKind.CONDITION, FactKind.FINDING)


def _nodes(chart: Chart, fact: Fact, text: str) -> Iterator[str]:
    """The codes, without 7th character, of the sites that a text names, each at its side."""
    corrosion = _CORROSION.search(f"{text} {chart.sentence(fact)}") is not None
    degree = _degree(chart, fact, text)
    side: str | None = None
    for part in re.split(r",|\band\b|&|;", text):
        side = _side(part) or side
        node = _node(part)
        if node is not None:
            whose = side or fact.attributes.get("laterality")
            yield from _sided(chart, node.format(int(degree) + 4 * corrosion), whose)


def _degree(chart: Chart, fact: Fact, text: str) -> str:
    said = next((digit for digit, pattern in _DEGREES if pattern.search(text)), None)
    own = said or _WORDED.get(fact.attributes.get("degree", ""))
    if own is not None:
        return own
    return next((digit for digit, pattern in _DEGREES[:2] if pattern.search(chart.sentence(fact))), "0")


def _side(text: str) -> str | None:
    found = {kind for m in _SIDE.finditer(text) for kind, word in m.groupdict().items() if word}
    return "bilateral" if len(found) > 1 else next(iter(found), None)


def _node(text: str) -> str | None:
    said = words(text)
    for wanted, node in _sites():
        if any(tuple(said[at : at + len(wanted)]) == wanted for at in range(len(said))):
            return node
    return None


def _sided(chart: Chart, node: str, side: str | None) -> Iterator[str]:
    """The codes below a node for a side; both where both are said; the node itself where the list knows no sides."""
    below = {n.title.lower(): n.code for n in chart.book.tree(node) if n.extension is None}
    sides = ("right", "left") if side == "bilateral" else (side or "unspecified",)
    found = [code for one in sides for title, code in below.items() if f"{one} " in f"{title} ".replace(",", " ")]
    yield from found or ([node] if not below or all(n.extension for n in chart.book.tree(node)) else [])


def highest(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with one burn a site and side, that of the highest degree."""
    best: dict[tuple[str, str], str] = {}
    for c in candidates:
        if c.code.startswith(BURNS):
            best[_place(c.code)] = max(best.get(_place(c.code), "0"), c.code[4])
    kept = []
    for c in candidates:
        if not c.code.startswith(BURNS):
            kept.append(c)
        elif c.code[4] == best[_place(c.code)]:
            kept.append(c.stepped(reason(HIGHEST), HIGHEST))
    return kept


def _place(code: str) -> tuple[str, str]:
    return code[:3], code[5:7]


def extent(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the code for how much of the body is burned, where the chart says it, and of a corrosion with its agent."""
    burned = next((c for c in candidates if c.code.startswith(BURNS)), None)
    eaten = next((c for c in candidates if c.code.startswith(_CORRODED)), None)
    if burned is None and eaten is not None and not any(c.code.startswith("T5") for c in candidates):
        return [*candidates, *_agent(chart, eaten)]
    if burned is None or burned.code.endswith("S"):
        return candidates
    added = []
    corrosion = burned.code[4] in "4567"
    if (code := _extent(chart, "T32" if corrosion else "T31")) and not any(c.code[:3] == code[:3] for c in candidates):
        added.append(stated(code, burned.facts, reason(EXTENT), EXTENT, beside=burned))
    if corrosion and not any(c.code.startswith("T5") for c in candidates):
        added.extend(_agent(chart, burned))
    return [*candidates, *added]


def _extent(chart: Chart, category: str) -> str | None:
    text = " ".join(d.text for d in chart.encounter.documents)
    totals = [float(m["a"] or m["b"]) for m in _TOTAL.finditer(text)]
    if not totals:
        return None
    total = max(totals)
    third = max((float(m["a"] or m["b"]) for m in _THIRD.finditer(text)), default=0.0)
    if total < 10:
        return f"{category}.0"
    tens = min(int(total // 10), 9)
    return f"{category}.{tens}{min(int(third // 10), tens)}"


def _agent(chart: Chart, burned: Candidate) -> Iterator[Candidate]:
    text = " ".join(d.text.lower() for d in chart.encounter.documents)
    for row in rows("guidelines/chapter19_injury/caustics"):
        if re.search(row["pattern"], text):
            arrival = navigate(chart, burned.facts[0], f"{row['node']}1", settled=True)
            if arrival is not None:
                found = stated(arrival.code, burned.facts, reason(AGENT), AGENT)
                yield Candidate(found.code, found.facts, (*found.pathway, *arrival.steps), (), (*burned.rank[:-1], -1))
            return
