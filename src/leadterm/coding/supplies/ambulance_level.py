"""At which level an ambulance transported a patient: as labelled, else by what was done and by whom; urgent or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.sentences import place
from leadterm.coding.statements import Told, told
from leadterm.domain import Document, Span

SECOND_DRUGS = 3  # separate intravenous administrations that make the second level
HEAD = 260  # characters at the top in which the kind of a run stands


@dataclass(frozen=True, slots=True)
class Level:
    """A level of transport: its codes (emergency first where there are two), its name, the words that tell it."""

    codes: tuple[str, ...]
    name: str
    span: Span
    words: str = ""


_FIXED = ("A0430",), "fixed wing"
_ROTOR = ("A0431",), "rotary wing"
_SPECIAL = ("A0434",), "specialty care transport"
_ALS2 = ("A0433",), "advanced life support, level 2"
_ALS1 = ("A0427", "A0426"), "advanced life support, level 1"
_BLS = ("A0429", "A0428"), "basic life support"
# The level as the record states it; the more special first.
_NAMES: tuple[tuple[tuple[tuple[str, ...], str], Pattern], ...] = (
    (_SPECIAL, compiled(r"\bspecialty care transport|\bSCT\b|\bcritical care (?:transport|transfer)", re.IGNORECASE)),
    (_ALS2, compiled(r"\bALS[ -]?(?:level )?(?:2|II)\b|\badvanced life support,? level (?:2|II)\b", re.IGNORECASE)),
    (
        _ALS1,
        compiled(r"\bALS(?:[ -]?(?:level )?(?:1|I\b))?|\badvanced life support(?:,? level (?:1|I)\b)?", re.IGNORECASE),
    ),
    (_BLS, compiled(r"\bBLS\b|\bbasic life support\b", re.IGNORECASE)),
)
_STATED = compiled(
    r"(?:level of (?:service|care|transport)|service level|(?:transport|care|service|billed|billing|treatment) level"
    r"|level(?: billed)?|\blos\b|(?:type|category) of (?:service|transport)|(?:service|transport|run) (?:type"
    r"|category))"
    r"[ \t]*(?:provided|rendered|given)?[ \t]*(?:[:=|-]|\.{2,}|[ ]{2,})[ \t]*(?P<level>[^\n]{2,60})",
    re.IGNORECASE,
)
_WINGS = (
    (
        _FIXED,
        compiled(r"\b(?:fixed[- ]wing|king air|lear ?jet|airplane|air ambulance plane|turboprop)\b", re.IGNORECASE),
    ),
    (
        _ROTOR,
        compiled(
            r"\b(?:rotor(?:[- ]wing)?|rotary[- ]wing|helicopter (?:transport|crew|lifted)|flight (?:nurse|crew"
            r"|medic|paramedic|rn))\b",
            re.IGNORECASE,
        ),
    ),
)
# A transfer between hospitals beyond what a paramedic may do: who rode along, and what ran.
_CREW = compiled(
    r"\b(?:critical care (?:rn|nurse|paramedic|team|crew|transport)|ccp\b|ccp-?c|ccrn|cct\b|ccemt-?p?"
    r"|flight (?:nurse|rn)"
    r"|(?:icu |transport |cct )?(?:rn|nurse) (?:and|&|\+|/|on board|aboard|rode|attend\w*|in the back|accompan\w+)"
    r"|(?:with|plus|and|\+|&|w/) (?:an? )?(?:icu |picu |nicu |hospital )?(?:rn|nurse|rt|respiratory therapist"
    r"|perfusionist)\b"
    r"|crew[^\n]{0,40}\b(?:rn|rt|perfusionist)\b)",
    re.IGNORECASE,
)
_RAN = compiled(
    r"\b(?:vent(?:ilator)?(?: settings)?|norepi\w*|levophed|propofol|dopamine|epi(?:nephrine)? (?:drip|gtt|infusion)"
    r"|nitro\w* (?:drip|gtt|infusion)|heparin (?:drip|gtt|infusion)|vasopressin|amiodarone (?:drip|gtt|infusion)"
    r"|nicardipine"
    r"|cardene|insulin (?:drip|gtt|infusion)|dobutamine|milrinone|balloon pump|iabp|impella|ecmo|arterial line"
    r"|art line"
    r"|isolette|(?:titrat|infus)\w+|\d (?:drips|gtts|pumps)|chest tube|tpa|alteplase)\b",
    re.IGNORECASE,
)
_SECOND = compiled(
    r"\b(?:intubat(?:ed|ion)|rsi\b|ett? ?tube (?:placed|passed|in\b)|ett (?:placed|passed|secured|at \d)"
    r"|\d\.\d ett?\b"
    r"|tubed|cardioverted|cardioversion|defib(?:rillat(?:ed|ion)|'?d| ?x ?\d| at| @)?(?! pads| ready)"
    r"|(?<!aed )shock(?:ed)? (?:x ?\d|at \d|@ ?\d|delivered|\d+ ?j)|(?:transcutaneous|external)(?:ly)? pac(?:ing|ed)"
    r"|tcp\b|pac(?:ed|ing) at \d|needle (?:chest )?(?:decompress\w+|thoracostomy|d\b)|chest decompress\w+"
    r"|cric(?:othyr(?:ot|oid)omy)?\b|surgical airway|intraosseous|ez-?io|io (?:access|placed|established|in\b"
    r"|inserted|r\b|l\b|right"
    r"|left|line|started|x ?\d|to\b)|central (?:venous )?line (?:placed|inserted))",
    re.IGNORECASE,
)
_FIRST = compiled(
    r"\b(?:12[- ]?lead|(?:cardiac|ekg|ecg|heart|ecg/ekg) monitor(?:ing|ed)?|monitor(?:ed)?:? (?:shows?|showed"
    r"|nsr|sinus|a-?fib"
    r"|sr\b|st\b|svt|rhythm)|ekg|ecg|iv (?:access|established|started|placed|line|in\b|x ?\d|lock|\d\dg?\b|l\b"
    r"|r\b|left|right|ns"
    r"|fluids?|d10|d50|bolus)|\d\d ?(?:g|ga|gauge)\b|saline lock|als (?:assessment|interventions?|care|eval\w*)"
    r"|capnography|etco2"
    r"|ivp\b|iv push|\d (?:mg|mcg|g|ml|cc)s? iv\b|ns bolus)",
    re.IGNORECASE,
)
_DRUGS = compiled(
    r"\b(?:adenosine|amiodarone|atropine|calcium (?:chloride|gluconate)|cardizem|diltiazem|d50|d10|dextrose"
    r"|diphenhydramine"
    r"|benadryl|epi(?:nephrine)?|etomidate|fentanyl|furosemide|lasix|glucagon|haloperidol|ketamine|ketorolac"
    r"|labetalol"
    r"|lidocaine|lorazepam|ativan|magnesium|methylprednisolone|solu-?medrol|metoprolol|midazolam|versed|morphine"
    r"|naloxone"
    r"|narcan|norepinephrine|levophed|ondansetron|zofran|rocuronium|succinylcholine|bicarb(?:onate)?"
    r"|tranexamic acid|txa)\b"
    r"[^.;\n]{0,30}?\d[^.;,\n]{0,20}?\b(?:ivp?|iv push|io)\b(?P<again>[^.;,\n]{0,14})",
    re.IGNORECASE,
)
_AGAIN = compiled(r"(?:x|times) ?(\d)\b", re.IGNORECASE)
_BASIC = compiled(
    r"\bBLS\b|\bbasic life support\b|\bEMTs? ?(?:/|&|and|\+) ?EMT|\bEMT(?:-?[AB])?s?(?: crew)? ?\(?x ?2|\b(?:two"
    r"|2) emts\b|\bcrew[ \t]*:? ?emt|\bbasic (?:crew|unit|level|transport|ambulance|truck)\b",
    re.IGNORECASE,
)
_OTHER_RUN = compiled(
    r"\b(?:last|yesterday|previous|prior|earlier|other|return|on \d{1,2}/\d{1,2}|sent for|cancel\w*|if|not|no"
    r"|without|standby"
    r"|stand-by|requested but|unavailable)\b[^.;\n]{0,40}\Z",
    re.IGNORECASE,
)
_NOT_AFTER = compiled(
    r"\A[^.;,\n]{0,20}?\b(?:not (?:needed|required|done|indicated|attempted|placed|used)|considered|standby"
    r"|ready|deferred|refused"
    r"|declined|available|unsuccessful|cancel\w+|tomorrow|in (?:19|20)\d\d|pads|kit|was (?:done|placed"
    r"|started) (?:by|at))\b",
    re.IGNORECASE,
)
_NO = compiled(
    r"\b(?:no|not|without|denied|denies|declined|unable|attempted|hx|history|s/p|failed|considered|prepared for"
    r"|refused|per"
    r"|last|previous|prior)\b[^.;\n]{0,25}\Z",
    re.IGNORECASE,
)


def level(chart: Chart, document: Document, between_hospitals: bool) -> Level | None:
    """The level at which a run report says that the patient was taken; None where it does not tell."""
    text = document.text
    for m in _STATED.finditer(text):
        if found := _named(m["level"]):
            return Level(*found, Span(m.start("level"), m.end("level")), m["level"])
    for wings, pattern in _WINGS:
        if flown := pattern.search(text):
            return Level(*wings, Span(flown.start(), flown.end()))
    head = _named_in(text, 0, min(len(text), HEAD))
    if head and head.name in (_SPECIAL[1], _ALS2[1]):
        return head
    if between_hospitals and (crew := _done(chart, document, _CREW)) and _done(chart, document, _RAN):
        return Level(*_SPECIAL, crew)
    return _by_care(chart, document, head)


def _by_care(chart: Chart, document: Document, head: Level | None) -> Level | None:
    """By what was done: the second level, the first, else basic where its crew or its name stands."""
    if span := _done(chart, document, _SECOND) or _several_drugs(chart, document):
        return Level(*_ALS2, span)
    if head and head.name == _BLS[1]:
        return head
    if span := _done(chart, document, _FIRST):
        return Level(*_ALS1, span)
    if head:
        return head
    anywhere = _named_in(document.text, 0, len(document.text))
    if anywhere:
        return anywhere
    basic = _BASIC.search(document.text)
    return Level(*_BLS, Span(basic.start(), basic.end())) if basic else None


def _named(words: str) -> tuple[tuple[str, ...], str] | None:
    return next((known for known, pattern in _NAMES if pattern.search(words)), None)


def _named_in(text: str, low: int, high: int) -> Level | None:
    """The level that is named first between two places, for this run and no other."""
    found = [
        Level(*known, Span(m.start(), m.end()), text[m.start() : m.end() + 50].split("\n")[0])
        for known, pattern in _NAMES
        for m in pattern.finditer(text, low, high)
        if not _OTHER_RUN.search(text[max(0, m.start() - 50) : m.start()]) and not _other_after(text, m.end())
    ]
    return min(found, key=lambda f: (f.span.start, -f.span.end), default=None)


_AFTER = compiled(
    r"\A[^.;\n]{0,25}?\b(?:was sent|cancel\w+|not|intercept|unavailable|declined|last (?:week|month|time)"
    r"|yesterday)\b",
    re.IGNORECASE,
)


def _other_after(text: str, at: int) -> bool:
    return _AFTER.match(text[at : at + 40]) is not None


def _done(chart: Chart, document: Document, pattern: Pattern) -> Span | None:
    return next((Span(m.start(), m.end()) for m in _now(chart, document, pattern)), None)


def _now(chart: Chart, document: Document, pattern: Pattern) -> Iterator[re.Match[str]]:
    """The matches that tell of what was done on this run."""
    text = document.text
    for m in pattern.finditer(text):
        denied = _NO.search(text[max(0, m.start() - 40) : m.start()]) or _NOT_AFTER.match(text[m.end() : m.end() + 40])
        if not denied and told(chart, place(document, m.start(), m.end())) in (Told.DONE, Told.PLANNED):
            yield m


def _several_drugs(chart: Chart, document: Document) -> Span | None:
    """Where at least three administrations into a vein or bone were given."""
    given = list(_now(chart, document, _DRUGS))
    count = sum(int(again[1]) if (again := _AGAIN.search(m["again"])) else 1 for m in given)
    return Span(given[0].start(), given[0].end()) if count >= SECOND_DRUGS else None


# --- urgency ---

_URGENT = compiled(
    r"\b(?:911|9-1-1|emergent(?:ly)?|emergency (?:response|call|transport|run)|immediate response|hot response"
    r"|respon\w+ hot"
    r"|lights (?:and|&|/|\+) ?sirens?|lights/sirens?|l&s\b|rls\b|priority (?:1|one)|p-?1\b|lights (?:to|on|,)"
    r"|code 3|code three|als1?[ -]?emergency"
    r"|bls[ -]?emergency|[ab]ls-e|stat (?:call|response|transfer|transport)|(?:charlie|delta|echo)[ -](?:level"
    r"|response|\d))\b"
    r"|(?<!non-)(?<!non )\bemergency\b(?! (?:department|room|dept|contact|physician))",
    re.IGNORECASE,
)
_CALLED = compiled(
    r"\b(?:911|9-1-1|hot response|respon\w+ hot|immediate response|respon\w+ (?:emergent(?:ly)?|code 3|priority 1"
    r"|lights)|emergency (?:response|call))\b",
    re.IGNORECASE,
)
_CALM = compiled(
    r"\b(?:non-?[ ]?emergen\w+|scheduled (?:transport|transfer|trip|run|pick-?up)|pre-?scheduled|prearranged"
    r"|scheduled\b"
    r"|routine (?:transport|transfer)|interfacility|inter-facility|code 1\b|discharge transport|repetitive|no lights"
    r"|non-?urgent|prior auth\w*|sched\b|app(?:oin)?tm?e?n?t\b|round[- ]trip|wait(?:ing)? and return|priority 3"
    r"|cold response|without lights)",
    re.IGNORECASE,
)
# How the crew drove to the scene; how it drove on says nothing of the response.
_MODE = compiled(
    r"\brespon[sd]\w*(?: (?:mode|priority|type|code|urgency"
    r"|level))(?: to scene)?[ \t]*[:=|-][ \t]*(?P<mode>[^\n]{2,40})",
    re.IGNORECASE,
)
_NOT_CALLED = compiled(r"\b(?:no|not an?|non|not|never|without)\b[ -]?[^.;\n]{0,12}\Z", re.IGNORECASE)


def urgent(words: str, text: str) -> bool | None:
    """Whether the response was an emergency: by level, call, the rest; None where nothing tells."""
    if words and (said := _weighed(words)) is not None:
        return said
    if (mode := _MODE.search(text)) and (said := _weighed(mode["mode"].split("   ")[0])) is not None:
        return said
    if _asked_for(_CALLED, text):
        return True
    return _weighed(text)


def _weighed(text: str) -> bool | None:
    if _CALM.search(text):
        return False
    return True if _asked_for(_URGENT, text) else None


def _asked_for(pattern: Pattern, text: str) -> bool:
    return any(not _NOT_CALLED.search(text[max(0, m.start() - 20) : m.start()]) for m in pattern.finditer(text))
