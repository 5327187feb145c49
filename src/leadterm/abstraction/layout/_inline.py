"""How far the short label of a study holds: "CXR: clear. He was sent home." is one sentence of imaging.

A label with text behind it on its line holds for the sentences about the study. The account goes on where a sentence
tells what was done or what the patient is, names another thing before a colon, or gives the conclusion.
"""

from __future__ import annotations

import re

from ._names import named
from .segments import split

# Kinds whose labels stand in running text.
STUDIES = frozenset({"imaging", "results", "vitals"})
# Histories that are often one line: what stands apart below them is none of theirs.
HISTORIES = frozenset(
    {"past-medical-history", "past-surgical-history", "family-history", "social-history", "allergies", "immunizations"}
)
# Kinds that an account in sentences has, and to which it returns after a study.
ACCOUNTS = frozenset({"hpi", "hospital-course", "assessment", "plan", "assessment-plan", "chief-complaint", "other"})
_OF_STUDIES = STUDIES | {"exam", "findings", "technique", "impression", "procedure"}

_CONCLUDES = re.compile(
    r"(?:(?P<final>final)(?: (?:dx|diagnos[ie]s))?:|(?:dx|imp)\b *[:-]? |(?:diagnos[ie]s|assessment|a/p):)"
)
_TELLS = re.compile(
    r"(?:he|she|they|pt|patient|we|started|given|gave|admitted|discharged|treated|received|began|continued?|home|sent"
    r"|underwent|transferred|d/c|takes|on (?:[a-z]+ )?(?:\d|home)|former|current|ex-|never|quit|smoke[rs]|nonsmoker"
    r"|lives|known|history of|hx)\b"
    r"|[^.]*\b(?:was|were) (?:started|given|treated|admitted|discharged|continued|held|switched|placed|seen|stopped)\b"
)
_STUDY = re.compile(
    r"\b(?:ct|cta|mri|mra|cxr|xr|x-?rays?|films?|us|ultrasound|echo|e[ck]g|labs?|wbc|hgb|plt|na|cr|creatinine"
    r"|ua|cultures?|cx|gram stain|biopsy|bal|abg|troponins?|pending|negative|neg|positive|normal"
    r"|unremarkable|views?|impression)\b"
)
_NUMBERED = re.compile(r"\s*1[.)] ")
_LIST = re.compile(r"\n\s*\n(?=[ \t]*(?:1[.)]|# ?1[.)]?) ?[a-z])")
_PARAGRAPH = re.compile(r"\n[ \t]*\n[ \t]*(?P<name>[a-z][a-z /&'-]{1,40})(?=: )")
_SALUTATION = re.compile(r"\n[ \t]*\n[ \t]*(?=(?:dear|to whom|thank you)\b)")
_LABEL = re.compile(r"[a-z][a-z /&'-]{2,40}(?=: )")


def label_ends(text: str, folded: str, body: int, stop: int, before: str) -> tuple[int, str] | None:
    """Where the label of a study whose text is `[body, stop)` ends before `stop`, and the kind of what follows there.

    `before` is the kind of the account that it stands in. None where it holds to the end.
    """
    line = folded.find("\n", body, stop)
    if not folded[body : line if line >= 0 else stop].strip():
        return None
    last = None
    for start, end in split(text, body, stop):
        if last is not None and (kind := _leads_out(folded, last, start, end, before)) is not None:
            return start if "\n" not in folded[last:start] else folded.rindex("\n", last, start) + 1, kind
        last = end
    return None


def list_begins(folded: str, body: int, stop: int) -> int | None:
    """Where a numbered list stands apart below an examination told on one line: the problems, without a header."""
    line = folded.find("\n", body, stop)
    found = _LIST.search(folded, line, stop) if line >= 0 and folded[body:line].strip() else None
    return found.end() if found else None


def account_resumes(folded: str, body: int, stop: int) -> int | None:
    """Where a paragraph below a history of one line ("PMH none") begins with a name of its own, as no item does."""
    line = folded.find("\n", body, stop)
    if line < 0 or not folded[body:line].strip():
        return None
    for found in _PARAGRAPH.finditer(folded, line, stop):
        entries = named(found["name"], found["name"]).entries
        if all(e.match == "system" or e.kind in _OF_STUDIES for e in entries):
            return found.start("name")
    return None


def letter_begins(folded: str, body: int, stop: int) -> int | None:
    """Where a letter begins below a head of labels ("Disposition: rehabilitation") that ends with a line of its own."""
    found = _SALUTATION.search(folded, body, stop)
    return found.end() if found else None


def _leads_out(folded: str, last: int, start: int, end: int, before: str) -> str | None:
    """The kind of the account that a sentence begins, None where it still speaks of the study."""
    account = before if before in ACCOUNTS else "unknown"
    sentence, gap = folded[start:end], folded[last:start]
    if concludes := _CONCLUDES.match(sentence):
        return "discharge-diagnosis" if concludes["final"] else "assessment"
    if _TELLS.match(sentence) or _names_another(sentence):
        return account
    if gap.count("\n") > 1:
        return account if _NUMBERED.match(gap[gap.rindex("\n") :]) or not _STUDY.search(sentence) else None
    return account if "\n" in gap and before in ACCOUNTS and not _STUDY.search(sentence) else None


def _names_another(sentence: str) -> bool:
    """Whether a sentence names something before a colon that is no study and no part of one."""
    label = _LABEL.match(sentence)
    if label is None or _STUDY.search(label[0]):
        return False
    entries = named(label[0], label[0]).entries
    return not any(e.match == "system" or e.kind in _OF_STUDIES for e in entries)
