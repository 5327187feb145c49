"""Denials as they stand in the ledger: what has become of each, what is at stake, in which order, under which id."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from cli.conftest import Call
from leadterm.app import figures
from leadterm.app.denials import KeptDenial, Known, denial, denials, total
from leadterm.domain import InputError
from leadterm.storage import Database
from remittance.generate import generate
from storage.engines import Place, on_sqlite

from .notation import LATER, era, file, outcomes, payment, posted, sent, submitted, undone

LINE = "SVC 99213 100 0; DTM 472 20260501"
DENIED = f"CLP A1 4 100 0 0; {LINE}; CAS CO 16 100"
DENIED_OTHERWISE = f"CLP A1 4 100 0 0; {LINE}; CAS CO 50 100"
PAID = "CLP A1 1 100 60 0; SVC 99213 100 60; DTM 472 20260501; CAS CO 45 40"
UNDENIED = "CLP A1 22 -100 0 0; SVC 99213 -100 0; DTM 472 20260501; CAS CO 16 -100"
ON = date(2026, 6, 15)

pytestmark = on_sqlite


def all_posted(database: Database, *contents: bytes) -> None:
    for content in contents:
        assert set(outcomes(posted(database, content))) == {"posted"}


def states(database: Database, on: date = LATER) -> list[str]:
    """Reason, state and what is at stake of every denial."""
    return [told(d) for d in denials(database, on, every=True)]


def told(kept: KeptDenial) -> str:
    return f"{kept.denial.group}-{kept.denial.reason} {kept.state} {kept.open}"


def test_what_nobody_answered_is_open(database: Database):
    all_posted(database, era(DENIED))
    (kept,) = denials(database, ON)
    assert told(kept) == "CO-16 open 100.00"
    assert (kept.denial.claim, kept.denial.line, kept.payer_name) == ("A1", 1, "PAYER1 PLAN")
    assert (kept.denial.payer, kept.denial.remittance_date) == ("PAYER1", date(2026, 6, 1))
    assert kept.denial.service_date == date(2026, 5, 1)


def test_a_denial_that_the_payer_takes_back_is_reversed(database: Database):
    all_posted(database, era(DENIED), undone(era(DENIED)))
    assert states(database) == ["CO-16 reversed 0.00"]
    assert denials(database, LATER) == []


def test_a_denial_that_is_reversed_and_said_again_counts_once(database: Database):
    all_posted(database, era(DENIED), era(UNDENIED, DENIED, trace="T2", day="20260701"))
    assert sorted(states(database)) == ["CO-16 open 100.00", "CO-16 reversed 0.00"]
    (kept,) = denials(database, LATER)
    assert kept.denial.remittance_date == date(2026, 7, 1)


def test_a_denial_that_is_reversed_and_paid_is_reversed(database: Database):
    all_posted(database, era(DENIED), era(UNDENIED, PAID, trace="T2", day="20260701"))
    assert states(database) == ["CO-16 reversed 0.00"]


def test_the_same_denial_said_again_supersedes_the_first(database: Database):
    all_posted(database, era(DENIED), era(DENIED, trace="T2", day="20260701"))
    found = {str(d.denial.remittance_date): d.state for d in denials(database, LATER, every=True)}
    assert found == {"2026-06-01": "superseded", "2026-07-01": "open"}


def test_a_denial_whose_service_is_paid_later_is_settled(database: Database):
    all_posted(database, era(DENIED), era(PAID, trace="T2", day="20260701"))
    assert states(database) == ["CO-16 settled 0.00"]


def test_a_denial_whose_service_another_payer_pays_is_settled(database: Database):
    secondary = "CLP A1 2 100 100 0; SVC 99213 100 100; DTM 472 20260501"
    all_posted(database, era(DENIED), era(secondary, trace="T2", payer="PAYER2", originator="1888888888"))
    assert states(database) == ["CO-16 settled 0.00"]


def test_a_denial_whose_service_is_paid_in_part_is_open_for_the_rest(database: Database):
    rest = "CLP A1 1 100 30 0; SVC 99213 100 30; DTM 472 20260501; CAS OA 23 70"
    all_posted(database, era(DENIED), era(rest, trace="T2", day="20260701"))
    assert states(database) == ["CO-16 open 70.00"]


def test_no_more_is_at_stake_than_is_owed_on_the_claim(database: Database):
    paid = f"CLP A1 1 150 50 0; {LINE}; CAS CO 16 100; SVC 80053 50 50; DTM 472 20260501"
    twice = "CLP A1 2 50 50 0; SVC 80053 50 50; DTM 472 20260501"
    all_posted(database, era(paid), era(twice, trace="T2", originator="1888888888"))
    assert states(database) == ["CO-16 open 50.00"]


def test_a_claim_denied_as_a_whole_is_settled_by_its_payment(database: Database):
    whole = "CLP A1 4 100 0 0; CAS CO 29 100"
    all_posted(database, era(whole))
    assert states(database) == ["CO-29 open 100.00"]
    all_posted(database, era("CLP A1 1 100 100 0", trace="T2"))
    assert states(database) == ["CO-29 settled 0.00"]


def test_states_are_those_of_the_day(database: Database):
    all_posted(database, era(DENIED), era(PAID, trace="T2", day="20260701"))
    assert states(database, date(2026, 5, 31)) == []
    assert states(database, date(2026, 6, 1)) == ["CO-16 open 100.00"]
    assert states(database, date(2026, 6, 30)) == ["CO-16 open 100.00"]
    assert states(database, date(2026, 7, 1)) == ["CO-16 settled 0.00"]


def test_two_lines_of_one_claim_are_two_matters(database: Database):
    all_posted(database, era(f"CLP A1 4 150 0 0; {LINE}; CAS CO 16 100; SVC 80053 50 0; CAS CO 16 50"))
    assert sorted(states(database)) == ["CO-16 open 100.00", "CO-16 open 50.00"]


def test_a_claim_that_is_denied_without_a_reason_is_open_until_it_is_paid(database: Database):
    """Marked as denied (CLP02 is 4), all of it called an earlier payer's: nobody said why."""
    all_posted(database, era(f"CLP A1 4 100 0 0; {LINE}; CAS OA 23 100"))
    (kept,) = denials(database, LATER)
    assert told(kept) == "- open 100.00"
    assert (kept.denial.words, kept.denial.line) == ("Claim denied, no reason given", None)
    all_posted(database, era(PAID, trace="T2", day="20260701"))
    assert states(database) == ["- settled 0.00"]


