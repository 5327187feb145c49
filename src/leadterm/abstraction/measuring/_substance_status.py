"""Whether a substance is used, was used, never was: from the words around its name, read from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import _substance_words as words
from ._substance_names import Sentence, Surrounded
from ._substance_words import ABUSE, CURRENT, DEPENDENCE, FORMER, IN_REMISSION, NEVER, NONE, USE_DISORDER

# A cue governs what stands within so many characters; a denial twice as many.
_REACH = 35
_DENIED = (NONE, NEVER)
_STATUS = {"plus": CURRENT, "minus": NONE, "never": NEVER, "none": NONE, "former": FORMER, "current": CURRENT}
# What the form of the name itself says.
_FORMS = (
    (re.compile(r"non-?(?:smok|drink)|teetotal"), NONE),
    (re.compile(r"ex-?smok|smoked$|drank$|vaped$|huffed|chewed"), FORMER),
    (re.compile(r"smokes$|drinks$|vapes$|huffs$|chews|dips|smoker$|drinker$|vaper$|dipping"), CURRENT),
)
_LIFELONG = re.compile(r"life-?(?:long|time)\s$")
_CLAUSE = re.compile(
    r"[:;]|,\s(?:he|she|patient|they)\b|\b(?:but|lives\swith\s\w+,)\s|,\s(?=\d|rare|no\b|drinks|smokes|denies)"
)
_SUBJECT = re.compile(r"\b(?:patient|pt|he|she|denies|they)\b")
_COUNSELLED = (" cessation", " counseling", " counselling")
# "1947 - 1972": years of use that have an end.
_YEARS = r"(?:19|20)\d\d\s?(?:-|\u2013|to|through)\s?(?:19|20)\d\d"
_QUIT = re.compile(rf"\b(?:quit|stopped|ceased|gave\sup|until\s(?:19|20)\d\d|{_YEARS})\b")
_SINCE = re.compile(r"\ssince\s(?:\w+\s)?(?:quit|stop|\d{4})")
_USES_DRUGS = re.compile(r"\b(?:uses?|using|does|doing|tried|experimented\swith)\s$")
_DRINKING = re.compile(r"\b(?:quit|stopped|ceased|heavy|binge)\s$")
_DRUG_USE = (" use", " abuse", " addict")
_NUMBER_END = re.compile(r"\d[\s-]?$")


def statuses(sentence: Sentence) -> Iterator[tuple[Surrounded, str]]:
    """Each name of the sentence with its pattern of use; empty where nothing is said of it."""
    reader = _Reader()
    for around in sentence.surroundings():
        pattern = ""
        if _is_elsewhere(around):
            reader.carried = ""
        elif pattern := reader.pattern(around):
            reader.said[around.anchor.substance] = pattern
        yield around, pattern


def _is_elsewhere(around: Surrounded) -> bool:
    """Whether advice, a test or somebody else's use is spoken of."""
    clause = _CLAUSE.split(around.lead)[-1]
    others = [m.end() for m in words.OTHERS.finditer(clause)]
    if others and not _SUBJECT.search(clause, others[-1]):
        return True
    if around.anchor.substance != "tobacco" and words.TEST.search(clause):
        return True
    if around.sentence.trying:
        return False
    return around.behind.startswith(_COUNSELLED) or bool(words.ADVICE.search(clause))


