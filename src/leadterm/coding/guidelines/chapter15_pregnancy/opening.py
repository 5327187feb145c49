"""Where the facts of a pregnant, delivering or puerperal patient open, and how far her sections count (I.C.15.a)."""

from __future__ import annotations

from leadterm.coding._tables import prefixed
from leadterm.coding.chart import NOWHERE, Chart, Opening
from leadterm.coding.gestation import trimester_of
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, PathwayStep, Step

from .mother import Mother, State, mother
from .phases import entered, phased

RULE = "ICD10CM:I.C.15.a/chapter"
TRIMESTER = "ICD10CM:I.C.15.a.3/phase"
# Sections that tell of this pregnancy in charts of birth, whatever they are elsewhere.
_TELLING = frozenset(
    "unknown other procedure disposition findings hpi problem-list indication postoperative-diagnosis imaging"
    " hospital-course preoperative-diagnosis admission-diagnosis chief-complaint assessment plan assessment-plan"
    " impression results consults discharge-diagnosis".split()
)
_HISTORIES = frozenset("obstetric-history past-medical-history past-surgical-history".split())
# What a visit is for or what was done at it, in whatever section the note tells it.
_CARE = ("Z30.0", "Z30.4", "Z31", "Z39")
# At a visit, what the patient tells is not yet what the provider concludes.
_ACCOUNTS = ("hpi", "chief-complaint", "results", "imaging", "consults")
# What lasts through a pregnancy, so that its history tells it; and what a former pregnancy leaves behind.
_LASTING = (
    "O10",
    "O11",
    "O13",
    "O14",
    "O16",
    "O24",
    "O30",
    "O34",
    "O36",
    "O40",
    "O41.0",
    "O43",
    "O44",
    "O99",
    "O26.6",
    "O98",
    "O09",
)
_LEFT = ("O34.2", "O09.1", "O09.2", "O09.A", "O09.0", "O09.4", "O09.81")
_FORMER = compiled(
    r"\b(?:prior|previous|former|past|last|first|second|1st|2nd|earlier|both prior) (?:pregnanc\w+"
    r"|deliver\w+|birth\w*|baby|child|labou?r)"
    r"|\bg[1-9]\b ?[:(-]|\b(?:19|20)\d\d\b|\b(?:prior|previous|history of|hx(?: of)?|h/o)\b"
)
_FOR = compiled(
    r"\b(?:prior|previous|first|last|one|history of|hx|h/o)\b[^.;\n]{0,50}(?:c/?s|cesarean"
    r"|caesarean|section|ltcs|delivery|birth)\b[^.;\n]{0,25}\b(?:for|due to|2/2"
    r"|secondary to)\b[^.;,]{0,25}$"
)
_OF_BIRTH = (
    "O62",
    "O63",
    "O66",
    "O69",
    "O70",
    "O71",
    "O72",
    "O73",
    "O75",
    "O76",
    "O77",
    "O48",
    "O42",
    "O41",
    "O32",
    "O99.82",
)
# What the birth ends: afterwards it is no longer so.
ENDED = (
    "O09",
    "O20",
    "O21",
    "O30",
    "O31",
    "O32",
    "O33",
    "O35",
    "O36",
    "O40",
    "O41",
    "O42",
    "O44",
    "O45",
    "O46",
    "O47",
    "O48",
    "O60",
    "O61",
    "O62",
    "O63",
    "O64",
    "O65",
    "O66",
    "O67",
    "O68",
    "O69",
    "O70",
    "O76",
    "O77",
    "O99.82",
    "O34.2",
)
_AS_BORN = compiled(r"\b(?:delivered|extracted|born|extraction)\W{1,2}(?:as|by|in)?\W{0,2}(?:an? )?$")
# A newborn's own condition told in the mother's chart, and what it means for her.
_FROM_NEWBORN = {
    "P05": "O36.59",
    "P08": "O36.6",
    "P02.0": "O44.0",
    "P03.82": "O77.0",
    "P96.83": "O77.0",
    "P24": "O77.0",
}
# Malformations of the fetus, as the mother's care (I.C.15.e.2).
_OF_FETUS = {
    "Q05": "O35.08",
    "Q0": "O35.09",
    "Q2": "O35.B",
    "Q3": "O35.A",
    "Q4": "O35.D",
    "Q5": "O35.E",
    "Q6": "O35.E",
    "Q7": "O35.F",
    "Q79": "O35.D",
    "Q90": "O35.13",
    "Q91": "O35.19",
}
_FETUS = compiled(r"\bfet(?:us|al)\b|\bbab(?:y|ies)\b|\bin utero\b|\bprenatal\w* diagnos|\banatomy\b")
# What a pregnancy of the past leaves a history code of.
_LEAVES_HISTORY = ("O24.4",)
NOT_HERS = ("P", "Z38", "Z05", "Z00.1")


