"""Who said it: the provider, a nurse, the patient, a radiologist, … where the document tells.

Code assignment rests on what the patient's provider documents; body mass index, stages of pressure ulcers, coma scale,
stroke scale, social determinants, laterality, blood alcohol and underimmunization may come from other clinicians
(guidelines I.B.14), and on inpatient claims an abnormal finding of a radiologist alone is not coded (III.B). Four
things tell, the nearest first: an attribution in the sentence ("per nursing", "wife reports"), a paragraph that names
its writer ("RN note: …"), the kind of section, and who wrote the document or the part of it under a title.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from leadterm.domain import Document

from ..layout.sections import Section
from ._authorship import Block, Parts
from ._speakers import LAY, Sign, Speaker, table

_REACH = 600  # characters that an attribution reaches within its sentence
_WINDOW = 48  # characters beside a verb or a "per" where its speaker stands
_NEARBY = 5  # words there

_EDGES = ".,;:!?()[]\"'*_"
_ENDS = frozenset("\n.;:!?")
_LEADS = frozenset("but and however although while though as".split())
_PASSIVE = frozenset("to with as in on at by for".split())  # "patient noted to have"
_NO_OBJECT = frozenset("to by is was reviewed were are available".split())  # "nursing notes reviewed"
_CLOSED = frozenset(":.,;)")  # "the final pathology report."
_TITLES = frozenset("dr. mr. mrs. ms.".split())
_OWN = frozenset("his her their".split())
_ACCOUNT = frozenset("report reports account history description recollection own".split())  # "per her report"

_BY_SECTION = {"imaging": Speaker.RADIOLOGIST}
_IN_REPORT = {"indication": Speaker.PROVIDER}  # why a picture was taken is what the one says who ordered it
_REPORTED = frozenset({"findings", "impression"})
_NO_REPORT = frozenset(
    {"hpi", "procedure", "preoperative-diagnosis", "postoperative-diagnosis", "exam", "plan", "medications"}
)


class _Cue(NamedTuple):
    """An attribution: its place, who speaks (None: the author again), and whether it reaches forward and back."""

    start: int
    end: int
    speaker: Speaker | None
    forward: bool
    back: bool


class Speakers:
    """Who speaks at each place of one document; `author` is who wrote it, where that is known."""

    __slots__ = ("_cues", "_layers", "_starts", "author")

    def __init__(self, author: Speaker | None, layers: Sequence[Sequence[Block]], cues: Sequence[_Cue]) -> None:
        """From the author, blocks in layers (the first that covers a place tells), and attributions in order."""
        self.author = author
        self._layers = [(layer, [block.start for block in layer]) for layer in layers if layer]
        self._cues = cues
        self._starts = [cue.start for cue in cues]

    def at(self, position: int, segment: tuple[int, int]) -> Speaker | None:
        """Who says what stands at `position` of the sentence `segment` (start, end); None where nothing tells."""
        if self._cues and (speaker := self._attributed(position, *segment)):
            return speaker
        for layer, starts in self._layers:
            index = bisect_right(starts, position) - 1
            if index >= 0 and position < layer[index].end:
                return layer[index].speaker
        return self.author

    def _attributed(self, position: int, start: int, end: int) -> Speaker | None:
        cues, index = self._cues, bisect_right(self._starts, position)
        first, last = max(start, position - _REACH), min(end, position + _REACH)
        for at in range(index - 1, -1, -1):
            if cues[at].start < first:
                break
            # What opens its sentence reaches forward whatever it is: "Per wife, he fell".
            if cues[at].forward or cues[at].start - start <= 3:
                return cues[at].speaker
        follows = index < len(cues) and cues[index].start < last and cues[index].back
        return cues[index].speaker if follows else None


def find_speakers(document: Document, folded: str, sections: Sequence[Section]) -> Speakers:
    """Who speaks where in a document; ask `at` for each place. `folded` is `fold` of its text, unwrapped or not.

    The role of the document's author wins over its type, that over a title, that over a signature. Linear.
    """
    flat = folded.replace("\n", " ")
    size, signs = len(flat), table().signs
    parts, cues = Parts(document, folded, sections), _Attributions(folded, flat)
    for number, start, end in table().automaton.find_matches_as_indexes(flat):
        if (start and flat[start - 1].isalnum()) or (end < size and flat[end].isalnum()):
            continue
        sign = signs[number]
        if (sign.noun or sign.head) and parts.heading(start, end, sign):
            continue
        if sign.verb:
            cues.verb(start, end, sign)
        elif sign.source:
            cues.source(start, end)
        elif sign.turn:
            cues.found.append(_Cue(start, end, None, forward=True, back=False))
        if sign.sign:
            parts.signature(start, end)
    author, written = parts.settled()
    if author in (None, Speaker.PROVIDER) and not document.author_role and _is_report(sections):
        author = Speaker.RADIOLOGIST
    kinds = _IN_REPORT if author is Speaker.RADIOLOGIST else _BY_SECTION
    of_kind = [Block(s.start, s.end, kinds[s.kind]) for s in sections if s.kind in kinds]
    return Speakers(author, (parts.paragraphs, of_kind, written), cues.found)


def _is_report(sections: Sequence[Section]) -> bool:
    """Whether a text without a writer is set like a report of imaging: technique, then findings or impression."""
    kinds = {s.kind for s in sections}
    return "technique" in kinds and not kinds.isdisjoint(_REPORTED) and kinds.isdisjoint(_NO_REPORT)


def _before(words: list[str]) -> str:
    """The last word, where it does not end a sentence."""
    if not words or (words[-1][-1] in _ENDS and words[-1] not in _TITLES):
        return ""
    return words[-1].strip("(\"'.,*")


def _before_aside(words: list[str]) -> list[str]:
    """The words before the comma that opens an aside: "His wife, who is at bedside, reports"."""
    opens = next((index for index in range(len(words), 0, -1) if words[index - 1][-1] == ","), 0)
    return words[:opens]


class _Attributions:
    """Collects the attributions of a text in order: who is the subject of a verb, who stands behind a "per"."""

    def __init__(self, folded: str, flat: str) -> None:
        self._folded, self._flat, self._table = folded, flat, table()
        self.found: list[_Cue] = []

    def verb(self, start: int, end: int, sign: Sign) -> None:
        """`patient reports …`, `RN noted …`; and `Denies …`, whose subject is left out."""
        after = self._flat[end : end + 12].partition(" ")[2].partition(" ")[0].rstrip(_EDGES)
        if after in _NO_OBJECT or self._flat[end : end + 1] in _CLOSED:
            return
        speaker = self._subject(start, sign)
        if speaker is None or (speaker in LAY and (sign.verb == "clinician" or after in _PASSIVE)):
            return
        self.found.append(_Cue(start, end, speaker, forward=True, back=False))

    def _subject(self, start: int, sign: Sign) -> Speaker | None:
        flat, said = self._flat, self._table.said
        nearest = said.get(flat[flat.rfind(" ", max(0, start - _WINDOW), max(0, start - 1)) + 1 : start - 1])
        if nearest in LAY:
            return nearest
        if sign.start and self._begins_clause(start):
            return Speaker.PATIENT
        words = flat[max(0, start - _WINDOW) : start].split()
        left_out = Speaker.PATIENT if sign.verb == "patient" else None
        while words:
            raw = words.pop()
            word, before = raw.strip("(\"',*"), _before(words)
            if (name := f"{before} {word}") in said or (name := word) in said:
                return said[name]
            if raw[-1] == "," or word in _LEADS:
                words = _before_aside(words) if raw[-1] == "," else []
                if not words:
                    return self._goes_on(start) if sign.start else left_out
            elif word[-1:] in _ENDS:
                return left_out
            elif word and word not in self._table.adverbs and not word.endswith("ly"):
                return said.get(before) or left_out  # a name behind its title: Mr. Roe, Dr. Roe, nurse Roe
        return left_out

    def _goes_on(self, start: int) -> Speaker:
        """Who goes on in "… has asthma and reports …": the last one to speak in the sentence, else the patient."""
        last = self.found[-1] if self.found else None
        if last is None or start - last.end > _REACH or ". " in self._flat[last.end : start]:
            return Speaker.PATIENT
        return last.speaker or Speaker.PATIENT

    def source(self, start: int, end: int) -> None:
        """`per mother`, `according to EMS`, `noted by nursing`: forward where it opens a clause, else back."""
        found = self._named(end)
        if found is None:
            return
        speaker, stop = found
        before = self._flat[max(0, start - 12) : start].split()
        if before and before[-1] == "as":
            start = self._flat.rfind("as", 0, start)
            before.pop()
        opens = self._begins_clause(start) or bool(before and before[-1].strip(",") in _LEADS)
        enclosed = bool(before) and before[-1][-1] == "," and self._flat[stop : stop + 1] == ","
        first = max(0, start - _WINDOW)
        aside = self._flat.rfind("(", first, start) > self._flat.rfind(")", first, start)  # "(thick liquids per SLP)"
        self.found.append(_Cue(start, stop, speaker, forward=opens or enclosed, back=not (opens or aside)))

    def _named(self, at: int) -> tuple[Speaker, int] | None:
        """The speaker whom the words from `at` name, and where the name ends."""
        said, place, own = self._table.said, at, False
        words = self._flat[at : at + _WINDOW].split()[:_NEARBY]
        for index, raw in enumerate(words):
            place = self._flat.find(raw, place)
            word, rest = raw.strip(_EDGES), [w.strip(_EDGES) for w in words[index + 1 : index + 3]]
            if rest and raw[-1] not in _EDGES and (name := f"{word} {rest[0]}") in said:
                speaker, stop = said[name], self._flat.find(words[index + 1], place) + len(rest.pop(0))
            elif own and word in _ACCOUNT:
                return Speaker.PATIENT, place + len(word)
            elif word in said:
                speaker, stop = said[word], place + len(raw.rstrip(_EDGES))
            elif word in self._table.skipped or word in _OWN or word.endswith(("'s", "s'")):
                own, place = own or word in _OWN, place + len(raw)
                continue
            else:
                return None
            wanted = bool(rest) and rest[0] in self._table.requests
            return None if speaker is None or wanted else (speaker, stop)
        return None

    def _begins_clause(self, start: int) -> bool:
        before = self._folded[max(0, start - 4) : start].rstrip(" -*•")
        return before[-1] in _ENDS if before else start <= 4
