"""What each action does to the codes, and the sentence of what it refuses."""

from __future__ import annotations

import pytest

from leadterm import desk
from leadterm.domain import InputError, Role, Status

from .notation import after, codes, done, one

CKD = "inpatient: E11.22=Y N18.31=Y I10=Y"
VISIT = "outpatient: E11.9 I10 99213>1,2 rec:36415"

DONE = {
    # accept, reject, reconsider
    "": "*E11.22?=Y N18.31?=Y I10?=Y",
    "accept E11.22": "*E11.22+=Y N18.31?=Y I10?=Y",
    "reject I10 negated": "*E11.22?=Y N18.31?=Y I10-=Y",
    "reject E11.22 history": "*N18.31?=Y I10?=Y E11.22-=Y",
    "reject I10 negated; accept I10": "*E11.22?=Y N18.31?=Y I10+=Y",
    "accept I10; reject I10 copied": "*E11.22?=Y N18.31?=Y I10-=Y",
    "accept I10; reconsider I10": "*E11.22?=Y N18.31?=Y I10?=Y",
    "reject I10 other; reconsider I10": "*E11.22?=Y N18.31?=Y I10?=Y",
    # add
    "add Z79.4": "*E11.22?=Y N18.31?=Y I10?=Y Z79.4^",
    "add 0TJB8ZZ; add 0T9B70Z": "*E11.22?=Y N18.31?=Y I10?=Y *0TJB8ZZ^ 0T9B70Z^",
    "add 0TJB8ZZ; add 0TJB8ZZ": "*E11.22?=Y N18.31?=Y I10?=Y *0TJB8ZZ^ 0TJB8ZZ^",
    "add Z79.4; reject Z79.4 unsupported": "*E11.22?=Y N18.31?=Y I10?=Y Z79.4-",
    "add Z79.4; reject Z79.4 unsupported; accept Z79.4": "*E11.22?=Y N18.31?=Y I10?=Y Z79.4^",
    "add Z79.4; reject Z79.4 other; reconsider Z79.4": "*E11.22?=Y N18.31?=Y I10?=Y Z79.4^",
    "reject I10 negated; add I10": "*E11.22?=Y N18.31?=Y I10^ I10-=Y",
    # replace
    "replace N18.31 N18.32": "*E11.22?=Y N18.32^=Y I10?=Y N18.31-=Y",
    "replace E11.22 E11.21": "*E11.21^=Y N18.31?=Y I10?=Y E11.22-=Y",
    "add Z79.4; replace Z79.4 Z79.84": "*E11.22?=Y N18.31?=Y I10?=Y Z79.84^ Z79.4-",
    "replace I10 0TJB8ZZ": "*E11.22?=Y N18.31?=Y I10-=Y *0TJB8ZZ^",
    # move
    "move N18.31 1": "*N18.31?=Y E11.22?=Y I10?=Y",
    "move E11.22 99": "*N18.31?=Y I10?=Y E11.22?=Y",
    "move I10 -5": "*I10?=Y E11.22?=Y N18.31?=Y",
    "reject E11.22 other; move I10 1": "*I10?=Y N18.31?=Y E11.22-=Y",
    # present on admission
    "poa I10 N": "*E11.22?=Y N18.31?=Y I10?=N",
    "poa I10 none": "*E11.22?=Y N18.31?=Y I10?",
    "poa I10 exempt": "*E11.22?=Y N18.31?=Y I10?=exempt",
    # undo and redo
    "accept I10; undo": "*E11.22?=Y N18.31?=Y I10?=Y",
    "accept I10; undo; redo": "*E11.22?=Y N18.31?=Y I10+=Y",
    "accept I10; accept E11.22; undo; undo; redo": "*E11.22?=Y N18.31?=Y I10+=Y",
    "move I10 1; reject I10 other; undo; undo": "*E11.22?=Y N18.31?=Y I10?=Y",
}
LINES = {
    "": "*E11.9? I10? 99213?>1,2",
    "move I10 1": "*I10? E11.9? 99213?>2,1",
    "reject E11.9 negated": "*I10? E11.9- 99213?>1",
    "reject E11.9 negated; undo": "*E11.9? I10? 99213?>1,2",
    "replace E11.9 E11.65": "*E11.65^ I10? E11.9- 99213?>1,2",
    "replace 99213 99214": "*E11.9? I10? 99214^>1,2 99213->1,2",
    "replace 99213 Z00.00": "*E11.9? I10? Z00.00^ 99213->1,2",
    "add 36415": "*E11.9? I10? 99213?>1,2 36415^",
    "add 36415; add 36415": "*E11.9? I10? 99213?>1,2 36415^ 36415^",
    "add 36415; line 36415 points=I10; move I10 1": "*I10? E11.9? 99213?>2,1 36415^>1",
    "line 99213 points=I10,E11.9,I10": "*E11.9? I10? 99213?>2,1",
    "line 99213": "*E11.9? I10? 99213?",
    "add 36415; move 36415 1": "*E11.9? I10? 36415^ 99213?>1,2",
    "reject 99213 other; reconsider 99213": "*E11.9? I10? 99213?>1,2",
}
REFUSED = {
    "accept Z99.9": "That code is no longer on this chart; the page shows what is.",
    "accept #a9": "That code is no longer on this chart; the page shows what is.",
    "accept I10; accept I10": "I10 is accepted already.",
    "add Z79.4; accept Z79.4": "Z79.4 is accepted already.",
    "reject I10 other; reject I10 other": "I10 is rejected already.",
    "reconsider I10": "I10 is a suggestion already.",
    "add Z79.4; reconsider Z79.4": "Z79.4 was not suggested; reject it to take it away.",
    "add I10": "I10 is on this chart already; a diagnosis is reported once (I.B.12).",
    "replace E11.22 I10": "I10 is on this chart already; a diagnosis is reported once (I.B.12).",
    "reject I10 other; add I10; accept #a3": "I10 is on this chart already; a diagnosis is reported once (I.B.12).",
    "reject I10 other; add I10; reconsider #a3": "I10 is on this chart already; a diagnosis is reported once (I.B.12).",
    "replace I10 I10": "I10 is that code.",
    "add Z79.4 90-200": "The span 90:200 leaves document d1.",
    "move E11.22 1": "E11.22 stands there already.",
    "move E11.22 0": "E11.22 stands there already.",
    "move I10 99": "I10 stands there already.",
    "reject I10 other; move I10 1": "I10 is rejected; it has no place on the claim.",
    "add 0TJB8ZZ; poa 0TJB8ZZ Y": "Present on admission belongs to diagnoses.",
    "line I10 units=2": "Units, modifiers and pointers belong to charge lines.",
    "add 99213; line 99213 points=#p1": "A line points to diagnoses.",
    "add 99213; line 99213 points=Z99.9": "That code is no longer on this chart; the page shows what is.",
    "add 99213; reject I10 other; line 99213 points=I10": "I10 is rejected; a line points to diagnoses that stand.",
    "forbid ICD10CM:tabular/excludes1 E11.22,E10.9": "That was not permitted.",
    "query q7 sent": "That query is no longer on this chart.",
    "describe 7": "That coding is not kept.",
    "reopen": "This coding is not finished.",
    "undo": "There is nothing to undo.",
    "redo": "There is nothing to do again.",
    "accept I10; undo; undo": "There is nothing to undo.",
    "accept I10; undo; accept I10; redo": "There is nothing to do again.",
    **{
        f"finish; {action}": "This coding is finished; reopen it to change it."
        for action in ("accept I10", "add Z79.4", "move I10 1", "poa I10 N", "describe 2", "finish", "query q1 sent")
    },
}
SAID = {
    "accept I10": "I10 accepted.",
    "reject I10 not_treated seen only in the list": "I10 rejected: not treated.",
    "reconsider I10": "I10 is open again.",
    "add Z79.4": "Z79.4 added.",
    "replace I10 I11.9": "I10 replaced by I11.9.",
    "move I10 1": "I10 is number 1, principal.",
    "poa I10 N": "I10: present on admission N.",
    "poa I10 none": "I10: present on admission left open.",
    "line 99213 units=2": "99213: line changed.",
    "permit R:1/x I10 unrelated": "R:1/x permitted.",
    "finish": "Coding finished.",
    "undo": "Undone: I10 accepted.",
    "undo; redo": "Done again: I10 accepted.",
}


