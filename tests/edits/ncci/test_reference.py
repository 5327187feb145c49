"""The edits of NCCI equal a brute-force reading of the same tables (`reference.py`)."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from leadterm.edits import Seen
from leadterm.edits._billing import Billing
from leadterm.edits.ncci import mue, ptp

from . import made, reference

CODES = [f"{n}" for n in range(20000, 20012)] + ["G0101", "J0001", "99213"]


def differences(folder: Path, seed: int, count: int) -> tuple[int, int]:
    """How many pairs and excesses were found, over claims of a stream; every one of them as the reference has it."""
    random = Random(seed)
    codes = random.sample(CODES, 8)
    pairs, units = made.pairs(random, codes), made.units(random, codes)
    book, seen = made.Tables(folder, pairs, units), Seen()
    told = [0, 0]
    for claim, lines in made.claims(random, codes, count):
        billing = Billing(claim, book, earlier=seen)  # type: ignore[arg-type]
        clashes = {c.key[:4] for c in ptp.clashes(billing) if not c.is_opened}
        assert clashes == reference.pairs(pairs, lines, claim.id), claim
        excesses = {(e.own.line, e.edit.code, e.edit.mai) for e in mue.excesses(billing)}
        assert excesses == reference.units(units, lines, claim.id), claim
        seen.remember(claim)
        told[0] += len(clashes)
        told[1] += len(excesses)
    return told[0], told[1]


@pytest.mark.parametrize("seed", range(4))
def test_pairs_and_units_are_those_of_a_plain_reading(seed: int, tmp_path: Path) -> None:
    pairs, units = differences(tmp_path, seed, 150)
    assert pairs > 50
    assert units > 50


@pytest.mark.parametrize("seed", range(10, 13))
def test_very_many_services_are_judged_as_a_few_are(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ptp, "MOST_MEETINGS", 0)
    pairs, units = differences(tmp_path, seed, 150)
    assert pairs > 50
    assert units > 50


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 150))
def test_ten_thousand_claims_are_judged_as_by_a_plain_reading(seed: int, tmp_path: Path) -> None:
    pairs, units = differences(tmp_path, seed, 200)
    assert pairs > 50
    assert units > 50
