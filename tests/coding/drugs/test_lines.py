"""What must always hold of the lines: opened containers, one initial service, order of rows, the starter table."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding._tables import rows
from leadterm.coding.drugs._cues import cue
from leadterm.coding.drugs.amounts import amount
from leadterm.coding.drugs.formulary import STARTER, formulary
from leadterm.domain import Assignment, Role
from leadterm.pipeline import Coder
from leadterm.schemas import decode

DAY = date(2026, 5, 14)
INITIAL = frozenset(("96413", "96409", "96365", "96374", "96360"))
EASY = settings(max_examples=40)


def lines(coder: Coder, text: str, **more: object) -> list[Assignment]:
    record = {
        "schema": "leadterm.encounter/1",
        "id": "x",
        "setting": "outpatient",
        "claim_type": "institutional",
        "date_of_service": DAY.isoformat(),
        "patient": {"sex": "F", "age": 50},
        "documents": [{"id": "d", "text": text}],
        **more,
    }
    return [a for a in coder.code(decode.encounter(record, "x")).assignments if a.role is Role.CHARGE]


def told(found: Sequence[Assignment]) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((a.code.value, str(a.units), a.modifiers) for a in found)


@EASY
@given(st.integers(1, 6), st.integers(1, 600))
def test_given_and_discarded_units_never_exceed_the_opened_containers(full_coder: Coder, vials: int, dose: int) -> None:
    held = vials * 100
    given_dose = min(dose, held)
    text = (
        f"INFUSION RECORD\ninfliximab {given_dose} mg IV given 0900-1110. Opened {vials} x 100 mg single-dose vials. "
        f"Discarded {held - given_dose} mg.\n"
    )
    units = sum(a.units for a in lines(full_coder, text) if a.code.value == "J1745" and a.units is not None)
    assert Decimal(0) < units <= held // 10


@EASY
@given(st.integers(1, 400), st.integers(0, 400))
def test_more_of_a_drug_is_never_fewer_units(full_coder: Coder, dose: int, more: int) -> None:
    both = []
    for much in (dose, dose + more):
        found = lines(full_coder, f"MAR\n0900 ketorolac {much} mg IV push given, no waste\n")
        both.append(next(a.units for a in found if a.code.value == "J1885"))
    assert both[0] is not None
    assert both[1] is not None
    assert both[0] <= both[1]


ROWS = (
    "0905 ondansetron 8 mg IV push given via R port",
    "0910 famotidine 20 mg IV push given via R port",
    "0940 paclitaxel 300 mg IV start 0940 stop 1245 via R port",
    "1250 carboplatin 450 mg IV start 1250 stop 1325 via R port",
    "1330 ketorolac 30 mg IM given",
    "1335 NS 500 mL IV start 1335 stop 1425",
    "1430 vancomycin 1000 mg IVPB start 1430 stop 1615",
)


@EASY
@given(st.lists(st.sampled_from(ROWS), min_size=1, unique=True))
def test_one_access_has_one_initial_service(full_coder: Coder, chosen: list[str]) -> None:
    found = lines(full_coder, "MAR\n" + "\n".join(chosen) + "\n")
    first = [a for a in found if a.code.value in INITIAL]
    intravenous = [row for row in chosen if " IM " not in row]
    assert sum(a.units or 0 for a in first) == (1 if intravenous else 0)


@EASY
@given(st.lists(st.sampled_from(ROWS), min_size=2, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(full_coder: Coder, chosen: list[str], chance: random.Random) -> None:
    shuffled = list(chosen)
    chance.shuffle(shuffled)
    one, other = (lines(full_coder, "MAR\n" + "\n".join(r) + "\n") for r in (chosen, shuffled))
    assert told(one) == told(other)


def test_every_line_quotes_the_chart(full_coder: Coder) -> None:
    text = "MAR\n" + "\n".join(ROWS) + "\n"
    found = lines(full_coder, text)
    assert found
    for a in found:
        assert a.evidence
        assert all(e.text == text[e.span.start : e.span.end] for e in a.evidence)


def test_a_stay_of_a_hospital_has_no_drug_lines(full_coder: Coder) -> None:
    more = {"setting": "inpatient", "discharge": "2026-05-14", "admission": "2026-05-12"}
    assert lines(full_coder, "MAR\n" + "\n".join(ROWS) + "\n", **more) == []


def test_a_stay_bills_no_drugs_on_the_physicians_claim_either(full_coder: Coder) -> None:
    more = {"setting": "inpatient", "discharge": "2026-05-14", "claim_type": "professional"}
    assert not [a for a in lines(full_coder, "MAR\n" + ROWS[0] + "\n", **more) if a.code.value == "J2405"]


def test_without_a_release_the_starter_table_serves_and_says_so(coder: Coder) -> None:
    record = {
        "schema": "leadterm.encounter/1",
        "id": "x",
        "setting": "outpatient",
        "date_of_service": DAY.isoformat(),
        "documents": [{"id": "d", "text": "MAR\n0900 ceftriaxone 1 g IV push given\n"}],
        "patient": {"sex": "F"},
    }
    coded = coder.code(decode.encounter(record, "x"))
    assert ("J0696", "4") in {(a.code.value, str(a.units)) for a in coded.charges}
    assert "HCPCS:drugs/starter" in {f.rule for f in coded.findings}


def test_every_row_of_the_starter_table_is_of_the_release(full_book: CodeBook) -> None:
    release = full_book.find(Hcpcs, DAY)
    assert release is not None
    drugs = formulary(release)
    for row in rows(STARTER):
        product = drugs.of(row["code"])
        assert product is not None, row["code"]
        assert product.unit == amount(row["amount"], row["unit"]), row["code"]
        assert row["code"] in {p.code.value for p in drugs.products[row["name"]]}


def test_names_of_the_starter_table_have_one_spelling() -> None:
    for row in rows(STARTER):
        names = [row["name"], *(n for n in row["names"].split("; ") if n)]
        assert all(n == n.lower().strip() for n in names)
        assert len(set(names)) == len(names)


def test_a_cue_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="no cue"):
        cue("nothing of the sort")
