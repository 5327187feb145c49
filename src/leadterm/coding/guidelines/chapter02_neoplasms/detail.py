"""One tumor, one code (I.B.2, I.C.2): what a chart says of a neoplasm in several places is put together.

Of the codes of one category the one that names part, side or remission stands for those that do not; a part from one
place and a side from another give one code. Tumors of two parts or two sides stay two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.2/one-tumor"
_NEOPLASM = ("C", "D0", "D1", "D2", "D3", "D4")
_SIDE = compiled(r"\b(left|right|bilateral)\b")
_SIDED = compiled(r"\b(?:left|right)\b")


@dataclass(frozen=True, slots=True)
class _Told:
    """What a code tells of its tumor: the node of its part, whether that names one, and the side if it names one."""

    part: str
    vague: bool
    side: str | None
    overlapping: bool = False


def one_tumor(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with codes of one neoplasm joined at what all places together say."""
    of_category: dict[str, list[Candidate]] = {}
    for c in candidates:
        if c.code.startswith(_NEOPLASM):
            of_category.setdefault(c.code[:3], []).append(c)
    into = {}
    for same in of_category.values():
        into.update(_joined(chart, same))
    return [replace_code(c, into[c.code]) if into.get(c.code, c.code) != c.code else c for c in candidates]


def replace_code(c: Candidate, code: str) -> Candidate:
    """The candidate at a clearer code, with the reason."""
    return c.stepped(f"the same tumor as {code}. {reason(RULE)}", RULE, code=code)


def _joined(chart: Chart, same: list[Candidate]) -> dict[str, str]:
    """Where each code of a category goes; codes that stay are left out."""
    told = {c.code: _told(chart, c.code) for c in same}
    into: dict[str, str] = {}
    for code, mine in told.items():
        full = _completed(chart, code, mine, told)
        better = [o for o, its in told.items() if o != code and _covers(its, mine)]
        if full:
            into[code] = full
        elif len(better) == 1 or (better and mine.vague and mine.side is None):
            into[code] = better[0]
    return {code: into.get(target, target) for code, target in into.items()}


def _covers(strong: _Told, weak: _Told) -> bool:
    """Whether one says all that the other says, and more."""
    if strong == weak or (weak.side and weak.side != strong.side):
        return False
    if strong.overlapping and not weak.overlapping:
        return True
    return (weak.vague and not strong.vague) or (strong.part == weak.part and bool(strong.side) and not weak.side)


def _completed(chart: Chart, code: str, mine: _Told, told: dict[str, _Told]) -> str | None:
    """A named part without a side, at the one side that the vaguer codes name; and a side at the one part named."""
    if mine.vague and mine.side:
        parts = {t.part for t in told.values() if not t.vague and t.side in (None, mine.side)}
        return _child(chart, parts.pop(), mine.side) if len(parts) == 1 else None
    sides = {t.side for t in told.values() if t.side and t.vague}
    if mine.vague or mine.side or len(sides) != 1:
        return None
    return _child(chart, mine.part, sides.pop() or "")


def _child(chart: Chart, part: str, side: str) -> str | None:
    node = chart.book.node(part)
    children = [chart.book.node(c) for c in node.children] if node else []
    found = [c for c in children if c is not None and c.billable and re.search(rf"\b{side}\b", c.title.lower())]
    return found[0].code if len(found) == 1 else None


def _told(chart: Chart, code: str) -> _Told:
    node = chart.book.node(code)
    above = chart.book.ancestors(code)
    parent = above[0] if above else None
    if node is None or parent is None:
        return _Told(code, False, None)
    siblings = [c.title.lower() for c in (chart.book.node(x) for x in parent.children) if c is not None]
    sided = any(_SIDED.search(t) for t in siblings) and len(siblings) > 1
    named = _SIDE.search(node.title.lower())
    part = parent if sided else node
    vague = "unspecified" in part.title.lower() or "unspecified part" in node.title.lower()
    return _Told(part.code, vague, named[1] if sided and named else None, "overlapping" in node.title.lower())


# --- leukemia, lymphoma, myeloma: kind from one place, extent or remission from another ---

_BLOOD = ("C81", "C82", "C83", "C84", "C85", "C88", "C90", "C91", "C92", "C93", "C94", "C95", "C96")
_FAMILIES = ({"C81", "C82", "C83", "C84", "C85", "C86", "C88"}, {"C91", "C92", "C93", "C94", "C95"}, {"C90"})
_VAGUE_KIND = ("C81.9", "C82.9", "C83.9", "C84.9", "C85.9", "C91.9", "C92.9", "C93.9", "C94.8", "C95")


def one_blood_cancer(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with one code a kind of blood cancer, at the remission or extent that any place says of it."""
    into: dict[str, str] = {}
    for family in _FAMILIES:
        mine = [c.code for c in candidates if c.code[:3] in family]
        kinds = sorted({code[:5] for code in mine})
        clear = [k for k in kinds if not k.startswith(_VAGUE_KIND)] or kinds
        for code in mine:
            kind = code[:5] if code[:5] in clear else clear[0] if len(clear) == 1 else None
            if kind is not None:
                into[code] = _extent(chart, kind, [m for m in mine if m[:5] == kind or m[:5] not in clear]) or code
    return [replace_code(c, into[c.code]) if into.get(c.code, c.code) != c.code else c for c in candidates]


def _extent(chart: Chart, kind: str, codes: list[str]) -> str | None:
    """The code of a kind with the furthest that any of the codes says: relapse, remission, region, nothing."""
    titles = {code: _title(chart, code) for code in codes}
    for word in ("relapse", "remission"):
        if any(word in t and "not having" not in t for t in titles.values()):
            wanted = compiled(rf"(?<!achieved )\b{word}\b")
            found = [c for c in _leaves(chart, kind) if wanted.search(_title(chart, c))]
            return found[0] if found else None
    mine = [c for c in codes if c[:5] == kind]
    named = [c for c in mine if "unspecified site" not in titles[c] and len(c) > 5]
    return next(iter(named or mine), None)


def _title(chart: Chart, code: str) -> str:
    node = chart.book.node(code)
    return node.title.lower() if node else ""


def _leaves(chart: Chart, code: str) -> list[str]:
    node = chart.book.node(code)
    if node is None or node.billable:
        return [code]
    return [leaf for child in node.children for leaf in _leaves(chart, child)]


def blood_kind(code: str) -> str:
    """The kind of a blood cancer without the character of its extent: C83.3 of C83.30."""
    return code[:5]
