"""MEAT: what a note does about a diagnosis that risk adjustment counts."""

from __future__ import annotations

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.edits import Meat, Options
from leadterm.edits._tables import read_table
from leadterm.pipeline import with_facts

from .notation import case

RULE = "ICD10CM:IV.J/nothing-done"
HEAD = "outpatient F67 2026-05-14: J06.9<Viral URI> I50.9<Congestive heart failure> risk:I50.9"
NOTE = """
# progress note
Past medical history:
Congestive heart failure{beside}
Gallstones

{elsewhere}

Assessment and plan:
1. Viral URI. Fluids and rest.
"""


def meat(book: CodeBook, beside: str = "", elsewhere: str = "", head: str = HEAD) -> tuple[Meat, ...]:
    written = case(head + NOTE.format(beside=beside, elsewhere=elsewhere))
    return edits.meat(with_facts(written.coded, book), book, options=written.options)


def fires(book: CodeBook, beside: str = "", elsewhere: str = "", head: str = HEAD) -> bool:
    written = case(head + NOTE.format(beside=beside, elsewhere=elsewhere))
    return RULE in {f.rule for f in edits.check(with_facts(written.coded, book), book, options=written.options)}


@pytest.mark.parametrize(
    ("beside", "elsewhere", "element", "words"),
    [
        (", stable", "", "monitor", "stable"),
        (", on furosemide 40 mg", "", "treat", "furosemide"),
        (", EF 35%", "", "monitor", "EF 35%"),
        (", referred to cardiology", "", "assess", "referred"),
        (", echo ordered", "", "evaluate", "echo"),
        ("", "Medications: carvedilol 12.5 mg BID.", "treat", "carvedilol"),
        ("", "Labs: BNP 640.", "monitor", "BNP 640"),
        ("", "Exam: bilateral leg edema.", "evaluate", "leg edema"),
    ],
)
def test_an_element_is_shown_with_its_words(
    beside: str, elsewhere: str, element: str, words: str, book: CodeBook
) -> None:
    (found,) = meat(book, beside, elsewhere)
    assert words in [e.text for e in found.elements[element]]
    assert not fires(book, beside, elsewhere)


def test_a_diagnosis_that_is_only_listed_is_a_finding(book: CodeBook) -> None:
    (found,) = meat(book)
    assert (found.code, found.listed, found.elements) == ("I50.9", True, {})
    assert fires(book)


def test_to_stand_in_the_assessment_is_to_be_assessed(book: CodeBook) -> None:
    (found,) = meat(book, elsewhere="Assessment: Congestive heart failure.")
    assert "assess" in found.elements


def test_treatment_of_something_else_is_none_of_it(book: CodeBook) -> None:
    assert fires(book, elsewhere="Medications: albuterol, levothyroxine.")


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace(" risk:I50.9", ""),  # nobody says which codes count
        HEAD.replace("risk:I50.9", "risk:E11.9"),
        HEAD.replace("outpatient", "inpatient"),
    ],
)
def test_who_is_not_asked(head: str, book: CodeBook) -> None:
    assert meat(book, head=head) == ()
    assert not fires(book, head=head)


def test_without_the_models_nothing_is_asked(book: CodeBook) -> None:
    written = with_facts(case(HEAD + NOTE.format(beside="", elsewhere="")).coded, book)
    assert edits.meat(written, book, options=Options(risk_adjusted=lambda _: None)) == ()


def test_the_table_names_what_abstraction_finds() -> None:
    """Classes and measures are those of the vocabulary; a name that nothing bears would silence nobody."""
    from leadterm.abstraction import vocabulary
    from leadterm.abstraction.measuring.measures import measures

    classes = {e.class_ for e in vocabulary()}
    values = {*measures(), *(name for concept in measures() for name in concept.split("/"))}
    for _, _, by, names in read_table("documentation/meat.tsv", ("codes", "element", "by", "names")):
        known = {"class": classes, "value": values}.get(by)
        for name in map(str.strip, names.split(";")):
            assert known is None or name in known, name
