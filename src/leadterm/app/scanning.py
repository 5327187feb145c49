"""Claims and coded encounters of files, watched for compliance signals: one pass, nothing kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from leadterm import claims
from leadterm.codesets import CodeBook
from leadterm.compliance.signals import Watch, tables_of
from leadterm.domain import Claim, CodedEncounter, DateRange, Finding, InputError, Signal
from leadterm.records import BadRow, Format, Source, opened, read_checkable
from leadterm.standards import edits_options

from .settings import signal_rules

BLOCK = 1 << 16
# How often the bar is moved: a claim takes far less than a frame of it.
STEP = 256
Bar = Callable[[int], None]


@dataclass(slots=True)
class Scan:
    """What was looked at, and what is worth a look.

    Attributes:
        period: First and last day; None where nothing was seen and no period given.
        passed: How many of the claims were passed over: they begin outside the period, replace or void another, or have
            no service.
        bad: What could not be read, each with its place and a sentence.
    """

    period: DateRange | None = None
    claims: int = 0
    encounters: int = 0
    passed: int = 0
    bad: list[tuple[str, str]] = field(default_factory=list)
    signals: tuple[Signal, ...] = ()
    tested: dict[str, int] = field(default_factory=dict)


class Scanner:
    """Reads files into one watch."""

    def __init__(self, book: CodeBook, start: date | None = None, end: date | None = None) -> None:
        """A scanner of the days from `start` to `end`; None: all that come. Raises InputError for wrong settings."""
        if end is not None and start is None:
            raise InputError("Give the first day too: --from YYYY-MM-DD.")
        period = DateRange(start, end) if start else None
        self._watch = Watch(tables_of(book, end or start, edits_options().risk_adjusted), signal_rules(), period)
        self._scan = Scan(period)

    def file(self, path: Path | None, stream: BinaryIO, bar: Bar) -> None:
        """Looks at everything in a file, or in `stream` where the path is None; `bar` hears how many bytes were read.

        Raises InputError where the file cannot be read as a whole; a row or claim that cannot be read goes to `bad`.
        """
        with opened(path, stream) as source:
            for number, one in enumerate(self._parts(source)):
                self._see(one)
                if number % STEP == 0 and path is not None:
                    bar(source.handle.tell())

    def done(self) -> Scan:
        """The signals of all that was seen."""
        self._scan.signals = self._watch.signals()
        self._scan.passed = self._scan.claims - self._watch.claims
        self._scan.tested = dict(self._watch.tested)
        self._scan.period = self._watch.seen
        return self._scan

    def _parts(self, source: Source) -> Iterator[Claim | CodedEncounter]:
        if source.format is Format.X12:
            yield from self._of_837(source)
            return
        for subject in read_checkable(source):
            if isinstance(subject.content, BadRow):
                self._scan.bad.append((subject.id, subject.content.error))
            else:
                yield subject.content

    def _of_837(self, source: Source) -> Iterator[Claim]:
        blocks = itertools.chain([source.head], iter(lambda: source.handle.read(BLOCK), b""))
        for part in claims.read_837(blocks):
            if isinstance(part, Finding):
                self._scan.bad.append((source.name, part.message))
            elif part.claim is None:
                self._scan.bad.append((part.number, " ".join(f.message for f in part.findings)))
            else:
                yield part.claim

    def _see(self, one: Claim | CodedEncounter) -> None:
        if isinstance(one, Claim):
            self._watch.see(one)
            self._scan.claims += 1
        else:
            self._watch.read(one)
            self._scan.encounters += 1
