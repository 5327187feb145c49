"""The landing pages of the owners, and the links on them that lead to a release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from urllib.parse import parse_qs, urljoin, urlsplit

from leadterm.domain import InputError, InternalError

from ..formats import Offered
from ..formats._dates import Hint, hints
from ..sources import UPDATES

COLUMNS = ["group", "page", "link", "brings", "terms", "through"]
NONE = "-"
FREE, AMA = "free", "ama"
# The page of CMS that asks for the AMA's licence carries the file behind it in its query.
LICENCE_PAGE = re.compile(r"/license/ama|/apps/ama/license\.asp", re.IGNORECASE)
FILE = re.compile(r"\.zip$", re.IGNORECASE)
MENDED = re.compile(r"[-_](?:updated|revised|posted)[-_].*", re.IGNORECASE)
QUARTER = re.compile(r"(?<!\d)(?P<year>\d{4})-?q(?P<quarter>[1-4])")


@dataclass(frozen=True, slots=True)
class Page:
    """One row of `pages.tsv`.

    Attributes:
        group: What a user names: `icd10cm`, `hcpcs`, `ncci`.
        url: The landing page.
        link: Pattern of the file names to take.
        brings: Components that the files become.
        terms: `free` or `ama`.
        through: Pattern of the last word in the address of a release's own page, where the landing page leads to such.
    """

    group: str
    url: str
    link: re.Pattern[str]
    brings: tuple[str, ...]
    terms: str
    through: re.Pattern[str] | None = None

    def answers(self, name: str) -> bool:
        """Whether a name given by the user (a group or a component) means this page."""
        return name == self.group or name in self.brings


@cache
def load_pages() -> tuple[Page, ...]:
    """Every landing page that is known."""
    text = (files("leadterm.codesets") / "update" / "pages.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    if rows[0] != COLUMNS:
        raise InternalError(f"The table of landing pages has the columns {rows[0]}, not {COLUMNS}.")
    return tuple(
        Page(
            group,
            url,
            re.compile(link, re.IGNORECASE),
            tuple(brings.split()),
            terms,
            None if through == NONE else re.compile(through, re.IGNORECASE),
        )
        for group, url, link, brings, terms, through in ((*row, NONE)[: len(COLUMNS)] for row in rows[1:])
    )


def chosen(names: Iterable[str], pages: Iterable[Page], accepted: bool) -> tuple[Page, ...]:
    """The pages that `names` mean; all that are free of licence where none is named.

    Raises InputError for a name that no page answers to, and for a licence that is not accepted.
    """
    wanted = tuple(names)
    known = tuple(pages)
    for name in wanted:
        if not any(page.answers(name) for page in known):
            groups = ", ".join(dict.fromkeys(page.group for page in known))
            raise InputError(f"Nothing is fetched under the name {name[:40]}; there are {groups}.")
    found = tuple(
        p for p in known if any(p.answers(n) for n in wanted) or (not wanted and (accepted or p.terms == FREE))
    )
    if not accepted and (bound := next((p for p in found if p.terms == AMA), None)):
        raise InputError(
            f"The files of {bound.group} hold CPT, whose licence the American Medical Association asks you to accept "
            f"on {bound.url}; when you have, run the command with --accept-ama-licence."
        )
    return found


@dataclass(frozen=True, slots=True)
class Link:
    """A file that a landing page names: its address, its name, and the day from which it holds (None: not told)."""

    url: str
    name: str
    start: date | None


class _Anchors(HTMLParser):
    """Collects where the anchors of a page lead."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def links(page: Page, html: str, base: str) -> list[Link]:
    """The archives that `html` links to and `page` wants, in the order of the page, each once."""
    found: dict[str, Link] = {}
    for target in _targets(html):
        url = _behind(urljoin(base, target.strip()))
        name = urlsplit(url).path.rsplit("/", 1)[-1]
        if FILE.search(name) and page.link.search(name):
            found.setdefault(url, Link(url, name, _start(page, name)))
    return list(found.values())


def releases(page: Page, html: str, base: str) -> list[Link]:
    """The pages of single releases that a landing page leads to, where its owner keeps such, each once."""
    found: dict[str, Link] = {}
    for target in _targets(html) if page.through else ():
        url = urljoin(base, target.strip()).split("#", 1)[0]
        name = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]
        if page.through and page.through.fullmatch(MENDED.sub("", name)):
            found.setdefault(url, Link(url, name, _start(page, name)))
    return list(found.values())


def _targets(html: str) -> list[str]:
    """Where the anchors of a page lead, in its order."""
    anchors = _Anchors()
    anchors.feed(html)
    anchors.close()
    return anchors.found


def _behind(url: str) -> str:
    """The file behind a page that asks for a licence; the address itself elsewhere."""
    parts = urlsplit(url)
    if not LICENCE_PAGE.search(parts.path):
        return url.split("#", 1)[0]
    file = parse_qs(parts.query).get("file", [""])[0]
    return urljoin(url, file) if file else url


def _start(page: Page, name: str) -> date | None:
    """From when a file holds, by its name: a fiscal year for ICD-10, a quarter or a month elsewhere."""
    if quarter := QUARTER.search(name.lower()):
        return date(int(quarter["year"]), 3 * int(quarter["quarter"]) - 2, 1)
    # "-updated-06-17-2026" tells when a file was mended, not from when it holds.
    said = next(hints(Offered(MENDED.sub("", name), b"", bytes)), None)
    return _day(said, fiscal=page.group.startswith("icd10")) if said else None


def _day(said: Hint, fiscal: bool) -> date:
    if fiscal and (said.month, said.day or 1) not in {(month, 1) for month in UPDATES}:
        return date(said.year - 1, 10, 1)
    return date(said.year, said.month or 1, said.day or 1)


def in_force(found: Iterable[Link], on: date) -> Iterator[Link]:
    """Of files of one kind: the ones of the newest release that has begun on `on`, and all that begin later."""
    dated = list(found)
    begun = [link.start for link in dated if link.start and link.start <= on]
    newest = max(begun, default=date.min)
    for link in dated:
        # A link without a day is the only one of its page (the coverage database): it is always the current one.
        if link.start is None or link.start >= newest:
            yield link
