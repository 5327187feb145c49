"""SNOMED CT to ICD-10-CM: the rules of the map as predicates, and what a concept becomes for a patient."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.crosswalks.mapped import Vocabulary
from leadterm.codesets.crosswalks.snomed_map import (
    UNKNOWN,
    Concept,
    MapRow,
    Patient,
    SnomedMap,
    candidates,
    parse_rule,
    verhoeff,
)
from leadterm.codesets.crosswalks.translation import translate
from leadterm.codesets.formats import Offered, snomed_map
from leadterm.domain import CodeSystem, InputError

from .crosswalk_book import book_with, check_digit
from .made import read, release, store, written

FORMAT = snomed_map.FORMATS[0]
REFSET, INTERNATIONAL, CLASSIFIED = "6011000124106", "447562003", "447637006"
NAME = "der2_iisssccRefset_ExtendedMapSnapshot_US1000124_20260301.txt"
HEADER = (
    "id effectiveTime active moduleId refsetId referencedComponentId mapGroup mapPriority mapRule mapAdvice mapTarget"
    " correlationId mapCategoryId"
).split()
READABLE = (
    "id effectiveTime active moduleId refsetId referencedComponentId referencedComponentName mapGroup mapPriority"
    " mapRule mapAdvice mapTarget mapTargetName correlationId mapCategoryId"
).split()
FEMALE = "IFA 248152002 | Female (finding) |"
MALE = "IFA 248153007 | Male (finding) |"
ONSET = "IFA 445518008 | Age at onset of clinical finding (observable entity) |"
# Invented concepts.
SPLIT, AGED, BOTH, OPEN, NOWHERE, OTHER = (check_digit(f"9900{n}0010") for n in range(6))
ABSENT = check_digit("990090010")


def row(concept: str, group: int, priority: int, rule: str, target: str, **also: str) -> dict[str, str]:
    """A row of the map; what a test does not say is as in any active row."""
    return {
        "id": f"{concept}-{group}-{priority}",
        "effectiveTime": "20260301",
        "active": "1",
        "moduleId": "5991000124107",
        "refsetId": REFSET,
        "referencedComponentId": concept,
        "mapGroup": str(group),
        "mapPriority": str(priority),
        "mapRule": rule,
        "mapAdvice": f"ALWAYS {target}" if target else "MAP SOURCE CONCEPT CANNOT BE CLASSIFIED WITH AVAILABLE DATA",
        "mapTarget": target,
        "correlationId": "447561005",
        "mapCategoryId": CLASSIFIED,
        **also,
    }


ROWS = [
    row(SPLIT, 1, 1, FEMALE, "N94.89"),
    row(SPLIT, 1, 2, MALE, "N50.89"),
    row(SPLIT, 1, 3, "OTHERWISE TRUE", ""),
    row(AGED, 1, 1, f"{ONSET} < 28.0 days", "P39.9"),
    row(AGED, 1, 2, f"{ONSET} >= 12.0 years AND {ONSET} < 19.0 years", "L70.0"),
    row(AGED, 1, 3, "OTHERWISE TRUE", "L70.9", mapAdvice="IF OTHERWISE CHOOSE L70.9 | CONSIDER ADDITIONAL CODE"),
    row(BOTH, 2, 1, "TRUE", "N08"),
    row(BOTH, 1, 1, "TRUE", "E11.21"),
    row(OPEN, 1, 1, "TRUE", "S52.501?"),
    row(NOWHERE, 1, 1, "TRUE", ""),
    row(OTHER, 1, 1, f"IFA {SPLIT} | Another finding (disorder) |", "O24.419"),
    row(OTHER, 1, 2, "OTHERWISE TRUE", "E11.9"),
]


def text(rows: list[dict[str, str]], header: list[str] = HEADER) -> str:
    return "".join("\t".join(cells) + "\r\n" for cells in (header, *([r.get(h, "") for h in header] for r in rows)))


def file(rows: list[dict[str, str]], name: str = NAME) -> Offered:
    return written(name, text(rows))


def made(folder: Path, rows: list[dict[str, str]]) -> SnomedMap:
    found, table = read(FORMAT, file(rows))
    return SnomedMap(store(folder, table), release(found, table))


def counts(rows: list[dict[str, str]]) -> dict[str, int]:
    return dict(read(FORMAT, file(rows))[1].counts)


@pytest.fixture(scope="module")
def crosswalks(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    return book_with(book, tmp_path_factory.mktemp("book") / "codesets", (FORMAT, [file(ROWS)]))


def to_cm(book: CodeBook, concept: str, patient: Patient = UNKNOWN) -> list[tuple[str | None, bool]]:
    """What the concept becomes: code, and whether that is certain."""
    found = translate(book, concept, Vocabulary.SNOMED, CodeSystem.ICD10CM, patient=patient)
    return [(m.target, m.condition is None) for m in found.maps]


def said(book: CodeBook, concept: str, patient: Patient = UNKNOWN) -> list[str]:
    found = translate(book, concept, Vocabulary.SNOMED, CodeSystem.ICD10CM, patient=patient)
    return [f.rule.removeprefix("CODESETS:map/") for f in found.findings]


# --- identifiers ---


def test_an_identifier_has_a_check_digit_and_says_that_it_is_a_concept() -> None:
    for known in ("248152002", "445518008", "248153007", "424144002"):
        assert Concept.parse(f" {known} ").value == known
    for wrong in ("248152003", "284152002", "6011000124106x", "", "12", check_digit("99001011"), "２48152002"):
        with pytest.raises(InputError, match="not the identifier of a SNOMED CT concept"):
            Concept.parse(wrong)


@given(st.text("0123456789", min_size=5, max_size=17), st.integers(0, 17), st.integers(1, 9))
def test_a_check_digit_catches_every_single_wrong_digit(digits: str, place: int, by: int) -> None:
    sound = check_digit(digits)
    place %= len(sound)
    wrong = f"{sound[:place]}{(int(sound[place]) + by) % 10}{sound[place + 1 :]}"
    assert verhoeff(sound)
    assert not verhoeff(wrong)


# --- rules ---


@pytest.mark.parametrize(
    ("rule", "patient", "holds"),
    [
        ("TRUE", Patient(), True),
        ("OTHERWISE TRUE", Patient(), True),
        (FEMALE, Patient(sex="F"), True),
        (FEMALE, Patient(sex="M"), False),
        (MALE, Patient(sex="M"), True),
        (FEMALE, Patient(sex="U"), None),
        (FEMALE, Patient(), None),
        (f"{ONSET} < 28.0 days", Patient(age_days=27), True),
        (f"{ONSET} < 28.0 days", Patient(age_days=28), False),
        (f"{ONSET} < 28.0 days", Patient(age=0), None),
        (f"{ONSET} < 28 days", Patient(age=1), False),
        (f"{ONSET} >= 65.0 years", Patient(age=65), True),
        (f"{ONSET} >= 65.0 years", Patient(age=64), False),
        (f"{ONSET} > 15.0 years", Patient(age=15), None),
        (f"{ONSET} > 15.0 years", Patient(age=16), True),
        (f"{ONSET} <= 15.0 years", Patient(age=14), True),
        (f"{ONSET} <= 15.0 years", Patient(age=16), False),
        (f"{ONSET} < 1.0 years", Patient(age_days=364), True),
        (f"{ONSET} >= 2.0 months", Patient(age_days=61), True),
        (f"{ONSET} >= 12.0 years AND {ONSET} < 19.0 years", Patient(age=18), True),
        (f"{ONSET} >= 12.0 years AND {ONSET} < 19.0 years", Patient(age=19), False),
        (f"{FEMALE} AND {ONSET} < 19.0 years", Patient(age=18), None),
        (f"{FEMALE} AND {ONSET} < 19.0 years", Patient(age=19), False),
        (f"IFA {SPLIT} | Pain and swelling AND so on (finding) |", Patient(age=3, sex="F"), None),
        ("IFA 424144002 | Current chronological age (observable entity) | >= 18.0 years", Patient(age=40), True),
    ],
)
def test_a_rule_holds_for_a_patient_or_not_or_cannot_be_decided(
    rule: str, patient: Patient, holds: bool | None
) -> None:
    assert parse_rule(rule).holds(patient) is holds


@pytest.mark.parametrize("rule", [f"{ONSET} < 3.0 fortnights", f"{FEMALE} OR {MALE}", "WHENEVER", "", "IFA 1 | x |"])
def test_a_rule_that_is_not_understood_never_holds(rule: str) -> None:
    read_rule = parse_rule(rule)
    assert (read_rule.readable, read_rule.text) == (False, rule)
    assert read_rule.holds(Patient(age=1, sex="F")) is None


@given(st.integers(0, 120), st.integers(0, 120), st.sampled_from(("<", "<=", ">", ">=")))
def test_an_age_satisfies_a_bound_or_its_contrary_and_never_both(age: int, bound: int, operator: str) -> None:
    contrary = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[operator]
    one, other = (parse_rule(f"{ONSET} {o} {bound}.0 years").holds(Patient(age=age)) for o in (operator, contrary))
    assert (one is None) is (other is None)
    assert one is None or one is not other


@given(
    st.lists(st.sampled_from([FEMALE, MALE, f"{ONSET} < 28.0 days", f"{ONSET} >= 65.0 years"]), max_size=4),
    st.none() | st.integers(0, 100),
    st.sampled_from([None, "F", "M"]),
)
def test_what_a_known_patient_gets_is_among_the_candidates_of_an_unknown_one(
    rules: list[str], age: int | None, sex: str | None
) -> None:
    mapped = [
        MapRow(SPLIT, None, 1, n, parse_rule(rule), (), f"A0{n}", None, CLASSIFIED)
        for n, rule in enumerate([*rules, "OTHERWISE TRUE"], 1)
    ]
    anyone = {c.row.target for c in candidates(mapped)}
    known = candidates(mapped, Patient(age=age, sex=sex))
    assert known
    assert {c.row.target for c in known} <= anyone
    assert sum(c.certain for c in known) <= 1


# --- translating ---


def test_without_a_patient_all_candidates_are_given_with_their_conditions(crosswalks: CodeBook) -> None:
    assert to_cm(crosswalks, SPLIT) == [("N94.89", False), ("N50.89", False), (None, False)]
    found = translate(crosswalks, SPLIT, Vocabulary.SNOMED, CodeSystem.ICD10CM)
    assert [m.condition for m in found.maps] == [FEMALE, MALE, "OTHERWISE TRUE"]
    assert said(crosswalks, SPLIT) == ["by-patient"]


def test_the_sex_decides(crosswalks: CodeBook) -> None:
    assert to_cm(crosswalks, SPLIT, Patient(sex="F")) == [("N94.89", True)]
    assert to_cm(crosswalks, SPLIT, Patient(sex="M")) == [("N50.89", True)]
    assert said(crosswalks, SPLIT, Patient(sex="M")) == []


def test_the_age_decides_and_is_said_to_stand_for_the_age_at_onset(crosswalks: CodeBook) -> None:
    assert to_cm(crosswalks, AGED, Patient(age_days=3)) == [("P39.9", True)]
    assert to_cm(crosswalks, AGED, Patient(age=15)) == [("L70.0", True)]
    assert to_cm(crosswalks, AGED, Patient(age=40)) == [("L70.9", True)]
    assert to_cm(crosswalks, AGED, Patient(age=0)) == [("P39.9", False), ("L70.9", False)]
    assert said(crosswalks, AGED, Patient(age=15)) == ["age-at-onset"]


def test_another_finding_in_a_rule_stays_a_condition(crosswalks: CodeBook) -> None:
    assert to_cm(crosswalks, OTHER, Patient(age=40, sex="F")) == [("O24.419", False), ("E11.9", False)]


def test_the_groups_of_a_concept_are_choice_lists_of_one_scenario(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, BOTH, Vocabulary.SNOMED, CodeSystem.ICD10CM)
    assert [(m.target, m.combination, m.scenario, m.choice) for m in found.maps] == [
        ("E11.21", True, 1, 1),
        ("N08", True, 1, 2),
    ]
    ((source, (scenario,)),) = found.scenarios
    assert (source, [c.targets for c in scenario.choices]) == (BOTH, [("E11.21",), ("N08",)])


def test_advice_is_kept_piece_by_piece_in_its_own_words(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, AGED, Vocabulary.SNOMED, CodeSystem.ICD10CM, patient=Patient(age=40))
    assert found.maps[0].advice == ("IF OTHERWISE CHOOSE L70.9", "CONSIDER ADDITIONAL CODE")


def test_an_open_seventh_character_is_told(crosswalks: CodeBook) -> None:
    assert to_cm(crosswalks, OPEN) == [("S52.501?", True)]
    assert said(crosswalks, OPEN) == ["seventh"]


def test_what_cannot_be_classified_is_answered_as_such(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, NOWHERE, Vocabulary.SNOMED, CodeSystem.ICD10CM)
    assert (found.found, [m.no_map for m in found.maps], said(crosswalks, NOWHERE)) == (False, [True], ["none"])


def test_a_concept_that_the_map_does_not_have_is_an_error(crosswalks: CodeBook) -> None:
    assert said(crosswalks, ABSENT) == ["CODESETS:code/unknown"]


@pytest.mark.parametrize(("code", "concepts"), [("E11.21", [BOTH]), ("S52.501A", [OPEN]), ("A00.0", [])])
def test_the_map_read_backward_gives_the_concepts_that_lead_to_a_code(
    crosswalks: CodeBook, code: str, concepts: list[str]
) -> None:
    found = translate(crosswalks, code, CodeSystem.ICD10CM, Vocabulary.SNOMED, backward=True)
    assert [m.target for m in found.maps] == concepts


# --- files ---


def test_both_files_of_an_edition_say_the_same(tmp_path: Path) -> None:
    rows = [{**r, "referencedComponentName": "Invented", "mapTargetName": "Title"} for r in ROWS]
    human = written("tls_Icd10cmHumanReadableMap_US1000124_20260301.tsv", text(rows, READABLE))
    found, table = read(FORMAT, human)
    named = SnomedMap(store(tmp_path, table, "human"), release(found, table))
    plain = made(tmp_path, ROWS)
    for concept in (SPLIT, AGED, BOTH):
        one, other = named.rows(Concept(concept)), plain.rows(Concept(concept))
        assert [(r.rule, r.target, r.advice) for r in one] == [(r.rule, r.target, r.advice) for r in other]
    assert named.rows(Concept(BOTH))[0].name == "Invented"
    first = FORMAT.recognise(file(ROWS))
    assert first is not None
    assert found.rank < first.rank


def test_of_several_versions_of_a_row_the_last_one_counts_while_it_is_active() -> None:
    older = row(BOTH, 1, 1, "TRUE", "E11.2", effectiveTime="20250301")
    retired = row(OPEN, 1, 1, "TRUE", "S52.501?", effectiveTime="20260901", active="0")
    for rows in ([*ROWS, older, retired], [older, retired, *ROWS]):
        found = counts(rows)
        assert (found["rows"], found["active"], found["inactive"]) == (len(ROWS) + 2, len(ROWS) - 1, 1)


def test_rows_of_other_reference_sets_are_counted_and_left_out() -> None:
    foreign = row(ABSENT, 1, 1, "TRUE", "E11.9", refsetId=INTERNATIONAL)
    found = counts([foreign, *ROWS])
    assert (found["other_refsets"], found["active"]) == (1, len(ROWS))


def test_rules_that_are_not_understood_are_counted() -> None:
    assert counts(ROWS)["rules_kept_as_words"] == 0
    assert counts([*ROWS, row(ABSENT, 1, 1, "WHENEVER", "E11.9")])["rules_kept_as_words"] == 1


def test_the_international_map_is_a_component_of_its_own() -> None:
    found = FORMAT.recognise(
        file([row(ABSENT, 1, 1, "TRUE", "E11.9", refsetId=INTERNATIONAL)], NAME.replace("US1000124", "INT"))
    )
    assert found is not None
    assert found.name == "snomed:icd10-map"


def test_the_american_map_may_begin_with_the_international_one() -> None:
    foreign = [row(ABSENT, 1, n, "TRUE", "E11.9", refsetId=INTERNATIONAL) for n in range(1, 100)]
    assert counts([*foreign, *ROWS])["active"] == len(ROWS)


@pytest.mark.parametrize("change", [lambda t: t.replace("mapRule", "rule"), lambda t: "", lambda t: "id\n1\n"])
def test_other_files_are_left_to_others(change) -> None:  # type: ignore[no-untyped-def]
    assert FORMAT.recognise(written(NAME, change(text(ROWS)))) is None


def test_another_reference_set_is_refused() -> None:
    with pytest.raises(InputError, match="another reference set"):
        FORMAT.recognise(file([row(ABSENT, 1, 1, "TRUE", "x", refsetId="900000000000497000")], "der2_20260301.txt"))


def test_a_map_without_its_date_says_what_to_do() -> None:
    with pytest.raises(InputError, match="release date"):
        FORMAT.recognise(file(ROWS, "map.txt"))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"mapGroup": "one"}, "mapgroup is no number"),
        ({"active": "yes"}, "active is neither"),
        ({"mapAdvice": "two\tcells"}, "columns where the header has"),
        ({"referencedComponentId": ""}, "referencedcomponentid is no number"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(bad: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=rf"line {len(ROWS) + 2}: .*{says}"):
        counts([*ROWS, {**row(ABSENT, 1, 1, "TRUE", "E11.9"), **bad}])


def test_a_map_without_active_rows_is_refused() -> None:
    with pytest.raises(InputError, match="no active row"):
        counts([row(BOTH, 1, 1, "TRUE", "E11.9", active="0")])


def test_two_editions_are_compared_row_by_row(tmp_path: Path) -> None:
    _, table = read(FORMAT, file(ROWS))
    found = dict(snomed_map.DIFFERS["snomed:icd10cm-map"](store(tmp_path, table)))
    assert found[f"{SPLIT} 1.2"] == {"target": "N50.89", "rule": MALE, "advice": "ALWAYS N50.89"}
