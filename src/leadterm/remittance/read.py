"""An 835 as a stream of values: payment, claims one by one, provider-level adjustments, findings; constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from leadterm.domain import (
    Finding,
    Money,
    PaymentHeader,
    ProviderAdjustment,
    ProviderSummary,
    Remittance,
    RemittedClaim,
)
from leadterm.x12 import Envelopes, Readable, Segment, Walk, X12Error, guide
from leadterm.x12 import Fault as FormFault
from leadterm.x12 import read as read_segments

from . import loops
from .balance import Running, claim_findings
from .elements import CONTROL, JUDGED, element_findings, place, text_findings
from .rules import Numbers, finding

CONVENTION = "005010X221A1"
# The version without its errata, which some senders still name.
READ_AS_ADOPTED = frozenset({"005010X221"})
REMITTANCE = "835"
FUNCTIONAL_GROUP = "HP"
# A claim has at most 999 lines of at most some 130 segments; a longer one never ends.
MOST_SEGMENTS_OF_A_CLAIM = 150_000
MOST_SEGMENTS_OF_A_HEADER = 10_000
ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA", "TA1"})
# What ends a claim.
BOUNDS = ENVELOPE | {"ST", "SE", "CLP", "LX", "TS3", "TS2", "PLB"}


@dataclass(frozen=True, slots=True)
class PaymentEnd:
    """The end of a payment, with what it came to.

    Attributes:
        digest: sha256 over its segments without control numbers and separators.
        claims, lines: How many there were.
        paid, moved: ΣCLP04 and ΣPLB.
    """

    header: PaymentHeader
    digest: str
    claims: int
    lines: int
    paid: Money
    moved: Money


@dataclass(frozen=True, slots=True)
class InterchangeEnd:
    """The end of an interchange (IEA): what its envelopes were found to be weighs on all its payments.

    Attributes:
        errors: Findings of the envelopes since its ISA, those inside a payment apart.
    """

    errors: int


Part = InterchangeEnd | PaymentHeader | ProviderSummary | RemittedClaim | ProviderAdjustment | PaymentEnd | Finding


def read(source: bytes | Readable | Iterable[bytes]) -> Iterator[Part]:
    """The parts of every payment of a file in file order, each finding behind what it is about. Streams.

    A payment is a PaymentHeader, then its summaries, claims and provider adjustments, then a PaymentEnd; an
    InterchangeEnd follows the payments of each interchange. Raises
    X12Error (an InputError) with its place when the file is no X12, breaks off, holds an amount that is none, is of
    another version than 5010, or holds no 835 at all.
    """
    reader = _Reader()
    for segment in read_segments(source):
        yield from reader.take(segment)
    yield from reader.end()


def remittances(source: bytes | Readable | Iterable[bytes]) -> Iterator[tuple[Remittance, tuple[Finding, ...]]]:
    """Each payment of a file whole, with its findings; those of the file's envelopes come with the payment before."""
    found: list[Finding] = []
    claims: list[RemittedClaim] = []
    moved: list[ProviderAdjustment] = []
    summaries: list[ProviderSummary] = []
    whole: Remittance | None = None
    for part in read(source):
        if isinstance(part, Finding):
            found.append(part)
        elif isinstance(part, RemittedClaim):
            claims.append(part)
        elif isinstance(part, ProviderAdjustment):
            moved.append(part)
        elif isinstance(part, ProviderSummary):
            summaries.append(part)
        elif isinstance(part, PaymentHeader):
            if whole is not None:
                yield whole, tuple(found)
                found = []
        elif isinstance(part, PaymentEnd):
            whole = Remittance(part.header, tuple(claims), tuple(moved), tuple(summaries), part.digest)
            claims, moved, summaries = [], [], []
    if whole is not None:
        yield whole, tuple(found)


