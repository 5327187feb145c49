"""The public 5010 claims: what the originals are, and that they pass once they are of today."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from leadterm import edits
from leadterm.claims import ReadClaim, read_837
from leadterm.codesets import CodeBook
from leadterm.domain import CodeSystem, Finding, Severity
from leadterm.x12 import read as read_segments

from .samples_837 import FOLDER, FOLDERS, MENDED, files, npi_holds, renewed

pytestmark = pytest.mark.skipif(not files(), reason="the common data (LEADTERM_SHARED) is absent")
PROFESSIONAL, INSTITUTIONAL = FOLDERS
# The originals with faults of form, and how many findings each has.
FAULTS_OF_FORM = {
    "demo.ambulance.example5.837": 1,
    "demo.cob.2ndary.example4.837": 5,
    "demo.cob.example3.A.837": 1,
    "demo.cob.example4.837": 1,
    "demo.example11.837": 7,
    "demo.example12.837": 5,
    "demo.example6.837": 5,
    "demo.example9.837": 6,
    "out-of-network-repriced-claim.837i": 4,
    "ppo-repriced-claim.837i": 7,
}


def read(source: bytes) -> tuple[list[ReadClaim], list[Finding]]:
    """The claims of a file, and everything that is wrong with its form."""
    parts = list(read_837(source))
    claims = [p for p in parts if isinstance(p, ReadClaim)]
    return claims, [f for p in parts for f in (p.findings if isinstance(p, ReadClaim) else (p,))]


class TestOriginals:
    def test_they_are_23_claims_in_22_files(self) -> None:
        assert len(files()) == 22
        assert sum(len(read(path.read_bytes())[0]) for path in files()) == 23

    def test_ten_files_have_faults_of_form(self) -> None:
        found = {path.name: len(read(path.read_bytes())[1]) for path in files()}
        assert {name: count for name, count in found.items() if count} == FAULTS_OF_FORM

    def test_seven_files_use_another_separator_than_they_name_and_five_of_them_cannot_be_read(self) -> None:
        other = {path.name for path in files() if b">" in path.read_bytes()}
        unread = {path.name for path in files() if any(c.claim is None for c in read(path.read_bytes())[0])}
        assert (len(other), len(unread), unread < other) == (7, 5, True)

    def test_all_their_diagnoses_are_of_the_ninth_revision(self) -> None:
        claims = [c.claim for path in files() for c in read(path.read_bytes())[0] if c.claim]
        systems = Counter(d.code.system for claim in claims for d in claim.diagnoses)
        assert set(systems) == {CodeSystem.ICD9CM}

    def test_their_services_are_of_1996_to_2006(self) -> None:
        claims = [c.claim for path in files() for c in read(path.read_bytes())[0] if c.claim]
        years = {line.start.year for claim in claims for line in claim.lines}
        assert years == {1996, 2004, 2005, 2006}

    @pytest.mark.parametrize(("folder", "fail", "numbers"), [(PROFESSIONAL, 18, 24), (INSTITUTIONAL, 5, 7)])
    def test_check_digits_of_most_of_their_provider_numbers_fail(self, folder: str, fail: int, numbers: int) -> None:
        found = _npis(sorted((FOLDER / folder).iterdir()))
        assert (sum(not npi_holds(n) for n in found), len(found)) == (fail, numbers)

    def test_of_today_they_would_fail_for_their_codes_and_numbers_and_for_nothing_else(self, book: CodeBook) -> None:
        found = Counter(rule for path in files() for rule in errors(renewed(path, only_days=True), book))
        assert set(found) == {"HIPAA:162.1002/diagnosis-code-set", "HIPAA:162.406/npi-check-digit"}


def errors(source: bytes, book: CodeBook) -> list[str]:
    """The rules that the claims of a file break, each claim's in turn."""
    claims = [c.claim for c in read(source)[0] if c.claim]
    found = (f for claim in claims for f in edits.check_claim(claim, book))
    return [f.rule for f in found if f.severity is Severity.ERROR]


def _npis(paths: list[Path]) -> set[str]:
    segments = (s for path in paths for s in read_segments(path.read_bytes()))
    return {s[9] for s in segments if s.id == "NM1" and s[8] == "XX"}


class TestRenewed:
    @pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
    def test_a_claim_of_today_has_no_error(self, path: Path, book: CodeBook) -> None:
        claims, form = read(renewed(path))
        assert [f.message for f in form] == []
        for one in claims:
            assert one.claim is not None
            found = edits.check_claim(one.claim, book, received=one.place.created)
            assert [(f.rule, f.message) for f in found if f.severity is Severity.ERROR] == []

    def test_every_mended_file_is_one_that_was_wrong(self) -> None:
        taxonomies = {"demo.example1.837", "demo.example2.837", "institutional-claim.837i"}
        assert set(MENDED) <= set(FAULTS_OF_FORM) | taxonomies | {"two-claims-single-provider.837i"}
