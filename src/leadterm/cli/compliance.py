"""`leadterm compliance`: signals over claims, the case files that they open, and the clock of overpayments."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError, parse_date

from ._ledger import database, day, opened, progress, today
from ._out import open_book, put_json, put_line, say

if TYPE_CHECKING:
    from leadterm.app.compliance import Case, Compliance
    from leadterm.app.scanning import Scan
    from leadterm.compliance.casefile import Action, Evidence
    from leadterm.domain import Signal

compliance = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Compliance: signals worth a look, case files, the clock of overpayments.",
)
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="Id of the case file, or of its signal (sg-…).")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; else the name of the machine's account.")]
On = Annotated[str | None, typer.Option("--on", "--as-of", help="The day to look from, YYYY-MM-DD; else today.")]
BLOCK = 1 << 20
Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]


# --- signals ---


@compliance.command("scan")
def scan(
    files: Annotated[
        list[str],
        typer.Argument(
            help="Claims (leadterm.claim/1 as JSON or jsonl, X12 837) and coded encounters; - for standard input."
        ),
    ],
    start: Annotated[str | None, typer.Option("--from", help="First day of the period; else the data's first.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day of the period; else the data's last.")] = None,
    save: Annotated[bool, typer.Option("--save", help="Open a case file for each signal that has none.")] = False,
    by: By = None,
    json: Json = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One signal a line.")] = False,
) -> int:
    """Look over claims and coded encounters of a period for what differs from peers, the past or the clock.

    What it finds are signals, never accusations: each has its statistic, threshold, denominator and source, and says
    what would explain it. Thresholds are set in leadterm.toml ([signals.em-levels] smallest = 50). Give the period, so
    that the same signal has the same id when you scan again.

    Examples: leadterm compliance scan claims.837 --from 2026-01-01 --to 2026-03-31 ·
    leadterm compliance scan claims.jsonl notes.coded.jsonl --from 2026-01-01 --to 2026-12-31 --save --by "J. Rivera"
    """
    from leadterm.schemas import encode_compliance as encode

    found = _scanned(files, start, end)
    if save:
        with at_work() as work:
            for line in _opened(work.open_all(found.signals, by or _account())):
                say(line)
    for place, sentence in found.bad:
        say(f"{place}: {sentence}")
    if jsonl:
        for one in found.signals:
            put_line(encode.signal(one))
    elif json:
        seen = {"claims": found.claims, "encounters": found.encounters}
        put_json(encode.signals(found.period, found.signals, seen, found.tested))
    else:
        from ._compliance import print_scan

        print_scan(found)
    return int(bool(found.bad))


def _scanned(files: Iterable[str], start: str | None, end: str | None) -> Scan:
    from leadterm.app.scanning import Scanner

    days = (parse_date(start, "--from") if start else None), (parse_date(end, "--to") if end else None)
    scanner = Scanner(open_book(), *days)
    for name in files:
        path = None if name == "-" else Path(name)
        size = path.stat().st_size if path and path.is_file() else 0
        with progress(f"Looking over {path.name if path else 'standard input'}", size) as bar:
            scanner.file(path, sys.stdin.buffer, bar)
    return scanner.done()


@compliance.command("open")
def open_(
    file: Annotated[str, typer.Argument(help="Signals that `scan --json` or --jsonl wrote; - for standard input.")],
    signal: Annotated[
        list[str] | None, typer.Option("--signal", help="Of this signal only (its id); may be given again.")
    ] = None,
    by: By = None,
    json: Json = False,
) -> int:
    """Open a case file for each signal of a file. A signal has one: opened again, it is the one that is there.

    Example: leadterm compliance open signals.json --signal sg-0123456789abcdef --by "J. Rivera"
    """
    found = list(_signals(file))
    if missing := set(signal or ()) - {one.id for one in found}:
        raise InputError(f"The file has no signal {', '.join(sorted(missing))}.")
    wanted = [one for one in found if not signal or one.id in signal]
    with at_work() as work:
        made = work.open_all(wanted, by or _account())
    if json:
        _put([case for case, _ in made], today().isoformat())
    else:
        for line in _opened(made):
            print(line)
    return 0


def _signals(file: str) -> Iterator[Signal]:
    from leadterm.schemas import decode_signals

    from ._coded import values

    with opened(file) as handle:
        for _, value in values(file, handle):
            whole = isinstance(value, dict) and "schema" in value
            yield from decode_signals.signals(value) if whole else [decode_signals.signal(value)]


# --- case files ---


@compliance.command("list")
def list_(
    status: Annotated[
        str | None, typer.Option(help="Of one status: open, assigned, investigating, awaiting, closed.")
    ] = None,
    assigned: Annotated[str | None, typer.Option(help="Of one person only.")] = None,
    on: On = None,
    json: Json = False,
) -> int:
    """List the case files, newest first, each with its deadline where an overpayment was identified.

    Examples: leadterm compliance list · leadterm compliance list --status investigating --assigned "A. Chen"
    """
    from leadterm.compliance.casefile import Status

    from ._out import choice

    wanted = choice(status, Status, "status", list(Status))
    with at_work() as work:
        found = [c for c in work.cases(wanted) if assigned is None or c.file.assigned == assigned]
    if json:
        _put(found, on)
    else:
        from ._compliance import print_cases

        print_cases(found, day(on, "--on"))
    return 0


@compliance.command("show")
def show(case: CaseName, on: On = None, json: Json = False) -> int:
    """Show a case file: its signal, how it stands, its clock, and everything that was done.

    Example: leadterm compliance show sg-0123456789abcdef
    """
    with at_work() as work:
        answer(work.case(case), on, json=json)
    return 0


@compliance.command("assign")
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


@compliance.command("status")
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


@compliance.command("note")
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


@compliance.command("evidence")
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


@compliance.command("concern")
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


@compliance.command("close")
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
    money = Money.parse(amount) if amount is not None else None
    return act(case, [Close(Disposition(disposition), reason, money)], by, json=json)


@compliance.command("reopen")
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


@compliance.command("undo")
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


# --- what they share ---


@contextmanager
def at_work() -> Iterator[Compliance]:
    """Case files over the database, closed again behind the block."""
    from leadterm.app.compliance import Compliance
    from leadterm.app.settings import people

    with database() as kept:
        yield Compliance(kept, people())


def _account() -> str:
    from leadterm.app.people import account_name

    return account_name()


def act(name: str, actions: Iterable[Action], by: str | None, *, json: bool, on: str | None = None) -> int:
    """Does actions on a case, all or none, and shows it after them."""
    with at_work() as work:
        answer(work.act_all(name, list(actions), by or _account()), on, json=json)
    return 0


def answer(case: Case, on: str | None, *, json: bool) -> None:
    """Nothing; the case is told."""
    if json:
        _put([case], on)
    else:
        from ._compliance import print_case

        print_case(case, day(on, "--on"))


def _put(cases: Iterable[Case], on: str | None) -> None:
    from leadterm.schemas import encode_compliance as encode

    put_json(encode.cases(day(on, "--on"), cases))


def _opened(made: Iterable[tuple[Case, bool]]) -> Iterator[str]:
    for case, new in made:
        yield f"{case.id}  {case.signal.id}  {'opened' if new else 'is there already'}"
