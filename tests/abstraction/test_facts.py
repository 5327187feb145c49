"""Facts: what always holds of them, for small sentences, for whole charts, and for any text."""

from __future__ import annotations

import gc
import json
import pickle
import time
from collections.abc import Iterable
from itertools import islice, pairwise
from pathlib import Path

import pytest
from benchmarks.wrapping import wrapped
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction import Dictionary, abstract
from leadterm.codesets import CodeBook
from leadterm.codesets.phrasebook import load_terms
from leadterm.codesets.terms import Term
from leadterm.codesets.wording import phrase
from leadterm.domain import Assertion, Document, Fact, FactKind, Step, kind_of_target

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/chart.txt"))
CHARTS = {path.parent.name: path.read_text("utf-8") for path in EXAMPLES}
ACI = "benchmarks/aci-bench/notes.jsonl"
# The others are forms in columns and lines one character over their own margin, of which only their writer knows what
# belongs together.
STEADY = [name for name in CHARTS if not name.startswith(("06", "08", "09"))]


def term(surface: str, code: str, concept: str | None = None) -> Term:
    return Term(phrase(surface), concept or surface, code, Step.LEXICON)


SMALL = Dictionary(
    [
        term("knee pain", "M25.56"),
        term("shoulder pain", "M25.51"),
        term("asthma", "J45"),
        term("chronic kidney disease", "N18", "Chronic kidney disease"),
        term("fever", "R50.9"),
        term("insulin", "Z79.4"),
        term("pacemaker", "Z95.0"),
        term("fell", "W19"),
    ]
)


@pytest.fixture(scope="module")
def dictionary(book: CodeBook) -> Dictionary:
    return Dictionary(load_terms(book))


@pytest.fixture(scope="module")
def notes(shared: Path) -> dict[str, str]:
    """Twenty visit notes of real line structure."""
    path = shared / ACI
    if not path.is_file():
        pytest.skip(f"{ACI} is absent from the common data")
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 20)]
    return {row["id"]: row.get("text") or row["documents"][0]["text"] for row in rows}


def facts(text: str, dictionary: Dictionary = SMALL) -> tuple[Fact, ...]:
    return abstract([Document("d1", text)], dictionary)


def meaning(found: Iterable[Fact]) -> list[tuple[object, ...]]:
    return [(f.concept, f.kind, f.assertion, dict(f.attributes), f.targets) for f in found]


def check(documents: list[Document], found: tuple[Fact, ...]) -> None:
    """What must hold of the facts of any documents."""
    texts = {d.id: d.text for d in documents}
    assert [f.id for f in found] == [f"f{n}" for n in range(1, len(found) + 1)]
    assert all(e.text == e.span.of(texts[e.document]) for f in found for e in (*f.evidence, *f.cues))
    for f in found:
        assert f.segment is not None
        assert all(f.segment.start <= e.span.start < e.span.end <= f.segment.end for e in f.evidence)
        assert len({e.document for e in (*f.evidence, *f.cues)}) == 1
    for document in texts:
        spans = [f.mention.span for f in found if f.mention.document == document]
        assert spans == sorted(spans)


# --- sentences ---


def test_a_fact_says_what_how_and_where() -> None:
    (fact,) = facts("ASSESSMENT: Denies severe left KNEE PAIN.")
    assert (fact.id, fact.concept, fact.kind) == ("f1", "knee pain", FactKind.CONDITION)
    assert (fact.assertion, fact.section, fact.targets) == (Assertion.ABSENT, "assessment", ("M25.56",))
    assert fact.attributes == {"severity": "severe", "laterality": "left"}
    assert [e.text for e in fact.evidence] == ["KNEE PAIN", "severe", "left"]
    assert [e.text for e in fact.cues] == ["Denies"]


def test_words_inside_the_mention_are_shown_once() -> None:
    (fact,) = facts("He has chronic kidney disease, stage 3b.")
    assert [e.text for e in fact.evidence] == ["chronic kidney disease", "stage 3b"]
    assert fact.attributes == {"acuity": "chronic", "stage": "3b"}


