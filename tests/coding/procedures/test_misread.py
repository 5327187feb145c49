"""Words that look like the name of an operation and are none."""

from __future__ import annotations

import pytest

from leadterm.pipeline import Coder

from .test_reading import coded, procedures

REPORT = """OPERATIVE REPORT
DESCRIPTION: Under general anesthesia an incision was made. {}
The wound was closed in layers over a drain. EBL 50. Counts correct.
"""


@pytest.mark.parametrize(
    "words",
    [
        "The muscles were elevated out to the tips of the transverse processes.",
        "VA LP in the left eye. Little vitreous was seen at the lips of the wound.",
        "She was brought to the CCU on pump, balloon at 1:1.",
        "She had a mastectomy in February of last year with placement of a tissue expander.",
    ],
)
def test_what_only_looks_like_an_operation_has_no_code(full_coder: Coder, words: str):
    assert procedures(coded(full_coder, REPORT.format(words))) == []


def test_a_disc_that_was_left_alone_is_not_taken(full_coder: Coder):
    text = "There is a bulge at L5-S1, which we left alone. A subtotal discectomy was done at L4-5."
    assert procedures(coded(full_coder, REPORT.format(text))) == ["0SB20ZZ"]
