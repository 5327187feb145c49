"""Posting: what the payer says to the cent, each payment once and whole, whatever comes twice, broken or at once."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import leadterm
from leadterm.app.posting import Posting, post
from leadterm.domain import InputError
from leadterm.storage import Database
from leadterm.storage.tables import claims, files, remittances, remitted_claims, remitted_lines, sequences
from leadterm.x12 import X12Error
from remittance.generate import generate
from remittance.mutants import MUTANTS, subject
from remittance.recompute import Truth
from storage.engines import Place, on_sqlite

from .notation import cents, era, file, ledger, matches, outcomes, payment, posted, rules, said, sent, submitted, table

SEEDS = range(10)
KINDS_OUTSIDE = ("recoupment", "provider-level")
PAID = "CLP {0} 1 100 60 0; SVC 99213 100 60; DTM 472 20260501; CAS CO 45 40"
BROKEN = "CLP {0} 1 100 61 0; SVC 99213 100 60; DTM 472 20260501; CAS CO 45 40"
POSTER = """
import io, sys
from pathlib import Path
from leadterm.app.posting import Posting, post
from leadterm.storage import open_database
home, url, organisation, name = sys.argv[1:]
with open_database(Path(home), url, organisation) as database:
    sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
    with open(name, "rb") as source:
        print([p.outcome for p in post(database, source).payments])