class _Reader:
    """Carries what was said of one name to the next: denies tobacco, alcohol or drugs."""

    def __init__(self) -> None:
        """Nothing is said yet."""
        self.carried = ""
        self.labelled = False
        self.said: dict[str, str] = {}

    def pattern(self, around: Surrounded) -> str:
        """What is said of the use of a name; empty for nothing."""
        own = _own_form(around)
        cue = self._carry(around, own)
        label = words.LABEL.match(around.behind) or words.BARE_LABEL.match(around.behind)
        self.labelled = bool(label)
        if label and (value := _value(around.behind[label.end() :])):
            self.carried = ""
            return value
        if disorder := words.DISORDER.match(around.behind):
            return self._disorder(disorder, around)
        if around.anchor.word.startswith("alcoholi") and not around.behind.startswith((" bever", " drink")):
            return self._alcoholic(around)
        if around.anchor.word.startswith("sob"):
            return "" if any(a.word.startswith("alcoholi") for a in around.sentence.anchors) else FORMER
        pattern = self._use(around, own, cue)
        if pattern == CURRENT and words.PAST.match(around.behind):
            pattern = FORMER
        return "" if _is_no_use(around, pattern) else pattern

    def _carry(self, around: Surrounded, own: str) -> str:
        """The cue of this name; what is carried on is brought up to date."""
        cue = _cue(around, own)
        if self.carried in _DENIED and words.LISTED_VERB.fullmatch(around.before):
            cue = self.carried
        if cue:
            self.carried = cue
        elif self.labelled and words.LABEL.fullmatch(around.before):
            self.carried = CURRENT
        elif not words.LIST.fullmatch(around.before) and words.BREAK.search(around.before):
            self.carried = ""
        return cue

    def _alcoholic(self, around: Surrounded) -> str:
        if self.carried in _DENIED or _is_denied(around.before):
            return NONE
        return IN_REMISSION if words.REMISSION.search(around.before + around.behind) else DEPENDENCE

    def _disorder(self, found: re.Match[str], around: Surrounded) -> str:
        """Abuse, dependence, a use disorder by its severity (mild: abuse; moderate, severe: dependence)."""
        if self.carried in _DENIED:
            return self.carried
        if _is_denied(around.before):
            return NONE
        if words.REMISSION.search(around.behind[:70]):
            return IN_REMISSION
        if found.lastgroup != "disorder":
            return found.lastgroup or ABUSE
        severity = words.severity(around.before, around.behind)
        return USE_DISORDER if not severity else ABUSE if severity == "mild" else DEPENDENCE

    def _use(self, around: Surrounded, own: str, cue: str) -> str:
        """Use, none or former use, from the cues around and the form of the word itself."""
        if around.sentence.trying and self.carried not in _DENIED:
            return CURRENT
        if around.anchor.word.startswith("ex"):
            return FORMER
        if own in _DENIED or cue in _DENIED:
            return _denied(around, NEVER in (own, cue))
        if FORMER in (own, cue):
            return FORMER
        if own == CURRENT:
            return FORMER if not cue and _is_quit(around.behind) else CURRENT
        return cue or self._unsaid(around)

    def _unsaid(self, around: Surrounded) -> str:
        """What an amount, the end of use or the rest of the list says where no cue does."""
        before, behind, amount = around.before, around.behind, _amount(around)
        if self.carried in _DENIED:
            anew = amount and "," in before and not re.search(r"\b(?:or|nor)\b", before)
            return CURRENT if anew else self.carried
        if _is_quit(behind):
            return FORMER
        if self.carried or (amount and around.anchor.substance in self.said):
            return self.carried or self.said[around.anchor.substance]
        used = behind.startswith(" use") and around.anchor.substance not in ("tobacco", "alcohol", "other")
        numbered = around.anchor.product and _NUMBER_END.search(before)
        return CURRENT if amount or used or numbered or words.LASTING.match(behind) else ""


def _own_form(around: Surrounded) -> str:
    """What the form of the name itself says: "smokes", "smoked", "nonsmoker"."""
    form = next((status for pattern, status in _FORMS if pattern.match(around.anchor.word)), "")
    return NEVER if form == NONE and _LIFELONG.search(around.before) else form


