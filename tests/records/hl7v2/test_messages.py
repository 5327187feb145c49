"""How a file is cut: frames, line ends, separators, character sets, batches."""

from __future__ import annotations

import pytest
from tests.records.hl7v2.notation import HEADER, PATIENT, VISIT, all_of, message, one, reached, text, told

from leadterm.domain import InputError

REPORT = message("ORU^R01", "PV1|1|I\nOBR|1||F1|71046^CHEST\nOBX|1|TX|x||Lungs clear.~No effusion.||||||F")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_segments_end_as_senders_end_them(end: str) -> None:
    assert text(REPORT.replace("\r", end)) == "Lungs clear.\nNo effusion."


@pytest.mark.parametrize("mark", ["", "\ufeff", "\x0b", "\r\n", "\ufeff\x0b"])
def test_frames_marks_and_line_ends_before_a_message_are_none_of_it(mark: str) -> None:
    assert text(f"{mark}{REPORT}\x1c\r") == "Lungs clear.\nNo effusion."


def test_framed_messages_are_read_one_after_the_other() -> None:
    framed = [f"\x0b{REPORT.replace('PV1|1|I', f'PV1|1|I|||||||||||||||||V{n}')}\x1c\r" for n in range(3)]
    assert [e.account for e in all_of(*framed)] == ["V0", "V1", "V2"]


def test_a_batch_is_its_messages() -> None:
    batch = f"FHS|^~\\&|A\rBHS|^~\\&|A\r{REPORT}BTS|1\rFTS|1\r"
    assert text(batch) == "Lungs clear.\nNo effusion."


@pytest.mark.parametrize("marks", ["|^~\\&", "#*!%$", "!@?'\"", "\x01\x02\x03\x04\x05", "|:;/+"])
def test_separators_are_those_of_the_header(marks: str) -> None:
    written = REPORT.translate(dict(zip(map(ord, "|^~\\&"), marks, strict=True)))
    found = one(written)
    assert [d.text for d in found.documents] == ["Lungs clear.\nNo effusion."]
    assert (found.patient.last_name, found.patient.first_name) == ("EXAMPLE", "ADA")


def test_a_separator_written_twice_counts_once() -> None:
    assert text(REPORT.replace("|^~\\&", "|^~\\\\&")) == "Lungs clear.\nNo effusion."


def test_a_header_with_few_separators_has_few() -> None:
    short = REPORT.replace("|^~\\&", "|^").replace("~", "; ")
    assert text(short) == "Lungs clear.; No effusion."


def test_a_line_that_is_no_segment_goes_on_with_the_one_before() -> None:
    raw = message("ORU^R01", "OBR|1||F1|x\nOBX|1|TX|x||Impression:\nPNEUMONIA.\n  END||||||F\nNTE|1||Seen.").encode()
    (document,) = one(raw).documents
    assert document.text.replace("\r", "\n") == "Impression:\nPNEUMONIA.\n  END\nSeen."
    assert reached(raw, document) == "Impression:\rPNEUMONIA.\r  ENDSeen."


@pytest.mark.parametrize(
    ("named", "codec", "notes"),
    [
        ("", "utf-8", []),
        ("UNICODE UTF-8", "utf-8", []),
        ("8859/1", "latin-1", []),
        ("8859/15", "iso8859-15", []),
        ("ASCII~8859/1", "latin-1", []),
        ("ASCII", "utf-8", ["hl7-characters"]),
        ("UNICODE UTF-8", "cp1252", ["hl7-characters"]),
        ("", "cp1252", ["hl7-characters"]),
        ("GB 18030-2000", "gb18030", []),
    ],
)
def test_characters_by_the_set_that_is_named_else_by_what_fits(named: str, codec: str, notes: list[str]) -> None:
    header = HEADER.format(event="ORU^R01") + f"||||||{named}"
    raw = f"{header}\r{PATIENT}\rOBR|1||F|x\rOBX|1|TX|y||Fièvre \\T\\ toux à 39,5~zéro\r".encode(codec)
    found = one(raw)
    (document,) = found.documents
    assert document.text == "Fièvre & toux à 39,5\nzéro"
    assert told(found) == notes
    if codec != "gb18030":
        assert reached(raw, document, codec) == "Fièvre & toux à 39,5zéro"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_are_read_and_have_a_place_without_bytes(codec: str) -> None:
    raw = REPORT.replace("clear", "clair à").encode(codec)
    (document,) = one(raw).documents
    assert document.text == "Lungs clair à.\nNo effusion."
    assert {(s.place, s.width) for s in document.origin or ()} == {("OBX[1]-5[1]", 0), ("OBX[1]-5[2]", 0)}


def test_japanese_text_is_read_as_its_header_says() -> None:
    header = HEADER.format(event="ORU^R01") + "||||||~ISO IR87"
    raw = f"{header}\r{PATIENT}\rOBR|1||F|x\rOBX|1|TX|y||所見：異常なし~以上\r".encode("iso2022_jp")
    assert text(raw) == "所見：異常なし\n以上"


@pytest.mark.parametrize("raw", [b"", b"hello", b"PID|1||2", b"\0\1\2\3", b"MSHA^~\\&|", b"FHS|^~\\&|A\rFTS|0\r"])
def test_what_holds_no_message_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError, match=r"m\.hl7"):
        one(raw)


def test_acknowledgements_tell_of_no_patient() -> None:
    ack = message("ACK", "MSA|AA|1", patient="")
    with pytest.raises(InputError, match="no message of a patient"):
        one(ack)
    assert text(ack, REPORT) == "Lungs clear.\nNo effusion."
    assert VISIT not in ack
