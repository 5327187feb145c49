"""What a code more or less would do: for audit and education, up and down alike, in the order of the chart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leadterm.codesets import CodeBook
from leadterm.domain import InputError, Purpose
from leadterm.grouping import Drg, MemberRecord, Outcome, WhatIf, WhyNot, drg_of, hccs_of, what_if

from .notation import coded

STAY = "inpatient F76 2026-05-14: I50.23/Y N17.9/Y J96.01/Y I10/Y pcs:02HV33Z disp:01"


def tried(book: CodeBook, *without: str, having: tuple[str, ...] = (), text: str = STAY) -> WhatIf:
    return what_if(coded(text), book, purpose="audit", without=without, having=having)


def group(one: Outcome) -> str:
    assert isinstance(one.drg, Drg), one.drg
    return one.drg.drg


@pytest.mark.parametrize("purpose", [None, "", "coding", "money"])
def test_without_a_purpose_it_is_refused(purpose: str | None, book: CodeBook) -> None:
    with pytest.raises(InputError, match="for audit and education alone"):
        what_if(coded(STAY), book, purpose=purpose)


def test_each_secondary_code_is_taken_away_in_the_order_of_the_chart(book: CodeBook) -> None:
    found = tried(book)
    assert found.purpose is Purpose.AUDIT
    assert [(o.change, o.code, group(o)) for o in found.outcomes] == [
        ("without", "N17.9", "291"),
        ("without", "J96.01", "292"),
        ("without", "I10", "291"),
        ("without", "02HV33Z", "291"),
    ]


def test_the_answers_are_never_sorted_by_money(book: CodeBook) -> None:
    text = "inpatient F76 2026-05-14: I50.23 {} disp:01"
    forth = tried(book, text=text.format("I10 J96.01 N17.9"))
    back = tried(book, text=text.format("N17.9 J96.01 I10"))
    assert [o.code for o in forth.outcomes] == ["I10", "J96.01", "N17.9"]
    assert [o.code for o in back.outcomes] == ["N17.9", "J96.01", "I10"]


def test_up_and_down_are_told_alike(book: CodeBook) -> None:
    down = tried(book, "J96.01").outcomes[0]
    less = coded(STAY.replace("J96.01/Y ", ""))
    up = what_if(less, book, purpose="education", having=["J96.01/Y"]).outcomes[0]
    assert down.weight_change is not None
    assert down.weight_change < 0 < (up.weight_change or 0)
    assert down.weight_change == -(up.weight_change or 0)
    assert down.score_change == -(up.score_change or 0)


def test_each_outcome_is_the_group_of_the_changed_record(book: CodeBook) -> None:
    found = tried(book, "J96.01", "N17.9", having=("L89.154/N", "R65.21"))
    assert [o.change for o in found.outcomes] == ["without", "without", "with", "with"]
    texts = [
        STAY.replace("J96.01/Y ", ""),
        STAY.replace("N17.9/Y ", ""),
        STAY.replace("I10/Y", "I10/Y L89.154/N"),
        STAY.replace("I10/Y", "I10/Y R65.21"),
    ]
    by_code = {o.code: o for o in found.outcomes}
    for code, text in zip(("J96.01", "N17.9", "L89.154", "R65.21"), texts, strict=True):
        assert by_code[code].drg == drg_of(coded(text), book)
        hccs = hccs_of(coded(text), asked=("V28",))
        assert not isinstance(hccs, WhyNot)
        assert by_code[code].hcc == hccs[0]


def test_a_procedure_may_be_put_to_it(book: CodeBook) -> None:
    found = tried(book, having=("02RF38Z",)).outcomes[0]
    assert group(found) in ("266", "267")
    assert found.weight_change is not None
    assert found.weight_change > 0


def test_a_visit_has_scores_and_no_group(book: CodeBook) -> None:
    found = tried(book, text="outpatient F74 2026-05-14: E11.22 I50.23 N18.4")
    assert [(o.code, o.score_change) for o in found.outcomes] == [
        ("I50.23", Decimal("-0.360") - Decimal("0.112") - Decimal("0.176")),
        ("N18.4", Decimal("-0.514") - Decimal("0.176")),
    ]
    assert isinstance(found.drg, WhyNot)
    assert all(o.weight_change is None for o in found.outcomes)


def test_the_principal_diagnosis_is_taken_away_only_where_it_is_named(book: CodeBook) -> None:
    assert "I50.23" not in [o.code for o in tried(book).outcomes]
    (named,) = tried(book, "I50.23").outcomes
    assert named.drg == WhyNot("No diagnosis of the stay is the principal one: choose it.")


def test_the_member_and_the_model_are_those_that_are_told(book: CodeBook) -> None:
    found = what_if(coded(STAY), book, purpose="audit", member=MemberRecord(dual="02"), model="V24")
    expected = hccs_of(coded(STAY), member=MemberRecord(dual="02"), asked=("V24",))
    assert not isinstance(expected, WhyNot)
    assert found.hcc == expected[0]


@pytest.mark.parametrize(
    ("without", "having", "sentence"),
    [
        (["R65.21"], [], "R65.21 is not on the record"),
        ([], ["I10"], "I10 is on the record already"),
        ([], ["99213"], "neither ICD-10-CM nor ICD-10-PCS"),
        ([], ["not-a-code"], "does not have the shape of a code"),
        ([], ["R65.21/Q"], "Present on admission is one of"),
    ],
)
def test_what_cannot_be_tried(without: list[str], having: list[str], sentence: str, book: CodeBook) -> None:
    with pytest.raises(InputError, match=sentence):
        what_if(coded(STAY), book, purpose="audit", without=without, having=having)


def test_a_rejected_code_is_not_on_the_record(book: CodeBook) -> None:
    rejected = STAY.replace("J96.01/Y", "-J96.01/Y")
    assert "J96.01" not in [o.code for o in tried(book, text=rejected).outcomes]
    assert group(tried(book, having=("J96.01",), text=rejected).outcomes[0]) == "291"
