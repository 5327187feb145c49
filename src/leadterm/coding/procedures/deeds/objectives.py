"""From a deed to its objective: all of a part, some of it, a sample, a part set free (B3.4, B3.8, B3.13)."""

from __future__ import annotations

from dataclasses import dataclass

from leadterm.coding.patterns import compiled

from .binding import Done
from .organs import Mention, Organ

RESECTION, EXCISION, RELEASE, BYPASS = "T", "B", "N", "1"
RULES = {
    RESECTION: "ICD10PCS:B3.8/part",
    EXCISION: "ICD10PCS:B3.8/part",
    RELEASE: "ICD10PCS:B3.13/release",
    BYPASS: "ICD10PCS:B3.6/bypass",
}
_WHOLE = compiled(
    r"\b(?:whole|entire(?:ly|ty)?|complete(?:ly)?|in one(?: piece| block)?|in toto|all of (?:it|the|this)|totally)\b"
    r"(?! (?:length|procedure|abdomen|time|closure|hemosta\w+|count))"
)
_PARTLY = compiled(
    r"\b(?:segments?|portions?|parts?|wedges?|pieces?|slivers?|half|third|cuff|rim|samples?|biops\w+|bites?|fragments?"
    r"|\d+(?:\.\d+)? ?(?:cm|inch(?:es)?|feet)) (?:or so )?(?:of (?:it|this|that|these|them|the (?:organ|gland|mass))\b"
    r"|(?:was|were|came))"
    r"|\A\W*(?:then |and )?(?:one|two|three|four|five|six|several|multiple|some|\d+) "
    r"(?:(?:was|were|came|of) |(?:small |large |such |good |more )*"
    r"(?:pieces?|wedges?|samples?|bites?|biops\w+|segments?|fragments?|slivers?|strips?|cores?))"
)
# What is taken to learn what it is.
LEARNED = compiled(
    r"\bbiops\w+|\bsampl\w+|\bfor (?:a )?(?:frozen|diagnos\w+|histolog\w+|culture|cytolog\w+|flow|analysis|tissue"
    r"|microbiolog\w+|path\w*)\b|\bfrozen(?: section)?\b|\bto (?:look for|exclude|rule out|see if|prove|learn)\b"
    r"|\bno tissue diagnosis\b|\bforceps\b[^.;]{0,30}\bpieces?\b"
)
_LONG = compiled(
    r"\bhours?\b|\b\d{2,3} ?min(?:ute)?s?\b"
    r"|\b(?:extensive|tedious|painstaking|laborious|lengthy|prolonged|difficult|dense)(?:ly)?\b"
    r"|\bobstruct\w+|\binch by inch\b|\bend to end\b(?! anastom)"
)
# An obstruction is what the freeing was for.
_FOR_IT = compiled(r"(?<!no )(?<!without )\bobstruct\w*|\binternal hernia\b|\bclosed loop\b")
_STUCK = compiled(
    r"\badhesi\w+|\bmatted\b|\bstuck\b|\bbands?\b|\bplastered\b|\bencas\w+|\bscar(?:red)?\b|\bkink\w*|\bfused\b"
    r"|\bcocoon\b"
    r"|\bfrozen pelvis\b|\bhostile\b|\bglued\b|\btethered\b|\bloop from loop\b"
)


@dataclass(frozen=True, slots=True)
class Around:
    """The words around a deed: its statement, those beside it, and the whole report."""

    text: str
    beside: str
    whole: str


def objective(done: Done, mention: Mention, around: Around) -> str:
    """The root operation and, of a piece that was taken to learn from, `X`; empty where the words do not tell."""
    if done.deed == "stoma":
        return BYPASS
    if done.deed == "freed":
        return RELEASE if _set_free(mention.organ, around) else ""
    part = mention.extent == "part" or _PARTLY.search(around.text) is not None
    whole = not part and (mention.extent == "whole" or _WHOLE.search(around.text) is not None)
    learned = not whole and (LEARNED.search(around.text) or (part and LEARNED.search(around.beside)))
    if whole:
        return RESECTION
    if part or learned:
        return f"{EXCISION}X" if learned else EXCISION
    if done.deed == "piece" or done.pointed == "some":
        return ""
    return {"whole": RESECTION, "part": EXCISION}.get(mention.organ.bare, "")


def _set_free(organ: Organ, around: Around) -> bool:
    """Whether an organ was freed for its own sake: it was stuck, and that was long work or what all was for."""
    stuck = _STUCK.search(around.text) or _STUCK.search(around.beside)
    return organ.system in "DFUTB" and bool(stuck) and bool(_LONG.search(around.text) or _FOR_IT.search(around.whole))


def template(mention: Mention, told: str, text: str) -> str:
    """The code of an objective with what the chart decides open."""
    organ = mention.organ
    last = "X" if told.endswith("X") else _qualifier(f"{organ.system}{told}{organ.part}", text)
    return f"0{organ.system}{told[0]}{organ.part}_Z{last}"


def _qualifier(code: str, text: str) -> str:
    if code[1] == BYPASS:
        return _TO_SKIN
    return _ABOVE_CERVIX if code == "UT9" and _CERVIX_STAYED.search(text) else "Z"


_TO_SKIN, _ABOVE_CERVIX = "4", "L"
_CERVIX_STAYED = compiled(
    r"\b(?:from|off|above|over) the (?:\w+ )?cervix\b|\bcervix (?:was )?(?:left|kept|spared|preserved)"
    r"|\bcervical stump\b"
)
