"""The rule table: every rule has a check, an authority, and a case each way that behaves."""

from __future__ import annotations

import re

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Finding, InternalError
from leadterm.edits import Rule, mce
from leadterm.edits._rules import _rule

from .notation import case, claim


def findings(rule: Rule, text: str, book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> tuple[Finding, ...]:
    if rule.on_claims:
        return edits.check_claim(claim(text), book)
    written = case(text)
    if written.editor == "none":
        monkeypatch.setattr(mce, "installed_editor", lambda: None)
        return edits.check(written.coded, book)
    assert not isinstance(written.editor, str)
    return edits.check(written.coded, book, written.editor)


@pytest.mark.parametrize("rule", edits.rules(), ids=lambda r: r.id)
def test_rule_reports_its_case(rule: Rule, book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rule.id in {f.rule for f in findings(rule, rule.fires, book, monkeypatch)}


@pytest.mark.parametrize("rule", edits.rules(), ids=lambda r: r.id)
def test_rule_passes_its_near_miss(rule: Rule, book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rule.id not in {f.rule for f in findings(rule, rule.passes, book, monkeypatch)}


def test_every_check_has_a_rule_and_every_rule_a_check() -> None:
    checked = {**edits._CODING_CHECKS, **edits._CLAIM_CHECKS}
    answered_by_editor = {r.id for r in edits.rules() if r.family == "mce"}
    assert set(checked) | answered_by_editor == {r.id for r in edits.rules()}
    assert not set(checked) & answered_by_editor


def test_every_rule_stands_in_the_family_that_checks_it() -> None:
    modules = {"codes": edits.codes, "excludes": edits.excludes, "sequencing": edits.sequencing}
    modules |= {"patient": edits.patient, "claim": edits._claim, "parties": edits.parties, "lines": edits.lines}
    for rule in edits.rules():
        assert rule.family == "mce" or rule.id in modules[rule.family].CHECKS


def test_reasons_and_fixes_are_one_sentence() -> None:
    for rule in edits.rules():
        for sentence in (rule.reason, rule.fix):
            assert re.fullmatch(r"[^\n]{10,140}\.", sentence), rule.id


def test_rule_is_found_by_its_id() -> None:
    found = edits.rule("ICD10CM:tabular/excludes1")
    assert found is not None
    assert found.family == "excludes"


def test_unknown_rule_is_none() -> None:
    assert edits.rule("ICD10CM:tabular/excludes3") is None


def test_digest_names_its_algorithm_and_stays() -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", edits.digest())
    assert edits.digest() == edits.digest()


def row(**changed: object) -> dict[str, object]:
    good = {"id": "LEADTERM:x/y", "family": "codes", "severity": "info", "citation": "c", "effective": [1]}
    return good | {"reason": "r", "fix": "f", "fires": "a", "passes": "b"} | changed


def test_rule_with_unknown_key_is_refused() -> None:
    with pytest.raises(InternalError, match="colour"):
        _rule(row(colour="red"))


def test_rule_without_citation_is_refused() -> None:
    lacking = row()
    del lacking["citation"]
    with pytest.raises(InternalError, match="citation"):
        _rule(lacking)


@pytest.mark.parametrize("wrong", [{"id": "no authority"}, {"family": "guesses"}])
def test_rule_of_unknown_family_or_form_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InternalError, match="malformed"):
        _rule(row(**wrong))
