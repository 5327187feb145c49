"""Modifiers: given to lines that were read, missed or questioned on those that the record priced."""

from __future__ import annotations

from typing import Any

import pytest

from leadterm.coding._tables import rows
from leadterm.coding.rules import guideline_rules
from leadterm.coding.services.modifiers import applied
from leadterm.coding.services.modifiers.order import ordered
from leadterm.coding.services.modifiers.words import asked
from leadterm.domain import ClaimType, Payer, Provider, ProviderRole
from leadterm.pipeline import Coder

from .charts import captured, chart, read

MEDICARE = (Payer(type="medicare"),)
COMMERCIAL = (Payer(type="commercial"),)
PA = (Provider(ProviderRole.RENDERING, taxonomy="363A00000X"),)
OPERATION = "PROCEDURE: Arthroscopy of the {side} knee with partial medial meniscectomy.\nDESCRIPTION: {said}\n"


def given(coder: Coder, text: str, value: str, words: str, **fields: Any) -> tuple[str, ...]:
    """The modifiers of a line that was read by these words."""
    of = chart(coder, text, **fields)
    return applied(of, [read(of, value, words)]).services[0].modifiers


def operated(coder: Coder, said: str, value: str = "29881", **fields: Any) -> tuple[str, ...]:
    return given(coder, OPERATION.format(side="right", said=said), value, "Arthroscopy", **fields)


@pytest.mark.parametrize(
    ("said", "modifiers"),
    [
        ("Dense adhesions were found, and the operation took an additional 60 minutes because of them.", ("22", "RT")),
        ("The operation took 60 minutes.", ("RT",)),
        ("The procedure was discontinued when the patient became hypotensive.", ("53", "RT")),
        ("The procedure was not discontinued.", ("RT",)),
        ("Postoperative care will be assumed by Dr. Vale in Ashton.", ("54", "RT")),
        ("I assumed postoperative care from Dr. Vale today.", ("55", "RT")),
        ("Preoperative evaluation only was done by me.", ("56", "RT")),
        ("This was a staged procedure as planned at the first operation.", ("58", "RT")),
        ("Returned to the operating room for bleeding from the wound.", ("78", "RT")),
        ("Unrelated to the hip replacement of three weeks ago.", ("79", "RT")),
        ("No complications. The patient returned to the recovery room.", ("RT",)),
    ],
)
def test_the_words_of_an_operation_give_its_modifiers(full_coder: Coder, said: str, modifiers: tuple[str, ...]):
    assert operated(full_coder, said) == modifiers


def test_two_surgeons_only_where_the_schedule_pays_two(full_coder: Coder):
    said = "Co-surgeons: Dr. Vale and Dr. Ames each performed a distinct part."
    assert "62" in given(full_coder, f"PROCEDURE: Lumbar fusion.\n{said}", "22558", "Lumbar fusion")
    assert "62" not in given(full_coder, f"PROCEDURE: Injection.\n{said}", "20610", "Injection")


def test_a_mid_level_who_assists_bears_as(full_coder: Coder):
    said = "I assisted Dr. Vale throughout."
    assert "AS" in given(full_coder, f"PROCEDURE: Total knee arthroplasty, right.\n{said}", "27447", "Total knee",
                         providers=PA)  # fmt: skip
    assert "AS" not in given(full_coder, f"PROCEDURE: Total knee arthroplasty, right.\n{said}", "27447", "Total knee")


@pytest.mark.parametrize(
    ("text", "value", "words", "modifiers"),
    [
        ("PROCEDURE: Bilateral knee injections.", "20610", "knee injections", ("50",)),
        ("PROCEDURE: Left knee injection.", "20610", "knee injection", ("LT",)),
        ("PROCEDURE: Bilateral destruction of warts.", "17110", "destruction of warts", ()),
        ("PROCEDURE: Trigger finger release, right ring finger.", "26055", "Trigger finger release", ("F8",)),
        ("PROCEDURE: Avulsion of nail plate, left great toe.", "11730", "Avulsion", ("TA",)),
        ("PROCEDURE: Excision of chalazion, left lower eyelid.", "67800", "Excision of chalazion", ("E2",)),
        ("PROCEDURE: Stent placed in the left anterior descending artery.", "92928", "Stent placed", ("LD",)),
    ],
)
def test_sides_and_parts(full_coder: Coder, text: str, value: str, words: str, modifiers: tuple[str, ...]):
    assert given(full_coder, text, value, words) == modifiers


