"""Autocomplete in the form of the NLM's service: what a widget written for it sends, and what it reads."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import Client

PATH = "/api/icd10cm/v3/search"


def asked(client: Client, path: str = PATH, **parameters: Any) -> list[Any]:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()
    return found


def refused(client: Client, **parameters: Any) -> str:
    answer = client.get(PATH, params=parameters)
    assert answer.status_code == 400
    return str(answer.json()["error"])


def test_an_answer_is_total_codes_extra_display(client: Client) -> None:
    total, codes, extra, display = asked(client, terms="tuberc", sf="code,name")
    assert total > len(codes) == len(display) == 7
    assert extra is None
    assert [row[0] for row in display] == codes
    assert all(len(row) == 2 for row in display)


def test_a_code_finds_itself_with_its_title(client: Client) -> None:
    assert asked(client, terms="E11.22") == [
        1,
        ["E11.22"],
        None,
        [["E11.22", "Type 2 diabetes mellitus with diabetic chronic kidney disease"]],
    ]


def test_codes_are_those_that_may_stand_on_a_claim(client: Client) -> None:
    _, codes, *_ = asked(client, terms="E11", maxList=500)
    assert "E11" not in codes
    assert {"E11.9", "E11.22"} <= set(codes)


def test_below_a_code_that_wants_a_seventh_character_stand_those_that_have_it(client: Client) -> None:
    _, codes, *_ = asked(client, terms="S52.521")
    assert codes[0] == "S52.521A"
    assert all(len(code) == 8 for code in codes)


def test_words_after_each_other_are_all_wanted(client: Client) -> None:
    _, _, _, display = asked(client, terms="tuberculous pleur")
    assert "pleur" in display[0][1]


@pytest.mark.parametrize(
    ("parameters", "count"), [({}, 7), ({"maxList": 3}, 3), ({"count": 4}, 4), ({"maxList": 0}, 0)]
)
def test_the_number_of_codes_is_asked_for(client: Client, parameters: dict[str, int], count: int) -> None:
    assert len(asked(client, terms="fracture", **parameters)[1]) == count


def test_an_empty_maxlist_means_500_and_no_more_are_given(client: Client) -> None:
    assert len(asked(client, terms="fracture", maxList="")[1]) == 500
    assert len(asked(client, terms="fracture", maxList=9999)[1]) == 500


def test_pages_follow_each_other(client: Client) -> None:
    first, second = (asked(client, terms="E11", count=5, offset=offset)[1] for offset in (0, 5))
    both = asked(client, terms="E11", count=10)[1]
    assert first + second == both


def test_extra_fields_come_as_lists_under_their_names(client: Client) -> None:
    _, codes, extra, _ = asked(client, terms="E11.2", ef="name:words,code")
    assert extra["code"] == codes
    assert len(extra["words"]) == len(codes)
    assert set(extra) == {"words", "code"}


def test_fields_to_show_and_the_field_that_is_the_code_are_asked_for(client: Client) -> None:
    _, codes, _, display = asked(client, terms="E11.22", df="name", cf="name")
    assert display == [["Type 2 diabetes mellitus with diabetic chronic kidney disease"]]
    assert codes == display[0]


def test_searching_codes_alone_finds_no_words(client: Client) -> None:
    assert asked(client, terms="diabetes", sf="code")[0] == 0
    assert asked(client, terms="E11.2", sf="code")[0] > 0
    assert asked(client, terms="E11.2", sf="name")[0] == 0


def test_nothing_typed_finds_nothing(client: Client) -> None:
    assert asked(client, terms=" ") == [0, [], None, []]


def test_procedures_have_the_same_address(client: Client) -> None:
    _, codes, _, display = asked(client, "/api/icd10pcs/v3/search", terms="0FT4")
    assert codes[0].startswith("0FT4")
    assert display[0][1].startswith("Resection of Gallbladder")


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({}, "terms"),
        ({"terms": "x" * 201}, "terms"),
        ({"terms": "x", "q": "code:E11*"}, "q"),
        ({"terms": "x", "df": "code,consumer"}, "df"),
        ({"terms": "x", "sf": "synonyms"}, "sf"),
        ({"terms": "x", "ef": "synonyms"}, "ef"),
        ({"terms": "x", "count": "many"}, "count"),
        ({"terms": "x", "offset": "-1"}, "offset"),
        ({"terms": "x", "on": "yesterday"}, "date"),
        ({"terms": "x", "on": "0001-01-01"}, "date"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(
    client: Client, parameters: dict[str, str], word: str
) -> None:
    sentence = refused(client, **parameters)
    assert word in sentence
    assert sentence.endswith(".")


def test_pages_of_other_origins_may_read_it_and_nothing_else(client: Client) -> None:
    assert client.get(PATH, params={"terms": "x"}).headers["access-control-allow-origin"] == "*"
    for other in ("/", "/api/search?q=x", "/api/releases", "/codes/icd10cm/E11.22"):
        assert "access-control-allow-origin" not in client.get(other).headers


def test_the_day_is_heeded(client: Client) -> None:
    # E66.813 came with fiscal year 2025, and E66.9 was there before.
    assert asked(client, terms="E66.813", on="2026-05-01")[1] == ["E66.813"]
    assert asked(client, terms="E66.813", on="2020-05-01")[1] == []
