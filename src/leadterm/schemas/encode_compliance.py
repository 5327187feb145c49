"""Signals, the clock of overpayments and case files as contract JSON.

The values of the clock and of case files come from an upper floor, which schemas do not know; they are taken as named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from leadterm.domain import DateRange, Signal

from .encode_parts import Json, plain


def signal(value: Signal) -> Json:
    """One signal, as it stands in every answer."""
    return {
        "id": value.id,
        "kind": value.kind,
        "rule": value.rule,
        "subject": plain(value.subject),
        "period": _period(value.period),
        "statistic": plain(value.statistic),
        "threshold": value.threshold,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "peers": plain(value.peers),
        "source": value.source,
        "claims": list(value.claims),
        "claim_count": value.claim_count,
        "reason": value.reason,
        "innocent": value.innocent,
        "certainty": value.certainty,
        "places": [plain(place) for place in value.places],
    }


def signals(
    period: DateRange | None, found: Iterable[Signal], seen: Mapping[str, int], tested: Mapping[str, int]
) -> Json:
    """The signals of a period as leadterm.signals/1; `seen` claims and encounters, `tested` comparisons by kind."""
    return {
        "schema": "leadterm.signals/1",
        "period": _period(period) if period else None,
        "seen": dict(seen),
        "tested": dict(tested),
        "signals": [signal(one) for one in found],
    }


def _period(value: DateRange) -> Json:
    return {"from": plain(value.start), "to": plain(value.end)}


def overpayment(clock: Any) -> Json:
    """The clock of an overpayment as leadterm.overpayment/1."""
    return {"schema": "leadterm.overpayment/1", **_clock(clock)}


def cases(on: date, found: Iterable[Any]) -> Json:
    """Case files on a day as leadterm.compliance/1."""
    return {"schema": "leadterm.compliance/1", "on": plain(on), "cases": [case(one, on) for one in found]}


def case(value: Any, on: date) -> Json:
    """One case file: its signal, how it stands, and every event."""
    file = value.file
    return {
        "id": value.id,
        "signal": signal(value.signal),
        "status": file.status.value,
        "assigned": file.assigned,
        "concerned": list(file.concerned),
        "opened": plain(value.opened),
        "changed": plain(value.changed),
        "number": file.number,
        "closed": _closed(file.closed),
        "evidence": [plain(item) for item in file.evidence],
        "dates": [{"event": h.event.value, "day": plain(h.day)} for h in file.dates],
        "clock": _clock(value.clock(on)),
        "events": [_event(entry) for entry in file.entries],
    }


def _clock(value: Any) -> Json:
    standard = value.standard
    return {
        "on": plain(value.on),
        "standard": {"id": standard.id, "words": standard.words, "from": plain(standard.start)} if standard else None,
        "identified": plain(value.identified),
        "report": _deadline(value.report),
        "return": _deadline(value.give_back),
        "reaches_back_to": plain(value.reaches_back_to),
        "outside": [plain(day) for day in value.outside],
        "steps": [{"day": plain(line.day), "words": line.words, "source": line.cite or None} for line in value.lines],
    }


def _deadline(value: Any) -> Json | None:
    if value is None:
        return None
    return {
        "day": plain(value.day),
        "state": value.state.value,
        "days_left": value.days_left,
        "left_when_resumed": value.left_when_resumed,
        "done": plain(value.done),
        "source": value.cite,
    }


def _closed(value: Any) -> Json | None:
    if value is None:
        return None
    amount = None if value.amount is None else str(value.amount)
    return {"disposition": value.disposition.value, "reason": value.reason, "amount": amount}


def _event(entry: Any) -> Json:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "by": entry.by,
        "at": plain(entry.at),
        "stands": entry.stands,
        "said": _said(entry.action),
    }


def _said(action: Any) -> Json:
    """The particulars of an action; nothing for one that this version cannot read."""
    if action is None:
        return {}
    values = {field.name: getattr(action, field.name) for field in fields(action)}
    if values.get("amount") is not None:
        values["amount"] = str(values["amount"])
    return {name: plain(value) for name, value in values.items()}
