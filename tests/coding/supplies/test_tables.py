"""The tables of the room: every pattern is one, every code is in the installed release, rules have cases."""

from __future__ import annotations

import re

from leadterm.codesets import CodeBook
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.codesets.payment.fees import RelativeValues
from leadterm.coding._tables import rows
from leadterm.coding.statements import phrase
from leadterm.coding.supplies import blood
from leadterm.coding.supplies.items import items


def test_every_pattern_can_be_compiled() -> None:
    for table in ("items", "casts", "screening"):
        for row in rows(f"supplies/{table}"):
            assert phrase(row["said"]).made.groups == 0, row
            re.compile(row.get("unless", ""))
            re.compile(row.get("needs", ""))
    for row in rows("supplies/places"):
        assert re.compile(row["said"]).groups == 0, row


def test_every_code_is_in_the_installed_lists(full_book: CodeBook) -> None:
    hcpcs, fees = full_book.component(Hcpcs), full_book.component(RelativeValues)
    codes = [code for item in items() for code in (*item.codes, item.fitted) if code]
    codes += [
        code for row in rows("supplies/casts") for column, code in row.items() if column not in ("key", "made", "said")
    ]
    codes += [code for row in rows("supplies/screening") for code in (row["medicare"], row["others"]) if code]
    codes += [row["code"] for row in rows("supplies/blood")]
    for code in codes:
        assert hcpcs.code(code) if code[0].isalpha() else fees.value(code), code


def test_casts_go_by_material_and_age_as_the_release_says(full_book: CodeBook) -> None:
    hcpcs = full_book.component(Hcpcs)
    for row in rows("supplies/casts"):
        for column in ("plaster", "fiberglass", "plaster_child", "fiberglass_child"):
            entry = hcpcs.code(row[column])
            assert entry is not None
            assert column.split("_")[0] in entry.long, row
            assert ("0-10" in entry.long) is column.endswith("_child"), row
            assert row["made"].split()[-1] in entry.long


def test_blood_products_say_what_the_release_says(full_book: CodeBook) -> None:
    hcpcs = full_book.component(Hcpcs)
    marks = {"L": "leukocytes reduced", "I": "irradiated", "P": "pheresis", "C": "cmv-negative"}
    products = {name for name, _ in blood._PRODUCTS}
    for row in rows("supplies/blood"):
        entry = hcpcs.code(row["code"])
        assert entry is not None
        assert row["product"] in products
        if row["product"] in ("red", "platelets"):
            assert {m for m, words in marks.items() if words in entry.long.lower()} == set(row["all"]), row


def test_an_item_that_leaves_its_code_open_has_an_option_for_each() -> None:
    assert all(len(item.options) == len(item.codes) for item in items() if len(item.codes) > 1)
