"""What always holds of the ledger, whatever files come in: conservation, idempotence, order, reversal.

Files are those of the generator, which are valid and balanced; the fast run draws forty of each, the slow one ten
thousand (`-m slow`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadterm.app import figures
from leadterm.app.denials import denials
from leadterm.domain import Account
from leadterm.storage import Database, open_database
from remittance.generate import Generated, generate

from .notation import LATER, cents, ledger, outcomes, posted, said, undone
from .test_posting import in_cents, kept, sums, told

SEPARATORS = ("*^:~", "|!>%", "*{>~", "*^:\n", "*^<\r")
# A ledger is thrown away after so many examples: its queries read all of it.
EXAMPLES_A_LEDGER = 60
fast = settings(max_examples=40)
slow = settings(fast, max_examples=10_000)


@dataclass(frozen=True)
class Drawn:
    """A file of the generator by what it is drawn from, which is shorter to read than what it says."""

    seed: int
    claims: int
    payments: int
    separators: str

    @property
    def made(self) -> Generated:
        return self.again(1, self.separators)

    def again(self, control: int, separators: str) -> Generated:
        """The same payments in another envelope."""
        laid = {"separators": separators, "control": control}
        return generate(self.seed, self.claims, interchanges=1, groups=1, transactions=self.payments, **laid)


separators = st.sampled_from(SEPARATORS)
files = st.builds(Drawn, st.integers(0, 2**32), st.integers(0, 5), st.sampled_from((1, 1, 1, 2)), separators)
several = st.lists(files, min_size=1, max_size=2, unique_by=lambda drawn: drawn.seed)
repeats = st.lists(st.integers(0, 5), min_size=1, max_size=3)


class Ledgers:
    """Empty ledgers in memory, one for each example: an organisation of its own, now and then another database."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._numbers = count()
        self._open: Database | None = None

    def __call__(self) -> Database:
        number = next(self._numbers)
        if number % EXAMPLES_A_LEDGER == 0:
            self.close()
            self._open = open_database(self._home, "sqlite://", "clinic")
        assert self._open is not None
        return Database(self._open._engine, f"clinic-{number}")

    def close(self) -> None:
        if self._open is not None:
            self._open.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledgers]:
    made = Ledgers(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def all_posted(database: Database, contents: Iterable[bytes]) -> None:
    for content in contents:
        assert set(outcomes(posted(database, content))) <= {"posted", "twice"}


def judged(made: Iterable[Generated]) -> list[Any]:
    """Every claim that a payer decided on."""
    return [c for one in made for p in one.truth.payments for c in p.claims if c.status != "25"]


def check_conservation(fresh: Ledgers, made: Sequence[Generated]) -> None:
    database = fresh()
    all_posted(database, (one.content for one in made))
    whole: Counter[Any] = Counter()
    for one in made:
        whole.update(told(one.truth))
    assert kept(database) == {key: amount for key, amount in whole.items() if amount}
    rows = ledger(database)
    by_claim = sums((r["claim"], r["amount"]) for r in rows if r["claim"])
    assert by_claim == sums((c.id, in_cents(c.charge)) for c in judged(made))
    # What reached the bank is what was paid on claims less what moved outside them.
    paid = cents(ledger(database, kind="payment"))
    outside = cents([r for r in rows if r["claim"] is None])
    assert paid - outside == sum(in_cents(p.amount) for one in made for p in one.truth.payments)
    check_accounts(database, made)


def check_accounts(database: Database, made: Sequence[Generated]) -> None:
    """Each account follows from the truth of its claims."""
    accounts = {a.claim: a for a in figures.accounts(database, LATER)}
    claims = [c for c in judged(made) if any((c.paid, *(a.amount for a in c.all_adjustments())))]
    assert set(accounts) == {c.id for c in claims}
    paid = sums((c.id, in_cents(c.paid)) for c in claims)
    for name, account in accounts.items():
        assert in_cents(account.paid.amount) == paid.get(name, 0)
        assert in_cents(account.charged.amount) == max(in_cents(c.charge) for c in judged(made) if c.id == name)
        assert not account.registered


def check_idempotence(fresh: Ledgers, drawn: Sequence[Drawn], control: int, other: str, again: Sequence[int]) -> None:
    once, often = fresh(), fresh()
    contents = [d.made.content for d in drawn]
    enveloped = [d.again(control, other).content for d in drawn]
    all_posted(once, contents)
    all_posted(often, contents)
    all_posted(often, [(contents + enveloped)[n % (2 * len(contents))] for n in again])
    assert said(often) == said(once)
    assert figures.accounts(often, LATER) == figures.accounts(once, LATER)


def check_order(fresh: Ledgers, made: Sequence[Generated], data: st.DataObject) -> None:
    contents = [one.content for one in made]
    contents += [undone(contents[0])] if data.draw(st.booleans()) else []
    one, other = fresh(), fresh()
    all_posted(one, contents)
    all_posted(other, data.draw(st.permutations(contents)))
    assert said(one) == said(other)
    assert figures.accounts(one, LATER) == figures.accounts(other, LATER)


NOTHING_LEFT = ("paid", "written_off", "denied", "patient")


def left(account: Account) -> dict[str, str]:
    return {name: str(getattr(account, name)) for name in NOTHING_LEFT if getattr(account, name).amount}


def check_reversal(fresh: Ledgers, content: bytes) -> None:
    database = fresh()
    all_posted(database, [content, undone(content)])
    assert {a.claim: left(a) for a in figures.accounts(database, LATER) if left(a)} == {}
    assert sums((r["claim"] or r["reason"], r["amount"]) for r in ledger(database)) == {}
    assert [(d.denial.id, str(d.open)) for d in denials(database, LATER)] == []


@fast
@given(several)
def test_money_is_conserved(fresh: Ledgers, drawn: list[Drawn]):
    check_conservation(fresh, [d.made for d in drawn])


@fast
@given(several, st.integers(1, 900_000), separators, repeats)
def test_posting_again_adds_nothing(fresh: Ledgers, drawn: list[Drawn], control: int, other: str, again: list[int]):
    check_idempotence(fresh, drawn, control, other, again)


@fast
@given(several, st.data())
def test_the_order_of_files_is_of_no_matter(fresh: Ledgers, drawn: list[Drawn], data: st.DataObject):
    check_order(fresh, [d.made for d in drawn], data)


@fast
@given(files)
@example(Drawn(228, 1, 2, "*^:~"))
@example(Drawn(8909400, 3, 2, "*^:~"))
def test_a_reversal_restores_what_was_before(fresh: Ledgers, drawn: Drawn):
    check_reversal(fresh, drawn.made.content)


@pytest.mark.slow
@slow
@given(several)
def test_money_is_conserved_at_length(fresh: Ledgers, drawn: list[Drawn]):
    check_conservation(fresh, [d.made for d in drawn])


@pytest.mark.slow
@slow
@given(several, st.integers(1, 900_000), separators, repeats)
def test_posting_again_adds_nothing_at_length(
    fresh: Ledgers, drawn: list[Drawn], control: int, other: str, again: list[int]
):
    check_idempotence(fresh, drawn, control, other, again)


@pytest.mark.slow
@slow
@given(several, st.data())
def test_the_order_of_files_is_of_no_matter_at_length(fresh: Ledgers, drawn: list[Drawn], data: st.DataObject):
    check_order(fresh, [d.made for d in drawn], data)


@pytest.mark.slow
@slow
@given(files)
def test_a_reversal_restores_what_was_before_at_length(fresh: Ledgers, drawn: Drawn):
    check_reversal(fresh, drawn.made.content)
