"""A site's own rules: read from TOML with a sentence for each mistake, asked of claims, lines, codings, diagnoses."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Finding, InputError, Override, Severity
from leadterm.edits._billing import Billing
from leadterm.edits.site import FIELDS, QUESTIONS, SiteRules, Subject, read_site_rules
from leadterm.edits.site.conditions import Codes
from leadterm.edits.site.fields import Asked

from .bills import claim
from .notation import coded

GOOD = """
[[rule]]
id = "SITE:modifier-25-with-injection"
on = "claim"
severity = "warning"
message = "An office visit and an injection on one claim, and no modifier 25."
fix = "Add modifier 25 to the visit where it was significant and separate."
source = "Our contract with payer 99999, section 4"
effective = [2026-01-01]
when = [
  { field = "payer.id", is = "99999" },
  { field = "claim.services", has = "99202-99215" },
  { field = "claim.services", has = ["96372", "J*"] },
]
unless = [{ field = "claim.modifiers", has = "25" }]
"""


def rules(tmp_path: Path, text: str) -> SiteRules:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return read_site_rules([path])


def one(tmp_path: Path, on: str, *when: str, unless: str = "", effective: str = "[2026-01-01]") -> SiteRules:
    """Rules that are one rule with these conditions."""
    return rules(
        tmp_path,
        f"""
