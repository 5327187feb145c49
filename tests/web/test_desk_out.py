"""What comes out of a chart, practice and its grade, and the choices of the coder."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from httpx import Client

from .coders import (
    HOSTILE,
    ODD,
    SAMPLE,
    Chart,
    allowed,
    finished,
    of_encounter,
    pasted,
    practised,
    sampled,
)
from .page import read


@pytest.fixture(scope="module")
def done(desk: Client) -> Chart:
    chart = sampled(desk, SAMPLE)
    chart.done(f"reject:{chart.ids()['Z71.3']}", reason="not treated")
    finished(chart)
    return chart


def test_the_claim_is_the_one_that_the_command_line_builds(desk: Client, done: Chart, tmp_path: Path) -> None:
    answer = desk.get(f"{done.home}/claim.837")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="Diabetes-CKD-hypertension.837"'
    coded = tmp_path / "coded.json"
    coded.write_bytes(desk.get(f"{done.home}/coded.json").content)
    command = [sys.executable, "-m", "leadterm", "claim", "build", str(coded), "--out", str(tmp_path / "built.837")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    built = (tmp_path / "built.837").read_text(encoding="utf-8")
    assert _without_moment(answer.text) == _without_moment(built)


def _without_moment(claim: str) -> str:
    """An 837 without when it was written and its control number."""
    claim = re.sub(r"\*\d{6}\*\d{4}\*\^", "*D*T*^", claim)
    return re.sub(r"(GS\*HC\*[^~]*?)\*\d{8}\*\d{4,6}\*|(BHT\*[^~]*?)\*\d{8}\*\d{4,6}\*", r"\1\2*D*T*", claim)


def test_a_claim_is_not_given_before_the_end(desk: Client) -> None:
    chart = sampled(desk, SAMPLE)
    answer = desk.get(f"{chart.home}/claim.837")
    assert answer.status_code == 409
    assert "Finish the coding first" in answer.text
    assert "Finish" in chart.html("/out").title()


def test_the_table_runs_no_formula(desk: Client) -> None:
    text = "Hypertension.\n=HYPERLINK(1) +1 -1 @x gout."
    chart = pasted(desk, text)
    for beginning in "=+-@":
        start = text.index(beginning)
        chart.done("add", code={"=": "R05.9", "+": "R51.9", "-": "R42", "@": "R11.0"}[beginning], document="d1",
                   start=str(start), end=str(start + 6), method="text")  # fmt: skip
    answer = desk.get(f"{chart.home}/codes.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) == len(chart.ids()) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_downloads_are_named_by_plain_characters_alone(desk: Client) -> None:
    made = {"schema": "leadterm.encounter/1", "id": 'a"; b\r\nX: y/../é\U0001f600', "documents": ODD[:1]}
    chart = of_encounter(desk, made)
    for path in ("/coded.json", "/codes.csv"):
        answer = desk.get(chart.home + path)
        assert answer.status_code == 200
        assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', answer.headers["content-disposition"])
        assert "x" not in answer.headers


def test_the_json_is_a_coding_that_the_command_line_reads(desk: Client, done: Chart) -> None:
    coded: dict[str, Any] = desk.get(f"{done.home}/coded.json").json()
    assert coded["schema"] == "leadterm.coded/1"
    statuses = {a["code"]: a["status"] for a in coded["assignments"]}
    assert statuses["Z71.3"] == "rejected"
    assert set(statuses.values()) == {"accepted", "rejected"}
    text = coded["encounter"]["documents"][0]["text"]
    for assignment in coded["assignments"]:
        for evidence in assignment["evidence"]:
            assert text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_the_summary_shows_every_code_with_its_words(done: Chart) -> None:
    page = done.page("/summary")
    shown = " ".join(page.text.split())
    for row in done.rows():
        assert row.attributes["data-code"] in shown
    assert "not treated" in shown
    assert "finished" in shown


def test_practice_is_graded_when_it_is_finished(desk: Client) -> None:
    page = read(desk.get("/desk/practice").text)
    case = next(b.attributes["value"] for b in page.find(tag="button", name="case"))
    chart = practised(desk, case)
    assert not chart.rows()
    assert desk.get(f"{chart.home}/grade").status_code == 303
    chart.done("add", code="I10")
    chart.done("finish")
    assert "of 100" in chart.html("/grade")
    assert chart.html("/grade").count("<li") > 1
    assert chart.home not in desk.get("/desk/statistics").text


def test_keys_are_chosen_and_refused_with_a_sentence(desk: Client) -> None:
    assert desk.post("/desk/settings", data={"do": "keep", "key-accept": "y", "name": "J. Rivera"}).status_code == 303
    row = next(e for e in read(desk.get("/desk").text).all() if e.attributes.get("data-key") == "accept")
    assert row.attributes["data-keys"] == "y"
    for wrong in ("j", "g", "", "abc", "Tab", "Ctrl+k", "a b c", HOSTILE):
        answer = desk.post("/desk/settings", data={"do": "keep", "key-accept": wrong})
        assert answer.status_code == 400, wrong
        allowed(read(answer.text))
    desk.post("/desk/settings", data={"do": "first-keys", "name": "J. Rivera"})
    row = next(e for e in read(desk.get("/desk").text).all() if e.attributes.get("data-key") == "accept")
    assert row.attributes["data-keys"] == "a"
