"""`lookup`, `search`, `tree`, `codes`, `explain` and `doctor` as a person and as a program sees them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from leadterm.codesets import open_book

from .conftest import Call
from .notation import AFTER_THE_NEWEST, DAY, rules


@pytest.mark.parametrize("written", ["E11.22", "e11.22", "E1122", " e1122 "])
def test_a_code_is_found_however_it_is_written(leadterm: Call, written: str) -> None:
    assert leadterm("lookup", written, "--json").json["codes"][0]["code"] == "E11.22"


def test_codes_are_answered_in_the_order_of_the_question(leadterm: Call) -> None:
    asked = ["I10", "E11.22", "0FT44ZZ"]
    assert [c["code"] for c in leadterm("lookup", *asked, "--json").json["codes"]] == asked


def test_an_unknown_code_keeps_its_place_among_known_ones(leadterm: Call) -> None:
    answer = leadterm("lookup", "I10", "Z99.99", "E11.9", "--json")
    assert (answer.code, [c["valid"] for c in answer.json["codes"]]) == (1, [True, False, True])
    assert rules(answer.json["codes"][1], "error") == ["CODESETS:code/unknown"]


def test_a_person_sees_title_notes_and_line_of_a_code(leadterm: Call) -> None:
    seen = leadterm("lookup", "E11.22").text
    title = "Type 2 diabetes mellitus with diabetic chronic kidney disease"
    for words in (title, "icd10cm · billable", "use additional"):
        assert words in seen


def test_a_category_is_told_to_need_more_characters(leadterm: Call) -> None:
    assert "not billable: needs more characters" in leadterm("lookup", "E11").text


def test_a_person_is_told_what_an_unknown_code_is(leadterm: Call) -> None:
    assert "No installed release knows the code Z99.99." in leadterm("lookup", "Z99.99").text


def test_a_cpt_code_without_a_licensed_file_has_no_words(leadterm: Call) -> None:
    found = leadterm("lookup", "99213", "--json").json["codes"][0]
    assert (found["description"], rules(found, "info")) == (None, ["CODESETS:cpt/licence"])


def test_the_system_that_is_asked_for_decides(leadterm: Call) -> None:
    assert leadterm("lookup", "E11.22", "--system", "ICD10CM").code == 0
    assert leadterm("lookup", "E11.22", "--system", "icd10pcs").code == 1


def test_a_day_after_the_newest_release_is_answered_with_a_warning(leadterm: Call) -> None:
    found = leadterm("lookup", "E11.22", "--on", AFTER_THE_NEWEST, "--json").json["codes"][0]
    assert "CODESETS:release/missing" in rules(found, "warning")


def test_no_colour_reaches_a_pipe(leadterm: Call) -> None:
    for call in (["lookup", "E11.22"], ["search", "gout"], ["tree", "4"], ["codes", "status"], ["doctor"]):
        assert b"\x1b" not in leadterm(*call).out


def test_searching_tolerates_typing_errors(leadterm: Call) -> None:
    hits = leadterm("search", "diabetic", "kidney", "diseas", "--json").json["hits"]
    assert "E11.22" in [h["code"] for h in hits[:20]]


def test_a_search_gives_no_more_than_it_is_asked_for(leadterm: Call) -> None:
    assert len(leadterm("search", "diabetes", "--limit", "3", "--json").json["hits"]) == 3


def test_a_search_without_a_hit_says_so(leadterm: Call) -> None:
    assert leadterm("search", "qqqzzzqqq").text == "Nothing found. Try fewer or other words.\n"


def test_a_search_of_anything_ends(leadterm: Call) -> None:
    for words in ("", " ", "(", '"', "a" * 5000, "é" * 100, "AND OR NOT", "*", "\x00"):
        assert leadterm("search", words).code == 0


def test_the_tree_begins_with_the_chapters(leadterm: Call) -> None:
    nodes = leadterm("tree", "--json").json["nodes"]
    assert (len(nodes), nodes[0]["code"]) == (22, "1")


@pytest.mark.parametrize("written", ["S52.52", "s5252", "S5252"])
def test_a_node_of_the_tree_is_found_however_it_is_written(leadterm: Call, written: str) -> None:
    assert "S52.521" in leadterm("tree", written).text


def test_the_releases_are_named_with_their_days(leadterm: Call) -> None:
    seen = leadterm("codes", "status").text
    assert "icd10cm:tabular" in seen
    assert "2026-04-01 – 2026-09-30" in seen


def test_sound_code_sets_verify(leadterm: Call) -> None:
    assert leadterm("codes", "verify").text == "Every store is what was compiled.\n"


def test_damaged_code_sets_are_told(
    leadterm: Call, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    damaged = open_book(copy)
    store = next(damaged.folder.glob("icd10pcs-titles*"))
    content = bytearray(store.read_bytes())
    content[-100] ^= 0xFF
    store.write_bytes(content)
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: damaged)
    answer = leadterm("codes", "verify")
    assert answer.code == 1
    assert "The store of icd10pcs:titles is not the one that was compiled." in answer.text


def test_rules_are_listed_with_their_reasons(leadterm: Call) -> None:
    lines = leadterm("explain").text.splitlines()
    assert len(lines) > 50
    assert all(len(line.split(maxsplit=1)) == 2 for line in lines)


def test_a_rule_is_explained_with_its_authority_and_days(leadterm: Call) -> None:
    seen = leadterm("explain", "ICD10CM:tabular/excludes1").text
    for key in ("rule", "authority", "from", "reason", "fix"):
        assert f"{key}  " in seen


def test_every_rule_of_a_finding_or_a_pathway_can_be_explained(
    leadterm: Call, write: Callable[[str, str], Path]
) -> None:
    write("visit.txt", "Assessment: Type 2 diabetes with CKD 3b, hypertension. Possible pneumonia.\n")
    coded = leadterm("code", "visit.txt", "--date", DAY, "--json").json
    steps = [s["rule"] for a in coded["assignments"] for s in a["pathway"] if s.get("rule")]
    named = {*steps, *rules(coded)}
    assert named
    for rule in named:
        assert leadterm("explain", rule).code == 0


def test_the_doctor_finds_this_installation_sound(leadterm: Call) -> None:
    found = leadterm("doctor", "--json").json
    assert (found["ok"], [c["name"] for c in found["checks"] if not c["ok"]]) == (True, [])


def test_the_doctor_names_what_is_wrong_and_what_mends_it(leadterm: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadterm.cli.health.shutil.disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    answer = leadterm("doctor")
    assert answer.code == 3
    assert "FAIL data home: 0 MB free → Free 200 MB" in answer.text
