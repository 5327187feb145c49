"""Whole interchanges: fixed ISA, counts, control numbers, and the check of envelopes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import InputError
from leadterm.x12 import (
    Interchange,
    Segment,
    SegmentWriter,
    Separators,
    Transaction,
    envelope_faults,
    read,
    write,
)

from .files import ISA, WHOLE, interchange

CONVENTION = "005010X222A1"


def written(*transactions: Transaction, separators: Separators = Separators()) -> str:  # noqa: B008
    return "".join(write(interchange(separators), "HC", CONVENTION, transactions))


def test_the_isa_has_its_fixed_width():
    assert interchange().isa == ISA
    assert len(ISA) == 106


def test_a_whole_interchange_counts_what_it_holds():
    claims = Transaction("837", "0001", ["CLM*A1*12.5***11:B:1~"])
    assert written(claims) == WHOLE


def test_two_transactions_are_counted_in_the_group():
    two = written(Transaction("837", "0001", ["LX*1~"]), Transaction("837", "0002", ["LX*1~", "LX*2~"]))
    assert [s.elements for s in read(two.encode()) if s.id in ("SE", "GE")] == [
        ("3", "0001"),
        ("4", "0002"),
        ("2", "7"),
    ]


def test_two_transactions_with_one_number_are_refused():
    with pytest.raises(InputError, match="share a control number"):
        written(Transaction("837", "0001", []), Transaction("837", "0001", []))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"usage": "X"}, "production"),
        ({"control_number": 0}, "between 1 and 999,999,999"),
        ({"group_control_number": 10**9}, "between 1 and 999,999,999"),
        ({"sender": "A" * 16}, "1 to 15 characters"),
        ({"receiver": ""}, "1 to 15 characters"),
        ({"receiver": "A*B"}, "none of them a separator"),
        ({"sender_qualifier": "Z"}, "qualifier"),
    ],
)
def test_an_impossible_envelope_is_refused(change: dict[str, object], sentence: str):
    with pytest.raises(InputError, match=sentence):
        replace(interchange(), **change)


def test_every_control_number_and_the_moment_are_those_given():
    given_ = Interchange("AA", "BB", 123456789, datetime(2031, 12, 1, 23, 59), "P", 42, group_sender="GA")
    segments = list(read("".join(write(given_, "HC", CONVENTION, [Transaction("837", "77777", [])])).encode()))
    isa, gs, st_, *_, iea = segments
    assert (isa[9], isa[10], isa[13], isa[15], iea[2]) == ("311201", "2359", "123456789", "P", "123456789")
    assert (gs[2], gs[3], gs[4], gs[5], gs[6], st_[2]) == ("GA", "BB", "20311201", "2359", "42", "77777")


elements = st.text("ABCXYZ019 .,-'", max_size=12).map(str.strip)
segments_of_text = st.builds(
    lambda name, values: Segment(name, tuple(values)),
    st.from_regex(r"(?!ISA|IEA|GS|GE|ST|SE)[A-Z][A-Z0-9]{1,2}", fullmatch=True),
    st.lists(elements, min_size=1, max_size=6),
)


@given(
    st.lists(segments_of_text, max_size=8),
    st.sampled_from([Separators(), Separators("|", ">", "!", "\n"), Separators("+", ";", "@", "\r")]),
)
def test_what_is_read_is_what_was_written(body: list[Segment], separators: Separators):
    own = [replace(s, separators=separators) for s in body]
    text = written(Transaction("837", "0001", [s.text for s in own]), separators=separators)
    assert list(read(text.encode()))[3:-3] == body
    assert list(envelope_faults(read(text.encode()))) == []


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=5))
def test_any_names_that_are_written_come_back_as_one_segment_each(names: list[tuple[str, str]]):
    body = []
    for last, first in names:
        try:
            body.append(SegmentWriter()("NM1", "IL", "1", last, first))
        except InputError:
            continue
    got = list(read(written(Transaction("837", "0001", body)).encode()))
    assert [s.text for s in got[3:-3]] == body


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("SE*3*", "SE*4*", "SE does not count the 3 segments that are there."),
        ("SE*3*0001", "SE*3*0002", "SE has another control number than its ST."),
        ("GE*1*7", "GE*2*7", "GE does not count the 1 ST that are there."),
        ("GE*1*7", "GE*1*8", "GE has another control number than its GS."),
        ("IEA*1*", "IEA*2*", "IEA does not count the 1 GS that are there."),
        ("IEA*1*000000001", "IEA*1*000000002", "IEA has another control number than its ISA."),
        ("SE*3*0001~", "", "ST is never closed."),
        ("GE*1*7~", "", "GS is never closed."),
        ("~SE*3", "~SE*X", "SE does not count the 3 segments that are there."),
        ("GE*1*7~", "GE*1*7~CLM*B~", "CLM stands outside every transaction."),
        ("CLM*A1", "SE*2*0001~CLM*A1", "CLM stands outside every transaction."),
        ("ST*837", "ST*837*0000~ST*837", "ST stands where 3 envelopes are open instead of 2."),
        ("GE*1*7~", "GE*1*7~GE*1*7~", "GE closes no GS."),
    ],
)
def test_each_broken_promise_of_an_envelope_is_told(old: str, new: str, message: str):
    assert message in [f.message for f in envelope_faults(read(WHOLE.replace(old, new, 1).encode()))]


def test_a_whole_file_has_no_fault():
    assert list(envelope_faults(read(WHOLE.encode()))) == []


def test_a_fault_tells_its_place():
    broken = WHOLE.replace("SE*3*", "SE*4*")
    (fault,) = envelope_faults(read(broken.encode()))
    assert (fault.segment, fault.position, fault.offset) == ("SE", 5, broken.index("SE*4"))


def test_an_acknowledgement_between_the_groups_is_no_fault():
    with_ta1 = WHOLE.replace("GS*HC", "TA1*000000001*260514*0930*A*000~GS*HC")
    assert list(envelope_faults(read(with_ta1.encode()))) == []
