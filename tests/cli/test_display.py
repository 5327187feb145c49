"""How a chart looks in a terminal: its words at their places, and nothing in it that acts on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leadterm.cli.render import marked
from leadterm.domain import Document, Span

from .conftest import Call
from .notation import CHART, DAY, row, rows

Write = Callable[[str, str | bytes], Path]


def test_a_person_sees_each_code_with_its_words_and_its_way(leadterm: Call, write: Write) -> None:
    write("visit.txt", CHART)
    seen = leadterm("code", "visit.txt", "--date", DAY).text
    assert f"visit · outpatient · professional · {DAY}" in seen
    assert "E11.9     Type 2 diabetes mellitus without complications  first-listed" in seen
    start = CHART.index("Type 2")
    assert f"“Type 2 diabetes mellitus” d1 {start}–{start + len('Type 2 diabetes mellitus')}" in seen
    assert f"in force on {DAY}" in seen


def test_a_chart_without_codes_says_so(leadterm: Call, write: Write) -> None:
    write("visit.txt", "The patient feels well.\n")
    assert "No codes: the chart supports none." in leadterm("code", "visit.txt").text


def test_several_texts_are_shown_one_after_the_other(leadterm: Call, write: Write) -> None:
    write("a.txt", CHART)
    write("b.txt", CHART)
    seen = leadterm("code", "a.txt", "b.txt").text
    assert seen.index("a · outpatient") < seen.index("b · outpatient")


@pytest.mark.parametrize("flags", [[], ["--facts"]])
def test_controls_of_a_chart_do_not_reach_the_terminal(leadterm: Call, write: Write, flags: list[str]) -> None:
    write("visit.txt", "\x1b[2J\x07\x9b31mHypertension\x1b]0;title\x07.\r\nType\x1b 2 diabetes mellitus.\x7f\n")
    seen = leadterm("code", "visit.txt", *flags).text
    assert {c for c in seen if c < " " or "\x7f" <= c < "\xa0"} == {"\n"}


def test_marks_of_our_own_are_plain_words_in_a_chart(leadterm: Call, write: Write) -> None:
    write("[bold]visit.txt", "Hypertension [/dim][red]of the heart[/nothing].\n")
    for flags in ([], ["--facts"]):
        assert leadterm("code", "[bold]visit.txt", *flags).code == 0
    given = row("[/x]", documents=[{"id": "[/y]", "text": "Hypertension."}]).replace('"text": "Assessment', '"t": "')
    assert "[/y]" in leadterm("code", "-", stdin=given.encode()).text


def test_words_are_marked_at_their_place_behind_carriage_returns() -> None:
    text = "One.\r\nTwo.\r\nHypertension.\r\n"
    span = Span(text.index("Hyper"), text.index(".\r\n", 12))
    shown = marked(Document("d1", text), [(span, "bold")])
    assert [shown.plain[s.start : s.end] for s in shown.spans] == ["Hypertension"]


def test_half_a_surrogate_pair_is_shown(leadterm: Call) -> None:
    given = row("\ud83d", "\ud83d Hypertension.").encode()
    assert "“Hypertension”" in leadterm("code", "-", stdin=given).text


def test_a_bad_row_is_on_standard_output_and_not_on_the_side(leadterm: Call, write: Write) -> None:
    write("notes.jsonl", rows("{"))
    answer = leadterm("code", "notes.jsonl")
    assert (answer.rows[0]["id"], answer.err) == ("line-1", "")


def test_charges_are_shown_with_their_price_and_pointers(leadterm: Call) -> None:
    given = row("x", CHART, charges=[{"code": "99213", "charge": "125.00", "modifiers": ["25"]}])
    assert "99213     25 × 1 125.00  charge → 1" in leadterm("code", "-", stdin=given.encode()).text
