"""Translates a code into another system, or into another year of its own, and says by which map.

One function for the command line, Python and HTTP: `translate`. Nothing is guessed: what no installed map says is
answered with a finding that says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from leadterm.domain import Code, CodeSystem, Finding, InputError, Severity

from ..releases import remark
from ..sources import fiscal_year
from . import years
from .gems import GEMS, Gem, GemRow, Icd9ProcedureTitles, Icd9Titles
from .leading import OwnLeads
from .mapped import (
    MOST_NAMED,
    Answer,
    Local,
    LocalCode,
    Mapped,
    Path,
    Question,
    System,
    Translation,
    Vocabulary,
    finding,
    unknown,
)
from .own_map import OwnMap
from .snomed_map import UNKNOWN, Candidate, Concept, Patient, SnomedMap, SnomedWhoMap, candidates
from .who import Icd10Who, Icd11Who

if TYPE_CHECKING:
    from ..book import CodeBook

TITLES: dict[System, type[Icd9Titles] | type[Icd10Who]] = {
    CodeSystem.ICD9CM: Icd9Titles,
    CodeSystem.ICD9PROC: Icd9ProcedureTitles,
    CodeSystem.ICD10: Icd10Who,
    CodeSystem.ICD11: Icd11Who,
}
SNOMED_MAPS: dict[System, type[SnomedMap]] = {CodeSystem.ICD10CM: SnomedMap, CodeSystem.ICD10: SnomedWhoMap}
DATED = (CodeSystem.ICD10CM, CodeSystem.ICD10PCS)
LONGEST = 100


def translate(
    book: CodeBook,
    text: str,
    source: System,
    target: System,
    on: date | None = None,
    patient: Patient = UNKNOWN,
    backward: bool = False,
    own: OwnMap | None = None,
) -> Translation:
    """What a code of one system is in another, or in another year of its own system.

    `on`: the day on which the answer is to be in force (None: that of the newest Tabular List). `patient`: what the
    rules of SNOMED CT's map ask. `backward`: read the map of the opposite direction from its targets; from year to
    year, go back. `own`: a map of the user's, which then answers alone, as does one that is installed (`maps:own`) for
    the codes that it has. Raises InputError for a text that is no code
    of its system and for a pair of systems without a map; DataMissing when the map is not installed.
    """
    code = _read(text, source)
    q = Question(book, code, source, target, on or book.in_force(None).on, patient, backward)
    answer = _answered(q, own)
    maps = tuple(_titled(q, _dated(q, m) if answer.of_a_day else m) for m in answer.maps)
    findings = (*answer.findings, *_by_heading(q, maps), *_not_in_force(q, maps))
    numbered = tuple(replace(f, id=f"f{n}") for n, f in enumerate(findings, 1))
    named = next((m.source_title for m in maps if m.source == str(code)), None) or _title(q, source, str(code))
    return Translation(str(code), named, source, target, q.day, backward, maps, numbered)


def _read(text: str, system: System) -> Code | Concept | LocalCode:
    if isinstance(system, Local):
        if not 0 < len(text.strip()) <= LONGEST:
            raise InputError(f"A code has 1 to {LONGEST} characters.")
        return LocalCode(text.strip())
    return Concept.parse(text) if isinstance(system, Vocabulary) else Code.parse(text, system)


def _answered(q: Question, own: OwnMap | None) -> Answer:
    if own is not None:
        return _by_own_map(q, own)
    if mine := _installed(q):
        return mine
    if isinstance(q.code, Code) and q.source == q.target and q.source in DATED:
        return years.by_year(q, q.code)
    first, second = (q.target, q.source) if q.backward else (q.source, q.target)
    if isinstance(q.code, Code) and (face := GEMS.get((first, second))):
        gem = q.book.component(face, q.day)
        return _gem_backward(q, gem, q.code) if q.backward else _by_gem(q, gem, q.code)
    if first is Vocabulary.SNOMED and second in SNOMED_MAPS:
        found = q.book.component(SNOMED_MAPS[second], q.day)
        return _snomed_backward(q, found) if q.backward else _by_snomed(q, found, Concept.parse(str(q.code)))
    turned = " with --backward" if q.backward else ""
    raise InputError(
        f"No official map leads from {q.source} to {q.target}{turned}; give your own by --map FILE, or install it."
    )


# --- GEMs ---


def _by_gem(q: Question, gem: Gem, code: Code) -> Answer:
    if rows := gem.rows(code.value):
        return Answer(_of_gem(gem, rows, ()), tuple(_about_gem(q, gem, rows)))
    paths = years.predecessors(q.book, code, None, lambda c: bool(gem.rows(c)))
    if not paths:
        return Answer((), (_why_absent(q, gem, code),))
    maps = tuple(m for path in paths for m in _of_gem(gem, gem.rows(path[-1].after), path))
    message = (
        f"{code} is not in the GEMs, which end with {_last_day(gem)}: what is shown is the mapping of the code that "
        "was assigned before it."
    )
    fix = "Check against the record that the earlier code fits; it says less than the newer one."
    return Answer(maps, (finding("newer-than-gems", Severity.INFO, message, fix, code),))


def _of_gem(gem: Gem, rows: Iterable[GemRow], path: Path) -> tuple[Mapped, ...]:
    origin = years.label(gem.release)
    # A step to another year's code changes the meaning, whatever the GEM says of that code.
    return tuple(
        Mapped(r.source, r.target, r.approximate or bool(path), origin, r.combination, r.scenario, r.choice, path=path)
        for r in rows
    )


def _about_gem(q: Question, gem: Gem, rows: Iterable[GemRow]) -> Iterable[Finding]:
    if found := remark(gem.release, q.day):
        yield found
    if all(r.no_map for r in rows):
        message = f"The {gem.WHAT} says that {q.code} has no equivalent."
        yield finding("none", Severity.INFO, message, "Code it anew from the record.", q.code)


def _last_day(gem: Gem) -> date:
    return gem.release.period.end or date(fiscal_year(gem.release.period.start), 9, 30)


def _why_absent(q: Question, gem: Gem, code: Code) -> Finding:
    if complete := gem.starting(code.value, MOST_NAMED + 1):
        more = " …" if len(complete) > MOST_NAMED else ""
        message = f"{code} is a heading; the GEMs map complete codes: {', '.join(complete[:MOST_NAMED])}{more}."
        return finding("incomplete", Severity.INFO, message, "Translate a complete code.", code)
    periods = q.book.validity(code).periods
    if periods and periods[0].start > _last_day(gem):
        message = (
            f"{code} is in force from {periods[0].start}; the GEMs end with {_last_day(gem)} and were not continued, "
            "and no installed release tells which code was assigned before."
        )
        return finding("newer-than-gems", Severity.INFO, message, years.table_fix(code), code)
    return unknown(f"The {gem.WHAT} does not have the code {code}.", code)


def _gem_backward(q: Question, gem: Gem, code: Code) -> Answer:
    origin = f"{years.label(gem.release)}, read backward"
    maps = tuple(
        Mapped(code.value, r.source, r.approximate, origin, r.combination, r.scenario, r.choice)
        for r in gem.to(code.value)
    )
    if not maps:
        message = f"No code leads to {code} in the {gem.WHAT}."
        return Answer((), (finding("none", Severity.INFO, message, "Code it anew from the record.", code),))
    message = (
        f"These are the codes from which the {gem.WHAT} leads to {code}; that is not what the "
        f"{GEMS[gem.TARGET, gem.SOURCE].WHAT} says."
    )
    return Answer(maps, (finding("backward", Severity.INFO, message, None, code),))


# --- SNOMED CT ---


def _by_snomed(q: Question, face: SnomedMap, concept: Concept) -> Answer:
    rows = face.rows(concept)
    if not rows:
        return Answer((), (unknown(f"The {face.WHAT} does not have the concept {concept}.", concept),))
    chosen = candidates(rows, q.patient)
    together = len({c.row.group for c in chosen if c.row.target}) > 1
    maps = tuple(_of_snomed(c, years.label(face.release), together) for c in chosen)
    return Answer(maps, tuple(_about_snomed(q, chosen)))


def _of_snomed(candidate: Candidate, origin: str, together: bool) -> Mapped:
    """A row as a line; the groups of a concept that has several are choice lists of one scenario."""
    row = candidate.row
    return Mapped(
        row.concept,
        row.target,
        None,
        origin,
        together,
        int(together),
        row.group if together else 0,
        source_title=row.name,
        target_title=row.target_name,
        condition=None if candidate.certain else row.rule.text,
        advice=row.advice,
    )


def _about_snomed(q: Question, chosen: tuple[Candidate, ...]) -> Iterable[Finding]:
    rows = [c.row for c in chosen]
    if any(not c.certain for c in chosen):
        message = f"Which code {q.code} has depends on what is not known of the patient; all candidates are shown."
        yield finding("by-patient", Severity.INFO, message, "Give --age, --age-days or --sex.", q.code)
    if q.patient != Patient(sex=q.patient.sex) and any(k.operator for r in rows for k in r.rule.conditions):
        message = "The map's rules ask for the age at onset; the age that was given stands for it."
        yield finding("age-at-onset", Severity.INFO, message, None, q.code)
    if not any(r.target for r in rows):
        message = f"The map says that {q.code} cannot be classified by what it expresses."
        yield finding("none", Severity.INFO, message, "Code it anew from the record.", q.code)
    if wanting := [r.target for r in rows if r.target and "?" in r.target]:
        message = f"{', '.join(wanting)}: the map leaves the 7th character open."
        yield finding("seventh", Severity.WARNING, message, "Add it from the record.", q.code)


def _snomed_backward(q: Question, face: SnomedMap) -> Answer:
    origin = f"{years.label(face.release)}, read backward"
    maps = tuple(
        Mapped(str(q.code), r.concept, None, origin, target_title=r.name, condition=r.rule.text, advice=r.advice)
        for r in face.to(str(q.code))
    )
    none = () if maps else (unknown(f"No concept leads to {q.code} in the {face.WHAT}.", q.code),)
    return Answer(maps, none)


# --- the user's own map ---


def _installed(q: Question) -> Answer | None:
    """What the user's installed map says; None where it has no such code, or none is installed.

    It is asked before the official ones, as for the codes of a record; from year to year it is not.
    """
    first, second = (q.target, q.source) if q.backward else (q.source, q.target)
    if second is not CodeSystem.ICD10CM or first is CodeSystem.ICD10CM:
        return None
    own = q.book.find(OwnLeads, q.day)
    if own is None:
        return None
    origin, code = years.label(own.release), str(q.code)
    if q.backward:
        found = ((_written(source, first, origin), differs) for source, differs in own.to(code, str(first)))
        maps = tuple(Mapped(code, source, differs, f"{origin}, read backward") for source, differs in found)
    else:
        maps = tuple(Mapped(code, row.target, row.approximate, origin) for row in own.rows(str(first), code))
    if not maps:
        return Answer((), (unknown(f"Your own map does not have the code {code}.", code),)) if _only(first) else None
    if _only(first):
        return Answer(maps)
    message = "This is what your own map says; it is asked before the official one."
    return Answer(maps, (finding("own", Severity.INFO, message, "Take the code out of your map to ask that.", code),))


def _only(system: System) -> bool:
    """Whether no official map could answer for a system."""
    known = system is Vocabulary.SNOMED or any(system in pair for pair in GEMS)
    return not known


def _by_own_map(q: Question, own: OwnMap) -> Answer:
    first, second = (q.target, q.source) if q.backward else (q.source, q.target)
    origin = f"{own.name}, read backward" if q.backward else own.name
    maps = []
    for row in own.rows:
        where = f"{own.name}, line {row.line}"
        source = _written(row.source, first, where)
        target = _written(row.target, second, where) if row.target else None
        before, after = (target, source) if q.backward else (source, target)
        if before == str(q.code):
            maps.append(Mapped(before, after, row.approximate, origin))
    none = () if maps else (unknown(f"The map {own.name} does not have the code {q.code}.", q.code),)
    return Answer(tuple(maps), none)


def _written(text: str, system: System, where: str) -> str:
    try:
        return str(_read(text, system))
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


# --- what is said of every line ---


def _dated(q: Question, line: Mapped) -> Mapped:
    """The line with whether its target is in force on the day, and what has come in the place of one that is not."""
    if q.target not in DATED or not isinstance(q.target, CodeSystem) or line.target is None or "?" in line.target:
        return line
    code = Code(q.target, line.target)
    if q.book.valid_on(code, q.day):
        return replace(line, valid=True)
    after = dict.fromkeys(path[-1].after for path in years.successors(q.book, code, q.day))
    return replace(line, valid=False, successors=tuple(after))


def _by_heading(q: Question, maps: Iterable[Mapped]) -> Iterable[Finding]:
    """Says so where a step was taken from the Tabular List because no conversion table has it."""
    if isinstance(q.code, Code) and any(step.source.startswith(years.TABULAR) for m in maps for step in m.path):
        message = (
            "A step from year to year was read from the Tabular List, where a code was subdivided; the conversion "
            "table, which may name other codes, does not have it or is not installed."
        )
        yield finding("by-heading", Severity.INFO, message, years.table_fix(q.code), q.code)


def _not_in_force(q: Question, maps: Iterable[Mapped]) -> Iterable[Finding]:
    for line in {m.target: m for m in maps if m.valid is False}.values():
        named = ", ".join(line.successors[:MOST_NAMED])
        more = " …" if len(line.successors) > MOST_NAMED else ""
        message = f"{line.target} is not in force on {q.day}{f'; in its place: {named}{more}' if named else ''}."
        yield finding("not-in-force", Severity.WARNING, message, "Use a code of that day.", line.target)


def _titled(q: Question, line: Mapped) -> Mapped:
    source = line.source_title or _title(q, q.source, line.source)
    target = line.target_title or (_title(q, q.target, line.target) if line.target else None)
    return replace(line, source_title=source, target_title=target)


def _title(q: Question, system: System, code: str) -> str | None:
    if face := TITLES.get(system):
        titles = q.book.find(face, q.day)
        return titles.title(code) if titles else None
    if not isinstance(system, CodeSystem) or "?" in code:
        return None
    entry = q.book.lookup(Code(system, code), on=q.day)
    return entry.description if entry else None
