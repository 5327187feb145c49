"""A coder at the desk by plain forms: opens charts, reads the page, sends what a form would send."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from httpx import Client, Response

from .page import Element, read

NOTE = """ASSESSMENT
Type 2 diabetes mellitus with diabetic chronic kidney disease, stage 3b. \U0001fa7a Essential hypertension.
No chest pain. Mother had breast cancer. History of stroke, no deficits. Possible pneumonia.
"""
# What a page of ours must never repeat as markup, wherever it was written.
HOSTILE = (
    "</p></article><script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{ 7*7 }}{% x %} \u202e\u2066\x00\r& <b>"
)
ODD = [
    {"id": 'd"1<b>', "type": HOSTILE, "text": f"Hypertension. {HOSTILE}\r\nAsthma.\rGout.", "author_role": "<i>x</i>"},
    {
        "id": "-- d2 '/*",
        "type": "}}{{",
        "text": "\U0001f600 Type 2 diabetes.\u2028Migraine.\x0b\x85End",
        "status": "final",
    },
    {"id": "d3", "text": ""},
]
SAMPLE = "01-diabetes-ckd-hypertension"
STAY = """DISCHARGE SUMMARY
Admitted 05/10/2026, discharged 05/14/2026.
Principal: acute on chronic systolic heart failure. Hypertension. CKD stage 3a. Type 2 diabetes with neuropathy.
"""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart at the desk."""

    client: Client
    home: str

    def page(self, path: str = "", **query: str) -> Element:
        """A page of the chart as a tree."""
        return read(self.html(path, **query))

    def html(self, path: str = "", **query: str) -> str:
        """A page of the chart."""
        answer = self.client.get(self.home + path, params=query)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.text

    def do(self, action: str, *, htmx: bool = False, **fields: str) -> Response:
        """Sends an action; `htmx`: as a script does."""
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(f"{self.home}/do", data={"do": action, **fields}, headers=headers)

    def done(self, action: str, **fields: str) -> Response:
        """Sends an action that is done."""
        answer = self.do(action, **fields)
        assert answer.status_code == 303, (action, answer.status_code, answer.text[:300])
        return answer

    def refused(self, action: str, **fields: str) -> str:
        """Sends an action that is refused; why."""
        answer = self.do(action, **fields)
        assert answer.status_code in (400, 409), (action, answer.status_code)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        return answer.text

    def rows(self, status: str = "") -> list[Element]:
        """The rows of codes, those of a status."""
        rows = [e for e in self.page().all() if "data-row" in e.attributes]
        return [r for r in rows if not status or r.attributes["data-status"] == status]

    def ids(self, status: str = "") -> dict[str, str]:
        """The ids of codes."""
        return {r.attributes["data-code"]: r.attributes["data-row"] for r in self.rows(status)}


def opened(answer: Response, client: Client) -> Chart:
    """The chart that an answer leads to."""
    assert answer.status_code == 303, (answer.status_code, answer.text[:500])
    return Chart(client, answer.headers["location"])


def pasted(client: Client, text: str, **fields: str) -> Chart:
    """A chart of a pasted text."""
    return opened(client.post("/desk/open", data={"text": text, **fields}, files={"file": ("", b"")}), client)


def given(client: Client, name: str, content: bytes) -> Response:
    """What the desk says to a file."""
    return client.post("/desk/open", files={"file": (name, content)})


def of_encounter(client: Client, encounter: Mapping[str, Any]) -> Chart:
    """A chart of an encounter as JSON."""
    return opened(given(client, "chart.json", json.dumps(encounter).encode()), client)


def sampled(client: Client, name: str) -> Chart:
    """A sample chart."""
    return opened(client.post("/desk/sample", data={"sample": name}), client)


def practised(client: Client, case: str) -> Chart:
    """A coding case."""
    return opened(client.post("/desk/practice", data={"case": case}), client)


def stay(*texts: str) -> dict[str, Any]:
    """The encounter of a hospital stay with these documents."""
    return {
        "schema": "leadterm.encounter/1",
        "id": "stay-1",
        "setting": "inpatient",
        "admission": "2026-05-10",
        "discharge": "2026-05-14",
        "patient": {"sex": "F", "age": 71},
        "documents": [{"id": f"d{n}", "text": text} for n, text in enumerate(texts, 1)],
    }


def allowed(page: Element) -> None:
    """Checks that no markup of a chart became markup of the page: no element or attribute that can run anything."""
    for element in page.all():
        assert element.tag not in {"iframe", "img", "svg", "object", "embed", "base", "style", "frame"}, element.tag
        assert not [name for name in element.attributes if name.startswith("on")], element.attributes
        if element.tag == "script":
            assert element.attributes["src"].startswith("/static/")
            assert not element.children
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            value = element.attributes.get(name, "/")
            assert value.startswith(("/", "#")), (name, value)
            assert not value.startswith("//"), (name, value)


def texts(page: Element) -> list[str]:
    """The text of every document, from its blocks, whose beginnings must be those that they tell."""
    found = []
    for document in page.find(tag="article"):
        whole = ""
        for block in document.find(**{"class": "block"}):
            assert int(block.attributes["data-start"]) == len(whole)
            whole += block.text
        found.append(whole)
    return found


def finished(chart: Chart, poa: str = "") -> None:
    """Accepts every suggestion and finishes."""
    for row in chart.rows("suggested"):
        chart.done(f"accept:{row.attributes['data-row']}")
    for row in chart.rows() if poa else ():
        chart.do(f"poa:{row.attributes['data-row']}", poa=poa)
    chart.done("finish")


def fields(form: Element) -> Iterable[tuple[str, str]]:
    """What a browser sends of a form that nobody touched, without its buttons."""
    for e in form.all():
        name = e.attributes.get("name", "")
        if e.tag == "textarea":
            yield name, e.text
        elif e.tag == "select":
            options = e.find(tag="option")
            chosen = next((o for o in options if "selected" in o.attributes), options[0])
            yield name, chosen.attributes.get("value", chosen.text)
        elif e.tag == "input" and name and e.attributes.get("type") not in ("file", "checkbox"):
            yield name, e.attributes.get("value", "")
