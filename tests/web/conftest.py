"""The code book in the browser over small releases: called in this process, and served on a port for a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from leadterm.app.desk import Desk
from leadterm.codesets import CodeBook
from leadterm.pipeline import Coder
from leadterm.storage import open_database

if any(find_spec(name) is None for name in ("fastapi", "httpx", "jinja2", "python_multipart", "uvicorn")):
    collect_ignore_glob = ["test_*.py"]  # the extra `[web]` is not installed
else:
    from httpx import Client

    from .shelf import TOKEN, full, serving

# The first is the same engine without windows, which open pages of their own: a context costs it a fifth.
BROWSERS = ("chromium-headless-shell", "chromium")


@pytest.fixture(scope="session")
def library(book: CodeBook, home: Path, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """A code book in which every component that has a page is installed."""
    return full(home, tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def address(library: CodeBook) -> Iterator[str]:
    """Where a server answers."""
    with serving(library) as where:
        yield where


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[Client]:
    """Asks that server; redirects are shown, not followed."""
    with Client(base_url=address, timeout=30) as asking:
        yield asking


@pytest.fixture(scope="session")
def bare(book: CodeBook) -> Iterator[Client]:
    """Asks a server over the embedded releases alone."""
    with serving(book) as where, Client(base_url=where, timeout=30) as asking:
        yield asking


@pytest.fixture(scope="session")
def desk_address(book: CodeBook, coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a desk answers that no other test has a chart in but those of this folder."""
    home = tmp_path_factory.mktemp("desk")
    with serving(
        book, desk=lambda known: Desk(open_database(home, f"sqlite:///{home / 'desk.db'}"), known, coder=coder)
    ) as where:
        yield where


@pytest.fixture(scope="session")
def desk(desk_address: str) -> Iterator[Client]:
    """Asks that desk as a program of its owner does; redirects are shown, not followed."""
    with Client(base_url=desk_address, timeout=60, headers={"Authorization": f"Bearer {TOKEN}"}) as asking:
        yield asking


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium; skips with the reason where it or its driver is absent."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install playwright)")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no chromium: apt-get install chromium-headless-shell (or chromium), or set CHROMIUM to its path")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core; skips where it is absent."""
    if find_spec("axe_playwright_python") is None:
        pytest.skip("axe-core is not installed (pip install axe-playwright-python)")
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