def test_sides_stay_with_their_mentions() -> None:
    found = facts("She has left knee pain and right shoulder pain.")
    assert [(f.concept, f.attributes["laterality"]) for f in found] == [
        ("knee pain", "left"),
        ("shoulder pain", "right"),
    ]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("Z79.4", FactKind.DRUG),
        ("Z95.0", FactKind.STATUS),
        ("R50.9", FactKind.FINDING),
        ("W19", FactKind.CIRCUMSTANCE),
        ("Y92.0", FactKind.CIRCUMSTANCE),
        ("J45", FactKind.CONDITION),
        ("O80", FactKind.CONDITION),
    ],
)
def test_what_sort_of_thing_a_term_names_follows_from_its_chapter(code: str, kind: FactKind) -> None:
    assert kind_of_target(code) is kind


def test_a_value_is_a_fact_with_its_number() -> None:
    (fact,) = facts("On exam her BMI was 33.1 kg/m2.")
    assert (fact.concept, fact.kind, fact.assertion) == ("body mass index", FactKind.VALUE, Assertion.PRESENT)
    assert (fact.attributes, fact.targets) == ({"value": "33.1", "unit": "kg/m2"}, ())
    assert fact.mention.text == "BMI was 33.1 kg/m2"


def test_the_value_of_a_relative_is_of_the_family() -> None:
    assert [f.assertion for f in facts("FAMILY HISTORY: Mother's BMI was 41.")] == [Assertion.FAMILY]


def test_values_and_mentions_come_in_the_order_of_the_text() -> None:
    found = facts("She has asthma, a BMI of 33 and fever.")
    assert [f.concept for f in found] == ["asthma", "body mass index", "fever"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "☐", "Nothing of note.", "\ufeff", "\0"])
def test_a_text_that_names_nothing_has_no_facts(text: str) -> None:
    assert facts(text) == ()


# --- documents ---


def test_ids_run_through_all_documents() -> None:
    documents = [Document("a", "Asthma. Fever."), Document("b", ""), Document("c", "Knee pain.")]
    found = abstract(documents, SMALL)
    assert [(f.id, f.mention.document) for f in found] == [("f1", "a"), ("f2", "a"), ("f3", "c")]


def test_a_document_given_twice_says_the_same_twice() -> None:
    text = CHARTS["01-diabetes-ckd-hypertension"]
    once, twice = abstract([Document("a", text)], SMALL), abstract([Document("a", text), Document("b", text)], SMALL)
    assert twice[: len(once)] == once
    assert meaning(twice[len(once) :]) == meaning(once)
    assert {f.mention.document for f in twice[len(once) :]} == {"b"}
    assert [f.mention.span for f in twice[len(once) :]] == [f.mention.span for f in once]


def test_no_document_speaks_for_another() -> None:
    found = abstract([Document("a", "FAMILY HISTORY:"), Document("b", "Asthma."), Document("c", "No")], SMALL)
    assert [f.assertion for f in found] == [Assertion.PRESENT]


def test_facts_travel_between_processes() -> None:
    found = facts(CHARTS["02-ankle-fracture-emergency"] + "\nLeft knee pain. BMI 33.1.")
    assert found
    assert pickle.loads(pickle.dumps(found)) == found


# --- charts ---


@pytest.mark.parametrize("name", CHARTS)
def test_what_must_hold_of_every_chart(name: str, dictionary: Dictionary) -> None:
    documents = [Document("d1", CHARTS[name])]
    found = abstract(documents, dictionary)
    assert len(found) > 5
    check(documents, found)


def test_what_must_hold_of_every_note(notes: dict[str, str], dictionary: Dictionary) -> None:
    documents = [Document(name, text) for name, text in notes.items()]
    found = abstract(documents, dictionary)
    assert {f.mention.document for f in found} == set(notes)
    check(documents, found)


