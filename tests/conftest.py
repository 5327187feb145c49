"""What all tests share: one compiled code book, and the common data where it is at hand."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.installing.changing import install
from leadterm.pipeline import Coder

# Set to a folder to keep the compiled code sets between runs; never the user's own LEADTERM_HOME.
TEST_HOME = "LEADTERM_TEST_HOME"
OWNED = pytest.StashKey[str]()
# Properties say what is true, not how fast: on a busy machine an example may take any time.
QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("leadterm", deadline=None, suppress_health_check=QUIET)
settings.load_profile("leadterm")


def pytest_configure(config: pytest.Config) -> None:
    """One data home a run: workers and subprocesses inherit it, so that the code sets are compiled once."""
    if TEST_HOME not in os.environ:
        os.environ[TEST_HOME] = config.stash[OWNED] = tempfile.mkdtemp(prefix="leadterm-test-")
    os.environ["LEADTERM_HOME"] = os.environ[TEST_HOME]


def pytest_unconfigure(config: pytest.Config) -> None:
    gc.unfreeze()  # the dictionary was told to stay; modules of DuckDB that were frozen with it would be called leaked
    if owned := config.stash.get(OWNED, None):
        shutil.rmtree(owned, ignore_errors=True)
        for beside in ("services", "tables"):
            shutil.rmtree(f"{owned}-{beside}", ignore_errors=True)
        del os.environ[TEST_HOME]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Modules that measure time run without the collector: a pass over the heap of all tests takes half a second."""
    measures = getattr(getattr(item, "module", None), "time", None) is time and gc.isenabled()
    if measures:
        gc.disable()
    try:
        return (yield)
    finally:
        if measures:
            gc.enable()


@pytest.fixture(scope="session")
def home() -> Path:
    """The data home of this run."""
    return Path(os.environ["LEADTERM_HOME"])


@pytest.fixture(scope="session")
def book(home: Path) -> CodeBook:
    """The code book over the embedded releases."""
    return open_book(home)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The common data; skips where it is absent."""
    path = Path(os.environ.get("LEADTERM_SHARED", Path(__file__).parents[2] / "shared"))
    if not path.is_dir():
        pytest.skip("the common data is absent (LEADTERM_SHARED)")
    return path


@pytest.fixture(scope="session")
def coder(book: CodeBook) -> Coder:
    """One coder for all tests: its dictionary takes a second to build."""
    return Coder(book)


# What coding asks of the releases of the common data: procedures, supplies and drugs, the numbers of the fee schedule.
SERVICE_RELEASES = ("icd10pcs/2023", "hcpcs/2025-10", "pfs/rvu25d")


@pytest.fixture(scope="session")
def full_home(home: Path, book: CodeBook, shared: Path) -> Path:
    """A data home with those releases, made once a run beside that of the run."""
    place = home.with_name(f"{home.name}-services")
    with FileLock(f"{place}.lock"):
        if not (place / "ready").exists():
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(book.folder, place / book.folder.name)
            install([shared / "releases" / name for name in SERVICE_RELEASES], place)
            (place / "ready").touch()
    return place


@pytest.fixture(scope="session")
def full_book(full_home: Path) -> CodeBook:
    """The code book over the embedded releases and those of the common data that coding services asks."""
    return open_book(full_home)


@pytest.fixture(scope="session")
def full_coder(full_book: CodeBook) -> Coder:
    """One coder over it."""
    return Coder(full_book)
