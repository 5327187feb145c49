"""The Table of Drugs and Chemicals and the Neoplasm Table: rows in a tree, six columns by name, nothing inherited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets.alphabetic.columns import ASTERISK, DIAMOND, DrugTable, NeoplasmTable, TableRow
from leadterm.codesets.formats import column_tables
from leadterm.domain import InputError

from .index_files import Compiled, compiler, differences, real, second_reading
from .made import read, recognised_by, release, store, written

DRUG, NEOPLASM = column_tables.FORMATS
DRUG_HEADS = (
    "Substance",
    "Poisoning Accidental (unintentional)",
    "Poisoning Intentional self-harm",
    "Poisoning Assault",
    "Poisoning Undetermined",
    "Adverse effect",
    "Underdosing",
)
NEOPLASM_HEADS = (
    "Neoplasm",
    "Malignant Primary",
    "Malignant Secondary",
    "Ca in situ",
    "Benign",
    "Uncertain Behavior",
    "Unspecified Behavior",
)


def cells(stem: str, *tails: str) -> str:
    """Six cells: `stem` with each tail, `--` where the tail is."""
    texts = [tail if tail.startswith("-") else stem + tail for tail in tails]
    return "".join(f'<cell col="{n}">{text}</cell>' for n, text in enumerate(texts, 2))


def table(heads: tuple[str, ...], *terms: str) -> str:
    """A file of the official layout."""
    head = "".join(f'<head col="{n}">{text}</head>' for n, text in enumerate(heads, 1))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.index>\n<version>2026</version>\n'
        f"<indexHeading>{head}</indexHeading>\n<letter><title>A</title>\n"
        + "\n".join(terms)
        + "\n</letter></ICD10CM.index>"
    )


SIX = tuple("123456")
DRUGS = table(
    DRUG_HEADS,
    f"<mainTerm><title>Azurol<nemod>(s) (blue)</nemod></title>{cells('T39.01', *SIX)}"
    f'<term level="1"><title>vapor</title>{cells("T59.9X", *"1234", "--", "--")}</term>'
    '<term level="1"><title>mixed</title><see>Azurol, vapor</see></term></mainTerm>',
    f"<mainTerm><title>2,4-Verdine<nemod>(green dye)</nemod></title>{cells('T60.3X', *'1234', '--', '--')}</mainTerm>",
    "<mainTerm><title>Rubine</title><seeAlso>Azurol; specified substance</seeAlso></mainTerm>",
    "<mainTerm><title>Rufous NEC</title><see>specified substance</see></mainTerm>",
)
NEOPLASMS = table(
    NEOPLASM_HEADS,
    f"<mainTerm><title>Neoplasm, neoplastic</title>{cells('', 'C80.1', 'C79.9', 'D09.9', 'D36.9', 'D48.9', 'D49.9')}"
    f'<term level="1"><title>bough</title>{cells("", "C50.9-", "C79.81", "D05.-", "D24.-", "-", "D49.3")}'
    f'<term level="2"><title>upper-outer part</title>{cells("", "C50.4-", "-", "-", "-", "-", "-")}</term>'
    '<term level="2"><title>Note: boughs are counted one by one</title></term>'
    '<term level="2"><title>lower</title></term></term>'
    '<term level="1"><title>leaf<nemod>(green)</nemod></title><manif>both sides of it</manif>'
    f"{cells('', 'C06.89', '-', '-', '-', '-', '-')}</term>"
    '<term level="1"><title>bark NEC*</title><see>Melanoma</see></term>'
    '<term level="1"><title>pith ◊</title><seeAlso>Neoplasm, bough</seeAlso></term></mainTerm>',
)


def made(form: object, face: Callable[..., object], text: str, folder: Path) -> object:
    found, read_table = read(form, written("2026/table.xml", text))  # type: ignore[arg-type]
    return face(store(folder, read_table), release(found, read_table))


@pytest.fixture(scope="module")
def drugs(tmp_path_factory: pytest.TempPathFactory) -> DrugTable:
    """The invented table of drugs."""
    table = made(DRUG, DrugTable, DRUGS, tmp_path_factory.mktemp("drugs"))
    assert isinstance(table, DrugTable)
    return table


@pytest.fixture(scope="module")
def neoplasms(tmp_path_factory: pytest.TempPathFactory) -> NeoplasmTable:
    """The invented table of neoplasms."""
    table = made(NEOPLASM, NeoplasmTable, NEOPLASMS, tmp_path_factory.mktemp("neoplasms"))
    assert isinstance(table, NeoplasmTable)
    return table


def shown(row: TableRow) -> list[str]:
    return [code.text if code else "--" for code in row.codes]


# --- drugs ---


def test_the_columns_are_known_by_name(drugs: DrugTable) -> None:
    row = drugs.find("azurol")[0]
    named = [row.accidental, row.self_harm, row.assault, row.undetermined, row.adverse_effect, row.underdosing]
    assert [code.code for code in named if code] == [f"T39.01{n}" for n in SIX]


def test_the_file_is_counted() -> None:
    _, read_table = read(DRUG, written("2026/x.xml", DRUGS))
    counts = dict(read_table.counts)
    told = ("main_terms", "subterms", "cells", "codes", "rows", "see", "see_also", "nonessential_modifiers")
    assert [counts[name] for name in told] == [4, 2, 18, 14, 3, 2, 1, 2]
    assert [counts[name] for name in ("see_resolved", "see_elsewhere", "see_unresolved")] == [2, 1, 0]


def test_two_hyphens_are_no_code(drugs: DrugTable) -> None:
    row = drugs.find("azurol vapor")[0]
    assert (row.path, row.adverse_effect, row.underdosing) == ("Azurol, vapor", None, None)


def test_a_row_without_cells_takes_nothing_from_the_row_above(drugs: DrugTable) -> None:
    row = drugs.children(drugs.main_terms("azurol")[0].entry.id)[1]
    assert (row.entry.title, row.heading, shown(row)) == ("mixed", True, ["--"] * 6)


def test_see_is_followed_to_its_row(drugs: DrugTable) -> None:
    assert drugs.find("mixed azurol")[0].path == "Azurol, vapor"
    followed = drugs.follow(drugs.children(drugs.main_terms("azurol")[0].entry.id)[1])
    assert [(f.sort, [drugs.path(e.id) for e in f.entries]) for f in followed] == [("entry", ["Azurol, vapor"])]
    assert [f.sort for f in drugs.follow(drugs.find("rufous")[0])] == ["advice"]


@pytest.mark.parametrize(
    ("said", "paths"),
    [
        ("blue azurols", ["Azurol"]),
        ("azu", ["Azurol"]),
        ("2,4-verdine", ["2,4-Verdine"]),
        ("green dye verdine 2,4", ["2,4-Verdine"]),
        ("ru", ["Rubine", "Rufous NEC"]),
        ("azurrol", []),
        ("", []),
    ],
)
def test_substances_are_found_by_words_and_beginnings_without_guessing(
    drugs: DrugTable, said: str, paths: list[str]
) -> None:
    assert [row.path for row in drugs.find(said)] == paths


def test_words_left_over_are_told(drugs: DrugTable) -> None:
    assert drugs.find("azurol tablets")[0].left == ("tablets",)


def test_a_code_leads_back_to_its_rows_and_columns(drugs: DrugTable) -> None:
    (row,) = drugs.rows_with("T39.013A")
    assert (row.path, drugs.columns_of(row, "T39.013")) == ("Azurol", ("assault",))
    assert drugs.rows_with("T99.9") == ()


def test_columns_that_change_places_keep_their_names(tmp_path: Path) -> None:
    moved = DRUGS.replace('<head col="3">', '<head col="9">').replace('<cell col="3">', '<cell col="9">')
    drugs = made(DRUG, DrugTable, moved, tmp_path)
    assert isinstance(drugs, DrugTable)
    row = drugs.find("azurol")[0]
    assert [code.code for code in row.codes if code] == [f"T39.01{n}" for n in SIX]


# --- neoplasms ---


def test_a_site_has_its_six_columns(neoplasms: NeoplasmTable) -> None:
    row = neoplasms.find("malignant neoplasm of bough")[0]
    named = [row.primary, row.secondary, row.in_situ, row.benign, row.uncertain, row.unspecified]
    assert [c.text if c else "--" for c in named] == ["C50.9-", "C79.81", "D05.-", "D24.-", "--", "D49.3"]
    assert [c.incomplete for c in named if c] == [True, False, True, True, False]
    assert row.benign is not None
    assert row.benign.code == "D24"


def test_sites_stand_in_a_tree(neoplasms: NeoplasmTable) -> None:
    row = neoplasms.find("upper outer part of bough")[0]
    assert row.path == "Neoplasm, bough, upper-outer part"
    assert shown(row) == ["C50.4-", *["--"] * 5]
    bough = neoplasms.row(row.entry.parent or 0)
    assert bough is not None
    assert [child.entry.title for child in neoplasms.children(bough.entry.id)] == ["upper-outer part", "lower"]
    assert neoplasms.children(bough.entry.id)[1].heading


def test_notes_and_signs_stand_with_their_row(neoplasms: NeoplasmTable) -> None:
    def notes(said: str) -> tuple[str, ...]:
        return neoplasms.find(said)[0].notes

    assert notes("bough") == ("Note: boughs are counted one by one",)
    assert notes("leaf") == ("both sides of it",)
    assert notes("bark") == (ASTERISK,)
    assert notes("pith") == (DIAMOND,)


def test_a_reference_out_of_the_table_is_told_as_that(neoplasms: NeoplasmTable) -> None:
    assert [f.sort for f in neoplasms.follow(neoplasms.find("bark")[0])] == ["index"]
    assert [f.sort for f in neoplasms.follow(neoplasms.find("pith")[0])] == ["entry"]


def test_an_incomplete_code_leads_back(neoplasms: NeoplasmTable) -> None:
    rows = neoplasms.rows_with("C50.411")
    assert [(row.path, neoplasms.columns_of(row, "C50.411")) for row in rows] == [
        ("Neoplasm, bough, upper-outer part", ("primary",))
    ]


# --- what is refused ---


def test_each_table_is_claimed_once() -> None:
    assert recognised_by(column_tables.FORMATS, written("2026/x.xml", DRUGS)) == ["icd10cm:drug"]
    assert recognised_by(column_tables.FORMATS, written("2026/x.xml", NEOPLASMS)) == ["icd10cm:neoplasm"]
    assert recognised_by(column_tables.FORMATS, written("2026/x.xml", DRUGS.replace("Substance", "Drug"))) == []


HOSTILE = {
    "not well-formed": DRUGS[:-40],
    "has 5 of its 6 columns": DRUGS.replace('<head col="7">Underdosing</head>', ""),
    "has a column 7 that is not known": DRUGS.replace("Underdosing", "Overdosing"),
    "has a column 7 that": DRUGS.replace("Underdosing", "Adverse effect"),
    "has cells in columns [2, 2, 4, 5, 6, 7] on line 6": DRUGS.replace('<cell col="3">', '<cell col="2">', 1),
    "has cells in columns [2, 8, 4, 5, 6, 7] on line 6": DRUGS.replace('<cell col="3">', '<cell col="8">', 1),
    "has a cell on line 6 that is no ICD-10-CM code": DRUGS.replace("T39.011", "poison", 1),
    "holds no main terms": table(DRUG_HEADS),
}


@pytest.mark.parametrize("sentence", HOSTILE)
def test_what_does_not_fit_is_refused_with_its_line(sentence: str) -> None:
    found = DRUG.recognise(written("2026/x.xml", DRUGS))
    assert found is not None
    with pytest.raises(InputError) as refused:
        DRUG.read([written("2026/x.xml", HOSTILE[sentence])], found)
    assert sentence in str(refused.value)


# --- real files ---


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Compiled]:
    """Compiles real files, each once."""
    return compiler(column_tables.FORMATS, tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def real_drugs(shared: Path, compiled: Callable[[Path], Compiled]) -> DrugTable:
    """The real table of April 2026."""
    made = compiled(real(shared, "drug", "2026-04"))
    return DrugTable(made.store, made.release)


REAL = [
    ("drug", "2023", date(2022, 10, 1), 5_175, 2_248, 43_182),
    ("drug", "2025-04", date(2025, 4, 1), 5_177, 2_251, 43_212),
    ("drug", "2026-04", date(2026, 4, 1), 5_179, 2_251, 43_224),
    ("neoplasm", "2023", date(2022, 10, 1), 1, 1_938, 10_916),
    ("neoplasm", "2025-04", date(2025, 4, 1), 1, 1_938, 10_916),
    ("neoplasm", "2026-04", date(2026, 4, 1), 1, 1_939, 10_922),
]


@pytest.mark.shared
@pytest.mark.parametrize(("part", "year", "start", "mains", "subterms", "cell_count"), REAL)
def test_the_real_tables_are_read_whole(
    shared: Path,
    compiled: Callable[[Path], Compiled],
    part: str,
    year: str,
    start: date,
    mains: int,
    subterms: int,
    cell_count: int,
) -> None:
    made = compiled(real(shared, part, year))
    assert (made.found.name, made.found.period.start) == (f"icd10cm:{part}", start)
    assert [made.counts[name] for name in ("main_terms", "subterms", "cells")] == [mains, subterms, cell_count]
    assert made.counts["see_unresolved"] <= 6


@pytest.mark.shared
@pytest.mark.parametrize(
    ("said", "path", "codes"),
    [
        ("aspirin", "Aspirin", "T39.011 T39.012 T39.013 T39.014 T39.015 T39.016"),
        ("heroin", "Heroin", "T40.1X1 T40.1X2 T40.1X3 T40.1X4 -- --"),
        ("lead paint", "Lead NEC, paint", "T56.0X1 T56.0X2 T56.0X3 T56.0X4 -- --"),
    ],
)
def test_real_substances_are_found(real_drugs: DrugTable, said: str, path: str, codes: str) -> None:
    row = real_drugs.find(said)[0]
    assert (row.path, " ".join(shown(row))) == (path, codes)


@pytest.mark.shared
def test_real_sites_are_found(shared: Path, compiled: Callable[[Path], Compiled]) -> None:
    made = compiled(real(shared, "neoplasm", "2026-04"))
    neoplasms = NeoplasmTable(made.store, made.release)
    breast = neoplasms.find("upper outer quadrant breast")[0]
    assert (breast.path, shown(breast)[0]) == ("Neoplasm, breast, upper-outer quadrant", "C50.4-")
    assert shown(neoplasms.find("prostate")[0]) == ["C61", "C79.82", "D07.5", "D29.1", "D40.0", "D49.59"]
    connective = neoplasms.find("connective tissue")[0]
    assert sum(note.startswith("Note: ") for note in connective.notes) == 2


@pytest.mark.shared
@pytest.mark.parametrize(
    ("part", "old", "new", "numbers"),
    [
        ("drug", "2023", "2025-04", (5, 0, 0)),
        ("drug", "2025-04", "2026-04", (13, 11, 2)),
        ("drug", "2023", "2026-04", (18, 11, 2)),
        ("neoplasm", "2023", "2025-04", (0, 0, 8)),
        ("neoplasm", "2025-04", "2026-04", (8, 7, 118)),
        ("neoplasm", "2023", "2026-04", (8, 7, 126)),
    ],
)
def test_two_releases_differ_as_a_second_reading_says(
    shared: Path,
    compiled: Callable[[Path], Compiled],
    part: str,
    old: str,
    new: str,
    numbers: tuple[int, int, int],
) -> None:
    ours, theirs = [], []
    for year in (old, new):
        path = real(shared, part, year)
        differ = column_tables.DIFFERS[f"icd10cm:{part}"]
        ours.append({key: dict(fields) for key, fields in differ(compiled(path).store)})
        theirs.append(second_reading(path))
    assert [set(one) for one in ours] == [set(one) for one in theirs]
    assert differences(*ours) == differences(*theirs) == numbers
