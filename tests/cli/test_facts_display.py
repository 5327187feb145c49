"""`leadterm code --facts` for people: the text with its facts marked, and the facts line by line."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from leadterm.cli import _facts
from leadterm.domain import Assertion, CodedEncounter, Document, Encounter, Evidence, Fact, FactKind, Span

from .conftest import Call

Write = Callable[[str, str | bytes], Path]
Print = Callable[..., str]


def fact(document: Document, words: str, said: Assertion = Assertion.PRESENT, *cues: str, **more: str) -> Fact:
    """A fact whose mention is the first `words` of the document."""

    def quote(part: str) -> Evidence:
        at = document.text.index(part)
        return Evidence.quote(document, Span(at, at + len(part)))

    given = (quote(words),), tuple(map(quote, cues))
    return Fact("f1", words.lower(), FactKind.CONDITION, said, more, "assessment", *given)


def coded(documents: Iterable[Document], *facts: Fact) -> CodedEncounter:
    return CodedEncounter(Encounter("e1", documents=tuple(documents)), facts=facts)


def text(words: str, *said: tuple[object, ...]) -> CodedEncounter:
    document = Document("d1", words)
    return coded([document], *(fact(document, *each) for each in said))  # type: ignore[arg-type]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Print:
    """What is printed: without colour, or on a terminal of `width` columns."""

    def show(value: CodedEncounter, *, width: int = 0, **how: bool) -> str:
        out = io.StringIO()
        given = {"force_terminal": True, "color_system": "standard", "width": width} if width else {"width": 80}
        console = Console(file=out, highlight=False, soft_wrap=True, **given)  # type: ignore[arg-type]
        monkeypatch.setattr(_facts, "new_console", lambda: console)
        monkeypatch.setattr(console, "no_color", not width)
        _facts.print_facts(value, **how)
        return out.getvalue()

    return show


# --- the text ---


def test_words_stand_in_brackets_with_what_is_said_of_them(shown: Print) -> None:
    seen = shown(text("Possible pneumonia. COPD.", ("pneumonia", Assertion.UNCERTAIN, "Possible"), ("COPD",)))
    assert "1 │ {Possible} [pneumonia|uncertain]. [COPD].\n" in seen


def test_a_legend_explains_the_marks_that_there_are(shown: Print) -> None:
    assert "[words] present\n" in shown(text("COPD.", ("COPD",)))
    denied = shown(text("No COPD.", ("COPD", Assertion.ABSENT, "No")))
    assert "[words|how else] · {words} that decided it\n" in denied


def test_words_that_are_said_in_two_ways_are_marked_once(shown: Print) -> None:
    assert "[HTN|present, family]" in shown(text("HTN", ("HTN",), ("HTN", Assertion.FAMILY)))


def test_of_overlapping_words_the_longer_are_marked(shown: Print) -> None:
    seen = shown(text("heart failure, acute", ("heart",), ("heart failure",), ("failure, acute",)))
    assert "1 │ [heart failure], acute\n" in seen


def test_a_cue_inside_a_mention_is_no_mark_of_its_own(shown: Print) -> None:
    seen = shown(text("history of stroke", ("history of stroke", Assertion.HISTORICAL, "history of")))
    assert "1 │ [history of stroke|historical]\n" in seen


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_words_over_a_line_end_open_in_one_line_and_close_in_the_next(shown: Print, end: str) -> None:
    words = f"kidney{end}disease"
    seen = shown(text(f"Chronic {words}.{end}", (words, Assertion.ABSENT)))
    assert "1 │ Chronic [kidney\n2 │ disease|absent].\n" in seen
    assert "3 │" not in seen


def test_a_tab_is_shown_as_blanks(shown: Print) -> None:
    assert "1 │ a       [COPD]\n" in shown(text("a\tCOPD", ("COPD",)))


def test_a_long_chart_is_folded_around_its_facts(shown: Print) -> None:
    lines = [f"line {n}" for n in range(1, 101)]
    lines[49] = "COPD"
    seen = shown(text("\n".join(lines), ("COPD",)))
    assert (
        "    … 48 lines without facts\n 49 │ line 49\n 50 │ [COPD]\n 51 │ line 51\n    … 49 lines without facts\n"
        in seen
    )


def test_a_short_chart_is_shown_whole(shown: Print) -> None:
    assert " 1 │ line\n 2 │ line\n" in shown(text("line\n" * 30 + "COPD", ("COPD",)))


def test_the_text_may_be_left_out(shown: Print) -> None:
    seen = shown(text("No COPD.", ("COPD", Assertion.ABSENT, "No")), marked=False)
    assert "│" not in seen
    assert "absent" in seen


def test_a_text_without_facts_says_so(shown: Print) -> None:
    assert "1 │ Feels well.\nNo facts: " in shown(text("Feels well."))


# --- on a terminal ---


def test_on_a_terminal_colours_stand_in_the_place_of_brackets(shown: Print) -> None:
    seen = shown(text("No COPD.", ("COPD", Assertion.ABSENT, "No")), width=60)
    assert "\x1b[4mNo\x1b[0m \x1b[9;31mCOPD\x1b[0m." in seen
    assert "[COPD" not in seen.replace("\x1b[", "")


def test_every_assertion_has_a_look_of_its_own() -> None:
    assert len({_facts.STYLES[a] for a in Assertion}) == len(Assertion)


def test_on_a_terminal_a_long_line_is_wrapped_beside_its_number(shown: Print) -> None:
    seen = shown(text("one two three four five six seven eight nine ten"), width=30)
    assert "1 │\x1b[0m one two three four five\n" in seen
    assert "  │\x1b[0m six seven eight nine ten\n" in seen


def test_wide_characters_do_not_overrun_the_terminal(shown: Print) -> None:
    seen = shown(text("肺炎" * 20), width=30)
    rows = [line for line in seen.splitlines() if "肺" in line]
    assert len(rows) > 1
    assert all(line.count("肺") + line.count("炎") <= 13 for line in rows)


# --- the list ---


def rows(seen: str) -> list[str]:
    return seen[seen.index("line  says") :].splitlines()


def test_each_fact_has_a_row_with_its_line(shown: Print) -> None:
    value = text("First.\nPossible acute COPD.", ("COPD", Assertion.UNCERTAIN, "Possible"))
    head, row = rows(shown(value))
    assert head.split() == ["line", "says", "concept", "section", "because", "of"]
    assert row.split() == ["2", "uncertain", "copd", "assessment", "“Possible”"]


def test_attributes_stand_beside_the_concept(shown: Print) -> None:
    document = Document("d1", "COPD")
    seen = shown(coded([document], fact(document, "COPD", acuity="acute", side="left")))
    assert "copd     acuity acute, side left  assessment" in seen


def test_rows_that_go_to_a_file_are_whole_and_end_with_a_word(shown: Print) -> None:
    document = Document("d1", "COPD")
    value = coded([document], fact(document, "COPD", note="word " * 60), fact(document, "COPD"))
    seen = rows(shown(value))
    assert len(seen) == 3
    assert all(line == line.rstrip() for line in seen)


def test_every_document_comes_with_its_own_facts(shown: Print) -> None:
    first = Document("d1", "COPD", type="progress note", author_role="physician", service_time=datetime(2026, 5, 14))
    second = Document("d2", "gout")
    seen = shown(coded([first, second], fact(first, "COPD"), fact(second, "gout")))
    assert "e1 · d1 · progress note · physician · 2026-05-14 ─" in seen
    assert seen.index("[COPD]") < seen.index("e1 · d2 ─") < seen.index("[gout]")


def test_who_said_it_and_where_it_was_copied_from_are_shown_where_known(shown: Print) -> None:
    old, new = Document("d1", "Seen.\nCOPD"), Document("d2", "COPD")
    said = replace(fact(new, "COPD"), speaker="nurse", copied_from=Evidence.quote(old, Span(6, 10)))
    head, row = rows(shown(coded([old, new], said)))
    assert head.endswith("section     said by  copied from")
    assert row.endswith("assessment  nurse    d1 line 2")


# --- the command ---


def test_the_command_prints_text_and_list(leadterm: Call, write: Write) -> None:
    write("visit.txt", "No fever. Hypertension.\n")
    seen = leadterm("code", "visit.txt", "--facts").text
    assert "1 │ {No} [fever|absent]. [Hypertension].\n" in seen
    assert "   1  absent   Fever, unspecified" in seen


def test_the_text_is_left_out_on_request(leadterm: Call, write: Write) -> None:
    write("visit.txt", "No fever.\n")
    assert "[fever" not in leadterm("code", "visit.txt", "--facts", "--no-marked").text


def test_json_is_the_same_with_and_without_marks(leadterm: Call, write: Write) -> None:
    write("visit.txt", "No fever.\n")
    plain = leadterm("code", "visit.txt", "--facts", "--json").out
    assert leadterm("code", "visit.txt", "--facts", "--json", "--no-marked").out == plain


@pytest.mark.parametrize("flag", ["--marked", "--no-marked"])
def test_marks_without_facts_are_refused(leadterm: Call, write: Write, flag: str) -> None:
    write("visit.txt", "No fever.\n")
    answer = leadterm("code", "visit.txt", flag)
    assert (answer.code, answer.err) == (2, "leadterm: --marked and --no-marked go with --facts.\n")


def test_marks_of_direction_do_not_reach_the_terminal(leadterm: Call, write: Write) -> None:
    write("visit.txt", "\u202eHypertension\u2066 \u200f\u2028fever\x85.\n")
    seen = leadterm("code", "visit.txt", "--facts").text
    assert not set(seen) & set("\u202e\u2066\u200f\u2028\x85")
    assert "\ufffd[Hypertension]" in seen
