"""Codes in, clinical categories out; what the installed version does not know is named."""

from __future__ import annotations

import pytest

from leadterm.codesets import CodeBook
from leadterm.codesets.payment.ccsr import CcsrCategory
from leadterm.grouping import Ccsr, WhyNot, ccsr_of

from .notation import coded


def of(text: str, book: CodeBook) -> Ccsr:
    found = ccsr_of(coded(text), book)
    assert isinstance(found, Ccsr), found
    return found


def test_each_diagnosis_has_its_categories(priced: CodeBook) -> None:
    found = of("inpatient F76 2026-05-14: I50.23/Y E11.22/Y -N18.4", priced)
    assert [(one.code, [c.category for c in one.categories]) for one in found.diagnoses] == [
        ("I50.23", ["CIR019"]),
        ("E11.22", ["END003", "GEN003"]),
    ]
    assert found.default == CcsrCategory("CIR019", "Heart failure")
    assert (found.release, found.unmapped, found.remark) == ("ccsr:dx 2025-10-01", (), None)


def test_a_code_that_may_not_lead_a_stay_has_a_default_in_a_visit_alone(priced: CodeBook) -> None:
    stay, visit = (of(f"{setting} F76 2026-05-14: Z99.3", priced) for setting in ("inpatient", "outpatient"))
    assert stay.default == WhyNot("Z99.3 has no default category: it may not stand first for a stay.")
    assert visit.default == CcsrCategory("FAC025", "Other status")


def test_a_code_that_the_version_does_not_know_is_named(priced: CodeBook) -> None:
    found = of("outpatient F76 2026-05-14: J44.1 I50.23", priced)
    assert found.unmapped == ("J44.1",)
    assert found.default == WhyNot("The installed CCSR does not map J44.1; it is of 2025-10-01.")
    assert found.diagnoses[0].categories == ()


def test_procedures_have_categories_too(priced: CodeBook) -> None:
    found = of("inpatient F76 2026-05-14: I50.23 pcs:0SR9019 pcs:0FT44ZZ -pcs:5A1935Z", priced)
    assert not isinstance(found.procedures, WhyNot)
    assert [(one.code, [c.category for c in one.categories]) for one in found.procedures] == [
        ("0SR9019", ["MST001"]),
        ("0FT44ZZ", []),
    ]
    assert found.unmapped == ("0FT44ZZ",)


def test_another_year_is_told(priced: CodeBook) -> None:
    remark = of("outpatient F76 2027-05-14: I50.23", priced).remark
    assert remark is not None
    assert "No CCSR for ICD-10-CM diagnoses for 2027-05-14 is installed" in remark


def test_without_the_table_the_command_is_named(book: CodeBook) -> None:
    found = ccsr_of(coded("outpatient F76 2026-05-14: I50.23"), book)
    assert isinstance(found, WhyNot)
    assert "leadterm codes install" in found.sentence


@pytest.mark.parametrize("text", ["outpatient F76 2026-05-14: -I50.23", "professional: line:99213"])
def test_without_a_diagnosis_there_is_no_default(text: str, priced: CodeBook) -> None:
    assert of(text, priced).default == WhyNot("No diagnosis leads the encounter.")
