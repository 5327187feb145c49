"""Abbreviations: which sense the section and the sentence give one, and where neither tells, none."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from leadterm.abstraction import Dictionary, read
from leadterm.abstraction._tables import read_table
from leadterm.codesets import CodeBook
from leadterm.codesets.lexicon import load
from leadterm.codesets.phrasebook import load_terms
from leadterm.domain import Document

TABLE = Path(__file__).parent / "abbreviations.tsv"
ABBREVIATION = re.compile(r"\{([^{}]+)\}")
NOTHING = "-"
# The header that opens each kind of section, where it is not the kind's own name.
HEADERS = {
    "assessment-plan": "ASSESSMENT AND PLAN",
    "hpi": "HISTORY OF PRESENT ILLNESS",
    "exam": "PHYSICAL EXAM",
    "vitals": "VITAL SIGNS",
}
# What stands before the section in question, so that a plan stays a plan.
OPENING = "ASSESSMENT:\nStable.\n\n"


def _rows() -> list[tuple[str, str, str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert rows[0] == ("sentence", "section", "expected")
    return [(sentence, section, expected) for sentence, section, expected in rows[1:]]


@pytest.fixture(scope="module")
def dictionary(book: CodeBook) -> Dictionary:
    return Dictionary(load_terms(book))


def opened(dictionary: Dictionary, marked: str, section: str) -> list[str]:
    """The first code of every fact whose words lie over the abbreviation."""
    before = f"{OPENING}{HEADERS.get(section, section.replace('-', ' ').upper())}:\n"
    place = ABBREVIATION.search(marked)
    assert place is not None, marked
    start = len(before) + place.start()
    end = start + len(place[1])
    reading = read([Document("d", before + marked[: place.start()] + place[1] + marked[place.end() :])], dictionary)
    assert section in reading.sections, reading.sections
    spans = [(f, f.evidence[0].span) for f in reading.facts if f.targets]
    over = [f for f, span in spans if span.start < end and start < span.end]
    assert {f.section for f in over} <= {section}
    return [f.targets[0] for f in over]


@pytest.mark.parametrize(("sentence", "section", "expected"), _rows())
def test_an_abbreviation_is_read_as_its_place_tells(
    sentence: str, section: str, expected: str, dictionary: Dictionary
) -> None:
    codes = opened(dictionary, sentence, section)
    if expected == NOTHING:
        assert codes == []
    else:
        assert [code[: len(expected)] for code in codes] == [expected]


# Each has two senses or more in everyday notes, of which none may be guessed.
@pytest.mark.parametrize(
    "abbreviation",
    "MS RA AS AR TR MR AI BS CA ED HD BPD PD DI OD OS OU VT VF HL CD ASD PDA TOF MM MDS SCD NEC RD DME PROM AD ET HS "
    "LOC PT OT GC CT RF PTA UA OM TGA MCL IE RCT RP FL PV MG AK PF".split(),
)
def test_an_abbreviation_of_many_senses_alone_opens_nothing(abbreviation: str, dictionary: Dictionary) -> None:
    assert opened(dictionary, f"Discussed {{{abbreviation}}} again today.", "hpi") == []


def test_every_section_that_an_abbreviation_asks_for_is_a_kind_of_section() -> None:
    kinds = {row["kind"] for row in read_table("layout/sections.tsv", ("name", "kind", "match", "strength", "within"))}
    marked = {kind for s in load() for kind in s.within | s.outside}
    assert marked
    assert marked - kinds <= {"unknown"}


def test_the_abbreviations_are_a_file_of_their_own_without_a_second_reading_elsewhere() -> None:
    folder = files("leadterm.codesets") / "lexicon"
    rows = {
        f.name: [line.split("\t")[0] for line in f.read_text("utf-8").splitlines() if "\t" in line and line[0] != "#"]
        for f in folder.iterdir()
        if f.name.endswith(".tsv")
    }
    own = {surface.lower() for surface in rows.pop("abbreviations.tsv")} - {"surface"}
    assert len(own) > 500
    assert own & {surface.lower() for surfaces in rows.values() for surface in surfaces} == set()
