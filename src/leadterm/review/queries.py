"""Queries to the provider as they are sent: the record's words with their place, a question, what may be answered.

The form follows the practice brief of ACDIS and AHIMA, Guidelines for Achieving a Compliant Query Practice (2022):
indicators of this record, a title and a question that do not lead, "other" and "unable to determine" among the options,
and nothing about payment or quality. `lint` tells whether a draft, edited or not, still keeps to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from leadterm.domain import Document, Encounter, Evidence, Fact, InputError, Query, Setting, Span, plain_day

from ._query_rules import wording

INDICATORS, QUESTION, ANSWER, COMMENTS = "Clinical indicators in this record", "Question", "Answer", "Comments"
HEADINGS = (INDICATORS, QUESTION, ANSWER, COMMENTS)
LONGEST_QUOTE = 240
CUT = "…"
_LINE = "_" * 40
_NOTE = (
    "No particular answer is expected. Please answer from your own clinical judgment, and document the answer in the "
    "record."
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """Words of the record, on one line, and where they stand.

    Attributes:
        quote: The words, white space single; `…` where the sentence is cut.
        place: Document, section and day, as far as the record tells.
    """

    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class QueryDraft:
    """A query as it is put to a provider, ready to be edited; it quotes the chart, so it is PHI.

    Attributes:
        query: Id of the query that it puts.
        subject: What it is about, without naming a diagnosis.
        addressee: Whom it asks, by role.
        record: Account, encounter and days; never a name.
        indicators: What in this record prompts the question.
        question: As the query has it.
        options: As the query has them.
    """

    query: str
    subject: str
    addressee: str
    record: str
    indicators: tuple[Indicator, ...]
    question: str
    options: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole draft as plain text; `lint` reads it again by its headings, after a person has edited it."""
        quotes = [f"{n}. “{i.quote}” ({i.place})" for n, i in enumerate(self.indicators, 1)]
        boxes = [f"[ ] {_option(o)}" for o in self.options]
        head = [f"Subject: {self.subject}", f"To: {self.addressee}", f"Record: {self.record}"]
        asked = [f"Asked by: {_LINE}", f"Date: {_LINE}"]
        signed = [f"Signature and credentials: {_LINE}", f"Date and time: {_LINE}"]
        parts = [head, [INDICATORS, *quotes], [QUESTION, self.question], [ANSWER, *boxes], [COMMENTS, _LINE, _LINE]]
        return "\n\n".join("\n".join(lines) for lines in [*parts, [_NOTE], asked, signed]) + "\n"


def draft(query: Query, encounter: Encounter, facts: Sequence[Fact] = ()) -> QueryDraft:
    """The draft of a query about this encounter.

    With the facts of the coded encounter a quote is the sentence that its words stand in, with the name of its section;
    without them it is the line. Raises InputError where the evidence is not of this encounter.
    """
    return QueryDraft(
        query.id,
        wording().subjects.get(query.reason, wording().subject),
        "Attending provider" if encounter.uses_section_two else "Treating provider",
        _record(encounter),
        tuple(_indicators(query, encounter, facts)),
        query.question,
        query.options,
    )


def _option(option: str) -> str:
    text = f"{option[:1].upper()}{option[1:]}"
    return f"{text}: {_LINE}" if option.lower().startswith("other") else text


def _record(encounter: Encounter) -> str:
    account = f"account {encounter.account}, " if encounter.account else ""
    stay = encounter.setting is Setting.INPATIENT
    first, last = encounter.admission, encounter.discharge
    if stay and (first or last):
        days = " to ".join(_iso(day) for day in (first, last) if day is not None)
        return f"{account}encounter {encounter.id}, {'stay of' if first and last else 'stay,'} {days}"
    day = encounter.controlling_date
    return f"{account}encounter {encounter.id}" + (f", {_iso(day)}" if day else "")


def _iso(day: date) -> str:
    return plain_day(day).isoformat()


def _indicators(query: Query, encounter: Encounter, facts: Sequence[Fact]) -> Iterator[Indicator]:
    """The quotes of the query's evidence in its order, each sentence once."""
    seen: set[tuple[str, str]] = set()
    names = patient_names(encounter)
    for evidence in query.evidence:
        document = encounter.document(evidence.document)
        if evidence.span.of(document.text) != evidence.text:
            raise InputError(f"A quote of query {query.id} is not what document {document.id} says there.")
        fact = _fact(evidence, facts)
        quote = _quote(evidence, document, fact, names)
        if (document.id, quote) not in seen:
            seen.add((document.id, quote))
            yield Indicator(quote, _place(document, fact))


def _fact(evidence: Evidence, facts: Iterable[Fact]) -> Fact | None:
    return next((f for f in facts if evidence in f.evidence), None)


def _quote(evidence: Evidence, document: Document, fact: Fact | None, names: re.Pattern[str] | None) -> str:
    """The sentence of the words, else their line, cut where it is long; the words alone where it names the patient."""
    start, end = _around(evidence.span, document.text, fact)
    if names and names.search(document.text[start:end]):
        return one_line(evidence.text)
    room = max(0, LONGEST_QUOTE - (evidence.span.end - evidence.span.start)) // 2
    text, left, right = document.text, max(start, evidence.span.start - room), min(end, evidence.span.end + room)
    left = left if left == start else _word_after(text, left, evidence.span.start)
    right = right if right == end else _word_before(text, right, evidence.span.end)
    return (CUT if left > start else "") + one_line(text[left:right]) + (CUT if right < end else "")


def _around(span: Span, text: str, fact: Fact | None) -> tuple[int, int]:
    if fact and fact.segment and fact.segment.start <= span.start and span.end <= fact.segment.end:
        return fact.segment.start, fact.segment.end
    end = text.find("\n", span.end)
    return text.rfind("\n", 0, span.start) + 1, end if end >= 0 else len(text)


def _word_after(text: str, start: int, last: int) -> int:
    """Where the first whole word after `start` begins, `last` at the latest."""
    found = re.compile(r"\s+").search(text, start, last)
    return found.end() if found else last


def _word_before(text: str, end: int, first: int) -> int:
    """Where the last whole word before `end` ends, `first` at the earliest."""
    gaps = [m.start() for m in re.compile(r"\s+").finditer(text, first, end)]
    return gaps[-1] if gaps else first


def one_line(text: str) -> str:
    """The text with single blanks."""
    return " ".join(text.split())


def patient_names(encounter: Encounter) -> re.Pattern[str] | None:
    """What finds the patient's names as whole words; None where the encounter has none. Initials are no names."""
    patient = encounter.patient
    names = [
        n.strip() for n in (patient.first_name, patient.middle_name, patient.last_name) if n and len(n.strip()) > 1
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE) if names else None


def _place(document: Document, fact: Fact | None) -> str:
    when = document.service_time or document.signed_time
    name = f"{one_line(document.type)} {document.id}" if document.type else f"document {document.id}"
    section = fact.section.replace("-", " ") if fact and fact.section not in ("unknown", "other") else ""
    return ", ".join(part for part in (name, section, when.date().isoformat() if when else "") if part)
