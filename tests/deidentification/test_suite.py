"""The annotated notes: what of them may never be left, and floors under what is measured."""

from __future__ import annotations

import pytest
from benchmarks.deidentification import Score, deidentified, score

from leadterm.cases import annotated_notes, read_notes
from leadterm.deidentification import Kind
from leadterm.domain import InputError

# Their shape or label tells these alone: nothing of one is left.
CERTAIN = {
    "email",
    "ssn",
    "url",
    "ip",
    "zip",
    "phone",
    "fax",
    "vehicle",
    "plan",
    "licence",
    "photo",
    "age",
    "biometric",
}


@pytest.fixture(scope="module")
def total() -> Score:
    return score(annotated_notes())


def test_every_note_has_an_id_of_its_own_and_known_kinds() -> None:
    notes = annotated_notes()
    assert len({note.id for note in notes}) == len(notes) >= 60
    assert {kind for note in notes for kind, _ in note.identifiers} <= set(Kind)


def test_what_is_told_by_its_shape_is_removed_whole(total: Score) -> None:
    assert [miss for miss in total.missed if miss[1] in CERTAIN] == []


def test_recall_and_precision_do_not_fall(total: Score) -> None:
    assert total.recall >= 0.985
    assert total.precision >= 0.985


def test_look_alikes_are_kept(total: Score) -> None:
    assert total.kept_gone == 0


def test_twice_is_once() -> None:
    for note in annotated_notes()[::6]:
        once = deidentified(note).text
        again = read_notes(f"[[note]]\nid='a'\ntype='b'\nreviewed_by=''\ntext='''\n{once}'''")
        assert deidentified(next(again)).text == once


def test_a_file_of_something_else_is_told() -> None:
    with pytest.raises(InputError, match="no annotated notes"):
        list(read_notes("a = 1"))
