"""The Neoplasm Table and the Index to External Causes, where they are installed: looked up, quoted, and verified."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.codesets.made import read, release, store, written
from tests.codesets.test_column_tables import NEOPLASM_HEADS, cells, table

from leadterm.codesets import CodeBook
from leadterm.codesets.alphabetic.columns import NeoplasmTable
from leadterm.codesets.alphabetic.index import ExternalCauseIndex
from leadterm.codesets.formats import Format, alphabetic_index, column_tables
from leadterm.coding.navigating import cause_index, neoplasm_table
from leadterm.coding.navigating.neoplasm_table import BONE, SKIN, SOFT
from leadterm.domain import CodedEncounter
from leadterm.pipeline import Coder

from .test_cases import coded


def row(title: str, codes: str, *below: str, level: int = 1) -> str:
    """A row of six codes, a point for none, with the rows below it."""
    six = cells("", *("--" if code == "." else code for code in codes.split()))
    return f'<term level="{level}"><title>{title}</title>{six}{"".join(below)}</term>'


ROWS = (
    row(
        "lacrimal",
        "C69.5- C79.49 D09.2- D31.5- D48.7 D49.89",
        row("sac", "C69.5- C79.49 D09.2- D31.5- D48.7 D49.89", level=2),
    ),
    row(
        "epiglottis",
        "C32.1 C78.39 D02.0 D14.1 D38.0 D49.1",
        row("anterior aspect or surface", "C10.1 C79.89 D00.08 D10.5 D37.05 D49.0", level=2),
    ),
    row("breast", "C50.9- C79.81 D05.- D24.- D48.6- D49.3"),
    row("spermatic cord", "C63.1- C79.82 D07.69 D29.8 D40.8 D49.59"),
    row("iris", "C69.4- C79.49 D09.2- D31.4- D48.7 D49.89"),
    row(
        "bone<nemod>(periosteum)</nemod>",
        "C41.9 C79.51 . D16.9- D48.0 D49.2",
        row("patella", "C40.2- C79.51 . . . .", level=2),
    ),
    row(
        "connective tissue NEC",
        "C49.9 C79.89 . D21.9 D48.1- D49.2",
        row("heel", "C49.2- C79.89 . D21.2- D48.1- D49.2", level=2),
    ),
    row(
        "skin NOS",
        "C44.90 C79.2 D04.9 D23.9 D48.5 D49.2",
        row("ala nasi", "C44.301 C79.2 D04.39 D23.39 D48.5 D49.2", level=2),
        row("heel", "C44.70- C79.2 D04.7- D23.7- D48.5 D49.2", level=2),
    ),
)
NEOPLASMS = table(
    NEOPLASM_HEADS,
    f"<mainTerm><title>Neoplasm, neoplastic</title>{cells('', 'C80.1', 'C79.9', 'D09.9', 'D36.9', 'D48.9', 'D49.9')}"
    f"{''.join(ROWS)}</mainTerm>",
)


def entry(title: str, code: str = "", *below: str, level: int = 1) -> str:
    """An entry of the index with the entries below it."""
    return (
        f'<term level="{level}"><title>{title}</title>{f"<code>{code}</code>" if code else ""}{"".join(below)}</term>'
    )


def main(title: str, code: str, *below: str) -> str:
    """A main term."""
    return f"<mainTerm><title>{title}</title>{f'<code>{code}</code>' if code else ''}{''.join(below)}</mainTerm>"


CAUSES = f"""<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2026</version><title>ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX</title><letter><title>A</title>
{main("Assault (by)", "Y09", entry("cutting or piercing instrument", "X99.9", entry("sword", "X99.2", level=2)))}
{main("Bite, bitten by", "", entry("parrot", "W61.01"))}
{main("Contact", "", entry("with", "", entry("knife", "W26.0", entry("electric", "W29.1", level=3), level=2)))}
{
    main(
        "Fall, falling<nemod>(accidental)</nemod>",
        "W19",
        entry("from, off, out of", "", entry("ladder", "W11", level=2)),
        entry("into", "", entry("well", "W17.0", level=2)),
    )
}
{main("Discharge<nemod>(accidental)</nemod>", "", entry("handgun", "Y22", entry("accidental", "W32.0", level=2)))}
{main("Struck<nemod>(accidentally)</nemod> by", "", entry("ball", "W21.00"))}
{main("Tornado", "X37.1")}
</letter></ICD10CM.index>"""


def made(form: Format, face: Callable[..., object], text: str, folder: Path) -> object:
    """The face over a file, compiled as the installer does it."""
    found, content = read(form, written("made.xml", text))
    return face(store(folder, content, found.name.replace(":", "-")), release(found, content))


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> NeoplasmTable:
    answer = made(column_tables.FORMATS[1], NeoplasmTable, NEOPLASMS, tmp_path_factory.mktemp("sites"))
    assert isinstance(answer, NeoplasmTable)
    return answer


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> ExternalCauseIndex:
    form = next(f for f in alphabetic_index.FORMATS if f.recognise(written("made.xml", CAUSES)))
    answer = made(form, ExternalCauseIndex, CAUSES, tmp_path_factory.mktemp("causes"))
    assert isinstance(answer, ExternalCauseIndex)
    return answer


@pytest.fixture
def asked(
    coder: Coder, sites: NeoplasmTable, causes: ExternalCauseIndex, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], CodedEncounter]:
    """Codes a text with both tables installed."""
    find = CodeBook.find
    faces = {NeoplasmTable: sites, ExternalCauseIndex: causes}
    monkeypatch.setattr(CodeBook, "find", lambda book, face, *on: faces.get(face) or find(book, face, *on))
    return lambda text: coded(coder, {"text": text, "setting": "emergency"})


def told(answer: CodedEncounter) -> dict[str, str]:
    """Each code with the steps of its pathway."""
    return {a.code.value: " | ".join(s.text for s in a.pathway) for a in answer.diagnoses}


@pytest.mark.parametrize(
    ("text", "tissue", "paths"),
    [
        ("carcinoma of the left lacrimal sac", "", ["lacrimal, sac"]),
        ("anterior surface of the epiglottis, biopsied", "", ["epiglottis, anterior aspect or surface"]),
        ("breast and iris", "", ["breast", "iris"]),
        ("heel", "", []),
        ("left heel", SOFT, ["connective tissue NEC, heel"]),
        ("heel", SKIN, ["skin NOS, heel"]),
        ("patellar", BONE, ["bone, patella"]),
        ("lacrimal. sac", "", ["lacrimal"]),
    ],
)
def test_sites_are_found_by_their_words(sites: NeoplasmTable, text: str, tissue: str, paths: list[str]) -> None:
    assert [n.site.path for n in neoplasm_table.named(sites, text, tissue)] == paths


def test_a_cell_is_quoted_as_printed(sites: NeoplasmTable) -> None:
    site = neoplasm_table.row(sites, "lacrimal, sac")
    assert site is not None
    assert site.quoted("in_situ") == "Neoplasm Table: lacrimal, sac, in situ D09.2-"
    assert site.node("in_situ") == "D09.2"


def test_the_tabular_list_goes_before_a_cell_that_it_does_not_bear_out(sites: NeoplasmTable) -> None:
    site = neoplasm_table.row(sites, "connective tissue NEC, heel")
    assert site is not None
    assert site.node("uncertain") == "D48.19"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("fell off the ladder", "Fall, from, off, out of, ladder"),
        ("fell into a well", "Fall, into, well"),
        ("fell and feels well", None),
        ("cut with an electric knife", "Contact, with, knife, electric"),
        ("cut down on smoking, bought a knife", None),
        ("a parrot bit her", "Bite, bitten by, parrot"),
        ("has a parrot", None),
        ("struck by a ball", "Struck by, ball"),
        ("hit the ball, then felt a pop", None),
        ("attacked with a sword", "Assault, cutting or piercing instrument, sword"),
        ("hurt in a tornado", "Tornado"),
        ("shot with a handgun", "Discharge, handgun, accidental"),
    ],
)
def test_causes_are_reached_by_what_is_said(causes: ExternalCauseIndex, text: str, path: str | None) -> None:
    hit = next(cause_index.reached(cause_index.listed(causes), text, 0, len(text)), None)
    assert (hit.way.path if hit else None) == path


@pytest.mark.parametrize(
    ("text", "code", "quote"),
    [
        (
            "Assessment: Squamous cell carcinoma of the left lacrimal sac.",
            "C69.52",
            "Neoplasm Table: lacrimal, sac, malignant primary C69.5-",
        ),
        (
            "Assessment: Liposarcoma of the left spermatic cord.",
            "C63.12",
            "Neoplasm Table: spermatic cord, malignant primary C63.1-",
        ),
        (
            "Assessment: Papilloma of the epiglottis.",
            "D14.1",
            "Neoplasm Table: epiglottis, benign D14.1",
        ),
        (
            "Assessment: Cancer of the right breast metastatic to the iris.",
            "C79.49",
            "Neoplasm Table: iris, malignant secondary C79.49",
        ),
        ("Assessment: Breast cancer, left.", "C50.912", "Neoplasm Table: breast, malignant primary C50.9-"),
        ("Assessment: BCC of the right ala nasi.", "C44.311", ""),
        (
            "HPI: cut with an electric knife.\n\nAssessment: Laceration of left palm.",
            "W29.1XXA",
            "Index to External Causes: Contact, with, knife, electric W29.1",
        ),
        (
            "HPI: bitten by her parrot.\n\nAssessment: Laceration of left palm.",
            "W61.01XA",
            "Index to External Causes: Bite, bitten by, parrot W61.01",
        ),
        (
            "HPI: fell off a ladder.\n\nAssessment: Contusion of left hip.",
            "W11.XXXA",
            "Index to External Causes: Fall, from, off, out of, ladder W11",
        ),
        (
            "HPI: alleged assault, attacked with a sword.\n\nAssessment: Laceration of left palm.",
            "X99.2XXA",
            "Index to External Causes: Assault, cutting or piercing instrument, sword X99.2",
        ),
    ],
)
def test_the_pathway_quotes_the_installed_table(
    asked: Callable[[str], CodedEncounter], text: str, code: str, quote: str
) -> None:
    answer = told(asked(text))
    assert code in answer
    assert quote in answer[code]


def test_what_is_denied_is_not_looked_up(asked: Callable[[str], CodedEncounter]) -> None:
    answer = told(asked("HPI: was not bitten by her parrot.\n\nAssessment: Laceration of left palm."))
    assert not [code for code in answer if code[0] in "VWXY"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Assessment: Squamous cell carcinoma of the frontal sinus.", "C31.2"),
        ("Assessment: Benign tumor of the carotid body.", "D35.5"),
        ("HPI: bitten by her parrot.\n\nAssessment: Laceration of left palm.", "W61.01XA"),
        ("HPI: hurt in a tornado.\n\nAssessment: Laceration of left palm.", "X37.1XXA"),
    ],
)
def test_without_the_tables_titles_of_the_tabular_list_lead_there(coder: Coder, text: str, code: str) -> None:
    assert code in told(coded(coder, {"text": text, "setting": "emergency"}))


def test_without_the_tables_our_own_lead_there(coder: Coder) -> None:
    answer = told(
        coded(coder, {"text": "HPI: fell off a ladder.\n\nAssessment: Contusion of left hip.", "setting": "emergency"})
    )
    assert "W11.XXXA" in answer
    assert "Index to External Causes" not in answer["W11.XXXA"]
