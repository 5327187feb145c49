"""Copied-forward text: codes that rest on nothing but what stood earlier (abstraction says which words are copies)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from leadterm.domain import Assignment, Evidence, Fact, Setting
from leadterm.edits._coding import Coding
from leadterm.edits._findings import Check, Draft

from ._record import Record, record_of

MANY = 4  # places on which codes rest, before their share of copies says anything
HALF = 0.5


def _resting(coding: Coding) -> Iterator[tuple[Assignment, tuple[Fact, ...]]]:
    """The codes with the facts they rest on; none where nothing is copied."""
    record = coding.once(record_of)
    if not any(f.copied_from for f in record.facts):
        return
    for a in record.told:
        if facts := record.standing(a):
            yield a, facts


def _copied(coding: Coding) -> Iterator[Draft]:
    record = coding.once(record_of)
    for a, facts in _resting(coding):
        copies = [f for f in facts if is_copy(f)]
        if copies and all(f in copies or _of_before(f, record, coding) for f in facts):
            message = f"All words for {a.code.value} ({len(facts)}) repeat an earlier text."
            yield Draft(message, (a.code.value,), (a.id,), evidence=tuple(_shown(copies)))


def _share(coding: Coding) -> Iterator[Draft]:
    places = {f.id: f for _, facts in _resting(coding) for f in facts}
    copies = [f for f in places.values() if is_copy(f)]
    if len(places) >= MANY and len(copies) >= HALF * len(places):
        share = round(100 * len(copies) / len(places))
        message = f"Of {len(places)} places on which codes rest, {len(copies)} ({share} %) repeat earlier text."
        yield Draft(message, evidence=tuple(_shown(copies))[:MANY])


def is_copy(fact: Fact) -> bool:
    """Whether a fact stands in text copied from elsewhere; what its own document says twice is no copy."""
    origin = fact.copied_from
    if origin is None:
        return False
    repeated = " ".join(fact.mention.text.lower().split()) in " ".join(origin.text.lower().split())
    return origin.document != fact.mention.document or not repeated


def _of_before(fact: Fact, record: Record, coding: Coding) -> bool:
    """Whether a fact stands in a document of a day before the visit; a stay is of many days."""
    written = record.documents[fact.mention.document].service_time
    visit = coding.on
    if coding.encounter.setting is Setting.INPATIENT or written is None or visit is None:
        return False
    return date(written.year, written.month, written.day) < visit


def _shown(copies: list[Fact]) -> Iterator[Evidence]:
    for fact in copies:
        yield fact.mention


CHECKS: Mapping[str, Check[Coding]] = {
    "LEADTERM:documentation/copied": _copied,
    "LEADTERM:documentation/copied-share": _share,
}
