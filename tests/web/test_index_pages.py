"""The Alphabetic Index and its tables in the browser, and addresses of terms that outlive a release."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import Client
from tests.codesets.made import offered, release, store
from tests.codesets.made import read as read_file

from leadterm.codesets import CodeBook
from leadterm.codesets.alphabetic.index import AlphabeticIndex, ExternalCauseIndex
from leadterm.codesets.formats import alphabetic_index
from leadterm.web.terms import LINES, address, entry_at, modifiers_apart

from .test_pages import read, words

DIABETES = "Diabetes,+diabetic+(mellitus)+(sugar)"


def test_words_lead_to_an_entry_with_its_path_and_code(client: Client) -> None:
    assert re.search(
        r"Diabetes, type 2, with, chronic kidney disease E11\.22",
        words(client, "/index?q=type+2+diabetes+with+chronic+kidney+disease"),
    )


def test_words_that_nothing_answers_to_are_told(client: Client) -> None:
    assert "not answered: purple" in words(client, "/index?q=diabetes+purple")


def test_a_term_is_printed_with_all_below_it(client: Client) -> None:
    page = words(client, f"/index?at={DIABETES}")
    assert re.search(r"type 2 E11\.9 with chronic kidney disease E11\.22 glow", page)


def test_nonessential_modifiers_are_set_apart(client: Client) -> None:
    assert '<span class="modifier">(mild)</span>' in read(client, f"/index?at={DIABETES}")


def test_a_manifestation_stands_in_brackets_after_its_etiology(client: Client) -> None:
    assert re.search(r"E11\.40 \[I43\]", words(client, f"/index?at={DIABETES}"))


def test_see_is_a_link_to_the_entry(client: Client) -> None:
    page = read(client, "/index?at=Dropsy")
    assert re.search(r"<i>see</i> <a href=\"/index\?at=Diabetes%2C[^\"]*type\+2\">Diabetes, type 2</a>", page)


def test_a_term_within_shows_the_terms_above_it(client: Client) -> None:
    page = read(client, f"/index?at={DIABETES}+>+type+2+>+with")
    assert page.count('data-key="u"') == 1
    assert "chronic kidney disease" in page


def test_a_page_prints_so_many_lines_and_opens_the_rest_on_demand(client: Client) -> None:
    page = read(client, "/index?at=Wide")
    assert page.count('class="term') >= LINES  # the first level is always whole
    closed = re.findall(r'class="fold"[^>]*hx-get="([^"]+)"', page)
    assert len(closed) == 1
    assert "within the last" not in page
    assert "within the last" in read(client, closed[0])


def test_main_terms_are_listed_by_their_letter(client: Client) -> None:
    page = words(client, "/index?letter=D")
    assert page.index("Diabetes") < page.index("Dropsy")
    assert "Wide" not in page


def test_suggestions_come_from_the_index_that_is_open(client: Client) -> None:
    assert "E11.9" in read(client, "/index/typeahead?q=diab")
    assert "W19" in read(client, "/index/typeahead?q=fall&which=external")
    assert "Aspirin" in read(client, "/index/typeahead?q=aspi&which=drug")


def test_the_external_causes_have_an_index_of_their_own(client: Client) -> None:
    assert "W11" in words(client, "/index/external?q=fall+from+ladder")


def test_the_drug_table_has_six_columns(client: Client) -> None:
    page = words(client, "/index/drug?q=aspirin")
    assert re.search(r"Aspirin T39\.011 T39\.012 T39\.013 T39\.014 T39\.015 T39\.016", page)
    assert "T39.091" in page  # what stands below the substance


def test_a_cell_without_a_code_is_a_dash(client: Client) -> None:
    assert re.search(r"Moonwater T50\.991 T50\.992 T50\.993 T50\.994 – –", words(client, "/index/drug?q=moonwater"))


def test_the_neoplasm_table_opens_at_its_sites(client: Client) -> None:
    page = read(client, "/index/neoplasm")
    assert "breast" in page
    # A dash says that characters are missing: the Tabular List has them.
    assert 'href="/tabular/C50.9">C50.9-</a>' in page


def test_what_is_not_in_the_index_says_how_it_is_entered(client: Client) -> None:
    assert "by the condition" in words(client, "/index?q=xqzzyqxw")


def test_every_entry_is_found_again_by_its_address(library: CodeBook) -> None:
    index = library.component(AlphabeticIndex)
    for number in range(1, 30):
        if entry := index.entry(number):
            assert entry_at(index, address(index.ancestors(number))) == entry


@pytest.mark.shared
def test_every_main_term_of_a_real_index_is_found_again_by_its_address(shared: Path, tmp_path: Path) -> None:
    path = shared / "releases" / "icd10cm" / "2026-04" / "icd10cm-eindex-April-1-2026-XML.xml"
    found, table = read_file(alphabetic_index.FORMATS[1], offered(path, path.parents[1]))
    index = ExternalCauseIndex(store(tmp_path, table), release(found, table))
    assert [e.title for e in index.main_terms("", 10_000) if entry_at(index, e.title) != e] == []


def test_titles_are_taken_apart_and_joined_again() -> None:
    title = "Diabetes, diabetic (mellitus) (sugar)"
    pieces = modifiers_apart(title)
    assert "".join(text for text, _ in pieces) == title
    assert [text for text, modifier in pieces if modifier] == ["(mellitus)", "(sugar)"]