def test_a_reason_among_others_is_reason_enough(database: Database):
    all_posted(database, era(f"CLP A1 4 150 0 50; {LINE}; CAS CO 16 100; SVC 80053 50 0; CAS PR 1 50"))
    assert states(database) == ["CO-16 open 100.00"]


def test_a_claim_that_is_denied_without_a_reason_and_taken_back_is_not_open(database: Database):
    file_of = era(f"CLP A1 4 100 0 0; {LINE}; CAS OA 23 100")
    all_posted(database, file_of, undone(file_of))
    assert denials(database, LATER) == []


def test_a_claim_that_is_denied_twice_without_a_reason_is_open_once(database: Database):
    text = f"CLP A1 4 100 0 0; {LINE}; CAS OA 23 100"
    all_posted(database, era(text), era(text, trace="T2", day="20260701"))
    assert str(total(denials(database, LATER))) == "100.00"


def test_a_claim_denied_without_a_reason_and_then_with_one_is_at_stake_once(database: Database):
    bare = f"CLP A1 4 100 0 0; {LINE}; CAS OA 23 100"
    all_posted(database, era(bare), era(DENIED, trace="T2", day="20260701"))
    assert str(total(denials(database, LATER))) == "100.00"


def test_a_line_denied_for_two_reasons_is_not_at_stake_beyond_what_is_owed(database: Database):
    both = f"CLP A1 4 100 0 0; {LINE}; CAS CO 16 60**50*40"
    rest = "CLP A1 1 100 50 0; SVC 99213 100 50; DTM 472 20260501; CAS OA 23 50"
    all_posted(database, era(both), era(rest, trace="T2", day="20260701"))
    assert str(total(denials(database, LATER))) == "50.00"


def test_a_hidden_denial_that_is_taken_back_is_reversed(database: Database):
    hidden = era(f"CLP A1 1 100 0 0; {LINE}; CAS CO 45 100")
    all_posted(database, hidden)
    assert states(database) == ["CO-45 open 100.00"]
    all_posted(database, undone(hidden))
    assert states(database) == ["CO-45 reversed 0.00"]
    (account,) = figures.accounts(database, LATER)
    assert (str(account.written_off), str(account.denied)) == ("0.00", "0.00")


