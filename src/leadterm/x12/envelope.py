"""Whether the envelopes of a file close what they open, with the counts and numbers that they promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .segment import Segment


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the form of a file, and where.

    Attributes:
        message: What is wrong, in one sentence, without the data.
        segment: Id of the segment concerned.
        position, offset: Its place in the file.
        loop: Id of the loop, where it is known.
    """

    message: str
    segment: str
    position: int
    offset: int
    loop: str | None = None


@dataclass(frozen=True, slots=True)
class _Level:
    """One envelope: its header and trailer, where each bears the control number, and what the trailer counts."""

    header: str
    trailer: str
    number_in_header: int
    counts: str


LEVELS = (_Level("ISA", "IEA", 13, "GS"), _Level("GS", "GE", 6, "ST"), _Level("ST", "SE", 2, "segments"))
HEADERS = {level.header: depth for depth, level in enumerate(LEVELS)}
TRAILERS = {level.trailer: depth for depth, level in enumerate(LEVELS)}
TRAILER_NUMBER = 2


def envelope_faults(segments: Iterable[Segment]) -> Iterator[Fault]:
    """Every mismatch of ISA/IEA, GS/GE and ST/SE: nesting, control numbers, counts. Streams; nothing is raised."""
    envelopes = Envelopes()
    for segment in segments:
        yield from envelopes.faults(segment)


class Envelopes:
    """The envelopes that are open, for a reader that asks segment by segment."""

    def __init__(self) -> None:
        self._stack: list[tuple[Segment, int]] = []  # the open headers, each with what has been counted under it
        self._numbers: set[str] = set()  # of the transactions of the open group

    def faults(self, segment: Segment) -> Iterable[Fault]:
        """What is wrong with the envelopes at this segment."""
        stack = self._stack
        if segment.id in HEADERS:
            return [*_opened(stack, segment), *self._repeated(segment)]
        if segment.id in TRAILERS:
            return list(_closed(stack, segment))
        if len(stack) == len(LEVELS):
            header, count = stack[-1]
            stack[-1] = (header, count + 1)
        elif segment.id != "TA1":  # an acknowledgement of the other side's ISA stands beside the groups
            return [_fault(segment, "stands outside every transaction")]
        return ()

    def _repeated(self, segment: Segment) -> Iterator[Fault]:
        """A transaction whose control number another of its group has."""
        if segment.id == "GS":
            self._numbers.clear()
        elif segment.id == "ST":
            if segment[2] in self._numbers:
                yield _fault(segment, "has the control number of another transaction of its group")
            self._numbers.add(segment[2])

    def inside(self, segments: Sequence[Segment]) -> Iterable[Fault]:
        """The same for segments none of which is an envelope's, all at once."""
        if len(self._stack) == len(LEVELS):
            header, count = self._stack[-1]
            self._stack[-1] = (header, count + len(segments))
            return ()
        return [fault for segment in segments for fault in self.faults(segment)]


def _opened(stack: list[tuple[Segment, int]], segment: Segment) -> Iterator[Fault]:
    depth = HEADERS[segment.id]
    if len(stack) != depth:
        yield _fault(segment, f"stands where {len(stack)} envelopes are open instead of {depth}")
        while len(stack) > depth:
            stack.pop()
    if stack:
        header, count = stack.pop()
        stack.append((header, count + 1))
    # ST counts itself and its SE; the other two count what they hold.
    stack.append((segment, 2 if segment.id == "ST" else 0))


def _closed(stack: list[tuple[Segment, int]], segment: Segment) -> Iterator[Fault]:
    level = LEVELS[TRAILERS[segment.id]]
    while stack and stack[-1][0].id != level.header and level.header in (h.id for h, _ in stack):
        yield _fault(stack.pop()[0], "is never closed")
    if not stack or stack[-1][0].id != level.header:
        yield _fault(segment, f"closes no {level.header}")
        return
    header, count = stack.pop()
    if segment[TRAILER_NUMBER].lstrip("0") != header[level.number_in_header].lstrip("0"):
        yield _fault(segment, f"has another control number than its {level.header}")
    if not segment[1].isdecimal() or int(segment[1]) != count:
        yield _fault(segment, f"does not count the {count} {level.counts} that are there")


def _fault(segment: Segment, what: str) -> Fault:
    return Fault(f"{segment.id} {what}.", segment.id, segment.position, segment.offset)
