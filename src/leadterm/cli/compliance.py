"""`leadterm compliance`: signals over claims, and the case files that they open."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError, parse_date

from ._casework import By, CaseName, Json, On, account, answer, at_work, put_cases
from ._ledger import day, opened, progress, today
from ._out import open_book, put_json, put_line, say
from .money import counted

if TYPE_CHECKING:
    from leadterm.app.compliance import Case
    from leadterm.app.scanning import Scan
    from leadterm.domain import Signal

compliance = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Compliance: signals worth a look, case files, the clock of overpayments.",
)


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
            for line in _opened(work.open_all(found.signals, by or account())):
                say(line)
    for place, sentence in found.bad:
        say(f"{place}: {sentence}")
    if found.passed:
        passed = counted(found.passed, "claim")
        why = "outside the period, replacing or voiding others, without services, or without a provider number"
        say(f"Passed over: {passed} {why}.")
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
    if not found:
        say(f"{file} has no signal: there is nothing to open.")
    wanted = [one for one in found if not signal or one.id in signal]
    with at_work() as work:
        made = work.open_all(wanted, by or account())
    if json:
        put_cases([case for case, _ in made], today().isoformat())
    else:
        for line in _opened(made):
            print(line)
    return 0


def _signals(file: str) -> Iterator[Signal]:
    from leadterm.schemas import decode_signals

    from ._coded import values

    with opened(file) as handle:
        for _, value in values(file, handle):
            if not isinstance(value, dict) or not {"schema", "kind"} & value.keys():
                raise InputError(f"{file} holds no signals; give what `leadterm compliance scan --json` wrote.")
            yield from decode_signals.signals(value) if "schema" in value else [decode_signals.signal(value)]


def _opened(made: Iterable[tuple[Case, bool]]) -> Iterator[str]:
    for case, new in made:
        yield f"{case.id}  {case.signal.id}  {'opened' if new else 'is there already'}"


# --- case files ---


@compliance.command("list")
def list_(
    status: Annotated[
        str | None, typer.Option(help="Of one status: open, assigned, investigating, awaiting, closed.")
    ] = None,
    assigned: Annotated[str | None, typer.Option(help="Of one person only.")] = None,
    kind: Annotated[str | None, typer.Option(help="Of one kind of signals only, as em-levels.")] = None,
    on: On = None,
    json: Json = False,
) -> int:
    """List the case files, newest first, each with its deadline where an overpayment was identified.

    Examples: leadterm compliance list · leadterm compliance list --status investigating --assigned "A. Chen" ·
    leadterm compliance list --kind em-levels
    """
    from leadterm.compliance.casefile import Status
    from leadterm.compliance.signals import signal_rules

    from ._out import choice

    if kind is not None and kind not in signal_rules():
        raise InputError(f"--kind takes one of: {', '.join(signal_rules())}.")

    wanted = choice(status, Status, "status", list(Status))
    with at_work() as work:
        found = [
            case
            for case in work.cases(wanted)
            if assigned in (None, case.file.assigned) and kind in (None, case.signal.kind)
        ]
    if json:
        put_cases(found, on)
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
