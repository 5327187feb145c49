"""Criteria sets of clinical validity on the command line: a flag, a setting, an explanation."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Answer, Call

NOTE = b"""DISCHARGE SUMMARY
Vitals: T 39.1, BP 118/76, HR 118, RR 18, SpO2 97% on room air. WBC 8.1, creatinine 0.8, lactate 1.0.
DISCHARGE DIAGNOSES
1. Sepsis.
"""
ON = ("--setting", "inpatient", "--age", "67", "--date", "2026-05-14")


def validity(answer: Answer) -> list[str]:
    return [f["message"] for f in answer.json["findings"] if f["rule"].startswith("ICD10CM:I.A.19/")]


def test_a_flag_chooses_a_set_and_goes_before_the_setting(leadterm: Call, tmp_path: Path):
    assert validity(leadterm("code", "-", *ON, "--json", stdin=NOTE)) == []
    (tmp_path / "leadterm.toml").write_text('[edits]\ncriteria = ["sepsis-3"]\n', encoding="utf-8")
    (message,) = validity(leadterm("code", "-", *ON, "--json", stdin=NOTE))
    assert "by the criteria sepsis-3" in message
    assert validity(leadterm("code", "-", *ON, "--criteria", "sepsis-2", "--json", stdin=NOTE)) == []


def test_a_coding_is_validated_by_a_set(leadterm: Call, tmp_path: Path):
    file = tmp_path / "stay.coded.json"
    file.write_bytes(leadterm("code", "-", *ON, "--json", stdin=NOTE).out)
    assert validity(leadterm("validate", file, "--json")) == []
    (message,) = validity(leadterm("validate", file, "--criteria", "sepsis-3", "--json"))
    assert "none of the signs of sepsis (A41.9)" in message


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('criteria = ["sepsis-9"]', "no criteria set 'sepsis-9'"),
        ('criteria = "glim"', "criteria, a list of names"),
        ("criterion = []", "criteria, a list of names"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, said: str, leadterm: Call, tmp_path: Path):
    (tmp_path / "leadterm.toml").write_text(f"[edits]\n{setting}\n", encoding="utf-8")
    answer = leadterm("code", "-", *ON, stdin=NOTE)
    assert answer.code == 2
    assert said in answer.err


def test_a_set_is_explained_with_its_publication(leadterm: Call):
    answer = leadterm("explain", "kdigo")
    assert answer.code == 0
    assert "Kidney Int Suppl 2012" in answer.text
    assert "creatinine up by 0.3 mg/dL" in answer.text
