"""Works at a desk over several charts in children that are killed, each at a random moment.

    python -m app.rider HOME URL ORGANISATION --kills 100 --actions 1000 --seed 1 [--early]

A child is a fork of this process, which holds the code book. After `act` returned it says so on a pipe: the chart, the
number, kind and time of the line, and the codes. With `--early` it says so before the transaction is committed: the
control, which must be found out. Prints as JSON what was acknowledged and what is not there afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from desk.notation import codes
from desk.steps import KINDS, MADE
from leadterm.app.desk import Desk, Opened
from leadterm.app.opened import entry_of
from leadterm.codesets import CodeBook, open_book
from leadterm.desk import Accept, Timeline
from leadterm.domain import InputError
from leadterm.storage import charts as kept
from leadterm.storage import open_database
from leadterm.storage.tables import charts

from .desks import CODER, at_desk, encounter, looked

CHARTS = ("E11.22 N18.31 I10 99213>1,2 rec:36415 q:x/N18.9", "S52.501A I10 0TJB8ZZ", "I10 rec:97110 rec:97110")
ANEW = ("D63.1 I10=Y E11.22", "I10 N18.31 99213>1", CHARTS[0])
# A child is at work for up to so many times what an action takes, so that some ten are done before it dies.
LIFE = 60
# How many charts a child works on, and how often it opens another.
AT_ONCE, SELDOM = 3, 0.02
# What a slow disk takes between what is written and what is committed, for the control.
SLOW = 0.01
# A chart, the number, kind and time of a line (of an opening, 0), and the codes after it where the child knew them.
Said = tuple[str, int, str, str, str]


def at(arguments: argparse.Namespace, book: CodeBook) -> Desk:
    return at_desk(open_database(arguments.home, arguments.url, arguments.organisation), book)


def work(desk: Desk, chance: random.Random, say: Callable[..., None]) -> None:
    """Acts until it is killed."""
    names = [c.id for c in desk.queue()]
    names = chance.sample(names, min(AT_ONCE, len(names)))
    while True:
        try:
            if chance.random() < SELDOM:
                names[0] = desk.open(encounter(chance.choice(CHARTS)), "paste")
                say(names[0], 0, "open", "", "")
            kind, opened = step(desk, chance.choice(names), chance)
        except InputError:
            continue
        say(opened.chart.id, opened.number, kind, opened.chart.changed.isoformat(), codes(opened.timeline))


def step(desk: Desk, chart: str, chance: random.Random) -> tuple[str, Opened]:
    """One action of any kind."""
    kind = chance.choice(KINDS)
    if kind in ("undo", "redo"):
        return kind, desk.undo(chart, CODER) if kind == "undo" else desk.redo(chart, CODER)
    if kind == "describe":
        otherwise = encounter(chance.choice(ANEW), chance.choice(("inpatient", "outpatient")))
        return kind, desk.describe(chart, otherwise, CODER)
    made = MADE[kind](looked(desk, chart).work, chance.randrange(30), chance.randrange(30))
    return kind, desk.act(chart, made, CODER)


def acknowledge_early(say: Callable[..., None]) -> None:
    """Makes the desk say that it has done an action when it has only told the database to."""
    add = kept.add_action

    def adding(connection: Connection, organisation: str, chart: int, line: kept.KeptAction) -> bool:
        added = add(connection, organisation, chart, line)
        name = connection.execute(select(charts.c.id).where(charts.c.key == chart)).scalar_one()
        say(name, line.number, line.kind, line.at.isoformat(), "")
        time.sleep(SLOW)
        return added

    kept.add_action = adding


def child(arguments: argparse.Namespace, book: CodeBook, seed: int) -> tuple[int, int]:
    """A child at work, and the pipe that it speaks on."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading

    def say(*said: Any) -> None:
        os.write(writing, (json.dumps(said) + "\n").encode())

    desk = at(arguments, book)
    if arguments.early:
        acknowledge_early(say)
    os.write(writing, b"ready\n")
    work(desk, random.Random(seed), (lambda *_: None) if arguments.early else say)
    os._exit(1)


def time_of_an_action(arguments: argparse.Namespace, book: CodeBook) -> float:
    """Seconds, measured in a database of its own."""
    aside = arguments.home / "aside"
    aside.mkdir()
    desk = at_desk(open_database(aside, f"sqlite:///{aside}/aside.db", "aside"), book)
    chart = desk.open(encounter(CHARTS[0]), "paste")
    desk.act(chart, Accept("a1"), CODER)
    started = time.monotonic()
    for kind in ("undo", "redo") * 10:
        getattr(desk, kind)(chart, CODER)
    desk.close()
    return (time.monotonic() - started) / 20


def killed(arguments: argparse.Namespace, book: CodeBook, chance: random.Random, life: float) -> list[Said]:
    """What a child acknowledged before it was killed."""
    pid, pipe = child(arguments, book, chance.randrange(2**32))
    told = os.read(pipe, len(b"ready\n"))
    time.sleep(chance.uniform(0, life))
    os.kill(pid, signal.SIGKILL)
    while piece := os.read(pipe, 65536):
        told += piece
    os.close(pipe)
    os.waitpid(pid, 0)
    first, *lines = told.decode().splitlines()
    if first != "ready":
        raise SystemExit("A child ended before it was at work.")
    return [tuple(json.loads(line)) for line in lines]


def told_of(desk: Desk, chart: str) -> list[Said]:
    """What the log of a chart says of it: its opening, and every line with the codes after it, in one replay."""
    opened = looked(desk, chart)
    with desk.database.reading() as connection:
        lines = kept.actions_after(connection, opened.chart.key, 0)
    timeline = Timeline((opened.timeline.works[0],), last=opened.chart.opened)
    said: list[Said] = [(chart, 0, "open", "", "")]
    for line in lines:
        timeline = timeline.replayed([entry_of(line)], desk._codings(opened.chart.key))
        said.append((chart, line.number, line.kind, line.at.isoformat(), codes(timeline)))
    return said


def lost(acknowledged: Iterable[Said], there: Iterable[Said]) -> tuple[list[Said], list[Said]]:
    """What was acknowledged and is not in the log; and what is there, and reads otherwise than it was acknowledged."""
    known = {said[:4]: said[4] for said in there}
    gone = [said for said in acknowledged if said[:4] not in known]
    return gone, [said for said in acknowledged if said[4] and known.get(said[:4], said[4]) != said[4]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("url")
    parser.add_argument("organisation")
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--actions", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--early", action="store_true")
    arguments = parser.parse_args()
    chance, book = random.Random(arguments.seed), open_book(Path(os.environ["LEADTERM_HOME"]))
    desk = at(arguments, book)
    for written in CHARTS:
        looked(desk, desk.open(encounter(written), "paste"))
    begun = len(desk.queue())
    desk.close()
    acknowledged: list[Said] = []
    life, kills = LIFE * time_of_an_action(arguments, book), 0
    while kills < arguments.kills or len(acknowledged) < arguments.actions:
        acknowledged += killed(arguments, book, chance, life)
        kills += 1
    desk = at(arguments, book)
    there = [said for c in desk.queue() for said in told_of(desk, c.id)]
    desk.close()
    gone, other = lost(acknowledged, there)
    print(json.dumps({
        "kills": kills, "acknowledged": len(acknowledged), "kinds": len({said[2] for said in acknowledged}),
        "there": len(there) - begun, "gone": gone, "other": other,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
