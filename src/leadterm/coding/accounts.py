"""What an account mentions and nobody concludes: symptoms, diseases only weighed, words of who is no provider."""

from __future__ import annotations

from collections.abc import Mapping

from leadterm.domain import Assertion, Fact, FactKind

from .chart import Chart, Opening
from .patterns import compiled

# Accounts tell how a disease was found; what stands at the head of a line is an entry of a list.
_ACCOUNTS = ("unknown", "hpi", "other", "chief-complaint", "hospital-course", "findings")
# Losses of function and states that are coded beside the disease that they come with.
_BESIDE = tuple("R13 R15 R29.7 R29.8 R32 R33 R40.2 R41.4 R44 R47 R56 R57 R64 R65 R73 R78 R97".split())
_HEAD = compiled(r"[\s\-*#\u2022\d.)(:]*$")


def is_told(chart: Chart, fact: Fact) -> bool:
    """Whether a symptom stands in an account of what happened and not in a list of what was concluded."""
    if fact.target_kind is not FactKind.FINDING or (fact.targets[:1] and fact.targets[0].startswith(_BESIDE)):
        return False
    if "cause" in fact.attributes:
        return False
    text = chart.encounter.document(fact.mention.document).text
    start = text.rfind("\n", 0, fact.mention.span.start) + 1
    return fact.section in _ACCOUNTS and not _HEAD.fullmatch(text[start : fact.mention.span.start])


# What makes a sentence of words: who, and a verb that is no part of a diagnosis.
_PROSE = compiled(
    r"\b(?:he|she|they|we|i|his|her|their|patient|ms|mr|mrs|is|are|was|were|has|have|had|will|would|does|did|do"
    r"|may|can|could|should|reports?|states?|denies|endorses|appears?|seems?|feels?|notes?|presents?|presented"
    r"|discussed|explained)\b"
)
# Aches: symptoms that the classification keeps among the diseases of their parts.
_ACHES = ("M13.1", "M25.5", "M25.4", "M54.2", "M54.5", "M54.6", "M54.9", "M79.1", "M79.6", "L53.9", "H57.1")
# What only a hand that examines finds.
_SIGNS = ("R39.85", "R10.81")


def in_commentary(chart: Chart, fact: Fact, node: str) -> bool:
    """Whether a symptom stands in a sentence about a problem of the assessment and not in its list of problems."""
    if node.startswith(_SIGNS):
        return True
    if (
        not (is_symptom(node) or any(map(is_symptom, fact.targets[:1])))
        or node.startswith(_BESIDE)
        or "cause" in fact.attributes
    ):
        return False
    return in_prose(chart, fact)


def is_symptom(node: str) -> bool:
    """Whether a node is a symptom or sign, or an ache of a part."""
    return node.startswith(("R", *_ACHES))


def in_prose(chart: Chart, fact: Fact) -> bool:
    """Whether the fact stands in a sentence of words and not in a list."""
    return bool(_PROSE.search(chart.sentence(fact)))


# Who documents no diagnosis (I.B.14): of these only stages, indices and circumstances count, which other rules read.
_NO_PROVIDER = ("nurse", "dietitian", "therapist", "aide", "pharmacist")


# What it reports are results: they are coded once a provider says what they mean (III.B), whoever else speaks.
_NOBODY = "laboratory"


def of_another(chart: Chart, fact: Fact) -> bool:
    """Whether one who cannot diagnose says it, in a chart in which a provider speaks too; a laboratory in any."""
    if fact.speaker == _NOBODY and fact.target_kind in (FactKind.CONDITION, FactKind.FINDING):
        return True
    if fact.speaker not in _NO_PROVIDER or fact.target_kind is not FactKind.CONDITION:
        return False
    return any(f.speaker not in _NO_PROVIDER and f.kind is FactKind.CONDITION for f in chart.facts)


# A visit, a screening or a test of another day ("last WCC 12/25", "due for her annual exam").
_ANOTHER_DAY = compiled(
    r"\b(?:last|next|prior|previous|recent|upcoming|since|until|due for|overdue for)(?: \w+){0,2}\s*$"
    r"|\b(?:at|from|return(?:ing)? to)(?: the| her| his)?\s*$"
)
_VISITS = ("Z00", "Z01", "Z02", "Z12", "Z34")
# Infections named for the vaccine against them, in an item about vaccines.
_VACCINE = compiled(
    r"\b(?:vaccin\w*|immuni[sz]ations?|boosters?|shots?|shingrix|pcv ?\d+|ppsv ?\d+|tdap|prevnar|pneumovax)\b"
)
_PREVENTED = tuple("A36 A37 A80 B01 B02 B05 B06 B15 B16 B26 J09 J10 J11 J13 U07.1 A33 A34 A35".split())


