"""Desks over charts in the notation of tests/desk: an encounter's id writes the codes that its coder suggests.

at = opened(desk, "E11.22 N18.31", "accept E11.22; undo")
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from desk.notation import WORDS, chart, codes
from leadterm import desk as core
from leadterm.app.desk import Desk, Opened
from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, Encounter
from leadterm.storage import Database, open_database
from storage.engines import Place

CODER = "J. Rivera"
PATIENCE = 1_000


class Scripted:
    """A coder that suggests what the encounter's id writes, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def code(self, encounter: Encounter) -> CodedEncounter:
        self.asked += 1
        written = chart(f"{encounter.setting}: {encounter.id}")
        return replace(written, encounter=encounter)


def encounter(written: str, setting: str = "outpatient") -> Encounter:
    """An encounter for which these codes are suggested."""
    return replace(chart(f"{setting}: {written}").encounter, id=written)


def at_desk(database: Database, book: CodeBook, **more: Any) -> Desk:
    """A desk of its own over a database."""
    return Desk(database, book, coder=Scripted(), **more)  # type: ignore[arg-type]


@contextmanager
def desk_at(place: Place, book: CodeBook) -> Iterator[Desk]:
    """A desk over the database of a place, as another process would open it."""
    made = at_desk(open_database(place.home, place.url, place.organisation), book)
    try:
        yield made
    finally:
        made.close()


def acted(desk: Desk, chart_id: str, actions: str) -> Opened:
    """The chart after these actions, in the notation of tests/desk."""
    opened = looked(desk, chart_id)
    for written in filter(None, map(str.strip, actions.split(";"))):
        word, *told = written.split()
        if word in (core.UNDO, core.REDO):
            opened = getattr(desk, word)(chart_id, CODER)
        else:
            opened = desk.act(chart_id, WORDS[word](opened.work, *told), CODER)
    return opened


def looked(desk: Desk, chart_id: str) -> Opened:
    """The chart as it stands, once it is coded."""
    for _ in range(PATIENCE):
        if (opened := desk.look(chart_id)) is not None:
            return opened
        time.sleep(0.01)
    raise AssertionError("it is not coded")


def stands(desk: Desk, chart_id: str) -> str:
    """The codes of a chart as they stand."""
    return codes(looked(desk, chart_id).timeline)