def open_fact(chart: Chart, fact: Fact) -> Opening | None:
    """Where a fact of chapter 15 opens, in the chart's phase; NOWHERE where the patient is none of its patients."""
    if not fact.targets:
        return None
    node, her = fact.targets[0], mother(chart)
    if node.startswith(("O", "Z3A", "Z34", "Z37", "Z39.0")):
        return _of_pregnancy(chart, fact, her)
    if not her.expecting:
        return None
    if node.startswith(NOT_HERS):
        return _translated(fact, node, her, chart)
    if (
        node[0] == "Q"
        and node[:3] != "Q51"
        and her.state in (State.PREGNANT, State.DELIVERED)
        and _FETUS.search(chart.sentence(fact))
    ):
        to = next((t for q, t in sorted(_OF_FETUS.items(), key=lambda r: -len(r[0])) if node.startswith(q)), None)
        return _opening(chart, fact, to, her) if to else NOWHERE
    if node.startswith("B00") and "no lesions" in chart.sentence(fact):
        return NOWHERE
    if node.startswith(_CARE) and not chart.stay and fact.section not in _HISTORIES:
        return Opening(node, (_found(fact, node),), use="conclusion")
    if node == "Z53.29" and fact.mention.text.upper() == "AMA":
        return _opening(chart, fact, "O09.5", her)
    if fact.kind is FactKind.CONDITION and fact.section in ("problem-list", "procedure", "disposition") and chart.stay:
        return Opening(node, (_found(fact, node),), use="conclusion")
    return None


def _of_pregnancy(chart: Chart, fact: Fact, her: Mother) -> Opening | None:
    node = fact.targets[0]
    if node.startswith("O94"):
        return Opening(node, (_found(fact, node),), use="conclusion")
    if not her.expecting and fact.assertion is Assertion.HISTORICAL and node.startswith(_LEAVES_HISTORY):
        return Opening(node, (_found(fact, node),))
    if node.startswith(("O80", "O82", "Z37", "Z3A")) or not her.expecting:
        return NOWHERE
    if node.startswith("Z34") and (chart.stay or her.state is not State.PREGNANT):
        return NOWHERE
    if her.state is State.PUERPERIUM and node.startswith(ENDED):
        return NOWHERE
    if (
        her.state is not State.LOST
        and her.state is not State.PREGNANT
        and node.startswith(("O00", "O01", "O02", "O03"))
    ):
        return NOWHERE
    if _of_former(chart, fact, node, her):
        return NOWHERE
    return _opening(chart, fact, node, her)


def _of_former(chart: Chart, fact: Fact, node: str, her: Mother) -> bool:
    """Whether the words tell of an earlier pregnancy, which leaves nothing behind for this one."""
    if node.startswith(_LEFT):
        return False
    sentence = chart.sentence(fact)
    before = sentence[: max(sentence.find(fact.mention.text.lower()), 0)]
    if _FOR.search(before) or (node.startswith("O32") and _AS_BORN.search(before)):
        return True
    if fact.section in _HISTORIES:
        told = her.state is State.DELIVERED and node.startswith(_OF_BIRTH)
        return not (told or node.startswith(_LASTING)) or _FORMER.search(before) is not None
    return fact.assertion is Assertion.HISTORICAL


# Weeks and hours are the chart's to tell; until then the unspecified code stands for them.
_DECIDED_LATER = {"O42.9": "O42.90", "O42.91": "O42.919", "O60.0": "O60.00", "O60.1": "O60.10X0", "O47.9": "O47.9"}


def _opening(chart: Chart, fact: Fact, node: str, her: Mother) -> Opening:
    node, phase = _DECIDED_LATER.get(node, node), phase_for(chart, fact, her)
    if node in ("O09.5", "O09.6"):
        node += "2" if her.parous else "1"
    at = entered(chart.book, node, her, phase)
    at = phased(chart.book, at, her, phase) if chart.book.is_billable(at) else at
    counts = fact.section in _TELLING or fact.section in _HISTORIES
    if _concludes(chart) and not chart.stay and fact.section in _ACCOUNTS and not node.startswith(_LASTING):
        counts = False
    told = PathwayStep(Step.GUIDELINE, f"{phase}: {at}. {reason(TRIMESTER)}", TRIMESTER)
    steps = (_found(fact, node), told) if phase and at != node else (_found(fact, node),)
    return Opening(at, steps, use="conclusion" if counts else "", current=node.startswith(_LEFT))


def _concludes(chart: Chart) -> bool:
    """Whether the chart has a section of conclusions; where it has none, its account is all that the provider says."""
    return any(prefixed("policy", "use").get(s) == "conclusion" for s in chart.sections)


def _translated(fact: Fact, node: str, her: Mother, chart: Chart) -> Opening:
    to = next((t for p, t in _FROM_NEWBORN.items() if node.startswith(p)), None)
    return _opening(chart, fact, to, her) if to and her.state in (State.PREGNANT, State.DELIVERED) else NOWHERE


def _found(fact: Fact, node: str) -> PathwayStep:
    return PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {node}. {reason(RULE)}", RULE)


_DAY = compiled(r"\b(?:hospital day|hd)\b")
_NEXT_DAY = compiled(r"\n\s*(?:\d{1,2}/\d{1,2}|hd|hospital day)")


def phase_for(chart: Chart, fact: Fact, her: Mother) -> str | None:
    """The phase in which the thing arose: the chart's, but for what a later day of the stay brought (I.C.15.a.4)."""
    if her.state is not State.PREGNANT or not chart.stay:
        return her.phase
    text = chart.encounter.document(fact.mention.document).text.lower()
    for value in reversed([f for f in chart.present if f.concept == "weeks of gestation"]):
        between = text[value.mention.span.end : fact.mention.span.start]
        if value.mention.span.end < fact.mention.span.start and value is not her.weeks:
            same_day = _DAY.search(chart.line(value)) and not _NEXT_DAY.search(between)
            return trimester_of(value.attributes["value"]) if same_day else her.phase
    return her.phase
