"""`leadterm claim read`: the claims of an 837, as people read them and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import Claim, Finding, Severity

from ._ledger import opened, progress
from ._out import put_line, say
from ._parts import Watch, put_pieces, size_of

if TYPE_CHECKING:
    from leadterm.claims import Part, ReadClaim

# Claims and findings that are shown without --all.
SHOWN = 20
CENTS_WIDTH = 14


def read(
    file: Annotated[
        str,
        typer.Argument(help="An 837 (005010X222A1 or 005010X223A2); - for standard input."),
    ],
    json: Annotated[bool, typer.Option("--json", help="One JSON value (leadterm.claims/1).")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One claim a line (leadterm.claim/1).")] = False,
    every: Annotated[bool, typer.Option("--all", help=f"Show every claim, not the first {SHOWN}.")] = False,
) -> int:
    """Read claims: every claim of an 837, and what is wrong with the form of the file.

    Exit 1 when something is. Whether the codes are right, `leadterm validate` says. With --jsonl a claim that cannot be
    read is an object with `id` and `error` in its place, and the findings go to standard error.

    Examples: leadterm claim read batch.837 · leadterm claim read batch.837 --jsonl > claims.jsonl
    """
    from leadterm.pipeline import read_claims
    from leadterm.schemas.encode_claims import claims_pieces

    with opened(file) as source, progress("Reading", size_of(source)) as bar:
        watched = Watch(read_claims(source), source, bar)
        if json:
            put_pieces(claims_pieces(watched))
        elif jsonl:
            _put_lines(watched)
        else:
            _show(watched, every=every)
    return int(watched.errors > 0)


def _put_lines(parts: Iterable[Part]) -> None:
    from leadterm.schemas.encode_claim import claim

    for part in parts:
        for f in (part,) if isinstance(part, Finding) else part.findings:
            say(_sentence(f))
        if isinstance(part, Finding):
            continue
        if part.claim is None:
            words = " ".join(f.message for f in part.findings if f.severity is Severity.ERROR)
            put_line({"id": part.number, "error": words})
        else:
            put_line(claim(part.claim))


def _show(parts: Iterable[Part], *, every: bool) -> None:
    most = sys.maxsize if every else SHOWN
    count = lines = told = 0
    findings: list[Finding] = []
    for part in parts:
        found = (part,) if isinstance(part, Finding) else part.findings
        told += len(found)
        findings += found[: most - len(findings)]
        if isinstance(part, Finding):
            continue
        count += 1
        lines += len(part.claim.lines) if part.claim else 0
        if count <= most:
            print(_line(part))
    _print_end(count, most, lines)
    for one in findings:
        print(_sentence(one))
    if told > len(findings):
        print(f"{told - len(findings)} more findings: --all or --json has them.")


def _line(read: ReadClaim) -> str:
    """One line for a claim."""
    if read.claim is None:
        return f"{read.number:<20} could not be read (segment {read.place.position})"
    return f"{read.number:<20} {_summary(read.claim)}"


def _summary(claim: Claim) -> str:
    first = claim.diagnoses[0].code.value if claim.diagnoses else "no diagnosis"
    days = _days(claim)
    count = f"{len(claim.lines)} line" + ("" if len(claim.lines) == 1 else "s")
    return f"{claim.claim_type.value:<13} {days:<24} {first:<9} {count:<10} {claim.total!s:>{CENTS_WIDTH}}"


def _days(claim: Claim) -> str:
    start = min((line.start for line in claim.lines), default=None)
    end = max((line.end for line in claim.lines), default=None)
    if start is None:
        return "no day"
    return f"{start}" if start == end else f"{start} to {end}"


def _print_end(count: int, most: int, lines: int) -> None:
    if count > most:
        print(f"… and {count - most} more claims: --all shows them.")
    print(f"{count} claim{'' if count == 1 else 's'}, {lines} line{'' if lines == 1 else 's'}.")


def _sentence(found: Finding) -> str:
    at = found.location or {}
    where = [f"{name} {at[name]}" for name in ("claim", "line", "position") if at.get(name) is not None]
    place = f" ({', '.join(where).replace('position', 'segment')})" if where else ""
    return f"{found.severity.value}: {found.message}{place}{f' {found.fix}' if found.fix else ''}"
