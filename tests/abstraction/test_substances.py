"""What charts say of tobacco, alcohol and drugs."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.measuring.substances import CONCEPTS, Substance, find_substances
from leadterm.domain import Assertion

SHARED = Path(os.environ.get("LEADTERM_SHARED", Path(__file__).parents[3] / "shared"))
NOTES = SHARED / "benchmarks" / "aci-bench" / "notes.jsonl"


def suite() -> list[tuple[str, str]]:
    """The rows of the suite: text and what is expected of it."""
    lines = Path(__file__).with_name("substances.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return [(text.replace("\\n", "\n"), expected) for text, expected in rows]


def shown(said: Substance) -> str:
    """A statement as the suite writes it."""
    details = ", ".join(f"{key}:{word}" for key, word in said.attributes)
    return f"{said.substance}: {said.pattern}" + (f" {{{details}}}" if details else "")


def found(text: str) -> list[str]:
    return sorted(shown(s) for s in find_substances(fold(text)))


def one(text: str) -> Substance:
    (said,) = find_substances(fold(text))
    return said


@pytest.mark.parametrize(("text", "expected"), suite())
def test_a_line_of_a_chart_says_what_is_used_and_how(text: str, expected: str) -> None:
    assert found(text) == ([] if expected == "-" else sorted(expected.split("; ")))


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Smokes 1 ppd", Assertion.PRESENT),
        ("Quit smoking in 2015", Assertion.HISTORICAL),
        ("History of alcohol abuse", Assertion.HISTORICAL),
        ("Never smoker", Assertion.ABSENT),
        ("Denies drug use", Assertion.ABSENT),
        ("Alcohol dependence in remission", Assertion.PRESENT),
        ("secondhand smoke exposure", Assertion.PRESENT),
    ],
)
def test_the_shape_fixes_the_assertion(text: str, assertion: Assertion) -> None:
    assert one(text).assertion is assertion


def test_a_statement_has_a_concept() -> None:
    assert one("Smokes 1 ppd").concept == "tobacco use"
    assert one("secondhand smoke exposure").concept == "secondhand smoke exposure"
    assert set(CONCEPTS) >= {"tobacco", "alcohol", "opioids", "cannabis", "cocaine", "other"}


def test_a_statement_says_where_it_stands() -> None:
    text = "SH: married. Smokes 1 ppd x 20 years. Works nights."
    said = one(text)
    assert text[said.start : said.end] == "Smokes 1 ppd x 20 years"


@pytest.mark.parametrize("joint", ["  ", "\t", "   "])
def test_runs_of_blanks_do_not_matter(joint: str) -> None:
    text = "Denies tobacco use, drinks 2 beers weekly"
    assert found(text.replace(" ", joint)) == found(text)


PIECES = st.sampled_from(
    [
        *(
            "smokes ",
            "smoker ",
            "never ",
            "denies ",
            "tobacco ",
            "alcohol ",
            "drugs ",
            "quit ",
            "2015 ",
            "1 ppd ",
            "x 20 years ",
        ),
        *(
            ", ",
            ". ",
            "; ",
            ": ",
            " or ",
            "\n",
            "use ",
            "abuse ",
            "in remission ",
            "former ",
            "drinks ",
            "2 beers ",
            "daily ",
        ),
        *(
            "iv ",
            "heroin ",
            "marijuana ",
            "vapes ",
            "sober ",
            "father ",
            "if ",
            "trying to quit ",
            "é",
            "(+) ",
            "no ",
            "mild ",
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=4)).map("".join))
def test_statements_stand_in_the_text(text: str) -> None:
    folded = fold(text)
    for said in find_substances(folded):
        assert 0 <= said.start < said.end <= len(folded)
        assert said.substance in CONCEPTS


@given(st.text(max_size=200))
def test_what_is_found_in_any_text_stands_in_it(text: str) -> None:
    assert all(0 <= use.start < use.end <= len(text) for use in find_substances(fold(text)))


@pytest.mark.parametrize("unit", ["tobacco, ", "smok", "alcohol: ", "denies ", "no drugs or "])
def test_long_texts_take_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        list(find_substances(text))
        return time.process_time() - start

    list(find_substances("smokes"))
    assert seconds(80_000) < 9 * seconds(20_000) + 0.3


@pytest.mark.shared
@pytest.mark.skipif(not NOTES.exists(), reason="LEADTERM_SHARED has no ACI-Bench notes")
def test_wrapped_notes_say_the_same() -> None:
    notes = [json.loads(line)["text"] for line in NOTES.read_text("utf-8").splitlines()]
    for text in notes[::4]:
        spaced = re.sub(r"(?<=\S) (?=\S)", "  ", text)
        assert found(spaced) == found(text)
