"""`leadterm price`: claims, codings and codes in, prices with their steps out."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.grouping.notation import coded
from tests.pricing.shelf import shelf
from tests.pricing.test_prices import claim

from leadterm.codesets import CodeBook
from leadterm.domain import DataMissing
from leadterm.schemas import encode
from leadterm.schemas.encode_claim import claim as claim_json
from schemas.validation import problems

from .conftest import Call

Write = Callable[[str, str | bytes], Path]
DAY = "2026-02-14"


@pytest.fixture(scope="module")
def priced_book(book: CodeBook, home: Path, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """A code book with the invented schedule of 2026."""
    return shelf(home, tmp_path_factory.mktemp("prices") / "home")


@pytest.fixture
def price(leadterm: Call, priced_book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command over it."""
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: priced_book)
    return lambda *arguments, **rest: leadterm("price", *arguments, **rest)


def test_codes_by_flag_are_priced_with_their_steps(price: Call) -> None:
    answer = price("--code", "45385", "--code", "45380-59", "--place", "24", "--on", DAY)
    assert answer.code == 0
    assert "together $" in answer.text
    assert "less its base 45378" in answer.text
    assert "MCPM 12.40.6" in answer.text


def test_json_is_of_the_contract(price: Call) -> None:
    answer = price("--code", "99213", "--code", "27447-50", "--apm", "--on", DAY, "--json")
    assert (answer.code, problems("prices-1", answer.json)) == (0, [])
    assert [line["amount"] for line in answer.json["lines"]] == ["92.31", "1893.21"]
    assert answer.json["lines"][1]["steps"][1]["factor"] == "1.5"


def test_without_a_day_the_newest_schedule_answers(price: Call) -> None:
    (line,) = price("--code", "99213", "--json").json["lines"]
    assert (line["date"], line["amount"], line["remarks"]) == ("2026-03-31", "91.85", [])


def test_a_code_without_a_price_exits_1_and_says_why(price: Call) -> None:
    answer = price("--code", "G0008", "--code", "27447-66", "--on", DAY)
    assert answer.code == 1
    assert "outside the physician fee schedule" in answer.text
    assert "team of surgeons" in answer.text


def test_a_claim_a_coding_and_a_record_are_priced(price: Call, write: Write) -> None:
    bill = write("claim.json", json.dumps(claim_json(claim("99213", "20610-50", zip="10001"))))
    coding = write("coded.json", json.dumps(encode.coded(coded(f"professional F70 {DAY}: I10 pos:11 line:99213x2"))))
    record = {
        **{"schema": "leadterm.encounter/1", "id": "e1", "setting": "professional", "date_of_service": DAY},
        "charges": [{"code": "99213", "units": "1"}],
    }
    answer = price(bill, coding, write("record.json", json.dumps(record)), "--jsonl")
    assert answer.code == 0
    assert [problems("prices-1", row) for row in answer.rows] == [[], [], []]
    assert [row["total"] for row in answer.rows] == ["208.59", "183.70", "91.85"]
    assert answer.rows[0]["lines"][0]["locality"] == "9900101"


def test_an_837_is_priced_claim_by_claim(price: Call, write: Write) -> None:
    from tests.claims.correct import correct_claims
    from tests.claims.generate import envelope

    from leadterm.claims import write_837p

    claims = list(correct_claims(1, 3, 0))
    answer = price(write("claims.837", bytes(write_837p(claims, envelope()))), "--jsonl")
    assert len(answer.rows) == len(claims)
    assert all(problems("prices-1", row) == [] for row in answer.rows)


