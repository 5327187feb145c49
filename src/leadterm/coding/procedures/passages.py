"""Where a chart tells what was done: the named operations of a report, its account of them, the course of a stay."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Passage


class Telling(IntEnum):
    """How a passage tells of operations; a lower one is asked first."""

    NAMED = 0  # the operations by their names, as the report lists them
    ACCOUNT = 1  # what the hand did, step by step
    COURSE = 2  # what happened during the stay
    AIM = 3  # why: diagnoses before and after, indication, findings; tells sides and sites, never operations


# The kinds of sections that speak of other days, other people, or of what is still to come.
_ELSEWHERE = frozenset(
    "past-medical-history past-surgical-history family-history social-history medications allergies review-of-systems "
    "immunizations instructions problem-list obstetric-history vitals results".split()
)
_AIMS = frozenset("preoperative-diagnosis postoperative-diagnosis indication chief-complaint hpi".split())
# Of reports of endoscopy and imaging the findings are the account: where each thing was done.
_STEPS = frozenset("procedure technique findings".split())
# What may head a report by the name of what was done ("PARACENTESIS NOTE").
_HEADED = frozenset("unknown other procedure technique".split())
_NAMES = compiled(
    r"^\W*(?:(?:brief|date|name|title|type|list|principal|primary|secondary|other|major|main|additional|operative"
    r"|surgical|bedside|invasive|inpatient)s?\W+(?:and |of |/ ?)*)*(?:the )?"
    r"(?:procedure|operation|surger(?:y|ie)|intervention|proc)s?"
    r"(?:\W*\(?s\)?)?(?:\W{0,2}#?\d{1,2})?(?: and (?:findings|date|treatment)s?)?"
    r"(?: (?:performed|done|completed|title|name|list|today|this admission"
    r"|during (?:this )?(?:hospitali[sz]ation|admission|stay|hospital stay)))*(?: with dates?)?\W*$"
)
_PLANNED = compiled(
    r"\b(?:cancell?ed|not (?:performed|done)|planned|proposed|scheduled|consented|intended|recommended)\b"
)
_ACCOUNTS = compiled(
    r"\b(?:descriptions?|details?|detail|technique|narrative|course|report|summary|note|steps|account)\b"
)
_LABELS = frozenset(("proc", "procs", "procedure(s)", "op", "operation", "surgery", "performed", "what was done"))
_FIRST_LINE = 120  # characters
_SHORT = 3  # segments that are a list whatever they say
_LONG_LIST = 40  # segments beyond which a list of names is an account under a short header


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list item that tells of operations.

    Attributes:
        document: Id.
        start, end: Its place in the document's text.
        telling: How its passage tells.
        text: Its words in small letters, of the same length, line ends as blanks.
        passage: Number of its passage in the chart.
        report: Its document and, where that holds several reports, the number of its own.
    """

    document: str
    start: int
    end: int
    telling: Telling
    text: str
    passage: int
    report: tuple[str, int] = ("", 0)


def statements(chart: Chart) -> tuple[Statement, ...]:
    """The statements of a chart, document by document, in the order of the text."""
    return chart.once("procedures.statements", lambda: tuple(_statements(chart)))


def _statements(chart: Chart) -> Iterator[Statement]:
    reports = {p.document for p in chart.passages if p.kind in ("preoperative-diagnosis", "postoperative-diagnosis")}
    begun = {d.id: _reports(d.text) for d in chart.encounter.documents}
    for number, passage in enumerate(chart.passages):
        text = chart.encounter.document(passage.document).text
        telling = _telling(text, passage, passage.document in reports)
        if telling is None:
            continue
        starts = begun[passage.document]
        if passage.kind in _HEADED and passage.body > passage.start:
            header = lowered(text[passage.start : passage.body])
            own = (passage.document, bisect_right(starts, passage.start))
            yield Statement(passage.document, passage.start, passage.body, Telling.COURSE, header, number, own)
        for start, end, told in _told(text, passage, telling):
            own = (passage.document, bisect_right(starts, start))
            yield Statement(passage.document, start, end, told, _chosen(lowered(text[start:end])), number, own)


