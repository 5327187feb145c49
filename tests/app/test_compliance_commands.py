"""`leadterm compliance`: scanned, opened, worked and closed from the command line, and the clock of dates alone."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cli.conftest import Call
from leadterm.cli.app import compliance as commands
from leadterm.codesets import CodeBook
from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodeSystem,
    Money,
    Patient,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Subscriber,
)
from leadterm.schemas import encode_compliance
from leadterm.schemas.encode_claim import claim as encode_claim
from schemas.validation import problems
from storage.engines import Place, on_sqlite

from .case_files import OFFICER, signal

SIGNAL = signal().id
ON = ("--on", "2026-04-01")
BY = ("--by", OFFICER)
PRIVATE = "Quillfeather"

pytestmark = on_sqlite


@pytest.fixture
def opened(command: Call) -> Call:
    """The command line, with a case file for the signal."""
    given = json.dumps(encode_compliance.signals(signal().period, [signal()], {}, {})).encode()
    answer = command("compliance", "open", "-", *BY, stdin=given)
    assert (answer.code, answer.text.split()[1:]) == (0, [SIGNAL, "opened"])
    return command


def worked(command: Call, verb: str, *more: object) -> str:
    """How the case stands after a command: `status, who`."""
    answer = command("compliance", verb, SIGNAL, *more, *BY, "--json")
    assert (answer.code, problems("compliance-1", answer.json)) == (0, []), answer.err
    (case,) = answer.json["cases"]
    return f"{case['status']}, {case['assigned']}, {case['number']}"


def test_a_case_is_worked_to_its_end(opened: Call, place: Place) -> None:
    (place.home / "note.txt").write_text(f"{PRIVATE} was seen.")
    assert worked(opened, "assign", "A. Chen") == "assigned, A. Chen, 2"
    assert worked(opened, "status", "investigating") == "investigating, A. Chen, 3"
    assert worked(opened, "note", "Asked the practice.") == "investigating, A. Chen, 4"
    seen = ("--claim", "C1", "--claim", "C2", "--document", "n1=note.txt", "--file", "note.txt")
    assert worked(opened, "evidence", *seen) == "investigating, A. Chen, 8"
    assert worked(opened, "concern", "M. Lopez") == "investigating, A. Chen, 9"
    assert (
        worked(opened, "clock", "--identified", "2026-03-01", "--received", "2025-12-01")
        == "investigating, A. Chen, 11"
    )
    assert worked(opened, "undo", 10) == "investigating, A. Chen, 12"
    assert worked(opened, "close", "refund", "--amount", "12.50", "--reason", "Paid twice.") == "closed, A. Chen, 13"
    assert worked(opened, "reopen", "--reason", "Asked again.") == "assigned, A. Chen, 14"
    assert worked(opened, "assign", "--nobody") == "open, None, 15"
    shown = opened("compliance", "show", SIGNAL, *ON)
    assert shown.code == 0
    assert PRIVATE not in shown.text
    for words in (
        "about M. Lopez",
        "close     Refund, 12.50: Paid twice.",
        "undo      event 10 is taken back",
        "412 of 120: services of the two highest levels, of all services of the family",
        "120 encounters: C1 C2 and 118 more",
        "3.43 against 3.1, spread 0.08: 31 others of 207Q00000X in the data",
        "alike  V1 d1  and  V2 d7",
        "note      Asked the practice.\n",
        "(undone)",
        "What would explain it",
        "document n1",
    ):
        assert words.lower() in shown.text.lower(), words


def test_the_list_names_cases_with_their_deadline(opened: Call) -> None:
    opened("compliance", "clock", SIGNAL, "--identified", "2026-03-01")
    answer = opened("compliance", "list", *ON)
    assert "by 2026-04-30, 29 days left" in answer.text
    assert answer.text.endswith("1 case.\n")
    assert opened("compliance", "list", "--status", "closed", "--json").json["cases"] == []
    assert opened("compliance", "list", "--kind", "sudden-use").text == "0 cases.\n"
    assert opened("compliance", "list", "--kind", "em-levels").text.endswith("\n1 case.\n")
    listed = opened("compliance", "list", "--status", "open", "--json", *ON).json
    assert problems("compliance-1", listed) == []
    assert listed["cases"][0]["clock"]["return"]["days_left"] == 29


def test_nothing_to_open_is_told(command: Call) -> None:
    answer = command("compliance", "open", "-", stdin=b'{"schema": "leadterm.signals/1", "signals": []}')
    assert (answer.code, answer.text, "nothing to open" in answer.err) == (0, "", True)


def test_a_signal_by_name_says_number_and_name(command: Call) -> None:
    given = json.dumps(
        encode_compliance.signal(replace(signal(name="ADA WILTON", code="x"), certainty="weak"))
    ).encode()
    command("compliance", "open", "-", *BY, stdin=given)
    assert "rendering 1234567893 ADA WILTON x (weak signal)\n" in command("compliance", "list").text


def test_opened_again_it_is_the_one_that_is_there(opened: Call) -> None:
    lines = "".join(json.dumps(encode_compliance.signal(s)) + "\n" for s in (signal(), signal(code="99281-99285")))
    told = opened("compliance", "open", "-", stdin=lines.encode()).text.splitlines()
    assert [line.split(maxsplit=2)[2] for line in told] == ["is there already", "opened"]
    refused = opened("compliance", "open", "-", "--signal", "sg-none", stdin=lines.encode())
    assert (refused.code, refused.err) == (2, "leadterm: The file has no signal sg-none.\n")


def test_who_is_known_by_another_name_is_refused(opened: Call, place: Place) -> None:
    (place.home / "leadterm.toml").write_text('[compliance.people]\n"M. Lopez" = ["1234567893"]\n')
    refused = opened("compliance", "note", SIGNAL, "x", "--by", "m. lopez")
    assert refused.code == 2
    assert "another person must work it" in refused.err


WRONG = [
    (["show", "none"], "There is no such case file"),
    (["assign", SIGNAL], "Name a person, or say --nobody"),
    (["assign", SIGNAL, "x", "--nobody"], "Name a person, or say --nobody"),
    (["status", SIGNAL, "moon"], "A case is one of: open, assigned"),
    (["close", SIGNAL, "moon", "--reason", "x"], "A disposition is one of: no-issue"),
    (["close", SIGNAL, "refund", "--reason", "x"], "A refund has its amount"),
    (["close", SIGNAL, "education", "--reason", " "], "nothing was written"),
    (["evidence", SIGNAL], "Name a --claim"),
    (["evidence", SIGNAL, "--document", "n1"], "takes ID=FILE"),
    (["evidence", SIGNAL, "--file", "absent.txt"], "absent.txt does not exist"),
    (["undo", SIGNAL, "9"], "no event 9"),
    (["open", "absent.json"], "absent.json does not exist"),
    (["open", "claims.837"], "claims.837 holds no signals; give what `leadterm compliance scan --json` wrote."),
    (["clock", "--identified", "yesterday"], "--identified is not an ISO date"),
    (["clock", "--identified", "2009-01-01"], "there was no clock"),
    (["clock", "--concluded", "2026-01-01"], "needs an earlier date"),
    (["list", "--status", "moon"], "--status takes one of"),
    (["list", "--kind", "moon"], "--kind takes one of: em-levels, modifier-25"),
    (["scan", "absent.837"], "There is no file absent.837"),
    (["scan", "-", "--to", "2026-01-01"], "Give the first day too"),
]


@pytest.mark.parametrize(
    ("arguments", "sentence"), WRONG, ids=lambda item: " ".join(item) if isinstance(item, list) else ""
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    opened: Call, place: Place, book: CodeBook, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: book)
    (place.home / "claims.837").write_text("ISA*00*~\n")
    answer = opened("compliance", *arguments)
    assert (answer.code, answer.text) == (2, "")
    assert sentence in answer.err


def _examples() -> list[list[str]]:
    """The examples of every command's help, as words behind `leadterm`."""
    helped = [c.callback.__doc__ or "" for c in commands.compliance.registered_commands if c.callback]
    told = [re.split(r"Examples?: ", text)[1] for text in helped]
    return [shlex.split(one)[1:] for text in told for one in " ".join(text.split()).split(" · ")]


