"""ICD-10-PCS: tables, builder, titles, Index, definitions; made files in the official layouts, and the real ones."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.formats import Format, pcs_definitions, pcs_index, pcs_tables
from leadterm.codesets.pcs.answer import ask, find
from leadterm.codesets.pcs.tables import Lead, PcsDefinitions, PcsIndex, PcsTables
from leadterm.codesets.pcs.titles import body_part, compose, device
from leadterm.codesets.store import Store
from leadterm.domain import Code, CodeEntry, CodeSystem, DataMissing, InputError, Release

from .made import offered, read, recognised_by, release, store, written
from .pcs_made import CODES, CUTTING, DEFINITIONS, FILES, INDEX, MENDING, TABLES, Garden, row, table, tables_xml

TABLES_FORMAT, INDEX_FORMAT, DEFINITIONS_FORMAT = (form for form, _, _ in FILES)
ALL = (*pcs_tables.FORMATS, *pcs_index.FORMATS, *pcs_definitions.FORMATS)


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Garden:
    return Garden(tmp_path_factory.mktemp("pcs"))


@pytest.fixture(scope="module")
def tables(garden: Garden) -> PcsTables:
    return garden.component(PcsTables)


@pytest.fixture(scope="module")
def index(garden: Garden) -> PcsIndex:
    return garden.component(PcsIndex)


@pytest.fixture(scope="module")
def definitions(garden: Garden) -> PcsDefinitions:
    return garden.component(PcsDefinitions)


@pytest.fixture(scope="module")
def official(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> PcsTables:
    return PcsTables(*_official(shared, tmp_path_factory, "tables"))


def _official(shared: Path, factory: pytest.TempPathFactory, name: str) -> tuple[Store, Release]:
    form = {"tables": TABLES_FORMAT, "index": INDEX_FORMAT, "definitions": DEFINITIONS_FORMAT}[name]
    found, made = read(form, offered(shared / f"releases/icd10pcs/2023/icd10pcs_{name}_2023.xml"))
    return store(factory.mktemp(name), made), release(found, made)


# --- recognising and refusing ---


@pytest.mark.parametrize(("form", "name", "text"), FILES)
def test_each_file_is_recognised_as_its_own_component_alone(form: Format, name: str, text: str) -> None:
    assert recognised_by(ALL, written(name, text)) == [name.removesuffix("_2031.xml").replace("_", ":", 1)]


@pytest.mark.parametrize("text", ["", "<?xml version='1.0'?><ICD10CM.index/>", "a\tb\n", "\ufeff", "ICD10PCS.tabular"])
def test_other_files_are_left_to_others(text: str) -> None:
    assert recognised_by(ALL, written("icd10pcs_tables_2031.xml", text)) == []


def test_the_year_is_the_versions() -> None:
    found = TABLES_FORMAT.recognise(written("tables.xml", TABLES))
    assert found is not None
    assert str(found.period.start) == "2030-10-01"


def test_a_name_that_contradicts_the_version_is_refused() -> None:
    with pytest.raises(InputError, match="2031, which its name contradicts"):
        TABLES_FORMAT.recognise(written("icd10pcs_tables_2029.xml", TABLES))


def test_counts_are_those_of_the_file() -> None:
    told = [dict(read(form, written(name, text))[1].counts) for form, name, text in FILES]
    assert told[0] == {"tables": 3, "rows": 5, "codes": len(CODES)}
    assert told[1] == {"main terms": 7, "subterms": 5, "see": 3, "use": 2, "codes": 6, "tables": 2}
    assert told[2]["terms"] == 4
    assert told[2]["devices"] == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("<pcsRow ", "<pcsColumn>x</pcsColumn><pcsRow "), "an element pcsColumn is not known there"),
        (('codes="4"', 'codes="5"'), "not as many codes as it says"),
        (('values="2"', 'values="3"'), "not as many values as it says"),
        (('code="0">Leaf, Right', 'code="1">Leaf, Right'), "stands twice"),
        (('code="2">Stem', 'code="I">Stem'), "has no character or no label"),
        (('pos="4"', 'pos="5"'), "not in its place"),
        (('pos="4"', 'place="4"'), "the attribute place of axis is not known"),
        (("<title>Body Part</title>", ""), "has 0 of title"),
        (('<pcsRow codes="4">', '<pcsRow codes="4">stray'), "holds text of its own"),
    ],
)
def test_tables_that_do_not_fit_are_refused_with_the_line(change: tuple[str, str], why: str) -> None:
    text = tables_xml(MENDING.replace(change[0], change[1], 1))
    with pytest.raises(InputError, match=rf"icd10pcs_tables_2031\.xml.*\(line \d+: .*{why}"):
        read(TABLES_FORMAT, written("icd10pcs_tables_2031.xml", text))


def test_a_code_that_two_rows_make_is_refused() -> None:
    same = row({"2": "Stem"}, {"0": "Open"}, {"Z": "No Device"}, {"Z": "No Qualifier"})
    text = tables_xml(table(("0", "Surgery"), ("F", "Garden"), ("T", "Resection"), same, same))
    with pytest.raises(InputError, match="the code 0FT20ZZ stands twice"):
        read(TABLES_FORMAT, written("icd10pcs_tables_2031.xml", text))


def test_a_table_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="the table 0FT stands twice"):
        read(TABLES_FORMAT, written("icd10pcs_tables_2031.xml", tables_xml(CUTTING, CUTTING)))


@pytest.mark.parametrize(("form", "name", "text"), FILES)
def test_a_truncated_file_is_refused_in_a_sentence(form: Format, name: str, text: str) -> None:
    cut = written(name, text[: len(text) * 2 // 3])
    with pytest.raises(InputError, match=r"not well-formed XML \(line"):
        read(form, cut)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("<codes>0FT2</codes></see>", "<codes>0FT</codes></see>"), "no beginning of a code"),
        (("<tab>XW0</tab>", "<tab>XW0I</tab>"), "no beginning of a code"),
        (('level="2"', 'level="1"'), "says another level"),
        (("<mainTerm><title>Watering</title>", "<mainTerm><seeAlso>x</seeAlso>"), "seeAlso is not known"),
        (("<title>Watering</title>", ""), "has 0 of title"),
        (("<use>Stem</use>", "<use/>"), "use names nothing"),
    ],
)
def test_an_index_that_does_not_fit_is_refused(change: tuple[str, str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(INDEX_FORMAT, written("icd10pcs_index_2031.xml", INDEX.replace(*change, 1)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("<definition>By cutting</definition>", ""), "neither definition nor"),
        (("<definition>By cutting</definition>", "<definition>a</definition><definition>b</definition>"), "twice"),
        (('pos="5"', 'pos="8"'), "no place from 1 to 7"),
        (("<bodySys>", "<organ/><bodySys>"), "organ is not known"),
    ],
)
def test_definitions_that_do_not_fit_are_refused(change: tuple[str, str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(DEFINITIONS_FORMAT, written("icd10pcs_definitions_2031.xml", DEFINITIONS.replace(*change, 1)))


# --- tables ---


def test_the_tables_make_their_codes_in_order(tables: PcsTables) -> None:
    assert tuple(tables.expand()) == CODES
    assert tuple(tables.expand("0FQ2")) == ("0FQ2XJA", "0FQ2XJZ")


def test_a_code_is_legal_only_as_one_row_makes_it(tables: PcsTables) -> None:
    assert tables.is_legal("0FQ2XJA")
    assert not tables.is_legal("0FQ00JA")  # each character stands in some row, no row has all
    assert not tables.is_legal("0FQ2XJ")


def test_sections_and_tables_are_told(tables: PcsTables) -> None:
    assert [(s.code, s.label) for s in tables.sections()] == [("0", "Medical and Surgical"), ("X", "New Technology")]
    assert tables.prefixes("0f") == ("0FQ", "0FT")
    mending = tables.table("0fq")
    assert mending is not None
    assert [axis.name for axis in (*mending.axes, *mending.rows[0].axes)][2:5] == ["Operation", "Body Part", "Approach"]
    assert mending.definition == "Doing it"
    assert tables.table("0FZ") is None


def test_a_code_is_described_axis_by_axis(tables: PcsTables) -> None:
    told = tables.describe("0fq18zz")
    assert told is not None
    assert [value.label for value in told.axes[3:5]] == ["Leaf, Left", "Via Natural or Artificial Opening"]
    assert told.title == "Repair Left Leaf, Via Natural or Artificial Opening"
    assert tables.describe("0FQ00JA") is None


def test_the_label_is_that_of_the_codes_own_row(tables: PcsTables) -> None:
    told = [tables.describe(code) for code in ("XW03321", "XW03322")]
    assert [t.axes[5].label for t in told if t] == ["Greenwater", "Bluewater"]


def test_a_fault_names_the_first_axis_that_fails_and_what_is_legal(tables: PcsTables) -> None:
    fault = tables.fault("0FQ2YJA")
    assert fault is not None
    assert (fault.position, fault.name, fault.character) == (5, "Approach", "Y")
    assert [(option.code, option.label) for option in fault.legal] == [("X", "External")]
    assert tables.fault("0FQ2") is None


def test_a_label_is_found_in_its_tables(tables: PcsTables) -> None:
    (place,) = tables.places("STEM")
    assert (place.position, place.code, place.label, place.tables) == (4, "2", "Stem", ("0FQ", "0FT"))


def test_a_use_names_a_value_of_one_body_system(tables: PcsTables) -> None:
    (place,) = tables.values_for("Bluewater in Soil")
    assert (place.code, place.tables) == ("2", ("XW0",))
    assert tables.values_for("Bluewater in Garden System") == ()
    assert [p.tables for p in tables.values_for("Stem", ["0FT"])] == [("0FT",)]


# --- the builder ---


def test_the_builder_begins_with_the_sections(tables: PcsTables) -> None:
    first = tables.options()[0]
    assert (first.name, [o.code for o in first.options]) == ("Section", ["0", "X"])


def test_any_axis_may_be_chosen_first_once_the_table_is_known(tables: PcsTables) -> None:
    told = {choice.position: [o.code for o in choice.options] for choice in tables.options("0FQ", {6: "J"})}
    assert told[4] == ["2"]
    assert told[5] == ["X"]
    assert told[6] == ["J", "Z"]  # what the choice itself may be changed to
    assert told[7] == ["A", "Z"]


def test_the_operation_may_be_chosen_before_the_body_system(tables: PcsTables) -> None:
    told = tables.options("", {3: "T"})
    assert [o.label for o in told[1].options] == ["Garden System"]
    assert [o.code for o in told[0].options] == ["0"]


def test_a_character_that_says_two_things_is_told_with_both(tables: PcsTables) -> None:
    device_axis = tables.options("XW0")[5]
    assert [(o.code, o.label) for o in device_axis.options] == [("2", "Greenwater / Bluewater")]
    assert tables.options("XW0", {7: "2"})[5].options[0].labels == ("Bluewater",)


@pytest.mark.parametrize("prefix", ["0FQ00J", "0FT0", "9"])
def test_choices_that_no_code_has_are_refused(tables: PcsTables, prefix: str) -> None:
    with pytest.raises(InputError, match=f"No ICD-10-PCS code reads {prefix}"):
        tables.options(prefix)


@pytest.mark.parametrize(
    ("prefix", "chosen"),
    [("0F", {5: "0"}), ("0FO", {}), ("0FQ00ZZZ", {}), ("0FQ", {8: "0"}), ("0FQ", {5: "00"}), ("0FQ", {3: "T"})],
)
def test_what_is_no_choice_is_refused(tables: PcsTables, prefix: str, chosen: dict[int, str]) -> None:
    with pytest.raises(InputError):
        tables.options(prefix, chosen)


@settings(max_examples=150)
@given(data=st.data())
def test_no_path_through_the_options_is_a_dead_end(official: PcsTables, data: st.DataObject) -> None:
    chosen: dict[int, str] = {}
    for _ in range(7):
        steps = [choice for choice in official.options("", chosen) if choice.chosen is None]
        assert all(choice.options for choice in steps)
        choice = data.draw(st.sampled_from(steps))
        chosen[choice.position] = data.draw(st.sampled_from([o.code for o in choice.options]))
    assert official.is_legal("".join(code for _, code in sorted(chosen.items())))


@settings(max_examples=100)
@given(data=st.data())
def test_every_legal_code_is_reached_whatever_the_order(
    official: PcsTables, all_codes: tuple[str, ...], data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(all_codes))
    head, rest = data.draw(st.permutations([1, 2, 3])), data.draw(st.permutations([4, 5, 6, 7]))
    chosen: dict[int, str] = {}
    for position in (*head, *rest):
        offered_now = {choice.position: choice.options for choice in official.options("", chosen)}
        assert code[position - 1] in {option.code for option in offered_now[position]}
        chosen[position] = code[position - 1]


@settings(max_examples=100)
@given(code=st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=7, max_size=7), data=st.data())
def test_a_code_has_a_fault_or_is_legal(
    official: PcsTables, all_codes: tuple[str, ...], code: str, data: st.DataObject
) -> None:
    near = data.draw(st.sampled_from(all_codes))
    keep = data.draw(st.integers(0, 7))
    code = near[:keep] + code[keep:]
    assert (official.fault(code) is None) == official.is_legal(code) == (code in set(all_codes))


@pytest.fixture(scope="module")
def all_codes(official: PcsTables) -> tuple[str, ...]:
    return tuple(official.expand())


# --- titles ---


@pytest.mark.parametrize(
    ("label", "title"),
    [("Kidney, Right", "Right Kidney"), ("Skin, Left Foot", "Left Foot Skin"), ("Stomach", "Stomach")],
)
def test_sides_and_regions_come_to_the_front(label: str, title: str) -> None:
    assert body_part("0", label) == title


def test_vessel_counts_stay_behind() -> None:
    assert body_part("0", "Coronary Artery, Two Arteries") == "Coronary Artery, Two Arteries"


def test_numbered_devices_are_plural() -> None:
    assert device("Intraluminal Device, Drug-eluting, Two") == "Two Drug-eluting Intraluminal Devices"


def test_an_unknown_section_still_has_a_title() -> None:
    assert compose("Y000000", tuple("abcdefg")) == "c, d, e, f, g"


# --- the Index ---


def test_main_terms_are_told_by_their_beginning(index: PcsIndex) -> None:
    assert [term.title for term in index.main_terms("sta")] == ["Stalk, main", "Stalkectomy"]
    assert index.main_terms("%") == ()


def test_a_term_is_found_by_its_path_and_has_children(index: PcsIndex) -> None:
    leaf = index.entry("repair", "LEAF")
    assert leaf is not None
    assert [(child.title, child.leads[0].codes) for child in index.children(leaf)] == [
        ("Left", ("0FQ1",)),
        ("Right", ("0FQ0",)),
    ]
    assert index.entry("Repair", "Root") is None


def test_several_codes_of_a_term_are_several_leads(index: PcsIndex) -> None:
    stem = index.entry("Repair", "Stem")
    assert stem is not None
    assert [lead.codes for lead in stem.leads] == [("0FQ2XJA",), ("0FQ2XJZ",)]


def test_terms_without_a_title_are_leads_of_the_term_above(index: PcsIndex) -> None:
    term = index.entry("Stalkectomy")
    assert term is not None
    assert [lead.kind for lead in term.leads] == ["see", "see"]
    assert index.children(term) == ()


@pytest.mark.parametrize(
    ("see", "path"),
    [
        ("Resection, Stem", ("Resection", "Stem")),
        ("Repair, Leaf, Left", ("Repair", "Leaf", "Left")),
        ("Repair, Root", ("Repair",)),
        ("Repair with qualifier Bark", ("Repair",)),
        ("Stalk, main", ("Stalk, main",)),
        ("Pruning", None),
    ],
)
def test_a_see_leads_to_its_term(index: PcsIndex, see: str, path: tuple[str, ...] | None) -> None:
    found = index.resolve(Lead("see", see, ()))
    assert (found.path if found else None) == path


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("resection stem", ("Resection", "Stem")),
        ("stem resection", ("Resection", "Stem")),
        ("leaf", ("Repair", "Leaf")),
        ("repair leaf rig", ("Repair", "Leaf", "Right")),
        ("stalke", ("Stalkectomy",)),
    ],
)
def test_words_walk_the_index(index: PcsIndex, words: str, first: tuple[str, ...]) -> None:
    assert index.find(words)[0].path == first


def test_a_term_counts_once_and_not_all_that_stands_below_it(index: PcsIndex) -> None:
    assert [term.path for term in index.find("leaf")] == [("Repair", "Leaf")]


@pytest.mark.parametrize("words", ["", "  ", "--", "rain", "leaf rain", "lea right"])
def test_words_that_no_path_has_find_nothing(index: PcsIndex, words: str) -> None:
    assert index.find(words) == ()


# --- definitions ---


def test_what_an_operation_means(definitions: PcsDefinitions) -> None:
    (meaning,) = definitions.meaning("resection")
    assert (meaning.section, meaning.position, meaning.definition) == ("0", 3, "Taking all of it")
    assert meaning.includes == ("Total removal of a stem",)


def test_a_body_part_key_reads_both_ways(definitions: PcsDefinitions) -> None:
    (value,) = definitions.key("PETIOLE")
    assert value.titles == ("Leaf, Left", "Leaf, Right")
    (back,) = definitions.meaning("Leaf, Right")
    assert back.includes == ("Blade", "Petiole")


def test_meanings_may_be_asked_in_one_section_and_axis(definitions: PcsDefinitions) -> None:
    assert definitions.meaning("Open", "0", 5)
    assert definitions.meaning("Open", "X") == ()
    assert [term.titles for term in definitions.axis("0", 3)] == [("Resection",), ("Repair",)]


def test_a_specific_device_has_one_that_stands_for_it(definitions: PcsDefinitions) -> None:
    (aggregate,) = definitions.aggregates("clamp, small")
    assert (aggregate.value, aggregate.parent, aggregate.body_systems) == ("C", "Clamp", ("Garden System",))
    assert definitions.aggregates("Clamp") == ()


# --- the whole answer ---


def test_a_whole_code_is_answered_with_meanings(garden: Garden) -> None:
    answer = ask(garden, "0ft20zz")
    assert (answer.title, answer.title_source, answer.legal) == ("Resection of Stem, Open Approach", "composed", True)
    assert [term.titles for term in answer.meanings] == [("Resection",), ("Open",)]


def test_an_official_title_comes_before_the_composed_one(tmp_path: Path) -> None:
    code = Code(CodeSystem.ICD10PCS, "0FT20ZZ")
    book = Garden(tmp_path, {code.value: CodeEntry(code, "Cutting the whole stem", True, True)})
    answer = ask(book, code.value)
    assert (answer.title, answer.title_source, answer.valid) == ("Cutting the whole stem", "titles", True)


def test_a_code_newer_than_the_tables_is_no_error(tmp_path: Path) -> None:
    code = Code(CodeSystem.ICD10PCS, "0FT30ZZ")
    book = Garden(tmp_path, {code.value: CodeEntry(code, "Newest", True, True)})
    answer = ask(book, code.value)
    assert answer.legal
    assert [f.rule for f in answer.findings] == ["CODESETS:pcs/newer-than-tables"]


def test_an_illegal_code_is_an_error_that_says_what_is_legal(garden: Garden) -> None:
    answer = ask(garden, "0FT2X")
    (finding,) = answer.findings
    assert not answer.legal
    assert "Approach has no value X" in finding.message
    assert finding.fix == "Legal there: 0 Open."


def test_words_are_answered_with_codes_and_values(garden: Garden) -> None:
    (sprinkler,) = find(garden, "sprinkler").terms
    assert [v.code for v in sprinkler.leads[0].values] == ["2"]
    first, second = find(garden, "stalkectomy").terms[0].leads
    assert (first.codes, first.term, second.term) == (("0FT2",), ("Resection", "Stem"), ("Repair", "Leaf", "Left"))


def test_a_term_that_leads_nowhere_is_told_with_those_below(garden: Garden) -> None:
    assert [term.path[-1] for term in find(garden, "leaf").terms] == ["Leaf", "Left", "Right"]


def test_without_tables_the_answer_is_that_data_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="set of ICD-10-PCS tables"):
        ask(Garden(tmp_path, without=PcsTables), "0FT")


# --- releases compared ---


def test_releases_are_compared_by_codes_terms_and_definitions(tmp_path: Path) -> None:
    def entries(number: int, text: str) -> dict[str, dict[str, str]]:
        form, name, _ = FILES[number]
        found, made = read(form, written(name, text))
        differ = {**pcs_tables.DIFFERS, **pcs_index.DIFFERS, **pcs_definitions.DIFFERS}[found.name]
        return {key: dict(fields) for key, fields in differ(store(tmp_path, made, str(len(text))))}

    before, after = entries(0, TABLES), entries(0, TABLES.replace("Leaf, Left", "Leaflet"))
    assert {key for key in before if before[key] != after[key]} == {"0FQ10ZZ", "0FQ18ZZ"}
    assert entries(1, INDEX)["Repair > Leaf > Left"] == {"code": "0FQ1", "see": "", "use": ""}
    assert entries(1, INDEX)["Stalkectomy"]["see"] == "Resection, Stem 0FT2; Repair, Leaf, Left"
    assert entries(2, DEFINITIONS)["0.3 Operation: Resection"]["definition"] == "Taking all of it"


# --- the real files of fiscal year 2023 ---


def test_the_real_tables_expand_to_every_code(official: PcsTables, all_codes: tuple[str, ...]) -> None:
    assert len(set(all_codes)) == len(all_codes) == 78_530
    assert list(all_codes) == sorted(all_codes)
    assert len(official.prefixes()) == 901
    assert dict(official.release.counts) == {"tables": 901, "rows": 2544, "codes": 78_530}


def test_axes_bear_the_names_of_their_section(official: PcsTables) -> None:
    names = {c: [axis.name for axis in official.options(c)] for c in ("3E0", "F07", "B20", "GZ1")}
    assert names["3E0"][3:6] == ["Body System / Region", "Approach", "Substance"]
    assert names["F07"][1] == "Section Qualifier"
    assert names["B20"][4] == "Contrast"
    assert names["GZ1"][3:] == ["Qualifier"] * 4


def test_composed_titles_are_mostly_the_official_ones(
    official: PcsTables, all_codes: tuple[str, ...], book: CodeBook
) -> None:
    sample = [code for code in islice(all_codes, 0, None, 37) if book.title_of(code)]
    told = {code: official.describe(code) for code in sample}
    same = sum(d is not None and d.title == book.title_of(code) for code, d in told.items())
    assert same / len(sample) >= 0.94


def test_the_real_index_leads_where_it_says(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, official: PcsTables
) -> None:
    real = PcsIndex(*_official(shared, tmp_path_factory, "index"))
    counts = dict(real.release.counts)
    assert counts == {
        "main terms": 3023,
        "subterms": 18_930,
        "see": 1752,
        "use": 2241,
        "codes": 14_861,
        "tables": 1349,
    }
    assert real.find("resection gallbladder")[0].leads[0].codes == ("0FT4",)
    leads = [lead for term in real.main_terms(limit=5000) for lead in term.leads]
    uses = [lead for lead in leads if lead.kind == "use"]
    assert len(uses) > 2000
    assert all(official.values_for(lead.text, lead.codes) for lead in uses)
    # Two codes of that year's Index are in none of its tables.
    assert {code for lead in leads for code in lead.codes if official.fault(code)} == {"5A0512C", "5A0522C"}


def test_the_real_definitions_read_both_ways(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    real = PcsDefinitions(*_official(shared, tmp_path_factory, "definitions"))
    counts = dict(real.release.counts)
    assert (counts["terms"], counts["includes"], counts["devices"]) == (896, 1817, 60)
    assert [term.titles for term in real.key("Abdominal aortic plexus")] == [("Abdominal Sympathetic Nerve",)]
    assert real.meaning("Resection", "0", 3)[0].definition == (
        "Cutting out or off, without replacement, all of a body part"
    )
