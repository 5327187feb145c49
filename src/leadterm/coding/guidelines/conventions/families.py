"""Families of codes that a few facets tell apart (I.B.2, I.B.9): kind, acuity, bleeding, perforation, stage.

A family is a table in three parts that any room may add to: `families.tsv` says which codes belong to it,
`facets.tsv` by which words, attributes or other codes of the chart each facet is known, and `cells.tsv` which node
of the Tabular List stands for which facets, the most telling first. What the chart says about one disease in several
places is put together, and the cell that it supports is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import navigate
from leadterm.coding.passages import clause
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

# Sections whose account of the same disease says more of it than the list of diagnoses does.
TOLD = ("hpi", "findings", "procedure", "hospital-course", "unknown", "other")
NOT_SOURCE = compiled(r"not the (?:source|cause|site)|incidental|non-?bleeding|no (?:active )?bleed|not bleeding")


@dataclass(frozen=True, slots=True)
class Facet:
    """How a chart says one facet.

    Attributes:
        name: Its name, as cells use it.
        words: What says it near the disease; None where no words do.
        attributes: Attributes of the fact that say it, each `axis=value`.
        codes: Prefixes of other codes of the chart that say it, unless the chart parts the two.
        takes: Whether such a code is said by the cell then and goes.
    """

    name: str
    words: Pattern | None
    attributes: frozenset[tuple[str, str]]
    codes: tuple[str, ...]
    takes: bool


@dataclass(frozen=True, slots=True)
class Family:
    """Codes told apart by facets.

    Attributes:
        name: Its name.
        members: Prefixes of the codes that belong to it.
        merges: `yes`: one disease a patient; `category`: one a category; `no`: each mention by itself; `each`: the
            same, and a mention may say several cells ("popliteal and peroneal").
        rule: The rule that its changes cite.
        facets: How each is known.
        cells: Node and facets, `!` before one that must not be said; the first that fits is taken.
    """

    name: str
    members: tuple[str, ...]
    merges: str
    rule: str
    facets: tuple[Facet, ...]
    cells: tuple[tuple[str, frozenset[str]], ...]


@cache
def families() -> tuple[Family, ...]:
    """The families of all rooms, in the order of their tables."""
    return tuple(
        Family(
            row["family"],
            tuple(row["members"].split()),
            row["merges"],
            row["rule"],
            tuple(_facet(r) for r in of_all_rooms("facets") if row["family"] in r["family"].split()),
            tuple(
                (r["node"], frozenset(r["facets"].split()))
                for r in of_all_rooms("cells")
                if r["family"] == row["family"]
            ),
        )
        for row in of_all_rooms("families")
    )


def _facet(row: dict[str, str]) -> Facet:
    words = compiled(rf"\b(?:{row['words']})\b") if row["words"] else None
    pairs = [pair.partition("=") for pair in row["attributes"].split("|") if pair]
    return Facet(
        row["facet"], words, frozenset((a, v) for a, _, v in pairs), tuple(row["codes"].split()), row["takes"] == "yes"
    )


def told_apart(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with each family at the cell that the whole chart supports."""
    for n, family in enumerate(families()):
        if any(n in _homes(c.code) for c in candidates):
            for group in _groups(family, candidates):
                candidates = _placed(chart, family, group, candidates)
    return candidates


@lru_cache(maxsize=4096)
def _homes(code: str) -> frozenset[int]:
    """The numbers of the families that a code belongs to: most belong to none."""
    return frozenset(n for n, family in enumerate(families()) if code.startswith(family.members))


def _groups(family: Family, candidates: list[Candidate]) -> list[list[Candidate]]:
    members = [c for c in candidates if c.code.startswith(family.members)]
    if family.merges in ("no", "each"):
        return [[c] for c in members]
    if family.merges == "yes":
        return [members] if members else []
    return [[c for c in members if c.code[:3] == category] for category in dict.fromkeys(c.code[:3] for c in members)]


