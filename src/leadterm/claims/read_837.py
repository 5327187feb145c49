"""An 837 as a stream of claims: professional and institutional, each with its place and findings; constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from leadterm.domain import Claim, ClaimType, Finding
from leadterm.domain.claim import LONGEST_ID
from leadterm.x12 import Envelopes, Fault, Readable, Segment, Walk, X12Error, guide
from leadterm.x12 import read as read_segments

from .read_837_claim import claim
from .read_837_hierarchy import Hierarchy
from .read_837_places import located
from .read_837_rules import Telling, finding
from .read_837_values import Notes, day_of

PROFESSIONAL, INSTITUTIONAL = "005010X222", "005010X223"
# What is read: convention, and the one whose order of segments it has.
KINDS = {
    **dict.fromkeys((PROFESSIONAL, "005010X222A1", "005010X222A2"), ("005010X222A1", ClaimType.PROFESSIONAL)),
    **dict.fromkeys(
        (INSTITUTIONAL, "005010X223A1", "005010X223A2", "005010X223A3"), ("005010X223A2", ClaimType.INSTITUTIONAL)
    ),
}
# Versions without their errata, or with the first of several.
READ_AS_ADOPTED = frozenset({PROFESSIONAL, INSTITUTIONAL, "005010X223A1"})
CLAIMS, FUNCTIONAL_GROUP = "837", "HC"
# A claim has at most 999 lines of at most some 130 segments; a longer one never ends.
MOST_SEGMENTS = 150_000
ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA", "TA1"})
LOOPS_OF_A_CLAIM = ("23", "24")
# What ends a claim.
BOUNDS = ENVELOPE | {"ST", "SE", "HL", "CLM"}


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """Where a claim stands in its file.

    Attributes:
        interchange, group, transaction: Their control numbers (ISA13, GS06, ST02).
        created: The day on which the batch says that it was made (BHT04).
        position, offset: Ordinal of the CLM in the file, counted from 1, and the byte at which it starts.
    """

    interchange: str
    group: str
    transaction: str
    created: date | None
    position: int
    offset: int


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim as it was read.

    Attributes:
        number: CLM01 as written, cut after 38 characters.
        claim: None where it lacks something without which there is no claim; a finding says what.
        place: Where it stands.
        findings: What is wrong with its form and its elements; whether its codes are right is not judged here.
        segments: The segments above it and its own, for `located`.
    """

    number: str
    claim: Claim | None
    place: ClaimPlace
    findings: tuple[Finding, ...] = ()
    segments: tuple[Segment, ...] = field(default=(), compare=False, repr=False)

    def located(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings on the claim, each with loop, position and offset of the segment that its location names."""
        return located(findings, self.segments, self.place.position, self._convention())

    def _convention(self) -> str:
        institutional = self.claim is not None and self.claim.claim_type is ClaimType.INSTITUTIONAL
        return KINDS[INSTITUTIONAL if institutional else PROFESSIONAL][0]


Part = ReadClaim | Finding


def read_837(source: bytes | Readable | Iterable[bytes]) -> Iterator[Part]:
    """The claims of a file in file order, and what is wrong with the file around them. Streams.

    Professional (005010X222A1, A2) and institutional (005010X223A2, A3) claims, several transactions, groups and
    interchanges. Raises X12Error (an InputError) with its place when the file is no X12, breaks off, is of another
    version, or holds no 837 at all; claims before that place have been given by then.
    """
    reader = _Reader()
    waiting = reader.waiting
    for segment in read_segments(source):
        if waiting and segment.id not in BOUNDS:
            # What most segments are: they wait, and all of a level or a claim is judged and read at once.
            waiting.append(segment)
            if len(waiting) > MOST_SEGMENTS:
                raise _refused("A claim never ends; segment {} still belongs to it. Correct the file.", segment)
        else:
            yield from reader.take(segment)
    yield from reader.end()


def claims(source: bytes | Readable | Iterable[bytes]) -> Iterator[Claim]:
    """The claims of a file that could be read, in file order; what is wrong with them is `read_837`'s to tell."""
    for part in read_837(source):
        if isinstance(part, ReadClaim) and part.claim is not None:
            yield part.claim


class _Reader:
    """What stands open while a file is read: the envelopes, the loops, the levels above a claim, the claim.

    Attributes:
        waiting: The segments of the level (HL) or claim (CLM) that is open.
    """

    def __init__(self) -> None:
        self.waiting: list[Segment] = []
        self._envelopes = Envelopes()
        self._tell = Telling()
        self._walks: dict[str, Walk] = {}
        self._walk: Walk | None = None
        self._kind = ClaimType.PROFESSIONAL
        self._interchange = self._group = self._convention = self._transaction = ""
        self._created: date | None = None
        self._levels = Hierarchy()
        self._opening: tuple[Fault, ...] = ()
        self._seen = 0
        self._others: set[str] = set()

    def take(self, segment: Segment) -> Iterator[Part]:
        """What is complete with this segment, which opens or closes something."""
        name = segment.id
        waiting, inside = tuple(self.waiting), self._placed()
        walked = self._walk is not None and name not in ENVELOPE and name != "ST"
        faults = self._walk.faults(segment) if self._walk is not None and walked else ()
        if waiting:
            # What a claim lacks shows at the segment behind it.
            lacking = tuple(f for f in faults if f.loop and f.loop[:2] in LOOPS_OF_A_CLAIM) if faults else ()
            faults = tuple(f for f in faults if f not in lacking) if lacking else faults
            yield from self._complete(waiting, (*inside, *lacking))
        if enveloped := self._envelopes.faults(segment):
            yield from self._file_findings("X12:837/envelope", enveloped)
        if name in ENVELOPE:
            yield from self._enveloped(segment)
        elif name == "ST":
            yield from self._start(segment)
        elif walked:
            yield from self._inside(segment, faults)

    def _placed(self) -> Sequence[Fault]:
        """What is wrong with the places of the segments that wait, which then wait no longer."""
        waiting, walk = self.waiting, self._walk
        if not waiting or walk is None:
            waiting.clear()
            return ()
        faults = walk.faults
        found = [fault for segment in waiting[1:] if (wrong := faults(segment)) for fault in wrong]
        found += self._envelopes.inside(waiting[1:])
        waiting.clear()
        return found

    def _complete(self, waiting: tuple[Segment, ...], faults: tuple[Fault, ...]) -> Iterable[Part]:
        """The level or claim that waited."""
        if waiting[0].id == "CLM":
            return (self._claimed(waiting, (*self._opening, *faults)),)
        self._levels.close(waiting)
        return self._file_findings("X12:837/structure", faults) if faults else ()

    def _inside(self, segment: Segment, faults: tuple[Fault, ...]) -> Iterable[Part]:
        """A segment of a transaction that opens a level or a claim, ends it, or stands in its header."""
        name = segment.id
        if name == "CLM":
            self._opening = faults
            self.waiting.append(segment)
            return ()
        found = [*self._file_findings("X12:837/structure", faults)] if faults else []
        if name == "HL":
            self.waiting.append(segment)
            if wrong := self._levels.open(segment):
                found += self._file_findings("X12:837/hierarchy", wrong)
        elif name == "SE":
            found += self._file_findings("X12:837/hierarchy", self._levels.end())
            self._walk = None
        elif name == "BHT":
            self._created = day_of(segment[4])
        return found

    def end(self) -> Iterator[Part]:
        """What can only be said at the end of the file. Raises X12Error where it held no 837."""
        if not self._seen:
            held = f"it holds {', '.join(sorted(self._others))}" if self._others else "it holds no transaction"
            raise X12Error(f"The file holds no claims (837): {held}. Check that the right file was given.")
        if self._others:
            words = f"Transactions {', '.join(sorted(self._others))} were left unread."
            yield from self._tell.of_file(finding("X12:837/other-transaction", words))
        yield from self._tell.rest()

    def _enveloped(self, segment: Segment) -> Iterator[Part]:
        self._walk = None  # an SE that never came: the envelopes have told of it
        if segment.id == "ISA":
            self._interchange = segment[13]
        elif segment.id == "GS":
            self._group, self._convention = segment[6], segment[8]
            if self._convention in KINDS and segment[1] != FUNCTIONAL_GROUP:
                words = f"GS01 is not {FUNCTIONAL_GROUP}, as it is for a group of claims."
                yield from self._tell.of_file(finding("X12:837/envelope", words, **_at(segment)))

    def _start(self, st: Segment) -> Iterator[Part]:
        self._transaction, self._created = st[2], None
        self._levels, self._walk = Hierarchy(), None
        if st[1] != CLAIMS:
            # What stands there is data: only a number of three digits is told.
            self._others.add(st[1] if len(st[1]) == 3 and st[1].isdecimal() and st[1].isascii() else "without a number")
            return
        convention = self._convention
        if convention not in KINDS:
            raise _of_other_version(convention, st)
        self._seen += 1
        mapped, self._kind = KINDS[convention]
        self._walk = self._walks.setdefault(mapped, Walk(guide(mapped)))
        if convention in READ_AS_ADOPTED or (st[3] and st[3] != convention):
            words = f"GS08 and ST03 do not both name an adopted version; the claims are read as {mapped}."
            yield from self._tell.of_file(finding("X12:837/version", words, **_at(st)))
        yield from self._file_findings("X12:837/structure", self._walk.faults(st))

    def _claimed(self, segments: tuple[Segment, ...], faults: Iterable[Fault]) -> ReadClaim:
        """The claim that its segments make, with its findings."""
        clm, above = segments[0], self._levels.above
        notes = Notes(clm[1][:LONGEST_ID] or None)
        for fault in faults:
            notes.keep(_formal("X12:837/structure", fault, notes.claim))
        read = claim(notes, segments, above, self._kind)
        numbers = (self._interchange, self._group, self._transaction)
        place = ClaimPlace(*numbers, self._created, clm.position, clm.offset)
        found = tuple(map(self._tell.of_claim, notes.ended(clm))) if notes.findings else ()
        return ReadClaim(clm[1][:LONGEST_ID], read, place, found, (*above.segments, *segments))

    def _file_findings(self, rule: str, faults: Iterable[Fault]) -> Iterator[Finding]:
        for fault in faults:
            if not self._tell.enough(rule):
                yield from self._tell.of_file(_formal(rule, fault))


def _formal(rule: str, fault: Fault, number: str | None = None) -> Finding:
    place = {"loop": fault.loop, "segment": fault.segment, "position": fault.position, "offset": fault.offset}
    return finding(rule, fault.message, claim=number, **place)


def _at(segment: Segment) -> dict[str, object]:
    return {"segment": segment.id, "position": segment.position, "offset": segment.offset}


def _of_other_version(convention: str, st: Segment) -> X12Error:
    told = convention if len(convention) <= 12 and convention.isalnum() and convention.isascii() else "another"
    return _refused(
        f"The claims at segment {{}} are of version {told}; professional claims of 005010X222A1 and institutional "
        "ones of 005010X223A2 are read. Ask the sender for one of these.",
        st,
    )


def _refused(words: str, segment: Segment) -> X12Error:
    return X12Error(words.format(segment.position), segment.position, segment.offset)
