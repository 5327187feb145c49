"""`leadterm claim build`: from a coded encounter, or a chart with its encounter, to a claim that is checked."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from leadterm.domain import Claim, CodedEncounter, Encounter, InputError

from ._out import json_bytes, open_book, put_bytes, put_json, say, write_whole
from .chart import read_subject

claim = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Claims: build them from coded encounters.")
FORMATS = ("837p", "json")


@claim.command("build")
def build(
    file: Annotated[str, typer.Argument(help="A coded encounter (JSON), or a chart together with --encounter.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write it; else standard output.")] = None,
    format: Annotated[str, typer.Option("--format", help="837p or json.")] = "837p",
    encounter: Annotated[Path | None, typer.Option(help="Encounter JSON that goes with a chart's text.")] = None,
    claim_id: Annotated[
        str | None, typer.Option(help="Claim number, 1 to 20 letters and digits; else from the account.")
    ] = None,
    control: Annotated[int, typer.Option(help="Control number of the interchange.", min=1, max=999_999_999)] = 1,
    submitter: Annotated[str, typer.Option(help="Submitter id (ISA06); else the billing provider's NPI.")] = "",
    receiver: Annotated[str, typer.Option(help="Receiver id (ISA08); else the payer's id.")] = "",
    production: Annotated[
        bool, typer.Option("--production", help="Mark it P (production) instead of T (test).")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Findings as one JSON value on standard output (needs --out).")
    ] = False,
) -> int:
    """Build a claim, check it, and write it as 837P (005010X222A1) or JSON.

    Nothing is written while an error stands: fix it, or override the finding with a reason in the coded encounter.

    Examples: leadterm claim build visit.coded.json --out visit.837 ·
    leadterm claim build visit.txt --encounter visit.json --format json
    """
    from leadterm.pipeline import build_claim
    from leadterm.schemas import encode

    if format not in FORMATS:
        raise InputError(f"--format takes one of: {', '.join(FORMATS)}.")
    if json and out is None:
        raise InputError("--json prints the findings, so the claim needs a file: add --out FILE.")
    book = open_book()
    made, findings = build_claim(_coded(file, encounter, book), book, claim_id)
    standing = [f for f in findings if f.stands]
    if json:
        put_json(encode.findings(made.id, findings))
    else:
        for f in findings:
            say(f"{f.severity.value}: {f.message}" + (f" {f.fix}" if f.fix else ""))
    if standing:
        errors = "1 error stands" if len(standing) == 1 else f"{len(standing)} errors stand"
        say(f"leadterm: {errors}; no claim was written.")
        return 1
    content = _content(made, format, control, submitter, receiver, production)
    if out is not None:
        write_whole(out, content)
        say(f"Wrote {out}.")
    else:
        put_bytes(content)
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


def _content(made: Claim, format: str, control: int, submitter: str, receiver: str, production: bool) -> bytes:
    if format == "json":
        from leadterm.schemas import encode

        return json_bytes(encode.claim(made))
    return interchange(made, control, submitter, receiver, production=production)


def interchange(
    made: Claim, control: int, submitter: str = "", receiver: str = "", *, production: bool = False
) -> bytes:
    """The 837P interchange of one claim, stamped with the present minute: the command line owns the clock."""
    from leadterm import claims

    now = datetime.now(UTC)
    return bytes(
        claims.write_837p([made], claims.envelope_for(made, control, now, submitter, receiver, production=production))
    )
