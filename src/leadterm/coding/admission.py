"""Which facts of a chart may become codes, seen together (guidelines II, III, IV.D, IV.G to IV.J).

What a chart denies, plans or tells of others never counts; a symptom of the account gives way to the disease that is
concluded, a fallback to any conclusion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.domain import Assertion, Fact, FactKind, kind_of_target

from ._tables import longest, prefixed
from .accounts import in_commentary, in_prose, is_symptom, of_another, ruled_out, rules_out
from .chart import Chart, Opening
from .leads import Lead, given_in_a_list, leads_of
from .uses import uses_of


def telling(chart: Chart) -> Iterator[Fact]:
    """The facts whose place in the classification is asked for: what is merely denied or supposed leads nowhere."""
    uses = uses_of(chart)
    for f in chart.facts:
        match f.assertion:
            case _ if f.kind is FactKind.VALUE:
                tells = False
            case _ if f.target_kind is FactKind.DRUG or given_in_a_list(f):
                tells = True
            case Assertion.HYPOTHETICAL:
                tells = False
            case Assertion.ABSENT:
                tells = uses[f.id] == "conclusion" or rules_out(f)
            case _:
                tells = True
        if tells:
            yield f


def admit(chart: Chart, openings: Mapping[str, Opening]) -> list[Lead]:
    """The leads of a chart, in order of the text; fallbacks only where nothing is concluded. `openings` by fact."""
    uses = uses_of(chart)
    # Gone counts as denied where nothing of the contact treated it; in a stay it was treated (III).
    gone = (Assertion.ABSENT,) if chart.stay else (Assertion.ABSENT, Assertion.RESOLVED)
    denied = {
        openings[f.id].node
        for f in chart.facts
        if f.assertion in gone and uses[f.id] == "conclusion" and f.id in openings
    }
    leads = [
        lead
        for fact in chart.facts
        if fact.id in openings and not of_another(chart, fact) and not ruled_out(chart, fact, openings)
        for lead in leads_of(chart, fact, openings[fact.id].use or uses[fact.id], openings[fact.id])
    ]
    leads = [
        lead
        for lead in leads
        if lead.node not in denied
        or lead.mapped
        or (lead.use == "conclusion" and lead.fact.assertion is not Assertion.UNCERTAIN)
    ]
    leads = _without_commentary(chart, _without_bare(_without_own_past(leads)))
    concluded = any(not lead.fallback and lead.use == "conclusion" and not lead.node.startswith("Z") for lead in leads)
    visit = any(lead.node.startswith(("Z00", "Z51", "Z23", "Z02", "Z34")) for lead in leads if not lead.fallback)
    explained = any(_is_acute(lead) for lead in leads)
    leads = [lead for lead in leads if not (lead.told and explained)]
    hurt = any(lead.node.startswith(("S", "M80", "M84")) for lead in leads if not lead.fallback)
    return [lead for lead in leads if not (lead.fallback and (hurt if lead.use == "none" else concluded or visit))]


# Diseases of which nobody has both the history and the disease itself.
_NO_PAST = ("D5", "D6", "E", "F", "G", "K21", "L20", "L40", "M")


def _without_own_past(leads: list[Lead]) -> list[Lead]:
    """The leads without the history of a disease that the chart tells as there ("was diagnosed in 2019")."""
    there = {x.node[:3] for x in leads if not x.mapped and not x.fallback and x.node.startswith(_NO_PAST)}
    return [x for x in leads if not (x.mapped and x.node.startswith(("Z86", "Z87")) and _told_of(x) in there)]


def _told_of(lead: Lead) -> str:
    return lead.fact.targets[0][:3] if lead.fact.targets else ""


def _without_bare(leads: list[Lead]) -> list[Lead]:
    """The leads without words that say nothing by themselves, where anything else is said (`bare.tsv`)."""
    bare = [x for x in leads if not x.fact.targets and x.node in prefixed("bare", "about")]
    others = [x for x in leads if x not in bare and x.use != "story"]
    return [x for x in leads if x not in bare] if others else leads


def _without_commentary(chart: Chart, leads: list[Lead]) -> list[Lead]:
    """The leads without symptoms that are only talked about, where the provider lists problems.

    What is said below a problem that is itself a symptom may be another.
    """
    if chart.stay:
        return leads
    concluded = [x for x in leads if x.use == "conclusion" and not x.fallback]
    talk = [x for x in concluded if not x.mapped and in_commentary(chart, x.fact, x.node)]
    listed = [x for x in concluded if x not in talk and not x.node.startswith("Z") and not in_prose(chart, x.fact)]
    below = {x.fact.id for x in talk if (above := _above(x, listed)) is not None and is_symptom(above.node)}
    return [x for x in leads if x not in talk or x.fact.id in below] if listed else leads


def _above(lead: Lead, listed: list[Lead]) -> Lead | None:
    """The problem at the head of the list item that stands last before a lead; None where none does."""
    start = lead.fact.mention.span.start
    last = next((x.fact.segment for x in reversed(listed) if x.fact.mention.span.start < start), None)
    return next((x for x in listed if x.fact.segment == last), None) if last else None


def _is_acute(lead: Lead) -> bool:
    """Whether a lead is a disease that the provider concludes and that is not one the patient always has."""
    if lead.fallback or lead.mapped or lead.use != "conclusion" or kind_of_target(lead.node) is not FactKind.CONDITION:
        return False
    return longest(prefixed("chronic", "name"), lead.node) is None
