"""Where the facts of a newborn open: its own in chapter 16, its mother's nowhere (I.C.15.a.2, I.C.16.a)."""

from __future__ import annotations

from leadterm.coding._tables import longest, rows
from leadterm.coding.chart import NOWHERE, Chart, Opening
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, PathwayStep, Step

from .infant import Infant, Stage, infant

RULE = "ICD10CM:I.C.16.a/newborn"
CORRECTED = "ICD10CM:I.C.17/corrected"
_TELLING = frozenset(
    "unknown other procedure disposition findings hpi problem-list indication hospital-course imaging results consults"
    " preoperative-diagnosis admission-diagnosis chief-complaint assessment plan assessment-plan impression"
    " discharge-diagnosis past-medical-history".split()
)
# What stands in the child's chart under a word of the mother's chapter.
_FROM_MOTHER = {
    "O36.5": "P05.9",
    "O36.6": "P08.1",
    "O48": "P08.21",
    "O24.4": "",
    "O99.33": "P04.2",
    "O99.31": "P04.3",
    "O99.32": "P04.49",
}
_ADULT = 18
# What lasts beyond infancy though it came from birth (I.C.16.a.4); the rest of chapter 16 is no adult's.
_LASTING = ("P27", "P91", "P94", "P14", "P07", "P96.81")
_MATERNAL = compiled(r"\b(?:mother|maternal|mom|mom's|mother's|mum|mat|mo)\b(?P<said>[^.;\n]*)$")
_REPAIRED = compiled(
    r"\brepair(?:ed)?\b|\bcorrect(?:ed|ion)\b|\bsurgically\b|\bclosed (?:at|in|by|with|surg)"
    r"|\bclosure (?:at|in)|\bs/p\b|\bligat(?:ed|ion)\b|\bswitch\b|\bpost repair\b|\bstatus post\b"
)
_RESIDUE = compiled(
    r"(?<!no )(?<!without )\bresidual (?!(?:defect|shunt)s? (?:none|absent))|\brecurren"
    r"|\bre-?coarct|\bconduit|\bpalliat|\bto be (?:done|repaired)|\bawait"
    r"|\bplan(?:ned)? (?:for )?(?:repair|surg)|\bfor (?:elective |first-stage |primary )*(?:repair"
    r"|closure|correction|surgery)|\badmitted for|\bneeds repair|\bscheduled|\bpre-?op"
)
_BILATERAL = {
    "Q36.9": "Q36.0",
    "Q37.9": "Q37.8",
    "Q37.5": "Q37.4",
    "Q37.3": "Q37.2",
    "Q37.1": "Q37.0",
    "Q53.10": "Q53.20",
}
_GONE = {
    "Q54": "Z87.710",
    "Q5": "Z87.718",
    "Q6": "Z87.718",
    "Q65": "Z87.768",
    "Q66": "Z87.768",
    "Q67": "Z87.768",
    "Q68": "Z87.768",
    "Q69": "Z87.768",
    "Q1": "Z87.720",
    "Q16": "Z87.721",
    "Q17": "Z87.721",
    "Q18": "Z87.790",
    "Q0": "Z87.728",
    "Q35": "Z87.730",
    "Q36": "Z87.730",
    "Q37": "Z87.730",
    "Q39": "Z87.731",
    "Q43.7": "Z87.732",
    "Q38": "Z87.738",
    "Q4": "Z87.738",
    "Q2": "Z87.74",
    "Q3": "Z87.75",
    "Q79.0": "Z87.760",
    "Q79.3": "Z87.761",
    "Q79.4": "Z87.762",
    "Q79.2": "Z87.763",
    "Q79.5": "Z87.763",
    "Q7": "Z87.768",
    "Q8": "Z87.768",
}
_VACCINE = compiled(
    r"\bhep(?:atitis)? ?b\b[^.;\n]{0,20}\b(?:given|vacc\w*|immuniz\w*|#?1|dose|declin\w+|deferred|shot)\b"
)
_STERILE = compiled(
    r"\bcultures?\b[^.;\n]{0,25}\b(?:neg\w*|no growth|ngtd|sterile)|\b(?:antibiotics|abx|amp\w*|gent\w*)[^.;\n]{0,20}"
    r"\b(?:stopped|discontinued|d/c)|\bsepsis (?:was )?(?:ruled out|excluded)"
)
_FOR_REPAIR = compiled(
    r"\b(?:repair|closure|correction|surgery|ligation|release|cheiloplasty|switch|admi\w+|operat\w+)\b"
)
_EXAMINED = {"first": "Z00.110", "later": "Z00.111"}


