"""The loops of an 837P as data, and the walk that places segments in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from leadterm.domain import InputError
from leadterm.x12 import envelope_faults, guide, read, walk

from .files import ISA

GUIDE = guide("005010X222A1")
SHARED = Path(os.environ.get("LEADTERM_SHARED", Path(__file__).parents[3] / "shared")) / "samples" / "x12"

PROFESSIONAL = """
ST*837*0001*005010X222A1~BHT*0019*00*1*20260514*0930*CH~
NM1*41*2*CLINIC*****46*1~PER*IC*PAT*TE*5155550100~NM1*40*2*PAYER*****46*2~
HL*1**20*1~NM1*85*2*CLINIC*****XX*1234567893~N3*1 WAY~N4*AMES*IA*500101234~REF*EI*123456789~
HL*2*1*22*0~SBR*P*18*******MB~NM1*IL*1*DOE****MI*M1~N3*1 ST~N4*AMES*IA*50010~DMG*D8*19500101*F~
NM1*PR*2*PAYER*****PI*1~
CLM*A1*10***11:B:1*Y*A*Y*Y~REF*G1*P~REF*9F*R~HI*ABK:I10~NM1*82*1*ROE****XX*1234567893~
LX*1~SV1*HC:99213*10*UN*1***1~DTP*472*D8*20260514~REF*6R*1~LIN**N4*00409379301~CTP****1*ML~
LX*2~SV1*HC:99213*10*UN*1***1~DTP*472*D8*20260514~
SE*37*0001~
"""


def placed(body: str = PROFESSIONAL) -> list[tuple[str, str]]:
    return [(p.segment.id, "/".join(p.path)) for p in walk(read(_file(body)), GUIDE)]


def faults(body: str) -> list[str]:
    return [f.message for p in walk(read(_file(body)), GUIDE) for f in p.faults]


def _file(body: str) -> bytes:
    return f"{ISA}{body.replace(chr(10), '')}IEA*0*000000001~".encode()


def test_each_segment_is_given_its_loop():
    where = dict(placed())
    assert where["SV1"] == "ST/2000A/2000B/2300/2400"
    assert where["CTP"] == "ST/2000A/2000B/2300/2400/2410"
    assert where["DMG"] == "ST/2000A/2000B/2010BA"
    assert where["SE"] == "ST"
    assert where["ISA"] == ""


def test_a_whole_claim_has_no_fault():
    assert faults(PROFESSIONAL) == []


def test_a_provider_belongs_to_the_innermost_loop_that_takes_it():
    lines = [path for segment, path in placed() if segment == "NM1"]
    assert lines == [
        *("ST/1000A", "ST/1000B", "ST/2000A/2010AA", "ST/2000A/2000B/2010BA", "ST/2000A/2000B/2010BB"),
        "ST/2000A/2000B/2300/2310B",
    ]


@pytest.mark.parametrize(
    ("drop", "message"),
    [
        ("SBR*P*18*******MB~", "SBR is missing from loop 2000B."),
        ("HI*ABK:I10~", "HI*ABK/BK is missing from loop 2300."),
        ("NM1*PR*2*PAYER*****PI*1~", "NM1*PR is missing from loop 2000B."),
        ("REF*EI*123456789~", "REF*EI/SY is missing from loop 2010AA."),
        ("LX*2~SV1*HC:99213*10*UN*1***1~DTP*472*D8*20260514~", None),
        ("BHT*0019*00*1*20260514*0930*CH~", "BHT is missing from loop ST."),
        ("CTP****1*ML~", "CTP is missing from loop 2410."),
    ],
)
def test_a_required_segment_that_never_comes_is_told(drop: str, message: str | None):
    assert faults(PROFESSIONAL.replace(drop, "")) == ([message] if message else [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("HI*ABK:I10~", "HI*ABK:I10~REF*F8*X~", "REF has no place here."),
        ("REF*G1*P~", "REF*G1*P~REF*G1*Q~", "REF*G1 comes more than 1 times."),
        ("DMG*", "XYZ*", "XYZ has no place here."),
        ("SV1*HC:99213*10*UN*1***1~DTP*472*D8*20260514~REF", "DTP*472*D8*20260514~SV1*HC:1*1*UN*1***1~REF", None),
    ],
)
def test_a_segment_out_of_place_is_told(old: str, new: str, message: str | None):
    told = faults(PROFESSIONAL.replace(old, new, 1))
    assert (message in told) if message else told


def test_a_fault_names_segment_place_and_loop():
    (found,) = [f for p in walk(read(_file(PROFESSIONAL.replace("DMG*", "XYZ*"))), GUIDE) for f in p.faults]
    assert (found.segment, found.position, found.loop) == ("XYZ", 17, "2010BA")


def test_an_unknown_convention_is_refused():
    with pytest.raises(InputError, match="no map for this convention"):
        guide("004010X098A1")


def _shared(folder: str) -> list[Path]:
    return sorted(p for p in (SHARED / folder).rglob("*") if p.suffix and p.is_file())


needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the common data are absent; set LEADTERM_SHARED")


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x12_valid", None),
        ("x12_no_errors", None),
        ("x12_many_claims", None),
        ("x12_valid_different_separators", None),
        ("x12_loop_errors1_exceeds_max_1_parent", "NM1*85 comes more than 1 times."),
        ("x12_loop_errors3_missing_loops", "NM1*85 is missing from loop 2000A."),
        ("x12_missing_required_loop_in_one_repeat", "NM1*IL is missing from loop 2000B."),
        ("x12_missing_required_loops_mult_repeats", "LX is missing from loop 2300."),
        ("x12_segments_out_of_order", "N4 is missing from loop 2010AA."),
        ("x12_bad_valid_code", "NM1 has no place here."),
        ("x12_segment_errors", "HI*ABK/BK is missing from loop 2300."),
    ],
)
def test_each_named_defect_of_others_is_found(name: str, message: str | None):
    data = (SHARED / "imsweb" / "837_5010" / f"{name}.txt").read_bytes()
    told = [f.message for p in walk(read(data), GUIDE) for f in p.faults]
    assert (message in told) if message else told == []


@pytest.mark.shared
@needs_shared
def test_every_valid_837p_of_others_is_placed_whole():
    whole = [f for f in _shared("linuxforhealth/837_005010X222A2") if "drug" in f.name]
    assert whole
    assert all(not p.faults for f in whole for p in walk(read(f.read_bytes()), GUIDE))


@pytest.mark.shared
@needs_shared
def test_every_file_of_others_reads_to_its_end_or_ends_in_a_sentence():
    read_whole, refused = 0, []
    for file in _shared("linuxforhealth") + _shared("pyx12") + _shared("imsweb"):
        try:
            read_whole += sum(s.id == "IEA" for s in read(file.read_bytes())) > 0
            list(envelope_faults(read(file.read_bytes())))
        except InputError:
            refused.append(file.stem)
    assert read_whole > 120
    named = {
        "x12_bad_first_line",
        "x12_no_isa_line",
        "x12_bad_segment_identifier",
        "837miss.source",
        "fail_no_IEA.source",
    }
    assert set(refused) == named
