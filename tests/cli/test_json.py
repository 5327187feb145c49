"""`--json` of every command is one JSON value of the contract; nothing else stands on standard output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadterm.cli.demo import sample_folder
from schemas.validation import problems

from .conftest import Call
from .notation import AFTER_THE_NEWEST, BEFORE_ANY_RELEASE, CHART, DAY, row, rows

OFFICE_VISIT = sample_folder() / "01-diabetes-ckd-hypertension"
VISIT = [OFFICE_VISIT / "chart.txt", "--encounter", OFFICE_VISIT / "encounter.json"]
ANSWERS: dict[str, list[list[object]]] = {
    "coded-1": [
        ["code", *VISIT],
        ["code", "visit.txt"],
        ["code", "visit.txt", "--date", AFTER_THE_NEWEST],
        ["code", "old.json"],
        ["code", "nothing.txt"],
    ],
    "facts-1": [["code", *VISIT, "--facts"], ["code", "nothing.txt", "--facts"]],
    "codes-1": [
        ["lookup", "E11.22", "i10", "e1122", "--on", DAY],
        ["lookup", "0FT44ZZ", "99213", "J9267", "4A"],
        ["lookup", "Z99.99", "not-a-code", "(", "é"],
        ["lookup", "E11.22", "--on", AFTER_THE_NEWEST],
    ],
    "hits-1": [["search", "diabetic", "kidney", "diseas"], ["search", "qqqzzzqqq"], ["search", "E11", "--limit", "3"]],
    "tree-1": [["tree"], ["tree", "4"], ["tree", "E08-E13"], ["tree", "s52.52"], ["tree", "S52521A"]],
    "releases-1": [["codes", "status"]],
    "findings-1": [
        ["codes", "verify"],
        ["validate", "visit.coded.json"],
        ["validate", "double.coded.json"],
        ["validate", "visit.claim.json"],
        ["claim", "build", *VISIT, "--out", "visit.837"],
    ],
    "demo-1": [["demo", "--out", "demo"]],
    "doctor-1": [["doctor"]],
}


@pytest.fixture
def files(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    """The files that the calls name."""
    write("visit.txt", CHART)
    write("nothing.txt", "The patient feels well.\n")
    write("old.json", row("old", date_of_service=BEFORE_ANY_RELEASE))
    coded = leadterm("code", *VISIT, "--json").json
    write("visit.coded.json", json.dumps(coded))
    double = {**coded["assignments"][0], "id": "added", "code": "E10.9", "role": "secondary", "status": "added"}
    write("double.coded.json", json.dumps({**coded, "assignments": [*coded["assignments"], double]}))
    write("visit.claim.json", leadterm("claim", "build", *VISIT, "--format", "json").text)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("schema", "call"),
    [
        pytest.param(schema, call, id=" ".join(getattr(word, "name", str(word)) for word in call))
        for schema, calls in ANSWERS.items()
        for call in calls
    ],
)
def test_json_is_one_value_of_the_contract(leadterm: Call, schema: str, call: list[object]) -> None:
    answer = leadterm(*call, "--json")
    assert answer.code in (0, 1)
    assert problems(schema, answer.json) == []


def test_a_claim_as_json_is_of_the_contract(leadterm: Call) -> None:
    assert problems("claim-1", leadterm("claim", "build", *VISIT, "--format", "json").json) == []


def test_rules_are_listed_as_one_value_and_explained_as_another(leadterm: Call) -> None:
    listed = leadterm("explain", "--json").json
    assert {"rule", "kind", "authority", "from", "to", "reason"} <= set(listed[0])
    one = next(entry for entry in listed if entry["rule"] == "ICD10CM:tabular/excludes1")
    assert leadterm("explain", "ICD10CM:tabular/excludes1", "--json").json == one


def test_every_rule_that_is_listed_can_be_explained(leadterm: Call) -> None:
    for entry in leadterm("explain", "--json").json:
        assert leadterm("explain", entry["rule"], "--json").json == entry


def test_every_row_of_a_jsonl_is_answered_with_a_value_of_the_contract(
    leadterm: Call, write: Callable[[str, bytes], Path]
) -> None:
    write("notes.jsonl", rows(row("a"), row("b", "Patient is well.")))
    for flag, schema in (("--jsonl", "coded-1"), ("--facts", "facts-1")):
        answers = leadterm("code", "notes.jsonl", flag).rows
        assert [problems(schema, each) for each in answers] == [[], []]


def test_several_texts_as_json_are_one_list_in_order(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("b.txt", CHART)
    write("a.txt", CHART)
    answer: Any = leadterm("code", "b.txt", "a.txt", "--json").json
    assert [each["id"] for each in answer] == ["b", "a"]
    assert [problems("coded-1", each) for each in answer] == [[], []]


def test_a_text_as_jsonl_is_one_line(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("visit.txt", CHART)
    answer = leadterm("code", "visit.txt", "--jsonl")
    assert answer.out.count(b"\n") == 1
    assert problems("coded-1", answer.rows[0]) == []


def test_letters_of_every_script_are_written_as_they_are(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("visit.txt", "Sjögren 中文 🧬 hypertension\u2028\n")
    assert "Sjögren 中文 🧬".encode() in leadterm("code", "visit.txt", "--json").out


def test_half_a_surrogate_pair_in_a_row_does_not_stop_the_others(
    leadterm: Call, write: Callable[[str, bytes], Path]
) -> None:
    write("notes.jsonl", rows(row("a\ud83d", "\ud83d Hypertension."), row("b")))
    answer = leadterm("code", "notes.jsonl")
    assert [each["id"] for each in answer.rows] == ["a\ud83d", "b"]
    assert answer.rows[0]["assignments"][0]["evidence"][0]["start"] == 2
