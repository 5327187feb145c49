"""The pages: what a coder reads on them, with scripts and without."""

from __future__ import annotations

import html
import re

import pytest
from httpx import Client


def read(client: Client, path: str) -> str:
    """The page's words and tags, blanks joined."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return re.sub(r"\s+", " ", html.unescape(answer.text))


def words(client: Client, path: str) -> str:
    """The page's words alone."""
    main = read(client, path).partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


# --- search ---


def test_the_first_page_holds_the_chapters(client: Client) -> None:
    page = read(client, "/")
    assert page.count('href="/tabular/') == 22


def test_a_result_says_what_matched(client: Client) -> None:
    assert re.search(r"J44\.9.*synonym: copd", words(client, "/?q=copd"))


def test_results_are_narrowed_to_a_system(client: Client) -> None:
    page = read(client, "/?q=resection+gallbladder&system=icd10pcs")
    assert "/codes/icd10pcs/" in page
    assert "/codes/icd10cm/" not in page


def test_nothing_found_says_what_to_do(client: Client) -> None:
    assert "fewer or other words" in words(client, "/?q=xqzzyqxw")


def test_suggestions_are_options_with_addresses(client: Client) -> None:
    page = read(client, "/typeahead?q=diabetic+kid")
    assert re.search(r'role="option"[^>]*data-href="/codes/icd10cm/E11\.22"', page)


def test_no_suggestion_is_an_empty_list(client: Client) -> None:
    assert client.get("/typeahead?q=").text.strip() == ""


# --- the Tabular List ---


def test_a_chapter_shows_its_blocks_and_a_block_its_categories(client: Client) -> None:
    assert "/tabular/E08-E13" in read(client, "/tabular/4")
    assert "/tabular/E11" in read(client, "/tabular/E08-E13")


def test_a_category_shows_every_code_with_its_notes_in_place(client: Client) -> None:
    page = words(client, "/tabular/E11")
    subcategory = page.index("E11.2 ")
    assert "Use additional" in page[subcategory : page.index("E11.3 ")]
    assert page.index("E11.21") < page.index("E11.22") < page.index("E11.29")


def test_seventh_characters_are_a_table(client: Client) -> None:
    page = read(client, "/tabular/S52")
    assert re.search(r'<caption>7th characters for S52</caption>.*<th scope="row">A</th>\s*<td>initial encounter', page)


def test_a_code_leads_to_its_line(client: Client) -> None:
    answer = client.get("/tabular/E11.22?on=2026-05-01")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tabular/E11?on=2026-05-01#E11.22")
    assert 'id="E11.22"' in read(client, "/tabular/E11")


def test_a_seventh_character_leads_to_the_line_of_its_code(client: Client) -> None:
    assert client.get("/tabular/S52.521A").headers["location"] == "/tabular/S52#S52.521"


@pytest.mark.parametrize(
    ("node", "before", "after"),
    [("E11", "E10", "E13"), ("E08", "E07", "E09"), ("E08-E13", "E00-E07", "E15-E16"), ("4", "3", "5")],
)
def test_before_and_after_stand_the_neighbours(client: Client, node: str, before: str, after: str) -> None:
    page = read(client, f"/tabular/{node}")
    assert re.search(rf'rel="prev"[^>]*href="/tabular/{before}"', page)
    assert re.search(rf'rel="next"[^>]*href="/tabular/{after}"', page)


def test_the_first_has_none_before_it_and_the_last_none_after(client: Client) -> None:
    assert 'rel="prev"' not in read(client, "/tabular/A00")
    assert 'rel="next"' not in read(client, "/tabular/22")


# --- a code ---


def test_a_code_shows_every_note_with_the_node_where_it_stands(client: Client) -> None:
    page = read(client, "/codes/icd10cm/E11.22")
    assert re.search(r'at <a href="/codes/icd10cm/E11"[^>]*>E11</a> Type 2 diabetes mellitus', page)
    assert re.search(r'N18\.1</a>-<a href="/codes/icd10cm/N18\.6"', page)


def test_codes_in_notes_are_links(client: Client) -> None:
    assert re.search(
        r'gestational diabetes \(<a href="/codes/icd10cm/O24\.4"[^>]*>O24\.4</a>-\)',
        read(client, "/codes/icd10cm/E11.9"),
    )


def test_a_billable_code_says_so_and_one_that_is_not_says_what_it_wants(client: Client) -> None:
    assert "May stand on a claim" in words(client, "/codes/icd10cm/E11.22")
    assert "wants a 5th character" in words(client, "/codes/icd10cm/E11.2")
    assert "wants a 7th character" in words(client, "/codes/icd10cm/S52.521")


