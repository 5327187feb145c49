"""The tables of the room: every pattern is one, every code is in the installed schedule."""

from __future__ import annotations

import re

from leadterm.codesets import CodeBook
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.codesets.payment.fees import RelativeValues
from leadterm.coding._tables import rows
from leadterm.coding.names import phrase
from leadterm.coding.timed.counselling import kinds


def test_every_pattern_can_be_compiled() -> None:
    for table, column in (("services", "said"), ("regions", "operation"), ("counselling", "said")):
        for row in rows(f"timed/{table}"):
            assert phrase(row[column]).made.groups == 0, row
    for row in rows("timed/regions"):
        re.compile(row["unless"])


def test_every_code_is_in_the_installed_lists(full_book: CodeBook) -> None:
    fees, hcpcs = full_book.component(RelativeValues), full_book.component(Hcpcs)
    for table in ("services", "regions"):
        for row in rows(f"timed/{table}"):
            assert all(fees.value(code) for code in row["code"].split()), row
    for row in rows("timed/services"):
        assert row["medicare"] in ("", "bundled") or hcpcs.code(row["medicare"])


def test_every_code_of_counselling_is_in_them(full_book: CodeBook) -> None:
    fees, hcpcs = full_book.component(RelativeValues), full_book.component(Hcpcs)
    for kind in kinds():
        codes = [code for _, code in (*kind.bands, *kind.medicare, *([kind.per] if kind.per else []))]
        for code in (*codes, *([kind.beyond[0]] if kind.beyond else [])):
            assert hcpcs.code(code) if code[0].isalpha() else fees.value(code), code


def test_every_code_of_a_region_is_anesthesia(full_book: CodeBook) -> None:
    fees = full_book.component(RelativeValues)
    for row in rows("timed/regions"):
        found = [fees.value(code) for code in row["code"].split()]
        assert all(value is not None and value.status == "J" for value in found), row
