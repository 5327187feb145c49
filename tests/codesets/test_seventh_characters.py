from __future__ import annotations

import pytest

from leadterm.codesets.seventh import check_exceptions, extend, read_limits
from leadterm.domain import InputError

S06 = (
    "7th characters D and S do not apply to codes in category S06 with 6th character 7 - death due to brain injury"
    " prior to regaining consciousness, or 8 - death due to other cause prior to regaining consciousness."
)
ENCOUNTERS = (("A", "initial encounter"), ("D", "subsequent encounter"), ("S", "sequela"))


def test_empty_places_are_filled_with_x() -> None:
    assert [code for code, _, _ in extend("T07", ENCOUNTERS)] == ["T07XXXA", "T07XXXD", "T07XXXS"]


def test_six_characters_need_no_filling() -> None:
    assert next(extend("S52521", ENCOUNTERS)) == ("S52521A", "A", "initial encounter")


def test_a_limit_is_read_from_the_note() -> None:
    (limit,) = read_limits([S06])
    assert (limit.at, limit.sevenths, limit.place, limit.values) == ("S06", {"D", "S"}, 6, {"7", "8"})


def test_a_limit_leaves_other_sixth_characters_alone() -> None:
    limits = read_limits([S06])
    assert [c for c, _, _ in extend("S061X7", ENCOUNTERS, limits)] == ["S061X7A"]
    assert [c for c, _, _ in extend("S061X6", ENCOUNTERS, limits)] == ["S061X6A", "S061X6D", "S061X6S"]


def test_a_note_about_other_things_is_no_limit() -> None:
    assert read_limits(["BMI adult codes are for use for persons 20 years of age or older"]) == ()


def test_announced_exceptions_that_nobody_spells_out_are_refused() -> None:
    with pytest.raises(InputError, match="S99"):
        check_exceptions("S99", ["to be added to each code from category S99, except as noted below"], ())
