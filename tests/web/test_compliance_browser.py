"""Case files for everybody: axe, sizes and widths on each page, and a case worked by keys with scripts switched off."""

from __future__ import annotations

from typing import Any

from httpx import Client

from app.case_files import signal

from .at_desk import CONTRAST, NARROW, SMALL, TAGS, VIOLATIONS, WIDE, WIDER, browsing
from .test_compliance_pages import HOME, done, told, uploaded


def _wrong(page: Any, axe: str, how: str) -> list[str]:
    if how == "narrow":
        return [*page.evaluate(WIDER), *page.evaluate(SMALL)]
    page.evaluate(axe)
    return list(page.evaluate(CONTRAST)) if how == "dark" else [*page.evaluate(VIOLATIONS, TAGS), *page.evaluate(SMALL)]


def test_every_page_is_right(chromium: Any, desk_address: str, desk: Client, axe: str) -> None:
    worked, closed = (str(uploaded(desk, signal(year=year)).headers["location"]) for year in (2101, 2102))
    done(desk, worked, "evidence", evidence="claim", id="C1")
    done(desk, worked, "date", event="identified", day="2026-03-01")
    done(desk, worked, "undo:2")
    done(desk, closed, "assign", person="Wolfeschlegelsteinhausenbergerdorff-Quillfeather-" * 2)
    done(desk, closed, "close", disposition="referred", reason="To counsel.")
    addresses = (HOME, worked, closed, f"{HOME}/clock?identified=2026-03-01&received=2019-01-01")
    found = {}
    with browsing(chromium, desk_address) as open_page:
        for how, size in (("light", WIDE), ("dark", WIDE), ("narrow", NARROW)):
            page = open_page(HOME, viewport=size, color_scheme="dark" if how == "dark" else "light")
            for address in addresses[1:2] if how == "dark" else addresses:
                page.goto(address)
                if wrong := _wrong(page, axe, how):
                    found[address, how] = wrong
        page.goto(worked)
        page.emulate_media(media="print")
        assert not page.get_by_role("button", include_hidden=False).count()
        assert page.get_by_role("row", name="evidence").first.is_visible()
    assert found == {}


def test_a_case_is_worked_by_keys_without_scripts(chromium: Any, desk_address: str, desk: Client) -> None:
    case = str(uploaded(desk, signal(year=2103)).headers["location"])
    with browsing(chromium, desk_address) as open_page:
        page = open_page(case, java_script_enabled=False)
        page.get_by_label("What to remember").focus()
        page.keyboard.type("Asked the practice.")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.get_by_role("button", name="Undo event 2").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator("tr.undone").count() == 1
    assert [(e["kind"], e["stands"]) for e in told(desk, case)["events"]] == [
        ("open", True),
        ("note", False),
        ("undo", True),
    ]
