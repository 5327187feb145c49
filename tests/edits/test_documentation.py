"""Documentation support: what each code rests on in the record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Assertion, Evidence, Fact, FactKind, Finding, Span, Status
from leadterm.edits._coding import Coding
from leadterm.edits._tables import read_table
from leadterm.edits.documentation._record import Record
from leadterm.pipeline import with_facts
from leadterm.review import draft, lint

from .notation import case, coded

NOTE = "\n# progress note\nAssessment: hypertension, well controlled.\n"


def found(text: str, book: CodeBook) -> dict[str, Finding]:
    written = case(text)
    findings = edits.check(with_facts(written.coded, book), book, options=written.options)
    return {f.rule.partition("/")[2]: f for f in findings if f.rule.startswith("LEADTERM:documentation")}


def test_a_coding_without_documents_is_not_asked(book: CodeBook) -> None:
    assert found("outpatient F67 2026-05-14: I10 E11.9", book) == {}


def test_a_finding_shows_the_words_that_it_is_about(book: CodeBook) -> None:
    one = found("outpatient F67 2026-05-14: I10<hypertension>" + NOTE.replace("note", "note; preliminary"), book)
    assert [e.text for e in one["preliminary"].evidence] == ["hypertension"]
    assert one["preliminary"].codes == ("I10",)


def test_a_charge_needs_no_words(book: CodeBook) -> None:
    assert found("outpatient F67 2026-05-14: I10<hypertension> line:99213" + NOTE, book) == {}


def test_a_rejected_code_is_not_asked(book: CodeBook) -> None:
    written = coded("outpatient F67 2026-05-14: I10<hypertension@+2>" + NOTE)
    rejected = replace(written, assignments=tuple(replace(a, status=Status.REJECTED) for a in written.assignments))
    assert edits.check(rejected, book) == ()


def test_a_bare_text_has_no_signature_to_miss(book: CodeBook) -> None:
    assert found("outpatient F67 2026-05-14: I10<hypertension>" + NOTE, book) == {}


def test_facts_are_read_again_where_a_coding_comes_without_them(book: CodeBook) -> None:
    bare = coded("outpatient F67 2026-05-14: I10<hypertension>" + NOTE)
    read = with_facts(bare, book)
    assert [f.targets for f in read.facts] == [("I10",)]
    assert with_facts(read, book) is read
    assert with_facts(replace(bare, encounter=replace(bare.encounter, documents=())), book).facts == ()


# --- how the record speaks, and who ---


def rules(text: str, book: CodeBook) -> set[str]:
    written = case(text)
    findings = edits.check(with_facts(written.coded, book), book, options=written.options)
    return {f.rule for f in findings if edits.rule(f.rule) in documentation_rules()}


def documentation_rules() -> set[edits.Rule]:
    return {r for r in edits.rules() if r.family == "documentation"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("Z80.3<breast cancer>", "Family history: mother with breast cancer."),
        ("Z85.3<breast cancer>", "Past medical history: History of breast cancer in 2009."),
        ("Z66<resuscitate>", "Code status: do not resuscitate."),
        ("E11.9<diabetes>", "Past medical history: History of diabetes."),  # nobody is rid of it
        ("I10<hypertension>", "Denies headache. Assessment: hypertension."),
        ("R05.9<cough>", "HPI: No fever, but cough for three days."),
    ],
)
def test_what_is_coded_as_the_record_says_it_passes(code: str, text: str, book: CodeBook) -> None:
    assert rules(f"outpatient F67 2026-05-14: {code}\n# progress note\n{text}\n", book) == set()


@pytest.mark.parametrize(
    ("heading", "fires"),
    [
        ("nursing note; by nurse", True),
        ("nutrition note; by dietitian", True),
        ("progress note; by physician", False),
        ("progress note; by nurse practitioner", False),
        ("progress note", False),
    ],
)
def test_a_diagnosis_is_a_providers_to_make(heading: str, fires: bool, book: CodeBook) -> None:
    found = rules(f"inpatient F67 2026-05-14: E46<malnutrition>\n# {heading}\nMalnutrition: malnutrition.\n", book)
    assert ("ICD10CM:I.B.14/other-clinician" in found) is fires


def test_a_stroke_scale_may_be_a_nurses(book: CodeBook) -> None:
    text = "inpatient F67 2026-05-14: R29.712<NIHSS 12>\n# nursing note; by nurse\nNIHSS 12.\n"
    assert rules(text, book) == set()


@pytest.mark.parametrize("row", read_table("documentation/past.tsv", ("codes", "instead", "paragraph")))
def test_the_codes_of_histories_are_in_the_list(row: tuple[str, str, str], book: CodeBook) -> None:
    assert book.node(row[1]) is not None


# --- copies and conflicts ---

LONG = "Community acquired pneumonia of the right lower lobe, on day three of ceftriaxone and azithromycin, improving"


def test_what_stood_first_in_the_same_stay_is_an_original(book: CodeBook) -> None:
    text = (
        f"inpatient F67 2026-05-14: J18.9<{LONG[:29]}@d1><{LONG[:29]}@d2>\n"
        f"# progress note; 2026-05-12\nAssessment: {LONG}.\n# progress note; 2026-05-13\nAssessment: {LONG}.\n"
    )
    assert "LEADTERM:documentation/copied" not in rules(text, book)


def test_what_a_note_declares_as_copied_is_a_copy(book: CodeBook) -> None:
    text = (
        "outpatient F67 2026-05-14: J18.9<pneumonia>\n# progress note\n"
        "Assessment: [copied forward from prior note] pneumonia of the right lower lobe.\n"
    )
    assert "LEADTERM:documentation/copied" in rules(text, book)


TWO = "inpatient F67 2026-05-14: {}\n# progress note; 2026-05-12\n{}\n# consultation; 2026-05-13\n{}\n"


@pytest.mark.parametrize(
    ("code", "first", "second", "fires"),
    [
        ("J18.9<Pneumonia>", "Assessment: Pneumonia.", "Impression: No pneumonia.", True),
        ("J18.9<Pneumonia>", "Assessment: No pneumonia.", "Impression: Pneumonia.", False),  # found later
        ("J18.9<Pneumonia>", "Assessment: Pneumonia.", "Exam: No pneumonia signs. Impression: Gout.", False),
        ("R07.9<chest pain>", "Assessment: chest pain.", "Impression: No chest pain.", False),  # symptoms come and go
        ("I10<Hypertension>", "Assessment: Hypertension.", "Impression: No secondary hypertension.", False),
    ],
)
def test_a_later_denial_is_a_conflict(code: str, first: str, second: str, fires: bool, book: CodeBook) -> None:
    assert ("ICD10CM:I.A.19/documents-deny" in rules(TWO.format(code, first, second), book)) is fires


@pytest.mark.parametrize(
    ("code", "first", "second", "fires"),
    [
        ("E11.9<Type 2 diabetes>", "Assessment: Type 2 diabetes.", "Impression: Type 1 diabetes.", True),
        ("E11.9<Type 2 diabetes>", "Assessment: Type 2 diabetes.", "Family history: type 1 diabetes.", False),
        ("N18.4<CKD stage 4>", "Assessment: CKD stage 4.", "Impression: CKD stage 3a.", True),
        ("N18.4<CKD stage 4>", "Assessment: CKD stage 4.", "Impression: CKD.", False),
        ("S82.891A<ankle fracture>", "Assessment: Right ankle fracture.", "Impression: Left ankle fracture.", True),
        ("S82.891A<ankle fracture>", "Assessment: Right ankle fracture.", "Impression: Ankle fracture.", False),
        ("M17.11<knee osteoarthritis>", "Plan: Right knee osteoarthritis.", "Plan: Left knee osteoarthritis.", False),
    ],
)
def test_two_kinds_or_sides_are_a_conflict(code: str, first: str, second: str, fires: bool, book: CodeBook) -> None:
    assert ("ICD10CM:I.B.14/documents-differ" in rules(TWO.format(code, first, second), book)) is fires


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("E11.9<Type 2 diabetes>", "Assessment: Type 2 diabetes.", "Impression: Type 1 diabetes."),
        ("S82.891A<ankle fracture>", "Assessment: Right ankle fracture.", "Impression: Left ankle fracture."),
    ],
)
def test_a_difference_is_asked_about_once_in_a_query_that_passes_its_rules(
    code: str, first: str, second: str, book: CodeBook
) -> None:
    read = with_facts(coded(TWO.format(code, first, second)), book)
    (query,) = edits.queries(read, book)
    assert query.reason == "conflict"
    assert len(query.options) == 4
    assert lint(draft(query, read.encounter, read.facts), query, read.encounter) == ()
    assert edits.queries(replace(read, queries=(query,)), book) == ()


@given(
    mentions=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=12),
    words=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), min_size=1, max_size=4),
)
def test_facts_are_found_by_their_places(
    mentions: list[tuple[int, int]], words: list[tuple[int, int]], book: CodeBook
) -> None:
    """As looking at every fact for every quotation finds them, which takes seconds in a long chart."""

    def quote(place: tuple[int, int]) -> Evidence:
        start, length = place
        return Evidence("d1", Span(start, start + length), "x" * length)

    facts = tuple(
        Fact(f"f{n}", "term", FactKind.CONDITION, Assertion.PRESENT, evidence=(quote(place),))
        for n, place in enumerate(mentions)
    )
    record = Record(Coding(replace(coded("outpatient F67 2026-05-14: I10"), facts=facts), book))
    evidence = tuple(map(quote, words))
    plain = [f.id for e in evidence for f in facts if f.mention.span.overlaps(e.span)]
    assert sorted(f.id for f in record._touching(evidence)) == sorted(plain)