def _placed(chart: Chart, family: Family, group: list[Candidate], candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the group as one, at its cell."""
    said = {f for c in group for f in (*_of_code(family, c.code), *_near(chart, family, c.facts))}
    if family.merges == "yes":
        told = [f for f in chart.present if f.section in TOLD and f.targets and f.targets[0].startswith(family.members)]
        said |= {x for f in told for x in _of_code(family, f.targets[0])} | _near(chart, family, told)
    rest = [c for c in candidates if c not in group]
    beside = {f: _beside(chart, f, group, rest) for f in family.facets if f.codes}
    said |= {f.name for f, found in beside.items() if found}
    cells = _cells(family, group[0].code[:3], said)
    if not cells:
        return candidates
    (node, needed), *more = cells
    first = min(group, key=lambda c: c.rank)
    code = _code(chart, group, node)
    if code is None:
        return candidates
    others = [c for n, _ in more if (c := _code(chart, group, n))]
    taken = [c for f, found in beside.items() if f.takes and f.name in needed for c in found]
    if code == first.code and len(group) == 1 and not taken and not others:
        return candidates
    whole = first.joined(*(c for c in group if c is not first), *taken)
    if code != first.code:
        text = f"{', '.join(sorted(needed)) or 'nothing more'}: {code}. {reason(family.rule)}"
        whole = whole.stepped(text, family.rule, code=code)
    every = [whole, *(first.stepped(f"also {n}. {reason(family.rule)}", family.rule, code=n) for n in others)]
    gone = [*group, *taken]
    return [new for c in candidates for new in (every if c is first else [] if c in gone else [c])]


def _of_code(family: Family, code: str) -> frozenset[str]:
    """The facets that a code of the family says by itself."""
    fitting = [(node, facets) for node, facets in family.cells if code.startswith(node.replace("{}", code[:3]))]
    facets = max(fitting, key=lambda cell: len(cell[0].replace("{}", code[:3])))[1] if fitting else frozenset()
    return frozenset(f for f in facets if not f.startswith("!"))


def _near(chart: Chart, family: Family, facts: Sequence[Fact]) -> set[str]:
    """The facets that the words and attributes of facts of the family say."""
    found = set()
    kin = (*family.members, *(code for f in family.facets for code in f.codes))
    for n, fact in enumerate(facts):
        if n and not any(t.startswith(family.members) for t in fact.targets):
            continue
        words = f"{clause(chart, fact, kin)} ; due to {fact.attributes.get('cause', '')}"
        attributes = set(fact.attributes.items())
        found |= {f.name for f in family.facets if (f.words and f.words.search(words)) or f.attributes & attributes}
    return found


def _beside(chart: Chart, facet: Facet, group: list[Candidate], others: list[Candidate]) -> list[Candidate]:
    """The other candidates that say the facet and are not parted from the group."""
    found = [c for c in others if c.code.startswith(facet.codes)]
    if not found or any(NOT_SOURCE.search(chart.sentence(f)) for c in group for f in c.facts):
        return []
    return [c for c in found if not any(chart.linked(g, c) is False for g in group)]


def _cells(family: Family, category: str, said: set[str]) -> list[tuple[str, frozenset[str]]]:
    """The node and the facets of the first cell that fits; of a family of `each` of every cell that no other covers."""
    fitting = []
    for node, facets in family.cells:
        wanted = frozenset(f for f in facets if not f.startswith("!"))
        if wanted <= said and not any(f[1:] in said for f in facets - wanted):
            fitting.append((node.replace("{}", category), wanted))
            if family.merges != "each":
                return fitting
    return [(n, w) for n, w in fitting if not any(w < other for _, other in fitting)]


def _code(chart: Chart, group: list[Candidate], node: str) -> str | None:
    """The billable code at or below the node, by the attributes of all facts of the group."""
    if chart.book.is_billable(node):
        return node
    within = next((c.code for c in group if c.code.startswith(node)), None)
    arrival = navigate(chart, _together(group), node, settled=True)
    return arrival.code if arrival else within


def _together(group: list[Candidate]) -> Fact:
    """The first fact with what the others add to its attributes."""
    facts = [f for c in sorted(group, key=lambda c: c.rank) for f in c.facts]
    attributes = {axis: value for f in reversed(facts) for axis, value in f.attributes.items()}
    return replace(facts[0], attributes=attributes)
