"""Posting by command against all that goes wrong: files, rights, addresses, locks, full disks, ids."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import string
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import event

from cli.conftest import Call
from cli.notation import LEADTERM, environment
from leadterm.domain import InputError
from leadterm.storage import Database
from leadterm.storage.tables import remittances
from remittance.generate import generate
from storage.engines import Place, on_sqlite

from .notation import cents, era, ledger, posted, table

Write = Callable[[str, str | bytes], Path]
PAID = "CLP {0} 1 100 60 0; SVC 99213 100 60; DTM 472 20260501; CAS CO 45 40"
BROKEN = PAID.replace("100 60 0", "100 61 0")
# What a root user has to give up to be refused what others are.
POWERS = "-dac_override,-dac_read_search"


def one_sentence(err: str) -> bool:
    """Whether that is all that was said on the side: one line, ours, with a full stop."""
    return err.startswith("leadterm: ") and err.count("\n") == 1 and err.rstrip().endswith((".", "…"))


def test_a_file_is_posted_and_told_of(command: Call, write: Write, database: Database):
    answer = command("remit", "post", write("era.835", era(PAID.format("A1"))))
    assert answer.code == 0
    assert "era.835: posted 60.00 trace T1 (1 claim, 1 line, 2 entries)" in answer.text
    assert cents(ledger(database)) == 10000


def test_several_files_are_posted_one_by_one_and_a_broken_one_stops_nothing_before_it(
    command: Call, write: Write, database: Database
):
    good, whole = write("a.835", era(PAID.format("A1"))), era(PAID.format("A2"), trace="T2")
    answer = command("remit", "post", "--json", good, good, write("b.835", whole[:-40]), write("c.835", whole))
    assert answer.code == 2
    assert [[p["outcome"] for p in row["payments"]] for row in answer.rows] == [["posted"], []]
    assert {r["claim"] for r in ledger(database)} == {"A1"}


def test_a_refused_payment_ends_with_one_and_an_accepted_with_nought(command: Call, write: Write, database: Database):
    name = write("era.835", era(BROKEN.format("A1")))
    answer = command("remit", "post", name)
    assert (answer.code, "REFUSED" in answer.text) == (1, True)
    assert ledger(database) == []
    assert command("remit", "post", name, "--accept", "réf 4711 — ok").code == 0
    assert [r["accepted"] for r in table(database, remittances)] == ["réf 4711 — ok"]


@on_sqlite
@pytest.mark.parametrize("reason", ["", " ", "\t\n"])
def test_a_reason_that_says_nothing_is_refused(command: Call, write: Write, reason: str):
    answer = command("remit", "post", write("era.835", era(BROKEN.format("A1"))), "--accept", reason)
    assert (answer.code, one_sentence(answer.err)) == (2, True)


@on_sqlite
def test_standard_input_is_posted_like_a_file(command: Call, database: Database):
    assert command("remit", "post", "-", stdin=era(PAID.format("A1"))).code == 0
    assert cents(ledger(database)) == 10000
    assert command("remit", "post", "-", stdin=b"").code == 2


@on_sqlite
@pytest.mark.parametrize(
    "content",
    [b"", b" \r\n", b"\0" * 4096, b"ISA", b"%PDF-1.7\n", b"\x1f\x8b\x08" + bytes(range(256)), "é".encode() * 5000],
    ids=["empty", "blank", "NULs", "ISA", "PDF", "gzip", "letters"],
)
def test_what_is_no_835_is_refused_in_a_sentence(command: Call, write: Write, database: Database, content: bytes):
    answer = command("remit", "post", write("era.835", content))
    assert (answer.code, one_sentence(answer.err)) == (2, True)
    assert ledger(database) == []


@on_sqlite
def test_a_folder_and_a_missing_file_are_named(command: Call, tmp_path: Path):
    for name in (tmp_path, tmp_path / "none.835", tmp_path / "none" / "none.835"):
        answer = command("remit", "post", name)
        assert (answer.code, one_sentence(answer.err), str(name) in answer.err) == (2, True, True)


def unprivileged(*command: str | Path, **added: str) -> subprocess.CompletedProcess[str]:
    """A command of a user who may not do everything."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may read everything, and there is no setpriv")
        prefix = ["setpriv", f"--bounding-set={POWERS}", f"--inh-caps={POWERS}"]
    return subprocess.run(
        [*prefix, *LEADTERM, *map(str, command)],
        env=environment(**added),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@on_sqlite
def test_a_file_that_may_not_be_read_and_a_home_that_may_not_be_written_are_named(
    place: Place, write: Write, tmp_path: Path
):
    secret = write("secret.835", era(PAID.format("A1")))
    secret.chmod(0o000)
    answer = unprivileged("remit", "post", secret, **place.environment)
    assert (answer.returncode, "secret.835 cannot be read" in answer.stderr) == (2, True)
    secret.chmod(0o600)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    answer = unprivileged("remit", "post", secret, LEADTERM_HOME=str(closed / "deeper"))
    assert (answer.returncode, one_sentence(answer.stderr)) == (2, True)


@on_sqlite
def test_a_pipe_is_posted(process: Call, place: Place, tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(era(PAID.format("A1")),))
    writer.start()
    answer = process("remit", "post", pipe, **place.environment)
    writer.join(10)
    assert answer.code == 0 or str(pipe) in answer.err


NONSENSE = (
    "nonsense", " ", "://", "sqlite", "file:ledger.db", "ledger.db", "sqlite:////proc/none/ledger.db", "sqlite:////tmp",
    "oracle://host/db", "postgresql+psycopg", "postgresql+psycopg://user:secret99@/db?host=/none",
    "postgresql+psycopg://user:secret99@host.invalid/db",
)  # fmt: skip
TOO_MUCH = (
    "postgresql+psycopg://user:secret99@host:port/db", "postgresql+psycopg://user:secret99@/db?nonsense=1",
    "sqlite:///ledger.db?timeout=soon", "postgresql+psycopg_async://user@/db?host=/none",
)  # fmt: skip


def refused(command: Call, write: Write, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("LEADTERM_DATABASE_URL", url)
    answer = command("remit", "post", write("era.835", era(PAID.format("A1"))))
    assert (answer.code, one_sentence(answer.err)) == (2, True), answer.err
    assert "secret99" not in answer.err


@on_sqlite
@pytest.mark.parametrize("url", NONSENSE)
def test_an_address_that_is_none_is_refused(command: Call, write: Write, monkeypatch: pytest.MonkeyPatch, url: str):
    refused(command, write, monkeypatch, url)


@on_sqlite
@pytest.mark.parametrize("url", TOO_MUCH)
def test_an_address_that_is_almost_one_is_refused(
    command: Call, write: Write, monkeypatch: pytest.MonkeyPatch, url: str
):
    refused(command, write, monkeypatch, url)


@on_sqlite
def test_a_locked_database_is_waited_for_and_then_told_of(
    command: Call, write: Write, place: Place, monkeypatch: pytest.MonkeyPatch
):
    with place.opened():
        pass
    monkeypatch.setattr("leadterm.storage.database.PATIENCE", 0.2)
    name = write("era.835", era(PAID.format("A1")))
    with closing(sqlite3.connect(place.home / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = command("remit", "post", name)
        assert (answer.code, one_sentence(answer.err), "locked" in answer.err) == (2, True, True)
        # Who only reads need not wait.
        assert command("denials", "list").code == 0
        other.execute("ROLLBACK")
    assert command("remit", "post", name).code == 0


@on_sqlite
def test_a_full_disk_leaves_nothing_and_the_file_can_be_posted_later(place: Place):
    content = generate(5, 200, interchanges=1, transactions=2, groups=1).content
    with place.opened() as database:
        with database.reading() as connection:
            used = connection.exec_driver_sql("PRAGMA page_count").scalar()

        def bound(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count={used + 20}")

        database._engine.dispose()
        event.listen(database._engine, "connect", bound)
        with pytest.raises(InputError, match=r"^The database cannot be used: database or disk is full\."):
            posted(database, content)
        assert ledger(database) == []
    with place.opened() as database:
        assert {p.outcome for p in posted(database, content).payments} == {"posted"}


IDS = ("MÜLLER-7", "患者0001", "A’1", "A%20'1", 'A"1--', "a1", "A 1", "\N{GRINNING FACE}1", "=1+1", "-1", "None")


def test_ids_of_every_alphabet_are_kept_as_they_are(command: Call, write: Write, database: Database):
    name = write("era.835", era(*(f"CLP {id.replace(' ', '_')} 1 100 100 0" for id in IDS)))
    assert command("remit", "post", name).code == 0
    wanted = {id.replace(" ", "_") for id in IDS}
    assert {r["claim"] for r in ledger(database)} == wanted
    for id in wanted:
        shown = command("claim", "status", "--json", "--", id)
        assert (shown.code, shown.json["claim"], shown.json["paid"]) == (0, id, "100.00")
    assert command("claim", "status").code == 0


def test_an_id_of_five_thousand_characters_is_kept_or_refused_by_its_payment_alone(
    command: Call, write: Write, database: Database
):
    chance = random.Random(1)
    long = "".join(chance.choices(string.ascii_letters + string.digits, k=5000))
    answer = command("remit", "post", write("era.835", era(PAID.format(long), trace=long[:50])))
    assert answer.code in (0, 1)
    assert len(ledger(database)) == (2 if answer.code == 0 else 0)


@pytest.mark.parametrize("place_of_nul", ["payer", "claim", "trace"])
def test_a_nul_in_a_file_is_refused_in_a_sentence(command: Call, write: Write, place: Place, place_of_nul: str):
    where = {"payer": b"PAYER1 PLAN", "claim": b"ICNA1", "trace": b"TRN*1*T1"}[place_of_nul]
    content = era(PAID.format("A1")).replace(where, where[:-2] + b"\0" + where[-1:])
    name = write("era.835", content)
    assert command("remit", "post", name).code == 1
    assert command("remit", "post", name, "--accept", "as told").code in (0, 1, 2)


@on_sqlite
def test_a_reason_in_another_encoding_is_kept_or_refused(command: Call, write: Write):
    answer = command("remit", "post", write("era.835", era(BROKEN.format("A1"))), "--accept", "r\udce9f 4711")
    assert answer.code in (0, 2)


@on_sqlite
def test_what_a_file_says_does_not_reach_the_terminal_raw(command: Call, write: Write):
    content = era("CLP A1 4 100 0 0; SVC 99213 100 0; DTM 472 20260501; CAS CO 16 100").replace(
        b"PAYER1 PLAN", b"\x1b[31mPLAN"
    )
    assert command("remit", "post", write("era.835", content), "--accept", "as told").code == 0
    for asked in (("denials", "list"), ("denials", "show", "A1"), ("claim", "status"), ("claim", "status", "A1")):
        assert "\x1b" not in command(*asked).text
    assert "\x1b" not in command("remit", "read", "era.835").text
