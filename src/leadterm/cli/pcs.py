"""`leadterm pcs`: a procedure code by the tables, only legal values at every step, and the words that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError, parse_date

from ._out import open_book, put_json

if TYPE_CHECKING:
    from leadterm.codesets.pcs.answer import PcsAnswer, PcsFound, PcsLead
    from leadterm.codesets.pcs.tables import AxisChoice

BELOW = 12  # terms below a term that are told
WIDTH = 60  # of the labels and tables told in one line


def pcs(
    code: Annotated[str | None, typer.Argument(help="A code or its beginning; none: the sections.")] = None,
    word: Annotated[str | None, typer.Option("--word", help="Words to walk the Index with.")] = None,
    choose: Annotated[
        list[str] | None, typer.Option("--choose", help="A further character by position: 5=4. May be repeated.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", "--date", help="The day that counts, YYYY-MM-DD.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> int:
    """Build or check an ICD-10-PCS code: the legal values of the next axis, a code axis by axis, words of the Index.

    Exit 1 for a code that no table makes (it says at which axis, and what is legal there), and for words not found.

    Examples: leadterm pcs · leadterm pcs 0FT4 · leadterm pcs 0FT --choose 5=4 · leadterm pcs 0FT44ZZ · leadterm pcs
    --word "resection gallbladder"
    """
    from leadterm.codesets.pcs import answer as pcs_answer

    day = parse_date(on, "--on") if on is not None else None
    if word is not None and (code is not None or choose):
        raise InputError("Give words or a code, not both: leadterm pcs --word WORDS.")
    book = open_book()
    if word is not None:
        answer = pcs_answer.find(book, word, day)
        failed = not answer.terms
    else:
        answer = pcs_answer.ask(book, code or "", _chosen(choose or []), day)
        failed = not answer.legal
    if json:
        from leadterm.schemas import encode_pcs

        put_json(encode_pcs.pcs(answer))
    else:
        _print(answer, word is not None)
    return int(failed)


def _chosen(texts: list[str]) -> dict[int, str]:
    chosen: dict[int, str] = {}
    for text in texts:
        position, equals, character = text.partition("=")
        if not equals or not position.strip().isdecimal() or chosen.get(int(position), character) != character:
            raise InputError("--choose takes a position and one character, once each: --choose 5=4.")
        chosen[int(position)] = character
    return chosen


def _print(answer: PcsAnswer, words: bool) -> None:
    from .plain import print_findings

    print_findings(answer.findings)
    if words:
        if not answer.terms:
            print("The Index has no term with all of these words; try fewer, or other ones.")
        for term in answer.terms:
            _print_term(term)
        return
    if answer.title is not None:
        _print_title(answer)
    for choice in answer.choices:
        if choice.chosen:
            label = next((o.label for o in choice.options if o.code == choice.chosen), "")
            print(f"  {choice.position} {choice.chosen}  {choice.name}: {label}")
    _print_meanings(answer)
    if next_axis := next((choice for choice in answer.choices if choice.chosen is None), None):
        _print_options(next_axis)


def _print_title(answer: PcsAnswer) -> None:
    from .plain import styled

    code = answer.code.code if answer.code else answer.asked
    composed = " (composed of the axes; no official title is installed)" if answer.title_source == "composed" else ""
    print(f"{styled(code, 'bold')}  {answer.title}{composed}")
    if answer.legal:
        print(f"  icd10pcs · billable{'' if answer.valid else ' · NOT in force on that day by the dated list'}")


def _print_meanings(answer: PcsAnswer) -> None:
    for term in answer.meanings:
        print(f"  {' / '.join(term.titles)}: {term.definition or term.explanation}")
        if term.definition and term.explanation:
            print(f"    {term.explanation}")
        for text in term.includes[:3]:
            print(f"    e.g. {text}")


def _print_options(choice: AxisChoice) -> None:
    print(f"{choice.position} {choice.name}")
    for option in choice.options:
        print(f"  {option.code}  {option.label}")


def _print_term(term: PcsFound) -> None:
    from .plain import styled

    print(styled(" > ".join(term.path), "bold"))
    for lead in term.leads:
        print(f"  {_lead(lead)}")
    if term.below:
        more = f" … and {len(term.below) - BELOW} more" if len(term.below) > BELOW else ""
        print(f"  below: {'; '.join(term.below[:BELOW])}{more}")


def _lead(lead: PcsLead) -> str:
    """Where a term leads, on one line."""
    codes = " ".join(lead.codes)
    if lead.kind == "code":
        return codes
    told = f"{lead.kind} {lead.text}{f' {codes}' if codes else ''}"
    for value in lead.values:
        tables = " ".join(value.tables)
        cut = f"{tables[:WIDTH].rpartition(' ')[0]} …" if len(tables) > WIDTH else tables
        told += f"\n    position {value.position}, {value.code}: tables {cut}"
    return told
