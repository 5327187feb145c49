"""Where the sections of a chart begin and what they are: history, exam, assessment, plan, …

A header is known by its name (`_names`, `sections.tsv`) or by its shape (`_headers`); what it may open depends on the
section in which it stands (`_opening`), and at last on the whole chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise, zip_longest

from ._inline import HISTORIES, STUDIES, account_resumes, label_ends, letter_begins, list_begins
from ._opening import ASSESSING, VISIT, Header, Reader

# Kinds that say what was found; a plan in a chart without any of them names the problems itself.
_NAMING = frozenset(
    {"assessment", "assessment-plan", "admission-diagnosis", "discharge-diagnosis", "postoperative-diagnosis"}
)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a chart under one header.

    Attributes:
        kind: One of the kinds of `sections.tsv`; `other` under a header of no known name, `unknown` before the first.
        start: Where the header begins; the end of the section before.
        end: One after the last code point.
        body: Where the text under the header begins.
    """

    kind: str
    start: int
    end: int
    body: int


def find_sections(text: str, folded: str) -> tuple[Section, ...]:
    """The sections of a chart in order; they tile it without gaps. An empty text has none.

    `folded` is `fold(text)`. Linear in the length of the text.
    """
    if not text:
        return ()
    headers = _settled(Reader(text, folded).headers())
    if not headers or text[: headers[0].start].strip():
        headers.insert(0, Header("unknown"))
    headers = _bounded(headers, text, folded)
    sections, start = [], 0
    for header, following in zip_longest(headers, headers[1:]):
        end = following.start if following else len(text)
        sections.append(Section(header.kind, start, end, min(header.body, end)))
        start = end
    return tuple(sections)


def _bounded(headers: list[Header], text: str, folded: str) -> list[Header]:
    """The headers, and where the labels of studies end that stand in running text (`_inline`).

    In a text without sections such a label heads one line: "XR: no fracture."
    """
    kept: list[Header] = []
    account = "unknown"
    for header, following in zip_longest(headers, headers[1:]):
        kept.append(header)
        stop = following.start if following else len(folded)
        if header.kind not in STUDIES:
            account = header.kind
            if begins := _apart(header, folded, stop):
                kept.append(Header("unknown", begins, begins))
            continue
        ends = label_ends(text, folded, header.body, stop, account)
        if account == "unknown" and len(kept) > 1:
            line = folded.find("\n", header.body, stop)
            sole = line >= 0 and folded[header.body : line].strip() and folded[line:stop].strip()
            ends = min(filter(None, (ends, (line + 1, "unknown") if sole else None)), default=None)
        if ends is not None:
            kept.append(Header(ends[1], ends[0], ends[0]))
    return kept


def _apart(header: Header, folded: str, stop: int) -> int | None:
    """Where something stands apart below an examination or a history of one line, and is no part of it."""
    if header.kind in ("exam", "review-of-systems"):
        return list_begins(folded, header.body, stop)
    if header.kind == "disposition":
        return letter_begins(folded, header.body, stop)
    return account_resumes(folded, header.body, stop) if header.kind in HISTORIES else None


def _settled(headers: list[Header]) -> list[Header]:
    """The headers with the kinds that only the whole chart tells.

    The history in a report of images or of a procedure is its indication. In a visit note an impression is the
    assessment, save one among the images where an assessment follows; a plan without any assessment names the problems
    itself; where assessment and plan alternate problem by problem, they are one assessment and plan.
    """
    kinds = {h.kind for h in headers}
    if kinds & {"technique", "findings"} and not kinds & (VISIT - {"hpi"}):
        for header in headers:
            header.kind = "indication" if header.kind == "hpi" else header.kind
        kinds = {h.kind for h in headers}
    report = "technique" in kinds or {"findings", "indication"} <= kinds  # whose "EXAM:" is the picture taken
    visit = kinds & (VISIT - {"exam"} if report else VISIT) or (
        "plan" in kinds and not kinds & {"findings", "technique", "indication"}
    )
    if visit and "impression" in kinds:
        own = not kinds & {"assessment", "assessment-plan"}
        for before, header in pairwise([Header("unknown"), *headers]):
            if header.kind == "impression":
                header.kind = "assessment" if own else before.kind if before.kind == "imaging" else "impression"
        kinds = {h.kind for h in headers}
    if not kinds & (_NAMING | {"impression", "hospital-course"}):
        for header in headers:
            header.kind = "assessment-plan" if header.kind == "plan" else header.kind
    for assessing, run in groupby(headers, key=lambda h: h.kind in ASSESSING):
        group = list(run)
        if assessing and sum(h.kind == "plan" for h in group) > 1:
            for header in group:
                header.kind = "assessment-plan"
    return headers
