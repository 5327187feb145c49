"""`leadterm translate` as a person and as a program sees it: answers, JSON, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from codesets.crosswalk_book import book_with, check_digit
from codesets.made import written
from leadterm import schemas
from leadterm.cli.translate import translate
from leadterm.codesets import CodeBook
from leadterm.codesets.formats import conversion, gems, snomed_map

from .conftest import Answer, Call

GEM9 = "73300 M810    10000\n73300 M8000XA 10111\n73300 R52     10112\n4589  NoDx    11000\n42731 I481    10000\n"
GEM10 = "E119    25000 10000\nE6601   27801 00000\nM810    73300 10000\n"
CONVERSION = "Current code assignment,Effective,Previous Code(s) Assignment\nE66.813,2024,E66.01\nI48.11,2019,I48.1\n"
CONCEPT, UNMAPPED = check_digit("990010010"), check_digit("990020010")
MAP = (
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tmapGroup\tmapPriority\tmapRule\tmapAdvice\t"
    "mapTarget\tcorrelationId\tmapCategoryId\n"
    f"1\t20260301\t1\t1\t6011000124106\t{CONCEPT}\t1\t1\tIFA 248152002 | Female (finding) |\tIF FEMALE N94.89\t"
    "N94.89\t0\t1\n"
    f"2\t20260301\t1\t1\t6011000124106\t{CONCEPT}\t1\t2\tOTHERWISE TRUE\tALWAYS N50.89\tN50.89\t0\t1\n"
)
NINE_TO_TEN = ("--from", "icd9cm", "--to", "icd10cm")
TEN_TO_NINE = ("--from", "icd10cm", "--to", "icd9cm")
YEARS = ("--from", "icd10cm", "--to", "icd10cm")
SNOMED = ("--from", "snomed", "--to", "icd10cm")


@cache
def validator() -> Draft202012Validator:
    """Of leadterm.map/1."""
    known = [schemas.load(name) for name in schemas.NAMES if name != "map-1"]
    own = json.loads((files("leadterm.schemas") / "map-1.json").read_text(encoding="utf-8"))
    registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in [*known, own])
    return Draft202012Validator(own, registry=registry)


@pytest.fixture(scope="module")
def crosswalks(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    gem = gems.FORMATS[0]
    return book_with(
        book,
        tmp_path_factory.mktemp("book") / "codesets",
        (gem, [written("2018_I9gem.txt", GEM9)]),
        (gem, [written("2018_I10gem.txt", GEM10)]),
        (conversion.FORMATS[0], [written("conversion_2026.csv", CONVERSION)]),
        (snomed_map.FORMATS[0], [written("der2_ExtendedMapSnapshot_US1000124_20260301.txt", MAP)]),
    )


@pytest.fixture
def call(leadterm: Call, crosswalks: CodeBook, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`leadterm translate` over small crosswalks."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    app.command()(translate)
    monkeypatch.setattr("leadterm.cli.app.app", app)
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: crosswalks)
    return lambda *arguments, **options: leadterm("translate", *arguments, **options)


def sound(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer, once it has been judged by its schema."""
    value: dict[str, Any] = answer.json
    assert [f"{e.json_path}: {e.message}" for e in validator().iter_errors(value)] == []
    return value


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("733.00", *NINE_TO_TEN), 0),
        (("458.9", *NINE_TO_TEN), 1),
        (("999.9", *NINE_TO_TEN), 1),
        (("E66.813", *TEN_TO_NINE), 0),
        (("U07.1", *TEN_TO_NINE), 1),
        (("M81.0", *TEN_TO_NINE, "--backward"), 0),
        (("I48.1", *YEARS), 0),
        (("I48.11", *YEARS, "--on", "2018-05-01"), 0),
        ((CONCEPT, *SNOMED), 0),
        ((CONCEPT, *SNOMED, "--age", "40", "--sex", "f"), 0),
        ((CONCEPT, *SNOMED, "--age-days", "12", "--sex", "U"), 0),
        ((UNMAPPED, *SNOMED), 1),
        (("N94.89", "--from", "icd10cm", "--to", "snomed", "--backward"), 0),
    ],
)
def test_every_answer_is_valid_and_its_exit_code_says_whether_there_is_an_equivalent(
    call: Call, arguments: tuple[str, ...], code: int
) -> None:
    answer = call(*arguments, "--json")
    value = sound(answer)
    assert answer.code == code
    assert code == (not any(m["to"] for m in value["maps"]))
    assert call(*arguments).code == code


