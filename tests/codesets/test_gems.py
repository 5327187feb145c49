"""General Equivalence Mappings: each line of the files is answered, grouped as the guide groups it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.crosswalks.gems import Gem, Gem9To10, Gem9ToPcs, Gem10To9, GemPcsTo9, GemRow, grouped, scenarios
from leadterm.codesets.crosswalks.mapped import Translation
from leadterm.codesets.crosswalks.translation import translate
from leadterm.codesets.formats import conversion, gems
from leadterm.domain import CodeSystem, DataMissing, InputError

from .crosswalk_book import book_with
from .made import offered, read, release, store, written

FORMAT = gems.FORMATS[0]
ICD9, ICD10, PROC, PCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.ICD9PROC, CodeSystem.ICD10PCS
FORWARD = (
    "0010  A000    00000\r\n4589  NoDx    11000\r\n"
    "73300 M810    10000\r\n73300 M8000XA 10111\r\n73300 R52     10112\r\n"
)
BACK = (
    "A000    0010  00000\r\nI481    42731 10000\r\n"
    "E668    27800 10000\r\nE6601   27801 00000\r\nE119    25000 10000\r\n"
)
CONVERSION = (
    "Conversion table\nCurrent code assignment,Effective,Previous Code(s) Assignment\n"
    'E66.813,2024,"E66.01, E66.8"\nI48.11,2019,I48.1\nI48.19,2019,I48.1\n'
)


@dataclass(frozen=True)
class Real:
    """An official file: its lines, cut by blanks and nothing else, and what became of them."""

    lines: list[list[str]]
    gem: Gem
    counts: dict[str, int]


def made(folder: Path, text: str, face: type[Gem] = Gem9To10, name: str = "2018_gem.txt") -> Gem:
    found, table = read(FORMAT, written(name, text))
    return face(store(folder, table), release(found, table))


def real(shared: Path, folder: Path, name: str, face: type[Gem]) -> Real:
    path = shared / "releases" / "gems" / "2018" / name
    if not path.exists():
        pytest.skip("the official mappings are absent")
    found, table = read(FORMAT, offered(path, shared))
    assert found.name == face.COMPONENT
    lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    return Real(lines, face(store(folder, table, name), release(found, table)), dict(table.counts))


@pytest.fixture(scope="module")
def to_ten(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    return real(shared, tmp_path_factory.mktemp("gems"), "2018_I9gem.txt", Gem9To10)


@pytest.fixture(scope="module")
def to_nine(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    return real(shared, tmp_path_factory.mktemp("gems"), "2018_I10gem.txt", Gem10To9)


@pytest.fixture(scope="module")
def crosswalks(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """Both small diagnosis GEMs and a conversion table."""
    folder = tmp_path_factory.mktemp("book") / "codesets"
    return book_with(
        book,
        folder,
        (FORMAT, [written("2018_a.txt", FORWARD)]),
        (FORMAT, [written("2018_b.txt", BACK)]),
        (conversion.FORMATS[0], [written("2026_conversion.csv", CONVERSION)]),
    )


@pytest.fixture(scope="module")
def without_table(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """One GEM alone."""
    return book_with(book, tmp_path_factory.mktemp("book") / "codesets", (FORMAT, [written("2018_b.txt", BACK)]))


# --- the official files, whole ---


@pytest.mark.shared
def test_the_official_files_have_the_counts_of_their_owner(to_ten: Real, to_nine: Real) -> None:
    assert (to_ten.counts["rows"], to_nine.counts["rows"]) == (24_860, 81_593)
    assert (to_ten.counts["sources"], to_nine.counts["sources"]) == (14_567, 71_704)
    assert (to_ten.counts["no_map"], to_nine.counts["no_map"]) == (422, 731)
    assert (to_ten.counts["combination"], to_nine.counts["combination"]) == (2_338, 9_033)


@pytest.mark.shared
@pytest.mark.parametrize("which", ["to_ten", "to_nine"])
def test_every_line_of_an_official_file_comes_back(which: str, request: pytest.FixtureRequest) -> None:
    file: Real = request.getfixturevalue(which)
    answered = [
        [r.source.replace(".", ""), "NoDx" if r.target is None else r.target.replace(".", ""), r.flags]
        for r in file.gem.every_row()
    ]
    # One line of 2018 (T88.53XD) has its target in lower case.
    assert answered == [[s.upper(), t if t == "NoDx" else t.upper(), flags] for s, t, flags in file.lines]


@pytest.mark.shared
def test_each_source_is_answered_with_its_own_lines_and_each_target_with_those_that_lead_to_it(to_ten: Real) -> None:
    by_source, by_target = defaultdict(list), defaultdict(list)
    for source, target, flags in to_ten.lines:
        by_source[source].append((target, flags))
        by_target[target].append(source)
    for row in to_ten.gem.every_row()[::7]:
        source = row.source.replace(".", "")
        found = [((r.target or "NoDx").replace(".", ""), r.flags) for r in to_ten.gem.rows(row.source)]
        assert found == by_source[source]
        if row.target:
            back = [r.source.replace(".", "") for r in to_ten.gem.to(row.target)]
            assert back == by_target[row.target.replace(".", "")]


@pytest.mark.shared
def test_every_combination_of_the_official_files_is_complete(to_ten: Real, to_nine: Real) -> None:
    for file in (to_ten, to_nine):
        rows = defaultdict(list)
        for row in file.gem.every_row():
            rows[row.source].append(row)
        for of_source in rows.values():
            for scenario in scenarios(of_source):
                numbers = [c.number for c in scenario.choices]
                assert numbers == ([0] if scenario.number == 0 else list(range(1, len(numbers) + 1)))
                assert scenario.number == 0 or len(numbers) > 1


@pytest.mark.shared
def test_a_source_has_single_targets_beside_its_scenarios(to_ten: Real) -> None:
    single, first = scenarios(to_ten.gem.rows("249.51"))
    assert single.choices[0].targets == ("E08.39", "E09.39")
    assert [c.number for c in first.choices] == [1, 2]
    assert first.choices[1].targets == ("E08.65",)


# --- scenarios and choice lists ---


def test_lines_are_grouped_into_scenarios_of_choice_lists(tmp_path: Path) -> None:
    found = scenarios(made(tmp_path, FORWARD).rows("733.00"))
    assert [(s.number, [(c.number, c.targets) for c in s.choices]) for s in found] == [
        (0, [(0, ("M81.0",))]),
        (1, [(1, ("M80.00XA",)), (2, ("R52",))]),
    ]


def test_what_has_no_equivalent_has_no_scenario(tmp_path: Path) -> None:
    (row,) = made(tmp_path, FORWARD).rows("458.9")
    assert (row.no_map, row.target, row.flags, scenarios([row])) == (True, None, "11000", ())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from("abcdef")), unique=True))
def test_grouping_loses_and_adds_nothing(rows: list[tuple[int, int, str]]) -> None:
    found = grouped(rows)
    assert [s.number for s in found] == sorted({scenario for scenario, _, _ in rows})
    assert all([c.number for c in s.choices] == sorted({c.number for c in s.choices}) for s in found)
    flat = [(s.number, c.number, target) for s in found for c in s.choices for target in c.targets]
    assert sorted(flat) == sorted(rows)


def test_flags_are_those_of_the_file() -> None:
    assert GemRow("A18.01", "737.40", True, True, 1, 2).flags == "10112"


# --- which file is which ---


@pytest.mark.parametrize(
    ("text", "component"),
    [
        ("0010  A000    00000\n", "gems:icd9cm-icd10cm"),
        ("A000    0010  00000\n", "gems:icd10cm-icd9cm"),
        ("V0001XA E8869 10000\n", "gems:icd10cm-icd9cm"),
        ("E8869 V0001XA 10000\nV5489 Z4789   10000\n", "gems:icd9cm-icd10cm"),
        ("0001  6A750Z4 10000\n8965  NoPCS   11000\n", "gems:icd9proc-icd10pcs"),
        ("0016070 0234  10000\n3E1938Z NoPCS 11000\n", "gems:icd10pcs-icd9proc"),
    ],
)
def test_the_codes_tell_the_direction_whatever_the_name(text: str, component: str) -> None:
    found = FORMAT.recognise(written("2018_I10gem.txt", text))
    assert found is not None
    assert found.name == component


def test_the_last_mappings_hold_on_and_earlier_ones_for_their_year() -> None:
    last, before = (FORMAT.recognise(written(f"{year}_I9gem.txt", FORWARD)) for year in (2018, 2016))
    assert last is not None
    assert (last.period.start, last.period.end) == (date(2017, 10, 1), None)
    assert before is not None
    assert (before.period.start, before.period.end) == (date(2015, 10, 1), date(2016, 9, 30))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A000 Cholera\n",
        "0010  A000    00000 more\n",
        "<xml/>",
        "0010,A000,00000\n",
        "0010  A000    0000\n",
        "\x00" * 50,
    ],
)
def test_other_files_are_left_to_others(text: str) -> None:
    assert FORMAT.recognise(written("2018_I9gem.txt", text)) is None


def test_a_file_without_a_year_says_what_to_do() -> None:
    with pytest.raises(InputError, match="year into its name"):
        FORMAT.recognise(written("gem_i9pcs.txt", "0001  6A750Z4 10000\n"))


def test_procedures_are_mapped_both_ways(tmp_path: Path) -> None:
    (there,) = made(tmp_path, "0001  6A750Z4 10000\n", Gem9ToPcs).rows("00.01")
    assert there.target == "6A750Z4"
    (tmp_path / "back").mkdir()
    (back,) = made(tmp_path / "back", "6A750Z4 0001  10000\n", GemPcsTo9).rows("6A750Z4")
    assert back.target == "00.01"


HEAD = "0010  A000    00000\n" + "".join(f"{n:05d} A001    10000\n" for n in range(10_000, 10_500))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("0011  A001\n", "a source, a target and five digits"),
        ("0011  A001    02000\n", "a source, a target and five digits"),
        ("A001    0011  00000\n", "not of icd9cm and icd10cm"),
        ("0010  A000    00000\n", "twice"),
        ("0011  A001    11000\n", "no map"),
        ("0011  NoDx    10000\n", "no map"),
        ("0011  A001    10110\n", "combination flag"),
        ("0011  A001    10011\n", "combination flag"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(line: str, says: str) -> None:
    with pytest.raises(InputError, match=rf"line 502: .*{says}"):
        read(FORMAT, written("2018_I9gem.txt", HEAD + line))


# --- translating by them ---


def targets(found: Translation) -> list[str | None]:
    return [m.target for m in found.maps]


def test_a_translation_names_its_map_and_both_titles(crosswalks: CodeBook) -> None:
    (line,) = translate(crosswalks, "e11.9", ICD10, ICD9).maps
    assert (line.source, line.target, line.approximate) == ("E11.9", "250.00", True)
    assert line.origin == "gems:icd10cm-icd9cm of 2017-10-01"
    assert line.source_title == "Type 2 diabetes mellitus without complications"


def test_a_code_without_equivalent_is_answered_as_such(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, "458.9", ICD9, ICD10)
    assert (found.found, [m.no_map for m in found.maps]) == (False, [True])
    assert [f.rule for f in found.findings] == ["CODESETS:map/none"]


def test_a_mapping_read_backward_is_not_that_of_the_other_direction(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, "M81.0", ICD10, ICD9, backward=True)
    assert targets(found) == ["733.00"]
    assert found.maps[0].origin == "gems:icd9cm-icd10cm of 2017-10-01, read backward"
    assert [f.rule for f in found.findings] == ["CODESETS:map/backward"]
    assert found.scenarios == ()
    assert not translate(crosswalks, "M81.0", ICD10, ICD9).found


def test_a_newer_code_is_stepped_back_by_the_conversion_table(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, "E66.813", ICD10, ICD9)
    assert [(m.source, m.target, m.approximate) for m in found.maps] == [
        ("E66.01", "278.01", True),
        ("E66.8", "278.00", True),
    ]
    (step,) = found.maps[0].path
    assert (step.before, step.after, step.effective) == ("E66.813", "E66.01", date(2024, 10, 1))
    assert step.source.startswith("icd10cm:conversion")
    assert [f.rule for f in found.findings] == ["CODESETS:map/newer-than-gems"]


def test_without_a_table_a_newer_code_is_stepped_back_to_the_heading_that_was_a_code(without_table: CodeBook) -> None:
    found = translate(without_table, "I48.11", ICD10, ICD9)
    assert targets(found) == ["427.31"]
    assert found.maps[0].path[0].source.startswith("icd10cm:tabular")
    assert [f.rule for f in found.findings] == ["CODESETS:map/newer-than-gems", "CODESETS:map/by-heading"]


def test_a_newer_code_that_nothing_leads_back_from_is_said_to_be_newer_and_not_guessed(without_table: CodeBook) -> None:
    found = translate(without_table, "U07.1", ICD10, ICD9)
    assert found.maps == ()
    (said,) = found.findings
    assert (said.rule, said.severity) == ("CODESETS:map/newer-than-gems", "info")
    assert "2020" in said.message
    assert "icd10cm:conversion" in (said.fix or "")


def test_a_heading_is_told_with_the_codes_below_it(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, "E66", ICD10, ICD9)
    assert [f.rule for f in found.findings] == ["CODESETS:map/incomplete"]
    assert "E66.01, E66.8" in found.findings[0].message


def test_a_code_that_nobody_knows_is_an_error(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, "999.99", ICD9, ICD10)
    assert (found.maps, [f.severity for f in found.findings]) == ((), ["error"])


def test_an_equivalent_that_has_ended_is_told_with_what_came_in_its_place(book: CodeBook, tmp_path: Path) -> None:
    changed = book_with(book, tmp_path / "codesets", (FORMAT, [written("2018.txt", "42731 I481    10000\n")]))
    found = translate(changed, "427.31", ICD9, ICD10)
    assert (found.maps[0].valid, found.maps[0].successors) == (False, ("I48.11", "I48.19"))
    assert "CODESETS:map/not-in-force" in [f.rule for f in found.findings]
    assert translate(changed, "427.31", ICD9, ICD10, on=date(2018, 5, 1)).maps[0].valid is True


def test_a_code_that_is_older_than_the_mappings_and_not_in_them_is_not_called_newer(crosswalks: CodeBook) -> None:
    assert [f.rule for f in translate(crosswalks, "I10", ICD10, ICD9).findings] == ["CODESETS:code/unknown"]


def test_a_day_before_the_installed_mappings_is_answered_with_a_warning(crosswalks: CodeBook) -> None:
    found = translate(crosswalks, "E11.9", ICD10, ICD9, on=date(2016, 5, 1))
    assert (targets(found), [f.rule for f in found.findings]) == (["250.00"], ["CODESETS:release/before-first"])


def test_a_mapping_that_is_not_installed_names_the_command_that_brings_it(crosswalks: CodeBook) -> None:
    with pytest.raises(DataMissing, match="codes update gems:icd9proc-icd10pcs"):
        translate(crosswalks, "00.01", PROC, PCS)


def test_systems_without_an_official_map_are_refused(crosswalks: CodeBook) -> None:
    with pytest.raises(InputError, match="No official map leads from icd10 to icd11"):
        translate(crosswalks, "J45.9", CodeSystem.ICD10, CodeSystem.ICD11)


def test_two_releases_are_compared_source_by_source(tmp_path: Path) -> None:
    _, table = read(FORMAT, written("2018.txt", FORWARD))
    found = dict(gems.DIFFERS["gems:icd9cm-icd10cm"](store(tmp_path, table)))
    assert found["458.9"] == {"targets": "no map 11000"}
    assert found["733.00"] == {"targets": "M81.0 10000\nM80.00XA 10111\nR52 10112"}
