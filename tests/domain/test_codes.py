"""Codes: shapes, dots, and texts that more than one system can read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import strategies as some
from leadterm.domain import Code, CodeSystem, InputError, dotted, eleven_digits

S = CodeSystem


@pytest.mark.parametrize("written", ["E11.22", "E1122", "e1122", " e11.22 "])
def test_a_code_is_read_with_and_without_its_dot_in_any_case(written: str) -> None:
    code = Code.parse(written, S.ICD10CM)
    assert (str(code), code.bare) == ("E11.22", "E1122")


@pytest.mark.parametrize(
    ("system", "bare", "value"),
    [
        (S.ICD10CM, "I10", "I10"),
        (S.ICD10CM, "S72001A", "S72.001A"),
        (S.ICD10PCS, "0FT44ZZ", "0FT44ZZ"),
        (S.HCPCS, "J1885", "J1885"),
        (S.CPT, "99213", "99213"),
        (S.CPT, "0001U", "0001U"),
        (S.ICD9CM, "25000", "250.00"),
        (S.ICD9CM, "V5869", "V58.69"),
        (S.ICD9CM, "E8500", "E850.0"),
        (S.ICD9PROC, "4701", "47.01"),
        (S.ICD10, "E112", "E11.2"),
    ],
)
def test_each_system_has_its_dot(system: CodeSystem, bare: str, value: str) -> None:
    assert dotted(bare, system) == value
    assert str(Code.parse(bare, system)) == value


@pytest.mark.parametrize(
    ("system", "value"),
    [
        (S.ICD10CM, "E1122"),
        (S.ICD10CM, "e11.22"),
        (S.ICD10CM, "E11."),
        (S.ICD10CM, "E11.22222"),
        (S.ICD10CM, "11.22"),
        (S.ICD10PCS, "0FT44Z"),
        (S.ICD10PCS, "0FTO4ZZ"),
        (S.ICD10PCS, "0FTI4ZZ"),
        (S.HCPCS, "W1885"),
        (S.CPT, "9921"),
        (S.CPT, "99213X"),
        (S.CPT, ""),
    ],
)
def test_a_wrong_shape_is_refused(system: CodeSystem, value: str) -> None:
    with pytest.raises(InputError, match=rf"does not have the shape of a code of {system}\."):
        Code(system, value)


def test_a_refusal_repeats_no_more_than_the_length_of_a_code() -> None:
    with pytest.raises(InputError) as raised:
        Code.parse("words of a chart that nobody may see in a message")
    assert str(raised.value) == "'words of a chart' does not have the shape of a code of any known system."


def test_a_drug_of_hcpcs_may_also_be_a_diagnosis() -> None:
    assert [code.system for code in Code.readings("J1885")] == [S.ICD10CM, S.HCPCS]


def test_a_procedure_of_seven_places_may_also_be_nothing_else() -> None:
    assert [code.system for code in Code.readings("0FT44ZZ")] == [S.ICD10PCS]


def test_five_digits_are_cpt() -> None:
    assert [code.system for code in Code.readings("99213")] == [S.CPT]


def test_a_diagnosis_of_seven_characters_may_also_be_a_procedure_by_its_shape() -> None:
    assert [str(code) for code in Code.readings("S72001A")] == ["S72001A", "S72.001A"]


def test_with_its_system_there_is_one_reading() -> None:
    assert Code.readings("J1885", S.HCPCS) == [Code(S.HCPCS, "J1885")]


@settings(max_examples=60)
@given(some.codes(S.ICD10CM, S.ICD10PCS, S.HCPCS, S.CPT, S.ICD9CM, S.ICD9PROC, S.ICD10))
def test_a_code_is_found_again_by_its_bare_form(code: Code) -> None:
    assert Code.parse(code.bare.lower(), code.system) == code


@pytest.mark.parametrize(
    ("code", "eleven"),
    [
        ("00409379301", "00409379301"),
        ("0409-3793-01", "00409379301"),
        ("50242-061-01", "50242006101"),
        ("50242-0061-1", "50242006101"),
        ("50242-0061-01", "50242006101"),
        ("0409379301", None),
        ("0409-3793", None),
        ("1-2-3", None),
        ("0409A379301", None),
    ],
)
def test_a_drugs_eleven_digits_are_known_or_refused(code: str, eleven: str | None) -> None:
    assert eleven_digits(code) == eleven
