from __future__ import annotations

from benchmarks.keystrokes import beginnings, keystrokes
from benchmarks.retrieval import DEV, PHRASES, TEST, Asked, Score, all_words, everyday, forms
from benchmarks.tfidf import Characters, Words

from leadterm.codesets import CodeBook


def test_every_everyday_phrasing_stands_for_a_code_of_the_release(book: CodeBook) -> None:
    codes = [c for asked in everyday(TEST).values() for one in asked for c in one.codes]
    nodes = {code: book.node(code.rstrip("-").rstrip(".")) for code in codes}
    assert [code for code, node in nodes.items() if node is None] == []
    extended = {code for code, node in nodes.items() if node and node.children and book.node(node.children[0])}
    headers = [c for c in extended if not c.endswith("-") and book.tree(c)[0].kind != "seventh"]
    assert headers == []


def test_there_are_enough_phrasings_and_nobody_has_signed_them() -> None:
    halves = everyday(TEST)
    assert len(halves["frozen"]) > 75
    assert len(halves["frozen"]) + len(halves["development"]) >= 150
    assert "reviewed_by: null" in PHRASES.read_text(encoding="utf-8")


def test_tuning_never_sees_the_frozen_half() -> None:
    assert list(everyday(DEV)) == ["development"]
    assert {a.text for a in everyday(DEV)["development"]}.isdisjoint(a.text for a in everyday(TEST)["frozen"])


def test_what_differs_in_order_small_words_or_modifiers_is_held_back_too() -> None:
    assert forms("Abscess of kidney") & forms("kidney, abscess (chronic)")
    assert forms("Abscess of kidney").isdisjoint(forms("Abscess of liver"))
    assert all_words("Abscess (chronic) of kidney") != all_words("Abscess of kidney")


def test_a_score_counts_places_and_kin() -> None:
    asked = [Asked("a", frozenset(("A10.0",))), Asked("b", frozenset(("B10.-",))), Asked("c", frozenset(("C10",)))]
    found = {"a": ["A10", "A10.0"], "b": ["B10.4"], "c": ["D10"]}
    score = Score.of(asked, lambda text: found[text])
    assert (score.top_1, score.top_10, score.mrr) == (33.3, 66.7, 50.0)
    assert (score.related_1, score.related_10) == (66.7, 66.7)


def test_the_peers_rank_the_title_itself_first() -> None:
    titles = [("A", "Acute appendicitis"), ("B", "Acute cystitis"), ("C", "Gout")]
    for peer in (Words(titles), Characters(titles)):
        assert peer.find("acute cystitis", 2) == ["B", "A"]


def test_keystrokes_are_beginnings_of_what_is_typed() -> None:
    assert {"d", "diabetic neph", "diabetic nephropathy"} <= set(keystrokes())
    assert {"a", "zz", "bab"} <= set(beginnings())
