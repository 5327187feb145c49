"""Codes that the entries of a C-CDA document bear, as leads: of what, with which status, by which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import NamedTuple

from leadterm.domain import Document, Evidence, RecordedCode, RecordedKind, Span
from leadterm.records.naming import rows, system_of
from leadterm.records.times import day
from leadterm.records.trees import Element

TEMPLATES = "2.16.840.1.113883.10.20.22.4."
STATUS_TEMPLATES = (f"{TEMPLATES}6", f"{TEMPLATES}28")
# Values of a problem's status observation (SNOMED CT).
STATUSES = {"55561003": "active", "73425007": "inactive", "413322009": "resolved", "246455001": "active"}
PLANS = frozenset(("INT", "RQO", "PRMS", "PRP", "ARQ", "APT"))
LISTED = (RecordedKind.PROBLEM, RecordedKind.ALLERGY)
# Of an end of which the day is not known (C-CDA, problem observation): it is over.
UNKNOWN_DAY = "UNK"
# What a concern's own status says of the problem in it.
CONCERNS = {"active": "active", "completed": "resolved", "suspended": "inactive"}
STATEMENTS = frozenset(
    ("act", "observation", "procedure", "encounter", "substanceAdministration", "supply", "organizer")
)
# The code points that are quoted of an element of narrative, which may be a whole table.
LONGEST_QUOTE = 2_000


class Template(NamedTuple):
    """A row of `entries.tsv`."""

    kind: RecordedKind | None
    code: tuple[str, ...]
    status: str | None
    within: RecordedKind | None
    role: str | None


@dataclass(frozen=True, slots=True)
class _Context:
    """What the statements above say of those within."""

    within: RecordedKind | None = None
    role: str | None = None
    status: str | None = None
    planned: bool = False
    refuted: bool = False
    of_another: bool = False


class Lead(NamedTuple):
    """A code of an entry before the words that it refers to are known.

    Attributes:
        code: Without its evidence, and without words where it has none of its own.
        references: The IDs of elements of narrative: the first that holds words is its evidence.
    """

    code: RecordedCode
    references: tuple[str, ...]

    def quoting(self, quoted: Callable[[str], Evidence | None]) -> RecordedCode:
        """The code with the words that it refers to."""
        evidence = next(filter(None, map(quoted, self.references)), None)
        return replace(self.code, evidence=evidence, text=self.code.text or evidence.text) if evidence else self.code


def leads_of(entry: Element, path: str) -> Iterator[Lead]:
    """The codes of an entry, translations included, in the order of the record; `path` is that of its section."""
    for child in entry.children:
        if child.name in STATEMENTS:
            yield from _of_statement(child, path, _Context())


def quoting(document: Document, marks: Mapping[str, tuple[int, int]]) -> Callable[[str], Evidence | None]:
    """Who quotes the words of a document by the ID of the element that they stand in, each once, the first of many."""

    @cache
    def quoted(id_: str) -> Evidence | None:
        start, end = marks.get(id_, (0, 0))
        return Evidence.quote(document, Span(start, min(end, start + LONGEST_QUOTE))) if start < end else None

    return quoted


def _of_statement(statement: Element, path: str, above: _Context) -> Iterator[Lead]:
    row = _row(statement)
    context = _within(statement, row, above)
    if row and row.kind and row.code:
        lead = _lead(statement, row, context)
        words = statement.value("text", "reference", attribute="value")
        for holder in statement.all(*row.code):
            yield from _written(holder, lead, path, words)
    for link in statement.children:
        for child in link.children if link.name in ("entryRelationship", "component") else ():
            if child.name in STATEMENTS:
                refuted = context.refuted or link.get("negationInd") == "true"
                yield from _of_statement(child, path, replace(context, refuted=refuted))


def _within(statement: Element, row: Template | None, above: _Context) -> _Context:
    """What holds for this statement and those within it."""
    concern = statement.name == "act" and statement.value("code", attribute="code") == "CONC"
    return _Context(
        within=(row.within if row else None) or above.within,
        role=(row.role if row and row.within else None) or above.role,
        status=CONCERNS.get(statement.value("statusCode", attribute="code") or "") if concern else above.status,
        planned=above.planned or statement.get("moodCode") in PLANS,
        refuted=above.refuted or statement.get("negationInd") == "true",
        of_another=above.of_another or statement.first("subject", "relatedSubject") is not None,
    )


def _lead(statement: Element, row: Template, context: _Context) -> RecordedCode:
    """What all codes of a statement have in common."""
    diagnosed = row.kind is RecordedKind.PROBLEM and context.within
    kind, role = (context.within, context.role) if diagnosed else (row.kind, None)
    return RecordedCode("", status=_status(statement, row, context), kind=kind, day=_day(statement), role=role)


def _status(statement: Element, row: Template, context: _Context) -> str | None:
    """What the record asserts, the strongest word first: not so, not the patient's, not yet, over, so."""
    if context.refuted:
        return "refuted"
    if row.status or context.of_another:
        return row.status or "family"
    if context.planned:
        return "planned"
    own = _statuses().get((row.kind, statement.value("statusCode", attribute="code")))
    return own if own or row.kind not in LISTED else _listed(statement, context.status)


