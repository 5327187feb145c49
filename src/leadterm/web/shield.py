"""What every answer carries, and how errors are told: headers that shut the browser in, sentences instead of traces."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .access import of_desk

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
# The one thing that pages of other origins may read: public code sets, in the form that autocompleters know.
OPEN_PATHS = ("/api/icd10cm/v3/", "/api/icd10pcs/v3/", "/api/hcpcs/v3/")
OPEN = (b"access-control-allow-origin", b"*")
CLOSED = (b"cross-origin-resource-policy", b"same-origin")
# A chart stays in no cache of a browser, whatever a route says.
NOT_KEPT = (b"cache-control", b"no-store")
LOG = logging.getLogger(__name__)
LONGEST_QUERY = 4096
TOO_LONG = b'{"error": "The address is too long: at most 4096 characters of parameters are read."}'


class Shield:
    """Adds the headers, answers HEAD without a body, refuses addresses that are too long, tells of errors of ours.

    The log says where an answer failed and nothing of what was asked or sent.
    """

    def __init__(self, app: ASGIApp, tell: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = [*HEADERS, OPEN if scope["path"].startswith(OPEN_PATHS) else CLOSED]
        if of_desk(scope["path"]):
            added.append(NOT_KEPT)
        replaced = {name for name, _ in added}
        head = scope["method"] == "HEAD"

        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                kept = [header for header in message.get("headers", ()) if header[0].lower() not in replaced]
                message = {**message, "headers": [*kept, *added]}
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if len(scope["query_string"]) > LONGEST_QUERY:
            await _too_long(guarded)
            return
        try:
            await self._app({**scope, "method": "GET"} if head else scope, receive, guarded)
        except Exception as error:
            LOG.error("an answer failed: %s", _where(error))
            if not begun:
                await self._tell(Request(scope), error)(scope, receive, guarded)


def _where(error: Exception) -> str:
    """What failed and at which lines of code; its own words, which may quote a chart, where LEADTERM_DEBUG is set."""
    if os.environ.get("LEADTERM_DEBUG"):
        return "".join(traceback.format_exception(error))
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"


async def _too_long(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(TOO_LONG)).encode())]
    await send({"type": "http.response.start", "status": 414, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LONG})