@pytest.mark.parametrize("actions", DONE)
def test_codes_after(actions: str):
    assert after(CKD, actions) == DONE[actions]


@pytest.mark.parametrize("actions", LINES)
def test_lines_after(actions: str):
    assert after(VISIT.replace(" rec:36415", ""), actions) == LINES[actions]


@pytest.mark.parametrize("actions", REFUSED)
def test_refused_with_its_sentence(actions: str):
    *before, last = actions.split("; ")
    done(CKD, "; ".join(before))
    with pytest.raises(InputError) as told:
        done(CKD, actions)
    assert str(told.value) == REFUSED[actions], last


@pytest.mark.parametrize("actions", SAID)
def test_what_was_done_is_said_in_a_sentence(actions: str):
    first = "accept I10; " if actions.startswith(("undo", "reconsider")) else "add 99213; " if "line" in actions else ""
    assert done(CKD, first + actions).work.said == SAID[actions]


# --- roles by place ---


def test_an_external_cause_never_leads():
    assert after("outpatient: S52.501A W01.0XXA", "move W01.0XXA 1") == "W01.0XXA? *S52.501A?"
    assert after("outpatient: S52.501A W01.0XXA", "reject S52.501A other") == "W01.0XXA? S52.501A-"
    assert one(done("outpatient: S52.501A", "add W01.0XXA"), "W01.0XXA").role is Role.EXTERNAL_CAUSE


