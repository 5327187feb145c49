"""The encounter described otherwise: the chart is coded anew, and what people decided is carried over."""

from __future__ import annotations

import pytest

from leadterm import desk
from leadterm.domain import Status

from .notation import after, codes, done, ids, one

VISIT = "outpatient: E11.22 N18.31 I10"
# The chart, what was done, the coding anew, and what stands then.
CARRIED = {
    "an accepted code that is suggested again": (VISIT, "accept I10", VISIT, "*E11.22? N18.31? I10+"),
    "an accepted code that is not": (VISIT, "accept I10", "outpatient: E11.22 N18.31", "*E11.22? N18.31? I10+"),
    "a rejected code that is suggested again": (VISIT, "reject I10 negated", VISIT, "*E11.22? N18.31? I10-"),
    "a rejected code that is not is gone": (VISIT, "reject I10 negated", "outpatient: E11.22", "*E11.22?"),
    "a suggestion that nobody decided on goes": (VISIT, "", "outpatient: E11.22", "*E11.22?"),
    "a code that is new": (VISIT, "accept I10", "outpatient: E11.22 D63.1 I10", "*E11.22? D63.1? I10+"),
    "an entered code": (VISIT, "add Z79.4", VISIT, "*E11.22? N18.31? I10? Z79.4^"),
    "an entered code that is suggested now": (VISIT, "add Z79.4", "outpatient: Z79.4 I10", "*Z79.4^ I10?"),
    "an entered code that was rejected again": (
        VISIT, "add Z79.4; reject Z79.4 other", VISIT, "*E11.22? N18.31? I10? Z79.4-",
    ),
    "the engine's order where nobody chose one": (VISIT, "", "outpatient: I10 N18.31", "*I10? N18.31?"),
    "the order that a person chose": (
        VISIT, "move I10 1", "outpatient: D63.1 E11.22 N18.31 I10", "*I10? E11.22? N18.31? D63.1?",
    ),
    "a replaced code": (VISIT, "replace N18.31 N18.32", VISIT, "*E11.22? I10? N18.32^ N18.31-"),
    "the setting's own role and POA": (VISIT, "accept I10", "inpatient: I10=Y E11.22=N", "*I10+=Y E11.22?=N"),
    "a POA that a person marked": ("inpatient: I10=Y", "poa I10 N", "inpatient: I10=Y", "*I10?=N"),
    "a POA that a person left open": ("inpatient: I10=Y", "poa I10 none", "inpatient: I10=Y", "*I10?"),
    "the POA of an entered code": ("inpatient: I10", "add E66.9; poa E66.9 N", "inpatient: I10", "*I10? E66.9^=N"),
    "pointers": ("outpatient: I10 E11.9 99213>2", "", "outpatient: E11.9 I10 99213>1", "*E11.9? I10? 99213?>1"),
    "pointers that a person wrote": (
        "outpatient: I10 E11.9 99213>1", "line 99213 points=E11.9", "outpatient: I10 E11.9 99213>1",
        "*I10? E11.9? 99213?>2",
    ),
    "pointers that a person took away": (
        "outpatient: I10 99213>1", "line 99213", "outpatient: I10 99213>1", "*I10? 99213?",
    ),
    "pointers to a code that is gone": ("outpatient: I10 E11.9 99213>1,2", "", "outpatient: E11.9 99213>1",
                                        "*E11.9? 99213?>1"),
    "a line of an entered service": (
        "outpatient: I10 E11.9", "add 99213; line 99213 points=E11.9", "outpatient: E11.9", "*E11.9? 99213^>1",
    ),
    "rejected lines of the record": (
        "outpatient: I10 rec:36415 rec:99213", "reject 36415 other", "outpatient: I10 rec:36415 rec:99213",
        "*I10? 99213^ 36415-",
    ),
    "a code rejected, entered by a person, and suggested anew": (
        VISIT, "reject I10 other; add I10", VISIT, "*E11.22? N18.31? I10^ I10-",
    ),
    "a suggestion beside its entered twin that was rejected": (
        "outpatient: I10 E11.9", "reject I10 other; add I10; reject I10 other; reconsider #a1",
        "outpatient: E11.9 I10", "*E11.9? I10? I10-",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CARRIED)
def test_carried_over(name: str):
    begun, actions, anew, wanted = CARRIED[name]
    assert after(begun, f"{actions}; describe 2", anew) == wanted


def test_ids_of_codes_that_remain_are_stable_and_none_stands_twice():
    timeline = done(
        VISIT, "accept I10; describe 2; describe 3", "outpatient: D63.1 I10 E11.22", "outpatient: N18.4 D63.1"
    )
    assert codes(timeline) == "*N18.4? D63.1? I10+"
    assert ids(timeline) == ["a1-3", "a1-2", "a3"]


def test_lines_of_one_code_keep_what_was_said_of_each():
    begun = "outpatient: I10 rec:97110 rec:97110 rec:97110"
    timeline = done(begun, "line #c2 units=4; reject #c1 duplicate; move #c3 1; describe 2; describe 3", begun, begun)
    lines = {a.id: (a.status, a.units) for a in timeline.work.coded.charges + timeline.work.coded.assignments[3:]}
    assert lines == {"c1": (Status.REJECTED, 1), "c2": (Status.ADDED, 4), "c3": (Status.ADDED, 1)}


def test_what_a_person_wrote_on_a_line_is_kept():
    timeline = done("outpatient: I10 99213>1", "line 99213 units=3 modifiers=25 charge=80.00; describe 2",
                    "outpatient: I10 99213>1")  # fmt: skip
    line = one(timeline, "99213")
    assert (line.units, line.modifiers, str(line.charge), line.status) == (3, ("25",), "80.00", Status.SUGGESTED)


def test_an_entered_code_keeps_the_words_that_it_was_added_from():
    timeline = done("outpatient: E11.9", "add I10 67-79; describe 2", "outpatient: I10 E11.9")
    assert [e.text for e in one(timeline, "I10").evidence] == ["Hypertension"]


def test_what_remains_does_not_name_facts_of_the_coding_before():
    timeline = done(VISIT, "accept I10; describe 2", "outpatient: E11.22")
    assert one(timeline, "I10").facts == ()


def test_a_query_that_is_asked_again_keeps_its_id_and_what_was_written():
    begun, anew = "outpatient: N18.9 q:x/N18.9", "outpatient: N18.9 q:y/I50.9 q:x/N18.9"
    work = done(begun, "query q1 sent Which stage?; describe 2", anew).work
    assert [(q.id, q.codes) for q in work.coded.queries] == [("q1-2", ("I50.9",)), ("q1", ("N18.9",))]
    assert work.query("q1") == desk.WrittenQuery(desk.QueryState.SENT, "Which stage?")
    assert work.query("q1-2") is None


@pytest.mark.parametrize(("state", "stays"), [("draft", True), ("sent", True), ("dismissed", False)])
def test_a_query_that_is_not_asked_again_stays_where_a_person_wrote_it(state: str, stays: bool):
    work = done("outpatient: N18.9 q:x/N18.9", f"query q1 {state} Which stage?; describe 2", "outpatient: N18.9").work
    assert [q.id for q in work.coded.queries] == ["q1"] * stays


def test_findings_of_the_new_coding_name_codes_by_the_ids_that_they_keep():
    work = done("outpatient: E11.9 I10", "describe 2", "outpatient: I10 E11.9 f:R:1/x/I10").work
    (finding,) = work.coded.findings
    assert finding.assignments == ("a2",)


def test_undoing_gives_back_the_encounter_and_its_codes():
    timeline = done(VISIT, "accept I10; describe 2; undo", "inpatient: Z38.00")
    assert codes(timeline) == "*E11.22? N18.31? I10+"
    assert timeline.work.encounter.setting.value == "outpatient"


def test_a_chart_that_is_described_twice_by_one_coding_holds_each_code_once():
    assert after(VISIT, "accept I10; describe 2; describe 1; describe 2", "outpatient: D63.1") == "*D63.1? I10+"
