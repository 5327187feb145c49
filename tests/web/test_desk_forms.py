"""Every action of the desk by plain forms, without scripts; two tabs over one chart."""

from __future__ import annotations

import pytest
from httpx import Client

from leadterm.desk import RejectReason

from .coders import (
    NOTE,
    SAMPLE,
    STAY,
    Chart,
    fields,
    finished,
    of_encounter,
    pasted,
    sampled,
    stay,
)
from .page import read


@pytest.fixture(scope="module")
def sample(desk: Client) -> Chart:
    return sampled(desk, SAMPLE)


# --- every action ---


def test_a_decision_is_made_and_taken_back(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    one, two, *_ = chart.ids().values()
    chart.done(f"accept:{one}")
    for reason in RejectReason:
        chart.done(f"reject:{two}", reason=reason, note="as told")
        assert chart.ids("rejected")
        assert f"{reason}: as told" in chart.html() or str(reason) in chart.html()
        chart.done("undo")
    assert list(chart.ids("accepted").values()) == [one]
    chart.done("redo")
    assert list(chart.ids("rejected").values()) == [two]
    chart.done(f"reconsider:{two}")
    chart.done(f"reconsider:{one}")
    assert not chart.ids("accepted")
    assert not chart.ids("rejected")


def test_a_code_is_added_from_words_after_an_emoji(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    start = NOTE.index("chest pain")
    chart.done("add", code="R07.9", document="d1", start=str(start), end=str(start + 10), method="text")
    row = next(r for r in chart.rows("added") if r.attributes["data-code"] == "R07.9")
    name = row.attributes["data-row"]
    (mark,) = [m for m in chart.page().find(tag="mark") if name in m.attributes["data-codes"].split()]
    assert mark.text == "chest pain"


def test_a_code_is_replaced_moved_and_numbered(desk: Client) -> None:
    chart = of_encounter(desk, stay(STAY))
    before = chart.ids()
    chart.done(f"replace:{before['E11.40']}", code="E11.42", system="icd10cm")
    assert "E11.42" in chart.ids("added") | chart.ids("accepted")
    one, two, *_ = [r.attributes["data-row"] for r in chart.rows()]
    chart.done(f"down:{one}")
    assert [r.attributes["data-row"] for r in chart.rows()][:2] == [two, one]
    chart.done(f"up:{one}")
    assert "the first already" in chart.refused(f"up:{one}")
    chart.done(f"move:{one}", place="3")
    assert [r.attributes["data-row"] for r in chart.rows()][2] == one
    chart.done(f"poa:{one}", poa="Y")
    chart.done(f"poa:{two}", **{f"poa-{two}": "N"})
    selected = [e for e in chart.page().by_id(f"poa-{two}").all() if "selected" in e.attributes]
    assert [e.attributes["value"] for e in selected] == ["N"]


def test_a_charge_is_edited(desk: Client) -> None:
    chart = sampled(desk, SAMPLE)
    line = chart.ids()["99214"]
    chart.done(f"line:{line}", units="2", modifiers="25, 57", pointers="2 1", charge="$190.50")
    (row,) = [r for r in chart.rows() if r.attributes["data-row"] == line]
    assert "2 units · 25 57 · for 2, 1 · $190.50" in " ".join(row.text.split())
    for wrong in ({"units": "x"}, {"units": "1", "pointers": "99"}, {"units": "1", "charge": "abc"}, {"units": "-1"}):
        assert chart.refused(f"line:{line}", **wrong).endswith(".")


def test_a_finding_is_permitted_with_a_reason_and_the_permission_taken_back(desk: Client) -> None:
    chart = pasted(desk, "Assessment: type 2 diabetes. Gout.")
    chart.done("add", code="E10.9", method="search")
    buttons = [b.attributes["value"] for b in chart.page().find(data_act="permit")]
    assert buttons
    assert chart.refused(f"permit:{buttons[0]}", reason=" ").endswith(".")
    chart.done(f"permit:{buttons[0]}", reason="Told by two physicians.")
    assert "Told by two physicians." in chart.html()
    (back, *_) = [b for b in chart.page().find(tag="button") if b.attributes.get("value", "").startswith("forbid:")]
    chart.done(back.attributes["value"])
    assert "Told by two physicians." not in chart.html()


def test_a_query_is_drafted_sent_and_dismissed(desk: Client) -> None:
    chart = of_encounter(desk, stay("Discharged. Heart failure. Anemia. Pneumonia. Encephalopathy. Hypertension."))
    forms = chart.page().by_id("queries").find(tag="form")
    assert forms
    sent = dict(fields(forms[0]))
    (draft, *_) = [b.attributes["value"] for b in forms[0].find(tag="button")]
    name = draft.split(":")[1]
    chart.done(f"query:{name}:draft", text=sent["text"] + "\nThank you.")
    assert "Thank you." in chart.html()
    for state in ("sent", "dismissed"):
        chart.done(f"query:{name}:{state}", text=sent["text"])
        assert state in chart.page().by_id(f"query-{name}").find(**{"class": "state"})[0].text


def test_finishing_waits_for_every_decision_and_can_be_taken_back(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    assert "neither accepted nor rejected" in chart.refused("finish")
    assert chart.page().by_id("finish").attributes["aria-disabled"] == "true"
    finished(chart)
    assert chart.page().by_id("finish").text == "Reopen"
    assert "reopen" in chart.refused("add", code="I10").lower()
    chart.done("reopen")
    chart.done("add", code="Z72.0")
    assert chart.page().by_id("finish").attributes.get("aria-disabled") is None


def test_the_encounter_is_described_and_coded_anew(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    one = chart.ids()["E11.22"]
    chart.done(f"accept:{one}")
    page = chart.page("/encounter")
    (form,) = [f for f in page.find(tag="form") if f.attributes.get("action", "").endswith("/encounter")]
    sent = dict(fields(form)) | {"setting": "inpatient", "admission": "2026-05-10", "discharge": "2026-05-14"}
    assert desk.post(f"{chart.home}/encounter", data=sent).status_code == 303
    assert "inpatient" in chart.page().by_id("encounter").text
    assert "E11.22" in chart.ids("accepted")
    for wrong in ({"age": "x"}, {"birth_date": "1.1.1"}, {"setting": "moon"}, {"discharge": "2026-05-01"}):
        answer = desk.post(f"{chart.home}/encounter", data=sent | wrong)
        assert answer.status_code == 400, wrong
        (told,) = [e for e in read(answer.text).find(role="alert") if "hidden" not in e.attributes]
        assert told.text.strip().endswith("."), told.text


def test_a_chart_is_removed_when_the_coder_means_it(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    assert desk.post(f"{chart.home}/remove").status_code == 400
    assert desk.post(f"{chart.home}/remove", data={"sure": "yes"}).status_code == 303
    assert desk.get(chart.home).status_code == 404


# --- two tabs ---


def test_undo_is_refused_in_a_tab_that_has_not_seen_what_it_would_undo(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    old = chart.page().by_id("version").attributes["value"]
    one, two, *_ = chart.ids().values()
    chart.done(f"accept:{one}", version=old)
    assert "changed elsewhere" in chart.refused("undo", version=old)
    chart.done(f"accept:{two}", version=old)  # what does not meet the other change is done
    assert len(chart.ids("accepted")) == 2
    chart.done("undo", version="2")
    assert len(chart.ids("accepted")) == 1


@pytest.mark.parametrize("version", ["", "-1", "x", "99999999999999", "7", "\u0667"])
def test_a_page_that_says_no_version_that_is_gets_an_answer(desk: Client, sample: Chart, version: str) -> None:
    row = sample.rows("suggested")[0].attributes["data-row"]
    answer = sample.do(f"accept:{row}", htmx=True, version=version)
    assert answer.status_code == 200
    sample.done("undo")