def test_the_leading_role_is_that_of_the_setting():
    assert one(done("inpatient: I10"), "I10").role is Role.PRINCIPAL
    assert one(done("outpatient: I10"), "I10").role is Role.FIRST_LISTED


def test_the_first_procedure_that_stands_is_the_principal_one():
    assert after("inpatient: I10 0TJB8ZZ 0T9B70Z", "reject 0TJB8ZZ other") == "*I10? *0T9B70Z? 0TJB8ZZ-"


# --- what a code keeps ---


def test_a_replacement_keeps_words_and_place_and_says_why_the_other_went():
    timeline = done(CKD, "replace N18.31 N18.32")
    new, old = one(timeline, "N18.32"), one(timeline, "N18.31")
    assert new.evidence == old.evidence != ()
    assert old.decision is not None
    assert old.decision.reason == "wrong specificity: replaced by N18.32"
    assert old.decision.method == desk.Method.SUGGESTION


def test_a_replaced_line_keeps_units_and_modifiers_but_not_the_price():
    timeline = done(VISIT, "line 99213 units=2 modifiers=25 charge=80.00; replace 99213 99214")
    new = one(timeline, "99214")
    assert (new.units, new.modifiers, new.charge) == (2, ("25",), None)


def test_an_added_code_quotes_the_words_it_was_added_from():
    (quote,) = one(done(CKD, "add I11.9 67-79"), "I11.9").evidence
    assert quote.text == "Hypertension"


def test_a_code_without_words_can_be_rejected_and_replaced():
    """It had no evidence when a person entered it; none is asked of it when it goes."""
    assert one(done(CKD, "add Z79.4; reject Z79.4 other"), "Z79.4").status is Status.REJECTED


def test_a_rejection_keeps_its_note():
    decision = one(done(CKD, "reject I10 not_treated seen only in the list"), "I10").decision
    assert decision is not None
    assert decision.reason == "not treated: seen only in the list"


