"""No code that no table makes: whatever a chart says, and whatever the template leaves open."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.pcs.tables import PcsTables
from leadterm.codesets.pcs.titled import TitledTables
from leadterm.coding.procedures.legal import Legal, fitting, legal_on, values

ON = date(2026, 5, 8)


@pytest.fixture(scope="session")
def legal(full_book: CodeBook) -> Legal:
    return legal_on(full_book, ON)


@pytest.fixture(scope="session")
def tables(full_book: CodeBook) -> PcsTables:
    return full_book.component(PcsTables, ON)


def test_every_row_of_every_table_builds_its_codes_axis_by_axis(legal: Legal, tables: PcsTables):
    made = 0
    for prefix in tables.prefixes():
        for row in legal.rows(prefix):
            # One code of each value of each axis: the others stay at their first.
            first = [next(iter(axis)) for axis in row]
            for at, axis in enumerate(row):
                for character in axis:
                    chosen = [*first[:at], character, *first[at + 1 :]]
                    rows = legal.rows(prefix)
                    for position, one in enumerate(chosen, 4):
                        assert one in values(rows, position)
                        rows = fitting(rows, {position: one})
                    assert tables.is_legal(prefix + "".join(chosen))
                    made += 1
    assert made > 10_000


@settings(max_examples=300)
@given(data=st.data())
def test_whoever_chooses_among_what_rows_still_offer_ends_at_a_legal_code(
    legal: Legal, tables: PcsTables, data: st.DataObject
):
    prefix = data.draw(st.sampled_from(tables.prefixes()))
    order = data.draw(st.permutations((4, 5, 6, 7)))
    rows, chosen = legal.rows(prefix), {}
    for position in order:
        chosen[position] = data.draw(st.sampled_from(sorted(values(rows, position))))
        rows = fitting(rows, {position: chosen[position]})
    assert tables.is_legal(prefix + "".join(chosen[n] for n in (4, 5, 6, 7)))


def test_tables_made_of_titles_have_the_codes_that_have_titles_and_no_others(book: CodeBook):
    titled = TitledTables(book.procedure_titles)
    for prefix in ("0FT", "0SR", "021", "02H", "10D", "30243N1"[:3], "3E0", "4A0", "5A1", "B21", "F07", "XW0"):
        table = titled.table(prefix)
        assert table is not None
        codes = [code for code, _ in book.procedure_titles(prefix)]
        assert list(table.codes()) == codes


def test_what_a_character_says_is_read_off_the_titles(book: CodeBook):
    table = TitledTables(book.procedure_titles).table("0SR")
    assert table is not None
    labels = {(a.position, v.code): v.label for row in table.rows for a in row.axes for v in a.values}
    assert labels[4, "C"] == "Right Knee Joint"
    assert labels[6, "3"] == "Ceramic Synthetic Substitute"
    assert labels[7, "9"] == "Cemented"
    assert labels[7, "Z"] == "No Qualifier"


def test_titles_tell_no_table_that_does_not_exist(book: CodeBook):
    titled = TitledTables(book.procedure_titles)
    assert titled.table("0F0") is None
    assert titled.describe("0FT44ZZ") is not None
    assert titled.describe("0FT44Z9") is None


def test_rows_are_products(legal: Legal, tables: PcsTables):
    for prefix in ("0DB", "0QS", "3E0"):
        made = {prefix + "".join(c) for row in legal.rows(prefix) for c in product(*row)}
        assert made == set(tables.expand(prefix))
