"""What an element or a minute more or less would do: for a purpose alone, up and down alike."""

from __future__ import annotations

import pytest

from leadterm.codesets import CodeBook
from leadterm.coding.visits import what_if, worksheets
from leadterm.domain import InputError

from .made import chart_of

TEXT = """OFFICE VISIT - established patient
HPI: Here for follow-up of gout.
Assessment: Gout, stable
Plan: continue allopurinol 100 mg.
"""


@pytest.mark.parametrize("purpose", [None, "", "coding", "revenue"])
def test_a_what_if_without_its_purpose_is_refused(book: CodeBook, purpose: str | None) -> None:
    (sheet,) = worksheets(chart_of(TEXT, book))
    with pytest.raises(InputError, match="audit and education alone"):
        what_if(sheet, purpose=purpose)


def test_changes_go_both_ways_in_the_order_of_the_note(book: CodeBook) -> None:
    (sheet,) = worksheets(chart_of(TEXT, book))
    outcomes = what_if(sheet, purpose="audit").outcomes
    assert [(o.change, o.kind, o.code) for o in outcomes if o.change == "without"] == [
        ("without", "stable-chronic", None),
        ("without", "prescription", "99212"),
    ]
    by_kind = {o.kind: o.code for o in outcomes if o.change == "with"}
    assert (by_kind["stable-chronic"], by_kind["minor"], by_kind["interpretation"]) == ("99214", "99213", "99214")
    assert {o.kind: o.code for o in outcomes if o.change == "minutes"}["40"] == "99215"
