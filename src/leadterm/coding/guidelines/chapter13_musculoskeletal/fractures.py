"""Fractures of diseased bone (I.C.13.c, I.C.13.d): osteoporotic, of a tumor, of another disease, from stress."""

from __future__ import annotations

import re

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.guidelines.chapter19_injury.reading import injuries, weak_bone
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

from .around import words_of
from .places import placed, sites

WEAK = "ICD10CM:I.C.13.d.2/osteoporosis"
_TUMOR = compiled(
    r"\b(?:metasta\w*|carcinoma|cancer|myeloma|lymphoma|sarcoma|malignan\w*|neoplas\w*|tumou?r|giant cell"
    r"|enchondroma)\b",
    re.IGNORECASE,
)
_OSTEOPOROSIS = compiled(r"\b(?:osteoporo\w*|fragility|senile|insufficiency)\b", re.IGNORECASE)
_DISEASE = compiled(
    r"\b(?:paget\w*|bone cyst|unicameral|aneurysmal|osteogenesis|fibrous dysplasia|osteomyelitis|osteomalacia"
    r"|hyperparathyroid\w*"
    r"|renal osteodystrophy|osteopetrosis)\b",
    re.IGNORECASE,
)
_FRACTURE = compiled(r"\b(?:fractures?|fx|fxs|collapse)\b", re.IGNORECASE)
PATHOLOGICAL = ("M84.4", "M84.5", "M84.6", "M80", "M48.5", "M84.3")


def node_of(chart: Chart, fact: Fact) -> str | None:
    """The node for a fracture of diseased bone, by what the bone has; None for any other fact."""
    target = fact.targets[0] if fact.targets else ""
    if not _FRACTURE.search(fact.mention.text) or not (target.startswith(PATHOLOGICAL) or weak_bone(chart, fact)):
        return None
    if target.startswith("M84.3"):
        return "M84.3"
    near = f"{words_of(chart, fact)} {fact.attributes.get('cause', '')}"
    for text in (near, chart.sentence(fact)):
        if _TUMOR.search(text):
            return "M84.5"
        if _DISEASE.search(text):
            return "M84.6"
        if _OSTEOPOROSIS.search(text) or target.startswith("M80"):
            return "M80.0"
    if target.startswith("M48.5"):
        return "M80.0" if _osteoporotic(chart) else None
    if _osteoporotic(chart) and not target.startswith(("M84.5", "M84.6")):
        return "M80.0"
    return _told_elsewhere(chart, fact) or "M84.4"


def _told_elsewhere(chart: Chart, fact: Fact) -> str | None:
    """The node by the cause that another mention of a pathological fracture names."""
    for other in chart.present:
        if other is not fact and other.targets and other.targets[0].startswith("M84.4"):
            near = f"{words_of(chart, other)} {other.attributes.get('cause', '')}"
            for node, cause in (("M84.5", _TUMOR), ("M84.6", _DISEASE)):
                if cause.search(near):
                    return node
    return None


def node_of_bare(chart: Chart, fact: Fact) -> str | None:
    """The node of the one fracture of diseased bone that a bare "fracture" means, where the chart has no other."""
    others = [f for f in chart.present if f.targets and f.targets[0].startswith(PATHOLOGICAL)]
    return node_of(chart, others[0]) if others and fact.id not in injuries(chart) else None


def _osteoporotic(chart: Chart) -> bool:
    return any(t.startswith(("M80", "M81")) for f in chart.present for t in f.targets[:1])


def weak_bones(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with osteoporosis and its current fracture as one code (I.C.13.d.2)."""
    broken = next((c for c in candidates if c.code.startswith("M80")), None)
    if broken is None:
        return candidates
    return [
        c.stepped(reason(WEAK), WEAK) if c is broken else c
        for c in candidates
        if not c.code.startswith(("M81", "M84.4")) and not (c.code.startswith("M48.5"))
    ]


# Falls that would not break a healthy bone, and the bones that weak bone breaks in them.
_MINOR = ("W01", "W05", "W06", "W07", "W08", "W18", "W19", "W10.1", "R29.6")
_MAJOR = ("V", "W0", "W1", "W2", "W3", "X", "Y0")
_BREAKING = (
    "S22.0",
    "S32.0",
    "S32.1",
    "S32.5",
    "S32.8",
    "S72.0",
    "S72.1",
    "S72.2",
    "S52.5",
    "S52.6",
    "S42.2",
    "S22.3",
    "S22.4",
)
_TRAUMATIC = compiled(
    r"\btraumatic\b(?! brain)|\bnot (?:an? )?(?:osteoporotic|fragility|pathologic\w*)|non-?osteoporotic", re.IGNORECASE
)


def fragile(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """A fracture of known osteoporosis in a minor fall as osteoporotic (I.C.13.d.2), unless told to be traumatic."""
    weak = next((c for c in candidates if c.code.startswith("M81")), None)
    falls = [c for c in candidates if c.code.startswith(_MAJOR)]
    if weak is None or any(not c.code.startswith(_MINOR) for c in falls) or not falls:
        return candidates
    if any(_TRAUMATIC.search(d.text) for d in chart.encounter.documents):
        return candidates
    return [_osteoporotic_code(chart, c) or c for c in candidates]


def _osteoporotic_code(chart: Chart, c: Candidate) -> Candidate | None:
    node = chart.book.node(c.code)
    if not c.code.startswith(_BREAKING) or node is None:
        return None
    title = node.title.lower()
    side = next((s for s in ("right", "left") if f"{s} " in f"{title} "), None)
    code = placed(chart.book, "M80.0", sites(title), side)
    arrival = navigate(chart, c.facts[0], code, settled=True) if code else None
    return c.stepped(f"{arrival.code}: {reason(WEAK)}", WEAK, code=arrival.code) if arrival else None


def healed(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the history of a healed osteoporotic fracture beside osteoporosis without a current one (I.C.13.d.1)."""
    weak = next((c for c in candidates if c.code.startswith("M81")), None)
    if weak is None or any(c.code.startswith(("M80", "Z87.310")) for c in candidates):
        return candidates
    for fact in chart.facts:
        past = fact.assertion.value in ("historical", "resolved") or re.search(
            r"\b(?:h/o|history of|hx of|healed|old|prior|previous)\b", chart.sentence(fact)
        )
        if past and _FRACTURE.search(fact.mention.text) and _OSTEOPOROSIS.search(chart.sentence(fact)):
            arrival = navigate(chart, fact, "Z87.310", settled=True)
            if arrival is not None:
                found = Candidate("Z87.310", (fact,), arrival.steps, (), (*weak.rank, 1), weak.confidence)
                return [*candidates, found.stepped(reason(HEALED), HEALED)]
    return candidates


HEALED = "ICD10CM:I.C.13.d.1/healed"
