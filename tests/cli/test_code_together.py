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


BAD = {
    "b.xml": '<!DOCTYPE a [<!ENTITY x "Zebra">]><ClinicalDocument>&x;</ClinicalDocument>',
    "c.json": '{"resourceType":"Patient","a":' + "[" * 5_000,
    "d.hl7": "MSH|^~\\&|Zebra\rZZZ|1\r",
    "e.hl7": "MSH|^~\\&|A\rPID|1||7\rPV1|1|O\rOBX|1|TX|x||Asthma.\r",
    "f.csv": 'encounter,text\n1,"Zebra',
    "g.json": '{"resourceType":"Bundle","entry":[',
    "h.rtf": "{\\rtf1 Zebra" + "{" * 200,
    "i.pdf": "%PDF-1.4 Zebra",
}


def test_a_bad_file_of_a_folder_stops_none_of_the_others(leadterm: Call, tmp_path: Path) -> None:
    for name, content in {"a.txt": "Assessment: Gout.", **BAD, "z.txt": "Assessment: Hypertension."}.items():
        (tmp_path / name).write_text(content)
    for flag in ("--together", "--apart", "--json"):
        answer = leadterm("code", tmp_path, "--jsonl", *([flag] if flag != "--json" else []))
        found = {row["id"]: row.get("error") or codes(row) for row in answer.rows}
        assert answer.code == 1
        told = {code for row in answer.rows if "error" not in row for code in codes(row)}
        assert {"M10.9", "I10"} <= told
        assert {name for name in BAD if isinstance(found.get(name), str)} == BAD.keys() - {"e.hl7"}
        assert "Zebra" not in answer.text


def test_where_no_file_can_be_read_nothing_was_answered(leadterm: Call, tmp_path: Path) -> None:
    for name in ("b.xml", "h.rtf"):
        (tmp_path / name).write_text(BAD[name])
    answer = leadterm("code", tmp_path)
    assert (answer.code, answer.text) == (2, "")
    assert answer.err.count("leadterm: ") == 2
