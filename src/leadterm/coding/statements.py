"""Whether a document says that a thing which it names was done now.

A service or an item is coded from the words that tell it, not from its name alone: the same name stands in goals, in
orders, in what the patient has at home, in what was declined. `told` reads the sentence and the heading around a place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum

from leadterm.domain import Document, plain_day

from .chart import Chart
from .patterns import compiled
from .sentences import Place

REACH = 90  # characters before and after a name in which a cue speaks of it
LONGEST = 366  # days of a stay that are looked at


class Told(StrEnum):
    """How a document speaks of a thing."""

    DONE = "done"
    DENIED = "denied"
    PLANNED = "planned"
    PAST = "past"


def documents(chart: Chart) -> tuple[Document, ...]:
    """The documents that stand: none that was taken back or replaced."""
    return chart.encounter.standing


def day_of(chart: Chart, document: Document) -> date | None:
    """The day that a document tells of: its own where it has one, else that of the encounter."""
    if document.service_time is not None:
        return document.service_time.date()
    encounter = chart.encounter
    moment = encounter.date_of_service or encounter.discharge or encounter.admission
    return plain_day(moment)


_HEADING = re.compile(r"(?m)^[ \t#*]*(?:\d{1,2}[.)][ \t]*)?([A-Za-z][A-Za-z /&,()'-]{1,45}?)[ \t*]*(?::|$)")
_AHEAD = re.compile(
    r"(?i)(?:treatment |discharge |therapy |therapeutic )?plan(?: of care| for next (?:visit|session)"
    r"| of treatment)?|poc"
    r"|(?:(?:short|long)[ -]term |therapy |treatment |patient |functional )?goals?(?: of care)?|stgs?|ltgs?"
    r"|recommendations?|follow[ -]?up|next (?:visit|session|appointment)|(?:discharge |patient |home )?instructions?"
    r"|home (?:exercise )?program|hep|disposition|return|referrals?|to do|orders? for next visit|anticipated .{0,30}"
    r"|future .{0,30}|planned .{0,30}|proposed .{0,30}|equipment (?:needs|recommended|recommendations)"
)
_BEHIND = re.compile(
    r"(?i)(?:past |prior |previous |medical |surgical |social |family |anesthe(?:tic|sia) |relevant |birth )+history"
    r"|pmh|psh|history|hx|prior level of function|plof|home (?:equipment|medications?|dme|set-?up|environment)"
    r"|dme at home"
    r"|equipment (?:owned|at home|in (?:the )?home)|current (?:equipment|dme)|last (?:visit|session)|interval history"
    r"|previous (?:visit|session|treatment|encounter)s?|prior (?:visit|session|treatment|procedure)s?.{0,20}|allergies"
    r"|living situation|hpi|history of present illness"
)
_NOW = re.compile(
    r"(?i)(?:skilled |therapy |timed |untimed |todays? |billing |cpt |direct )*(?:interventions?|treatments?"
    r"|procedures?"
    r"|services?|modalit(?:y|ies)|objective|subjective|assessment|charges|summary|narrative|minutes|codes?|billing"
    r"|supplies|equipment|items?)(?: performed| provided| rendered| dispensed| issued| delivered| today| given)?"
    r"|impression|(?:assess(?:ment)?|imp(?:ression)?) ?(?:and|&|/|\+) ?plan|a ?[/&] ?p|hospital course|findings"
    r"|(?:physical )?exam(?:ination)?|pe|vs|vitals?(?: signs)?|labs?|results|data|imp|dx|diagnos[ei]s|mdm"
    r"|medical decision[- ]making|ed course|procedure notes?|procedures?(?: today)?"
    r"|in[- ](?:office|house) (?:tests?|testing|labs?)"
)


def _headings(document: Document) -> tuple[list[int], list[Told]]:
    """Where what a heading says begins, and what it says of what follows."""
    found = [(m.start(1), told) for m in _HEADING.finditer(document.text) if (told := _heading(m[1])) is not None]
    return [at for at, _ in found], [told for _, told in found]


def _heading(words: str) -> Told | None:
    words = words.strip(" ,/-")
    if _AHEAD.fullmatch(words):
        return Told.PLANNED
    if _BEHIND.fullmatch(words):
        return Told.PAST
    return Told.DONE if _NOW.fullmatch(words) or (words.isupper() and len(words) > 3) else None


def under(chart: Chart, document: Document, at: int) -> Told:
    """What the heading over a place says of what stands under it; DONE where it says nothing."""
    read: Callable[[], tuple[list[int], list[Told]]] = lambda: _headings(document)  # noqa: E731
    starts, kinds = chart.once(f"statements:{document.id}", read)
    n = bisect_right(starts, at)
    return kinds[n - 1] if n else Told.DONE


# --- cues ---

_DENIED_BEFORE = compiled(
    r"\b(?:no|not|without|w/o|denies|denied|declin\w+|refus\w+|deferred|hold|never|unable to|cancel\w+|withheld"
    r"|rather than|instead of|n't|contraindicated|cannot|in lieu of|neither|nor|omit\w*|out of)\b[^.;\n]{0,60}\Z",
    re.IGNORECASE,
)
_DENIED_AFTER = compiled(
    r"\A[^.;\n]{0,40}?\b(?:not (?:done|performed|given|provided|indicated|needed|completed|applied|dispensed|tolerated"
    r"|required|used|obtained|received|yet|today|appropriate|initiated|attempted)|deferred|declin\w+|refused"
    r"|on hold|held (?:today|for|due|secondary|because|this|until|per)"
    r"|cancel\w+|n/a|none|omitted|unavailable|out of stock|on back ?order|withheld|was stopped before|contraindicated"
    r"|offered but|(?:was|were) offered)\b",
    re.IGNORECASE,
)
# A box without a mark, and nothing but the words of its item behind it.
_UNTICKED = re.compile(r"(?:\[[ _]?\]|\([ _]\)|[☐□])[ \t]*[^\[\]()☐□☒☑✓✔■\n]{0,40}\Z")
_PLANNED_BEFORE = compiled(
    r"\b(?:will|going to|(?:i|we|they)'ll|let's"
    r"|plan(?:s|ned|ning)?(?: to| for| on|:)|to be|schedul\w+|recommend\w*|consider\w*|would benefit from"
    r"|next (?:visit|session|week|appointment)|in the future|if needed|may need|might|should|advis\w+ to"
    r"|refer(?:red|ral)?"
    r"|goals?|anticipat\w+|awaiting|to start|intend\w*|discuss(?:ed)? (?:starting|option)|prescri\w+ (?:sent|given)"
    r"|(?:rx|script|order|prescription) (?:for|sent|written)|needs? (?:a|an|to)|request\w*|considering|interested in"
    r"|(?:wants?|would like|wishes) (?:a|an|to)|begin (?:next|tomorrow)|continue (?:with|to)|to continue"
    r"|order(?:ed)? to)"
    r"\b[^.;\n]{0,70}\Z",
    re.IGNORECASE,
)
_PLANNED_AFTER = compiled(
    r"\A[^.;\n]{0,50}?\b(?:next (?:visit|session|week|time|month|appointment)|tomorrow|planned|scheduled|will be"
    r"|to be (?:done|performed|delivered|ordered|given|arranged|fitted|shipped)|recommended|at a later date|pending"
    r"|in the future|was ordered|has been ordered|were ordered|on order|is due|due in|in (?:\d+|a|one|two|three"
    r"|four|six|eight)(?:-\d+)? (?:days?|weeks?|wks?|months?)|if (?:no|not|needed|symptoms))\b",
    re.IGNORECASE,
)
_PAST_BEFORE = compiled(
    r"\b(?:history of|hx of|h/o|previous(?:ly)?|prior|last (?:visit|session|week|month|year|time)|status post|s/p"
    r"|yesterday|in (?:19|20)\d\d|ago|on (?:her|his|their) own|formerly|earlier this (?:week|month"
    r"|year))\b[^.;\n]{0,60}\Z",
    re.IGNORECASE,
)
_PAST_AFTER = compiled(
    r"\A[^.;\n]{0,40}?\b(?:in (?:19|20)\d\d|last (?:visit|session|week|month|year|spring|summer|fall|winter)|ago"
    r"|prior to (?:arrival|admission)|previously|yesterday|since (?:19|20)\d\d|at (?:the )?(?:last|prior"
    r"|previous) (?:visit|session))\b",
    re.IGNORECASE,
)
_DONE = compiled(
    r"\b(?:provided|performed|given|spent|completed|discussed|dispensed|fit(?:ted)?|administered|issued|applied"
    r"|counsel(?:l?ed|l?ing was)|delivered|rendered|received|obtained|collected|drawn|conducted|furnished|supplied"
    r"|was done|were done|done today|today|transfused|placed|instructed|reviewed|screened|supplying|set up)\b",
    re.IGNORECASE,
)


def told(chart: Chart, where: Place) -> Told:
    """How the document speaks of what stands at a place, by its sentence and the heading over it."""
    before, after = where.before[-REACH:], where.after[:REACH]
    if _UNTICKED.search(before):
        return Told.DENIED
    if _DENIED_BEFORE.search(before) or _DENIED_AFTER.search(after):
        return Told.DENIED
    if (
        _PAST_BEFORE.search(before)
        or _PAST_AFTER.search(after)
        or _of_another_day(chart, where.document, where.words[-12:] + after)
    ):
        return Told.PAST
    if _PLANNED_BEFORE.search(before) or _PLANNED_AFTER.search(after):
        return Told.PLANNED
    heading = under(chart, where.document, where.span.start)
    if heading is Told.PLANNED and _DONE.search(where.said):
        return Told.DONE
    return heading


# "done at the hospital 9/30": the day on which another visit did it.
_ON_A_DAY = compiled(
    r"\A[^.;\n]{0,30}?\b(?:done|performed|completed|taken|obtained|drawn|given|run|read|made)\b(?! today)"
    r"[^.;,\n]{0,30}?(?<![\d/.-])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?:/(?P<y>\d{4}|\d\d))?(?![\d/%])",
    re.IGNORECASE,
)


def _of_another_day(chart: Chart, document: Document, after: str) -> bool:
    """Whether the words behind a name say that it was done on a day that is none of this encounter."""
    found = _ON_A_DAY.search(after)
    if found is None or (day := day_of(chart, document)) is None:
        return False
    first = chart.encounter.admission or day
    last = chart.encounter.discharge or day
    said = (int(found["m"]), int(found["d"]))
    return not any((each.month, each.day) == said for each in _days(plain_day(first), max(plain_day(last), day)))


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=n) for n in range(min((last - first).days, LONGEST) + 1))


def says_done(where: Place) -> bool:
    """Whether the sentence has a word of something finished."""
    return _DONE.search(where.said) is not None
