"""`leadterm practice`: a learner lists cases, starts one, and has an attempt graded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadterm import schemas
from leadterm.cases import load_cases
from leadterm.review import Leading, Outcome, ReasonKind
from schemas.validation import problems

from .conftest import Call

# The case that these tests go by: its key is Z08, Z85.3, Z90.11.
CASE = "012-yearly-look"
CHART = load_cases()[CASE].document.text
KEY = "Z08 Z85.3 Z90.11"
UNREVIEWED = "Not reviewed by a credentialed coder"
OWN = """
title = "A visit"
specialty = "testing"
difficulty = 1
setting = "outpatient"
claim_type = "professional"
date = 2026-05-14
age = 61
sex = "F"
guidelines = "FY2026"
reviewed_by = "A. Coder, CCS"
text = "Hypertension."

[[require]]
code = "I10"
role = "first-listed"
evidence = ["Hypertension"]
why = "Hypertension."
paragraph = "I.C.9.a"
"""


def outcomes(answer: Any) -> dict[str, str]:
    return {m["code"]: m["outcome"] for m in answer["marks"]}


def test_the_list_has_every_case_and_says_who_reviewed_it(leadterm: Call) -> None:
    listed = leadterm("practice", "list", "--json").json["cases"]
    assert [c["id"] for c in listed] == list(load_cases())
    assert {c["reviewed_by"] for c in listed} == {None}
    assert "not reviewed by a credentialed coder" in leadterm("practice", "list").text


def test_the_list_can_be_narrowed(leadterm: Call) -> None:
    listed = leadterm("practice", "list", "--specialty", "Cardiology", "--difficulty", 3, "--json").json["cases"]
    assert listed
    assert {(c["specialty"], c["difficulty"]) for c in listed} == {("cardiology", 3)}


def test_an_empty_list_names_the_specialties(leadterm: Call) -> None:
    answer = leadterm("practice", "list", "--specialty", "astrology")
    assert (answer.code, answer.text) == (0, "")
    assert "cardiology" in answer.err


@pytest.mark.parametrize("name", [CASE, "012", "12"])
def test_start_shows_the_chart_and_never_the_key(leadterm: Call, name: str) -> None:
    shown = leadterm("practice", "start", name)
    assert shown.code == 0
    assert CHART.strip() in shown.text
    assert UNREVIEWED in shown.text
    for code in ("Z08", "Z85.3", "Z90.11", "C50.911"):
        assert code not in shown.text
        assert code not in leadterm("practice", "start", name, "--json").text


def test_start_writes_an_attempt_that_grade_reads(leadterm: Call, tmp_path: Path) -> None:
    assert leadterm("practice", "start", "12", "--out", "attempt.json").code == 0
    attempt = json.loads((tmp_path / "attempt.json").read_text("utf-8"))
    assert attempt == {"case": CASE, "codes": []}
    (tmp_path / "attempt.json").write_text(json.dumps({**attempt, "codes": KEY.split()}), "utf-8")
    assert leadterm("practice", "grade", "attempt.json", "--json").json["score"] == 100


def test_start_never_writes_over_an_attempt(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    path = write("attempt.json", "mine")
    answer = leadterm("practice", "start", "12", "--out", "attempt.json")
    assert (answer.code, answer.out) == (2, b"")
    assert path.read_text("utf-8") == "mine"


@pytest.mark.parametrize("codes", ["Z08,Z85.3,Z90.11", "z08 z853 z9011", "Z08; Z85.3;\nZ90.11"])
def test_codes_are_written_as_one_likes(leadterm: Call, codes: str) -> None:
    answer = leadterm("practice", "grade", "12", "--codes", codes, "--json").json
    assert (answer["score"], answer["leading"]["outcome"], answer["missed"]) == (100, "right", [])


def test_a_poor_attempt_is_graded_with_exit_code_0(leadterm: Call) -> None:
    answer = leadterm("practice", "grade", "12", "--codes", "C50.911,Z85.3", "--json")
    assert answer.code == 0
    assert outcomes(answer.json) == {"C50.911": "wrong", "Z85.3": "right"}
    assert answer.json["score"] == 33.3
    assert answer.json["leading"]["outcome"] == "wrong"


def test_nothing_entered_is_an_attempt_too(leadterm: Call) -> None:
    answer = leadterm("practice", "grade", "12", "--codes", "", "--json").json
    assert (answer["score"], answer["leading"]["outcome"]) == (0, "absent")


def test_the_plain_grade_quotes_the_chart_and_cites_the_guidelines(leadterm: Call) -> None:
    text = leadterm("practice", "grade", "12", "--codes", "Z08,C50.911").text
    assert UNREVIEWED in text
    assert "Score 33.3" in text
    assert "“R mastectomy for breast cancer”" in text
    assert "[I.C.2.m, I.C.21.c.4]" in text
    assert "First-listed: Z08, right." in text


def test_quotes_stand_where_they_say(leadterm: Call) -> None:
    for missed in leadterm("practice", "grade", "12", "--codes", "", "--json").json["missed"]:
        for quote in missed["evidence"]:
            assert CHART[quote["start"] : quote["end"]] == quote["text"]


def test_the_key_is_shown_on_demand_only(leadterm: Call) -> None:
    call = ("practice", "grade", "12", "--codes", "Z08,Z85.3,Z90.11")
    assert leadterm(*call, "--json").json["key"] is None
    key = leadterm(*call, "--json", "--reveal").json["key"]
    assert [k["code"] for k in key["require"]] == KEY.split()
    assert "Z79.811" not in leadterm(*call).text
    assert "Z79.811" in leadterm(*call, "--reveal").text


def test_an_attempt_comes_from_standard_input_with_roles(leadterm: Call) -> None:
    codes = [{"code": "Z85.3", "role": "secondary"}, {"code": "z08", "role": "first-listed"}, "Z90.11"]
    stdin = json.dumps({"case": "12", "codes": codes}).encode()
    answer = leadterm("practice", "grade", "-", "--json", stdin=stdin).json
    assert (answer["score"], answer["leading"]["outcome"]) == (100, "right")


def test_a_case_of_ones_own_is_started_and_graded(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("mine.toml", OWN)
    assert "Reviewed by A. Coder, CCS." in leadterm("practice", "start", "mine.toml", "--out", "attempt.json").text
    assert leadterm("practice", "grade", "attempt.json", "--json").json["case"] == "mine"
    assert leadterm("practice", "grade", "mine.toml", "--codes", "I10", "--json").json["score"] == 100


def test_an_unknown_case_names_near_ones(leadterm: Call) -> None:
    for call in (("start", "yearly-loko"), ("grade", "yearly-loko", "--codes", "I10")):
        answer = leadterm("practice", *call)
        assert (answer.code, answer.out) == (2, b"")
        assert f"Do you mean {CASE}?" in answer.err


USAGE = [
    (["grade", "12"], b"", "add --codes"),
    (["grade", "12", "--codes", "hello"], b"", "does not have the shape"),
    (["grade", "absent.json"], b"", "is no file"),
    (["grade", "-"], b"{", "not JSON"),
    (["grade", "-"], b"\xff", "not UTF-8"),
    (["grade", "-"], b"[]", "An attempt is an object"),
    (["grade", "-"], b'{"case": "12"}', "An attempt is an object"),
    (["grade", "-"], b'{"case": "12", "codes": [7]}', "codes[0] is neither a code nor an object"),
    (["grade", "-"], b'{"case": "12", "codes": [{"code": "I10", "role": "charge"}]}', "codes[0].role is not one of"),
    (["start", "absent.toml"], b"", "absent.toml"),
    (["list", "--difficulty", "4"], b"", "difficulty"),
]


@pytest.mark.parametrize(("call", "stdin", "said"), USAGE)
def test_what_cannot_be_used_ends_with_2_and_a_sentence(
    leadterm: Call, call: list[str], stdin: bytes, said: str
) -> None:
    answer = leadterm("practice", *call, stdin=stdin)
    assert (answer.code, answer.out) == (2, b"")
    assert said in answer.err


ANSWERS = [
    ("practice-1", ["list"]),
    ("practice-1", ["list", "--specialty", "nobody's"]),
    ("case-1", ["start", "1"]),
    ("case-1", ["start", "22"]),
    ("grade-1", ["grade", "1", "--codes", "E11.9,I10,E11.2,E11.22X,N18.32,N18.32,Z82.3,J18.9"]),
    ("grade-1", ["grade", "3", "--codes", ""]),
    ("grade-1", ["grade", "16", "--codes", "S59.221A", "--reveal"]),
]


@pytest.mark.parametrize(("schema", "call"), ANSWERS)
def test_json_is_what_its_schema_says(leadterm: Call, schema: str, call: list[str]) -> None:
    answer = leadterm("practice", *call, "--json").json
    assert answer["schema"] == f"leadterm.{schema.replace('-', '/')}"
    assert problems(schema, answer, closed=True) == []


def test_the_schema_and_the_grader_know_the_same_words() -> None:
    grade = schemas.load("grade-1")
    marks, leading = grade["properties"]["marks"]["items"], grade["properties"]["leading"]
    assert marks["properties"]["outcome"]["enum"] == list(Outcome)
    assert leading["properties"]["outcome"]["enum"] == list(Leading)
    assert grade["$defs"]["reason"]["properties"]["kind"]["enum"] == list(ReasonKind)
