"""From a node of the tabular list down to the billable code that the chart supports, and never further (I.B.2, I.B.18).

At each node the children are compared with the chart: what a child's title says beyond its parent's must stand in the
chart, be its guideline default, or be a plain "unspecified". The child that the chart supports best is taken; where two
are supported alike, or none is, the unspecified one; where there is none, nothing is coded.
"""

from __future__ import annotations

from dataclasses import dataclass

from leadterm.codesets import Node
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Alternative, Fact, PathwayStep, Step

from .difference import difference, is_vague
from .seventh import seventh_character

# What a guideline assumes where the chart is silent, with its paragraph.
DEFAULTS = {
    ("displacement", "displaced"): "I.C.19.c: a fracture not said to be displaced or not is coded displaced",
    ("wound", "closed"): "I.C.19.c: a fracture not said to be open or closed is coded closed",
    ("tractability", "not intractable"): "Alphabetic Index: not intractable is the default",
    ("etiology", "primary"): "Alphabetic Index: osteoarthritis of a named joint is primary by default",
}
# Where "primary" is the form that the Index takes for granted.
JOINTS = ("M15", "M16", "M17", "M18", "M19")
_COMPOUND = compiled(r"\b(?:and|or)\b")
# Words of the plain form of a disease: they need no support of their own, and their denial cannot be contradicted.
_PLAIN = frozenset({"uncomplicated", "simple"})
_VAGUE_DENIAL = frozenset({"complication", "mention", "disturbance"})
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Arrival:
    """The code that was reached, how, and what was passed by."""

    code: str
    steps: tuple[PathwayStep, ...]
    alternatives: tuple[Alternative, ...]
    supported: int


@dataclass(frozen=True, slots=True)
class _Choice:
    """How a child fares: words and axes that the chart supports, defaults that it needs, and whether it is residual."""

    node: Node
    supported: int
    assumed: tuple[str, ...]
    unspecified: bool


def navigate(chart: Chart, fact: Fact, start: str, *, settled: bool = False) -> Arrival | None:
    """The billable code below `start` that the chart supports for `fact`; None where it supports none.

    An "unspecified" leaf is opened again from above when the chart has attributes that the leaf does not say, unless
    the start is `settled`.
    """
    arrival = _descend(chart, fact, start)
    if settled or arrival is None or not _vague(chart, arrival.code):
        return arrival
    return _reopened(chart, fact, start, arrival) or arrival


def _vague(chart: Chart, code: str) -> bool:
    node = chart.book.node(code)
    return node is not None and is_vague(node.title)


def _reopened(chart: Chart, fact: Fact, start: str, vague: Arrival) -> Arrival | None:
    """A better code of the same category, if the chart's attributes lead to one that is not vague."""
    for above in chart.book.ancestors(start):
        if len(above.code.replace(".", "")) < 3 or "-" in above.code:
            return None
        again = _descend(chart, fact, above.code, reopening=True)
        if again and again.supported > vague.supported and not _vague(chart, again.code):
            return again
    return None


def _descend(chart: Chart, fact: Fact, start: str, *, reopening: bool = False) -> Arrival | None:
    node = chart.book.node(start)
    steps: list[PathwayStep] = []
    passed: list[Alternative] = []
    supported = 0
    for _ in range(DEEPEST):
        if node is None:
            return None
        if node.billable:
            return Arrival(node.code, tuple(steps), tuple(passed), supported)
        if _extended(chart, node):
            code, reason = seventh_character(chart, fact, node)
            if code is None:
                return None
            steps.append(PathwayStep(Step.TABULAR, reason))
            return Arrival(code, tuple(steps), tuple(passed), supported)
        choice = _choose(chart, fact, node, passed, reopening=reopening)
        if choice is None:
            return None
        supported += choice.supported
        why = "; ".join(choice.assumed) or (
            "nothing more specific in the chart" if choice.unspecified else "as documented"
        )
        steps.append(PathwayStep(Step.TABULAR, f"{choice.node.code} {choice.node.title}: {why}"))
        node = choice.node
    return None


def _extended(chart: Chart, node: Node) -> bool:
    first = chart.book.node(node.children[0]) if node.children else None
    return first is not None and first.extension is not None