def test_a_code_that_is_not_in_force_on_the_day_says_so(client: Client) -> None:
    assert "Not in force on 2020-05-01" in words(client, "/codes/icd10cm/E66.813?on=2020-05-01")


def test_a_day_that_no_release_covers_is_told(client: Client) -> None:
    assert "No release of icd10cm:tabular is installed for 2020-05-01" in words(client, "/tabular?on=2020-05-01")


def test_the_day_stays_in_every_link(client: Client) -> None:
    main = read(client, "/tabular/E11?on=2026-05-01").partition("<main")[2]
    links = re.findall(r'href="(/[^"]*)"', main.partition("</main>")[0])
    assert links
    assert all("on=2026-05-01" in link for link in links)


@pytest.mark.parametrize("written", ["e1122", "E1122", "e11.22"])
def test_another_way_of_writing_leads_to_the_address_that_lasts(client: Client, written: str) -> None:
    answer = client.get(f"/codes/icd10cm/{written}?on=2026-05-01")
    assert (answer.status_code, answer.headers["location"]) == (301, "/codes/icd10cm/E11.22?on=2026-05-01")


def test_the_seventh_characters_of_a_code_are_listed_and_the_own_one_is_marked(client: Client) -> None:
    page = read(client, "/codes/icd10cm/S52.521A")
    assert re.search(r'aria-current="true"[^>]*><td><a class="code" href="/codes/icd10cm/S52\.521A"', page)
    assert "/codes/icd10cm/S52.521K" in page


def test_beside_a_code_stand_its_severity_and_crosswalk(client: Client) -> None:
    page = words(client, "/codes/icd10cm/E11.22")
    assert "neither CC nor MCC" in page
    assert re.search(r"585\.9 approximate, scenario 1 choice", page)
    assert "no equivalent" in words(client, "/codes/icd10cm/Z99.89")


def test_what_is_not_installed_names_the_command_that_brings_it(bare: Client) -> None:
    assert "leadterm codes update" in words(bare, "/codes/icd10cm/E11.22")
    for path in ("/index", "/index/external", "/index/drug", "/index/neoplasm", "/pcs", "/hcpcs"):
        page = words(bare, path)
        assert "leadterm codes update" in page, path
        assert "leadterm codes install" in page, path


def test_a_procedure_and_a_supply_have_pages_too(client: Client) -> None:
    assert "Resection of Gallbladder" in words(client, "/codes/icd10pcs/0FT44ZZ")
    page = words(client, "/codes/hcpcs/A0001?on=2020-11-01")
    assert "Moon bandage, large, each" in page
    assert "Coverage" in page


def test_a_cpt_code_has_no_words(client: Client) -> None:
    assert "No words installed" in words(client, "/codes/cpt/99213")


# --- HCPCS ---


def test_hcpcs_codes_are_listed_by_their_beginning(client: Client) -> None:
    assert "/codes/hcpcs/J1885" in read(client, "/hcpcs?start=j")
    assert "No code begins with B" in words(client, "/hcpcs?start=B")


def test_dental_codes_are_said_to_be_absent(client: Client) -> None:
    assert "American Dental Association" in words(client, "/hcpcs?start=D")


# --- releases ---


def test_releases_say_what_was_read_and_which_one_answers(client: Client) -> None:
    page = words(client, "/releases")
    assert re.search(r"icd10cm:tabular ● answers 2026-04-01", page)
    assert "46,881 diag" in page


def test_a_difference_shows_what_was_and_what_is(client: Client) -> None:
    page = words(client, "/releases/diff?a=hcpcs:codes@2020-07-01&b=hcpcs:codes@2020-10-01")
    assert "2 added · 1 deleted" in page
    assert re.search(r"A0001 changed long Moon bandage, each long Moon bandage, large, each", page)


def test_a_difference_is_narrowed_to_one_kind(client: Client) -> None:
    page = words(client, "/releases/diff?a=hcpcs:codes@2020-07-01&b=hcpcs:codes@2020-10-01&kind=added")
    assert "J1885" in page
    assert "E0002" not in page


def test_two_days_are_compared_too(client: Client) -> None:
    page = words(client, "/releases/diff?a=2020-08-01&b=2020-11-01&component=hcpcs:codes")
    assert "J1885" in page


def test_releases_that_follow_each_other_are_offered(client: Client) -> None:
    assert "a=hcpcs%3Acodes%402020-07-01&b=hcpcs%3Acodes%402020-10-01" in read(client, "/releases/diff")


def test_what_stands_beside_a_code_names_the_release_that_says_so(client: Client) -> None:
    assert "gems:icd10cm-icd9cm of 2017-10-01" in words(client, "/codes/icd10cm/E11.22?on=2026-05-01")
