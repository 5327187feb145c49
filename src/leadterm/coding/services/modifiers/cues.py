"""Modifiers that words of the record decide, row by row of `cues.tsv`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from leadterm.coding._tables import rows
from leadterm.domain import Evidence

from .judged import Judged, Line
from .words import asked, same_sentence, stated

Row = dict[str, str]


def read(judged: Judged) -> None:
    """Give, or miss, the modifiers of the table; question those that nothing bears out."""
    borne = {m for line in judged.lines if line.service.captured for m in line.service.modifiers}
    here = [row for row in rows("services/modifiers/cues") if judged.about.fits(row)]
    told = {row["rule"]: words for row in here if (words := _told(judged, row)) is not None}
    for row in here:
        if row["rule"] in told:
            _give(judged, row, told[row["rule"]])
    supported = {row["modifier"] for row in here if row["rule"] in told}
    for row in here:
        if row["needs"] and row["modifier"] in borne - supported:
            _question(judged, row)


def _told(judged: Judged, row: Row) -> tuple[Evidence, ...] | None:
    """The words that a row asks for; None where the record does not say them."""
    if not row["says"]:
        return ()
    if not any(_fits(line, row) for line in judged.lines):
        return None
    found = stated(judged.chart, row["says"], row["gate"])
    if found is None or (row["also"] and not asked(row["also"]).search(judged.chart.text)):
        return None
    if row["unless"] and stated(judged.chart, row["unless"]) is not None:
        return None
    return (found,)


def _give(judged: Judged, row: Row, words: tuple[Evidence, ...]) -> None:
    others = {row["modifier"], *row["others"].split()}
    for line in _lines(judged, row, words):
        if others.isdisjoint((*line.service.modifiers, *judged.spoken.get(line.number, ()))):
            judged.give(line, row["modifier"], row["rule"], words, row["weight"])


def _lines(judged: Judged, row: Row, words: tuple[Evidence, ...]) -> Iterator[Line]:
    """The lines that a row's modifier belongs to."""
    fitting = [line for line in judged.lines if _fits(line, row) and line.allows(row["fee"])]
    if row["lines"] == "each":
        yield from fitting
    elif row["lines"] == "main":
        yield from sorted(fitting, key=lambda line: -line.work)[:1]
    else:
        yield from _near(judged, fitting, words)


def _near(judged: Judged, fitting: Sequence[Line], words: tuple[Evidence, ...]) -> Sequence[Line]:
    """The lines whose words stand in the same sentence; the only line that is no visit where none does."""
    near = [n for n in fitting if any(same_sentence(judged.chart, w, e) for w in words for e in n.service.evidence)]
    others = [n for n in fitting if "visit" not in n.classes]
    return near or (others if len(others) == 1 else ())


def _question(judged: Judged, row: Row) -> None:
    for line in judged.lines:
        if line.service.captured and row["modifier"] in line.service.modifiers and _fits(line, row):
            judged.question(line, row["modifier"], row["rule"], "which no words of the record bear out")


def _fits(line: Line, row: Row) -> bool:
    return not line.classes.isdisjoint(_classes(row["classes"]))


@cache
def _classes(cell: str) -> frozenset[str]:
    return frozenset(cell.split())
