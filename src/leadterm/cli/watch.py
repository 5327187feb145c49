"""`leadterm watch`: codes what arrives in a folder, once each."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError

from ._options import Age, ClaimType, Setting, Sex
from ._out import open_book, put_line, say
from .chart import day_of, overrides_of
from .validate import Criteria, Rules

if TYPE_CHECKING:
    from leadterm.app.watching import Event, Inbox


def watch(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that charts arrive in.")],
    out: Annotated[Path | None, typer.Option(help="Where results go; else beside the charts.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Code what is there, then end.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.05)] = 2.0,
    settle: Annotated[
        float, typer.Option(help="Seconds for which a file keeps its size and time before it is taken.", min=0)
    ] = 2.0,
    move: Annotated[Path | None, typer.Option(help="Move charts there once they are coded.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Try files once more that failed before.")] = False,
    setting: Setting = None,
    claim_type: ClaimType = None,
    age: Age = None,
    sex: Sex = None,
    date: Annotated[str | None, typer.Option("--date", "--on", help="Controlling date of all, YYYY-MM-DD.")] = None,
    json: Annotated[
        bool, typer.Option("--json", "--jsonl", help="One JSON object a file, leadterm.watched/1.")
    ] = False,
    rules: Rules = None,
    criteria: Criteria = None,
) -> int:
    """Code what arrives in a folder, once each: NAME.coded.json for every chart, and what late documents change.

    Results that are there are never made twice, also not after a crash: a ledger beside them knows what was coded.
    Ctrl-C ends after the file at hand. Example: leadterm watch inbox --out coded
    """
    from leadterm.app.settings import edit_options, policy
    from leadterm.app.watching import Arrivals, Inbox, watching
    from leadterm.pipeline import Coder

    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    if move and move.resolve() == folder.resolve():
        raise InputError("--move takes another folder than the one that is watched.")
    overrides = overrides_of(setting, claim_type, age, sex, None)
    coder = Coder(open_book(), day_of(date), policy=policy(), options=edit_options(rules, criteria))
    results = out or folder
    with watching(results), _ending() as ended:
        inbox = Inbox(coder, Arrivals(folder, settle, time.time), results, overrides, move=move, again=again)
        if not json:
            say(f"leadterm: watching {folder}; results go to {results}. Ctrl-C ends.")
        return _looking(inbox, ended, every=every, once=once, json=json)


def _looking(inbox: Inbox, ended: Flag, *, every: float, once: bool, json: bool) -> int:
    """Looks until the end; 1 where a file failed or an error stands on a chart."""
    worst = 0
    while True:
        for event in inbox.look(ended.is_set):
            worst = max(worst, _told(event, json=json))
        if ended.is_set() or (once and not inbox.waiting):
            return worst
        ended.wait(every)


def _told(event: Event, *, json: bool) -> int:
    if json:
        put_line(_json(event))
    elif event.error:
        print(f"{event.file}: not coded. {event.error}", flush=True)
    elif event.same_as:
        print(f"{event.file}: the same as {event.same_as}", flush=True)
    else:
        for chart in event.charts:
            errors = f", {chart.errors} errors" if chart.errors else ""
            changed = f"; what changed: {chart.recoding}" if chart.recoding else ""
            count = "1 code" if chart.codes == 1 else f"{chart.codes} codes"
            print(f"{event.file}: {count}{errors} → {chart.out}{changed}", flush=True)
    return int(bool(event.error) or any(chart.errors for chart in event.charts))


def _json(event: Event) -> dict[str, object]:
    names = ("id", "out", "recoding", "codes", "errors")
    return {
        "schema": "leadterm.watched/1",
        "file": event.file,
        "outcome": str(event.outcome),
        "charts": [{name: getattr(chart, name) for name in names} for chart in event.charts],
        "same_as": event.same_as,
        "error": event.error,
    }


@contextmanager
def _ending() -> Iterator[Flag]:
    """A flag that an interrupt or a request to end raises; a second one ends at once."""
    flag = Flag()

    def end(number: int, _frame: object) -> None:
        if flag.is_set():
            raise KeyboardInterrupt
        flag.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield flag
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