def test_the_newest_answer_is_the_one_paid_last_whatever_was_posted_first(database: Database):
    all_posted(database, era(DENIED, trace="T2", day="20260701"), era(DENIED))
    (kept,) = denials(database, LATER)
    assert kept.denial.remittance_date == date(2026, 7, 1)


def test_a_later_denial_of_the_same_service_supersedes_whatever_its_reason(database: Database):
    """Corrected and sent again, and denied again: 100 is at stake, not 200."""
    all_posted(database, era(DENIED), era(DENIED_OTHERWISE, trace="T2", day="20260701"))
    assert sorted(states(database)) == ["CO-16 superseded 0.00", "CO-50 open 100.00"]


def test_of_two_lines_alike_the_one_taken_back_is_not_at_stake(database: Database):
    all_posted(database, era(f"CLP A1 4 200 0 0; {LINE}; CAS CO 16 100; {LINE}; CAS CO 16 100"))
    all_posted(database, era(UNDENIED, trace="T2", day="20260701"))
    (account,) = figures.accounts(database, LATER)
    assert total(denials(database, LATER)).amount <= account.denied.amount


def test_a_correction_whose_original_is_not_in_the_ledger_is_open(database: Database):
    """The first file after the change to this ledger takes a denial back and denies anew."""
    all_posted(database, era(UNDENIED, DENIED_OTHERWISE))
    assert states(database) == ["CO-50 open 100.00"]


def test_open_ones_are_worked_by_week_then_by_amount_and_the_rest_follow_newest_first(database: Database):
    for seed in range(8):
        posted(database, generate(seed, 20).content)
    made = generate(1, 20)
    posted(database, undone(made.content))
    on = date(2026, 8, 1)
    found = denials(database, on, every=True)
    working = [d for d in found if d.state == "open"]
    assert len(working) > 100
    assert found[: len(working)] == working == denials(database, on)
    places = [(_bucket(d), -d.denial.amount.amount) for d in working]
    assert places == sorted(places)
    rest = [d.denial.remittance_date for d in found[len(working) :]]
    assert len(rest) > 5
    assert rest == sorted(rest, reverse=True)
    for kept in working:
        left = kept.denial.deadline - on if kept.denial.deadline else None
        assert (kept.days_left, kept.overdue) == (left and left.days, bool(left and left < timedelta(0)))


