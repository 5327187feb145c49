"""Endoscopies site by site, robots, conversions, births and what a row must always ask."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.domain import CodeSystem, Document, Encounter, Patient, Setting
from leadterm.pipeline import Coder


def codes(coder: Coder, text: str) -> set[str]:
    """The procedure codes of a report of a stay."""
    stay = Encounter(
        id="e",
        patient=Patient(sex="F", birth_date=date(1970, 1, 1)),
        setting=Setting.INPATIENT,
        documents=(Document(id="d", text=text),),
        discharge=date(2026, 3, 3),
    )
    return {a.code.value for a in coder.code(stay).assignments if a.code.system is CodeSystem.ICD10PCS}


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ("The antrum was red and biopsies were taken.", {"0DB78ZX"}),
        ("Distal esophagus: a ring was dilated with an 18 mm balloon.", {"0D738ZZ"}),
        ("Normal esophagus, stomach and duodenum. No biopsies were taken.", {"0DJ08ZZ"}),
        ("Large esophageal varices in the lower third. Four bands were placed.", {"06L38CZ"}),
    ],
)
def test_a_deed_through_a_scope_is_of_the_site_that_is_named_nearest(full_coder: Coder, findings, expected):
    assert codes(full_coder, f"ENDOSCOPY REPORT\nPROCEDURE: EGD\nFINDINGS: {findings}\n") == expected


def test_what_is_planned_through_a_scope_is_not_done(full_coder: Coder):
    text = "COLONOSCOPY REPORT\nPROCEDURE: Colonoscopy\nFINDINGS: Normal colon.\nPLAN: Repeat with random biopsies.\n"
    assert codes(full_coder, text) == {"0DJD8ZZ"}


@pytest.mark.parametrize("body", ["The robot was docked.", "The da Vinci system was docked."])
def test_a_robot_has_a_code_beside_the_operation(full_coder: Coder, body):
    text = f"OPERATIVE REPORT\nPROCEDURE: Laparoscopic cholecystectomy\nDESCRIPTION: Ports were placed. {body}\n"
    assert codes(full_coder, text) == {"0FT44ZZ", "8E0W4CZ"}


def test_a_conversion_adds_the_looking_through_ports_and_a_possible_one_does_not(full_coder: Coder):
    head = "OPERATIVE REPORT\nPROCEDURE: Laparoscopic cholecystectomy{}\nDESCRIPTION: Ports were placed. {}\n"
    done = head.format(", converted to open", "Because of bleeding we converted to open.")
    possible = head.format("", "The risks had included possible conversion to open.")
    assert codes(full_coder, done) == {"0FT40ZZ", "0FJ44ZZ"}
    assert codes(full_coder, possible) == {"0FT44ZZ"}


def test_a_hysterectomy_that_does_not_tell_of_the_cervix_is_no_code(full_coder: Coder):
    text = (
        "OPERATIVE REPORT\nPROCEDURE: Hysterectomy\nDESCRIPTION: A midline incision was made. The uterus was removed.\n"
    )
    assert not {c for c in codes(full_coder, text) if c.startswith("0UT")}


def test_a_birth_by_section_is_no_vaginal_delivery(full_coder: Coder):
    text = (
        "OPERATIVE REPORT\nPROCEDURE: Primary low transverse cesarean section after failed vacuum.\n"
        "DESCRIPTION: A low transverse hysterotomy was made and a live girl was delivered.\n"
    )
    assert codes(full_coder, text) == {"10D00Z1"}
