"""Denials: what a payer refused, why, what to do next and until when.

A reason is read with its group and its remarks; guard rails rule moves out. An unknown reason is a denial, never a
write-off: what nobody has read is still owed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from leadterm.domain import Adjustment, ClaimStatus, Disposition, InputError, Money, RemittedClaim, RemittedLine

from .deadlines import Days, deadline, offers
from .guardrails import INDICATORS, UNKNOWN_INDICATOR, GuardRail, Situation, fired, unmasking
from .reasons import Move, Reason, Remark, categories, disposition, is_known, payer_kind, reason_of, remarks

__all__ = ["Context", "Denial", "classify", "denials_of", "disposition", "is_known", "rails_on"]

NOTHING = Money.parse("0.00")
UNKNOWN_REASON = Reason(
    "",
    "unexplained",
    Disposition.DENIED,
    "A reason that our tables do not have",
    "A new code, or the payer's own",
    "Ask the payer what it means",
)
NO_REASON = Reason(
    "",
    "unexplained",
    Disposition.DENIED,
    "Claim denied, no reason given",
    "The payer sent a denied claim without a denying adjustment",
    "Ask the payer for the reason",
)
# A remark refines the kind of these: their reasons only say that something is missing, not covered or refused.
GENERAL = frozenset({"missing-information", "non-covered", "unexplained"})


@dataclass(frozen=True, slots=True)
class Denial:
    """Money that a payer refused, with what is known about it.

    Attributes:
        id: Stable for the same adjustment of the same file; holds the claim number, never a name.
        claim: The provider's claim number.
        line: Number of the remitted line; None for the claim as a whole.
        payer: Id of the payer, where given.
        payer_kind, family: Kind of payer (CLP06) and the family whose limits hold (payers.tsv).
        group, reason, remarks: CAS01, CARC, RARCs of the line and the claim; empty where the payer gave none.
        amount: What this adjustment refuses; always positive, but for a claim denied without any amount.
        charge: Of the line, or of the claim.
        service_date, remittance_date: First day of service; day of the payment. None where not known.
        category, words, cause: What kind it is, what it says and why it likely happened, in our words.
        notes: What each remark adds, `CODE: words`.
        actions: What to do, the most binding first.
        move: The next step.
        deadline, deadline_source: Last day for it or None, and in words who says so or why there is none.
        guards: Ids of the guard rails that apply.
        forbidden: Moves that they rule out.
        appealable: Whether a first-level appeal is open and sensible.
        control_number: The payer's claim number (CLP07).
        code, modifiers: Procedure of the line.
        modifier_indicator: Of the NCCI pair, where the caller looked it up; else `unknown`.
    """

    id: str
    claim: str
    line: int | None
    payer: str | None
    payer_kind: str
    family: str
    group: str
    reason: str
    remarks: tuple[str, ...]
    amount: Money
    charge: Money
    service_date: date | None
    remittance_date: date | None
    category: str
    words: str
    cause: str
    notes: tuple[str, ...]
    actions: tuple[str, ...]
    move: Move
    deadline: date | None
    deadline_source: str
    guards: tuple[str, ...]
    forbidden: frozenset[Move]
    appealable: bool
    control_number: str | None
    code: str | None
    modifiers: tuple[str, ...]
    modifier_indicator: str = UNKNOWN_INDICATOR


@dataclass(frozen=True, slots=True)
class Context:
    """What a remitted claim does not say of itself.

    Attributes:
        payment_date: Day of the payment that the claim stands in (BPR16); None where the payer gave none.
        payer: Id of the payer.
        remittance: What tells that payment from others of the day: its digest.
        contract_days: Payer id → days from the remittance that its contract gives for a next step.
        modifier_indicator: Of the NCCI pair that a bundling denial is about, where looked up.
    """

    payment_date: date | None = None
    payer: str | None = None
    remittance: str | None = None
    contract_days: Mapping[str, int] = field(default_factory=dict)
    modifier_indicator: str = UNKNOWN_INDICATOR

    def __post_init__(self) -> None:
        if self.modifier_indicator not in INDICATORS:
            raise InputError("The modifier indicator of an NCCI pair is 0, 1, 9 or unknown.")
        if any(days < 1 for days in self.contract_days.values()):
            raise InputError("A contract gives at least one day; correct the setting of that payer.")


NOWHERE = Context()


@dataclass(frozen=True, slots=True)
class _Case:
    """One adjustment in its surroundings, as the functions below hand it on."""

    claim: RemittedClaim
    line: RemittedLine | None
    adjustment: Adjustment
    reason: Reason
    context: Context

    @property
    def remarks(self) -> tuple[str, ...]:
        """Those of the line, then those of the claim, which hold for its lines too; each once."""
        return tuple(dict.fromkeys((*(self.line.remarks if self.line else ()), *self.claim.remarks)))

    @property
    def known_remarks(self) -> list[Remark]:
        return [remarks()[code] for code in self.remarks if code in remarks()]

    @property
    def charge(self) -> Money:
        return self.line.charge if self.line else self.claim.charge

    @property
    def days(self) -> Days:
        line, claim = self.line, self.claim
        start = (line.start if line else None) or claim.start
        return Days(start, claim.end or (line.end if line else None), self.context.payment_date)

    @property
    def category(self) -> str:
        """The reason's, refined by the first remark that says more where the reason says little."""
        own = self.reason.category
        told = (r.category for r in self.known_remarks if own in GENERAL)
        return next((c for c in told if c and c != own), own)

    @property
    def situation(self) -> Situation:
        claim, kind = self.claim, payer_kind(self.claim.filing)
        paid = self.line.paid if self.line else claim.paid
        unpaid = paid == NOTHING and claim.paid == NOTHING and claim.patient == NOTHING
        return Situation(
            kind.kind,
            kind.family,
            claim.status,
            self.adjustment.group,
            self.adjustment.reason,
            self.category,
            frozenset(self.remarks),
            whole_charge=unpaid and self.adjustment.amount >= self.charge > NOTHING,
            control_number=bool(claim.payer_control_number),
            modifier_indicator=self.context.modifier_indicator,
        )

    @property
    def identity(self) -> str:
        """Claim, line and reason for people; six digits over the rest, so that no two are alike."""
        adjustment, place = self.adjustment, self.adjustment.source
        rest = (self.claim.payer_control_number, str(adjustment.amount), place.position, place.part)
        told = (*rest, self.context.payment_date, self.context.remittance)
        digest = hashlib.sha256(repr(told).encode()).hexdigest()[:6]
        number = self.line.number if self.line else 0
        return f"{self.claim.id}-{number}-{adjustment.group}{adjustment.reason}-{digest}"


