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
