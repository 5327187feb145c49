"""`leadterm price`: what the Medicare physician fee schedule allows for a claim, a coding, or codes by flag."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import Claim, CodedEncounter, InputError, parse_date

from ._out import open_book, put_json, put_line, say

if TYPE_CHECKING:
    from leadterm.pricing import Bill, Pricer, Prices
    from leadterm.records import Source

UNREAD = "This claim cannot be read: `leadterm validate` says why."
BLOCK = 1 << 16


def price(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Claims, coded encounters or encounters with charges (JSON, jsonl), X12 837; - for stdin."),
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option(help="A code with modifiers and units (45385-59, 97110-GPx3, 00840-AAx95m); again for more."),
    ] = None,
    locality: Annotated[str | None, typer.Option(help="Contractor and locality number, 0111205.")] = None,
    zip: Annotated[str | None, typer.Option(help="ZIP code of where it was done; else as the claim tells it.")] = None,
    place: Annotated[str | None, typer.Option(help="Place of service of codes by flag, 11.")] = None,
    bill: Annotated[
        str | None, typer.Option(help="Type of bill of codes by flag, 0131: a hospital's services for outpatients.")
    ] = None,
    wage_index: Annotated[
        str | None, typer.Option(help="Wage index of the hospital, 0.9634; else national amounts.")
    ] = None,
    facility: Annotated[
        bool | None, typer.Option("--facility/--nonfacility", help="The rate; else by the place of service.")
    ] = None,
    apm: Annotated[
        bool, typer.Option("--apm", help="The conversion factor of qualifying APM participants, from 2026 on.")
    ] = False,
    on: Annotated[
        str | None, typer.Option(help="The day of the schedule, YYYY-MM-DD; else the day of service.")
    ] = None,
    nonparticipating: Annotated[
        bool, typer.Option("--nonparticipating", help="95 % of the schedule, with the limiting charge.")
    ] = False,
    patient_share: Annotated[bool, typer.Option("--patient-share", help="Tell the patient's 20 % apart.")] = False,
    sequestration: Annotated[
        bool, typer.Option("--sequestration", help="Take 2 % off what Medicare pays; tells the shares apart.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line.")] = False,
) -> int:
    """Price services by the Medicare physician fee schedule, hospitals' outpatient services by APC, step by step.

    Examples: leadterm price visit.claim.json --zip 10001 · leadterm price claims.837 --jsonl ·
    leadterm price --code 45385 --code 45380-59 --place 24 --locality 0111205 · leadterm price --code 99213 --apm
    --on 2026-03-02 --json · leadterm price --code 45385 --code 43239 --bill 0131 --wage-index 0.9634 --patient-share
    """
    from leadterm.pricing import (
        Pricer,
        Terms,
        bill_of_codes,
        has_addendum,
        newest_addendum,
        newest_schedule,
        wage_index_of,
    )

    if bool(files) == bool(code):
        raise InputError("Give files to price, or codes by --code.")
    day = parse_date(on, "--on") if on is not None else None
    index = wage_index_of(wage_index) if wage_index is not None else None
    terms = Terms(locality, zip, facility, apm, day, not nonparticipating, patient_share, sequestration, index)
    book = open_book()
    pricer = Pricer(book, terms)
    if code and bill is not None:
        return _codes(pricer, bill_of_codes(code, newest_addendum(book, day), None, bill), json or jsonl)
    if code:
        return _codes(pricer, bill_of_codes(code, newest_schedule(book, day), place), json or jsonl)
    if not has_addendum(book):
        newest_schedule(book, day)  # raises where none is installed
    return _files(pricer, files or [], json, jsonl)


def _codes(pricer: Pricer, bill: Bill, json: bool) -> int:
    found = pricer.price(bill)
    if json:
        put_json(_json(found))
    else:
        _print(found)
    return int(bool(found.why) or any(line.why for line in found.lines))


def _files(pricer: Pricer, files: list[str], json: bool, jsonl: bool) -> int:
    out = _Out(json, jsonl)
    for name in files:
        for id, subject in _subjects(name):
            if isinstance(subject, str):
                out.bad(id, subject)
            else:
                out.priced(pricer.price(subject))
    return out.close()


class _Out:
    """Where answers go: one JSON value at the end, a line each, or a block for people."""

    def __init__(self, json: bool, jsonl: bool) -> None:
        self._json, self._lines = json, jsonl
        self._whole: list[Any] = []
        self._worst = 0

    def bad(self, id: str, error: str) -> None:
        """A row that could not be priced."""
        self._worst = 1
        if self._json or self._lines:
            self._put({"id": id, "error": error})
        else:
            say(f"leadterm: {id}: {error}")

    def priced(self, found: Prices) -> None:
        """The prices of one subject."""
        if self._json or self._lines:
            self._put(_json(found))
        else:
            _print(found)

    def _put(self, value: Any) -> None:
        if self._lines:
            put_line(value)
        else:
            self._whole.append(value)

    def close(self) -> int:
        """Prints what `--json` gathered: one value, a list of several; 1 where a row was bad."""
        if self._whole:
            put_json(self._whole[0] if len(self._whole) == 1 else self._whole)
        return self._worst


def _json(found: Prices) -> Any:
    from leadterm.schemas import encode_prices

    return encode_prices.prices(found)


def _subjects(name: str) -> Iterator[tuple[str, CodedEncounter | Claim | str]]:
    """Everything that a file holds, in order, by its id: what is to be priced, or why it cannot be read."""
    from leadterm.pricing import charged
    from leadterm.records import READERS, BadRow, Format, must_exist, opened, read_checkable
    from leadterm.schemas import decode

    if name != "-":
        must_exist(Path(name))
    readers = {**READERS, "leadterm.encounter/1": lambda value: charged(decode.encounter(value, "encounter"))}
    with opened(None if name == "-" else Path(name), sys.stdin.buffer) as source:
        if source.format is Format.X12:
            yield from _claims(source)
            return
        for found in read_checkable(source, readers):
            yield found.id, found.content.error if isinstance(found.content, BadRow) else found.content


def _claims(source: Source) -> Iterator[tuple[str, Claim | str]]:
    from leadterm.domain import Finding
    from leadterm.pipeline import read_claims

    for part in read_claims(chain([source.head], iter(lambda: source.handle.read(BLOCK), b""))):
        if not isinstance(part, Finding):
            yield part.number, part.claim or UNREAD


def _print(found: Prices) -> None:
    from .plain import styled

    print(styled(found.id, "bold") + (f" · together ${found.total}" if found.total is not None else ""))
    for sentence in (*([found.why] if found.why else []), *found.assumed):
        print(f"  {styled(sentence, 'dim')}")
    for line in found.lines:
        given = "-".join((line.code, *line.modifiers))
        units = f" × {line.units:f}{' minutes' if line.minutes is not None else ''}" if line.units != 1 else ""
        amount = f"${line.amount}" if line.amount is not None else styled("no amount", "red")
        print(f"  {line.id:>3} {styled(given + units, 'bold')}  {amount}")
        for step in line.steps:
            told = f" = ${step.amount}" if step.amount is not None else ""
            print(f"        {step.what}{told}  {styled(step.citation, 'dim')}")
        shares = [f"patient ${line.shares.patient}, Medicare ${line.shares.medicare}"] if line.shares else []
        limit = [f"limiting charge ${line.limiting_charge}"] if line.limiting_charge is not None else []
        for sentence in (*([line.why] if line.why else []), *line.remarks, *shares, *limit):
            print(f"        {styled(sentence, 'cyan')}")
