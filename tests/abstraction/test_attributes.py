"""Attributes: which side, stage, severity and acuity belongs to which mention."""

from __future__ import annotations

import re

import pytest

from leadterm.abstraction.describing.attributes import attach
from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.naming.mentions import Mention
from leadterm.codesets.terms import Term
from leadterm.codesets.wording import phrase
from leadterm.domain import Step

BRACES = re.compile(r"\{([^{}|]*)(?:\|([A-Z0-9.]+))?\}")


def attributes(marked: str) -> list[dict[str, str]]:
    """The attributes of each mention in braces, `{words|code}`; without a code it is a sided one."""
    text, mentions, last = "", [], 0
    for match in BRACES.finditer(marked):
        text += marked[last : match.start()]
        term = Term(phrase(match[1]), match[1], match[2] or "M25.56", Step.TITLE)
        mentions.append(Mention(len(text), len(text) + len(match[1]), (term,)))
        text, last = text + match[1], match.end()
    text += marked[last:]
    found = attach(text, fold(text), (0, len(text)), mentions)
    return [{a.axis: a.value for a in of} for of in found]


LEFT, RIGHT, BOTH = {"laterality": "left"}, {"laterality": "right"}, {"laterality": "bilateral"}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("left {knee pain} and right {shoulder pain}", [LEFT, RIGHT]),
        ("{knee pain} on the left, {shoulder pain} on the right", [LEFT, RIGHT]),
        ("L {knee pain}, R {shoulder pain}", [LEFT, RIGHT]),
        ("{pain in the left knee} and {pain in the right knee}", [LEFT, RIGHT]),
        ("bilateral {knee pain}", [BOTH]),
        ("{cellulitis} (left)", [LEFT]),
        ("{fracture} of the right distal radius", [{**RIGHT, "site": "distal radius"}]),
        ("She has left {knee pain}", [LEFT]),
    ],
)
def test_a_side_belongs_to_the_nearest_mention(marked: str, expected: list[dict[str, str]]) -> None:
    assert attributes(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("{CKD|N18} stage 3b and {diabetes|E11}", [{"stage": "3b"}, {}]),
        ("{diabetes|E11} with stage IIIb {CKD|N18}", [{"with": "ckd"}, {"stage": "3b"}]),
        ("severe {asthma|J45}, mild {eczema|L30}", [{"severity": "severe"}, {"severity": "mild"}]),
        ("acute {bronchitis|J20} and chronic {sinusitis|J32}", [{"acuity": "acute"}, {"acuity": "chronic"}]),
        ("{gout|M10} and moderate chronic {ulcer|L97}", [{}, {"severity": "moderate", "acuity": "chronic"}]),
        ("{hydrocele|N43} and mild left {hydrocele|N43}", [{}, {"severity": "mild", **LEFT}]),
        ("{sinusitis|J32}, chronic", [{"acuity": "chronic"}]),
        ("{asthma|J45}, currently in exacerbation", [{"flare": "exacerbation"}]),
        (
            "{asthma|J45}, currently with acute exacerbation",
            [{"flare": "exacerbation", "with": "acute exacerbation"}],
        ),
        ("type 2 {diabetes|E11}, poorly controlled", [{"type": "2", "control": "hyperglycemia"}]),
    ],
)
def test_an_attribute_stands_with_its_noun(marked: str, expected: list[dict[str, str]]) -> None:
    assert attributes(marked) == expected


def test_an_attribute_does_not_reach_over_another_mention() -> None:
    assert attributes("severe {asthma|J45} {eczema|L30}") == [{"severity": "severe"}, {}]
    assert attributes("{eczema|L30} {asthma|J45} severe") == [{}, {"severity": "severe"}]


@pytest.mark.parametrize(
    "marked",
    [
        "severe storms on the day that {asthma|J45} came",
        "moderate wine, {asthma|J45}",
        "{asthma|J45} was found when he ate a mild cheese",
        "mild, as it has been for a very long time now, {asthma|J45}",
    ],
)
def test_other_words_between_part_it_from_its_noun(marked: str) -> None:
    assert attributes(marked) == [{}]


def test_other_attributes_between_do_not() -> None:
    assert attributes("acute, severe left {knee pain}") == [{"acuity": "acute", "severity": "severe", **LEFT}]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("{chronic kidney disease, stage 3|N18.3}", {"acuity": "chronic", "stage": "3"}),
        ("{severe asthma|J45}, mild", {"severity": "severe"}),
        ("acute on {chronic pancreatitis|K86.1}", {"acuity": "acute on chronic"}),
        ("{CKD stage III|N18.3} b", {"stage": "3b"}),
    ],
)
def test_what_stands_inside_a_mention_comes_first(marked: str, expected: dict[str, str]) -> None:
    assert attributes(marked) == [expected]


def test_the_only_side_of_a_sentence_governs_it() -> None:
    knee = attributes("left knee: {effusion|M25.46} seen, some {bursitis|M70.5} too")
    assert knee == [{**LEFT, "site": "knee"}, LEFT]
    assert attributes("{fracture|S52.5} after a fall, right arm was splinted") == [RIGHT]


def test_two_sides_in_a_sentence_govern_nothing() -> None:
    assert attributes("left arm and right leg were seen; then {bursitis|M70.5} was treated") == [{}]


@pytest.mark.parametrize("code", ["E11", "J18.9", "I10", "F32", "K21", "R05"])
def test_a_condition_without_sides_takes_none_from_afar(code: str) -> None:
    assert attributes("left arm was used to measure and then {it|" + code + "} was treated") == [{}]


@pytest.mark.parametrize(
    "marked",
    [
        "left ventricular mass was normal, then {knee pain} came",
        "right heart was normal, then {knee pain} came",
        "left bundle branch block; later {knee pain} came",
        "right-handed man who then had {knee pain}",
        "on 2 L via cannula and then {knee pain} came",
        "she left the hospital when {knee pain} was gone",
    ],
)
def test_a_side_of_something_else_governs_no_sentence(marked: str) -> None:
    assert attributes(marked) == [{}]


def test_severity_governs_no_sentence() -> None:
    assert attributes("severe storm and then the {knee pain} came") == [{}]


def test_only_the_segment_is_read() -> None:
    text = "Left. knee pain. Right."
    mention = Mention(6, 15, (Term("knee pain", "knee pain", "M25.56", Step.TITLE),))
    assert attach(text, fold(text), (6, 16), [mention]) == [()]


def test_an_attribute_says_where_it_stands() -> None:
    text = "acute LEFT knee pain"
    mention = Mention(11, 20, (Term("knee pain", "knee pain", "M25.56", Step.TITLE),))
    (found,) = attach(text, fold(text), (0, 20), [mention])
    assert [(a.axis, text[a.start : a.end]) for a in found] == [("acuity", "acute"), ("laterality", "LEFT")]


@pytest.mark.parametrize("gap", [" ", "\n", "\r\n", " \n  ", ", ", ",\n"])
def test_a_wrapped_line_changes_nothing(gap: str) -> None:
    assert attributes(f"acute{gap}left{gap}{{knee pain}}") == [{"acuity": "acute", **LEFT}]


def test_many_commas_take_no_time() -> None:
    assert attributes("left" + ",a" * 12 + ",z {asthma|J45}") == [{}]
