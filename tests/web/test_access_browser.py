"""The lock of the desk in Debian's Chromium: its own pages work, those of others on the same machine get nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from leadterm.app import desk_token
from leadterm.codesets import CodeBook

from .shelf import TOKEN, serving

PAGE = '<!doctype html><title>Chart</title><form method="post"><button>Save</button></form>'
# What reached the chart: the method, and the origin that the browser said.
reached: list[tuple[str, str]] = []
FETCH = "(address, how) => fetch(address, how).then(a => a.status + a.type, () => 'nothing')"


async def _chart(request: Request) -> Response:
    reached.append((request.method, request.headers.get("origin", "")))
    return HTMLResponse(PAGE)


class Other(BaseHTTPRequestHandler):
    """Another program of the machine, with a page that loads the desk in every way that it can."""

    desk = ""

    def do_GET(self) -> None:
        desk = self.desk
        body = f'''<!doctype html><title>Other</title><a href="{desk}">link</a><iframe src="{desk}"></iframe>
            <img src="{desk}"><script src="{desk}"></script>
            <form method="post" action="{desk}"><button>Save</button></form>'''.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def desk(book: CodeBook) -> Iterator[str]:
    """Where a server with a desk answers."""
    with serving(book, [Route("/desk/tests/1", _chart, methods=["GET", "POST"])]) as address:
        yield address


@pytest.fixture(scope="module")
def other(desk: str) -> Iterator[str]:
    """Where the other program answers."""
    Other.desk = f"{desk}/desk/tests/1"
    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page in a browser that was nowhere before."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def inside(page: Any, desk: str) -> Any:
    """A page that is in."""
    page.goto(f"{desk}/desk/tests/1?a=1&token={TOKEN}")
    assert page.url == f"{desk}/desk/tests/1?a=1"
    reached.clear()
    return page


def test_without_the_token_there_is_a_sentence(page: Any, desk: str) -> None:
    assert page.goto(f"{desk}/desk/tests/1").status == 401
    assert "printed" in page.locator("p.lead").inner_text()


def test_the_printed_address_lets_in_and_a_bookmark_after_it(inside: Any, desk: str) -> None:
    assert inside.goto(f"{desk}/desk/tests/1").status == 200
    assert inside.reload().status == 200
    assert inside.evaluate("document.cookie") == ""


@pytest.mark.parametrize("query", ["", "?a=1&b=%22"])
def test_the_file_that_the_browser_is_told_lets_in(page: Any, desk: str, tmp_path: Path, query: str) -> None:
    way = desk_token.way_in(tmp_path, f"{desk}/desk/tests/1{query}{'&' if query else '?'}token={TOKEN}")
    page.goto(way.as_uri())
    page.wait_for_url(f"{desk}/desk/tests/1{query}")
    assert page.title() == "Chart"


def test_its_own_forms_and_scripts_change_it(inside: Any, desk: str) -> None:
    with inside.expect_event("load"):
        inside.get_by_role("button").click()
    assert inside.title() == "Chart"
    assert inside.evaluate(f"({FETCH})('/desk/tests/1', {{method: 'POST'}})") == "200basic"
    assert reached == [("POST", "null"), ("POST", desk)]


def test_a_page_of_another_port_gets_and_changes_nothing(inside: Any, desk: str, other: str) -> None:
    inside.goto(other, wait_until="networkidle")
    target = f"{desk}/desk/tests/1"
    for how in ("{credentials: 'include'}", "{credentials: 'include', method: 'POST'}"):
        assert inside.evaluate(f"({FETCH})('{target}', {how})") == "nothing"
    secret = "{credentials: 'include', method: 'POST', mode: 'no-cors'}"
    assert inside.evaluate(f"({FETCH})('{target}', {secret})") == "nothing"
    with inside.expect_response(target) as posted:
        inside.get_by_role("button").click()
    assert posted.value.status == 403
    assert reached == []


def test_a_link_of_another_port_opens_it_for_who_is_in(inside: Any, other: str) -> None:
    inside.goto(other)
    inside.get_by_role("link").click()
    inside.wait_for_url("**/desk/tests/1")
    assert inside.title() == "Chart"
    assert inside.evaluate("window.opener") is None
