"""Brings the installed releases up to date: what is new on the owners' pages is fetched and installed together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from leadterm.domain import InputError, Installation, Refused

from ..installing.changing import install
from ..installing.compiled import writing
from ..sources import Progress
from ..store import data_home, replacing
from .fetch import OFFICIAL, Fetched, Policy, fetch_file, fetch_page
from .pages import Link, Page, chosen, in_force, links, load_pages, releases

DOWNLOADS = "downloads"
RECORD = "fetched.json"
MOST_RELEASES = 6  # pages of releases that are looked at: those in force and announced
# Share of the whole work that fetching takes, for the progress bar.
FETCHING = 0.6


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch: the page that names it, the link, and whether it was fetched and installed before."""

    page: Page
    link: Link
    present: bool


def wanted(
    names: Sequence[str],
    on: date,
    *,
    accepted: bool,
    home: Path | None = None,
    policy: Policy = OFFICIAL,
    pages: Iterable[Page] | None = None,
) -> tuple[tuple[Wanted, ...], tuple[Refused, ...]]:
    """The files that the owners' pages offer for a day and later, and the pages that could not be read.

    Raises InputError for an unknown name, for a licence that is not accepted, and when no page can be read.
    """
    record = _record(data_home(home) / DOWNLOADS)
    found: list[Wanted] = []
    failed: list[Refused] = []
    read: dict[str, tuple[str, str]] = {}
    rows = chosen(names, pages if pages is not None else load_pages(), accepted)
    for page in rows:
        try:
            offered = list(in_force(_links(page, on, lambda url: _page(url, policy, read)), on))
        except InputError as error:
            failed.append(Refused(page.url, str(error)))
            continue
        if not offered:
            failed.append(
                Refused(page.url, f"The page names no file of {page.brings[0]} any more; look at it by browser.")
            )
        found += [Wanted(page, link, link.url in record) for link in offered]
    if failed and not found:
        raise InputError(failed[0].reason)
    return tuple(found), tuple(dict.fromkeys(failed))


def _page(url: str, policy: Policy, read: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """A page and the address that it came from; each is fetched once."""
    if url not in read:
        read[url] = fetch_page(url, policy)
    return read[url]


def _links(page: Page, on: date, fetch: Callable[[str], tuple[str, str]]) -> list[Link]:
    """The files that a landing page names, and those on its pages of releases that are in force on a day or later."""
    html, base = fetch(page.url)
    found = links(page, html, base)
    for one in list(in_force(releases(page, html, base), on))[:MOST_RELEASES]:
        found += links(page, *fetch(one.url))
    return list(dict.fromkeys(found))


def update(
    names: Sequence[str],
    on: date,
    *,
    accepted: bool = False,
    again: bool = False,
    home: Path | None = None,
    policy: Policy = OFFICIAL,
    pages: Iterable[Page] | None = None,
    progress: Progress | None = None,
) -> Installation:
    """What became of everything new on the owners' pages. Interrupted at any point, it has changed no release.

    A file that was installed before is not fetched again unless `again`. Raises InputError when nothing can be read.
    """
    tell = progress or (lambda what, share: None)
    tell("reading the owners' pages", 0.0)
    offered, failed = wanted(names, on, accepted=accepted, home=home, policy=policy, pages=pages)
    new = [one for one in offered if again or not one.present]
    folder = data_home(home) / DOWNLOADS
    with writing():
        folder.mkdir(parents=True, exist_ok=True)
    fetched: list[Fetched] = []
    refused = list(failed)
    for number, one in enumerate(new):
        try:
            fetched.append(_fetch(one.link, folder, policy, tell, number, len(new)))
        except InputError as error:
            refused.append(Refused(one.link.name, str(error)))
    if not fetched:
        return Installation((), tuple(refused), tuple(one.link.name for one in offered if one.present))
    try:
        done = install(
            [f.path for f in fetched], home, lambda what, share: tell(what, FETCHING + share * (1 - FETCHING))
        )
    finally:
        for one_fetched in fetched:
            one_fetched.path.unlink(missing_ok=True)  # what was installed from it is kept beside the stores
    _remember(folder, fetched, done)
    present = tuple(one.link.name for one in offered if one.present and not again)
    return Installation(done.outcomes, (*refused, *done.refused), (*present, *done.superfluous), done.unknown)


def _fetch(link: Link, folder: Path, policy: Policy, tell: Progress, number: int, count: int) -> Fetched:
    # Two addresses may end in the same name; the name itself is kept, for it tells the date.
    place = folder / sha256(link.url.encode()).hexdigest()[:12]
    place.mkdir(exist_ok=True)
    return fetch_file(link.url, place / link.name, policy, _share(tell, link.name, number, count))


def _share(tell: Progress, name: str, number: int, count: int) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        share = done / total if total else 0.5
        tell(f"fetching {name} ({done / 1e6:,.1f} MB)", (number + share) / count * FETCHING)

    return told


def _record(folder: Path) -> dict[str, str]:
    """sha256 of every file that was fetched and installed, by its address."""
    try:
        raw = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {str(url): str(digest) for url, digest in raw.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _remember(folder: Path, fetched: Iterable[Fetched], done: Installation) -> None:
    """Records the files that were installed; one with a refused member is asked for again the next time."""
    bad = {refused.path.split("/", 1)[0] for refused in done.refused}
    record = {**_record(folder), **{f.url: f.sha256 for f in fetched if f.path.name not in bad}}
    with replacing(folder / RECORD) as temporary:
        temporary.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
