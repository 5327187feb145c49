"""The grammar of cues: classes, words that may be missing, and its time on hostile text."""

from __future__ import annotations

import time

import pytest

from leadterm.abstraction.asserting._grammar import TOKEN, Grammar
from leadterm.abstraction.asserting.assertion import judge
from leadterm.domain import InternalError

CLASSES = {
    "<stop>": [("and|of",)],
    "<soft>": [("very",), ("at", "this", "time")],
    "<end>": [("ruled", "out"), ("excluded",)],
}


def accepts(cue: str, text: str) -> bool:
    """Whether the whole text is one cue of a grammar of one row."""
    grammar = Grammar([tuple(cue.split())], CLASSES, frozenset())
    state = grammar.start
    for token in TOKEN.findall(text):
        following = state[grammar.words[token]]
        if following is None:
            return False
        state = following
    return state.accepted >= 0


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("not <soft>* <end>", "not excluded"),
        ("not <soft>* <end>", "not very very excluded"),
        ("not <soft>* <end>", "not at this time ruled out"),
        ("not|never <end>", "never ruled-out"),
        ("in <year>", "in 2015"),
        ("the <decade>", "the 1990s"),
        ("no ~* sign", "no convincing radiographic sign"),
        ("no sign of? it", "no sign it"),
    ],
)
def test_a_row_of_the_grammar_reads(cue, text):
    assert accepts(cue, text)


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("not <soft>* <end>", "not ruled"),
        ("not <soft>* <end>", "not, excluded"),
        ("in <year>", "in 3015"),
        ("no ~* sign", "no cough and sign"),
        ("no sign of it", "no sign it"),
    ],
)
def test_a_row_of_the_grammar_does_not_read(cue, text):
    assert not accepts(cue, text)


def test_a_class_without_members_is_refused():
    with pytest.raises(InternalError, match="<missing>"):
        Grammar([("no", "<missing>")], CLASSES, frozenset())


@pytest.mark.parametrize("text", ["no fever, or ", "no very very ", "history ( ", "if - ", "possible x, ", "\n- no "])
def test_time_grows_with_the_length_of_a_segment(text):
    def seconds(size: int) -> float:
        whole = (text * (size // len(text) + 1))[:size]
        mentions = [(at, at + 3) for at in range(0, size - 10, 100)]
        start = time.process_time()
        judge(whole, (0, size), mentions, "hpi")
        return time.process_time() - start

    seconds(10_000)
    assert any(seconds(160_000) < 12 * seconds(40_000) for _ in range(3))  # a busy machine may disturb one