def _cue(around: Surrounded, own: str) -> str:
    """The last cue before the name, if nothing breaks it off."""
    before = around.before
    last: re.Match[str] | None = None
    for found in words.CUE.finditer(before + around.anchor.word):
        if found.end() > len(before):
            break
        if (
            last is None
            or found.lastgroup != "current"
            or last.lastgroup == "current"
            or _is_parted(before, last, found)
        ):
            last = found
    if last is None or words.BREAK.search(before, last.end()):
        return ""
    far, weak = before[last.end() :], last.lastgroup in ("former", "current")
    if not words.LIST.fullmatch(far):
        parted = "," in far and (weak or own in (CURRENT, FORMER))
        if parted or len(far) > (_REACH if weak else 2 * _REACH):
            return ""
    return _STATUS[last.lastgroup or ""]


def _is_parted(before: str, last: re.Match[str], found: re.Match[str]) -> bool:
    """Whether a comma or a new clause stands between two cues."""
    return "," in before[last.end() : found.start()] or bool(words.BREAK.search(before, last.end(), found.start()))


def _value(value: str) -> str:
    """What stands behind a label: the first cue decides; an amount is use."""
    for found in words.CUE.finditer(value):
        if found.group() in ("reports", "states"):
            continue
        return FORMER if found.lastgroup == "current" and _is_quit(value) else _STATUS[found.lastgroup or ""]
    if not (words.QUANTITY.search(value) or words.RATE.match(value)):
        return ""
    return FORMER if _is_quit(value) else CURRENT


def _denied(around: Surrounded, never: bool) -> str:
    """No use; former use where the chart says since when: no cigarettes in 6 months."""
    if never:
        return NEVER
    return FORMER if words.SINCE_NONE.match(around.behind) or _SINCE.match(around.behind) else NONE


def _is_denied(before: str) -> bool:
    """Whether the list of diseases that a disorder stands in is denied."""
    cues = [m for m in words.CUE.finditer(before) if m.lastgroup != "current"]
    return bool(cues) and cues[-1].lastgroup in ("none", "never") and not words.BREAK.search(before, cues[-1].end())


def _is_quit(behind: str) -> bool:
    return bool(_QUIT.search(behind)) and not words.TRYING.search(behind)


def _amount(around: Surrounded) -> bool:
    """Whether the words around say how much or how often."""
    before, behind = around.before, around.behind
    if words.QUANTITY.search(behind) or words.QUANTITY.search(before.rpartition(",")[2] + around.anchor.word):
        return True
    return "," not in before and bool(words.FREQUENCY.search(behind))


def _is_no_use(around: Surrounded, pattern: str) -> bool:
    """Whether the name is that of a medicine, of drugs as such, of a drink without alcohol."""
    word = around.anchor.word
    if words.MEDICINES.match(word):
        return not (pattern in _DENIED and (around.behind.startswith(_DRUG_USE[:2]) or around.listed))
    if words.BARE.match(word):
        return not _is_drug_use(around, pattern)
    return pattern in (CURRENT, FORMER) and bool(words.DRINK.match(word)) and not _is_of_alcohol(around)


def _is_drug_use(around: Surrounded, pattern: str) -> bool:
    """Whether "drugs" are those of abuse: used, or denied in so many words or in a list."""
    if around.behind.startswith(_DRUG_USE):
        return True
    if pattern not in _DENIED:
        return bool(_USES_DRUGS.search(around.before))
    cues = [m.end() for m in words.CUE.finditer(around.before)]
    return bool(words.LIST.fullmatch(around.before[cues[-1] :] if cues else around.before))


def _is_of_alcohol(around: Surrounded) -> bool:
    """Whether a drink is one of alcohol: by its name, by how much, by the substances beside it."""
    before, behind = around.before, around.behind
    if _DRINKING.search(before) or words.QUANTITY.search(before[-12:] + around.anchor.word) or around.listed:
        return True
    if len(behind) < 30 and around.anchor.end + len(behind) < around.sentence.last:
        return True  # the next name of a substance is near
    return bool(words.QUANTITY.search(behind) or words.FREQUENCY.search(behind[:40]) or not behind.strip(" .,"))
