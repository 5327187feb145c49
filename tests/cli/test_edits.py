"""`leadterm edits`: codes typed, judged as a claim would be."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.edits.shelf import tables_home

from leadterm.codesets import CodeBook, open_book

from .conftest import Call

DAY = ("--on", "2026-05-14")


@pytest.fixture
def with_tables(leadterm: Call, home: Path, book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command line over a home with edit tables."""
    tables = open_book(tables_home(home, book))
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: tables)
    return leadterm


def test_a_pair_is_told_and_ends_in_1(with_tables: Call) -> None:
    answer = with_tables("edits", "45385", "45378-59", *DAY)
    assert answer.code == 1
    assert "45378, column 2" in answer.text


def test_findings_come_as_the_contract_has_them(with_tables: Call) -> None:
    found = with_tables("edits", "20610-RTx3", "99213", *DAY, "--json").json
    assert found["schema"] == "leadterm.findings/1"
    assert {"NCCI:I.E/pair-modifier", "NCCI:I.V/mue-day-clinical"} <= {f["rule"] for f in found["findings"]}


def test_a_hospital_is_asked_with_its_own_tables(with_tables: Call) -> None:
    rules = [f["rule"] for f in with_tables("edits", "99284", "93041", *DAY, "--outpatient", "--json").json["findings"]]
    assert "NCCI:I.A/pair" in rules


def test_without_tables_it_says_what_was_not_checked(leadterm: Call) -> None:
    answer = leadterm("edits", "45385", "45378", *DAY)
    assert answer.code == 0
    assert "Not checked, because not installed: NCCI procedure-to-procedure edits" in answer.text
    assert "leadterm codes install" in answer.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("4538",), "no code with modifiers and units"),
        (("45385", "--payer", "nobody"), "A payer is one of"),
        (("45385", "--sex", "X"), "Sex is F, M or U"),
        (("45385", "--dx", "?"), "code"),
        (("45385", "--on", "May"), "--on"),
    ],
)
def test_what_cannot_be_read_is_said_and_ends_in_2(leadterm: Call, words: tuple[str, ...], said: str) -> None:
    answer = leadterm("edits", *words)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize(("state", "rules"), [("NY", ["MPIM:13.5/not-supported"]), ("CA", []), ("TX", []), ("n", None)])
def test_the_policies_of_a_state_decide(state: str, rules: list[str] | None, with_tables: Call) -> None:
    answer = with_tables("edits", "95811", "--dx", "G47.10", "--state", state, *DAY, "--json")
    if rules is None:
        assert (answer.code, "two letters" in answer.err) == (2, True)
    else:
        assert [f["rule"] for f in answer.json["findings"] if f["rule"].startswith("MPIM:")] == rules


def test_http_answers_as_the_command_does(with_tables: Call, home: Path, book: CodeBook) -> None:
    pytest.importorskip("fastapi", reason="the extra [web] is not installed")
    from httpx import Client
    from tests.web.shelf import serving

    by_flag = with_tables("edits", "95811", "--dx", "G47.10", "--state", "NY", *DAY, "--json").json
    with serving(open_book(tables_home(home, book))) as where, Client(base_url=where, timeout=30) as client:
        asked = {"code": "95811", "dx": "G47.10", "state": "NY", "on": DAY[1]}
        assert client.get("/api/edits", params=asked).json() == by_flag
        assert client.get("/api/edits", params=asked | {"state": "New York"}).status_code == 400
