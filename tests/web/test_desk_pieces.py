"""The parts that an action sends: put into the page, they give the page that the server would give anew.

Two tabs look at one chart. Each action is done in one of them, which may know an older state than the other; after it,
that tab must show what a reload would show. What the tabs cannot show by pieces, the server says by a reload.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadterm.desk import QueryState, RejectReason
from leadterm.domain import Poa

from .coders import NOTE, Chart, allowed, fields, of_encounter, pasted, practised, sampled, stay, texts
from .page import Element, plain, read, swapped

STAY = (
    "Admitted with acute on chronic systolic heart failure. Hypertension. CKD stage 3a. Anemia. Cough.\r\n" * 2,
    "\U0001f600 Discharge: type 2 diabetes with neuropathy. Encephalopathy. No fever. Mother: stroke. Gout.\n" * 9,
)
CHARTS: dict[str, Callable[[Client], Chart]] = {
    "note": lambda client: pasted(client, NOTE, date="2026-05-14"),
    "stay": lambda client: of_encounter(client, stay(*STAY)),
    "charges": lambda client: sampled(client, "08-oncology-infusion"),
    "empty": lambda client: pasted(client, "All well."),
    "practice": lambda client: practised(client, "002-wound-of-the-foot"),
}
CODES = ("I10", "E11.42", "R05.9", "Z99.89", "W01.0XXA", "0TJB8ZZ", "J1885", "99213", "36415", "X00", "T81.4XXA")
few = settings(max_examples=6, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Step:
    """A kind of action in one of two tabs, and numbers from which its particulars are chosen."""

    kind: str
    tab: int
    one: int
    two: int


def _of(values: Sequence[Any], number: int) -> Any:
    return values[number % len(values)] if values else ""


def _row(page: Element, number: int) -> str:
    return str(_of([e.attributes["data-row"] for e in page.all() if "data-row" in e.attributes], number))


def _pressed(page: Element, *verbs: str, number: int) -> str:
    """A button of the page that does one of these."""
    values = [b.attributes.get("value", "") for b in page.find(tag="button", name="do")]
    return str(_of([v for v in values if v.partition(":")[0] in verbs], number))


Sent = dict[str, str]


def _reject(page: Element, one: int, two: int) -> Sent:
    return {
        "do": f"reject:{_row(page, one)}",
        "reason": _of(list(RejectReason), two),
        "note": "as told <b>" * (two % 2),
    }


def _add(page: Element, one: int, two: int) -> Sent:
    sent = {"do": "add", "code": _of(CODES, one), "method": "search"}
    documents = [e.attributes["data-document"] for e in page.find(tag="article")]
    if two % 2:
        sent |= {"document": _of(documents, one), "start": str(two * 3), "end": str(two * 3 + 5), "method": "text"}
    return sent


def _line(page: Element, one: int, two: int) -> Sent:
    lines = [e.attributes["data-row"] for e in page.find(data_family="3")]
    return {
        "do": f"line:{_of(lines, one)}",
        "units": str(two % 4 + 1),
        "modifiers": _of(("", "25", "59 RT"), two),
        "pointers": _of(("", "1", "2 1", "1,3"), one + two),
        "charge": _of(("", "12.50"), two),
    }


def _query(page: Element, one: int, two: int) -> Sent:
    forms = page.by_id("queries").find(tag="form")
    if not forms:
        return {"do": "query:none"}
    name = str(_of(forms, one).find(tag="button")[0].attributes["value"]).split(":")[1]
    text = dict(fields(_of(forms, one)))["text"]
    return {"do": f"query:{name}", "state": _of(list(QueryState), two), "text": f"{text}\n{'$' * (two % 3)}"}


def _permit(page: Element, one: int, _: int) -> Sent:
    finding = _of([b.attributes["value"] for b in page.find(data_act="permit")], one)
    return {"do": f"permit:{finding}", "reason": "So the physician says."}


def _fix(page: Element, one: int, _: int) -> Sent:
    return {"do": _pressed(page.by_id("findings"), "move", "reject", "forbid", number=one)}


MADE: dict[str, Callable[[Element, int, int], Sent]] = {
    "accept": lambda page, one, _: {"do": f"accept:{_row(page, one)}"},
    "reject": _reject,
    "reconsider": lambda page, one, _: {"do": f"reconsider:{_row(page, one)}"},
    "add": _add,
    "replace": lambda page, one, two: {"do": f"replace:{_row(page, one)}", "code": _of(CODES, two)},
    "move": lambda page, one, two: {"do": f"move:{_row(page, one)}", "place": str(two)},
    "step": lambda page, one, _: {"do": _pressed(page, "up", "down", number=one)},
    "poa": lambda page, one, two: {"do": f"poa:{_row(page, one)}", "poa": _of(["", *Poa], two)},
    "line": _line,
    "permit": _permit,
    "fix": _fix,
    "query": _query,
    "finish": lambda *_: {"do": "finish"},
    "reopen": lambda *_: {"do": "reopen"},
    "undo": lambda *_: {"do": "undo"},
    "redo": lambda *_: {"do": "redo"},
}
KINDS = (*MADE, "accept", "accept", "add", "reject", "undo", "undo", "redo", "all", "describe")
steps = st.builds(Step, st.sampled_from(KINDS), st.integers(0, 1), st.integers(0, 30), st.integers(0, 30))
walks = st.lists(steps, min_size=4, max_size=14)


@dataclass
class Desk:
    """Two tabs over one chart: each holds the page as it knows it."""

    chart: Chart
    tabs: list[Element] = field(default_factory=list)
    now: list[str] = field(default_factory=list)
    described: bool = False

    def __post_init__(self) -> None:
        self.tabs = [self.fresh()] * 2
        self.now = lines(self.tabs[0])

    def fresh(self) -> Element:
        """What a reload shows."""
        return read(self.chart.html())

    def step(self, step: Step) -> None:
        """Does a step; checks the tab in which it was done."""
        if step.kind == "describe":
            self.describe(step)
            return
        if step.kind == "all":
            for row in self.tabs[step.tab].find(data_status="suggested"):
                self.sent(step.tab, {"do": f"accept:{row.attributes['data-row']}"})
            return
        self.sent(step.tab, MADE[step.kind](self.tabs[step.tab], step.one, step.two))

    def describe(self, step: Step) -> None:
        """Describes the encounter otherwise, on the page of its own."""
        page = self.chart.page("/encounter")
        form = next(f for f in page.find(tag="form") if f.attributes.get("action", "").endswith("/encounter"))
        sent = dict(fields(form)) | {"sex": "FM"[step.one % 2], "setting": _of(("outpatient", "inpatient"), step.two)}
        answer = self.chart.client.post(f"{self.chart.home}/encounter", data=sent)
        assert answer.status_code in (303, 400), answer.text[:200]
        if answer.status_code == 303:
            self.described = True
            self.renewed(step.tab)

    def renewed(self, tab: int) -> None:
        """Loads a tab again."""
        self.tabs[tab] = self.fresh()
        self.now = lines(self.tabs[tab])

    def sent(self, tab: int, sent: Sent) -> None:
        """Sends an action as the scripts do, with the version that the tab knows."""
        page = self.tabs[tab]
        version = page.by_id("version").attributes["value"]
        answer = self.chart.do(**{"action": sent.pop("do")}, htmx=True, version=version, **sent)
        if answer.status_code != 200:
            assert answer.status_code == 409
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            assert answer.text.strip()
            assert lines(self.fresh()) == self.now, "what was refused changed nothing"
            return
        if answer.headers.get("hx-refresh") == "true":
            assert self.described, "only a chart described otherwise is loaded anew"
            self.renewed(tab)
            return
        allowed(read(answer.text))
        self.tabs[tab] = swapped(page, answer.text)
        self.now = lines(self.fresh())
        assert lines(self.tabs[tab]) == self.now
        assert texts(self.tabs[tab]) == texts(page)


def lines(page: Element) -> list[str]:
    """The page in lines, but for which row is reached by Tab: that is the tab's own."""
    for element in page.all():
        if "data-row" in element.attributes:
            element.attributes.pop("tabindex", None)
            element.attributes.pop("aria-current", None)
    return plain(page)


def walked(client: Client, chart: str, path: list[Step]) -> None:
    desk = Desk(CHARTS[chart](client))
    for step in path:
        desk.step(step)
    client.post(f"{desk.chart.home}/remove", data={"sure": "yes"})


@given(st.sampled_from(sorted(CHARTS)), walks)
@few
def test_pieces_make_the_page_of_a_reload(desk: Client, chart: str, path: list[Step]) -> None:
    walked(desk, chart, path)


@pytest.mark.slow
@given(st.sampled_from(sorted(CHARTS)), walks)
@settings(few, max_examples=400)
def test_pieces_make_the_page_of_a_reload_on_many_ways(desk: Client, chart: str, path: list[Step]) -> None:
    walked(desk, chart, path)
