"""What is wrong with an 837: a file that has it and one that nearly has it; and files that nobody can read."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.claims import ReadClaim, read_837, rules
from leadterm.domain import Finding, InputError

from .files_837 import CHILD, CLAIM, HEADER, ISA, LEVELS, STAY, file, one, parts, told

WHOLE = file(CLAIM)
SECOND = LEVELS[LEVELS.index("HL*2") :].replace("HL*2*1", "HL*3*1")


def changed(old: str, new: str, kind: str = "P") -> bytes:
    """The plain file with its claim changed, its counts right."""
    body = CLAIM if kind == "P" else STAY
    assert old in body
    return file(body.replace(old, new, 1), kind)


def levelled(old: str, new: str) -> bytes:
    assert old in LEVELS
    return file(CLAIM, levels=LEVELS.replace(old, new, 1))


# Rule, what fires it, what nearly does, the beginning of the sentence.
CASES: list[tuple[str, bytes, bytes, str]] = [
    ("envelope", WHOLE.replace(b"GE*1*1", b"GE*2*1"), WHOLE, "GE does not count the 1 ST"),
    ("envelope", WHOLE.replace(b"GS*HC", b"GS*HP"), WHOLE, "GS01 is not HC"),
    ("envelope", WHOLE.replace(b"0001~GE", b"0002~GE"), WHOLE.replace(b"*0001~GE", b"*1~GE"), "SE has another control"),
    ("hierarchy", levelled("HL*2*1*22", "HL*3*1*22"), WHOLE, "HL01 is not 2"),
    ("hierarchy", levelled("HL*2*1*22", "HL*2*9*22"), WHOLE, "HL02 does not name the level above"),
    (
        "hierarchy",
        levelled("HL*2*1*22*0", "HL*2*1*22*1"),
        file(CLAIM, levels=CHILD),
        "HL04 says that levels stand below",
    ),
    ("hierarchy", levelled("HL*1**20*1", "HL*1**20*0"), WHOLE, "HL04 says not that levels stand below"),
    ("hierarchy", levelled("HL*1**20*1", "HL*1*1*20*1"), WHOLE, "HL02 of a billing provider names a parent"),
    (
        "structure",
        changed("REF*G1*P1~HI*ABK:E119*ABF:I10~", "HI*ABK:E119*ABF:I10~REF*G1*P1~"),
        WHOLE,
        "REF has no place",
    ),
    ("structure", changed("HI*ABK:E119*ABF:I10~", ""), WHOLE, "HI*ABK/BK is missing from loop 2300"),
    ("structure", changed("CL1*1*1*01~", "", "I"), file(STAY, "I"), "CL1 is missing from loop 2300"),
    ("element", changed("DTP*472*D8*20260514", "DTP*472*D8*20260230"), WHOLE, "DTP03 is not a day"),
    ("element", changed("RD8*20260504-20260507", "RD8*20260507-20260504", "I"), file(STAY, "I"), "DTP03 is not a day"),
    ("element", changed("TM*1130", "TM*2430", "I"), changed("TM*1130", "TM*2359", "I"), "DTP03 is no time of day"),
    ("element", changed("SV1*HC:99213:25*125", "SV1*HC:99213:25*125.005"), WHOLE, "SV102 is no amount"),
    ("element", changed("*UN*1***1:2", "*UN****1:2"), WHOLE, "SV104 is empty"),
    ("element", changed("***1:2~", "***1:B~"), WHOLE, "SV107 is not made of places"),
    ("element", changed("LX*2", "LX*3"), WHOLE, "LX01 is not 2"),
    ("element", changed("11:B:1", "11:A:1"), WHOLE, "CLM05 is not place, B and frequency"),
    ("element", changed("11:B:1", "11>B>1"), WHOLE, "CLM05 is not place, B and frequency; another separator"),
    (
        "element",
        changed("*Y*A*Y*Y~", "*Y*A*Y*Y**ZZ~"),
        changed("*Y*A*Y*Y~", "*Y*A*Y*Y**OA~"),
        "CLM11 is not made of AA",
    ),
    ("element", changed("BE:01:::1200", "BE:01:::1.999", "I"), file(STAY, "I"), "HI01-5 is no amount"),
    ("element", changed("W010XXA:::::::Y", "W010XXA:::::::X", "I"), file(STAY, "I"), "HI01-9 is none of Y, N, U, W, 1"),
    ("code-shape", changed("ABK:E119", "ABK:E11.9"), WHOLE, "HI01-2 does not have the shape of a code of icd10cm"),
    ("code-shape", changed("ABF:I10", "ABF:INVALID"), WHOLE, "HI02-2 does not have the shape of a code of icd10cm"),
    ("code-shape", changed("HC:J1885", "HC:J18X5"), WHOLE, "SV101-2 does not have the shape of a code of cpt or hcpcs"),
    ("unread", changed("SV1*HC:99213:25*125", "SV1*HC:99213:25*"), WHOLE, "The claim lacks something"),
    ("unread", changed("CLM*A1", "CLM*"), changed("CLM*A1", "CLM*A-1 #2"), "The claim lacks something"),
    ("unread", changed("DTP*472*D8*20260514~REF", "REF"), WHOLE, "The claim lacks something"),
    ("total", changed("CLM*A1*165", "CLM*A1*164.99"), changed("CLM*A1*165", "CLM*A1*165.00"), "CLM02 is 164.99 and"),
    ("version", file(CLAIM, version="005010X222"), file(CLAIM, version="005010X222A2"), "GS08 and ST03 do not both"),
    ("version", WHOLE.replace(b"0001*005010X222A1", b"0001*005010X222"), WHOLE, "GS08 and ST03 do not both"),
    (
        "other-transaction",
        WHOLE + file(CLAIM).replace(b"ST*837", b"ST*999").replace(b"GS*HC", b"GS*FA"),
        WHOLE + WHOLE,
        "Transactions 999 were left unread",
    ),
]


@pytest.mark.parametrize(("rule", "fires", "nearly", "words"), CASES, ids=[f"{c[0]}: {c[3]}" for c in CASES])
def test_a_fault_is_told_and_its_near_miss_is_not(rule: str, fires: bytes, nearly: bytes, words: str) -> None:
    assert [w for r, w in told(fires) if r == rule and w.startswith(words)]
    assert not [w for r, w in told(nearly) if r == rule]


def test_every_rule_has_its_cases() -> None:
    assert {f"X12:837/{case[0]}" for case in CASES} == set(rules())


def test_a_fault_names_claim_line_loop_segment_and_element() -> None:
    source = changed("SV1*HC:J1885*40", "SV1*HC:J1885*4O")
    ((read,), _) = parts(source)
    at = read.findings[0].location or {}
    assert (at["claim"], at["line"], at["loop"], at["segment"], at["element"]) == ("A1", 2, "2400", "SV1", "SV102")
    assert source[at["offset"] :].startswith(b"SV1*HC:J1885*4O")


def test_what_a_claim_lacks_is_told_of_that_claim() -> None:
    body = CLAIM.replace("HI*ABK:E119*ABF:I10~", "") + CLAIM.replace("*A1*", "*A2*")
    (first, second), around = parts(file(body))
    assert [f.message for f in first.findings][:1] == ["HI*ABK/BK is missing from loop 2300."]
    assert (second.findings, around) == ((), [])


def test_a_claim_that_cannot_be_read_keeps_no_other_from_being_read() -> None:
    body = CLAIM.replace("*125*UN", "**UN") + CLAIM.replace("*A1*", "*A2*")
    (first, second), _ = parts(file(body))
    assert (first.number, first.claim) == ("A1", None)
    assert second.claim is not None


def test_a_diagnosis_without_its_shape_is_left_out_and_the_rest_is_read() -> None:
    read = one(CLAIM.replace("ABF:I10", "ABF:I1")).claim
    assert read is not None
    assert [d.code.value for d in read.diagnoses] == ["E11.9"]


def test_a_subscriber_who_is_no_patient_needs_one() -> None:
    levels = LEVELS.replace("SBR*P*18", "SBR*P*")
    assert ("element", "SBR02 is empty.") in told(file(CLAIM, levels=levels))


def test_what_is_wrong_with_a_level_is_told_of_the_first_claim_below_it() -> None:
    levels = LEVELS.replace("DMG*D8*19590302*F", "DMG*D8*19590230*F")
    (first, second), _ = parts(file(CLAIM + CLAIM.replace("*A1*", "*A2*"), levels=levels))
    assert [f.message for f in first.findings] == ["DMG02 is no day of the calendar written CCYYMMDD."]
    assert second.findings == ()


REFUSED = [
    (b"", "The file is empty"),
    (b"not an interchange at all", "does not start with an ISA segment"),
    (b"\x00" * 500, "does not start with an ISA segment"),
    (WHOLE[:50], "ends inside its ISA segment"),
    (WHOLE[:400], "is not closed"),
    (WHOLE.replace(b"CLM*", b"clm*", 1), "Segment 20 at byte 504 has no segment id"),
    (WHOLE.replace(b"*:~GS", b"**~GS"), "one character for two separators"),
    (
        file(CLAIM, version="004010X098A1"),
        "The claims at segment 3 are of version 004010X098A1; professional claims of",
    ),
    (file(CLAIM, version="005010X224A2"), "are of version 005010X224A2"),
    (file(CLAIM, version="9" * 500), "are of version another;"),
    (WHOLE.replace(b"ST*837", b"ST*835"), "The file holds no claims (837): it holds 835"),
    (f"{ISA}IEA*0*000000001~".encode(), "The file holds no claims (837): it holds no transaction"),
]


@pytest.mark.parametrize(("source", "sentence"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_cannot_be_read_is_refused_in_a_sentence(source: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        list(read_837(source))
    assert sentence in str(raised.value)


def test_a_claim_outside_every_level_is_told_and_read() -> None:
    (read,), _ = parts(file(CLAIM, levels=""))
    assert read.claim is not None
    assert (read.claim.providers[0].role, read.claim.patient.last_name) == ("rendering", None)
    assert "CLM has no place here." in [f.message for f in read.findings]


def test_letters_beyond_ascii_and_control_characters_are_read_as_they_stand() -> None:
    levels = LEVELS.replace("*DOE*ANA", "*D\u00d6E*A\x00NA")
    (read,), _ = parts(file(CLAIM, levels=levels))
    assert read.claim is not None
    assert (read.claim.patient.last_name, read.claim.patient.first_name) == ("DÖE", "A\x00NA")


def test_five_thousand_lines_are_read_and_their_surplus_is_told_in_few_words() -> None:
    lines = "".join(f"LX*{n}~SV1*HC:99213*1*UN*1***1~DTP*472*D8*20260514~" for n in range(1, 5001))
    read = one(CLAIM[: CLAIM.index("LX*1")].replace("*165*", "*5000*") + lines)
    assert read.claim is not None
    assert len(read.claim.lines) == 5000
    assert len(read.findings) == 101
    assert read.findings[-1].message == "4850 more findings on this claim were left out."


def test_ten_thousand_faults_of_a_file_are_told_in_few_words() -> None:
    source = file(CLAIM, header=HEADER + "ZZZ*1~" * 10_000)
    _, around = parts(source)
    assert len(around) == 201
    assert around[-1].message == "9800 more findings of this rule on the file were left out."


def test_a_claim_that_never_ends_is_refused() -> None:
    with pytest.raises(InputError, match="A claim never ends; segment"):
        list(read_837(file(CLAIM + "NTE*ADD*X~" * 150_001)))


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file() -> None:
    def drained(count: int) -> Callable[[], int]:
        head, tail = WHOLE.split(b"CLM*A1", 1)
        body, end = tail.rsplit(b"SE*", 1)
        chunks = (b"CLM*A%d" % n + body for n in range(count))

        def stream():  # type: ignore[no-untyped-def]
            yield head
            yield from chunks
            yield b"SE*" + end

        return lambda: sum(1 for _ in read_837(stream()))

    drained(2000)()  # what is kept for the next time it comes
    assert peak(drained(4000)) < 200_000


def test_a_huge_element_is_read_once_and_not_kept() -> None:
    body = CLAIM.replace("SV1*HC:99213:25*125", f"SV1*HC:99213:25*{'1' * 900_000}")
    (read,), _ = parts(file(body))
    assert read.claim is None
    assert len(read.findings[0].message) < 200


@given(st.data())
def test_a_damaged_file_gives_claims_findings_or_a_sentence(data: st.DataObject) -> None:
    source = bytearray(data.draw(st.sampled_from([WHOLE, file(STAY, "I"), file(CLAIM, levels=CHILD)])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(source) - 1))
        how = data.draw(st.sampled_from(["put", "cut", "drop", "copy"]))
        if how == "put":
            source[at : at + 1] = bytes(data.draw(st.lists(st.sampled_from(b"*:~^>A1.\x00\xff\n"), max_size=3)))
        elif how == "cut":
            del source[at : at + data.draw(st.integers(1, 40))]
        elif how == "drop":
            end = source.find(b"~", at)
            del source[at : end + 1]
        else:
            source[at:at] = source[at : at + 60]
        if not source:
            return
    try:
        read = list(read_837(bytes(source)))
    except InputError as refused:
        sentence = str(refused)
    else:
        assert all(isinstance(part, (ReadClaim, Finding)) for part in read)
        return
    assert sentence.endswith(".")
