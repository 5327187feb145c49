"""The commands over money: what they print, in which shape, with which exit code; the sample answer throughout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadterm.cli.demo import PAYER_ANSWER, sample_folder
from schemas.validation import problems

from .conftest import Call

ERA = sample_folder() / PAYER_ANSWER
VISIT = sample_folder() / "04-cholecystectomy"
ON = ("--as-of", "2026-09-30")
DENIED = "SX3390127"


@pytest.fixture(autouse=True)
def _ledger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEADTERM_DATABASE_URL", f"sqlite:///{tmp_path}/ledger.db")


@pytest.fixture
def chart(leadterm: Call, tmp_path: Path) -> tuple[Path, Path]:
    """The coded encounter and the claim behind the denied sample."""
    made = [VISIT / "chart.txt", "--encounter", VISIT / "encounter.json"]
    coded, claim = tmp_path / "visit.coded.json", tmp_path / "visit.claim.json"
    coded.write_bytes(leadterm("code", *made, "--json").out)
    assert leadterm("claim", "build", *made, "--format", "json", "--out", claim).code == 0
    return coded, claim


def test_a_remittance_that_adds_up_says_so(leadterm: Call):
    answer = leadterm("remit", "read", ERA)
    assert answer.code == 0
    assert answer.text.rstrip().endswith("Everything adds up.")
    assert "OKAFOR" not in answer.text


def test_read_answers_in_its_shape(leadterm: Call):
    answer = leadterm("remit", "read", ERA, "--json")
    assert problems("remittance-1", answer.json) == []
    assert [p["amount"] for p in answer.json["payments"]] == ["106.65", "690.00", "0.00", "0.42"]
    assert [c["id"] for p in answer.json["payments"] for c in p["claims"]] == ["100417", "ED558812", DENIED, "8842011"]
    assert answer.json["findings"] == []
    # Account numbers stay in the file.
    assert b"999999992" not in answer.out


def test_lines_give_payments_claims_and_findings(leadterm: Call, tmp_path: Path):
    broken = tmp_path / "broken.835"
    broken.write_bytes(ERA.read_bytes().replace(b"*106.65*", b"*106.66*"))
    answer = leadterm("remit", "read", broken, "--jsonl")
    assert answer.code == 1
    kinds = [
        next(key for key in ("payment", "claim", "provider_adjustment", "finding") if key in r) for r in answer.rows
    ]
    assert [kinds.count(k) for k in ("payment", "claim", "provider_adjustment", "finding")] == [4, 4, 1, 1]


def test_a_broken_file_leaves_no_half_answer(leadterm: Call, tmp_path: Path):
    cut = tmp_path / "cut.835"
    cut.write_bytes(ERA.read_bytes()[:-40])
    answer = leadterm("remit", "read", cut, "--json")
    assert (answer.code, answer.out) == (2, b"")
    assert "not closed" in answer.err


def test_standard_input_is_read_and_posted(leadterm: Call):
    content = ERA.read_bytes()
    assert leadterm("remit", "read", "-", "--json", stdin=content).json["findings"] == []
    posted = leadterm("remit", "post", "-", "--json", stdin=content)
    assert posted.code == 0
    assert problems("posting-1", posted.json) == []
    assert [p["outcome"] for p in posted.json["payments"]] == ["posted"] * 4


def test_posting_twice_says_so_and_is_no_error(leadterm: Call):
    assert leadterm("remit", "post", ERA).code == 0
    again = leadterm("remit", "post", ERA)
    assert again.code == 0
    assert "posted before" in again.text


def test_a_claim_is_submitted_answered_and_followed(leadterm: Call, chart: tuple[Path, Path]):
    submitted = leadterm("claim", "submit", chart[1], "--on", "2026-07-10", "--json")
    assert problems("submission-1", submitted.json) == []
    assert [c["outcome"] for c in submitted.json["claims"]] == ["submitted"]
    leadterm("remit", "post", ERA)
    account = leadterm("claim", "status", DENIED, *ON, "--json")
    assert problems("account-1", account.json) == []
    wanted = {
        "charged": "2350.00",
        "paid": "0.00",
        "denied": "2350.00",
        "balance": "2350.00",
        "submitted": "2026-07-10",
    }
    assert {key: account.json[key] for key in wanted} == wanted
    assert [e["kind"] for e in account.json["entries"]] == ["charge", "adjustment"]


def test_a_coded_encounter_is_no_claim_to_submit(leadterm: Call, chart: tuple[Path, Path]):
    answer = leadterm("claim", "submit", chart[0])
    assert answer.code == 2
    assert "claim build --format json" in answer.err


def test_denials_are_listed_in_their_shape_and_by_kind(leadterm: Call):
    leadterm("remit", "post", ERA)
    answer = leadterm("denials", "list", *ON, "--json")
    assert problems("denials-1", answer.json) == []
    assert len(answer.json["denials"]) == 6
    of_kind = leadterm("denials", "list", *ON, "--category", "authorization", "--json").json["denials"]
    assert {d["reason"] for d in of_kind} == {"197"}
    assert leadterm("denials", "list", "--category", "weather").code == 2
    assert leadterm("denials", "list", "--as-of", "2026-01-01", "--json").json["denials"] == []


def test_a_guard_rail_names_the_next_step(leadterm: Call):
    leadterm("remit", "post", ERA)
    found = leadterm("denials", "list", *ON, "--json").json["denials"]
    unprocessable = next(d for d in found if d["claim"] == "8842011")
    assert unprocessable["move"] == "new-claim"
    assert not unprocessable["appealable"]
    shown = leadterm("denials", "show", unprocessable["id"], *ON)
    assert shown.code == 0
    for guard in unprocessable["guards"]:
        assert guard in shown.text
        assert leadterm("explain", guard).code == 0


def test_the_days_of_a_contract_come_from_the_settings(leadterm: Call, tmp_path: Path):
    leadterm("remit", "post", ERA)
    (tmp_path / "leadterm.toml").write_text("[payers.SMPBCBS]\nappeal_days = 90\n", encoding="utf-8")
    (found,) = leadterm("denials", "show", DENIED, *ON, "--json").json["denials"]
    assert (found["payer"], found["deadline"], found["days_left"]) == ("SMPBCBS", "2026-11-18", 49)
    (tmp_path / "leadterm.toml").write_text("[payer.SMPBCBS]\nappeal_days = 90\n", encoding="utf-8")
    answer = leadterm("denials", "list")
    assert answer.code == 2
    assert "nobody knows: payer" in answer.err


def test_an_appeal_quotes_the_chart_and_nothing_else(leadterm: Call, chart: tuple[Path, Path], tmp_path: Path):
    leadterm("remit", "post", ERA)
    out = tmp_path / "appeal.txt"
    answer = leadterm("denials", "appeal", DENIED, "--coded", chart[0], "--claim", chart[1], "--out", out, *ON)
    assert answer.code == 0
    text = json.loads(chart[0].read_text())["encounter"]["documents"][0]["text"]
    letter = out.read_text(encoding="utf-8")
    quotes = [line.strip()[1:-1] for line in letter.splitlines() if line.strip().startswith("“")]
    assert quotes
    assert all(quote in text for quote in quotes)
    assert "[FILL IN:" in letter


def test_an_appeal_against_a_guard_rail_is_refused_with_what_to_do(leadterm: Call, chart: tuple[Path, Path]):
    leadterm("remit", "post", ERA)
    found = leadterm("denials", "list", *ON, "--json").json["denials"]
    unprocessable = next(d["id"] for d in found if d["claim"] == "8842011")
    answer = leadterm("denials", "appeal", unprocessable, "--coded", chart[0])
    assert answer.code == 2
    assert "new claim" in answer.err


def test_key_figures_have_their_shape(leadterm: Call):
    empty = leadterm("kpi", *ON, "--json")
    assert problems("kpi-1", empty.json) == []
    assert {m["value"] for m in empty.json["measures"]} == {None}
    leadterm("remit", "post", ERA)
    value = {m["name"]: m["value"] for m in leadterm("kpi", *ON, "--json").json["measures"]}
    assert value["denial-rate"] == 1.0
    assert leadterm("kpi", *ON).code == 0
    assert leadterm("kpi", "--as-of", "yesterday").code == 2


def test_the_doctor_looks_at_the_ledger(leadterm: Call, monkeypatch: pytest.MonkeyPatch):
    leadterm("remit", "post", ERA)
    checks = {c["name"]: c for c in leadterm("doctor", "--json").json["checks"]}
    assert checks["ledger"]["ok"]
    monkeypatch.setenv("LEADTERM_DATABASE_URL", "nonsense")
    checks = {c["name"]: c for c in leadterm("doctor", "--json").json["checks"]}
    assert not checks["ledger"]["ok"]
