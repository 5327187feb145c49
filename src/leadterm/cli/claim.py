"""`leadterm claim build`: from a coded encounter, or a chart with its encounter, to a claim that is checked."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from leadterm.domain import Claim, CodedEncounter, Encounter, InputError

from ._claims import read
from ._out import json_bytes, open_book, put_bytes, put_json, put_line, say, write_whole
from .validate import Rules, read_subject

claim = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Claims: build, read, submit, follow.")
FORMATS = ("837p", "json", "fhir", "dft")


@claim.command("build")
def build(
    file: Annotated[str, typer.Argument(help="A coded encounter (JSON), or a chart together with --encounter.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write it; else standard output.")] = None,
    format: Annotated[str, typer.Option("--format", help="837p, json, fhir or dft.")] = "837p",
    encounter: Annotated[Path | None, typer.Option(help="Encounter JSON that goes with a chart's text.")] = None,
    claim_id: Annotated[
        str | None, typer.Option(help="Claim number, 1 to 20 letters and digits; else from the account.")
    ] = None,
    control: Annotated[
        int, typer.Option(help="Control number of the interchange or message.", min=1, max=999_999_999)
    ] = 1,
    submitter: Annotated[
        str, typer.Option(help="Submitter id (ISA06), else the billing NPI; dft: APPLICATION/FACILITY.")
    ] = "",
    receiver: Annotated[
        str, typer.Option(help="Receiver id (ISA08), else the payer's; dft: APPLICATION/FACILITY.")
    ] = "",
    production: Annotated[
        bool, typer.Option("--production", help="Mark it P (production) instead of T (test).")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Findings as one JSON value on standard output (needs --out).")
    ] = False,
    rules: Rules = None,
) -> int:
    """Build a claim, check it, and write it as 837P (005010X222A1), as JSON, or with its coding as a FHIR R4 Bundle.

    With dft no claim is made: what was coded and its charges become an HL7 v2 message DFT^P03, for a hospital's stay
    too.

    Nothing is written while an error stands: fix it, or override the finding with a reason in the coded encounter.

    Examples: leadterm claim build visit.coded.json --out visit.837 ·
    leadterm claim build visit.txt --encounter visit.json --format json ·
    leadterm claim build stay.coded.json --format dft --submitter CODING/ELM --receiver BILLING/ELM
    """
    from leadterm.app.settings import edit_options
    from leadterm.claims.hl7v2 import write_dft
    from leadterm.pipeline import build_claim, check_posted
    from leadterm.schemas import encode

    if format not in FORMATS:
        raise InputError(f"--format takes one of: {', '.join(FORMATS)}.")
    if json and out is None:
        raise InputError("--json prints the findings, so the claim needs a file: add --out FILE.")
    book, options = open_book(), edit_options(rules)
    coded = _coded(file, encounter, book)
    made, findings = (
        (None, check_posted(coded, book, options)) if format == "dft" else build_claim(coded, book, claim_id, options)
    )
    standing = [f for f in findings if f.stands]
    if json:
        put_json(encode.findings(made.id if made else coded.encounter.id, findings))
    else:
        for f in findings:
            say(f"{f.severity.value}: {f.message}" + (f" {f.fix}" if f.fix else ""))
    if standing:
        errors = "1 error stands" if len(standing) == 1 else f"{len(standing)} errors stand"
        say(f"leadterm: {errors}; no claim was written.")
        return 1
    if made is None:
        content = write_dft(coded, control, datetime.now(UTC), submitter, receiver, production=production)
    elif format == "fhir":
        content = _bundle(coded, made)
    else:
        content = _content(made, format, control, submitter, receiver, production)
    if out is not None:
        write_whole(out, content)
        say(f"Wrote {out}.")
    else:
        put_bytes(content)
    return 0


claim.command("read")(read)


@claim.command("submit")
def submit(
    files: Annotated[list[str], typer.Argument(help="Claims as JSON (leadterm.claim/1); - for standard input.")],
    on: Annotated[str | None, typer.Option("--on", help="Day of submission, YYYY-MM-DD; else today.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON value (leadterm.submission/1).")] = False,
) -> int:
    """Note claims as submitted: check them, keep them, and charge the ledger, so that answers find them.

    A claim with errors is refused (exit 1) and the try is kept: the rate of clean claims counts first tries. Sending
    the file to the payer is your clearinghouse's work.

    Example: leadterm claim build visit.coded.json --format json --out c1.json; leadterm claim submit c1.json
    """
    from leadterm.app.sending import submit as submitted
    from leadterm.app.settings import edit_options
    from leadterm.schemas import encode_ledger

    from ._ledger import database, day

    when, book, options = day(on, "--on"), open_book(), edit_options()
    with database() as kept:
        made = [submitted(kept, _claim(name), book, when, options=options) for name in files]
    if json:
        put_json(encode_ledger.submissions(made))
    else:
        from .plain import print_findings

        words = {"submitted": "submitted", "twice": "was submitted before", "refused": "refused: errors stand"}
        for one in made:
            print(f"{one.claim}: {words[one.outcome]}")
            print_findings(one.findings)
    return int(any(one.outcome == "refused" for one in made))


def _claim(name: str) -> Claim:
    subject = read_subject(name)
    if not isinstance(subject, Claim):
        raise InputError(f"{name} is a coded encounter; make a claim of it first (`claim build --format json`).")
    return subject


@claim.command("status")
def status(
    number: Annotated[str | None, typer.Argument(help="Number of a claim (CLM01); none lists all.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day to look from, YYYY-MM-DD; else today.")] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON: one value for a claim, one line each for all.")] = False,
) -> int:
    """Show what is owed on a claim and every ledger entry behind it, or one line for each claim.

    Examples: leadterm claim status · leadterm claim status CLM0001 --as-of 2026-06-30
    """
    from leadterm.app import figures
    from leadterm.schemas import encode_ledger

    from . import money
    from ._ledger import database, day

    on = day(as_of, "--as-of")
    with database() as kept:
        if number is None:
            accounts = figures.accounts(kept, on)
            if not json:
                money.print_accounts(accounts)
            for one in accounts if json else ():
                put_line(encode_ledger.account(one, ()))
            return 0
        found, entries = figures.account(kept, number, on)
    if json:
        put_json(encode_ledger.account(found, entries))
    else:
        money.print_account(found, entries)
    return 0


def _coded(file: str, encounter: Path | None, book: Any) -> CodedEncounter:
    if encounter is None:
        subject = read_subject(file)
        if not isinstance(subject, CodedEncounter):
            raise InputError("This is a claim already; give the coded encounter that it comes from.")
        return subject
    from leadterm.pipeline import Coder
    from leadterm.records import Overrides, read_charts, read_encounter

    overrides = Overrides(encounter=read_encounter(encounter))
    charts = read_charts(None if file == "-" else Path(file), sys.stdin.buffer, overrides)
    first, more = next(charts).content, next(charts, None)
    if more is not None or not isinstance(first, Encounter):
        raise InputError("A claim is built from one chart at a time.")
    return Coder(book).code(first)


def _bundle(coded: CodedEncounter, made: Claim) -> bytes:
    """What was coded and its claim, as a FHIR Bundle."""
    from leadterm.claims.fhir import coded_bundle, dumps

    return dumps(coded_bundle(coded, datetime.now(UTC), made)).encode() + b"\n"


def _content(made: Claim, format: str, control: int, submitter: str, receiver: str, production: bool) -> bytes:
    if format == "json":
        from leadterm.schemas import encode

        return json_bytes(encode.claim(made))
    from leadterm.pipeline import interchange

    return interchange(made, control, datetime.now(UTC), submitter, receiver, production=production)
