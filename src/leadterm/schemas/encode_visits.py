"""The worksheets of visits as contract JSON: visit/1. The values are those of `leadterm.coding.visits`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadterm.domain import Encounter

from .encode_parts import Json, evidence, plain


def visits(encounter: Encounter, sheets: Sequence[Any], tried: Sequence[Any] = ()) -> Json:
    """The worksheets of an encounter as leadterm.visit/1; `tried`: a `WhatIf` of each of them, or nothing."""
    outcomes = list(tried) or [None] * len(sheets)
    return {
        "schema": "leadterm.visit/1",
        "id": encounter.id,
        "setting": plain(encounter.setting),
        "visits": [_sheet(sheet, one) for sheet, one in zip(sheets, outcomes, strict=True)],
    }


def _sheet(value: Any, tried: Any) -> Json:
    return {
        "documents": list(value.documents),
        "day": plain(value.day),
        "family": value.family,
        "or_family": value.open,
        "told": [{"text": why, "evidence": evidence(words) if words else None} for why, words in value.told],
        "elements": [_element(e) for e in value.elements],
        "decision": {
            "problems": value.decision.problems.word,
            "data": value.decision.data.word,
            "risk": value.decision.risk.word,
            "level": value.decision.level.word,
        },
        "time": {"minutes": value.time.minutes, "evidence": evidence(value.time.evidence)} if value.time else None,
        "by_decision": value.by_decision,
        "by_time": value.by_time,
        "code": None if value.open else value.code,
        "what_if": None if tried is None else _tried(tried),
    }


def _element(value: Any) -> Json:
    return {
        "axis": plain(value.axis),
        "kind": value.kind,
        "name": value.name,
        "why": value.why,
        "level": value.level.word if value.level else None,
        "evidence": [evidence(e) for e in value.evidence],
    }


def _tried(value: Any) -> Json:
    return {
        "purpose": plain(value.purpose),
        "outcomes": [
            {
                "change": one.change,
                "axis": plain(one.axis),
                "kind": one.kind,
                "name": one.name,
                "level": None if one.level is None else one.level.word,
                "code": one.code,
            }
            for one in value.outcomes
        ],
    }
