"""Case files over kept data: one for a signal, every step in the log, nobody works a case about themselves."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import leadterm
from compliance.notation import action, told
from leadterm.app.compliance import CaseMissing, ChangedMeanwhile, NotTheirs
from leadterm.compliance.casefile import Note, Status
from leadterm.domain import InputError, Signal
from leadterm.storage import Database
from leadterm.storage.compliance import add_event
from storage.engines import Place, in_file

from .case_files import NOON, OFFICER, PROVIDER, at_work, signal, worked

ENOUGH = 12


def test_a_signal_has_one_case_file(database: Database):
    compliance = at_work(database)
    first, new = compliance.open(signal(), OFFICER)
    again, newer = compliance.open(signal(), "A. Chen")
    other, newest = compliance.open(signal(code="99221-99223"), OFFICER)
    assert (new, newer, newest) == (True, False, True)
    assert (first, first.id) == (again, compliance.case(signal().id).id)
    assert [c.id for c in compliance.cases()] == [other.id, first.id]
    assert first.signal == signal()
    assert [(e.number, e.kind, e.by, e.at) for e in first.file.entries] == [(1, "open", OFFICER, first.changed)]


def test_many_signals_are_opened_together_or_not_at_all(database: Database):
    compliance = at_work(database)

    def broken() -> list[Signal]:
        yield signal()  # type: ignore[misc]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        compliance.open_all(broken(), OFFICER)
    assert compliance.cases() == []
    opened = compliance.open_all([signal(), signal(code="99281-99285"), signal()], OFFICER)
    assert sorted(new for _, new in opened) == [False, True, True]


def test_the_list_has_the_order_of_the_signals_that_were_opened_together(database: Database):
    compliance = at_work(database)
    compliance.open(signal(year=2020), OFFICER)
    signals = [signal(code=code) for code in ("99281-99285", "99211-99215", "99221-99223")]
    assert [case.signal for case, _ in compliance.open_all(signals, OFFICER)] == signals
    assert [case.signal for case in compliance.cases()] == [*signals, signal(year=2020)]


def test_every_step_is_in_the_log_with_who_and_when(database: Database):
    compliance = at_work(database)
    case, _ = compliance.open(signal(), OFFICER)
    worked(compliance, case.id, "assign A. Chen; status investigating; evidence claim C1")
    worked(compliance, case.id, "date identified 2026-05-02; close refund 120.00 paid twice; undo 5", "A. Chen")
    after = compliance.case(case.id)
    assert told(after.file) == "closed A. Chen · 1 evidence · refund"
    kinds = [(e.number, e.kind, e.by, e.stands) for e in after.file.entries]
    assert kinds == [
        (1, "open", OFFICER, True),
        (2, "assign", OFFICER, True),
        (3, "status", OFFICER, True),
        (4, "evidence", OFFICER, True),
        (5, "date", "A. Chen", False),
        (6, "close", "A. Chen", True),
        (7, "undo", "A. Chen", True),
    ]
    moments = [e.at for e in after.file.entries]
    assert moments == sorted(moments)
    assert after.changed == moments[-1]
    assert compliance.cases(Status.CLOSED) == [after]
    assert compliance.cases(Status.OPEN) == []


def test_the_clock_is_that_of_the_day_that_is_asked_for(database: Database):
    compliance = at_work(database)
    compliance.open(signal(), OFFICER)
    case = worked(compliance, signal().id, "date identified 2026-03-01")
    deadline = case.clock(date(2026, 4, 1)).give_back
    assert deadline is not None
    assert (deadline.day, deadline.days_left) == (date(2026, 4, 30), 29)


# --- who may ---


@pytest.mark.parametrize("by", [PROVIDER, "dr. m.  lopez", "M. Lopez"])
def test_whom_a_case_is_about_does_not_work_it(database: Database, by: str):
    compliance = at_work(database, **{"M._Lopez": [PROVIDER]})
    compliance.open(signal(), OFFICER)
    worked(compliance, signal().id, "concern Dr. M. Lopez; assign A. Chen")
    for one in ("note x", "assign A. Chen", "close referred y", "undo 2", "date identified 2026-03-01"):
        with pytest.raises(NotTheirs, match="another person must work it"):
            compliance.act(signal().id, action(one), by)
        with pytest.raises(InputError, match="about that person"):
            compliance.act(signal().id, action(f"assign {by}"), OFFICER)
    assert compliance.case(signal().id).file.number == 3


def test_a_provider_without_a_number_is_known_by_name(database: Database):
    compliance = at_work(database)
    compliance.open(signal(None, name="Maria Lopez"), OFFICER)
    with pytest.raises(NotTheirs):
        compliance.act(signal(None, name="Maria Lopez").id, Note("x"), "MARIA LOPEZ")


def test_a_case_that_is_not_there_is_told(database: Database):
    for name in ("none", "", "0197-0000", "sg-0000000000000000", "x\0y", "\ud800"):
        with pytest.raises(CaseMissing):
            at_work(database).case(name)
    with pytest.raises(CaseMissing, match="`leadterm compliance list`"):
        at_work(database).act("none", Note("x"), OFFICER)


# --- twice, and at once ---


def test_the_same_action_sent_again_is_done_once(database: Database):
    compliance = at_work(database)
    case, _ = compliance.open(signal(), OFFICER)
    first = compliance.act(case.id, Note("looked at"), OFFICER, after=1)
    again = compliance.act(case.id, Note("looked at"), OFFICER, after=1)
    assert first.file == again.file
    for other, by in ((Note("else"), OFFICER), (Note("looked at"), "A. Chen")):
        with pytest.raises(ChangedMeanwhile, match="look at what is there now"):
            compliance.act(case.id, other, by, after=1)
    assert compliance.act(case.id, Note("looked at"), OFFICER, after=2).file.number == 3


def test_of_two_at_once_the_second_is_told(database: Database, monkeypatch: pytest.MonkeyPatch):
    compliance = at_work(database)
    case, _ = compliance.open(signal(), OFFICER)
    monkeypatch.setattr("leadterm.storage.compliance.add_event", lambda *given: add_event(*given) and False)
    with pytest.raises(ChangedMeanwhile, match="do it again"):
        compliance.act(case.id, Note("x"), OFFICER)
    monkeypatch.undo()
    assert compliance.case(case.id).file.number == 1  # nothing of it was kept


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path):
    place = in_file(tmp_path)
    paths = (Path(__file__).parents[1], Path(leadterm.__file__).parents[1])
    rider = subprocess.Popen(
        [sys.executable, "-m", "app.case_files", str(place.home), place.url, place.organisation],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        stdout=subprocess.PIPE,
    )
    assert rider.stdout is not None
    with rider.stdout:
        said = [int(rider.stdout.readline()) for _ in range(ENOUGH)]
        rider.kill()
        said += [int(line) for line in rider.stdout if line.endswith(b"\n")]
    rider.wait()
    with place.opened() as database:
        file = at_work(database).case(signal().id).file
    assert said == list(range(2, len(said) + 2))
    assert len(said) + 1 <= file.number <= len(said) + 2
    assert [e.number for e in file.entries] == list(range(1, file.number + 1))
    with closing(sqlite3.connect(place.home / "ledger.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_organisations_have_cases_of_their_own(database: Database, place: Place):
    at_work(database).open(signal(), OFFICER)
    with replace(place, organisation=f"{place.organisation}-other").opened() as other:
        assert at_work(other).cases() == []
        assert at_work(other).open(signal(), OFFICER)[1]
        assert at_work(other).cases()[0].opened >= NOON
