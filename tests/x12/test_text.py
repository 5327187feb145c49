"""Names in X12's basic set: what they become, and which are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.x12.text import BASIC, basic


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("José", "JOSE"),
        ("Müller", "MULLER"),
        ("Nguyễn", "NGUYEN"),
        ("Strauß", "STRAUSS"),
        ("STRAUẞ", "STRAUSS"),
        ("Bjørn Æsir", "BJORN AESIR"),
        ("Łukasz", "LUKASZ"),
        ("Đorđe", "DORDE"),
        ("Þór", "THOR"),
        ("Yılmaz İnci", "YILMAZ INCI"),
        ("O’Neil", "O'NEIL"),
        ("Hawaiʻi", "HAWAI'I"),
        ("Smith–Jones", "SMITH-JONES"),
        ("“Bob”", '"BOB"'),
        ("Suite ½", "SUITE 1/2"),
        ("Ａｐｔ １", "APT 1"),
        ("٣", "3"),
        ("ﬁne", "FINE"),
        ("e\u0301", "E"),
        ("Apt #5", "APT 5"),
        ("a_b@c", "A B C"),
        ("line\r\nbreak\ttab", "LINE BREAK TAB"),
        ("  much   room ", "MUCH ROOM"),
        ("party 🎉 time", "PARTY TIME"),
        ("zero\u200bwidth\u00adsoft", "ZERO WIDTH SOFT"),
        ("", ""),
        ("🎉", ""),
    ],
)
def test_a_name_is_written_in_the_basic_set(name: str, written: str):
    assert basic(name) == written


@pytest.mark.parametrize("name", ["李", "Иван", "Γιώργος", "محمد", "Anna 李", "\ue000", "\ud800"])
def test_a_letter_without_a_latin_reading_refuses_the_name(name: str):
    assert basic(name) is None


@given(st.text())
def test_whatever_comes_out_is_basic_and_settled(text: str):
    written = basic(text)
    assert written is None or (set(written) <= BASIC and basic(written) == written)
