"""The scripts of the desk in Debian's Chromium: counting characters, keeping the focus, acting in the order of keys."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from leadterm.app.desk import Desk
from leadterm.codesets import CodeBook
from leadterm.domain import Document, Encounter
from leadterm.storage import open_database
from leadterm.web import create_app
from leadterm.web.access import Access

from .shelf import TOKEN

WIDE = {"width": 1280, "height": 900}
NOTE = (
    "CC: type 2 DM with CKD 3b 🫀.\r\n"
    "HPI: 68F with hypertension and hyperlipidemia. No fever. Mother had breast cancer.\r\r"
    "Assessment: 1. Type 2 diabetes mellitus with diabetic chronic kidney disease, stage 3b.\n"
    "2. Essential hypertension. 3. Mixed hyperlipidemia. 4. Obesity, BMI 34.\n"
)
SECOND = "Addendum: patient also has asthma, mild intermittent. e\u0301tat stable \x00 done.\n"
# What the page is asked for: where the focus is, and what is said.
STATE = """() => ({
    at: document.activeElement.id || document.activeElement.tagName,
    said: document.querySelector("dialog[open] [role=status]")?.textContent ?? said.textContent,
    saved: saved.textContent,
    trouble: trouble.hidden ? "" : trouble.textContent,
    selected: String(getSelection()),
})"""


@pytest.fixture(scope="module")
def desk(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(open_database(tmp_path_factory.mktemp("desk")), book)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(book: CodeBook, desk: Desk) -> Iterator[str]:
    """Where the desk answers."""
    import uvicorn

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(book, desk=lambda _: desk, access=Access.at(port=port, token=TOKEN))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


OPEN = Callable[..., Any]


@pytest.fixture
def opened(chromium: Any, address: str) -> Iterator[OPEN]:
    """Opens pages as the coder who is let in; fails the test when a page breaks its policy or a script fails."""
    contexts, troubles = [], []

    def open_page(path: str = "/desk", **context: Any) -> Any:
        made = chromium.new_context(base_url=address, **({"viewport": WIDE, "reduced_motion": "reduce"} | context))
        contexts.append(made)
        page = made.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(f"{path}{'&' if '?' in path else '?'}token={TOKEN}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def chart(desk: Desk) -> str:
    """A new chart with two documents, as a path."""
    encounter = Encounter(id="scripts", documents=(Document("d1", NOTE), Document("d2", SECOND, type="Addendum")))
    return f"/desk/{desk.open(encounter, 'test')}"


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def settled(page: Any) -> dict[str, str]:
    """What the page says when every answer is in."""
    page.wait_for_function(
        "!document.querySelector('dialog[open]') && document.getElementById('saved').textContent === 'Saved'"
    )
    page.wait_for_timeout(50)
    state: dict[str, str] = page.evaluate(STATE)
    return state


def test_keys_act_on_the_row_with_the_focus(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    press(page, "]", "a")
    page.wait_for_selector("#row-a1.accepted")
    assert settled(page)["at"] == "row-a1"


# --- counting ---

TEXTS = (
    "plain words",
    "🫀 heart, then 👩🏽‍⚕️ family 👨‍👩‍👧 end",
    "e\u0301tat na\u0308ive — ﷽ नमस्ते",
    "one\r\ntwo\rthree\n\nfour\r",
    "nul \ufffd here 𝕬𝖇𝖈 \u2028 line",
    "\U0010ffff\U00010000a\U0001f600",
    "",
)


def test_offsets_are_counted_as_python_counts(opened: OPEN) -> None:
    page = opened()
    found = page.evaluate(
        """async ([module, texts]) => {
            const { codePoints, utf16 } = await import(module);
            return texts.map((text) => [...text, ""].map((_, n) => {
                const units = utf16(text, n);
                return [units, codePoints(text, units)];
            }));
        }""",
        [_module(page, "offsets.js"), TEXTS],
    )
    for text, counted in zip(TEXTS, found, strict=True):
        expected = [[len(text[:n].encode("utf-16-le")) // 2, n] for n in range(len(text) + 1)]
        assert counted == expected


def _module(page: Any, name: str) -> str:
    source: str = page.locator("script[type=module]").get_attribute("src")
    return re.sub(r"desk\.js$", name, source)
