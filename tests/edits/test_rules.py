"""The rule table: every rule has a check, an authority, and a case each way that behaves."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Finding, InternalError, Override
from leadterm.edits import Rule, codes
from leadterm.edits._catalogue import _rule
from leadterm.edits.mce import editor as mce
from leadterm.pipeline import may_permit, with_facts

from .bills import asked
from .notation import case
from .shelf import Shelf


def findings(
    rule: Rule, text: str, book: CodeBook, tables: CodeBook, monkeypatch: pytest.MonkeyPatch
) -> tuple[Finding, ...]:
    if rule.on_claims:
        told = asked(text)
        shelf = Shelf(tables if told.tables else book)
        return edits.check_claim(told.claim, shelf, received=told.received, earlier=told.earlier)
    written = case(text)
    if written.editor == "none":
        monkeypatch.setattr(mce, "installed_editor", lambda: None)
    editor = None if isinstance(written.editor, str) else written.editor
    return edits.check(with_facts(written.coded, book), stocked(rule, book), editor, options=written.options)


def stocked(rule: Rule, book: CodeBook) -> CodeBook | Shelf:
    """The book, with lists of HCPCS Level II for the rules that ask them."""
    return Shelf(book) if rule.id in {"LEADTERM:procedures/unknown-code", "LEADTERM:procedures/not-in-force"} else book


@pytest.mark.parametrize("rule", edits.rules(), ids=lambda r: r.id)
def test_rule_reports_its_case(rule: Rule, book: CodeBook, tables: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rule.id in {f.rule for f in findings(rule, rule.fires, book, tables, monkeypatch)}


@pytest.mark.parametrize("rule", edits.rules(), ids=lambda r: r.id)
def test_rule_passes_its_near_miss(
    rule: Rule, book: CodeBook, tables: CodeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rule.id not in {f.rule for f in findings(rule, rule.passes, book, tables, monkeypatch)}


def test_every_check_has_a_rule_and_every_rule_a_check() -> None:
    checked = {rule for f in edits.families() for m in (*f.codings, *f.claims) for rule in m.CHECKS}
    answered_by_editor = {r.id for r in edits.rules() if r.module == "editor"}
    assert checked | answered_by_editor == {r.id for r in edits.rules()}
    assert not checked & answered_by_editor


def test_reasons_and_fixes_are_one_sentence() -> None:
    for rule in edits.rules():
        for sentence in (rule.reason, rule.fix):
            assert re.fullmatch(r"[^\n]{10,140}\.", sentence), rule.id


def test_rule_is_found_by_its_id() -> None:
    found = edits.rule("ICD10CM:tabular/excludes1")
    assert found is not None
    assert (found.family, found.module) == ("conventions", "excludes")


def test_unknown_rule_is_none() -> None:
    assert edits.rule("ICD10CM:tabular/excludes3") is None


def test_digest_names_its_algorithm_and_stays() -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", edits.digest())
    assert edits.digest() == edits.digest()


def row(**changed: object) -> dict[str, object]:
    good = {"id": "LEADTERM:x/y", "severity": "info", "citation": "c", "effective": [1]}
    return good | {"reason": "r", "fix": "f", "fires": "a", "passes": "b"} | changed


def read(row: dict[str, object]) -> Rule:
    return _rule(row, codes.FAMILY, codes.patient)


def test_rule_with_unknown_key_is_refused() -> None:
    with pytest.raises(InternalError, match="colour"):
        read(row(colour="red"))


def test_rule_without_citation_is_refused() -> None:
    lacking = row()
    del lacking["citation"]
    with pytest.raises(InternalError, match="citation"):
        read(lacking)


def test_rule_of_unknown_form_is_refused() -> None:
    with pytest.raises(InternalError, match="malformed"):
        read(row(id="no authority"))


# --- what a person may permit ---

PERMIT = Override("coder 7", datetime(2026, 5, 15, 9, 0, tzinfo=UTC), "Documented.")


@pytest.mark.parametrize("rule", [r for r in edits.rules() if not r.on_claims], ids=lambda r: r.id)
def test_an_override_holds_where_the_rule_allows_it(
    rule: Rule, book: CodeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule's own case, once more with every finding permitted."""
    written = case(rule.fires)
    if written.editor == "none":
        monkeypatch.setattr(mce, "installed_editor", lambda: None)
    editor = None if isinstance(written.editor, str) else written.editor
    coded, lists = with_facts(written.coded, book), stocked(rule, book)
    found = edits.check(coded, lists, editor, options=written.options)
    permitted = replace(coded, findings=tuple(replace(f, override=PERMIT) for f in found))
    again = [f for f in edits.check(permitted, lists, editor, options=written.options) if f.rule == rule.id]
    assert again
    assert {f.override for f in again} == {PERMIT if rule.overridable else None}


@pytest.mark.parametrize(
    ("rule", "may"),
    {
        "ICD10CM:tabular/excludes1": True,  # I.A.12.a: unrelated conditions may stand side by side
        "ICD10CM:I.A.13/code-first": True,  # where no underlying condition is known
        "MCE:unspecified": True,  # the definitions let the side be unknown
        "MCE:unacceptable-pdx": True,  # Medicare's alone
        "LEADTERM:patient/age-conflict": True,
        "LEADTERM:records/joined-patients": True,  # a person may have looked into the records
        "ICD10CM:tabular/unknown-code": False,
        "ICD10CM:I.B.2/not-billable": False,
        "ICD10CM:release/not-in-force": False,
        "HIPAA:162.1002/diagnosis-code-set": False,
        "ICD10CM:I.B.12/duplicate": False,
        "ICD10CM:I.C.20.a.6/external-cause-first": False,
        "ICD10CM:I.A.13/manifestation-first": False,
        "ICD10CM:I.B.14/secondary-only": False,
        "MCE:requires-sdx": False,
        "HIPAA:162.406/npi-check-digit": False,  # on a claim: the encounter is corrected
        "ICD10CM:no/such-rule": False,
    }.items(),
)
def test_what_a_person_may_permit(rule: str, may: bool) -> None:
    assert may_permit(rule) is may
