"""Blocks of nerves against the pain after an operation, given beside the anesthetic at the surgeon's request."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.offices import near
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import ClaimType, Document

BLOCK = "NCCI:2/pain-block"
_AFTERWARDS = compiled(r"(?i)\bpost-?op(?:erative)?(?:ly)? (?:pain|analgesia)|\bpain (?:control|relief) after\b")
_ASKED = compiled(
    r"(?i)\b(?:request\w*|asked|order\w*)\b[^.\n]{0,30}\b(?:surgeon|dr\b|orthop\w+|surgical)"
    r"|\bsurgeon'?s? (?:request|order)"
)
_OTHERWISE = compiled(
    r"(?i)\b(?:general (?:an|endo)\w*|ga\b|geta|ett?\b|lma\b|induction|spinal (?:placed|given|bupi\w*)|subarachnoid)"
)
_NOT_BEFORE = compiled(
    r"(?i)\b(?:no|not|without|declin\w+|refus\w+|offered|consider\w*|discuss\w*|fail\w*|unable)\b[^.;\n]{0,40}\Z"
)
_NOT_AFTER = compiled(
    r"(?i)\A[^.;\n]{0,40}\b(?:declin\w+|refus\w+|not (?:done|placed|given|performed)|deferred|offered|in pacu if)\b"
)
_CATHETER = compiled(r"(?i)\b(?:catheter|continuous|infusion pump|on-?q)\b")
_NO_CATHETER = compiled(r"(?i)\b(?:single[- ](?:shot|injection)|no catheter|without (?:a )?catheter)\b")
_BOTH = compiled(r"(?i)\b(?:bilateral\w*|both sides|b/l|bilat)\b")


def read(chart: Chart) -> Offer:
    """The blocks that a record of anesthesia tells as given for the time after the operation."""
    if "block" not in chart.text or chart.encounter.claim_type is not ClaimType.PROFESSIONAL:
        return Offer()
    if "anesth" not in chart.text and "anaesth" not in chart.text:
        return Offer()
    return Offer(tuple(s for document in documents(chart) for s in _given(chart, document)))


@cache
def _names() -> tuple[tuple[dict[str, str], Pattern], ...]:
    return tuple((row, compiled(rf"(?i)\b(?:{row['said']})\b")) for row in rows("timed/blocks"))


def _given(chart: Chart, document: Document) -> Iterator[Service]:
    if not (_AFTERWARDS.search(document.text) and _ASKED.search(document.text) and _OTHERWISE.search(document.text)):
        return
    for row, pattern in _names():
        where = next((p for p in _places(document, pattern)), None)
        code = _code(row, where.said) if where else ""
        if where is None or not code or not known(chart, code):
            continue
        day = day_of(chart, document)
        service = coded(
            chart, code, "procedure", f"block for pain after the operation, {row['name']}", [where.evidence], day
        )
        service = service.stepped(reason(BLOCK), BLOCK)
        yield service if row["both"] else near.sided(service, where, reason(near.SIDE))


def _places(document: Document, pattern: Pattern) -> Iterator[Place]:
    for m in pattern.finditer(document.text):
        where = place(document, m.start(), m.end())
        if not _NOT_BEFORE.search(where.before) and not _NOT_AFTER.search(where.after):
            yield where


def _code(row: dict[str, str], said: str) -> str:
    """The code by whether a catheter was left, and of both sides where the table tells them apart."""
    left = _CATHETER.search(said) is not None and _NO_CATHETER.search(said) is None
    if row["both"] and _BOTH.search(said):
        return row["both_left"] if left else row["both"]
    return row["left"] if left else row["single"]