def _listed(statement: Element, concern: str | None) -> str | None:
    """What is asserted of a problem or an allergy: by its own status, by its end, by what its concern says."""
    told = (s.value("value", attribute="code") for s in _status_observations(statement))
    said = next((STATUSES[code] for code in told if code in STATUSES), None)
    high = statement.first("effectiveTime", "high")
    if said or high is None:
        return said or concern
    if high.get("value"):
        return "resolved"
    if high.get("nullFlavor") == UNKNOWN_DAY:
        # Many write it of what goes on too: a concern that is still followed contradicts it.
        return None if concern == "active" else "resolved"
    return concern


def _status_observations(statement: Element) -> Iterator[Element]:
    for found in statement.all("entryRelationship", "observation"):
        if any(t.get("root") in STATUS_TEMPLATES for t in found.all("templateId")):
            yield found


def _written(holder: Element, lead: RecordedCode, path: str, words: str | None) -> Iterator[Lead]:
    """The code of an element and its translations; none where the record has no code but words alone."""
    own = holder.value("originalText", "reference", attribute="value")
    references = tuple(r.removeprefix("#") for r in (own, words) if r)
    said = holder.words("originalText")
    for coded in (holder, *holder.all("translation")):
        if code := coded.get("code"):
            found = replace(
                lead,
                code=code,
                system=system_of(coded.get("codeSystem"), coded.get("codeSystemName")),
                text=coded.get("displayName") or said,
                source=f"{path}, byte {coded.at}",
            )
            yield Lead(found, references)


def _day(statement: Element) -> date | None:
    time = statement.first("effectiveTime")
    if time is None:
        return None
    return day(time.get("value") or time.value("low", attribute="value"))


def _row(statement: Element) -> Template | None:
    """The row of the first template of a statement that is known."""
    for template in statement.all("templateId"):
        number = (template.get("root") or "").removeprefix(TEMPLATES)
        if row := _table().get(number):
            return row
    return None


@cache
def _table() -> Mapping[str, Template]:
    return {
        row["template"]: Template(
            RecordedKind(row["kind"]) if row["kind"] else None,
            tuple(filter(None, row["code"].split("/"))),
            row["status"] or None,
            RecordedKind(row["within"]) if row["within"] else None,
            row["role"] or None,
        )
        for row in rows("ccda/entries.tsv")
    }


@cache
def _statuses() -> Mapping[tuple[RecordedKind | None, str | None], str]:
    return {(RecordedKind(row["kind"]), row["code"]): row["status"] for row in rows("ccda/statuses.tsv")}
