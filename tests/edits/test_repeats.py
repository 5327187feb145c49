"""What is claimed twice, within a claim and in a stream of claims."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Claim
from leadterm.edits import Seen

from .bills import claim


def stream(*claims: Claim, tables: CodeBook, seen: Seen | None = None) -> list[tuple[str, str, str]]:
    """Which claim repeats what, by the rule that says so, and the message."""
    seen = seen or Seen()
    found = [(c.id, f) for c in claims for f in edits.check_claim(c, tables, earlier=seen)]
    return [(number, f.rule, f.message) for number, f in found if f.rule.startswith("MCPM:1.120/")]


def numbered(text: str, number: int) -> Claim:
    return replace(claim(text), id=f"CASE{number}")


def test_a_claim_sent_again_is_named_with_the_one_before(tables: CodeBook) -> None:
    first, second, third = (numbered("", n) for n in (1, 2, 3))
    assert [(n, r) for n, r, _ in stream(first, second, third, tables=tables)] == [
        ("CASE2", "MCPM:1.120/claim"),
        ("CASE3", "MCPM:1.120/claim"),
    ]
    assert "CASE1" in stream(first, second, tables=tables)[0][2]


@pytest.mark.parametrize(
    "other",
    [
        "lines.1.start = 2026-05-13; lines.1.end = 2026-05-13",
        "lines.1.code = 99214",
        "rendering.npi = 1245319599",
        "patient.first_name = Eve",
        "payer.member_id = W2",
        "frequency = 7; payer_control_number = 2134",
        "frequency = 8; payer_control_number = 2134",
    ],
)
def test_what_is_for_something_else_is_no_repetition(other: str, tables: CodeBook) -> None:
    assert stream(numbered("", 1), numbered(other, 2), tables=tables) == []


@pytest.mark.parametrize("kind", ["", "visit: type_of_bill = 0131"])
def test_what_was_taken_back_may_be_claimed_again(kind: str, tables: CodeBook) -> None:
    first, again = numbered(kind, 1), numbered(kind, 2)
    frequency = {"type_of_bill": "0138"} if kind else {}
    void = replace(first, frequency="8", payer_control_number="2134", **frequency)
    assert stream(first, void, again, tables=tables) == []
    assert [n for n, _, _ in stream(first, void, again, replace(again, id="CASE3"), tables=tables)] == ["CASE3"]


def test_one_line_of_an_earlier_claim_is_found_among_others(tables: CodeBook) -> None:
    later = numbered("lines = 2; lines.1.code = 81002; lines.1.modifiers = none", 2)
    assert [(n, r) for n, r, _ in stream(numbered("", 1), later, tables=tables)] == [("CASE2", "MCPM:1.120/lines")]


def test_a_service_that_says_why_it_comes_again_is_none(tables: CodeBook) -> None:
    again = numbered("lines.1.modifiers = 25 76; lines.1.charge = 130.00", 2)
    assert stream(numbered("", 1), again, tables=tables) == []


def test_only_so_many_are_remembered(tables: CodeBook) -> None:
    days = [f"lines.1.start = 2026-05-{day:02}; lines.1.end = 2026-05-{day:02}" for day in range(1, 6)]
    claims = [numbered(text, n) for n, text in enumerate(days, 1)]
    assert stream(*claims, replace(claims[0], id="OLD"), replace(claims[4], id="NEW"), tables=tables, seen=Seen(3)) == [
        ("NEW", "MCPM:1.120/claim", "The claim is for the same as claim CASE5, which went before.")
    ]


def test_nameless_patients_are_not_taken_for_one(tables: CodeBook) -> None:
    nameless = "patient.id = none; patient.last_name = none"
    assert stream(numbered(nameless, 1), numbered(nameless, 2), tables=tables) == []


def test_without_a_stream_nobody_asks(tables: CodeBook) -> None:
    assert edits.check_claim(claim(), tables) == ()


def test_lines_of_different_sides_are_two_services(tables: CodeBook) -> None:
    sides = "lines = 2; lines.1.code = 20610; lines.1.modifiers = LT; lines.2.code = 20610; lines.2.modifiers = RT"
    assert "LEADTERM:repeats/line" not in {f.rule for f in edits.check_claim(claim(sides), tables)}
    same = sides.replace("modifiers = RT", "modifiers = LT")
    assert "LEADTERM:repeats/line" in {f.rule for f in edits.check_claim(claim(same), tables)}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("NCCI:I.A/pair", "lines = 2; lines.1.code = 45385; lines.2.code = 45378"),
        ("NCCI:I.V/mue-day-policy", "lines.1.code = 45385; lines.1.units = 2"),
        ("NCCI:I.R/add-on", "lines.1.code = 11045"),
        ("MCPM:23.30.2.2/bundled", "lines.1.modifiers = none; lines.1.code = 99000"),
        ("MCPM:4.180.7/inpatient-only", "visit: lines.2.code = 33533"),
        ("MPIM:13.5/not-supported", "lines.1.code = 95811"),
        ("MCPM:18/patient", "lines.1.code = G0102"),
    ],
)
def test_a_claim_that_takes_one_back_asks_for_nothing(rule: str, text: str, tables: CodeBook) -> None:
    sent = claim(f"{text}; payer.type = medicare" if ":" in text else f"payer.type = medicare; {text}")
    back = replace(sent, frequency="8", payer_control_number="2134")
    told, told_back = ({f.rule for f in edits.check_claim(c, tables)} for c in (sent, back))
    assert rule in told
    assert not any(r.startswith(("NCCI:", "MCPM:4.", "MCPM:18", "MCPM:23", "MPIM:", "LEADTERM:un")) for r in told_back)