def open_fact(chart: Chart, fact: Fact) -> Opening | None:
    """Where a fact of a child opens; NOWHERE for what is its mother's, and for chapter 16 in an adult."""
    if not fact.targets:
        return None
    node, child = fact.targets[0], infant(chart)
    if child.stage is Stage.OTHER:
        return _of_others(chart, fact, node)
    if node.startswith("Z00.11"):
        return _examination(fact, child)
    if child.stage is Stage.INFANT and node[0] not in "OPQ":
        return None
    if node[0] == "O" or node.startswith(("Z34", "Z37", "Z39", "Z33", "Z3A")):
        to = next((t for p, t in _FROM_MOTHER.items() if node.startswith(p)), "")
        return _opening(fact, to, child) if to and not _of_mother(chart, fact) else NOWHERE
    if node.startswith(("B19", "B16", "B18")) and _VACCINE.search(chart.sentence(fact)):
        return NOWHERE
    if node.startswith(("P36", "A41", "A40")) and fact.assertion is Assertion.UNCERTAIN and _STERILE.search(chart.text):
        return NOWHERE
    if node[0] not in "PQ" and not node.startswith("Z05") and _of_mother(chart, fact):
        return NOWHERE
    if node[0] == "Q":
        return _malformation(chart, fact, node) or _opening(fact, node, child)
    if node[0] == "P":
        return _opening(fact, node, child)
    if (child.stage is Stage.BIRTH and fact.kind is FactKind.CONDITION) or longest(conditions(), node) is not None:
        return _opening(fact, node, child) if fact.assertion is Assertion.PRESENT else None
    return None


def conditions() -> dict[str, str]:
    """Of categories of the other chapters, the code of chapter 16 that a newborn's condition takes."""
    return {p: row["newborn"] for row in rows("guidelines/chapter16_newborn/newborn") for p in row["ordinary"].split()}


def _of_others(chart: Chart, fact: Fact, node: str) -> Opening | None:
    if node[0] == "P" and (chart.age or 0) >= _ADULT and not node.startswith(_LASTING):
        return NOWHERE
    if node.startswith("Z00.12") and (chart.age or 0) >= _ADULT:
        return NOWHERE
    if node.startswith("Z00.11") or (node[0] == "P" and (chart.age or 0) > 1 and not node.startswith(_LASTING)):
        return NOWHERE
    return _malformation(chart, fact, node) if node[0] == "Q" else None


def _of_mother(chart: Chart, fact: Fact) -> bool:
    """Whether the clause before the words speaks of the mother."""
    line = chart.line(fact)
    at = max(line.find(fact.mention.text.lower().split("\n")[0]), 0)
    return _MATERNAL.search(line[:at]) is not None


# Weight and weeks are the chart's to tell; until then their unspecified code stands for them.
_SIZES = {
    "P05.0": "P05.00",
    "P05.1": "P05.10",
    "P07.0": "P07.00",
    "P07.1": "P07.10",
    "P07.2": "P07.20",
    "P07.3": "P07.30",
}


def _opening(fact: Fact, node: str, child: Infant) -> Opening:
    node = _SIZES.get(node, node)
    counts = fact.section in _TELLING and child.stage in (Stage.BIRTH, Stage.NEWBORN)
    return Opening(node, (_found(fact, node, RULE),), use="conclusion" if counts else "")


def _examination(fact: Fact, child: Infant) -> Opening:
    if child.stage is Stage.INFANT and (child.days or 99) > 60:
        return NOWHERE
    code = _EXAMINED["first" if child.days is not None and child.days < 8 else "later"]
    return Opening(code, (_found(fact, code, RULE),), settled=True, use="conclusion")


def _malformation(chart: Chart, fact: Fact, node: str) -> Opening | None:
    """What was corrected and left nothing is history (I.C.17); a cleft of both sides has its own code."""
    if node in _BILATERAL and fact.attributes.get("laterality") == "bilateral":
        return Opening(_BILATERAL[node], (_found(fact, _BILATERAL[node], RULE),), settled=True)
    sentence = chart.sentence(fact)
    past = fact.section in ("past-medical-history", "past-surgical-history") or not chart.stay
    if fact.assertion is Assertion.PLANNED and _FOR_REPAIR.search(sentence):
        return Opening(node, (_found(fact, node, RULE),), current=True)
    if not (past and _REPAIRED.search(sentence)) or _RESIDUE.search(sentence) or node.startswith(("Q9", "Q85", "Q87")):
        return None
    code = longest(_GONE, node)
    return (
        Opening(code, (_found(fact, code, CORRECTED),), settled=True, use="conclusion", current=True) if code else None
    )


def _found(fact: Fact, node: str, rule: str) -> PathwayStep:
    return PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {node}. {reason(rule)}", rule)