class _Reader:
    """What stands open while a file is read: the envelopes, the loops, the payment and its claim."""

    def __init__(self) -> None:
        self._envelopes = Envelopes()
        self._number = Numbers()
        self._walk = Walk(guide(CONVENTION))
        self._convention = ""
        self._envelope_errors = 0
        self._seen = 0
        self._others: set[str] = set()
        self._skipping = False
        self._open = False
        self._last: Segment | None = None
        self._begin()

    def _begin(self) -> None:
        self._digest = hashlib.sha256()
        self._head: list[Segment] = []
        self._claim: list[Segment] = []
        self._summary: list[Segment] = []
        self._running: Running | None = None
        self._provider: str | None = None
        self._faults: list[Finding] = []

    def take(self, segment: Segment) -> Iterable[Part]:
        """What is complete with this segment."""
        name = segment.id
        if self._claim and name not in BOUNDS:
            # What most segments are: they wait, and all of a claim is judged and read at once.
            self._claim.append(segment)
            if len(self._claim) > MOST_SEGMENTS_OF_A_CLAIM:
                raise _endless("claim", segment)
            return ()
        self._last = segment
        parts: list[Part] = list(self._claim_read()) if self._claim else []
        if name == "ISA":
            self._envelope_errors = 0
        parts += self._enveloped(self._envelopes.faults(segment))
        if name in ENVELOPE:
            if self._open:  # an SE that never came: the envelopes have told of it
                parts += self._closed(segment)
            if name == "GS":
                parts += self._group(segment)
            if name == "IEA":
                parts.append(InterchangeEnd(self._envelope_errors))
            return parts
        if name == "ST":
            if self._open:
                parts += self._closed(segment)
            self._start(segment)
        if self._skipping or not self._open:
            return parts
        parts += self._placed(segment)
        if name not in ("ST", "SE"):
            parts += self._digested((segment,))
        parts += self._inside(segment)
        if self._faults:
            parts += self._faults
            self._faults = []
        return parts

    def end(self) -> Iterator[Part]:
        """What can only be said at the end of the file. Raises X12Error where it held no 835."""
        if self._claim:
            yield from self._claim_read()
        if self._open and self._last is not None:
            yield from self._closed(self._last)
        if not self._seen:
            held = f"it holds {', '.join(sorted(self._others))}" if self._others else "it holds no transaction"
            raise X12Error(f"The file holds no remittance (835): {held}. Check that the right file was given.")
        if self._others:
            names = ", ".join(sorted(self._others))
            yield self._number(finding("X12:ST01/other-transaction", f"Transactions {names} were left unread."))

    def _group(self, gs: Segment) -> Iterator[Part]:
        self._convention = gs[8]
        if gs[8] in READ_AS_ADOPTED:
            words = "The group names version 005010X221 without its errata; it is read as 005010X221A1."
            yield self._number(finding("X221A1:GS08/version", words, **place(gs)))
        if gs[8] in {CONVENTION, *READ_AS_ADOPTED} and gs[1] != FUNCTIONAL_GROUP:
            words = f"GS01 is not {FUNCTIONAL_GROUP}, as it is for a group of remittances."
            self._envelope_errors += 1
            yield self._number(finding("X12:005010/envelope", words, **place(gs)))

    def _start(self, st: Segment) -> None:
        self._skipping = st[1] != REMITTANCE
        if self._skipping:
            # What stands there is data: only a number of three digits is told.
            self._others.add(st[1] if len(st[1]) == 3 and st[1].isdecimal() and st[1].isascii() else "without a number")
            return
        version = self._convention
        if version != CONVENTION and version not in READ_AS_ADOPTED:
            told = version if len(version) <= 12 and version.isalnum() and version.isascii() else "another version"
            raise X12Error(
                f"The remittance at segment {st.position} is of version {told}; only {CONVENTION} is read. "
                "Ask the payer for version 5010.",
                st.position,
                st.offset,
            )
        self._seen += 1
        self._open = True
        self._begin()

    def _placed(self, segment: Segment) -> Iterable[Part]:
        """What is wrong with the place and the elements of a segment."""
        return self._told(segment, self._walk.faults(segment))

    def _told(self, segment: Segment, faults: Iterable[FormFault]) -> Iterator[Part]:
        for fault in faults:
            yield self._formal(fault, "X221A1:structure/segment")
        if segment.id in JUDGED:
            for found in element_findings(segment):
                yield self._number(found)

    def _digested(self, segments: Sequence[Segment]) -> Iterable[Part]:
        """Adds segments to the digest of the payment; tells of those that no file should hold."""
        text = _canonical(segments)
        self._digest.update(text.encode("utf-8", "surrogatepass"))
        return [self._number(told) for told in text_findings(segments)] if CONTROL.search(text) else ()

    def _inside(self, segment: Segment) -> Iterator[Part]:
        """A segment of a payment outside its claims. Its id decides: money is read wherever it stands."""
        name = segment.id
        if name in ("CLP", "LX", "PLB", "SE") and self._running is None:
            yield from self._headed()
        if name == "SE":
            yield from self._closed(segment)
        elif name == "CLP":
            yield from self._summarised()
            self._claim = [segment]
        elif name == "PLB":
            yield from self._moved(segment)
        elif name in ("LX", "TS3", "TS2"):
            self._summary.append(segment)
        elif self._running is None:
            self._head.append(segment)
            if len(self._head) > MOST_SEGMENTS_OF_A_HEADER:
                raise _endless("header of a payment", segment)
        elif name == "SVC":
            what = f"The service at segment {segment.position} belongs to no claim (CLP is missing)"
            raise X12Error(f"{what}; ask for a correct file.", segment.position, segment.offset)

    def _headed(self) -> Iterator[Part]:
        """The header, which the segment behind it ends."""
        head = loops.header(self._head, self._convention, self._undated)
        self._head = []
        self._running = Running(head)
        yield head

    def _claim_read(self) -> Iterator[Part]:
        """The claim that waits, complete: its segments judged, its values, what does not add up."""
        waiting, self._claim = self._claim, []
        assert self._running is not None
        behind = waiting[1:]  # its CLP was judged when it came
        faults = self._walk.faults
        for segment in behind:
            if (wrong := faults(segment)) or segment.id in JUDGED:
                yield from self._told(segment, wrong)
        yield from self._enveloped(self._envelopes.inside(behind))
        yield from self._digested(behind)
        claim = loops.claim(waiting, self._provider, self._undated)
        self._running.add(claim)
        yield claim
        yield from self._faults
        self._faults = []
        for found in claim_findings(claim):
            yield self._number(found)

    def _summarised(self) -> Iterator[Part]:
        """What LX, TS3 and TS2 before the first claim under them say."""
        assert self._running is not None
        if not self._summary:
            return
        by_id = {segment.id: segment for segment in self._summary}
        self._summary = []
        told = loops.summary(by_id["TS3"], by_id.get("TS2"), self._undated) if "TS3" in by_id else None
        for found in self._running.begin(told):
            yield self._number(found)
        self._provider = told.provider if told else None
        if told:
            yield told

    def _moved(self, plb: Segment) -> Iterator[Part]:
        assert self._running is not None
        for adjustment in loops.provider_adjustments(plb, self._undated):
            self._running.move(adjustment)
            yield adjustment

    def _closed(self, at: Segment) -> Iterator[Part]:
        """The end of a payment, at its SE or where the file leaves it."""
        if self._running is None:
            yield from self._headed()
        yield from self._summarised()
        running = self._running
        assert running is not None
        self._open = False
        for found in running.end():
            yield self._number(found)
        yield from self._faults
        self._faults = []
        digest = self._digest.hexdigest()
        sums = (Money(running.paid), Money(running.moved))
        yield PaymentEnd(running.header, digest, running.claims, running.lines, *sums)

    def _undated(self, segment: Segment, element: int) -> None:
        words = f"{segment.id}{element:02} is not a day of the calendar (CCYYMMDD); it was left out."
        self._faults.append(self._number(finding("X221A1:element/date", words, **place(segment))))

    def _enveloped(self, faults: Iterable[FormFault]) -> list[Part]:
        found: list[Part] = [self._formal(fault, "X12:005010/envelope") for fault in faults]
        if not self._open:  # what shows inside a payment weighs on that one alone
            self._envelope_errors += len(found)
        return found

    def _formal(self, fault: FormFault, rule: str) -> Finding:
        where = {"segment": fault.segment, "position": fault.position, "offset": fault.offset, "loop": fault.loop}
        return self._number(finding(rule, fault.message, **where))


def _endless(what: str, segment: Segment) -> X12Error:
    return X12Error(
        f"A {what} never ends; segment {segment.position} still belongs to it. Ask for a correct file.",
        segment.position,
        segment.offset,
    )


def _canonical(segments: Sequence[Segment]) -> str:
    """The segments as every sender's separators would say them."""
    mark = next((s.separators.component for s in segments), ":")
    if mark == ":":
        return "".join(["\x1f".join((s.id, *s.elements, "\x1e")) for s in segments])
    return "".join(["\x1f".join((s.id, *(e.replace(mark, ":") for e in s.elements), "\x1e")) for s in segments])
