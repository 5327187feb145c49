"""The desk over kept charts, on both databases: what is opened, done, seen by others, removed and found again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, insert, select, text

from desk.notation import OPENED, TEXT, codes
from leadterm import desk as core
from leadterm.app import desk as app
from leadterm.app.desk import ChartMissing, Desk
from leadterm.cases import load_cases
from leadterm.codesets import CodeBook
from leadterm.domain import Code, DataMissing, Document, InputError, Setting
from leadterm.pipeline import Coder
from leadterm.storage import Database
from leadterm.storage import charts as kept
from leadterm.storage.tables import chart_actions, chart_codings, charts, preferences
from storage.engines import Place, on_sqlite

from .desks import CODER, acted, at_desk, desk_at, encounter, looked, stands

VISIT = "E11.22 N18.31 I10"
NO_CHART = r"^There is no such chart\.$"


@pytest.fixture
def desk(place: Place, book: CodeBook) -> Iterator[Desk]:
    with desk_at(place, book) as made:
        yield made


def lines(database: Database, chart_id: str) -> list[tuple[int, str]]:
    """Numbers and kinds of a chart's log."""
    with database.reading() as connection:
        asked = select(chart_actions.c.number, chart_actions.c.kind).join(charts).where(charts.c.id == chart_id)
        return [(n, kind) for n, kind in connection.execute(asked.order_by(chart_actions.c.number))]


def put_line(database: Database, chart_id: str, number: int, kind: str, payload: object) -> None:
    """A line of the log as another version would write it."""
    with database.writing() as connection:
        found = kept.find_chart(connection, database.organisation, chart_id)
        assert found is not None
        line = kept.KeptAction(number, kind, payload, CODER, OPENED)  # type: ignore[arg-type]
        assert kept.add_action(connection, database.organisation, found.key, line)


# --- opening and looking ---


def test_a_chart_is_opened_coded_and_listed(desk: Desk):
    chart = desk.open(encounter(VISIT), "paste", "Visit of May")
    assert stands(desk, chart) == "*E11.22? N18.31? I10?"
    (listed,) = desk.queue()
    assert (listed.id, listed.name, listed.origin, listed.finished) == (chart, "Visit of May", "paste", None)
    assert listed.summary["codes"] == ["E11.22", "N18.31", "I10"]
    assert listed.summary["open"] == 3


def test_the_chart_that_was_changed_last_is_listed_first(desk: Desk):
    first, second = (desk.open(encounter(VISIT), "file", name) for name in ("one", "two"))
    assert [c.id for c in desk.queue()] == [second, first]
    acted(desk, first, "accept I10")
    assert [c.id for c in desk.queue()] == [first, second]


def test_what_is_kept_of_a_chart_follows_what_is_done(desk: Desk):
    chart = desk.open(encounter("I10"), "file")
    opened = acted(desk, chart, "accept I10; finish")
    assert opened.chart == desk.chart(chart)
    assert opened.chart.finished == opened.work.finished is not None
    assert opened.chart.summary["tally"]["accepted"] == 1
    assert acted(desk, chart, "reopen").chart.finished is None


@pytest.mark.parametrize("name", ["x" * 500, "a\0b", "half \ud800", "line\nbreak", "\x1b[2J"])
def test_a_name_is_kept_as_far_as_a_database_can(desk: Desk, name: str):
    chart = desk.open(encounter("I10"), "file", name)
    shown = desk.chart(chart).name
    assert shown.isprintable()
    assert len(shown) <= 120
    acted(desk, chart, "accept I10")
    assert desk.act(chart, core.MarkPoa("a1", None), name).number == 2


def test_text_with_every_kind_of_character_comes_back(desk: Desk):
    written = f"{TEXT} \U0001f9ec naïve \u2028 \x00 half \ud800"
    visit = encounter("I10")
    chart = desk.open(replace(visit, documents=(Document("d1", written),)), "paste")
    assert looked(desk, chart).work.encounter.documents[0].text == written


def test_a_chart_that_is_not_there_is_missing_everywhere(desk: Desk):
    for asked in (
        desk.chart,
        desk.look,
        desk.remove,
        lambda c: desk.look_at(c, 0),
        lambda c: desk.undo(c, CODER),
        lambda c: desk.act(c, core.Finish(), CODER),
        lambda c: desk.describe(c, encounter(VISIT), CODER),
    ):
        with pytest.raises(ChartMissing, match=NO_CHART):
            asked("0190f5fe-7c00-7a00-8000-000000000000")


