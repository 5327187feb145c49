"""`leadterm pcs`: sections, legal values, whole codes, words of the Index; what it prints, its JSON, its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from tests.codesets.pcs_made import Garden

from leadterm import schemas
from leadterm.cli.pcs import pcs
from leadterm.codesets.pcs.tables import PcsDefinitions, PcsIndex, PcsTables
from leadterm.domain import Code, CodeEntry, CodeSystem, DataMissing, InputError

VALID = CodeEntry(Code(CodeSystem.ICD10PCS, "0FT20ZZ"), "Resection of Stem, Open Approach", True, True)
NEWER = CodeEntry(Code(CodeSystem.ICD10PCS, "0FT30ZZ"), "Resection of Bud, Open Approach", True, True)


@dataclass(frozen=True)
class Answer:
    """What one call gave."""

    code: int
    out: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """The command over the made tables."""
    known = {entry.code.value: entry for entry in (VALID, NEWER)}

    def call(*code: str, without: Any = None, **options: Any) -> Answer:
        garden = Garden(tmp_path, known, without)
        monkeypatch.setattr("leadterm.cli.pcs.open_book", lambda: garden)
        exit_code = pcs(*code, **options)
        return Answer(exit_code, capfdbinary.readouterr().out.decode("utf-8"))

    return call


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """The schema of the answer, with those that it names."""
    own = json.loads((Path(schemas.__file__).parent / "pcs-1.json").read_text(encoding="utf-8"))
    known = [own, *(schemas.load(name) for name in schemas.NAMES)]
    registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in known)
    return Draft202012Validator(own, registry=registry)


def test_without_an_argument_the_sections_are_listed(asked: Call) -> None:
    answer = asked()
    assert answer.code == 0
    assert answer.out.splitlines() == ["1 Section", "  0  Medical and Surgical", "  X  New Technology"]


def test_the_beginning_of_a_code_is_answered_with_the_next_axis(asked: Call) -> None:
    told = asked("0fq2").out
    assert "  4 2  Body Part: Stem" in told
    assert told.splitlines()[-2:] == ["5 Approach", "  X  External"]
    assert "Repair: Making it whole" in told


def test_a_later_axis_may_be_chosen_first(asked: Call) -> None:
    assert asked("0FQ", choose=["6=j"]).out.splitlines()[-2:] == ["4 Body Part", "  2  Stem"]


def test_a_whole_code_is_told_axis_by_axis(asked: Call) -> None:
    answer = asked("0ft20zz")
    assert answer.code == 0
    assert answer.out.splitlines()[:2] == ["0FT20ZZ  Resection of Stem, Open Approach", "  icd10pcs · billable"]
    assert "  5 0  Approach: Open" in answer.out
    assert "Open: By cutting" in answer.out


def test_a_code_that_is_not_in_force_says_so_and_whose_words_its_title_is(asked: Call) -> None:
    told = asked("0FQ00ZZ").out
    assert "composed of the axes" in told
    assert "NOT in force" in told


def test_an_illegal_code_exits_with_1_and_says_which_axis(asked: Call) -> None:
    answer = asked("0FT2XZZ")
    assert answer.code == 1
    assert "Approach has no value X there. Legal there: 0 Open." in answer.out


def test_a_code_newer_than_the_tables_is_a_warning(asked: Call) -> None:
    answer = asked("0FT30ZZ")
    assert answer.code == 0
    assert "warning" in answer.out
    assert "0FT30ZZ  Resection of Bud, Open Approach" in answer.out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("resection stem", "  0FT2"),
        ("stalkectomy", "  see Resection, Stem 0FT2"),
        ("stalk main", "    position 4, 2: tables 0FQ 0FT"),
        ("leaf", "  below: Left; Right"),
    ],
)
def test_words_walk_the_index(asked: Call, words: str, line: str) -> None:
    answer = asked(word=words)
    assert answer.code == 0
    assert line in answer.out.splitlines()


def test_words_not_found_exit_with_1(asked: Call) -> None:
    assert asked(word="rain").code == 1
    assert asked(word="rain", json=True).json["terms"] == []


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ((), {}),
        (("0FQ",), {"choose": ["6=J"]}),
        (("0FT20ZZ",), {}),
        (("0FQ00ZZ",), {}),
        (("0FT2XZZ",), {}),
        (("0FT30ZZ",), {}),
        (("9",), {}),
        ((), {"word": "stalk"}),
        ((), {"word": "leaf"}),
    ],
)
def test_every_answer_keeps_its_schema(
    asked: Call, validator: Draft202012Validator, code: tuple[str, ...], options: dict[str, Any]
) -> None:
    answer = asked(*code, json=True, **options)
    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(answer.json)] == []


def test_json_tells_the_legal_values_of_all_axes(asked: Call) -> None:
    told = asked("0FQ0", json=True).json
    assert [axis["position"] for axis in told["axes"]] == [1, 2, 3, 4, 5, 6, 7]
    assert told["axes"][4]["options"] == [
        {"code": "0", "labels": ["Open"]},
        {"code": "8", "labels": ["Via Natural or Artificial Opening"]},
    ]
    assert told["code"] is None


def test_json_of_a_code_tells_title_and_standing(asked: Call) -> None:
    told = asked("0FT20ZZ", json=True).json["code"]
    assert (told["title_source"], told["valid"], told["billable"]) == ("titles", True, True)
    assert [axis["label"] for axis in told["axes"]][3:] == ["Stem", "Open", "No Device", "No Qualifier"]


def test_json_of_an_illegal_code_tells_the_fault(asked: Call) -> None:
    told = asked("0FT2XZZ", json=True).json
    assert told["legal"] is False
    assert told["fault"]["position"] == 5
    assert told["fault"]["legal"] == [{"code": "0", "labels": ["Open"]}]


@pytest.mark.parametrize("choose", [["x"], ["5"], ["=4"], ["5=0", "5=8"], ["9=0"], ["5=00"]])
def test_a_choice_that_is_none_is_refused(asked: Call, choose: list[str]) -> None:
    with pytest.raises(InputError):
        asked("0FQ", choose=choose)


def test_words_and_a_code_are_not_asked_together(asked: Call) -> None:
    with pytest.raises(InputError, match="not both"):
        asked("0FT", word="stem")


@pytest.mark.parametrize(("without", "options"), [(PcsTables, {}), (PcsIndex, {"word": "stem"})])
def test_data_that_is_not_installed_is_missing(asked: Call, without: Any, options: dict[str, Any]) -> None:
    with pytest.raises(DataMissing):
        asked(without=without, **options)


def test_definitions_are_not_needed(asked: Call) -> None:
    assert asked("0FT20ZZ", without=PcsDefinitions).code == 0
