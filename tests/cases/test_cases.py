"""The shipped cases hold what their notation promises, and the notation refuses what it does not know."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

import leadterm.cases
from leadterm.cases import (
    Case,
    KeyCode,
    find_case,
    guideline_cases,
    load_cases,
    read_case,
    read_cases,
    read_service_cases,
)
from leadterm.codesets import CodeBook
from leadterm.domain import Code, InputError, Role
from leadterm.review import AttemptCode, Leading, grade

CASES = list(load_cases().values())
# Days that the newest embedded code sets cover.
FIRST, LAST = date(2026, 4, 2), date(2026, 9, 28)
# A title before a word with a capital, a date of birth, a record number, a telephone number: charts of real people.
IDENTIFYING = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\b\.? [A-Z][a-z]|\b(?:DOB|MRN|SSN)\b"
    r"|\b\d{3}[-.]\d{3}[-.]\d{4}\b|\b\d{3}-\d{2}-\d{4}\b|\w@\w"
)
VALID = '''
title = "A visit"
specialty = "internal medicine"
difficulty = 1
setting = "outpatient"
claim_type = "professional"
date = 2026-05-14
age = 61
sex = "F"
guidelines = "FY2026"
reviewed_by = ""
text = """
Type 2 diabetes. Hypertension, at goal.
"""

[[require]]
code = "E11.9"
role = "first-listed"
evidence = ["Type 2 diabetes"]
why = "Diabetes, type 2."
paragraph = "I.C.4.a; IV.G"

[[require]]
code = "I10"
role = "secondary"
evidence = ["Hypertension"]
why = "Hypertension."
paragraph = "I.C.9.a"

[[optional]]
code = "Z79.84"
why = "Perhaps."

[[forbid]]
code = "E10.9"
why = "The other type."
paragraph = "I.C.4.a"
'''


def test_there_are_cases() -> None:
    assert len(CASES) >= 32


def those(wrong: Callable[[Case], object]) -> dict[str, object]:
    """What is wrong with the cases of which something is."""
    return {case.id: found for case in CASES if (found := wrong(case))}


def test_every_code_is_billable_and_in_force_on_its_day(book: CodeBook) -> None:
    def invalid(case: Case) -> list[Code]:
        codes = [e.code for entries in (case.require, case.optional, case.forbid) for e in entries]
        return [c for c in codes if not book.valid_on(c, case.date)]

    assert those(invalid) == {}


def test_evidence_is_what_stands_in_the_text() -> None:
    def misplaced(case: Case) -> list[str]:
        quotes = [e for k in case.require for e in k.evidence]
        return [e.text for e in quotes if case.document.text[e.span.start : e.span.end] != e.text]

    assert those(misplaced) == {}


def test_something_tempts() -> None:
    assert those(lambda case: not case.forbid) == {}


def test_the_title_names_no_code() -> None:
    code = re.compile(r"\b(?!B12\b)[A-Z][0-9][0-9A-Z](?:\.|\b)")  # B12 is the vitamin
    assert those(lambda case: code.search(case.title)) == {}
    assert those(lambda case: "\n" in case.title) == {}


def test_the_day_lies_in_the_release_that_the_key_was_written_for() -> None:
    assert those(lambda case: not FIRST <= case.date <= LAST) == {}
    assert those(lambda case: case.guidelines != "FY2026") == {}


def test_nobody_is_named() -> None:
    assert those(lambda case: IDENTIFYING.search(case.document.text)) == {}


def test_the_key_itself_scores_full_marks_and_none_scores_nothing(book: CodeBook) -> None:
    def scored(case: Case) -> tuple[object, ...]:
        own = grade(case, [AttemptCode(k.code, k.role) for k in case.require], book)
        return own.score, own.leading.outcome, own.missed, grade(case, [], book).score

    assert those(lambda case: scored(case) != (100.0, Leading.RIGHT, (), 0.0)) == {}


def test_no_two_codes_of_the_key_exclude_each_other(book: CodeBook) -> None:
    def excluded(case: Case) -> list[Code]:
        return [key.code for key in case.require if excludes(case, key)]

    def excludes(case: Case, key: KeyCode) -> bool:
        without = tuple(k for k in case.require if k is not key)
        if not without:
            return False
        alone = type(case)(**{**_fields(case), "require": without})
        reasons = grade(alone, [AttemptCode(key.code)], book).marks[0].reasons
        return "excludes1" in {r.kind.value for r in reasons}

    assert those(excluded) == {}


def _fields(case: Case) -> dict[str, object]:
    return {name: getattr(case, name) for name in type(case).__dataclass_fields__}


def test_numbers_are_distinct() -> None:
    numbers = [c.number for c in CASES]
    assert len(set(numbers)) == len(numbers)
    numbered = [c for c in CASES if c.id not in guideline_cases()]
    assert all(re.fullmatch(r"\d{3}-[a-z0-9-]+", c.id) for c in numbered)
    assert all(c.number == c.id for c in guideline_cases().values())


def test_a_case_is_found_by_its_id_and_its_number() -> None:
    first = CASES[0]
    assert find_case(first.id) is find_case(first.number) is find_case(str(int(first.number)))


@pytest.mark.parametrize("name", ["yearly-loko", "YEARLY"])
def test_a_name_that_is_nearly_right_has_a_hint(name: str) -> None:
    with pytest.raises(InputError, match=r"There is no case .* Do you mean 012-yearly-look"):
        find_case(name)


def test_a_name_far_from_all_sends_to_the_list() -> None:
    with pytest.raises(InputError, match="practice list"):
        find_case("qqqqqqqq")


def test_only_cases_lie_in_the_folder() -> None:
    folder = files(leadterm.cases)
    apart = ("__pycache__", "deidentification", "guidelines", "services")
    assert {e.name.rpartition(".")[2] for e in folder.iterdir() if e.name not in apart} == {"py", "toml"}
    assert {e.name.rpartition(".")[2] for e in (folder / "guidelines").iterdir()} == {"toml"}


def test_the_notation_reads_into_a_case() -> None:
    case = read_case("900-visit", VALID)
    assert [(k.code.value, k.role) for k in case.require] == [
        ("E11.9", Role.FIRST_LISTED),
        ("I10", Role.SECONDARY),
    ]
    assert case.require[0].paragraphs == ("I.C.4.a", "IV.G")
    assert case.reviewed_by is None
    assert case.encounter.controlling_date == case.date


def test_a_reviewer_is_kept() -> None:
    assert (
        read_case("x", VALID.replace('reviewed_by = ""', 'reviewed_by = "A. Coder, CCS"')).reviewed_by
        == "A. Coder, CCS"
    )


REFUSED = [
    ("specialty = ", "speciality = ", "unknown key speciality"),
    ("age = 61\n", "", "lacks the key age"),
    ('why = "Perhaps."', 'why = "Perhaps."\nrole = "secondary"', "unknown key role in optional 1"),
    ('evidence = ["Hypertension"]\n', "", "lacks the key evidence in require 2"),
    ('"Hypertension"]', '"Hypotension"]', "require 2 evidence 1 is not words that stand in the text"),
    ('"Hypertension"]', "]", "require 2 evidence is not a list of words"),
    ('"Hypertension"]', '" "]', "require 2 evidence 1"),
    ('role = "secondary"', 'role = "principal"', "require 2 role is not one of: external-cause, secondary"),
    ('role = "first-listed"', 'role = "principal"', "require 1 role is not first-listed"),
    ('role = "first-listed"', 'role = "chief"', "require 1 role is not one of"),
    ('setting = "outpatient"', 'setting = "clinic"', "setting is not one of"),
    ('claim_type = "professional"', 'claim_type = "both"', "claim_type is not one of"),
    ("difficulty = 1", "difficulty = 4", "difficulty is not 1, 2 or 3"),
    ("difficulty = 1", "difficulty = true", "difficulty is not a whole number"),
    ("age = 61", "age = 131", "age is not a number of years"),
    ("date = 2026-05-14", 'date = "2026-05-14"', "date is not a date"),
    ("date = 2026-05-14", "date = 2026-05-14T10:00:00", "date is not a date"),
    ('sex = "F"', 'sex = "W"', "sex is not one of"),
    ('guidelines = "FY2026"', 'guidelines = "2026"', "guidelines is not a fiscal year"),
    ('title = "A visit"', 'title = " "', "title is not filled in"),
    ('title = "A visit"', "title = 7", "title is not a string"),
    ('code = "I10"', 'code = "i10"', "require 2 code is not an ICD-10-CM code"),
    ('code = "I10"', 'code = "E11.9"', "names E11.9 twice"),
    ('code = "E10.9"', 'code = "I10"', "names I10 twice"),
    ('code = "Z79.84"', 'code = "E10.9"', "names E10.9 twice"),
    ('paragraph = "I.C.9.a"', 'paragraph = "chapter 9"', "require 2 paragraph is not a guideline paragraph"),
    ("[[optional]]", "[optional]", "optional is not a list"),
    ("[[forbid]]", "[[forbidden]]", "unknown key forbidden"),
    ("age = 61", "age = ", "is not TOML"),
]


@pytest.mark.parametrize(("old", "new", "said"), REFUSED)
def test_what_the_notation_does_not_know_is_refused_with_file_and_key(old: str, new: str, said: str) -> None:
    assert VALID.count(old) >= 1
    with pytest.raises(InputError, match=said) as caught:
        read_case("900-visit", VALID.replace(old, new, 1))
    assert "900-visit" in str(caught.value)


def test_an_error_never_shows_the_chart() -> None:
    with pytest.raises(InputError) as caught:
        read_case("x", VALID.replace('evidence = ["Type 2 diabetes"]', 'evidence = ["Zebediah"]'))
    assert "Zebediah" not in str(caught.value)
    assert "diabetes" not in str(caught.value)


def test_a_stay_wants_a_principal_diagnosis() -> None:
    stay = VALID.replace('"outpatient"', '"inpatient"').replace('"professional"', '"institutional"')
    with pytest.raises(InputError, match="require 1 role is not principal"):
        read_case("x", stay)
    assert read_case("x", stay.replace("first-listed", "principal")).leading_role is Role.PRINCIPAL


def test_the_documented_example_is_a_case() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-case.md"
    examples = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        if "systems = " in example:
            assert read_service_cases("example", example)
            continue
        read = read_cases("example", example) if "[[case]]" in example else (read_case("070-example", example),)
        assert all(case.forbid for case in read)


def test_codes_are_of_icd10cm() -> None:
    assert {c.code.system.value for case in CASES for c in case.require} == {"icd10cm"}
    assert all(isinstance(c.code, Code) for case in CASES for c in case.forbid)
