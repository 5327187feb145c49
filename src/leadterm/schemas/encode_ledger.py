"""Postings, accounts, denials and key figures as contract JSON.

The values come from the upper floors, which schemas do not know; they are taken as they are named here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from leadterm.domain import Account, Finding

from .encode_parts import Json, finding, plain


class Measured(Protocol):
    """A key figure."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def words(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> Decimal | None: ...  # noqa: D102
    @property
    def numerator(self) -> Decimal: ...  # noqa: D102
    @property
    def denominator(self) -> Decimal: ...  # noqa: D102


def kpi(as_of: Any, measures: Iterable[Measured]) -> Json:
    """Key figures as leadterm.kpi/1; numbers are JSON numbers, null where nothing was there to divide by."""
    return {
        "schema": "leadterm.kpi/1",
        "as_of": plain(as_of),
        "measures": [
            {
                "name": m.name,
                "value": None if m.value is None else float(m.value),
                "numerator": float(round(m.numerator, 4)),
                "denominator": float(round(m.denominator, 4)),
                "unit": m.unit,
                "words": m.words,
            }
            for m in measures
        ],
    }


def account(value: Account, entries: Iterable[Any]) -> Json:
    """What is owed on a claim and every entry behind it, as leadterm.account/1."""
    return {
        "schema": "leadterm.account/1",
        "claim": value.claim,
        "charged": str(value.charged),
        "paid": str(value.paid),
        "written_off": str(value.written_off),
        "denied": str(value.denied),
        "patient": str(value.patient),
        "balance": str(value.balance),
        "service_date": plain(value.service_date),
        "submitted": plain(value.submitted),
        "payer": value.payer,
        "first_answer": plain(value.first_answer),
        "registered": value.registered,
        "entries": [_entry(e) for e in entries],
    }


def _entry(kept: Any) -> Json:
    value = kept.entry
    return {
        "kind": value.kind.value,
        "amount": str(value.amount),
        "effective": plain(value.effective),
        "line": value.line,
        "group": value.group,
        "reason": value.reason,
        "disposition": plain(value.disposition),
        "reference": value.reference,
        "trace": kept.trace,
        "payer": kept.payer,
        "source": plain(value.source),
    }


def posting(payments: Iterable[Any], findings: Iterable[Finding]) -> Json:
    """What became of a file that was posted, as leadterm.posting/1."""
    return {
        "schema": "leadterm.posting/1",
        "payments": [
            {
                "trace": p.trace,
                "amount": str(p.amount),
                "outcome": p.outcome,
                "claims": p.claims,
                "lines": p.lines,
                "entries": p.entries,
            }
            for p in payments
        ],
        "findings": [finding(f) for f in findings],
    }


def submissions(made: Iterable[Any]) -> Json:
    """What became of claims that were submitted, as leadterm.submission/1."""
    return {
        "schema": "leadterm.submission/1",
        "claims": [{"id": s.claim, "outcome": s.outcome, "findings": [finding(f) for f in s.findings]} for s in made],
    }


def denial(item: Any) -> Json:
    """One denial of a worklist."""
    value = item.denial
    return {
        "id": value.id,
        "state": item.state,
        "claim": value.claim,
        "line": value.line,
        "payer": value.payer,
        "payer_name": item.payer_name,
        "payer_kind": value.payer_kind,
        "group": value.group,
        "reason": value.reason,
        "remarks": list(value.remarks),
        "amount": str(value.amount),
        "open": str(item.open),
        "charge": str(value.charge),
        "code": value.code,
        "modifiers": list(value.modifiers),
        "service_date": plain(value.service_date),
        "remittance_date": plain(value.remittance_date),
        "payer_control_number": value.control_number,
        "category": value.category,
        "words": value.words,
        "cause": value.cause,
        "notes": list(value.notes),
        "move": value.move.value,
        "actions": list(value.actions),
        "appealable": value.appealable,
        "forbidden": sorted(move.value for move in value.forbidden),
        "guards": list(value.guards),
        "deadline": plain(value.deadline),
        "deadline_source": value.deadline_source,
        "days_left": item.days_left,
        "overdue": item.overdue,
    }


def denials(on: Any, items: Iterable[Any]) -> Json:
    """A worklist as leadterm.denials/1, in the order to work it."""
    return {"schema": "leadterm.denials/1", "on": plain(on), "denials": [denial(item) for item in items]}
