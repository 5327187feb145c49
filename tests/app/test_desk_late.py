"""Documents that come late to a chart at the desk: coded anew, reopened, what people decided kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from leadterm.app.desk import Desk
from leadterm.codesets import CodeBook
from leadterm.domain import Document, Encounter, Identifier, IdentifierKind, InputError
from leadterm.storage import open_database
from storage.engines import in_file

from .desks import CODER, acted, stands

KNOWN = tuple(Identifier(kind, "7") for kind in (IdentifierKind.VISIT, IdentifierKind.PATIENT))


def record(text: str, known: tuple[Identifier, ...] = KNOWN) -> Encounter:
    document = Document(f"n-{len(text)}", text)
    return Encounter("visit", date_of_service=date(2026, 5, 14), documents=(document,), identifiers=known)


@pytest.fixture
def desk(tmp_path: Path, book: CodeBook) -> Iterator[Desk]:
    place = in_file(tmp_path)
    made = Desk(open_database(place.home, place.url, place.organisation), book)
    yield made
    made.close()


def test_a_late_document_reopens_a_finished_chart_and_tells_what_it_changes(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout. Hypertension."), "file")
    acted(desk, chart, "accept I10; reject M10.9 negated; finish")
    opened, changed = desk.late(chart, [record("Assessment: Asthma.")], CODER)
    assert ([t.assignment.code.value for t in changed.turns], changed.reopened) == (["J45.909"], True)
    assert (opened.work.finished, stands(desk, chart)) == (None, "*I10+ J45.909? M10.9-")
    assert [f.rule for f in opened.findings if "late" in f.rule] == ["LEADTERM:records/late"]
    assert len(opened.work.encounter.documents) == 2


def test_a_record_of_another_encounter_is_refused_unless_a_person_knows(desk: Desk) -> None:
    chart = desk.open(record("Assessment: Gout."), "file")
    other = record("Assessment: Asthma.", known=())
    with pytest.raises(InputError, match="Not all of the late files"):
        desk.late(chart, [other], CODER)
    desk.late(chart, [other], CODER, together=True)
    assert stands(desk, chart) == "*M10.9? J45.909?"
