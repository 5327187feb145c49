"""Which side, stage, severity, site, cause, date belongs to which mention: the nearest words of the same clause decide.

The names of the axes are part of the contract (`attributes` of a fact); `AXES` is the one list of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from leadterm.codesets.axes import find_letters

from ..naming.mentions import Mention
from ._axis_words import AxisWords, Hit
from ._placing import Sentence

# Every axis, with what its values are.
AXES = {
    "acuity": "acute, chronic, acute on chronic, subacute",
    "agent": "the drug or substance of a poisoning, an adverse effect or an underdosing, as written",
    "cause": "what it is due to: the mention that the text names, else the words up to the end of the clause",
    "class": "number or letter in a class: NYHA, Child-Pugh, obesity",
    "control": "controlled, uncontrolled, poorly controlled; of diabetes: hyperglycemia, hypoglycemia",
    "course": "recurrent, persistent, intermittent, paroxysmal, permanent, longstanding, single",
    "date": "when it was or was found, ISO 8601 to the day, month or year; without a year the words",
    "degree": "of a burn, a block, a laceration: first to fourth",
    "displacement": "displaced, nondisplaced",
    "duration": "how long it has lasted: 3 days",
    "episode": "of care for an injury: initial, subsequent, sequela",
    "etiology": "primary, secondary, post-traumatic, idiopathic, congenital",
    "extent": "complete, partial, incomplete",
    "flare": "exacerbation, status asthmaticus",
    "function": "of a failing heart: systolic, diastolic, combined",
    "grade": "number of a grade (Gustilo, Gleason, histologic), or low, intermediate, high",
    "healing": "routine, delayed, nonunion, malunion, healed, nonhealing",
    "intent": "accidental, intentional, assault, undetermined, adverse effect, underdosing",
    "laterality": "left, right, bilateral",
    "manner": "how it began: new, sudden, gradual",
    "onset": "since when (ISO 8601, else words: 3 days ago, age 30, last night)",
    "organism": "its standard name: escherichia coli, methicillin resistant staphylococcus aureus",
    "quadrant": "of the abdomen or a breast: right upper, upper-outer",
    "remission": "remission, partial, full",
    "severity": "mild, moderate, severe, profound",
    "sides": "unilateral, where no side is named",
    "site": "the part of the body: distal radius, index finger, l4-l5",
    "stage": "1 to 5 with its letter, end, unstageable, deep tissue",
    "tnm": "the formula of a cancer in small letters: t2an0m0",
    "tractability": "intractable, not intractable",
    "trend": "worsening, improving, resolving, stable",
    "trimester": "first, second, third",
    "type": "number or letter: 1, 2, a",
    "weeks": "completed weeks of gestation",
    "with": "what goes along with it or complicates it, as written",
    "without": "what the text says is lacking: without exacerbation",
    "wound": "open, closed",
}


# Mentions of a segment up to which its sites are compared with each.
_FEW = 8
# The eyes of a prescription; elsewhere these letters are something else ("OD" an overdose).
_EYE = re.compile(r"(?:O[DSU]|o[dsu])(?<![\w.]..)(?![\w.]\w)(?!\w)")
_EYES = {"OD": "right", "OS": "left", "OU": "bilateral"}
_OF_EYES = tuple("H0 H1 H2 H3 H4 H5 S05 T15 C69 Z96.1 Z98.4".split())


Attribute = Hit
"""A value of an axis that belongs to a mention, and where it stands."""


def attach(
    text: str, folded: str, segment: tuple[int, int], mentions: Sequence[Mention]
) -> list[tuple[Attribute, ...]]:
    """For each mention of the segment, its attributes in order of the text: one an axis, those inside it first."""
    return Describer(text, folded).attach(segment, mentions)


class Describer:
    """Attaches the attributes of one text, segment by segment; what is looked for in the whole text is so once."""

    __slots__ = ("_eyes", "_folded", "_text", "_words")

    def __init__(self, text: str, folded: str) -> None:
        """`folded` is `fold(text)`."""
        self._text, self._folded = text, folded
        self._words = AxisWords(folded)
        self._eyes = [Hit("laterality", _EYES[m[0].upper()], *m.span()) for m in _EYE.finditer(text)]

    def attach(self, segment: tuple[int, int], mentions: Sequence[Mention]) -> list[tuple[Attribute, ...]]:
        """For each mention of the segment, its attributes in order of the text: one an axis, those inside it first."""
        return self._placed(segment, self._hits(segment, mentions), mentions)

    def attach_each(
        self, segment: tuple[int, int], groups: Sequence[Sequence[Mention]]
    ) -> list[list[tuple[Attribute, ...]]]:
        """The same for groups of mentions of which none takes what belongs to another; the segment is read once."""
        hits = self._hits(segment, [m for mentions in groups for m in mentions])
        return [self._placed(segment, hits, mentions) for mentions in groups]

    def _hits(self, segment: tuple[int, int], mentions: Sequence[Mention]) -> list[Hit]:
        (start, end), text = segment, self._text
        hits = self._words.hits(start, end, lambda: sorted(m.start for m in mentions))
        if text.find("R", start, end) >= 0 or text.find("L", start, end) >= 0:
            letters = [Hit("laterality", h.value, h.start, h.end) for h in find_letters(text, start, end)]
            if letters:
                hits = sorted([*hits, *letters], key=lambda h: h.start)
        eyes = [h for h in self._eyes if start <= h.start and h.end <= end]
        if eyes and any(t.code.startswith(_OF_EYES) for m in mentions for t in m.terms):
            hits = sorted([*hits, *eyes], key=lambda h: h.start)
        return hits

    def _placed(
        self, segment: tuple[int, int], hits: list[Hit], mentions: Sequence[Mention]
    ) -> list[tuple[Attribute, ...]]:
        if hits and len(mentions) <= _FEW:
            hits = _told(hits, mentions)
        if not hits or not mentions:
            return [()] * len(mentions)
        return list(map(tuple, Sentence(self._folded, segment, hits, mentions).attributes()))


def _told(hits: list[Hit], mentions: Sequence[Mention]) -> list[Hit]:
    """The hits without the sites that a mention itself names ("knee pain"): most segments have no other hit."""
    for mention in mentions:
        a, b = mention.start, mention.end
        hits = [h for h in hits if h[0] != "site" or h[2] < a or h[3] > b]
        if not hits:
            break
    return hits
