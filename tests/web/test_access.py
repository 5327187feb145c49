"""The lock of the desk: who is let in, who is not, and that no answer tells what lies behind."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from leadterm.app import desk_token, served
from leadterm.codesets import CodeBook
from leadterm.web import create_app, door
from leadterm.web.access import Access
from leadterm.web.app import ROUTES
from leadterm.web.names import Names

from .asking import ask, asked
from .shelf import TOKEN

ACCESS = Access.at(port=8000, token=TOKEN)
OWN = "http://127.0.0.1:8000"
COOKIE = f"{ACCESS.cookie_name}={ACCESS.cookie_value}"
BEARER = ("authorization", f"Bearer {TOKEN}")
NAMED = ("host", "127.0.0.1:8000")
KNOWN = (NAMED, ("cookie", COOKIE))
CHART, ABSENT = "/desk/tests/1", "/desk/tests/2"


async def _chart(request: Request) -> Response:
    text = f"chart {request.path_params['id']}, {len(await request.body())} bytes"
    return PlainTextResponse(text, 200 if request.path_params["id"] == "1" else 404, {"Cache-Control": "public"})


async def _broken(request: Request) -> Response:
    raise ValueError(" ".join(("the", "patient's", "own", "words")))


@pytest.fixture(scope="module")
def app(book: CodeBook) -> Any:
    """The application with a desk of one chart."""
    return _with_chart(create_app(book, access=ACCESS))


def _with_chart(made: Any) -> Any:
    made.router.routes[:0] = [
        Route("/desk/tests/broken", _broken),
        Route("/desk/tests/{id}", _chart, methods=["GET", "POST"]),
    ]
    return made


# --- the matrix ---

PATHS = {"/hcpcs": 200, "/nothing": 404, CHART: 200, ABSENT: 404, "/desk/no/such/route": 404, "//desk": 404}
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "DELETE")
PROOFS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "none": ("", ()),
    "cookie": ("", (("cookie", f"a=b; {COOKIE}; c"),)),
    "wrong cookie": ("", (("cookie", f"{COOKIE}x"),)),
    "token": (f"a=1&token={TOKEN}", ()),
    "wrong token": (f"token={TOKEN[:-1]}", ()),
    "bearer": ("", (BEARER,)),
    "wrong bearer": ("", (("authorization", f"Bearer {TOKEN[:-1]}"),)),
}
HOSTS = {"127.0.0.1:8000": True, "LOCALHOST:8000": True, "evil.example:8000": False, None: False}
BROWSERS: dict[str, tuple[tuple[str, str], ...]] = {
    "says nothing": (),
    "own origin": (("origin", "{own}"), ("sec-fetch-site", "same-origin")),
    "own site": (("sec-fetch-site", "same-origin"),),
    "own form": (("origin", "null"), ("sec-fetch-site", "same-origin")),
    "other origin": (("origin", "http://127.0.0.1:9000"),),
    "no origin": (("origin", "null"),),
    "image elsewhere": (("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")),
    "frame elsewhere": (("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")),
    "other port": (("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")),
    "link elsewhere": (
        *(("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")),
    ),
}
LOADED_ELSEWHERE = ("image elsewhere", "frame elsewhere", "other port")
MAY_CHANGE = ("own origin", "own site", "own form")


def _expected(path: str, method: str, proof: str, browser: str) -> int:
    reads, desk = method in ("GET", "HEAD"), "desk" in path
    if desk and proof != "bearer":
        if browser in LOADED_ELSEWHERE:
            return 403
        if proof != "cookie" and not (proof == "token" and reads):
            return 401
        if not reads and browser not in MAY_CHANGE:
            return 403
        if proof == "token":
            return 200 if browser == "link elsewhere" else 303
    routed = PATHS[path] == 200 or path == ABSENT
    return PATHS[path] if reads or not routed or (method == "POST" and desk) else 405


@pytest.mark.parametrize(("path", "method", "proof"), list(itertools.product(PATHS, METHODS, PROOFS)))
def test_who_is_let_in(app: Any, path: str, method: str, proof: str) -> None:
    query, shown = PROOFS[proof]

    async def all_of_them() -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for (host, named), (browser, headers) in itertools.product(HOSTS.items(), BROWSERS.items()):
            said = [(name, value.format(own=f"http://{host}".lower())) for name, value in headers]
            whole = [*([("host", host)] if host else []), *shown, *said]
            answer = await ask(app, method, path, whole, query=query)
            wanted = _expected(path, method, proof, browser) if named else 421
            if answer.status != wanted:
                found.append((host, browser, answer.status, wanted))
        return found

    assert asyncio.run(all_of_them()) == []


# --- entering ---


@pytest.mark.parametrize(
    ("path", "query", "there"),
    [
        ("/desk", f"token={TOKEN}", "/desk"),
        ("/desk", f"token={TOKEN}&token={TOKEN}", "/desk"),
        ("/desk/charts/é", f"a=%C3%A9+1&token={TOKEN}&b=2&flag", "/desk/charts/%C3%A9?a=%C3%A9+1&b=2&flag"),
        ("/desk", f"%74oken={TOKEN}", "/desk"),
        ("//desk.evil.example/", f"token={TOKEN}", "/desk.evil.example/"),
        ("/desk\r\nX: y", f"token={TOKEN}", "/desk%0D%0AX%3A%20y"),
    ],
)
def test_the_token_is_exchanged_for_a_cookie(app: Any, path: str, query: str, there: str) -> None:
    answer = asked(app, "GET", path, [NAMED], query=query)
    assert (answer.status, answer.header("location")) == (303, there)
    cookie, *attributes = answer.header("set-cookie").split("; ")
    assert cookie == COOKIE
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=strict"]
    assert TOKEN not in str(answer)
    assert answer.header("cache-control") == "no-store"


def test_after_a_link_of_elsewhere_the_page_itself_leads_on(app: Any) -> None:
    # A redirect would go without the cookie: SameSite=Strict looks at who began.
    answer = asked(app, "GET", "/desk", [NAMED, *BROWSERS["link elsewhere"]], query=f"x=%22&token={TOKEN}")
    assert (answer.status, answer.header("refresh")) == (200, "0; url=/desk?x=%22")
    assert answer.header("set-cookie").startswith(COOKIE)
    assert TOKEN not in str(answer)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "wrong",
        TOKEN[:-1],
        TOKEN + "x",
        TOKEN.upper(),
        TOKEN + "%00",
        "%E9" * 43,
        "é" * 43,
        f"{TOKEN}&token=x",
        "+" + TOKEN,
    ],
)
def test_a_wrong_token_opens_nothing_and_does_not_come_back(app: Any, token: str) -> None:
    answer = asked(app, "GET", CHART, [NAMED], query=f"token={token}")
    assert answer.status == 401
    assert "set-cookie" not in answer.headers
    assert not token or token not in answer.body.decode()


@pytest.mark.parametrize(
    "cookie",
    [
        *("", ";", "=", COOKIE[:-1], f"{COOKIE}=", f"x{COOKIE}", COOKIE.upper(), f"{ACCESS.cookie_name}={TOKEN}"),
        *(f"{ACCESS.cookie_name}=" + "é" * 43, f'{ACCESS.cookie_name}="{ACCESS.cookie_value}"', f"a={COOKIE}"),
        COOKIE.replace("8000", "9000"),
    ],
)
def test_a_wrong_cookie_opens_nothing(app: Any, cookie: str) -> None:
    assert asked(app, "GET", CHART, [NAMED, ("cookie", cookie)]).status == 401
    assert asked(app, "GET", CHART, [NAMED, ("cookie", cookie.encode("utf-8"))]).status == 401


def test_a_cookie_of_another_port_by_the_same_name_shuts_nobody_out(app: Any) -> None:
    assert asked(app, "GET", CHART, [NAMED, ("cookie", f"{ACCESS.cookie_name}=x; {COOKIE}")]).status == 200
    assert asked(app, "GET", CHART, [NAMED, ("cookie", f"{ACCESS.cookie_name}=x"), ("cookie", COOKIE)]).status == 200


def test_the_cookie_does_not_tell_the_token_and_is_of_one_port_and_one_token() -> None:
    others = [Access.at(port=8001, token=TOKEN), Access.at(port=8000, token=TOKEN[::-1])]
    assert len({ACCESS.cookie_value, *(other.cookie_value for other in others)}) == 3
    assert TOKEN not in ACCESS.cookie_value
    assert re.fullmatch(r"[\w-]{43}", ACCESS.cookie_value)


def test_nothing_tells_the_token() -> None:
    assert TOKEN not in f"{ACCESS!r} {ACCESS}"


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PROPFIND"])
def test_a_chart_that_there_is_looks_like_one_that_there_is_not(app: Any, method: str) -> None:
    paths = (CHART, ABSENT, "/desk/none")
    answers = [asked(app, method, path, [NAMED]) for path in paths]
    pages = {answer.body.replace(path.encode(), b"") for answer, path in zip(answers, paths, strict=True)}
    assert {answer.status for answer in answers} == {401}
    assert len(pages) == 1
    assert answers[0].header("www-authenticate") == "Bearer"


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "BEARER"])
def test_a_program_shows_the_token(app: Any, kind: str) -> None:
    answer = asked(app, "POST", CHART, [NAMED, ("authorization", f"{kind} {TOKEN}")], body=[b"abc"])
    assert (answer.status, answer.body) == (200, b"chart 1, 3 bytes")


@pytest.mark.parametrize(
    "said", ["", "Bearer", f"Basic {TOKEN}", TOKEN, f"Bearer{TOKEN}", f"Bearer {TOKEN}, Bearer x", "Bearer é"]
)
def test_other_ways_to_show_it_are_none(app: Any, said: str) -> None:
    assert asked(app, "GET", CHART, [NAMED, ("authorization", said)]).status == 401


# --- paths ---


@pytest.mark.parametrize(
    "path",
    [
        "/desk",
        "/desk/",
        "//desk",
        "///desk//x",
        "/DESK",
        "/Desk/tests/1",
        "/desk;x",
        "/desk.json",
        "/desktop",
        "/de\u017fk",
    ],
)
def test_whatever_looks_like_the_desk_is_locked(app: Any, path: str) -> None:
    assert asked(app, "GET", path, [NAMED]).status == 401


@pytest.mark.parametrize(
    "path",
    [
        "/./desk/tests/1",
        "/x/../desk/tests/1",
        "/%64esk/tests/1",
        "\\desk\\tests\\1",
        "desk",
        "/static/../desk",
        "*",
    ],
)
def test_other_ways_to_write_it_lead_nowhere(app: Any, path: str) -> None:
    assert asked(app, "GET", path, KNOWN).status in (404, 401)
    assert b"chart" not in asked(app, "GET", path, [NAMED]).body


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["Cs"]), max_size=12))
def test_no_path_leads_to_a_chart_without_a_key(made: str) -> None:
    for path in (made, f"/desk{made}", f"/{made}desk/tests/1", f"/desk/tests/{made}", f"/desk{made}/tests/1"):
        assert b"chart" not in asked(_bare(), "GET", path, [NAMED]).body


def _bare() -> Any:
    """The door before nothing but the chart."""
    tell = lambda request, error: PlainTextResponse("", error.status_code)  # noqa: E731
    from starlette.applications import Starlette

    made = Starlette(routes=[Route("/desk/tests/{id:path}", _chart), Route("/desk{rest:path}", _chart)])
    return door.Door(made, ACCESS, tell)


# What is asked with a body, and reckons with it: nothing is kept.
RECKONED = {"/api/price", "/api/code", "/api/recode"}


def test_outside_the_desk_nothing_can_be_changed(book: CodeBook) -> None:
    # The door asks for the origin at the desk alone: what can change something has to stand there.
    app = create_app(book, access=ACCESS)
    pages = [route for route in app.routes if isinstance(route, Route) and not route.path.startswith("/desk")]
    assert {route.path for route in pages} >= ROUTES.keys()
    assert {method for route in pages for method in route.methods or ()} == {"GET", "HEAD"}
    answers = {path: set(one) for path, one in app.openapi()["paths"].items() if not path.startswith("/desk")}
    assert {path for path, methods in answers.items() if methods != {"get"}} == RECKONED
    assert set().union(*answers.values()) == {"get", "post"}


# --- names ---


@pytest.mark.parametrize(
    "host",
    [
        *("", "127.0.0.1", "localhost", "127.0.0.1:9000", "127.0.0.1:8000:8000", "127.0.0.1:08000", "127.0.0.1.:8000"),
        *("localhost.:8000", "x.localhost:8000", "evil.example", "evil.example:8000", "127.0.0.2:8000", "0.0.0.0:8000"),
        *(
            "::1:8000",
            "[::1]",
            "[0:0:0:0:0:0:0:1]:8000",
            "[::ffff:127.0.0.1]:8000",
            "user@127.0.0.1:8000",
            "127.1:8000",
        ),
        *("127.0.0.1:8000/desk", "127.0.0.1:8000, evil.example", "[", "é:8000", "2130706433:8000", "localhost:8000 "),
    ],
)
def test_a_name_of_somebody_else_is_refused_everywhere(app: Any, host: str) -> None:
    for path in ("/", "/api/icd10cm/v3/search", CHART, "/static/x"):
        assert asked(app, "GET", path, [("host", host), BEARER], query="terms=x").status == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LocalHost:8000", "[::1]:8000"])
def test_a_name_of_this_machine_is_answered(app: Any, host: str) -> None:
    assert asked(app, "GET", CHART, [("host", host), BEARER]).status == 200


def test_two_names_are_none(app: Any) -> None:
    assert asked(app, "GET", CHART, [NAMED, NAMED, BEARER]).status == 421


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[a-z0-9.\[\]:]{1,20}(:8000)?", fullmatch=True)))
def test_no_other_name_gets_through(host: str) -> None:
    raw = host.encode("utf-8")
    allowed = (b"127.0.0.1:8000", b"localhost:8000", b"[::1]:8000")
    answer = asked(_bare(), "GET", CHART, [("host", raw), BEARER])
    assert (answer.status != 421) == (raw.lower() in allowed)


def test_a_server_of_port_80_is_named_without_it() -> None:
    names = Names.of("127.0.0.1", 80)
    assert all(map(names.hold, ("127.0.0.1", "127.0.0.1:80", "[::1]")))
    assert not any(map(names.hold, ("127.0.0.1:8000", "evil.example", "127.0.0.1:")))


def test_a_server_beyond_this_machine_is_called_by_its_host_and_addresses() -> None:
    names = Names.of("2001:DB8:0::7", 8000)
    assert all(map(names.hold, ("[2001:db8::7]:8000", "localhost:8000")))
    assert not names.hold("192.0.2.1:8000")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_a_server_of_every_address_is_called_by_any_number_but_by_no_foreign_name(host: str) -> None:
    names = Names.of(host, 8000)
    assert all(map(names.hold, ("192.0.2.1:8000", "[2001:db8::7]:8000", "localhost:8000")))
    assert not any(
        map(names.hold, ("evil.example:8000", "192.0.2.1", "2001:db8::7:8000", "[192.0.2.1]:8000", "[fe80::1%x]:8000"))
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_addresses_of_this_machine_are_known(host: str) -> None:
    assert served.is_loopback(host)
    assert Access.at(host, 8000, TOKEN).closed == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "evil.example", "localhost.evil.example"])
def test_beyond_this_machine_the_desk_says_that_it_does_not_answer(book: CodeBook, host: str) -> None:
    access = Access.at(host, 8000, TOKEN)
    app = _with_chart(create_app(book, access=access))
    for headers, query in ((KNOWN, ""), ((NAMED, BEARER), ""), ((NAMED,), f"token={TOKEN}")):
        answer = asked(app, "GET", CHART, headers, query=query)
        assert answer.status == 403
        assert "on this machine alone" in answer.body.decode()
    assert asked(app, "GET", "/tabular", [NAMED]).status == 200


@pytest.mark.parametrize("client", [None, ("192.0.2.1", 5), ("testclient", 5)])
def test_the_desk_answers_no_other_machine_whatever_name_it_says(app: Any, client: tuple[str, int] | None) -> None:
    assert asked(app, "GET", CHART, [NAMED, BEARER], client=client).status == 403


def test_without_a_token_the_desk_is_closed_and_the_code_book_open(book: CodeBook) -> None:
    app = _with_chart(create_app(book, access=Access.at(port=8000)))
    empty = Access.at(port=8000)
    for headers in (
        [NAMED],
        [NAMED, ("authorization", "Bearer ")],
        [NAMED, ("cookie", f"{empty.cookie_name}={empty.cookie_value}")],
    ):
        assert asked(app, "GET", CHART, headers, query="token=").status == 403
    assert asked(app, "GET", "/tabular", [NAMED]).status == 200


def test_a_process_learns_where_it_listens_and_beyond_this_machine_reads_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = desk_token.kept(tmp_path)
    for name in (served.HOST, served.PORT):
        monkeypatch.delenv(name, raising=False)
    assert Access.of_process(tmp_path) == Access.at("127.0.0.1", 8000, token)
    monkeypatch.setenv(served.HOST, "::1")
    monkeypatch.setenv(served.PORT, "9001")
    assert Access.of_process(tmp_path) == Access.at("::1", 9001, token)
    monkeypatch.setenv(served.HOST, "0.0.0.0")
    assert Access.of_process(tmp_path).token is None


# --- origins: what the matrix does not hold ---


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "http://127.0.0.1",
        "https://127.0.0.1:8000",
        "http://localhost:8000",
        f"{OWN}/",
        f"{OWN}, {OWN}",
        "file://",
        "Null",
    ],
)
def test_only_the_very_same_origin_changes_something(app: Any, origin: str) -> None:
    assert asked(app, "POST", CHART, [*KNOWN, ("origin", origin)]).status == 403


def test_an_origin_that_is_another_is_not_mended_by_the_site(app: Any) -> None:
    headers = [*KNOWN, ("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")]
    assert asked(app, "POST", CHART, headers).status == 403


def test_the_pages_that_others_may_read_stay_open_to_them(app: Any) -> None:
    headers = [NAMED, ("origin", "http://evil.example"), *BROWSERS["other port"]]
    answer = asked(app, "GET", "/api/icd10cm/v3/search", headers, query="terms=diabetes")
    assert (answer.status, answer.header("access-control-allow-origin")) == (200, "*")


def test_the_desk_is_read_by_no_other_origin(app: Any) -> None:
    answer = asked(app, "GET", CHART, KNOWN)
    assert "access-control-allow-origin" not in answer.headers
    assert answer.header("cross-origin-resource-policy") == "same-origin"
    assert answer.header("cache-control") == "no-store"


# --- websockets, size, errors ---


def test_a_websocket_is_closed(app: Any) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": CHART, "headers": [(b"cookie", COOKIE.encode())], "query_string": b""}
    asyncio.run(app(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("length", [str(door.LARGEST + 1), "9" * 30])
def test_a_body_that_says_that_it_is_too_large_is_not_read(app: Any, length: str) -> None:
    for path in (CHART, "/tabular"):
        answer = asked(app, "POST", path, [NAMED, BEARER, ("content-length", length)])
        assert answer.status == 413
        assert "64 MB" in answer.body.decode()


@pytest.mark.parametrize("length", [None, "1", "x", "-1", "9" * 5000])
def test_a_body_is_measured_while_it_is_read(app: Any, monkeypatch: pytest.MonkeyPatch, length: str | None) -> None:
    monkeypatch.setattr(door, "LARGEST", 100)
    said = [("content-length", length)] if length else []
    fits = asked(app, "POST", CHART, [NAMED, BEARER], body=[b"x" * 50] * 2)
    assert (fits.status, fits.body) == (200, b"chart 1, 100 bytes")
    assert asked(app, "POST", CHART, [NAMED, BEARER, *said], body=[b"x" * 50, b"x" * 50, b"x"]).status == 413


@pytest.mark.parametrize("debug", ["", "1"])
def test_an_answer_that_fails_is_told_and_logged_without_words_unless_they_are_asked_for(
    app: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, debug: str
) -> None:
    monkeypatch.setenv("LEADTERM_DEBUG", debug)
    with caplog.at_level(logging.DEBUG):
        answer = asked(app, "GET", "/desk/tests/broken", KNOWN, query="q=somebody")
    assert (answer.status, answer.header("cache-control")) == (500, "no-store")
    assert "ValueError" in caplog.text
    assert ("the patient's own words" in caplog.text) == bool(debug)
    assert not re.search("somebody|/desk/", caplog.text)


def test_an_address_that_is_too_long_is_told(app: Any) -> None:
    assert asked(app, "GET", CHART, KNOWN, query="x" * 5000).status == 414
