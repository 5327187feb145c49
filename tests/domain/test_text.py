"""Documents, spans and the words that they show; facts that keep them."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from datetime import datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies as some
from leadterm.domain import Assertion, Document, Evidence, Fact, FactKind, Finding, InputError, Override, Severity, Span

CHART = Document("d1", "Type 2 DM \U0001f9ec with CKD.")


@pytest.mark.parametrize(("start", "end"), [(5, 2), (3, 3), (-1, 2)])
def test_a_span_runs_forward_and_holds_text(start: int, end: int) -> None:
    with pytest.raises(InputError, match=rf"A span runs forward and holds text; {start}:{end} does not\."):
        Span(start, end)


@pytest.mark.parametrize(
    ("left", "right", "overlap"), [((0, 2), (1, 3), True), ((0, 2), (2, 3), False), ((0, 9), (3, 4), True)]
)
def test_spans_overlap_when_they_share_a_character(
    left: tuple[int, int], right: tuple[int, int], overlap: bool
) -> None:
    assert Span(*left).overlaps(Span(*right)) is overlap
    assert Span(*right).overlaps(Span(*left)) is overlap


def test_offsets_count_code_points() -> None:
    assert Evidence.quote(CHART, Span(12, 20)).text == "with CKD"


def test_evidence_beyond_the_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"The span 0:999 leaves document d1\."):
        Evidence.quote(CHART, Span(0, 999))


@given(some.texts.filter(bool), st.data())
def test_evidence_quotes_its_text(text: str, data: st.DataObject) -> None:
    quote = data.draw(some.evidence((Document("d1", text),)))
    assert text[quote.span.start : quote.span.end] == quote.text


def test_a_document_knows_its_digest() -> None:
    assert CHART.sha256 == sha256(CHART.text.encode()).hexdigest()
    assert Document("d1", CHART.text, sha256=CHART.sha256) == CHART


def test_a_document_with_another_texts_digest_is_refused() -> None:
    with pytest.raises(InputError, match=r"Document d2 does not have the text that its sha256 promises\."):
        Document("d2", "other words", sha256=CHART.sha256)


def test_half_a_surrogate_pair_has_a_digest_too() -> None:
    assert len(Document("d1", "\ud83e").sha256) == 64


FACT = Fact(
    "f1",
    "diabetes",
    FactKind.CONDITION,
    Assertion.PRESENT,
    attributes={"type": "2"},
    evidence=(Evidence.quote(CHART, Span(0, 9)),),
    targets=("E11",),
)


def test_a_fact_without_words_is_refused() -> None:
    with pytest.raises(InputError, match=r"Fact f1 has no words to show for itself\."):
        Fact("f1", "diabetes", FactKind.CONDITION, Assertion.PRESENT)


def test_a_fact_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(FACT)) == FACT
    assert copy.deepcopy(FACT) == FACT


def test_the_attributes_of_a_fact_cannot_be_changed() -> None:
    given_attributes = {"type": "2"}
    fact = Fact("f1", "diabetes", FactKind.CONDITION, Assertion.PRESENT, given_attributes, evidence=FACT.evidence)
    given_attributes["type"] = "1"
    assert fact.attributes == {"type": "2"}
    with pytest.raises(TypeError):
        fact.attributes["type"] = "1"  # type: ignore[index]


def test_a_value_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CHART.text = "other"  # type: ignore[misc]


@settings(max_examples=30)
@given(some.facts((CHART,)))
def test_any_fact_travels_between_processes(fact: Fact) -> None:
    assert pickle.loads(pickle.dumps(fact)) == fact


@pytest.mark.parametrize(("rule", "message"), [("", "Wrong."), ("X:1/y", "")])
def test_a_finding_names_its_rule_and_says_what_is_wrong(rule: str, message: str) -> None:
    with pytest.raises(InputError, match=r"A finding names its rule and says what is wrong\."):
        Finding("f1", rule, Severity.ERROR, message)


@pytest.mark.parametrize(("by", "reason"), [("", "seen"), ("u1", " ")])
def test_an_override_names_who_permits_and_why(by: str, reason: str) -> None:
    with pytest.raises(InputError, match=r"An override names who permits and why\."):
        Override(by, datetime(2026, 5, 14), reason)


def test_an_error_stands_until_it_is_overridden() -> None:
    permit = Override("u1", datetime(2026, 5, 14), "documented elsewhere")
    assert Finding("f1", "X:1/y", Severity.ERROR, "Wrong.").stands
    assert not Finding("f1", "X:1/y", Severity.ERROR, "Wrong.", override=permit).stands
    assert not Finding("f1", "X:1/y", Severity.WARNING, "Odd.").stands
