"""Whatever a file holds, it is read or refused in a sentence; every character stands where it is said to."""

from __future__ import annotations

import random
import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records.hl7v2.notation import HEADER, PATIENT, message, one, reached

from leadterm.domain import InputError
from leadterm.records.hl7v2 import read

VISIT = "PV1|1|I|||||1^A^B||||||||||V1" + "|" * 25 + "20260501|20260503"
WHOLE = "".join(
    (
        message("ADT^A01", f"{VISIT}\nPV2|||1^x^SCT\nDG1|1||I10^x^I10C|||F\nAL1|1|DA|1^y\nPRB|AD||1^z\nIN1|1|A|B|C"),
        message("MDM^T02", f"{VISIT}\nTXA|1|PN|TX|||||||||D1\nOBX|1|FT|x||a\\.br\\b\\T\\c~é\\X41\\\nNTE|1||n"),
        message("MDM^T10", f"{VISIT}\nTXA|1|PN|TX|||||||||D2|D1\nOBX|1|ED|x||^TEXT^^Base64^RmV2ZXIu"),
        message(
            "ORU^R01",
            f"{VISIT}\nOBR|1||F|x^y\nOBX|1|NM|1^s^LN||5|mg|1-2|H\nOBX|2|SN|2^t^LN||>^1^:^2\nOBX|3|CE|3^u^LN||4^v^SCT",
        ),
        message(
            "DFT^P03", f"{VISIT}\nFT1|1|||20260501||CG|71046^x^C4|||1|10&USD||||||||I10^x^I10C|1^A^B\nPR1|1||1^x^C4"
        ),
    )
).encode()
ODD = [
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"\r",
    b"\n",
    b"\x0b",
    b"\x1c",
    b"\0",
    b"\xff",
    b"\xe2\x82",
    b'""',
    b"MSH|",
    b"OBX|",
    b"\\X",
]

lines = st.lists(st.text("aB 1.-é世😀", min_size=1, max_size=12), min_size=1, max_size=6)


def mutated(raw: bytes, random: random.Random) -> bytes:
    """The bytes with a few changed, put in, taken out or doubled."""
    for _ in range(random.randrange(1, 8)):
        at, length = random.randrange(len(raw)), random.randrange(12)
        new = random.choice((b"", random.choice(ODD), raw[at : at + length] * 2, bytes([random.randrange(256)])))
        raw = raw[:at] + new + raw[at + length :]
    return raw or b"x"


def stands(raw: bytes) -> bool:
    """Whether each stretch stands within its document; so it does where the file is refused."""
    with suppress(InputError):
        documents = [d for encounter in read(raw, "m.hl7", "m") for d in encounter.documents]
        return all(s.start + s.length <= len(d.text) for d in documents for s in d.origin or ())
    return True


@given(st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    assert stands(mutated(WHOLE, random.Random(seed)))


@given(st.binary(max_size=80))
def test_any_bytes_behind_a_header_are_read_or_refused(raw: bytes) -> None:
    assert stands(f"{HEADER.format(event='ORU^R01')}\r{PATIENT}\r".encode() + raw)


@given(lines)
def test_the_text_is_rebuilt_from_its_places(told: list[str]) -> None:
    raw = message("ORU^R01", "OBR|1||F|x\n" + "\n".join(f"OBX|1|TX|y||{line}\\S\\{line}" for line in told)).encode()
    for document in one(raw).documents:
        assert document.text == "\n".join(f"{line}^{line}" for line in told)
        assert reached(raw, document) == "".join(f"{line}^{line}" for line in told)


@pytest.mark.parametrize(
    "many",
    [
        "OBX|1|TX|x||" + "a~" * 4_000,
        "OBX|1|TX|x||" + "é\\T\\" * 3_000,
        "OBX|1|TX|x||" + "\\.sp16\\" * 2_000,
        "OBX|1|NM|x||" + "1~" * 4_000,
        "OBX|1|TX|x||a\n" * 1_000,
        "OBR|1||F|x\nOBX|1|TX|x||a\n" * 500,
        "DG1|1||I10^x^I10C|||F\n" * 500,
        "DG1" + "|" * 20_000,
        "\n" * 20_000,
        "continued\n" * 2_000,
        "PID|1||" + "1~" * 5_000,
        "FT1|1|||2||CG|71046^x^C4\nFT1|1|||2||CD|71047^x^C4\n" * 300,
    ],
    ids=range(12),
)
def test_time_is_linear(many: str) -> None:
    def seconds(times: int) -> float:
        lines = "\n".join([many] * times)
        raw = message("ORU^R01", f"PV1|1|I\n{lines}").encode()
        began = time.process_time()
        one(raw)
        return time.process_time() - began

    seconds(1)
    assert seconds(2) < 4 * seconds(1) + 0.05


def test_more_than_a_record_may_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = message("ORU^R01", "OBR|1||F|x\nOBX|1|TX|y||a~b")
    for name in ("MOST_SEGMENTS", "MOST_MARKS", "MOST_MEMBERS"):
        with monkeypatch.context() as patch:
            patch.setattr("leadterm.records.hl7v2.messages.BYTES_A_SEGMENT", 10_000)
            patch.setattr("leadterm.records.hl7v2.messages.BYTES_A_MARK", 10_000)
            patch.setattr(f"leadterm.records.hl7v2.messages.{name}", 1)
            with pytest.raises(InputError, match="split it"):
                one(whole, whole)


@pytest.mark.slow
def test_memory_stays_in_proportion() -> None:
    report = "".join(
        f"OBX|{n}|TX|x||The patient was seen and examined on rounds today, no distress.\n" for n in range(40_000)
    )
    raw = message("ORU^R01", f"OBR|1||F|x\n{report}").encode()
    tracemalloc.start()
    one(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(raw)
