"""The contract's own example of leadterm.coded/1: valid, readable, and with the keys in the encoder's order."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from leadterm.schemas import decode, encode

from .validation import problems

BESIDE = Path(__file__).resolve().parents[3] / "shared"
CONTRACT = Path(os.environ.get("LEADTERM_SHARED", BESIDE)) / "CONTRACT.md"


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    if not CONTRACT.exists():
        pytest.skip("needs CONTRACT.md of the common data (LEADTERM_SHARED)")
    text = CONTRACT.read_text(encoding="utf-8")
    block = text.split("## `leadterm.coded/1`")[1].split("```json\n")[1].split("```")[0]
    found: dict[str, Any] = json.loads(block)
    return found


@pytest.mark.shared
def test_the_example_is_valid(example: dict[str, Any]) -> None:
    assert problems("coded-1", example) == []


@pytest.mark.shared
def test_the_example_can_be_read(example: dict[str, Any]) -> None:
    coded = decode.coded(example)
    assert (coded.encounter.id, str(coded.assignments[0].code), coded.queries[0].reason) == (
        "chart-1",
        "E11.22",
        "specificity",
    )


@pytest.mark.shared
def test_the_encoder_keeps_the_keys_in_the_order_of_the_example(example: dict[str, Any]) -> None:
    written = encode.coded(decode.coded(example))
    assert list(written) == [*example, "facts", "leads"]
    assert list(written["assignments"][0]) == [*example["assignments"][0], "facts"]
    assert list(written["findings"][0]) == list(example["findings"][0])
    assert list(written["queries"][0]) == list(example["queries"][0])
    assert [list(step) for step in written["assignments"][0]["pathway"]] == [
        list(step) for step in example["assignments"][0]["pathway"]
    ]


@pytest.mark.shared
def test_the_example_comes_back_as_it_was(example: dict[str, Any]) -> None:
    written = encode.coded(decode.coded(example))
    for key in ("id", "setting", "date_of_service", "engine", "releases", "calibration", "findings", "queries"):
        assert written[key] == example[key]
    assert {**written["assignments"][0], "facts": None} == {**example["assignments"][0], "facts": None}
