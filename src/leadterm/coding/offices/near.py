"""What a note says of an act around its name: the lines that belong to it, whether it was done, on which side."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import Place, last_of, whole_line
from leadterm.coding.services.service import Service
from leadterm.coding.statements import Told, told, under

REACH = 420  # characters after a name in which its act may be told
BACK = 160  # characters before it
OVER, BOX = 300, 80  # characters before a name in which a heading, a box may stand
SIDE = "NCCI:1/side"
_EMPTY = compiled(r"\n[ \t]*\n")
_ITEM = compiled(r"\n[ \t]*(?:\n|[#*•]|\d{1,2}[.)]\s|\[[ xX]?\]|[A-Z][A-Za-z /&]{2,24}:|[A-Z][a-z]+ #\d)")
_EMPTY_BOX = compiled(r"\[[ \t]*\][^\[\n]*\Z")
_NOT_TODAY = compiled(
    r"\b(?:offered|declin\w+|refus\w+|would rather|rather wait|not (?:done|needed|wanted|today|placed"
    r"|indicated|given|used)"
    r"|no (?:need|indication)|no thx|no thanks|deferred|next (?:visit|time)|come back|at next|if (?:not|no|it"
    r"|this|fails?|persist"
    r"|recurs?|worse\w*|needed)|consider\w*|discussed|schedul\w+|planned|plan for|will (?:do|perform|need"
    r"|order|schedule|return)"
    r"|to be (?:done|scheduled)|referred? for|ordered for|history of|hx of|s/p|prior|previous|in (?:19"
    r"|20)\d\d|last (?:week|month"
    r"|year|visit)|years? ago|elsewhere|outside|at (?:the )?(?:hospital|er|ed|cvs|walgreens|pharmacy))\b",
    re.IGNORECASE,
)
_SIGNS = compiled(
    r"\b(?:consent\w*|time-?out|performed|done|tolerated|lido\w*|xylocaine|bupivacaine|marcaine|anesthe\w+"
    r"|prepped|sterile"
    r"|betadine|chlorhex\w*|hemostasis|sutur\w+|staples?|removed|injected|incis\w+|inserted|placed|placement"
    r"|applied|drained"
    r"|irrigat\w+|curett\w*|given|gave|lifted|treated|frozen|ln2|cryo\w*|path\b|ebl|today|procedures?|proc"
    r"|debrided|debridement|excised|phenol|banded|deployed|clicks?|clunk|pared|trimmed|visuali[sz]ed|watched|printed|saved|stored|reduced|passed|deployed|insertion|sounded|tenaculum|improv\w+|better)\b",
    re.IGNORECASE,
)
# A single letter, and the Latin of eyes and ears, are sides in capitals only; "2 L" is a volume.
_SIDES = (
    (
        "LT",
        compiled(
            r"(?<![\w'])(?:(?<!residual )(?<!was )(?<!were )(?i:left|lt)(?! in\b| open| over\b| behind| at\b)"
            r"|(?<!\d )L|OS|AS)(?![\w'/-])"
        ),
    ),
    ("RT", compiled(r"(?<![\w'])(?:(?i:right|rt)|R|OD|AD)(?![\w'/-])")),
)
_BOTH = compiled(r"\b(?:(?i:bilateral(?:ly)?|both|b/l|bilat)|AU|OU)\b")


def zone(where: Place) -> str:
    """The lines that belong to a name, in small letters: its sentence and what follows up to the next item."""
    return written(where).lower()


def written(where: Place) -> str:
    """The same as they are written."""
    text, at = where.document.text, where.span.end
    stop = _ITEM.search(text, at)
    end = min(at + REACH, stop.start() if stop else len(text), len(text))
    start = max(where.sentence.start, where.span.start - BACK)
    return text[min(start, where.span.start) : max(end, where.sentence.end)]


def paragraph(where: Place) -> str:
    """The lines around a name between two empty ones, as they are written."""
    text = where.document.text
    start = max((m.end() for m in _EMPTY.finditer(text, 0, where.span.start)), default=0)
    end = _EMPTY.search(text, where.span.end)
    return text[start : end.start() if end else len(text)]


def happened(chart: Chart, where: Place) -> bool:
    """Whether the record tells it as of now: not denied, planned or past, not an empty box, not only offered."""
    how = told(chart, where)
    # "POC" over results is where they were made, not a plan.
    if how is Told.PLANNED and _CARE_POINT.search(_shortly_before(where, OVER)):
        how = Told.DONE
    clause = _clause(where)
    heading = under(chart, where.document, where.span.start)
    # A heading over it says plan or story; its own words say that it was done, or done here.
    if how is heading and how is Told.PLANNED and _DID.search(clause):
        how = Told.DONE
    if how is heading and how is Told.PAST and (_HERE.search(clause) or _told_later(where)):
        how = Told.DONE
    if how is not Told.DONE or _EMPTY_BOX.search(_shortly_before(where, BOX)):
        return False
    return not _NOT_TODAY.search(clause)


def _shortly_before(where: Place, reach: int) -> str:
    """The last characters before a name."""
    return where.document.text[max(0, where.span.start - reach) : where.span.start]


def _told_later(where: Place) -> bool:
    """Whether a label of what was found or done stands nearer over a name than one of a story."""
    before = where.document.text[: where.span.start]
    return last_of(_LATER, before) > last_of(_STORY, before)


# Labels of what was found and done, and of what went before, whichever stands last over a name.
_LATER = compiled(
    r"(?im)^[ \t#*]*(?:assess\w*|a ?[/&] ?p\b|imp\b|impression|dx\b|proc\w*|exam\w*|pe\b|objective|labs?\b"
    r"|results|mdm|ed course)"
)
_STORY = compiled(
    r"(?im)^[ \t#*]*(?:hpi|history|hx\b|pmh\w*|psh\w*|past|prior|previous|med(?:s|ication)|allerg\w*|social"
    r"|family|last)\b"
)
_DID = compiled(
    r"\b(?:injected|aspirated|removed|excised|frozen|froze|tx'd|treated|applied|drained|incised|repaired|closed|placed"
    r"|inserted|tolerated|performed|done|pared|snipped|debrided)\b",
    re.IGNORECASE,
)
_HERE = compiled(r"\b(?:today|in (?:the |our )?(?:office|clinic)|in-house|here|tolerated)\b", re.IGNORECASE)


_CARE_POINT = compiled(r"(?m)^[ \t]*POC\b[^\n]*$(?:\n(?!\n)[^\n]*)*\Z")
_STOP = compiled(r"[;.](?:\s|$)")


def _clause(where: Place) -> str:
    """What stands on the line of a name between the stops around it."""
    own = whole_line(where.document.text, where.span.start)
    text = where.document.text
    before, after = text[own.start : where.span.start], text[where.span.end : max(own.end, where.span.end)]
    return f"{_STOP.split(before)[-1]} {_STOP.split(after)[0]}"


_OTHERS = compiled(
    r"\b(?:read|interpreted|done|taken|obtained|reviewed|per|by)(?: \w+)? (?:by |at |from "
    r"|per )?(?:the )?(?:ed\b|er\b|cards\b|cardiology"
    r"|radiology|rads\b|hospital\b|outside|pcp\b|triage|ems\b|another|on the cardiology)",
    re.IGNORECASE,
)
_OWN_READING = compiled(
    r"\b(?:my (?:own )?(?:interpretation|read\w*)|(?:read|interpreted|viewed|performed)(?: and read"
    r"| and interpreted)? by (?:me|my ?self)"
    r"|i (?:have )?(?:personally |independently )?(?:read|interpret\w*)|(?:ekg|ecg|provider|physician|md"
    r"|ed) interpretation|interpretation(?: by me)?:)",
    re.IGNORECASE,
)


def read_here(where: Place, own: bool) -> bool:
    """Whether nobody else is told to have read a tracing; `own`: whether the provider's own reading must be told."""
    said = zone(where)
    if _OTHERS.search(f"{where.line} {where.said}"):
        return False
    return not own or _OWN_READING.search(said) is not None


def acted(where: Place) -> bool:
    """Whether the lines of a name hold a word of something done with hands."""
    return _SIGNS.search(zone(where)) is not None


def sided(service: Service, where: Place, reason: str) -> Service:
    """The service with its side, by its line, else by its sentence and zone; both sides as 50."""
    own = whole_line(where.document.text, where.span.start)
    before = where.document.text[own.start : where.span.start]
    for said in (before, where.line, where.before + where.after, written(where)):
        if _BOTH.search(said):
            return service.modified("50", reason, SIDE)
        sides = [m for m, pattern in _SIDES if pattern.search(said)]
        if len(sides) == 1:
            return service.modified(sides[0], reason, SIDE)
    return service
