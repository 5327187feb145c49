"""What is claimed twice: lines of one claim, a claim that went before, lines of a claim that went before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadterm.domain import Claim, ProviderRole, ServiceLine
from leadterm.domain.claim import ORIGINAL, VOID
from leadterm.edits._bill_types import bill_type_of
from leadterm.edits._billing import Billing
from leadterm.edits._days import ByDay
from leadterm.edits._findings import Check, Draft
from leadterm.edits._history import History
from leadterm.edits._services import Past, patient_of

CLAIM = "CLM"
# A line that says of itself why it looks like another one.
SAYS_WHY = frozenset({"59", "76", "77", "91", "XE", "XP", "XS", "XU"})
MOST_REMEMBERED = 200_000
Key = tuple[object, ...]


class Seen:
    """The claims of a stream as far as later ones are compared with them: the newest 200,000 claims and lines.

    Of them hashes and claim ids are kept, and by patient what was done, when and by whom (the newest 4,000 services of
    each). What an original claims again (frequency 1) is a repetition; replacements and voids concern an earlier claim
    and are never one: its services give way to theirs.
    """

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._claims: OrderedDict[int, str] = OrderedDict()
        self._lines: OrderedDict[int, str] = OrderedDict()
        self._asked: _Marks | None = None
        self._history = History(most)

    def same_claim(self, claim: Claim) -> str | None:
        """The id of an earlier claim for the same patient, payer, provider, days, services and charges, or None."""
        return self._claims.get(self._marks(claim).whole) if claim.frequency == ORIGINAL else None

    def same_lines(self, claim: Claim) -> Mapping[int, str]:
        """The lines for which an earlier claim asks too, each with that claim's id."""
        if claim.frequency != ORIGINAL:
            return {}
        return {n: self._lines[key] for n, key in self._marks(claim).lines.items() if key in self._lines}

    def services(self, claim: Claim) -> ByDay[Past]:
        """What earlier claims ask for the same patient; a claim that replaces or voids one of them stands for it."""
        return self._history.of(claim)

    def remember(self, claim: Claim) -> None:
        """Keeps a claim for comparison and forgets the oldest, so that memory stays bounded."""
        self._history.remember(claim)
        marks = self._marks(claim)
        if claim.frequency == VOID:
            self._forget(marks)
        if claim.frequency != ORIGINAL:
            return
        self._claims.setdefault(marks.whole, claim.id)
        for key in marks.lines.values():
            self._lines.setdefault(key, claim.id)
        for kept in (self._claims, self._lines):
            while len(kept) > self._most:
                kept.popitem(last=False)

    def _forget(self, marks: _Marks) -> None:
        """What was taken back may be claimed again; a void repeats the claim that it takes back."""
        for kept, keys in ((self._claims, (marks.whole,)), (self._lines, tuple(marks.lines.values()))):
            for key in keys:
                if kept.get(key) == marks.claim.id:
                    del kept[key]

    def _marks(self, claim: Claim) -> _Marks:
        """Made once a claim, which is asked about several times and then remembered."""
        if self._asked is None or self._asked.claim is not claim:
            self._asked = _marks(claim)
        return self._asked


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a claim and its lines are recognised by: hashes.

    A line is recognised that has a code and does not say itself why it comes again.
    """

    claim: Claim
    whole: int
    lines: Mapping[int, int]


def _marks(claim: Claim) -> _Marks:
    whose = _whose(claim)
    every = sorted(hash((_service(line), line.units, line.charge.amount)) for line in claim.lines)
    coded = (line for line in claim.lines if line.code is not None and SAYS_WHY.isdisjoint(line.modifiers))
    lines = {line.number: hash((whose, _service(line))) for line in coded}
    return _Marks(claim, hash((whose, bill_type_of(claim), tuple(every))), lines)


def _whose(claim: Claim) -> Key:
    """Patient, payer and provider."""
    payer = claim.payers[0] if claim.payers else None
    by = tuple(sorted(p.npi or "" for p in claim.providers if p.role in (ProviderRole.BILLING, ProviderRole.RENDERING)))
    # Of a patient whom nothing names, no two claims are known to be of one.
    return (
        claim.claim_type,
        patient_of(claim) or claim.id,
        payer and (payer.id, payer.member_id, payer.responsibility),
        by,
    )


def _service(line: ServiceLine) -> Key:
    """What was given, when and by whom."""
    code = line.code.value if line.code is not None else None
    ndc = line.ndc.code if line.ndc is not None else None
    return (
        *(code, line.revenue_code, tuple(sorted(line.modifiers)), line.start, line.end),
        *(line.place_of_service, line.provider, ndc),
    )


def _within(b: Billing) -> Iterator[Draft]:
    lines = b.claim.lines
    codes = [code for _, code in b.billed]
    if len(set(codes)) == len(codes):
        return
    first: dict[Key, int] = {}
    for line in lines:
        if line.code is not None and SAYS_WHY.isdisjoint(line.modifiers):
            number = first.setdefault(_service(line), line.number)
            if number != line.number:
                message = (
                    f"Line {line.number} is for the same as line {number}: code, modifiers, days, place, provider."
                )
                yield Draft(message, (line.code.value,), location=b.at(b.service, line.number))


def _claim_again(b: Billing) -> Iterator[Draft]:
    before = b.earlier.same_claim(b.claim) if b.earlier is not None else None
    if before is not None:
        yield Draft(f"The claim is for the same as claim {before}, which went before.", location=b.at(CLAIM))


def _lines_again(b: Billing) -> Iterator[Draft]:
    if b.earlier is None or b.earlier.same_claim(b.claim) is not None:
        return
    for number, before in b.earlier.same_lines(b.claim).items():
        message = f"Line {number} is for the same as a line of claim {before}, which went before."
        yield Draft(message, location=b.at(b.service, number))


CHECKS: Mapping[str, Check[Billing]] = {
    "LEADTERM:repeats/line": _within,
    "MCPM:1.120/claim": _claim_again,
    "MCPM:1.120/lines": _lines_again,
}
