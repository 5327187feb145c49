"""The desk in Debian's Chromium: charts by keyboard alone from open to finished, the focus, no scripts at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx import Client

from leadterm.web.desk.keys import KEYS

from .at_desk import OPEN, again, browsing, is_lost, press, settled, where
from .coders import NOTE, given, of_encounter, pasted, stay
from .test_desk_late import FIRST

TWO = (
    "Admitted with type 2 diabetes. \U0001f600 Essential hypertension.\r\nNo fever.",
    "Addendum: mild asthma.\r\nGout.",
)
# Selects a mark by its words, as a pointer does.
SELECTED = """(words) => {
  const mark = [...document.querySelectorAll("#text mark")].find((each) => each.textContent === words);
  document.getElementById("text").focus();
  getSelection().selectAllChildren(mark);
  return String(getSelection());
}"""
# What leaves the page has no focus to keep.
LEAVES = {"encounter", "late", "queue", "compliance", "book"}


@pytest.fixture
def opened(chromium: Any, desk_address: str) -> Iterator[OPEN]:
    with browsing(chromium, desk_address) as open_page:
        yield open_page


def codes(page: Any, status: str) -> list[str]:
    return list(page.eval_on_selector_all(f"[data-row][data-status={status}]", "rows => rows.map(r => r.dataset.code)"))


# --- by keyboard alone ---


def test_a_chart_by_keyboard_alone_from_open_to_the_claim(opened: OPEN, desk: Client, tmp_path: Path) -> None:
    page = opened("/desk")
    page.evaluate("document.querySelectorAll('*').forEach(e => e.addEventListener('pointerdown', () => { throw e }))")
    # The queue: a sample is opened by its button.
    page.get_by_role("button", name="Diabetes, CKD, hypertension").focus()
    press(page, "Enter")
    page.wait_for_selector("#rows-0 .row")
    # Read, accept the first three as they are met.
    for _ in range(3):
        press(page, "]", "a")
    page.wait_for_function("() => document.querySelectorAll('[data-status=accepted]').length === 3")
    # Reject one with a reason and a note.
    press(page, "]", "r", "5")
    page.wait_for_selector("[data-status=rejected]")
    assert "not treated" in page.locator("[data-status=rejected]").inner_text()
    assert not is_lost(page)
    press(page, "u")
    page.wait_for_selector("[data-status=rejected]", state="detached")
    # Replace one by search.
    press(page, "s", "Home", "j", "j", "j", "j", "x")
    page.wait_for_selector("#find[open]")
    page.keyboard.type("E78.5")
    page.wait_for_selector("#find-options [data-code='E78.5']")
    press(page, "Enter")
    page.wait_for_selector(".row[data-code='E78.5']")
    assert where(page).startswith("row-")
    # Add one from words of the text.
    press(page, "t", "Home")
    for _ in range(40):
        press(page, "ArrowDown")
    press(page, "Shift+ArrowRight", "c")
    page.wait_for_selector("#find[open]")
    quote = page.locator("#find-quote").inner_text().strip("“”")
    press(page, "Control+a")
    page.keyboard.type("Z72.0")
    page.wait_for_selector("#find-options [data-code='Z72.0']")
    press(page, "Enter")
    page.wait_for_selector(".row[data-code='Z72.0']")
    added = page.locator(".row[data-code='Z72.0']").get_attribute("data-row")
    marks = page.locator(f"#text mark[data-codes~='{added}']").all_inner_texts()
    assert "".join(marks).split() == quote.split()
    # Move it up, take it away again.
    press(page, "s", "Home")
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_function("() => document.querySelector('#rows-0 [data-row]').dataset.code !== 'E11.65'")
    press(page, "Alt+ArrowUp")
    page.wait_for_function("() => document.querySelector('#rows-0 [data-row]').dataset.code === 'E11.65'")
    # Everything else is accepted.
    for _ in range(page.locator("[data-status=suggested]").count()):
        press(page, "]", "a")
    page.wait_for_selector("[data-status=suggested]", state="detached")
    _settle_findings(page)
    press(page, "F")
    page.wait_for_function("() => document.getElementById('finish').textContent.includes('Reopen')")
    # The claim.
    press(page, "d")
    page.wait_for_selector("#claim-837")
    press(page, "Tab", "Tab", "Tab", "Tab")
    assert where(page) == "claim-837"
    with page.expect_download() as download:
        press(page, "Enter")
    download.value.save_as(tmp_path / "claim.837")
    claim = (tmp_path / "claim.837").read_text(encoding="utf-8")
    assert claim.startswith("ISA*")
    assert "ABK:E1165" in claim


def _settle_findings(page: Any) -> None:
    """Permits what stands in the way and may be permitted."""
    for _ in range(4):
        if page.locator("#finish:not([aria-disabled])").count():
            return
        press(page, "f")
        button = page.locator("#findings .finding.error [data-act=permit]").first
        button.focus()
        press(page, "Enter")
        page.keyboard.type("So the record says.")
        page.locator("#permit-do").focus()
        press(page, "Enter")
        settled(page)


def test_a_stay_by_keyboard_alone_with_what_was_present_on_admission(opened: OPEN, desk: Client) -> None:
    chart = of_encounter(desk, stay(*TWO))
    page = opened(chart.home)
    for _ in range(page.locator("[data-status=suggested]").count()):
        press(page, "]", "a")
    page.wait_for_selector("[data-status=suggested]", state="detached")
    press(page, "s", "Home")
    for number in range(page.locator("#rows-0 .row").count()):
        press(page, "p")
        page.keyboard.type("N")  # at once: it waits for what was asked before
        settled(page)
        assert where(page).startswith("poa-")
        press(page, "Escape", "j")
        assert number >= 0
    indicators = page.eval_on_selector_all("[data-act=poa]", "lists => lists.map(l => l.value)")
    assert set(indicators) == {"N"}
    press(page, "F")
    page.wait_for_function("() => document.getElementById('finish').textContent.includes('Reopen')")


def test_a_practice_case_by_keyboard_from_the_list_to_its_grade(opened: OPEN) -> None:
    page = opened("/desk/practice")
    page.locator("button[name=case]").first.focus()
    press(page, "Enter")
    page.wait_for_selector("#text .block")
    assert not page.locator(".row").count()
    press(page, "c")
    page.keyboard.type("I10")
    page.wait_for_selector("#find-options [data-code='I10']")
    press(page, "Enter")
    page.wait_for_selector(".row[data-code='I10']")
    press(page, "F")
    page.wait_for_selector("text=How it went")
    page.locator("a", has_text="How it went").focus()
    press(page, "Enter")
    page.wait_for_url("**/grade")
    assert "of 100" in page.locator("h1").inner_text()


def test_words_behind_an_emoji_become_the_words_of_the_code(opened: OPEN, desk: Client) -> None:
    chart = of_encounter(desk, stay(*TWO))
    page = opened(chart.home)
    words = page.evaluate(SELECTED, "Essential hypertension")
    assert words == "Essential hypertension"
    press(page, "c")
    page.wait_for_selector("#find[open]")
    press(page, "Control+a")
    page.keyboard.type("R50.9")
    page.wait_for_selector("#find-options [data-code='R50.9']")
    press(page, "Enter")
    page.wait_for_selector(".row[data-code='R50.9']")
    coded = desk.get(f"{chart.home}/coded.json").json()
    (added,) = [a for a in coded["assignments"] if a["code"] == "R50.9"]
    assert [e["text"] for e in added["evidence"]] == [words]
    assert TWO[0][added["evidence"][0]["start"] : added["evidence"][0]["end"]] == words
    # The second document, by its key, and in the address.
    press(page, "n")
    page.wait_for_url("**doc=d2*")
    again(page)
    assert page.locator("#document-tabs [aria-current]").get_attribute("data-document") == "d2"


# --- the focus ---


@pytest.fixture(scope="module")
def walked(chromium: Any, desk_address: str, desk: Client) -> Iterator[Any]:
    """A page that many keys are pressed on: a stay with findings, queries, two documents."""
    with browsing(chromium, desk_address) as open_page:
        chart = of_encounter(
            desk, stay("Heart failure. CKD stage 3. Anemia. Type 2 diabetes. Fever.", "Gout. No cough.")
        )
        chart.do("add", code="E10.9")
        page = open_page(chart.home)
        page.evaluate("window.home = location.pathname")
        yield page


@pytest.mark.parametrize("key", [k for k in KEYS if k.name not in LEAVES], ids=lambda k: k.name)
@pytest.mark.parametrize("start", ["row", "text"])
def test_a_key_keeps_the_focus(walked: Any, key: Any, start: str) -> None:
    press(walked, "Escape", "Escape")
    if start == "row":
        walked.evaluate("document.querySelector('[data-status=suggested], [data-row]').focus()")
    else:
        walked.evaluate("document.getElementById('text').focus()")
    press(walked, *key.keys.split(" "))
    settled(walked)
    assert not is_lost(walked), where(walked)
    press(walked, "Escape")
    settled(walked)
    assert not is_lost(walked), where(walked)


def test_every_button_keeps_the_focus(opened: OPEN, desk: Client) -> None:
    chart = pasted(desk, NOTE)
    chart.do("add", code="E10.9")
    page = opened(chart.home)
    lost = []
    for name in page.eval_on_selector_all("button[id], summary, a[role=button]", "all => all.map(e => e.id)"):
        button = page.locator(f"[id='{name}']")
        if not name or not button.count() or not button.is_visible():
            continue
        button.focus()
        press(page, "Enter")
        settled(page)
        if is_lost(page):
            lost.append((name, where(page)))
        press(page, "Escape")
        if is_lost(page):
            lost.append((name, "Escape", where(page)))
        settled(page)
    assert lost == []


# --- documents that come late ---


def test_late_documents_are_brought_and_taken_back_by_the_keyboard(opened: OPEN, desk: Client) -> None:
    chart = pasted(desk, "Assessment: Gout.")
    page = opened(chart.home)
    press(page, "L")
    page.wait_for_url("**/late")
    page.locator("#pasted").focus()
    page.keyboard.type("Addendum: asthma.")
    page.locator("[name=together]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/late/1")
    assert "1 code added" in page.locator("main [role=status]").inner_text()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/[0-9a-f-]{36}[?]"))
    assert [row.get_attribute("data-code") for row in page.locator("[data-row]").all()] == ["M10.9"]
    page.locator("#redo").click()  # the text is another by it: the page is loaded anew
    page.wait_for_selector("[data-code='J45.909']")
    assert page.locator("#documents article").count() == 2


def test_words_and_leads_tell_their_place_to_the_keyboard(opened: OPEN, desk: Client) -> None:
    page = opened(given(desk, "visit.hl7", FIRST).headers["location"])
    press(page, "t")
    for _ in range(8):
        press(page, "ArrowRight")
        if "OBX 1, field 5" in page.locator("#said").inner_text():
            break
    assert "in the original: OBX 1, field 5, bytes" in page.locator("#said").inner_text()
    press(page, "l")
    assert page.locator("#leads").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.parentElement.id") == "leads"


# --- without scripts ---


def test_a_chart_is_coded_without_scripts(opened: OPEN, tmp_path: Path) -> None:
    page = opened("/desk", java_script_enabled=False)
    page.locator("#pasted").fill("Essential hypertension. Type 2 diabetes. Gout.")
    page.get_by_role("button", name="Open and code").click()
    page.wait_for_url(re.compile(r"/desk/[0-9a-f-]{36}"))
    home = page.url.partition("?")[0]
    page.locator("[data-act=why]").first.click()
    page.wait_for_url("**/codes/*")
    page.locator("select[name=reason]").select_option("duplicate")
    page.get_by_role("button", name="Reject", exact=True).click()
    page.wait_for_url(f"{home}?at=*")
    assert page.locator("[data-status=rejected]").count() == 1
    page.locator("#undo").click()
    while page.locator("[data-act=accept]").count():
        page.locator("[data-act=accept]").first.click()
    page.locator("#finish").click()
    assert page.locator("#finish").inner_text() == "Reopen"
    page.locator("#out summary").click()
    page.get_by_role("link", name="Summary").click()
    assert "Gout" in page.locator("main").inner_text() or "M10" in page.locator("main").inner_text()
    page.goto("/desk/settings")
    page.locator("[name=name]").fill("J. Rivera")
    page.get_by_role("button", name="Keep", exact=True).click()
    assert page.locator("text=Kept.").count()


def test_a_long_chart_opens_by_itself_when_it_is_coded(opened: OPEN, desk: Client) -> None:
    chart = pasted(desk, "Essential hypertension.\n" + ("0" * 99 + "\n") * 6000)
    page = opened(chart.home)
    page.wait_for_selector(".row[data-code='I10']")
    assert page.locator(".row[data-code='I10']").count() == 1
