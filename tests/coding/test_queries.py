"""Questions to the provider: asked where the list knows more than the chart says, with the list's own options."""

from __future__ import annotations

import pytest

from leadterm.pipeline import Coder

from .test_cases import coded


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Assessment: Knee pain.", ("right", "left")),
        ("Assessment: Wrist sprain.", ("right", "left")),
        ("Assessment: Otitis media.", ("right", "left", "bilateral")),
    ],
)
def test_a_side_that_is_not_said_is_asked_for_with_the_sides_that_the_list_has(
    coder: Coder, text: str, options: tuple[str, ...]
) -> None:
    (query,) = coded(coder, {"text": text}).queries
    assert query.question == "Which side is affected?"
    assert query.options == (*options, "other (please specify)", "unable to determine")


@pytest.mark.parametrize("text", ["Assessment: Left knee pain.", "Assessment: Hypertension."])
def test_nothing_is_asked_where_nothing_is_missing(coder: Coder, text: str) -> None:
    assert coded(coder, {"text": text}).queries == ()
