"""The desk for everybody: axe, sizes, widths, zoom, dark and forced colours, on every page and in every state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from httpx import Client

from .at_desk import CONTRAST, CUT, HALF, NARROW, OPEN, SMALL, TAGS, VIOLATIONS, WIDE, WIDER, browsing, press, settled
from .coders import Chart, finished, of_encounter, practised, stay

PAGES = ("/desk", "/desk?show=finished", "/desk/practice", "/desk/statistics", "/desk/settings", "/desk/none")
BELOW = ("/encounter", "/codes/a1", "/summary")
TEXT = (
    "Admitted with acute on chronic systolic heart failure. CKD stage 3. Anemia. Encephalopathy. No fever, no cough. "
    "Mother had breast cancer. History of stroke. Possible pneumonia. Type 2 diabetes with neuropathy.\n"
)
# The element with the focus, where something else is seen in its place.
COVERED = """() => {
  const e = document.activeElement, r = e.getBoundingClientRect();
  if (e.id === "text" || e.closest(".skip") || e.tagName === "BODY" || e.matches("[data-pane]")) return "";
  const at = document.elementFromPoint(r.left + Math.min(r.width, 20) / 2, r.top + Math.min(r.height, 20) / 2);
  const seen = at && (e.contains(at) || at.contains(e) || at.closest("label")?.contains(e));
  return seen ? "" : e.outerHTML.slice(0, 90);
}"""
STATES: dict[str, Callable[[Any], None]] = {
    "as it opens": lambda page: None,
    "a row": lambda page: page.locator(".row").first.focus(),
    "why": lambda page: _on_row(page, "w"),
    "reasons": lambda page: _on_row(page, "r"),
    "search": lambda page: _search(page),
    "keys": lambda page: press(page, "?"),
    "marks": lambda page: press(page, "m"),
    "queries": lambda page: page.locator("#queries summary").first.click(),
    "worth and out": lambda page: press(page, "v", "d"),
    "leads": lambda page: press(page, "l"),
    "permit": lambda page: page.locator("[data-act=permit]").first.click(),
    "trouble": lambda page: press(page, "U", "F"),
}


def _on_row(page: Any, key: str) -> None:
    page.locator(".row").first.focus()
    press(page, key)


def _search(page: Any) -> None:
    press(page, "c")
    page.keyboard.type("diabetes")
    page.wait_for_selector("#find-options [role=option]")
    press(page, "ArrowDown")


@pytest.fixture(scope="module")
def opened(chromium: Any, desk_address: str) -> Iterator[OPEN]:
    with browsing(chromium, desk_address) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def chart(desk: Client) -> Chart:
    """A stay in every state: decided and not, a finding that may be permitted, queries, two documents."""
    known = {"code": "38341003", "system": "snomed", "text": "Hypertension", "kind": "problem", "status": "active"}
    made = of_encounter(desk, stay(TEXT, "Addendum: gout. Asthma.") | {"codes": [known, known | {"kind": "result"}]})
    one, two, *_ = made.ids().values()
    made.done(f"accept:{one}")
    made.done(f"reject:{two}", reason="not treated", note="resolved before")
    made.do("add", code="E10.9")
    return made


@pytest.fixture(scope="module")
def come(desk: Client) -> Chart:
    """A chart to which documents came late."""
    made = of_encounter(desk, stay(TEXT))
    made.client.post(f"{made.home}/late", data={"text": "Addendum: gout. Asthma.", "together": "yes"})
    return made


@pytest.fixture(scope="module")
def ended(desk: Client) -> Chart:
    """A practice case that is finished."""
    made = practised(desk, "002-wound-of-the-foot")
    made.done("add", code="L97.519")
    made.done("add", code="I10")
    finished(made)
    return made


@pytest.fixture(scope="module", params=["light", "dark", "200 percent", "320 pixels"])
def page(request: pytest.FixtureRequest, opened: OPEN) -> Any:
    """A page in one of the ways in which it is looked at."""
    size = {"200 percent": HALF, "320 pixels": NARROW}.get(request.param, WIDE)
    return opened(viewport=size, color_scheme="dark" if request.param == "dark" else "light")


def _addresses(chart: Chart, ended: Chart, come: Chart) -> tuple[str, ...]:
    late = (f"{come.home}/late", f"{come.home}/late/1")
    return (*PAGES, chart.home, *(chart.home + p for p in BELOW), ended.home, f"{ended.home}/grade", *late)


def _wrong(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    if page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches"):
        return list(page.evaluate(CONTRAST))  # in the dark only the colours are others
    found = page.evaluate(VIOLATIONS, TAGS)
    return [*found, *(f"wider: {e}" for e in page.evaluate(WIDER)), *(f"small: {e}" for e in page.evaluate(SMALL)),
            *(f"cut: {e}" for e in page.evaluate(CUT))]  # fmt: skip


def test_every_page_is_right(page: Any, axe: str, chart: Chart, ended: Chart, come: Chart) -> None:
    found = {}
    for address in _addresses(chart, ended, come):
        page.goto(address)
        if wrong := _wrong(page, axe):
            found[address] = wrong
    assert found == {}


@pytest.mark.parametrize("state", STATES)
def test_a_chart_is_right_in_every_state(page: Any, axe: str, chart: Chart, state: str) -> None:
    page.goto("about:blank")
    page.goto(chart.home)
    STATES[state](page)
    settled(page)
    assert _wrong(page, axe) == []


def test_nothing_depends_on_colours_of_ours(opened: OPEN, chart: Chart) -> None:
    page = opened(f"{chart.home}?at=a1", forced_colors="active")
    looks = page.evaluate(
        """() => ["suggested", "accepted", "rejected"].map((status) => {
          const look = getComputedStyle(document.querySelector(`.row.${status}`));
          return look.borderLeftStyle + " " + look.borderLeftWidth; })"""
    )
    assert len(set(looks)) == 3
    marks = page.evaluate(
        """() => [...document.querySelectorAll("#text mark")].map((m) => getComputedStyle(m).borderBottomStyle)"""
    )
    assert set(marks) == {"dotted", "solid"}
    assert page.locator(".row[aria-current]").evaluate("(row) => getComputedStyle(row).outlineStyle") != "none"


def test_the_focus_is_never_under_what_sticks(opened: OPEN, chart: Chart) -> None:
    for size in (WIDE, HALF, NARROW):
        page = opened(chart.home, viewport=size)
        for _ in range(60):
            press(page, "Tab")
            hidden = page.evaluate(COVERED)
            assert hidden == "", (size, hidden)
