"""Reference lists, chronic conditions, abbreviations and trigger codes: what each file becomes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadterm.codesets.formats import Format, Offered, Recognised, Table, chronic_conditions, reference
from leadterm.codesets.lists import reference as faces
from leadterm.codesets.lists.abbreviations import Abbreviations
from leadterm.codesets.lists.chronic_conditions import ChronicConditions
from leadterm.codesets.lists.reportable import ReportableConditions, ReportableTriggers
from leadterm.domain import InputError

from .made import offered, read, recognised_by, release, store, written

COUNTS = {
    "abbreviations/vanderbilt_clinic_notes.txt": ("reference:abbreviations", 1_476),
    "abbreviations/vanderbilt_discharge_sums.txt": ("reference:abbreviations", 1_351),
    "nucc/nucc_taxonomy_251.csv": ("reference:taxonomy", 883),
    "reportable/dibbs-condition_grouper_3.0.0.json": ("reportable:conditions", 235),
    "reportable/valueset-dxtc-example.json": ("reportable:triggers", 486),
    "terminology/acute_diagnosis_ccs.csv": ("reference:acute-diagnosis-ccs", 80),
    "terminology/admit_source.csv": ("reference:admit-source", 16),
    "terminology/admit_type.csv": ("reference:admit-type", 9),
    "terminology/chronic_conditions.csv": ("reference:chronic-conditions", 6_532),
    "terminology/discharge_disposition.csv": ("reference:discharge-status", 41),
    "terminology/exclusion_ccs_diagnosis_category.csv": ("reference:excluded-diagnosis-ccs", 47),
    "terminology/place_of_service.csv": ("reference:place-of-service", 50),
    "terminology/potentially_planned_ccs_procedure_category.csv": ("reference:planned-procedure-ccs", 65),
    "terminology/potentially_planned_icd_10_pcs.csv": ("reference:planned-procedure-pcs", 2_521),
    "terminology/present_on_admission.csv": ("reference:poa", 4),
    "terminology/specialty_cohort.csv": ("reference:specialty-cohort", 276),
}
COUNTED = {"reference:abbreviations": "senses", "reportable:conditions": "conditions"}


def format_of(one: Offered) -> Format:
    """The one format that claims a file."""
    (found,) = (f for f in reference.FORMATS if f.recognise(one))
    return found


def made(*files: Offered) -> tuple[Recognised, Table]:
    """What files become."""
    return read(format_of(files[0]), *files)


def opened(folder: Path, face: Any, *files: Offered) -> Any:
    """A face over files."""
    found, table = made(*files)
    assert found.name == face.COMPONENT
    return face(store(folder, table), release(found, table))


# --- the files at hand ---


def test_every_file_at_hand_is_claimed_by_its_own_list_alone(shared: Path) -> None:
    root = shared / "releases"
    claimed = {}
    for path in (p for p in sorted(root.rglob("*")) if p.is_file() and p.suffix not in (".xz", ".zip")):
        with path.open("rb") as file:
            one = Offered(path.relative_to(root).as_posix(), file.read(8_192), bytes)
        if names := recognised_by(reference.FORMATS, one):
            claimed[one.path] = names
    assert claimed == {path: [name] for path, (name, _) in COUNTS.items()}


@pytest.mark.parametrize("path", COUNTS)
def test_counts_of_the_files_at_hand(shared: Path, path: str, tmp_path: Path) -> None:
    name, count = COUNTS[path]
    one = offered(shared / "releases" / path, shared / "releases")
    _, table = made(one)
    counts = dict(table.counts)
    assert counts[COUNTED.get(name, "ICD-10-CM codes" if name == "reportable:triggers" else "codes")] == count
    entries = dict(reference.DIFFERS[name](store(tmp_path, table)))
    assert len(entries) == count


def test_every_component_has_a_face_and_a_difference() -> None:
    lists = {face.COMPONENT for face in faces.REFERENCE_LISTS}
    others = {f.COMPONENT for f in (ChronicConditions, Abbreviations, ReportableTriggers, ReportableConditions)}
    assert lists == {one.name for one in reference.LISTS}
    assert lists | others == reference.DIFFERS.keys()


def test_places_of_service(shared: Path, tmp_path: Path) -> None:
    root = shared / "releases/terminology"
    places = opened(tmp_path, faces.PlacesOfService, offered(root / "place_of_service.csv"))
    assert places.code("1").description == "Pharmacy"
    assert places.code("01") == places.code("1")
    assert "98" not in places
    assert len(list(places)) == 50


def test_a_cohort_is_of_a_diagnosis_or_of_a_procedure(shared: Path, tmp_path: Path) -> None:
    root = shared / "releases/terminology"
    cohorts = opened(tmp_path, faces.SpecialtyCohorts, offered(root / "specialty_cohort.csv"))
    assert cohorts.diagnosis("1").said("cohort") == "Medicine"
    assert cohorts.procedure("1").said("cohort") != "Medicine"
    assert cohorts.diagnosis("1").said("nothing of that name") == ""


def test_the_taxonomy_holds_from_the_release_that_its_name_tells(shared: Path, tmp_path: Path) -> None:
    one = offered(shared / "releases/nucc/nucc_taxonomy_251.csv")
    found, _ = made(one)
    assert (found.period.start, found.period.end) == (date(2025, 7, 1), None)
    assert found.licence.startswith("NUCC, under the licence")
    taxonomy = opened(tmp_path, faces.Taxonomy, one)
    assert taxonomy.code("207r00000x").said("section") == "Individual"


def test_chronic_conditions_of_a_code(shared: Path, tmp_path: Path) -> None:
    root = shared / "releases/terminology"
    conditions = opened(tmp_path, ChronicConditions, offered(root / "chronic_conditions.csv"))
    assert [c.name for c in conditions.of("I21.01")] == ["Acute Myocardial Infarction"]
    assert conditions.of("I2101") == conditions.of("i21.01")
    assert conditions.of("I21.01", "HCPCS") == ()
    assert len(conditions.conditions()) == 75


def test_senses_of_an_abbreviation_come_the_commonest_first(shared: Path, tmp_path: Path) -> None:
    root = shared / "releases/abbreviations"
    both = [offered(p) for p in sorted(root.glob("vanderbilt_*.txt"))]
    found, table = made(*both)
    assert dict(table.counts) == {"abbreviations": 1_202, "senses": 2_827, "sources": 2}
    assert "CC BY 4.0" in found.licence
    words = Abbreviations(store(tmp_path, table), release(found, table))
    senses = words.senses("A/P")
    assert senses[0].sense == "anterior posterior"
    assert ("A/P", 2) in senses[0].written
    assert senses == words.senses("a_p")
    assert words.senses("zzzzz") == ()


def test_trigger_codes_are_those_of_icd10cm(shared: Path, tmp_path: Path) -> None:
    one = offered(shared / "releases/reportable/valueset-dxtc-example.json")
    _, table = made(one)
    assert dict(table.counts) == {"ICD-10-CM codes": 486, "codes of other systems left out": 1_042}
    triggers = opened(tmp_path, ReportableTriggers, one)
    assert "A000" in triggers
    assert "A00.0" in triggers
    assert "E11.9" not in triggers
    assert "10082001" not in triggers
    assert len(triggers.codes()) == 486


def test_groupers_without_their_value_sets_are_partial(shared: Path) -> None:
    _, table = made(offered(shared / "releases/reportable/dibbs-condition_grouper_3.0.0.json"))
    assert table.partial
    assert dict(table.counts)["references to files that are not here"] == 417


# --- files that a test writes down ---


def grouper(category: str, *sets: dict[str, Any]) -> Offered:
    """A file of value sets."""
    return written(f"2026/{category}.json", json.dumps({"metadata": {"category": category}, "valuesets": list(sets)}))


def value_set(url: str, title: str = "", refers: tuple[str, ...] = (), codes: tuple[str, ...] = ()) -> dict[str, Any]:
    """A value set that refers to others, or lists codes of ICD-10-CM and one of another system."""
    concepts = [{"code": code, "display": "Invented"} for code in codes]
    include: list[dict[str, Any]] = [{"valueSet": list(refers)}] if refers else []
    include += [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "concept": concepts}] if codes else []
    include += [{"system": "http://snomed.info/sct", "concept": [{"code": "1"}]}]
    return {"url": url, "title": title, "version": "3", "date": "2026-03-01", "compose": {"include": include}}


def test_groupers_with_their_value_sets_tell_the_conditions_of_a_code(tmp_path: Path) -> None:
    conditions = opened(
        tmp_path,
        ReportableConditions,
        grouper(
            "condition_grouper_3", value_set("c1", "Snark fever", ("s1|3",)), value_set("c2", "Ague", ("s1|3", "s2"))
        ),
        grouper("reporting_spec_grouper_3", value_set("s1", codes=("A00.0",)), value_set("s2", codes=("A001",))),
    )
    assert conditions.of("A000") == ("Ague", "Snark fever")
    assert conditions.of("A00.1") == ("Ague",)
    assert conditions.of("E11.9") == ()
    assert conditions.conditions() == ("Ague", "Snark fever")


def test_references_that_are_answered_make_a_whole_release() -> None:
    _, table = made(
        grouper("condition_grouper_3", value_set("c1", "Snark fever", ("s1|3",))),
        grouper("reporting_spec_grouper_3", value_set("s1", codes=("A00.0",))),
    )
    assert not table.partial


def test_the_newest_condition_grouper_counts() -> None:
    old = grouper("condition_grouper_2.9", {**value_set("c1", "Old"), "version": "2.9"})
    new = grouper("condition_grouper_2.10", {**value_set("c2", "New"), "version": "2.10"})
    _, table = made(old, new)
    assert [row[1] for row in table.parts[0].rows] == ["New"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"metadata": {"category": "condition_grouper_3"}, "valuesets": [', "no whole JSON"),
        ('{"metadata": {"category": "condition_grouper_3"}, "valuesets": [7]}', "no list of value sets"),
        ('{"metadata": {"category": "reporting_spec_grouper_3"}, "valuesets": []}', "names no condition"),
        ('{"resourceType": "ValueSet", "url": "http://hl7.org/fhir/us/ecr/ValueSet/x"}', "lists no ICD-10-CM code"),
    ],
)
def test_a_json_file_that_does_not_fit_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        made(written("2026/x.json", content))


@pytest.mark.parametrize(
    ("name", "header", "line", "face", "code"),
    [
        ("revenue_codes.csv", "code,description", "120,Invented room", faces.RevenueCodes, "0120"),
        ("mine.csv", "revenue_center_code,revenue_center_description", "0120,Room", faces.RevenueCodes, "120"),
        ("cpt_modifiers.csv", "Description,Code", "Invented reason,25", faces.CptModifiers, "25"),
        ("pos_codes.csv", "code,description", "1,Invented shop", faces.PlacesOfService, "01"),
        ("discharge-status.csv", "code,description", "1,Went home", faces.DischargeStatuses, "01"),
        ("admission_source.csv", "code,description", "e,Elsewhere", faces.AdmitSources, "E"),
        ("anything.csv", "admit_type_code,description", "1,Pressing", faces.AdmitTypes, "1"),
        ("poa_indicators.csv", '"code","description"', "w,Unsure", faces.PoaIndicators, "W"),
    ],
)
def test_the_users_own_lists(tmp_path: Path, name: str, header: str, line: str, face: Any, code: str) -> None:
    found = opened(tmp_path, face, written(name, f"\ufeff{header}\r\n{line}\r\n\r\n")).code(code)
    assert found is not None
    assert found.description in line


def test_a_list_of_an_unknown_name_is_not_claimed() -> None:
    assert recognised_by(reference.FORMATS, written("list.csv", "code,description\n0120,Room\n")) == []


def test_a_list_with_a_year_in_its_name_holds_from_that_year() -> None:
    found, _ = made(written("revenue_codes_2026-07.csv", "code,description\n0120,Room\n"))
    assert found.period.start == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("code,description\n", "holds no code"),
        ("code,description\n0120\n", "row 2: it has 1 columns in place of 2"),
        ("code,description\n0120,Room\n120,Room again\n", "row 3: 0120 stands in the list twice"),
        ("code,description\nE11.9,Room\n", "'E11.9' is not a code of revenue codes"),
    ],
)
def test_a_list_that_does_not_fit_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        made(written("revenue_codes.csv", content))


CHRONIC = ",".join(chronic_conditions.HEADER) + "\n"
FEVER = "1,Snark fever,snark,Common,Fevers,None,One claim,Include,ICD-10-CM,A000\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "holds no code"),
        (FEVER[:40], "columns in place of 10"),
        (FEVER.replace("ICD-10-CM", "ICD-11"), "code system or inclusion type is not known"),
        (FEVER.replace("Include", "Perhaps"), "code system or inclusion type is not known"),
        (FEVER + FEVER.replace("One claim", "Two claims"), "row 3: condition 1 is described in two ways"),
        (FEVER.replace("1,", "one,", 1), "the condition has no number"),
    ],
)
def test_conditions_that_do_not_fit_are_refused(line: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        made(written("x.csv", CHRONIC + line))


def test_codes_that_rule_a_condition_out_are_told_apart(tmp_path: Path) -> None:
    lines = CHRONIC + FEVER + FEVER.replace("Include", "Exclude").replace("A000", "A001")
    conditions = opened(tmp_path, ChronicConditions, written("x.csv", lines))
    assert conditions.of("A00.1") == ()
    assert [c.name for c in conditions.excluded("A00.1")] == ["Snark fever"]
    assert conditions.of("A00.0")[0].logic == ""


ABBREVIATIONS = "abbreviation\tsense\tvariation\tCUI\tfrequency\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "holds no abbreviation"),
        ("sn\tsnark\tSN_1\tc1\n", "line 2: it is not abbreviation"),
        ("sn\tsnark\tSN_1\tc1\t1.5\n", "'1.5' is no share"),
        ("sn\tsnark\tSN_1\tc1\toften\n", "'often' is no share"),
        ("sn\tsnark\tSN_1\tc1\t1\n" * 2, "line 3: this sense of sn stands in the list twice"),
    ],
)
def test_abbreviations_that_do_not_fit_are_refused(line: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        made(written("x.txt", ABBREVIATIONS + line))
