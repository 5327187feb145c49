"""Where in its file a finding on a claim is at home: loop, position and offset of the segment that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from leadterm.domain import Finding
from leadterm.x12 import Segment, Walk, guide


@dataclass(frozen=True, slots=True)
class _Stands:
    """A segment with its loop and the line that it belongs to."""

    segment: Segment
    loop: str | None
    line: int | None


def located(
    findings: Iterable[Finding], segments: Sequence[Segment], position: int, convention: str
) -> tuple[Finding, ...]:
    """`findings`, each with loop, position and offset where its location names a segment (`HI`, `REF*F8`) and no more.

    `segments` are those above the claim and its own, `position` is that of its CLM.
    """
    places: list[_Stands] | None = None
    found = []
    for each in findings:
        at = each.location
        if at and at.get("segment") and "position" not in at:
            if places is None:
                places = _places(segments, convention)
            stands = _of(places, str(at["segment"]), at.get("line"), position)
            if stands is not None:
                where = {"loop": stands.loop, "position": stands.segment.position, "offset": stands.segment.offset}
                each = replace(each, location={**where, **{k: v for k, v in at.items() if v is not None}})
        found.append(each)
    return tuple(found)


def _places(segments: Sequence[Segment], convention: str) -> list[_Stands]:
    walk, line, found = Walk(guide(convention)), None, []
    walk.place(Segment("ST", ("837",)))
    for segment in segments:
        path = walk.place(segment).path
        if segment.id == "LX":
            line = (line or 0) + 1
        found.append(_Stands(segment, path[-1] if path else None, line))
    return found


def _of(places: Sequence[_Stands], name: str, line: object, position: int) -> _Stands | None:
    """The segment that a name means: of that line where one is given; of the claim before what stands above it."""
    segment_id, _, qualifier = name.partition("*")
    same = [p for p in places if p.segment.id == segment_id and (not qualifier or p.segment[1] == qualifier)]
    own = [p for p in same if p.segment.position >= position]
    if line:
        # What a line has not got itself is the claim's, else it is missing from the line.
        of_line = [p for p in own if p.line == line] or [p for p in own if p.line is None]
        return next(iter(of_line or [p for p in places if p.line == line]), None)
    return next(iter(own or same), None)
