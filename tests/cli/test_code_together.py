"""`leadterm code` with several files: one answer for one encounter, copies of a text one support."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.validation import problems

from .conftest import Call
from .notation import DAY, codes, quotes_hold, rules

PNEUMONIA = "Assessment: Community-acquired pneumonia due to Klebsiella, improving on ceftriaxone since this morning.\n"


def stay(name: str, day: int, text: str) -> str:
    document = {"id": name, "service_time": f"2026-05-{day}T08:00:00", "text": text}
    known = [{"kind": "visit", "value": "V1"}, {"kind": "patient", "value": "100"}]
    whole = {"id": name, "setting": "inpatient", "admission": "2026-05-13", "discharge": DAY, "documents": [document]}
    return json.dumps({**whole, "identifiers": known})


def test_files_of_one_stay_are_one_answer_and_a_copy_is_no_second_support(leadterm: Call, tmp_path: Path) -> None:
    (tmp_path / "first.json").write_text(stay("first", 13, PNEUMONIA))
    (tmp_path / "second.json").write_text(stay("second", 14, f"{PNEUMONIA}Hypertension.\n"))
    answer = leadterm("code", tmp_path, "--json")
    assert (answer.code, problems("coded-1", answer.json)) == (0, [])
    assert codes(answer.json) == ["J15.0", "I10"]
    assert {e["document"] for e in answer.json["assignments"][0]["evidence"]} == {"first"}
    assert quotes_hold(answer.json)
    assert "LEADTERM:records/joined" in rules(answer.json)


def test_texts_are_one_encounter_where_the_caller_says_so(leadterm: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Assessment: Hypertension.")
    (tmp_path / "b.txt").write_text("Assessment: Gout.")
    answer = leadterm("code", "a.txt", "b.txt", "--together", "--date", DAY, "--json")
    assert codes(answer.json) == ["I10", "M10.9"]
    assert [d["file"] for d in answer.json["encounter"]["documents"]] == ["a.txt", "b.txt"]
    assert len(leadterm("code", "a.txt", "b.txt", "--date", DAY, "--json").json) == 2
