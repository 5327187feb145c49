"""`leadterm codes`: which releases are here, what changed between two, and how others are installed or taken out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError

from ._out import Bar, open_book, put_json

if TYPE_CHECKING:
    from leadterm.codesets import CodeBook
    from leadterm.domain import Difference, Release

On = Annotated[str | None, typer.Option("--on", "--date", help="The day that counts, YYYY-MM-DD.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]

codes = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Releases of code sets: what is here, what changed, install."
)


@codes.command("status")
def status(json: Json = False) -> int:
    """Which releases are installed, for which days, with counts, sources and licences."""
    from leadterm.schemas import encode

    releases = open_book().releases()
    if json:
        put_json(encode.releases(releases))
    else:
        from .plain import print_releases

        print_releases(releases)
    return 0


@codes.command("verify")
def verify(json: Json = False) -> int:
    """Check that every compiled store still is what was compiled; exit 1 when one is not.

    Example: leadterm codes verify
    """
    from leadterm.schemas import encode

    found = open_book().verify()
    if json:
        put_json(encode.findings("code sets", found))
    else:
        from .plain import print_findings

        print_findings(found)
        if not found:
            print("Every store is what was compiled.")
    return int(any(f.stands for f in found))


def _path(text: str) -> Path:
    """A path as written; `Path` alone would take nothing (a variable that is not set) for the folder one is in."""
    if not text:
        raise typer.BadParameter("nothing names no file (a variable that is not set?).")
    return Path(text)


@codes.command("install")
def install(
    path: Annotated[
        list[Path],
        typer.Argument(
            parser=_path, metavar="{path}...", help="Files, folders or archives as their owner publishes them."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be installed.")] = False,
    json: Json = False,
) -> int:
    """Install official files: each is recognised by its content, compiled, and all are swapped in together.

    Zips, .xz and .gz are taken as they are. A wrong or damaged file is refused with its reason, and exit is 1; the
    others are installed. Undo: leadterm codes remove NAME@DAY.

    Examples: leadterm codes install ~/Downloads/2027-code-tables-tabular-index.zip · leadterm codes install releases/
    """
    from leadterm.codesets.installing import changing
    from leadterm.schemas import encode_releases

    done = changing.plan(path) if dry_run else changing.install(path, progress=Bar("Installing code sets"))
    if json:
        put_json(encode_releases.installation(done, dry_run))
    else:
        from .plain_releases import print_installation

        print_installation(done)
    return int(bool(done.refused))


@codes.command("remove")
def remove(
    release: Annotated[str, typer.Argument(help="A component, or one release of it: icd10cm:index@2025-04-01.")],
    json: Json = False,
) -> int:
    """Take out releases that were installed; what a package carries comes back in their place.

    Examples: leadterm codes remove hcpcs:codes@2020-07-01 · leadterm codes remove cpt:codes
    """
    from leadterm.codesets.installing import changing
    from leadterm.schemas import encode_releases

    name, day = _named(release)
    gone = changing.remove(name, day, progress=Bar("Removing code sets"))
    if json:
        put_json(encode_releases.removal(gone))
    else:
        for one in gone:
            print(f"removed {one.name} of {one.period.start}")
    return 0


@codes.command("diff")
def diff(
    a: Annotated[
        str, typer.Argument(help="A day (2025-10-01, 2025-10, FY2026) or a release (icd10cm:drug@2025-04-01)")
    ],
    b: Annotated[str, typer.Argument(help="The later day or release.")],
    component: Annotated[list[str] | None, typer.Option(help="Only this component; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(help="Changes shown of each component; --json shows all.", min=0)] = 20,
    json: Json = False,
) -> int:
    """What changed: added, deleted and revised entries, notes, billable status, and what replaced a code.

    With two days, every component that different releases answer for on them, and the codes valid on one day only.

    Examples: leadterm codes diff 2025-09-30 2025-10-01 · leadterm codes diff icd10cm:drug@2025-04-01
    icd10cm:drug@2026-04-01 --limit 50 · leadterm codes diff FY2025 FY2026 --component hcpcs:codes --json
    """
    from leadterm.schemas import encode_releases

    found = _differences(open_book(), a, b, tuple(component or ()))
    if json:
        put_json(encode_releases.diff(found))
    else:
        from .plain_releases import print_difference

        for one in found:
            print_difference(one, limit)
        if not found:
            print("Nothing changed: the same releases answer for both days.")
    return 0


def _differences(book: CodeBook, a: str, b: str, names: tuple[str, ...]) -> tuple[Difference, ...]:
    if ("@" in a) != ("@" in b):
        raise InputError("Name two days, or two releases (icd10cm:drug@2025-04-01), not one of each.")
    if "@" in a:
        return (book.compare(_release(book, a), _release(book, b)),)
    return book.changes(_day(a), _day(b), names)


def _release(book: CodeBook, text: str) -> Release:
    name, day = _named(text)
    found = [r for r in book.releases() if r.name == name and r.period.start == day]
    if not found:
        days = ", ".join(f"{r.period.start}" for r in book.releases() if r.name == name) or "none"
        raise InputError(f"No release {text[:40]} is installed; of {name[:30]} there are: {days}.")
    return found[0]


def _named(text: str) -> tuple[str, date | None]:
    """Component and first day of `icd10cm:drug@2025-04-01`; no day where none is written."""
    name, marked, day = text.partition("@")
    if name.count(":") != 1:
        raise InputError(f"'{text[:40]}' names no release; write it as `leadterm codes status` does.")
    return name.lower(), _day(day) if marked else None


def _day(text: str) -> date:
    """A day; a month stands for its first day, a fiscal year (FY2026) for 1 October before it."""
    from leadterm.domain import parse_date

    written = text.strip().upper()
    if written.startswith("FY") and written[2:].isdigit() and len(written) in (4, 6):
        year = int(written[2:])
        return date((year if year > 99 else 2000 + year) - 1, 10, 1)
    return parse_date(f"{written}-01" if len(written) == len("2026-10") else written, "day")


@codes.command("update")
def update(
    name: Annotated[
        list[str] | None,
        typer.Argument(help="icd10cm, icd10pcs, hcpcs, ncci, pfs, … or one component; none: all free."),
    ] = None,
    list_only: Annotated[
        bool, typer.Option("--list", help="Name the pages that are looked at, and fetch nothing.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look at the pages and say what would be fetched.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Fetch also what was fetched before.")] = False,
    accepted: Annotated[
        bool, typer.Option("--accept-ama-licence", help="You have accepted the AMA's licence for files that hold CPT.")
    ] = False,
    on: On = None,
    json: Json = False,
) -> int:
    """Fetch what is new on the owners' official pages and install it; nothing changes until all of it is compiled.

    The release in force today (or --on a day) and those announced for later are fetched, over https, from official
    hosts alone; a download that broke off is continued. Exit 1 when a page or file could not be used.

    Examples: leadterm codes update · leadterm codes update icd10cm --dry-run · leadterm codes update ncci
    --accept-ama-licence
    """
    from leadterm.codesets import update as updating

    if list_only:
        return _pages(json)
    day = _day(on) if on else date.today()
    if dry_run:
        return _offered(tuple(name or ()), day, accepted, json)
    bar = Bar("Updating code sets")
    done = updating.update(tuple(name or ()), day, accepted=accepted, again=again, progress=bar)
    from leadterm.schemas import encode_releases

    if json:
        put_json(encode_releases.installation(done))
    else:
        from .plain_releases import print_installation

        print_installation(done)
        if not done.outcomes and not done.refused:
            print("Everything that the pages offer is installed.")
    return int(bool(done.refused))


def _pages(json: bool) -> int:
    from leadterm.codesets.update import load_pages

    rows = [{"group": p.group, "page": p.url, "brings": list(p.brings), "terms": p.terms} for p in load_pages()]
    if json:
        put_json({"schema": "leadterm.pages/1", "pages": rows})
    else:
        for p in load_pages():
            bound = " (licence of the AMA)" if p.terms == "ama" else ""
            print(f"{p.group:<9} {' '.join(p.brings)}{bound}\n          {p.url}")
    return 0


def _offered(names: tuple[str, ...], day: date, accepted: bool, json: bool) -> int:
    from leadterm.codesets import update as updating

    found, failed = updating.wanted(names, day, accepted=accepted)
    if json:
        files = [{"name": w.link.name, "url": w.link.url, "from": w.link.start and w.link.start.isoformat(),
                  "present": w.present} for w in found]  # fmt: skip
        failures = [{"path": f.path, "reason": f.reason} for f in failed]
        put_json({"schema": "leadterm.offers/1", "files": files, "refused": failures})
    else:
        for w in found:
            print(f"{'installed' if w.present else 'would fetch':<12} {w.link.name}  from {w.link.start or 'now on'}")
        for f in failed:
            print(f"refused      {f.path}: {f.reason}")
    return int(bool(failed))
