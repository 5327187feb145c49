"""New or established, by the ways in which notes say it."""

from __future__ import annotations

import pytest

from leadterm.coding.chart import Chart
from leadterm.coding.visits.known import known
from leadterm.coding.visits.notes import Note
from leadterm.domain import Document


class OneNote(Chart):
    """A chart of which only the memory is asked."""

    def __init__(self) -> None:
        pass

    def once(self, key, make):  # type: ignore[no-untyped-def]
        return make()


TOLD = (
    (False, "34F new to our clinic with cough"),
    (False, "Self-referred, first time here"),
    (False, "Pt is new. Moved from TX"),
    (False, "Here to est care"),
    (False, "Visit Type: New"),
    (False, "last seen in our office 5 years ago"),
    (True, "Last OV 1/5/26, here for BP check."),
    (True, "HPI: 45M seen for follow up of asthma"),
    (True, "Ms. X is back for her 6-month diabetes visit"),
    (True, "CC: med refill"),
    (True, "61 y/o female for 3-month recheck of HTN"),
    (True, "3 yo F, pt of this clinic, with ear pain"),
    (True, "Panic disorder, escitalopram started 6 wks ago by me"),
    (True, "Visit type: Return"),
    (True, "Patient has been under my care since 2019"),
    (None, "Follow up with PCP in 2 weeks."),
    (None, "Acute visit. Cough x 3 d. F/u prn"),
    (None, "Patient is new to insulin."),
    (None, "Here for ED follow up"),
)


@pytest.mark.parametrize(("wanted", "text"), TOLD)
def test_what_a_note_says_of_earlier_visits_tells_new_from_established(wanted: bool | None, text: str) -> None:
    assert known(OneNote(), Note(Document(id="note", text=text), "", None, ()))[0] is wanted
