"""`leadterm recode`: what late documents change of a coding, and the words that do it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.validation import problems

from .conftest import Answer, Call
from .notation import DAY, codes, rules

KNOWN = [{"kind": "visit", "value": "V1"}, {"kind": "patient", "value": "100"}]


def chart(*documents: dict[str, Any], known: list[dict[str, str]] = KNOWN) -> str:
    return json.dumps({"id": "visit", "date_of_service": DAY, "documents": documents, "identifiers": known})


@pytest.fixture
def coded(leadterm: Call, tmp_path: Path) -> Path:
    (tmp_path / "visit.json").write_text(chart({"id": "n-7", "text": "Assessment: Gout. Hypertension."}))
    file = tmp_path / "visit.coded.json"
    file.write_bytes(leadterm("code", "visit.json", "--json").out)
    return file


def recoded(leadterm: Call, coded: Path, late: str, *flags: str) -> Answer:
    (coded.parent / "late.json").write_text(late)
    return leadterm("recode", coded, "late.json", *flags)


def test_an_addendum_adds_a_code_with_its_words(leadterm: Call, coded: Path) -> None:
    addendum = chart({"id": "n-8", "status": "addendum", "text": "Assessment: Asthma."})
    answer = recoded(leadterm, coded, addendum, "--json")
    assert (answer.code, problems("recoding-1", answer.json)) == (0, [])
    (added,) = answer.json["added"]
    assert (added["code"], added["by_late"], added["evidence"][0]["text"]) == ("J45.909", True, "Asthma")
    assert (answer.json["reopened"], answer.json["late"], answer.json["removed"]) == (True, ["n-8"], [])
    assert "LEADTERM:records/late" in rules(answer.json["coded"], "warning")


def test_a_correction_takes_codes_away_and_is_written(leadterm: Call, coded: Path) -> None:
    correction = chart({"id": "n-8", "status": "corrected", "supersedes": "n-7", "text": "Assessment: Hypertension."})
    answer = recoded(leadterm, coded, correction, "--out", str(coded))
    assert "1 late document, 1 no longer standing; re-opened" in answer.text
    assert "first: M10.9 → I10" in answer.text
    assert "- M10.9" in answer.text
    assert codes(json.loads(coded.read_text("utf-8"))) == ["I10"]


def test_what_says_nothing_more_changes_nothing(leadterm: Call, coded: Path) -> None:
    answer = recoded(leadterm, coded, chart({"id": "n-9", "text": "Assessment: Hypertension."}))
    assert "1 late document; no code changes" in answer.text


def test_what_people_decided_stays(leadterm: Call, coded: Path) -> None:
    value = json.loads(coded.read_text("utf-8"))
    decision = {"by": "coder", "at": "2026-05-15T08:00:00+00:00", "method": "reject", "reason": "not treated"}
    value["assignments"][0] |= {"status": "rejected", "decision": decision}
    coded.write_text(json.dumps(value))
    answer = recoded(leadterm, coded, chart({"id": "n-8", "text": "Assessment: Asthma."}), "--json")
    standing = {a["code"]: a["status"] for a in answer.json["coded"]["assignments"]}
    assert standing == {"M10.9": "rejected", "I10": "suggested", "J45.909": "suggested"}
    assert [t["code"] for t in answer.json["added"]] == ["J45.909"]


def test_files_of_another_encounter_are_refused_unless_the_caller_knows(leadterm: Call, coded: Path) -> None:
    other = chart({"text": "Assessment: Asthma."}, known=[])
    assert "--together" in recoded(leadterm, coded, other).err
    assert "+ J45.909" in recoded(leadterm, coded, other, "--together").text
