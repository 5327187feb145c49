"""`leadterm validate` on codings, claims, X12 and streams; `leadterm permit`; a site's rules from flags, settings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.claims.generate import envelope
from tests.edits.bills import claim
from tests.schemas.validation import validator

from leadterm.claims import write_837p
from leadterm.domain import Claim
from leadterm.schemas import encode

from .conftest import Call
from .notation import CHART, DAY, SECRET, rules

EXCLUDES1 = "ICD10CM:tabular/excludes1"
SITE = """
[[rule]]
id = "SITE:diabetes"
on = "diagnosis"
severity = "error"
message = "Our auditors look at this code."
fix = "Ask them."
source = "Audit plan"
effective = [2026-01-01]
when = [{ field = "diagnosis.code", among = "E11.*" }]
"""


def problems(answer: Any) -> list[str]:
    name = answer["schema"].removeprefix("leadterm.").replace("/", "-")
    return [e.message for e in validator(name).iter_errors(answer)]


def x12(*claims: Claim) -> bytes:
    return bytes(write_837p(claims, envelope()))


def interchange(*changes: str, patients: str = "ABCDEF") -> bytes:
    """Claims CLAIM1, CLAIM2, … of a patient each, what is changed in a good one."""
    made = []
    for number, (change, name) in enumerate(zip(changes, patients, strict=False), 1):
        one = claim(change)
        made.append(replace(one, id=f"CLAIM{number}", patient=replace(one.patient, first_name=name)))
    return x12(*made)


@pytest.fixture
def double(leadterm: Call) -> Any:
    """A visit with two types of diabetes: an Excludes1 pair."""
    text = b"Assessment: type 1 diabetes. Type 2 diabetes. Hypertension."
    return leadterm("code", "-", "--date", DAY, "--json", stdin=text).json


# --- X12 ---


def test_claims_of_an_837_are_judged(leadterm: Call, tmp_path: Path) -> None:
    file = tmp_path / "claims.837"
    file.write_bytes(interchange("", "diagnoses = E11.9 E10.9", "rendering.npi = 1234567890"))
    answer = leadterm("validate", file, "--json")
    assert answer.code == 1
    assert problems(answer.json) == []
    assert answer.json["subject"] == "claims.837"
    found = {f["rule"]: f["location"]["claim"] for f in answer.json["findings"] if f["severity"] == "error"}
    assert found == {EXCLUDES1: "CLAIM2", "HIPAA:162.406/npi-check-digit": "CLAIM3"}


def test_each_claim_of_an_837_has_its_line(leadterm: Call) -> None:
    answer = leadterm("validate", "-", "--jsonl", stdin=interchange("", "diagnoses = E11.9 E10.9"))
    assert [r["subject"] for r in answer.rows] == ["CLAIM1", "CLAIM2"]
    assert [EXCLUDES1 in rules(r) for r in answer.rows] == [False, True]
    assert all(problems(r) == [] for r in answer.rows)


def test_a_finding_leads_to_its_segment(leadterm: Call) -> None:
    content = interchange("", "lines.1.modifiers = 25 25")
    row = leadterm("validate", "-", "--jsonl", stdin=content).rows[1]
    place = next(f["location"] for f in row["findings"] if f["rule"] == "HIPAA:837/modifier-twice")
    assert (place["claim"], place["line"]) == ("CLAIM2", 1)
    assert content[place["offset"] :].startswith(b"SV1*")


def test_the_end_tells_how_many(leadterm: Call) -> None:
    answer = leadterm("validate", "-", stdin=interchange("", "", "diagnoses = E11.9 E10.9"))
    assert answer.code == 1
    # What the claims were not checked with is said of the first alone.
    assert answer.err.splitlines()[-1] == "3 checked: 1 with errors, 1 with remarks alone."
    assert [line for line in answer.text.splitlines() if line.startswith("CLAIM")] == ["CLAIM1", "CLAIM3"]


def test_an_837_that_breaks_off_is_told_with_its_place(leadterm: Call) -> None:
    answer = leadterm("validate", "-", stdin=interchange("", "")[:-200])
    assert answer.code in (1, 2)
    assert "Traceback" not in answer.err


# --- streams of JSON ---


def test_rows_are_answered_in_order_and_bad_ones_in_their_place(leadterm: Call) -> None:
    good = json.dumps(encode.claim(claim("")))
    wrong = json.dumps(encode.claim(claim("diagnoses = E11.9 E10.9")))
    lines = [good, "{", json.dumps({"id": "n2", "error": "It has no text."}), '{"schema": "x"}', wrong]
    answer = leadterm("validate", "-", "--jsonl", stdin="\n".join(lines).encode())
    assert answer.code == 1
    assert [r.get("subject") for r in answer.rows] == ["CASE1", None, None, None, "CASE1"]
    assert [r.get("id") for r in answer.rows] == [None, "line-2", "n2", "line-4", None]
    assert "could not be coded" in answer.rows[2]["error"]


def test_what_code_writes_is_checked_line_by_line(leadterm: Call, tmp_path: Path) -> None:
    notes = tmp_path / "notes.jsonl"
    notes.write_text("".join(json.dumps({"id": f"n{n}", "text": CHART}) + "\n" for n in range(3)))
    coded = leadterm("code", notes, "--date", DAY, "--jsonl")
    answer = leadterm("validate", "-", "--jsonl", stdin=coded.out)
    assert (answer.code, [r["subject"] for r in answer.rows]) == (0, ["n0", "n1", "n2"])


def test_a_list_of_codings_gives_a_list(leadterm: Call, double: Any) -> None:
    answer = leadterm("validate", "-", "--json", stdin=json.dumps([double, double]).encode())
    assert answer.code == 1
    assert [EXCLUDES1 in rules(a) for a in answer.json] == [True, True]


# --- a site's rules ---


def test_rules_of_a_site_are_asked_by_flag(leadterm: Call, double: Any, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE)
    answer = leadterm("validate", "-", "--json", "--rules", "site.toml", stdin=json.dumps(double).encode())
    (finding,) = [f for f in answer.json["findings"] if f["rule"] == "SITE:diabetes"]
    assert (finding["codes"], finding["message"]) == (["E11.9"], "Our auditors look at this code.")


def test_rules_of_a_site_are_asked_by_setting(leadterm: Call, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE)
    (tmp_path / "leadterm.toml").write_text('[edits]\nrules = ["site.toml"]\n')
    answer = leadterm("code", "-", "--date", DAY, "--json", stdin=b"Assessment: type 2 diabetes.")
    assert answer.code == 1
    assert "SITE:diabetes" in rules(answer.json)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('[edits]\nrules = "site.toml"', "a list of files"),
        ("[edits]\ncolour = 1", "takes rules"),
        ('[edits]\nrules = ["absent.toml"]', "absent.toml cannot be read"),
    ],
)
def test_wrong_settings_are_told(settings: str, words: str, leadterm: Call, tmp_path: Path) -> None:
    (tmp_path / "leadterm.toml").write_text(settings)
    answer = leadterm("validate", "-", stdin=json.dumps(encode.claim(claim(""))).encode())
    assert (answer.code, words in answer.err) == (2, True)


def test_a_mistake_in_a_rule_is_told(leadterm: Call, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE.replace("diagnosis.code", "diagnosis.kode"))
    answer = leadterm("validate", "-", "--rules", "site.toml", stdin=interchange(""))
    assert answer.code == 2
    assert "rule 1 (SITE:diabetes)" in answer.err
    assert "do you mean diagnosis.code?" in answer.err


# --- permit ---


def test_a_permission_is_kept_with_who_and_why(leadterm: Call, double: Any, tmp_path: Path) -> None:
    file = tmp_path / "visit.json"
    file.write_text(json.dumps(double))
    answer = leadterm("permit", file, EXCLUDES1, "--by", "J. Rivera, CCS", "--reason", "Both documented.")
    assert (answer.code, answer.text) == (0, f"{EXCLUDES1} permitted for E10.9, E11.9\n")
    kept = json.loads(file.read_text())
    assert problems(kept) == []
    (finding,) = [f for f in kept["findings"] if f["rule"] == EXCLUDES1]
    assert (finding["override"]["by"], finding["override"]["reason"]) == ("J. Rivera, CCS", "Both documented.")
    assert leadterm("validate", file).code == 0


def test_a_permission_is_withdrawn(leadterm: Call, double: Any, tmp_path: Path) -> None:
    file = tmp_path / "visit.json"
    file.write_text(json.dumps(double))
    leadterm("permit", file, EXCLUDES1, "--by", "J. Rivera", "--reason", "Both.")
    assert leadterm("permit", file, EXCLUDES1, "--withdraw").code == 0
    assert leadterm("validate", file).code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((EXCLUDES1,), "--by and --reason"),
        ((EXCLUDES1, "--by", "J. Rivera"), "who permits and why"),
        ((EXCLUDES1, "--withdraw", "--by", "x"), "--withdraw alone"),
        ((EXCLUDES1, "--by", "x", "--reason", "y", "--codes", "I10"), "nothing on these codes"),
        (("ICD10CM:no/rule", "--by", "x", "--reason", "y"), "has found nothing"),
    ],
)
def test_what_cannot_be_permitted_is_told(
    arguments: tuple[str, ...], words: str, leadterm: Call, double: Any, tmp_path: Path
) -> None:
    file = tmp_path / "visit.json"
    file.write_text(json.dumps(double))
    answer = leadterm("permit", file, *arguments)
    assert (answer.code, words in answer.err) == (2, True)
    assert json.loads(file.read_text()) == double


def test_nobody_permits_what_leaves_no_exception(leadterm: Call, double: Any, tmp_path: Path) -> None:
    twice = {**double, "assignments": [*double["assignments"], {**double["assignments"][0], "id": "z", "sequence": 9}]}
    file = tmp_path / "visit.json"
    file.write_text(json.dumps(twice))
    answer = leadterm("permit", file, "ICD10CM:I.B.12/duplicate", "--by", "x", "--reason", "y")
    assert (answer.code, "Nobody can permit" in answer.err) == (2, True)


def test_a_claim_is_corrected_and_not_permitted(leadterm: Call, tmp_path: Path) -> None:
    file = tmp_path / "claim.json"
    file.write_text(json.dumps(encode.claim(claim(""))))
    answer = leadterm("permit", file, "HIPAA:837P/total", "--by", "x", "--reason", "y")
    assert (answer.code, "correct the encounter" in answer.err) == (2, True)


def test_no_words_of_a_chart_in_messages(leadterm: Call, tmp_path: Path) -> None:
    answer = leadterm("validate", "-", stdin=b"{" + SECRET.encode())
    assert answer.code == 2
    assert SECRET not in answer.err


def test_a_claim_that_comes_again_in_a_stream_is_told(leadterm: Call) -> None:
    content = interchange("", "", "lines.1.charge = 99.00", patients="AAA")
    found = [set(rules(row)) for row in leadterm("validate", "-", "--jsonl", stdin=content).rows]
    assert [sorted(r for r in some if r.startswith("MCPM:1.120")) for some in found] == [
        [],
        ["MCPM:1.120/claim"],
        ["MCPM:1.120/lines"],
    ]
