"""A log replayed: lines that nobody here can do, time at work, statistics, what hinders the end, actions as JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm import desk
from leadterm.desk import Entry, Timeline
from leadterm.domain import Finding, InputError, Severity

from .notation import OPENED, chart, codes, codings, done

CKD = "inpatient: E11.22=Y N18.31=Y I10=Y"


def replayed(begun: str, *lines: tuple[str, Any]) -> Timeline:
    """A log of kinds and actions; None for an action that cannot be read."""
    entries = (Entry(n, kind, action, "J. Rivera", OPENED) for n, (kind, action) in enumerate(lines, 1))
    return Timeline.begun(chart(begun), OPENED).replayed(entries, codings())


ACCEPT, UNDO, REDO = ("accept", desk.Accept("a1")), (desk.UNDO, None), (desk.REDO, None)
UNKNOWN, REFUSED = ("sign", None), ("accept", desk.Accept("a9"))


@pytest.mark.parametrize("line", [UNKNOWN, REFUSED])
def test_a_line_that_this_version_cannot_do_is_passed_over(line: tuple[str, Any]):
    timeline = replayed(CKD, line, ACCEPT, line)
    assert (codes(timeline), timeline.number) == ("*E11.22+=Y N18.31?=Y I10?=Y", 3)


@pytest.mark.parametrize("line", [UNKNOWN, REFUSED])
def test_an_undo_behind_it_takes_back_that_line_and_no_other(line: tuple[str, Any]):
    assert codes(replayed(CKD, ACCEPT, line, UNDO)) == "*E11.22+=Y N18.31?=Y I10?=Y"
    assert codes(replayed(CKD, ACCEPT, line, UNDO, UNDO)) == "*E11.22?=Y N18.31?=Y I10?=Y"
    assert codes(replayed(CKD, ACCEPT, line, UNDO, UNDO, REDO, REDO)) == "*E11.22+=Y N18.31?=Y I10?=Y"


def test_an_undo_of_nothing_is_passed_over():
    assert codes(replayed(CKD, UNDO, REDO, ACCEPT)) == "*E11.22+=Y N18.31?=Y I10?=Y"


def test_each_undo_says_what_it_took_back():
    accepts = [("accept", desk.Accept(name)) for name in ("a1", "a2")]
    said = [replayed(CKD, *accepts, *[UNDO] * n).work.said for n in (1, 2)]
    assert said == ["Undone: N18.31 accepted.", "Undone: E11.22 accepted."]
    assert replayed(CKD, *accepts, UNDO, UNDO, REDO).work.said == "Done again: E11.22 accepted."
    assert replayed(CKD, ACCEPT, UNDO, ACCEPT).work.said == "E11.22 accepted."


def test_what_cannot_be_read_is_refused_where_it_is_done():
    with pytest.raises(InputError, match=r"^This version of Leadterm knows no action `sign` of that form\.$"):
        Timeline.begun(chart(CKD), OPENED).then(Entry(1, "sign", None, "J. Rivera", OPENED), codings())


def test_works_share_the_codes_that_an_action_leaves_alone():
    """A timeline of a thousand actions on hundreds of codes fits into memory for this."""
    before, now = done(CKD, "accept I10").works
    assert [a is b for a, b in zip(before.coded.assignments, now.coded.assignments, strict=True)] == [True, True, False]


# --- time and counts ---


def test_pauses_are_left_out_of_the_time():
    assert done(CKD, "accept I10; accept E11.22").seconds == 20
    assert done(CKD, "accept I10; wait 300; accept E11.22; wait 301; accept N18.31").seconds == 310
    assert done(CKD, "accept I10; wait -60; accept E11.22; accept N18.31").seconds == 20


def test_a_line_without_a_time_before_it_takes_none():
    begun = replace(Timeline.begun(chart(CKD), OPENED), last=None)
    assert begun.then(Entry(1, *ACCEPT, "J. Rivera", OPENED + timedelta(hours=1)), codings()).seconds == 0


TALLIED = {
    "accept E11.22; accept I10; reject N18.31 negated": ("2/3", "1", {}, {"negated": 1}),
    "accept E11.22; replace N18.31 N18.32": ("1/2", "1/2", {"search": 1}, {"wrong specificity": 1}),
    "add Z79.4; add E66.9 0-6; accept I10": ("1", "1/3", {"search": 1, "text": 1}, {}),
    "reject I10 other it is white coat hypertension": ("0", None, {}, {"other": 1}),
    "add Z79.4; reject Z79.4 other": (None, None, {}, {}),
    "add 99213; reject 99213 other": (None, None, {}, {}),
    "": (None, None, {}, {}),
}


@pytest.mark.parametrize("actions", TALLIED)
def test_precision_and_recall_apart(actions: str):
    tally = desk.tally(done(CKD, actions))
    precision, recall, entered, reasons = TALLIED[actions]
    assert tally.precision == (Fraction(precision) if precision else None)
    assert tally.recall == (Fraction(recall) if recall else None)
    assert (dict(tally.entered), dict(tally.reasons)) == (entered, reasons)
    assert tally.suggested == tally.accepted + tally.rejected + tally.open == 3


def test_tallies_add_up_and_are_kept():
    one, two = (
        desk.tally(done(CKD, a)) for a in ("accept I10; add Z79.4; finish", "replace I10 I11.9; reject E11.22 copied")
    )
    both = desk.total((one, two))
    assert (both.charts, both.finished, both.suggested, both.replaced, both.seconds) == (2, 1, 6, 1, 50)
    assert both.entered == {"search": 2}
    assert both.reasons == {"wrong specificity": 1, "copied": 1}
    assert desk.read_tally(desk.write_tally(both)) == both


def test_a_tally_of_another_version_is_read_as_far_as_it_is_known():
    assert desk.read_tally({"suggested": 3, "hesitated": 2}) == desk.Tally(suggested=3)


# --- what hinders the end ---

HINDERED = {
    "accept E11.22; accept N18.31; accept I10": [],
    "accept E11.22; accept N18.31": ["1 suggestion is neither accepted nor rejected."],
    "accept E11.22": ["2 suggestions are neither accepted nor rejected."],
    "reject E11.22 other; reject N18.31 other; reject I10 other": ["No diagnosis stands on this chart."],
    "accept E11.22; accept N18.31; accept I10; poa I10 none": ["I10 lacks its present-on-admission indicator."],
    "accept E11.22; accept N18.31; accept I10; add Z79.4": [],
}


@pytest.mark.parametrize("actions", HINDERED)
def test_why_it_cannot_be_finished(actions: str):
    assert [o.sentence for o in desk.obstacles(done(CKD, actions).work, ())] == HINDERED[actions]


def test_poa_is_asked_of_stays_alone():
    assert desk.obstacles(done("outpatient: I10", "accept I10").work, ()) == ()


def test_a_finding_that_stands_hinders_and_a_warning_does_not():
    work = done("outpatient: I10", "accept I10").work
    found = [Finding(f"f{n}", "R:1/x", s, "Look.", assignments=("a1",)) for n, s in enumerate(Severity)]
    assert desk.obstacles(work, found) == (desk.Obstacle("Look.", ("a1",), "f0"),)


# --- actions as JSON ---

HOSTILE: tuple[tuple[Any, Any], ...] = (
    ("sign", {}), (None, {}), (["accept"], {}), ({}, {}), (7, {}), ("", {}), ("undo", {}),
    ("accept", None), ("accept", []), ("accept", "a1"), ("accept", {}), ("accept", {"assignment": ""}),
    ("accept", {"assignment": 1.5}), ("accept", {"assignment": ["a1"]}),
    ("reject", {"assignment": "a1"}), ("reject", {"assignment": "a1", "reason": "because"}),
    ("reject", {"assignment": "a1", "reason": "other", "note": "x" * 2001}),
    ("add", {"code": "I10"}), ("add", {"code": {"system": "icd10cm", "value": "nonsense"}, "method": "search"}),
    ("add", {"code": {"system": "icd99", "value": "I10"}, "method": "search"}),
    ("add", {"code": {"system": "icd10cm", "value": "I10"}, "method": "suggestion"}),
    ("add", {"code": {"system": "icd10cm", "value": "I10"}, "method": "text", "quotes": {}}),
    ("add", {"code": {"system": "icd10cm", "value": "I10"}, "method": "text", "quotes": [{"document": "d1"}]}),
    ("add", {"code": {"system": "icd10cm", "value": "I10"}, "method": "text",
             "quotes": [{"document": "d1", "start": 5, "end": 5}]}),
    ("add", {"code": {"system": "icd10cm", "value": "I10"}, "method": "text",
             "quotes": [{"document": "d1", "start": True, "end": 2}]}),
    ("move", {"assignment": "a1", "place": "1"}), ("move", {"assignment": "a1", "place": 1.0}),
    ("poa", {"assignment": "a1", "poa": "maybe"}),
    ("line", {"assignment": "a1", "units": "1e3"}), ("line", {"assignment": "a1", "units": "-1"}),
    ("line", {"assignment": "a1", "units": "1", "modifiers": "25"}),
    ("line", {"assignment": "a1", "units": "1", "charge": 12.5}),
    ("permit", {"rule": "", "codes": [], "reason": "x"}), ("permit", {"rule": "R", "codes": [], "reason": " "}),
    ("permit", {"rule": "R", "codes": [1], "reason": "x"}), ("forbid", {"rule": None, "codes": []}),
    ("query", {"query": "q1", "state": "burnt"}), ("describe", {"coding": 0}), ("describe", {"coding": 10**30}),
    ("describe", {"coding": -1}),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), HOSTILE, ids=str)
def test_what_is_no_action_is_refused_with_a_sentence(kind: Any, value: Any):
    with pytest.raises(InputError):
        desk.read(kind, value)


KEYS = "assignment reason note code system value method quotes document start end place poa units modifiers pointers"
KEYS += " charge rule codes query state text coding title"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["a1", "I10", "icd10cm", "search", "other", "sent", "1", "Y", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip
KINDS = st.sampled_from([*desk.notation.READERS, "undo", "sign"]) | VALUES


@given(KINDS, VALUES)
def test_garbage_raises_nothing_but_a_sentence(kind: Any, value: Any):
    try:
        action = desk.read(kind, value)
    except InputError:
        return
    assert desk.read(action.kind, desk.written(action)) == action