def test_an_interpretation_in_a_facility_is_the_professional_part(full_coder: Coder):
    text = "RESULTS: Chest x-ray, 2 views, read by me: no infiltrate."
    assert given(full_coder, text, "71046", "Chest x-ray", place_of_service="23") == ("26",)
    assert given(full_coder, text, "71046", "Chest x-ray", place_of_service="11") == ()


def test_a_hospital_tells_when_a_procedure_was_broken_off(full_coder: Coder):
    hospital = {"claim_type": ClaimType.INSTITUTIONAL}
    before = "The procedure was cancelled before induction because of chest pain."
    after = "After induction of anesthesia the procedure was terminated for arrhythmia."
    assert operated(full_coder, before, **hospital) == ("73", "RT")
    assert operated(full_coder, after, **hospital) == ("74", "RT")


def test_a_hospital_is_asked_when_the_record_does_not_tell(full_coder: Coder):
    of = chart(full_coder, OPERATION.format(side="right", said="The procedure was terminated."),
               claim_type=ClaimType.INSTITUTIONAL)  # fmt: skip
    (query,) = applied(of, [read(of, "29881", "Arthroscopy")]).queries
    assert query.reason == "procedure"


def test_a_second_operation_bears_51_but_not_for_medicare(full_coder: Coder):
    text = "PROCEDURE: Right knee arthroscopy and excision of a lesion of the back."
    for payers, second in ((COMMERCIAL, ("51",)), (MEDICARE, ())):
        of = chart(full_coder, text, payers=payers)
        lines = applied(of, [read(of, "29881", "Right knee arthroscopy"), read(of, "11402", "excision of a lesion")])
        assert lines.services[1].modifiers == second


def test_the_same_operations_in_another_order_get_the_same_51(full_coder: Coder):
    of = chart(full_coder, "PROCEDURE: Arthroscopy and excision of a lesion.", payers=COMMERCIAL)
    lines = applied(of, [read(of, "11402", "excision"), read(of, "29881", "Arthroscopy")]).services
    assert [n.modifiers for n in lines] == [("51",), ()]


def test_a_line_that_was_priced_is_spoken_about_and_never_changed(full_coder: Coder):
    of = chart(full_coder, "PROCEDURE: Left knee injection.")
    offer = applied(of, [captured("20610")])
    assert offer.services == (captured("20610"),)
    assert [f.rule for f in offer.findings] == ["CMS:100-04.4.20.6/side"]


def test_a_side_that_the_record_denies_is_questioned(full_coder: Coder):
    of = chart(full_coder, "PROCEDURE: Left knee injection.")
    (finding,) = applied(of, [captured("20610", "RT")]).findings
    assert finding.severity == "warning"
    assert "RT" in finding.message


def test_modifiers_stand_in_their_order():
    assert ordered(("RT", "59", "22", "26")) == ("26", "22", "59", "RT")


@pytest.mark.parametrize("table", ["cues", "words", "parts"])
def test_every_pattern_of_the_tables_can_be_read(table: str):
    for row in rows(f"services/modifiers/{table}"):
        for column in (c for c in ("says", "also", "unless") if row.get(c)):
            assert asked(row[column]).search("") is None, row


def test_every_cue_has_its_rule():
    assert {row["rule"] for row in rows("services/modifiers/cues")} <= set(guideline_rules())


def test_every_modifier_that_is_given_has_a_place_in_the_order():
    ranked = {m for row in rows("services/modifiers/ranks") for m in row["modifiers"].split()}
    assert {row["modifier"] for t in ("cues", "parts") for row in rows(f"services/modifiers/{t}")} <= ranked
