"""`leadterm lookup`, `search`, `tree`: codes from the command line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import CodeEntry, CodeSystem, DataMissing, Finding, InputError, Severity

from ._out import choice, open_book, put_json

if TYPE_CHECKING:
    from leadterm.codesets import CodeBook

System = Annotated[str | None, typer.Option(help="icd10cm, icd10pcs, hcpcs or cpt.")]
On = Annotated[str | None, typer.Option("--on", "--date", help="The day that counts, YYYY-MM-DD.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]


def _system(text: str | None) -> CodeSystem | None:
    found: CodeSystem | None = choice(text, CodeSystem, "system", [str(s) for s in CodeSystem])
    return found


def _day(text: str | None) -> Any:
    from leadterm.domain import parse_date

    return parse_date(text, "--on") if text is not None else None


def lookup(
    code: Annotated[list[str], typer.Argument(help="Codes, with or without dots, in any case.")],
    system: System = None,
    on: On = None,
    json: Json = False,
) -> int:
    """What a code is: title, billable, chapter, parents, children, every note up the tree, days in force.

    Examples: leadterm lookup E11.22 · leadterm lookup e1122 s52521a --on 2026-05-14 --json
    """
    from leadterm.schemas import encode

    book, day, wanted = open_book(), _day(on), _system(system)
    entries = [_entry(book, text, wanted, day) for text in code]
    if day is not None:
        _refuse_before_first(book, entries, wanted, day)
    if json:
        put_json(encode.codes(entries))
    else:
        from .plain import print_entry

        for entry in entries:
            print_entry(entry)
    return int(any(isinstance(e, encode.UnknownCode) for e in entries))


def _refuse_before_first(book: CodeBook, entries: list[Any], system: CodeSystem | None, day: date) -> None:
    """Nothing. Raises DataMissing for a day before the first release of a code's system (contract, "Dates")."""
    from leadterm.codesets.releases import BEFORE_FIRST

    for entry in entries:
        if not isinstance(entry, CodeEntry) and system in (None, CodeSystem.ICD10CM):
            book.in_force(day, given_by_flag=True)
        elif early := next((f for f in getattr(entry, "findings", ()) if f.rule == BEFORE_FIRST), None):
            raise DataMissing(f"{early.message.partition(': the earliest')[0]}; the first is newer. {early.fix}")


def _entry(book: CodeBook, text: str, system: CodeSystem | None, day: Any) -> Any:
    from leadterm.schemas import encode

    try:
        found = book.full_entry(text, system, day)
        message = f"No installed release knows the code {text.strip()[:16]}."
    except InputError as error:
        found, message = None, str(error)
    if found is not None:
        return found
    fix = "Check the code, or find it by words: leadterm search WORDS."
    return encode.UnknownCode(text, Finding("f1", "CODESETS:code/unknown", Severity.ERROR, message, fix))


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for; typing errors are tolerated.")],
    system: System = None,
    on: On = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 20,
    json: Json = False,
) -> int:
    """Find codes by words in titles, inclusion terms, synonyms and abbreviations.

    Examples: leadterm search diabetic kidney diseas · leadterm search copd --limit 5 --json
    """
    from leadterm.schemas import encode

    found = open_book().search(" ".join(words), _system(system), _day(on), limit)
    if json:
        put_json(encode.hits(found))
    else:
        from .plain import print_hits

        print_hits(found)
    return 0


def tree(
    code: Annotated[
        str | None, typer.Argument(help="A chapter (4), block (E08-E13), category or code; none: the chapters.")
    ] = None,
    json: Json = False,
) -> int:
    """Walk the Tabular List: what stands below a chapter, a block, a category or a code.

    Examples: leadterm tree · leadterm tree E08-E13 · leadterm tree S52.52
    """
    from leadterm.schemas import encode

    book = open_book()
    written = code.strip().upper() if code else None
    if written and book.node(written) is None and "." not in written and len(written) > 3:
        written = f"{written[:3]}.{written[3:]}"
    if written and book.node(written) is None:
        raise InputError(f"The Tabular List has no node {written[:16]}: try `leadterm tree` for the chapters.")
    nodes = book.tree(written)
    if json:
        put_json(encode.tree(nodes))
    else:
        from .plain import print_tree

        print_tree(book.node(written) if written else None, nodes)
    return 0
