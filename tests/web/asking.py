"""Asks an application without a server, so that every header, path and body is sent exactly as written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HERE = ("127.0.0.1", 50_000)
Headers = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """The one header of that name; empty where there is none."""
        (value,) = self.headers.get(name, [""])
        return value


async def ask(
    app: Any,
    method: str = "GET",
    path: str = "/",
    headers: Headers = (),
    query: str = "",
    client: tuple[str, int] | None = HERE,
    body: Iterable[bytes] = (),
) -> Answer:
    """The answer to one request; `path` is decoded already, as a server gives it."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(n.encode(), v if isinstance(v, bytes) else v.encode("latin-1")) for n, v in headers],
        "client": client,
        "server": ("127.0.0.1", 8000),
    }
    parts = [*body, b""]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)} if parts else await _never()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    found: dict[str, list[str]] = {}
    for name, value in sent[0]["headers"]:
        found.setdefault(name.decode().lower(), []).append(value.decode("latin-1"))
    return Answer(sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))


async def _never() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def asked(app: Any, method: str = "GET", path: str = "/", headers: Headers = (), **more: Any) -> Answer:
    """`ask`, waited for."""
    return asyncio.run(ask(app, method, path, headers, **more))
