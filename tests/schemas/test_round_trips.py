"""What is written can be read back, and what is written is valid: for any value that the domain allows."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies as some
from leadterm.domain import Claim, CodedEncounter, Encounter, Fact, Finding, InputError
from leadterm.schemas import decode, encode

from .validation import problems

few = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


# The types of JSON, and no other that json.dumps would take for one of them.
JSON = {str, int, float, bool, type(None), list, dict}


def through_text(value: Any) -> Any:
    """What another program reads: written as JSON text and parsed again."""
    return json.loads(json.dumps(value, allow_nan=False))


def kinds(value: Any) -> set[type]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {type(value)}.union(*map(kinds, inner))


@few
@given(some.encounters())
def test_an_encounter_comes_back_as_it_was(encounter: Encounter) -> None:
    assert decode.encounter(through_text(encode.encounter(encounter)), "other") == encounter


def is_as_it_was(coded: CodedEncounter, written: Any) -> None:
    assert decode.coded(written) == coded


def is_valid_and_bears_named_keys_only(coded: CodedEncounter, written: Any) -> None:
    assert problems("coded-1", written, closed=True) == []


def has_valid_facts(coded: CodedEncounter, written: Any) -> None:
    encounter = coded.encounter
    assert problems("facts-1", encode.facts(encounter.id, encounter.documents, coded.facts)) == []


def quotes_the_written_text(coded: CodedEncounter, written: Any) -> None:
    texts = {d["id"]: d["text"] for d in written["encounter"].get("documents", [])}
    for assignment in written["assignments"]:
        for quote in assignment["evidence"]:
            if quote["document"] in texts:
                assert texts[quote["document"]][quote["start"] : quote["end"]] == quote["text"]


@few
@given(some.coded_encounters())
def test_a_written_coding(coded: CodedEncounter) -> None:
    """Each is drawn once for all that must hold of it: drawing takes most of the time."""
    value = encode.coded(coded)
    assert kinds(value) <= JSON
    written = through_text(value)
    for holds in (is_as_it_was, is_valid_and_bears_named_keys_only, has_valid_facts, quotes_the_written_text):
        holds(coded, written)


@few
@given(some.claims())
def test_a_written_claim_is_valid_and_comes_back_as_it_was(claim: Claim) -> None:
    value = encode.claim(claim)
    assert kinds(value) <= JSON
    written = through_text(value)
    assert problems("claim-1", written) == []
    assert decode.claim(written) == claim


@few
@given(some.words, st.lists(some.findings(), max_size=3))
def test_findings_are_valid(subject: str, findings: list[Finding]) -> None:
    assert problems("findings-1", encode.findings(subject, findings)) == []


@few
@given(some.facts(()))
def test_reading_back_leaves_attributes_alone(fact: Fact) -> None:
    written = encode.facts("e1", (), [fact])["facts"][0]
    assert written["attributes"] == dict(fact.attributes)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | some.texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(some.words, inner, max_size=3),
    max_leaves=10,
)


@st.composite
def broken(draw: st.DrawFn, whole: st.SearchStrategy[Any]) -> Any:
    """A written value with one place in it replaced by any JSON."""
    value = through_text(draw(whole))
    place = value
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = draw(st.sampled_from(list(keys)))
        deeper = isinstance(place[key], (dict, list)) and place[key]
        if not deeper or draw(st.booleans()):
            place[key] = draw(json_values)
            return value
        place = place[key]


def refusal(read: Any, value: Any) -> str:
    """The sentence with which `value` is refused; a full stop when it is read. Any other exception is a failure."""
    try:
        read(value)
    except InputError as error:
        return str(error)
    return "."


@few
@given(broken(some.encounters().map(encode.encounter)))
def test_a_broken_encounter_is_read_or_refused_with_a_sentence(value: Any) -> None:
    assert refusal(lambda given: decode.encounter(given, "e1"), value).endswith(".")


@few
@given(broken(some.coded_encounters().map(encode.coded)))
def test_a_broken_coding_is_read_or_refused_with_a_sentence(value: Any) -> None:
    assert refusal(decode.coded, value).endswith(".")


@few
@given(broken(some.claims().map(encode.claim)))
def test_a_broken_claim_is_read_or_refused_with_a_sentence(value: Any) -> None:
    assert refusal(decode.claim, value).endswith(".")
