"""From one year's code to another's: what the conversion table says, and what the installed releases say themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from leadterm.domain import Code, CodeSystem, Finding, Release, Severity, dotted

from ..seventh import LENGTH, PLACEHOLDER
from ..tree import Tree
from .gems import CONVERSIONS, Conversion, ConversionTable
from .mapped import MOST_NAMED, Answer, Mapped, Path, Question, Step, finding, unknown

if TYPE_CHECKING:
    from ..book import CodeBook

TABULAR = "icd10cm:tabular"
# A code that was split year after year; no chain of the official tables is longer.
MOST_STEPS = 8
MOST_LEAVES = 500


def label(release: Release) -> str:
    """How a release is named as the source of an answer: `icd10cm:tabular of 2026-04-01`."""
    return f"{release.name} of {release.period.start}"


def table_of(book: CodeBook, system: CodeSystem) -> ConversionTable | None:
    """The newest conversion table of a system, as the tables add up; None when none is installed."""
    face = CONVERSIONS.get(system)
    return book.find(face) if face else None


def successors(book: CodeBook, code: Code, day: date) -> tuple[Path, ...]:
    """The ways from a code to those in force on a day that have come in its place or beside it; none known: empty."""
    table = table_of(book, code.system)
    if table and table.after(code.value):
        return tuple(_forward(book, table, code, day, (code.value,)))
    return tuple((step,) for step in _leaves(book, code, day))


def _forward(book: CodeBook, table: ConversionTable, code: Code, day: date, gone: tuple[str, ...]) -> Iterator[Path]:
    for line in table.after(code.value):
        if line.current in gone or (line.effective and line.effective > day) or len(gone) > MOST_STEPS:
            continue
        step = Step(code.value, line.current, line.effective, label(table.release))
        newer = Code(code.system, line.current)
        further = () if book.valid_on(newer, day) else tuple(_forward(book, table, newer, day, (*gone, line.current)))
        yield from ((step, *path) for path in further) if further else ((step,),)


def _leaves(book: CodeBook, code: Code, day: date) -> Iterator[Step]:
    """The complete codes below a code that once was complete itself: it was subdivided."""
    release = book.release_for(TABULAR, day)
    if code.system is not CodeSystem.ICD10CM or release is None or not was_complete(book, code):
        return
    if book.validity(code).during(day):
        return  # what was divided later is whole on that day
    tree, found = book.tree_for(day), 0
    top, extension = _subdivided(code, tree)
    waiting = [top]
    while waiting and found < MOST_LEAVES:
        node = tree.node(waiting.pop())
        if node is None or (node.code == top and not node.children):
            continue
        if node.children:
            waiting.extend(reversed(node.children))
            continue
        if extension not in (None, node.extension):
            continue
        found += 1
        known = book.effective(Code(code.system, node.code))
        yield Step(code.value, node.code, known.start if known else None, label(release))


def _subdivided(code: Code, tree: Tree) -> tuple[str, str | None]:
    """The node that a code was divided into the codes below, and the 7th character that they are to have.

    S30.1XXA is gone with its placeholders: what came in its place stands below S30.1, with the same 7th character.
    """
    if tree.node(code.value) is None and len(code.bare) == LENGTH:
        return dotted(code.bare[:-1].rstrip(PLACEHOLDER), code.system), code.bare[-1]
    return code.value, None


def was_complete(book: CodeBook, code: Code) -> bool:
    """Whether a code could be billed at some time, by the dated list or an installed Tabular List."""
    if book.validity(code).periods:
        return True
    starts = [r.period.start for r in book.releases() if r.name == TABULAR and not r.partial]
    return any((node := book.tree_for(day).node(code.value)) is not None and node.billable for day in starts)


def predecessors(book: CodeBook, code: Code, day: date | None, known: Callable[[str], bool]) -> tuple[Path, ...]:
    """The ways back from a code to those that satisfy `known`; of the steps, only those after `day` are gone back.

    By the conversion table; where it does not have the code, the nearest heading above it that `known` accepts (a
    heading that once was a code was subdivided).
    """
    table = table_of(book, code.system)
    if table and table.before(code.value):
        return tuple(_back(table, code.value, day, known, (code.value,)))
    above = book.ancestors(code.value) if code.system is CodeSystem.ICD10CM else ()
    heading = next((n.code for n in above if n.kind not in ("block", "chapter") and known(n.code)), None)
    release = book.release_for(TABULAR, None)
    if heading is None or release is None:
        return ()
    since = book.effective(code)
    return ((Step(code.value, heading, since.start if since else None, label(release)),),)


def _back(
    table: ConversionTable, code: str, day: date | None, known: Callable[[str], bool], gone: tuple[str, ...]
) -> Iterator[Path]:
    for line in table.before(code):
        if not line.previous or line.previous in gone or len(gone) > MOST_STEPS or not _after(line, day):
            continue
        step = Step(code, line.previous, line.effective, label(table.release))
        if known(line.previous):
            yield (step,)
        else:
            further = _back(table, line.previous, day, known, (*gone, line.previous))
            yield from ((step, *path) for path in further)


def _after(line: Conversion, day: date | None) -> bool:
    return day is None or line.effective is None or line.effective > day


# --- the answers ---


def by_year(q: Question, code: Code) -> Answer:
    """The codes of a day for a code of any year: itself while it is in force, and what has come in its place."""
    periods = q.book.validity(code).periods
    newer = bool(periods) and periods[0].start > q.day
    if newer or q.backward:
        return _back_to(q, code) if newer else _one_step_back(q, code)
    maps = [Mapped(code.value, code.value, False, _in_force_by(q, code))] if q.book.valid_on(code, q.day) else []
    for path in successors(q.book, code, q.day):
        if path[-1].after != code.value:
            maps.append(Mapped(code.value, path[-1].after, True, path[-1].source, path=path))
    return Answer(tuple(maps), _in_words(q, code)) if maps else Answer((), (_why_gone(q, code),))


def _in_force_by(q: Question, code: Code) -> str:
    found = (q.book.release_for(f"{code.system}:{part}", q.day) for part in ("validity", "tabular", "titles"))
    return next((label(release) for release in found if release), "")


def _back_to(q: Question, code: Code) -> Answer:
    """The codes of an earlier day for one that was not there yet."""
    paths = predecessors(q.book, code, q.day, lambda value: q.book.valid_on(Code(code.system, value), q.day))
    return _gone_back(q, code, paths, of_a_day=True)


def _one_step_back(q: Question, code: Code) -> Answer:
    """What was assigned on the eve of a code's first day; where no day is known, at the table's last step."""
    began = q.book.effective(code)
    eve = began.start - timedelta(days=1) if began else None
    paths = predecessors(
        q.book, code, None, lambda value: eve is None or q.book.valid_on(Code(code.system, value), eve)
    )
    return _gone_back(q, code, paths, of_a_day=False)


def _gone_back(q: Question, code: Code, paths: tuple[Path, ...], of_a_day: bool) -> Answer:
    maps = tuple(Mapped(code.value, p[-1].after, True, p[-1].source, path=p) for p in paths)
    findings = _in_words(q, code)
    if not maps and not findings:
        known = q.book.validity(code).periods or q.book.lookup(code)
        message = f"No installed release says what was assigned before {code}."
        findings = (
            finding("none", Severity.INFO, message, table_fix(code), code)
            if known
            else unknown(f"No installed release knows the code {code}.", code),
        )
    return Answer(maps, findings, of_a_day)


def table_fix(code: Code) -> str:
    """What to do where a conversion table would answer."""
    return f"Install the conversion table: `leadterm codes update {code.system}:conversion`."


def _in_words(q: Question, code: Code) -> tuple[Finding, ...]:
    table = table_of(q.book, code.system)
    said = [line.words for line in table.before(code.value) if line.words] if table else []
    messages = (f"The conversion table says in words what was before {code}: {words}." for words in said)
    return tuple(finding("words", Severity.INFO, message, None, code) for message in messages)


def _why_gone(q: Question, code: Code) -> Finding:
    periods = q.book.validity(code).periods
    if periods and (end := periods[-1].end):
        message = f"{code} ended on {end}, and no installed release says what has come in its place."
        return finding("none", Severity.INFO, message, table_fix(code), code)
    node = q.book.node(code.value) if code.system is CodeSystem.ICD10CM else None
    if node and node.children:
        below = ", ".join(node.children[:MOST_NAMED])
        message = f"{code} is a heading and was never a complete code; below it stand {below}."
        return finding("incomplete", Severity.INFO, message, "Translate a complete code.", code)
    return unknown(f"No installed release knows the code {code}.", code)
