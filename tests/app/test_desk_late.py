"""Documents that come late to a chart at the desk: coded anew, reopened, what people decided kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from leadterm.app.desk import Desk
from leadterm.codesets import CodeBook
from leadterm.desk import Add, Describe, Quote
from leadterm.domain import Code, Document, Encounter, Identifier, IdentifierKind, InputError, Span
from leadterm.records import read_sent
from leadterm.storage import open_database
from storage.engines import in_file

from .desks import CODER, acted, looked, stands

KNOWN = tuple(Identifier(kind, "7") for kind in (IdentifierKind.VISIT, IdentifierKind.PATIENT))


def record(text: str, known: tuple[Identifier, ...] = KNOWN) -> Encounter:
    document = Document(f"n-{len(text)}", text)
    return Encounter("visit", date_of_service=date(2026, 5, 14), documents=(document,), identifiers=known)


def message(number: int, *said: str, after: str = "") -> bytes:
    """A document of a visit as HL7 v2."""
    lines = [
        rf"MSH|^~\&|W|E|C|E|20260514101500||MDM^T02|M{number}|P|2.5.1",
        "PID|1||30418^^^E^MR||Invented^Ada||19590211|F",
        f"PV1|1|O|CLINIC{'|' * 16}V-88",
        f"TXA|1|PR|TX|20260514101000||||||||D-{number}|||||AU",
        *(f"OBX|{n}|TX|1^Note||{words}||||||F" for n, words in enumerate(said, 1)),
        after,
    ]
    return "\r".join(lines).encode()


@pytest.fixture
def desk(tmp_path: Path, book: CodeBook) -> Iterator[Desk]:
    place = in_file(tmp_path)
    made = Desk(open_database(place.home, place.url, place.organisation), book)
    yield made
    made.close()


def test_a_late_document_reopens_a_finished_chart_and_tells_what_it_changes(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout. Hypertension."), "file")
    acted(desk, chart, "accept I10; reject M10.9 negated; finish")
    came = desk.late(chart, [record("Assessment: Asthma.")], CODER)
    opened, changed = came.after, came.changed
    assert ([t.assignment.code.value for t in changed.turns], changed.reopened) == (["J45.909"], True)
    assert (opened.work.finished, stands(desk, chart)) == (None, "*I10+ J45.909? M10.9-")
    assert [f.rule for f in opened.findings if "late" in f.rule] == ["LEADTERM:records/late"]
    assert len(opened.work.encounter.documents) == 2


def test_one_undo_takes_late_documents_out_and_the_end_back(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout."), "file")
    acted(desk, chart, "accept M10.9; finish")
    line = desk.late(chart, [record("Assessment: Asthma.")], CODER).line
    undone = desk.undo(chart, CODER)
    assert (bool(undone.work.finished), stands(desk, chart)) == (True, "*M10.9+")
    desk.redo(chart, CODER)
    assert (looked(desk, chart).work.finished, stands(desk, chart)) == (None, "*M10.9+ J45.909?")
    assert line is not None
    told = desk.came(chart, line)
    assert told
    assert [t.assignment.code.value for t in told.changed.turns] == ["J45.909"]
    assert desk.came(chart, line - 1) is None


def test_a_coding_stays_finished_where_late_words_change_no_code(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout."), "file")
    acted(desk, chart, "accept M10.9; finish")
    came = desk.late(chart, [record("Nursing note: slept well, ate breakfast.")], CODER)
    assert (came.changed.reopened, bool(came.after.work.finished)) == (False, True)
    assert len(came.after.work.encounter.documents) == 2


def test_what_is_known_already_is_not_kept_again(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout."), "file")
    first = desk.late(chart, [record("Assessment: Asthma.")], CODER)
    again = desk.late(chart, [record("Assessment: Asthma.")], CODER)
    assert (again.line, again.after.number) == (None, first.after.number)


def test_a_chart_that_was_described_otherwise_meanwhile_is_looked_at_again(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout."), "file")
    desk.late(chart, [record("Assessment: Asthma.")], CODER)
    with pytest.raises(InputError, match="changed elsewhere"):
        desk._write(chart, "describe", Describe(1), CODER, of=record("Assessment: Gout."))


def test_a_record_of_another_encounter_is_refused_unless_a_person_knows(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout."), "file")
    other = record("Assessment: Asthma.", known=())
    with pytest.raises(InputError, match="Not every file"):
        desk.late(chart, [other], CODER)
    desk.late(chart, [other], CODER, together=True)
    assert stands(desk, chart) == "*M10.9? J45.909?"


def test_words_keep_their_place_in_the_original_also_of_documents_that_were_there_before(desk: Desk) -> None:
    one, two = message(1, "Assessment: Gout. Patient feels well."), message(2, "Assessment: Asthma.")
    chart = desk.open(*read_sent("a.hl7", one), "file")
    opened = desk.late(chart, read_sent("b.hl7", two), CODER).after
    sources = {a.code.value: a.evidence[0].source for a in opened.work.coded.assignments}
    for code, words, raw in (("M10.9", b"Gout", one), ("J45.909", b"Asthma", two)):
        at = raw.index(words)
        assert sources[code] == f"OBX[1]-5[1], bytes {at}-{at + len(words)}"
    document = opened.work.encounter.documents[0]
    quote = Quote(document.id, Span(at := document.text.index("feels well"), at + 10))
    added = desk.act(chart, Add(Code.parse("R07.9"), quotes=(quote,)), CODER).work.coded.assignments
    (words,) = next(a for a in added if a.code.value == "R07.9").evidence
    assert words.source == f"OBX[1]-5[1], bytes {one.index(b'feels')}-{one.index(b'feels') + 10}"


def test_what_the_reader_told_and_what_the_record_coded_are_kept(desk: Desk) -> None:
    fragment = (
        b"<section xmlns='urn:hl7-org:v3'><title>Assessment</title><text><paragraph>Gout.</paragraph></text></section>"
    )
    (encounter,) = read_sent("part.xml", fragment)
    opened = looked(desk, desk.open(encounter, "file"))
    assert "LEADTERM:records/fragment" in {f.rule for f in opened.findings}
    lead = message(3, "Assessment: Gout.", after="DG1|1||I10^Hypertension^I10C||20260514|W")
    opened = looked(desk, desk.open(*read_sent("v.hl7", lead), "file"))
    assert [(each.recorded.code, each.use.value) for each in opened.work.coded.leads] == [("I10", "open")]
