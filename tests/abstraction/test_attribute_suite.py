"""The suite of attributes: every sentence of `attributes.tsv` has the attributes written beside it, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction._tables import read_table
from leadterm.abstraction.describing._axis_words import COLUMNS, LINK, NEGATION, NOTHING, POISONING, REGION
from leadterm.abstraction.describing.attributes import AXES, Attribute, attach
from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.naming.mentions import Mention
from leadterm.codesets.terms import Term
from leadterm.codesets.wording import phrase
from leadterm.domain import Step

BRACES = re.compile(r"\{([^{}|]*)\|([A-Z0-9.]+)\}")
SUITE = Path(__file__).with_name("attributes.tsv")


def rows() -> list[list[str]]:
    lines = SUITE.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


def read(marked: str) -> tuple[str, list[Mention]]:
    """The sentence without its braces, and the mentions in them."""
    text, mentions, last = "", [], 0
    for match in BRACES.finditer(marked):
        text += marked[last : match.start()]
        term = Term(phrase(match[1]), match[1], match[2], Step.TITLE)
        mentions.append(Mention(len(text), len(text) + len(match[1]), (term,)))
        text, last = text + match[1], match.end()
    return text + marked[last:], mentions


def attached(text: str, mentions: list[Mention]) -> list[tuple[Attribute, ...]]:
    return attach(text, fold(text), (0, len(text)), mentions)


def said(marked: str) -> list[dict[str, str]]:
    return [{a.axis: a.value for a in own} for own in attached(*read(marked))]


def expected(cell: str) -> list[dict[str, str]]:
    own = [part.strip() for part in cell.split("|")]
    return [{} if part == "-" else dict(pair.strip().split("=", 1) for pair in part.split(";")) for part in own]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:60])
def test_a_sentence_gives_its_attributes_and_no_other(row: list[str]) -> None:
    assert said(row[1]) == expected(row[2])


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:60])
def test_a_row_has_its_set_a_sentence_with_mentions_and_known_axes(row: list[str]) -> None:
    assert len(row) == 3
    assert row[0] in ("1", "2", "3")
    assert len(expected(row[2])) == len(read(row[1])[1]) > 0
    assert {axis for own in expected(row[2]) for axis in own} <= set(AXES)


def test_no_sentence_stands_twice() -> None:
    sentences = [row[1] for row in rows()]
    assert len(set(sentences)) == len(sentences)


# What holds of every text

WORDS = (
    "left right bilateral acute chronic severe mild stage 3b type 2 grade ii of the in on with without no not due to "
    "from and or , ; : ( ) - . / knee distal radius toe mrsa e. coli c. diff since 2019 3/14/2021 march 2021 for 3 "
    "days x 2 weeks ago yesterday healing nonunion overdose of aspirin opioid-induced causing complicated by L4-L5 "
    "T2N0M0 NYHA III CKD 32w4d R L OD L>R 2/2 is was worse controlled poorly {pain|M25.56} {fracture|S52.5} "
    "{overdose|T50.9} {diabetes|E11} {ulcer|L97} {pregnancy|O26} é İ 🙂 \u2028"
).split(" ")
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
TEXTS = st.text(max_size=60).map(lambda s: s.replace("{", "(").replace("}", ")"))


@given(st.tuples(TEXTS, SENTENCES, TEXTS).map(" ".join))
def test_every_attribute_lies_inside_the_segment_and_is_of_a_known_axis(marked: str) -> None:
    text, mentions = read(marked)
    start, end = len(text) // 5, len(text) - len(text) // 5
    inner = [m for m in mentions if start <= m.start and m.end <= end]
    found = attach(text, fold(text), (start, end), inner)
    assert len(found) == len(inner)
    for attribute in (a for own in found for a in own):
        assert start <= attribute.start < attribute.end <= end
        assert attribute.axis in AXES
        assert attribute.value == " ".join(attribute.value.split()) == attribute.value.lower() != ""


@given(SENTENCES, st.randoms(use_true_random=False))
def test_the_order_of_the_mentions_changes_nothing(marked: str, random: Random) -> None:
    text, mentions = read(marked)
    before = dict(zip([m.start for m in mentions], attached(text, mentions), strict=True))
    random.shuffle(mentions)
    assert dict(zip([m.start for m in mentions], attached(text, mentions), strict=True)) == before


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:60])
def test_a_wrapped_line_changes_nothing(row: list[str]) -> None:
    assert said(row[1].replace(" ", "\n")) == said(row[1])


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:60])
def test_nothing_but_the_segment_is_read(row: list[str]) -> None:
    text, mentions = read(row[1])
    around = f"Severe left 3 days. {text} Right, chronic, in 2019."
    moved = [Mention(m.start + 20, m.end + 20, m.terms) for m in mentions]
    found = attach(around, fold(around), (20, 20 + len(text)), moved)
    assert [[(a.axis, a.value, a.start - 20) for a in own] for own in found] == [
        [(a.axis, a.value, a.start) for a in own] for own in attached(text, mentions)
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "left ", "acute ", "due to ", "with the ", "from the a ", "3 days ", "x ", "1/1/2020 ", "stage ", "e. coli ",
        "distal ", "no ", "induced-", "L ", "OD ", "march ", "t1 n0 ", "{pain|M25.56} left ", "{pain|M25.56} and ",
        "{overdose|T50.9} of ", "{ulcer|L97}, stage 3 ", "{stroke|I63} due to left ", "-", "\n", "1", "a.",
        "{pain|S52} for 3 days, ",
    ],
)  # fmt: skip
def test_the_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text, mentions = read(piece * (size // len(piece)))
        if not mentions:
            mentions = [Mention(0, 0, (Term("pain", "pain", "M25.56", Step.TITLE),))]
        folded, began = fold(text), process_time()
        attach(text, folded, (0, len(text)), mentions)
        return process_time() - began

    # Eight times the text; a busy machine may disturb one measurement, squares would give 64.
    assert any(seconds(160_000) < 24 * max(seconds(20_000), 0.004) for _ in range(4))


@pytest.mark.parametrize("table", ["attributes.tsv", "sites.tsv", "organisms.tsv"])
def test_a_table_names_known_axes_once_for_the_same_words(table: str) -> None:
    told = [(r["words"], r["axis"]) for r in read_table(f"describing/{table}", COLUMNS)]
    assert {axis for _, axis in told} <= {*AXES, NEGATION, REGION, LINK, NOTHING, POISONING}
    assert len(set(told)) == len(told)
    assert all(words == " ".join(words.split()).lower() != "" for words, _ in told)
