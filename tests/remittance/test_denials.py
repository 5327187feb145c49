"""Denials: what is one, of what kind, until when, and in which order they are worked; and the tables behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import Disposition, InputError, InternalError, Money
from leadterm.remittance.deadlines import Days, add, deadline, limits, offers
from leadterm.remittance.denials import Context, classify, denials_of, disposition, is_known
from leadterm.remittance.reasons import (
    Move,
    Reason,
    Remark,
    categories,
    group_reasons,
    make_reason,
    parse_table,
    payer_kind,
    payer_kinds,
    read_table,
    reasons,
    remarks,
)
from leadterm.remittance.worklist import worklist

from .denial_notation import PAID, SERVED, claim, denial, denials

LONGEST_WORDS = 12
GROUPS = ("CO", "PR", "OA", "PI")

# --- what an adjustment does ---

DISPOSITIONS = {
    "CO 45": "write-off",
    "CO 253": "write-off",
    "CO 59": "write-off",
    "PR 1": "patient",
    "PR 2": "patient",
    "PR 3": "patient",
    "PR 45": "patient",
    "PR 96": "patient",
    "PR 204": "patient",
    "OA 23": "prior-payer",
    "CO 16": "denied",
    "CO 18": "denied",
    "OA 18": "denied",
    "CO 22": "denied",
    "OA 22": "denied",
    "CO 29": "denied",
    "CO 50": "denied",
    "CO 96": "denied",
    "CO 97": "denied",
    "CO 197": "denied",
    "CO 236": "denied",
    "PR 16": "denied",
    "PR 27": "denied",
    "PI 45": "denied",
    "OA 45": "denied",
    "CO 1": "denied",
}


@pytest.mark.parametrize(("written", "expected"), DISPOSITIONS.items())
def test_disposition(written: str, expected: str) -> None:
    assert disposition(*written.split()) == expected


@given(st.text(max_size=3), st.text(max_size=4))
def test_what_is_not_in_the_tables_is_denied(group: str, reason: str) -> None:
    known = is_known(reason) and group in (*GROUPS, "CR")
    assert known or disposition(group, reason) is Disposition.DENIED


@pytest.mark.parametrize("reason", ["9999", "ZZ9", "", "045"])
def test_unknown_reason_is_unknown(reason: str) -> None:
    assert not is_known(reason)


def test_only_group_pr_moves_a_share_to_the_patient() -> None:
    shares = ("1", "2", "3", "66", "122", "142", "241", "247", "248", "275")
    moved = {(g, r) for g in GROUPS for r in shares if disposition(g, r) is Disposition.PATIENT}
    assert moved == {("PR", r) for r in shares}


# --- what is a denial ---

NONE_AT_ALL = [
    "CLP MB 1 100 64; SVC 99213 100 64; CAS CO 45 20; CAS PR 2 16",
    "CLP MB 1 100 62.72; SVC 99213 100 62.72; CAS CO 253 1.28; CAS CO 45 36",
    "CLP CI 2 100 16; SVC 99213 100 16; CAS OA 23 84",
    "CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 0",
    "CLP 12 22 -100 0; SVC 99213 -100 0; CAS CO 50 -100",
    "CLP 12 1 100 0; PR 100; SVC 99213 100 0; CAS PR 1 100",
]


@pytest.mark.parametrize("text", NONE_AT_ALL)
def test_no_denial(text: str) -> None:
    assert denials(text) == []


def test_each_denied_adjustment_is_one_denial() -> None:
    text = "CLP 12 1 300 0; CAS CO 29 50; SVC 99213 100 0; CAS CO 45 20; CAS CO 50 80; SVC 99214 200 0; CAS CO 97 150"
    found = denials(text)
    assert [(d.line, d.reason, str(d.amount)) for d in found] == [
        (None, "29", "50.00"),
        (1, "50", "80.00"),
        (2, "97", "150.00"),
    ]
    assert len({d.id for d in found}) == 3


def test_identity_is_stable_and_holds_the_claim_number() -> None:
    text = "CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100"
    assert denial(text).id == denial(text).id
    assert re.fullmatch(r"CLM1-1-CO50-[0-9a-f]{6}", denial(text).id)


def test_denial_carries_the_line() -> None:
    found = denial("CLP 12 1 150 0 ICN7; SVC 99213-25 100 0; DTM 2026-05-12; CAS CO 50 100; LQ N386; MOA MA01")
    assert (found.code, found.modifiers, found.line) == ("99213", ("25",), 1)
    assert (found.charge, found.amount) == (Money.parse("100.00"), Money.parse("100.00"))
    assert (found.service_date, found.remittance_date) == (date(2026, 5, 12), PAID)
    assert (found.control_number, found.remarks, found.payer_kind) == ("ICN7", ("N386", "MA01"), "ppo")


def test_unknown_reason_is_kept_for_a_person() -> None:
    found = denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO ZZ9 100")
    assert (found.reason, found.category, found.move) == ("ZZ9", "unexplained", Move.ASK_PAYER)


def test_unknown_group_is_kept_for_a_person() -> None:
    assert denial("CLP 12 1 100 0; SVC 99213 100 0; CAS ZZ 45 20").group == "ZZ"


def test_denied_claim_without_reason_yields_one() -> None:
    found = denial("CLP 12 4 100 0; SVC 99213 100 0; CAS CO 45 20")
    assert (found.line, found.group, found.reason, str(found.amount)) == (None, "", "", "100.00")
    assert found.move is Move.ASK_PAYER


def test_denied_claim_with_reason_yields_no_second() -> None:
    assert denial("CLP 12 4 100 0; SVC 99213 100 0; CAS CO 50 100").reason == "50"


def test_processed_claim_without_reason_yields_none() -> None:
    assert denials("CLP 12 1 100 80; SVC 99213 100 80; CAS CO 45 20") == []


def test_whole_charge_under_a_contractual_reason_is_a_denial() -> None:
    found = denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 45 100")
    assert "X221A1:CAS/whole-charge" in found.guards


CATEGORIES = {
    "CAS CO 16 100; LQ N265": "missing-information",
    "CAS CO 16 100; LQ MA130 M77": "coding",
    "CAS CO 16 100; LQ N479": "coordination",
    "CAS CO 96 100; LQ N115": "medical-necessity",
    "CAS CO 96 100; LQ N130": "non-covered",
    "CAS CO A1 100; LQ N525": "bundling",
    "CAS CO 50 100; LQ N706": "medical-necessity",
    "CAS CO 29 100": "timely-filing",
    "CAS CO 236 100": "bundling",
    "CAS CO 197 100": "authorization",
    "CAS PR 27 100": "eligibility",
}


@pytest.mark.parametrize(("segments", "expected"), CATEGORIES.items())
def test_category(segments: str, expected: str) -> None:
    assert denial(f"CLP 12 1 100 0; SVC 99213 100 0; {segments}").category == expected


def test_remark_adds_words_and_an_action() -> None:
    found = denial("CLP 12 1 100 0 I1; SVC 99213 100 0; CAS CO 16 100; LQ N265")
    assert found.notes == (f"N265: {remarks()['N265'].words}",)
    assert found.actions == (reasons()["16"].action, remarks()["N265"].action)


def test_binding_guard_rail_comes_first_in_the_actions() -> None:
    found = denial("CLP MB 4 100 0; SVC 99213 100 0; CAS CO 16 100; LQ MA130 N265")
    assert found.actions[0].startswith("Correct what the other remarks name and send a new claim")


def test_unknown_remark_is_kept_without_words() -> None:
    found = denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100; LQ N9999")
    assert (found.remarks, found.notes) == (("N9999",), ())


amounts = st.decimals(-1000, 1000, places=2).map(Money)


@given(
    st.sampled_from([*reasons(), "ZZ9"]), st.sampled_from([*GROUPS, "ZZ"]), amounts, st.sampled_from([*payer_kinds()])
)
def test_denial_holds_the_refused_amount_and_a_move_that_is_open(
    reason: str, group: str, amount: Money, filing: str
) -> None:
    told = claim(f"CLP {filing} 1 1000 1; SVC 99213 1000 1; CAS {group} {reason} 5")
    adjustment = replace(told.lines[0].adjustments[0], amount=amount)
    found = classify(told, told.lines[0], adjustment, Context(PAID))
    if found is None:
        return
    assert found.amount == amount > Money.parse(0)
    assert found.move not in found.forbidden
    assert offers(found.family, found.move)


# --- until when ---

DEADLINES = {
    # 42 CFR 405.942(a): 120 days from receipt, presumed five days after June 1.
    "redetermination": ("CLP MB 1 100 0; SVC 99213 100 0; CAS CO 50 100", date(2026, 10, 4)),
    # 42 CFR 405.980(c)(1): one year.
    "reopening": ("CLP MB 1 100 0; SVC 99213 100 0; CAS CO 4 100", date(2027, 6, 1)),
    # 42 CFR 424.44(a): one calendar year after service.
    "new claim": ("CLP MB 4 100 0; SVC 99213 100 0; CAS CO 16 100; LQ MA130", date(2027, 5, 14)),
    # 42 CFR 422.582(b): 60 days from receipt.
    "advantage": ("CLP 16 1 100 0; SVC 99213 100 0; CAS CO 50 100", date(2026, 8, 5)),
    # 32 CFR 199.10: 90 days from the notice.
    "tricare": ("CLP CH 1 100 0; SVC 99213 100 0; CAS CO 50 100", date(2026, 8, 30)),
    # 45 CFR 149.510(b)(1): 30 business days.
    "open negotiation": ("CLP 12 1 900 200; SVC 99285 900 200; CAS PI 45 700; LQ N877", date(2026, 7, 13)),
    "contract decides": ("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100", None),
    "state decides": ("CLP WC 1 100 0; SVC 99213 100 0; CAS CO 50 100", None),
    "nothing to file": ("CLP 12 4 100 0; SVC 99213 100 0; CAS OA 18 100", None),
}


@pytest.mark.parametrize(("text", "expected"), DEADLINES.values(), ids=DEADLINES)
def test_deadline(text: str, expected: date | None) -> None:
    assert denial(text).deadline == expected


def test_no_date_says_why_and_names_the_patients_own_right() -> None:
    said = denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100").deadline_source
    assert said.startswith("no date: the contract or the plan decides")
    assert "to 2026-11-28 (29 CFR 2560.503-1(h)(3)(i))" in said


def test_own_setting_of_a_payer_wins() -> None:
    found = denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100", payer="P1", contract_days={"P1": 90})
    assert found.deadline == PAID + timedelta(days=90)
    assert found.deadline_source == "your setting for this payer: 90 days from the remittance"


def test_own_setting_of_another_payer_does_not_count() -> None:
    found = denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100", payer="P2", contract_days={"P1": 90})
    assert found.deadline is None


def test_setting_of_no_days_is_refused() -> None:
    with pytest.raises(InputError, match="at least one day"):
        Context(contract_days={"P1": 0})


def test_indicator_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="0, 1, 9 or unknown"):
        Context(modifier_indicator="2")


def test_payment_without_a_day_has_no_deadline() -> None:
    found = denial("CLP MB 1 100 0; SVC 99213 100 0; CAS CO 50 100", payment_date=None)
    assert found.deadline is None
    assert "not known" in found.deadline_source


def test_advantage_plan_before_2025_counts_from_the_notice() -> None:
    counted = deadline("medicare-advantage", Move.APPEAL, Days(remittance=date(2024, 6, 3)))
    assert counted.day == date(2024, 8, 2)


def test_part_a_counts_from_the_last_day_of_the_stay_and_part_b_from_the_first() -> None:
    days = Days(date(2026, 3, 1), date(2026, 3, 9), PAID)
    ends = {f: deadline(f, Move.NEW_CLAIM, days).day for f in ("medicare-part-a", "medicare-part-b")}
    assert ends == {"medicare-part-a": date(2027, 3, 9), "medicare-part-b": date(2027, 3, 1)}


def test_reconsideration_counts_from_the_redetermination() -> None:
    days = Days(remittance=PAID, decision=date(2026, 9, 1))
    assert deadline("medicare-part-b", Move.RECONSIDERATION, days).day == date(2027, 3, 5)
    assert deadline("medicare-part-b", Move.RECONSIDERATION, Days(remittance=PAID)).day is None


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2024, 2, 29), "1y", date(2025, 2, 28)),
        (date(2023, 2, 28), "1y", date(2024, 2, 28)),
        (date(2026, 12, 31), "12m", date(2027, 12, 31)),
        (date(2026, 8, 31), "6m", date(2027, 2, 28)),
        (date(2026, 6, 5), "1b", date(2026, 6, 8)),
        (date(2026, 6, 6), "5b", date(2026, 6, 12)),
    ],
)
def test_periods(start: date, period: str, end: date) -> None:
    assert add(start, period) == end


@given(st.dates(date(1900, 1, 1), date(2999, 1, 1)), st.integers(1, 90))
def test_business_days_end_on_a_business_day(start: date, count: int) -> None:
    end = add(start, f"{count}b")
    assert end.weekday() < 5
    passed = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(day.weekday() < 5 for day in passed) == count


def test_day_beyond_the_calendar_is_no_crash() -> None:
    assert deadline("medicare-part-b", Move.REOPENING, Days(remittance=date.max)).day is None


# --- the order of work ---

ON = date(2026, 8, 1)


def order(*urgency: tuple[str, int | None]) -> list[tuple[str, bool]]:
    """The amounts as they would be worked on August 1, with whether each is overdue."""
    model = denial("CLP MB 1 100 0; SVC 99213 100 0; CAS CO 50 100")
    due = {days: None if days is None else ON + timedelta(days=days) for _, days in urgency}
    given_out = [
        replace(model, id=str(n), amount=Money.parse(amount), deadline=due[days])
        for n, (amount, days) in enumerate(urgency)
    ]
    items = worklist(given_out, ON)
    assert [w.days_left for w in items] == [w.denial.deadline and (w.denial.deadline - ON).days for w in items]
    return [(str(w.denial.amount), w.overdue) for w in items]


def test_this_week_comes_before_a_greater_amount_of_next_week() -> None:
    assert order(("900.00", 8), ("10.00", 6)) == [("10.00", False), ("900.00", False)]


def test_within_a_week_the_greater_amount_comes_first() -> None:
    assert order(("10.00", 0), ("900.00", 6)) == [("900.00", False), ("10.00", False)]


def test_beyond_four_weeks_and_without_a_date_value_decides() -> None:
    assert [a for a, _ in order(("10.00", 28), ("900.00", None), ("50.00", 300))] == ["900.00", "50.00", "10.00"]


def test_overdue_is_flagged_and_last() -> None:
    assert order(("900.00", -1), ("10.00", None), ("5.00", 3)) == [("5.00", False), ("10.00", False), ("900.00", True)]


def test_same_amount_is_worked_by_the_earlier_deadline() -> None:
    model = denial("CLP MB 1 100 0; SVC 99213 100 0; CAS CO 50 100")
    late, soon = (replace(model, id=i, deadline=ON + timedelta(days=d)) for i, d in (("late", 5), ("soon", 2)))
    assert [w.denial.id for w in worklist([late, soon], ON)] == ["soon", "late"]


def test_nothing_is_lost_in_the_list() -> None:
    text = "CLP 12 1 300 0; CAS CO 29 50; SVC 99213 100 0; CAS CO 50 80; SVC 99214 200 0; CAS CO 97 150"
    found = list(denials_of([claim(text)], Context(PAID)))
    assert {w.denial.id for w in worklist(found, ON)} == {d.id for d in found}


# --- the tables ---


def test_tables_are_as_large_as_promised() -> None:
    in_use = [r for r in reasons().values() if not r.retired]
    assert len(in_use) >= 290
    assert len(remarks()) >= 300


ROWS: list[Reason | Remark] = [*reasons().values(), *group_reasons().values(), *remarks().values()]
# Phrases that only the code lists of X12 and CMS use.
OWNERS = re.compile(
    r"missing/incomplete/invalid|refer to the 835|usage:|alert:|start: \d|our records indicate", re.IGNORECASE
)


def test_words_are_few() -> None:
    assert [row.code for row in ROWS if not 1 <= len(row.words.split()) <= LONGEST_WORDS] == []


def test_every_code_has_an_action() -> None:
    assert [row.code for row in ROWS if not re.fullmatch(r"[A-Z].{5,110}[^.]", row.action)] == []


def test_phrases_of_the_owners_are_not_in_the_tables() -> None:
    assert [row.code for row in ROWS if OWNERS.search(f"{row.words} {row.action}")] == []


def test_reasons_that_cannot_be_sent_any_more_say_so() -> None:
    assert reasons()["A2"].ended == date(2008, 1, 1)
    assert reasons()["165"].retired
    assert reasons()["165"].ended is None
    assert not reasons()["45"].retired


def test_every_category_has_a_move_that_every_payer_offers() -> None:
    families = {kind.family for kind in payer_kinds().values()}
    for category in categories().values():
        assert all(any(offers(f, m) for m in category.moves) for f in families), category.name


def test_every_payer_family_has_its_limits() -> None:
    assert {kind.family for kind in payer_kinds().values()} == {family for family, _ in limits()}


@pytest.mark.parametrize("filing", [None, "", "QQ"])
def test_unknown_filing_indicator_is_an_unknown_payer(filing: str | None) -> None:
    assert payer_kind(filing).kind == "unknown"


HEAD = "code\tcategory\tdisposition\twords\tcause\taction\tended\n"
COLUMNS = tuple(HEAD.split())
GOOD = "16\tcoding\tdenied\tWords\tCause\tAction\t\n"


def test_good_table_is_read() -> None:
    (row,) = parse_table("# a comment\n" + HEAD + GOOD, "t.tsv", COLUMNS)
    assert make_reason(row).words == "Words"


@pytest.mark.parametrize(
    "text",
    [HEAD.replace("words", "text") + GOOD, HEAD + GOOD + GOOD, HEAD + "16\tcoding\n", GOOD, ""],
    ids=["unknown column", "code twice", "short row", "no header", "empty"],
)
def test_wrong_table_is_refused(text: str) -> None:
    with pytest.raises(InternalError):
        list(parse_table(text, "t.tsv", COLUMNS))


@pytest.mark.parametrize(
    ("column", "value"),
    [("category", "weather"), ("disposition", "forgotten"), ("words", ""), ("cause", ""), ("action", "")],
)
def test_wrong_cell_is_refused(column: str, value: str) -> None:
    (row,) = parse_table(HEAD + GOOD, "t.tsv", COLUMNS)
    with pytest.raises(InternalError):
        make_reason({**row, column: value})


def test_table_with_other_columns_is_refused() -> None:
    with pytest.raises(InternalError, match="columns"):
        list(read_table("payers.tsv", ("filing", "kind")))


def test_service_day_of_the_claim_stands_in_for_the_line() -> None:
    assert denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100").service_date == SERVED
