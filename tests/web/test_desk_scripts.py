"""The scripts of the desk in Debian's Chromium: counting characters, keeping the focus, acting in the order of keys."""

from __future__ import annotations

import asyncio
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest

from leadterm.app.desk import Desk
from leadterm.codesets import CodeBook
from leadterm.domain import Document, Encounter, Setting
from leadterm.storage import open_database
from leadterm.web import create_app
from leadterm.web.access import Access

from .at_desk import again, press, ready
from .shelf import TOKEN

WIDE = {"width": 1280, "height": 900}
NOTE = (
    "CC: type 2 DM with CKD 3b 🫀.\r\n"
    "HPI: 68F with hypertension and hyperlipidemia. No fever. Mother had breast cancer.\r\r"
    "Assessment: 1. Type 2 diabetes mellitus with diabetic chronic kidney disease, stage 3b.\n"
    "2. Essential hypertension. 3. Mixed hyperlipidemia. 4. Obesity, BMI 34.\n"
)
SECOND = "Addendum: patient also has asthma, mild intermittent. e\u0301tat stable \x00 done.\n"
SHOWN = SECOND.replace("\0", "\ufffd")
GONE = "Not saved: the desk does not answer. Nothing after the last tick was kept."
TEXTS = (
    NOTE,
    SECOND,
    "🫀 heart, then 👩🏽‍⚕️ family 👨‍👩‍👧 end",
    "e\u0301tat na\u0308ive — ﷽ नमस्ते",
    "nul \ufffd here 𝕬𝖇𝖈 \u2028 line",
    "\U0010ffff\U00010000a\U0001f600",
    "",
)
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


class Line:
    """What lies between the pages and the desk: it takes its time, refuses what is asked, or loses the answer."""

    pause = 0.0
    refuse = ""
    lose = False

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        acting = scope.get("method") == "POST"
        if acting:
            await asyncio.sleep(Line.pause)
        if acting and Line.refuse:
            await _answer(send, 409, Line.refuse.encode())
        elif acting and Line.lose:
            await self.app(scope, receive, _unheard)
            await _begin(send, 200, 1)  # of one byte, which never comes: the server then closes the connection
        else:
            await self.app(scope, receive, send)


async def _begin(send: Any, status: int, length: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % length)]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _answer(send: Any, status: int, body: bytes) -> None:
    await _begin(send, status, len(body))
    await send({"type": "http.response.body", "body": body})


async def _unheard(message: Any) -> None:
    """Where an answer goes that is lost."""


@pytest.fixture(scope="module")
def address(book: CodeBook, desk: Desk) -> Iterator[str]:
    """Where the desk answers."""
    import uvicorn

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(book, desk=lambda _: desk, access=Access.at(port=port, token=TOKEN))
    server = uvicorn.Server(uvicorn.Config(Line(app), port=port, log_level="critical", access_log=False, ws="none"))
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
        if context.get("java_script_enabled", True):
            ready(page)
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


@pytest.fixture(scope="module")
def read(desk: Desk) -> str:
    """Such a chart, on which nothing is done."""
    encounter = Encounter(id="read", documents=(Document("d1", NOTE), Document("d2", SECOND, type="Addendum")))
    return f"/desk/{desk.open(encounter, 'test')}"


@pytest.fixture
def stay(desk: Desk) -> str:
    """A new chart of a stay in hospital, as a path."""
    stayed = Encounter(id="stay", documents=(Document("d1", NOTE),), setting=Setting.INPATIENT)
    return f"/desk/{desk.open(stayed, 'test')}"


def state(page: Any) -> dict[str, str]:
    """What the page says when every answer is in and what followed from it is done."""
    page.evaluate(
        """async (address) => {
            const { busy } = await import(address);
            do await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
            while (busy());
        }""",
        module(page, "actions.js"),
    )
    found: dict[str, str] = page.evaluate(STATE)
    return found


def module(page: Any, name: str) -> str:
    """The address of a script of the desk."""
    source: str = page.locator("script[type=module]").get_attribute("src")
    return re.sub(r"desk\.js$", name, source)