def test_mentions_of_a_chart_do_not_overlap(dictionary: Dictionary) -> None:
    for text in CHARTS.values():
        named = [f.mention.span for f in facts(text, dictionary) if f.kind is not FactKind.VALUE]
        assert not any(a.overlaps(b) for a, b in pairwise(named))


@pytest.mark.parametrize("width", range(40, 101, 6))
def test_wrapping_a_note_changes_no_fact(width: int, notes: dict[str, str], dictionary: Dictionary) -> None:
    for name, text in notes.items():
        narrow = wrapped(text, width)
        assert len(narrow) == len(text)
        assert (name, meaning(facts(narrow, dictionary))) == (name, meaning(facts(text, dictionary)))


@pytest.mark.parametrize("name", STEADY)
def test_wrapping_a_chart_changes_no_fact(name: str, dictionary: Dictionary) -> None:
    text = CHARTS[name]
    expected = meaning(facts(text, dictionary))
    assert [w for w in range(40, 101) if meaning(facts(wrapped(text, w), dictionary)) != expected] == []


PROSE = (
    "ASSESSMENT: This 62 year old right-handed woman left the hospital last week and has severe acute on chronic "
    "right knee pain, left shoulder pain without fever, stage IIIb chronic kidney disease and a body mass index of "
    "33.1 kg/m2. She denies asthma, which her mother had. She fell at home and has a pacemaker; we continue insulin."
)


@pytest.mark.parametrize("width", range(40, 101))
def test_wrapping_prose_changes_no_fact_and_no_place(width: int) -> None:
    def places(found: Iterable[Fact]) -> list[list[tuple[int, int]]]:
        return [[(e.span.start, e.span.end) for e in (*f.evidence, *f.cues)] for f in found]

    narrow, wide = facts(wrapped(PROSE, width)), facts(PROSE)
    assert len(wide) == 9
    assert (meaning(narrow), places(narrow)) == (meaning(wide), places(wide))


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
def test_the_kind_of_line_end_changes_no_fact(end: str, dictionary: Dictionary) -> None:
    for text in CHARTS.values():
        assert meaning(facts(text.replace("\n", end), dictionary)) == meaning(facts(text, dictionary))


# --- any text ---

PIECES = st.sampled_from(
    [
        "left ",
        "right ",
        "knee pain",
        "asthma",
        " no ",
        "mother ",
        "BMI 33",
        "stage 3",
        "b ",
        ". ",
        "\n",
        "\n\n",
        "FAMILY HISTORY:",
        "- ",
        "1. ",
        ", ",
        "L ",
        "İ",
        "ß",
        "²",
    ]
)


@given(st.lists(st.lists(PIECES | st.text(max_size=5)).map("".join), max_size=3))
def test_what_must_hold_of_any_text(texts: list[str]) -> None:
    documents = [Document(f"d{n}", text) for n, text in enumerate(texts)]
    found = abstract(documents, SMALL)
    check(documents, found)
    assert abstract(documents, SMALL) == found
    assert pickle.loads(pickle.dumps(found)) == found


# --- time ---


def seconds(text: str, size: int, dictionary: Dictionary) -> float:
    document = [Document("d1", (text * (size // len(text) + 1))[:size])]
    times = []
    gc.disable()  # its passes depend on what other tests have left behind
    try:
        for _ in range(2):
            start = time.process_time()
            abstract(document, dictionary)
            times.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(times)


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(CHARTS.values()) + "\n\n",
        " ".join(" ".join(CHARTS.values()).split()) + " ",
        PROSE.replace(".", ",") + " ",
        "left knee pain and acute right shoulder pain with mild asthma ",
    ],
    ids=["charts", "one line", "one sentence", "one list"],
)
def test_time_grows_with_the_length_of_the_text(text: str, dictionary: Dictionary) -> None:
    def ratio() -> float:
        return seconds(text, 240_000, dictionary) / seconds(text, 60_000, dictionary)

    # Four times the text may leave the processor's caches, and a busy machine may disturb one; squares would give 16.
    assert any(ratio() < 7 for _ in range(3))