[[rule]]
id = "SITE:one"
on = "{on}"
severity = "error"
message = "It concerns."
fix = "Mend it."
source = "Us"
effective = {effective}
when = [{", ".join(when)}]
unless = [{unless}]
""",
    )


def on_claim(site: SiteRules, text: str, book: CodeBook, received: date | None = None) -> list[Finding]:
    found = edits.check_claim(claim(text), book, received=received, options=edits.Options(site=site))
    return [f for f in found if f.rule.startswith("SITE")]


def on_coding(site: SiteRules, text: str, book: CodeBook) -> list[Finding]:
    found = edits.check(coded(text), book, options=edits.Options(site=site))
    return [f for f in found if f.rule.startswith("SITE")]


VISIT_AND_SHOT = "lines = 2; lines.1.modifiers = none; lines.2.code = J1885; lines.2.modifiers = none"


def test_rule_says_what_its_user_wrote(tmp_path: Path, book: CodeBook) -> None:
    (finding,) = on_claim(rules(tmp_path, GOOD), VISIT_AND_SHOT, book)
    assert finding.severity is Severity.WARNING
    assert finding.message == "An office visit and an injection on one claim, and no modifier 25."
    assert finding.fix == "Add modifier 25 to the visit where it was significant and separate."
    assert finding.source == "Our contract with payer 99999, section 4"
    assert finding.location == {"claim": "CASE1", "segment": "CLM"}


@pytest.mark.parametrize(
    "change", ["lines.1.modifiers = 25", "payer.id = 11111", "lines.2.code = 36415", "lines.1.code = 99281"]
)
def test_rule_passes_its_near_misses(change: str, tmp_path: Path, book: CodeBook) -> None:
    assert on_claim(rules(tmp_path, GOOD), f"{VISIT_AND_SHOT}; {change}", book) == []


def test_rule_holds_on_its_days(tmp_path: Path, book: CodeBook) -> None:
    early = "; ".join(f"lines.{n}.{end} = 2025-12-31" for n in (1, 2) for end in ("start", "end"))
    assert on_claim(rules(tmp_path, GOOD), f"{VISIT_AND_SHOT}; {early}", book) == []


@pytest.mark.parametrize(
    ("condition", "fires", "passes"),
    [
        ('{ field = "line.code", among = "99213" }', "", "lines.1.code = 99214"),
        ('{ field = "line.code", not_among = "99214-99215" }', "", "lines.1.code = 99215"),
        ('{ field = "line.units", above = 3 }', "lines.1.units = 3.5", "lines.1.units = 3"),
        ('{ field = "line.units", at_least = 3 }', "lines.1.units = 3", "lines.1.units = 2.9"),
        ('{ field = "line.charge", below = "125.01" }', "", "lines.1.charge = 125.01"),
        ('{ field = "line.charge", at_most = "124.99" }', "lines.1.charge = 124.99", ""),
        ('{ field = "line.charge", is = 125 }', "", "lines.1.charge = 125.01"),
        ('{ field = "line.modifiers", has = "25" }', "", "lines.1.modifiers = 26"),
        ('{ field = "line.modifiers", lacks = ["26", "TC"] }', "", "lines.1.modifiers = TC"),
        ('{ field = "line.modifiers", missing = true }', "lines.1.modifiers = none", ""),
        ('{ field = "line.ndc", missing = false }', "lines.1.ndc = 00002751001 1 ML", ""),
        ('{ field = "line.first_day", from = 2026-05-14 }', "", "lines.1.start = 2026-05-13"),
        ('{ field = "line.first_day", before = 2026-05-14 }', "lines.1.start = 2026-05-13", ""),
        ('{ field = "line.last_day", after = 2026-05-13 }', "", "lines.1.start = 2026-05-13; lines.1.end = 2026-05-13"),
        ('{ field = "line.diagnoses", has = "E11.*" }', "", "lines.1.pointers = 2"),
        ('{ field = "line.place_of_service", among = "11" }', "", "place_of_service = 22"),
        ('{ field = "patient.age", at_least = 67 }', "", "patient.birth_date = 1999-02-11"),
        ('{ field = "rendering.taxonomy", among = "207Q*" }', "", "rendering.taxonomy = 208D00000X"),
        ('{ field = "payer.type", is = ["Commercial", "bcbs"] }', "", "payer.type = medicare"),
        ('{ field = "payer.type", is_not = "medicare" }', "", "payer.type = medicare"),
        ('{ field = "claim.assignment", is = true }', "", None),
        ('{ field = "claim.prior_authorization", missing = true }', "", None),
    ],
)
def test_each_question_is_answered(
    condition: str, fires: str, passes: str | None, tmp_path: Path, book: CodeBook
) -> None:
    site = one(tmp_path, "line", condition)
    (finding,) = on_claim(site, fires, book)
    assert finding.location == {"claim": "CASE1", "line": 1, "segment": "LX"}
    if passes is not None:
        assert on_claim(site, passes, book) == []


def test_rule_on_lines_speaks_of_each(tmp_path: Path, book: CodeBook) -> None:
    site = one(tmp_path, "line", '{ field = "line.code", among = "99213" }')
    found = on_claim(site, "lines = 3; lines.2.code = 36415", book)
    assert [f.location and f.location["line"] for f in found] == [1, 3]


@pytest.mark.parametrize(("received", "late"), [("2026-08-12", False), ("2026-08-13", True)])
def test_timely_filing_by_contract(received: str, late: bool, tmp_path: Path, book: CodeBook) -> None:
    condition = '{ field = "claim.received", more_days_after = { field = "claim.last_day", days = 90 } }'
    found = on_claim(one(tmp_path, "claim", condition), "", book, date.fromisoformat(received))
    assert bool(found) is late


def test_nothing_is_late_that_nobody_received(tmp_path: Path, book: CodeBook) -> None:
    condition = '{ field = "claim.received", more_days_after = { field = "claim.last_day", days = 90 } }'
    assert on_claim(one(tmp_path, "claim", condition), "", book) == []


def test_rule_on_diagnoses_judges_codings_and_claims(tmp_path: Path, book: CodeBook) -> None:
    site = one(tmp_path, "diagnosis", '{ field = "diagnosis.code", among = "E11.9" }')
    (finding,) = on_coding(site, "outpatient F67 2026-05-14: I10 E11.9", book)
    assert (finding.codes, finding.assignments) == (("E11.9",), ("a2",))
    (finding,) = on_claim(site, "", book)
    assert (finding.codes, finding.location) == (("E11.9",), {"claim": "CASE1", "segment": "HI"})


def test_rule_on_encounters(tmp_path: Path, book: CodeBook) -> None:
    site = one(
        tmp_path,
        "encounter",
        '{ field = "encounter.setting", is = "inpatient" }',
        '{ field = "encounter.diagnoses", has = "I50*" }',
        unless='{ field = "encounter.disposition", among = "20" }',
    )
    assert on_coding(site, "inpatient F67 2026-05-14: I11.0 I50.9 disp:01", book)
    assert not on_coding(site, "inpatient F67 2026-05-14: I11.0 I50.9 disp:20", book)
    assert not on_coding(site, "outpatient F67 2026-05-14: I11.0 I50.9", book)


def test_a_permission_of_a_sites_rule_is_kept(tmp_path: Path, book: CodeBook) -> None:
    site = one(tmp_path, "diagnosis", '{ field = "diagnosis.code", among = "E11.9" }')
    whole = coded("outpatient F67 2026-05-14: I10 E11.9")
    permit = Override("coder 7", datetime(2026, 5, 15, tzinfo=UTC), "Agreed with the payer.")
    options = edits.Options(site=site)
    found = edits.check(whole, book, options=options)
    permitted = replace(whole, findings=tuple(replace(f, override=permit) for f in found))
    assert [f.override for f in edits.check(permitted, book, options=options)] == [permit]


# --- mistakes ---

MISTAKES = {
    "[[rule": "is not TOML",
    'name = "x"': "nothing else",
    GOOD + GOOD: "stands twice",
    GOOD.replace("SITE:modifier-25-with-injection", "ICD10CM:tabular/excludes1"): "SITE:slug",
    GOOD.replace('on = "claim"', 'on = "claims"'): "on is one of claim, line, encounter, diagnosis",
    GOOD.replace('"warning"', '"fatal"'): "severity is one of error, warning, info",
    GOOD.replace("[2026-01-01]", '["2026-01-01"]'): "without quotation marks",
    GOOD.replace("[2026-01-01]", "[2026-01-01, 2025-01-01]"): "first day, last day",
    GOOD.replace('fix = "Add', 'fixed = "Add'): "it lacks fix",
    GOOD + "colour = 1": "there is no key colour",
    GOOD.replace("payer.id", "payer.ids"): "do you mean payer.id?",
    GOOD.replace('is = "99999"', 'has = "99999"'): "text can be asked: is, is_not, missing",
    GOOD.replace('is = "99999"', "is = 99999"): "it takes a text, or a list of texts",
    GOOD.replace('is = "99999"', 'is = "99999", missing = true'): "asks 2 questions",
    GOOD.replace("99202-99215", "99215-99202"): "'99215-99202' is no code, no range",
    GOOD.replace("99202-99215", "*"): "'\\*' is no code",
    GOOD.replace('field = "claim.modifiers"', 'field = "line.modifiers"'): "no field that it can ask",
    GOOD.replace("when = [", "when = []\nwhile = ["): "it lacks|there is no key",
    GOOD.replace('{ field = "payer.id", is = "99999" }', '"payer.id"'): "a condition is a table",
}


@pytest.mark.parametrize(("text", "words"), MISTAKES.items(), ids=MISTAKES.values())
def test_a_mistake_is_told_in_a_sentence(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words) as caught:
        rules(tmp_path, text)
    assert "rules.toml" in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_mistake_names_its_rule(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rules.toml, rule 2 \(SITE:second\)"):
        rules(tmp_path, GOOD + GOOD.replace("modifier-25-with-injection", "second").replace("payer.id", "player.id"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent.toml cannot be read"):
        read_site_rules([tmp_path / "absent.toml"])


def test_rules_without_conditions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="would speak of everything"):
        one(tmp_path, "claim")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.toml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            answer = str(read_site_rules([path]).rules)  # no such text is a rule
        except InputError as error:
            answer = str(error)
    assert answer == "()" or answer.startswith("rules.toml")


# --- what can be asked ---


def test_every_field_can_be_read_from_a_claim_or_a_coding(book: CodeBook) -> None:
    billing = Billing(claim(), book)
    coding = billing.coding
    asked = Asked(billing, billing.claim.lines[0], coding, coding.diagnoses[0])
    for subject in Subject:
        for field in FIELDS[subject].values():
            field.value(asked)
            assert QUESTIONS[field.kind]
            assert field.words


@pytest.mark.parametrize(
    ("written", "code", "within"),
    [
        ("99202-99215", "99213", True),
        ("99202-99215", "99216", False),
        ("99202-99215", "9921", False),
        ("E11.*", "E11.22", True),
        ("E11*", "E1", False),
        ("J1885, 96372", "96372", True),
        ("j1885", "J1885", True),
        ("E11.9", "E119", True),
        ("A0426-A0429", "A0428", True),
    ],
)
def test_codes_as_rules_write_them(written: str, code: str, within: bool) -> None:
    assert (code in Codes([written])) is within
