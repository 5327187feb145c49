"""`leadterm remit`: read what payers answered, and post it to the ledger."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import Finding, InputError, PaymentHeader, ProviderAdjustment, RemittedClaim

from ._ledger import database, opened, progress
from ._out import put_json, put_line, say
from ._parts import Watch, put_pieces, size_of

if TYPE_CHECKING:
    from leadterm.remittance import Part

remit = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Remittances: read an 835, post it.")
# Claims and lines that are shown of a payment without --all.
SHOWN = 20


@remit.command("read")
def read(
    file: Annotated[str, typer.Argument(help="An 835 (005010X221A1); - for standard input.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON value (leadterm.remittance/1).")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line: payment, claim or finding.")] = False,
    every: Annotated[
        bool, typer.Option("--all", help=f"Show every claim, not the first {SHOWN} of a payment.")
    ] = False,
) -> int:
    """Read a remittance: every payment, claim, line and adjustment, and whether the money adds up.

    Exit 1 when something does not: nothing is added to make it balance.

    Examples: leadterm remit read era.835 · leadterm remit read era.835 --json | jq .findings
    """
    from leadterm.remittance import read as parts_of
    from leadterm.schemas.encode_remittance import remittance_pieces

    with opened(file) as source, progress("Reading", size_of(source)) as bar:
        watched = Watch(parts_of(source), source, bar)
        if json:
            put_pieces(remittance_pieces(watched))
        elif jsonl:
            _put_lines(watched)
        else:
            _show(watched, every=every)
    return int(watched.errors > 0)


def _put_lines(parts: Iterable[Part]) -> None:
    from leadterm.schemas import encode_remittance as encode
    from leadterm.schemas.encode import finding

    trace = ""
    for part in parts:
        if isinstance(part, PaymentHeader):
            trace = part.trace
            put_line({"payment": encode.payment(part)})
        elif isinstance(part, RemittedClaim):
            put_line({"trace": trace, "claim": encode.remitted_claim(part)})
        elif isinstance(part, ProviderAdjustment):
            put_line({"trace": trace, "provider_adjustment": encode.provider_adjustment(part)})
        elif isinstance(part, Finding):
            put_line({"finding": finding(part)})


def _show(parts: Iterable[Part], *, every: bool) -> None:
    from leadterm.remittance import PaymentEnd

    from .money import print_claim, print_end, print_payment, print_provider_adjustment
    from .plain import print_findings

    shown = 0
    findings: list[Finding] = []
    most = sys.maxsize if every else 10 * SHOWN
    untold = 0
    for part in parts:
        if isinstance(part, PaymentHeader):
            shown = 0
            print_payment(part)
        elif isinstance(part, RemittedClaim):
            shown += 1
            if every or shown <= SHOWN:
                print_claim(part)
        elif isinstance(part, ProviderAdjustment):
            print_provider_adjustment(part)
        elif isinstance(part, Finding):
            untold += len(findings) >= most
            findings += [part] if len(findings) < most else []
        elif isinstance(part, PaymentEnd):
            hidden = 0 if every else max(shown - SHOWN, 0)
            print_end(part, hidden)
    print_findings(findings)
    if untold:
        print(f"{untold} more findings: --all or --json has them.")
    if not findings:
        print("Everything adds up.")


@remit.command("post")
def post(
    files: Annotated[list[str], typer.Argument(help="835 files; - for standard input.")],
    accept: Annotated[
        str | None, typer.Option("--accept", help="Post payments with errors too, for this reason (kept with them).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a file (leadterm.posting/1).")] = False,
) -> int:
    """Post remittances to the ledger: each payment once, whole or not at all.

    A payment that was posted before, in this file or another, is told and not posted again. One with errors is refused
    and the others of the file are posted (exit 1).

    Examples: leadterm remit post era.835 · leadterm remit post era.835 --accept "payer confirmed by phone, ref 4711"
    """
    from leadterm.app.posting import Posting
    from leadterm.app.posting import post as posted
    from leadterm.schemas import encode_ledger as encode

    if accept is not None and (not accept.strip() or not accept.isprintable()):
        raise InputError("--accept takes the reason why the payments may be posted as they are, in readable words.")
    answers: list[Posting] = []
    with database() as kept:
        for name in files:
            with opened(name) as source, progress("Posting", size_of(source)) as bar:
                answer = posted(kept, source, accept=accept, progress=bar)
            answers.append(answer)
            if json:
                value = encode.posting(answer.payments, answer.findings)
                put_json(value) if len(files) == 1 else put_line(value)
            else:
                _show_posting(name, answer)
    return int(any(a.refused for a in answers))


def _show_posting(name: str, answer: object) -> None:
    from leadterm.app.posting import Posting

    from .money import print_posting
    from .plain import print_findings

    assert isinstance(answer, Posting)
    print_posting(name, answer.payments)
    print_findings(answer.findings[:SHOWN])
    if len(answer.findings) > SHOWN:
        say(f"leadterm: {len(answer.findings) - SHOWN} more findings; --json has all of them.")
