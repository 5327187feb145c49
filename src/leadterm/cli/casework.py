"""`leadterm compliance assign`, `note`, `close`, …: what a person does on a case file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError

from ._casework import By, CaseName, Json, act
from ._ledger import opened

if TYPE_CHECKING:
    from leadterm.compliance.casefile import Evidence

BLOCK = 1 << 20


def assign(
    case: CaseName,
    person: Annotated[str | None, typer.Argument(help="Who works it.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Take the assignment back.")] = False,
    by: By = None,
    json: Json = False,
) -> int:
    """Give a case to a person, or take it back. Nobody works a case that is about them.

    Examples: leadterm compliance assign sg-0123456789abcdef "A. Chen" ·
    leadterm compliance assign sg-0123456789abcdef --nobody
    """
    from leadterm.compliance.casefile import Assign

    if nobody == (person is not None):
        raise InputError("Name a person, or say --nobody.")
    return act(case, [Assign(person)], by, json=json)


def status(
    case: CaseName,
    to: Annotated[str, typer.Argument(help="assigned, investigating or awaiting; open has no assignee.")],
    by: By = None,
    json: Json = False,
) -> int:
    """Say how far a case has come; `close` and `reopen` do the rest.

    Example: leadterm compliance status sg-0123456789abcdef investigating
    """
    from leadterm.compliance.casefile import Move, Status

    if to not in list(Status):
        raise InputError(f"A case is one of: {', '.join(Status)}.")
    return act(case, [Move(Status(to))], by, json=json)


def note(
    case: CaseName,
    text: Annotated[str, typer.Argument(help="What to remember: no words of a chart; name documents as evidence.")],
    by: By = None,
    json: Json = False,
) -> int:
    """Add a note to a case.

    Example: leadterm compliance note sg-0123456789abcdef "Asked the practice for its new patients of March"
    """
    from leadterm.compliance.casefile import Note

    return act(case, [Note(text)], by, json=json)


def evidence(
    case: CaseName,
    claim: Annotated[list[str] | None, typer.Option("--claim", help="Number of a claim; may be given again.")] = None,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", help="ID=FILE: a document's id and its text, of which the digest is kept."),
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="A file, kept by name and digest; may be given again.")
    ] = None,
    by: By = None,
    json: Json = False,
) -> int:
    """Name what was looked at: claims, documents, files. They are named and never copied.

    Examples: leadterm compliance evidence sg-0123456789abcdef --claim CLM0001 --claim CLM0002 ·
    leadterm compliance evidence sg-0123456789abcdef --document note-7=note-7.txt --file audit.xlsx
    """
    from leadterm.compliance.casefile import Attach

    found = list(_evidence(claim or (), document or (), file or ()))
    if not found:
        raise InputError("Name a --claim, a --document or a --file.")
    return act(case, [Attach(one) for one in found], by, json=json)


def _evidence(claims: Iterable[str], documents: Iterable[str], files: Iterable[Path]) -> Iterator[Evidence]:
    from leadterm.compliance.casefile import Evidence, EvidenceKind

    yield from (Evidence(EvidenceKind.CLAIM, name) for name in claims)
    for written in documents:
        name, given, path = written.partition("=")
        if not given:
            raise InputError("--document takes ID=FILE: the document's id and a file with its text.")
        yield Evidence(EvidenceKind.DOCUMENT, name, _digest(Path(path)))
    yield from (Evidence(EvidenceKind.FILE, path.name, _digest(path)) for path in files)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with opened(str(path)) as handle:
        while block := handle.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def concern(
    case: CaseName,
    person: Annotated[str, typer.Argument(help="Name or provider number of a person whom the case is about.")],
    by: By = None,
    json: Json = False,
) -> int:
    """Name a person whom the case is about, beside the provider of its signal: they cannot work it.

    Example: leadterm compliance concern sg-0123456789abcdef "M. Lopez"
    """
    from leadterm.compliance.casefile import Concern

    return act(case, [Concern(person)], by, json=json)


def close(
    case: CaseName,
    disposition: Annotated[str, typer.Argument(help="no-issue, education, corrected-claims, refund, referred.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the case.")],
    amount: Annotated[str | None, typer.Option("--amount", help="Of a refund, in dollars.")] = None,
    by: By = None,
    json: Json = False,
) -> int:
    """Close a case with a disposition and a reason.

    Examples: leadterm compliance close sg-0123456789abcdef no-issue --reason "A clinic for the sickest was opened" ·
    leadterm compliance close sg-0123456789abcdef refund --amount 1240.50 --reason "Eleven claims paid twice"
    """
    from leadterm.compliance.casefile import Close, Disposition
    from leadterm.domain import Money

    if disposition not in list(Disposition):
        raise InputError(f"A disposition is one of: {', '.join(Disposition)}.")
    money = Money.typed(amount) if amount is not None else None
    return act(case, [Close(Disposition(disposition), reason, money)], by, json=json)


def reopen(
    case: CaseName,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the case.")],
    by: By = None,
    json: Json = False,
) -> int:
    """Open a closed case again, and say why.

    Example: leadterm compliance reopen sg-0123456789abcdef --reason "The payer asked for the sample"
    """
    from leadterm.compliance.casefile import Reopen

    return act(case, [Reopen(reason)], by, json=json)


def undo(
    case: CaseName,
    number: Annotated[int, typer.Argument(help="Of the event, as `show` numbers it.")],
    by: By = None,
    json: Json = False,
) -> int:
    """Take an event back by a further one; both stay in the log.

    Example: leadterm compliance undo sg-0123456789abcdef 4
    """
    from leadterm.compliance.casefile import Undo

    return act(case, [Undo(number)], by, json=json)


COMMANDS: Mapping[str, Callable[..., int]] = {
    "assign": assign,
    "status": status,
    "note": note,
    "evidence": evidence,
    "concern": concern,
    "close": close,
    "reopen": reopen,
    "undo": undo,
}