def classify(
    claim: RemittedClaim,
    line: RemittedLine | None,
    adjustment: Adjustment,
    context: Context = NOWHERE,
) -> Denial | None:
    """The denial that this adjustment is; None when it is none.

    No denial are amounts of nothing or below, write-offs, the patient's share, what earlier payers did, and whatever a
    guard rail says is none. `line` is None for an adjustment of the claim as a whole.
    """
    if adjustment.amount <= NOTHING:
        return None
    case = _case(claim, line, adjustment, context)
    denied = disposition(adjustment.group, adjustment.reason) is Disposition.DENIED
    if not denied and not any(rail.holds(case.situation) for rail in unmasking()):
        return None
    guards = fired(case.situation)
    return None if any(rail.denial == "no" for rail in guards) else _denial(case, guards)


def rails_on(
    claim: RemittedClaim, line: RemittedLine | None, adjustment: Adjustment, context: Context = NOWHERE
) -> tuple[GuardRail, ...]:
    """The guard rails that apply to an adjustment, a denial or not: why it is none, or what may not be done."""
    return fired(_case(claim, line, adjustment, context).situation)


def denials_of(claims: Iterable[RemittedClaim], context: Context = NOWHERE) -> Iterator[Denial]:
    """The denials of each claim of one payment, those of the claim as a whole first, then line by line.

    A claim that is marked as denied (CLP02 is 4) and bears no denying reason still yields one: nobody said why.
    """
    for claim in claims:
        found = False
        for line in (None, *claim.lines):
            for adjustment in claim.adjustments if line is None else line.adjustments:
                if (denial := classify(claim, line, adjustment, context)) is not None:
                    found = True
                    yield denial
        if claim.status == ClaimStatus.DENIED and not found and claim.charge > NOTHING:
            yield _without_reason(claim, context)


def _case(claim: RemittedClaim, line: RemittedLine | None, adjustment: Adjustment, context: Context) -> _Case:
    reason = reason_of(adjustment.group, adjustment.reason) or UNKNOWN_REASON
    return _Case(claim, line, adjustment, reason, context)


def _without_reason(claim: RemittedClaim, context: Context) -> Denial:
    still_open = claim.charge - claim.paid - claim.patient
    amount = still_open if still_open > NOTHING else claim.charge
    case = _Case(claim, None, Adjustment("", "", amount, None, claim.source), NO_REASON, context)
    return _denial(case, fired(case.situation))


def _denial(case: _Case, guards: tuple[GuardRail, ...]) -> Denial:
    situation, days, known = case.situation, case.days, case.known_remarks
    forbidden = frozenset(move for guard in guards for move in guard.forbids)
    move, binding = _next_move(situation, guards, forbidden)
    limit = deadline(situation.family, move.value, days, case.context.contract_days.get(case.context.payer or ""))
    fixes = (binding.fix.rstrip("."),) if binding else ()
    return Denial(
        id=case.identity,
        claim=case.claim.id,
        line=case.line.number if case.line else None,
        payer=case.context.payer,
        payer_kind=situation.payer,
        family=situation.family,
        group=situation.group,
        reason=situation.reason,
        remarks=case.remarks,
        amount=case.adjustment.amount,
        charge=case.charge,
        service_date=days.service_start,
        remittance_date=case.context.payment_date,
        category=situation.category,
        words=case.reason.words,
        cause=case.reason.cause,
        notes=tuple(f"{remark.code}: {remark.words}" for remark in known),
        actions=tuple(dict.fromkeys((*fixes, case.reason.action, *(remark.action for remark in known)))),
        move=move,
        deadline=limit.day,
        deadline_source=limit.source,
        guards=tuple(guard.id for guard in guards),
        forbidden=forbidden,
        appealable=Move.APPEAL in categories()[situation.category].moves and Move.APPEAL not in forbidden,
        control_number=case.claim.payer_control_number,
        code=case.line.code if case.line else None,
        modifiers=case.line.modifiers if case.line else (),
        modifier_indicator=situation.modifier_indicator,
    )


def _next_move(
    situation: Situation, guards: tuple[GuardRail, ...], forbidden: frozenset[Move]
) -> tuple[Move, GuardRail | None]:
    """The first move that a guard rail requires, else the category prefers, that is offered and not ruled out."""
    required = ((move, guard) for guard in guards for move in guard.requires)
    preferred = ((move, None) for move in categories()[situation.category].moves)
    for move, guard in (*required, *preferred):
        if move not in forbidden and offers(situation.family, move):
            return move, guard
    return Move.CLOSE, None
