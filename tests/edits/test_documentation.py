"""Documentation support: what each code rests on in the record."""

from __future__ import annotations

from dataclasses import replace

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Finding, Status
from leadterm.pipeline import with_facts

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
