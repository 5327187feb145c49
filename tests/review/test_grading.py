"""Grading, case by case: `KEY | optional CODES | forbid CODES` is the key, the attempt is a line of codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.cases import Case, ForbiddenCode, KeyCode, OptionalCode
from leadterm.codesets import CodeBook
from leadterm.domain import ClaimType, Code, CodeSystem, Document, Evidence, Role, Setting, Sex, Span
from leadterm.review import AttemptCode, Grade, Leading, Outcome, ReasonKind, grade

CHART = Document("chart", "Type 2 diabetes with CKD 3b. Hypertension.")
WORDS = Evidence.quote(CHART, Span(0, 27))
KEY = "E11.22 I12.9 N18.32 Z79.4 | optional Z82.3 Z79.84 | forbid E11.9 I10"
POOL = "E11.22 I12.9 N18.32 Z79.4 Z82.3 Z79.84 E11.9 I10 E11.2 E11.22X J18.9 I50.9 N18.30".split()
BLANK = Case(
    id="000-test",
    title="A test",
    specialty="testing",
    difficulty=1,
    setting=Setting.OUTPATIENT,
    claim_type=ClaimType.PROFESSIONAL,
    date=date(2026, 5, 14),
    age=61,
    sex=Sex.FEMALE,
    guidelines="FY2026",
    reviewed_by=None,
    document=CHART,
    require=(),
)


def icd(code: str) -> Code:
    return Code(CodeSystem.ICD10CM, code)


def case(notation: str) -> Case:
    parts = {"optional": "", "forbid": ""}
    required, *rest = notation.split("|")
    for part in rest:
        word, _, codes = part.strip().partition(" ")
        parts[word] = codes
    roles = [Role.FIRST_LISTED, *[Role.SECONDARY] * 20]
    keys = [
        KeyCode(icd(c), r, (WORDS,), f"Why {c}.", ("I.C.4.a",)) for c, r in zip(required.split(), roles, strict=False)
    ]
    return replace(
        BLANK,
        require=tuple(keys),
        optional=tuple(OptionalCode(icd(c), f"Why not {c}.") for c in parts["optional"].split()),
        forbid=tuple(ForbiddenCode(icd(c), f"Never {c}.", ("I.A.15",)) for c in parts["forbid"].split()),
    )


def entered(codes: str) -> list[AttemptCode]:
    """`I10=secondary` gives a role."""
    parts = [word.partition("=") for word in codes.split()]
    return [AttemptCode(icd(code), Role(role) if role else None) for code, _, role in parts]


def graded(attempt: str, book: CodeBook, key: str = KEY) -> Grade:
    return grade(case(key), entered(attempt), book)


def kinds(attempt: str, book: CodeBook, key: str = KEY) -> list[str]:
    """The kinds of the reasons of the last entered code."""
    return [r.kind.value for r in graded(attempt, book, key).marks[-1].reasons]


SCORES = [
    ("E11.22 I12.9 N18.32 Z79.4", 100.0),
    ("", 0.0),
    ("E11.22", 25.0),
    ("E11.22 I12.9 N18.32 Z79.4 J18.9", 80.0),
    ("E11.22 E11.22 E11.22", 25.0),
    ("E11.22 I12.9 N18.32 Z79.4 Z82.3 Z79.84", 100.0),
    ("Z82.3 Z79.84", 0.0),
    ("E11.22 I12.9 N18.32 Z79.4 E11.9 I10", 66.7),
    ("J18.9 E11.9", 0.0),
]


@pytest.mark.parametrize(("attempt", "score"), SCORES)
def test_the_score_is_correct_over_the_greater_of_entered_and_key(attempt: str, score: float, book: CodeBook) -> None:
    assert graded(attempt, book).score == score


LEADS = [
    ("E11.22 I12.9", Leading.RIGHT, "E11.22"),
    ("I12.9 E11.22", Leading.WRONG, "I12.9"),
    ("", Leading.ABSENT, None),
    ("I12.9=secondary E11.22=first-listed", Leading.RIGHT, "E11.22"),
    ("E11.22=principal I12.9", Leading.RIGHT, "E11.22"),
    ("E11.22=secondary I12.9=secondary", Leading.ABSENT, None),
]


@pytest.mark.parametrize(("attempt", "outcome", "first"), LEADS)
def test_the_first_code_is_graded_apart(attempt: str, outcome: Leading, first: str | None, book: CodeBook) -> None:
    lead = graded(attempt, book).leading
    assert (lead.outcome, lead.entered) == (outcome, icd(first) if first else None)
    assert (lead.role, lead.wanted.code) == (Role.FIRST_LISTED, icd("E11.22"))


def test_a_stay_has_a_principal_diagnosis(book: CodeBook) -> None:
    stay = replace(case(KEY), setting=Setting.INPATIENT, claim_type=ClaimType.INSTITUTIONAL)
    assert grade(stay, entered("E11.22"), book).leading.role is Role.PRINCIPAL


def test_a_right_code_in_second_place_still_counts(book: CodeBook) -> None:
    assert graded("I12.9 E11.22 N18.32 Z79.4", book).score == 100.0


def test_a_near_miss_is_named_without_credit(book: CodeBook) -> None:
    answer = graded("I12.9 N18.30", book)
    assert answer.marks[1].outcome is Outcome.WRONG
    assert answer.marks[1].near == icd("N18.32")
    assert [m.near for m in answer.missed if m.key.code == icd("N18.32")] == [(icd("N18.30"),)]
    assert answer.correct == 1


def test_a_near_miss_points_at_the_code_that_it_shares_most_with(book: CodeBook) -> None:
    assert graded("E11.621", book, "E11.42 E11.622 E11.65").marks[0].near == icd("E11.622")


def test_nothing_is_near_to_a_code_that_was_found(book: CodeBook) -> None:
    assert graded("E11.22 E11.9", book).marks[1].near is None


REASONS = [
    ("E11.9", ["forbidden", "near"]),
    ("E11.22 E11.9", ["forbidden"]),
    ("E11.22 E11.2", ["not-billable"]),
    ("E11.22X", ["unknown", "near"]),
    ("Z82.3", ["optional"]),
    ("J18.9", ["not-in-key"]),
    ("E11.22", []),
    ("E11.22 E10.9", ["excludes1"]),
    ("E11.22 G35", ["not-billable"]),
]


@pytest.mark.parametrize(("attempt", "expected"), REASONS)
def test_what_is_not_right_is_explained(attempt: str, expected: list[str], book: CodeBook) -> None:
    assert kinds(attempt, book) == expected


def test_a_code_of_the_future_is_not_in_force(book: CodeBook) -> None:
    early = replace(case("I10"), date=date(2025, 5, 14))
    assert [r.kind for r in grade(early, entered("E11.A"), book).marks[0].reasons] == [ReasonKind.NOT_VALID]


def test_a_subdivided_code_names_what_lies_below(book: CodeBook) -> None:
    assert "E11.21, E11.22, E11.29" in graded("E11.2", book).marks[0].reasons[0].text


def test_excludes1_is_asked_in_both_directions(book: CodeBook) -> None:
    reason = graded("I12.9 I15.0", book, "I12.9").marks[1].reasons[0]
    assert (reason.kind, reason.paragraphs) == (ReasonKind.EXCLUDES1, ("I.A.12.a",))
    assert kinds("I15.0 I12.9", book, "I15.0") == ["excludes1"]


def test_a_forbidden_code_speaks_with_the_words_of_the_key(book: CodeBook) -> None:
    reason = graded("E11.22 I10", book).marks[1].reasons[0]
    assert (reason.text, reason.paragraphs) == ("Never I10.", ("I.A.15",))


def test_a_miss_brings_the_words_of_the_chart(book: CodeBook) -> None:
    missed = graded("E11.22 I12.9 Z79.4", book).missed
    assert [m.key.code.value for m in missed] == ["N18.32"]
    assert missed[0].description == "Chronic kidney disease, stage 3b"
    for quote in missed[0].key.evidence:
        assert quote.span.of(CHART.text) == quote.text


def test_duplicates_are_named_once(book: CodeBook) -> None:
    answer = graded("E11.22 I10 I10 I10", book)
    assert answer.duplicates == (icd("I10"),)
    assert len(answer.marks) == 2


ATTEMPTS = st.lists(st.sampled_from(POOL), max_size=12)


@given(codes=ATTEMPTS)
@settings(max_examples=60)
def test_the_score_lies_within_its_bounds_and_every_code_has_its_mark(codes: list[str], book: CodeBook) -> None:
    answer = graded(" ".join(codes), book)
    assert 0 <= answer.score <= 100
    assert (answer.score == 100) == (answer.correct == answer.wanted == answer.entered)
    assert {m.code.value for m in answer.marks} == set(codes)
    assert answer.correct + len(answer.missed) == answer.wanted
    assert all(bool(m.reasons) == (m.outcome is not Outcome.RIGHT) for m in answer.marks)


@given(codes=ATTEMPTS.filter(bool), data=st.data())
@settings(max_examples=40)
def test_the_order_of_secondary_codes_is_nobodys_business(
    codes: list[str], data: st.DataObject, book: CodeBook
) -> None:
    shuffled = [codes[0], *data.draw(st.permutations(codes[1:]))]
    one, other = graded(" ".join(codes), book), graded(" ".join(shuffled), book)
    assert (one.score, one.leading) == (other.score, other.leading)
    assert [m.key for m in one.missed] == [m.key for m in other.missed]
    assert set(one.marks) == set(other.marks)


@given(codes=ATTEMPTS, optional=st.sampled_from(["Z82.3", "Z79.84"]), data=st.data())
@settings(max_examples=40)
def test_an_optional_code_never_moves_the_score(
    codes: list[str], optional: str, data: st.DataObject, book: CodeBook
) -> None:
    at = data.draw(st.integers(0, len(codes)))
    added = [*codes[:at], optional, *codes[at:]]
    assert graded(" ".join(added), book).score == graded(" ".join(codes), book).score
