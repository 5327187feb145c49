"""What the code book answers about ICD-10-PCS: a code or the beginning of one, choices by position, words of the Index.

The tables tell what is legal, the Index leads there, the definitions say what values mean; the title is that of the
order file, else of the embedded titles, else composed. Whether a code may be billed on a day, the dated list tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from leadterm.domain import Code, CodeEntry, CodeSystem, Finding, Release, Severity

from ..faces import Face
from ..lists.order import ProcedureOrder
from ..releases import remark
from .tables import AxisChoice, Fault, IndexTerm, PcsCode, PcsDefinitions, PcsIndex, PcsTables, PcsTerm, Place

F = TypeVar("F", bound=Face)
LENGTH = 7
ILLEGAL = "CODESETS:pcs/illegal"
NEWER = "CODESETS:pcs/newer-than-tables"
TERMS = 20


class Book(Protocol):
    """What an answer is put together from; the code book is one."""

    def find(self, face: type[F], on: date | None = None) -> F | None: ...  # noqa: D102
    def component(self, face: type[F], on: date | None = None) -> F: ...  # noqa: D102
    def lookup(self, code: Code, *, on: date | None = None) -> CodeEntry | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class PcsLead:
    """Where a term of the Index leads: its kind, its words, codes, values of the tables, and the term it names."""

    kind: str
    text: str
    codes: tuple[str, ...]
    values: tuple[Place, ...] = ()
    term: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PcsFound:
    """One term of the Index: its path, where it leads, and the terms below it."""

    path: tuple[str, ...]
    leads: tuple[PcsLead, ...]
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PcsAnswer:
    """What is known of a question.

    Attributes:
        asked: The beginning of a code, or the words.
        releases: What answered.
        choices: By position, what may be chosen.
        code: A whole legal code axis by axis, else None.
        title: Of a whole code; `title_source` is `order`, `titles` (embedded) or `composed`.
        valid: Whether a whole code is in force on the day; None for less than a code.
        meanings: What the definitions say of the code's operation, approach and other values, or of the one value that
            the beginning of a code ends with.
        fault: Where the code leaves the tables.
        terms: Of the Index.
        findings: What to know about the answer.
    """

    asked: str
    releases: tuple[Release, ...]
    choices: tuple[AxisChoice, ...] = ()
    code: PcsCode | None = None
    title: str | None = None
    title_source: str | None = None
    valid: bool | None = None
    meanings: tuple[PcsTerm, ...] = ()
    fault: Fault | None = None
    terms: tuple[PcsFound, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def legal(self) -> bool:
        """Whether the tables make what was asked, as far as it goes, or the dated list knows it as a code."""
        return self.fault is None or bool(self.valid)


def ask(book: Book, start: str = "", chosen: Mapping[int, str] | None = None, on: date | None = None) -> PcsAnswer:
    """What a code says, or what its beginning leaves open, with further characters `chosen` by position.

    Raises DataMissing without tables, InputError for a text that begins no code and for choices that no code has.
    """
    tables = book.component(PcsTables, on)
    definitions = book.find(PcsDefinitions, on)
    start = start.strip().upper()
    used = tuple(face.release for face in (tables, definitions) if face)
    findings = tuple(found for release in used[:1] if on and (found := remark(release, on)))
    answer = PcsAnswer(start, used, findings=findings)
    if fault := tables.fault(start):
        return _faulty(book, replace(answer, fault=fault), fault, on)
    choices = tables.options(start, chosen)
    whole = "".join(choice.chosen or "" for choice in choices)
    if len(whole) == LENGTH and (code := tables.describe(whole)):
        answer = _titled(book, replace(answer, code=code), whole, on)
    return replace(answer, choices=choices, meanings=_meanings(definitions, choices))


def _faulty(book: Book, answer: PcsAnswer, fault: Fault, on: date | None) -> PcsAnswer:
    """An answer about what the tables do not make: a code that is newer than they are, or none at all."""
    code = answer.asked
    if len(code) == LENGTH:
        answer = _titled(book, answer, code, on)
    if answer.valid:
        message = (
            f"The tables installed do not make {code}, but the dated list has it: it is newer, or older, than they."
        )
        fix = "Install the tables of that year: leadterm codes install PATH."
        found = Finding("", NEWER, Severity.WARNING, message, fix, (code,))
    else:
        where = fault.name or f"position {fault.position}"
        since = answer.releases[0].period.start
        message = (
            f"No ICD-10-PCS code begins {code[: fault.position]} by the tables in force from {since}: {where} has no "
            f"value {fault.character} there."
        )
        legal = ", ".join(f"{option.code} {option.label}" for option in fault.legal[:8])
        more = f", and {len(fault.legal) - 8} more" if len(fault.legal) > 8 else ""
        found = Finding("", ILLEGAL, Severity.ERROR, message, f"Legal there: {legal}{more}.", (code,))
    findings = (*answer.findings, found)
    return replace(answer, findings=tuple(replace(f, id=f"f{n}") for n, f in enumerate(findings, 1)))


def _titled(book: Book, answer: PcsAnswer, code: str, on: date | None) -> PcsAnswer:
    """The answer with the best title of a whole code, and whether it is in force."""
    order = book.find(ProcedureOrder, on)
    entry = order.entry(code) if order else None
    told = book.lookup(Code(CodeSystem.ICD10PCS, code), on=on)
    titles = (
        ("order", entry.long if entry else None),
        ("titles", told.description if told else None),
        ("composed", answer.code.title if answer.code else None),
    )
    source, title = next(((source, title) for source, title in titles if title), (None, None))
    used = (*answer.releases, *((order.release,) if order and entry else ()))
    return replace(answer, title=title, title_source=source, valid=bool(told and told.valid), releases=used)


def _meanings(definitions: PcsDefinitions | None, choices: tuple[AxisChoice, ...]) -> tuple[PcsTerm, ...]:
    """What the definitions say of the values chosen, by position; keys are left to `PcsDefinitions`."""
    if definitions is None or not choices or (section := choices[0].chosen) is None:
        return ()
    said = []
    for choice in choices:
        option = next((o for o in choice.options if o.code == choice.chosen), None)
        for label in option.labels if option else ():
            said += [t for t in definitions.meaning(label, section, choice.position) if t.definition or t.explanation]
    return tuple(said)


def find(book: Book, words: str, on: date | None = None, limit: int = TERMS) -> PcsAnswer:
    """The terms of the Index that have the words, and where they lead. Raises DataMissing without an Index."""
    index, tables = book.component(PcsIndex, on), book.find(PcsTables, on)
    used = tuple(face.release for face in (index, tables) if face)
    findings = tuple(found for release in used[:1] if on and (found := remark(release, on)))
    terms = [step for term in index.find(words, limit) for step in _steps(index, term)][:limit]
    return PcsAnswer(words.strip(), used, terms=tuple(_found(index, tables, t) for t in terms), findings=findings)


def _steps(index: PcsIndex, term: IndexTerm) -> tuple[IndexTerm, ...]:
    """A term, and behind it those below where it leads nowhere itself."""
    return (term,) if term.leads else (term, *index.children(term))


def _found(index: PcsIndex, tables: PcsTables | None, term: IndexTerm) -> PcsFound:
    leads = []
    for lead in term.leads:
        values = tables.values_for(lead.text, lead.codes) if tables and lead.kind == "use" else ()
        other = index.resolve(lead)
        leads.append(PcsLead(lead.kind, lead.text, lead.codes, values, other.path if other else ()))
    return PcsFound(term.path, tuple(leads), tuple(child.title for child in index.children(term)))
