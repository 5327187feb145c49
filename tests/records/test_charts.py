"""Files and streams to encounters: in order, in bounded memory, a bad row in its place."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import ClaimType, Document, Encounter, InputError, Patient, Setting, Sex
from leadterm.records import MOST_BYTES, BadRow, Chart, Overrides, read_charts, read_encounter, read_whole
from strategies import said

NONE = Overrides()


def read(stream: bytes, overrides: Overrides = NONE, encoding: str | None = None) -> list[Chart]:
    """The charts of standard input."""
    return list(read_charts(None, io.BytesIO(stream), overrides, encoding))


def ids(charts: list[Chart]) -> list[str]:
    return [chart.content.id for chart in charts]


def rows_of(tmp_path: Path, content: bytes, overrides: Overrides = NONE) -> list[Chart]:
    path = tmp_path / "notes.jsonl"
    path.write_bytes(content)
    return list(read_charts(path, io.BytesIO(), overrides))


def a_row(id: str, text: str = "x") -> bytes:
    return json.dumps({"id": id, "text": text}).encode()


class Endless(io.RawIOBase):
    """A line that does not end before `size` bytes, then what follows it; nothing of it is kept."""

    def __init__(self, before: bytes, size: int, after: bytes) -> None:
        self.parts = iter([before, *([b"x" * 100_000] * (size // 100_000)), after])
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.rest = self.rest or next(self.parts, b"")
        given, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


# --- one chart a file ---


def test_a_text_is_one_document_of_an_encounter_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "visit.v2.txt").write_bytes(b"A.\r\nB.")
    (chart,) = read_charts(tmp_path / "visit.v2.txt", io.BytesIO(), NONE)
    assert chart == Chart(Encounter("visit.v2", documents=(Document("d1", "A.\r\nB."),)), is_row=False)


def test_an_encounter_keeps_its_documents(tmp_path: Path) -> None:
    documents = [{"id": "a", "text": "One."}, {"id": "b", "text": "Two."}]
    (tmp_path / "e.json").write_text(json.dumps({"documents": documents}, indent=2))
    (chart,) = read_charts(tmp_path / "e.json", io.BytesIO(), NONE)
    assert isinstance(chart.content, Encounter)
    assert chart.content.id == "e"
    assert [(d.id, d.text) for d in chart.content.documents] == [("a", "One."), ("b", "Two.")]


def test_charges_alone_are_something_to_code() -> None:
    (chart,) = read(b'{"charges": [{"code": "99213"}]}')
    assert isinstance(chart.content, Encounter)


@pytest.mark.parametrize(
    "given", [b'{"id": "x"}', b'{"text": ""}', b'{"text": " \\n"}', b'{"documents": []}', b'{"note": "x"}']
)
def test_an_encounter_without_words_and_charges_is_nothing_to_code(given: bytes) -> None:
    with pytest.raises(InputError, match="has no text: there is nothing to code"):
        read(given + b" " * 10)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path, sentence in ((tmp_path / "absent", "There is no file"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=sentence):
            list(read_charts(path, io.BytesIO(), NONE))
        with pytest.raises(InputError, match=sentence):
            read_whole(path)
        with pytest.raises(InputError, match=sentence):
            read_encounter(path)


def test_a_stream_that_fails_is_told() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match="standard input cannot be read: Input/output error"):
        list(read_charts(None, Failing(), NONE))


# --- one chart a line ---


@given(st.lists(said, min_size=1, max_size=5), st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\n \n"]))
def test_rows_come_in_order_with_their_texts(texts: list[str], end: bytes) -> None:
    lines = [json.dumps({"id": str(n), "text": t}, ensure_ascii=n % 2 == 0).encode() for n, t in enumerate(texts)]
    charts = read(end.join([*lines, b'{"id": "last", "text": "x"}']))
    assert ids(charts) == [*(str(n) for n in range(len(texts))), "last"]
    assert [c.content.documents[0].text for c in charts[:-1]] == texts  # type: ignore[union-attr]
    assert all(chart.is_row for chart in charts)


def test_a_row_without_an_id_is_named_by_its_line(tmp_path: Path) -> None:
    assert ids(rows_of(tmp_path, b'\n{"text": "x"}\n{"id": null, "text": "x"}\n{"id": 5, "text": "x"}')) == [
        "line-2",
        "line-3",
        "5",
    ]


def test_a_bad_row_keeps_the_id_that_can_be_read(tmp_path: Path) -> None:
    bad = rows_of(tmp_path, b'{"id": "a", "text": 5}\n{"id": "b", "text": "x"')
    assert [chart.content for chart in bad] == [
        BadRow("a", "text is not a string."),
        BadRow("line-2", "Line 2 is not JSON: it breaks off at column 24."),
    ]


def test_a_jsonl_without_a_row_is_empty(tmp_path: Path) -> None:
    for content in (b"", b"\n", b" \r\n\n"):
        with pytest.raises(InputError, match=r"notes\.jsonl is empty"):
            rows_of(tmp_path, content)


def test_rows_are_given_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_bytes(a_row("a") + b"\n" + b"x" * 1_000_000)
    charts: Iterator[Chart] = read_charts(path, io.BytesIO(), NONE)
    assert next(charts).content.id == "a"
    charts.close()  # type: ignore[attr-defined]


def test_a_row_without_end_costs_bounded_memory_and_time_and_the_rest_goes_on() -> None:
    stream = io.BufferedReader(Endless(a_row("a") + b'\n{"id": "huge", "text": "', 200_000_000, b'"}\n' + a_row("c")))
    tracemalloc.start()
    begun = time.process_time()
    try:
        charts = list(read_charts(None, stream, NONE))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert ids(charts) == ["a", "line-2", "c"]
    assert isinstance(charts[1].content, BadRow)
    assert peak < 5 * MOST_BYTES
    assert time.process_time() - begun < 10


def test_a_first_row_without_end_does_not_stop_the_rest() -> None:
    stream = io.BufferedReader(Endless(b'{"id": "huge", "text": "', 30_000_000, b'"}\n' + a_row("b")))
    assert ids(list(read_charts(None, stream, NONE))) == ["line-1", "b"]


def test_a_text_without_end_is_not_read_to_its_end() -> None:
    raw = Endless(b"x", 200_000_000, b"")
    with pytest.raises(InputError, match="standard input has more than 20 MB"):
        list(read_charts(None, io.BufferedReader(raw), NONE))
    assert next(raw.parts, None) is not None


def test_many_short_rows_take_time_in_proportion(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        begun = time.process_time()
        assert len(rows_of(tmp_path, b"\n".join([a_row("a")] * count))) == count
        return time.process_time() - begun

    seconds(100)
    assert seconds(8_000) < 30 * max(seconds(800), 0.02)


# --- flags ---

CHART = Encounter("c", Setting.EMERGENCY, patient=Patient(sex=Sex.MALE, age=30), documents=(Document("d1", "x"),))


def test_without_flags_an_encounter_stays_as_it_is() -> None:
    assert NONE.applied(CHART) == CHART


def test_a_setting_by_flag_brings_its_own_claim_type() -> None:
    stay = Overrides(setting=Setting.INPATIENT).applied(CHART)
    assert (stay.setting, stay.claim_type) == (Setting.INPATIENT, ClaimType.INSTITUTIONAL)


def test_a_claim_type_by_flag_wins_over_that_of_the_setting() -> None:
    both = Overrides(setting=Setting.INPATIENT, claim_type=ClaimType.PROFESSIONAL)
    assert both.applied(CHART).claim_type is ClaimType.PROFESSIONAL


def test_age_and_sex_by_flag_replace_those_of_the_patient() -> None:
    assert Overrides(age=8, sex=Sex.FEMALE).applied(CHART).patient == Patient(sex=Sex.FEMALE, age=8)
    infant = Encounter("i", patient=Patient(age_days=40))
    assert Overrides(age=8).applied(infant).patient == Patient(age=8)


def test_an_encounter_by_flag_keeps_the_documents_of_the_chart() -> None:
    other = Encounter("e", account="A7")
    assert Overrides(encounter=other).applied(CHART) == Encounter("e", account="A7", documents=CHART.documents)


def test_flags_win_over_the_encounter_by_flag() -> None:
    other = Encounter("e", Setting.PROFESSIONAL, patient=Patient(age=50))
    both = Overrides(setting=Setting.INPATIENT, age=8, encounter=other).applied(CHART)
    assert (both.setting, both.patient.age) == (Setting.INPATIENT, 8)


def test_rows_keep_their_ids_beside_an_encounter_by_flag() -> None:
    charts = read(a_row("a") + b"\n" + a_row("b"), Overrides(encounter=Encounter("e")))
    assert ids(charts) == ["a", "b"]