"""


def in_cents(amount: Decimal) -> int:
    return int(amount * 100)


def sums(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    out: Counter[Any] = Counter()
    for key, amount in pairs:
        out[key] += amount
    return {key: amount for key, amount in out.items() if amount}


def told(truth: Truth) -> dict[Any, int]:
    """What the ledger must come to, by kind and reason: estimates (CLP02 is 25) are no money."""
    judged = [c for p in truth.payments for c in p.claims if c.status != "25"]
    pairs = [("payment", in_cents(c.paid)) for c in judged]
    pairs += [((a.group, a.reason), in_cents(a.amount)) for c in judged for a in c.all_adjustments()]
    pairs += [(("PLB", s.reason), in_cents(s.amount)) for p in truth.payments for s in p.provider_adjustments]
    return sums(pairs)


def kept(database: Database) -> dict[Any, int]:
    """The same of the ledger."""
    pairs = []
    for row in ledger(database):
        key = (row["group"], row["reason"]) if row["group"] else row["kind"]
        pairs.append((("PLB", row["reason"]) if row["kind"] in KINDS_OUTSIDE else key, row["amount"]))
    return sums(pairs)


def test_sums_equal_what_the_files_say_to_the_cent(database: Database):
    whole: Counter[Any] = Counter()
    for seed in SEEDS:
        made = generate(seed)
        assert set(outcomes(posted(database, made.content))) <= {"posted"}
        whole.update(told(made.truth))
        assert kept(database) == {key: amount for key, amount in whole.items() if amount}, seed


def test_the_patients_part_is_what_each_claim_says(database: Database):
    made = generate(4, 24, interchanges=1, scenarios=("ordinary", "deductible", "stay"))
    posted(database, made.content)
    owed = {c.id: c.patient for p in made.truth.payments for c in p.claims}
    assert any(owed.values())
    rows = ledger(database, kind="patient-responsibility")
    assert {r["disposition"] for r in rows if r["reason"] in "123"} == {"patient"}
    assert sums((r["claim"], r["amount"]) for r in rows) == sums((k, in_cents(v)) for k, v in owed.items())


def test_the_charge_of_each_claim_is_its_payments_and_adjustments(database: Database):
    for seed in SEEDS:
        posted(database, generate(seed).content)
    came = sums(((r["remittance"], r["claim_number"]), r["amount"]) for r in ledger(database) if r["claim"])
    heads = table(database, remitted_claims)
    judged = [h for h in heads if h["status"] != "25"]
    assert len(judged) > 70
    assert len(heads) > len(judged)
    assert came == sums(((h["remittance"], h["number"]), h["charge"]) for h in judged)


def test_a_predetermination_makes_no_entry(database: Database):
    answer = posted(database, generate(2, 6, scenarios=("predetermined",), settlements=False).content)
    assert {(p.outcome, p.entries) for p in answer.payments} == {("posted", 0)}
    assert ledger(database) == []
    assert len(table(database, remitted_claims)) == 6


@on_sqlite
def test_every_entry_carries_the_place_of_its_segment(database: Database):
    for seed in range(6):
        made = generate(seed, separators="|!>~").content
        posted(database, made)
        for row in ledger(database):
            elements = made[row["offset"] :].split(b"~", 1)[0].decode().split("|")
            assert elements[0] == row["segment"]
            assert made[: row["offset"]].count(b"~") + 1 == row["position"]
            assert {"SVC": "payment", "CLP": "payment"}.get(elements[0], row["kind"]) == row["kind"]
            amount = {"CAS": 3 * row["part"], "PLB": 2 + 2 * row["part"], "SVC": 3}.get(elements[0])
            if amount is not None:
                assert in_cents(Decimal(elements[amount])) == row["amount"]
        database = _another(database, seed)


def _another(database: Database, number: int) -> Database:
    """The same ledger of another organisation."""
    return Database(database._engine, f"{database.organisation}-{number}")


def test_the_same_file_five_times_is_posted_once(database: Database):
    made = generate(7, 10).content
    first = posted(database, made)
    before, numbers = said(database), table_of(database, sequences)
    for _ in range(4):
        again = posted(database, made)
        assert (again.payments, rules(again)) == ((), ["LEDGER:posting/twice"])
    assert said(database) == before
    assert table_of(database, sequences) == numbers
    assert sum(p.entries for p in first.payments) == len(before)


def table_of(database: Database, wanted: Any) -> list[Any]:
    with database.reading() as connection:
        return sorted(map(tuple, connection.execute(wanted.select())))


@on_sqlite
@pytest.mark.parametrize("separators", ["*^:~", "|!>%", "*{>~", "*^:\n", "*^<\r"])
def test_the_same_payments_in_another_envelope_are_posted_once(database: Database, separators: str):
    posted(database, generate(9, 12, separators="*^:~").content)
    before = said(database)
    again = posted(database, generate(9, 12, control=7001, separators=separators, newline="\r\n").content)
    assert set(outcomes(again)) == {"twice"}
    assert said(database) == before


@on_sqlite
def test_the_same_payments_with_control_characters_between_are_posted_once(database: Database):
    posted(database, generate(9, 12, separators="*^:~").content)
    again = posted(database, generate(9, 12, control=7001, separators="\x1d\x1e\x1f\x1c").content)
    assert set(outcomes(again)) == {"twice"}


def test_a_payment_twice_in_one_file_is_posted_once(database: Database):
    one = payment(PAID.format("A1"))
    assert outcomes(posted(database, file(one, one))) == ["posted", "twice"]
    assert cents(ledger(database, kind="payment")) == 6000


def test_payments_of_a_file_that_was_posted_in_part_come_in_later(database: Database):
    first, second = payment(PAID.format("A1"), trace="T1"), payment(PAID.format("A2"), trace="T2")
    posted(database, file(first))
    assert outcomes(posted(database, file(first, second))) == ["twice", "posted"]
    assert [r["claim"] for r in ledger(database, kind="payment")] == ["A1", "A2"]


def test_another_payment_with_the_same_trace_is_refused_until_it_is_accepted(database: Database):
    posted(database, era(PAID.format("A1"), trace="T1"))
    other = era(PAID.format("A2"), trace="T1")
    answer = posted(database, other)
    assert outcomes(answer) == ["refused"]
    assert "LEDGER:posting/same-trace" in rules(answer)
    assert [r["claim"] for r in ledger(database, kind="payment")] == ["A1"]
    assert outcomes(posted(database, other, accept="both hold, says the payer")) == ["posted"]
    assert [r["claim"] for r in ledger(database, kind="payment")] == ["A1", "A2"]


def test_the_same_trace_of_another_payer_is_another_payment(database: Database):
    posted(database, era(PAID.format("A1"), originator="1111111111"))
    assert outcomes(posted(database, era(PAID.format("A2"), originator="1222222222"))) == ["posted"]


def test_remittances_without_money_may_share_a_trace(database: Database):
    denied = "CLP {0} 4 100 0 0; SVC 99213 100 0; DTM 472 20260501; CAS CO 29 100"
    for number in ("A1", "A2"):
        assert outcomes(posted(database, era(denied.format(number), trace="0"))) == ["posted"]


def test_a_broken_payment_is_refused_and_the_others_are_posted(database: Database):
    texts = (PAID.format("A1"), BROKEN.format("A2"), PAID.format("A3"))
    made = file(*(payment(text, trace=f"T{n}") for n, text in enumerate(texts)))
    answer = posted(database, made)
    assert outcomes(answer) == ["posted", "refused", "posted"]
    assert answer.refused
    assert [p.entries for p in answer.payments] == [2, 0, 2]
    assert {r["claim"] for r in ledger(database)} == {"A1", "A3"}
    for wanted in (remittances, remitted_claims, remitted_lines):
        assert len(table(database, wanted)) == 2
    assert table(database, files) == []


def test_a_broken_payment_that_is_mended_comes_in_later(database: Database):
    other = payment(PAID.format("B1"), trace="T2")
    assert outcomes(posted(database, file(payment(BROKEN.format("A1")), other))) == ["refused", "posted"]
    assert outcomes(posted(database, file(payment(PAID.format("A1")), other))) == ["posted", "twice"]
    assert [r["claim"] for r in ledger(database, kind="payment")] == ["B1", "A1"]


def test_many_claims_before_the_error_leave_nothing(database: Database):
    """More rows than are written at a time stand in the database before the payment proves wrong."""
    texts = [PAID.format(f"A{n}") for n in range(1500)]
    assert outcomes(posted(database, era(*texts, BROKEN.format("B1")))) == ["refused"]
    for wanted in (remittances, remitted_claims, remitted_lines, files):
        assert table(database, wanted) == []
    assert ledger(database) == []


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_file_that_breaks_off_leaves_nothing(database: Database, share: float):
    made = generate(12, 20, interchanges=3, groups=1, transactions=2, tail="").content
    with pytest.raises(X12Error):
        posted(database, made[: int(len(made) * share)])
    for wanted in (remittances, remitted_claims, remitted_lines, files):
        assert table(database, wanted) == []
    assert ledger(database) == []
    assert set(outcomes(posted(database, made))) == {"posted"}


@on_sqlite
def test_a_mutant_is_posted_only_where_nothing_is_wrong_with_it(database: Database):
    """Whatever a single fault does: refused or raised, and the ledger is as before; or posted with warnings alone."""
    wrongly_posted, whole = [], subject(0)
    for number, mutant in enumerate(m for m in MUTANTS if m.name not in IN_THE_HEADER):
        here = _another(database, number)
        try:
            answer = posted(here, mutant.mutate(whole, random.Random(0)))
        except InputError:
            assert ledger(here) == [], mutant.name
            continue
        wrong = any(f.severity.value == "error" for f in answer.findings)
        wrongly_posted += [mutant.name] if wrong and "posted" in outcomes(answer) else []
        assert wrong or set(outcomes(answer)) == {"posted"}, mutant.name
        assert len(ledger(here)) == sum(p.entries for p in answer.payments), mutant.name
    assert wrongly_posted == []


# Faults in front of the first claim, which are told before the payment is.
IN_THE_HEADER = ("BPR twice", "BPR16 missing", "payer's N4 missing", "PER BL missing", "BPR04 is XYZ", "BPR03 is X")


@on_sqlite
@pytest.mark.parametrize("name", IN_THE_HEADER)
def test_an_error_in_the_header_of_a_payment_refuses_it(database: Database, name: str):
    mutant = next(m for m in MUTANTS if m.name == name)
    assert outcomes(posted(database, mutant.mutate(subject(0), random.Random(0)))) == ["refused"]


def wrong_envelope(*payments: list[str], control: int) -> bytes:
    return file(*payments, control=control).replace(b"IEA*1*", b"IEA*2*")


def test_an_error_of_the_envelope_weighs_on_all_payments_of_its_interchange_and_on_no_other(database: Database):
    texts = [payment(PAID.format(f"A{n}"), trace=f"T{n}") for n in range(5)]
    made = file(texts[0]) + wrong_envelope(*texts[1:3], control=20) + file(*texts[3:], control=30)
    answer = posted(database, made)
    assert outcomes(answer) == ["posted", "refused", "refused", "posted", "posted"]
    assert [p.entries for p in answer.payments] == [2, 0, 0, 2, 2]
    assert {r["claim"] for r in ledger(database)} == {"A0", "A3", "A4"}
    assert outcomes(posted(database, made, accept="counted by hand")) == ["twice", "posted", "posted", "twice", "twice"]
    assert len(ledger(database)) == 10


def test_what_is_accepted_in_spite_of_its_envelope_bears_the_reason_too(database: Database):
    posted(database, wrong_envelope(payment(PAID.format("A1")), control=20), accept="counted by hand")
    assert [r["accepted"] for r in table(database, remittances)] == ["counted by hand"]


def test_a_wrong_count_of_one_payment_refuses_that_one_alone(database: Database):
    """SE01 is the payment's own; GE01 and IEA01, which count payments, are right."""
    texts = [payment(PAID.format(f"A{n}"), trace=f"T{n}") for n in range(3)]
    made = file(*texts)
    at = made.index(b"SE*", made.index(b"SE*") + 1)
    answer = posted(database, made[:at] + b"SE*77" + made[made.index(b"*", at + 3) :])
    assert outcomes(answer) == ["posted", "refused", "posted"]
    assert {r["claim"] for r in ledger(database)} == {"A0", "A2"}


