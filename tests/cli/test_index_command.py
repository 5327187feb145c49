"""`leadterm index`: the piece of the index, the titles of its codes, and the word to verify them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from codesets.made import read, release, store, written
from codesets.test_alphabetic_index import BOOK
from codesets.test_column_tables import DRUGS, NEOPLASMS
from leadterm.cli.index import index
from leadterm.codesets import CodeBook
from leadterm.codesets.alphabetic.columns import DrugTable, NeoplasmTable
from leadterm.codesets.alphabetic.index import AlphabeticIndex, ExternalCauseIndex
from leadterm.codesets.formats import alphabetic_index, column_tables
from leadterm.codesets.formats._offered import Offered
from leadterm.domain import CodeEntry, DataMissing

EXTERNAL = BOOK.replace("INDEX TO DISEASES and INJURIES", "External Cause of Injuries Index")
SCHEMAS = Path(__file__).parents[2] / "src" / "leadterm" / "schemas"


@dataclass
class Book:
    """The Tabular List of the run, and the index parts that a test installs."""

    tabular: CodeBook
    faces: dict[str, Any]

    def component(self, face: Any, on: date | None = None) -> Any:
        if face.COMPONENT not in self.faces:
            raise DataMissing(f"No {face.WHAT} is installed; run `leadterm codes update {face.COMPONENT}`.")
        return self.faces[face.COMPONENT]

    def lookup(self, code: Any, on: date | None = None) -> CodeEntry | None:
        return self.tabular.lookup(code, on=on)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The four parts, invented."""
    folder = tmp_path_factory.mktemp("parts")
    texts = ((AlphabeticIndex, BOOK), (ExternalCauseIndex, EXTERNAL), (DrugTable, DRUGS), (NeoplasmTable, NEOPLASMS))
    return {face.COMPONENT: opened(face, written("2026/x.xml", text), folder) for face, text in texts}


def opened(face: Any, offer: Offered, folder: Path) -> Any:
    formats = (*alphabetic_index.FORMATS, *column_tables.FORMATS)
    (form,) = (f for f in formats if f.recognise(offer))
    found, table = read(form, offer)
    name = found.name.replace(":", "-")
    return face(store(folder, table, name), release(found, table, f"{name}.sqlite"))


@dataclass
class Told:
    """What a call gave."""

    code: int
    out: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ask = Callable[..., Told]


@pytest.fixture
def ask(
    book: CodeBook, parts: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Ask:
    """The command over the invented parts."""

    def call(*words: str, installed: dict[str, Any] | None = None, **options: Any) -> Told:
        monkeypatch.setattr(
            "leadterm.cli.index.open_book", lambda: Book(book, parts if installed is None else installed)
        )
        code = index(list(words), **{"limit": 5, **options})
        return Told(code, capsysbinary.readouterr().out.decode())

    return call


def test_the_way_is_shown_indented_with_the_title_of_its_code(ask: Ask) -> None:
    told = ask("glimmer", "type", "2", "non-setting", "sun")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[:6] == [
        "Glimmer, type 2, with, non-setting sun",
        "  Glimmer(s) (of) (mild)",
        "    type 2",
        "      with",
        "        non-setting sun",
        "          E11.2-    Type 2 diabetes mellitus with kidney complications  (needs more characters)",
    ]
    assert '  linked by "with" or "in": presumed unless the record says otherwise (guideline I.A.15)' in lines
    assert lines[-1] == "Verify in the Tabular List before coding (guideline I.B.1): leadterm lookup E11.2"


def test_a_manifestation_stands_in_brackets(ask: Ask) -> None:
    out = ask("glimmer dew").out
    assert "      E85.4     " in out
    assert "      [I43]     Cardiomyopathy in diseases classified elsewhere  (manifestation: coded second)" in out


def test_references_say_where_they_lead(ask: Ask) -> None:
    assert "see condition  → look under the name of the condition" in ask("brook").out
    assert "see also Shimmer; and see also Attack, brook  → Shimmer; Attack, brook" in ask("glimmer").out
    assert "by way of: Attack, brook" in ask("brook attack").out
    assert "see Nowhere, at all  → no such entry" in ask("hepatic glow lost").out


def test_words_left_over_and_words_unsaid_are_told(ask: Ask) -> None:
    out = ask("purple wrist fracture").out
    assert "  left over: purple" in out
    assert "  the main term also says: traumatic" in out


def test_subterms_below_are_named(ask: Ask) -> None:
    assert "below: due to (in) | river (upper) | type 2 | water" in ask("glimmer").out


def test_a_code_is_answered_with_what_leads_to_it(ask: Ask) -> None:
    paths = [entry["path"] for entry in ask("e1121", json=True).json["entries"]]
    assert paths == ["Glimmer, type 2, with, non-setting sun", "Hepatic glow, numbered"]
    assert [e["path"] for e in ask("T39.013A", drug=True, json=True).json["entries"]] == ["Azurol"]


def test_a_row_shows_its_columns_by_name(ask: Ask) -> None:
    out = ask("azurol", drug=True).out
    assert "accidental      T39.011   Poisoning by aspirin, accidental (unintentional)  (needs more characters)" in out
    assert "adverse effect  T39.015   Adverse effect of aspirin  (needs more characters)" in out
    assert "primary         C50.9-" in ask("bough", neoplasm=True).out


def test_several_parts_are_asked_in_turn(ask: Ask) -> None:
    entries = ask("azurol", drug=True, external=True, neoplasm=True, json=True).json["entries"]
    assert [entry["part"] for entry in entries] == ["drug"]
    entries = ask("glimmer", external=True, json=True).json["entries"]
    assert {entry["part"] for entry in entries} == {"external"}


def test_nothing_found_is_exit_1_with_advice(ask: Ask) -> None:
    told = ask("zzz")
    assert told.code == 1
    assert told.out.startswith("No entry. Name the condition")
    assert ask("zzz", json=True).json["entries"] == []


def test_no_index_installed_is_missing_data(ask: Ask) -> None:
    with pytest.raises(DataMissing, match="No ICD-10-CM Alphabetic Index is installed") as missing:
        ask("glimmer", installed={})
    assert missing.value.exit_code == 3


def test_a_day_outside_the_release_is_remarked(ask: Ask) -> None:
    told = ask("glimmer", on="2019-01-01", json=True).json
    assert [f["rule"] for f in told["findings"]] == ["CODESETS:release/before-first"]
    assert told["releases"] == {"icd10cm:index": "2025-10-01"}
    assert ask("glimmer", on="2025-12-01", json=True).json["findings"] == []


def test_the_limit_holds(ask: Ask) -> None:
    assert len(ask("type 2 glimmer dew frost river", json=True, limit=2).json["entries"]) == 2


def validator() -> Draft202012Validator:
    known = [json.loads((SCHEMAS / f"{name}-1.json").read_bytes()) for name in ("index", "findings", "encounter")]
    registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in known)
    return Draft202012Validator(known[0], registry=registry)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("glimmer", {}),
        ("glimmer type 2 sun dew", {}),
        ("hepatic glow lost", {}),
        ("hepatic glow numbered", {}),
        ("glimmer water", {"on": "2019-01-01"}),
        ("zzz", {}),
        ("azurol", {"drug": True}),
        ("pith", {"neoplasm": True}),
        ("E11.2-", {}),
    ],
)
def test_the_json_follows_its_schema(ask: Ask, words: str, options: dict[str, Any]) -> None:
    told = ask(words, json=True, **options).json
    assert [f"{e.json_path}: {e.message}" for e in validator().iter_errors(told)] == []
