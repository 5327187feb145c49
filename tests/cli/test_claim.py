"""`leadterm validate` and `leadterm claim build`: what is checked, what becomes an 837P, and what never does."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadterm.cli.demo import sample_folder
from leadterm.edits import UNCHECKED
from leadterm.x12 import read

from .conftest import Answer, Call
from .notation import BEFORE_ANY_RELEASE, SECRET, codes, rules

OFFICE_VISIT = sample_folder() / "01-diabetes-ckd-hypertension"
STAY = sample_folder() / "03-pneumonia-discharge"
VISIT = [OFFICE_VISIT / "chart.txt", "--encounter", OFFICE_VISIT / "encounter.json"]
EXCLUDES1 = "ICD10CM:tabular/excludes1"
Write = Callable[[str, str | bytes], Path]


def diagnoses(interchange: bytes) -> list[str]:
    """The diagnosis codes of an 837P, in order, without dots."""
    return [e.split(":")[1] for s in read(interchange) if s.id == "HI" for e in s.elements if e]


@pytest.fixture
def coded(leadterm: Call) -> Any:
    """The office visit, coded."""
    return leadterm("code", *VISIT, "--json").json


@pytest.fixture
def double(coded: Any) -> Any:
    """The office visit with a second type of diabetes that a person added: an Excludes1 pair."""
    added = {"id": "added", "code": "E10.9", "role": "secondary", "status": "added", "sequence": 99}
    first, *others = coded["assignments"]
    return {**coded, "assignments": [first, {**first, **added}, *others]}


def build(leadterm: Call, coded: Any, *flags: object) -> Answer:
    return leadterm("claim", "build", "-", *flags, stdin=json.dumps(coded).encode())


def check(leadterm: Call, subject: Any) -> Any:
    return leadterm("validate", "-", "--json", stdin=json.dumps(subject).encode()).json


# --- what is built ---


def test_a_coded_encounter_becomes_an_837p_with_its_codes_in_order(leadterm: Call, coded: Any) -> None:
    answer = build(leadterm, coded)
    assert answer.code == 0
    assert answer.out.startswith(b"ISA*")
    assert diagnoses(answer.out) == [c.replace(".", "") for c in codes(coded)][:12]


def test_a_chart_with_its_encounter_becomes_the_same_claim_as_its_coding(leadterm: Call, coded: Any) -> None:
    from_chart = leadterm("claim", "build", *VISIT, "--format", "json").json
    assert build(leadterm, coded, "--format", "json").json == from_chart


def test_charges_and_codes_are_posted_as_a_dft_message(leadterm: Call, coded: Any) -> None:
    answer = build(leadterm, coded, "--format", "dft", "--submitter", "CODING/ELM", "--control", 12)
    header, *_ = answer.out.decode().split("\r")
    assert header.startswith("MSH|^~\\&|CODING|ELM|")
    assert header.split("|")[9] == "12"
    wanted = [a["code"] for a in coded["assignments"] if a["role"] not in ("charge", "procedure")]
    posted = [line.split("|")[3].split("^")[0] for line in answer.out.decode().split("\r") if line.startswith("DG1")]
    assert posted == wanted


def test_nothing_is_posted_while_an_error_stands_or_without_a_release(leadterm: Call, double: Any) -> None:
    assert build(leadterm, double, "--format", "dft").code == 1
    old = {**double, "encounter": {**double["encounter"], "date_of_service": BEFORE_ANY_RELEASE}}
    assert build(leadterm, old, "--format", "dft").code == 3


def test_the_coding_and_its_claim_are_written_as_fhir(leadterm: Call, coded: Any) -> None:
    bundle = build(leadterm, coded, "--format", "fhir").json
    resources = [entry["resource"] for entry in bundle["entry"]]
    claimed = next(r for r in resources if r["resourceType"] == "Claim")["diagnosis"]
    conditions = [r["code"] for r in resources if r["resourceType"] == "Condition"]
    assert [d["diagnosisCodeableConcept"]["coding"][0]["code"] for d in claimed] == codes(coded)[:12]
    assert {c["coding"][0]["code"] for c in conditions} == set(codes(coded))


def test_a_chart_may_come_on_standard_input(leadterm: Call) -> None:
    chart = (OFFICE_VISIT / "chart.txt").read_bytes()
    answer = leadterm("claim", "build", "-", *VISIT[1:], "--format", "json", stdin=chart)
    assert answer.json == leadterm("claim", "build", *VISIT, "--format", "json").json


def test_numbers_and_parties_are_the_callers(leadterm: Call, coded: Any) -> None:
    flags = ["--control", 77, "--submitter", "ME", "--receiver", "YOU", "--claim-id", "CLAIM9"]
    segments = list(read(build(leadterm, coded, *flags).out))
    isa = segments[0]
    assert (isa[6].strip(), isa[8].strip(), isa[13], isa[15]) == ("ME", "YOU", "000000077", "T")
    assert next(s for s in segments if s.id == "CLM")[1] == "CLAIM9"


def test_only_a_claim_that_is_said_to_be_real_is_marked_as_production(leadterm: Call, coded: Any) -> None:
    assert next(iter(read(build(leadterm, coded, "--production").out)))[15] == "P"


def test_a_claim_goes_to_its_file_and_the_word_of_it_to_the_side(leadterm: Call, coded: Any, tmp_path: Path) -> None:
    answer = build(leadterm, coded, "--out", tmp_path / "new" / "visit.837")
    assert (answer.code, answer.out) == (0, b"")
    assert "visit.837" in answer.err
    assert (tmp_path / "new" / "visit.837").read_bytes().startswith(b"ISA*")


def test_a_claim_can_be_read_by_its_owner_alone(leadterm: Call, coded: Any, tmp_path: Path) -> None:
    build(leadterm, coded, "--out", tmp_path / "visit.837")
    assert (tmp_path / "visit.837").stat().st_mode & 0o077 == 0


# --- what is not ---


def test_a_stay_never_becomes_an_837p(leadterm: Call, tmp_path: Path) -> None:
    call = ["claim", "build", STAY / "chart.txt", "--encounter", STAY / "encounter.json", "--out", "stay.837"]
    for flags in ([], ["--format", "json"]):
        answer = leadterm(*call, *flags)
        assert (answer.code, answer.out) == (2, b"")
        assert "institutional claim" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("setting", ["inpatient", "skilled-nursing", "home-health"])
def test_no_facility_setting_becomes_an_837p(leadterm: Call, coded: Any, setting: str) -> None:
    encounter = {key: value for key, value in coded["encounter"].items() if key != "claim_type"}
    answer = build(leadterm, {**coded, "setting": setting, "encounter": {**encounter, "setting": setting}})
    assert (answer.code, answer.out) == (2, b"")


@pytest.mark.parametrize("day", [BEFORE_ANY_RELEASE, "2031-01-02", None])
def test_a_day_without_an_installed_release_gets_no_claim(leadterm: Call, coded: Any, day: str | None) -> None:
    moved = {**coded, "date_of_service": day, "encounter": {**coded["encounter"], "date_of_service": day}}
    answer = build(leadterm, moved)
    assert (answer.code, answer.out) == (3, b"")
    assert "leadterm codes status" in answer.err


def test_a_file_that_cannot_be_written_leaves_nothing_behind(leadterm: Call, coded: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    for out in ("taken/visit.837", "folder"):
        answer = build(leadterm, coded, "--out", out)
        assert (answer.code, answer.out) == (2, b"")
        assert f"{out} cannot be written" in answer.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_device_is_written_to_and_not_replaced(leadterm: Call, coded: Any) -> None:
    assert build(leadterm, coded, "--out", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_a_link_still_points_to_the_file_that_was_written(leadterm: Call, coded: Any, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    build(leadterm, coded, "--out", "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes().startswith(b"ISA*")


def test_everything_that_a_claim_lacks_is_told_at_once_and_without_names(leadterm: Call, coded: Any) -> None:
    patient = {**coded["encounter"]["patient"], "first_name": SECRET.split()[0], "last_name": SECRET.split()[1]}
    bare = {key: value for key, value in coded["encounter"].items() if key not in ("providers", "payers", "charges")}
    answer = build(leadterm, {**coded, "encounter": {**bare, "patient": patient}})
    assert answer.code == 2
    assert "a billing provider" in answer.err
    assert "a payer" in answer.err
    assert not any(name in answer.err for name in SECRET.split())


def test_a_claim_is_not_built_of_a_claim(leadterm: Call) -> None:
    claim = leadterm("claim", "build", *VISIT, "--format", "json").json
    assert "This is a claim already" in build(leadterm, claim).err


# --- errors and overrides ---


def test_a_sound_coding_has_no_error(leadterm: Call, coded: Any) -> None:
    assert rules(check(leadterm, coded), "error") == []


def test_an_excludes1_pair_is_an_error_and_no_claim_is_written(leadterm: Call, double: Any, tmp_path: Path) -> None:
    assert EXCLUDES1 in rules(check(leadterm, double), "error")
    answer = build(leadterm, double, "--out", tmp_path / "visit.837")
    assert (answer.code, answer.out) == (1, b"")
    assert "no claim was written" in answer.err
    assert not (tmp_path / "visit.837").exists()


def test_the_findings_of_a_claim_can_be_had_as_json(leadterm: Call, double: Any) -> None:
    answer = build(leadterm, double, "--out", "visit.837", "--json")
    assert (answer.code, EXCLUDES1 in rules(answer.json, "error")) == (1, True)


def test_an_error_does_not_go_away_by_leaving_it_out_of_the_file(leadterm: Call, double: Any) -> None:
    assert build(leadterm, {**double, "findings": []}).code == 1


def test_an_override_with_its_reason_lets_the_claim_be_built(leadterm: Call, double: Any) -> None:
    override = {"by": "coder-7", "at": "2026-05-20T09:00:00+00:00", "reason": "Two patients' notes were merged."}
    found = check(leadterm, double)["findings"]
    permitted = [{**f, "override": override} if f["severity"] == "error" else f for f in found]
    answer = build(leadterm, {**double, "findings": permitted})
    assert answer.code == 0
    assert "E109" in diagnoses(answer.out)


def test_an_override_without_a_reason_is_none(leadterm: Call, double: Any) -> None:
    override = {"by": "coder-7", "at": "2026-05-20T09:00:00+00:00", "reason": " "}
    permitted = [{**f, "override": override} for f in check(leadterm, double)["findings"]]
    assert build(leadterm, {**double, "findings": permitted}).code == 2


def test_rejecting_one_code_of_the_pair_lets_the_claim_be_built(leadterm: Call, double: Any) -> None:
    with_findings = {**double, "findings": check(leadterm, double)["findings"]}
    with_findings["assignments"][1]["status"] = "rejected"
    answer = build(leadterm, with_findings)
    assert answer.code == 0
    assert "E109" not in diagnoses(answer.out)


def test_a_claim_can_be_checked_too(leadterm: Call) -> None:
    claim = leadterm("claim", "build", *VISIT, "--format", "json").json
    assert rules(check(leadterm, claim)) == [UNCHECKED]
    claim["providers"] = None
    claim["place_of_service"] = None
    assert "HIPAA:837P/place-missing" in rules(check(leadterm, claim), "error")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"not JSON " + SECRET.encode(), "is not JSON"),
        (b"[1]", "has no schema that can be checked"),
        (b'{"schema": "leadterm.coded/9"}', "has no schema that can be checked"),
        (b"ISA*00*          *00*", "leadterm: "),
        (b"\xff\xfe\xff", "is not utf-16"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"schema": "leadterm.coded/1", "assignments": [{}]}', "assignments[0]"),
        (b'{"schema": "leadterm.claim/1", "lines": [{"charge": 12.5}]}', "leadterm: "),
    ],
)
def test_what_cannot_be_checked_is_told_in_a_sentence(leadterm: Call, content: bytes, sentence: str) -> None:
    for command in (["validate"], ["claim", "build"]):
        answer = leadterm(*command, "-", stdin=content)
        assert (answer.code, answer.out) == (2, b"")
        assert sentence in answer.err
        assert SECRET not in answer.err


def test_no_claim_is_built_from_x12(leadterm: Call) -> None:
    assert "is X12" in leadterm("claim", "build", "-", stdin=b"ISA*00*          *00*").err


def test_dates_are_those_of_the_encounter(leadterm: Call) -> None:
    claim = leadterm("claim", "build", *VISIT, "--format", "json").json
    assert {date.fromisoformat(line["from"]) for line in claim["lines"]} == {date(2026, 5, 14)}