def test_what_an_interchange_with_errors_took_back_was_not_posted_before(database: Database):
    one = payment(PAID.format("A1"))
    assert "twice" not in outcomes(posted(database, wrong_envelope(one, one, control=20)))
    assert ledger(database) == []
    assert outcomes(posted(database, file(one))) == ["posted"]


def test_what_is_accepted_is_posted_with_its_reason(database: Database):
    made = era(BROKEN.format("A1"))
    reason = "payer confirmed by phone, réf 4711"
    assert outcomes(posted(database, made)) == ["refused"]
    answer = posted(database, made, accept=reason)
    assert outcomes(answer) == ["posted"]
    assert not answer.refused
    assert "X221A1:1.10.2.1.2/claim-balance" in rules(answer)
    assert [r["accepted"] for r in table(database, remittances)] == [reason]


def test_a_payment_without_fault_does_not_bear_a_reason_that_it_did_not_need(database: Database):
    posted(database, file(payment(PAID.format("A1")), payment(BROKEN.format("A2"), trace="T2")), accept="told so")
    assert [r["accepted"] for r in table(database, remittances)] == [None, "told so"]


def test_a_payment_without_a_day_is_refused_even_when_accepted(database: Database):
    made = era(PAID.format("A1")).replace(b"*20260601~\nTRN", b"~\nTRN")
    for accept in (None, "why not"):
        answer = posted(database, made, accept=accept)
        assert outcomes(answer) == ["refused"]
        assert "LEDGER:posting/no-date" in rules(answer)
    assert ledger(database) == []


