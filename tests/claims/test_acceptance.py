"""pyx12, which knows the whole implementation guide, accepts what is written, and its port says so."""

from __future__ import annotations

import logging
import os
from importlib.util import find_spec
from lzma import open as open_xz
from pathlib import Path

import pytest

from leadterm.claims import accept_999, validate_pyx12, write_837p
from leadterm.domain import DataMissing, InputError

from .acceptance import accepted
from .cases import claim
from .correct import correct_claims
from .generate import DIAGNOSES, EXTERNAL_CAUSES, claims, envelope, luhn

needs_pyx12 = pytest.mark.skipif(find_spec("pyx12") is None, reason="pyx12 is absent; pip install 'leadterm[x12]'")
ORDER_FILES = (
    Path(os.environ.get("LEADTERM_SHARED", Path(__file__).parents[3] / "shared")) / "releases/icd10cm/2025-order"
)


@needs_pyx12
def test_pyx12_accepts_25_generated_claims_each_in_its_own_interchange():
    assert accepted(25) == 25


@needs_pyx12
def test_pyx12_accepts_a_batch_in_one_transaction():
    ok, answer = accept_999(write_837p(claims(25, 7), envelope()))
    assert ok
    assert "AK9*A*1*1*1~" in answer


@needs_pyx12
def test_pyx12_accepts_claims_that_other_payers_have_paid():
    batch = [c for c in correct_claims(1, 250, 0) if len(c.payers) > 1]
    assert len(batch) > 20
    ok, answer = accept_999(write_837p(batch, envelope()))
    assert (ok, "AK9*A*1*1*1~" in answer) == (True, True)


@pytest.mark.slow
@needs_pyx12
def test_pyx12_accepts_1000_generated_claims_each_in_its_own_interchange():
    assert accepted(1000) == 1000


@needs_pyx12
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"HI*ABK:E119*ABF:I10~", b""),
        (b"***11:B:1*", b"***00:B:1*"),
        (b"SBR*P*", b"SBR*Q*"),
        (b"HL*2*1*", b"HL*2*9*"),
        (b"SE*27*", b"SE*28*"),
        (b"DMG*D8*1959", b"DMG*D8*19x9"),
    ],
)
def test_pyx12_refuses_a_broken_file(old: bytes, new: bytes):
    broken = write_837p([claim()], envelope()).replace(old, new)
    assert broken != write_837p([claim()], envelope())
    assert not accept_999(broken)[0]


@needs_pyx12
@pytest.mark.parametrize("data", [b"", b"hello", b"ISA*00"])
def test_what_is_no_x12_ends_in_a_sentence(data: bytes):
    with pytest.raises(InputError, match="pyx12 cannot judge this file"):
        accept_999(data)


@needs_pyx12
def test_a_convention_without_a_map_ends_in_a_sentence():
    with pytest.raises(InputError, match="no map of pyx12 fits its GS08"):
        accept_999(write_837p([claim()], envelope()).replace(b"X222A1", b"X999A9"))


@needs_pyx12
def test_pyx12_is_kept_quiet_and_its_logger_left_as_it_was(caplog: pytest.LogCaptureFixture):
    logger = logging.getLogger("pyx12")
    accept_999(write_837p([claim()], envelope()).replace(b"SBR*P*", b"SBR*Q*"))
    assert caplog.records == []
    assert logger.disabled is False


def test_without_pyx12_the_sentence_tells_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(validate_pyx12, "find_spec", lambda name: None)
    with pytest.raises(DataMissing, match=r"pip install 'leadterm\[x12\]'"):
        accept_999(b"")


def test_generated_provider_numbers_pass_the_luhn_check():
    numbers = [p.npi for c in claims(20) for p in c.providers]
    assert all(n and len(n) == 10 and luhn("80840" + n[:-1]) == int(n[-1]) for n in numbers)


def test_the_generator_repeats_itself_and_differs_by_seed():
    assert list(claims(5, 1)) == list(claims(5, 1)) != list(claims(5, 2))


@pytest.mark.shared
@pytest.mark.skipif(not ORDER_FILES.is_dir(), reason="the common data are absent; set LEADTERM_SHARED")
def test_every_generated_diagnosis_is_billable():
    (file,) = ORDER_FILES.glob("*.xz")
    with open_xz(file, "rt", encoding="utf-8") as lines:
        billable = {line[6:13].strip() for line in lines if line[14] == "1"}
    assert [c for c in (*DIAGNOSES, *EXTERNAL_CAUSES) if c.replace(".", "") not in billable] == []
