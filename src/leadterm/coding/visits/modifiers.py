"""Modifiers of visits, each from the words that give its reason; never from what might have been."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from leadterm.codesets.payment.fees import RelativeValues
from leadterm.coding import offices
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Service
from leadterm.domain import Assertion, CodeSystem, Evidence, Fact, FactKind

from .families import Family
from .notes import Note
from .sheet import Axis, Worksheet
from .wording import minor_procedures, worded

FACILITY = ("hospital-initial", "hospital-subsequent", "hospital-same-day", "hospital-discharge", "emergency",
            "nursing-initial", "nursing-subsequent", "critical")  # fmt: skip
REACH = 200  # characters after the name of a procedure that tell whether it was done
_PROCEDURE = worded("modifiers.procedure")
MINOR_GLOBAL = ("000", "010")
_DONE = worded("modifiers.done")
_SEPARATE = worded("modifiers.separate")
_TODAY = worded("modifiers.today")
_POSTOP = worded("modifiers.postop")
_UNRELATED = worded("modifiers.unrelated")
_PRINCIPAL = worded("modifiers.principal")
_CALLED = worded("modifiers.called")
_SHARED = worded("modifiers.shared")
_TEACHING = worded("modifiers.teaching")
_EXCEPTION = worded("modifiers.exception")
_AUDIO = worded("modifiers.audio")
_VIDEO = worded("modifiers.video")
_NOT = compiled(
    r"(?i)\b(?:no|not|declin\w+|instead of|without|next|prefers?|offered|schedule|unable to)\b[^.;\n]{0,25}\Z"
)
# Services of the same day beside which the code for ongoing care may stand although the visit bears 25.
PREVENTIVE = ("G0402", "G0438", "G0439", "G0008", "G0009", "G0010", "9047", "G0136", "G0444", "G0442", "9938", "9939")


def modified(chart: Chart, note: Note, kind: Family, service: Service, sheet: Worksheet | None = None) -> Service:
    """The service with the modifiers that the note gives a reason for."""
    for modifier, words, text, rule in _reasons(chart, note, kind, sheet):
        service = service.modified(modifier, f"{text}: “{' '.join(words.text.split())}”" if words else text, rule)
    return service


Reason = tuple[str, Evidence | None, str, str]


def _reasons(chart: Chart, note: Note, kind: Family, sheet: Worksheet | None) -> Iterator[Reason]:
    medicare, name = is_medicare(chart), sheet.family if sheet else kind.name
    if (post := _first(note, _POSTOP)) and (words := _first(note, _UNRELATED)):
        yield "24", words, f"unrelated to the operation of “{post.text[:40]}”", "MCPM:12.30.6.6/24"
    if sheet and name != "emergency" and (words := _decided(sheet)):
        yield "57", words, "the decision for a major operation of today or tomorrow", "MCPM:12.30.6.6/57"
    first = medicare and name in ("hospital-initial", "nursing-initial") and note.kind != "consult"
    # Whom the physician of record asked is not that physician.
    if first and _first(note, _CALLED) is None and (words := _first(note, _PRINCIPAL)):
        yield "AI", words, "the physician who oversees the stay", "MCPM:12.30.6.9.1/AI"
    yield from _people(note, name)
    yield from _remote(chart, note, medicare)


def _people(note: Note, name: str) -> Iterator[Reason]:
    if name in FACILITY and (words := _first(note, _SHARED)):
        yield "FS", words, "a visit shared by a physician and another practitioner", "MCPM:12.30.6.18/FS"
    if words := _first(note, _EXCEPTION):
        yield "GE", words, "a resident under the primary care exception", "MCPM:12.100/teaching"
    elif words := _first(note, _TEACHING):
        yield "GC", words, "a resident under a teaching physician", "MCPM:12.100/teaching"


def _remote(chart: Chart, note: Note, medicare: bool) -> Iterator[Reason]:
    if words := _first(note, _AUDIO):
        yield "93", words, "by audio alone", "MCPM:12.190/telehealth"
    elif not medicare and (words := _first(note, _VIDEO)):
        yield "95", words, "by audio and video in real time", "MCPM:12.190/telehealth"


def _first(note: Note, pattern: Pattern) -> Evidence | None:
    for found, words in note.said(pattern):
        if not _NOT.search(note.text[max(0, found.start() - 40) : found.start()]):
            return words
    return None


def _decided(sheet: Worksheet) -> Evidence | None:
    """The words that decide for a major operation of today or tomorrow."""
    wanted = ("major-surgery", "emergency-surgery")
    found = (e.evidence[0] for e in sheet.on(Axis.RISK) if e.kind in wanted and e.evidence)
    return next((w for w in found if _TODAY.search(w.text)), None)


def minor_procedure(chart: Chart, note: Note) -> tuple[str, Evidence | None] | None:
    """A minor procedure of the same day: what the record priced, or what the note tells as done; its name and words."""
    values = chart.book.find(RelativeValues, chart.on)
    for charge in chart.encounter.charges:
        if values is None or charge.code is None or charge.code.system is not CodeSystem.CPT:
            continue
        row = values.value(charge.code.value)
        if row is not None and row.global_days in MINOR_GLOBAL and row.status != "B":
            return charge.code.value, None
    if read := next(_read(chart, note, values), None):
        return read
    return next(((f.concept, note.quote(*note.sentence(f.mention.span.start))) for f in _done(note)), None)


def _read(chart: Chart, note: Note, values: RelativeValues | None) -> Iterator[tuple[str, Evidence]]:
    """The small procedures that were read in the note's document, of no global days but those of a minor one."""
    for service in offices.minor(chart):
        row = values.value(service.code.value) if values else None
        words = next((e for e in service.evidence if e.document == note.document.id), None)
        if words is not None and row is not None and row.global_days in MINOR_GLOBAL:
            yield service.code.value, words


def _done(note: Note) -> Iterator[Fact]:
    for fact in note.facts:
        if fact.kind is not FactKind.PROCEDURE or fact.assertion is not Assertion.PRESENT:
            continue
        if fact.attributes.get("class") not in ("operation", "therapy") or not any(
            w in fact.concept.lower() for w in minor_procedures()
        ):
            continue
        start, end = note.sentence(fact.mention.span.start)
        if _PROCEDURE.match(note.text, note.text.rfind("\n", 0, start + 1) + 1):
            end = min(len(note.text), end + REACH)
        if fact.section == "procedure" or (
            fact.section not in ("hpi", "past-surgical-history") and _DONE.search(note.text[start:end])
        ):
            yield fact


def separate(note: Note, sheet: Worksheet) -> tuple[str, Evidence | None] | None:
    """What makes the visit one beside a minor procedure: words that say so, another problem, other management."""
    if words := next((w for _, w in note.said(_SEPARATE)), None):
        return "the note says that it is separate", words
    problems = sheet.on(Axis.PROBLEMS)
    if len(problems) > 1:
        return "more than one problem was addressed", problems[1].evidence[0]
    managed = [e for e in sheet.on(Axis.RISK) if e.kind == "prescription" and not _DONE.search(e.evidence[0].text)]
    return ("a drug was prescribed beside it", managed[0].evidence[0]) if managed else None


def allows_complexity(chart: Chart, services: tuple[Service, ...]) -> bool:
    """Whether what stands beside the visit, by the charges and what was read, is preventive or a vaccine throughout."""
    others = chain(
        (c.code.value for c in chart.encounter.charges if c.code), (s.code.value for s in services if s.kind == "visit")
    )
    beside = [code for code in others if not code.startswith(("992", "G2211"))]
    return all(code.startswith(PREVENTIVE) for code in beside)
