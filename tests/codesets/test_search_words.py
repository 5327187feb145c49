from __future__ import annotations

import pytest

from leadterm.codesets.search.words import asked_words, bag, essential_words, search_words, stem, stems


def test_words_lose_accents_plurals_and_possessives() -> None:
    assert search_words("Ménière's  diseases, RIGHT") == ["meniere", "disease", "right"]


def test_nonessential_modifiers_stand_in_parentheses() -> None:
    assert essential_words("Hypertension (benign) (essential)") == ["hypertension"]


@pytest.mark.parametrize(
    "words",
    [
        "diabetes diabetic",
        "infection infected infectious infective",
        "stenosis stenotic stricture narrowing",
        "hypertension hypertensive htn",
        "kidney renal",
        "fracture fractured broken fx",
        "oedema edema swelling",
        "haemorrhage hemorrhagic bleeding",
        "anaemia anemia anemic",
        "nos unspecified",
    ],
)
def test_words_of_one_meaning_have_one_stem(words: str) -> None:
    assert len({stem(w) for w in search_words(words)}) == 1


@pytest.mark.parametrize(("one", "another"), [("hepatitis", "hepatic"), ("left", "right"), ("arm", "art")])
def test_words_of_different_meaning_keep_their_stems(one: str, another: str) -> None:
    assert stem(one) != stem(another)


def test_small_words_are_not_looked_for() -> None:
    assert asked_words(search_words("i have pain in the knee")) == ["pain", "knee"]


def test_small_words_alone_are_looked_for() -> None:
    assert asked_words(["in", "the"]) == ["in", "the"]


def test_what_is_unspecified_is_looked_for_last() -> None:
    assert asked_words(search_words("unspecified asthma")) == ["asthma", "unspecified"]


def test_stems_are_there_once() -> None:
    assert stems(["kidney", "renal", "of", "kidney"]) == [stem("kidney")]


def test_a_bag_does_not_know_order_nor_nos() -> None:
    assert bag(search_words("Fever, unspecified")) == bag(search_words("fever NOS")) == bag(["fever"])
    assert bag(search_words("pain in right knee")) == bag(search_words("right knee pain"))
