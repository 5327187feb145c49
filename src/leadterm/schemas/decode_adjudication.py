"""What an earlier payer decided, read into an Adjudication."""

from __future__ import annotations

from leadterm.domain import Adjudication, LineAdjudication, PriorAdjustment

from .decode_parts import read_modifiers, read_service_code
from .reading import Node, every, must


def read_adjudication(at: Node) -> Adjudication | None:
    """The decision of a payer at a node, or None."""
    if not at.given():
        return None
    return Adjudication(
        paid=must(Node.amount, at["paid"]),
        adjustments=every(at["adjustments"], _adjustment),
        date=at["date"].day(),
        remaining=at["remaining"].amount(),
        non_covered=at["non_covered"].amount(),
        control_number=at["control_number"].word(),
        lines=every(at["lines"], _line),
    )


def _adjustment(at: Node) -> PriorAdjustment:
    return PriorAdjustment(
        group=must(Node.word, at["group"]),
        reason=must(Node.id, at["reason"]),
        amount=must(Node.amount, at["amount"]),
        quantity=at["quantity"].signed(),
    )


def _line(at: Node) -> LineAdjudication:
    return LineAdjudication(
        line=must(Node.integer, at["line"]),
        paid=must(Node.amount, at["paid"]),
        code=read_service_code(at["code"]),
        hipps=at["hipps"].word(),
        modifiers=read_modifiers(at["modifiers"]),
        revenue_code=at["revenue_code"].word(),
        units=at["units"].signed(),
        adjustments=every(at["adjustments"], _adjustment),
        date=at["date"].day(),
        remaining=at["remaining"].amount(),
        bundled_into=at["bundled_into"].integer(),
    )
