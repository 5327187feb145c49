"""A case file as its events leave it: what can be done when, undone, and read again as it was written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.compliance.casefile import Entry, Open, is_about, read, replayed, written
from leadterm.domain import InputError

from .notation import NOON, action, done, entry, told

SHA = "0" * 64
CASES = [
    ("", "open -"),
    ("assign A. Chen", "assigned A. Chen"),
    ("assign A. Chen; status investigating; assign B. Okafor", "investigating B. Okafor"),
    ("assign A. Chen; status awaiting; assign", "open -"),
    ("note looked at; evidence claim C1; evidence claim C2", "open - · 2 evidence"),
    (f"evidence document d1 {SHA}; evidence file audit.xlsx {SHA}", "open - · 2 evidence"),
    (
        "date identified 2026-03-01; date investigation 2026-03-02",
        "open - · identified 2026-03-01 · investigation 2026-03-02",
    ),
    ("assign A. Chen; concern a.  chen", "open - · about a.  chen"),
    ("close no-issue the practice took over two others", "closed - · no-issue"),
    ("date identified 2026-03-01; close refund 120.00 paid twice", "closed - · identified 2026-03-01 · refund"),
    ("assign A. Chen; close education units explained; reopen it went on", "assigned A. Chen"),
    ("close referred to counsel; reopen answered", "open -"),
    # Undo, by the number of the event; the first after opening is 2.
    ("assign A. Chen; undo 2", "open -"),
    ("assign A. Chen; note x; undo 2", "open -"),
    ("date identified 2026-03-01; undo 2; date identified 2026-03-02", "open - · identified 2026-03-02"),
    ("assign A. Chen; close referred to counsel; undo 3", "assigned A. Chen"),
    ("concern A. Chen; undo 2; assign A. Chen", "assigned A. Chen"),
]
REFUSED = [
    ("status investigating", "Assign the case first"),
    ("assign A. Chen; status open", "take the assignment back"),
    ("status closed", "use close"),
    ("concern A. Chen; assign a. chen", "about that person"),
    ("concern A. Chen; concern A. CHEN", "named already"),
    ("evidence claim C1; evidence claim C1", "in the file already"),
    ("evidence document d1", "documents and files by a digest too"),
    (f"evidence claim C1 {SHA}", "by its number alone"),
    ("evidence file x.pdf 12", "64 hexadecimal digits"),
    ("date identified 2026-03-01; date identified 2026-03-02", "two dates"),
    ("date concluded 2026-03-01", "needs an earlier date"),
    ("date identified 2009-03-01", "there was no clock"),
    ("date identified 1999-03-01", "between 2000 and 2199"),
    ("note  ", "nothing was written"),
    ("note x\ud800", "half of a character"),
    ("note " + "x" * 8001, "at most 8000 characters"),
    ("close no-issue", "nothing was written"),
    ("close refund 0.00 nothing", "more than nothing"),
    ("date identified 2026-03-01; close no-issue it is fine", "overpayment is identified"),
    ("close referred to counsel; note x", "reopen it to go on"),
    ("close referred to counsel; close education again", "reopen it to go on"),
    ("reopen why", "not closed"),
    ("undo 1", "no event 1 that can be undone"),
    ("undo 7", "no event 7"),
    ("note x; undo 2; undo 2", "undone already"),
    ("note x; undo 2; undo 3", "no event 3 that can be undone"),
    ("assign A. Chen; status awaiting; undo 2", "Event 3 stands on event 2"),
    ("close referred to counsel; reopen x; undo 2", "Event 3 stands on event 2"),
]


@pytest.mark.parametrize(("actions", "wanted"), CASES)
def test_a_file_as_its_events_leave_it(actions: str, wanted: str) -> None:
    assert told(done(actions)) == wanted


@pytest.mark.parametrize(("actions", "sentence"), REFUSED)
def test_what_cannot_be_done_is_refused(actions: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        done(actions)


def test_nothing_is_erased() -> None:
    file = done("note first; note second; undo 2")
    assert [(e.number, e.kind, e.stands) for e in file.entries] == [
        (1, "open", True),
        (2, "note", False),
        (3, "note", True),
        (4, "undo", True),
    ]


def test_an_event_of_a_later_version_stands_without_effect() -> None:
    entries = [entry(1, Open()), Entry(2, "weigh", None, "A. Chen", NOON), entry(3, action("assign A. Chen"))]
    file = replayed(entries)
    assert (told(file), file.number) == ("assigned A. Chen", 3)
    assert told(file.then(entry(4, action("undo 3")))) == "open -"


def test_names_are_compared_without_capitals_and_blanks() -> None:
    assert is_about(["1234567893", "Dr.  Maria LOPEZ"], ["dr. maria lopez"])
    assert not is_about(["1234567893"], ["123456789"])
    assert not is_about([], ["x"])


ACTIONS = (
    "assign A. Chen|assign|status investigating|status awaiting|status open|note x|evidence claim C1|evidence claim C2|"
    "date identified 2026-03-01|date investigation 2026-03-05|date concluded 2026-04-01|concern A. Chen|concern B. Lee|"
    "close no-issue fine|close refund 12.50 x|close education y|reopen z|undo 2|undo 3|undo 4|undo 5"
).split("|")  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ACTIONS), max_size=9))
def test_a_file_reads_again_as_it_was(actions: list[str]) -> None:
    file = done("")
    for one in actions:
        try:
            file = done(one, file)
        except InputError:
            continue
    kept = [(e.number, e.kind, json.dumps(written(e.action)), e.by, e.at) for e in file.entries if e.action]
    again = [Entry(n, kind, read(kind, json.loads(payload)), by, at) for n, kind, payload, by, at in kept]
    assert replayed(again) == file


@pytest.mark.parametrize("kind", ["", "none", "assign ", "Open"])
def test_what_is_no_action_is_refused(kind: str) -> None:
    with pytest.raises(InputError, match="no action"):
        read(kind, {})


@pytest.mark.parametrize("value", [None, [], 1, "x", {"text": 1}, {"text": ["x"]}, {}])
def test_what_cannot_be_read_as_an_action_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        read("note", value)
