"""Documented services by charge master and licensed descriptors, with prices; descriptions are invented."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets import open_book
from leadterm.codesets.charge_master import import_master, remove_master
from leadterm.codesets.installing.changing import install
from leadterm.coding.charges.matching import Index
from leadterm.domain import Charge, ClaimType, Code, CodedEncounter, CodeSystem, Document, Encounter, Money, Setting
from leadterm.pipeline import Coder

MASTER = """Item,Description,HCPCS,Rev,Price,Mod
1001,XR CHEST 1 VW,71045,320,95,
1002,XR CHEST 2 VWS,71046,320,120.50,
1003,ASP/INJ MAJOR JOINT,20610,361,210,
1004,EKG 12 LEAD W INTERP,93000,730,80,
1005,UA DIPSTICK,81002,307,12,
1006,COLONOSCOPY,45378,750,900,
1007,KETOROLAC,J1885,636,4,
1008,STREP A RAPID,87880,306,45,QW
"""
# In the layout of the licensee's file; the words are ours, the numbers of this test belong to nothing.
LICENSED = """Copyright of the American Medical Association
99991\tFILM OF WRIST; ONE VIEW
99992\tFILM OF WRIST; TWO VIEWS
99993\tDRAINAGE OF ABSCESS OF BACK
"""
NOTE = """HPI: Knee pain, cough. Colonoscopy planned next month; last colonoscopy 2019.
Outside MRI of the knee reviewed.
PROCEDURE: Right knee joint injection performed for osteoarthritis of the right knee.
RESULTS: Chest x-ray, 2 views, obtained today: clear. 12-lead EKG performed in the office.
ASSESSMENT: Osteoarthritis of the right knee. Cough. Recommend physical therapy. Urinalysis ordered.
"""


def made(folder: Path, source: Path) -> Path:
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def with_master(tmp_path_factory: pytest.TempPathFactory, full_home: Path) -> Coder:
    home = made(tmp_path_factory.mktemp("master"), full_home)
    file = tmp_path_factory.mktemp("file") / "cdm.csv"
    file.write_text(MASTER)
    import_master(file, home=home)
    return Coder(open_book(home))


@pytest.fixture(scope="module")
def with_cpt(tmp_path_factory: pytest.TempPathFactory, full_home: Path) -> Coder:
    home = made(tmp_path_factory.mktemp("cpt"), full_home)
    file = tmp_path_factory.mktemp("file") / "2026_MEDU.txt"
    file.write_text(LICENSED)
    install([file], home)
    return Coder(open_book(home))


def code(value: str) -> Code:
    return Code(CodeSystem.HCPCS if value[0].isalpha() else CodeSystem.CPT, value)


def coded(coder: Coder, text: str, *charges: Charge, **fields) -> CodedEncounter:

    documents = (Document("d1", text),)
    return coder.code(
        Encounter(
            "c", Setting.PROFESSIONAL, date_of_service=date(2026, 5, 8), documents=documents, charges=charges, **fields
        )
    )


def own(answer: CodedEncounter) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    return {a.code.value: (str(a.charge) if a.charge else None, a.modifiers) for a in answer.charges}


def test_what_was_done_finds_its_charge_and_price(with_master: Coder):
    found = own(coded(with_master, NOTE))
    assert {"20610": ("210.00", ("RT",)), "71046": ("120.50", ()), "93000": ("80.00", ())}.items() <= found.items()


def test_what_was_planned_past_or_ordered_has_no_line(with_master: Coder):
    assert {"45378", "81002"}.isdisjoint(own(coded(with_master, NOTE)))


def test_each_line_names_its_row_and_shows_its_words(with_master: Coder):
    (line,) = [a for a in coded(with_master, NOTE).charges if a.code.value == "71046"]
    assert "Chest x-ray" in [e.text for e in line.evidence]
    assert any("1002 XR CHEST 2 VWS" in step.text for step in line.pathway)


def test_what_the_chart_leaves_open_is_asked(with_master: Coder):
    answer = coded(with_master, "RESULTS: Chest x-ray was obtained and is clear.\nASSESSMENT: Cough.\n")
    assert [q.options[:2] for q in answer.queries if q.reason == "service"] == [
        ("1001 XR CHEST 1 VW", "1002 XR CHEST 2 VWS")
    ]
    assert not {"71045", "71046"} & set(own(answer))


def test_a_charge_that_the_record_priced_is_not_doubled(with_master: Coder):
    answer = coded(with_master, NOTE, Charge(code("71046"), charge=Money.parse("99")))
    (line,) = [a for a in answer.charges if a.code.value == "71046"]
    assert str(line.charge) == "99.00"
    assert "Chest x-ray" in [e.text for e in line.evidence]


def test_a_hospital_gets_the_revenue_code(with_master: Coder):
    answer = coded(with_master, NOTE, claim_type=ClaimType.INSTITUTIONAL)
    assert {a.code.value: a.revenue_code for a in answer.charges}["71046"] == "0320"


def test_modifiers_of_the_row_stand(with_master: Coder):
    answer = coded(with_master, "RESULTS: Rapid strep performed in office: positive.\nASSESSMENT: Strep throat.\n")
    assert own(answer)["87880"][1] == ("QW",)


def test_without_a_charge_master_nothing_has_a_price(full_coder: Coder):
    assert {price for price, _ in own(coded(full_coder, NOTE)).values()} <= {None}


def test_licensed_descriptors_suggest_a_code(with_cpt: Coder):
    text = "PROCEDURE: Drainage of an abscess of the back performed.\nASSESSMENT: Abscess of the back.\n"
    assert "99993" in own(coded(with_cpt, text))


def test_several_descriptors_are_asked(with_cpt: Coder):
    answer = coded(with_cpt, "RESULTS: Wrist x-ray obtained in the office: no fracture.\nASSESSMENT: Wrist sprain.\n")
    assert ("99991", "99992") in [q.codes for q in answer.queries if q.reason == "service"]


def test_a_charge_of_which_nothing_is_told_is_a_finding(with_master: Coder):
    note = NOTE + "Tolerated well. " * 10
    answer = coded(with_master, note, Charge(code("J1885")), Charge(code("93000")), Charge(code("99213")))
    assert [f.codes for f in answer.findings if f.rule == "LEADTERM:charges/no-words"] == [("J1885",)]


def test_what_was_imported_is_taken_out_again(tmp_path: Path, full_home: Path):
    home = made(tmp_path / "home", full_home)
    file = tmp_path / "cdm.csv"
    file.write_text(MASTER)
    first = import_master(file, home=home)
    assert (first.status, len(first.read.rows)) == ("installed", 8)
    assert import_master(file, home=home).status == "present"
    assert [r.name for r in remove_master(home=home)] == ["charges:master"]
    assert "charges:master" not in {r.name for r in open_book(home).releases()}


def test_an_index_says_how_many_charges_it_has():
    assert len(Index([("a", "ONE THING"), ("b", "OTHER")])) == 2