@pytest.mark.parametrize("again", ["accept", "reconsider"])
def test_a_code_that_stands_again_bears_no_reason_of_its_rejection(again: str):
    decision = one(done(CKD, f"add Z79.4; reject Z79.4 negated; {again} Z79.4"), "Z79.4").decision
    assert decision is not None
    assert (decision.reason, decision.method) == (None, "search")


def test_a_charge_of_the_record_stands_and_remains_of_the_record():
    begun = "outpatient: I10 rec:36415"
    assert after(begun) == "*I10? 36415^"
    assert one(done(begun), "36415").decision is None
    for again in ("accept", "reconsider"):
        timeline = done(begun, f"reject 36415 duplicate; {again} 36415")
        assert codes(timeline) == "*I10? 36415^"
        assert not desk.is_entered(one(timeline, "36415"))
    with pytest.raises(InputError, match=r"^36415 was not suggested; reject it to take it away\.$"):
        done(begun, "reconsider 36415")


def test_charges_of_the_record_give_way_to_those_that_were_coded():
    assert after("outpatient: I10 99213 rec:36415") == "*I10? 99213?"


# --- permits, queries, the end ---


def test_a_permit_is_kept_with_its_reason_and_can_be_taken_back():
    timeline = done("outpatient: E11.9 E10.9", "permit ICD10CM:tabular/excludes1 E10.9,E11.9 documented as unrelated")
    (found,) = desk.permitted(timeline.work).findings
    assert found.override is not None
    assert (found.override.by, found.override.reason) == ("J. Rivera", "documented as unrelated")
    again = done(
        "outpatient: E11.9 E10.9",
        "permit ICD10CM:tabular/excludes1 E10.9,E11.9 unrelated; forbid ICD10CM:tabular/excludes1 E11.9,E10.9",
    )
    assert desk.permitted(again.work).findings == ()


def test_a_permit_without_a_reason_or_a_rule_is_none():
    with pytest.raises(InputError, match=r"^Say why this is permitted"):
        desk.Permit("R:1/x", ("I10",), " \n")
    for action in (lambda: desk.Permit("", ("I10",), "why"), lambda: desk.Forbid("", ())):
        with pytest.raises(InputError, match=r"^Say which rule"):
            action()


def test_a_permit_meets_every_finding_of_its_rule_and_codes_and_no_finding_is_lost():
    timeline = done("outpatient: I10 f:R:1/x/I10 f:R:1/x/I10 f:R:1/y/I10", "permit R:1/x I10 yes")
    assert [f.override is not None for f in desk.permitted(timeline.work).findings] == [True, True, False]


def test_a_query_is_drafted_sent_and_dismissed():
    begun = "outpatient: N18.9 q:specificity/N18.9"
    for state in desk.QueryState:
        written = done(begun, f"query q1 {state} Please tell the stage").work.query("q1")
        assert written == desk.WrittenQuery(state, "Please tell the stage")
    assert done(begun).work.query("q1") is None


def test_a_finished_chart_can_be_reopened_or_undone():
    assert done(CKD, "finish").work.finished is not None
    assert done(CKD, "finish; reopen; accept I10").work.finished is None
    assert done(CKD, "finish; undo; accept I10").work.finished is None


@pytest.mark.parametrize("units", ["0", "-1", "NaN", "Infinity", "1E+30", "0.0001"])
def test_a_line_has_a_positive_quantity(units: str):
    with pytest.raises(InputError):
        done(VISIT, f"line 99213 units={units}")


def test_long_notes_and_methods_that_nobody_enters_by_are_refused():
    with pytest.raises(InputError, match="at most 2000 characters"):
        desk.Reject("a1", desk.RejectReason.OTHER, "x" * 2001)
    with pytest.raises(InputError, match="at most 20000 characters"):
        desk.WriteQuery("q1", desk.QueryState.DRAFT, "x" * 20001)
    with pytest.raises(InputError, match="enters a code from one of"):
        desk.Add(one(done(CKD), "I10").code, None, desk.Method.SUGGESTION)