def test_a_debit_is_posted_with_its_sign(database: Database):
    posted(database, era("CLP A1 22 -100 -60 0; SVC 99213 -100 -60; DTM 472 20260501; CAS CO 45 -40"))
    assert [r["amount"] for r in table(database, remittances)] == [-6000]
    assert [r["amount"] for r in ledger(database)] == [-6000, -4000]


def test_unknown_claims_are_told_once_a_payment(database: Database):
    submitted(database, sent("A1", "99213 100"))
    texts = [PAID.format(name) for name in ("A1", "B1", "B2", "B3")]
    answer = posted(database, file(payment(*texts), payment(*texts[2:], trace="T2")))
    words = [f.message for f in answer.findings if f.rule == "LEDGER:match/claim"]
    assert [w.split(" of this")[0] for w in words] == ["3 of 4 claims", "2 of 2 claims"]


def test_more_claims_than_are_looked_up_at_a_time_are_all_found(database: Database):
    names = [f"A{n}" for n in range(1203)]
    for name in (names[0], names[499], names[500], names[1202]):
        submitted(database, sent(name, "99213 100"))
    answer = posted(database, era(*[PAID.format(name) for name in names]))
    assert [f.message.split(" of this")[0] for f in answer.findings] == ["1199 of 1203 claims"]
    assert [row[1] for row in matches(database)] == [1, 500, 501, 1203]