# A line that begins another report in the same document: it is dated or numbered, or a second diagnosis before.
_TITLED = compiled(
    r"(?m)^[^\n.]{0,50}?\b(?:operative|operation|procedure|procedural|surgical|surgery|cath\w*|endoscop\w+|bronchoscop\w+"
    r"|delivery|radiology|interventional)\b[^\n.]{0,25}?\b(?:report|note|summary|record|dictation)s?\b[^\n]{0,60}$",
    re.IGNORECASE,
)
_NUMBERED = compiled(
    r"\d{1,2}/\d{1,2}|\d-\d{1,2}-\d|#\s?\d|\b\d of \d\b|\bnote \d|\b(?:first|second|third)\b", re.IGNORECASE
)
_BEFORE_IT = compiled(r"(?m)^\W{0,4}pre-?\s?op(?:erative)?\b[^\n:]{0,14}(?:diagnos[ei]s|dx)", re.IGNORECASE)


def _reports(text: str) -> list[int]:
    """Where each report but the first begins in a document."""
    titles = [m for m in _TITLED.finditer(text) if text[: m.start()].strip()]
    first = _title_of(text.strip().split("\n")[0])
    named = [m.start() for m in titles if _NUMBERED.search(m[0]) or (first and _title_of(m[0]) == first)]
    again = [m.start() for m in _BEFORE_IT.finditer(text)][1:]
    return sorted([*named, *(at for at in again if all(abs(at - other) > _CLOSE for other in named))])


_CLOSE = 400  # characters between the title of a report and its first heading


def _title_of(line: str) -> str:
    """The words of a title without its numbers; empty of one that names no report."""
    return re.sub(r"\(.*|[\W\d_]+", " ", line.lower()).strip() if _TITLED.search(line) else ""


# What a form offers and nobody ticked: "[x] R  [ ] L".
_OFFERED = compiled(r"\[ ?\] ?[\w /-]{1,30}?(?=\s{2,}|\[|\Z|[,;.])")


def _chosen(text: str) -> str:
    """The text with blanks for the boxes that nobody ticked; of the same length."""
    return _OFFERED.sub(lambda m: " " * len(m[0]), text) if "[" in text else text


_OWN = compiled(r"\A\W*([a-z][a-z /()&-]{1,48}?) ?:(?= )")
_WHY = compiled(r"\b(?:dx|diagnos\w+|indications?|reason|hpi|pre-?op|post-?op|history of present)\b")
_PAST = compiled(r"\b(?:past|prior|previous|pmh|psh|allerg\w+|meds|medications?|plan|follow ?up|recommendations?)\b")
_AHEAD = compiled(r"\A(?:plans?|follow ?up|recommendations?|next(?: steps?)?|disposition|to do)\Z")
_HAND = compiled(
    r"\b(?:prepped|draped|incision|incised|positioned|supine|prone|lateral decubitus|under fluoroscopy|lithotomy)\b"
)


# A line of its own that names what was done: "EGD", "Right heart catheterization", "#2 PEG, pull".
_TITLE = compiled(
    r"(?:[\w/().-]+ ){0,4}?(?:egd|ercp|eus|peg|tee|trach|bronch|chole|appy|evd|iabp|c-?section"
    r"|\w+(?:scopy|otomy|ostomy|ectomy|plasty|centesis|catheteri[sz]ation"
    r"|intubation|debridement|arthrodesis))\b[^.;:]{0,40}"
)
_NUMBER = compiled(r"#\s?(?:\d{1,2}\W{1,3})?\Z")
# What an account says and a list of names does not: somebody or something that was, had, came.
_PROSE = compiled(
    r"\A\W*(?:this|the|an?|he|she|we|i|his|her|after|with|using|under|once|through)\s[^:]{12,}"
    r"|\b(?:was|were|is|are|measured|had|comes?|came|underwent|noted)\b"
)
# What no reason for an operation says of it, but its account.
_BEGUN = compiled(
    r"\b(?:prepped|draped|prep and drape|time-?out|(?:placed|laid|positioned|put|turned) (?:in (?:the |a )?)?"
    r"(?:dorsal )?(?:supine|prone|lithotomy|lateral|beach)|incision was|general (?:endotracheal )?anesthesia was"
    r"|brought to the"
    r"|taken to (?:the )?(?:operating|or\b|theatre|cath|endoscopy)|sterile (?:prep|technique|drape)|lidocaine"
    r"|under (?:general|local|spinal|sedation|sterile|fluoro\w*|ultrasound)|(?:scope|needle|trocar|sheath|wire|port)s?"
    r" (?:was|were) (?:\w+ )?(?:advanced|inserted|passed|introduced|placed))\b"
)
# Of an account without a heading these stand close to each other; of a story of an illness they do not.
_TOOLS = compiled(
    r"\b(?:ebl|vicryl|monocryl|prolene|pds|silk|nylon|chromic|ethibond|stapl\w+|sutur\w+|stitch\w*|clamp\w*|ligat\w+"
    r"|cauter\w+|bovie|trocars?|irrigat\w+|h[a]?emosta\w+|fascia|incis\w+|dissect\w+|retract\w+|guide ?wires?"
    r"|micropuncture|sheath|forceps|scalpel|blade|tourniquet|specimens?|drape\w*|prep(?:ped)?|anesthesia|supine|prone|osteotomes?|ream(?:ed|ers?)|broach\w*"
    r"|curett\w+|c-arm|fluoro\w*|counts? (?:were |was )?(?:correct|right|ok\w*))\b"
)
_SEVERAL = 4
_BEFORE = 8  # characters before a title that may number it