# --- acting ---


def test_actions_undo_and_redo_are_lines_of_the_log(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    acted(desk, chart, "accept I10; reject N18.31 negated; undo; redo; undo; move I10 1")
    assert stands(desk, chart) == "*I10+ E11.22? N18.31?"
    kinds = ["accept", "reject", "undo", "redo", "undo", "move"]
    assert lines(desk.database, chart) == list(enumerate(kinds, 1))


def test_what_is_refused_leaves_no_line(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    for refused in ("accept Z99.9", "undo", "add I10", "reopen"):
        with pytest.raises(InputError):
            acted(desk, chart, refused)
    assert lines(desk.database, chart) == []
    assert stands(desk, chart) == "*E11.22? N18.31? I10?"


def test_a_code_is_entered_with_its_official_title_of_the_day(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    work = desk.act(chart, core.Add(Code.parse("Z79.4"), "what a browser sent"), CODER).work
    assert work.coded.assignments[-1].description == "Long term (current) use of insulin"


def test_a_code_that_no_release_knows_is_not_entered(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    with pytest.raises(InputError, match=r"^No installed release knows the code E11\.55\.$"):
        acted(desk, chart, "add E11.55")
    assert stands(desk, chart) == "*E11.22? N18.31? I10?"


def test_a_cpt_code_is_entered_without_its_words(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    assert acted(desk, chart, "add 99213").work.coded.assignments[-1].description is None


def test_it_cannot_be_finished_while_something_is_open(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    with pytest.raises(InputError, match=r"^It cannot be finished yet: 3 suggestions are neither"):
        acted(desk, chart, "finish")
    acted(desk, chart, "accept E11.22; accept N18.31; replace I10 E10.9")
    with pytest.raises(InputError, match=r"^It cannot be finished yet: .* Excludes1 at E10"):
        acted(desk, chart, "finish")
    acted(desk, chart, "replace E10.9 I12.9; finish")
    with pytest.raises(InputError, match=r"reopen it to change it\.$"):
        desk.describe(chart, encounter(VISIT), CODER)


# --- permits ---


def rules(desk: Desk, chart: str) -> dict[str, bool]:
    """The errors of a chart, and whether each stands."""
    return {f.rule: f.stands for f in looked(desk, chart).findings if f.severity == "error"}


def test_a_permit_lets_a_chart_be_finished_and_falls_when_it_is_withdrawn(desk: Desk):
    excludes1 = "ICD10CM:tabular/excludes1"
    chart = desk.open(encounter("E11.9 E10.9"), "file")
    acted(desk, chart, "accept E11.9; accept E10.9")
    assert rules(desk, chart) == {excludes1: True}
    acted(desk, chart, f"permit {excludes1} E10.9,E11.9 documented by the endocrinologist; finish")
    assert rules(desk, chart) == {excludes1: False}
    acted(desk, chart, f"reopen; forbid {excludes1} E11.9,E10.9")
    assert rules(desk, chart) == {excludes1: True}


def test_what_no_person_can_permit_is_refused(desk: Desk):
    rule = "ICD10CM:I.C.20.a.6/external-cause-first"
    chart = desk.open(encounter("W01.0XXA"), "file")
    assert rules(desk, chart)[rule]
    with pytest.raises(InputError, match=r"^No person can permit this: the rule leaves no exception\."):
        acted(desk, chart, f"permit {rule} W01.0XXA the payer wants it")
    assert rules(desk, chart)[rule]


@pytest.mark.parametrize("rule", ["ICD10CM:tabular/excludes1", "LEADTERM:no/such-rule"])
def test_what_no_finding_says_is_not_permitted(desk: Desk, rule: str):
    chart = desk.open(encounter("I10"), "file")
    with pytest.raises(InputError, match=r"^That finding no longer stands on this chart"):
        acted(desk, chart, f"permit {rule} I10 in advance")


def test_a_permit_of_a_version_that_allowed_more_does_not_hold(desk: Desk):
    rule = "ICD10CM:I.C.20.a.6/external-cause-first"
    chart = desk.open(encounter("W01.0XXA"), "file")
    put_line(desk.database, chart, 1, "permit", core.written(core.Permit(rule, ("W01.0XXA",), "so")))
    assert rules(desk, chart)[rule]


# --- describing ---


def test_describing_codes_anew_and_can_be_undone(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    acted(desk, chart, "accept I10")
    desk.describe(chart, encounter("D63.1 I10=Y", "inpatient"), CODER)
    assert stands(desk, chart) == "*D63.1? I10+=Y"
    assert looked(desk, chart).work.encounter.setting is Setting.INPATIENT
    acted(desk, chart, "undo")
    assert stands(desk, chart) == "*E11.22? N18.31? I10+"


def test_describing_never_changes_the_words(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    before = looked(desk, chart).work.encounter.documents
    desk.describe(chart, replace(encounter("I10"), documents=(Document("d1", "other words"),)), CODER)
    assert looked(desk, chart).work.encounter.documents == before


# --- practice ---


def test_a_practice_case_is_opened_without_suggestions(place: Place, book: CodeBook, coder: Coder):
    with place.opened() as database:
        desk = Desk(database, book, coder=coder)
        chart = desk.open_practice(next(iter(load_cases().values())))
        assert stands(desk, chart) == ""
        assert desk.tallies() == []


def test_a_practice_case_that_was_killed_before_its_coding_shows_no_answers(desk: Desk):
    chart = desk.open(encounter("I10 q:x/I10"), "file")
    with desk.database.writing() as connection:
        connection.execute(delete(chart_codings))
        connection.execute(text("UPDATE charts SET practice = 'case-1', origin = 'practice'"))
    with_new = at_desk(desk.database, desk.book)
    assert stands(with_new, chart) == ""
    assert looked(with_new, chart).work.coded.queries == ()
    assert codes(with_new.describe(chart, encounter("E11.9"), CODER).timeline) == ""


# --- a coding that is missing, or fails ---


def test_a_chart_that_was_killed_before_its_coding_is_coded_when_it_is_looked_at(desk: Desk, place: Place):
    chart = desk.open(encounter(VISIT), "file")
    with desk.database.writing() as connection:
        connection.execute(delete(chart_codings))
    with desk_at(place, desk.book) as other:
        with pytest.raises(InputError, match=r"^This chart is still being coded; wait a moment\.$"):
            other.act(chart, core.Accept("a1"), CODER)
        assert stands(other, chart) == "*E11.22? N18.31? I10?"
        assert other._coder.asked == 1  # type: ignore[attr-defined]


def test_a_long_chart_is_coded_in_the_background(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app, "CODED_AT_ONCE", 10)
    chart = desk.open(encounter(VISIT), "file")
    assert "codes" not in desk.chart(chart).summary
    assert desk.tallies() == []
    assert stands(desk, chart) == "*E11.22? N18.31? I10?"
    assert desk.chart(chart).summary["count"] == 3


def test_what_coding_fails_with_is_told_and_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    chart = desk.open(encounter(VISIT), "file")
    with desk.database.writing() as connection:
        connection.execute(delete(chart_codings))
    other = at_desk(desk.database, desk.book)
    monkeypatch.setattr(other._coder, "code", lambda _: (_ for _ in ()).throw(DataMissing("No release.")))
    with pytest.raises(DataMissing, match="No release"):
        stands(other, chart)
    monkeypatch.undo()
    assert stands(other, chart) == "*E11.22? N18.31? I10?"


def test_a_chart_that_is_removed_while_it_is_coded_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    coded = desk._coder.code

    def removing(visit: object) -> object:
        desk.remove(desk.queue()[0].id)
        return coded(visit)  # type: ignore[arg-type]

    monkeypatch.setattr(desk._coder, "code", removing)
    with pytest.raises(ChartMissing, match=NO_CHART):
        desk.open(encounter(VISIT), "file")
    assert desk.queue() == []


# --- what was, and what others wrote ---


def test_every_line_can_be_looked_back_to(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    seen = [codes(acted(desk, chart, a).timeline) for a in ("", "accept I10", "move I10 1", "undo", "add Z79.4")]
    desk.describe(chart, encounter("D63.1"), CODER)
    for number, wanted in enumerate(seen):
        opened = desk.look_at(chart, number)
        assert opened is not None
        assert (opened.number, codes(opened.timeline)) == (number, wanted)
    assert desk.look_at(chart, 5) == desk.look(chart)
    assert desk.look_at(chart, 6) is None
    assert desk.look_at(chart, -1) is None


def test_the_log_replayed_by_another_is_the_same_work(desk: Desk, place: Place):
    chart = desk.open(encounter(f"{VISIT} 99213>1,2 rec:36415"), "file")
    acted(desk, chart, "accept I10; replace N18.31 N18.32; line 99213 units=2 modifiers=25 points=I10 charge=80; undo")
    desk.describe(chart, encounter("E11.22=Y D63.1", "inpatient"), CODER)
    acted(desk, chart, "add Z79.4 0-15; poa Z79.4 exempt")
    with desk_at(place, desk.book) as other:
        assert looked(other, chart).timeline == looked(desk, chart).timeline
        assert looked(other, chart).findings == looked(desk, chart).findings


def test_two_desks_on_one_database_see_each_other(desk: Desk, place: Place):
    chart = desk.open(encounter(VISIT), "file")
    with desk_at(place, desk.book) as other:
        for turn in range(3):
            acted(desk, chart, f"add Z79.{4 if turn == 0 else 82 + turn - 1}")
            assert stands(other, chart) == stands(desk, chart)
            acted(other, chart, "undo; redo")
            assert stands(other, chart) == stands(desk, chart)
        assert looked(other, chart).number == looked(desk, chart).number == 9


def test_a_chart_that_another_removes_is_missing_here(desk: Desk, place: Place):
    chart = desk.open(encounter(VISIT), "file")
    acted(desk, chart, "accept I10")
    with desk_at(place, desk.book) as other:
        other.remove(chart)
    with pytest.raises(ChartMissing, match=NO_CHART):
        desk.act(chart, core.Accept("a1"), CODER)


def test_a_line_that_comes_between_is_told_and_nothing_is_lost(
    desk: Desk, place: Place, monkeypatch: pytest.MonkeyPatch
):
    """The other writes after this desk has looked and before it writes."""
    chart = desk.open(encounter(VISIT), "file")
    looked(desk, chart)
    with desk_at(place, desk.book) as other:
        judged = desk._judged

        def late(*given: object) -> object:
            monkeypatch.undo()
            acted(other, chart, "accept E11.22")
            return judged(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(desk, "_judged", late)
        with pytest.raises(InputError, match=r"^The chart was changed elsewhere in this moment; do it again\.$"):
            acted(desk, chart, "accept I10")
        assert stands(desk, chart) == stands(other, chart) == "*E11.22+ N18.31? I10?"
    assert codes(acted(desk, chart, "accept I10").timeline) == "*E11.22+ N18.31? I10+"


def test_desks_that_write_at_once_lose_nothing(desk: Desk, place: Place):
    """Each says what was refused; what was not is in the log, once."""
    chart = desk.open(encounter(VISIT), "file")
    start, done, told = Barrier(3), [], []

    def write(name: str) -> None:
        with desk_at(place, desk.book) as mine:
            start.wait()
            for n in range(12):
                try:
                    number = mine.act(chart, core.MarkPoa("a1", [None, *core.actions.Poa][n % 5]), name).number
                    done.append((number, name))
                except InputError as refused:
                    told.append(str(refused))

    threads = [Thread(target=write, args=(f"coder {n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) + len(told) == 36
    assert set(told) <= {"The chart was changed elsewhere in this moment; do it again."}
    with desk.database.reading() as connection:
        rows = connection.execute(
            select(chart_actions.c.number, chart_actions.c.by).join(charts).where(charts.c.id == chart)
        )
        assert sorted(tuple(row) for row in rows) == sorted(done)
    assert sorted(number for number, _ in done) == list(range(1, len(done) + 1))


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("sign", {"with": "a seal"}),
        ("accept", {"assignment": "a99"}),
        ("accept", {}),
        ("accept", ["a1"]),
        ("reject", {"assignment": "a1", "reason": "a reason of tomorrow"}),
        ("describe", {"coding": 9}),
        ("undo", {"times": 2}),
        ("add", {"code": {"system": "icd12", "value": "I10"}, "method": "search"}),
    ],
)
def test_a_line_of_another_version_is_passed_over(desk: Desk, place: Place, kind: str, payload: object):
    chart = desk.open(encounter(VISIT), "file")
    looked(desk, chart)
    put_line(desk.database, chart, 1, kind, payload)
    assert codes(acted(desk, chart, "accept I10").timeline) == "*E11.22? N18.31? I10+"
    with desk_at(place, desk.book) as other:
        assert looked(other, chart).number == 2
        assert stands(other, chart) == "*E11.22? N18.31? I10+"
        back = other.look_at(chart, 1)
        assert back is not None
        assert codes(back.timeline) == "*E11.22? N18.31? I10?"


# --- memory, removal, organisations ---


def test_charts_beyond_those_held_are_replayed(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app, "HELD", 2)
    names = [desk.open(encounter(f"I10 {c}"), "file") for c in ("E11.9", "N18.31", "D63.1")]
    for chart in names:
        acted(desk, chart, "accept I10")
    assert list(desk._held) == names[1:]
    acted(desk, names[1], "")  # looked at, so that the other one goes
    assert stands(desk, names[0]) == "*I10+ E11.9?"
    assert list(desk._held) == [names[1], names[0]]


@pytest.mark.parametrize("table", [charts, chart_codings, chart_actions], ids=str)
def test_removal_leaves_no_row(desk: Desk, table: object):
    stays, goes = (desk.open(encounter(VISIT), "file") for _ in range(2))
    for chart in (stays, goes):
        acted(desk, chart, "accept I10")
        desk.describe(chart, encounter("D63.1"), CODER)
    asked = select(table).where(table.c.organisation == desk.database.organisation)  # type: ignore[call-overload,attr-defined]
    with desk.database.reading() as connection:
        before = len(connection.execute(asked).all())
    desk.remove(goes)
    with desk.database.reading() as connection:
        assert len(connection.execute(asked).all()) == before // 2 > 0
    assert stands(desk, stays) == "*D63.1? I10+"


@on_sqlite
def test_removal_leaves_no_word_in_the_file(place: Place, book: CodeBook):
    secret = "Zebulon Quattlebaum of 12 Orchard Lane"
    with desk_at(place, book) as desk:
        document = Document("d1", f"{TEXT} {secret}. " * 200)
        chart = desk.open(replace(encounter("I10"), documents=(document,)), "paste")
        acted(desk, chart, "reject I10 other Zebulon Quattlebaum denies it")
        desk.remove(chart)
    left = b"".join(f.read_bytes() for f in place.home.iterdir())
    assert b"Quattlebaum" not in left


def test_organisations_are_apart(desk: Desk, place: Place):
    chart = desk.open(encounter(VISIT), "file")
    desk.prefer("keys", {"accept": "a"})
    with desk_at(replace(place, organisation=f"{place.organisation}-other"), desk.book) as other:
        assert other.queue() == []
        assert other.preference("keys") is None
        other.prefer("keys", {"accept": "b"})
        for asked in (other.look, other.chart, other.remove):
            with pytest.raises(ChartMissing, match=NO_CHART):
                asked(chart)
    assert desk.preference("keys") == {"accept": "a"}
    assert stands(desk, chart) == "*E11.22? N18.31? I10?"


def test_preferences_are_kept_in_the_place_of_those_before(desk: Desk):
    for value in ("J. Rivera", None, {"keys": ["a", {"b": 1.5}]}, "\U0001f9ec \0"):
        desk.prefer("name", value)
        assert desk.preference("name") == value
    with desk.database.reading() as connection:
        mine = preferences.c.organisation == desk.database.organisation
        assert len(connection.execute(select(preferences).where(mine)).all()) == 1


def test_counts_are_those_of_the_charts_that_are_coded(desk: Desk):
    moments = iter(OPENED + timedelta(seconds=30 * n) for n in range(99))
    timed = at_desk(desk.database, desk.book, clock=lambda: next(moments))
    chart = timed.open(encounter(VISIT), "file")
    acted(timed, chart, "accept I10; reject N18.31 negated")
    ((_, tally),) = timed.tallies()
    assert (tally.accepted, tally.rejected, tally.open, dict(tally.reasons)) == (1, 1, 1, {"negated": 1})
    assert tally.seconds == 30 * 3  # the coding took the second moment


def test_a_summary_of_a_newer_version_is_read(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    with desk.database.writing() as connection:
        found = kept.find_chart(connection, desk.database.organisation, chart)
        assert found is not None
        more = json.loads(json.dumps(found.summary)) | {"tally": {**found.summary["tally"], "hesitated": 3}}
        kept.note_change(connection, found.key, found.changed, None, more)
    assert desk.tallies()[0][1].suggested == 3


def test_two_lines_of_one_number_are_never_kept(desk: Desk):
    chart = desk.open(encounter(VISIT), "file")
    put_line(desk.database, chart, 1, "accept", {"assignment": "a1"})
    with desk.database.writing() as connection:
        found = kept.find_chart(connection, desk.database.organisation, chart)
        assert found is not None
        line = kept.KeptAction(1, "accept", {"assignment": "a2"}, CODER, OPENED)
        assert not kept.add_action(connection, desk.database.organisation, found.key, line)
        # The unit of work goes on after it.
        connection.execute(insert(preferences).values(organisation=desk.database.organisation, name="x", value="1"))
    assert desk.preference("x") == 1
    assert stands(desk, chart) == "*E11.22+ N18.31? I10?"
