from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.domain import Code, CodeSystem, DateRange, InputError, Severity


@pytest.fixture(scope="module")
def codes(book: CodeBook) -> list[str]:
    """Every code of the Tabular List, 7th-character codes included."""
    rows = [row.code for row in book.titles()]
    return rows + [child for code in rows if (node := book.node(code)) for child in node.children]


def test_a_billable_code_with_all_that_holds_for_it(book: CodeBook) -> None:
    entry = book.lookup("E11.22", on=date(2026, 5, 14))
    assert entry is not None
    assert entry.description == "Type 2 diabetes mellitus with diabetic chronic kidney disease"
    assert (entry.billable, entry.valid, entry.findings) == (True, True, ())
    assert entry.effective == DateRange(date(2015, 10, 1))
    assert entry.chapter == "4 Endocrine, nutritional and metabolic diseases (E00-E89)"
    assert entry.parents == ("E11.2", "E11", "E08-E13")


def test_a_category_is_known_and_not_billable(book: CodeBook) -> None:
    entry = book.lookup("E11")
    assert entry is not None
    assert (entry.billable, entry.valid) == (False, False)
    assert entry.children[:2] == ("E11.0", "E11.1")


@settings(max_examples=200)
@given(place=st.integers(0), with_dot=st.booleans(), lower=st.integers(0, 255))
def test_a_code_is_found_with_and_without_dot_in_any_case(
    book: CodeBook, codes: list[str], place: int, with_dot: bool, lower: int
) -> None:
    code = codes[place % len(codes)]
    written = code if with_dot else code.replace(".", "")
    cased = "".join(c.lower() if lower >> i & 1 else c for i, c in enumerate(written))
    entry = book.lookup(f" {cased}\n")
    node = book.node(cased)
    assert entry is not None
    assert node is not None
    assert (entry.code, node.code) == (Code(CodeSystem.ICD10CM, code), code)


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("0FT44ZZ", CodeSystem.ICD10PCS),
        ("s52521a", CodeSystem.ICD10CM),
        ("S52.521A", CodeSystem.ICD10CM),
        ("C44.1021", CodeSystem.ICD10CM),
        ("99213", CodeSystem.CPT),
    ],
)
def test_the_first_reading_that_exists_wins(book: CodeBook, text: str, system: CodeSystem) -> None:
    entry = book.lookup(text)
    assert entry is not None
    assert entry.code.system is system


@pytest.mark.parametrize("text", ["Z99.999", "J1885", "0FT44ZQ", "A00.0"])
def test_what_no_release_has_is_unknown(book: CodeBook, text: str) -> None:
    found = book.lookup(text)
    assert (found is None) == (text != "A00.0")


def test_what_has_the_shape_of_no_code_is_refused(book: CodeBook) -> None:
    with pytest.raises(InputError):
        book.lookup("hello world")


def test_cpt_without_licensed_file_is_a_number_without_words(book: CodeBook) -> None:
    entry = book.lookup("99213")
    assert entry is not None
    assert (entry.description, entry.billable, entry.valid) == (None, True, True)
    assert [(f.rule, f.severity) for f in entry.findings] == [("CODESETS:cpt/licence", Severity.INFO)]


def test_a_procedure_has_title_and_period(book: CodeBook) -> None:
    entry = book.lookup("0ft44zz", CodeSystem.ICD10PCS, date(2026, 5, 1))
    assert entry is not None
    assert entry.description == "Resection of Gallbladder, Percutaneous Endoscopic Approach"
    assert entry.valid


def test_threads_share_the_book(book: CodeBook) -> None:
    codes = [row.code for row in book.titles()][:2000]
    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(lambda c: book.lookup(c, CodeSystem.ICD10CM), codes))
    assert [e.code.value for e in entries if e] == codes


def test_the_book_goes_to_another_process_by_its_home(book: CodeBook) -> None:
    copy = pickle.loads(pickle.dumps(book))
    assert copy.lookup("E11.22") == book.lookup("E11.22")


def test_a_node_survives_pickling(book: CodeBook) -> None:
    node = book.node("E11")
    assert pickle.loads(pickle.dumps(node)) == node


@pytest.mark.parametrize(
    ("code", "level"), [("E11.10", "MCC"), ("E11.00", "MCC"), ("I50.22", "CC"), ("E11.9", None), ("n186", "MCC")]
)
def test_severity_as_a_secondary_diagnosis(book: CodeBook, code: str, level: str | None) -> None:
    assert book.severity(code) == level
