"""What one fact yields, by how the chart speaks of it (guidelines II.H, III, IV.D, IV.H to IV.J, I.C.21.c.4).

An uncertain diagnosis counts as established for an inpatient stay of a hospital and for nothing else; disease of the
past becomes a history code or, where it cannot go away, stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.domain import Assertion, Fact, FactKind, PathwayStep, Setting, Step, kind_of_target

from ._tables import longest, prefixed
from .accounts import beside_what_is_ruled_out, in_prose, is_told, of_another_day
from .chart import Chart, Opening
from .long_term import in_long_use
from .patterns import compiled

# II.H never holds for these: they are coded only when confirmed (I.C.1.a.1, I.C.1.f, I.C.1.g.1.a, I.C.10.c).
ONLY_CONFIRMED = ("B20", "Z21", "A92.5", "U07.1", "J09", "J10")
# Categories of status and history: true of the patient wherever the chart says them. Social circumstances but for the
# want of a home or of food are not among them: they count where the provider makes them a problem (I.C.21.c.17).
_STATUS = tuple("Z14 Z15 Z16 Z17 Z18 Z19 Z21 Z28 Z59.0 Z59.4 Z66 Z68 Z72 Z73 Z74 Z77 Z78 Z8 Z9".split())


# That a woman is past her periods is a status only where the contact turns on it.
_MENOPAUSE = "Z78.0"
# How somebody lives is coded where a list names it as a problem, not where the account mentions it.
_HABITS = ("Z72.3", "Z72.4", "Z72.8", "Z72.9", "Z73")
# Diseases of long standing that can pass, and the times of life to which a chart puts them.
_PASSES = ("G40", "G43", "J45", "F32", "F33", "F40", "F41", "F90", "K21", "L20", "L40", "D50", "D64")
_STAGE_OF_LIFE = compiled(r"youth|child|infan|teen|adolesc|twenties|thirties|forties|college|school|pregnan|as a")

# Infections that leave a history code when they are over at a later visit.
_FOLLOWED = ("U07.1", "J12", "J13", "J15", "J18")

# What is history is no less so for being over.
_HISTORY = ("Z85", "Z86", "Z87", "Z91.5")

# Sections that tell what was done at this encounter, and with it why the patient was here.
_DONE_HERE = ("unknown", "other", "immunizations", "procedure")
# Sections that tell of no accident of today: what the patient plays or once fell from.
_NO_ACCIDENT = (
    *("past-medical-history", "past-surgical-history", "family-history", "social-history", "obstetric-history"),
    *("medications", "allergies", "immunizations", "review-of-systems", "instructions"),
)
# Events that a list of past diseases tells of as past, in whatever words.
_EVENTS = ("I21", "I26", "I60", "I61", "I63", "I82.4", "G45.9")


@dataclass(frozen=True, slots=True)
class Lead:
    """A fact that may be coded: the node where it opens, its place, and the steps that let it in.

    Attributes:
        fact: What the chart says.
        node: Tabular node to go down from.
        use: Use of its section: conclusion, background, reason, story.
        steps: Pathway so far.
        fallback: Whether it counts only when the provider concludes nothing.
        told: Whether it is a symptom of an account: it counts only where no acute disease is concluded.
        mapped: Whether the node is a history or family code that stands for the fact.
        opening: What was looked up for the fact; None where the node is mapped.
    """

    fact: Fact
    node: str
    use: str
    steps: tuple[PathwayStep, ...]
    fallback: bool = False
    told: bool = False
    mapped: bool = False
    opening: Opening | None = None


def leads_of(chart: Chart, fact: Fact, use: str, opening: Opening) -> Iterator[Lead]:
    """What a fact yields that opens somewhere: nothing, itself, or the history that stands for it."""
    node = opening.node
    if kind_of_target(node) is FactKind.DRUG:
        if in_long_use(chart, fact, node):
            yield Lead(fact, node, "story", opening.steps, opening=opening)
        return
    if _is_allergy(chart, fact, node) or of_another_day(chart, fact, node):
        return
    if use == "none":
        # An injury that only the film shows and the provider's "as above" concludes.
        if fact.section == "imaging" and fact.assertion is Assertion.PRESENT and node.startswith("S"):
            yield Lead(fact, node, use, opening.steps, fallback=True, opening=opening)
        return
    holds = (
        given_in_a_list(fact)
        or _current(fact, opening)
        or _left_something(fact)
        or beside_what_is_ruled_out(chart, fact)
    )
    match Assertion.PRESENT if holds else fact.assertion:
        case Assertion.PRESENT:
            yield from _present(fact, opening, use, chart)
        case Assertion.UNCERTAIN:
            yield from _uncertain(chart, fact, opening, use)
        case Assertion.HISTORICAL:
            yield from _historical(fact, opening, use, chart)
        case Assertion.RESOLVED:
            # What was treated during a stay and is gone at its end was treated (III); an office visit has no such span.
            healed = fact.attributes.get("healing") == "healed"
            here = chart.stay or chart.encounter.setting is Setting.EMERGENCY
            treated = here and use == "conclusion" and _was_treated(fact, node) and not healed
            if treated or node.startswith(_HISTORY):
                yield from _present(fact, opening, use, chart)
            elif (
                node.startswith("C")
                or (fact.section == "past-medical-history" and not longest(prefixed("chronic", "name"), node))
                or (not chart.stay and use == "conclusion" and _is_past(fact, node))
            ):
                yield from _mapped(fact, opening, "personal", "ICD10CM:I.C.21.c.4/personal")
        case Assertion.FAMILY:
            yield from _mapped(fact, opening, "family", "ICD10CM:I.C.21.c.4/family")
        case _:
            return


def _is_past(fact: Fact, node: str) -> bool:
    """Whether what is resolved lies before this contact: followed up until it was, or dated."""
    return node.startswith(_FOLLOWED) or (node.startswith(_EVENTS) and "date" in fact.attributes)


def _was_treated(fact: Fact, node: str) -> bool:
    """Whether what is gone by the end of a stay was a disease, or a symptom that the provider lists all the same."""
    return kind_of_target(node) is FactKind.CONDITION or fact.section == "discharge-diagnosis"


def given_in_a_list(fact: Fact) -> bool:
    """Whether a list says it and no sentence: a vaccine among those given."""
    return fact.target_kind is FactKind.STATUS and fact.section == "immunizations" and not fact.cues


def _current(fact: Fact, opening: Opening) -> bool:
    """Whether what a cue makes past, or only planned, is of now by the rule that opened it."""
    return opening.current and fact.assertion in (Assertion.HISTORICAL, Assertion.PLANNED)


def _left_something(fact: Fact) -> bool:
    """Whether an injury of the past is told as the origin of what it left (I.B.10)."""
    past = fact.assertion in (Assertion.HISTORICAL, Assertion.RESOLVED)
    return past and fact.attributes.get("episode") == "sequela" and fact.target_kind is FactKind.CONDITION


def _is_allergy(chart: Chart, fact: Fact, node: str) -> bool:
    """Whether a reaction is told of a known allergy ("PCN allergy (anaphylaxis)") and not of today."""
    reaction = node.startswith(("T78", "T88", "L27", "L50", "L29", "R21", "R06", "R11"))
    return reaction and (fact.section == "allergies" or "allerg" in chart.sentence(fact))


def _present(fact: Fact, opening: Opening, use: str, chart: Chart) -> Iterator[Lead]:
    node, steps = opening.node, opening.steps
    match kind_of_target(node):
        case FactKind.STATUS if (node == _MENOPAUSE and use == "background") or (
            node.startswith(_HABITS) and in_prose(chart, fact)
        ):
            return
        case FactKind.STATUS:
            if node.startswith(_STATUS) or use in ("conclusion", "reason") or fact.section in _DONE_HERE:
                yield Lead(fact, node, use, steps, opening=opening)
        case FactKind.CIRCUMSTANCE:
            if fact.section not in _NO_ACCIDENT or node.startswith("Y90"):
                yield Lead(fact, node, "story", steps, opening=opening)
        case FactKind.FINDING:
            # A plan names symptoms to watch for; what the provider concludes stands in the assessment.
            if (use == "conclusion" and fact.section != "plan") or fact.section == "indication":
                yield Lead(fact, node, use, steps, told=is_told(chart, fact), opening=opening)
            elif use in ("reason", "background") and fact.section in (
                "chief-complaint",
                "indication",
                "hpi",
                "unknown",
                "other",
            ):
                yield Lead(fact, node, use, steps, fallback=True, opening=opening)
        case _:
            yield from _condition(fact, opening, use)


def _condition(fact: Fact, opening: Opening, use: str) -> Iterator[Lead]:
    node, steps = opening.node, opening.steps
    if use == "conclusion":
        yield Lead(fact, node, use, steps, opening=opening)
    elif use in ("background", "reason") and fact.section not in ("family-history", "allergies", "medications"):
        if name := longest(prefixed("chronic", "name"), node):
            why = PathwayStep(Step.GUIDELINE, f"chronic: {name}, listed as current", "ICD10CM:IV.I/chronic")
            yield Lead(fact, node, use, (*steps, why), opening=opening)
        elif fact.section == "past-medical-history" and node.startswith(_EVENTS):
            yield from _mapped(fact, opening, "personal", "ICD10CM:I.C.21.c.4/personal")
        elif use == "reason" or fact.section in ("hpi", "unknown", "other"):
            yield Lead(fact, node, use, steps, fallback=True, opening=opening)


# What was weighed is not what was diagnosed as probable or suspected (II.H).
# Suspected, they are influenza of an unidentified virus (I.C.10.c).
_UNIDENTIFIED = {
    "J09": "J11.1",
    "J09.X1": "J11.00",
    "J09.X3": "J11.2",
    "J10": "J11.1",
    "J10.0": "J11.00",
    "J10.2": "J11.2",
    "J10.81": "J11.81",
    "J10.83": "J11.83",
}

_NO_DIAGNOSIS = compiled(
    r"\b(?:consider|entertain|thought of|differential|worr|concern(?:ed)? (?:about|for)|screen|exclu)"
)


def _uncertain(chart: Chart, fact: Fact, opening: Opening, use: str) -> Iterator[Lead]:
    node = opening.node
    cue = fact.cues[0].text if fact.cues else "uncertain"
    if not chart.encounter.codes_uncertain or use != "conclusion":
        return
    if _NO_DIAGNOSIS.search(cue.lower()):
        return
    if unidentified := longest(_UNIDENTIFIED, node):
        told = f"\u201c{cue}\u201d, not confirmed: {unidentified}"
        step = PathwayStep(Step.GUIDELINE, told, "ICD10CM:I.C.10.c/unidentified")
        yield Lead(fact, unidentified, use, (step,), mapped=True)
        return
    if node.startswith(ONLY_CONFIRMED):
        return
    why = PathwayStep(
        Step.GUIDELINE, f"\u201c{cue}\u201d: coded as if it existed, inpatient hospital stay", "ICD10CM:II.H/uncertain"
    )
    yield Lead(fact, node, use, (*opening.steps, why), opening=opening)


def _historical(fact: Fact, opening: Opening, use: str, chart: Chart) -> Iterator[Lead]:
    node = opening.node
    if kind_of_target(node) in (FactKind.STATUS, FactKind.CIRCUMSTANCE):
        yield from _present(fact, opening, use, chart)
    elif node.startswith(_PASSES) and any(_STAGE_OF_LIFE.search(cue.text.lower()) for cue in fact.cues):
        yield from _mapped(fact, opening, "personal", "ICD10CM:I.C.21.c.4/personal")
    elif not node.startswith("C") and (name := longest(prefixed("chronic", "name"), node)):
        why = PathwayStep(
            Step.GUIDELINE, f"\u201chistory of\u201d a disease that stays: {name}", "ICD10CM:IV.I/chronic"
        )
        yield Lead(fact, node, "background", (*opening.steps, why), opening=opening)
    else:
        yield from _mapped(fact, opening, "personal", "ICD10CM:I.C.21.c.4/personal")


def _mapped(fact: Fact, opening: Opening, column: str, rule: str) -> Iterator[Lead]:
    node = opening.node
    if kind_of_target(node) is FactKind.STATUS and node.startswith(("Z80", "Z81", "Z82", "Z83", "Z84")):
        yield Lead(fact, node, "background", opening.steps, opening=opening)
        return
    code = longest(prefixed("history", column), node)
    if code:
        why = PathwayStep(Step.GUIDELINE, f"{column} history of {fact.concept}: {code}", rule)
        yield Lead(fact, code, "background", (*opening.steps, why), mapped=True)