class Wire:
    """The posts of a page, noted with what they asked for. Nothing is held up in the browser, which may hang then."""

    def __init__(self, page: Any) -> None:
        self.asked: list[dict[str, str]] = []
        page.on("request", self._note)

    @property
    def did(self) -> list[str]:
        return [fields["do"] for fields in self.asked]

    def _note(self, request: Any) -> None:
        if request.method == "POST":
            self.asked.append(dict(parse_qsl(request.post_data, keep_blank_values=True)))


# --- actions, in the order of the keys ---


def test_keys_wait_for_the_answer_before_them(opened: OPEN, chart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(chart)
    wire = Wire(page)
    monkeypatch.setattr(Line, "pause", 0.15)
    press(page, "]", "a", "a", "a", "j", "a")
    page.wait_for_selector("#row-a2.accepted")
    assert wire.did == ["accept:a1", "accept:a2"]
    assert [fields["version"] for fields in wire.asked] == ["0", "1"]
    assert state(page)["at"] == "row-a2"


def test_what_is_typed_while_waiting_reaches_the_dialog_that_opens(
    opened: OPEN, chart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(chart)
    wire = Wire(page)
    monkeypatch.setattr(Line, "pause", 0.15)
    press(page, "]", "a", "j", "r", "2", "c")
    page.keyboard.type("e119")
    press(page, "Enter")
    page.wait_for_selector("li[data-code='E11.9']")
    assert wire.did == ["accept:a1", "reject:a2", "add"]
    assert wire.asked[1]["reason"] == "history"
    assert wire.asked[2] | {"code": "E11.9", "system": "icd10cm", "method": "search"} == wire.asked[2]


def test_a_pointer_lets_waiting_keys_go(opened: OPEN, chart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(chart)
    wire = Wire(page)
    monkeypatch.setattr(Line, "pause", 0.6)
    other = page.locator("#row-a4 .code").bounding_box()
    press(page, "]", "a", "j", "a")
    page.mouse.click(other["x"] + 2, other["y"] + 2)
    page.wait_for_selector("#row-a1.accepted")
    assert state(page)["at"] == "row-a4"
    assert wire.did == ["accept:a1"]


def test_a_button_pressed_twice_acts_once(opened: OPEN, chart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(chart)
    wire = Wire(page)
    monkeypatch.setattr(Line, "pause", 0.1)
    page.locator("#accept-a1").dblclick()
    page.locator("#accept-a2").click()
    page.wait_for_selector("#row-a2.accepted")
    assert wire.did == ["accept:a1", "accept:a2"]


def test_nothing_is_lost_while_the_desk_does_not_answer(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    wire = Wire(page)
    page.context.set_offline(True)
    press(page, "]", "a", "j", "a", "j")
    page.wait_for_selector("#trouble:not([hidden])")
    shown = page.evaluate(STATE)
    assert shown["trouble"] == GONE + " Retry"
    assert shown["saved"] == "Not saved"
    assert page.locator("#saved.failed").count() == 1
    assert shown["at"] == "row-a3"
    page.context.set_offline(False)
    page.get_by_role("button", name="Retry").focus()
    press(page, "Enter")
    page.wait_for_selector("#row-a2.accepted")
    assert wire.did == ["accept:a1", "accept:a1", "accept:a2"]
    assert state(page) | {"at": "row-a3", "trouble": ""} == state(page)


def test_an_action_whose_answer_was_lost_is_done_once(
    opened: OPEN, chart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(chart)
    before = page.locator("#rows-0 .code").all_inner_texts()
    monkeypatch.setattr(Line, "lose", True)
    press(page, "]", "Alt+ArrowDown")
    page.wait_for_selector("#trouble:not([hidden])")
    monkeypatch.setattr(Line, "lose", False)
    page.get_by_role("button", name="Retry").click()
    page.wait_for_selector("#trouble[hidden]", state="attached")
    assert state(page)["at"] == "row-a1"
    assert page.locator("#rows-0 .code").all_inner_texts() == [before[1], before[0], *before[2:]]


def test_a_refused_action_says_why_and_the_next_one_clears_it(
    opened: OPEN, chart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(chart)
    why = "It cannot be done on a Sunday."
    monkeypatch.setattr(Line, "refuse", why)
    press(page, "]", "a")
    page.wait_for_selector("#trouble:not([hidden])")
    assert state(page) | {"trouble": why, "at": "row-a1", "saved": "Saved"} == state(page)
    press(page, "Escape")
    assert state(page)["trouble"] == ""
    press(page, "a")
    page.wait_for_selector("#trouble:not([hidden])")
    monkeypatch.setattr(Line, "refuse", "")
    press(page, "a")
    page.wait_for_selector("#row-a1.accepted")
    assert state(page) | {"trouble": "", "at": "row-a1"} == state(page)


def test_an_indicator_is_sent_when_it_is_chosen_and_stands_again_when_it_is_refused(
    opened: OPEN, stay: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(stay)
    wire = Wire(page)
    press(page, "]", "p", "N")
    page.wait_for_selector("#version[value='1']", state="attached")
    assert wire.asked[0] | {"do": "poa:a1", "poa": "N"} == wire.asked[0]
    assert state(page)["at"] == "poa-a1"
    monkeypatch.setattr(Line, "refuse", "No.")
    press(page, "Y")
    page.wait_for_selector("#trouble:not([hidden])")
    assert page.locator("#poa-a1").input_value() == "N"
    press(page, "Escape")
    assert state(page)["at"] == "row-a1"


def test_what_cannot_be_done_is_said_and_not_sent(opened: OPEN, read: str) -> None:
    page = opened(read)
    wire = Wire(page)
    press(page, "a")
    assert state(page)["said"] == "Choose a code first: no code has the focus."
    press(page, "u")
    assert state(page)["said"] == "There is nothing to undo."
    press(page, "F")
    assert state(page)["said"].startswith("It cannot be finished yet: ")
    assert page.evaluate("document.activeElement.closest('#obstacles') !== null")
    press(page, "s", "Alt+ArrowUp")
    assert state(page)["said"] == "It is the first already."
    assert wire.did == []


# --- the focus ---

ROW = (
    '<li class="row accepted" id="row-a1" data-row="a1" data-code="I10" data-status="accepted" tabindex="-1"'
    ' hx-swap-oob="true">%s</li>'
)
LIST = '<ol id="rows-0" class="rows" hx-swap-oob="true">%s</ol>'
PLAIN = '<li class="row" id="row-%s" data-row="%s" data-code="I10" data-status="%s" tabindex="-1"></li>'
FINDINGS = '<section id="findings" hx-swap-oob="true">%s</section>'
BLOCK = f'<p class="block" id="t-0-0" data-start="0" hx-swap-oob="true">{NOTE[:30]}</p>'
PANEL = '<a href="#" aria-controls="details-a1">Why</a><div id="details-a1" class="details" hidden></div>'


def listed(*rows: str) -> str:
    return LIST % "".join(PLAIN % (name, name, status) for name, _, status in (row.partition(" ") for row in rows))


# What has the focus, what is swapped in, and what has the focus then.
SWAPS = {
    "a row": ("#row-a1", ROW % "", "row-a1"),
    "a button that is there again": ("#accept-a1", ROW % '<button id="accept-a1">Accept</button>', "accept-a1"),
    "a button that is gone": ("#accept-a1", ROW % "", "row-a1"),
    "a button without an id": ("#row-a1 [data-act=jump]", ROW % "", "row-a1"),
    "a list": ("#row-a2", listed("a1 suggested", "a2 suggested"), "row-a2"),
    "a list in another order": ("#row-a1", listed("a2 suggested", "a3 suggested", "a1 suggested"), "row-a1"),
    "a list without the row": ("#row-a2", listed("a1 suggested", "a3 suggested"), "row-a3"),
    "a list without the last row": ("#row-a3", listed("a1 suggested", "a2 suggested"), "row-a2"),
    "a list that ends": ("#row-a1", listed(), "codes"),
    "a row that is rejected and goes behind": ("#row-a1", listed("a2 suggested", "a1 rejected"), "row-a2"),
    "the last one rejected": ("#row-a2", listed("a1 rejected", "a2 rejected"), "row-a2"),
    "a finding that is solved": (
        "#finding-f1",
        FINDINGS % '<ul><li data-finding="f2" id="finding-f2" tabindex="-1"></li></ul>',
        "finding-f2",
    ),
    "the last finding": ("#finding-f1", FINDINGS % "", "row-a1"),
    "the bar": (
        "#undo",
        '<div id="actions" hx-swap-oob="true"><output id="saved">Saved</output><button id="undo">Undo</button></div>',
        "undo",
    ),
    "the text": ("#text", BLOCK, "text"),
    "nothing of what has it": ("#row-a1", '<p id="said" hx-swap-oob="true">Done.</p>', "row-a1"),
}
PARTS = """
    document.getElementById("findings").innerHTML =
        '<ul><li data-finding="f1" id="finding-f1" tabindex="-1"></li></ul>';
"""


def test_the_focus_is_kept_over_every_swap(opened: OPEN, read: str) -> None:
    page = opened(read)
    kept = {}
    for kind, (holder, html, _) in SWAPS.items():
        page.goto(read)
        page.evaluate(PARTS)
        if kind == "a list that ends":
            page.evaluate("document.querySelectorAll('.rows:not(#rows-0)').forEach((list) => list.replaceChildren())")
        page.locator(holder).first.focus()
        swap(page, html)
        kept[kind] = page.evaluate("document.activeElement.id")
    assert kept == {kind: then for kind, (_, _, then) in SWAPS.items()}


def swap(page: Any, html: str) -> None:
    """Swaps a piece in as the answer to an action is."""
    page.evaluate(
        """async ([address, html]) => (await import(address)).keep(() =>
            htmx.swap(document.body, html, { swapStyle: "none", swapDelay: 0, settleDelay: 0 }))""",
        [module(page, "keeper.js"), html],
    )


def test_what_is_typed_stays_with_its_caret(opened: OPEN, read: str) -> None:
    page = opened(read)
    field = (
        '<section id="queries" hx-swap-oob="true"><div class="query"><textarea id="draft">%s</textarea></div></section>'
    )
    swap(page, field % "From the desk.")
    page.locator("#draft").fill("From the coder.")
    page.evaluate("draft.setSelectionRange(5, 8, 'backward')")
    swap(page, field % "From the desk.")
    assert page.evaluate("[draft.value, draft.selectionStart, draft.selectionEnd]") == ["From the coder.", 5, 8]
    assert page.evaluate("document.activeElement.id") == "draft"
    swap(page, field % "Kept by the desk.")
    assert page.locator("#draft").input_value() == "Kept by the desk."


def test_what_is_open_stays_open(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    press(page, "]", "e")
    page.wait_for_selector("#details-a1 input:focus")
    page.keyboard.type("7")
    page.evaluate("document.activeElement.setSelectionRange(0, 1)")
    page.locator("#out summary").evaluate("(summary) => (summary.parentElement.open = true)")
    swap(page, ROW % PANEL + '<details id="out" hx-swap-oob="true"><summary>Out</summary></details>')
    assert page.locator("#details-a1").is_visible()
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["place", "7"]
    assert page.locator("[aria-controls=details-a1]").get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.getElementById('out').open")


def test_the_reader_is_not_moved_by_an_action(opened: OPEN, desk: Desk) -> None:
    long = "\n".join(
        f"Day {n}: hypertension, type 2 diabetes mellitus, asthma. " + "Slept well. " * 30 for n in range(60)
    )
    page = opened(f"/desk/{desk.open(Encounter(id='long', documents=(Document('d1', long),)), 'test')}")
    press(page, "]")
    page.evaluate("document.getElementById('text').scrollTop = 4000")
    # Blocks that come into view are laid out one after another: what is seen stands when many frames show the same.
    seen = """async () => {
        const look = () => {
            const block = document.elementFromPoint(200, 400).closest(".block");
            return [block.id, block.getBoundingClientRect().top];
        };
        let last = look();
        for (let same = 0; same < 10; same += 1) {
            await new Promise(requestAnimationFrame);
            const now = look();
            if (String(now) !== String(last)) same = -1;
            last = now;
        }
        return last;
    }"""
    before = page.evaluate(seen)
    press(page, "a")
    page.wait_for_selector("#row-a1.accepted")
    state(page)
    assert page.evaluate(seen) == [before[0], pytest.approx(before[1], abs=1)]


def test_fields_of_a_panel_keep_the_focus_when_they_are_sent(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    wire = Wire(page)
    press(page, "]", "e")
    page.wait_for_selector("#details-a1 input:focus")
    press(page, "3", "Enter")
    page.wait_for_selector("#rows-0 li:nth-child(3)#row-a1")
    page.wait_for_selector("#details-a1 input[name=place][value='3']")
    assert wire.asked[0] | {"do": "move:a1", "place": "3"} == wire.asked[0]
    assert page.evaluate("document.activeElement.name") == "place"
    press(page, "Escape")
    assert state(page)["at"] == "row-a1"


def test_dialogs_give_the_focus_back(opened: OPEN, read: str) -> None:
    page = opened(read)
    press(page, "]")
    for keys in ("?", "r", "c", "x"):
        press(page, keys)
        assert page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")
        press(page, "Escape")
        assert state(page)["at"] == "row-a1"
    page.locator("#replace-a1").focus()
    press(page, "Enter", "Escape")
    assert state(page)["at"] == "replace-a1"


def test_a_finding_is_gone_to_and_permitted_with_a_reason(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    wire = Wire(page)
    press(page, "]", "c")
    page.keyboard.type("E10.9")
    press(page, "Enter")
    page.wait_for_selector("[data-act=permit]")
    page.locator("[data-finding]").first.focus()
    press(page, "Enter")
    assert state(page)["at"].startswith("row-")
    button = page.locator("[data-act=permit]").first
    name = button.get_attribute("value")
    button.focus()
    press(page, "Enter")
    assert "Excludes1" in page.locator("#permit-about").inner_text()
    page.locator("#permit-do").click()
    assert page.locator("#permit-reason[aria-invalid=true]:focus").count() == 1
    page.keyboard.type("Unrelated conditions.")
    press(page, "Tab", "Enter")
    page.wait_for_selector(f"#finding-{name}.permitted")
    assert wire.asked[-1] | {"do": f"permit:{name}", "reason": "Unrelated conditions."} == wire.asked[-1]
    assert page.evaluate("document.activeElement.closest('[data-finding]').dataset.finding") == name


def test_a_query_is_written_without_losing_the_place(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    wire = Wire(page)
    press(page, "q")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    press(page, "Enter", "Tab")
    press(page, "Control+End")
    page.keyboard.type("au")
    page.locator("#queries details[open] button").first.click()
    page.wait_for_selector("#version[value='1']", state="attached")
    assert wire.did[0].startswith("query:")
    assert wire.asked[0]["text"].endswith("au")
    assert page.locator("#queries details[open] textarea").input_value().endswith("au")
    assert page.evaluate("document.activeElement.closest('#queries details[open]') !== null")


def test_a_chart_is_finished_by_keys_alone(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    left = page.locator(".row.suggested").count()
    for _ in range(left):
        press(page, "]", "a")
    page.wait_for_selector("#open-count:text-is('all decided')")
    press(page, "]")
    assert state(page)["said"] == "Every suggestion is decided."
    press(page, "F")
    page.wait_for_selector("#finish[value=reopen]")
    press(page, "F")
    page.wait_for_selector("#finish[value=finish]")
    assert state(page)["at"].startswith("row-")


# Keys that somebody may press in any order; none of them leaves the page.
RANDOM = (
    *(
        "j",
        "k",
        "]",
        "[",
        "a",
        "a",
        "a",
        "r",
        "1",
        "9",
        "z",
        "u",
        "U",
        "w",
        "e",
        "Escape",
        "Escape",
        "o",
        "t",
        "s",
        "f",
    ),
    *("ArrowRight", "Shift+ArrowDown", "ArrowUp", "Enter", "m", "n", "b", "F6", "v", "Alt+ArrowUp", "Alt+ArrowDown"),
)
# The page without what scripts add to it.
BARE = """() => ["codes", "text"].map((id) => {
    const copy = document.getElementById(id).cloneNode(true);
    copy.querySelectorAll(".details, #worth, #out").forEach((each) => each.remove());
    const named = ([name, value]) => name === "class" ? value.replace(/ ?(linked|lit|jumped)/g, "") : value;
    const kept = ["class", "id", "value", "data-status", "data-codes", "aria-disabled", "hidden"];
    const words = (each) => each.childElementCount ? "" : each.textContent.replace(/\\s+/g, " ");
    const told = (each) => kept.map((name) => named([name, each.getAttribute(name) ?? ""])).join("|") + words(each);
    return [...copy.querySelectorAll("*")].map(told);
})"""


def test_after_any_keys_the_page_is_what_a_fresh_one_is(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    chance = random.Random(11)
    press(page, "]")
    for _ in range(3):
        press(page, *chance.choices(RANDOM, k=40), "Escape", "Escape")
        state(page)
        assert not page.evaluate("document.activeElement === document.body")
        shown, fresh = page.evaluate(BARE), page.context.new_page()
        fresh.goto(page.url)
        assert fresh.evaluate(BARE) == shown
        fresh.close()


# --- the text ---


def test_offsets_are_counted_as_python_counts(opened: OPEN) -> None:
    page = opened()
    found = page.evaluate(
        """async ([address, texts]) => {
            const { codePoints, utf16 } = await import(address);
            return texts.map((text) => [...text, ""].map((_, n) => [utf16(text, n), codePoints(text, utf16(text, n))]));
        }""",
        [module(page, "offsets.js"), TEXTS],
    )
    for text, counted in zip(TEXTS, found, strict=True):
        assert counted == [[len(text[:n].encode("utf-16-le")) // 2, n] for n in range(len(text) + 1)]


def test_every_selection_is_sent_as_python_counts_it(opened: OPEN, read: str) -> None:
    page = opened(read)
    chance = random.Random(7)
    spans = [sorted(chance.sample(range(len(NOTE) + 1), 2)) for _ in range(300)]
    spans += [[n, n + 1] for n in range(len(NOTE))]
    found = page.evaluate(
        """async ([address, spans]) => {
            const { rangeOf, selected } = await import(address);
            return spans.map(([start, end]) => selected(rangeOf({ document: "d1", start, end })));
        }""",
        [module(page, "text.js"), spans],
    )
    for (start, end), quote in zip(spans, found, strict=True):
        words = NOTE[start:end]
        if not words.strip():
            assert quote is None
            continue
        begin = start + len(words) - len(words.lstrip())
        expected = {"document": "d1", "start": begin, "end": begin + len(words.strip()), "text": words.strip()}
        assert quote == expected


# Where a selection begins and ends, and what of it is meant.
ENDS = {
    "[t0, 0, t1, t1.childNodes.length]": NOTE.strip(),  # over two documents: the first
    "[text, 0, text, text.childElementCount]": NOTE.strip(),
    "[document.body, 0, document.body, document.body.childElementCount]": NOTE.strip(),
    "[document.querySelector('#doc-1 h3').firstChild, 2, t1, t1.childNodes.length]": SHOWN.strip(),
    "[t0, 0, t0, 0]": None,
    "[document.querySelector('#codes'), 0, document.querySelector('#codes'), 1]": None,
}


def test_a_selection_is_cut_to_one_document(opened: OPEN, read: str) -> None:
    page = opened(read)
    for ends, words in ENDS.items():
        quote = page.evaluate(
            f"""async (address) => {{
                const [t0, t1] = [document.querySelector("#doc-0 .block"), document.querySelector("#doc-1 .block")];
                getSelection().setBaseAndExtent(...{ends});
                return (await import(address)).selected();
            }}""",
            module(page, "text.js"),
        )
        assert (quote and quote["text"]) == words
        if words:
            assert {"d1": NOTE, "d2": SHOWN}[quote["document"]][quote["start"] : quote["end"]] == words


def test_arrows_select_words_and_lines(opened: OPEN, read: str) -> None:
    page = opened(read)
    steps = (
        ("t", "CC"),
        ("ArrowRight", "type"),
        ("Shift+ArrowRight", "type 2"),
        ("Shift+ArrowRight", "type 2 DM"),
        ("Shift+ArrowLeft", "type 2"),
        ("ArrowRight", "DM"),
        ("End", "3b"),
        ("ArrowRight", "HPI"),
        ("Shift+ArrowLeft", "3b 🫀.\r\nHPI"),
        ("ArrowLeft", "CKD"),
        ("Home", "CC"),
        ("ArrowDown", "HPI"),
        ("ArrowUp", "CC"),
        ("ArrowLeft", "CC"),
    )
    for key, words in steps:
        press(page, key)
        assert page.evaluate("getSelection().toString()").replace("\r\n", "\n") == words.replace("\r\n", "\n"), key


def test_selected_words_light_up_their_codes(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    code = page.locator("#row-a1").get_attribute("data-code")
    press(page, "]", "a")
    page.wait_for_selector("#row-a1.accepted")
    assert page.locator("mark.lit").count() == page.locator("mark[data-codes~=a1]").count() > 0
    words = page.locator("mark[data-codes~=a1]").first
    press(page, "t")
    words.evaluate("(mark) => getSelection().selectAllChildren(mark)")
    page.wait_for_selector("#row-a1.linked")
    assert f"{code}, accepted" in state(page)["said"]
    press(page, "k", "t", "Enter")
    assert state(page)["at"].startswith("row-")
    page.locator("#text").focus()
    words.evaluate("(mark) => getSelection().collapse(mark.firstChild, 1)")
    page.wait_for_selector(".linked")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.classList.contains('linked')")


def test_words_become_the_evidence_of_a_code(opened: OPEN, chart: str) -> None:
    page = opened(chart)
    wire = Wire(page)
    start = NOTE.index("fever")
    page.locator("#text").focus()
    page.evaluate(
        "async ([address, start]) => (await import(address)).select({ document: 'd1', start, end: start + 5 })",
        [module(page, "text.js"), start],
    )
    press(page, "c")
    assert page.locator("#find-quote").inner_text() == "“fever”"
    page.wait_for_selector("#find-0")
    press(page, "Enter")
    assert page.evaluate(STATE)["said"] == "Choose a code from the list with the arrows."
    press(page, "ArrowDown", "Enter")
    page.wait_for_selector("#version[value='1']", state="attached")
    sent = wire.asked[0]
    assert sent | {"do": "add", "method": "text", "document": "d1", "start": str(start), "end": str(start + 5)} == sent
    assert state(page) | {"at": "text", "selected": "fever"} == state(page)


def test_many_marks_are_lit_and_reached_at_once(opened: OPEN, read: str) -> None:
    page = opened(read)
    took = page.evaluate(
        """async (address) => {
            const { light, marksOf, showWords } = await import(address);
            const article = document.getElementById("doc-0");
            const text = Array.from({ length: 2500 }, (_, n) => `<p class="block" id="t-0-${9000 + n * 600}"
                data-start="${9000 + n * 600}">${"word ".repeat(100)}<mark data-codes="a1 a2">one</mark>
                and <mark data-codes="b${n}">two</mark></p>`).join("");
            article.insertAdjacentHTML("beforeend", text);
            marksOf("a1");
            for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
            const times = [];
            for (const [id, how] of [["a1", "seen"], ["b2400", "jump"], ["b3", "jump"], ["b1200", "jump"]]) {
                await new Promise(requestAnimationFrame);
                const begun = performance.now();
                light(id);
                showWords(id, how);
                document.getElementById("text").scrollTop;
                times.push(performance.now() - begun);
            }
            const mark = marksOf("b1200")[0];
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            const [box, rect] = [text_box(), mark.getBoundingClientRect()];
            function text_box() { return document.getElementById("text").getBoundingClientRect(); }
            return { times, seen: rect.top > box.top && rect.bottom < box.bottom };
        }""",
        module(page, "evidence.js"),
    )
    assert took["seen"]
    assert sorted(took["times"])[1] <= 50


# --- the address ---


def test_a_reload_loses_nothing(opened: OPEN, read: str) -> None:
    page = opened(read)
    press(page, "]", "]", "m", "n")
    page.wait_for_url("**at=a2*")
    page.wait_for_url("**marks=*")
    again(page)
    assert page.evaluate("document.activeElement.id") == "row-a2"
    assert page.locator("[data-marks]:checked").count() == page.locator("[data-marks]").count()
    assert page.locator("mark.lit").count() > 0


def test_without_a_name_in_the_address_nothing_takes_the_focus(opened: OPEN, read: str) -> None:
    assert opened(read).evaluate("document.activeElement.tagName") == "BODY"


# --- keys ---


def test_keys_are_inert_in_fields_and_can_be_switched_off(opened: OPEN, read: str) -> None:
    page = opened(read)
    wire = Wire(page)
    press(page, "]", "c")
    page.keyboard.type("au?gq")
    assert page.locator("#find-q").input_value() == "au?gq"
    press(page, "Escape", "?")
    page.locator("#single-keys").focus()
    press(page, "Space", "Escape")
    press(page, "a", "g", "q", "?", "ArrowDown")
    assert state(page)["at"] == "row-a2"
    press(page, "F6")
    assert state(page)["at"] == "text"
    press(page, "F6", "Shift+F6")
    assert state(page)["at"] == "text"
    assert wire.did == []
    assert "/desk/" in page.url


def test_two_keys_after_each_other_open_the_queue(opened: OPEN, read: str) -> None:
    page = opened(read)
    press(page, "g", "q")
    page.wait_for_url("**/desk")


def test_chosen_keys_are_heard(opened: OPEN, chart: str, desk: Desk) -> None:
    desk.prefer("keys", {"accept": "y"})
    try:
        page = opened(chart)
        press(page, "]", "y")
        page.wait_for_selector("#row-a1.accepted")
    finally:
        desk.prefer("keys", {})


def test_keys_are_chosen_by_pressing_them(opened: OPEN) -> None:
    page = opened("/desk/settings")
    field = page.locator("[data-remap=accept]")
    field.focus()
    press(page, "j")
    assert field.input_value() == "j"
    assert "The next code" in page.locator("#remap-said").inner_text()
    assert not page.evaluate("document.querySelector('[data-remap]').form.checkValidity()")
    press(page, "Backspace", "g", "a")
    assert field.input_value() == "g a"
    assert page.locator("#remap-said").inner_text() == ""
    page.wait_for_timeout(1100)
    press(page, "Alt+ArrowRight")
    assert field.input_value() == "Alt+ArrowRight"
    press(page, "Tab")
    assert page.evaluate("document.activeElement.dataset.remap") == "reject"


# --- the queue ---


def test_arrows_and_keys_go_through_the_queue(opened: OPEN, read: str) -> None:
    page = opened()
    at = "document.activeElement.getAttribute('href')"
    press(page, "ArrowDown")
    assert page.evaluate(at).startswith("/desk/")
    first = page.evaluate(at)
    press(page, "j", "k")
    assert page.evaluate(at) == first
    press(page, "Enter")
    page.wait_for_url(f"**{first}")


DROP = """(name) => {
    const data = new DataTransfer();
    data.items.add(new File(["CC: asthma.\\n"], name, { type: "text/plain" }));
    const event = (kind) => new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector("h1").dispatchEvent(event("dragover"));
    const hung = document.body.classList.contains("dropping");
    document.querySelector("h1").dispatchEvent(event("drop"));
    return [hung, document.body.classList.contains("dropping")];
}"""


def test_a_file_dropped_anywhere_is_opened(opened: OPEN) -> None:
    page = opened()
    assert page.evaluate(DROP, "dropped.txt") == [True, False]
    page.wait_for_url("**/desk/*")
    assert page.locator("h1").inner_text().startswith("dropped")


def test_a_text_pasted_outside_of_a_field_goes_into_its_field(opened: OPEN) -> None:
    page = opened()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "CC: asthma.");
            const how = { clipboardData: data, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new ClipboardEvent("paste", how));
        }"""
    )
    assert page.evaluate("[document.activeElement.id, pasted.value]") == ["pasted", "CC: asthma."]
