"""Every page of the desk without scripts, what can be opened, and charts that would break out of them."""

from __future__ import annotations

import json
import re

import pytest
from httpx import Client

from leadterm.web.desk import READ, WRITTEN

from .coders import (
    HOSTILE,
    NOTE,
    ODD,
    SAMPLE,
    Chart,
    allowed,
    given,
    opened,
    pasted,
    sampled,
    texts,
)
from .page import read


@pytest.fixture(scope="module")
def sample(desk: Client) -> Chart:
    return sampled(desk, SAMPLE)


# --- every page ---


def test_every_page_is_whole(desk: Client, sample: Chart) -> None:
    first = sample.rows()[0].attributes["data-row"]
    asked = 0
    for path in READ:
        address = "/desk" + path.format(chart=sample.home.rpartition("/")[2], assignment=first, number=1)
        answer = desk.get(address, params={"q": "dia"} if path.endswith("typeahead") else {})
        if path.endswith(("grade", "claim.837", "late/{number}")):
            assert answer.status_code in (404, 409)
            continue
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "no-store"
        if answer.headers["content-type"].startswith("text/html"):
            allowed(read(answer.text))
            asked += 1
    assert asked >= 10


def test_a_chart_that_is_not_there_is_told_alike_everywhere(desk: Client) -> None:
    for path in (*READ, *WRITTEN):
        if "{chart}" not in path:
            continue
        for name in ("none", "0197-0000", "..%2f..", "%00", "a'b", "%F0%9F%98%80", "x" * 3000):
            address = "/desk" + path.format(chart=name, assignment="a1", number=1)
            answer = desk.get(address) if path in READ else desk.post(address, data={"do": "accept:a1", "sure": "yes"})
            assert answer.status_code in (404, 405), (address[:60], answer.status_code)
            assert "a'b" not in answer.text


def test_a_code_that_is_not_there_is_told(desk: Client, sample: Chart) -> None:
    for name in ("a999", "<b>", "%00", "\U0001f600"):
        answer = desk.get(f"{sample.home}/codes/{name}")
        assert answer.status_code == 404
        assert "<b>" not in answer.text.partition("<main")[2]


def test_parameters_never_come_back_as_markup(desk: Client, sample: Chart) -> None:
    first = sample.rows()[0].attributes["data-row"]
    for path in ("", "/encounter", f"/codes/{first}", "/typeahead", "/out", "/worth", "/summary"):
        page = sample.page(path, at=HOSTILE, doc=HOSTILE, marks=HOSTILE, q=HOSTILE, said=HOSTILE, show=HOSTILE)
        allowed(page)
    for path in ("/desk", "/desk/practice", "/desk/settings", "/desk/statistics"):
        allowed(read(desk.get(path, params=dict.fromkeys(("show", "said", "specialty"), HOSTILE)).text))


# --- opening ---


