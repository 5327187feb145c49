"""`leadterm compare`: two codings of the same charts, and what changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.validation import problems

from .conftest import Call


def row(id: str, *codes: str, poa: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "schema": "leadterm.coded/1",
        "id": id,
        "assignments": [{"system": "icd10cm", "code": c, "poa": (poa or {}).get(c)} for c in codes],
    }


def written(file: Path, *rows: dict[str, Any]) -> str:
    file.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return str(file)


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    before = written(
        tmp_path / "a.jsonl",
        row("same", "I10", "E11.9"),
        row("more", "E11.9"),
        row("turned", "I10", "N18.32"),
        row("stay", "N17.9", poa={"N17.9": "Y"}),
        row("gone", "I10"),
    )
    after = written(
        tmp_path / "b.jsonl",
        row("stay", "N17.9", poa={"N17.9": "N"}),
        row("turned", "N18.32", "I10"),
        row("more", "E11.22", "N18.32"),
        row("same", "I10", "E11.9"),
        {"id": "broken", "error": "no text"},
    )
    return before, after


def test_what_changed_is_told_chart_by_chart(leadterm: Call, two: tuple[str, str]) -> None:
    answer = leadterm("compare", *two)
    assert answer.code == 0
    assert "more  +E11.22  +N18.32  -E11.9  first: E11.9 → E11.22" in answer.text
    assert "turned  first: I10 → N18.32" in answer.text
    assert "stay  POA N17.9: Y → N" in answer.text
    assert "gone  is not in the file after" in answer.text
    assert "broken  is not in the file before" in answer.text
    assert "same" not in answer.text
    assert "5 of 6 charts changed." in answer.text
    assert "removed: 1 (E11.9 × 1)" in answer.text


def test_the_json_keeps_its_schema(leadterm: Call, two: tuple[str, str]) -> None:
    value = leadterm("compare", *two, "--json").json
    assert problems("comparison-1", value, closed=True) == []
    assert (value["charts"], value["changed"]) == (6, 5)
    turned = next(c for c in value["changes"] if c["id"] == "turned")
    assert turned["reordered"]
    assert not turned["added"] + turned["removed"]


def test_a_coding_is_like_itself(leadterm: Call, two: tuple[str, str]) -> None:
    assert "0 of 5 charts changed." in leadterm("compare", two[0], two[0]).text


def test_the_list_can_be_cut(leadterm: Call, two: tuple[str, str]) -> None:
    assert "… and 4 more (--limit 0 lists all)" in leadterm("compare", *two, "--limit", "1").text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"id": "x"}', "line 1: this is no leadterm.coded/1"),
        ("not json", "line 1: this is not JSON"),
        ('{"schema": "leadterm.coded/1", "id": "x", "assignments": [3]}', "an assignment has no system or no code"),
        (2 * (json.dumps(row("x", "I10")) + "\n"), "a second time"),
    ],
)
def test_a_file_that_is_no_coding_is_refused(leadterm: Call, tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(content)
    answer = leadterm("compare", str(file), str(file))
    assert answer.code == 2
    assert says in answer.err


def test_a_single_printed_answer_is_read_too(leadterm: Call, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(row("x", "I10"), indent=2))
    assert "0 of 1 chart changed." in leadterm("compare", str(file), str(file)).text
