"""`leadterm group`: what codes group to, and for auditors and teachers what a code more or less would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import CodedEncounter, InputError, purpose_of

from ._out import open_book, put_json, put_line, say

if TYPE_CHECKING:
    from leadterm.codesets import CodeBook
    from leadterm.grouping import Groups, MemberRecord, WhatIf

    from ._subjects import Subject

PROPRIETARY = {"apr": "APR-DRG", "apr-drg": "APR-DRG", "eapg": "EAPG"}


def group(
    files: Annotated[
        list[str],
        typer.Argument(help="Coded encounter, encounter with codes, or claim (JSON), or jsonl of them; - for stdin."),
    ],
    model: Annotated[
        list[str] | None, typer.Option(help="V28, V24, RxHCC, ESRD-V24; again for several. The first one is `hcc`.")
    ] = None,
    member: Annotated[
        Path | None, typer.Option(help="What is known of the member (leadterm.member/1); flags win.")
    ] = None,
    age: Annotated[int | None, typer.Option(help="Age on 1 February of the payment year.")] = None,
    sex: Annotated[str | None, typer.Option(help="F or M.")] = None,
    orec: Annotated[str | None, typer.Option(help="Original reason for entitlement: 0, 1, 2, 3.")] = None,
    crec: Annotated[str | None, typer.Option(help="Current reason for entitlement: 0, 1, 2, 3.")] = None,
    dual: Annotated[str | None, typer.Option(help="Dual eligibility: 00 to 06, 08.")] = None,
    institutional: Annotated[
        bool | None, typer.Option("--institutional", help="Lives in an institution, 90 days and more.")
    ] = None,
    low_income: Annotated[bool | None, typer.Option("--low-income", help="Has the low-income subsidy (RxHCC).")] = None,
    new_enrollee: Annotated[
        bool | None, typer.Option("--new-enrollee", help="Less than 12 months of Part B the year before.")
    ] = None,
    special_needs: Annotated[
        bool | None, typer.Option("--special-needs", help="In a chronic condition special needs plan.")
    ] = None,
    graft_months: Annotated[int | None, typer.Option(help="Months since a kidney transplant (ESRD).")] = None,
    part_d: Annotated[str | None, typer.Option(help="RxHCC coefficients of mapd, pdp or both.")] = None,
    together: Annotated[
        bool, typer.Option("--together", help="One member's encounters: HCC and comorbidity of each year together.")
    ] = False,
    grouper: Annotated[str, typer.Option(help="ms: MS-DRG, the only one that is offered.")] = "ms",
    what_if: Annotated[
        bool, typer.Option("--what-if", help="What a code more or less would do; needs --purpose.")
    ] = False,
    purpose: Annotated[str | None, typer.Option(help="audit or education.")] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="A code of the record to take away; again for more.")
    ] = None,
    having: Annotated[
        list[str] | None, typer.Option("--with", help="A code to put to the record (N17.9, N17.9/N); again for more.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line.")] = False,
) -> int:
    """Group codes: MS-DRG with its reasons, HCC, CCSR, comorbidity. APR-DRG and EAPG are proprietary, not offered.

    Rejected codes do not count. A part that has no answer says why. --what-if is refused without --purpose: it takes
    away every secondary code, one by one, or what --without and --with name, and sorts nothing by money.

    Examples: leadterm group stay.coded.json · leadterm code stay.txt --setting inpatient --json | leadterm group - ·
    leadterm group visits.jsonl --together --model V28 --dual 02 --json ·
    leadterm group stay.coded.json --what-if --purpose audit
    """
    from ._member import record
    from ._subjects import subjects

    _refuse(grouper, together, what_if, purpose, without, having)
    told = {"age": age, "sex": sex, "orec": orec, "crec": crec, "dual": dual, "institutional": institutional}
    told |= {"low_income": low_income, "new_enrollee": new_enrollee, "special_needs": special_needs}
    asked = _Asked(
        record(member, told | {"graft_months": graft_months, "part_d": part_d}),
        _models(model),
        _Tried(purpose, tuple(without or ()), tuple(having or ())) if what_if else None,
    )
    book, out = open_book(), _Out(json, jsonl)
    answer = _together if together else _each
    worst = answer(subjects(files), book, asked, out)
    out.close()
    return worst


@dataclass(frozen=True, slots=True)
class _Tried:
    """What a what-if is asked for."""

    purpose: str | None
    without: tuple[str, ...]
    having: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every encounter."""

    member: MemberRecord
    models: tuple[str, ...]
    tried: _Tried | None


