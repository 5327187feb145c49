"""`leadterm claim read`: what it prints of an 837, in which shape, with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.files_837 import CLAIM, STAY, file
from leadterm.schemas import decode
from schemas.validation import problems

from .conftest import Call

GOOD = file(CLAIM + CLAIM.replace("*A1*", "*A2*"))
# One claim of two has no price on a line.
HALF = file(CLAIM + CLAIM.replace("*A1*", "*A2*").replace("*125*UN", "**UN"))


def test_claims_are_listed_without_a_name(leadterm: Call) -> None:
    answer = leadterm("claim", "read", "-", stdin=GOOD)
    assert answer.code == 0
    first, _, end = answer.text.splitlines()
    assert first.split() == ["A1", "professional", "2026-05-14", "E11.9", "2", "lines", "165.00"]
    assert end == "2 claims, 4 lines."
    assert "DOE" not in answer.text


def test_one_value_in_its_shape(leadterm: Call) -> None:
    answer = leadterm("claim", "read", "-", "--json", stdin=HALF)
    assert answer.code == 1
    assert problems("claims-1", answer.json) == []
    first, second = answer.json["claims"]
    assert (first["number"], first["claim"]["total"], first["findings"]) == ("A1", "165.00", [])
    assert first["place"]["position"] == 20
    assert (second["number"], second["claim"]) == ("A2", None)
    assert [f["rule"] for f in second["findings"]] == ["X12:837/element", "X12:837/unread"]


def test_lines_are_claims_that_can_be_read_again(leadterm: Call) -> None:
    answer = leadterm("claim", "read", "-", "--jsonl", stdin=file(STAY, "I"))
    assert answer.code == 0
    (row,) = answer.rows
    assert decode.claim(row).type_of_bill == "0111"


def test_a_claim_that_cannot_be_read_is_an_error_in_its_place(leadterm: Call) -> None:
    answer = leadterm("claim", "read", "-", "--jsonl", stdin=HALF)
    assert answer.code == 1
    good, bad = answer.rows
    assert good["id"] == "A1"
    assert set(bad) == {"id", "error"}
    assert bad["error"].startswith("SV102 is empty.")


def test_a_finding_names_its_claim_line_and_segment(leadterm: Call) -> None:
    answer = leadterm("claim", "read", "-", stdin=HALF)
    assert "error: SV102 is empty. (claim A2, line 1, segment 40) Correct the element." in answer.text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (GOOD[:300], "The interchange is not closed"),
        (b"CLM*1~", "does not start with an ISA segment"),
        (file(CLAIM, version="004010X098A1"), "of version 004010X098A1"),
    ],
)
def test_a_broken_file_ends_in_one_sentence(leadterm: Call, source: bytes, words: str) -> None:
    answer = leadterm("claim", "read", "-", "--json", stdin=source)
    assert (answer.code, answer.out) == (2, b"")
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_only_the_first_claims_are_shown_unless_all_are_asked_for(leadterm: Call, tmp_path: Path) -> None:
    many = tmp_path / "many.837"
    many.write_bytes(file("".join(CLAIM.replace("*A1*", f"*A{n}*") for n in range(30))))
    assert "… and 10 more claims: --all shows them." in leadterm("claim", "read", many).text
    assert len(leadterm("claim", "read", many, "--all").text.splitlines()) == 31