def test_a_line_that_fits_nothing_is_told_with_its_place(database: Database):
    submitted(database, sent("A1", "99213 100", "80053 50"))
    made = era("CLP A1 1 150 150 0; SVC 99213 100 100; DTM 472 20260501; SVC 71046 50 50; DTM 472 20260501")
    (found,) = posted(database, made).findings
    assert (found.rule, found.location["claim"]) == ("LEDGER:match/line", "A1")
    assert made[found.location["offset"] :].startswith(b"SVC*HC:71046")
    assert found.message.startswith("Remitted line 2 of this claim fits none of the 2 lines")


SENT = ("99213-25 100", "80053 40", "80053 40", "97110-GP 90", "71046 60")
ANSWERED = (
    "CLP A1 1 330 330 0; SVC 80053 40 40; DTM 472 20260501; SVC 99213 100 100; DTM 472 20260501; REF 6R 1; "
    "SVC 97110 50 50; DTM 472 20260501; SVC 97110 40 40; DTM 472 20260501; SVC 80053 40 40; "
    "SVC 71045 60 60 <71046; DTM 472 20260501"
)


def test_claims_sent_before_and_after_the_answer_are_matched_alike(database: Database):
    before, after = _another(database, 1), _another(database, 2)
    submitted(before, sent("A1", *SENT))
    first = posted(before, era(ANSWERED))
    assert rules(first) == []
    posted(after, era(ANSWERED))
    late = submitted(after, sent("A1", *SENT))
    assert late.findings == ()
    found = [row[1:] for row in matches(before)]
    assert found == [row[1:] for row in matches(after)]
    assert [(line, how) for _, _, _, line, how in found] == [
        (2, "procedure"), (1, "line-number"), (4, "split-no-modifier"), (4, "split-no-modifier"), (3, "procedure"),
        (5, "procedure"),
    ]  # fmt: skip
    assert said(before) == said(after)


@on_sqlite
def test_generated_answers_are_matched_alike_before_and_after(database: Database):
    kinds = ("ordinary", "refused", "bundled", "unbundled", "after another", "taken back")
    made = generate(31, 60, interchanges=1, groups=1, transactions=1, scenarios=kinds)
    mine = [c for c in made.truth.payments[0].claims if c.lines and c.status != "22" and c.id.isalnum()]
    before, after = _another(database, 1), _another(database, 2)
    chosen = {c.id: c for c in mine}.values()
    claims_sent = [sent(c.id, *(_as_sent(line) for line in c.lines)) for c in chosen]
    for one in claims_sent:
        submitted(before, one)
    posted(before, made.content)
    posted(after, made.content)
    for one in reversed(claims_sent):
        submitted(after, one)
    assert [row[1:] for row in matches(before)] == [row[1:] for row in matches(after)]
    assert len(matches(before)) >= 20