def _bucket(kept: KeptDenial) -> int:
    if kept.days_left is None:
        return 4
    return 5 if kept.days_left < 0 else min(kept.days_left // 7, 4)


def test_ids_are_the_same_in_every_ledger_and_on_every_day(place: Place, database: Database):
    contents = [generate(seed, 20).content for seed in range(6)]
    all_posted(database, *contents)
    ids = [d.denial.id for d in denials(database, ON, every=True)]
    assert len(ids) > 50
    assert len(set(ids)) == len(ids)
    random.Random(1).shuffle(contents)
    other = Database(database._engine, "another")
    all_posted(other, *contents)
    assert {d.denial.id for d in denials(other, ON, every=True)} == set(ids)
    with place.opened() as again:
        assert [d.denial.id for d in denials(again, ON, every=True)] == ids
    assert {d.denial.id for d in denials(database, LATER, every=True)} >= set(ids)


def test_a_remittance_that_is_sent_again_corrected_has_ids_of_its_own(database: Database):
    """The payer sends the day's payment again with a claim more; both are accepted, and each denial can be shown."""
    posted(database, era(DENIED))
    answer = posted(database, era(DENIED, DENIED.replace("A1", "A2")), accept="both hold")
    assert outcomes(answer) == ["posted"]
    for kept in denials(database, LATER, every=True):
        assert denial(database, kept.denial.id, LATER) == kept


def test_a_denial_is_found_by_its_id_or_by_a_claim_that_has_one_alone(database: Database):
    both = f"CLP A2 4 150 0 0; {LINE}; CAS CO 16 100; SVC 80053 50 0; CAS CO 16 50"
    all_posted(database, era(DENIED, both))
    one, other, third = sorted(denials(database, LATER), key=lambda d: d.denial.id)
    assert denial(database, "A1", LATER) == one
    assert denial(database, other.denial.id, LATER) == other
    assert other != third
    with pytest.raises(InputError, match="has 2 denials"):
        denial(database, "A2", LATER)
    with pytest.raises(InputError, match="no denial with that id"):
        denial(database, "A3", LATER)
    with pytest.raises(InputError, match="no denial with that id"):
        denial(database, "A1", date(2026, 5, 1))


def test_what_is_at_stake_is_summed_over_open_ones(database: Database):
    all_posted(database, file(payment(DENIED), payment(DENIED.replace("A1", "A2"), trace="T2")))
    all_posted(database, era(PAID, trace="T3", day="20260701"))
    assert str(total(denials(database, LATER, every=True))) == "100.00"


def test_the_charge_of_a_registered_claim_bounds_what_is_at_stake(database: Database):
    submitted(database, sent("A1", "99213 80"))
    all_posted(database, era(DENIED))
    assert states(database) == ["CO-16 open 80.00"]


def listed(command: Call, *options: str) -> list[Any]:
    answer = command("denials", "list", "--json", *options)
    assert answer.code == 0
    return list(answer.json["denials"])


def test_the_list_is_filtered_by_kind_and_payer(command: Call, database: Database):
    late = f"CLP A2 4 100 0 0; {LINE}; CAS CO 29 100"
    all_posted(database, era(DENIED, late), era(late.replace("A2", "A3"), payer="OTHER", originator="1777777777"))
    assert {d["claim"] for d in listed(command, "--as-of", "2026-06-15")} == {"A1", "A2", "A3"}
    assert {d["claim"] for d in listed(command, "--as-of", "2026-06-15", "--category", "timely-filing")} == {"A2", "A3"}
    assert [d["claim"] for d in listed(command, "--category", "timely-filing", "--payer", "OTHER")] == ["A3"]
    assert listed(command, "--as-of", "2026-06-15", "--category", "bundling") == []
    assert listed(command, "--as-of", "2026-05-31") == []
    assert listed(command, "--payer", "nobody") == []


def test_the_list_holds_what_is_not_open_only_where_all_are_asked_for(command: Call, database: Database):
    all_posted(database, era(DENIED), era(PAID, trace="T2", day="20260701"))
    assert listed(command) == []
    assert [d["state"] for d in listed(command, "--all")] == ["settled"]


def test_an_unknown_kind_is_refused_with_the_kinds_that_there_are(command: Call):
    answer = command("denials", "list", "--category", "nonsense")
    assert answer.code == 2
    assert "timely-filing" in answer.err


def test_an_empty_ledger_has_no_denial(command: Call):
    assert listed(command) == []
    assert command("denials", "list").code == 0
    assert command("denials", "show", "A1").code == 2


def test_one_denial_is_shown_in_words_and_as_json(command: Call, database: Database):
    all_posted(database, era(DENIED))
    (kept,) = denials(database, LATER)
    told = command("denials", "show", kept.denial.id, "--as-of", "2026-06-15")
    assert (told.code, kept.denial.id in told.text) == (0, True)
    (shown,) = command("denials", "show", "A1", "--json").json["denials"]
    assert (shown["id"], shown["state"], shown["open"]) == (kept.denial.id, "open", "100.00")


# --- the pair behind a bundling denial ---

BUNDLED = (
    "CLP A1 1 300 100 0; SVC 45385 100 100; DTM 472 20260501; "
    "SVC 45378-59 100 0; DTM 472 20260501; CAS CO 97 100; SVC 71046 100 0; DTM 472 20260502; CAS CO 97 100"
)


def test_the_pair_of_a_bundling_denial_is_looked_up_among_the_services_of_its_day(database: Database):
    all_posted(database, era(BUNDLED))
    asked = []

    def pairs(claim: Any, line: Any, codes: Any) -> str:
        asked.append((line.code, set(codes)))
        return "0" if line.code == "45378" else "unknown"

    found = {d.denial.code: d.denial for d in denials(database, ON, known=Known(pairs=pairs))}
    assert sorted(asked) == [("45378", {"45385", "45378"}), ("71046", {"71046"})]
    assert found["45378"].modifier_indicator == "0"
    assert "MCPM:23.20.9/indicator-0" in found["45378"].guards
    assert found["45378"].appealable  # no modifier opens it; an appeal may be made
    assert found["71046"].modifier_indicator == "unknown"


def test_what_somebody_looked_up_wins(database: Database):
    all_posted(database, era(BUNDLED))
    known = Known(modifier_indicator="1", pairs=lambda claim, line, codes: "0")
    assert {d.denial.modifier_indicator for d in denials(database, ON, known=known)} == {"1"}
