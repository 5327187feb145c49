"""What single elements of an 835 may hold: closed code lists, the form of remark codes, no control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadterm.domain import Finding
from leadterm.x12 import Segment

from .loops import REMARKS
from .reasons import read_table
from .rules import finding

COLUMNS = ("segment", "element", "component", "codes", "called")
# A remark code (RARC) is a letter or two and a number.
REMARK = re.compile(r"[A-Z]{1,2}[0-9]{1,4}")
LONGEST_CLAIM_NUMBER = 38
CONTROL = re.compile(r"[\x00-\x1d\x7f]")


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list: where it holds, its codes, what the element is called."""

    element: int
    component: int
    codes: frozenset[str]
    called: str

    def refuses(self, segment: Segment) -> bool:
        """Whether the segment bears something else; an empty element bears nothing."""
        value = segment[self.element]
        if value and self.component:
            value = segment.components(self.element)[self.component - 1]
        return bool(value) and value not in self.codes


def code_lists() -> dict[str, tuple[CodeList, ...]]:
    """The lists by segment."""
    lists: dict[str, tuple[CodeList, ...]] = {}
    for row in read_table("code_lists.tsv", COLUMNS, keys=3):
        codes = frozenset(row["codes"].split(","))
        one = CodeList(int(row["element"]), int(row["component"]), codes, row["called"])
        lists[row["segment"]] = (*lists.get(row["segment"], ()), one)
    return lists


def element_findings(segment: Segment) -> Iterator[Finding]:
    """What is wrong with the elements of one segment, its text apart."""
    for listed in LISTS.get(segment.id, ()):
        if segment[listed.element] not in listed.codes and listed.refuses(segment):
            known = ", ".join(sorted(listed.codes))
            words = f"{segment.id}{listed.element:02} ({listed.called}) is not a code of its list ({known})."
            yield finding("X221A1:element/code", words, **place(segment))
    if segment.id == "SVC" and len(segment.components(1)) < 2:
        words = "SVC01 names no procedure behind its kind; another separator than the one in ISA16 may have been used."
        yield finding("X221A1:structure/segment", words, **place(segment))
    if segment.id == "CLP" and len(segment[1]) > LONGEST_CLAIM_NUMBER:
        words = f"CLP01 is longer than the {LONGEST_CLAIM_NUMBER} characters that a claim number may have."
        yield finding("X221A1:structure/segment", words, **place(segment))
    if segment.id == "LQ" and segment[1] == REMARKS and not REMARK.fullmatch(segment[2]):
        yield finding("X221A1:element/code", "LQ02 is not shaped like a remark code.", **place(segment))


LISTS = code_lists()
# The segments that `element_findings` has something to say of.
JUDGED = frozenset({*LISTS, "SVC", "LQ"})


def text_findings(segments: Sequence[Segment]) -> Iterator[Finding]:
    """Segments that hold control characters, which no text of X12 does."""
    for segment in segments:
        if any(CONTROL.search(element) for element in segment.elements):
            words = f"{segment.id} holds a control character; the file may be damaged."
            yield finding("X221A1:structure/segment", words, **place(segment))


def place(segment: Segment) -> dict[str, object]:
    """Where a segment stands, for a finding."""
    return {"segment": segment.id, "position": segment.position, "offset": segment.offset}