def test_every_example_of_a_help_is_understood(
    opened: Call, book: CodeBook, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: book)
    for name in ("claims.837", "claims.jsonl", "notes.coded.jsonl", "signals.json", "note-7.txt", "audit.xlsx"):
        (place.home / name).write_text("x")
    examples = _examples()
    assert {words[1] for words in examples} == {c.name for c in commands.compliance.registered_commands}
    for words in examples:
        answer = opened(*(SIGNAL if word.startswith("sg-") else word for word in words))
        assert "Usage:" not in answer.err, words
        assert "no such case" not in answer.err, words


# --- the clock of dates ---


def test_the_clock_of_dates_alone_needs_no_case(command: Call) -> None:
    dates = ("--identified", "2026-03-01", "--investigation", "2026-03-05", "--received", "2019-01-01")
    answer = command("compliance", "clock", *dates, "--on", "2026-06-01")
    assert "suspended, 56 days left when it goes on, by 2026-10-23 at the latest" in answer.text
    assert "42 CFR 401.305(b)(3)" in answer.text
    assert "Received 2019-01-01: outside the lookback" in answer.text
    for given in (dates, (), ("--identified", "2026-03-01", "--oig-disclosure", "2026-03-02")):
        found = command("compliance", "clock", *given, "--json", "--on", "2026-06-01").json
        assert problems("overpayment-1", found) == []


