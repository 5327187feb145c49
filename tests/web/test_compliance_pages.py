"""Case files in the browser without scripts, and over HTTP: every form, who may, and what cannot break out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from httpx import Client, Response

from app.case_files import PROVIDER, signal
from leadterm.app.people import account_name
from leadterm.domain import Signal
from leadterm.schemas import encode_compliance
from leadterm.web.compliance import HOME, READ, REST, WRITTEN, pages
from schemas.validation import problems

from .coders import HOSTILE, allowed
from .page import read

API = "/desk/api/compliance"
YEARS = count(2030)


def given(*signals: Signal) -> bytes:
    return json.dumps(encode_compliance.signals(signals[0].period, signals, {}, {})).encode()


def uploaded(desk: Client, *signals: Signal) -> Response:
    return desk.post(f"{HOME}/open", files={"file": ("signals.json", given(*signals))})


@pytest.fixture
def case(desk: Client) -> str:
    """The address of a case that no other test has."""
    answer = uploaded(desk, signal(year=next(YEARS)))
    assert answer.status_code == 303
    return str(answer.headers["location"])


def do(desk: Client, case: str, verb: str, **fields: str) -> Response:
    return desk.post(f"{case}/do", data={"do": verb, **fields})


def done(desk: Client, case: str, verb: str, **fields: str) -> dict[str, Any]:
    """The case after an action of a form."""
    answer = do(desk, case, verb, **fields)
    assert answer.status_code == 303, answer.text[:600]
    return told(desk, case)


def told(desk: Client, case: str) -> dict[str, Any]:
    value = desk.get(f"{case}/case.json").json()
    assert problems("compliance-1", value) == []
    (found,) = value["cases"]
    return dict(found)


def test_every_page_is_whole(desk: Client, case: str) -> None:
    for path in READ:
        answer = desk.get(path.format(case=case.rpartition("/")[2]))
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
        if answer.headers["content-type"].startswith("text/html"):
            allowed(read(answer.text))


def test_a_case_is_worked_by_its_forms(desk: Client, case: str) -> None:
    assert done(desk, case, "assign", person="A. Chen")["status"] == "assigned"
    assert done(desk, case, "status", status="investigating")["status"] == "investigating"
    done(desk, case, "note", text="Asked the practice.\r\nTwice.")
    done(desk, case, "evidence", evidence="claim", id="C1")
    seen = desk.post(
        f"{case}/do", data={"do": "evidence", "evidence": "file", "id": ""}, files={"file": ("audit.csv", b"1")}
    )
    assert seen.status_code == 303
    done(desk, case, "date", event="identified", day="2026-03-01")
    done(desk, case, "concern", person="M. Lopez")
    page = desk.get(case, params={"on": "2026-04-01"}).text
    assert "29 days left" in page
    done(desk, case, "undo:7")
    assert done(desk, case, "close", disposition="refund", amount="$1,240.50", reason="Paid twice.")["closed"] == {
        "disposition": "refund",
        "reason": "Paid twice.",
        "amount": "1240.50",
    }
    found = done(desk, case, "reopen", reason="Asked again.")
    assert found["evidence"] == [
        {"kind": "claim", "id": "C1", "digest": None},
        {"kind": "file", "id": "audit.csv", "digest": hashlib.sha256(b"1").hexdigest()},
    ]
    assert [e["kind"] for e in found["events"]] == (
        ["open", "assign", "status", "note", "evidence", "evidence", "date", "concern", "undo", "close", "reopen"]
    )
    assert {e["by"] for e in found["events"]} == {account_name()}
    assert found["events"][6]["stands"] is False


def test_what_is_refused_is_told_and_what_was_written_stays(desk: Client, case: str) -> None:
    for verb, fields, sentence in (
        ("note", {"text": "  "}, "nothing was written"),
        ("close", {"disposition": "refund", "reason": "kept words"}, "A refund has its amount"),
        ("status", {"status": "awaiting"}, "Assign the case first"),
        ("date", {"event": "moon", "day": "2026-03-01"}, "Choose the event"),
        ("date", {"event": "identified", "day": "yesterday"}, "is not an ISO date"),
        ("undo:x", {}, "no number of an event"),
        ("moon", {}, "load it again"),
    ):
        answer = do(desk, case, verb, **fields)
        assert answer.status_code == 400
        assert sentence in answer.text
        assert fields.get("reason", "") in answer.text
    assert told(desk, case)["number"] == 1


def test_a_form_sent_twice_is_done_once_and_an_old_page_is_told(desk: Client, case: str) -> None:
    for _ in range(2):
        assert done(desk, case, "note", text="once", version="1")["number"] == 2
    answer = do(desk, case, "note", text="else", version="1")
    assert answer.status_code == 409
    assert "look at what is there now" in answer.text


def test_whom_a_case_is_about_reads_it_and_does_not_work_it(desk: Client, case: str) -> None:
    done(desk, case, "concern", person=account_name().upper())
    answer = do(desk, case, "note", text="x")
    assert answer.status_code == 403
    page = desk.get(case).text
    assert "another person must work it" in page
    assert page.count("<form") == 1  # the dialog of keys alone


def test_the_list_is_filtered(desk: Client, case: str) -> None:
    done(desk, case, "assign", person="B. Okafor-Lee")
    for query, there in (
        ({}, True),
        ({"status": "assigned"}, True),
        ({"status": "closed"}, False),
        ({"assigned": "B. Okafor-Lee"}, True),
        ({"assigned": "Nobody"}, False),
        ({"assigned": "B. Okafor-Lee", "kind": "em-levels"}, True),
        ({"kind": "sudden-use"}, False),
        ({"kind": HOSTILE}, False),
        ({"status": HOSTILE}, False),
    ):
        page = desk.get(HOME, params=query)
        assert (case in page.text) == there, query
        allowed(read(page.text))


def test_a_long_list_goes_on_on_further_pages(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    for year in range(3):
        home = str(uploaded(desk, signal(year=2400 + year)).headers["location"])
        done(desk, home, "assign", person="C. Abara & Sons")
    asked = {"assigned": "C. Abara & Sons"}
    first, then = (desk.get(HOME, params=asked | more) for more in ({}, {"from": "2"}))
    assert "1 older one</a>" in first.text
    assert home in first.text
    assert "assigned=C.+Abara+%26+Sons&amp;from=2" in first.text
    assert "assigned=C.+Abara+%26+Sons&amp;from=0" in then.text
    assert home not in then.text
    for wrong in ("-1", "x", "9" * 400, "²", HOSTILE):
        assert home in desk.get(HOME, params=asked | {"from": wrong}).text


def test_the_list_tells_a_weak_signal(desk: Client) -> None:
    one = replace(signal(name="Q. WILTON", year=next(YEARS)), certainty="weak")
    uploaded(desk, one)
    assert f'<span class="of">weak signal, {one.period.start} to' in desk.get(HOME).text


def test_a_case_says_what_was_counted_and_where_it_is(desk: Client, case: str) -> None:
    page = desk.get(case).text
    assert "<h1>Levels of evaluation and management: open</h1>" in page
    assert "412 of 120: services of the two highest levels, of all services of the family" in page
    assert "Nearly the same" in page
    assert '<span class="code">V1</span>, document d1 and <span class="code">V2</span>, document d7' in page
    assert '<a href="/desk/compliance" aria-current="true">' in page
    assert 'aria-current="page"' not in page


def test_the_clock_shows_every_day_again_that_was_given(desk: Client) -> None:
    query = "identified=2026-03-01&received=2019-01-01,2025-01-01&received=2025-06-01"
    page = desk.get(f"{HOME}/clock?{query}").text
    assert page.count('name="received"') == 4  # and one more to fill in
    assert page.count('name="identified"') == 1
    assert "The payment received on 2019-01-01 is outside the lookback." in page
    assert 'value="2025-06-01"' in page


def test_a_signal_given_again_is_the_case_that_is_there(desk: Client) -> None:
    one, two = signal(year=next(YEARS)), signal(year=next(YEARS))
    first = uploaded(desk, one).headers["location"]
    assert uploaded(desk, one).headers["location"] == first
    assert "1 of 2 case files were opened now" in uploaded(desk, one, two).text
    for content, sentence in (
        (b"", "That is no JSON"),
        (b"{}", "must say leadterm.signals/1"),
        (b"\xff\xfe", "That is no JSON"),
    ):
        answer = desk.post(f"{HOME}/open", files={"file": ("x", content)})
        assert answer.status_code == 400
        assert sentence in answer.text


def test_nothing_that_was_written_comes_back_as_markup(desk: Client) -> None:
    name = HOSTILE[:60]
    made = signal(None, name=name, year=next(YEARS))
    home = str(uploaded(desk, made).headers["location"])
    done(desk, home, "note", text=HOSTILE)
    done(desk, home, "assign", person=f"A. {name}")
    done(desk, home, "evidence", evidence="claim", id=name)
    for address in (home, HOME):
        shown = desk.get(address).text
        allowed(read(shown))
        assert name not in shown
    allowed(read(do(desk, home, "close", disposition=HOSTILE, amount=HOSTILE, reason=HOSTILE).text))
    for path in (f"{HOME}/clock", HOME, home):
        allowed(read(desk.get(path, params=dict.fromkeys(("identified", "assigned", "status"), HOSTILE)).text))


def test_a_case_that_is_not_there_is_told_alike_everywhere(desk: Client) -> None:
    for name in ("none", "0197-0000", "..%2f..", "%00", "a'b", "%F0%9F%98%80", "x" * 3000):
        for path in (*(p for p in READ if "{case}" in p), *(p for p in WRITTEN if "{case}" in p)):
            address = path.format(case=name)
            answer = desk.post(address, data={"do": "note", "text": "x"}) if path in WRITTEN else desk.get(address)
            assert answer.status_code in (404, 405), (address[:60], answer.status_code)


def test_nobody_reads_or_works_a_case_without_the_key(desk_address: str, case: str) -> None:
    name = case.rpartition("/")[2]
    with Client(base_url=desk_address) as stranger:
        for path in READ:
            assert stranger.get(path.format(case=name)).status_code == 401
        for path in WRITTEN:
            assert stranger.post(path.format(case=name), data={"do": "note", "text": "x"}).status_code == 401
        for method, path in REST:
            assert stranger.request(method, path.format(case=name), content=b"{}").status_code == 401


# --- programs ---


def test_programs_work_cases_in_the_shapes_of_the_contract(desk: Client) -> None:
    made = signal(year=next(YEARS))
    answers = [desk.post(f"{API}/cases", content=given(made)) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 200]
    (case,) = answers[0].json()["cases"]
    event = {"kind": "assign", "said": {"to": "A. Chen"}, "by": "J. Rivera", "after": 1}
    for _ in range(2):
        answer = desk.post(f"{API}/cases/{case['id']}/events", json=event)
        assert (answer.status_code, problems("compliance-1", answer.json())) == (200, [])
        assert answer.json()["cases"][0]["number"] == 2
    assert desk.get(f"{API}/cases/{made.id}").json()["cases"][0]["assigned"] == "A. Chen"
    listed = desk.get(f"{API}/cases", params={"status": "assigned"}).json()
    assert problems("compliance-1", listed) == []
    assert case["id"] in {c["id"] for c in listed["cases"]}
    assert desk.get(f"{API}/cases", params={"kind": "sudden-use"}).json()["cases"] == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "note", "said": {"text": "x"}, "after": 7}, 409),
        ({"kind": "note", "said": {"text": "x"}, "by": PROVIDER}, 403),
        ({"kind": "note", "said": {"text": ""}}, 400),
        ({"kind": "note"}, 400),
        ({"kind": "note", "said": {"text": "\ud800"}}, 400),
        ({"kind": "open"}, 400),
        ({"kind": "undo", "said": {"number": "2"}}, 400),
        ([], 400),
        (None, 400),
    ],
)
def test_programs_are_refused_in_a_sentence(desk: Client, case: str, said: Any, status: int) -> None:
    answer = desk.post(f"{API}/cases/{case.rpartition('/')[2]}/events", content=json.dumps(said))
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert told(desk, case)["number"] == 1


def test_programs_are_told_in_json_what_is_not_there(desk: Client) -> None:
    for answer, status in (
        (desk.get(f"{API}/cases/none"), 404),
        (desk.get(f"{API}/none"), 404),
        (desk.get(f"{API}/cases", params={"status": "moon"}), 400),
        (desk.get(f"{API}/cases", params={"kind": "moon"}), 400),
        (desk.post(f"{API}/cases", content=b"x"), 400),
        (desk.delete(f"{API}/cases/none"), 405),
    ):
        assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_the_clock_of_dates_is_told_to_everybody(bare: Client) -> None:
    asked = {
        "identified": "2026-03-01",
        "investigation": "2026-03-05",
        "received": "2019-01-01,2025-01-01",
        "on": "2026-06-01",
    }
    found = bare.get("/api/overpayment", params=asked).json()
    assert problems("overpayment-1", found) == []
    assert (found["return"]["day"], found["outside"]) == ("2026-10-23", ["2019-01-01"])
    for wrong in ({"identified": "moon"}, {"on": "moon"}, {"concluded": "2026-01-01"}):
        answer = bare.get("/api/overpayment", params=wrong)
        assert (answer.status_code, list(answer.json())) == (400, ["error"])
