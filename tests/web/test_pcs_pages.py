"""The ICD-10-PCS builder: only legal values are offered, and the address is the state."""

from __future__ import annotations

import re

import pytest
from httpx import Client
from tests.codesets.pcs_made import CODES

from .test_pages import read, words


def offered(client: Client, code: str) -> list[str]:
    """The codes, open places as underscores, that the options of the page lead to."""
    page = read(client, f"/pcs?code={code}")
    return re.findall(r'href="/pcs\?code=([0-9A-Z_]+)"[^>]*data-char', page)


def test_the_first_page_offers_the_first_three_axes(client: Client) -> None:
    assert {"0", "X"} <= set(offered(client, ""))


def test_every_way_of_choosing_ends_at_a_legal_code_and_reaches_all_of_them(client: Client) -> None:
    waiting, ends = {""}, set()
    while waiting:
        code = waiting.pop()
        found = [one for one in offered(client, code) if len(one.rstrip("_")) == len(code) + 1 and "_" not in one]
        waiting |= set(found)
        if not found:
            ends.add(code)
    assert ends == set(CODES)


def test_axes_may_be_chosen_in_any_order(client: Client) -> None:
    # The synthetic substitute goes with the stem alone.
    assert set(offered(client, "0FQ__J")) >= {"0FQ2_J", "0FQ_XJ"}
    assert "0FQ0_J" not in offered(client, "0FQ__J")


def test_a_whole_code_shows_its_title_and_leads_to_its_page(client: Client) -> None:
    page = read(client, "/pcs?code=0FT20ZZ")
    assert 'href="/codes/icd10pcs/0FT20ZZ"' in page
    assert "Resection" in page


def test_the_words_of_the_chosen_values_are_explained(client: Client) -> None:
    assert "Taking all of it" in words(client, "/pcs?code=0FT")


def test_a_code_that_no_table_makes_is_told_with_what_is_legal_there(client: Client) -> None:
    page = words(client, "/pcs?code=0FTXX")
    assert "No code begins 0FTX" in page
    assert "Stem" in page


def test_changing_one_value_opens_it_again(client: Client) -> None:
    page = read(client, "/pcs?code=0FQ00ZZ")
    assert re.search(r'href="/pcs\?code=0FQ_0ZZ"[^>]*aria-label="Change Body Part, now Leaf, Right"', page)


@pytest.mark.parametrize("code", ["0I", "0O1", "é", "0FQ_______"])
def test_what_cannot_be_a_code_is_told(client: Client, code: str) -> None:
    answer = client.get("/pcs", params={"code": code})
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.text
