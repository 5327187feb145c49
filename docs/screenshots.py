"""`python -m docs.screenshots`: the pictures of the how-to pages, taken of the desk as it is over the sample charts.

Needs Debian's Chromium and its driver (the extra `[dev]`). Writes docs/how-to/images/desk-*.png, 1280 wide.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from tests.web.at_desk import TOKEN, press
from tests.web.shelf import serving

from leadterm.app.desk import Desk
from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.store import data_home
from leadterm.storage import open_database

IMAGES = Path(__file__).parent / "how-to" / "images"
CHART = "Diabetes, CKD, hypertension"
OTHERS = ("Pneumonia discharge", "Heart failure clinic", "Ankle fracture emergency")
LARGEST = 200_000
WIDE = {"width": 1280, "height": 640}
# What a phone shows is laid on a sheet as wide as the other pictures.
NARROW = {"width": 390, "height": 600}


def main() -> int:
    """Takes every picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="leadterm-pictures-") as folder, sync_playwright() as playwright:

        def desk(book: CodeBook) -> Desk:
            return Desk(open_database(Path(folder), f"sqlite:///{folder}/desk.db"), book)

        with serving(open_book(data_home()), desk=desk) as address:
            path = os.environ.get("CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
            _prepare(_page(browser, address))
            for name, take in PICTURES.items():
                take(_page(browser, address, name), IMAGES / f"desk-{name}.png")
            browser.close()
    large = [file.name for file in IMAGES.glob("desk-*.png") if file.stat().st_size > LARGEST]
    print(*(f"{file.name} {file.stat().st_size // 1000} kB" for file in sorted(IMAGES.glob("desk-*.png"))), sep="\n")
    return int(bool(large))


def _page(browser: Any, address: str, name: str = "") -> Any:
    context = browser.new_context(
        base_url=address,
        viewport=NARROW if name == "narrow" else WIDE,
        color_scheme="dark" if name == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"/desk?token={TOKEN}")
    return page


def _prepare(page: Any) -> None:
    """A queue with charts in every state."""
    page.goto("/desk/settings")
    page.locator("[name=name]").fill("J. Rivera, CCS")
    page.get_by_role("button", name="Keep", exact=True).click()
    for title in (*OTHERS, CHART):
        page.goto("/desk")
        page.get_by_role("button", name=title).click()
        page.wait_for_selector(".row")
        press(page, *(("]", "a") * 3), "]", "r", "5", "]")
        page.wait_for_selector(".row.rejected")


def _chart(page: Any) -> None:
    page.goto("/desk")
    page.get_by_role("link", name=CHART).click()
    page.wait_for_selector(".row")
    press(page, "s", "Home", "j", "j", "]")
    page.wait_for_timeout(400)


def _queue(page: Any, file: Path) -> None:
    page.goto("/desk")
    _taken(page, file)


def _of_chart(*keys: str, until: str = "") -> Callable[[Any, Path], None]:
    def take(page: Any, file: Path) -> None:
        _chart(page)
        press(page, *keys)
        if until:
            page.wait_for_selector(until)
        page.wait_for_timeout(400)
        _taken(page, file)

    return take


def _findings(page: Any, file: Path) -> None:
    """A code that does not go with another, and what the desk says of it."""
    _chart(page)
    press(page, "c")
    page.keyboard.type("E10.9")
    page.wait_for_selector("#find-options [data-code='E10.9']")
    press(page, "Enter")
    page.wait_for_selector(".row[data-code='E10.9']")
    press(page, "f")
    page.locator("#findings").evaluate("(e) => e.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(400)
    _taken(page, file)
    press(page, "u")
    page.wait_for_selector(".row[data-code='E10.9']", state="detached")


SHEET = """<style>
body {{ margin: 0; height: 640px; display: flex; gap: 27px; justify-content: center; align-items: center }}
html {{ background: #d8d3c7 }} img {{ width: 390px; border-radius: 8px }}</style>{}"""


def _narrow(page: Any, file: Path) -> None:
    """The queue, the text, and why: three windows side by side."""
    shots = [page.screenshot()]
    _chart(page)
    page.evaluate("() => scrollTo(0, 0)")
    shots.append(page.screenshot())
    press(page, "w")
    page.wait_for_selector(".why-panel")
    page.locator(".row:has(.why-panel)").evaluate("(row) => row.scrollIntoView()")
    page.wait_for_timeout(400)
    shots.append(page.screenshot())
    page.goto("about:blank")
    page.set_viewport_size(WIDE)
    images = (f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots)
    page.set_content(SHEET.format("".join(images)))
    page.wait_for_timeout(200)
    _taken(page, file)


def _taken(page: Any, file: Path) -> None:
    page.screenshot(path=file)


PICTURES: dict[str, Callable[[Any, Path], None]] = {
    "queue": _queue,
    "chart": _of_chart(),
    "why": _of_chart("w", until=".why-panel"),
    "findings": _findings,
    "dark": _of_chart("m"),
    "narrow": _narrow,
}

if __name__ == "__main__":
    sys.exit(main())