def test_a_bad_row_stands_in_its_place(price: Call, write: Write) -> None:
    good = json.dumps(encode.coded(coded(f"professional F70 {DAY}: I10 pos:11 line:99213")))
    answer = price(write("rows.jsonl", f'{good}\n{{"id": "broken", "schema": "leadterm.kpi/1"}}\n{good}\n'), "--jsonl")
    assert (answer.code, [row.get("error", "")[:6] for row in answer.rows]) == (1, ["", "Line 2", ""])


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--code", "99213", "claim.json"),
        ("--code", "9921"),
        ("--code", "99213", "--on", "14.02.2026"),
        ("--code", "99213", "--locality", "1"),
        ("--code", "99213", "--zip", "99999"),
        ("--code", "99213", "--place", "77"),
        ("absent.json",),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(price: Call, arguments: tuple[str, ...]) -> None:
    answer = price(*arguments)
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err.rstrip().endswith(".")


def test_without_a_schedule_the_exit_code_is_3(leadterm: Call) -> None:
    answer = leadterm("price", "--code", "99213")
    assert (answer.code, "leadterm codes install" in answer.err) == (DataMissing("").exit_code, True)


def test_a_day_before_the_first_schedule_exits_3_and_names_the_command(price: Call) -> None:
    answer = price("--code", "99213", "--on", "2025-02-14")
    assert (answer.code, answer.out) == (DataMissing("").exit_code, b"")
    assert "is installed for 2025-02-14, the first is newer; run `leadterm codes" in answer.err


def test_codes_without_a_place_are_priced_as_in_an_office_and_that_is_told(price: Call) -> None:
    told = "No place of service is told: priced as in an office (non-facility)."
    assert told in price("--code", "99213", "--on", DAY, "--json").json["assumed"]
    assert told not in price("--code", "99213", "--on", DAY, "--facility", "--json").json["assumed"]


def test_the_python_face_prices(priced_book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    import leadterm

    monkeypatch.setattr("leadterm._book", lambda: priced_book)
    found = leadterm.price(claim("99213"), locality="9900101", on=DAY)
    assert str(found.total) == "102.37"
    found = leadterm.price(claim("99213"), on=DAY, participating=False, sequestration=True)
    (line,) = found.lines
    assert (str(line.amount), str(line.limiting_charge)) == ("87.26", "100.35")
    assert str(line.shares.medicare if line.shares else "") == "68.41"  # 69.81 less 2 % of it


def test_http_answers_as_the_command_does(price: Call, priced_book: CodeBook) -> None:
    pytest.importorskip("fastapi", reason="the extra [web] is not installed")
    from httpx import Client
    from tests.web.shelf import serving

    by_flag = price("--code", "99213", "--code", "27447-50", "--apm", "--on", DAY, "--place", "11", "--json").json
    with serving(priced_book) as where, Client(base_url=where, timeout=30) as client:
        asked = {"code": ["99213", "27447-50"], "apm": "true", "on": DAY, "place": "11"}
        assert client.get("/api/price", params=asked).json() == by_flag
        shared = client.get("/api/price", params={**asked, "nonparticipating": "1", "patient_share": "1"}).json()
        assert [line["limiting_charge"] is None for line in shared["lines"]] == [False, False]
        assert [line["patient"] is None for line in shared["lines"]] == [False, False]
        sent = client.post("/api/price", json=claim_json(claim("99213")), params={"zip": "10001"})
        assert (sent.status_code, sent.json()["total"]) == (200, "102.37")
        for refused in (client.post("/api/price", json={"schema": "x"}), client.get("/api/price?code=9")):
            assert refused.status_code == 400
            assert refused.json()["error"].endswith(".")
        assert client.get("/api/price").status_code == 400


def test_every_example_of_the_help_is_understood(price: Call, write: Write) -> None:
    from leadterm.cli.price import price as command

    write("visit.claim.json", json.dumps(claim_json(claim("99213"))))
    write("claims.837", "x")
    _, told = " ".join((command.__doc__ or "").split()).split("Examples: ")
    for example in told.split(" · "):
        program, name, *words = shlex.split(example)
        answer = price(*words)
        assert (program, name, "Usage:" in answer.err) == ("leadterm", "price", False), example