def of_another_day(chart: Chart, fact: Fact, node: str) -> bool:
    """Whether a visit is told of another day, or an infection is only named for its vaccine."""
    if node.startswith(_VISITS):
        text = chart.encounter.document(fact.mention.document).text
        start = fact.mention.span.start
        return bool(_ANOTHER_DAY.search(text[max(0, start - 40) : start].lower()))
    return node.startswith(_PREVENTED) and bool(_VACCINE.search(chart.line(fact)))


_RULED_OUT = compiled(
    r"\brul(?:ed|ing|es?)[ -]out|\bexclud|\bdiscard|\brefut|\bnot (?:felt|thought|believed)|\bunlikely"
)
# "PE considered, CT negative"; "rhabdomyolysis suspected in the ED; CK 240, excluded".
_WEIGHED = compiled(
    r"\W{0,3}(?:(?:was|were|is|had been) )?(?:\w+ly |first |also )?(?:considered|entertained|thought of)\b"
)
_SUSPECTED = compiled(
    r"\W{0,3}(?:(?:was|were|is) )?(?:\w+ly |first |also )?(?:suspected|questioned|queried|a concern)\b"
)
_DROPPED = compiled(r"[,;:\u2013-] (?:[\w%.]+ ){0,4}(?:excluded|ruled out|discarded|not confirmed|negative|not it)\b")


# "Sulfa allergy entered in error and removed".
_MISTAKE = compiled(
    r"^\W{0,3}(?:\w+ ){0,2}(?:entered|listed|charted|recorded|documented) (?:in error|erroneously|by mistake)\b"
)


def _tail(chart: Chart, fact: Fact) -> str:
    """The fact's sentence behind the mention, in lower case."""
    text = chart.encounter.document(fact.mention.document).text
    return text[fact.mention.span.end : fact.segment.end if fact.segment else fact.mention.span.end].lower()


def rules_out(fact: Fact) -> bool:
    """Whether a fact that is denied is one that was weighed and excluded."""
    return any(_RULED_OUT.search(cue.text.lower()) for cue in fact.cues)


def beside_what_is_ruled_out(chart: Chart, fact: Fact) -> bool:
    """Whether a symptom stands before a disease that was ruled out ("chest pain, MI ruled out"): it is still there."""
    if fact.assertion is not Assertion.ABSENT or fact.target_kind is not FactKind.FINDING or not rules_out(fact):
        return False
    start, end = fact.mention.span.end, fact.cues[-1].span.start
    if "," not in chart.encounter.document(fact.mention.document).text[start:end]:
        return False
    return any(
        f.target_kind is FactKind.CONDITION and f.cues == fact.cues and start <= f.mention.span.start < end
        for f in chart.in_segment(fact)
    )


def ruled_out(chart: Chart, fact: Fact, openings: Mapping[str, Opening]) -> bool:
    """Whether the chart only weighed a disease, or goes on to rule it out: its last word on a diagnosis counts."""
    if _MISTAKE.search(_tail(chart, fact)):
        return True
    if fact.target_kind is not FactKind.CONDITION or fact.assertion not in (Assertion.PRESENT, Assertion.UNCERTAIN):
        return False
    tail = _tail(chart, fact)
    if _WEIGHED.match(tail) or (_SUSPECTED.match(tail) and _DROPPED.search(tail)):
        return True
    node = openings[fact.id].node
    excluded = chart.once("accounts.excluded", lambda: _excluded(chart, openings))
    return excluded.get(node, -1) > chart.place(fact)


def _excluded(chart: Chart, openings: Mapping[str, Opening]) -> dict[str, int]:
    """Of each node that the chart rules out, the last place where it does."""
    return {
        openings[f.id].node: n
        for n, f in enumerate(chart.facts)
        if f.assertion is Assertion.ABSENT and f.id in openings and rules_out(f)
    }
