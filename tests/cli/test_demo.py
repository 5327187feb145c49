"""`leadterm demo`: the whole way on the sample charts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadterm.claims import accept_999
from leadterm.cli.demo import samples
from leadterm.domain import ClaimType
from schemas.validation import problems

from .conftest import Answer, Call

PROFESSIONAL = [e.id for e in samples() if e.claim_type is ClaimType.PROFESSIONAL]
INSTITUTIONAL = [e.id for e in samples() if e.claim_type is ClaimType.INSTITUTIONAL]


@pytest.fixture
def shown(leadterm: Call, tmp_path: Path) -> Answer:
    """One run over all samples, in a folder that holds a file already."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("not of the demo")
    return leadterm("demo", "--out", "demo", "--json")


def test_there_are_samples_of_both_kinds() -> None:
    assert len(PROFESSIONAL) >= 5
    assert INSTITUTIONAL


def test_every_professional_sample_becomes_a_claim_and_no_institutional_one_does(shown: Answer) -> None:
    assert [c["id"] for c in shown.json["charts"] if c["claim"]] == PROFESSIONAL
    assert [c["id"] for c in shown.json["charts"] if not c["claim"]] == INSTITUTIONAL


def test_every_claim_of_a_sample_is_one_that_pyx12_accepts(shown: Answer, tmp_path: Path) -> None:
    pytest.importorskip("pyx12", reason="pyx12 is not installed (extra x12)")
    claims = [(tmp_path / c["claim"]).read_bytes() for c in shown.json["charts"] if c["claim"]]
    accepted, acknowledgement = accept_999(b"".join(claims))
    assert accepted
    assert acknowledgement.count("AK9*A") == len(claims)


def test_it_names_exactly_what_it_wrote(shown: Answer, tmp_path: Path) -> None:
    written = {str(p.relative_to(tmp_path)) for p in (tmp_path / "demo").iterdir()}
    assert set(shown.json["files"]) == written - {"demo/mine.txt"}


def test_what_it_wrote_is_of_the_contract(shown: Answer, tmp_path: Path) -> None:
    for path in (tmp_path / "demo").glob("*.json"):
        schema = "coded-1" if path.name.endswith(".coded.json") else "claim-1"
        assert problems(schema, json.loads(path.read_text(encoding="utf-8"))) == []


def test_the_control_numbers_of_its_claims_differ(shown: Answer) -> None:
    claims = [c["claim"] for c in shown.json["charts"] if c["claim"]]
    assert len({Path(c).read_bytes()[90:99] for c in claims}) == len(claims)


def test_every_sample_gets_a_code(shown: Answer) -> None:
    assert all(c["codes"] for c in shown.json["charts"])


def test_a_person_sees_the_charts_the_codes_and_the_verdicts(leadterm: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadterm.cli.demo._accepted", lambda content: True)
    answer = leadterm("demo", "--out", "demo")
    assert answer.text.count("accepted by pyx12 (999 A)") == len(PROFESSIONAL)
    assert f"{len(PROFESSIONAL)} claims written. Everything is in demo." in answer.text
    assert "the Alphabetic\nIndex" in answer.err


def test_without_the_validator_it_says_how_to_get_it(leadterm: Call) -> None:
    assert "not validated (pip install 'leadterm[x12]')" in leadterm("demo").text


def test_a_folder_that_cannot_be_made_is_told(leadterm: Call, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    answer = leadterm("demo", "--out", "taken")
    assert (answer.code, answer.out) == (2, b"")
    assert "cannot be written" in answer.err