def test_a_pasted_chart_is_coded_and_shown_to_the_letter(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    assert texts(chart.page()) == [NOTE]
    assert {"E11.22", "N18.32"} <= set(chart.ids())
    assert "Pasted text" in desk.get("/desk").text


def test_a_form_says_what_is_known_of_the_encounter(desk: Client) -> None:
    told = {"setting": "emergency", "claim_type": "institutional", "date": "2026-05-14", "age": "67", "sex": "F"}
    facts = pasted(desk, NOTE, **told).page().by_id("encounter").text
    assert facts == "emergency · institutional · 2026-05-14 · 67 years · F"


@pytest.mark.parametrize(
    "told", [{"age": "-1"}, {"age": "900"}, {"age": "x"}, {"setting": "moon"}, {"sex": "?"}, {"date": "yesterday"}]
)
def test_what_is_no_encounter_is_told(desk: Client, told: dict[str, str]) -> None:
    answer = desk.post("/desk/open", data={"text": NOTE, **told}, files={"file": ("", b"")})
    assert answer.status_code == 400
    assert len(read(answer.text).find(role="status")) == 2


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\x00"])
def test_nothing_given_is_told(desk: Client, content: bytes) -> None:
    answer = desk.post("/desk/open", data={"text": content.decode()}, files={"file": ("", b"")})
    assert answer.status_code in (303, 400)
    assert desk.post("/desk/open", data={}).status_code == 400


NO_CHARTS = {
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "archive.zip": b"PK\x03\x04" + bytes(range(256)) * 40,
    "chart.json": b'{"schema": "leadterm.encounter/1", "id": 5}',
    "array.json": b"[1, 2]",
    "broken.json": b'{"schema": "leadterm.encounter/1", "documents": [{"text": "a"',
    "deep.json": b"[" * 100_000,
    "claim.837": b"ISA*00*          *00*          *ZZ*A~",
    "latin.txt": b"\xff\xfe\xfd caf\xe9 \xc3\x28",
    "empty.txt": b"",
}


@pytest.mark.parametrize("name", NO_CHARTS)
def test_files_that_are_no_charts_get_a_sentence_or_are_read_as_text(desk: Client, name: str) -> None:
    answer = given(desk, name, NO_CHARTS[name])
    assert answer.status_code in (303, 400)
    assert "Traceback" not in answer.text
    if answer.status_code == 400:
        (told,) = read(answer.text).find(**{"class": "told"})
        assert re.search(r"[a-z].*\.", told.text), told.text
        allowed(read(answer.text))


def test_good_lines_of_jsonl_are_opened_and_bad_ones_told(desk: Client) -> None:
    good = json.dumps({"schema": "leadterm.encounter/1", "id": "line-1", "documents": [{"id": "d1", "text": NOTE}]})
    bad = '{"schema": "leadterm.encounter/1", "id": "<script>alert(1)</script>", "documents": 7}'
    answer = given(desk, "charts.jsonl", "\n".join((good, bad, "{not json", good.replace("line-1", "line-2"))).encode())
    assert answer.status_code == 200
    page = read(answer.text)
    allowed(page)
    (told,) = page.find(**{"class": "told"})
    assert "2 charts opened." in told.text
    assert len([e for e in told.all() if e.attributes.get("class") == "remark"]) == 2


def test_more_charts_than_a_desk_holds_are_refused_together(desk: Client) -> None:
    line = json.dumps({"schema": "leadterm.encounter/1", "id": "x", "documents": [{"id": "d1", "text": "Cough."}]})
    before = desk.get("/desk").text.count("<tr>")
    answer = given(desk, "many.jsonl", "\n".join([line] * 201).encode())
    assert answer.status_code == 400
    assert "leadterm code" in answer.text
    assert desk.get("/desk").text.count("<tr>") == before


def test_a_chart_of_nine_megabytes_is_kept_and_told_to_be_coded(desk: Client) -> None:
    chart = pasted(desk, ("0" * 100 + "\n") * 90_000)
    assert "being coded" in chart.html()
    assert desk.get("/desk").status_code == 200
    assert "still being coded" in chart.refused("accept:a1")
    assert desk.post(f"{chart.home}/remove", data={"sure": "yes"}).status_code == 303
    assert desk.get(chart.home).status_code == 404


def test_a_hostile_chart_is_shown_as_what_it_is(desk: Client) -> None:
    made = {"schema": "leadterm.encounter/1", "id": HOSTILE, "documents": ODD, "account": HOSTILE}
    answer = given(desk, f"{HOSTILE}.json", json.dumps(made).encode())
    chart = opened(answer, desk)
    page = chart.page()
    allowed(page)
    assert texts(page) == [str(d["text"]).replace("\x00", "\ufffd") for d in ODD]
    assert len(chart.rows()) >= 3
    for row in chart.rows():
        allowed(chart.page(f"/codes/{row.attributes['data-row']}"))
    for path in ("/encounter", "/summary", "/out", "/worth"):
        allowed(chart.page(path))
    allowed(read(desk.get("/desk").text))
    assert "\x00" not in chart.html()
    assert "\r" not in chart.html()


def test_hostile_words_of_the_coder_are_shown_as_what_they_are(desk: Client) -> None:
    chart = pasted(desk, NOTE)
    one, *_ = chart.ids().values()
    chart.done(f"reject:{one}", reason="other", note=HOSTILE)
    for action, sent in {
        f"reject:{HOSTILE}": {"reason": "negated"},
        f"reject:{one}": {"reason": HOSTILE},
        HOSTILE: {},
        "add": {"code": HOSTILE, "system": HOSTILE},
        f"permit:{HOSTILE}": {"reason": HOSTILE},
        f"query:{HOSTILE}": {"state": HOSTILE},
        f"move:{one}:{HOSTILE}": {},
        f"poa:{one}": {"poa": HOSTILE},
    }.items():
        answer = chart.do(action, **sent)
        assert answer.status_code == 409, action
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "\x00" not in answer.text
    for path in ("", "/summary", f"/codes/{one}"):
        allowed(chart.page(path))
    assert desk.post("/desk/settings", data={"do": "keep", "name": HOSTILE}).status_code == 303
    chart.done(f"reconsider:{one}")
    chart.done(f"accept:{one}")
    for path in ("/summary", f"/codes/{one}"):
        allowed(chart.page(path))
    allowed(read(desk.get("/desk/settings").text))
    desk.post("/desk/settings", data={"do": "keep", "name": "J. Rivera"})
