"""What people call statuses, dispositions and dates, and what an event says in a line."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from leadterm.compliance.events import Event

from .actions import Action, Attach, Close, Concern, Date, Disposition, Move, Open, Status, Undo

STATUSES = {
    Status.OPEN: "Open",
    Status.ASSIGNED: "Assigned",
    Status.INVESTIGATING: "Investigating",
    Status.AWAITING: "Awaiting",
    Status.CLOSED: "Closed",
}
DISPOSITIONS = {
    Disposition.NO_ISSUE: "No issue found",
    Disposition.EDUCATION: "Education",
    Disposition.CORRECTED_CLAIMS: "Corrected claims",
    Disposition.REFUND: "Refund",
    Disposition.REFERRED: "Referred",
}
EVENTS = {
    Event.INFORMATION: "Credible information came in",
    Event.RECEIVED: "Payment received",
    Event.IDENTIFIED: "Overpayment identified",
    Event.INVESTIGATION: "Investigation of related overpayments began",
    Event.CONCLUDED: "Investigation concluded",
    Event.CALCULATED: "Whole amount calculated",
    Event.COST_REPORT: "Corresponding cost report due",
    Event.OIG: "OIG acknowledged a self-disclosure",
    Event.OIG_ENDED: "OIG self-disclosure ended",
    Event.SRDP: "CMS acknowledged a self-referral disclosure",
    Event.SRDP_ENDED: "Self-referral disclosure ended",
    Event.REPAYMENT: "Extended repayment schedule asked for",
    Event.REPAYMENT_ENDED: "Schedule rejected or not kept",
    Event.REPORTED: "Reported",
    Event.RETURNED: "Returned",
}


def said(action: Action | None) -> str:
    """What an action says, in a line; of one that this version cannot read, that."""
    if action is None:
        return "done with a newer version of Leadterm"
    if isinstance(action, Open):
        return "opened from its signal"
    if isinstance(action, Move):
        return STATUSES[action.status].lower()
    if isinstance(action, Date):
        return f"{EVENTS[action.event]}: {action.day}"
    if isinstance(action, Attach):
        return f"{action.evidence.kind} {action.evidence.id}"
    if isinstance(action, Close):
        amount = f", {action.amount}" if action.amount else ""
        return f"{DISPOSITIONS[action.disposition]}{amount}: {action.reason}"
    if isinstance(action, Undo):
        return f"event {action.number} is taken back"
    if isinstance(action, Concern):
        return f"{action.person} must not work it"
    return _plain(action)


def _plain(action: Any) -> str:
    """The one particular of an action; nobody for an assignment taken back."""
    (one,) = (getattr(action, field.name) for field in fields(action))
    return "to nobody" if one is None else str(one)