def _told(text: str, passage: Passage, telling: Telling) -> Iterator[tuple[int, int, Telling]]:
    """The segments of a passage, each as its own label tells ("Procedure: …" on a line below a diagnosis).

    What stands behind an empty line below an indication and tells of hands at work is the account, and so is what
    stands below a line that is nothing but the name of an operation, and prose on a new line below a list of names.
    """
    last, hands = passage.body, _Hands(text, passage)
    for n, (start, end) in enumerate(passage.segments):
        low = lowered(text[start:end])
        label = _OWN.match(low)
        if _turns(hands, low, telling, n, last):
            telling = Telling.ACCOUNT
        elif telling is Telling.AIM and n and _too_long(passage) and "\n" in text[last:start]:
            telling = Telling.ACCOUNT if _is_report(text) else Telling.COURSE
        last = end
        if telling is not Telling.NAMED and not label and _is_title(text, start, end, low):
            yield start, end, Telling.NAMED
            telling = Telling.ACCOUNT
            continue
        told = _of_label(label[1], telling) if label else telling
        if told is not None:
            yield start, end, told


class _Hands:
    """Where a passage speaks of hands at work; looked up once for all its segments, when one first asks."""

    def __init__(self, text: str, passage: Passage) -> None:
        self.text, self.passage = text, passage

    def stand_behind(self, place: int) -> bool:
        """Whether a patient is prepared behind a place."""
        return bool(self._prepared) and self._prepared[-1] >= place

    def tools_behind(self, place: int) -> int:
        """How often a tool is named behind a place."""
        return len(self._tools) - bisect_left(self._tools, place)

    @cached_property
    def _prepared(self) -> list[int]:
        return self._places(_HAND)

    @cached_property
    def _tools(self) -> list[int]:
        return self._places(_TOOLS)

    def _places(self, pattern: Pattern) -> list[int]:
        body = self.passage.body
        return [body + found.start() for found in pattern.finditer(lowered(self.text[body : self.passage.end]))]


def _turns(hands: _Hands, low: str, telling: Telling, n: int, last: int) -> bool:
    """Whether the account begins with the n-th segment (`low`), where the one before it ended at `last`."""
    passage = hands.passage
    start, _ = passage.segments[n]
    between = hands.text[last:start]
    if telling is Telling.AIM or (telling is Telling.COURSE and passage.kind in _REASONS):
        if "\n\n" in between and hands.stand_behind(start):
            return True
        if n and _BEGUN.search(low):
            return True
        apart = "\n" in between or passage.kind in _DIAGNOSES
        at_work = n > 0 and apart and _TOOLS.search(low) is not None
        return at_work and hands.tools_behind(start) >= _SEVERAL
    if telling is not Telling.NAMED or n == 0:
        return False
    return _SENTENCES.search(low) is not None or ("\n" in between and _PROSE.search(low) is not None)


_REASONS = frozenset("indication chief-complaint preoperative-diagnosis postoperative-diagnosis".split())
_DIAGNOSES = frozenset(("preoperative-diagnosis", "postoperative-diagnosis"))  # which tell of no tools
_MANY = 8  # segments that no reason for an operation takes


def _too_long(passage: Passage) -> bool:
    """Whether more stands below a reason than reasons take: nothing heads the account."""
    return passage.kind in _REASONS and len(passage.segments) > _MANY


def _is_title(text: str, start: int, end: int, low: str) -> bool:
    """Whether a segment is a line of its own below an empty one, or behind a number sign, and names what was done."""
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + 1]
    alone = before.endswith("\n\n") and after in ("", "\n") and not low.rstrip().endswith(".")
    numbered = _NUMBER.search(before) is not None
    return (alone or numbered) and _TITLE.fullmatch(low.strip(" \t0123456789.)#")) is not None