class _Out:
    """Where answers go: one JSON value at the end, a line each, or a block for people."""

    def __init__(self, json: bool, jsonl: bool) -> None:
        self._json, self._lines = json, jsonl
        self._whole: list[Any] = []

    def bad(self, row: Subject) -> None:
        """A row that could not be grouped."""
        if self._json or self._lines:
            self._put({"id": row.id, "error": row.error})
        else:
            say(f"leadterm: {row.id}: {row.error}")

    def answer(self, found: Groups, tried: WhatIf | None, unknown: tuple[str, ...]) -> None:
        """What one encounter groups to."""
        if self._json or self._lines:
            from leadterm.schemas import encode_groups

            self._put(encode_groups.groups(found, tried, unknown))
            return
        from ._groups import print_groups

        print_groups(found, tried, unknown)

    def _put(self, value: Any) -> None:
        if self._lines:
            put_line(value)
        else:
            self._whole.append(value)

    def close(self) -> None:
        """Prints what `--json` gathered: one value, a list of several."""
        if self._whole:
            put_json(self._whole[0] if len(self._whole) == 1 else self._whole)


def _refuse(grouper: str, together: bool, what_if: bool, purpose: str | None, without: object, having: object) -> None:
    if grouper.lower() in PROPRIETARY:
        raise InputError(
            f"{PROPRIETARY[grouper.lower()]} is proprietary and not offered: its owner licenses it. MS-DRG is: leave "
            "--grouper out."
        )
    if grouper.lower() != "ms":
        raise InputError("--grouper takes ms.")
    if not what_if and (purpose or without or having):
        raise InputError("--purpose, --without and --with go with --what-if.")
    if what_if:
        purpose_of(purpose)
    if what_if and together:
        raise InputError("--what-if is of one encounter; leave --together out.")


def _models(given: list[str] | None) -> tuple[str, ...]:
    from leadterm.grouping import MODELS
    from leadterm.grouping.groups import ASKED

    words = {name.lower(): name for name in MODELS}
    for name in given or ():
        if name.lower() not in words:
            raise InputError(f"--model takes one of: {', '.join(MODELS)}.")
    return tuple(dict.fromkeys(words[name.lower()] for name in given)) if given else ASKED


def _each(found: Iterable[Subject], book: CodeBook, asked: _Asked, out: _Out) -> int:
    from leadterm.grouping import groups_of

    worst = 0
    for one in found:
        if one.coded is None:
            out.bad(one)
            worst = 1
            continue
        unknown = _unknown([one.coded], book)
        try:
            out.answer(groups_of(one.coded, book, asked.member, asked.models), _tried(one.coded, book, asked), unknown)
        except InputError as error:
            if not one.is_row:
                raise
            out.bad(replace(one, error=str(error)))
            worst = 1
        worst = max(worst, int(bool(unknown)))
    return worst


def _tried(coded: CodedEncounter, book: CodeBook, asked: _Asked) -> WhatIf | None:
    from leadterm.grouping import what_if

    if asked.tried is None:
        return None
    told = asked.tried
    return what_if(
        coded,
        book,
        purpose=told.purpose,
        without=told.without,
        having=told.having,
        member=asked.member,
        model=asked.models[0],
    )


def _together(found: Iterable[Subject], book: CodeBook, asked: _Asked, out: _Out) -> int:
    from leadterm.grouping import groups_together

    years: dict[int | None, list[CodedEncounter]] = {}
    worst = 0
    for one in found:
        if one.coded is None:
            out.bad(one)
            worst = 1
            continue
        day = one.coded.on or one.coded.encounter.controlling_date
        years.setdefault(day.year if day else None, []).append(one.coded)
    for year in sorted(years, key=lambda y: y or 0):
        unknown = _unknown(years[year], book)
        out.answer(groups_together(years[year], asked.member, asked.models), None, unknown)
        worst = max(worst, int(bool(unknown)))
    return worst


def _unknown(encounters: Iterable[CodedEncounter], book: CodeBook) -> tuple[str, ...]:
    """The diagnoses and procedures that no installed release has, in the order of the charts."""
    from leadterm.domain import CodeSystem, Status

    grouped = (CodeSystem.ICD10CM, CodeSystem.ICD10PCS)
    codes = (a.code for one in encounters for a in one.assignments if a.status is not Status.REJECTED)
    return tuple(str(c) for c in dict.fromkeys(codes) if c.system in grouped and book.lookup(c) is None)
