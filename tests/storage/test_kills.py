"""Kills at random moments of posting: what is in the ledger afterwards is what the files say, to the cent and entry.

The control takes the transactions away and must end otherwise: it shows that the kills fall where it matters.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import leadterm
from app.notation import ledger
from remittance.generate import generate
from remittance.recompute import ClaimTruth, PaymentTruth

from .engines import Place, Server, in_file, on_server

pytestmark = pytest.mark.slow

FILES, CLAIMS_A_FILE = 140, 40
# The control shows as much with fewer.
FILES_OF_THE_CONTROL = 50
KILLS, KILLS_OF_THE_CONTROL, KILLS_OF_THE_SERVER = 100, 20, 20
# What is said of each claim number: how many entries, and their sum, by kind.
Books = dict[tuple[str | None, str], tuple[int, int]]


@dataclass(frozen=True)
class Source:
    folder: Path
    books: Books
    entries: int


def in_cents(amount: Decimal) -> int:
    return int(amount * 100)


def entries_of(claim: ClaimTruth) -> Iterable[tuple[str, int]]:
    """Kind and amount of each entry that a claim must make: its lines' payments, what is left of its own, the rest."""
    if claim.status == "25":
        return
    yield from (("payment", in_cents(line.paid)) for line in claim.lines)
    yield "payment", in_cents(claim.paid - sum((line.paid for line in claim.lines), Decimal(0)))
    for adjusted in claim.all_adjustments():
        yield "patient" if adjusted.group == "PR" else "adjustment", in_cents(adjusted.amount)


def books_of(payments: Iterable[PaymentTruth]) -> Books:
    count: Counter[Any] = Counter()
    total: Counter[Any] = Counter()
    for payment in payments:
        said = [(claim.id, *entry) for claim in payment.claims for entry in entries_of(claim)]
        said += [(None, "provider", in_cents(moved.amount)) for moved in payment.provider_adjustments]
        for claim, kind, amount in said:
            count[claim, kind] += bool(amount)
            total[claim, kind] += amount
    return {key: (count[key], total[key]) for key in count if count[key]}


def books_in(rows: Iterable[Any]) -> Books:
    names = {"patient-responsibility": "patient", "recoupment": "provider", "provider-level": "provider"}
    count: Counter[Any] = Counter()
    total: Counter[Any] = Counter()
    for claim, kind, amount in rows:
        key = claim, names.get(kind, kind)
        count[key] += 1
        total[key] += amount
    return {key: (count[key], total[key]) for key in count}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """More than fifty thousand entries in files of a few hundred, two payments each."""
    return made_source(tmp_path_factory.mktemp("files"), FILES)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return made_source(tmp_path_factory.mktemp("few"), FILES_OF_THE_CONTROL)


def made_source(folder: Path, files: int) -> Source:
    payments: list[PaymentTruth] = []
    for n in range(files):
        made = generate(9000 + n, CLAIMS_A_FILE, interchanges=1, groups=1, transactions=2)
        (folder / f"{n:03}.835").write_bytes(made.content)
        payments += made.truth.payments
    books = books_of(payments)
    return Source(folder, books, sum(count for count, _ in books.values()))


def posted_under_fire(place: Place, folder: Path, kills: int, *options: str) -> dict[str, Any]:
    tests, product = Path(__file__).parents[1], Path(leadterm.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "storage.poster", str(place.home), place.url, place.organisation, str(folder),
         "--kills", str(kills), *options],
        env={**os.environ, "PYTHONPATH": f"{product}{os.pathsep}{tests}"},
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    print(done.stdout, end="")
    return dict(json.loads(done.stdout))


def rows(place: Place) -> list[Any]:
    with closing(sqlite3.connect(place.home / "ledger.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return connection.execute("SELECT claim, kind, amount FROM entries").fetchall()


def test_a_hundred_kills_lose_nothing_and_add_nothing(source: Source, tmp_path: Path):
    place = in_file(tmp_path)
    told = posted_under_fire(place, source.folder, KILLS)
    assert told["last"] == 0
    # A kill that hits no transaction proves nothing.
    assert told["inside"] >= 0.8 * KILLS
    found = rows(place)
    assert len(found) == source.entries > 50_000
    assert books_in(found) == source.books
    with closing(sqlite3.connect(place.home / "ledger.db")) as connection:
        assert connection.execute("SELECT count(*) FROM files").fetchone() == (FILES,)
        unfinished = "SELECT count(*) FROM remittances WHERE digest LIKE 'unfinished%'"
        assert connection.execute(unfinished).fetchone() == (0,)


def test_without_transactions_the_same_kills_spoil_the_ledger(small: Source, tmp_path: Path):
    place = in_file(tmp_path)
    told = posted_under_fire(place, small.folder, KILLS_OF_THE_CONTROL, "--without-transactions")
    assert told["inside"] >= 0.8 * KILLS_OF_THE_CONTROL
    assert books_in(rows(place)) != small.books


def test_without_kills_the_control_posts_the_same(small: Source, tmp_path: Path):
    """So it is the kills that spoil it, and not what was taken away."""
    place = in_file(tmp_path)
    posted_under_fire(place, small.folder, 0, "--without-transactions")
    assert books_in(rows(place)) == small.books


def test_kills_of_a_client_of_postgresql_lose_nothing_and_add_nothing(source: Source, postgres: Server, tmp_path: Path):
    place = on_server(tmp_path, postgres.made())
    told = posted_under_fire(place, source.folder, KILLS_OF_THE_SERVER)
    assert (told["last"], told["inside"] >= 0.8 * KILLS_OF_THE_SERVER) == (0, True)
    with place.opened() as database:
        found = [(row["claim"], row["kind"], row["amount"]) for row in ledger(database)]
    assert books_in(found) == source.books
