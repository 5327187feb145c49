"""`leadterm deidentify`: text on standard output, what was replaced beside it, the key in a file of its owner."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.validation import problems

from .conftest import Call
from .notation import PRIVATE, SECRET, row

MESSAGE = (
    "MSH|^~\\&|A|B|C|D|20260514||MDM^T02|1|P|2.5\rPID|1||00482913||Quillfeather^Zebediah||19550109|M\r"
    "PV1|1|O\rTXA|1|CN\rOBX|1|TX|N||Quillfeather has asthma. Seen on 5/14/2026.\r"
)


@pytest.fixture(autouse=True)
def data_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("LEADTERM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_text(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("visit.txt", PRIVATE)
    answer = leadterm("deidentify", "visit.txt")
    assert (answer.code, answer.text) == (0, "Patient: [NAME 1]\nAssessment: Hypertension.\n")
    assert "1 × names" in answer.err
    assert "not a determination" in answer.err
    assert SECRET not in answer.err


def test_json_is_of_the_contract(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("message.hl7", MESSAGE)
    answer = leadterm("deidentify", "message.hl7", "--json")
    assert problems("deidentified-1", answer.json) == []
    assert answer.json["id"] == "chart-1"
    assert "uillfeather" not in answer.text
    assert "00482913" not in answer.text
    assert {"kind": "name", "paragraph": "A"}.items() <= answer.json["replaced"][0].items()


def test_rows_keep_their_place_and_lose_their_id(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("charts.jsonl", row("Quillfeather", PRIVATE) + "\n{\n" + row("b", "Seen 5/2/2026.") + "\n")
    answer = leadterm("deidentify", "charts.jsonl")
    assert answer.code == 1
    assert [r["id"] for r in answer.rows] == ["chart-1", "chart-2", "chart-3"]
    assert "error" in answer.rows[1]
    assert "uillfeather" not in answer.text


def test_a_bad_file_stops_none_of_the_others(leadterm: Call, write: Callable[[str, str], Path]) -> None:
    write("a.xml", f"<ClinicalDocument>{PRIVATE}")
    write("b.txt", PRIVATE)
    answer = leadterm("deidentify", "a.xml", "b.txt")
    assert (answer.code, answer.text) == (1, "Patient: [NAME 1]\nAssessment: Hypertension.\n")
    assert "chart-1: The file a.xml is not well-formed XML" in answer.err
    assert SECRET not in answer.err


def test_files_and_the_map(leadterm: Call, write: Callable[[str, str], Path], tmp_path: Path) -> None:
    write("visit.txt", PRIVATE)
    assert leadterm("deidentify", "visit.txt", "--out", "shared", "--map", "map.jsonl").text == ""
    assert sorted(p.name for p in (tmp_path / "shared").iterdir()) == ["chart-1-d1.txt", "chart-1.json"]
    told = json.loads((tmp_path / "map.jsonl").read_text())
    assert told["documents"][0]["replaced"] == [{"kind": "name", "start": 9, "end": 30, "new_start": 9, "new_end": 17}]


def test_the_key_is_made_once_and_is_its_owners(
    leadterm: Call, write: Callable[[str, str], Path], data_home: Path
) -> None:
    write("message.hl7", MESSAGE)
    first = leadterm("deidentify", "message.hl7", "--dates", "shift").text
    assert leadterm("deidentify", "message.hl7", "--dates", "shift").text == first
    key = data_home / "deidentify-key"
    assert len(bytes.fromhex(key.read_text())) == 32
    if os.name == "posix":
        assert key.stat().st_mode & 0o077 == 0
        key.chmod(0o644)
        refused = leadterm("deidentify", "message.hl7", "--dates", "shift")
        assert (refused.code, "by others" in refused.err) == (2, True)


@pytest.mark.parametrize(
    "flags", [["--dates", "month"], ["--weekdays"], ["--key", "k"], ["--dates", "shift", "--key", "visit.txt"]]
)
def test_what_cannot_be_asked(leadterm: Call, write: Callable[[str, str], Path], flags: list[str]) -> None:
    write("visit.txt", PRIVATE).chmod(0o600)
    answer = leadterm("deidentify", "visit.txt", *flags)
    assert (answer.code, answer.text) == (2, "")
    assert SECRET not in answer.err
