"""The sums that CMS itself published as examples of its reductions, by a schedule that holds their amounts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.grouping.shelf import shelf as made

from leadterm.codesets import CodeBook
from leadterm.codesets.formats import fees
from leadterm.pricing import bill_of_codes, priced

from .shelf import schedule as written

# The factor is one: the values are the dollars of the examples. Parts of imaging and tests stand as practice expense.
AMOUNTS = """
45378 -  A 255.40 0  0 0 0 000 0 0 0 2 0 1 0 0 -     99 0 0
45380 -  A 285.98 0  0 0 0 000 0 0 0 3 0 1 0 0 45378 99 0 0
45385 -  A 374.56 0  0 0 0 000 0 0 0 3 0 1 0 0 45378 99 0 0
97110 -  A 7  10  10  1 7 XXX 0 0 0 5 0 0 0 0 -     99 0 0
97112 -  A 11 8   8   1 7 XXX 0 0 0 5 0 0 0 0 -     99 0 0
74177 -  A 0  544 544 0 1 XXX 0 0 0 4 0 0 0 0 -     88 0 0
74177 26 A 0  68  68  0 1 XXX 0 0 0 4 0 0 0 0 -     88 0 0
74177 TC A 0  476 476 0 1 XXX 0 0 0 4 0 0 0 0 -     88 0 0
71260 -  A 0  442 442 0 1 XXX 0 0 0 4 0 0 0 0 -     88 0 0
71260 26 A 0  102 102 0 1 XXX 0 0 0 4 0 0 0 0 -     88 0 0
71260 TC A 0  340 340 0 1 XXX 0 0 0 4 0 0 0 0 -     88 0 0
78452 -  A 0  504 504 0 1 XXX 0 0 0 6 0 0 0 0 -     99 0 0
78452 26 A 0  77  77  0 1 XXX 0 0 0 6 0 0 0 0 -     99 0 0
78452 TC A 0  427 427 0 1 XXX 0 0 0 6 0 0 0 0 -     99 0 0
93306 -  A 0  213 213 0 1 XXX 0 0 0 6 0 0 0 0 -     99 0 0
93306 26 A 0  65  65  0 1 XXX 0 0 0 6 0 0 0 0 -     99 0 0
93306 TC A 0  148 148 0 1 XXX 0 0 0 6 0 0 0 0 -     99 0 0
92235 -  A 0  138 138 0 1 XXX 0 0 0 7 2 0 0 0 -     99 0 0
92235 26 A 0  46  46  0 1 XXX 0 0 0 7 2 0 0 0 -     99 0 0
92235 TC A 0  92  92  0 1 XXX 0 0 0 7 2 0 0 0 -     99 0 0
92250 -  A 0  76  76  0 1 XXX 0 0 0 7 2 0 0 0 -     99 0 0
92250 26 A 0  23  23  0 1 XXX 0 0 0 7 2 0 0 0 -     99 0 0
92250 TC A 0  53  53  0 1 XXX 0 0 0 7 2 0 0 0 -     99 0 0
"""


@pytest.fixture(scope="module")
def examples(home: Path, book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    given = [(fees.FORMATS[0], "PPRRVU2026_Jan_nonQPP.csv", written("1.0000", AMOUNTS))]
    return made(home, tmp_path_factory.mktemp("published") / "home", given)


@pytest.mark.parametrize(
    ("bill", "total"),
    [
        # MCPM 12.40.6: 374.56 + (285.98 - 255.40)
        pytest.param("45380 45385", "405.14", id="endoscopies"),
        # MLN Matters MM8206: work 25, practice expense 10 + 50 % of 10 and of 8, malpractice 3
        pytest.param("97110x2 97112", "47.00", id="therapy"),
        # MLN Matters MM9647: professional 102 + 95 % of 68, technical 476 + 50 % of 340
        pytest.param("74177 71260", "812.60", id="imaging"),
        pytest.param("74177-26 71260-26", "166.60", id="imaging, professional"),
        pytest.param("74177-TC 71260-TC", "646.00", id="imaging, technical"),
        # MLN Matters MM7848: professional 142, technical 427 + 75 % of 148
        pytest.param("78452 93306", "680.00", id="cardiovascular"),
        # professional 69, technical 92 + 80 % of 53
        pytest.param("92235 92250", "203.40", id="ophthalmology"),
    ],
)
def test_the_published_example_comes_out(bill: str, total: str, examples: CodeBook) -> None:
    found = priced(bill_of_codes(bill.split(), date(2026, 2, 14), "11"), examples)
    assert str(found.total) == total
