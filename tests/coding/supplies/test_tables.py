"""The tables of the room: every pattern is one, every code is in the installed release, rules have cases."""

from __future__ import annotations

import re

from leadterm.codesets import CodeBook
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.codesets.payment.fees import RelativeValues
from leadterm.coding._tables import rows
from leadterm.coding.names import phrase
from leadterm.coding.supplies import blood
from leadterm.coding.supplies.catalog import families, names


def test_every_pattern_can_be_compiled() -> None:
    for table in ("casts", "screening"):
        for row in rows(f"supplies/{table}"):
            assert phrase(row["said"]).made.groups == 0, row
            re.compile(row.get("unless", ""))
            re.compile(row.get("needs", ""))
    assert all(p.made.groups == 0 for p in names().patterns)
    for family in families():
        re.compile(family.never)
        for kind in family.kinds:
            for one in (o for need in kind.needs for o in need):
                assert re.compile(one.lstrip("~^")).groups == 0, kind
            re.compile(kind.unless)
    for row in rows("supplies/places"):
        assert re.compile(row["said"]).groups == 0, row


def test_every_code_is_in_the_installed_lists(full_book: CodeBook) -> None:
    hcpcs, fees = full_book.component(Hcpcs), full_book.component(RelativeValues)
    kinds = [kind for family in families() for kind in family.kinds]
    codes = [code for k in kinds for code in (*re.split(r"[ /+]", k.codes), k.fitted) if code]
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
    several = [kind for family in families() for kind in family.kinds if " " in kind.codes]
    assert several
    assert all(len(kind.options) == len(kind.codes.split()) for kind in several)


def test_sizes_stand_as_the_release_has_them(full_book: CodeBook) -> None:
    hcpcs = full_book.component(Hcpcs)
    for kind in (k for family in families() for k in family.kinds if k.by in ("area", "cushion")):
        titles = [entry.long.lower() for code in kind.codes.split("/") if (entry := hcpcs.code(code))]
        marks = (
            ("16 sq. in. or less", "less than or equal to 48", "more than 48")
            if kind.by == "area"
            else ("less", "greater")
        )
        assert all(mark in title for mark, title in zip(marks, titles, strict=True)), kind
