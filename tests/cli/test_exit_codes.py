"""The exit codes of the contract for every command: 0 done, 1 with errors found, 2 usage, 3 data missing, 4 ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadterm.cli.demo import sample_folder

from .conftest import Call
from .notation import BEFORE_ANY_RELEASE, CHART, DAY, PRIVATE, SECRET, row

OFFICE_VISIT = sample_folder() / "01-diabetes-ckd-hypertension"
STAY = sample_folder() / "03-pneumonia-discharge"

# Every command in a call that does its work.
DONE = [
    ["demo"],
    ["code", "visit.txt", "--date", DAY],
    ["code", "visit.txt", "--facts"],
    ["lookup", "E11.22"],
    ["lookup", "99213"],
    ["search", "diabetes"],
    ["search", "qqqzzzqqq"],
    ["tree"],
    ["tree", "E08-E13"],
    ["codes", "status"],
    ["codes", "verify"],
    ["validate", "visit.coded.json"],
    ["group", "visit.coded.json"],
    ["group", "visit.coded.json", "--what-if", "--purpose", "audit"],
    ["claim", "build", "chart.txt", "--encounter", "encounter.json"],
    ["explain"],
    ["explain", "ICD10CM:tabular/excludes1"],
    ["doctor"],
    ["--version"],
    ["--help"],
    ["-h"],
    *([*command, "--help"] for command in (["code"], ["claim", "build"], ["codes", "status"])),
]
FOUND = [
    ["lookup", "E11.22", "Z99.99"],
    ["lookup", "not-a-code"],
    ["code", "rows.jsonl"],
    ["validate", "double.coded.json"],
    ["group", "rows.jsonl"],
    ["claim", "build", "double.coded.json"],
]
USAGE = [
    [],
    ["lokup", "E11.22"],
    ["codes"],
    ["codes", "stats"],
    ["claim"],
    ["code"],
    ["code", "absent.txt"],
    ["code", "visit.txt", "--setting", "moon"],
    ["code", "visit.txt", "--claim-type", "dental"],
    ["code", "visit.txt", "--sex", "Q"],
    ["code", "visit.txt", "--age", "131"],
    ["code", "visit.txt", "--age", "-1"],
    ["code", "visit.txt", "--age", "forty"],
    ["code", "visit.txt", "--date", "2026-02-30"],
    ["code", "visit.txt", "--date", "14/05/2026"],
    ["code", "visit.txt", "--encounter", "absent.json"],
    ["code", "visit.txt", "--encoding", "utf-88"],
    ["code", "visit.txt", "--unknown-option"],
    ["lookup"],
    ["lookup", "E11.22", "--system", "icd12"],
    ["lookup", "E11.22", "--on", "someday"],
    ["search", "diabetes", "--limit", "0"],
    ["search", "diabetes", "--limit", "some"],
    ["tree", "QQ"],
    ["group"],
    ["group", "absent.json"],
    ["group", "visit.txt"],
    ["group", "visit.coded.json", "--what-if"],
    ["group", "visit.coded.json", "--grouper", "apr"],
    ["validate", "absent.json"],
    ["validate", "visit.txt"],
    ["claim", "build", "absent.json"],
    ["claim", "build", "stay.txt", "--encounter", "stay.json"],
    ["claim", "build", "chart.txt", "--encounter", "encounter.json", "--format", "837d"],
    ["claim", "build", "chart.txt", "--encounter", "encounter.json", "--json"],
    ["claim", "build", "chart.txt", "--encounter", "encounter.json", "--claim-id", "no dashes - please"],
    ["claim", "build", "chart.txt", "--encounter", "encounter.json", "--control", "0"],
    ["claim", "build", "rows.jsonl", "--encounter", "encounter.json"],
    ["explain", "ICD10CM:no/such-rule"],
    ["demo", "--out", "visit.txt"],
]
MISSING = [
    ["code", "visit.txt", "--date", BEFORE_ANY_RELEASE],
    ["code", "old.jsonl", "--strict"],
    ["lookup", "E11.22", "--on", BEFORE_ANY_RELEASE],
    ["claim", "build", "chart.txt", "--encounter", "old.json"],
    ["claim", "build", "chart.txt", "--encounter", "undated.json"],
]


def named(calls: list[list[str]]) -> list[object]:
    return [pytest.param(call, id=" ".join(call) or "nothing") for call in calls]


@pytest.fixture(autouse=True)
def files(leadterm: Call, tmp_path: Path) -> None:
    """The files that the calls name."""
    encounter = json.loads((OFFICE_VISIT / "encounter.json").read_text(encoding="utf-8"))
    undated = {key: value for key, value in encounter.items() if key != "date_of_service"}
    stay = (STAY / "encounter.json").read_text(encoding="utf-8")
    texts = {
        "visit.txt": CHART,
        "chart.txt": (OFFICE_VISIT / "chart.txt").read_text(encoding="utf-8"),
        "encounter.json": json.dumps(encounter),
        "old.json": json.dumps({**encounter, "date_of_service": BEFORE_ANY_RELEASE}),
        "undated.json": json.dumps(undated),
        "stay.txt": (STAY / "chart.txt").read_text(encoding="utf-8"),
        "stay.json": stay,
        "rows.jsonl": row("one") + "\nnot JSON\n",
        "old.jsonl": row("old", date_of_service=BEFORE_ANY_RELEASE),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    coded = leadterm("code", "chart.txt", "--encounter", "encounter.json", "--json").json
    (tmp_path / "visit.coded.json").write_text(json.dumps(coded), encoding="utf-8")
    double = {**coded["assignments"][0], "id": "added", "code": "E10.9", "role": "secondary", "status": "added"}
    coded["assignments"].append(double)
    (tmp_path / "double.coded.json").write_text(json.dumps(coded), encoding="utf-8")


@pytest.mark.parametrize("call", named(DONE))
def test_what_is_done_exits_0(leadterm: Call, call: list[str]) -> None:
    assert leadterm(*call).code == 0


@pytest.mark.parametrize("call", named(FOUND))
def test_what_is_answered_with_errors_exits_1(leadterm: Call, call: list[str]) -> None:
    assert leadterm(*call).code == 1


@pytest.mark.parametrize("call", named(USAGE))
def test_what_cannot_be_used_exits_2_with_a_sentence_and_no_answer(leadterm: Call, call: list[str]) -> None:
    answer = leadterm(*call)
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err.rstrip().endswith((".", "?")) or "Usage: leadterm" in answer.err


@pytest.mark.parametrize("call", named(MISSING))
def test_what_lacks_data_exits_3_and_names_the_command_that_helps(leadterm: Call, call: list[str]) -> None:
    answer = leadterm(*call)
    assert (answer.code, answer.out) == (3, b"")
    assert "`leadterm codes " in answer.err


@pytest.mark.parametrize("call", [["lookup", "E11.9"], ["code", "visit.txt"], ["search", "gout"], ["codes", "status"]])
def test_an_error_of_ours_exits_4_and_tells_how_to_report_it(
    leadterm: Call, monkeypatch: pytest.MonkeyPatch, call: list[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError(PRIVATE)

    monkeypatch.setattr("leadterm.codesets.open_book", broken)
    answer = leadterm(*call)
    assert (answer.code, answer.out) == (4, b"")
    assert "internal error (ZeroDivisionError)" in answer.err
    assert "LEADTERM_DEBUG" in answer.err
    assert SECRET not in answer.err


def test_an_error_of_ours_is_raised_for_whoever_looks_for_it(leadterm: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("leadterm.codesets.open_book", broken)
    monkeypatch.setenv("LEADTERM_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        leadterm("lookup", "E11.9")


def test_a_command_that_is_nearly_one_is_suggested(leadterm: Call) -> None:
    assert "Did you mean 'lookup'" in leadterm("lokup", "E11.22").err


def test_a_rule_that_is_nearly_one_is_suggested(leadterm: Call) -> None:
    assert "Do you mean ICD10CM:tabular/excludes1?" in leadterm("explain", "ICD10CM:tabular/exclude1").err


def test_a_word_that_an_option_does_not_take_is_answered_with_those_that_it_takes(leadterm: Call) -> None:
    said = leadterm("code", "visit.txt", "--setting", "moon").err
    assert said == (
        "leadterm: --setting takes one of: inpatient, outpatient, emergency, professional, skilled-nursing, "
        "home-health.\n"
    )


def test_without_arguments_the_commands_are_shown_on_the_side(leadterm: Call) -> None:
    answer = leadterm()
    assert answer.out == b""
    for command in ("demo", "code", "lookup", "search", "tree", "codes", "validate", "claim", "explain", "doctor"):
        assert f"\n  {command} " in answer.err
