"""The door: every request of the server passes it, before a route is looked for."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .access import OWN_SITES, Access, Asked, Refusal, is_entering, refusal

LARGEST = 64 * 1024 * 1024
TOO_LARGE = Refusal(413, "That is too large: at most 64 MB are read at once.")
ENTERED = '<!doctype html><html lang="en"><title>Leadterm</title><p><a href="{}">Open the desk</a></p></html>'
POLICY_VIOLATION = 1008


class Door:
    """Lets in what `Access` lets in, exchanges the token for the cookie, and reads no more than a chart may have."""

    def __init__(self, app: ASGIApp, access: Access, tell: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._access = access
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        elif scope["type"] == "http" and (answer := self._answer(scope)):
            await answer(scope, receive, send)
        else:
            await self._app(scope, measured(receive), send)

    def _answer(self, scope: Scope) -> Response | None:
        """What the door itself answers; None where it lets the request in."""
        asked = Asked(scope)
        if refused := refusal(self._access, asked):
            return self._refused(scope, refused)
        if is_entering(self._access, asked):
            return self._entered(asked)
        return self._refused(scope, TOO_LARGE) if _length(asked) > LARGEST else None

    def _refused(self, scope: Scope, refused: Refusal) -> Response:
        # Told without what was sent: neither a wrong token nor a foreign Host comes back in the page.
        bare = Request({**scope, "headers": [], "query_string": b""})
        answer = self._tell(bare, HTTPException(refused.status, refused.sentence))
        if refused.status == 401:
            answer.headers["www-authenticate"] = "Bearer"
        return answer

    def _entered(self, asked: Asked) -> Response:
        """The way to the same page with the cookie instead of the token."""
        address = asked.without_token()
        if asked.said(b"sec-fetch-site") in OWN_SITES:
            answer: Response = RedirectResponse(address, 303)
        else:
            # After a redirect the browser holds the cookie back, since a page of elsewhere still leads; not after this.
            answer = HTMLResponse(ENTERED.format(escape(address)), headers={"Refresh": f"0; url={address}"})
        name, value = self._access.cookie_name, self._access.cookie_value
        answer.set_cookie(name, value, path="/", httponly=True, samesite="strict")
        return answer


def _length(asked: Asked) -> int:
    """The length that a request announces; 0 where it says none that can be read: it is measured in any case."""
    try:
        return int(asked.said(b"content-length") or "0")
    except ValueError:
        return 0


def measured(receive: Receive) -> Receive:
    """`receive`, which raises HTTPException 413 when more was read than a request may send."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST:
            raise HTTPException(TOO_LARGE.status, TOO_LARGE.sentence)
        return message

    return counted
