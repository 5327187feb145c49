"""What a candidate opens where it stands: a section, or nothing, by its name, its shape and the section under way.

"Cardiovascular:" inside an exam, "Medical Reasoning:" inside a plan and "HTN:" inside a hospital course end nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ._headers import Line, candidates
from ._names import Entry

# Letters of a note in four parts, what they open, and which must have come before.
_SECOND = re.compile(r"^\s*b[:.)]", re.MULTILINE)
_SOAP = {"s": ("hpi", ""), "o": ("exam", "s"), "a": ("assessment", "so"), "p": ("plan", "a")}

ASSESSING = frozenset({"assessment", "plan", "assessment-plan"})
_BY_PROBLEM = ASSESSING | {"hospital-course"}
_DIAGNOSES = frozenset(
    {"admission-diagnosis", "discharge-diagnosis", "preoperative-diagnosis", "postoperative-diagnosis"}
)
VISIT = frozenset(
    {"chief-complaint", "hpi", "past-medical-history", "exam", "review-of-systems", "hospital-course", "social-history"}
)
_REPORT = frozenset({"impression", "findings", "technique", "indication", "procedure"})
# A header of unknown name ends only these; the others hold lists and subsections with headers of their own.
_PROSE = frozenset(
    {"unknown", "chief-complaint", "hpi", "other", "consults", "disposition", "technique", "indication", "procedure"}
)
_FIRM = (
    _BY_PROBLEM | _DIAGNOSES | {"exam", "review-of-systems", "results", "imaging", "vitals", "findings", "impression"}
)
# What "General: …" without any header before it follows; there it begins the examination, or the review of systems.
_LISTS = frozenset(
    {
        "chief-complaint",
        "hpi",
        "past-medical-history",
        "past-surgical-history",
        "family-history",
        "social-history",
        "obstetric-history",
        "medications",
        "allergies",
        "immunizations",
        "problem-list",
    }
)
_PLAIN_WORD = 5  # letters from which a name is a word and no abbreviation
_GENERAL = frozenset({"general", "gen", "general appearance", "constitutional", "const", "appearance", "genl"})
_TOLD = re.compile(
    r"\b(?:denie[sd]|den(?:y|ying)|reports?|endorses?|complain(?:s|ed)|no (?:fever|weight|fatigue|chills))\b"
)


# What ends an account of a stay wherever it begins a line.
_CONCLUDING = frozenset({"dx", "dxs", "diagnoses"})
# What a visit is named after is no section of it.
_TITLE = re.compile(r"\b(?:summary|note|report|letter|record)\b")
_OF_TITLES = frozenset({"plan", "instructions", "disposition"})


@dataclass(slots=True)
class Header:
    """A header as found: its place, and the kind of section that it opens."""

    kind: str
    start: int = 0
    body: int = 0


def _numbered(lines: Sequence[Line]) -> frozenset[int]:
    """Where the headings of a chart begin that numbers its sections: alone, apart, one number after the other."""
    heads = [x for x in lines if x.style == "number" and x.alone and x.apart and not x.inside]
    known = [x for x in heads if x.name.entries]
    rising = all(a.number < b.number for a, b in pairwise(known))
    return frozenset(x.start for x in known) if len(known) >= _LEAST_NUMBERED and rising else frozenset()


_LEAST_NUMBERED = 3


class Reader:
    """One pass over the candidates: the section under way, and what came before it."""

    def __init__(self, text: str, folded: str) -> None:
        self.text, self.folded = text, folded
        self.kind = "unknown"
        self.line: Line | None = None  # the header of the section under way
        self.seen: set[str] = set()
        self.letters = ""  # of a note in four parts, so far

    def headers(self) -> list[Header]:
        found = []
        lines = list(candidates(self.text, self.folded))
        numbered = _numbered(lines)
        for line in lines:
            line = line._replace(style="marked") if line.start in numbered else line
            kind = self._opened(line)
            if kind is not None:
                found.append(Header(kind, line.start, line.body))
                self.kind, self.line = kind, line
                self.seen.add(kind)
        return found

    def _opened(self, line: Line) -> str | None:
        """The kind of section that a candidate opens where it stands, or None where it opens none."""
        name = line.name
        if name.letters == 1 and name.folded in _SOAP:
            return self._letter(line)
        if not name.entries:
            return "other" if self._unnamed(line) else None
        for entry in name.entries:
            kind = self._meant(line, entry)
            if kind is not None:
                return kind
        return None

    def _meant(self, line: Line, entry: Entry) -> str | None:
        """The kind that a candidate opens if it means this entry, or None."""
        if entry.within and self.kind not in entry.within:
            return None
        if entry.match == "system":
            return self._system(line)
        if entry.kind in _OF_TITLES and self._is_title(line):
            return None
        holds = self._shaped(line, entry) and self._listed_alike(line, entry) and self._may_end(line, entry)
        return entry.kind if holds else None

    def _is_title(self, line: Line) -> bool:
        """Whether words without a colon are the first of the text: the title of the document, "RETURN VISIT"."""
        first = self.line is None and not self.text[: line.start].strip()
        titled = first and _TITLE.search(self.folded, line.start, line.body) is not None
        return first and " " in line.name.folded and (titled or (line.alone and not line.colon))

    def _letter(self, line: Line) -> str | None:
        """What "S:", "O:", "A:" and "P:" open, in this order."""
        letter = line.name.folded
        kind, after = _SOAP[letter]
        in_order = not after or any(a in self.letters for a in after) or self._concludes(line)
        set_so = (line.colon or line.style == "marked") and not line.inside and line.style in ("plain", "marked")
        if not (in_order and set_so and (line.name.capitals or letter == "s" or letter not in self.letters)):
            return None
        self.letters += letter
        return kind

    def _concludes(self, line: Line) -> bool:
        """Whether an "A:" stands below a note without "S:" and "O:", and no "B:" makes a list of letters of it."""
        told = bool(self.text[: line.start].strip())
        lettered = line.name.folded == "a" and line.colon and line.name.capitals
        return lettered and told and not _SECOND.search(self.folded)

    def _alike(self, line: Line) -> bool:
        """Whether a candidate is set as the header of the section under way is."""
        header = self.line
        return (
            header is not None
            and line.level == header.level
            and line.style == header.style
            and line.colon == header.colon
            and line.alone == header.alone
            and line.inside == header.inside
        )

    def _above(self, line: Line) -> bool:
        """Whether a candidate stands at least as high as the header of the section under way."""
        return self.line is None or line.level >= self.line.level

    def _shaped(self, line: Line, entry: Entry) -> bool:
        """Whether a known name is set like a header."""
        name, marked = line.name, line.style == "marked"
        if line.inside:
            return self._shaped_inside(line, entry)
        if entry.strength == "title":
            placed = entry.match == "whole" or self.kind in ("unknown", "other")
            return placed and line.alone and (line.apart or marked) and (name.capitals or name.titled or marked)
        if entry.strength == "colon" and not (line.colon or marked or self._stands(line)):
            return False
        if entry.strength == "vague" and not self._vague_holds(line):
            return False
        if entry.match != "whole" and not (
            name.capitals or name.titled or marked or (line.apart and self._alike(line))
        ):
            return False
        if name.capitals or marked or line.colon or line.apart:
            return True
        if name.lower:
            return entry.strength == "strong" or name.words > 1 or self._alike(line)
        sure = not line.alone or entry.strength == "strong" or name.words > 1 or self._alike(line)
        return entry.match == "whole" and (sure or (self.line is not None and not self.line.alone))

    def _stands(self, line: Line) -> bool:
        """Whether nothing but the name stands on a line behind a blank one, as an item of a list does not."""
        sole = line.name.whole and line.alone and line.style == "plain"
        return sole and (line.apart or (self._alike(line) and line.name.letters >= _PLAIN_WORD))

    def _shaped_inside(self, line: Line, entry: Entry) -> bool:
        if line.name.capitals:
            return entry.strength != "title"
        if entry.strength == "colon" and entry.kind in ("assessment", "impression", "discharge-diagnosis"):
            return line.ended and entry.match == "whole"
        if entry.strength not in ("strong", "weak") or not line.ended:
            return False
        return not line.name.lower or self.line is None or self.line.name.lower

    def _vague_holds(self, line: Line) -> bool:
        """Whether a word of many meanings is a header here: set like the one before it, or apart from everything."""
        if self.kind in ("unknown", "other") or self._alike(line):
            return True
        return line.alone and (line.apart or line.style == "marked") and self._above(line)

    def _listed_alike(self, line: Line, entry: Entry) -> bool:
        """Whether a numbered or bulleted name is a header: where headers are numbered too, not as an item of a list."""
        if line.style in ("plain", "marked"):
            return True
        if self.line is None or self.kind in ("unknown", "other"):
            sure = line.colon or line.name.capitals or (entry.strength == "strong" and line.name.words > 1)
            return entry.match == "whole" and sure
        if line.style != self.line.style:
            return False
        return line.style == "bullet" or line.number == self.line.number + 1

    def _may_end(self, line: Line, entry: Entry) -> bool:
        """Whether a known header ends the section under way."""
        header = self.line
        if header is None:
            return True
        if self.kind in ("results", "imaging") and entry.kind in _REPORT:
            return self._reports_anew(line, entry)
        if self.kind not in _BY_PROBLEM:
            return True
        if entry.kind in ASSESSING:
            return self._assesses_anew(line, entry)
        if line.inside:
            known = entry.strength == "strong" or line.name.words > 1
            return known and not header.alone and self._above(line)
        if entry.strength == "strong":
            return self._above(line) or line.alone or line.apart
        return self._weak_ends(line, entry)

    def _reports_anew(self, line: Line, entry: Entry) -> bool:
        """Whether a name from a report, among the results, is the chart's own and not that of one of them."""
        if self._alike(line) or (self.kind == "imaging" and not self.seen & VISIT):
            return True
        if entry.kind == "impression" and self.line is not None and not self.line.alone and line.alone and line.apart:
            return True  # a heading of its own, after the label of one study
        if entry.kind == "impression" and self.line is not None and self.line.inside and not line.inside:
            return True  # at the beginning of a line, after a study that is told inside one
        return self._above(line) and (line.alone or line.apart or (entry.kind == "procedure" and line.name.capitals))

    def _assesses_anew(self, line: Line, entry: Entry) -> bool:
        """Whether a name of the assessment or the plan opens another one inside one."""
        if self.kind == "hospital-course":
            sole = line.name.folded in _CONCLUDING and not line.inside and line.style in ("plain", "marked")
            return entry.strength == "strong" or sole or (entry.kind == "assessment" and self._alike(line))
        if entry.strength != "strong":
            return self._alike(line) and (line.style == "marked" or (self.kind, entry.kind) == ("assessment", "plan"))
        return (
            self.kind != "assessment-plan"
            or entry.kind == "assessment-plan"
            or (line.style == "marked" and self._alike(line))
        )

    def _weak_ends(self, line: Line, entry: Entry) -> bool:
        """Whether a name that also heads paragraphs of a plan ("Medications") ends one."""
        header = self.line
        if header is None or not self._above(line) or not (entry.match == "whole" or line.name.capitals):
            return False
        if line.alone:
            return (
                line.name.capitals
                or line.apart
                or line.style == "marked"
                or not (header.apart or entry.kind in self.seen)
            )
        if self.kind == "hospital-course":
            return entry.strength == "weak"
        if line.name.capitals and line.name.words > 1 and (line.apart or not header.alone):
            return True
        if header.alone:
            return line.apart and entry.kind == "disposition"
        ordered = entry.kind in ("results", "imaging", "consults", "procedure") and self.kind != "assessment"
        return entry.kind not in self.seen and not ordered

    def _unnamed(self, line: Line) -> bool:
        """Whether a name that no table knows is a header by its shape."""
        if line.inside or line.style in ("number", "bullet") or line.name.letters < 5 or self.kind in _FIRM:
            return False
        clear = line.name.capitals or line.style == "marked"
        if self.kind in _PROSE:
            return clear and (line.colon or line.apart)
        return clear and line.apart and (self._alike(line) or (line.alone and self._above(line)))

    def _system(self, line: Line) -> str | None:
        """What the name of a body system opens: the examination after the vital signs, or without any header."""
        if line.inside:
            return None
        header = self.line
        if self.kind == "vitals" and header is not None:
            return "exam" if line.style in ("plain", "marked", header.style) else None
        if line.name.folded not in _GENERAL or self.kind not in _LISTS or not line.colon or line.alone:
            return None
        told = _TOLD.search(self.folded, line.body, min(len(self.folded), line.body + 80))
        return "review-of-systems" if told else "exam"