def _as_sent(line: Any) -> str:
    code = line.submitted_code or line.code
    return f"{code} {line.charge} {line.start or ''}".rstrip()


def charges(database: Database) -> list[tuple[int | None, int]]:
    return [(r["line"], r["amount"]) for r in ledger(database, kind="charge")]


def test_each_line_of_a_claim_is_charged(database: Database):
    assert submitted(database, sent("A1", "99213 100", "80053 40.50")).outcome == "submitted"
    assert charges(database) == [(1, 10000), (2, 4050)]
    assert [r["charge"] for r in table(database, claims)] == [14050]


def test_a_replacement_takes_back_what_it_replaces(database: Database):
    submitted(database, sent("A1", "99213 100", "80053 40"))
    replacing = sent("A1", "99214 130", frequency="7", payer_control_number="ICN1")
    assert submitted(database, replacing, "2026-06-10").outcome == "submitted"
    assert charges(database) == [(1, 10000), (2, 4000), (1, -10000), (2, -4000), (1, 13000)]
    again = sent("A1", "99214 120", frequency="7", payer_control_number="ICN2")
    submitted(database, again, "2026-06-12")
    assert cents(ledger(database, kind="charge")) == 12000


def test_a_void_leaves_no_charge(database: Database):
    submitted(database, sent("A1", "99213 100", "80053 40"))
    voiding = sent("A1", "99213 100", "80053 40", frequency="8", payer_control_number="ICN1")
    assert submitted(database, voiding).outcome == "submitted"
    assert cents(ledger(database)) == 0
    assert len(ledger(database)) == 4


def test_a_replacement_of_what_was_not_sent_from_here_charges_its_own(database: Database):
    submitted(database, sent("A1", "99213 100", frequency="7", payer_control_number="ICN1"))
    assert charges(database) == [(1, 10000)]


def test_the_same_claim_is_charged_once(database: Database):
    made = sent("A1", "99213 100")
    assert [submitted(database, made).outcome for _ in range(3)] == ["submitted", "twice", "twice"]
    assert charges(database) == [(1, 10000)]


def test_a_claim_with_errors_is_not_charged(database: Database):
    assert submitted(database, sent("A1", "99213 100"), errors=2).outcome == "refused"
    assert ledger(database) == []


def test_a_claim_sent_again_with_a_change_is_not_charged_twice(database: Database):
    """A clearinghouse rejects a claim, it is corrected and goes out again as an original under its number."""
    submitted(database, sent("A1", "99213 100"))
    submitted(database, sent("A1", "99213-25 100"), "2026-05-05")
    assert cents(ledger(database, kind="charge")) == 10000


def test_an_answer_is_matched_to_the_newest_form_of_its_claim(database: Database):
    submitted(database, sent("A1", "99213 100"))
    submitted(database, sent("A1", "80053 20", "99214 130", frequency="7", payer_control_number="ICN1"), "2026-05-09")
    posted(database, era("CLP A1 1 150 150 0; SVC 99214 130 130; DTM 472 20260501; SVC 80053 20 20"))
    assert [(number, line) for _, _, number, _, line, _ in matches(database)] == [(1, 2), (2, 1)]


def credits(answer: Posting) -> list[str]:
    return [f.message for f in answer.findings if f.rule == "LEDGER:balance/credit"]


def test_more_than_was_charged_is_told_of_with_its_claim(database: Database):
    submitted(database, sent("A1", "99213 80"))
    submitted(database, sent("A2", "99213 100"))
    answer = posted(database, era(PAID.format("A1"), PAID.format("A2"), PAID.format("B1")))
    assert [m.split(" more")[0] for m in credits(answer)] == ["20.00"]
    assert [f.location for f in answer.findings if f.rule == "LEDGER:balance/credit"] == [{"claim": "A1"}]


