"""The desk in a browser: how long a long chart takes to be there, to jump in it, and codes to come while typing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from random import Random
from typing import Any

from .desk_chart import TOKEN
from .figures import AT_MOST, Figure, percentile
from .keystrokes import keystrokes

# From the start of the navigation to the load event and to the first paint, whichever is later.
OPENED = """() => new Promise((tell) => requestAnimationFrame(() => setTimeout(() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  tell(Math.max(performance.getEntriesByType("navigation")[0].loadEventEnd, paint));
})))"""
# From a key to the frame after which its effect is painted.
JUMPED = """(key) => new Promise((tell) => {
  const began = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
  requestAnimationFrame(() => setTimeout(() => tell(performance.now() - began)));
})"""
# From the last letter to options that answer it.
TYPED = """(words) => new Promise((tell, fail) => {
  const field = document.getElementById("find-q"), list = document.getElementById("find-options");
  const late = setTimeout(() => fail(new Error("no options for " + words)), 5000);
  const began = performance.now();
  new MutationObserver((_, watcher) => requestAnimationFrame(() => setTimeout(() => {
    watcher.disconnect(); clearTimeout(late); tell(performance.now() - began);
  }))).observe(list, {childList: true});
  field.value = words;
  field.dispatchEvent(new InputEvent("input", {bubbles: true}));
})"""


def measured(address: str, long: str, short: str, quick: bool) -> tuple[list[Figure], list[str]]:
    """The figures, and why there are none."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None or find_spec("playwright") is None:
        return [], ["Chromium or its driver is absent: no figures of the browser"]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"/desk?token={TOKEN}")
        figures = [*_opened(page, long, 2 if quick else 7), *_jumped(page, 10 if quick else 60)]
        figures += _typed(page, 10 if quick else 100, "in the long chart", None)
        page.goto(short)
        figures += _typed(page, 10 if quick else 100, "on a sample", 50)
        browser.close()
    return figures, []


def _opened(page: Any, long: str, times: int) -> Iterator[Figure]:
    spent = []
    for _ in range(times):
        page.goto("/desk")
        page.goto(long)
        spent.append(page.evaluate(OPENED))
    highlights = page.locator("#text mark, #text .said").count()
    yield Figure("the long chart, highlights", highlights, "", 5000, "at least")
    yield Figure("the long chart opens, p50", percentile(spent, 0.5), "ms")
    yield Figure("the long chart opens, max", max(spent), "ms", 1500, AT_MOST)


def _jumped(page: Any, times: int) -> Iterator[Figure]:
    """To the words of a code, and on to the next of them."""
    page.locator("[data-row]").first.focus()
    spent = []
    for number in range(times):
        spent.append(page.evaluate(JUMPED, "o"))
        if number % 4 == 3:
            page.keyboard.press("j")
    yield Figure("a jump to words in the long chart, p50", percentile(spent, 0.5), "ms")
    yield Figure("a jump to words in the long chart, p95", percentile(spent, 0.95), "ms", 50, AT_MOST)


def _typed(page: Any, times: int, where: str, floor: float | None) -> Iterator[Figure]:
    asked = keystrokes()
    Random(7).shuffle(asked)
    page.keyboard.press("c")
    page.wait_for_selector("#find[open]")
    spent = [page.evaluate(TYPED, words) for words in asked[:times]]
    page.keyboard.press("Escape")
    name = f"codes while typing {where}, key to options"
    yield Figure(f"{name}, p50", percentile(spent, 0.5), "ms")
    yield Figure(f"{name}, p95", percentile(spent, 0.95), "ms", floor, AT_MOST if floor else None)
    yield Figure(f"{name}, max", max(spent), "ms")