def _choose(chart: Chart, fact: Fact, node: Node, passed: list[Alternative], *, reopening: bool) -> _Choice | None:
    children = [c for c in (chart.book.node(code) for code in node.children) if c is not None]
    if len(children) == 1:
        return _Choice(children[0], 0, (), False)
    family = _family(node, children)
    fitting = [c for c in (_fit(chart, fact, node, child, family, reopening) for child in children) if c is not None]
    if not fitting:
        return None
    best = max(c.supported for c in fitting)
    leading = [c for c in fitting if c.supported == best]
    if len(leading) > 1:
        leading = _settle(leading)
    if len(leading) != 1:
        return None
    for other in fitting:
        if other is not leading[0]:
            passed.append(Alternative(other.node.code, "less specific than what the chart says"))
    return leading[0]


def _settle(alike: list[_Choice]) -> list[_Choice]:
    """Among children supported alike: one that needs no assumption, then the unspecified, then the plain default."""
    unspecified = [c for c in alike if c.unspecified]
    plain = [c for c in alike if not c.unspecified and not c.assumed]
    assumed = [c for c in alike if c.assumed and not c.unspecified]
    if alike[0].supported > 0 and len(plain) == 1:
        return plain
    if any(c.assumed for c in alike) and len(assumed) == 1 and not plain:
        return assumed
    if unspecified:
        return sorted(unspecified, key=lambda c: (len(c.assumed) == 0 and bool(assumed), c.node.code))[:1]
    return plain or assumed


@dataclass(frozen=True, slots=True)
class _Family:
    """The children of a node, as words tell them apart.

    Attributes:
        shared: Words that every child adds, the joint of a bursitis, say: they tell no child from another. A bilateral
            child often leaves the word out ("right eye, left eye, bilateral") and is not counted.
        common: Words of every child's title.
        compound: Whether the parent names several things ("of lip and oral cavity"), so that a child that names one
            of them says more than its parent.
    """

    shared: frozenset[str]
    common: frozenset[str]
    compound: bool


def _family(parent: Node, children: list[Node]) -> _Family:
    named = [difference(parent.title, c.title) for c in children]
    telling = [d.words for d in named if not d.other and ("laterality", "bilateral") not in d.axes]
    shared = frozenset.intersection(*telling) if telling else frozenset()
    return _Family(shared, frozenset.intersection(*(d.own for d in named)), bool(_COMPOUND.search(parent.title)))


def _fit(chart: Chart, fact: Fact, parent: Node, child: Node, family: _Family, reopening: bool) -> _Choice | None:
    """How well the child fits; None where the chart contradicts it or does not say what it needs."""
    beyond = difference(parent.title, child.title)
    if beyond.other:
        return None
    if beyond.sex is not None and chart.encounter.patient.sex is not beyond.sex:
        return None
    around = chart.words_around(fact)
    if beyond.denied and beyond.denied <= around and not beyond.denied & _VAGUE_DENIAL:
        return None
    asked = beyond.words - _PLAIN - family.shared
    if family.compound and not beyond.unspecified:
        asked |= beyond.own - family.common
    if not asked <= (chart.words_near(fact) if reopening else around):
        return None
    supported, assumed = len(asked), []
    for axis, value in beyond.axes:
        said = fact.attributes.get(axis) or (chart.trimester if axis == "trimester" else None)
        if said == value or _implied(axis, value, fact):
            supported += 1
        elif said is None and (axis, value) in DEFAULTS and (axis != "etiology" or child.code.startswith(JOINTS)):
            assumed.append(DEFAULTS[axis, value])
        else:
            return None
    if beyond.denied or beyond.words & _PLAIN:
        assumed.append("nothing else is documented")
    if beyond.sex is not None:
        supported += 1
    return _Choice(child, supported, tuple(assumed), beyond.unspecified)


def _implied(axis: str, value: str, fact: Fact) -> bool:
    """Whether what the chart says amounts to what the title says on this axis."""
    said = fact.attributes.get(axis)
    if axis == "stage" and said in ("3a", "3b"):
        return value == "3"
    if axis == "sides":
        return fact.attributes.get("laterality") in ("left", "right")
    if axis == "remission":
        return value == "remission" and said is not None
    return False
