"""Which drugs of a chart are in long-term use (I.C.21.c.3, I.C.4.a.3): the wording beside each decides.

A home drug that is held for a stay is still one; a drip, a sliding scale, a loading dose, a course with an end is none.
"""

from __future__ import annotations

from leadterm.domain import Assertion, Fact

from ._tables import longest, prefixed
from .chart import Chart
from .patterns import compiled

_ENDS = compiled(
    r"\bx ?\d+ (?:more )?(?:d|days?|doses?|wks?|weeks?)\b|\bfor \d+ (?:more )?(?:d|days?|doses?)\b"
    r"|(?<!slow )(?<!gradual )\btaper|then stop"
    r"|\bprn\b|as needed|declin|\bnot (?:take|tak|on|start)|stopped|discontinu|never (?:filled|started|took)|finished"
    r"|completed|\bonce\b(?! (?:a|per|daily|weekly|every))|single dose|one dose|refus|\bd/c'?d?\b|\boff\b"
    r"|\bto finish\b|\b(?:thru|through|until) \d"
    r"|\bshort course|\bto (?:begin|start|be started|be discussed)\b|\bwill (?:start|begin)\b"
    r"|\bplan(?:s|ned)? to (?:start|begin)\b|\bappl(?:ied|ying|ication) for\b|\bprior auth|\bonce approved"
    r"|\bvaccin\w+ before\b"
    r"|\b(?:authorization|approval) (?:for|sent|pending)"
    r"|\bstarting (?:next|in|on)\b|\bre:? (?=\w+(?:[.;,]|$))"
)
# How one drug is given: said of the drug that it stands beside, not of the next of a list.
_AS_GIVEN = compiled(
    r"\bdrip|\bgtt\b|infusion|\bcorrection(?:al)?\b|\bfew units\b"
    r"|\bbolus\b(?!-| ?insulin)|sliding scale|\bssi\b|\biv\b|\bloading|\bload(?:ed)?\b|\bchew"
)
_IN_HOUSE = compiled(
    r"\bems\b|prophyla|\bsubq? heparin|given in|in the ed\b|while (?:in|here)|during (?:the )?(?:stay|admission)"
    r"|in house|temporar"
)
_SAYS_LONG = compiled(
    r"\blong[- ]?term|\bchronic|\bdaily\b|\bnightly\b|\bweekly\b|\bmonthly\b|\bevery (?:day|night|morning|week|month)"
    r"|\bqd\b|\bqday|\bbid\b|\btid\b|\bqhs\b|\bfor (?:many |several |the last |the past )?(?:\w+ )?years?\b"
    r"|\bsince\b|\bmaintenance|\bcontinu|\bhome (?:med|drug|dose)|\bremains? on|\bstays? on|\brefill|\btakes\b"
    r"|\btaking\b|\bmaintained on"
)
# What is begun today may end soon: of drugs that are given for days too, it says nothing of long use.
_BEGUN = compiled(r"\b(?:initiat\w*|start(?:ed|ing)?|beg[ai]n|prescrib\w*|rx|trial of|recommend\w*|try|ordered)\b")
_FOR_GOOD = compiled(r"\blong[- ]?term|\bchronic|\bmaintenance|\byears?\b|\bsince\b|\bcontinu")
_FOR_YEARS = compiled(
    r"\blong[- ]?term|\bfor (?:many |several |the (?:last|past) )?(?:\w+ )?years\b|\bsince (?:19|20)\d\d"
)
# What keeps infections away for good has its status by what the chart says, whatever the drug (`long_antibiotic`).
ANTIBIOTIC = "Z79.2"
_CLAUSE = compiled(r"[;\n]|\.(?!\d)| but ")
_FAR = 90  # characters to either side that can speak of a drug
_HOLDS = (Assertion.PRESENT, Assertion.PLANNED, Assertion.HYPOTHETICAL)
_PASTS = ("past-medical-history",)
# Drugs for days too, of which "continue" says nothing.
_FOR_DAYS = ("Z79.891", "Z79.1")
_PLANS = ("assessment", "plan", "assessment-plan", "impression")
_STOPPED = compiled(
    r"\b(?:can|may|will|should|to) (?:now )?(?:be )?(?:stop(?:ped)?|discontinued?)\b|\b(?:stop|discontinue) \w+\W*$"
)
_LISTS = ("medications",)
# What nearly everybody in a hospital is given against clots.
_OF_A_STAY = ("enoxaparin", "heparin", "dalteparin", "fondaparinux")
# What who lives with a transplanted organ takes for good.
_AGAINST_REJECTION = ("Z79.52", "Z79.6")
_GRAFT = "Z94"
_SILENT = ("allergies", "technique", "family-history")


def in_long_use(chart: Chart, fact: Fact, node: str) -> bool:
    """Whether the chart has the patient on the drug of `fact`, whose status code is below `node`, without an end."""
    if fact.section in _SILENT or fact.attributes.get("role") == "allergen":
        return False
    # What a list of the past gives without a word of its own ("PMH: diabetes on metformin") is still taken.
    listed = fact.assertion is Assertion.HISTORICAL and not fact.cues and fact.section in _PASTS
    if fact.assertion not in _HOLDS and not listed:
        return False
    if node == ANTIBIOTIC:
        return True
    if _is_stopped(chart, fact):
        return False
    clause = _clause(chart, fact)
    said_long = bool(_SAYS_LONG.search(clause))
    if _ENDS.search(clause) and "long" not in clause:
        return False
    if chart.stay and fact.concept in _OF_A_STAY and not (said_long or fact.section in _LISTS):
        return False
    in_house = _IN_HOUSE.search(clause) or _AS_GIVEN.search(_part(chart, fact, clause))
    if not (longest(prefixed("long_term", "needs"), node) or ""):
        return not in_house or "home" in clause
    if _BEGUN.search(clause) and not _FOR_GOOD.search(clause):
        return False
    kept_for_a_graft = node.startswith(_AGAINST_REJECTION) and _has_graft(chart)
    if node.startswith(_FOR_DAYS) and fact.section not in _LISTS:
        said_long = bool(_SAYS_LONG.search(clause.replace("continu", "")))
    return (fact.section in _LISTS or said_long or kept_for_a_graft) and (
        not in_house or bool(_FOR_YEARS.search(clause))
    )


def _is_stopped(chart: Chart, fact: Fact) -> bool:
    """Whether the provider's plan ends the drug, wherever else the chart lists it."""
    return any(
        _STOPPED.search(_clause(chart, f))
        for f in chart.facts
        if f.concept == fact.concept and f.section in _PLANS and f.kind is fact.kind
    )


def _has_graft(chart: Chart) -> bool:
    return any(f.targets and f.targets[0].startswith(_GRAFT) for f in chart.present)


def _part(chart: Chart, fact: Fact, clause: str) -> str:
    """The part of the clause between commas in which the drug stands."""
    drug = fact.mention.text.lower()
    return next((part for part in clause.split(",") if drug in part), clause)


def _clause(chart: Chart, fact: Fact) -> str:
    """The words of the line that can speak of the drug: its clause, and no further than it."""
    text = chart.encounter.document(fact.mention.document).text
    start, end = fact.mention.span.start, fact.mention.span.end
    before = _CLAUSE.split(text[max(0, start - _FAR) : start])[-1]
    after = _CLAUSE.split(text[end : end + _FAR])[0]
    if before.rfind("(") > before.rfind(")"):
        before, after = before[before.rfind("(") :], after.split(")", 1)[0]
    return f"{before}{fact.mention.text}{after}".lower()
