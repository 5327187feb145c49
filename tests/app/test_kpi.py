"""Key figures, recomputed from the tables in plain SQL by the words of each measure, on several days.

`BOOKS` is one row a claim that has money on or before a day; `FIGURES` sums it up. Neither shares anything with
`storage/answers.py` or `remittance/kpi.py`. Amounts are cents.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cli.conftest import Call
from leadterm.app import figures
from leadterm.storage import Database
from remittance.generate import generate
from storage.engines import Place, in_file, on_sqlite

from .notation import LATER, era, outcomes, posted, sent, submitted

# The claims of an organisation with money up to a day: what was charged, paid, written off; when it was sent, first
# answered, served; what the answers of the first day denied
# (of a claim denied without a reason, CLP02 is 4, all that was neither paid nor left to the patient).
BOOKS = """
WITH money AS (
  SELECT * FROM entries WHERE organisation = :us AND effective <= :day AND claim IS NOT NULL
), answer AS (
  SELECT c.claim, r.effective, c.charge, c.start
  FROM remitted_claims c JOIN remittances r ON r.key = c.remittance
  WHERE c.organisation = :us AND r.effective <= :day AND c.status <> '25'
), refused AS (
  SELECT c.claim, r.effective, sum(CASE
    WHEN EXISTS (SELECT 1 FROM entries e WHERE e.remittance = c.remittance AND e.claim_number = c.number
                 AND e.disposition = 'denied') THEN 0
    ELSE c.charge - c.paid - c.patient END) AS amount
  FROM remitted_claims c JOIN remittances r ON r.key = c.remittance
  WHERE c.organisation = :us AND c.status = '4' GROUP BY c.claim, r.effective
), answered AS (
  SELECT claim, min(effective) AS first, max(charge) AS charge, min(start) AS start FROM answer GROUP BY claim
), ours AS (
  SELECT claim, min(submitted) AS submitted, min(service_from) AS served
  FROM claims WHERE organisation = :us AND submitted <= :day GROUP BY claim
), checked AS (
  SELECT claim, errors FROM claim_events AS this
  WHERE organisation = :us AND day <= :day AND NOT EXISTS (
    SELECT 1 FROM claim_events AS before
    WHERE before.organisation = :us AND before.claim = this.claim AND (before.day, before.key) < (this.day, this.key))
), book AS (
  SELECT m.claim,
    CASE WHEN o.claim IS NULL THEN a.charge ELSE sum(CASE WHEN m.kind = 'charge' THEN m.amount ELSE 0 END) END charged,
    sum(CASE WHEN m.kind = 'payment' THEN m.amount ELSE 0 END) paid,
    sum(CASE WHEN m.disposition = 'write-off' THEN m.amount ELSE 0 END) written_off,
    sum(CASE WHEN m.disposition = 'denied' AND m.effective = a.first THEN m.amount ELSE 0 END)
      + coalesce(x.amount, 0) AS denied_first,
    o.submitted, coalesce(o.served, a.start) AS served, a.first, k.errors
  FROM money m LEFT JOIN ours o ON o.claim = m.claim LEFT JOIN answered a ON a.claim = m.claim
    LEFT JOIN checked k ON k.claim = m.claim LEFT JOIN refused x ON x.claim = m.claim AND x.effective = a.first
  GROUP BY m.claim
), owed AS (
  SELECT *, charged - paid - written_off AS owed, coalesce(submitted, served, first) AS began,
    julianday(:day) - julianday(coalesce(served, submitted, first)) AS age
  FROM book
)
"""
FIGURES = """
SELECT
  sum(max(owed, 0)) AS receivable,
  sum(max(-owed, 0)) AS credit,
  sum(CASE WHEN julianday(:day) - julianday(began) BETWEEN 0 AND 89 THEN charged ELSE 0 END) AS recent,
  sum(CASE WHEN owed > 0 AND age <= 30 THEN owed ELSE 0 END) AS "ar-0-30",
  sum(CASE WHEN owed > 0 AND age BETWEEN 31 AND 60 THEN owed ELSE 0 END) AS "ar-31-60",
  sum(CASE WHEN owed > 0 AND age BETWEEN 61 AND 90 THEN owed ELSE 0 END) AS "ar-61-90",
  sum(CASE WHEN owed > 0 AND age BETWEEN 91 AND 120 THEN owed ELSE 0 END) AS "ar-91-120",
  sum(CASE WHEN owed > 0 AND age > 120 THEN owed ELSE 0 END) AS "ar-over-120",
  count(submitted) AS submitted,
  sum(submitted IS NOT NULL AND errors = 0) AS clean,
  count(first) AS answered,
  sum(first IS NOT NULL AND denied_first > 0) AS denied,
  sum(first IS NOT NULL AND denied_first <= 0) AS first_pass,
  sum(CASE WHEN first IS NOT NULL THEN denied_first ELSE 0 END) AS denied_amount,
  sum(CASE WHEN first IS NOT NULL THEN charged ELSE 0 END) AS answered_amount,
  sum(first IS NOT NULL AND submitted IS NOT NULL) AS waited,
  sum(CASE WHEN submitted IS NOT NULL THEN julianday(first) - julianday(submitted) ELSE 0 END) AS waiting,
  sum(CASE WHEN first IS NOT NULL THEN paid ELSE 0 END) AS paid,
  sum(CASE WHEN first IS NOT NULL THEN charged - written_off ELSE 0 END) AS collectable
