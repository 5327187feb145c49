"""Whose therapy a document is: the plan of care, who gave it, what it says of the yearly threshold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import sentence
from leadterm.domain import Document, Evidence, Span

EVALUATIONS = frozenset("97161 97162 97163 97164 97165 97166 97167 97168 92610 92521 92522 92523 92524".split())
_NOTE = (
    r"(?:note|daily|treatment|progress|eval(?:uation)?|initial|re-?eval(?:uation)?|flow ?sheet|visit|session|encounter"
    r"|record|discharge|tx|rx|documentation|export|summary|report|dn|outpatient|services?|log|billing|department|clinic|soap)"
)
# The plan's letter, its modifier, that of an assistant; titles of notes, marks of therapists and of assistants.
_PLANS = (
    (
        *("P", "GP", "CQ", r"(?:physical therapy|(?-i:P\.?T\.?))"),
        *(r"(?:MS|M)?PT|DPT|Physical Therapist(?! Assistant)", r"L?PTA|Physical Therapist Assistant"),
    ),
    (
        *("O", "GO", "CO", r"(?:occupational therapy|(?-i:O\.?T\.?))"),
        *(r"OTR(?:/L)?|OTD|MOT|OT/L|OT|Occupational Therapist", r"COTA(?:/L)?|OTA|Occupational Therapy Assistant"),
    ),
    (
        *("S", "GN", "", r"(?:speech(?:[ /-]+(?:and )?language)?(?: therapy| pathology)?|(?-i:S\.?L\.?P\.?|ST))"),
        *(r"(?:MA |MS )?CCC[ -/]*SLP|SLP|Speech[ -]Language Pathologist", r"SLPA"),
    ),
)
# Without one of these letters nobody bears the marks of a plan's therapists.
_LETTERS = {"P": ("PT", "hysical Therapist"), "O": ("OT", "ccupational Therap"), "S": ("SLP", "anguage Pathologist")}
_TITLES = ("rehab", "therap", "speech", "pt ", "ot ", "st ", "slp", "p.t", "o.t")
TOP = 500  # characters in which a note has its title
_BESIDE = compiled(
    r"\b(?:co-?sign\w*|supervis\w*|plan of care|poc|evaluating|certif\w+|reviewed by|under (?:the )?direction"
    r"|on[ -]?site"
    r"|discussed with|conferred)\b",
    re.IGNORECASE,
)
_THRESHOLD = compiled(
    r"\b(?:kx (?:modifier|appended|attached|applies|applied)|(?:therapy |medicare )?(?:threshold|cap)(?: amount)?"
    r" (?:has been |was |is |has now been )?(?:met|exceeded|reached|passed)|(?:exceed(?:ed|s)|beyond|above|over"
    r"|reached) "
    r"(?:the )?(?:annual |yearly |medicare |kx )*(?:therapy )?threshold)",
    re.IGNORECASE,
)
_NOT = compiled(r"\b(?:not|no|below|under|without|n't|remaining)\b[^.;\n]{0,30}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of care that a document's therapy is of.

    Attributes:
        letter: P, O or S.
        modifier: GP, GO or GN.
        assistant: The modifier of an assistant's services.
        assisted: Whether an assistant gave them.
        unclear: Whether therapist and assistant are both named and the record does not say who gave what.
        threshold: Whether the record says that the yearly threshold is passed.
        evidence: The words that name who gave it.
    """

    letter: str
    modifier: str
    assistant: str
    assisted: bool
    unclear: bool
    threshold: bool
    evidence: tuple[Evidence, ...]


def of(document: Document, kind: str = "") -> Plan | None:
    """The plan of a therapy document, by who signed it, else by its title; None for a document of others.

    `kind`: what the encounter is, in words: one of therapy is told by the only therapy that the document names.
    """
    text = document.text
    for letter, modifier, aide, title, therapist, assistant in _PLANS:
        marked = any(letters in text for letters in _LETTERS[letter])
        ones = _named(text, therapist) if marked else []
        others = _named(text, assistant) if marked and aide else []
        if not (ones or others or _titled(text, title)):
            continue
        if not (ones or others) and any(_named(text, row[4]) for row in _PLANS):
            continue
        gives = [m for m in ones if not _BESIDE.search(_around(text, m))]
        marks = tuple(Evidence.quote(document, Span(m.start(), m.end())) for m in (*ones, *others))
        return Plan(letter, modifier, aide, bool(others) and not gives, bool(others and gives), _passed(text), marks)
    return _of_encounter(text) if "therapy" in kind else None


def _of_encounter(text: str) -> Plan | None:
    """The plan of a document of an encounter of therapy that names one sort of it."""
    words = (rf"\b(?:{row[3]}|{row[4]}|(?-i:{row[5] or row[4]}))\b" for row in _PLANS)
    named = [row for row, one in zip(_PLANS, words, strict=True) if compiled(one, re.IGNORECASE).search(text)]
    if len(named) != 1:
        return None
    letter, modifier, aide = named[0][:3]
    return Plan(letter, modifier, aide, False, False, _passed(text), ())


# "R. Vance, PT, DPT", "R. Vance DPT", and alone at the end of a line "Rosa Vance PT".
_NAMED = (
    r"\b[A-Z][\w.'-]+, ?(?:[A-Z][A-Za-z/-]*,? )??(?P<listed>{marks})(?![\w-])"
    r"|\b[A-Z][\w.]+ (?P<bare>PTA|COTA(?:/L)?|DPT|OTR/L|CCC-SLP|OTA)\b"
    r"|\b[A-Z][\w.]* [A-Z][a-z]+ (?P<last>PT|OT|SLP)[ \t]*$|^[ \t]*(?P<headed>{marks}):(?![ \t]*\d)"
)


def _named(text: str, marks: str) -> list[re.Match[str]]:
    """Where a person bears these marks."""
    found = compiled(_NAMED.format(marks=marks), re.MULTILINE).finditer(text)
    return [m for m in found if re.fullmatch(marks, m["listed"] or m["bare"] or m["last"] or m["headed"])]


BEFORE = 4  # words that may stand before a title on its line


def _titled(text: str, title: str) -> bool:
    """Whether one of the first lines is a title of such a note."""
    top = text[:TOP]
    lower = top.lower()
    if not any(letters in lower for letters in _TITLES):
        return False
    heading = rf"(?<![\w-]){title}[ \t:/|,()–-]+(?:[\w/-]+[ \t:|,–-]+){{0,2}}{_NOTE}\b"
    for m in compiled(heading, re.IGNORECASE).finditer(top):
        if len(top[top.rfind("\n", 0, m.start()) + 1 : m.start()].split()) <= BEFORE:
            return True
    rehab = rf"\brehab(?:ilitation)?\b[^\n]{{0,40}}?\b{title}\b(?![ \t]+(?:seen|is|was|here|with|has))"
    return "rehab" in lower and compiled(rehab, re.IGNORECASE).search(top) is not None


def _around(text: str, m: re.Match[str]) -> str:
    return sentence(text, m.start(), m.end()).of(text)


def _passed(text: str) -> bool:
    return any(not _NOT.search(text[max(0, m.start() - 40) : m.start()]) for m in _THRESHOLD.finditer(text))
