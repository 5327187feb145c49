"""Which parts of a document somebody else wrote: under a title, over a signature, behind "RN note:"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from leadterm.domain import Document

from ..layout.sections import Section
from ._speakers import LAY, Names, Sign, Speaker, narrowest, table, writer

_LINE = 80  # characters; a title or a signature is not longer
_LEAD = 32  # characters before a noun such as "note" in which its writer is named
_PARAGRAPH = 4000  # characters that "RN note: …" reaches at most
_ASIDE = 600  # characters that "(radiology read: …)" reaches at most
_TITLE_WORDS = 9

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_ASIDE_END = re.compile(r"[)\n]|\.\s")
_CUT = re.compile(r"[\n;:()]|\.\s")
_RULES = " \n\r*#=_-"
# Sections that stand in a provider's note alone: a part that somebody else began ends before them.
_PROVIDERS = frozenset(
    {"assessment", "assessment-plan", "plan", "hospital-course", "discharge-diagnosis", "admission-diagnosis"}
)
_ORDERS = frozenset({"plan", "assessment-plan", "instructions"})  # "Nursing: turn every 2 hours" is said to nurses


class Block(NamedTuple):
    """A stretch of a document with a speaker of its own."""

    start: int
    end: int
    speaker: Speaker


def author(document: Document) -> Speaker | None:
    """Who wrote a document: by the role of its author, else by its type; a specialist who writes is a provider."""
    by_role = _named(document.author_role, table().written)
    by_type = _named(document.type, table().typed)
    if by_role in (None, Speaker.PROVIDER, Speaker.CONSULTANT):
        if by_role is None or by_type is Speaker.CONSULTANT:
            return by_type
        return Speaker.PROVIDER
    return by_role


def _named(words: str | None, names: Names) -> Speaker | None:
    """Whom the role of an author or the type of a document names: a person, else who writes nothing but documents."""
    folded = (words or "").lower()
    return writer(folded, names) or writer(folded, table().documents)


class Parts:
    """Collects titles, signatures and headed paragraphs in the order of the text."""

    def __init__(self, document: Document, folded: str, sections: Sequence[Section]) -> None:
        self._document, self._folded, self._sections = document, folded, sections
        self._starts = [s.start for s in sections]
        self._titles: list[tuple[int, Speaker]] = []
        self._signatures: list[tuple[int, Speaker]] = []
        self.paragraphs: list[Block] = []

    def heading(self, start: int, end: int, sign: Sign) -> bool:
        """Whether the word at `start` heads a paragraph or a part with the name of its writer; if so, it is noted."""
        if self._folded[end : end + 2].lstrip(" ")[:1] != ":":
            return sign.noun == "both" and self._title(start, end)
        speaker = sign.head or self._named_before(start)
        if speaker is None or speaker in LAY or (sign.noun == "both" and self._title(start, end)):
            return speaker is not None and speaker not in LAY
        first = self._line_start(start)
        if first is not None:
            return self._paragraph(first, end, sign, speaker)
        if sign.head is None:
            found = _ASIDE_END.search(self._folded, end, end + _ASIDE)
            self._add(Block(start, found.start() if found else min(len(self._folded), end + _ASIDE), speaker))
        return sign.head is None

    def signature(self, start: int, end: int) -> None:
        """Notes who signs on a line that begins at `start`: the name with its letters stands on the rest of it."""
        if self._folded[max(0, start - 4) : start].strip(" *_-#")[-1:] not in ("", "\n"):
            return
        stop = self._folded.find("\n", end, end + _LINE)
        speaker = writer(self._folded[start : stop if stop >= 0 else end + _LINE], table().written)
        if speaker is not None and speaker not in LAY:
            self._signatures.append((start, speaker))

    def settled(self) -> tuple[Speaker | None, list[Block]]:
        """The author of the document, and the parts that titles or signatures give to somebody else."""
        known = author(self._document)
        if not self._titles and not self._signatures:
            return known, []
        bounds = [0, *(at for at, _ in self._titles), len(self._folded)]
        titled = [None, *(speaker for _, speaker in self._titles)]
        if self._titles and not self._folded[: self._titles[0][0]].strip(_RULES):
            del bounds[0], titled[0]
        signed = self._signed(bounds)
        parts = [(a, b, narrowest(t, s)) for (a, b), t, s in zip(pairwise(bounds), titled, signed, strict=True)]
        first = known or parts[0][2]
        rest = ((a, b, speaker) for a, b, speaker in parts[1:] if speaker is not None)
        return first, [Block(a, self._part_end(a, b, speaker), speaker) for a, b, speaker in rest]

    def _signed(self, bounds: Sequence[int]) -> list[Speaker | None]:
        """Who signed each part; the first to sign wrote it, further ones countersign."""
        signed: list[Speaker | None] = [None] * (len(bounds) - 1)
        for at, speaker in reversed(self._signatures):
            signed[min(bisect_right(bounds, at), len(signed)) - 1] = speaker
        return signed

    def _named_before(self, start: int) -> Speaker | None:
        """Whom the words between the beginning of the sentence or line and the noun at `start` name."""
        words = _CUT.split(self._folded[max(0, start - _LEAD) : start])[-1].split()
        return writer(" ".join(words[-3:]), table().written) if words else None

    def _title(self, start: int, end: int) -> bool:
        """Whether `NURSING PROGRESS NOTE` stands alone on a line, apart from what is above."""
        folded = self._folded
        begin = folded.rfind("\n", max(0, start - _LINE), start) + 1
        stop = folded.find("\n", end, end + _LINE)
        stop = min(len(folded), end + _LINE) if stop < 0 else stop
        if stop - begin > _LINE or not self._apart(begin) or not _like_a_title(self._document.text[begin:stop]):
            return False
        if self._titles and self._titles[-1][0] == begin:
            return True
        speaker = writer(folded[begin:stop], table().typed)
        if speaker is not None and speaker not in LAY:
            self._titles.append((begin, speaker))
        return speaker is not None

    def _apart(self, begin: int) -> bool:
        """Whether a line stands at the beginning, behind a blank line, or behind a rule."""
        above = self._folded.rfind("\n", max(0, begin - _LINE), max(0, begin - 1)) + 1
        return begin == 0 or ((above > 0 or begin < _LINE) and not self._folded[above:begin].strip(_RULES))

    def _paragraph(self, first: int, end: int, sign: Sign, speaker: Speaker) -> bool:
        at = bisect_right(self._starts, first) - 1
        kind, stop = (self._sections[at].kind, self._sections[at].end) if at >= 0 else ("unknown", len(self._folded))
        if not sign.noun and kind in _ORDERS:
            return False
        stop = min(stop, end + _PARAGRAPH)
        blank = _BLANK_LINE.search(self._folded, end, stop)
        self._add(Block(first, blank.start() if blank else stop, speaker))
        return True

    def _add(self, block: Block) -> None:
        if self.paragraphs and self.paragraphs[-1].end > block.start:
            self.paragraphs[-1] = self.paragraphs[-1]._replace(end=block.start)
        self.paragraphs.append(block)

    def _line_start(self, start: int) -> int | None:
        """Where the line begins of which `start` is among the first words; None inside a line or a sentence."""
        begin = self._folded.rfind("\n", max(0, start - _LEAD), start) + 1
        if begin == 0 and start >= _LEAD:
            return None
        lead = self._folded[begin:start]
        return begin if len(lead.split()) <= 3 and not _CUT.search(lead) else None

    def _part_end(self, begin: int, stop: int, speaker: Speaker) -> int:
        if speaker in (Speaker.PROVIDER, Speaker.CONSULTANT):
            return stop
        later = self._sections[bisect_right(self._starts, begin) :]
        return next((s.start for s in later if s.start >= stop or s.kind in _PROVIDERS), stop)


def _like_a_title(line: str) -> bool:
    """Whether a line is set like a title: few words with capitals, no item of a list, nothing behind a colon."""
    words = line.strip().rstrip(": ").split()
    if not words or len(words) > _TITLE_WORDS or words[0][0] in "-*•([":
        return False
    behind = line.strip().partition(":")[2]
    return not any(map(str.isalpha, behind)) and all(w[0].isupper() or not w[0].isalpha() or len(w) <= 3 for w in words)