FROM owed
"""
AGES = ("ar-0-30", "ar-31-60", "ar-61-90", "ar-91-120", "ar-over-120")
BEFORE = date(2024, 1, 1)


def recomputed(place: Place, day: date) -> dict[str, tuple[Decimal, Decimal]]:
    """Numerator and denominator of each figure."""
    with closing(sqlite3.connect(place.home / "ledger.db")) as connection:
        connection.row_factory = sqlite3.Row
        row = connection.execute(BOOKS + FIGURES, {"us": place.organisation, "day": day.isoformat()}).fetchone()
    n = {key: Decimal(int(row[key] or 0)) for key in row.keys()}  # noqa: SIM118 (a Row is no mapping)
    dollars = {key: value / 100 for key, value in n.items()}
    return {
        "days-in-ar": (dollars["receivable"], dollars["recent"] / 90),
        **{age: (dollars[age], dollars["receivable"]) for age in AGES},
        "clean-claim-rate": (n["clean"], n["submitted"]),
        "denial-rate": (n["denied"], n["answered"]),
        "denial-rate-amount": (dollars["denied_amount"], dollars["answered_amount"]),
        "first-pass-yield": (n["first_pass"], n["answered"]),
        "days-to-answer": (n["waiting"], n["waited"]),
        "net-collection-rate": (dollars["paid"], dollars["collectable"]),
        "credit-balances": (dollars["credit"], dollars["receivable"]),
    }


def told(database: Database, day: date) -> dict[str, tuple[Decimal, Decimal]]:
    return {m.name: (m.numerator, m.denominator) for m in figures.kpi(database, day)}


KINDS = ("ordinary", "deductible", "refused", "refused whole", "after another", "forwarded", "taken back", "bundled")


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Place]]:
    """A year of a practice: answers of several payers, half of whose claims were sent from here, some of them twice."""
    place = in_file(tmp_path_factory.mktemp("practice"))
    chance = random.Random(20)
    with place.opened() as database:
        for seed in range(300, 310):
            made = generate(seed, 25, scenarios=KINDS, interchanges=1, groups=1, transactions=1)
            (payment,) = made.truth.payments
            some = [c for c in payment.claims if c.id.isalnum() and c.lines and chance.random() < 0.6]
            assert payment.payment_date is not None
            for claim in some:
                submit(database, claim, payment.payment_date, chance)
            assert set(outcomes(posted(database, made.content))) == {"posted"}
        yield database, place


def submit(database: Database, claim: Any, paid_on: date, chance: random.Random) -> None:
    """Sends a claim from five to sixty days before its answer, or (one in ten) after it; some need a second try."""
    day = paid_on - timedelta(days=chance.choice((5, 14, 15, 30, 60, -8)))
    lines = [f"{line.submitted_code or line.code} {abs(line.charge)} {line.start or ''}" for line in claim.lines]
    lines = [text for text in lines if not text.startswith(("0", "1"))] or ["99213 80.01"]
    if chance.random() < 0.25:
        submitted(database, sent(claim.id, *lines), str(day - timedelta(days=2)), errors=chance.randint(1, 3))
    submitted(database, sent(claim.id, *lines), str(day))
    if chance.random() < 0.15:
        again = sent(claim.id, "99213 91.25", frequency=chance.choice("778"), payer_control_number="ICN1")
        submitted(database, again, str(day + timedelta(days=3)))


DAYS = [BEFORE, date(2025, 12, 31), *(date(2026, 1, 5) + timedelta(days=n) for n in range(0, 420, 17)), LATER]


def test_every_figure_equals_its_recomputation_on_every_day(practice: tuple[Database, Place]):
    database, place = practice
    for day in DAYS:
        assert told(database, day) == recomputed(place, day), day


def test_the_figures_of_the_year_say_something(practice: tuple[Database, Place]):
    database, _ = practice
    found = told(database, date(2026, 11, 1))
    assert {name for name, (_, below) in found.items() if not below} == set()
    above = {name for name, (above, _) in found.items() if above}
    assert above == set(found) - {age for age in AGES if not found[age][0]}
    assert sum(found[age][0] for age in AGES) == found["days-in-ar"][0]


def test_before_anything_there_is_nothing_to_divide_by(practice: tuple[Database, Place]):
    database, _ = practice
    for measure in figures.kpi(database, BEFORE):
        assert (measure.numerator, measure.denominator, measure.value) == (0, 0, None)


def test_an_empty_ledger_has_no_figure(database: Database):
    assert {m.value for m in figures.kpi(database, LATER)} == {None}
    assert len(figures.kpi(database, LATER)) == 13


PAID = "CLP {0} 1 100 60 0; SVC 99213 100 60; DTM 472 20260501; CAS CO 45 40"
DENIED = "CLP {0} 4 100 0 0; SVC 99213 100 0; DTM 472 20260501; CAS CO 16 100"


def value(database: Database, name: str, day: date = date(2026, 6, 30)) -> str:
    (measure,) = (m for m in figures.kpi(database, day) if m.name == name)
    return f"{measure.numerator.normalize():f}/{measure.denominator.normalize():f}"


def test_both_engines_tell_the_same_figures(database: Database):
    submitted(database, sent("A1", "99213 100"), "2026-05-03")
    submitted(database, sent("A2", "99213 100"), "2026-05-13", errors=1)
    submitted(database, sent("A2", "99213 100"), "2026-05-15")
    posted(database, era(PAID.format("A1"), DENIED.format("A2"), day="20260602"))
    found = {m.name: str(m.value) for m in figures.kpi(database, date(2026, 6, 30))}
    assert found == {
        "days-in-ar": "45.0000", "ar-0-30": "0.0000", "ar-31-60": "1.0000", "ar-61-90": "0.0000",
        "ar-91-120": "0.0000", "ar-over-120": "0.0000", "clean-claim-rate": "0.5000", "denial-rate": "0.5000",
        "denial-rate-amount": "0.5000", "first-pass-yield": "0.5000", "days-to-answer": "24.0000",
        "net-collection-rate": "0.3750", "credit-balances": "0.0000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("age", "bucket"),
    [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (120, 3), (121, 4), (5000, 4)],
)
@on_sqlite
def test_receivables_age_from_the_day_of_service(database: Database, age: int, bucket: int):
    submitted(database, sent("A1", "99213 100"), "2026-05-03")
    day = date(2026, 5, 1) + timedelta(days=age)
    if day < date(2026, 5, 3):
        submitted(database, sent("A2", "99213 50"), "2026-05-01")
    found = told(database, day)
    assert [name for name in AGES if found[name][0]] == [AGES[bucket]]


@on_sqlite
def test_charges_of_ninety_days_are_averaged(database: Database):
    submitted(database, sent("A1", "99213 90"), "2026-05-03")
    last = date(2026, 5, 3) + timedelta(days=89)
    assert value(database, "days-in-ar", date(2026, 5, 2)) == "0/0"
    assert value(database, "days-in-ar", date(2026, 5, 3)) == "90/1"
    assert value(database, "days-in-ar", last) == "90/1"
    assert value(database, "days-in-ar", last + timedelta(days=1)) == "90/0"


@on_sqlite
def test_what_is_overpaid_is_a_credit_and_lowers_no_receivable(database: Database):
    posted(database, era(PAID.format("A1"), DENIED.format("A2")))
    posted(database, era("CLP A1 2 100 25 0; SVC 99213 100 25; DTM 472 20260501; CAS OA 23 75", trace="T2"))
    assert value(database, "credit-balances") == "25/100"


@on_sqlite
def test_the_first_answer_decides_whatever_comes_later(database: Database):
    posted(database, era(DENIED.format("A1"), day="20260601"))
    posted(database, era(PAID.format("A1"), trace="T2", day="20260610"))
    posted(database, era(PAID.format("A2"), trace="T3", day="20260601"))
    posted(database, era(DENIED.format("A2"), trace="T4", day="20260610"))
    assert value(database, "denial-rate") == "1/2"
    assert value(database, "first-pass-yield") == "1/2"


@on_sqlite
def test_a_claim_that_was_sent_counts_from_its_own_lines(database: Database):
    submitted(database, sent("A1", "99213 80", "80053 15"), "2026-05-03")
    posted(database, era(PAID.format("A1")))
    assert value(database, "net-collection-rate") == "60/55"
    assert value(database, "days-to-answer") == "29/1"


@on_sqlite
def test_an_estimate_is_no_answer_and_no_charge(database: Database):
    estimate = "CLP A1 25 1000 0 0; SVC 99213 1000 0; DTM 472 20260501; CAS OA 101 1000"
    posted(database, era(estimate, trace="T0", day="20260501"))
    posted(database, era(DENIED.format("A1"), day="20260601"))
    (account,) = figures.accounts(database, LATER)
    assert (str(account.charged), account.first_answer) == ("100.00", date(2026, 6, 1))


@on_sqlite
def test_a_claim_denied_without_a_reason_is_denied(database: Database):
    """It stands on the worklist of denials with its whole balance."""
    posted(database, era("CLP A1 4 100 0 0; SVC 99213 100 0; DTM 472 20260501; CAS OA 23 100"))
    assert value(database, "denial-rate") == "1/1"
    assert value(database, "first-pass-yield") == "0/1"


@on_sqlite
def test_the_command_prints_the_same_figures(command: Call, database: Database):
    posted(database, era(PAID.format("A1"), DENIED.format("A2")))
    shown = command("kpi", "--as-of", "2026-06-30", "--json").json
    mine = figures.kpi(database, date(2026, 6, 30))
    assert shown["as_of"] == "2026-06-30"
    assert [(m["name"], m["value"]) for m in shown["measures"]] == [
        (m.name, None if m.value is None else float(m.value)) for m in mine
    ]
    assert command("kpi", "--as-of", "2026-06-30").text.count("\n") == len(mine)
    assert command("kpi", "--as-of", "yesterday").code == 2
    assert command("kpi", "--as-of", "2020-01-01").code == 0


@on_sqlite
def test_the_first_day_of_the_calendar_is_a_day(command: Call):
    assert command("kpi", "--as-of", "0001-01-01").code in (0, 2)
    assert command("kpi", "--as-of", "9999-12-31").code == 0


def test_an_account_is_told_up_to_its_day(database: Database):
    posted(database, era(PAID.format("A1")))
    account, entries = figures.account(database, "A1", date(2026, 6, 1))
    assert (str(account.balance), len(entries)) == ("0.00", 2)
    with pytest.raises(Exception, match="no entry of that claim up to that day"):
        figures.account(database, "A1", date(2026, 5, 31))
