"""`leadterm analyze` and `leadterm export parquet` as a person and as a program sees them."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.schemas.validation import problems

from leadterm.cli.demo import sample_folder

from .conftest import Answer, Call
from .notation import SECRET

Write = Callable[[str, str | bytes], Path]

# Worked out by hand: the baseline 1 … 7 has mean 4 and deviation √(28/6); 4 + 3.0902323 · 2.1602469 = 10.6756647.
BOUND = 10.6756647
RISING = "obs\n1\n2\n3\n4\n5\n6\n7\n11\n"
METHODS = ("ears-c1", "ears-c2", "ears-c3")
HOSTILE = {
    "nothing": "",
    "blanks": " \r\n\r\n",
    "header alone": "obs\n",
    "one row": "obs\n1\n",
    "huge": f"obs\n{'9' * 400}\n",
    "float": "obs\n1.5\n",
    "negative": "obs\n-1\n",
    "unicode digit": "obs\n٣\n",
    "open quote": 'obs\n"1\n',
    "no column": "cases\n1\n",
    "semicolons": "week;obs\n1;2\n",
    "binary": "obs\n\0\n",
}


def visit(id: str, *codes: str, person: str | None = "p1", sex: str = "F", day: str = "2026-01-05") -> dict[str, Any]:
    """An invented coded encounter of the contract, with some of what counting does not need."""
    patient = {"id": person, "sex": sex, "age": 67, "last_name": SECRET}
    evidence = [{"document": "d1", "start": 0, "end": 5, "text": SECRET[:5], "source": None}]
    return {
        "schema": "leadterm.coded/1",
        "id": id,
        "encounter": {"id": id, "setting": "outpatient", "date_of_service": day, "patient": patient},
        "setting": "outpatient",
        "date_of_service": day,
        "assignments": [
            {
                "code": code,
                "system": "icd10cm",
                "role": "first-listed" if place == 1 else "secondary",
                "sequence": place,
                "confidence": 0.9,
                "status": "suggested",
                "evidence": evidence,
                "pathway": [{"step": "lexicon", "text": SECRET}],
            }
            for place, code in enumerate(codes, 1)
        ],
    }


THREE = [
    visit("v1", "E11.9", "I10"),
    visit("v2", "I10", person="p2", sex="M", day="2026-02-05"),
    visit("v3", person="p3", day="2026-02-06"),
]


def jsonl(*rows: object) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


def numbers(answer: Answer) -> dict[tuple[str | None, ...], tuple[int | None, int | None]]:
    """Cases and persons by group, of an answer in JSON that is valid."""
    assert problems("rates-1", answer.json) == []
    return {tuple(row["group"].values()): (row["cases"], row["persons"]) for row in answer.json["rows"]}


# --- surveillance ---


@pytest.mark.parametrize("method", METHODS)
def test_surveillance_answers_the_contract(leadterm: Call, write: Write, method: str) -> None:
    series = write("weekly.csv", "week,obs\r\n" + "".join(f"{n},{n % 4}\r\n" for n in range(30)))
    answer = leadterm("analyze", "surveillance", series, "--method", method, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert problems("surveillance-1", answer.json) == []
    first = answer.json["periods"][0]["index"]
    assert first == {"ears-c1": 7, "ears-c2": 9, "ears-c3": 11}[method]
    assert [p["observed"] for p in answer.json["periods"]] == [n % 4 for n in range(first, 30)]


def test_surveillance_gives_the_bound_worked_out_by_hand(leadterm: Call) -> None:
    answer = leadterm("analyze", "surveillance", "-", "--method", "ears-c1", "--json", stdin=RISING.encode()).json
    assert answer == {
        "schema": "leadterm.surveillance/1",
        "method": "ears-c1",
        "observed": 8,
        "judged": 1,
        "alarms": 1,
        "periods": [{"index": 7, "observed": 11, "upperbound": pytest.approx(BOUND, abs=1e-6), "alarm": True}],
    }


@pytest.mark.shared
def test_surveillance_agrees_with_the_oracle_from_end_to_end(leadterm: Call, shared: Path) -> None:
    folder = shared / "oracles" / "surveillance"
    for method in METHODS:
        answer = leadterm("analyze", "surveillance", folder / "salmonella_agona.csv", "--method", method, "--json").json
        with (folder / f"oracle_earsC{method[-1]}_salmonella_agona.csv").open(encoding="utf-8") as file:
            oracle = [(float(row["ub"]), row["alarm"] == "TRUE") for row in csv.DictReader(file)]
        assert [p["alarm"] for p in answer["periods"]] == [alarm for _, alarm in oracle]
        found = zip(answer["periods"], oracle, strict=True)
        assert max(abs(p["upperbound"] - bound) for p, (bound, _) in found) <= 1e-9


def test_a_person_sees_the_alarms(leadterm: Call) -> None:
    seen = leadterm("analyze", "surveillance", "-", "--method", "ears-c1", stdin=RISING.encode()).text
    assert seen.splitlines() == [
        "ears-c1: 1 of 8 periods judged, 1 with an alarm",
        "index  observed  upper bound",
        "    7        11        10.68",
    ]


@pytest.mark.parametrize("series", ["\ufeff" + RISING, RISING.replace("\n", "\r\n"), RISING + "\n\n"], ids=ascii)
def test_marks_and_line_ends_change_nothing(leadterm: Call, series: str) -> None:
    answer = leadterm("analyze", "surveillance", "-", "--method", "ears-c1", "--json", stdin=series.encode()).json
    assert answer["alarms"] == 1


@pytest.mark.parametrize("series", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.parametrize("method", METHODS)
def test_a_series_that_cannot_be_judged_has_one_sentence(leadterm: Call, series: str, method: str) -> None:
    answer = leadterm("analyze", "surveillance", "-", "--method", method, "--json", stdin=series.encode())
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err.count("\n") == 1
    assert "tandard input" in answer.err or "needs at least" in answer.err


def test_farrington_is_told_to_be_missing_and_not_offered(leadterm: Call) -> None:
    answer = leadterm("analyze", "surveillance", "-", "--method", "farrington", stdin=RISING.encode())
    assert answer.code == 2
    assert "farrington is not offered yet: --method takes one of ears-c1, ears-c2, ears-c3." in answer.err
    assert "farrington" not in leadterm("analyze", "surveillance", "--help").text


def test_a_file_that_is_not_there_is_told(leadterm: Call) -> None:
    answer = leadterm("analyze", "surveillance", "none.csv", "--method", "ears-c1")
    assert (answer.code, "There is no file none.csv." in answer.err) == (2, True)


# --- rates ---


def test_prevalence_of_a_jsonl_in_json(leadterm: Call, write: Write) -> None:
    answer = leadterm("analyze", "prevalence", write("c.jsonl", jsonl(*THREE)), "--by", "code", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert numbers(answer) == {("E11.9",): (1, 3), ("I10",): (2, 3)}


def test_incidence_of_a_period(leadterm: Call, write: Write) -> None:
    rows = write("c.jsonl", jsonl(*THREE, visit("v4", "I10", day="2026-02-10")))
    answer = leadterm("analyze", "incidence", rows, "--code", "i10", "--from", "2026-02-01", "--json")
    assert numbers(answer) == {(): (1, 2)}
    assert answer.json["from"] == "2026-02-01"


def test_dimensions_are_comma_separated_or_repeated(leadterm: Call, write: Write) -> None:
    rows = write("c.jsonl", jsonl(*THREE))
    one = leadterm("analyze", "prevalence", rows, "--by", "month, sex", "--category", "I10", "--json")
    two = leadterm("analyze", "prevalence", rows, "--by", "month", "--by", "SEX", "--category", "i10", "--json")
    assert one.json == two.json
    assert numbers(one) == {("2026-01", "F"): (1, 1), ("2026-02", "F"): (0, 1), ("2026-02", "M"): (1, 1)}


def test_the_grouping_is_the_block_of_the_tabular_list(leadterm: Call, write: Write) -> None:
    answer = leadterm("analyze", "prevalence", write("c.jsonl", jsonl(*THREE)), "--by", "grouping", "--json")
    assert set(numbers(answer)) == {("E08-E13",), ("I10-I1A",)}


def test_a_person_sees_a_table(leadterm: Call, write: Write) -> None:
    seen = leadterm(
        "analyze", "prevalence", write("c.jsonl", jsonl(*THREE)), "--by", "sex", "--code", "I10", "--totals"
    )
    assert seen.text.splitlines() == [
        "Prevalence from the first day to the last: persons with the condition, of the persons seen.",
        "sex  cases  persons       %  95 % low    high",
        "F        1        2   50.00      9.45   90.55",
        "M        1        1  100.00     20.65  100.00",
        "all      2        3   66.67     20.77   93.85",
    ]


def test_csv_has_a_header_and_full_numbers(leadterm: Call, write: Write) -> None:
    answer = leadterm("analyze", "prevalence", write("c.jsonl", jsonl(*THREE)), "--by", "sex,code", "--totals", "--csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["sex", "code", "cases", "persons", "rate", "low", "high", "suppressed"]
    assert [(row["sex"], row["code"], row["cases"]) for row in rows if row["sex"] == "all"] == [
        ("all", "E11.9", "1"),
        ("all", "I10", "2"),
    ]
    assert float(rows[0]["rate"]) == 0.5


def test_suppression_hides_small_counts_everywhere(leadterm: Call, write: Write) -> None:
    rows = write("c.jsonl", jsonl(*(visit(f"v{n}", "I10" if n < 5 else "E11.9", person=f"p{n}") for n in range(40))))
    ask = ("analyze", "prevalence", rows, "--by", "code", "--suppress")
    assert numbers(leadterm(*ask, "--json")) == {("E11.9",): (None, 40), ("I10",): (None, 40)}
    assert leadterm(*ask, "--json").json["least"] == 11
    assert "I10,,40,,,,true" in leadterm(*ask, "--csv").text
    seen = leadterm(*ask).text
    assert "– kept back: counts from 1 to 10, and what would give them away." in seen
    assert numbers(leadterm(*ask, "--least", 5, "--json")) == {("E11.9",): (35, 40), ("I10",): (5, 40)}


WRONG = {
    ("--by", "colour"): "--by takes one or more of: code, category, grouping, month, age-band, sex.",
    ("--by", "sex,sex"): "A dimension is named twice",
    ("--by", ""): "--by takes one or more of",
    ("--code", "Z"): "does not have the shape of a code",
    ("--category", "E11.9"): "A category has 3 characters",
    ("--from", "2026-13-01"): "The --from is not an ISO date",
    ("--from", "2026-02-01", "--to", "2026-01-01"): "The period cannot end",
    ("--least", "5"): "add --suppress",
    ("--json", "--csv"): "give one of them",
}


@pytest.mark.parametrize(("flags", "sentence"), WRONG.items(), ids=str)
def test_a_question_that_makes_no_sense_has_one_sentence(
    leadterm: Call, write: Write, flags: tuple[str, ...], sentence: str
) -> None:
    answer = leadterm("analyze", "prevalence", write("c.jsonl", jsonl(*THREE)), *flags)
    assert (answer.code, answer.out) == (2, b"")
    assert sentence in answer.err


def test_clean_days_are_for_incidence_alone(leadterm: Call) -> None:
    assert leadterm("analyze", "prevalence", "c.jsonl", "--clean-days", 30).code == 2


# --- what is read ---


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.coded.json", json.dumps(THREE[0], indent=2)),
        ("list.json", json.dumps([THREE[0]])),
        ("rows.jsonl", jsonl(THREE[0])),
        ("rows.ndjson", "\ufeff\n" + jsonl(THREE[0])),
        ("nameless", jsonl(THREE[0])),
        ("nameless-list", json.dumps([THREE[0]])),
        ("nameless-indented", json.dumps(THREE[0], indent=2)),
    ],
)
def test_every_form_of_a_coding_is_read(leadterm: Call, write: Write, name: str, content: str) -> None:
    path = write(name, content)
    assert numbers(leadterm("analyze", "prevalence", path, "--json")) == {(): (1, 1)}
    assert numbers(leadterm("analyze", "prevalence", "-", "--json", stdin=content.lstrip().encode())) == {(): (1, 1)}


def test_a_folder_stands_for_its_coded_files(leadterm: Call, write: Write, tmp_path: Path) -> None:
    for n, each in enumerate(THREE):
        write(f"{n}.coded.json", json.dumps(each))
    write("other.json", "{}")
    assert numbers(leadterm("analyze", "prevalence", tmp_path, "--json")) == {(): (2, 3)}


def test_what_leadterm_code_writes_can_be_counted(leadterm: Call, write: Write) -> None:
    folder = sample_folder() / "01-diabetes-ckd-hypertension"
    coded = leadterm("code", folder / "chart.txt", "--encounter", folder / "encounter.json", "--json")
    counted = leadterm("analyze", "prevalence", write("visit.json", coded.out), "--by", "code", "--json")
    diagnoses = {a["code"] for a in coded.json["assignments"] if a["role"] in ("first-listed", "secondary")}
    assert set(numbers(counted)) == {(code,) for code in diagnoses}


def test_a_bad_row_is_told_with_its_line_and_the_rest_is_counted(leadterm: Call, write: Write) -> None:
    broken = {**visit("v9", "I10"), "date_of_service": "yesterday"}
    not_coded = {"id": "line-3", "error": "Line 3 is not JSON."}
    rows = write("c.jsonl", jsonl(THREE[0], broken, not_coded, "{", "[]", "null", THREE[1]))
    answer = leadterm("analyze", "prevalence", rows, "--code", "I10", "--json")
    assert answer.code == 1
    assert numbers(answer) == {(): (2, 2)}
    assert answer.json["notes"] == ["Rows that could not be read, left out: 5."]
    lines = answer.err.splitlines()
    assert [line.partition(":")[2][:16] for line in lines] == [f" c.jsonl, line {n}" for n in range(2, 7)]
    assert SECRET not in answer.err


def test_many_bad_rows_are_told_shortly(leadterm: Call, write: Write) -> None:
    answer = leadterm("analyze", "prevalence", write("c.jsonl", jsonl(THREE[0], *["{"] * 30)))
    assert (answer.code, answer.err.count("\n")) == (1, 11)
    assert "and 20 more rows that could not be read" in answer.err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "c.json is empty: there is nothing to count."),
        ("[]", "c.json is empty: there is nothing to count."),
        ("{", "c.json: This is not JSON"),
        ("7", "c.json: A coded encounter is not a JSON object"),
        ("{}", "c.json: schema is missing"),
        ('{"schema": "leadterm.claim/1"}', "c.json: schema is leadterm.claim/1, where leadterm.coded/1 is read"),
        (json.dumps({**THREE[0], "assignments": "E11.9"}), "c.json: assignments is not a list"),
        (json.dumps({**THREE[0], "encounter": [SECRET]}), "c.json: encounter is not a JSON object"),
        (json.dumps({**THREE[0], "assignments": [{"role": ["x"]}]}), "c.json: assignments[0]"),
        (json.dumps({**THREE[0], "assignments": [{**THREE[0]["assignments"][0], "evidence": []}]}), "has no evidence"),
        ("[" * 100_000, "c.json: This is not JSON"),
        ('{"age": ' + "9" * 5000 + "}", "c.json: This is not JSON"),
    ],
    ids=range(12),
)
def test_a_file_that_is_no_coding_has_one_sentence(leadterm: Call, write: Write, content: str, sentence: str) -> None:
    answer = leadterm("analyze", "prevalence", write("c.json", content))
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, b"", 1)
    assert sentence in answer.err
    assert SECRET not in answer.err


@pytest.mark.parametrize("command", ["prevalence", "surveillance"])
def test_a_text_in_the_place_of_a_file_is_not_repeated(leadterm: Call, command: str) -> None:
    flags = ["--method", "ears-c1"] if command == "surveillance" else []
    answer = leadterm("analyze", command, f"{SECRET} " * 400, *flags)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, b"", 1)
    assert SECRET not in answer.err


def test_an_empty_folder_is_told(leadterm: Call, tmp_path: Path) -> None:
    answer = leadterm("analyze", "prevalence", tmp_path)
    assert (answer.code, "holds no .coded.json and no tables" in answer.err) == (2, True)


def test_an_encounter_given_twice_is_told(leadterm: Call, write: Write) -> None:
    rows = write("c.jsonl", jsonl(THREE[0]))
    answer = leadterm("analyze", "prevalence", rows, rows)
    assert (answer.code, "more than once, by their ids ('v1')" in answer.err) == (2, True)


def test_without_duckdb_rates_say_what_is_missing_and_surveillance_works(
    leadterm: Call, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert leadterm("analyze", "prevalence", write("c.jsonl", jsonl(*THREE))).code == 3
    assert leadterm("analyze", "surveillance", "-", "--method", "ears-c1", stdin=RISING.encode()).code == 0


# --- Parquet ---


def test_parquet_is_counted_as_the_files_are(leadterm: Call, write: Write, tmp_path: Path) -> None:
    rows = write("c.jsonl", jsonl(*THREE))
    made = leadterm("export", "parquet", tmp_path / "mart", rows)
    assert (made.code, made.out) == (0, b"")
    assert made.err == f"Wrote {tmp_path / 'mart'}: 3 encounters, 3 diagnoses.\n"
    for ask in (
        ["prevalence"],
        ["incidence", "--by", "code,month"],
        ["prevalence", "--by", "grouping,sex", "--totals"],
    ):
        measure, *flags = ask
        of_files = leadterm("analyze", measure, rows, *flags, "--json")
        of_tables = leadterm("analyze", measure, tmp_path / "mart", *flags, "--json")
        assert of_files.json == of_tables.json


def test_tables_are_given_alone(leadterm: Call, write: Write, tmp_path: Path) -> None:
    rows = write("c.jsonl", jsonl(*THREE))
    leadterm("export", "parquet", tmp_path / "mart", rows)
    answer = leadterm("analyze", "prevalence", tmp_path / "mart", rows)
    assert (answer.code, "give it alone" in answer.err) == (2, True)


def test_bad_rows_are_left_out_of_the_tables_and_told(leadterm: Call, write: Write, tmp_path: Path) -> None:
    answer = leadterm("export", "parquet", tmp_path / "mart", write("c.jsonl", jsonl(*THREE, "{")))
    assert (answer.code, "3 encounters" in answer.err, "line 4" in answer.err) == (1, True, True)


def test_nothing_is_written_of_input_that_cannot_be_read(leadterm: Call, write: Write, tmp_path: Path) -> None:
    answer = leadterm("export", "parquet", tmp_path / "mart", write("c.json", "{"))
    assert (answer.code, (tmp_path / "mart").exists()) == (2, False)


def test_a_table_of_codes_is_written_and_a_bad_row_told(leadterm: Call, write: Write, tmp_path: Path) -> None:
    answer = leadterm("export", "codes", tmp_path / "codes.csv", write("c.jsonl", jsonl(*THREE, "{")))
    assert answer.code == 1
    assert "of 3 encounters" in answer.err
    assert len((tmp_path / "codes.csv").read_text().splitlines()) > 3
