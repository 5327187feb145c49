"""Twins: one sentence said of a condition, and the same turned by a few words; each turn must flip what is judged.

The conditions are invented words, so that nothing but the grammar can decide.
"""

from __future__ import annotations

from itertools import product

import pytest

from leadterm.abstraction.asserting.assertion import judge
from leadterm.abstraction.layout.fold import fold
from leadterm.domain import Assertion

CONDITIONS = ("zarpoma", "acute left-sided quoxitis", "mevular pain", "Brandt's tovulitis", "stage 2 plim disease")

# A sentence that says the condition is there, and the words that turn it.
PRESENT = (
    "She has {}.",
    "The patient presents with {}.",
    "He was admitted with {} yesterday.",
    "CT shows {}.",
    "Known {}, on treatment.",
    "{} for three weeks.",
    "{}, stable.",
    "Positive for {}.",
    "Complains of {} and cough.",
    "Cough and {}.",
    "Continue treatment for {}.",
    "{} is poorly controlled.",
)
ABSENT = (
    "She denies {}.",
    "She denies cough, {}, or fever.",
    "The patient does not have {}.",
    "There is no evidence of {}.",
    "CT shows no {}.",
    "No known {}.",
    "{} was ruled out.",
    "{} has now been excluded.",
    "{}: denies.",
    "Negative for {}.",
    "No cough or {}.",
    "Without {}.",
    "{} is very unlikely.",
    "Low suspicion for {}.",
    "He has never been diagnosed with {}.",
    "(-) {}",
    "[ ] {}",
    "{} was not seen.",
    "No family history of {}.",
)
UNCERTAIN = (
    "Possible {}.",
    "She likely has {}.",
    "Findings are consistent with {}.",
    "{} cannot be ruled out.",
    "{} cannot at this time be completely excluded.",
    "Rule out {}.",
    "{} is suspected.",
    "Suspicious for {}.",
    "{} versus gout.",
    "?{}",
    "{}, probable.",
    "The differential includes {}.",
    "She may have {}.",
    "Concern for {}.",
    "It is not clear whether she has {}.",
)
HISTORICAL = (
    "History of {}.",
    "History, per chart, of {}.",
    "S/p {}.",
    "{} in 2012.",
    "{} as a child.",
    "Ten years ago he had {}.",
    "Previous {}.",
    "She used to have {}.",
    "{} many years ago.",
)
FAMILY = (
    "Her mother has {}.",
    "{} in his father.",
    "Family history of {}.",
    "His maternal aunt died of {}.",
    "FHx: {}",
    "Mother: {}",
    "Two brothers with {}.",
)
HYPOTHETICAL = (
    "If she develops {}, she should call.",
    "Return for {}.",
    "At risk for {}.",
    "Monitor for {}.",
    "To prevent {}.",
    "Screening for {}.",
    "Educated on signs of {}.",
    "Should {} occur, call.",
    "Her roommate has {}.",
    "Exposed to {}.",
    "In case of {}, come in.",
    "Ibuprofen as needed for {}.",
)
PLANNED = ("Scheduled for {}.", "Will undergo {}.", "{} is scheduled for next week.", "Awaiting {}.")
RESOLVED = (
    "{} has resolved.",
    "{}, resolved.",
    "She no longer has {}.",
    "{} went away.",
    "Resolution of {}.",
    "Recovered from {}.",
)
FRAMES = {
    Assertion.PRESENT: PRESENT,
    Assertion.ABSENT: ABSENT,
    Assertion.UNCERTAIN: UNCERTAIN,
    Assertion.HISTORICAL: HISTORICAL,
    Assertion.FAMILY: FAMILY,
    Assertion.HYPOTHETICAL: HYPOTHETICAL,
    Assertion.PLANNED: PLANNED,
    Assertion.RESOLVED: RESOLVED,
}
TWINS = [(word, frame, said) for word, frames in FRAMES.items() for frame, said in product(frames, CONDITIONS)]

# What a sentence says of its last mention does not matter to the first of a sentence of its own, and the reverse.
BEFORE = ("", "No fever; ", "Her mother had gout, but ", "Denies cough but reports ")


def of(frame: str, condition: str) -> Assertion:
    """What a frame says of the condition put into it."""
    start = frame.index("{}")
    text = fold(frame.replace("{}", condition))
    (judgement,) = judge(text, (0, len(text)), [(start, start + len(condition))], "hpi")
    return judgement.assertion


@pytest.mark.parametrize(("word", "frame", "condition"), TWINS)
def test_a_turned_sentence_says_what_its_words_say(word, frame, condition):
    assert of(frame, condition) is word


@pytest.mark.parametrize(("word", "frame", "condition"), TWINS)
def test_case_does_not_matter(word, frame, condition):
    assert of(frame.upper(), condition.upper()) is word


@pytest.mark.parametrize(("word", "frame", "condition"), TWINS)
def test_blanks_do_not_matter(word, frame, condition):
    assert of(frame.replace(" ", "   "), condition) is word


@pytest.mark.parametrize(("word", "frame", "condition"), TWINS)
def test_line_ends_in_a_segment_do_not_matter(word, frame, condition):
    assert of(frame.replace(" ", "\n"), condition) is word


@pytest.mark.parametrize(("frame", "condition"), list(product(PRESENT[:2] + PRESENT[3:4] + PRESENT[7:9], CONDITIONS)))
@pytest.mark.parametrize("before", BEFORE)
def test_what_was_said_before_a_semicolon_or_but_is_over(before, frame, condition):
    assert of(before + (frame[0].lower() + frame[1:] if before else frame), condition) is Assertion.PRESENT


@pytest.mark.parametrize(("word", "frame", "condition"), TWINS)
def test_other_segments_do_not_matter(word, frame, condition):
    text = fold(frame.replace("{}", condition))
    start, left, right = frame.index("{}"), "no family history of possible ", " is ruled out and resolved in 1990"
    inside = (len(left), len(left) + len(text))
    mention = (len(left) + start, len(left) + start + len(condition))
    (judgement,) = judge(left + text + right, inside, [mention], "hpi")
    assert judgement.assertion is word
    assert all(inside[0] <= a < b <= inside[1] for a, b in judgement.cues)


@pytest.mark.parametrize("frames", list(FRAMES.values()), ids=list(FRAMES))
def test_the_order_of_mentions_does_not_matter(frames):
    for frame in frames:
        text = fold(frame.replace("{}", "gout and quoxitis"))
        start = frame.index("{}")
        mentions = [(start, start + 4), (start + 9, start + 17)]
        assert judge(text, (0, len(text)), mentions[::-1], "hpi") == judge(text, (0, len(text)), mentions, "hpi")[::-1]
