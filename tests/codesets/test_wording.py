"""The normal form: what counts as the same term, what does not, and that every word knows its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction.layout.fold import fold
from leadterm.codesets.wording import BARRIER, normalise, phrase, stem, words

PIECES = (
    "type II ",
    "stage iii",
    "3b",
    " 3 b ",
    "hepatitis A",
    "E. coli ",
    "St. Louis",
    "HER2 ",
    "b/l ",
    "right ",
    "-heart",
    "Crohn’s ",
    "’s",
    "\n\n",
    "\r\n",
    ".",
    " the ",
    "oedema ",
    "Sjögren ",
    "²",
    "½",
    "٣",
    "\u0301",
    "İ",
    "☐",
)
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


def normal(text: str) -> str:
    return " ".join(normalise(fold(text)).words)


@given(texts)
def test_every_word_knows_its_place(text: str) -> None:
    wording = normalise(fold(text))
    assert len(wording.starts) == len(wording.ends) == len(wording.words)
    assert all(wording.words)
    edges = [edge for pair in zip(wording.starts, wording.ends, strict=True) for edge in pair]
    assert edges == sorted(edges)
    assert all(0 <= a < b <= len(text) for a, b in zip(wording.starts, wording.ends, strict=True))


@given(texts)
def test_the_source_of_a_word_says_that_word(text: str) -> None:
    folded = fold(text)
    wording = normalise(folded)
    for word, a, b in zip(wording.words, wording.starts, wording.ends, strict=True):
        said = folded[a:b]
        if word == BARRIER:
            assert not any(c.isalnum() for c in said)
        elif word != stem(said):
            assert normalise(f"type {said}").words == ["type", word]


@given(texts)
def test_no_form_of_writing_loses_a_digit(text: str) -> None:
    folded = fold(text)
    wording = normalise(folded)
    kept = "".join(folded[a:b] for a, b in zip(wording.starts, wording.ends, strict=True))
    assert [c for c in kept if c.isdecimal()] == [c for c in folded if c.isdecimal()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("headaches", "headache"),
        ("biopsies", "biopsy"),
        ("abscesses", "abscess"),
        ("liver masses", "liver mass"),
        ("rashes", "rash"),
        ("hernias", "hernia"),
        ("reflexes", "reflex"),
        ("viruses", "virus"),
        ("metastases", "metastasis"),
        ("calculi", "calculus"),
        ("feet", "foot"),
        ("DVTs", "DVT"),
    ],
)
def test_the_plural_is_the_same_term(one: str, other: str) -> None:
    assert phrase(one) == phrase(other)


@pytest.mark.parametrize("word", "arthritis virus abscess sinus CRPS MCAS SIRS ppms PCOS ARDS".split())
def test_an_s_that_is_no_plural_stays(word: str) -> None:
    assert phrase(word).endswith("s")


@pytest.mark.parametrize(
    ("abbreviation", "word"), [("CRPS", "CRP"), ("MCAS", "MCA"), ("SIRS", "sir"), ("PPMS", "PPM"), ("PCOS", "pCO")]
)
def test_an_abbreviation_in_s_is_not_the_plural_of_another(abbreviation: str, word: str) -> None:
    assert phrase(abbreviation) != phrase(word)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("anaemia", "anemia"),
        ("haemorrhoids", "hemorrhoids"),
        ("oedema", "edema"),
        ("oesophagitis", "esophagitis"),
        ("diarrhoea", "diarrhea"),
        ("dyspnoea", "dyspnea"),
        ("gynaecomastia", "gynecomastia"),
        ("paediatric", "pediatric"),
        ("foetal", "fetal"),
        ("tumour", "tumor"),
        ("caesarean", "cesarean"),
        ("coeliac disease", "celiac disease"),
        ("anaesthesia", "anesthesia"),
        ("leucopenia", "leukopenia"),
        ("behavioural", "behavioral"),
        ("localised", "localized"),
    ],
)
def test_british_spelling_is_the_same_term(british: str, american: str) -> None:
    assert phrase(british) == phrase(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type II diabetes", "type 2 diabetes"),
        ("CKD stage III", "CKD stage 3"),
        ("CKD stage IIIb", "CKD stage 3b"),
        ("stage IIIa", "stage 3a"),
        ("CKD3b", "CKD 3b"),
        ("NYHA class IV", "NYHA class 4"),
    ],
)
def test_a_roman_numeral_after_its_word_is_a_number(one: str, other: str) -> None:
    assert phrase(one) == phrase(other)


@pytest.mark.parametrize("text", ["factor V Leiden", "IV antibiotics", "vitamin C", "trigeminal V"])
def test_a_letter_elsewhere_is_no_roman_numeral(text: str) -> None:
    assert not any(c.isdigit() for c in phrase(text))


def test_a_stage_and_its_letter_are_one_word() -> None:
    assert words("stage 3b disease") == ["stage", "3b", "disease"]
    assert words("3 brothers, 3 b") == ["3", "brother", "3", "b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crohn's disease", "Crohn disease"),
        ("Crohn’s disease", "Crohns disease"),
        ("pain in the knee", "pain in knee"),
        ("pain in her left knee", "pain in knee"),
        ("bilateral knee pain", "knee pain"),
        ("b/l knee pain", "knee pain"),
        ("Left-sided weakness", "weakness"),
        ("post-traumatic", "post traumatic"),
        ("knee\n  pain", "knee pain"),
        ("knee, pain", "knee pain"),
    ],
)
def test_small_words_sides_and_hyphens_change_no_term(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    "text",
    [
        "right heart failure",
        "left heart failure",
        "left bundle branch block",
        "right upper quadrant",
        "left lower quadrant",
        "left ventricular hypertrophy",
        "right atrial thrombus",
    ],
)
def test_a_side_that_names_a_part_of_an_organ_belongs_to_the_term(text: str) -> None:
    assert normal(text).split()[0] in ("left", "right")


@pytest.mark.parametrize(
    "text", ["right-sided heart failure", "right sided\nheart failure", "right\nheart failure", "right heart failure"]
)
def test_a_part_of_an_organ_may_be_hyphenated_or_wrapped(text: str) -> None:
    assert normal(text) == "right heart failure"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hepatitis A", "hepatitis a"),
        ("Hepatitis-A", "hepatitis a"),
        ("hepatitis\nA", "hepatitis a"),
        ("influenza A", "influenza a"),
        ("vitamin A deficiency", "vitamin a deficiency"),
        ("hepatitis, a disease", "hepatitis disease"),
        ("hepatitis B/liver", "hepatitis b liver"),
        ("HER2", "her 2"),
        ("HER-2", "her 2"),
        ("HER 2", "her 2"),
        ("her 23 sisters", "23 sister"),
        ("L5", "l 5"),
        ("L-5", "l 5"),
        ("L knee", "knee"),
        ("type A", "type a"),
        ("E. coli", "e coli"),
        ("S. aureus", "s aureus"),
        ("St. Louis", "st louis"),
    ],
)
def test_a_letter_that_is_a_name_stays(text: str, expected: str) -> None:
    assert normal(text) == expected


@pytest.mark.parametrize("mark", [". ", "; ", ": ", "! ", "? ", " | ", " • ", " ☐ ", "\n\n", "\n \n", ".\n"])
def test_a_barrier_stands_between_two_sentences(mark: str) -> None:
    assert normal(f"knee{mark}pain") == f"knee {BARRIER} pain"


@pytest.mark.parametrize("mark", [", ", "\n", "\r\n", " - ", "/", " (", "\u00a0", "-\u00a0"])
def test_no_other_mark_is_a_barrier(mark: str) -> None:
    assert normal(f"knee{mark}pain") == "knee pain"


def test_a_decimal_point_parts_no_number() -> None:
    assert normal("BMI 33.1. Pain") == f"bmi 33.1 {BARRIER} pain"


@pytest.mark.parametrize("name", ["Sjögren syndrome", "Ménière's disease", "Guillain-Barré", "Behçet's", "Waldenström"])
def test_a_title_with_accents_meets_a_chart_with_or_without(name: str) -> None:
    plain = name.translate(str.maketrans("öéèçü", "oeecu"))
    assert phrase(name) == normal(name) == normal(plain)


def test_a_phrase_has_no_barriers() -> None:
    assert phrase("Allergies: penicillin. (hives)") == "allergy penicillin hive"
