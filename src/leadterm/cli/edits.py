"""`leadterm edits`: do these services go together, are their units likely, are they covered: codes typed, no claim."""

from __future__ import annotations

from typing import Annotated

import typer

from leadterm.domain import Code, CodeSystem, InputError, Patient, Sex, WrittenService

from ._ledger import day
from ._out import open_book, put_json

# Kinds of payers, as an encounter names them (contract: encounter/1).
PAYERS = ("medicare", "medicaid", "commercial", "bcbs", "hmo", "tricare", "workers-compensation", "self-pay", "other")


def edits(
    codes: Annotated[
        list[str], typer.Argument(help="Services with modifiers and units: 45385 45380-59 97110-GPx3 00840-AAx95m.")
    ],
    on: Annotated[str | None, typer.Option("--on", "--date", help="Day of service, YYYY-MM-DD; else today.")] = None,
    dx: Annotated[
        list[str] | None, typer.Option(help="A diagnosis that every line points to; again for more, in order.")
    ] = None,
    outpatient: Annotated[
        bool, typer.Option("--outpatient", help="A hospital's outpatient claim; else a practitioner's.")
    ] = False,
    payer: Annotated[str, typer.Option(help="medicare, medicaid, commercial, …: who is asked.")] = "medicare",
    place: Annotated[str | None, typer.Option(help="Place of service, 11.")] = None,
    age: Annotated[int | None, typer.Option(help="Of the patient, in years.")] = None,
    sex: Annotated[str | None, typer.Option(help="F or M.")] = None,
    state: Annotated[
        str | None, typer.Option(help="Where it was given, NY: the coverage policies of its contractor decide.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> int:
    """Check services of one patient, provider and day: NCCI pairs, units, add-on codes, fee schedule, coverage.

    What is found is what the installed tables say; which tables are not installed is said. A modifier is added for a
    reason that the record documents, never because it is named here.

    Examples: leadterm edits 45385 45380 · leadterm edits 20610-RTx2 99213 --on 2026-05-14 --dx M17.11 ·
    leadterm edits 80053 80048 --outpatient --json · leadterm edits 95811 --dx G47.33 --state NY
    """
    from leadterm import pipeline
    from leadterm.claims import claim_of_services
    from leadterm.schemas import encode

    if payer not in PAYERS:
        raise InputError(f"A payer is one of {', '.join(PAYERS)}.")
    if sex is not None and sex.upper() not in set(Sex):
        raise InputError("Sex is F, M or U.")
    claim = claim_of_services(
        [WrittenService.parse(code) for code in codes],
        day(on, "--on"),
        diagnoses=[Code.parse(code, CodeSystem.ICD10CM) for code in dx or ()],
        outpatient=outpatient,
        payer=payer,
        place=place,
        patient=Patient(age=age, sex=Sex(sex.upper()) if sex else Sex.UNKNOWN),
        state=state,
    )
    found = pipeline.check_services(claim, open_book())
    if json:
        put_json(encode.findings(claim.id, found))
    else:
        from .plain import print_findings

        print_findings(found)
        if not found:
            print("Nothing to remark.")
    return int(any(f.stands for f in found))