def test_json_has_the_lines_of_the_map_and_their_scenarios(call: Call) -> None:
    value = sound(call("73300", *NINE_TO_TEN, "--json"))
    assert [(m["from"], m["to"], m["combination"], m["scenario"], m["choice"]) for m in value["maps"]] == [
        ("733.00", "M81.0", False, 0, 0),
        ("733.00", "M80.00XA", True, 1, 1),
        ("733.00", "R52", True, 1, 2),
    ]
    assert value["scenarios"] == [
        {"from": "733.00", "scenario": 0, "choices": [{"choice": 0, "to": ["M81.0"]}]},
        {"from": "733.00", "scenario": 1, "choices": [{"choice": 1, "to": ["M80.00XA"]}, {"choice": 2, "to": ["R52"]}]},
    ]
    assert value["maps"][2]["to_description"] == "Pain, unspecified"


def test_json_says_that_there_is_no_equivalent(call: Call) -> None:
    (line,) = sound(call("458.9", *NINE_TO_TEN, "--json"))["maps"]
    assert (line["to"], line["no_map"]) == (None, True)


def test_json_has_the_way_from_a_newer_code(call: Call) -> None:
    (line,) = sound(call("E66.813", *TEN_TO_NINE, "--json"))["maps"]
    assert line["path"] == [
        {"from": "E66.813", "to": "E66.01", "effective": "2024-10-01", "source": "icd10cm:conversion of 2025-10-01"}
    ]


def test_a_person_sees_scenarios_and_lists(call: Call) -> None:
    seen = call("733.00", *NINE_TO_TEN).text
    assert seen.splitlines()[0] == "733.00  (icd9cm → icd10cm)"
    for words in ("by gems:icd9cm-icd10cm of 2017-10-01", "scenario 1 of 733.00", "    list 2\n      R52  Pain"):
        assert words in seen
    assert "no equivalent" in call("458.9", *NINE_TO_TEN).text


def test_a_person_sees_conditions_and_advice(call: Call) -> None:
    seen = call(CONCEPT, *SNOMED).text
    for words in ("if: IFA 248152002 | Female (finding) |", "advice: IF FEMALE N94.89", "Give --age"):
        assert words in seen
    assert "N50.89" not in call(CONCEPT, *SNOMED, "--sex", "F").text


def test_a_person_sees_what_is_no_longer_in_force_and_what_is(call: Call) -> None:
    seen = call("427.31", *NINE_TO_TEN).text
    for words in ("I48.1", "not in force", "in its place: I48.11"):
        assert words in seen


def test_a_map_of_ones_own_answers(call: Call, write: Callable[[str, str], Path]) -> None:
    write("mine.csv", "from,to,approximate\nJ45.9,CA23,true\n")
    value = sound(call("J459", "--from", "icd10", "--to", "icd11", "--map", "mine.csv", "--json"))
    assert [(m["to"], m["source"]) for m in value["maps"]] == [("CA23", "mine.csv")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("cholera", *NINE_TO_TEN), "shape of a code of icd9cm"),
        (("001.0", "--from", "icd8", "--to", "icd10cm"), "--from takes one of: "),
        (("J45.9", "--from", "icd10", "--to", "icd11"), "give your own by --map"),
        (("248152003", *SNOMED), "check its digits"),
        ((CONCEPT, *SNOMED, "--sex", "female"), "--sex takes one of"),
        (("I10", *YEARS, "--on", "yesterday"), "--on is not an ISO date"),
        (("A00", "--from", "icd10", "--to", "icd11", "--map", "nowhere.csv"), "cannot be read"),
        (("001.0",), "Missing option"),
        ((CONCEPT, *SNOMED, "--age", "-3"), "--age"),
    ],
)
def test_a_mistake_exits_with_2_and_a_sentence(call: Call, arguments: tuple[str, ...], says: str) -> None:
    answer = call(*arguments)
    assert (answer.code, answer.out) == (2, b"")
    assert says in answer.err


def test_a_map_that_is_not_installed_exits_with_3_and_names_what_brings_it(call: Call) -> None:
    answer = call("00.01", "--from", "icd9proc", "--to", "icd10pcs")
    assert answer.code == 3
    assert "leadterm codes update gems:icd9proc-icd10pcs" in answer.err


def test_no_colour_reaches_a_pipe(call: Call) -> None:
    assert b"\x1b" not in call("733.00", *NINE_TO_TEN).out
