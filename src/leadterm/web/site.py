"""What all pages share: the code book, the templates, the day of the address, and the links that keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from leadterm.codesets import CodeBook, Node
from leadterm.domain import CodeNotes

from .assets import Assets
from .keys import KEYS

# A code may hold no other characters; blocks have a dash.
SAFE = "/-."
NOTHING: Mapping[str, object] = MappingProxyType({})


class TabularList(Protocol):
    """What the pages ask of the Tabular List of a day (`CodeBook.tree_for`)."""

    @property
    def node(self) -> Callable[[str], Node | None]: ...  # noqa: D102
    def ancestors(self, code: str) -> tuple[Node, ...]: ...  # noqa: D102
    def notes(self, code: str) -> CodeNotes: ...  # noqa: D102
    def top(self) -> tuple[Node, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Site:
    """The code book as it is shown."""

    book: CodeBook
    templates: Environment
    assets: Assets

    @classmethod
    def over(cls, book: CodeBook) -> Site:
        """The site over an open code book."""
        templates = Environment(
            loader=PackageLoader(__package__),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        assets = Assets.load()
        templates.globals.update(asset=assets.address, KEYS=KEYS)
        return cls(book, templates, assets)

    def page(
        self,
        request: Request,
        template: str,
        on: date | None = None,
        values: Mapping[str, object] = NOTHING,
        status: int = 200,
        about: Iterable[str] = (),
    ) -> Response:
        """A page or a fragment as of `on`.

        Attributes:
            values: What the template shows.
            about: Components that the page answers from; it says which release of each that is.
        """
        answering = [release for name in about if (release := self.book.release_for(name, on))]
        shown = {
            "on": on,
            "link": linker(on),
            "answering": answering,
            "outside": [r for r in answering if on and on not in r.period],
            "path": request.url.path,
            "kept": [(k, v) for k, v in request.query_params.multi_items() if k != "on"],
            "q": "",
            **values,
        }
        html = self.templates.get_template(template).render(shown)
        return HTMLResponse(html, status, headers={"Cache-Control": "no-cache"})


Link = Callable[..., str]


def linker(on: date | None) -> Link:
    """A function that makes addresses: path segments, then parameters; the day stays in them."""

    def link(*segments: object, **query: object) -> str:
        path = "/" + "/".join(quote(str(s).strip("/"), safe=SAFE) for s in segments if str(s).strip("/"))
        asked = {name: str(value) for name, value in query.items() if value not in (None, "")}
        if on:
            asked["on"] = on.isoformat()
        return f"{path}?{urlencode(asked)}" if asked else path

    return link
