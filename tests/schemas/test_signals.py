"""Signals as JSON: valid, read again as they were, and refused in a sentence where they are not what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.case_files import signal
from leadterm.domain import InputError
from leadterm.schemas import decode_signals, encode_compliance

from .validation import problems

SIGNALS = (signal(), signal(None, name="Maria Lopez"), signal(code="99221-99223"))


def given() -> dict[str, Any]:
    written = encode_compliance.signals(signal().period, SIGNALS, {"claims": 7}, {"em-levels": 3})
    read: dict[str, Any] = json.loads(json.dumps(written))
    return read


def test_signals_are_of_the_contract_and_read_again_as_they_were():
    assert problems("signals-1", given()) == []
    assert decode_signals.signals(given()) == SIGNALS


def test_nothing_seen_is_of_the_contract():
    written = encode_compliance.signals(None, (), {}, {})
    assert problems("signals-1", written) == []
    assert decode_signals.signals(written) == ()


WRONG: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda g: g.update(schema="leadterm.claim/1"), "where leadterm.signals/1 is read"),
    (lambda g: g.update(schema=None), "must say leadterm.signals/1"),
    (lambda g: g.update(signals={}), "signals is not a list"),
    (lambda g: g["signals"].append(1), r"signals\[3\] is not a JSON object"),
    (lambda g: g["signals"][1].pop("reason"), r"signals\[1\].reason is missing"),
    (lambda g: g["signals"][0].update(id="sg-0000000000000000"), r"signals\[0\].id is not the id of that kind"),
    (lambda g: g["signals"][0]["period"].update({"from": "2026-13-01"}), r"period.from is not an ISO date"),
    (lambda g: g["signals"][0]["period"].update({"to": "2025-01-01"}), r"signals\[0\]: A period cannot end"),
    (lambda g: g["signals"][0].update(threshold="high"), r"threshold is not a number"),
    (lambda g: g["signals"][0].update(claims=["C1", 2]), r"claims\[1\] is not a string"),
    (lambda g: g["signals"][0].update(claim_count=1), r"shows 2 claims of 1"),
    (lambda g: g["signals"][0].update(reason="x\ud800"), "half of a character"),
    (lambda g: g["signals"][0].update(peers="31"), r"peers is not a JSON object"),
]


@pytest.mark.parametrize(("spoil", "sentence"), WRONG)
def test_what_is_no_signal_is_refused_in_a_sentence(spoil: Callable[[dict[str, Any]], object], sentence: str):
    spoiled = given()
    spoil(spoiled)
    with pytest.raises(InputError, match=sentence):
        decode_signals.signals(spoiled)


@pytest.mark.parametrize("value", [None, [], 1, "x", {}, {"schema": "leadterm.signals/1", "signals": [None]}])
def test_what_is_none_at_all_is_refused(value: object):
    with pytest.raises(InputError):
        decode_signals.signals(value)