_ASIDE = compiled(r"\b(?:specimens?|patholog\w+|cultures?|disposition|condition)\b")


def _of_label(label: str, telling: Telling) -> Telling | None:
    """What the label of a line tells; that of its passage where it says nothing of it, None where of other days."""
    past = _PAST.search(label) and telling is not Telling.ACCOUNT
    if past or _AHEAD.search(label) or _PLANNED.search(label) or _ASIDE.search(label):
        return None
    if label.strip() in _LABELS or _NAMES.match(label):
        return Telling.NAMED
    if _WHY.search(label):
        return Telling.AIM
    return telling


def every_statement(chart: Chart) -> Iterator[Statement]:
    """All sentences and list items, whatever they tell of."""
    for number, passage in enumerate(chart.passages):
        text = chart.encounter.document(passage.document).text
        for start, end in passage.segments:
            yield Statement(passage.document, start, end, Telling.COURSE, lowered(text[start:end]), number)


def _telling(text: str, passage: Passage, reported: bool) -> Telling | None:
    """How a passage tells of operations; None where it tells of none of this stay.

    "OPERATIONS:" of a chart that tells diagnoses before and after one (`reported`) is no history.
    """
    header = text[passage.start : passage.body].lower().strip(" \t\n:*#=-_")
    if (
        _AHEAD.match(header)
        or _PLANNED.search(header)
        or (passage.kind in _ELSEWHERE and not (reported and _NAMES.match(header)) and not _AT_WORK.search(header))
    ):
        return None
    if passage.kind in _AIMS:
        return Telling.AIM
    if passage.kind == _EXAM and passage.segments and _is_scope(text, *passage.segments[0]):
        return Telling.NAMED
    if _NAMES.match(header):
        return (
            Telling.NAMED if len(passage.segments) <= _LONG_LIST and not _is_account(text, passage) else Telling.ACCOUNT
        )
    if passage.kind in _STEPS or _ACCOUNTS.search(header) or (passage.kind in _LOOSE and _is_report(text)):
        return Telling.ACCOUNT
    return Telling.COURSE


# "15:05 Cath lab: ..." tells of work, not of a result.
_AT_WORK = compiled(r"\b(?:cath(?:eteri[sz]ation)? lab\w*|angio\w* suite|operating room|procedure room)\b")
_LOOSE = frozenset("unknown other exam assessment".split())
_REPORT = compiled(
    r"\b(?:operative|operation|op|procedure|procedural|surgical|surgery|cath\w*|endoscop\w+|bronchoscop\w+|delivery"
    r"|interventional|implant|or)\b[^\n]{0,40}?\b(?:report|note|record|dictation|summary|log|lab\w*)\b"
    r"|\b(?:recipient|donor|transplant|emergency|emergent|urgent|index) (?:operation|surgery|procedure)\b"
)


def _is_report(text: str) -> bool:
    """Whether a document says in its first line that it reports an operation."""
    return _REPORT.search(lowered(text[:_FIRST_LINE]).strip()) is not None


_EXAM = "exam"


def _is_scope(text: str, start: int, end: int) -> bool:
    """Whether an examination is one with an instrument by its name ("Exam: ERCP")."""
    return _SCOPED.fullmatch(lowered(text[start:end]).strip(" .")) is not None


_SCOPED = compiled(
    r"(?:[\w/-]+ ){0,3}?(?:ercp|egd|eus|\w+oscopy)(?:[ ,/+&](?:with |and )?[\w/ ]{0,40})?"
    r"|.*\b(?:placement|insertion|biopsy|drainage|aspiration|emboli[sz]ation|ablation|exchange|\w+centesis|thrombectomy"
    r"|angioplasty|stent\w*|nephrostomy|\w+plasty|lumbar puncture|thrombolysis)\b.*"
)
_SENTENCES = compiled(r"\b(?:was|were) (?:then |placed|brought|taken|prepped|made|identified|performed|used|carried)")


def _is_account(text: str, passage: Passage) -> bool:
    """Whether what stands under a short header ("PROCEDURE:") tells step by step."""
    if len(passage.segments) <= _SHORT:
        return False
    start, end = passage.segments[0]
    return _PROSE.search(lowered(text[start:end])) is not None


def lowered(text: str) -> str:
    """The text in small letters, every character where it was, line ends and tabs as blanks."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low.translate(_BLANKS)


_BLANKS = str.maketrans("\n\r\t", "   ")
