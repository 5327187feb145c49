"""Works at a desk over several charts in children that are killed, each at a random moment.

    python -m app.rider HOME URL ORGANISATION --kills 100 --actions 1000 --seed 1 [--early]

A child is a fork of this process, which holds the code book. After `act` returned it says so on a pipe: the chart, the
number of the line, its kind, and a digest of the codes. With `--early` it says so before the transaction is committed:
the control, which must be found out. Prints as JSON what was acknowledged and what is not there afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from desk.notation import codes
from desk.steps import KINDS, MADE
from leadterm.app.desk import Desk, Opened
from leadterm.codesets import CodeBook, open_book
from leadterm.domain import InputError
from leadterm.storage import charts as kept
from leadterm.storage import open_database

from .desks import CODER, at_desk, encounter, looked

CHARTS = ("E11.22 N18.31 I10 99213>1,2 rec:36415 q:x/N18.9", "S52.501A I10 0TJB8ZZ", "I10 rec:97110 rec:97110")
ANEW = ("D63.1 I10=Y E11.22", "I10 N18.31 99213>1", CHARTS[0])
# Seconds that a child lives at most, and at least one of its actions takes about a hundredth.
LIFE = 0.25
SELDOM = 0.02


def digest(opened: Opened) -> str:
    """What the codes of a chart are told apart by."""
    return sha256(codes(opened.timeline).encode()).hexdigest()[:16]


def at(arguments: argparse.Namespace, book: CodeBook) -> Desk:
    return at_desk(open_database(arguments.home, arguments.url, arguments.organisation), book)


def work(desk: Desk, chance: random.Random, say: Any) -> None:
    """Acts until it is killed."""
    while True:
        chart = chance.choice(desk.queue()).id
        try:
            if chance.random() < SELDOM:
                say(desk.open(encounter(chance.choice(CHARTS)), "paste"), 0, "open", "")
            else:
                opened = step(desk, chart, chance)
                say(chart, opened.number, opened.timeline.done[-1].kind if opened.timeline.done else "", digest(opened))
        except InputError:
            continue


def step(desk: Desk, chart: str, chance: random.Random) -> Opened:
    """One action of any kind."""
    kind = chance.choice(KINDS)
    if kind in ("undo", "redo"):
        return desk.undo(chart, CODER) if kind == "undo" else desk.redo(chart, CODER)
    if kind == "describe":
        return desk.describe(chart, encounter(chance.choice(ANEW), chance.choice(("inpatient", "outpatient"))), CODER)
    made = MADE[kind](looked(desk, chart).work, chance.randrange(30), chance.randrange(30))
    return desk.act(chart, made, CODER)


def acknowledge_early(say: Any) -> None:
    """Makes a desk say that it has done an action when it has only told the database to."""
    note, add = kept.note_change, kept.add_action
    pending: list[tuple[str, int, str, str]] = []

    def adding(connection: Connection, organisation: str, chart: int, line: kept.KeptAction) -> bool:
        pending.append((str(chart), line.number, line.kind, ""))
        return add(connection, organisation, chart, line)

    def noting(connection: Connection, *given: Any) -> None:
        note(connection, *given)
        if pending:
            say(*pending.pop())

    kept.add_action, kept.note_change = adding, noting


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
    for listed in desk.queue():
        looked(desk, listed.id)  # as a page that is open would have done
    os.write(writing, b"ready\n")
    work(desk, random.Random(seed), (lambda *_: None) if arguments.early else say)
    os._exit(1)


def killed(arguments: argparse.Namespace, book: CodeBook, chance: random.Random) -> list[tuple[str, int, str, str]]:
    """What a child acknowledged before it was killed."""
    pid, pipe = child(arguments, book, chance.randrange(2**32))
    told = os.read(pipe, 6)
    time.sleep(chance.uniform(0, LIFE))
    os.kill(pid, signal.SIGKILL)
    while piece := os.read(pipe, 65536):
        told += piece
    os.close(pipe)
    os.waitpid(pid, 0)
    lines = told.decode().splitlines()
    if lines[:1] != ["ready"]:
        raise SystemExit("A child ended before it was at work.")
    return [tuple(json.loads(line)) for line in lines[1:]]


def lost(desk: Desk, acknowledged: list[tuple[str, int, str, str]]) -> tuple[list[Any], list[Any]]:
    """What was acknowledged and is not in the log, and what is there and reads otherwise than it was."""
    names = {str(c.key): c.id for c in desk.queue()}
    there = {c.id: looked(desk, c.id).number for c in desk.queue()}
    gone = [a for a in acknowledged if there.get(names.get(a[0], a[0]), -1) < a[1]]
    last: dict[str, tuple[str, int, str, str]] = {a[0]: a for a in acknowledged if a[3]}
    other = [a for a in last.values() if a not in gone and digest(at_number(desk, a)) != a[3]]
    return gone, other


def at_number(desk: Desk, acknowledged: tuple[str, int, str, str]) -> Opened:
    opened = desk.look_at(acknowledged[0], acknowledged[1])
    assert opened is not None
    return opened


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
    desk.close()
    acknowledged: list[tuple[str, int, str, str]] = []
    gone: list[Any] = []
    other: list[Any] = []
    kills = 0
    while kills < arguments.kills or len(acknowledged) < arguments.actions:
        mine = killed(arguments, book, chance)
        kills += 1
        acknowledged += mine
        desk = at(arguments, book)
        for found, more in zip((gone, other), lost(desk, mine), strict=True):
            found += more
        desk.close()
    desk = at(arguments, book)
    lines = sum(looked(desk, c.id).number for c in desk.queue())
    wrong = lost(desk, acknowledged)
    desk.close()
    told = {"kills": kills, "acknowledged": sum(a[2] != "open" for a in acknowledged), "lines": lines}
    told |= {"opened": sum(a[2] == "open" for a in acknowledged), "gone": gone + wrong[0], "other": other + wrong[1]}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
