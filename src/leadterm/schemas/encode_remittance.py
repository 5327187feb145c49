"""Remittances as contract JSON.

A remittance is written piece by piece, since a file may hold more claims than memory: `remittance_pieces` gives the
text of one JSON value, whole when the last piece is written.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from leadterm.domain import (
    Adjustment,
    Finding,
    Money,
    Party,
    PaymentHeader,
    ProviderAdjustment,
    ProviderSummary,
    RemittedClaim,
    RemittedLine,
)

from .encode_parts import Json, finding, plain

# What of the findings waits in memory; more waits on disk, readable for its owner alone.
MOST_IN_MEMORY = 1 << 22


def payment(value: PaymentHeader) -> Json:
    """The head of a payment; account numbers (BPR) stay in the file."""
    return {
        "trace": value.trace,
        "amount": str(value.amount),
        "payment_date": plain(value.payment_date),
        "method": value.method,
        "handling": value.handling,
        "originator": value.originator,
        "produced": plain(value.produced),
        "control_number": value.control_number,
        "convention": value.convention,
        "currency": value.currency,
        "payer": _party(value.payer),
        "payee": _party(value.payee),
        "references": _pairs(value.references),
    }


def remitted_claim(value: RemittedClaim) -> Json:
    """A claim as the payer judged it."""
    return {
        "id": value.id,
        "status": value.status,
        "charge": str(value.charge),
        "paid": str(value.paid),
        "patient": str(value.patient),
        "adjustments": [_adjustment(a) for a in value.adjustments],
        "lines": [_line(line) for line in value.lines],
        "filing": value.filing,
        "payer_control_number": value.payer_control_number,
        "facility": value.facility,
        "frequency": value.frequency,
        "drg": value.drg,
        "provider": value.provider,
        "start": plain(value.start),
        "end": plain(value.end),
        "remarks": list(value.remarks),
        "inpatient": list(value.inpatient),
        "outpatient": list(value.outpatient),
        "parties": [_party(p) for p in value.parties],
        "contacts": [list(c) for c in value.contacts],
        **_rest(value),
        "source": plain(value.source),
    }


def _line(value: RemittedLine) -> Json:
    return {
        "number": value.number,
        "qualifier": value.qualifier,
        "code": value.code,
        "modifiers": list(value.modifiers),
        "charge": str(value.charge),
        "paid": str(value.paid),
        "units": plain(value.units),
        "revenue_code": value.revenue_code,
        "adjustments": [_adjustment(a) for a in value.adjustments],
        "remarks": list(value.remarks),
        "rejects": list(value.rejects),
        "submitted_code": value.submitted_code,
        "submitted_modifiers": list(value.submitted_modifiers),
        "submitted_units": plain(value.submitted_units),
        "start": plain(value.start),
        "end": plain(value.end),
        "control_number": value.control_number,
        **_rest(value),
        "source": plain(value.source),
    }


def _rest(value: RemittedClaim | RemittedLine) -> Json:
    """What has no field of its own, by qualifier."""
    return {
        "dates": plain(value.dates),
        "amounts": plain(value.amounts),
        "quantities": plain(value.quantities),
        "references": _pairs(value.references),
    }


def _adjustment(value: Adjustment) -> Json:
    return {
        "group": value.group,
        "reason": value.reason,
        "amount": str(value.amount),
        "quantity": plain(value.quantity),
    }


def _pairs(values: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"qualifier": qualifier, "value": value} for qualifier, value in values]


def _party(value: Party) -> Json:
    return {
        "entity": value.entity,
        "name": value.name,
        "first_name": value.first_name,
        "middle_name": value.middle_name,
        "suffix": value.suffix,
        "qualifier": value.qualifier,
        "id": value.id,
        "address": list(value.address),
        "contacts": [list(c) for c in value.contacts],
        "references": _pairs(value.references),
    }


def provider_adjustment(value: ProviderAdjustment) -> Json:
    """Money that moved outside the claims; positive lowers the payment."""
    return {
        "provider": value.provider,
        "period_end": plain(value.period_end),
        "reason": value.reason,
        "reference": value.reference,
        "amount": str(value.amount),
    }


def summary(value: ProviderSummary) -> Json:
    """What the payer says of the claims of one provider."""
    return {
        "provider": value.provider,
        "facility": value.facility,
        "period_end": plain(value.period_end),
        "claims": plain(value.claims),
        "charge": plain(value.charge),
        "elements": list(value.elements),
        "inpatient": list(value.inpatient),
    }


def remittance_pieces(parts: Iterable[Any]) -> Iterator[str]:
    """The text of one leadterm.remittance/1 value from the parts of a file, in pieces; memory stays bounded."""
    with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY, "w+", encoding="utf-8", errors="backslashreplace") as findings:
        yield '{"schema": "leadterm.remittance/1", "payments": ['
        payments = 0
        small: Mapping[str, list[Json]] = {}
        claims = 0
        for part in parts:
            if isinstance(part, RemittedClaim):
                claims += 1
                yield _item(remitted_claim(part), first=claims == 1)
            elif isinstance(part, Finding):
                findings.write(_item(finding(part), first=findings.tell() == 0))
            elif isinstance(part, PaymentHeader):
                payments += 1
                yield from (",\n" if payments > 1 else "\n", _opened(part))
                small, claims = {"summaries": [], "provider_adjustments": []}, 0
            elif isinstance(part, ProviderSummary):
                small["summaries"].append(summary(part))
            elif isinstance(part, ProviderAdjustment):
                small["provider_adjustments"].append(provider_adjustment(part))
            elif hasattr(part, "digest"):
                ended = {**small, "digest": part.digest, "totals": _totals(part)}
                yield "], " + _text(ended)[1:]
        yield '\n], "findings": ['
        findings.seek(0)
        while piece := findings.read(1 << 16):
            yield piece
        yield "]}\n"


def _opened(header: PaymentHeader) -> str:
    return _text(payment(header))[:-1] + ', "claims": ['


def _item(value: Json, *, first: bool) -> str:
    return f"{'' if first else ','}\n{_text(value)}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Totals(Protocol):
    """What a payment came to."""

    @property
    def claims(self) -> int: ...  # noqa: D102
    @property
    def lines(self) -> int: ...  # noqa: D102
    @property
    def paid(self) -> Money: ...  # noqa: D102
    @property
    def moved(self) -> Money: ...  # noqa: D102


def _totals(value: Totals) -> Json:
    return {"claims": value.claims, "lines": value.lines, "paid": str(value.paid), "moved": str(value.moved)}
