"""Present on admission (Appendix I): for hospital stays, from what the chart says of when each condition was there.

Y where the chart says so, where the condition was there or being looked into when the patient came, or never leaves a
patient; N where the chart puts its beginning into the stay; U, with a query, where it says neither. `exempt` is said
only with the official list; without it, codes of chapters 20 and 21, most of which are exempt, bear nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from leadterm.codesets.lists.order import PoaExempt
from leadterm.domain import Assignment, Fact, Poa, Role, plain_day

from ._tables import longest, prefixed
from .chart import Candidate, Chart
from .patterns import compiled

RULE = "ICD10CM:Appendix.I/poa"
# Conditions of the birth itself are present on the newborn's admission.
_CONGENITAL = tuple("PQ")
_OUTSIDE = tuple("VWXYZ")
# What stands beside what it brought about: organisms, and drugs that harm or lack.
_ORGANISMS = ("B95", "B96", "B97")
_OF_DRUG = compiled(r"T(?:3[6-9]|4\d|50)\.\w{2}[56]")
# Delivery and its complications come about after admission unless the chart says otherwise (Appendix I).
_OF_DELIVERY = ("O70", "O71", "O72", "O73", "O75", "O67", "O68", "O69", "O74", "O85", "O86", "O87", "O90")
_ARRIVED = compiled(
    r"\b(?:poa|present (?:on|at|upon) (?:admission|arrival|presentation)|on (?:admission|arrival|presentation)"
    r"|at (?:admission|arrival|presentation)"
    r"|community[- ]acquired|(?:was|were|is|been) admitted (?:with|for)|presented with|came in with"
    r"|in the (?:ed|er|emergency (?:department|room))|prior to admission|before admission|pre-?existing|at home)\b"
)
_DENIED = compiled(r"\bnot (?:poa|present (?:on|at|upon) (?:admission|arrival))\b")
_IN_STAY = compiled(
    r"\b(?:hospital[- ]acquired|nosocomial"
    r"|(?:developed|occurred|arose|appeared|noted|began|started|found|new)[^.;\n]{0,40}"
    r"(?:hospital day|hd|pod|day|night|morning)[ #]*(?:[2-9]|1\d)\b|(?:on|by) (?:hospital )?d(?:ay)? ?#?(?:[2-9]|1\d)\b"
    r"|(?:hospital day|hd) ?#?(?:[2-9]|1\d)\b|post-?op(?:erative)? day|\bpod ?#?\d|during (?:the |this )?(?:stay|"
    r"hospitali[sz]ation|admission|hospital course)|new onset during|after (?:the )?(?:surgery|procedure|extubation)"
    r"|intra-?operative(?:ly)?|developed (?:in (?:the )?(?:hospital|icu)|while (?:here|in)))"
)
_OF_ARRIVAL = compiled(
    r"(?:admission |admitting )?(?:h ?(?:&|and) ?p|history (?:and|&) physical)\b"
    r"|admi(?:ssion|tting|t) (?:note|history)\b"
    r"|(?:emergency (?:department|room|medicine)|e[dr]) (?:provider |physician )?(?:note|report|record|visit|summary)\b"
)
_TITLE = 400
_CAME_WITH = ("hpi", "chief-complaint", "admission-diagnosis", "past-medical-history", "problem-list", "exam", "vitals")


class When(StrEnum):
    """What a chart says of when something began."""

    ADMISSION = "at admission"
    STAY = "during the stay"
    SILENT = "silent"


def present_on_admission(chart: Chart, c: Candidate, role: Role) -> Poa | None:
    """The indicator of a code; None where none applies or, without the official list, none can be told."""
    if not chart.encounter.codes_uncertain:
        return None
    exempt = chart.book.find(PoaExempt, chart.on)
    if exempt is not None and exempt.is_exempt(c.code):
        return Poa.EXEMPT
    if role is Role.EXTERNAL_CAUSE or c.code.startswith(_OUTSIDE):
        return None
    when = _when(chart, c.facts)
    if when is When.STAY:
        return Poa.NO
    if when is When.ADMISSION or c.code.startswith(_CONGENITAL):
        return Poa.YES
    if c.code.startswith(_OF_DELIVERY):
        return Poa.NO
    return Poa.YES if role is Role.PRINCIPAL or _stays(c) else Poa.UNKNOWN


def carried(diagnoses: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """The diagnoses, an organism or a drug that bears U with the indicator of what it brought about.

    Only where the words of the chart belong to both, and where all that it brought about bear the same.
    """
    return tuple(replace(a, poa=_brought(a, diagnoses)) if _is_cause(a) else a for a in diagnoses)


def _is_cause(a: Assignment) -> bool:
    return a.poa is Poa.UNKNOWN and (a.code.value.startswith(_ORGANISMS) or bool(_OF_DRUG.match(a.code.value)))


def _brought(cause: Assignment, diagnoses: Sequence[Assignment]) -> Poa | None:
    effects = (a for a in diagnoses if not (a.code.value.startswith(_ORGANISMS) or _OF_DRUG.match(a.code.value)))
    said = {a.poa for a in effects if _share(a, cause)}
    return said.pop() if said in ({Poa.YES}, {Poa.NO}) else cause.poa


def _share(one: Assignment, other: Assignment) -> bool:
    """Whether both stand on the same words."""
    return any(a.document == b.document and a.span.overlaps(b.span) for a in one.evidence for b in other.evidence)


def _when(chart: Chart, facts: Iterable[Fact]) -> When:
    """What the chart says of the facts together: that it was there at admission wins (Appendix I)."""
    said = {_said(chart, fact) for fact in facts}
    return next((when for when in (When.ADMISSION, When.STAY) if when in said), When.SILENT)


def _said(chart: Chart, fact: Fact) -> When:
    sentence = chart.sentence(fact)
    if _DENIED.search(sentence):
        return When.STAY
    if _ARRIVED.search(sentence):
        return When.ADMISSION
    if _IN_STAY.search(sentence):
        return When.STAY
    came_with = fact.section in _CAME_WITH or _is_of_arrival(chart, fact.mention.document)
    return When.ADMISSION if came_with else When.SILENT


def _is_of_arrival(chart: Chart, document_id: str) -> bool:
    """Whether a document was written when the patient came: its type or title says so, and no date speaks against it.

    The history and physical of an admission stands within 24 hours of it (42 CFR 482.22(c)(5)); a later one may be
    that of an operation.
    """
    document, admission = chart.encounter.document(document_id), plain_day(chart.encounter.admission)
    title = next(filter(str.strip, document.text[:_TITLE].splitlines()), "").strip(" *#_=-")
    if not _OF_ARRIVAL.search((document.type or "").lower()) and not _OF_ARRIVAL.match(title.lower()):
        return False
    written = plain_day(document.service_time)
    return written is None or admission is None or written <= admission + timedelta(days=1)


def began_later(chart: Chart, fact: Fact) -> bool:
    """Whether the words before it in its sentence, or right behind it, put its beginning into the stay."""
    text = chart.encounter.document(fact.mention.document).text
    start = max(fact.segment.start if fact.segment else 0, fact.mention.span.start - _NEAR)
    before = text[start : fact.mention.span.start].lower()
    after = text[fact.mention.span.end : fact.mention.span.end + 30].lower().split("\n")[0].lstrip(" ,(-")
    return bool(_IN_STAY.search(before) or (_IN_STAY.match(after) and not _ENDED.match(after)))


_NEAR = 80
_ENDED = compiled(r"(?:resolv|clear|improv|back|wean|normal|gone|by)\w*\b")


def _stays(c: Candidate) -> bool:
    """Whether it is a disease that is there for years: it was before the patient came."""
    return longest(prefixed("chronic", "name"), c.code) is not None
