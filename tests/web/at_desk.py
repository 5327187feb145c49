"""The desk in a real browser: pages that fail their test when something is wrong, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .shelf import TOKEN

WIDE = {"width": 1280, "height": 900}
# 320 CSS pixels: what WCAG 1.4.10 asks for; and 1280 by 900 at 200 %.
NARROW = {"width": 320, "height": 800}
HALF = {"width": 640, "height": 450}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = """(tags) => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]}).then(
  (r) => r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140)).join(" | ")))"""
CONTRAST = """() => axe.run(document, {runOnly: {type: "rule", values: ["color-contrast"]}}).then(
  (r) => r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140)).join(" | ")))"""
# Everything that is pressed and neither a word within a sentence (2.5.8, inline) nor as large as it must be.
SMALL = """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, summary, textarea, a[href]")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length && !e.closest(".skip"))
  .filter((e) => e.tagName !== "A" || !e.parentElement.closest("p, li, td, dd, span:not([id])"))
  .map((e) => [e, (e.type === "checkbox" && e.closest("label") || e).getBoundingClientRect()])
  .filter(([e, r]) => r.height < 23.5 || r.width < 23.5)
  .map(([e, r]) => `${e.outerHTML.slice(0, 90)} ${r.width}x${r.height}`)"""
WIDER = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(-3).map((e) => e.outerHTML.slice(0, 120))"""
# What stands in a box that cuts it off without a way to scroll there.
CUT = """() => [...document.querySelectorAll(".row *, .bar *, .finding *, dialog[open] *")]
  .filter((e) => e.checkVisibility() && getComputedStyle(e).overflow === "hidden" && !e.closest(".hidden"))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""
# Until every answer has been put into the page: what the page itself says, not only what the network has seen.
QUIET = """async () => {
  const script = document.querySelector("script[type=module]").src;
  const { busy } = await import(script.replace(/desk[.]js$/, "actions.js"));
  do await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  while (busy() || document.querySelector(".htmx-request"));
}"""
OPEN = Callable[..., Any]
ASKED: dict[Any, set[Any]] = {}


@contextmanager
def browsing(chromium: Any, address: str) -> Iterator[OPEN]:
    """Opens pages as the coder; fails when one breaks its policy, a script of it fails, or it asks elsewhere."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def open_page(path: str = "/desk", **context: Any) -> Any:
        made = chromium.new_context(base_url=address, **({"viewport": WIDE, "reduced_motion": "reduce"} | context))
        contexts.append(made)
        page = made.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if _is_trouble(m) else None)
        page.on("request", lambda r: troubles.append(r.url) if not r.url.startswith(address) else None)
        under_way(page)
        page.goto(f"{path}{'&' if '?' in path else '?'}token={TOKEN}")
        if context.get("java_script_enabled", True):
            ready(page)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            ASKED.pop(page, None)
        context.close()
    assert not troubles, troubles


def _is_trouble(message: Any) -> bool:
    text = message.text
    if "status of 4" in text or text.startswith(("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")):
        return False  # a refusal; a page or a search that was left while an answer was on its way
    return "Content Security Policy" in text or message.type == "error"


def ready(page: Any) -> None:
    """Waits until the scripts of the page have followed the address and hear keys."""
    page.wait_for_selector("body[data-ready]")


def again(page: Any) -> None:
    """Loads the page again, until it is ready."""
    page.reload()
    ready(page)


def press(page: Any, *keys: str) -> None:
    """Presses keys, one after another."""
    for key in keys:
        page.keyboard.press(key)


def under_way(page: Any) -> None:
    """Keeps count of what was asked and is not answered yet."""
    asked = ASKED[page] = set()
    page.on("request", lambda request: asked.add(request))
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda request: asked.discard(request))


def settled(page: Any) -> None:
    """Waits until nothing is on its way to the desk, and what came from there is in the page."""
    page.wait_for_timeout(20)
    while ASKED[page]:
        page.wait_for_timeout(5)
    page.evaluate(QUIET)


def where(page: Any) -> str:
    """What has the focus: its id, else its name and words."""
    script = "(e => e.id || e.tagName + ' ' + (e.innerText ?? '').trim().slice(0, 30))(document.activeElement)"
    return str(page.evaluate(script))


def is_lost(page: Any) -> bool:
    """Whether the focus is nowhere, or in something that is not seen."""
    script = "document.activeElement === document.body || !document.activeElement.checkVisibility()"
    return bool(page.evaluate(script))
