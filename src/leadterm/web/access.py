"""Who may reach what: the names of this server, the key of the desk, and what a request has to show.

All is decided from a request's line and headers, before a route is asked: no answer tells whether a chart exists.
`Door` asks `refusal` for every request of the server; a route need not.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote

from starlette.types import Scope

from leadterm.app import desk_token, served
from leadterm.app.served import LOOPBACK, USUAL_PORT, is_loopback
from leadterm.codesets.store import data_home

from .names import Names

READING = ("GET", "HEAD")
# What a browser says (Fetch Metadata) of its own pages, of an address that was typed, and of a link that opens a page.
OWN_SITES = (None, "same-origin", "none")
TOP_LEVEL = ("navigate", "document")
# Characters of a query that stand as they were sent.
QUERY = "%=&+;,:@/?!$'()*~"

OTHER_NAME = "This server answers to its own name alone: open the address that `leadterm serve` printed."
ELSEWHERE = "The desk answers on this machine alone: start `leadterm serve` without --host to open it."
NO_KEY = "The desk has no key: start it with `leadterm serve`."
UNKNOWN = "Open the address that `leadterm serve` printed: it lets this browser in."
OTHER_PAGE = "The desk answers its own pages alone, and another page asked for this."


@dataclass(frozen=True, slots=True)
class Access:
    """What lets a request in.

    Attributes:
        names: What this server is called.
        token: The key of the desk; None where the desk does not answer.
        closed: Why the desk does not answer; empty where it does.
    """

    names: Names
    token: str | None = field(default=None, repr=False)
    closed: str = ""

    @classmethod
    def at(cls, host: str = LOOPBACK, port: int = USUAL_PORT, token: str | None = None) -> Access:
        """The access of a server that listens at `host`; beyond this machine, the desk does not answer."""
        names = Names.of(host, port)
        if not is_loopback(host):
            return cls(names, None, ELSEWHERE)
        return cls(names, token, "" if token else NO_KEY)

    @classmethod
    def of_process(cls, home: Path | None = None) -> Access:
        """The access of a process that `serve` started. Raises InputError when the token is not safely kept."""
        host, port = served.told()
        return cls.at(host, port, desk_token.read(data_home(home)) if is_loopback(host) else None)

    @property
    def cookie_name(self) -> str:
        """With the port: a browser gives a machine's cookies to every port of it."""
        return f"leadterm-desk-{self.names.port}"

    @property
    def cookie_value(self) -> str:
        """What the browser keeps in place of the token, which cannot be found from it."""
        key = (self.token or "").encode()
        return urlsafe_b64encode(hmac.digest(key, self.cookie_name.encode(), hashlib.sha256)).decode().rstrip("=")

    def opens(self, token: str) -> bool:
        """Whether that is the token; takes as long for a nearly right one as for a wrong one."""
        return self.token is not None and hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: what its line and its headers say."""

    scope: Scope

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.scope["method"] not in READING

    def said(self, name: bytes) -> str | None:
        """A header; None where it is not sent. What stands in two of them is the value of neither."""
        values = self._values(name)
        return ", ".join(values) if values else None

    def cookies(self, name: str) -> list[str]:
        """The cookies of that name: a page of another port may have set one too."""
        pairs = [part.strip().partition("=") for value in self._values(b"cookie") for part in value.split(";")]
        return [value for key, _, value in pairs if key == name]

    def tokens(self) -> list[str]:
        """The tokens that the address carries."""
        return _tokens(self.scope["query_string"])

    def without_token(self) -> str:
        """The same address without the token, as a Location header may say it."""
        path = "/" + quote(self.scope["path"].lstrip("/"))  # two slashes would name another machine
        kept = [part for part in self.scope["query_string"].split(b"&") if part and not _tokens(part)]
        return f"{path}?{quote(b'&'.join(kept), safe=QUERY)}" if kept else path

    def _values(self, name: bytes) -> list[str]:
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key == name]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in: a status and a sentence."""

    status: int
    sentence: str


Check = Callable[[Access, Asked], Refusal | None]


def refusal(access: Access, asked: Asked) -> Refusal | None:
    """Why the request is not let in; None where it is."""
    checks: tuple[Check, ...] = (_by_its_name,)
    if of_desk(asked.scope["path"]):
        checks += DESK if is_program(access, asked) else DESK + BROWSER
    return next((refused for check in checks if (refused := check(access, asked))), None)


def of_desk(path: str) -> bool:
    """Whether a decoded path leads to the desk: all that a route under /desk can match, and what looks like it."""
    return path.lstrip("/").casefold().startswith("desk")


def is_entering(access: Access, asked: Asked) -> bool:
    """Whether the address of a desk page carries the token, for which the browser gets the cookie."""
    tokens = asked.tokens() if of_desk(asked.scope["path"]) and not asked.changes else []
    return bool(tokens) and all(access.opens(token) for token in tokens)


def is_program(access: Access, asked: Asked) -> bool:
    """Whether a program of the user asks, which shows the token itself: no page of elsewhere can."""
    kind, _, token = (asked.said(b"authorization") or "").partition(" ")
    return kind.lower() == "bearer" and access.opens(token.strip())


def _tokens(query: bytes) -> list[str]:
    return [value for key, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if key == "token"]


def _by_its_name(access: Access, asked: Asked) -> Refusal | None:
    # A page of elsewhere whose name was made to point here sends that name (DNS rebinding).
    return None if access.names.hold(asked.said(b"host") or "") else Refusal(421, OTHER_NAME)


def _is_open(access: Access, asked: Asked) -> Refusal | None:
    return Refusal(403, access.closed) if access.closed else None


def _from_this_machine(access: Access, asked: Asked) -> Refusal | None:
    client = asked.scope.get("client")
    return None if client and is_loopback(client[0]) else Refusal(403, ELSEWHERE)


def _asked_by_itself(access: Access, asked: Asked) -> Refusal | None:
    """Refuses what a page of another site or of another port loads into itself; a link that opens a page may pass."""
    if asked.said(b"sec-fetch-site") in OWN_SITES:
        return None
    how = asked.said(b"sec-fetch-mode"), asked.said(b"sec-fetch-dest")
    return None if how == TOP_LEVEL else Refusal(403, OTHER_PAGE)


def _is_known(access: Access, asked: Asked) -> Refusal | None:
    right = access.cookie_value.encode()
    shown = (value.encode("latin-1") for value in asked.cookies(access.cookie_name))
    known = any(hmac.compare_digest(value, right) for value in shown)
    return None if known or is_entering(access, asked) else Refusal(401, UNKNOWN)


def _changed_by_itself(access: Access, asked: Asked) -> Refusal | None:
    if not asked.changes:
        return None
    origin = asked.said(b"origin")
    # A form on a page that sends no referrer says "null", as a page that hides its origin does: then the site tells.
    if origin in (None, "null"):
        own = asked.said(b"sec-fetch-site") == "same-origin"
    else:
        own = origin == f"{asked.scope['scheme']}://{(asked.said(b'host') or '').lower()}"
    return None if own else Refusal(403, OTHER_PAGE)


DESK: tuple[Check, ...] = (_is_open, _from_this_machine)
BROWSER: tuple[Check, ...] = (_asked_by_itself, _is_known, _changed_by_itself)