# --- scan ---


def visit(number: int, npi: str, code: str, day: date) -> Claim:
    line = ServiceLine(1, Code(CodeSystem.CPT, code), Decimal(1), Money.parse("100.00"), day, day, pointers=(1,))
    return Claim(
        f"C{number}", ClaimType.PROFESSIONAL, Patient(f"P{number}"), Subscriber(), (),
        (Provider(ProviderRole.RENDERING, npi, taxonomy="207Q00000X"),),
        (ClaimDiagnosis(Code.parse("I10"), Role.FIRST_LISTED),), (line,),
    )  # fmt: skip


def practice(place: Path) -> None:
    """Twelve family physicians of whom one bills the highest level alone; and a row that is none."""
    rows = []
    for provider in range(12):
        for number in range(40):
            code = "99215" if provider == 0 else ("99213", "99214")[(number + provider) % 2]
            one = visit(
                provider * 100 + number, f"10000000{provider:02}", code, date(2026, 1 + number % 3, 1 + number % 28)
            )
            rows.append(json.dumps(encode_claim(one)))
    (place / "claims.jsonl").write_text("\n".join([*rows, "{}"]) + "\n")


def test_a_scan_finds_what_is_worth_a_look_and_saves_it(
    command: Call, book: CodeBook, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: book)
    practice(place.home)
    period = ("--from", "2026-01-01", "--to", "2026-03-31")
    answer = command("compliance", "scan", "claims.jsonl", *period, "--json", "--save", *BY)
    assert answer.code == 1  # the row that is none
    assert "481: " in answer.err
    found = answer.json
    assert problems("signals-1", found) == []
    assert (found["seen"], found["period"]) == (
        {"claims": 480, "encounters": 0},
        {"from": "2026-01-01", "to": "2026-03-31"},
    )
    ((signal_id, npi),) = {(one["id"], one["subject"]["npi"]) for one in found["signals"]}
    assert npi == "1000000000"
    assert f"{signal_id}  opened" in answer.err
    assert command("compliance", "show", signal_id, "--json").json["cases"][0]["signal"] == found["signals"][0]
    elsewhere = command("compliance", "scan", "claims.jsonl", "--from", "2001-01-01", "--to", "2001-12-31", "--json")
    assert "Passed over: " in elsewhere.err
    assert elsewhere.json["signals"] == []
    whole = command("compliance", "scan", "claims.jsonl").text
    assert " of 2026-01-01 to 2026-03-27.\nNobody could be judged, for want of data, tables or peers: " in whole
    assert "cloned-notes" in whole.rpartition("peers: ")[2]
    assert "em-levels" not in whole.rpartition("peers: ")[2]
    again = command("compliance", "scan", "claims.jsonl", *period, "--save")
    assert "is there already" in again.err
    assert "1 signal in 480 claims, 0 encounters of 2026-01-01 to 2026-03-31." in again.text
    assert command("compliance", "scan", "claims.jsonl", *period, "--jsonl").rows == found["signals"]
    (place.home / "leadterm.toml").write_text("[signals.em-levels]\nsmallest = 50\n")
    assert command("compliance", "scan", "claims.jsonl", *period, "--jsonl").rows == []
    (place.home / "leadterm.toml").write_text("[signals.moon]\nsmallest = 50\n")
    assert "There is no signal 'moon'" in command("compliance", "scan", "claims.jsonl", *period).err
