"""What the edits of NCCI say of claims, and of the charges of a coding."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.installing.changing import install
from leadterm.domain import Finding, Provider, ProviderRole
from leadterm.edits._history import History
from leadterm.edits._services import SameProvider
from leadterm.edits.ncci._modifiers import what_is_true

from ..bills import GOOD_CLAIM, asked
from ..notation import case
from ..shelf import TABLES, Shelf

Judge = Callable[[str], list[Finding]]
OURS = ("NCCI:", edits.UNCHECKED)


@pytest.fixture
def judge(tables: CodeBook, book: CodeBook) -> Judge:
    """The findings of NCCI on the claim that a line writes."""

    def call(text: str) -> list[Finding]:
        told = asked(text)
        found = edits.check_claim(told.claim, Shelf(tables if told.tables else book), earlier=told.earlier)
        return [f for f in found if f.rule.startswith(OURS)]

    return call


def lines(*services: str, **more: str) -> str:
    """`45385`, `45378-59`, `20610*3`: lines of a professional claim, one service each."""
    changes = [f"lines = {len(services)}"]
    for n, service in enumerate(services, 1):
        rest, _, units = service.partition("*")
        code, *modifiers = rest.split("-")
        changes += [f"lines.{n}.code = {code}", f"lines.{n}.modifiers = {' '.join(modifiers) or 'none'}"]
        changes += [f"lines.{n}.units = {units or 1}"]
    return "; ".join([*changes, *(f"{name.replace('__', '.')} = {value}" for name, value in more.items())])


def rules(found: Sequence[Finding]) -> list[str]:
    return [f.rule for f in found]


# --- pairs ---


def test_a_pair_that_no_modifier_opens_says_so(judge: Judge) -> None:
    (found,) = judge(lines("45385", "45378-59"))
    assert found.rule == "NCCI:I.A/pair"
    assert found.message == (
        "Line 2 (45378, column 2) is not paid beside line 1 (45385, column 1) on 2026-05-14, modifier indicator 0: no "
        "modifier opens it."
    )
    assert "can be appealed" in (found.fix or "")
    assert "ABN" in (found.fix or "")
    assert found.location == {"claim": "CASE1", "line": 2, "segment": "SV1"}


@pytest.mark.parametrize("modifiers", ["25", "57", "24"])
def test_a_visit_beside_a_procedure_needs_a_reason_of_visits(judge: Judge, modifiers: str) -> None:
    (found,) = judge(lines("99213", "20610"))
    assert found.location is not None
    assert found.location["line"] == 1  # column 2 is the visit, wherever it stands
    assert f"({modifiers})" in (found.fix or "")
    assert "(59)" not in (found.fix or "")
    assert judge(lines(f"99213-{modifiers}", "20610")) == []


def test_a_modifier_that_is_none_of_ncci_opens_nothing(judge: Judge) -> None:
    assert rules(judge(lines("45385", "45380-51"))) == ["NCCI:I.E/pair-modifier"]


@pytest.mark.parametrize(("services", "opened"), [(("45385", "45380-59"), True), (("45385-XS", "45380"), True)])
def test_a_modifier_opens_on_either_line(judge: Judge, services: tuple[str, ...], opened: bool) -> None:
    assert (judge(lines(*services)) == []) is opened


def test_the_site_of_a_procedure_says_nothing_of_a_visit(judge: Judge) -> None:
    assert rules(judge(lines("99213", "20610-RT"))) == ["NCCI:I.E/pair-modifier"]


def test_one_site_on_both_lines_tells_no_two_sites(judge: Judge) -> None:
    assert rules(judge(lines("45385-RT", "45380-RT"))) == ["NCCI:I.E/pair-one-site"]
    assert judge(lines("45385-RT", "45380-RT-XS")) == []


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("45385", "45380-25", "45380-25"),
        ("45385-57", "45380-24", "45385-57 and 45380-24"),
        ("20610", "99213-59", "99213-59"),
        ("20610", "99213-25-59", None),
        ("45385", "45380-25-XS", None),
        ("45385-LT", "45380-25", None),
        ("45385", "45380-91", "45380-91"),
        ("20610", "99213-91", "99213-91"),
        ("80053-91", "80048", None),
    ],
)
def test_a_modifier_on_a_code_of_which_it_tells_nothing(judge: Judge, one: str, two: str, found: str | None) -> None:
    told = [f.message for f in judge(lines(one, two)) if f.rule == "NCCI:I.E/pair-misplaced"]
    assert [found in message for message in told] == ([True] if found else [])


@pytest.mark.parametrize(("day", "opened"), [("2019-06-30", False), ("2019-07-01", True)])
def test_on_the_line_of_column_1_59_counts_since_july_2019(judge: Judge, day: str, opened: bool) -> None:
    days = "; ".join(f"lines.{n}.start = {day}; lines.{n}.end = {day}" for n in (1, 2))
    assert (judge(f"{lines('45385-59', '45380')}; {days}") == []) is opened


@pytest.mark.parametrize(
    ("services", "day", "why"),
    [
        (("45385", "45380"), "2026-05-14", "no NCCI-associated modifier is on either line."),
        (("45385-76", "45380-51"), "2026-05-14", "no NCCI-associated modifier is on either line."),
        (("45385-59", "45380"), "2019-06-30", "59 counts on the line of column 1 since 2019-07-01."),
        (("45385", "45380-XS"), "2014-12-31", "XS counts since 2015-01-01."),
        (("20610-RT", "99213-LT"), "2026-05-14", "LT RT tells of a site, and nothing of a visit."),
    ],
)
def test_why_a_modifier_that_is_there_opens_nothing(
    judge: Judge, services: tuple[str, ...], day: str, why: str
) -> None:
    days = "; ".join(f"lines.{n}.start = {day}; lines.{n}.end = {day}" for n in (1, 2))
    found = next(f for f in judge(f"{lines(*services)}; {days}") if f.rule == "NCCI:I.E/pair-modifier")
    assert found.message.endswith(why)


@pytest.mark.parametrize(("day", "indicator"), [("2025-12-31", "1"), ("2026-01-01", "0")])
def test_the_edit_of_the_day_of_service_holds(judge: Judge, day: str, indicator: str) -> None:
    days = "; ".join(f"lines.{n}.start = {day}; lines.{n}.end = {day}" for n in (1, 2))
    (found,) = judge(f"{lines('29881', '29877')}; {days}")
    assert f"modifier indicator {indicator}" in found.message


def test_indicator_9_and_edits_deleted_on_their_first_day_are_none(judge: Judge) -> None:
    assert judge(lines("96372", "99211")) == []
    assert judge(lines("97110", "97530")) == []


def test_another_specialty_of_the_group_is_another_provider(judge: Judge) -> None:
    other = "; add.operating = 1003000126; operating.taxonomy = 207RG0100X; lines.2.provider = operating"
    assert judge(lines("45385", "45378") + other) == []
    same = other.replace("207RG0100X", "207Q00000X")
    assert rules(judge(lines("45385", "45378") + same)) == ["NCCI:I.A/pair"]


def test_a_pair_is_found_over_two_claims(judge: Judge) -> None:
    (found,) = judge(f"{lines('45385')}; id = FIRST || {lines('45378')}")
    assert "beside line 1 of claim FIRST, which went before (45385, column 1)" in found.message


def test_of_a_pair_over_two_claims_the_line_at_hand_is_named(judge: Judge) -> None:
    (found,) = judge(f"{lines('45378')}; id = FIRST || {lines('45385')}")
    assert found.location is not None
    assert found.location["line"] == 1


def test_a_replaced_claim_is_no_longer_looked_back_on(judge: Judge) -> None:
    first, again = f"{lines('45385')}; id = A", f"{lines('71046')}; id = A; frequency = 7; payer_control_number = X"
    assert judge(f"{first} || {again} || {lines('45378')}; id = B") == []
    assert judge(f"{first} || {lines('45378')}; id = A; frequency = 7; payer_control_number = X") == []


def test_another_patient_is_not_looked_back_on(judge: Judge) -> None:
    assert judge(f"{lines('45385')}; patient.id = p2; id = FIRST || {lines('45378')}") == []


def test_medicaid_has_edits_of_its_own(judge: Judge) -> None:
    assert judge(lines("90471", "99213", payer__type="medicare")) == []
    assert rules(judge(lines("90471", "99213", payer__type="medicaid"))) == ["NCCI:I.E/pair-modifier"]
    assert rules(judge(lines("20610", "99213-25", payer__type="medicaid"))) == ["NCCI:I.A/pair"]


def test_hospitals_have_edits_of_their_own(judge: Judge) -> None:
    visit = "visit: lines.2.code = 93041; lines.3.code = 71046"
    assert rules(judge(visit)) == ["NCCI:I.A/pair"]
    assert judge(lines("99284", "93041")) == []


@pytest.mark.parametrize(("bills", "judged"), [("0131 0851 0221 0341", 1), ("0711 0721 0771 0811 0321", 0)])
def test_facilities_that_are_paid_otherwise_have_no_edits(judge: Judge, bills: str, judged: int) -> None:
    for bill in bills.split():
        told = judge(f"visit: lines.2.code = 93041; lines.3.code = 71046; type_of_bill = {bill}")
        assert rules(told) == ["NCCI:I.A/pair"] * judged


@pytest.mark.parametrize(
    ("bill", "found"), [("0131", ["NCCI:I.V/mue-day-clinical"]), ("0111", []), ("0711", []), ("0321", [])]
)
def test_what_is_paid_otherwise_is_not_looked_back_on(judge: Judge, bill: str, found: list[str]) -> None:
    first = f"visit: id = FIRST; type_of_bill = {bill}; lines.3.units = 4"
    assert rules(judge(f"{first} || visit: lines.3.units = 1")) == found


def test_hospitals_have_modifiers_of_operations_too() -> None:
    told = " ".join(what_is_true(("45385", "45380"), False))
    assert "(58)" in told
    assert "(57)" not in " ".join(what_is_true(("45385", "99284"), False))


def test_a_stay_has_no_pairs(judge: Judge) -> None:
    assert judge("stay: lines.1.code = 45385; lines.2.code = 45378") == []


@pytest.mark.parametrize("order", list(permutations(("45385", "45378", "45380", "20610"))))
def test_the_order_of_lines_changes_nothing(judge: Judge, order: tuple[str, ...]) -> None:
    def told(found: Sequence[Finding]) -> set[tuple[str, tuple[str, ...]]]:
        return {(f.rule, f.codes) for f in found}

    assert told(judge(lines(*order))) == {
        ("NCCI:I.A/pair", ("45378", "45385")),
        ("NCCI:I.E/pair-modifier", ("45380", "45385")),
    }


# --- units ---


def test_units_by_line_are_judged_line_by_line(judge: Judge) -> None:
    assert judge(lines("96372*5", "96372-59*5")) == []
    assert rules(judge(lines("96372*6"))) == ["NCCI:I.V/mue-line"]


def test_units_by_day_are_summed_over_lines(judge: Judge) -> None:
    (found,) = judge(lines("20610-RT*1", "20610-LT*2"))
    assert found.message.startswith("Line 2 has 3 units of 20610 on 2026-05-14, with line 1; at most 2 (MAI 3, ")
    assert found.severity == "warning"


def test_units_by_day_are_summed_over_claims(judge: Judge) -> None:
    (found,) = judge(f"{lines('20610*2')}; id = FIRST || {lines('20610*1')}")
    assert "with line 1 of claim FIRST, which went before" in found.message


def test_care_after_an_operation_is_not_counted_with_it(judge: Judge) -> None:
    assert judge(lines("45385-54", "45385-55")) == []


@pytest.mark.parametrize("helping", ["80", "82", "AS"])
def test_who_assists_is_not_counted_with_who_operates(judge: Judge, helping: str) -> None:
    assert judge(lines("45385", f"45385-{helping}")) == []
    assert rules(judge(lines("45385", f"45385-{helping}", f"45385-{helping}"))) == ["NCCI:I.V/mue-day-policy"]


def test_two_surgeons_each_ask_for_their_own(judge: Judge) -> None:
    assert judge(f"{lines('45385-62')}; id = FIRST || {lines('45385-62')}") == []
    assert rules(judge(lines("45385-62*2"))) == ["NCCI:I.V/mue-day-policy"]


@pytest.mark.parametrize("payer", ["medicare", "commercial"])
def test_a_surgical_center_tells_each_side_on_a_line_of_its_own(judge: Judge, payer: str) -> None:
    center = {"billing__taxonomy": "261QA1903X", "payer__type": payer}
    assert judge(lines("45385-RT", "45385-LT", **center)) == []
    assert rules(judge(lines("45385-RT", "45385-RT", **center))) == ["NCCI:I.V/mue-day-policy"]
    assert rules(judge(lines("45385", "45385-59", **center))) == ["NCCI:I.V/mue-day-policy"]
    (found,) = judge(lines("45385*2", **center))
    assert "each side on a line of its own" in (found.fix or "")


def test_a_surgical_center_is_not_the_surgeon(judge: Judge) -> None:
    center = lines("45385", billing__taxonomy="261QA1903X")
    assert judge(f"{center}; id = FIRST || {lines('45385')}") == []
    assert rules(judge(f"{center}; id = FIRST || {center}")) == ["NCCI:I.V/mue-day-policy"]


def test_both_sides_of_an_operation_are_one_line(judge: Judge) -> None:
    (found,) = judge(lines("45385-RT", "45385-LT"))
    assert "one line with 50 and one unit" in (found.fix or "")
    (found,) = judge(lines("45385", "45385-59"))
    assert "with 50" not in (found.fix or "")


@pytest.mark.parametrize("service", ["96372*6", "45385*2", "20610*3", "E0118"])
def test_no_notice_shifts_units_to_the_patient(judge: Judge, service: str) -> None:
    (found,) = judge(lines(f"{service.partition('*')[0]}-GA*{service.partition('*')[2] or 1}"))
    assert "(ABN)" in (found.fix or "")


def test_units_of_several_days_are_divided_among_them(judge: Judge) -> None:
    long = "; lines.1.end = 2026-05-16"
    assert judge(lines("20610*6") + long) == []
    assert rules(judge(lines("20610*8") + long)) == ["NCCI:I.V/mue-day-clinical"]  # 2.67 a day is 3


def test_what_is_never_paid_in_this_setting(judge: Judge) -> None:
    (found,) = judge(lines("E0118"))
    assert "at hand" not in (found.fix or "")
    assert "1 unit of E0118 on 2026-05-14; none" in found.message
    assert (found.fix or "").startswith("Leave it out")
    assert judge(lines("E0118-GY")) == []  # it says so itself


def test_minutes_are_not_units(judge: Judge) -> None:
    assert judge(lines("96372*90", lines__1__unit="MJ")) == []


def test_medicaid_counts_units_by_line(judge: Judge) -> None:
    assert judge(lines("20610*2", "20610*2", payer__type="medicaid")) == []
    (found,) = judge(lines("71046*3", payer__type="medicaid"))
    assert found.rule == "NCCI:I.V/mue-line"
    assert "MAI" not in found.message
    assert judge(lines("71046*3")) == []


def test_suppliers_have_units_of_their_own(judge: Judge) -> None:
    (found,) = judge(lines("20610*9", billing__taxonomy="332B00000X"))
    assert found.rule == edits.UNCHECKED
    assert "durable medical equipment" in found.message


def test_hospitals_have_units_of_their_own(judge: Judge) -> None:
    assert judge(lines("J1885*8")) == []
    assert rules(judge("visit: lines.3.units = 5")) == ["NCCI:I.V/mue-day-clinical"]


# --- add-on codes ---


def test_an_add_on_code_needs_one_of_its_primaries(judge: Judge) -> None:
    (found,) = judge(lines("99213-25", "96375"))
    assert found.rule == "NCCI:I.R/add-on"
    assert "(96365, 96374)" in found.message


def test_critical_care_may_go_on_by_a_colleague_of_the_specialty(judge: Judge) -> None:
    (found,) = judge(lines("99292*2"))
    assert (found.rule, found.severity) == ("NCCI:I.R/add-on-some", "warning")
    assert "colleague of the same group and specialty" in (found.fix or "")
    assert rules(judge("visit: lines.3.code = 99292; lines.3.units = 1")) == ["NCCI:I.R/add-on"]
    assert judge(lines("99291", "99292*2")) == []


def test_the_primary_may_stand_on_a_claim_before(judge: Judge) -> None:
    assert judge(f"{lines('11042')}; id = FIRST || {lines('11045')}") == []


@pytest.mark.parametrize(("day", "found"), [("2025-12-31", []), ("2026-01-01", ["NCCI:I.R/add-on"])])
def test_a_primary_holds_for_its_days(judge: Judge, day: str, found: list[str]) -> None:
    days = "; ".join(f"lines.{n}.start = {day}; lines.{n}.end = {day}" for n in (1, 2))
    assert rules(judge(f"{lines('22633', '22632')}; {days}")) == found


def test_the_primary_of_another_day_is_none(judge: Judge) -> None:
    later = "; lines.2.end = 2026-05-15; lines.2.start = 2026-05-15"
    assert rules(judge(lines("11042", "11045") + later)) == ["NCCI:I.R/add-on"]


# --- tables and charges ---


def test_what_is_not_installed_is_said_once_a_claim(judge: Judge) -> None:
    (found,) = judge(f"{lines('45385', '45378')}; tables = none")
    assert found.rule == edits.UNCHECKED
    assert found.severity == "info"
    for what in ("procedure-to-procedure edits", "medically unlikely edits", "add-on code edits"):
        assert what in found.message
    assert "leadterm codes install" in (found.fix or "")


def test_tables_that_are_not_whole_say_so(book: CodeBook, tmp_path: Path) -> None:
    shutil.copytree(book.folder, tmp_path / book.folder.name)
    install([TABLES / "ccipra-v321r0-f1.TXT"], tmp_path)
    day = "; ".join(f"lines.{n}.end = 2026-07-01; lines.{n}.start = 2026-07-01" for n in (1, 2))
    claim = asked(f"{lines('45385', '71046')}; {day}").claim
    (found,) = [f for f in edits.check_claim(claim, open_book(tmp_path)) if f.rule == "LEADTERM:unchecked/in-part"]
    assert "(it ended on 2026-06-30, and not all of its parts are here)" in found.message


def test_a_claim_without_services_is_not_told_what_is_missing(judge: Judge) -> None:
    assert judge("stay: frequency = 1; tables = none") == []


def test_charges_of_a_coding_are_judged_by_their_assignments(tables: CodeBook) -> None:
    coded = case("outpatient/professional F67 2026-05-14: M17.11 line:20610 line:99213").coded
    found = [f for f in edits.check(coded, tables) if f.rule.startswith("NCCI:")]
    assert [(f.rule, f.assignments, f.location) for f in found] == [("NCCI:I.E/pair-modifier", ("a3",), None)]


def test_charges_without_a_day_are_not_judged(tables: CodeBook) -> None:
    coded = case("outpatient/professional F67: M17.11 line:20610 line:99213").coded
    assert not [f for f in edits.check(coded, tables) if f.rule.startswith("NCCI:")]


def test_who_counts_as_one_provider() -> None:
    group = GOOD_CLAIM.providers[0]

    def whose(taxonomy: str | None, npi: str, tax_id: str = "123456789") -> object:
        people = (replace(group, tax_id=tax_id), Provider(ProviderRole.RENDERING, npi, taxonomy))
        return SameProvider(replace(GOOD_CLAIM, providers=people)).of(GOOD_CLAIM.lines[0])

    assert whose("207Q00000X", "1") == whose("207Q00000X", "2")
    assert whose("207Q00000X", "1") != whose("207R00000X", "1")
    assert whose("207Q00000X", "1") != whose("207Q00000X", "1", "987654321")
    assert whose("363LF0000X", "1") == whose("363LA2200X", "2")  # nurse practitioners are one specialty of Medicare
    assert whose(None, "1") != whose(None, "2")


def test_a_long_stream_forgets_the_oldest_services() -> None:
    seen = edits.Seen(most=3)
    for n in range(5):
        seen.remember(replace(GOOD_CLAIM, id=f"C{n}"))
    assert [past.claim for past in seen.services(GOOD_CLAIM)] == ["C2", "C3", "C4"]


def test_of_one_patient_a_long_stream_forgets_the_oldest_services() -> None:
    history = History(most=100, of_patient=2)
    other = replace(GOOD_CLAIM, id="OTHER", patient=replace(GOOD_CLAIM.patient, id="p2"))
    for claim in (other, *(replace(GOOD_CLAIM, id=f"C{n}") for n in range(4))):
        history.remember(claim)
    assert [past.claim for past in history.of(GOOD_CLAIM)] == ["C2", "C3"]
    assert [past.claim for past in history.of(other)] == ["OTHER"]


def test_a_long_stream_of_one_patient_does_not_grow() -> None:
    history = History(most=100, of_patient=2)
    for n in range(50):
        history.remember(replace(GOOD_CLAIM, id=f"C{n}"))
    assert len(history._order) <= 3


def test_of_very_many_lines_only_some_are_named(judge: Judge) -> None:
    (found,) = judge(lines(*["20610"] * 12))
    assert found.message.startswith("Line 12 has 12 units of 20610 on 2026-05-14, with line 1 and line 2 and")
    assert "and line 8 and 3 more; at most 2" in found.message


def test_a_line_over_all_time_is_judged_at_once(judge: Judge) -> None:
    ever = "; lines.1.start = 0001-01-01; lines.2.start = 0001-01-01; lines.2.end = 9999-12-31"
    assert [r for r in rules(judge(lines("20610*3", "20610*3") + ever)) if "mue" in r] == []


def test_a_part_of_a_unit_above_is_above(judge: Judge) -> None:
    assert judge(lines("20610*2.0")) == []
    assert rules(judge(lines("20610*2.5"))) == ["NCCI:I.V/mue-day-clinical"]


@pytest.mark.parametrize(
    ("code", "others", "indicator"),
    [("45378", ("45385", "45378"), 0), ("45380", ("45385",), 1), ("45385", ("45378",), None), ("45378", ("X",), None)],
)
def test_the_pair_behind_a_denied_code(
    tables: CodeBook, code: str, others: tuple[str, ...], indicator: int | None
) -> None:
    found = edits.pair_of(tables, code, others, date(2026, 5, 14), professional=True, medicaid=False)
    assert (found and found.modifier_indicator) == indicator


def test_no_pair_is_known_where_no_table_is_installed(book: CodeBook) -> None:
    assert edits.pair_of(book, "45378", ["45385"], date(2026, 5, 14), professional=True, medicaid=False) is None
