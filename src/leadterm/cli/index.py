"""`leadterm index`: the Alphabetic Index, external causes, drugs and neoplasms, the way a coder goes through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import Code, CodeSystem, Finding, InputError

from ._out import open_book, put_json

if TYPE_CHECKING:
    from datetime import date

    from leadterm.codesets import CodeBook
    from leadterm.codesets.alphabetic.columns import DrugTable, NeoplasmTable, TableRow
    from leadterm.codesets.alphabetic.entries import Followed, IndexCode, IndexEntry
    from leadterm.codesets.alphabetic.index import AlphabeticIndex
    from leadterm.codesets.alphabetic.walk import IndexHit
    from leadterm.schemas.encode_index import AnsweredCode, AnsweredEntry, AnsweredReference

MOST_BELOW = 12
# Why a reference leads to no entry of the same part.
ELSEWHERE = {
    "condition": "look under the name of the condition",
    "advice": "by what is coded",
    "drugs": "leadterm index --drug",
    "neoplasm": "leadterm index --neoplasm",
    "external": "leadterm index --external",
    "index": "leadterm index",
    "category": "leadterm lookup",
    "unresolved": "no such entry",
}


def index(
    words: Annotated[list[str], typer.Argument(help="What the record says, or a code: what leads to it.")],
    external: Annotated[bool, typer.Option("--external", help="The External Cause of Injuries Index.")] = False,
    drug: Annotated[bool, typer.Option("--drug", help="The Table of Drugs and Chemicals.")] = False,
    neoplasm: Annotated[bool, typer.Option("--neoplasm", help="The Neoplasm Table.")] = False,
    on: Annotated[str | None, typer.Option("--on", "--date", help="The day that counts, YYYY-MM-DD.")] = None,
    limit: Annotated[int, typer.Option(help="How many entries at most.", min=1, max=500)] = 5,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> int:
    """Go through the Alphabetic Index: main term, subterms, cross references; then verify in the Tabular List.

    Examples: leadterm index diabetes type 2 with chronic kidney disease · leadterm index --drug aspirin · leadterm
    index E11.22
    """
    from leadterm.codesets.releases import remark
    from leadterm.domain import parse_date
    from leadterm.schemas import encode_index

    book, day = open_book(), parse_date(on, "--on") if on is not None else None
    faces = [book.component(face, day) for face in _faces(external, drug, neoplasm)]
    asked = " ".join(words)
    entries = [e for face in faces for e in _answers(face, asked, limit, book, day)]
    found = [remark(face.release, day) if day else None for face in faces]
    findings = [f for f in found if f]
    if json:
        put_json(encode_index.index([face.release for face in faces], entries, findings))
    else:
        _print(entries, findings)
    return int(not entries)


def _faces(external: bool, drug: bool, neoplasm: bool) -> list[Any]:
    from leadterm.codesets.alphabetic.columns import DrugTable, NeoplasmTable
    from leadterm.codesets.alphabetic.index import AlphabeticIndex, ExternalCauseIndex

    flags = ((external, ExternalCauseIndex), (drug, DrugTable), (neoplasm, NeoplasmTable))
    return [face for wanted, face in flags if wanted] or [AlphabeticIndex]


def _answers(face: Any, asked: str, limit: int, book: CodeBook, day: date | None) -> Iterator[AnsweredEntry]:
    from leadterm.codesets.alphabetic.index import AlphabeticIndex

    code = _code(asked)
    if isinstance(face, AlphabeticIndex):
        if code:
            yield from (_entry(face, entry, None, book, day) for entry in face.paths_to(code, limit))
        else:
            yield from (_entry(face, hit.entry, hit, book, day) for hit in face.find(asked, limit))
    else:
        for row in face.rows_with(code, limit) if code else face.find(asked, limit):
            yield _row(face, row, book, day)


def _code(asked: str) -> str | None:
    """The code that was asked for, with its dash; None for words."""
    written = asked.strip().upper()
    try:
        code = Code.parse(written.rstrip("-").rstrip("."), CodeSystem.ICD10CM)
    except InputError:
        return None
    return code.value + ("-" if written.endswith("-") else "")


def _entry(
    face: AlphabeticIndex, entry: IndexEntry, hit: IndexHit | None, book: CodeBook, day: date | None
) -> AnsweredEntry:
    from leadterm.codesets.alphabetic.index import ExternalCauseIndex
    from leadterm.schemas.encode_index import AnsweredEntry

    line = face.ancestors(entry.id)
    return AnsweredEntry(
        entry.id,
        "external" if isinstance(face, ExternalCauseIndex) else "index",
        face.path(entry.id),
        tuple(e.title for e in line),
        tuple(_titled(code, None, book, day) for code in entry.codes),
        tuple(_reference(face, followed) for followed in face.follow(entry)),
        entry.notes,
        hit.used if hit else (),
        hit.absorbed if hit else (),
        hit.unsaid if hit else (),
        hit.left if hit else (),
        tuple(face.path(e.id) for e in hit.via) if hit else (),
        face.presumed(entry.id),
        tuple(e.title for e in face.children(entry.id)),
    )


def _row(face: DrugTable | NeoplasmTable, row: TableRow, book: CodeBook, day: date | None) -> AnsweredEntry:
    from leadterm.codesets.alphabetic.columns import DrugTable
    from leadterm.schemas.encode_index import AnsweredEntry

    pairs = zip(face.COLUMNS, row.codes, strict=True)
    return AnsweredEntry(
        row.entry.id,
        "drug" if isinstance(face, DrugTable) else "neoplasm",
        row.path,
        tuple(e.title for e in face.ancestors(row.entry.id)),
        tuple(_titled(code, column, book, day) for column, code in pairs if code),
        tuple(_reference(face, followed) for followed in face.follow(row)),
        row.notes,
        left=row.left,
        below=tuple(child.entry.title for child in face.children(row.entry.id)),
    )


def _titled(code: IndexCode, column: str | None, book: CodeBook, day: date | None) -> AnsweredCode:
    from leadterm.schemas.encode_index import AnsweredCode

    try:
        known = book.lookup(Code(CodeSystem.ICD10CM, code.code), on=day)
    except InputError:
        known = None
    title, billable = (known.description, known.billable) if known else (None, False)
    return AnsweredCode(code.code, code.text, code.incomplete, code.manifestation, column, title, billable)


def _reference(face: Any, followed: Followed) -> AnsweredReference:
    from leadterm.schemas.encode_index import AnsweredReference

    paths = tuple(face.path(entry.id) for entry in followed.entries)
    return AnsweredReference(followed.reference.kind, followed.reference.text, followed.sort, paths, followed.rest)


def _print(entries: Sequence[AnsweredEntry], findings: Sequence[Finding]) -> None:
    """Each entry as its piece of the index; then the codes to verify, of all entries that answer equally well."""
    from .plain import print_findings, styled

    for entry in entries:
        print(styled(entry.path, "bold"))
        for line in _lines(entry):
            print(f"  {line}")
    print_findings(findings)
    if not entries:
        print("No entry. Name the condition rather than its site, try fewer words, or `leadterm search WORDS`.")
        return
    best = [e for e in entries if (len(e.left), len(e.unsaid)) == (len(entries[0].left), len(entries[0].unsaid))]
    codes = dict.fromkeys(code.code for entry in best for code in entry.codes)
    command = f": leadterm lookup {' '.join(codes)}" if codes else ""
    print(f"Verify in the Tabular List before coding (guideline I.B.1){command}")


def _lines(entry: AnsweredEntry) -> Iterator[str]:
    for depth, title in enumerate(entry.titles):
        yield f"{'  ' * depth}{title}"
    for code in entry.codes:
        yield f"{'  ' * len(entry.titles)}{_shown(code)}"
    if entry.below:
        more = f" … {len(entry.below)} in all" if len(entry.below) > MOST_BELOW else ""
        yield f"{'  ' * len(entry.titles)}below: {' | '.join(entry.below[:MOST_BELOW])}{more}"
    for reference in entry.references:
        leads = "; ".join(reference.entries[:3]) if reference.sort == "entry" else ELSEWHERE[reference.sort]
        yield f"{reference.kind} {reference.text}  → {leads}"
    for path in entry.via:
        yield f"by way of: {path}"
    yield from (f"note: {note}" for note in entry.notes)
    if entry.presumed:
        yield 'linked by "with" or "in": presumed unless the record says otherwise (guideline I.A.15)'
    if entry.unsaid:
        yield f"the main term also says: {', '.join(entry.unsaid)}"
    if entry.left:
        yield f"left over: {', '.join(entry.left)}"


def _shown(code: AnsweredCode) -> str:
    text = f"[{code.text}]" if code.manifestation else code.text
    column = f"{code.column.replace('_', ' '):<15} " if code.column else ""
    state = "" if code.billable else "  (needs more characters)" if code.description or code.incomplete else ""
    second = "  (manifestation: coded second)" if code.manifestation else ""
    return f"{column}{text:<9} {code.description or '(not in the Tabular List)'}{state}{second}"