def test_a_reversal_and_its_correction_are_no_credit(database: Database):
    submitted(database, sent("A1", "99213 100"))
    posted(database, era(PAID.format("A1")))
    back = "CLP A1 22 -100 -60 0; SVC 99213 -100 -60; DTM 472 20260501; CAS CO 45 -40"
    anew = "CLP A1 1 100 70 0; SVC 99213 100 70; DTM 472 20260501; CAS CO 45 30"
    assert credits(posted(database, era(anew, back, trace="T2", day="20260701"))) == []


def test_a_correction_and_its_reversal_far_apart_are_no_credit(database: Database):
    submitted(database, sent("A1", "99213 100"))
    posted(database, era(PAID.format("A1")))
    back = "CLP A1 22 -100 -60 0; SVC 99213 -100 -60; DTM 472 20260501; CAS CO 45 -40"
    others = [PAID.format(f"B{n}") for n in range(600)]
    assert credits(posted(database, era(PAID.format("A1"), *others, back, trace="T2", day="20260701"))) == []


def test_a_payment_that_is_not_posted_makes_no_credit(database: Database):
    submitted(database, sent("A1", "99213 100"))
    posted(database, era(PAID.format("A1")))
    assert credits(posted(database, era(PAID.format("A1"), control=77))) == []


def test_an_answer_stays_matched_to_the_form_that_it_answers(database: Database):
    original = sent("A1", "99213 100")
    submitted(database, original)
    posted(database, era(PAID.format("A1")))
    before = matches(database)
    assert len(before) == 1
    answer = submitted(database, sent("A1", "99214 130", frequency="7", payer_control_number="ICN1"), "2026-06-09")
    assert answer.findings == ()
    assert matches(database) == before


def test_two_processes_that_post_one_file_make_one_ledger(place: Place, tmp_path: Path):
    made = generate(21, 120, interchanges=1, groups=1, transactions=3)
    name = tmp_path / "era.835"
    name.write_bytes(made.content)
    with place.opened() as database:
        pass
    command = [sys.executable, "-c", POSTER, str(place.home), place.url, place.organisation, str(name)]
    environment = {**os.environ, "PYTHONPATH": str(Path(leadterm.__file__).parents[1])}
    started = [
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=300) for process in started]
    assert [err for _, err in answers] == [b"", b""]
    assert sorted(out.strip() for out, _ in answers) == [b"['posted', 'posted', 'posted']", b"[]"]
    with place.opened() as database:
        assert kept(database) == told(made.truth)


@on_sqlite
def test_progress_is_told_while_a_long_file_is_read(database: Database):
    at: list[int] = []
    made = era(*[PAID.format(f"A{n}") for n in range(1600)])
    posted(database, made, progress=at.append)
    assert at == sorted(at)
    assert len(at) == 3
    assert 0 < at[-1] <= len(made)


@on_sqlite
def test_a_file_is_posted_from_where_it_stands(database: Database):
    """A caller that has read it before and did not turn back is told; the next file is not taken for the same."""
    for name in ("A1", "A2"):
        source = io.BytesIO(b"cover sheet" + era(PAID.format(name), trace=name))
        source.seek(0, os.SEEK_END)
        with pytest.raises(InputError, match="empty"):
            post(database, source)
        source.seek(len(b"cover sheet"))
        assert outcomes(post(database, source)) == ["posted"]


def test_findings_without_end_are_counted_and_not_kept(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("leadterm.app.posting.MOST_FINDINGS", 3)
    answer = posted(database, era(*[BROKEN.format(f"A{n}") for n in range(9)]))
    assert len(answer.findings) == 4
    assert answer.findings[-1].rule == "LEDGER:posting/more-findings"
    assert outcomes(answer) == ["refused"]
