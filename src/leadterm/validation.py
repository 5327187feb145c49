"""Judges what comes in a file or a stream, one after another: coded encounters, claims, X12 837s.

    Validator(book, options, received).file(path, stream)    what was found, subject by subject, in order

Memory does not grow with the file, but for the numbers of claims that duplicates are found by.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from leadterm import claims, edits
from leadterm.codesets import CodeBook
from leadterm.domain import Claim, CodedEncounter, Finding, Severity, renumbered
from leadterm.records import BadRow, Format, Source, opened, read_checkable

BLOCK = 1 << 16
WEIGHT = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in one subject.

    Attributes:
        id: Of the coded encounter, the claim (CLM01), or the file where it is about the file.
        findings: Heaviest first.
        error: Why it could not be read, in a sentence; then nothing was judged.
        is_row: Whether it had a line of its own (jsonl).
        of_x12: Whether it was read from an X12 file, whose findings name their claims.
        of_file: Whether it is about the file around the claims.
    """

    id: str
    findings: tuple[Finding, ...] = ()
    error: str | None = None
    is_row: bool = False
    of_x12: bool = False
    of_file: bool = False

    @property
    def stands(self) -> bool:
        """Whether something stops it: an error that nobody has permitted, or that it could not be read."""
        return self.error is not None or any(f.stands for f in self.findings)


class Validator:
    """Judges subjects of a stream, each against those before it where that matters (claims sent twice)."""

    def __init__(self, book: CodeBook, options: edits.Options = edits.STANDARD, received: date | None = None) -> None:
        """`received`: the day on which the payer gets the claims; without one, nobody asks whether they are in time."""
        self.book = book
        self.options = options
        self.received = received
        self._earlier = edits.Seen()
        self._said: set[str] = set()

    def file(self, path: Path | None, stream: BinaryIO) -> Iterator[Judged]:
        """What is found in a file, or in `stream` where the path is None. Raises InputError where it cannot be read."""
        with opened(path, stream) as source:
            if source.format is Format.X12:
                yield from self._x12(source)
                return
            for subject in read_checkable(source):
                if isinstance(subject.content, BadRow):
                    yield Judged(subject.id, error=subject.content.error, is_row=True)
                else:
                    yield Judged(subject.id, self.judge(subject.content), is_row=subject.is_row)

    def judge(self, subject: CodedEncounter | Claim) -> tuple[Finding, ...]:
        """Every finding on one subject."""
        if isinstance(subject, CodedEncounter):
            from leadterm import pipeline  # reading charts takes half a second to load, and claims have none

            return pipeline.check_coded(subject, self.book, self.options)
        found = edits.check_claim(
            subject, self.book, received=self.received, options=self.options, earlier=self._earlier
        )
        return self._once(found)

    def _once(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings without what was said of an earlier claim already: which tables are missing or have ended."""
        again = [f for f in findings if f.rule in edits.TOLD_ONCE and f.message in self._said]
        self._said.update(f.message for f in findings if f.rule in edits.TOLD_ONCE)
        return renumbered(f for f in findings if f not in again) if again else findings

    def _x12(self, source: Source) -> Iterator[Judged]:
        blocks = itertools.chain([source.head], iter(lambda: source.handle.read(BLOCK), b""))
        for part in claims.read_837(blocks):
            if isinstance(part, Finding):
                yield Judged(source.name, (part,), of_x12=True, of_file=True)
                continue
            found = part.located(self.judge(part.claim)) if part.claim else ()
            by_weight = sorted((*part.findings, *found), key=lambda f: WEIGHT[f.severity])
            yield Judged(part.number, renumbered(by_weight), of_x12=True)
