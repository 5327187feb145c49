"""What the pages of the desk share: the site, the desk itself, who is at it, and how pages are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from leadterm.app.desk import ChartMissing, Desk, Opened
from leadterm.app.people import account_name
from leadterm.codesets import CodeBook
from leadterm.web.site import NOTHING, Site, linker

from . import keys

HOME = "/desk"
# Preferences of the coder, by name.
NAME, BASE_RATE = "name", "base_rate"
NO_CHART = "There is no such chart, or this browser has not been let in."


@dataclass(slots=True)
class Room:
    """The desk as it is served; the database is opened with the first page that asks for it."""

    site: Site
    open: Callable[[], Desk]
    _desk: Desk | None = None
    _lock: Lock = field(default_factory=Lock)

    @property
    def desk(self) -> Desk:
        """The desk."""
        with self._lock:
            if self._desk is None:
                self._desk = self.open()
            return self._desk

    def close(self) -> None:
        """Lets go of the database, where it was opened."""
        with self._lock:
            if self._desk is not None:
                self._desk.close()
                self._desk = None

    @property
    def book(self) -> CodeBook:
        """The code sets."""
        return self.site.book

    @property
    def coder(self) -> str:
        """Who is at the desk: the name that the coder gave, else that of the machine's account."""
        return str(self.desk.preference(NAME) or account_name())

    @property
    def keys(self) -> dict[str, str]:
        """The keys in force."""
        return keys.chosen(self.desk.preference(keys.PREFERENCE))

    def page(
        self, request: Request, template: str, values: Mapping[str, object] = NOTHING, status: int = 200
    ) -> Response:
        """A page or a fragment of the desk."""
        shown = {
            "KEYS": keys.KEYS,
            "GROUPS": keys.GROUPS,
            "chosen": self.keys,
            "link": linker(None),
            "path": request.url.path,
            "home": HOME,
            **values,
        }
        return HTMLResponse(readable(self.site.templates.get_template(template).render(shown)), status)

    def chart(self, request: Request) -> Opened | None:
        """The chart of the address as it stands, None while it is being coded. Raises HTTPException 404."""
        try:
            return self.desk.look(request.path_params["chart"])
        except ChartMissing:
            raise HTTPException(404, NO_CHART) from None


def readable(html: str) -> str:
    """HTML in which a browser reads every character of a chart: line ends that it would change, NUL that it drops."""
    return html.replace("\r", "&#13;").replace("\0", "\ufffd")


def is_fragment(request: Request) -> bool:
    """Whether a script asks, which puts the answer into the page that is there."""
    return request.headers.get("hx-request") == "true"


def to(path: str) -> Response:
    """On to another page, after something was done."""
    return RedirectResponse(path, 303)


def chart_path(chart_id: str, *more: str) -> str:
    """The address of a chart, or of something below it."""
    return "/".join((HOME, chart_id, *more))
